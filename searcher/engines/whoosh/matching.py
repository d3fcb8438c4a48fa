"""What does a word match? Whoosh's matcher over the arrays of one word: any document is found by bisection."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from copy import copy
from functools import cached_property
from typing import Any

import numpy as np
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo

from searcher.engines.whoosh.arrays import Array, offsets
from searcher.engines.whoosh.postings import Postings, together


class ArrayMatcher(LeafMatcher):
    """The postings of a word, of one segment, deleted documents included.

    All of them are one block: its quality is that of the best posting that the word could have. `info` computes the
    numbers of the word; `scorer` is Whoosh's, or None.
    """

    def __init__(
        self, field: Postings, number: int, format_: Any, scorer: Any, info: Callable[[], TermInfo]
    ) -> None:
        self.format = format_
        self.scorer = scorer
        self._term = field.name, field.lexicon[number]
        self._info = info
        self._field = field
        self._number = number
        self._run = together(field.runs(number))
        self._docs = _native(self._run.docs)
        self._often = None if field.often is None else _native(self._run.often)
        self._at = 0

    def is_active(self) -> bool:
        return self._at < len(self._docs)

    def reset(self) -> None:
        self._at = 0

    def copy(self) -> ArrayMatcher:
        return copy(self)

    def id(self) -> int:
        doc: int = self._docs[self._at]
        return doc

    def all_ids(self) -> Iterator[int]:
        """The documents from here on; the matcher stays where it is."""
        return iter(self._docs[self._at :])

    def next(self) -> bool:
        """Whether this was the end of a block, which is the end of all."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return not self.is_active()

    def skip_to(self, targetid: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._at = bisect_left(self._docs, targetid, self._at)

    def weight(self) -> float:
        return 1.0 if self._often is None else float(self._often[self._at])

    def value(self) -> bytes:
        """The posting's value as its format encodes it; b"" where the format notes only that the word is there."""
        if self._field.places is not None:
            encoded: bytes = self.format.encode(self._places())
            return encoded
        values, at = self._field.values, self._field.values_at
        if values is None or at is None:
            return b""
        posting = self._field.run(self._number).start + self._at  # such a field has no forms
        return values[int(at[posting]) : int(at[posting + 1])].tobytes()

    def value_as(self, astype: str) -> Any:
        if astype == "positions" and self._field.places is not None:
            return self._places()
        return super().value_as(astype)

    def _places(self) -> list[int]:
        at = self._places_at
        places: list[int] = self._run.places[at[self._at] : at[self._at + 1]].tolist()
        return places

    @cached_property
    def _places_at(self) -> Array:
        return offsets(self._run.often)

    # The block

    @cached_property
    def _numbers(self) -> TermInfo:
        return self._info()

    def supports_block_quality(self) -> bool:
        return self.scorer is not None and bool(self.scorer.supports_block_quality())

    def skip_to_quality(self, minquality: float) -> int:
        """To the end, unless something from here on may be better. Returns the number of blocks skipped."""
        if not self.is_active() or self.block_quality() > minquality:
            return 0
        self._at = len(self._docs)
        return 1

    def block_min_id(self) -> int:
        first: int = self._docs[0]
        return first

    def block_max_id(self) -> int:
        last: int = self._docs[-1]
        return last

    def block_min_length(self) -> int:
        length: int = self._numbers.min_length()
        return length

    def block_max_length(self) -> int:
        length: int = self._numbers.max_length()
        return length

    def block_max_weight(self) -> float:
        weight: float = self._numbers.max_weight()
        return weight


def _native(numbers: Array) -> memoryview:
    """Numbers that Python reads one by one as its own, several times faster than from an array."""
    return np.ascontiguousarray(numbers, numbers.dtype.newbyteorder("=")).data
