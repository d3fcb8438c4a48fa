"""How often does each value stand among the matches? Counted by number, over the documents of all segments at once.

A value has another number in each segment. Where there are several, the 64-bit hashes that lie beside the values
give it one number in all of them, and what every document has is kept by these numbers: once a view. The text of a
value is read only when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from itertools import pairwise, repeat
from operator import itemgetter

import numpy as np

from searcher.engines.port import Counts, Tallied, period
from searcher.engines.whoosh.arrays import Array, offsets, smallest
from searcher.engines.whoosh.segments import Column
from searcher.engines.whoosh.table import Groups, Table

REMEMBERED = 20_000
"""Of how many values of a field the texts are remembered, about."""


class Values(Table):
    """The values of a field in all segments of a view; a column is None where a segment has no values.

    `docs` are the numbers of documents in each segment, `most` how many values, the first ones, each document is
    about; None where no segment says it.
    """

    def __init__(
        self, columns: Sequence[Column | None], docs: Sequence[int], most: Sequence[Array] | None = None
    ) -> None:
        self._columns = columns
        self._ends = offsets(np.array([len(column.shown) if column else 0 for column in columns], np.int64))
        self._read: dict[int, str] = {}
        held = [column for column in columns if column]
        self._first = numbers = np.arange(self._ends[-1])  # the values of all segments, one after the other
        if len(held) > 1:
            hashes = np.concatenate([column.hashes for column in held])
            _, first, of = np.unique(hashes, return_index=True, return_inverse=True)
            order = np.argsort(first)
            self._first, numbers = first[order].astype(np.uint32), np.empty(len(first), np.uint32)
            numbers[order] = np.arange(len(first))
            numbers = numbers[of]
        each = [column.every() if column else _nothing(size) for column, size in zip(columns, docs, strict=True)]
        own = (numbers[begin:end] for begin, end in pairwise(self._ends.tolist()))
        parts = map(_marked, own, each, most or repeat(None))
        super().__init__(len(self._first), parts, _joined(smallest(counts) for _, counts in each))

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return super().nbytes + self._first.nbytes

    def texts(self, numbers: Sequence[int]) -> list[str]:
        """These values as they are shown. Some thousands that were asked for are remembered."""
        if len(self._read) > REMEMBERED:
            self._read = {}
        read = self._read
        new = [number for number in numbers if number not in read]
        read.update(zip(new, self._texts(new), strict=True))
        return [read[number] for number in numbers]

    def _texts(self, numbers: Sequence[int]) -> Iterator[str]:
        first = self._first[np.asarray(numbers, np.int64)]
        segments = self._ends.searchsorted(first, "right") - 1
        for segment, number in zip(segments.tolist(), (first - self._ends[segments]).tolist(), strict=True):
            column = self._columns[segment]
            assert column
            yield column.text(number)

    def tally(self, docs: Array, groups: Groups | None = None, main: bool = False) -> Tally:
        """In how many of the documents and, if it is asked, of their groups each value stands; see counted()."""
        return Tally(self, *self.counted(docs, main), groups)

    def number(self, value: str) -> int:
        """The number of a value; -1 if no article has it."""
        wanted = value.encode("utf-8", "surrogatepass")
        for column, at in zip(self._columns, self._ends, strict=False):
            number = column.shown.find(wanted) if column else -1
            if number >= 0:
                return int(self._first.searchsorted(at + number))  # no column before has it
        return -1

    def smallest(self, numbers: Array, n: int) -> list[int]:
        """The `n` of these rising numbers whose values come first. In a segment they are in order: n are read."""
        first = self._first[numbers]
        ends = first.searchsorted(self._ends)
        few = np.concatenate([first[begin : min(begin + n, end)] for begin, end in pairwise(ends.tolist())])
        known = self._first.searchsorted(few).tolist()
        return [number for _, number in nsmallest(n, zip(self.texts(known), known, strict=True))]


def _marked(numbers: Array, held: tuple[Array, Array], most: Array | None) -> Array:
    """The values of a segment as a Table keeps them: all segments at once would take many times more."""
    values, counts = held
    marked: Array = 2 * numbers[values]
    if most is not None:
        rank = np.arange(len(values)) - offsets(counts)[:-1].repeat(counts)
        marked += rank >= most.repeat(counts)
    return marked


def _joined(parts: Iterable[Array]) -> Array:
    return np.concatenate([np.zeros(0, np.uint8), *parts])


def _nothing(docs: int) -> tuple[Array, Array]:
    """The values of documents that have none."""
    return np.zeros(0, np.int64), np.zeros(docs, np.int64)


class Tally(Counts):
    """Values and their counts, by number; a value that no match has is not among them."""

    def __init__(self, values: Values, numbers: Array, counts: Array, groups: Groups | None) -> None:
        self._values = values
        self._numbers = numbers
        self._counts = counts
        self._groups = groups
        self._read: dict[str, int] = {}  # where values are; replaced, since other threads may go through it

    def __getitem__(self, value: str) -> int:
        place = self._read[value] if value in self._read else self._place(value)
        if place is None:
            raise KeyError(value)
        return int(self._counts[place])

    def groups(self, values: Iterable[str]) -> dict[str, int]:
        """Counted of these alone: most names of an archive are never shown."""
        read = self._read
        found = {value: read[value] if value in read else self._place(value) for value in values}
        places = np.array([at for at in found.values() if at is not None], np.int64)
        once = self._counts[places]
        if self._groups:
            once = once - self._values.again(self._groups, self._numbers[places])
        known = iter(once.tolist())
        return {value: 0 if at is None else next(known) for value, at in found.items()}

    def _place(self, value: str) -> int | None:
        """Where a value that was not read is among the numbers."""
        number = self._values.number(value)
        at = int(self._numbers.searchsorted(number))
        known = number >= 0 and at < len(self._numbers) and self._numbers[at] == number
        return at if known else None

    def __iter__(self) -> Iterator[str]:
        texts = self._values.texts(self._numbers.tolist())
        self._read = read = dict(zip(texts, range(len(texts)), strict=True))
        return iter(read)

    def __len__(self) -> int:
        return len(self._numbers)

    def most_common(self, n: int) -> list[tuple[str, int]]:
        n = min(n, len(self._numbers))
        if n < 1:
            return []
        edge = np.partition(self._counts, -n)[-n]
        above = self._numbers[self._counts > edge].tolist()
        numbers = [*above, *self._values.smallest(self._numbers[self._counts == edge], n - len(above))]
        places, texts = self._numbers.searchsorted(numbers), self._values.texts(numbers)
        self._read = self._read | dict(zip(texts, places.tolist(), strict=True))
        by_text = sorted(zip(texts, self._counts[places].tolist(), strict=True))
        return sorted(by_text, key=itemgetter(1), reverse=True)


class Hashed(Counts):
    """The values of few documents, counted by their hashes: a search in its own process need not number all
    values of the archive first. `values` are by segment the numbers of those that documents have, -1 for none.
    """

    def __init__(self, values: Sequence[tuple[Column, Array]]) -> None:
        self._columns = [column for column, _ in values]
        known = [numbers[numbers >= 0] for _, numbers in values]
        hashes = [column.hashes[numbers] for column, numbers in zip(self._columns, known, strict=True)]
        self._hashes, first, self._counts = np.unique(np.concatenate(hashes), return_index=True, return_counts=True)
        self._of = np.arange(len(known)).repeat(list(map(len, known)))[first]
        self._numbers = np.concatenate(known)[first]

    def __bool__(self) -> bool:
        return True  # also where there are none

    def __getitem__(self, value: str) -> int:
        wanted = value.encode("utf-8", "surrogatepass")
        for column in self._columns:
            number = column.shown.find(wanted)
            if number >= 0:
                at = int(self._hashes.searchsorted(column.hashes[number]))
                if at < len(self._hashes) and self._hashes[at] == column.hashes[number]:
                    return int(self._counts[at])
        raise KeyError(value)

    def __iter__(self) -> Iterator[str]:
        places = zip(self._of.tolist(), self._numbers.tolist(), strict=True)
        return (self._columns[of].text(number) for of, number in places)

    def __len__(self) -> int:
        return len(self._hashes)

    def most_common(self, n: int) -> list[tuple[str, int]]:
        return Tallied(dict(zip(self, self._counts.tolist(), strict=True)), {}).most_common(n)

    def groups(self, values: Iterable[str]) -> dict[str, int]:
        return {value: self.get(value, 0) for value in values}


class Periods(Table):
    """The dates of a view, put together by period."""

    def __init__(self, dates: Values, name: str) -> None:
        known = [period(name, value) for value in dates.texts(range(len(dates)))]
        self._names = sorted({one for one in known if one})
        numbers = {one: 2 * number for number, one in enumerate(self._names)}
        self.size = len(self._names)
        self._at, self._counts = dates._at, dates._counts
        of = smallest(np.array([numbers[one] if one else 2 * self.size for one in (*known, None)]))
        self._marked = of[dates._marked >> 1]

    def tally(self, docs: Array, groups: Groups | None = None) -> Tallied:
        """In how many of the documents and of their groups the date lies in each period."""
        numbers, counts = self.counted(docs)
        once = counts - self.again(groups, numbers) if groups else counts
        names = [self._names[number] for number in numbers.tolist()]
        return Tallied(*(dict(zip(names, part.tolist(), strict=True)) for part in (counts, once)))
