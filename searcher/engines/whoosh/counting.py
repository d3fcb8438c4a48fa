"""How often does each value stand among the matches? Counted by number in every segment, added up by hash.

A value has another number in each segment. Where there are several, the 64-bit hashes that lie beside the values
give it one number in all of them, once a view; the text of a value is read only when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from searcher.engines.port import Counts
from searcher.engines.whoosh.arrays import Array, offsets
from searcher.engines.whoosh.segments import Column


class Values:
    """The values of a field in all segments of a view, numbered; a column is None where a segment has no values."""

    def __init__(self, columns: Sequence[Column | None]) -> None:
        self._columns = columns
        held = [column for column in columns if column]
        self._hashes, self._first, numbers = np.unique(
            np.concatenate([column.hashes for column in held] or [np.zeros(0, np.uint64)]),
            return_index=True,
            return_inverse=True,
        )
        self._at = offsets(np.array([len(column.shown) if column else 0 for column in columns], np.int64))
        self._numbers = numbers.astype(np.uint32)

    @property
    def nbytes(self) -> int:
        """How much memory the numbering takes."""
        return self._hashes.nbytes + self._first.nbytes + self._numbers.nbytes

    def tally(self, docs: Sequence[Array]) -> Tally:
        """In how many of the documents, given by segment, each value stands."""
        counts = np.zeros(len(self._hashes), np.int64)
        for column, chosen, at, after in zip(self._columns, docs, self._at, self._at[1:], strict=False):
            if column and len(chosen):
                counts[self._numbers[at:after]] += column.tally(chosen)
        return Tally(self, counts)

    def text(self, number: int) -> str:
        """A value as it is shown."""
        first = int(self._first[number])
        segment = int(np.searchsorted(self._at, first, "right")) - 1
        column = self._columns[segment]
        assert column
        return column.text(first - int(self._at[segment]))

    def number(self, value: str) -> int:
        """The number of a value; -1 if no article has it."""
        wanted = value.encode("utf-8", "surrogatepass")
        for column, at in zip(self._columns, self._at, strict=False):
            number = column.shown.find(wanted) if column else -1
            if number >= 0:
                return int(self._numbers[at + number])
        return -1


class Tally(Counts):
    """Values and their counts, by number; a value that no match has is not among them."""

    def __init__(self, values: Values, counts: Array) -> None:
        self._values = values
        self._counts = counts

    def __getitem__(self, value: str) -> int:
        number = self._values.number(value)
        if number < 0 or not self._counts[number]:
            raise KeyError(value)
        return int(self._counts[number])

    def __iter__(self) -> Iterator[str]:
        return map(self._values.text, np.flatnonzero(self._counts).tolist())

    def __len__(self) -> int:
        return int(np.count_nonzero(self._counts))

    def most_common(self, n: int) -> list[tuple[str, int]]:
        found = np.flatnonzero(self._counts)
        if len(found) > n > 0:
            counts = self._counts[found]
            found = found[counts >= np.partition(counts, -n)[-n]]
        named: list[_Named] = [_Named(-int(self._counts[at]), self._values.text(at)) for at in found.tolist()]
        return [(one.text, -one.falling) for one in sorted(named)[:n]]


class _Named(NamedTuple):
    falling: int
    text: str
