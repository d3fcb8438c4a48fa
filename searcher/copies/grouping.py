"""Which articles of an archive are copies? Pairs of signatures that meet, verified, and joined to groups.

Two signatures meet if two numbers that stand near each other are the same in both (locality-sensitive hashing,
Indyk and Motwani 1998). What a group is does not depend on the order in which its pairs are found, so that a pair
that others have joined already need not be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from tempfile import TemporaryFile
from typing import IO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from searcher.copies.comparing import alike
from searcher.copies.shingles import SIGNS, Text

NEXT = 2
"""How far the two numbers stand from each other at most."""

COMMON = 9
"""How many numbers in all two signatures must have in common."""

SHELF = 4_000_000
"""How many words of texts are held in memory at a time."""

STEP = 20_000
"""How many pairs are compared at once."""

_MIX, _LOW, _NONE = np.uint64(0x9E3779B97F4A7C15), (1 << 20) - 1, bytes(4 * SIGNS)

Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Pairs: TypeAlias = tuple[Ints, Ints]
Signs: TypeAlias = NDArray[np.uint32]
"""Signatures, a row each; zeros where there is none."""


def signs(signatures: Iterable[bytes]) -> Signs:
    """A row of numbers for each signature; zeros for one that is b""."""
    return np.frombuffer(b"".join(held or _NONE for held in signatures), "<u4").reshape(-1, SIGNS)


def candidates(signs: Signs, changed: Flags | None = None) -> Iterator[tuple[int, int]]:
    """The pairs of articles that may be copies, and of which one at least has changed: each once."""
    for first, second in _pairs(signs, changed, np.arange(len(signs))):
        low, high = np.minimum(first, second), np.maximum(first, second)
        yield from zip(low.tolist(), high.tolist(), strict=True)


def near(signs: Signs, changed: Flags) -> Flags:
    """Which articles have changed, or may be copies of one that has: nearly all others are none."""
    signed = _signed(signs)
    fresh = np.flatnonzero(changed & signed)
    common, known = np.zeros(len(signs), np.uint8), np.zeros(_LOW + 1, np.bool_)
    for place in range(SIGNS):
        low = signs[:, place] & _LOW
        known[low[fresh]] = True
        common += known[low]
        known[low[fresh]] = False
    return changed | signed & (common >= COMMON)


def groups(
    signs: Signs,
    text: Callable[[int], Text],
    changed: Flags | None = None,
    joined: Iterable[tuple[int, int]] = (),
    scratch: IO[bytes] | None = None,
) -> Ints:
    """For each article the number of the first of its group: its own if it is alone.

    `text` gives the text of an article when it is needed. Where only some have changed, `joined` are pairs that
    hold the groups of the others together. A group of which a member changed or left has changed as a whole.
    near() says which of the others can be left out. What memory has no room for is put into the file `scratch`, or
    into a temporary one.
    """
    file = scratch or TemporaryFile()  # noqa: SIM115  # it is closed when nobody holds it
    union, shelf = _Union(len(signs)), _Shelf(text, len(signs), file)
    for one, other in joined:
        union.join(one, other)
    for pairs in _pairs(signs, changed, union.group):
        for one, other in zip(*(side.tolist() for side in pairs), strict=True):
            if union.group[one] != union.group[other] and alike(shelf[one], shelf[other]):
                union.join(one, other)
    return union.firsts()


class _Union:
    """Which articles are joined: they have one number in `group`, at any time."""

    def __init__(self, size: int) -> None:
        self.group: Ints = np.arange(size)
        self._members: dict[int, list[int]] = {}

    def join(self, one: int, other: int) -> None:
        first, second = int(self.group[one]), int(self.group[other])
        if first == second:
            return
        some, others = (self._members.pop(number, [number]) for number in (first, second))
        if len(some) < len(others):
            first, some, others = second, others, some
        self.group[others] = first
        self._members[first] = some + others

    def firsts(self) -> Ints:
        first = np.arange(len(self.group))
        for members in self._members.values():
            first[members] = min(members)
        return first


class _Shelf(dict[int, Text]):
    """The texts that were asked for. When there are too many they are laid into a file: to take one from there is
    forty times as fast as to make it of its article."""

    def __init__(self, text: Callable[[int], Text], size: int, file: IO[bytes]) -> None:
        super().__init__()
        self._text, self._file, self._words = text, file, 0
        self._places: Ints = np.zeros((size, 2), np.int64)

    def __missing__(self, at: int) -> Text:
        if self._words > SHELF:
            self._clear()
        self[at] = text = self._read(at) or self._text(at)
        self._words += len(text.words)
        return text

    def _read(self, at: int) -> Text | None:
        place, size = self._places[at].tolist()
        if not size:
            return None
        self._file.seek(place)
        return Text.unpacked(self._file.read(size))

    def _clear(self) -> None:
        self._file.seek(0, os.SEEK_END)
        for at, text in self.items():
            if not self._places[at, 1]:
                self._places[at] = self._file.tell(), self._file.write(text.packed())
        self.clear()
        self._words = 0


def _pairs(signs: Signs, changed: Flags | None, group: Ints) -> Iterator[Pairs]:
    """Pairs that meet, of which one at least has changed, and that are not in one group when they are given."""
    signed = _signed(signs)
    fresh: Flags = signed & (True if changed is None else changed)
    for band in range(SIGNS * NEXT if fresh.any() else 0):
        key = _key(signs, band)
        met = np.flatnonzero(signed & _met(key, fresh))
        for one, other in _meeting(key[met], fresh[met], partial(_groups_of, group, met)):
            pairs = met[one], met[other]
            for first, second in _steps(_unseen(signs, _wanted(pairs, fresh, group), band)):
                new = _first_here(signs[first], signs[second], band)
                first, second = _wanted((first[new], second[new]), fresh, group)
                if len(first):
                    yield first, second


def _signed(signs: Signs) -> Flags:
    """Which articles have a signature."""
    held: Flags = signs.max(axis=1) > 0
    return held


def _wanted(pairs: Pairs, fresh: Flags, group: Ints) -> Pairs:
    first, second = pairs
    wanted = (fresh[first] | fresh[second]) & (group[first] != group[second])
    return first[wanted], second[wanted]


def _places(band: int) -> tuple[int, int]:
    """The two numbers of a signature that make a band."""
    return band % SIGNS, (band % SIGNS + band // SIGNS + 1) % SIGNS


def _key(signs: Signs, band: int) -> NDArray[np.uint64]:
    one, other = (signs[:, place].astype(np.uint64) for place in _places(band))
    key: NDArray[np.uint64] = one << np.uint64(32) | other
    return key


def _groups_of(group: Ints, which: Ints, rows: Ints) -> Ints:
    """The groups of some rows, as they are when this is asked."""
    return group[which[rows]]


def _met(key: NDArray[np.uint64], fresh: Flags) -> Flags:
    """Which rows have keys that may be those of an article that has changed: all of them, but for few that have."""
    mixed = ((key ^ (key >> np.uint64(29))) * _MIX) >> np.uint64(44)
    held = np.zeros(_LOW + 1, np.bool_)
    held[mixed[fresh]] = True
    met: Flags = held[mixed]
    return met


def _meeting(key: NDArray[np.uint64], fresh: Flags, group: Callable[[Ints], Ints]) -> Iterator[Pairs]:
    """The pairs of one key, those first that are next to each other: where all are copies, these join them all."""
    order, begins = _runs(key)
    sizes = np.diff(begins, append=len(order))
    ends = np.repeat(begins + sizes, sizes)
    at = np.arange(len(order))
    held, size = list[Pairs](), 0
    for distance in range(1, len(order) + 1):
        at = at[at + distance < ends[at]]
        if distance & (distance - 1) == 0 and len(at):
            at = at[np.repeat(_open(begins, fresh[order], group(order)), sizes)[at]]
        if held and (not len(at) or distance == 2 or size > STEP):
            yield _joined(held)
            held, size = [], 0
        if not len(at):
            return
        held.append((order[at], order[at + distance]))
        size += len(at)


def _runs(key: NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """The rows whose keys others have as well, those of one key in a row, and where each of these begins."""
    order = np.argsort(key)
    differs = np.concatenate([[True], np.diff(key[order]) != 0, [True]])
    several = ~(differs[1:] & differs[:-1])
    return order[several], np.flatnonzero(differs[:-1][several])


def _open(begins: Ints, fresh: Flags, group: Ints) -> Flags:
    """Which runs have an article that changed, and are not all in one group."""
    if not len(begins):
        return np.zeros(0, np.bool_)
    least, most = np.minimum.reduceat(group, begins), np.maximum.reduceat(group, begins)
    found: Flags = (least != most) & np.logical_or.reduceat(fresh, begins)
    return found


def _joined(pairs: Sequence[Pairs]) -> Pairs:
    return np.concatenate([first for first, _ in pairs]), np.concatenate([second for _, second in pairs])


def _unseen(signs: Signs, pairs: Pairs, band: int) -> Pairs:
    """Without most of those that meet in another band before: a few are enough where texts are much alike."""
    first, second = pairs
    for before in range(max(0, band - 4), band):
        one, other = _places(before)
        met = (signs[first, one] == signs[second, one]) & (signs[first, other] == signs[second, other])
        first, second = first[~met], second[~met]
    return first, second


def _steps(pairs: Pairs) -> Iterator[Pairs]:
    for start in range(0, len(pairs[0]), STEP):
        yield pairs[0][start : start + STEP], pairs[1][start : start + STEP]


def _first_here(first: Signs, second: Signs, band: int) -> Flags:
    """Which signatures have enough in common, and meet in no band before."""
    same = first == second
    found: Flags = np.count_nonzero(same, axis=1) >= COMMON
    same = same[found]  # few: most have hardly more in common than what made them meet
    met = np.concatenate([same & np.roll(same, -step, axis=1) for step in range(1, NEXT + 1)], axis=1)
    found[found] = met.argmax(axis=1) == band
    return found
