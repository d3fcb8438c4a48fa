"""How do entries become arrays? Words are numbered as they come, and sorted once, when the buffer is full.

A word costs one lookup and four bytes until then. Two stable radix sorts by the rank of the word bring its
places together, in order of document and position, since that is the order they came in.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import compress, repeat
from typing import Any

import numpy as np

from searcher import text
from searcher.engines.port import Entry
from searcher.engines.whoosh.arrays import Array, by_rank, changes, offsets, smallest
from searcher.engines.whoosh.lexicon import lexicon_arrays
from searcher.engines.whoosh.postings import UNITS, UNKNOWN, Forms, form_arrays, postings_arrays, whole
from searcher.query.plan import EXACT, STEM
from searcher.text import Words


class Buffer:
    """Entries, numbered from 0 as they come. An id that comes again makes the earlier entry one of `replaced`."""

    def __init__(self) -> None:
        self.docs = 0
        self.size = 0
        self.replaced: set[int] = set()
        self._ids: dict[str, int] = {}
        self._words: dict[str, _Words] = {}
        self._values: dict[str, _Lists] = {}
        self._numbers: dict[str, array[int]] = {}

    def add(self, entry: Entry) -> None:
        """Takes an entry. `size` counts what makes a segment large: positions and values."""
        doc, self.docs = self.docs, self.docs + 1
        if entry.id in self._ids:
            self.replaced.add(self._ids[entry.id])
        self._ids[entry.id] = doc
        for name, words in entry.words.items():
            self.size += self._field(self._words, _Words, name).add(doc, words)
        for name, shown in entry.values.items():
            self.size += self._field(self._values, _Lists, whole(name)).add(doc, shown)
        for name, number in entry.numbers.items():
            column = self._field(self._numbers, _column, name)
            column.extend(repeat(UNKNOWN, doc - len(column)))
            column.append(number)

    @staticmethod
    def _field(fields: dict[str, Any], kind: Any, name: str) -> Any:
        if name not in fields:
            fields[name] = kind()
        return fields[name]

    def facts(self) -> dict[str, Any]:
        """What a file of these arrays notes: the fields of each kind; for words, the field with their lengths."""
        words = {name: name for name in self._words}
        words |= {name + STEM: name for name, field in self._words.items() if field.stemmed}
        words |= {name + EXACT: name for name, field in self._words.items() if field.written.numbered}
        return segment_facts(self.docs, words, self._values, self._numbers)

    def arrays(self) -> Iterator[tuple[str, Array]]:
        """Every array of the segment. Empties the buffer field by field."""
        while self._words:
            name, field = self._words.popitem()
            yield from field.arrays(name, self.docs).items()
        while self._values:
            name, lists = self._values.popitem()
            yield from value_arrays(name, *lists.arrays(self.docs)).items()
        for name, column in self._numbers.items():
            column.extend(repeat(UNKNOWN, self.docs - len(column)))
            yield f"{name}/numbers", np.array(column, np.int32)


def segment_facts(
    docs: int, words: Mapping[str, str], values: Iterable[str], numbers: Iterable[str]
) -> dict[str, Any]:
    """The facts in the directory of a segment's file."""
    return {
        "docs": docs,
        "writer": "searcher",
        "words": dict(sorted(words.items())),
        "values": sorted(values),
        "numbers": sorted(numbers),
    }


class _Numbered(dict[str, int]):
    """Words, numbered as they come."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number

    def ranked(self) -> tuple[list[str], Array]:
        """The words in order of their UTF-8, which is that of their characters; and the rank of each number."""
        ordered = sorted(self)
        ranks = np.empty(len(ordered), np.uint32)
        ranks[np.fromiter(map(self.__getitem__, ordered), np.int64, len(ordered))] = np.arange(len(ordered))
        return ordered, ranks


def _column() -> array[int]:
    return array("i")


class _Lists:
    """For every document a list of numbers of words; documents that were left out have none."""

    def __init__(self) -> None:
        self.numbered = _Numbered()
        self.numbers = array("I")
        self.counts = array("I")

    def add(self, doc: int, words: Sequence[str]) -> int:
        """Adds the list of a document, and says how long it is."""
        self.numbers.extend(map(self.numbered.__getitem__, words))
        self.counts.extend(repeat(0, doc - len(self.counts)))
        self.counts.append(len(words))
        return len(words)

    def arrays(self, docs: int) -> tuple[list[str], Array, Array]:
        """The different words, sorted; all lists, as ranks in them; how long each document's list is."""
        self.counts.extend(repeat(0, docs - len(self.counts)))
        words, ranks = self.numbered.ranked()
        return words, ranks[np.frombuffer(self.numbers, np.uint32)], np.array(self.counts, np.int64)


class _Sparse(_Lists):
    """Lists in which most words are "": the others, and where they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.places = array("I")

    def add(self, doc: int, words: Sequence[str]) -> int:
        self.places.extend(compress(range(len(words)), words))
        return super().add(doc, list(filter(None, words)))


class _Words:
    """A field of words: surfaces with their stems, words written otherwise, sentences, paragraphs."""

    def __init__(self) -> None:
        self.surfaces = _Lists()
        self.stems = _Lists()
        self.stems.numbered[""]
        self.stemmed = False
        self.written = _Sparse()
        self.units = {unit: (array("I"), array("I")) for unit in UNITS}

    def add(self, doc: int, words: Words) -> int:
        size = self.surfaces.add(doc, words.surfaces)
        self.stems.add(doc, words.stems or [""] * size)
        self.stemmed |= bool(words.stems)
        size += len(words.stems) + self.written.add(doc, words.written)
        for unit, starts in zip(UNITS, (words.sentences, words.paragraphs), strict=True):
            flat, counts = self.units[unit]
            flat.extend(starts)
            counts.extend(repeat(0, doc - len(counts)))
            counts.append(len(starts))
        return size

    def arrays(self, name: str, docs: int) -> dict[str, Array]:
        words, ranks, extent = self.surfaces.arrays(docs)
        owners = np.repeat(np.arange(docs), extent)
        gaps = np.bincount(owners[ranks == 0], minlength=docs) if words[:1] == [""] else 0
        places = np.arange(len(ranks), dtype=np.uint32) - offsets(extent)[:-1].astype(np.uint32).repeat(extent)
        arrays = _sorted(name, *_forms(words, ranks, *self.stems.arrays(docs)[:2]), extent, places)
        arrays |= {f"{name}/extent": smallest(extent), f"{name}/length": smallest(extent - gaps)}
        if self.written.numbered:
            words, ranks, counts = self.written.arrays(docs)
            places = np.frombuffer(self.written.places, np.uint32)
            arrays |= _sorted(name + EXACT, Forms.plain(_encoded(words)), ranks, counts, places)
        for unit, (flat, each) in self.units.items():
            if flat:
                each.extend(repeat(0, docs - len(each)))
                arrays |= unit_arrays(f"{name}/{unit}", np.array(flat), np.array(each, np.int64))
        return arrays


def unit_arrays(name: str, starts: Array, counts: Array) -> dict[str, Array]:
    """Where sentences or paragraphs begin: positions, document after document, and where each document's begin."""
    return {name: smallest(starts), f"{name}.at": smallest(offsets(counts))}


def _forms(words: list[str], ranks: Array, known: list[str], stems: Array) -> tuple[Forms, Array]:
    """The forms of a field, and which stands at each place. Nearly every word has one stem; others are added."""
    first = np.zeros(len(words), np.int64)
    first[ranks] = stems
    other = np.flatnonzero(first[ranks] != stems)
    more, which = np.unique(ranks[other] * np.int64(len(known)) + stems[other], return_inverse=True)
    pairs = np.append(np.arange(len(words)) * len(known) + first, more)
    order, rank = np.argsort(pairs), np.empty(len(pairs), np.uint32)
    rank[order] = np.arange(len(pairs))
    form = rank[ranks]
    form[other] = rank[len(words) + which]
    return Forms.of(_encoded(words), _encoded(known), pairs[order]), form


def _sorted(name: str, forms: Forms, ranks: Array, extent: Array, places: Array) -> dict[str, Array]:
    """The postings of a field from its forms, how many each document has, and their places; "" is a gap."""
    owners = np.repeat(np.arange(len(extent), dtype=np.uint32), extent)
    order = by_rank(ranks, len(forms.word))
    if forms.words[:1] == [b""]:
        gaps = int(np.count_nonzero(ranks == 0))
        order, ranks = order[gaps:], ranks - 1
        forms = Forms(forms.words[1:], forms.stems, forms.word[1:] - 1, forms.stem[1:])
    places, terms, docs = places[order], ranks[order], owners[order]
    first = np.flatnonzero(changes(terms) | changes(docs))
    counts = np.bincount(terms[first], minlength=len(forms.word))
    often = np.diff(np.append(first, len(order)))
    spread = np.bincount(terms, minlength=len(forms.word))
    return form_arrays(name, forms, counts, docs[first], often, places, spread)


def value_arrays(name: str, shown: list[str], codes: Array, counts: Array) -> dict[str, Array]:
    """A field of whole values: a column of them as they are shown, and postings of them folded.

    F/shown are the different values, F/hash a 64-bit BLAKE2b of each, by which segments know them again. Where no
    document has more than one, F/codes has 0 for none and otherwise a value's number plus one, by document; else
    F/codes are numbers, document after document, and F/codes.at is where each document's begin.
    """
    owners = np.repeat(np.arange(len(counts)), counts)
    data = _encoded(shown)
    arrays = lexicon_arrays(f"{name}/shown", data)
    arrays[f"{name}/hash"] = np.array([hashed(value) for value in data], np.uint64)
    if len(counts) and counts.max() > 1:
        arrays |= {f"{name}/codes": smallest(codes), f"{name}/codes.at": smallest(offsets(counts))}
    else:
        column = np.zeros(len(counts), np.int64)
        column[owners] = codes.astype(np.int64) + 1
        arrays[f"{name}/codes"] = smallest(column)
    return arrays | _folded(name, shown, codes, owners)


def _encoded(words: Iterable[str]) -> list[bytes]:
    return [word.encode("utf-8", "surrogatepass") for word in words]


def _folded(name: str, shown: list[str], codes: Array, owners: Array) -> dict[str, Array]:
    numbered = _Numbered()
    numbers = np.fromiter((numbered[text.value(value)] for value in shown), np.int64, len(shown))
    words, ranks = numbered.ranked()
    number = int(owners[-1]) + 1 if len(owners) else 1
    pairs = np.unique(ranks[numbers[codes]].astype(np.int64) * number + owners)
    return postings_arrays(
        name, _encoded(words), np.bincount(pairs // number, minlength=len(words)), pairs % number
    )


def hashed(value: bytes) -> int:
    """64 bits that stand for a value: two values of a million share theirs once in forty million archives."""
    return int.from_bytes(blake2b(value, digest_size=8).digest(), "little")
