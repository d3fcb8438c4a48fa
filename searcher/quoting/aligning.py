"""Where in a text does a quote stand, word for word or nearly so, and what is different there?

A text carries a quote of n words if a stretch of its words, at most half as many again as n (and GAP more for each
ellipsis in the quote), holds at least SHARE in a hundred of the n in their order (all of up to SHORT), and at least
half of those that are not common ones. A word stands for itself in any of its forms, as in a search. A quote of
common words alone ("it is what it is") must stand there in a row, as it was typed. Of a text longer than LONGEST
words the first are the quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from searcher import text
from searcher.errors import QueryError
from searcher.model import Span
from searcher.query.common import common
from searcher.text import Word

FEWEST = 3
"""The fewest words of a quote."""

SHORT = 4

LONGEST = 60

SHARE = 70
"""How many of a hundred words must be there."""

GAP = 30
"""How many words an ellipsis may stand for."""

_NO_NAMES = frozenset({"will", "may", "us"})
"""Common words that may be names in a question, and hardly are in a quote."""

_ELLIPSIS = re.compile(r"[\[(]\s?(?:…|\.\.\.+|\. \. \.)\s?[\])]|…|\.\.\.+|\. \. \.")


@dataclass(frozen=True)
class Asked:
    """A quote that is looked for: its words, the stems that each may have, and what a text must have of it."""

    text: str
    words: tuple[Word, ...]
    stems: tuple[tuple[str, ...], ...]
    gaps: int = 0

    @property
    def least(self) -> int:
        """How many of its words a text must have."""
        number = len(self.words)
        return number if self.is_plain or number <= SHORT else -(-number * SHARE // 100)

    @property
    def window(self) -> int:
        """How many words the stretch may have that holds them."""
        number = len(self.words)
        return number if self.is_plain else number + -(-number // 2) + GAP * self.gaps

    @cached_property
    def telling(self) -> int:
        """Its words that are not common ones: the bits of their places."""
        padded = {"", *(word.raw for word in self.words)}  # common() leaves a question its last word
        plain = common(padded) | _NO_NAMES
        return sum(1 << at for at, word in enumerate(self.words) if word.raw not in plain)

    @property
    def is_plain(self) -> bool:
        """Whether it is of common words alone."""
        return not self.telling

    @cached_property
    def forms(self) -> tuple[dict[str, int], dict[str, int]]:
        """Surface, or stem, → the bits of the places in the quote where it may stand."""
        surfaces: dict[str, int] = {}
        stems: dict[str, int] = {}
        for at, word in enumerate(self.words):
            surfaces[word.surface] = surfaces.get(word.surface, 0) | 1 << at
            for stem in () if self.is_plain else self.stems[at]:
                stems[stem] = stems.get(stem, 0) | 1 << at
        return surfaces, stems


def asked(content: str, languages: tuple[str, ...]) -> Asked:
    """The quote that a text asks for, in an archive of these languages.

    Raises QueryError for less than FEWEST words.
    """
    words = tuple(text.words(content))[:LONGEST]
    if len(words) < FEWEST:
        hint = "`searcher quote 'three words or more'`; `search 'quote:word'` finds single words in quotation marks"
        raise QueryError("a quote has at least three words", content, (0, len(content)), hint)
    inside = content[words[0].start : words[-1].end]
    stems = tuple(text.stems(word.raw, languages) for word in words)
    return Asked(content, words, stems, len(_ELLIPSIS.findall(inside)))


class Removed(NamedTuple):
    """Words asked for that are not there; they would stand at `at` of the stretch."""

    at: int
    text: str


class Stretch(NamedTuple):
    """Where a text carries a quote: `start`..`end`, `share` of its words; `added` are spans of what is no part of
    it, or has another form, as offsets into the stretch."""

    start: int
    end: int
    share: float
    added: tuple[Span, ...] = ()
    removed: tuple[Removed, ...] = ()


def find(quote: Asked, content: str, language: str | None) -> Stretch | None:
    """The stretch of a text that has most of a quote, of several the shortest, then the first; None if it carries
    none."""
    surfaces, stems = text.terms(content, language)
    by_surface, by_stem = quote.forms
    pairs = zip(surfaces, stems, strict=True)
    fits = [by_surface.get(surface, 0) | by_stem.get(stem, 0) for surface, stem in pairs]
    if _union(set(fits)).bit_count() < quote.least:
        return None
    best = _best(quote, fits)
    return _shown(quote, content, surfaces, fits, *best) if best else None


def _best(quote: Asked, fits: Sequence[int]) -> Span | None:
    """The first and last word of the best stretch."""
    found: tuple[int, int, int] | None = None  # how much is missing, how long it is, where it begins
    number, least = len(quote.words), quote.least
    for first, places in _windows(fits, quote.window, least):
        within = [fits[at] for at in places]
        held = lengths(within, number)
        if held[-1] >= least and _tells(quote, within):
            end = places[held.index(held[-1])]
            found = min(found or (number, 0, 0), (number - held[-1], end - first, first))
    return (found[2], found[2] + found[1]) if found else None


def _windows(fits: Sequence[int], width: int, least: int) -> Iterator[tuple[int, list[int]]]:
    """The places of `width` in a row that hold enough different words of a quote, with the places that have any;
    each begins with one that has. What enters and what leaves is counted, so that a text is passed over once."""
    places = [at for at, bits in enumerate(fits) if bits]
    counts: dict[int, int] = {}
    last = 0
    for number, first in enumerate(places):
        while last < len(places) and places[last] < first + width:
            counts[fits[places[last]]] = counts.get(fits[places[last]], 0) + 1
            last += 1
        if last - number >= least and _union(counts).bit_count() >= least:
            yield first, places[number:last]
        counts[fits[first]] -= 1
        if not counts[fits[first]]:
            del counts[fits[first]]


def _union(several: Iterable[int]) -> int:
    every = 0
    for bits in several:
        every |= bits
    return every


def _tells(quote: Asked, within: Iterable[int]) -> bool:
    """Whether at least half of the words that are not common stand there in order."""
    wanted = -(-quote.telling.bit_count() // 2)
    told = [bits & quote.telling for bits in within if bits & quote.telling]
    return not wanted or (bool(told) and lengths(told, len(quote.words))[-1] >= wanted)


def lengths(within: Sequence[int], number: int) -> list[int]:
    """For each beginning of a row of words, how many of the `number` words of a quote it has in order.

    Each word is the bits of the places where it may stand. The longest common subsequence, a row of the table in
    one number: Hyyrö, "Bit-parallel LCS-length computation revisited" (2004).

    >>> lengths([0b100, 0b001, 0b010, 0b100], 3)
    [1, 1, 2, 3]
    """
    every = (1 << number) - 1
    row, found = every, []
    for bits in within:
        both = row & bits
        row = (row + both | row - both) & every
        found.append(number - row.bit_count())
    return found


def _shown(
    quote: Asked, content: str, surfaces: Sequence[str], fits: Sequence[int], first: int, last: int
) -> Stretch:
    """The stretch with its differences."""
    spans = text.Spans(content)[first : last + 1]
    start, end = spans[0][0], spans[-1][1]
    pairs = aligned(fits[first : last + 1], len(quote.words))
    equal = [(word, at) for word, at in pairs if quote.words[word].surface == surfaces[first + at]]
    standing = {at for _, at in equal}
    added = [(a - start, b - start) for at, (a, b) in enumerate(spans) if at not in standing]
    removed = _removed(quote, equal, spans, start)
    return Stretch(start, end, len(pairs) / len(quote.words), tuple(_joined(added, content[start:end])), removed)


def aligned(fits: Sequence[int], number: int) -> list[Span]:
    """The words of a quote beside the words of a stretch that stand for them, as many as there can be, in order."""
    table = [[0] * (len(fits) + 1)]
    for word in range(number):
        before, row = table[-1], [0]
        for at, bits in enumerate(fits):
            row.append(before[at] + 1 if bits >> word & 1 else max(before[at + 1], row[at]))
        table.append(row)
    found, word, at = list[Span](), number, len(fits)
    while word and at:
        if fits[at - 1] >> word - 1 & 1 and table[word][at] == table[word - 1][at - 1] + 1:
            word, at = word - 1, at - 1
            found.append((word, at))
        elif table[word - 1][at] >= table[word][at - 1]:
            word -= 1
        else:
            at -= 1
    return found[::-1]


def _removed(quote: Asked, equal: Sequence[Span], spans: Sequence[Span], start: int) -> tuple[Removed, ...]:
    """The words of the quote that are not there as they are asked for, those in a row together."""
    found: list[Removed] = []
    before = -1, -1
    for word, at in [*equal, (len(quote.words), len(spans))]:
        if word > before[0] + 1:
            begin, end = quote.words[before[0] + 1].start, quote.words[word - 1].end
            place = spans[before[1] + 1][0] if before[1] + 1 < len(spans) else spans[-1][1]
            found.append(Removed(place - start, quote.text[begin:end]))
        before = word, at
    return tuple(found)


def _joined(spans: Sequence[Span], content: str) -> list[Span]:
    """The spans, those with no word between them as one."""
    found: list[Span] = []
    for start, end in spans:
        if found and not any(map(str.isalnum, content[found[-1][1] : start])):
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found
