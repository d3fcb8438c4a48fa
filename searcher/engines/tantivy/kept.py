"""How are the words of a text kept, to be read again? Each different word once; by position which one stands there.

Tantivy does not tell where words stand, only whether they stand in a row; so what asks for more is looked up here.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import zstandard
from numpy.typing import NDArray

from searcher.query.plan import EXACT, STEM
from searcher.text import Words

Array: TypeAlias = NDArray[Any]

_HEAD = struct.Struct("<6I")
"""Bytes of the surfaces, stems and written forms; and how many positions, sentences and paragraphs there are."""

LEVEL = 3
"""How hard zstd tries: more takes twice the time and saves two hundredths."""


def packed(words: Words) -> bytes:
    """The words of a text field, which have no spaces in them."""
    written = words.written or [""] * len(words.surfaces)
    numbers = _Numbered()
    places = array("I", map(numbers.__getitem__, zip(words.surfaces, words.stems, written, strict=True)))
    forms = list(map(_lines, _columns(list(numbers))))
    sizes = *map(len, forms), len(places), len(words.sentences), len(words.paragraphs)
    arrays = places, array("I", words.sentences), array("I", words.paragraphs)
    parts = (_HEAD.pack(*sizes), *forms, *(one.tobytes() for one in arrays))
    return zstandard.compress(b"".join(parts), LEVEL)


def read(data: bytes, wanted: Iterable[tuple[str, str]]) -> Words:
    """What was packed, with the words that are wanted, by form, in their places, and "" in all others.

    A word as it is written has its surface there too. Raises ValueError, struct.error or zstandard.ZstdError for
    what was not packed.
    """
    data = zstandard.decompress(data)
    sizes, start, pieces = _HEAD.unpack_from(data), _HEAD.size, list[bytes]()
    for size in (*sizes[:3], *(4 * many for many in sizes[3:])):
        pieces.append(data[start : start + size])
        start += size
    lines = [piece.decode("utf-8", "surrogatepass").split("\n") for piece in pieces[:3]]
    places, sentences, paragraphs = (np.frombuffer(piece, "<u4") for piece in pieces[3:])
    surfaces, stems, written = ([""] * len(places) for _ in range(3))
    for form, word in wanted:
        surface, _, rest = word.partition("/") if form == EXACT else (word, "", "")
        into = stems if form == STEM else surfaces
        for at in _standing(places, _same(lines, form, word)):
            into[at] = surface
            if form == EXACT and rest != surface:
                written[at] = word
    return Words(surfaces, stems, sentences.tolist(), paragraphs.tolist(), written)


def _same(lines: Sequence[list[str]], form: str, word: str) -> list[int]:
    """The numbers of the words that have this form."""
    surfaces, stems, rests = lines
    if form == STEM:
        return [*_all(stems, word), *(at for at in _all(surfaces, word) if not stems[at])]
    if form == EXACT:
        surface, _, rest = word.partition("/")
        return [at for at in _all(surfaces, surface) if rests[at] == ("" if rest == surface else rest)]
    return list(_all(surfaces, word))


def _all(words: list[str], word: str) -> Iterator[int]:
    """Where a word stands; looked for as list.index() does, with no step in Python for other words."""
    at = -1
    for _ in range(words.count(word)):
        at = words.index(word, at + 1)
        yield at


def _standing(places: Array, numbers: Iterable[int]) -> Iterator[int]:
    for number in numbers:
        yield from (places == number).nonzero()[0].tolist()


class _Numbered(dict[tuple[str, str, str], int]):
    """Words in all their forms, numbered as they come."""

    def __missing__(self, forms: tuple[str, str, str]) -> int:
        number = self[forms] = len(self)
        return number


def _columns(triples: Sequence[tuple[str, str, str]]) -> tuple[list[str], list[str], list[str]]:
    """The surfaces; the stems that are not the surface; how words are written, behind the surface."""
    return (
        [surface for surface, _, _ in triples],
        ["" if stem == surface else stem for surface, stem, _ in triples],
        [written and written[len(surface) + 1 :] for surface, _, written in triples],
    )


def _lines(forms: Sequence[str]) -> bytes:
    return "\n".join(forms).encode("utf-8", "surrogatepass")
