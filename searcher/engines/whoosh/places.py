"""At which places of a text do words stand, in a row or near each other? Answered on arrays, without the text.

A place is [start, end), counted on through all documents of a segment (Segment.starts): comparing two numbers then
compares documents too. All arrays of places are sorted by start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from searcher.engines.whoosh.arrays import Array, ranges
from searcher.engines.whoosh.postings import Run, together
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


NONE: Array = np.zeros(0, np.int64)


def row(segment: Segment, field: str, words: Sequence[str]) -> Array:
    """The document of every place where these words of an index field stand in a row, sorted."""
    found = (_row(held, starts, words) for held, starts in _stretches(segment, field, words))
    return np.concatenate([NONE, *found])


def _row(held: Mapping[str, Run], starts: Array, words: Sequence[str]) -> Array:
    rarest = min(held, key=lambda word: len(held[word].places))
    first = list(words).index(rarest)
    docs, found = held[rarest].owners(), held[rarest].starts(starts) - first
    for at, word in enumerate(words):
        if at != first and word != ANY and len(found):
            here = _holds(held[word].starts(starts), found + at)
            docs, found = docs[here], found[here]
    if ANY in words:  # which might be the free position between two documents
        after = starts[docs.astype(np.int64) + 1]
        docs = docs[(found >= starts[docs]) & (found + len(words) < after)]
    return docs


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


def _stretches(segment: Segment, field: str, words: Sequence[str]) -> Iterator[tuple[Mapping[str, Run], Array]]:
    """The places of words that all stand somewhere, and where documents start: _blocks() of one field."""
    held = _together(segment, field, words)
    if held:
        starts = segment.starts(field)
        yield from ((block, starts) for block in _blocks(held, starts))


def _blocks(held: Mapping[str, Run], starts: Array) -> Iterator[Mapping[str, Run]]:
    """The words, document range by document range where they stand in many places.

    What is computed of one range then fits into a processor's cache, and is several times faster than memory is.
    """
    if sum(len(word.places) for word in held.values()) < STRETCH:
        blocks = [held]
    else:
        stretch = max(STRETCH, int(starts[-1]) // len(starts))  # no more of them than documents
        borders = starts.searchsorted(np.arange(0, starts[-1] + stretch, stretch))
        parts = zip(*(word.parted(borders) for word in held.values()), strict=True)
        blocks = [dict(zip(held, part, strict=True)) for part in parts]
    yield from (block for block in blocks if all(len(word.places) for word in block.values()))


def _together(segment: Segment, field: str, words: Sequence[str]) -> dict[str, Run]:
    """The places of each different word, at least in the documents that have them all; empty if there are none."""
    runs = {word: segment.runs(field, word) for word in words if word != ANY}
    if not runs or not all(runs.values()):
        return {}
    docs = common(segment, list(runs.values()))
    return {word: _places(segment, field, forms, docs) for word, forms in runs.items()}


def common(segment: Segment, words: Sequence[Sequence[Run]]) -> Array:
    """The documents of the rarest word that all have, or all of its own where looking would not pay."""
    first, *more = sorted(words, key=_size)
    docs = first[0].docs if len(first) == 1 else segment.marked(run.docs for run in first).nonzero()[0]
    for runs in more:
        if _size(runs) >= SHORT:
            docs = docs[np.logical_or.reduce([_among(run.docs, docs, segment.docs) for run in runs])]
    return docs


def _size(runs: Sequence[Run]) -> int:
    return sum(len(run.docs) for run in runs)


def _among(run: Array, docs: Array, size: int) -> Array:
    """Which of the documents are in the run; both rise."""
    if len(docs) * FEW < len(run):
        near: Array = run.take(run.searchsorted(docs), mode="clip")
        return np.equal(near, docs)
    marked = np.zeros(size, bool)
    marked[run] = True
    return marked[docs]


def _places(segment: Segment, field: str, forms: Sequence[Run], docs: Array) -> Run:
    """The places of a word in these documents, or in all that have it where it stands in few, or few more."""
    name = f"{segment.arrays.name}: {field}"
    if len(forms) > 1:
        among = segment.marked([docs])
        return together([held(name, run, among) for run in forms])
    run = forms[0]
    _check(name, run)
    if len(docs) * 2 < len(run.docs) and len(run.docs) >= SHORT:
        return _picked(run, run.docs.searchsorted(docs))
    return run


def held(name: str, run: Run, among: Array) -> Run:
    """The places of a word in documents that a mask says."""
    _check(name, run)
    chosen = among[run.docs]
    number = np.count_nonzero(chosen)
    if number == len(chosen):
        return run
    if number * 2 < len(chosen):
        return _picked(run, chosen.nonzero()[0])
    return Run(run.docs[chosen], run.often[chosen], run.places[chosen.repeat(run.often)])


def _check(name: str, run: Run) -> None:
    if int(run.often.sum(dtype=np.int64)) != len(run.places):  # else they might ask for any amount of memory
        raise IndexDamaged(f"damaged: {name}/often")


def _picked(run: Run, at: Array) -> Run:
    """The postings at these places in a run."""
    often = run.often[at]
    return Run(run.docs[at], often, run.places[ranges(run.often.cumsum(dtype=np.int64)[at] - often, often)])


def close(segment: Segment, plan: Close) -> Array:
    """The document of every place from which on the words stand together closely enough, sorted."""
    found = (_close(held, starts, plan) for held, starts in _stretches(segment, plan.field, plan.texts))
    return np.concatenate([NONE, *found])


def _close(held: Mapping[str, Run], starts: Array, plan: Close) -> Array:
    places = {text: word.starts(starts) for text, word in held.items()}
    begins = np.concatenate(list(places.values()))
    begins.sort(kind="stable")  # which is quick with numbers that rise word by word
    last, all_follow = begins, np.ones(len(begins), bool)
    for text, times in Counter(plan.texts).items():
        here = places[text]
        at = here.searchsorted(begins) + times - 1
        all_follow &= at < len(here)
        last = np.maximum(last, here.take(at, mode="clip"))
    near = all_follow & (last - begins < plan.slack + len(plan.texts))
    docs = starts.searchsorted(begins[near], "right") - 1
    together: Array = docs[last[near] < starts[docs + 1]]
    return together
