"""Where does each word stand? The words of one field and their postings, as arrays of one segment.

    F/text, F/text.at     the words in UTF-8, sorted, one after the other; where each begins
    F/text.heads          the first eight bytes of every sixteenth word
    F/at                  where the postings of each word begin
    F/docs                the documents of the postings, rising within a word
    F/often               how often the word stands in the document
    F/places, F/places.at the positions of every word, by document; where those of each word begin
    F/values, F/values.at instead of places: what another Whoosh format keeps with a posting, as bytes
    F/length, F/extent    by document: words of the field, and positions that it takes, gaps included

A field without `often` notes only that a word is there. A field of stems has the lengths of its surfaces.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple, overload

import numpy as np

from searcher.engines.port import NAMES
from searcher.engines.whoosh.arrays import Array, Arrays, lengths, offsets, smallest
from searcher.errors import IndexDamaged

WHOLE = ".whole"
"""What is added to a name field, whose words have its own name, for its whole values; and to the date."""

UNKNOWN = -1
"""What a column of numbers holds for an article that has none."""

UNITS = ("sentences", "paragraphs")

STRIDE = 16
"""Of how many words the beginning of one is kept apart: to look a word up, few have to be read."""

REMEMBERED = 1000
"""Of how many words a field remembers where their postings are."""


def whole(name: str) -> str:
    """The index field that holds the whole values of one of our fields."""
    return name + WHOLE if name in _WITH_WHOLE else name


_WITH_WHOLE = (*NAMES, "date")


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
        """These words. Raises IndexDamaged if they overlap: together they would take any amount of memory."""
        at = np.asarray(self._at[numbers.start : numbers.stop + 1])
        if (at[1:] < at[:-1]).any():
            raise IndexDamaged("damaged: words that overlap")
        return [self._word(number) for number in numbers]

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


class Run(NamedTuple):
    """The postings of a word: the documents, rising, how often it stands in each, and where, by document."""

    docs: Array
    often: Array
    places: Array


class Postings:
    """One field of one segment, as it was written."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        self.name = name
        self.lexicon = Lexicon(arrays, f"{name}/text")
        self.at = arrays[f"{name}/at"]
        self.docs = arrays[f"{name}/docs"]
        self.often = arrays.get(f"{name}/often")
        self.places = arrays.get(f"{name}/places")
        self.places_at = arrays.get(f"{name}/places.at")
        self.values = arrays.get(f"{name}/values")
        self.values_at = arrays.get(f"{name}/values.at")
        self._runs: dict[str, Run | None] = {}

    def of(self, word: str) -> Run | None:
        """The postings of a word, None if it is not here. The last few asked for are remembered."""
        try:
            return self._runs[word]
        except KeyError:
            pass
        if len(self._runs) >= REMEMBERED:
            self._runs = {}
        run = self._runs[word] = self._of(word)
        return run

    def _of(self, word: str) -> Run | None:
        number = self.lexicon.find(word.encode("utf-8", "surrogatepass"))
        return None if number < 0 else self.numbered(number)

    def numbered(self, number: int) -> Run:
        """The postings of the word of a number."""
        run, none = self.run(number), self.docs[:0]
        often = none if self.often is None else self.often[run]
        return Run(self.docs[run], often, none if self.places is None else self.places_of(number))

    def run(self, number: int) -> slice:
        """The postings of a word."""
        return slice(int(self.at[number]), int(self.at[number + 1]))

    @cached_property
    def counts(self) -> Array:
        """In how many documents each word stands, deleted ones included."""
        return lengths(self.at)

    def places_of(self, number: int) -> Array:
        """The positions of a word, document after document."""
        assert self.places is not None
        assert self.places_at is not None
        return self.places[int(self.places_at[number]) : int(self.places_at[number + 1])]


def postings_arrays(
    name: str,
    words: Iterable[bytes],
    counts: Array,
    docs: Array,
    often: Array | None = None,
    places: Array | None = None,
    places_counts: Array | None = None,
) -> dict[str, Array]:
    """The arrays of a field in the types they are kept in; `counts` and `places_counts` are by word."""
    arrays = {**lexicon_arrays("text", words), "at": smallest(offsets(counts)), "docs": smallest(docs)}
    if often is not None:
        arrays["often"] = smallest(often)
    if places is not None and places_counts is not None:
        arrays |= {"places": smallest(places), "places.at": smallest(offsets(places_counts))}
    return {f"{name}/{part}": array for part, array in arrays.items()}
