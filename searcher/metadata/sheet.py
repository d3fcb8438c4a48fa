"""What do the readers of metadata look at? A page with the verdicts on its blocks; each hands back what it found.

Nothing is decided here. Indexes are those of `page.blocks`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from searcher.model import Block, Claim, Page
from searcher.settings import Settings

BEFORE, AFTER = 8, 12
"""How many blocks before and after the headline may hold its date line and byline."""


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
    """A page, the verdict on each of its blocks (None: kept), and the context."""

    page: Page
    verdicts: tuple[str | None, ...]
    context: Context

    @cached_property
    def anchor(self) -> int:
        """Where the headline is, or the article begins."""
        kept = [index for index, _ in self.kept()]
        first = kept[0] if kept else 0
        heads = [index for index, block in enumerate(self.page.blocks) if block.kind == "heading" and block.level == 1]
        shown = [index for index in heads if self.page.blocks[index].hint != "hidden"]
        before = [index for index in shown if index <= first]
        return before[-1] if before else next(iter(shown), first) if first - BEFORE <= 0 else first

    def kept(self) -> Iterator[tuple[int, Block]]:
        """The blocks that are article text so far."""
        return ((i, block) for i, block in enumerate(self.page.blocks) if self.verdicts[i] is None)

    def cut(self, reason: str) -> Iterator[tuple[int, Block]]:
        """The blocks stripped for this reason."""
        return ((i, block) for i, block in enumerate(self.page.blocks) if self.verdicts[i] == reason)

    def top(self) -> Iterator[tuple[int, Block]]:
        """The blocks around the headline, kept or not, that a reader of the page sees."""
        start = max(0, self.anchor - BEFORE)
        near = enumerate(self.page.blocks[start : self.anchor + AFTER], start)
        return ((i, block) for i, block in near if block.hint != "hidden" and block.kind not in ("image", "code"))

    def claimed(self, name: str) -> list[Claim]:
        """The page's claims about one field."""
        return self.page.claimed(name)


def key(text: str) -> str:
    """A text without case, spaces and punctuation: equal for repeats of one headline.

    >>> key("Talks «begin» in  Sochi.") == key("talks begin in Sochi")
    True
    """
    return "".join(ch for ch in unicodedata.normalize("NFKC", text).casefold() if ch.isalnum())
