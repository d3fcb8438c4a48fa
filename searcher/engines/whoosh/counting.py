"""How often does each value stand among the matches? Counted by number in every segment, then added up.

A value has another number in each segment. Where there are several, the 64-bit hashes that lie beside the values
give it one number in all of them, once a view; the text of a value is read only when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from heapq import nsmallest
from typing import NamedTuple

import numpy as np

from searcher.engines.port import Counts, Tallied, period
from searcher.engines.whoosh.arrays import Array, by_rank, offsets
from searcher.engines.whoosh.segments import Column

REMEMBERED = 20_000
"""Of how many values of a field the texts are remembered, about."""

FEW = 200
"""Up to how many values that are equally frequent are put in order by reading them, also where all are in order."""


FEWER = 8
"""How many times fewer numbers are put in order rather than counted among all that there are."""


class Groups(NamedTuple):
    """Documents by segment, and the number of each one's group; those that are alone in theirs are left out."""

    docs: Sequence[Array]
    numbers: Sequence[Array]

    @property
    def nbytes(self) -> int:
        """How much memory they take."""
        return sum(array.nbytes for part in self for array in part)


class Values:
    """The values of a field in all segments of a view, numbered; a column is None where a segment has no values."""

    def __init__(self, columns: Sequence[Column | None]) -> None:
        self._columns = columns
        self._at = offsets(np.array([len(column.shown) if column else 0 for column in columns], np.int64))
        held = [column for column in columns if column]
        self._read: dict[int, str] = {}
        self._alone = len(held) == 1  # then a value's number is its own, and values are sorted
        if not self._alone:
            hashes = np.concatenate([np.zeros(0, np.uint64), *(column.hashes for column in held)])
            _, first, numbers = np.unique(hashes, return_index=True, return_inverse=True)
            self._first, self._numbers = first.astype(np.uint32), numbers.astype(np.uint32)

    @property
    def nbytes(self) -> int:
        """How much memory the numbering takes, or will take."""
        return 0 if self._alone else self._numbers.nbytes + 2 * self._first.nbytes

    def __len__(self) -> int:
        return int(self._at[-1]) if self._alone else len(self._first)

    def first(self, segment: int, docs: Array) -> Array:
        """The number of the first value of each of these documents of a segment; -1 for none."""
        column = self._columns[segment]
        if column is None:
            return np.full(len(docs), -1, np.int64)
        first = column.first(docs)
        if not self._alone:
            known = first >= 0
            first[known] = self._numbers[self._at[segment] + first[known]]
        return first

    def groups(self, docs: Sequence[Array]) -> Groups:
        """The documents, given by segment, as they are grouped by their first value."""
        numbers = [self.first(at, some) for at, some in enumerate(docs)]
        several = np.bincount(_joined(numbers) + 1, minlength=len(self) + 1) > 1
        several[0] = False  # those without a value
        numbered = np.cumsum(several, dtype=np.uint32)
        chosen = [several[of + 1] for of in numbers]
        return Groups(
            [one[kept] for one, kept in zip(docs, chosen, strict=True)],
            [numbered[of[kept] + 1] for of, kept in zip(numbers, chosen, strict=True)],
        )

    def tally(
        self, docs: Sequence[Array], groups: Groups | None = None, most: Sequence[Array] | None = None
    ) -> Tally:
        """In how many of the documents, given by segment, and, if it is asked, of their groups each value stands.

        With `most` only values that are among so many of a document, the first ones.
        """
        numbers, counts = self.counted(docs)
        if most is not None:
            shown = np.zeros(len(self), bool)
            for at, some in enumerate(docs):
                shown[self._each(at, some, most[at])[0]] = True
            numbers, counts = numbers[shown[numbers]], counts[shown[numbers]]
        return Tally(self, numbers, counts, groups)

    def again(self, groups: Groups, numbers: Array) -> Array:
        """In how many more of the documents than of their groups each of the values of these numbers stands."""
        wanted = np.zeros(len(self), bool)
        wanted[numbers] = True
        values, of = self.pairs(groups)
        chosen = wanted[values]
        found = again(values[chosen], of[chosen])
        more: Array = found.searchsorted(numbers, "right") - found.searchsorted(numbers)
        return more

    def pairs(self, groups: Groups) -> tuple[Array, Array]:
        """The number of every value of the documents, and the group of the document that has it."""
        every = [self._each(at, docs) for at, docs in enumerate(groups.docs)]
        of = [numbers[rows] for numbers, (_, rows) in zip(groups.numbers, every, strict=True)]
        return _joined(values for values, _ in every).astype(np.uint32, copy=False), _joined(of)

    def _each(self, segment: int, docs: Array, most: Array | None = None) -> tuple[Array, Array]:
        """Column.each(), with the numbers of the values in all segments."""
        column = self._columns[segment]
        if column is None or not len(docs):
            return np.zeros(0, np.uint8), np.zeros(0, np.int64)
        numbers, rows = column.each(docs, most)
        return numbers if self._alone else self._numbers[self._at[segment] + numbers], rows

    def counted(self, docs: Sequence[Array]) -> tuple[Array, Array]:
        """The numbers of the values that stand in these documents, rising, and in how many each."""
        numbers, counts = list[Array](), list[Array]()
        for column, chosen, at in zip(self._columns, docs, self._at, strict=False):
            if column and len(chosen):
                found, often = column.tally(chosen)
                numbers.append(found if self._alone else self._numbers[at + found])
                counts.append(often)
        found, often = _joined(numbers), _joined(counts)
        return (found, often) if self._alone else _added(found, often, len(self))

    def texts(self, numbers: Sequence[int]) -> list[str]:
        """These values as they are shown. Some thousands that were asked for are remembered."""
        if len(self._read) > REMEMBERED:
            self._read = {}
        read = self._read
        new = [number for number in numbers if number not in read]
        read.update(zip(new, self._texts(new), strict=True))
        return [read[number] for number in numbers]

    def _texts(self, numbers: Sequence[int]) -> Iterator[str]:
        places = np.asarray(numbers, np.int64)
        first = places + self._at[0] if self._alone else self._first[places].astype(np.int64)
        segments = self._at.searchsorted(first, "right") - 1
        for segment, number in zip(segments.tolist(), (first - self._at[segments]).tolist(), strict=True):
            column = self._columns[segment]
            assert column
            yield column.text(number)

    def number(self, value: str) -> int:
        """The number of a value; -1 if no article has it."""
        wanted = value.encode("utf-8", "surrogatepass")
        for column, at in zip(self._columns, self._at, strict=False):
            number = column.shown.find(wanted) if column else -1
            if number >= 0:
                return number if self._alone else int(self._numbers[at + number])
        return -1

    @cached_property
    def ranks(self) -> Array:
        """For each number the place of its value among all, sorted."""
        texts = self.texts(range(len(self._first)))
        order = sorted(range(len(texts)), key=texts.__getitem__)
        ranks = np.empty(len(order), np.uint32)
        ranks[order] = np.arange(len(order), dtype=np.uint32)
        return ranks

    def smallest(self, numbers: Array, n: int) -> list[int]:
        """The `n` of these numbers whose values come first."""
        few = len(numbers) <= max(n, FEW, 0 if "ranks" in vars(self) else len(self) // 4)
        if few and not self._alone:
            texts = zip(self.texts(numbers.tolist()), numbers.tolist(), strict=True)
            return [number for _, number in nsmallest(n, texts)]
        ranks = numbers if self._alone else self.ranks[numbers]
        first = np.argpartition(ranks, n - 1)[:n] if len(numbers) > n else np.arange(len(numbers))
        found: list[int] = numbers[first[np.argsort(ranks[first])]].tolist()
        return found


def _joined(parts: Iterable[Array]) -> Array:
    return np.concatenate([np.zeros(0, np.uint8), *parts])


def again(values: Array, groups: Array) -> Array:
    """The values that stand in a group already, once for each document more, rising.

    `values` are those of all documents, `groups` those of the documents that have them.
    """
    order = by_rank(groups, int(groups.max(initial=0)) + 1)
    order = order[by_rank(values[order], int(values.max(initial=0)) + 1)]
    values, groups = values[order], groups[order]
    same: Array = (values[1:] == values[:-1]) & (groups[1:] == groups[:-1])
    return values[1:][same]


def _added(numbers: Array, counts: Array, size: int) -> tuple[Array, Array]:
    """Different numbers below `size`, rising, with the sums of their counts."""
    if len(numbers) * FEWER < size:
        different, where = np.unique(numbers, return_inverse=True)
        return different, np.bincount(where, counts, len(different)).astype(np.int64)
    sums = np.bincount(numbers, counts, size).astype(np.int64)
    different = sums.nonzero()[0]
    return different, sums[different]


class Tally(Counts):
    """Values and their counts, by number; a value that no match has is not among them."""

    def __init__(self, values: Values, numbers: Array, counts: Array, groups: Groups | None) -> None:
        self._values = values
        self._numbers = numbers
        self._counts = counts
        self._groups = groups
        self._read: dict[str, int] = {}  # where values are; replaced, since other threads may go through it

    def __getitem__(self, value: str) -> int:
        place = self._place(value)
        if place is None:
            raise KeyError(value)
        return int(self._counts[place])

    def groups(self, values: Iterable[str]) -> dict[str, int]:
        """Counted of these alone: most names of an archive are never shown."""
        found = {value: self._place(value) for value in values}
        places = np.array([at for at in found.values() if at is not None], np.int64)
        once = self._counts[places]
        if self._groups:
            once = once - self._values.again(self._groups, self._numbers[places])
        known = iter(once.tolist())
        return {value: 0 if at is None else next(known) for value, at in found.items()}

    def _place(self, value: str) -> int | None:
        """Where a value is among the numbers."""
        if value in self._read:
            return self._read[value]
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
        counted = zip(texts, self._counts[places].tolist(), strict=True)
        return sorted(counted, key=lambda item: (-item[1], item[0]))


class Periods:
    """The dates of a view, put together by period."""

    def __init__(self, dates: Values, name: str) -> None:
        self._dates = dates
        known = [period(name, value) for value in dates.texts(range(len(dates)))]
        self._names = sorted({one for one in known if one})
        numbers = {one: number for number, one in enumerate(self._names, 1)}
        self._numbers = np.array([numbers[one] if one else 0 for one in known], np.int64)

    @property
    def nbytes(self) -> int:
        """How much memory it takes, about."""
        return 2 * self._numbers.nbytes + 100 * len(self._names)

    def tally(self, docs: Sequence[Array], groups: Groups | None = None) -> Tallied:
        """In how many of the documents, given by segment, and of their groups the date lies in each period."""
        dates, counts = self._dates.counted(docs)
        sums = np.bincount(self._numbers[dates], counts, len(self._names) + 1).astype(np.int64)
        once = sums - np.bincount(self._again(groups), minlength=len(sums)) if groups else sums
        found = [(self._names[at - 1], at) for at in sums.nonzero()[0].tolist() if at]
        return Tallied(*({name: int(part[at]) for name, at in found} for part in (sums, once)))

    def _again(self, groups: Groups) -> Array:
        dates, of = self._dates.pairs(groups)
        return again(self._numbers[dates], of)
