"""What do the readers of metadata look at? A page with the verdicts on its blocks; each hands back what it found.

Nothing is decided here. Indexes are those of `page.blocks`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import unescape
from itertools import islice

from searcher.metadata.lines import LONGEST, Line, block
from searcher.model import Block, Claim, Page
from searcher.settings import Settings
from searcher.text import count

BEFORE, AFTER = 8, 12
"""How many blocks before and after the headline may hold its date line and byline."""

TAIL = 3
"""How many blocks at the end may hold them."""

LEADS, SHORTEST_LEAD, FEWEST_WORDS = 3, 60, 20
"""How many paragraphs are looked at for a dateline, and how many characters each has at least; or words, where a
character is one."""

OUTSIDE, CLOSE = "outside the article", 3
"""The verdict on what stands before and after the main part, and how many blocks before the headline it is read:
further away is the masthead with the day on which the page was saved."""

READ_ANYWAY = ("byline", "date line")
"""Verdicts of cleaning on blocks that are read for metadata wherever they stand."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the page itself cannot say: the archive's settings, the first folder under corpus/ that it lies in,
    the day its file came there (ISO), and the id it is to have."""

    settings: Settings = field(default_factory=Settings)
    folder: str | None = None
    ingested: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader of metadata saw: claims of the text, and the blocks that are no article text therefore."""

    claims: tuple[Claim, ...] = ()
    taken: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A page, the verdict on each of its blocks (None: kept), the context, and how sure each verdict is."""

    page: Page
    verdicts: tuple[str | None, ...]
    context: Context
    sure: tuple[float, ...] = ()

    @cached_property
    def anchor(self) -> int:
        """Where the headline is, or the article begins."""
        kept = [index for index, _ in self.kept()]
        first = kept[0] if kept else 0
        heads = [
            index for index, block in enumerate(self.page.blocks) if block.kind == "heading" and block.level == 1
        ]
        shown = [index for index in heads if self.is_seen(self.page.blocks[index])]
        before = [index for index in shown if index <= first]
        return before[-1] if before else next(iter(shown), first) if first - BEFORE <= 0 else first

    @cached_property
    def _all_hidden(self) -> bool:
        return all(block.hint == "hidden" for _, block in self.kept())

    def is_seen(self, block: Block) -> bool:
        """Whether a reader sees the block; where all of the text is hidden, a script will show it."""
        return block.hint != "hidden" or self._all_hidden

    def kept(self) -> Iterator[tuple[int, Block]]:
        """The blocks that are article text so far."""
        return ((i, block) for i, block in enumerate(self.page.blocks) if self.verdicts[i] is None)

    def cut(self, reason: str) -> Iterator[tuple[int, Block]]:
        """The blocks stripped for this reason."""
        return ((i, block) for i, block in enumerate(self.page.blocks) if self.verdicts[i] == reason)

    @cached_property
    def lines(self) -> Mapping[int, Line]:
        """What the short blocks around the headline and at the article's end say, by index."""
        found = {index: block(piece.text) for index, piece in self.near if len(piece.text) <= LONGEST}
        return {index: line for index, line in found.items() if line.whole or line.dates}

    @cached_property
    def near(self) -> tuple[tuple[int, Block], ...]:
        """The blocks around the headline and at the article's end that may hold a date line or a byline."""
        start, blocks = max(0, self.anchor - BEFORE), self.page.blocks
        tail = [index for index, _ in self.kept()][-TAIL:]
        places = sorted({*range(start, min(self.anchor + AFTER, len(blocks))), *tail})
        return tuple((index, blocks[index]) for index in places if self._may_say(index))

    def _may_say(self, index: int) -> bool:
        piece, verdict = self.page.blocks[index], self.verdicts[index]
        close = index >= self.anchor - CLOSE and verdict == OUTSIDE
        aside = index < self.anchor and verdict not in (None, *READ_ANYWAY) and not close
        return not aside and self.is_seen(piece) and piece.kind not in ("image", "code")

    @cached_property
    def leads(self) -> tuple[str, ...]:
        """The first paragraphs of the article, without lines that say only dates and names."""
        kept = (piece.text for index, piece in self.kept() if not (index in self.lines and self.lines[index].whole))
        return tuple(islice((text for text in kept if _is_long(text)), LEADS))

    @cached_property
    def text(self) -> str:
        """The kept text, a paragraph a line."""
        return "\n".join(piece.text for _, piece in self.kept())

    def claimed(self, name: str) -> list[Claim]:
        """The page's claims about one field."""
        claims = self.page.claimed(name)
        return [
            Claim(name, unescape(claim.value), claim.origin) if "&" in claim.value else claim for claim in claims
        ]


def _is_long(text: str) -> bool:
    return len(text) >= SHORTEST_LEAD or count(text) >= FEWEST_WORDS


@lru_cache(maxsize=1_000)
def key(text: str) -> str:
    """A text without case, spaces and punctuation: equal for repeats of one headline.

    >>> key("Talks «begin» in  Sochi.") == key("talks begin in Sochi")
    True
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _MARKS.sub("", plain.casefold())


_MARKS = re.compile(r"[\W_]+")
