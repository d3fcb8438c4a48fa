"""Which values has every document of a view? By number; those of some documents are counted, and grouped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from searcher.engines.whoosh.arrays import Array, changes, lengths, offsets, ranges, smallest

FEWER = 16
"""How many times fewer numbers are put in order rather than counted among all that there are."""


BLOCK = 1 << 18
"""Of how many documents the values are picked out at once: of millions they take hundreds of megabytes."""

PAIRS = 1 << 23
"""Of how many pairs of a value and a group those that are met are marked; of more they are put in order."""

DENSE = 4
"""How many times more documents there are than those whose values are looked up rather than picked out of all."""


class Groups(NamedTuple):
    """Documents, and the number of each one's group, of so many; those that are alone in theirs are left out."""

    docs: Array
    numbers: Array
    many: int

    @property
    def nbytes(self) -> int:
        """How much memory they take."""
        return self.docs.nbytes + self.numbers.nbytes


class Table:
    """The values of every document of a view, as numbers below `size`.

    Each is kept twice as large, and odd where its document only mentions it and is about others: so one sort, or
    one count, says both how often a value stands and whether any document is about it.
    """

    def __init__(self, size: int, marked: Iterable[Array], counts: Array) -> None:
        """`marked` are the values as they are kept, document after document, `counts` how many each has."""
        self.size = size
        self._counts: Array | None = smallest(counts)
        self._at = smallest(offsets(counts))
        kind = np.min_scalar_type(2 * size + 1)
        self._marked = np.concatenate([np.zeros(0, kind), *(part.astype(kind) for part in marked)])
        if counts.max(initial=0) <= 1:  # one for each document: `size` is none
            some, self._counts = self._marked, None
            self._marked = np.full(len(counts), 2 * size, kind)
            self._marked[counts > 0] = some

    def __len__(self) -> int:
        return self.size

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self._marked.nbytes + (0 if self._counts is None else self._counts.nbytes + self._at.nbytes)

    def _of(self, docs: Array) -> Array:
        """The values of these documents as they are kept, with those that are none."""
        if self._counts is None:
            return self._marked.take(docs)
        if len(docs) * DENSE < len(self._counts):
            return self._marked.take(ranges(self._at.take(docs), self._counts.take(docs)))
        chosen = np.zeros(len(self._counts), bool)
        chosen[docs] = True
        return self._marked[chosen.repeat(self._counts)]

    def first(self, docs: Array) -> Array:
        """The first value of each document; `size` for none."""
        if self._counts is None:
            return self._marked.take(docs) >> 1
        held = self._marked.take(self._at.take(docs), mode="clip") >> 1
        return np.where(self._counts.take(docs) > 0, held, self.size)

    def groups(self, docs: Array) -> Groups:
        """The documents as they are grouped by their first value."""
        numbers = self.first(docs)
        several = np.bincount(numbers, minlength=self.size + 1) > 1
        several[self.size] = False
        kept = several[numbers].nonzero()[0]
        group = smallest(several.cumsum() - several)
        return Groups(docs[kept], group[numbers[kept]], int(np.count_nonzero(several)))

    def counted(self, docs: Array, main: bool = False) -> tuple[Array, Array]:
        """The values that stand in these documents, rising, and in how many each.

        With `main` only those that one of the documents at least is about.
        """
        marked = self._of(docs[:BLOCK])
        if len(marked) * FEWER > self.size or len(docs) > BLOCK:
            held = np.bincount(marked, minlength=2 * self.size + 2)
            for some in _blocks(docs[BLOCK:]):
                held += np.bincount(self._of(some), minlength=len(held))
            held = held.reshape(-1, 2)[: self.size]
            often = held[:, 0] + held[:, 1]
            found = ((held[:, 0] if main else often) > 0).nonzero()[0]  # of truths it is several times as fast
            return found, often.take(found)
        marked = np.sort(marked)
        numbers = marked >> 1
        begins = changes(numbers).nonzero()[0]
        often, found = lengths(np.append(begins, len(numbers))), numbers.take(begins)
        kept = found < self.size
        if main:
            kept &= marked[begins] & 1 == 0
        return found[kept].astype(np.int64), often[kept]

    def again(self, groups: Groups, numbers: Array) -> Array:
        """In how many more of the documents than of their groups each of the values of these numbers stands."""
        places = np.zeros(self.size + 1, np.min_scalar_type(len(numbers)))
        places[numbers] = np.arange(1, len(numbers) + 1)
        pairs = np.concatenate([np.zeros(0, np.int64), *self._pairs(groups, places)])
        each = (_different(pairs, (len(numbers) + 1) * groups.many), pairs)
        once, often = (np.bincount(some // max(1, groups.many), minlength=len(numbers) + 1) for some in each)
        more: Array = (often - once)[1:]
        return more

    def _pairs(self, groups: Groups, places: Array) -> Iterator[Array]:
        """For every value of the documents that has a place, its place and its group as one number."""
        for docs, numbers in zip(_blocks(groups.docs), _blocks(groups.numbers), strict=True):
            of = numbers if self._counts is None else numbers.repeat(self._counts.take(docs))
            place = places.take(self._of(docs) >> 1)
            chosen = (place > 0).nonzero()[0]
            yield place.take(chosen).astype(np.int64) * groups.many + of.take(chosen)


def _blocks(numbers: Array) -> Iterator[Array]:
    return (numbers[at : at + BLOCK] for at in range(0, len(numbers), BLOCK))


def _different(numbers: Array, size: int) -> Array:
    """Which numbers below `size` these are, each once."""
    if size > PAIRS:
        return np.unique(numbers)
    held = np.zeros(size, bool)
    held[numbers] = True
    return held.nonzero()[0]
