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

NONE = " "
"""For the stem of a word that has none: a name. No word has a space in it, and "" is for the surface."""

LEVEL = 3
"""How hard zstd tries: more takes twice the time and saves two hundredths."""


def packed(words: Words) -> bytes:
    """The words of a field, which have no spaces in them."""
    stems, written = (
        forms or [none] * len(words.surfaces) for forms, none in ((words.stems, NONE), (words.written, ""))
    )
    numbers = _Numbered()
    places = array("I", map(numbers.__getitem__, zip(words.surfaces, stems, written, strict=True)))
    forms = list(map(_lines, _columns(list(numbers))))
    sizes = *map(len, forms), len(places), len(words.sentences), len(words.paragraphs)
    arrays = places, array("I", words.sentences), array("I", words.paragraphs)
    parts = (_HEAD.pack(*sizes), *forms, *(one.tobytes() for one in arrays))
    return zstandard.compress(b"".join(parts), LEVEL)


def read(data: bytes, wanted: Iterable[tuple[str, str]]) -> Words:
    """What was packed, with the words that are wanted, by form, in their places, and "" in all others.

    A word as it is written has its surface there too, and a surface says how it is written. Raises ValueError,
    struct.error or zstandard.ZstdError for what was not packed.
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
        surface = word.partition("/")[0] if form == EXACT else word
        into = stems if form == STEM else surfaces
        for number in _same(lines, form, word):
            rest = "" if form == STEM else lines[2][number]
            for at in (places == number).nonzero()[0].tolist():
                into[at] = surface
                if rest:
                    written[at] = f"{surface}/{rest}"
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
