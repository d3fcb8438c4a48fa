"""Where on its page does a block stand? The tree of tags, classes and ids around the blocks, with their weights.

A name like "sidebar" condemns what is in it, unless half of the page's sentences are: then it says how the page
is laid out and nothing of the block. The *main* part is the deepest place that holds most of the sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from searcher.tables import table

TOO_MUCH = 0.4
"""A place with more than this share of the page's running text is no furniture, whatever it is called."""

TEXT = frozenset("p li ul ol dl dt dd blockquote pre span a em strong b i font h1 h2 h3 h4 h5 h6 figure".split())
"""Tags of text, which no part of a page is made of."""

_PARTS = re.compile(r"[^-_:/.\[\]()@]+")

MOST_PARTS = 4
"""A name of more parts is the slug of a headline."""

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
        whole.update((word, reason) for word in (*row.get("whole", ()), *row.get("always", ())))
        if forms := "|".join(row.get("glued", ())):
            glued.append(f"(?P<r{number}>{forms})")
    return parts, whole, re.compile("|".join(glued))


@cache
def _always() -> frozenset[str]:
    """Names that condemn what is in them even if half of the page is."""
    return frozenset(word for row in table("searcher.cleaning", "zones").values() for word in row.get("always", ()))


@lru_cache(maxsize=50_000)
def named(token: str) -> str | None:
    """What a tag, class, id or role says of what is in it; None if it says nothing.

    >>> named("post-comments"), named("article-body"), named("wp-block-image")
    ('comments', None, None)
    """
    parts, whole, glued = _rules()
    if token in whole:
        return whole[token]
    if _LAYOUT.match(token):
        return None
    token = token.partition("--")[0]
    found = _PARTS.findall(token)
    if len(found) > MOST_PARTS:
        return None
    if reason := next((parts[part] for part in found if part in parts), None):
        return reason
    if match := glued.search(token):
        return list(table("searcher.cleaning", "zones"))[int(str(match.lastgroup)[1:])]
    return None


class Places:
    """The tree of the places of a page's blocks: a place is a beginning of a zone. Places are numbered from 1 on, a
    place after the one around it; 0 is the whole page. `leaves` are where the blocks stand."""

    def __init__(self, zones: Sequence[tuple[str, ...]], weights: Sequence[int]) -> None:
        self._names = [""]
        self._parents = [0]
        self.leaves = self._grow(zones)
        self._weights = self._weigh(weights)
        self._furniture = self._judge(sum(weights) * TOO_MUCH)

    def _grow(self, zones: Sequence[tuple[str, ...]]) -> list[int]:
        known: dict[tuple[int, str], int] = {}
        leaves: list[int] = []
        before: tuple[str, ...] = ()
        path: list[int] = [0]
        for zone in zones:
            same = _shared(before, zone)
            del path[same + 1 :]
            for name in zone[same:]:
                path.append(self._place(known, path[-1], name))
            before = zone
            leaves.append(path[-1])
        return leaves

    def _place(self, known: dict[tuple[int, str], int], parent: int, name: str) -> int:
        place = known.get((parent, name))
        if place is None:
            place = known[parent, name] = len(self._names)
            self._names.append(name)
            self._parents.append(parent)
        return place

    def _weigh(self, weights: Sequence[int]) -> list[int]:
        """The weight in each place: what stands right in it, and what the places in it hold."""
        sums = [0] * len(self._names)
        for leaf, weight in zip(self.leaves, weights, strict=True):
            sums[leaf] += weight
        for place in range(len(sums) - 1, 0, -1):
            sums[self._parents[place]] += sums[place]
        return sums

    def _judge(self, limit: float) -> list[str | None]:
        """Why each place is furniture, by the outermost name that says so."""
        reasons: list[str | None] = [None]
        for place in range(1, len(self._names)):
            reason = reasons[self._parents[place]]
            if reason is None:
                name = self._names[place]
                reason = named(name)
                if reason is not None and self._weights[place] > limit and name not in _always():
                    reason = None
            reasons.append(reason)
        return reasons

    def furniture(self, block: int) -> str | None:
        """Why the place of a block is furniture; None if it is not."""
        return self._furniture[self.leaves[block]]

    def inside_main(self, weights: Sequence[int], share: float) -> list[bool]:
        """For each block, whether it stands in the main part: the deepest place with at least `share` of these
        weights, the whole page if no place has it."""
        sums = self._weigh(weights)
        enough = sum(weights) * share
        main = max((place for place in self._containers() if sums[place] and sums[place] >= enough), default=0)
        inside = [main == 0]
        for place in range(1, len(sums)):
            inside.append(place == main or inside[self._parents[place]])
        return [inside[leaf] for leaf in self.leaves]

    def _containers(self) -> list[int]:
        """The places that are no text themselves: all paragraphs of one parent are one place, named "p"."""
        text = [False]
        for place in range(1, len(self._names)):
            text.append(text[self._parents[place]] or self._names[place] in TEXT)
        return [place for place, is_text in enumerate(text) if not is_text]


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many names two zones begin with in common."""
    count = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        count += 1
    return count
