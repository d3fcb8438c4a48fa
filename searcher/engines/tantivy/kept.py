"""How are the words of a text kept, to be read again? Each different word once; by position which one stands there.

Tantivy does not tell where words stand, only whether they stand in a row; so what asks for more is looked up here.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence
from operator import itemgetter

import zstandard

from searcher.text import Words

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


def unpacked(data: bytes) -> Words:
    """The words that were packed. Raises ValueError, struct.error or zstandard.ZstdError for what was not."""
    data = zstandard.decompress(data)
    sizes, start, pieces = _HEAD.unpack_from(data), _HEAD.size, list[bytes]()
    for size in (*sizes[:3], *(4 * many for many in sizes[3:])):
        pieces.append(data[start : start + size])
        start += size
    surfaces, stems, rests = (piece.decode("utf-8", "surrogatepass").split("\n") for piece in pieces[:3])
    places, sentences, paragraphs = (array("I", piece) for piece in pieces[3:])
    pairs = list(zip(surfaces, stems, rests, strict=True))
    stems = [stem or surface for surface, stem, _ in pairs]
    written = [rest and f"{surface}/{rest}" for surface, _, rest in pairs]
    first, second, third = (_at(places, forms) for forms in (surfaces, stems, written))
    return Words(first, second, sentences, paragraphs, third)


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


def _at(places: Sequence[int], forms: Sequence[str]) -> Sequence[str]:
    """The form that stands at each of the places."""
    return itemgetter(*places)(forms) if len(places) > 1 else [forms[place] for place in places]
