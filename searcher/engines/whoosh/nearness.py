"""Which places hold what is asked of them: another one near, in this order, in the same sentence, early enough?

All is numbers that are counted on through the documents of a segment, as in `places`.
"""

from __future__ import annotations

import numpy as np

from searcher.engines.whoosh.arrays import Array
from searcher.engines.whoosh.places import NONE, Spots, common, joined, row
from searcher.engines.whoosh.segments import Segment
from searcher.query.plan import ANY, First, Near, Spot


def spots(segment: Segment, spot: Spot) -> Spots:
    """The places that a spot describes."""
    return _Finding(segment, spot).found(spot)


class _Finding:
    """The places of one spot, and of what must be near it. What a chain of nearness shares is looked for once.

    Parts of a plan are known by identity: it must live as long as this.
    """

    def __init__(self, segment: Segment, spot: Spot) -> None:
        self._segment = segment
        self._found: dict[tuple[int, ...], Spots] = {}
        self._masks: dict[int, Array] = {}
        nearness = any(isinstance(condition, Near) for condition in spot.where)
        self._among = self._having(spot) if nearness else None  # the documents that are looked at

    def _having(self, spot: Spot) -> Array:
        """A mask of the documents that may have a place of the spot: they have its words, and those near it."""
        mask = np.zeros(self._segment.docs, bool)
        for words in dict.fromkeys(spot.rows):
            runs = [self._segment.run(words.field, word) for word in words.texts if word != ANY]
            held = [run for run in runs if run]
            if len(held) == len(runs):
                mask[common(self._segment, held)] = True
        for condition in spot.where:
            if isinstance(condition, Near) and not condition.negated:
                mask &= self._any(condition.spots)
        return mask

    def _any(self, several: tuple[Spot, ...]) -> Array:
        if id(several) not in self._masks:
            masks = [self._having(spot) for spot in several]
            self._masks[id(several)] = np.logical_or.reduce(masks)
        return self._masks[id(several)]

    def found(self, spot: Spot) -> Spots:
        """The places of a spot, at least in the documents that are looked at."""
        key: tuple[int, ...] = (id(spot.rows),)
        if key not in self._found:
            rows = dict.fromkeys(spot.rows)
            parts = [row(self._segment, one.field, one.texts, self._among) for one in rows]
            self._found[key] = joined(parts, self._segment.starts(spot.field)) if parts else NONE
        for condition in spot.where:
            before, key = self._found[key], (*key, id(condition))
            if key not in self._found:
                self._found[key] = before.only(self._holds(before, condition, spot.field))
        return self._found[key]

    def _holds(self, places: Spots, condition: Near | First, field: str) -> Array:
        """For each place whether the condition holds."""
        if isinstance(condition, First):
            begin = self._segment.starts(field)[places.docs]
            in_time: Array = places.ends - begin <= condition.words
            return in_time
        if not len(places.starts):
            return np.zeros(0, bool)
        others = joined(map(self.found, condition.spots), self._segment.starts(field))
        near = _near(self._segment, field, places, others, condition)
        return ~near if condition.negated else near


def _near(segment: Segment, field: str, places: Spots, others: Spots, near: Near) -> Array:
    """For each place whether one of the others is near it."""
    found = np.zeros(len(places.starts), bool)
    if not len(others.starts):
        return found
    if near.order != "before":
        found |= _follows(segment, field, places, others, near)
    if near.order != "after":
        found |= _precedes(segment, field, places, others, near)
    return found


def _follows(segment: Segment, field: str, places: Spots, others: Spots, near: Near) -> Array:
    """The nearest place behind is that which starts first, of those that start at the end or later."""
    at = np.searchsorted(others.starts, places.ends)
    exists = at < len(others.starts)
    at = np.minimum(at, len(others.starts) - 1)
    same: Array = exists & (others.docs[at] == places.docs)
    if isinstance(near.within, int):
        return same & (others.starts[at] - places.ends <= near.within)
    return same & _same_unit(segment, field, near, others.starts[at], places.starts)


def _precedes(segment: Segment, field: str, places: Spots, others: Spots, near: Near) -> Array:
    """Of the places that end in time the one ending last is nearest; the last start is in the last unit."""
    order = np.argsort(others.ends, kind="stable")
    ends, starts = others.ends[order], np.maximum.accumulate(others.starts[order])
    at = np.searchsorted(ends, places.starts, "right") - 1
    exists, at = at >= 0, np.maximum(at, 0)
    same: Array = exists & (others.docs[order][at] == places.docs)
    if isinstance(near.within, int):
        return same & (places.starts - ends[at] <= near.within)
    return same & _same_unit(segment, field, near, starts[at], places.starts)


def _same_unit(segment: Segment, field: str, near: Near, one: Array, other: Array) -> Array:
    units = segment.units(field, f"{near.within}s")
    same: Array = np.searchsorted(units, one, "right") == np.searchsorted(units, other, "right")
    return same
