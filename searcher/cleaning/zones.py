"""What does the name of a place say of the text in it: a tag, a class, an id, a role?

By a table of words, what it is if it is not the article; by log odds that were learned, how likely it is to be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from searcher.cleaning.places import Names, Worth
from searcher.tables import table

_PIECES = re.compile(r"[^-_:/.\[\]()@]+")
_PARTS = re.compile(r"[^\W\d_]{2,}")

MOST_PIECES, MOST_PARTS = 4, 6
"""A name of more is the slug of a headline."""

LONGEST = 100
"""Characters; a longer name says nothing, and is not kept."""

# "has-sidebar", "no-comments": how the page is laid out.
_LAYOUT = re.compile(
    r"(?:has|no|with|without|is|not|hide|show|open|enable|disable|single|page|body|template)(?:[-_]|$)|has(?=sidebar)"
)


@cache
def _rules() -> tuple[Mapping[str, str], Mapping[str, str], re.Pattern[str]]:
    """Parts of names → reasons, whole names → reasons, and what parts may begin or end with."""
    parts: dict[str, str] = {}
    whole: dict[str, str] = {}
    glued: list[str] = []
    for number, (reason, row) in enumerate(table("searcher.cleaning", "zones").items()):
        parts.update((word, reason) for word in row.get("words", ()))
        whole.update((word, reason) for word in row.get("whole", ()))
        if forms := "|".join(row.get("glued", ())):
            glued.append(f"(?P<r{number}>{forms})")
    return parts, whole, re.compile("|".join(glued))


@cache
def walls() -> frozenset[str]:
    """The names of what asks for consent and can lie over all of a page."""
    return frozenset(table("searcher.cleaning", "zones")["cookie notice"]["walls"])


def named(token: str) -> str | None:
    """What a tag, class, id or role says of what is in it; None if it says nothing.

    >>> named("post-comments"), named("article-body"), named("paragraph--type--newsletter")
    ('comments', None, 'newsletter')
    """
    parts, whole, glued = _rules()
    if token in whole:
        return whole[token]
    if _LAYOUT.match(token):
        return None
    token = token.rpartition("--type--")[2].partition("--")[0]
    found = _PIECES.findall(token)
    if len(found) > MOST_PIECES:
        return None
    if reason := next((parts[part] for part in found if part in parts), None):
        return reason
    if match := glued.search(token):
        return list(table("searcher.cleaning", "zones"))[int(str(match.lastgroup)[1:])]
    return None


def parts(name: str) -> tuple[str, ...]:
    """The words that a class or an id is made of.

    >>> parts("post-comments2"), parts("a-b")
    (('post', 'comments'), ())
    """
    found = _PARTS.findall(name)
    return tuple(dict.fromkeys(found)) if len(found) <= MOST_PARTS else ()


class Telling(dict[str, tuple[float, str | None]]):
    """A name → what it is worth by these log odds, by its own or those of its most telling part, and what it says.
    Bounded."""

    LIMIT = 100_000

    def __init__(self, odds: Mapping[str, float]) -> None:
        super().__init__()
        self._odds = odds

    def __missing__(self, name: str) -> tuple[float, str | None]:
        odds = self._odds
        by_parts = (odds[part] for part in parts(name) if part in odds)
        own = odds[name] if name in odds else max(by_parts, key=abs, default=0.0)
        if len(self) >= self.LIMIT:
            self.clear()
        return self.setdefault(name, (own, named(name)))


def worth(names: Names, telling: Telling) -> Worth:
    """What the names of an element are worth."""
    told = [telling[name] for name in names if len(name) <= LONGEST]
    own = [odds for odds, _ in told]
    reason = next((reason for _, reason in told if reason), None)
    return Worth(min(0.0, *own), max(0.0, *own), sum(own), reason)
