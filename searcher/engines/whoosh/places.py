"""At which places of a text do words stand, in a row or near each other? Answered on arrays, without the text.

A place is [start, end), counted on through all documents of a segment (Segment.starts): comparing two numbers then
compares documents too. All arrays of places are sorted by start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from searcher.engines.whoosh.arrays import Array, ranges
from searcher.engines.whoosh.postings import Postings
from searcher.engines.whoosh.segments import Segment
from searcher.query.plan import Close, First, Near, Row, Spot

FEW = 16
"""Looking up one number among many costs as much as passing over so many."""


class Spots(NamedTuple):
    """Places: the document of each, its start and its end."""

    docs: Array
    starts: Array
    ends: Array

    def only(self, chosen: Array) -> Spots:
        """Those that are chosen, by a mask or by numbers."""
        return Spots(self.docs[chosen], self.starts[chosen], self.ends[chosen])


NONE = Spots(*(np.zeros(0, np.int64) for _ in range(3)))


def tallied(docs: Array) -> tuple[Array, Array]:
    """The different documents of a sorted array, and how often each stands there."""
    first = np.flatnonzero(np.append(True, docs[1:] != docs[:-1])) if len(docs) else np.zeros(0, np.int64)
    return docs[first], np.diff(np.append(first, len(docs)))


def row(segment: Segment, field: str, words: Sequence[str]) -> Spots:
    """Where these words of an index field stand in a row."""
    held = _together(segment, field, words)
    if not held:
        return NONE
    rarest = min(held, key=lambda word: len(held[word].starts))
    first = list(words).index(rarest)
    docs, starts = held[rarest].docs(), held[rarest].starts - first
    size = int(segment.starts(field)[-1]) + len(words)
    for at, word in enumerate(words):
        if at != first:
            here = _holds(held[word].starts, starts + at, size)
            docs, starts = docs[here], starts[here]
    return Spots(docs, starts, starts + len(words))


def _holds(numbers: Array, wanted: Array, size: int) -> Array:
    """Which of the wanted numbers, from -1 to below `size`, are among the sorted `numbers`."""
    if len(wanted) * FEW < len(numbers):
        at = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
        found: Array = numbers[at] == wanted
        return found
    marked = np.zeros(size + 1, bool)
    marked[numbers] = True
    return marked[wanted]


class _Word(NamedTuple):
    """The places of a word: some documents, how many places each has, and where they start."""

    having: Array
    often: Array
    starts: Array

    def docs(self) -> Array:
        """The document of each place."""
        return np.repeat(self.having, self.often)


def _together(segment: Segment, field: str, words: Sequence[str]) -> dict[str, _Word]:
    """The places of each different word, at least in the documents that have them all; empty if there are none."""
    postings = segment.postings(field)
    if postings is None:
        return {}
    numbers = {word: postings.find(word) for word in words}
    if not numbers or min(numbers.values()) < 0:
        return {}
    by_size = sorted(set(numbers.values()), key=lambda number: int(postings.counts[number]))
    docs = postings.docs[postings.run(by_size[0])]
    for number in by_size[1:]:
        docs = docs[_among(postings.docs[postings.run(number)], docs, segment.docs)]
    if not len(docs):
        return {}
    return {word: _places(segment, postings, number, docs) for word, number in numbers.items()}


def _among(run: Array, docs: Array, size: int) -> Array:
    """Which of the documents are in the run; both rise."""
    if len(docs) * FEW < len(run):
        at = np.minimum(np.searchsorted(run, docs), len(run) - 1)
        found: Array = run[at] == docs
        return found
    marked = np.zeros(size, bool)
    marked[run] = True
    return marked[docs]


def _places(segment: Segment, postings: Postings, number: int, docs: Array) -> _Word:
    """The places of a word in these documents, which all have it, or in all if those are not many more."""
    having, places = postings.docs[postings.run(number)], postings.places_of(number)
    assert postings.often is not None
    often = postings.often[postings.run(number)]
    if len(docs) * 2 < len(having):
        at = np.searchsorted(having, docs)
        begin = np.cumsum(often, dtype=np.int64)[at] - often[at]
        having, often = docs, often[at]
        places = places[ranges(begin, often)]
    return _Word(having, often, np.repeat(segment.starts(postings.name)[having], often) + places)


def spots(segment: Segment, spot: Spot) -> Spots:
    """The places that a spot describes."""
    found = _any(segment, spot.rows)
    for condition in spot.where:
        if not len(found.starts):
            return found
        if isinstance(condition, First):
            begin = segment.starts(spot.rows[0].field)[found.docs]
            found = found.only(found.ends - begin <= condition.words)
        else:
            found = found.only(_near(segment, found, condition) != condition.negated)
    return found


def _any(segment: Segment, rows: Sequence[Row]) -> Spots:
    """The places of all rows, each place once."""
    parts = [row(segment, one.field, one.texts) for one in dict.fromkeys(rows)]
    if len(parts) == 1:
        return parts[0]
    joined = Spots(*(np.concatenate(part) for part in zip(*parts, strict=True))) if parts else NONE
    order = np.lexsort((joined.ends, joined.starts))
    joined = joined.only(order)
    new = np.ones(len(order), bool)
    new[1:] = (np.diff(joined.starts) != 0) | (np.diff(joined.ends) != 0)
    return joined.only(new)


def _near(segment: Segment, places: Spots, near: Near) -> Array:
    """For each place whether another one of `near` is near it."""
    others = spots(segment, near.spot)
    found = np.zeros(len(places.starts), bool)
    if not len(others.starts):
        return found
    if near.order != "before":
        found |= _follows(segment, places, others, near)
    if near.order != "after":
        found |= _precedes(segment, places, others, near)
    return found


def _follows(segment: Segment, places: Spots, others: Spots, near: Near) -> Array:
    """The nearest place behind is that which starts first, of those that start at the end or later."""
    at = np.searchsorted(others.starts, places.ends)
    exists = at < len(others.starts)
    at = np.minimum(at, len(others.starts) - 1)
    same: Array = exists & (others.docs[at] == places.docs)
    if isinstance(near.within, int):
        return same & (others.starts[at] - places.ends <= near.within)
    return same & _same_unit(segment, near, others.starts[at], places.starts)


def _precedes(segment: Segment, places: Spots, others: Spots, near: Near) -> Array:
    """Of the places that end in time the one ending last is nearest; the last start is in the last unit."""
    order = np.argsort(others.ends, kind="stable")
    ends, starts = others.ends[order], np.maximum.accumulate(others.starts[order])
    at = np.searchsorted(ends, places.starts, "right") - 1
    exists, at = at >= 0, np.maximum(at, 0)
    same: Array = exists & (others.docs[order][at] == places.docs)
    if isinstance(near.within, int):
        return same & (places.starts - ends[at] <= near.within)
    return same & _same_unit(segment, near, starts[at], places.starts)


def _same_unit(segment: Segment, near: Near, one: Array, other: Array) -> Array:
    units = segment.units(near.spot.rows[0].field, f"{near.within}s")
    same: Array = np.searchsorted(units, one, "right") == np.searchsorted(units, other, "right")
    return same


def close(segment: Segment, plan: Close) -> Array:
    """The document of every place from which on the words stand together closely enough, sorted."""
    held = _together(segment, plan.field, plan.texts)
    if not held:
        return NONE.docs
    starts = np.concatenate([word.starts for word in held.values()])
    order = np.argsort(starts, kind="stable")
    starts, docs = starts[order], np.concatenate([word.docs() for word in held.values()])[order]
    after = segment.starts(plan.field)[docs.astype(np.int64) + 1]
    last = starts
    for text, times in Counter(plan.texts).items():
        word = held[text].starts
        at = np.searchsorted(word, starts) + times - 1
        last = np.maximum(last, np.where(at < len(word), word[np.minimum(at, len(word) - 1)], after))
    together: Array = (last < after) & (last - starts + 1 - len(plan.texts) <= plan.slack)
    return docs[together]
