"""Which words are there? Sorted words in UTF-8, as arrays that are looked up without being read.

F, F.at    the words, one after the other; where each begins
F.heads    the first eight bytes of every sixteenth word
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import overload

import numpy as np

from searcher.engines.whoosh.arrays import Array, Arrays, offsets
from searcher.errors import IndexDamaged

END = 0xFF
"""A byte that no text in UTF-8 has."""

FEW = 64
"""Fewer words are read one by one: to cut them from one array takes as long."""

STRIDE = 16
"""Of how many words the beginning of one is kept apart: to look a word up, few have to be read."""


class Lexicon(Sequence[bytes]):
    """The words of a field in UTF-8, sorted by their bytes: F/text and its companions, or F/shown."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        self._text = arrays[name].data
        self._at = _native(arrays[f"{name}.at"])
        self._heads = _native(arrays[f"{name}.heads"])

    def __len__(self) -> int:
        return len(self._at) - 1

    @overload
    def __getitem__(self, number: int) -> bytes: ...
    @overload
    def __getitem__(self, number: slice) -> list[bytes]: ...
    def __getitem__(self, number: int | slice) -> bytes | list[bytes]:
        if isinstance(number, slice):
            return self._words(range(*number.indices(len(self))))
        return self._word(number)

    def _words(self, numbers: range) -> list[bytes]:
        """These words. Raises IndexDamaged if they are no text, or overlap: together they would take any amount of
        memory."""
        at = np.asarray(self._at[numbers.start : numbers.stop + 1], np.int64)
        if (at[1:] < at[:-1]).any() or (len(at) and at[-1] > len(self._text)):
            raise IndexDamaged("damaged: words that overlap")
        if len(numbers) < FEW:
            return [self._word(number) for number in numbers]
        joined = np.frombuffer(self._text, np.uint8)[at[0] : at[-1]]
        words = np.insert(joined, at[1:-1] - at[0], END).tobytes().split(bytes([END]))
        if len(words) != len(numbers):
            raise IndexDamaged("damaged: words that are no text")
        return words

    def _word(self, number: int) -> bytes:
        return bytes(self._text[self._at[number] : self._at[number + 1]])

    def before(self, word: bytes) -> int:
        """How many words come before this one."""
        head = _head(word)
        first = max(0, bisect_left(self._heads, head) - 1) * STRIDE
        last = min(len(self), bisect_right(self._heads, head) * STRIDE)
        return bisect_left(range(len(self)), word, first, last, key=self._word)

    def find(self, word: bytes) -> int:
        """The number of a word; -1 if it is not here."""
        number = self.before(word)
        return number if number < len(self) and self._word(number) == word else -1

    def prefixed(self, prefix: bytes) -> range:
        """The numbers of the words that begin so."""
        after = prefix.rstrip(b"\xff")
        end = self.before(after[:-1] + bytes([after[-1] + 1])) if after else len(self)
        return range(self.before(prefix), end)


def _native(array: Array) -> memoryview:
    return array.astype(array.dtype.newbyteorder("="), copy=False).data


def _head(word: bytes) -> int:
    """The first eight bytes of a word as a number: in order as the words are."""
    return int.from_bytes(word[:8].ljust(8, b"\0"), "big")


def lexicon_arrays(name: str, words: Iterable[bytes]) -> dict[str, Array]:
    """The arrays of a lexicon of sorted words."""
    words = list(words)
    at = offsets(np.fromiter(map(len, words), np.int64, len(words)))
    kind = np.uint32 if at[-1] < 1 << 32 else np.uint64  # a type that a memoryview reads quickly
    heads = np.array([_head(word) for word in words[::STRIDE]], np.uint64)
    text = np.frombuffer(b"".join(words), np.uint8)
    return {name: text, f"{name}.at": at.astype(kind), f"{name}.heads": heads}
