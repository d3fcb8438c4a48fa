"""Where on its page does a block stand? The tree of the elements around the blocks, and what their names are worth.

A place is an element with all elements around it; those of the same name in the same place are one. Places are
numbered from 1 on, each after the one around it; 0 is the whole page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Names = tuple[str, ...]
"""The tag of an element and its classes, ids and roles."""

TEXT = frozenset("p li ul ol dl dt dd blockquote pre span a em strong b i font h1 h2 h3 h4 h5 h6 figure".split())
"""Tags of text, which no part of a page is made of."""

TAGS = TEXT | frozenset(
    """html body div section article main aside header footer nav form fieldset label button table thead tbody tfoot
    tr td th caption figcaption center details summary dialog noscript address hgroup menu dir legend select option
    textarea code small sub sup u s q cite abbr time mark picture img title head search""".split()
)


class Worth(NamedTuple):
    """What the names of one element say: the log odds that text in it is the article (the least, the greatest and
    the sum over its names), and what it is if it is none."""

    low: float = 0.0
    high: float = 0.0
    total: float = 0.0
    reason: str | None = None


class Places:
    """The tree of places. `leaves` are where the blocks stand; `parents`, `depths`, `text` (whether it is within a
    tag of text), `tags` and `worths` are by place."""

    def __init__(self, zones: Sequence[Names], worth: Callable[[Names], Worth]) -> None:
        self.parents: list[int] = [0]
        self.depths: list[int] = [0]
        self.text: list[bool] = [False]
        self.tags: list[str] = [""]
        self.worths: list[Worth] = [Worth()]
        self._worth = worth
        self._known: dict[tuple[int, Names], int] = {}
        self.leaves = np.array(self._grow(zones), np.int64)

    def __len__(self) -> int:
        return len(self.parents)

    def _grow(self, zones: Sequence[Names]) -> list[int]:
        """The leaf of each zone. A reader gives the blocks of one place the same tuple, which is looked at once."""
        leaves: dict[int, int] = {}
        before: Names = ()
        path: list[tuple[int, int]] = [(0, 0)]  # places, and where in the zone each ends
        for zone in zones:
            if id(zone) not in leaves:
                same = _shared(before, zone)
                while len(path) > 1 and not _ends(path[-1][1], same, zone):
                    path.pop()
                self._extend(path, zone)
                leaves[id(zone)], before = path[-1][0], zone
        return [leaves[id(zone)] for zone in zones]

    def _extend(self, path: list[tuple[int, int]], zone: Names) -> None:
        place, start = path[-1]
        while start < len(zone):
            end = start + 1
            while end < len(zone) and zone[end] not in TAGS:
                end += 1
            place = self._place(place, zone[start:end])
            path.append((place, end))
            start = end

    def _place(self, parent: int, names: Names) -> int:
        place = self._known.get((parent, names))
        if place is None:
            place = self._known[parent, names] = len(self.parents)
            self.parents.append(parent)
            self.depths.append(self.depths[parent] + 1)
            self.text.append(self.text[parent] or names[0] in TEXT)
            self.tags.append(names[0])
            self.worths.append(self._worth(names))
        return place

    def sums(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """What is in each place: the weights, (blocks, k), of the blocks in it, as (places, k)."""
        found = np.zeros((len(self), weights.shape[1]))
        np.add.at(found, self.leaves, weights)
        columns = found.T.tolist()
        for column in columns:
            for place in range(len(self) - 1, 0, -1):
                column[self.parents[place]] += column[place]
        return np.array(columns).T


def _ends(end: int, same: int, zone: Names) -> bool:
    """Whether an element that ended at `end` of the zone before ends there in this, which shares `same` names."""
    return end <= same and (end == len(zone) or zone[end] in TAGS)


def _shared(one: Names, other: Names) -> int:
    """How many names two zones begin with in common."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
