"""How are values kept so that a search can read all of them at once? Two Whoosh columns, read as a whole.

Whoosh's own columns are read value by value, through several Python calls each: a tenth of a second for ten
thousand articles. These are read in one piece. Numbers are little-endian on every machine.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Iterable
from struct import Struct
from typing import Any

from whoosh import columns

UNKNOWN = -1
"""What a column of numbers holds for an article that has none."""

SEPARATOR = "\x1f"
"""Between the values of one article."""

_FOOTER = Struct("<II")


def _packed(numbers: array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def _unpacked(data: bytes) -> array[int]:
    numbers = array("i", data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class Numbers(columns.Column):
    """One 32-bit number an article, UNKNOWN where none was given."""

    def default_value(self, reverse: bool = False) -> int:
        return UNKNOWN

    class Writer(columns.ColumnWriter):
        """Collects, and writes all at the end."""

        def __init__(self, dbfile: Any) -> None:
            self._dbfile = dbfile
            self._numbers = array("i")

        def add(self, docnum: int, value: int) -> None:
            self._numbers.extend([UNKNOWN] * (docnum - len(self._numbers)))
            self._numbers.append(value)

        def finish(self, doccount: int) -> None:
            self._numbers.extend([UNKNOWN] * (doccount - len(self._numbers)))
            self._dbfile.write(_packed(self._numbers))

    class Reader(columns.ColumnReader):
        """The numbers, by document."""

        def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
            self.numbers = _unpacked(dbfile.get(basepos, length))

        def __getitem__(self, docnum: int) -> int:
            return self.numbers[docnum]

        def total(self) -> int:
            """The sum of the numbers that were given."""
            return sum(self.numbers) - UNKNOWN * self.numbers.count(UNKNOWN)


class Labels(columns.Column):
    """The values of an article, joined by SEPARATOR; each different list of values is held once."""

    def default_value(self, reverse: bool = False) -> bytes:
        return b""

    class Writer(columns.ColumnWriter):
        """Collects, and writes all at the end: codes, lengths of the different values, the values, a footer."""

        def __init__(self, dbfile: Any) -> None:
            self._dbfile = dbfile
            self._codes = array("i")
            self._different: dict[bytes, int] = {b"": 0}

        def add(self, docnum: int, value: bytes) -> None:
            self._codes.extend([0] * (docnum - len(self._codes)))
            self._codes.append(self._different.setdefault(value, len(self._different)))

        def finish(self, doccount: int) -> None:
            self._codes.extend([0] * (doccount - len(self._codes)))
            lengths = array("i", map(len, self._different))
            for part in (_packed(self._codes), _packed(lengths), b"".join(self._different)):
                self._dbfile.write(part)
            self._dbfile.write(_FOOTER.pack(len(self._codes), len(lengths)))

    class Reader(columns.ColumnReader):
        """The values, by document: `codes` by document, `different` by code."""

        def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
            data = dbfile.get(basepos, length)
            number, different = _FOOTER.unpack(data[-_FOOTER.size :])
            self.codes = _unpacked(data[: number * 4])
            at = (number + different) * 4
            self.different: list[bytes] = []
            for size in _unpacked(data[number * 4 : at]):
                self.different.append(data[at : at + size])
                at += size

        def __getitem__(self, docnum: int) -> bytes:
            return self.different[self.codes[docnum]]

        def values(self, docnum: int) -> tuple[str, ...]:
            """The values of one document."""
            joined = self[docnum]
            return tuple(joined.decode().split(SEPARATOR)) if joined else ()

        def tally(self, docs: Iterable[int]) -> Counter[str]:
            """In how many of these documents each value stands."""
            counts = Counter[str]()
            codes = self.codes
            for code, number in Counter([codes[doc] for doc in docs]).items():
                if code:
                    for value in self.different[code].decode().split(SEPARATOR):
                        counts[value] += number
            return counts
