"""At which places of an article do the parts of a plan stand? The definition: engines and snippets follow it.

A place is [start, end) in positions of a field. `Texts` are the words of the fields of one article, by field.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from searcher.model import Span
from searcher.query.plan import ANY, EXACT, STEM, Close, First, Near, Places, Spot, base
from searcher.text import Words

Texts: TypeAlias = Mapping[str, Words]

_NONE = Words(())


def tokens(texts: Texts, name: str) -> Sequence[str]:
    """The words of an index field by position: surfaces, stems, or words as they are written."""
    words = texts.get(base(name), _NONE)
    if name.endswith(STEM):
        return words.stems
    return written(words) if name.endswith(EXACT) else words.surfaces


def written(words: Words) -> list[str]:
    """How each word is written, also where that is its surface."""
    forms = words.written or [""] * len(words.surfaces)
    pairs = zip(words.surfaces, forms, strict=True)
    return [form or (surface and f"{surface}/{surface}") for surface, form in pairs]


def standing(words: Sequence[str], row: Sequence[str]) -> list[Span]:
    """Where the words of `row`, which begins and ends with a word, stand in a row; ANY is any position."""
    found, at, width = [], -1, len(row)
    try:
        while True:
            at = words.index(row[0], at + 1)
            if _fits(words[at : at + width], row):
                found.append((at, at + width))
    except ValueError:
        return found


def _fits(words: Sequence[str], row: Sequence[str]) -> bool:
    if ANY not in row:
        return list(words) == list(row)
    pairs = zip(words, row, strict=False)
    return len(words) == len(row) and all(other in (one, ANY) for one, other in pairs)


def together(words: Sequence[str], texts: Sequence[str], slack: int) -> list[Span]:
    """The stretches, from each word of `texts` on, of as many positions as are allowed, that hold all `texts`.

    The shortest such stretch is short enough if, and only if, the longest allowed holds them all.
    """
    wanted, longest = Counter(texts), len(texts) + slack
    starts = [at for at, word in enumerate(words) if word in wanted]
    return [(at, at + longest) for at in starts if wanted <= Counter(words[at : at + longest])]


def places(spot: Spot, texts: Texts) -> list[Span]:
    """The places of a spot, each once, in order."""
    found = sorted({place for row in spot.rows for place in standing(tokens(texts, row.field), row.texts)})
    for condition in spot.where:
        if isinstance(condition, First):
            found = [place for place in found if place[1] <= condition.words]
        elif found:
            others = _Others(condition, spot.field, texts)
            found = [place for place in found if condition.negated != any(True for _ in others.near(place))]
    return found


def all_places(plan: Places, texts: Texts) -> set[tuple[str, Span]]:
    """The places of all spots, each once, with their fields."""
    return {(spot.field, place) for spot in plan.spots for place in places(spot, texts)}


def partners(condition: Near, some: Sequence[Span], field: str, texts: Texts) -> Iterator[tuple[Spot, list[Span]]]:
    """The places that are near one of these places as the condition asks, by spot."""
    for spot in condition.spots:
        others = _Others(replace(condition, spots=(spot,)), field, texts)
        if found := sorted({other for place in some for other in others.near(place)}):
            yield spot, found


class _Others:
    """The places that a condition asks for; near() looks only at those that lie where they may be near."""

    def __init__(self, condition: Near, field: str, texts: Texts) -> None:
        self._condition = condition
        self._places = sorted({place for spot in condition.spots for place in places(spot, texts)})
        self._starts = [start for start, _ in self._places]
        self._longest = max((end - start for start, end in self._places), default=0)
        words = texts.get(field, _NONE)
        self._units = words.sentences if condition.within == "sentence" else words.paragraphs

    def near(self, place: Span) -> Iterator[Span]:
        """Those that are near this place: they do not overlap it, and are on the side that is asked for."""
        first, last = self._stretch(place)
        low, high = bisect_left(self._starts, first), bisect_right(self._starts, last)
        order = self._condition.order
        for other in self._places[low:high]:
            before, after = other[1] <= place[0], place[1] <= other[0]
            if (before and order != "after") or (after and order != "before"):
                yield from [other] if self._within(place, other) else []

    def _stretch(self, place: Span) -> Span:
        """Where a place that is near may start."""
        within = self._condition.within
        if isinstance(within, int):
            return place[0] - within - self._longest, place[1] + within
        unit = bisect_right(self._units, place[0])
        after = self._units[unit] - 1 if unit < len(self._units) else max(self._starts, default=0)
        return (self._units[unit - 1] if unit else 0), after

    def _within(self, place: Span, other: Span) -> bool:
        within = self._condition.within
        if isinstance(within, int):
            return max(other[0] - place[1], place[0] - other[1]) <= within
        return bisect_right(self._units, place[0]) == bisect_right(self._units, other[0])


def near_together(plan: Close, texts: Texts) -> list[Span]:
    """The stretches of a field in which the words of the plan stand together."""
    return together(tokens(texts, plan.field), plan.texts, plan.slack)
