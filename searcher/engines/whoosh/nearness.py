"""Which places hold what is asked of them: another one near, in this order, in the same sentence, early enough?

The positions of the documents that may have such places are laid out in one row, document after document, with a
gap behind each that no condition reaches across. Words are marks on them: what stands near something is found by
shifting its marks and putting one upon the other. So many positions are marked at once as fit into a processor's
cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from searcher.engines.whoosh.arrays import Array
from searcher.engines.whoosh.layout import FAR, Having, Layout
from searcher.engines.whoosh.places import NONE
from searcher.engines.whoosh.postings import Run
from searcher.engines.whoosh.segments import Segment
from searcher.query.plan import ANY, First, Near, Row, Spot

STRETCH = 1 << 18
"""How many positions are marked at once."""

Marks = Mapping[int, Array]
"""By the number of positions that a place takes, for every position whether such a place starts there."""


Counted = tuple[Array, Array]
"""Documents, rising, and how many places each has."""


class Standing(NamedTuple):
    """The places of each spot, counted by document; and those of all together, equal ones once."""

    spots: Sequence[Counted]
    together: Counted


def standing(segment: Segment, spots: Sequence[Spot]) -> Standing:
    """Where the places are that some spots of one field describe."""
    among = np.logical_or.reduce([Having(segment).docs(spot) for spot in spots])
    docs = among.nonzero()[0].astype(np.int32)
    if not len(docs):
        return Standing([(NONE, NONE)] * len(spots), (NONE, NONE))
    counts = [block.counts(spots) for block in _blocks(Layout(segment, spots, docs), among)]
    each = [np.concatenate(parts) for parts in zip(*counts, strict=True)]
    *several, together = [(docs[often > 0], often[often > 0]) for often in each]
    return Standing(several, together)


def _blocks(layout: Layout, among: Array) -> Iterator[_Block]:
    """The documents of a layout, so many at a time as have STRETCH positions, or one that has more."""
    words = list(layout.words(among))
    stretch = max(STRETCH, int(layout.starts[-1]) // len(layout.starts))  # no more of them than documents
    borders = np.unique(layout.starts.searchsorted(np.arange(stretch, layout.starts[-1], stretch)))
    ends = [0, *(borders[borders < len(layout.docs)].tolist()), len(layout.docs)]
    parts = [(word, found.parted(ends)) for word, found in words]
    units: dict[str, Array] = {}
    for number, (begin, end) in enumerate(pairwise(ends)):
        held: dict[tuple[str, str], list[Run]] = {}
        for word, part in parts:
            held.setdefault(word, []).append(part[number])
        yield _Block(layout, begin, end, held, units)


class _Block:
    """Marks on the positions of some documents of a layout, those from number `begin` to `end`."""

    def __init__(
        self,
        layout: Layout,
        begin: int,
        end: int,
        words: Mapping[tuple[str, str], Sequence[Run]],
        units: dict[str, Array],
    ) -> None:
        self._docs, self._extents = layout.docs[begin:end], layout.extents[begin:end]
        self._layout, self._words, self._units = layout, words, units
        self._first = int(layout.starts[begin])
        self._starts = layout.starts[begin:end] - self._first
        self._size = int(layout.starts[end]) - self._first
        self._begin = begin
        self._found: dict[tuple[int, ...], Marks] = {}
        self._numbered: dict[str, Array] = {}

    def counts(self, spots: Sequence[Spot]) -> list[Array]:
        """How many places of each spot every document has, and then how many different ones of all."""
        found = [self._spot(spot) for spot in spots]
        return [self._counted(marks) for marks in (*found, found[0] if len(found) == 1 else _joined(found))]

    def _counted(self, found: Marks) -> Array:
        counts = np.zeros(len(self._docs), np.int32)
        for marks in found.values():  # in a small type it is several times as fast
            counts += np.add.reduceat(marks.view(np.uint8), self._starts, dtype=self._layout.most)
        return counts

    def _spot(self, spot: Spot) -> Marks:
        """The places of a spot. What a chain of nearness shares is looked for once."""
        key: tuple[int, ...] = (id(spot.rows),)
        if key not in self._found:
            self._found[key] = self._rows(spot.rows)
        for number, condition in enumerate(spot.where):
            before, key = self._found[key], (*key, id(condition))
            if key not in self._found:
                some = Spot(spot.rows, spot.where[:number])
                self._found[key] = {width: self._only(some, width, condition) & before[width] for width in before}
        return self._found[key]

    def _rows(self, rows: Sequence[Row]) -> Marks:
        """Where any of these rows of words starts."""
        found: dict[int, Array] = {}
        for row in dict.fromkeys(rows):
            marks = found.setdefault(len(row.texts), np.zeros(self._size, bool))
            if len(row.texts) == 1:
                self._mark(marks, row.field, row.texts[0])
            else:
                marks |= self._row(row)
        return found

    def _row(self, row: Row) -> Array:
        marked = np.ones(self._size, bool)
        for at, word in enumerate(row.texts):
            marks = np.zeros(self._size, bool)
            self._mark(marks, row.field, word)
            marked[: self._size - at] &= marks[at:]
        return marked

    def _mark(self, marks: Array, field: str, text: str) -> None:
        """Marks every place of a word; any position of a document is one of ANY."""
        if text == ANY:
            marks |= self._early(self._extents)
        else:
            for form in self._words.get((field, text), ()):
                marks[self._placed(form)] = True

    def _places(self, field: str, text: str) -> Array:
        """The places of a word, rising."""
        found = [self._placed(word) for word in self._words.get((field, text), ())]
        return found[0] if len(found) == 1 else np.sort(np.concatenate([NONE, *found]), kind="stable")

    def _placed(self, form: Run) -> Array:
        return self._starts.take(form.docs - self._begin).repeat(form.often) + form.places

    def _early(self, numbers: Array) -> Array:
        """Marks on so many of the first positions of each document."""
        marks = np.zeros(2 * len(numbers), bool)
        marks[::2] = True
        rest = self._extents + self._layout.gap - numbers
        return marks.repeat(np.stack([numbers, rest], axis=1).ravel())

    def _only(self, spot: Spot, width: int, condition: Near | First) -> Array:
        """Marks where a place of this width would fulfil a condition, at least where the spot has one."""
        if isinstance(condition, First):
            return self._early(np.clip(condition.words - width + 1, 0, self._extents))
        if not isinstance(condition.within, int):
            near = self._in_unit(spot, width, condition, condition.within)
        elif condition.within <= FAR:
            near = self._within(width, condition, condition.within)
        else:
            near = self._far(spot, width, condition, condition.within)
        return ~near if condition.negated else near

    def _within(self, width: int, condition: Near, within: int) -> Array:
        """Marks where a place of this width would have another one at most so many positions behind or before."""
        near = np.zeros(self._size, bool)
        for other, marks in _joined(map(self._spot, condition.spots)).items():
            spread = _spread(marks, within)
            if condition.order != "before":
                near[: -width - within] |= spread[width + within :]
            if condition.order != "after":
                near[other:] |= spread[:-other]
        return near

    def _far(self, spot: Spot, width: int, condition: Near, within: int) -> Array:
        """The same for any number of positions, by looking for the next one behind, or before, in the document."""
        near = np.zeros(self._size, bool)
        others = [each for one in condition.spots for each in self._listed(one) if len(each[1])]
        for places in (places for own, places in self._listed(spot) if own == width):
            of, held = self._starts.searchsorted(places, "right") - 1, np.zeros(len(places), bool)
            first, after = self._starts.take(of), self._starts.take(of) + self._extents.take(of)
            for other, starts in others:
                behind = starts.take(starts.searchsorted(places + width), mode="clip")
                before = starts.take(np.maximum(starts.searchsorted(places - other, "right") - 1, 0))
                if condition.order != "before":
                    held |= (places + width <= behind) & (behind <= places + width + within) & (behind < after)
                if condition.order != "after":
                    held |= (first <= before) & (before <= places - other) & (places - other - before <= within)
            near[places[held]] = True
        return near

    def _in_unit(self, spot: Spot, width: int, condition: Near, unit: str) -> Array:
        """Marks on the places of this width that another one follows, or precedes, in one unit.

        What follows may be the last one that starts in the unit, what precedes the one that ends first.
        """
        units = self._numbers(unit)
        last, first = np.full(int(units[-1]) + 1, -1), np.full(int(units[-1]) + 1, self._size)
        for other, places in (each for one in condition.spots for each in self._listed(one)):
            of = units.take(places)
            last[of] = np.maximum(last[of], places)  # of those in one unit the one that is given last stays
            first[of[::-1]] = np.minimum(first[of], places + other)[::-1]
        near = np.zeros(self._size, bool)
        for places in (places for own, places in self._listed(spot) if own == width):
            of, held = units.take(places), np.zeros(len(places), bool)
            if condition.order != "before":
                held |= last.take(of) >= places + width
            if condition.order != "after":
                held |= first.take(of) <= places
            near[places[held]] = True
        return near

    def _listed(self, spot: Spot) -> Iterator[tuple[int, Array]]:
        """The places of a spot in rising numbers, each with its width; those of single words as they are kept."""
        if spot.where or any(len(row.texts) > 1 or ANY in row.texts for row in spot.rows):
            yield from ((width, marks.nonzero()[0]) for width, marks in self._spot(spot).items())
        else:
            yield from ((1, self._places(row.field, row.texts[0])) for row in spot.rows)

    def _numbers(self, unit: str) -> Array:
        """For each position the number of its sentence, or paragraph."""
        if unit not in self._numbered:
            if unit not in self._units:
                self._units[unit] = self._layout.units(unit)
            begun = self._units[unit]
            first, last = begun.searchsorted([self._first, self._first + self._size])
            counts = np.diff(begun[first:last] - self._first, prepend=0, append=self._size)
            self._numbered[unit] = np.arange(len(counts), dtype=np.uint32).repeat(counts)
        return self._numbered[unit]


def _joined(several: Iterable[Marks]) -> Marks:
    joined: dict[int, Array] = {}
    for found in several:
        for width, marks in found.items():
            joined[width] = joined[width] | marks if width in joined else marks
    return joined


def _spread(marks: Array, number: int) -> Array:
    """The marks, and so many positions behind each: twice as many with every step."""
    spread, reach = marks.copy(), 1
    while reach <= number:
        step = min(reach, number + 1 - reach)
        spread[step:] |= spread[:-step]
        reach += step
    return spread
