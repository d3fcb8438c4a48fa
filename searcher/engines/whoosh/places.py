"""At which places of a text do words stand, in a row or near each other? Answered on arrays, without the text.

A place is [start, end), counted on through all documents of a segment (Segment.starts): comparing two numbers then
compares documents too. All arrays of places are sorted by start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from searcher.engines.whoosh.arrays import Array, offsets, ranges
from searcher.engines.whoosh.postings import Run
from searcher.engines.whoosh.segments import Segment
from searcher.errors import IndexDamaged
from searcher.query.plan import ANY, Close

STRETCH = 1 << 18
"""How many positions of the documents are looked at at once where many of them count."""

SHORT = 1000
"""Up to how many numbers it does not pay to choose among them first."""

SPARSE = 128
"""Where numbers lie farther apart than this, marking them touches more memory than looking them up does."""

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
    new = np.ones(len(docs) + 1, bool)
    np.not_equal(docs[1:], docs[:-1], out=new[1:-1])
    first = new.nonzero()[0] if len(docs) else np.zeros(1, np.int64)
    return docs[first[:-1]], first[1:] - first[:-1]


def row(segment: Segment, field: str, words: Sequence[str], among: Array | None = None) -> Spots:
    """Where these words of an index field stand in a row, at least in the documents `among`: a mask."""
    held, starts = _together(segment, field, words, among), segment.starts(field)
    found = [_row(block, starts, words) for block in _blocks(held, starts)]
    return Spots(*(np.concatenate(parts) for parts in zip(NONE, *found, strict=True)))


def _row(held: Mapping[str, _Word], starts: Array, words: Sequence[str]) -> Spots:
    rarest = min(held, key=lambda word: len(held[word].places))
    first = list(words).index(rarest)
    docs, found = held[rarest].docs(), held[rarest].starts(starts) - first
    for at, word in enumerate(words):
        if at != first and word != ANY and len(found):
            here = _holds(held[word].starts(starts), found + at)
            docs, found = docs[here], found[here]
    places = Spots(docs, found, found + len(words))
    if ANY in words:  # which might be the free position between two documents
        after = starts[docs.astype(np.int64) + 1]
        places = places.only((found >= starts[docs]) & (places.ends < after))
    return places


def _holds(numbers: Array, wanted: Array) -> Array:
    """Which of the wanted numbers are among the others; both rise, and neither is empty."""
    begin, size = min(numbers[0], wanted[0]), int(max(numbers[-1], wanted[-1]) - min(numbers[0], wanted[0])) + 1
    if len(wanted) < SHORT or len(wanted) * FEW < len(numbers) or len(numbers) * SPARSE < size:
        near: Array = numbers.take(numbers.searchsorted(wanted), mode="clip")
        return np.equal(near, wanted)
    marked = np.zeros(size, bool)
    marked[numbers - begin] = True
    found: Array = marked[wanted - begin]
    return found


class _Word(NamedTuple):
    """The places of a word: some documents, how many places each has, and the places by document."""

    having: Array
    often: Array
    places: Array

    def docs(self) -> Array:
        """The document of each place."""
        return self.having.repeat(self.often)

    def starts(self, starts: Array) -> Array:
        """The places, counted on from where the documents start."""
        return starts[self.having].repeat(self.often) + self.places

    def parted(self, borders: Array) -> list[_Word]:
        """The places of documents below the first border, below the second, …"""
        ends = [0, *self.having.searchsorted(borders).tolist()]
        places = offsets(self.often)[ends].tolist()
        parts = zip(pairwise(ends), pairwise(places), strict=True)
        return [_Word(self.having[a:b], self.often[a:b], self.places[c:d]) for (a, b), (c, d) in parts]


def _blocks(held: Mapping[str, _Word], starts: Array) -> Iterator[Mapping[str, _Word]]:
    """The words, document range by document range where they stand in many places.

    What is computed of one range then fits into a processor's cache, and is several times faster than memory is.
    """
    if sum(len(word.places) for word in held.values()) < STRETCH:
        blocks = [held] if held else []
    else:
        stretch = max(STRETCH, int(starts[-1]) // len(starts))  # no more of them than documents
        borders = starts.searchsorted(np.arange(stretch, starts[-1] + stretch, stretch))
        parts = zip(*(word.parted(borders) for word in held.values()), strict=True)
        blocks = [dict(zip(held, part, strict=True)) for part in parts]
    yield from (block for block in blocks if all(len(word.places) for word in block.values()))


def _together(segment: Segment, field: str, words: Sequence[str], among: Array | None = None) -> dict[str, _Word]:
    """The places of each different word, at least in the documents that have them all; empty if there are none."""
    runs = {word: run for word in words if word != ANY and (run := segment.run(field, word))}
    if not runs or len(runs) < len({*words} - {ANY}):
        return {}
    docs = common(segment, list(runs.values()))
    docs = docs if among is None else docs[among[docs]]
    return {word: _places(f"{segment.arrays.name}: {field}", run, docs) for word, run in runs.items()}


def common(segment: Segment, runs: list[Run]) -> Array:
    """The documents of the rarest word that all have, or all of its own where looking would not pay."""
    first, *more = sorted(runs, key=lambda run: len(run.docs))
    docs = first.docs
    for run in more:
        if len(run.docs) >= SHORT:
            docs = docs[_among(run.docs, docs, segment.docs)]
    return docs


def _among(run: Array, docs: Array, size: int) -> Array:
    """Which of the documents are in the run; both rise."""
    if len(docs) * FEW < len(run):
        near: Array = run.take(run.searchsorted(docs), mode="clip")
        return np.equal(near, docs)
    marked = np.zeros(size, bool)
    marked[run] = True
    return marked[docs]


def _places(name: str, run: Run, docs: Array) -> _Word:
    """The places of a word in these documents, or in all that have it where it stands in few, or few more."""
    having, often, places = run
    if int(often.sum(dtype=np.int64)) != len(places):  # else they might ask for any amount of memory
        raise IndexDamaged(f"damaged: {name}/often")
    if len(docs) * 2 < len(having) and len(having) >= SHORT:
        at = having.searchsorted(docs)
        begin = often.cumsum(dtype=np.int64)[at] - often[at]
        having, often = docs, often[at]
        places = places[ranges(begin, often)]
    return _Word(having, often, places)


def joined(parts: Iterable[Spots], starts: Array) -> Spots:
    """The places of all parts, each place once; `starts` is where the documents start."""
    some = [part for part in parts if len(part.starts)]
    if len(some) < 2:
        return some[0] if some else NONE
    joined = Spots(*(np.concatenate(part) for part in zip(*some, strict=True)))
    width = int(joined.ends[0] - joined.starts[0])
    if bool((joined.ends - joined.starts == width).all()):
        return _merged(joined.starts, width, starts)
    joined = joined.only(np.lexsort((joined.ends, joined.starts)))
    new = np.ones(len(joined.starts), bool)
    new[1:] = (np.diff(joined.starts) != 0) | (np.diff(joined.ends) != 0)
    return joined.only(new)


def _merged(places: Array, width: int, starts: Array) -> Spots:
    """Places that are all as wide, of parts that each are sorted: a stable sort merges them in one pass."""
    found, _ = tallied(np.sort(places, kind="stable"))
    docs = np.arange(len(starts) - 1).repeat(np.diff(found.searchsorted(starts)))
    return Spots(docs, found, found + width)


def close(segment: Segment, plan: Close) -> Array:
    """The document of every place from which on the words stand together closely enough, sorted."""
    held = _together(segment, plan.field, plan.texts)
    if not held or not all(len(word.places) for word in held.values()):
        return NONE.docs
    begins = segment.starts(plan.field)
    all_starts = {text: word.starts(begins) for text, word in held.items()}
    starts = np.concatenate(list(all_starts.values()))
    order = np.argsort(starts, kind="stable")
    starts, docs = starts[order], np.concatenate([word.docs() for word in held.values()])[order]
    after = begins[docs.astype(np.int64) + 1]
    last = starts
    for text, times in Counter(plan.texts).items():
        word = all_starts[text]
        at = np.searchsorted(word, starts) + times - 1
        last = np.maximum(last, np.where(at < len(word), word[np.minimum(at, len(word) - 1)], after))
    together: Array = (last < after) & (last - starts + 1 - len(plan.texts) <= plan.slack)
    return docs[together]
