"""What does a segment hold? Its arrays, by field; what is derived from them is kept within a bound."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import numpy as np

from searcher.engines.ranking import LENGTHS
from searcher.engines.whoosh.arrays import Array, Arrays, checked, lengths, offsets, ranges
from searcher.engines.whoosh.lexicon import Lexicon
from searcher.engines.whoosh.postings import UNKNOWN, Postings, Run, together
from searcher.engines.whoosh.toc import HINT
from searcher.errors import IndexDamaged
from searcher.query.plan import EXACT

T = TypeVar("T")

SMALL = 1 << 30
"""Positions up to here are kept in four bytes: what is counted on from them fits as well."""

EXTENSION = ".arr"
"""Of the file with all arrays of a segment."""


class Cache:
    """What was derived from arrays, as far as `limit` bytes go; what was not used for longest goes first.

    Safe under threads: two that miss the same thing at once both make it, and one of them is kept.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """The thing under this key, made if it is not held; `size` is how many bytes it takes."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                held: T = self._held[key][0]
                return held
        made = make()
        self._keep(key, made, size(made))
        return made

    def holds(self, key: Hashable) -> bool:
        """Whether the thing under this key is held."""
        return key in self._held

    def _keep(self, key: Hashable, made: object, size: int) -> None:
        with self._lock:
            if size > self._limit or key in self._held:
                return
            self._held[key] = made, size
            self._bytes += size
            while self._bytes > self._limit:
                self._bytes -= self._held.popitem(last=False)[1][1]


class Caches(NamedTuple):
    """What was derived of all documents, which search after search needs; what of those that one asked for; and the
    words of whole fields, which take little room, and long to be read."""

    tables: Cache
    asked: Cache
    words: Cache


@dataclass(slots=True, eq=False)
class Part:
    """A segment on disk, and which of its documents are deleted."""

    identity: str
    arrays: Arrays
    deleted: set[int] = field(default_factory=set)

    @property
    def left(self) -> int:
        """How many documents are left."""
        return int(self.arrays.facts["docs"]) - len(self.deleted)

    def live(self) -> Array | None:
        """For every document whether it is left; None if all are."""
        if not self.deleted:
            return None
        live = np.ones(self.arrays.facts["docs"], bool)
        live[list(self.deleted)] = False
        return live


class Segment:
    """One segment of a view, by field. Documents are numbered from 0; `live` is None where none was deleted."""

    def __init__(self, part: Part, caches: Caches) -> None:
        if part.arrays.facts.get("writer") != "searcher":
            raise IndexDamaged(f"written by another program: {part.arrays.name}")
        self.arrays = part.arrays
        self.docs: int = part.arrays.facts["docs"]
        self.live = part.live()
        self.left = part.left
        self._caches = caches
        self._postings: dict[str, Postings | None] = {}
        self._columns: dict[str, Column | None] = {}

    def _kept(self, *key: str, make: Callable[[], Array]) -> Array:
        return self._caches.tables.get((id(self), *key), make, lambda array: array.nbytes)

    def marked(self, several: Iterable[Array]) -> Array:
        """For every document whether any of these arrays of documents has it."""
        marked = np.zeros(self.docs, bool)
        for docs in several:
            marked[docs] = True
        return marked

    def living(self) -> Array:
        """The documents that were not deleted."""
        return np.arange(self.docs) if self.live is None else self.live.nonzero()[0]

    def postings(self, name: str) -> Postings | None:
        """The words of an index field, or folded values; None if no document has any."""
        if name not in self._postings:
            self._postings[name] = Postings(self.arrays, name) if f"{name}/text" in self.arrays else None
        return self._postings[name]

    def column(self, name: str) -> Column | None:
        """The values of a field as they are shown; None if no document has any."""
        if name not in self._columns:
            self._columns[name] = Column(self.arrays, name) if f"{name}/codes" in self.arrays else None
        return self._columns[name]

    def numbers(self, name: str) -> Array:
        """A number for every document, UNKNOWN for none."""
        held = self.arrays.get(f"{name}/numbers")
        return np.full(self.docs, UNKNOWN, np.int32) if held is None else held

    def _by_document(self, name: str, part: str) -> Array:
        """The `length` or `extent` of a field in every document; stems have those of their surfaces."""
        held = self.arrays.get(f"{self.base(name)}/{part}")
        return np.zeros(self.docs, np.uint8) if held is None else held

    def words(self, name: str) -> int:
        """How many words of a field the documents that are left have together."""
        lengths = self._by_document(name, "length")
        return int((lengths if self.live is None else lengths[self.live]).sum(dtype=np.int64))

    def runs(self, name: str, word: str) -> Sequence[Run]:
        """The postings of each form of a word of an index field, or of a folded value."""
        if name.endswith(EXACT):
            surface, _, written = word.partition("/")
            if surface == written:
                return self._caches.asked.get((id(self), name, word), lambda: self._plain(name, surface), _size)
        postings = self.postings(name)
        return postings.of(word) if postings else ()

    def _plain(self, name: str, surface: str) -> Sequence[Run]:
        """Where a word stands that is written as its surface: where no other way to write it does."""
        runs, kept = self.runs(self.base(name), surface), self.postings(name)
        others = kept.lexicon.prefixed(f"{surface}/".encode("utf-8", "surrogatepass")) if kept else range(0)
        if not runs or kept is None or not others:
            return runs
        return _without(together(runs), [run for number in others for run in kept.runs(number)])

    def base(self, name: str) -> str:
        """The field that has the lengths of this index field: stems have those of their surfaces."""
        known: str | None = self.arrays.facts["words"].get(name)
        return known or name.removesuffix(EXACT)

    def codes(self, names: tuple[str, ...]) -> Array:
        """Field by field, for every document: which of LENGTHS it has."""
        return self._kept("codes", *names, make=lambda: self._coded(names))

    def _coded(self, names: tuple[str, ...]) -> Array:
        return np.concatenate([_code(self._by_document(name, "length")) for name in names])

    def starts(self, name: str) -> Array:
        """Where every document begins if the positions of all are counted on, and where the last one ends.

        A position that no document has lies between two: no row of words runs from one into the next.
        """
        name = self.base(name)
        return self._kept("starts", name, make=lambda: self._started(name))

    def _started(self, name: str) -> Array:
        starts = offsets(self._by_document(name, "extent").astype(int) + 1)
        return starts if starts[-1] > SMALL else starts.astype(np.int32)

    def extents(self, name: str) -> Array:
        """How many positions of an index field every document has."""
        return self._by_document(name, "extent")

    def units(self, name: str, unit: str) -> tuple[Array, Array] | None:
        """At which positions the sentences, or paragraphs, of every document begin, one document after the other,
        and where those of each begin in there; None where the field has none.
        """
        flat, at = self.arrays.get(f"{name}/{unit}"), self.arrays.get(f"{name}/{unit}.at")
        if flat is None or at is None:
            return None
        return flat, checked(at, len(flat), f"{self.arrays.name}: {name}/{unit}.at")


def _code(lengths: Array) -> Array:
    """Which of LENGTHS each of these is: looked up, of all up to the longest."""
    longest = min(int(lengths.max(initial=0)), LENGTHS[-1])
    codes = np.searchsorted(LENGTHS[:-1], np.arange(longest + 1)).astype(np.uint8)
    return codes.take(lengths, mode="clip")


def _size(runs: Sequence[Run]) -> int:
    return sum(part.nbytes for run in runs for part in run)


def _without(run: Run, others: Sequence[Run]) -> Sequence[Run]:
    """Where a word stands and none of the others, which stand at places of it. Few documents have one of those."""
    of, gone = np.concatenate([one.docs for one in others]), np.concatenate([one.numbered() for one in others])
    docs = np.unique(of)
    at = run.docs.searchsorted(docs)
    counts = run.often[at].astype(np.int64)
    looked = ranges(run.often.cumsum(dtype=np.int64)[at] - counts, counts)
    left = np.ones(len(run.places), bool)
    left[looked[Run(docs, counts, run.places[looked]).numbered().searchsorted(gone)]] = False
    often = run.often.astype(np.int64)
    often[at] -= np.bincount(docs.searchsorted(of), np.concatenate([one.often for one in others])).astype(np.int64)
    some = often > 0
    return [Run(run.docs[some], often[some], run.places[left])] if some.any() else ()


class Column:
    """The whole values of a field: each different one once, as it is shown, and which of them a document has."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        self.shown = Lexicon(arrays, f"{name}/shown")
        self.hashes = arrays[f"{name}/hash"]
        self._codes = arrays[f"{name}/codes"]
        self._name = f"{arrays.name}: {name}"
        at = arrays.get(f"{name}/codes.at")
        self._at = None if at is None else checked(at, len(self._codes), f"{self._name}/codes.at")

    @property
    def several(self) -> bool:
        """Whether a document may have several values."""
        return self._at is not None

    def every(self) -> tuple[Array, Array]:
        """The numbers of the values of all documents, one document after the other, and how many each has."""
        none = 1 if self._at is None else 0
        if len(self._codes) and int(self._codes.max()) >= len(self.shown) + none:
            raise IndexDamaged(f"damaged: {self._name}/codes", HINT)
        if self._at is not None:
            return self._codes, lengths(self._at)
        return self._codes[self._codes > 0] - 1, (self._codes > 0).astype(np.int64)

    def first(self, docs: Array) -> Array:
        """The first value of each document, as a number of `shown`; -1 for none."""
        if self._at is None:
            return self._codes[docs].astype(np.int64) - 1
        at, after = self._at[docs], self._at[docs + 1]
        first = self._codes[np.minimum(at, len(self._codes) - 1)].astype(np.int64)
        return np.where(after > at, first, -1)

    def text(self, number: int) -> str:
        """A value as it is shown. Raises IndexDamaged also where nothing catches the errors of reading."""
        try:
            return self.shown[number].decode("utf-8", "surrogatepass")
        except (IndexError, UnicodeDecodeError) as error:
            raise IndexDamaged(f"damaged: {self._name}/shown", HINT) from error
