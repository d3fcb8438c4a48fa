"""Is a page no article but a refusal? "Page not found", "Access denied", "Just a moment", a wall of consent.

By what its titles are, word for word, and by sentences that hold what such pages say, in many languages:
data/kinds.toml. A text of its own makes an article of it, whatever it is headed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from searcher.cleaning.lexicon import folded
from searcher.cleaning.shape import Shape
from searcher.model import Page
from searcher.tables import any_of, table

OWN, PER_WORD = 15, 2
"""How many words of its own a page with such a title may have, and how many more for each word of a refusal."""

BARE = 12
"""A page with such a title and no more words than these says enough."""

LONG, DENSE = 60, 25
"""A block of more words is no refusal; and one phrase is needed for each DENSE words of it."""

UNTITLED, SHARE = 90, 0.8
"""Without such a title: how many words a page may have, and how much must be a refusal's, in two phrases."""

LARGEST = 400
"""How many words a page with such a title may have in all."""

SITE = 5
"""How many words the name of a site may have, beside a title."""

LONGEST_TITLE = 160
"""Characters of a title that is looked at."""

_PARTED = re.compile(r"\s+[|•·»›—–:-]+\s+|\s*[|｜_]\s*|\s*::\s*")


def said(page: Page, shapes: Sequence[Shape], verdicts: Sequence[str | None]) -> str:
    """What a page says that is a refusal: its title, or its first line; "" for any other page.

    A page that claims a day of its own is one only if it has no text of its own at all.
    """
    kept = [shape for shape, verdict in zip(shapes, verdicts, strict=True) if verdict is None and shape.text]
    text = [shape for shape in kept if shape.block.kind not in ("heading", "image")]
    own = 0
    for size in (shape.size for shape in text if shape.links <= 0.5):
        own += size
        if own > LARGEST:  # as most articles have
            return ""
    title = max(map(_refusal, _titles(page, kept)), key=len, default="")
    if own > UNTITLED and not title:
        return ""
    phrases = [_phrases(shape) for shape in text]
    refused = sum(shape.size for shape, found in zip(text, phrases, strict=True) if found and shape.links <= 0.5)
    own -= refused
    if any(claim.origin != "time" for claim in page.claimed("date")):
        return title if refused and not own else ""
    if title:
        return title if own <= OWN + PER_WORD * refused and (refused or own <= BARE) else ""
    telling = len(set[str]().union(*phrases)) > 1 and refused >= SHARE * (refused + own)
    return next(shape.text for shape, found in zip(text, phrases, strict=True) if found)[:120] if telling else ""


def _titles(page: Page, kept: Sequence[Shape]) -> Iterator[str]:
    """The titles that a page claims or shows, the shown ones first."""
    yield from (block.text for block in page.blocks if block.kind == "heading" and 0 < block.level <= 2)
    yield from (claim.value for claim in page.claimed("title"))
    if kept and not any(block.zone for block in page.blocks):
        yield kept[0].text  # a text has no other headings


def _refusal(title: str) -> str:
    """The title, or its part beside the name of a site, if that is one of the known ones; else ""."""
    if len(title) > LONGEST_TITLE:
        return ""
    whole, starts = _known()
    if folded(title) in whole or folded(title).startswith(starts):
        return title
    parts = [part for part in _PARTED.split(title) if folded(part)]
    known = [part for part in parts if folded(part) in whole]
    return " - ".join(known) if all(part in known or len(part.split()) <= SITE for part in parts) else ""


@cache
def _known() -> tuple[frozenset[str], tuple[str, ...]]:
    """The titles, and the beginnings of those with a star."""
    titles = table("searcher.cleaning", "kinds")["titles"]["error"]
    whole = frozenset(folded(title) for title in titles if not title.endswith("*"))
    return whole, tuple(title[:-1] for title in titles if title.endswith("*"))


def _phrases(shape: Shape) -> set[str]:
    """What a block holds that refusals say, if that is dense enough."""
    if shape.size > LONG:
        return set()
    found = set(_phrase().findall(folded(shape.text)))
    return found if len(found) * DENSE >= shape.size else set()


@cache
def _phrase() -> re.Pattern[str]:
    return re.compile(any_of(map(folded, table("searcher.cleaning", "kinds")["lines"]["error"])))
