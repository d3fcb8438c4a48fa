"""Which documents may have the places that are asked for, and where do they begin with their positions in one row?

Behind each is a gap that no row of words reaches across, and no number of words that may lie between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from searcher.engines.whoosh.arrays import Array, lengths, offsets, ranges
from searcher.engines.whoosh.places import common, held
from searcher.engines.whoosh.postings import Run
from searcher.engines.whoosh.segments import Segment
from searcher.errors import IndexDamaged
from searcher.query.plan import ANY, Near, Row, Spot

FAR = 64
"""Farther off nothing is looked for by shifting marks: the gaps between documents would have to be as long."""

LONGEST = 1 << 27
"""More positions than any article has."""


class Having:
    """Which documents may have a place of a spot: they have its words, and those near it."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._masks: dict[int, Array] = {}  # parts of a plan are known by identity: it lives as long as this

    def docs(self, spot: Spot) -> Array:
        mask = np.zeros(self._segment.docs, bool)
        for words in dict.fromkeys(spot.rows):
            runs = [self._segment.runs(words.field, word) for word in words.texts if word != ANY]
            if runs and all(runs):
                mask[common(self._segment, runs)] = True
        for condition in spot.where:
            if isinstance(condition, Near) and not condition.negated:
                mask &= self._any(condition.spots)
        return mask

    def _any(self, several: tuple[Spot, ...]) -> Array:
        if id(several) not in self._masks:
            self._masks[id(several)] = np.logical_or.reduce([self.docs(spot) for spot in several])
        return self._masks[id(several)]


class Layout:
    """Some documents, and where the positions of each begin in the row of all."""

    def __init__(self, segment: Segment, spots: Sequence[Spot], docs: Array) -> None:
        self.segment = segment
        self.docs = docs
        self.field = next(spot.field for spot in spots if spot.field)
        self.extents = segment.extents(self.field)[docs].astype(np.int64)
        longest = int(self.extents.max())
        self.most = np.min_scalar_type(longest)  # that holds how many places of one width a document has
        if longest > LONGEST:  # which would take any amount of memory
            raise IndexDamaged(f"damaged: {segment.arrays.name}: {self.field}/extent")
        self.rows = list(dict.fromkeys(row for spot in spots for row in _rows(spot)))
        widest = max(len(row.texts) for row in self.rows)
        reaches = (within for spot in spots for within in _reaches(spot) if within <= FAR)
        self.gap = widest + max(reaches, default=0)
        self.starts = offsets(self.extents + self.gap)

    def units(self, unit: str) -> Array:
        """Where the sentences, or paragraphs, begin in the row; without any a document is one."""
        found = self.segment.units(self.field, f"{unit}s")
        if found is None:
            return self.starts[:-1]
        flat, at = found
        counts = lengths(at)[self.docs]
        return self.starts[:-1].repeat(counts) + flat[ranges(at[self.docs], counts)]

    def words(self, among: Array) -> Iterator[tuple[tuple[str, str], Run]]:
        """The places of every word that is asked for, form by form, in the documents of the layout by number."""
        numbers = np.cumsum(among) - 1
        for field, word in dict.fromkeys((row.field, word) for row in self.rows for word in row.texts):
            for run in self.segment.runs(field, word) if word != ANY else ():
                name = f"{self.segment.arrays.name}: {field}"
                found = held(name, run, among)
                yield (field, word), found._replace(docs=numbers[found.docs])


def _rows(spot: Spot) -> Iterator[Row]:
    """All rows of a spot and of what must be near it."""
    yield from spot.rows
    for condition in spot.where:
        if isinstance(condition, Near):
            for other in condition.spots:
                yield from _rows(other)


def _reaches(spot: Spot) -> Iterator[int]:
    """How many positions may lie between two places."""
    for condition in spot.where:
        if isinstance(condition, Near):
            if isinstance(condition.within, int):
                yield condition.within
            for other in condition.spots:
                yield from _reaches(other)
