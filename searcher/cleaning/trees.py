"""How likely is a block article text? Boosted oblivious trees, learned by tools/train_blocks.py: data/blocks.json.

An oblivious tree asks the same question of all its nodes at one depth, so a leaf's number is the answers written as
bits, and a page is judged by a few operations on arrays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.cleaning.places import Names, Worth
from searcher.cleaning.zones import Telling, worth
from searcher.tables import read

REMEMBERED, SHORT = 50_000, 400
"""How many elements a model remembers, and of how many characters at most."""


class Trees:
    """A model: `questions` (feature, border), and for each tree the questions it asks and the values of its leaves.

    >>> trees = Trees([(0, 0.5), (1, 2.0)], [[0, 1]], [[0.0, 1.0, 2.0, 3.0]], bias=0.25)
    >>> trees.scores(np.array([[0.0, 1.0, 1.0], [3.0, 1.0, 3.0]])).tolist()
    [2.25, 1.25, 3.25]
    """

    def __init__(
        self,
        questions: Sequence[tuple[int, float]],
        trees: Sequence[Sequence[int]],
        leaves: Sequence[Sequence[float]],
        bias: float,
    ) -> None:
        self._features = np.array([feature for feature, _ in questions])
        self._borders = np.array([[border] for _, border in questions], np.float32)
        self._asked = np.array(trees).T
        self._leaves = np.array(leaves)
        self._first = np.arange(len(leaves))[:, None] * self._leaves.shape[1]
        self._bias = bias

    def scores(self, columns: NDArray[np.float32]) -> NDArray[np.float64]:
        """The log odds of each row, from (features, rows)."""
        answers = (columns[self._features] > self._borders).astype(np.uint8)
        numbers = answers[self._asked[0]]
        for depth, asked in enumerate(self._asked[1:], 1):
            numbers = numbers | (answers[asked] << depth)
        found: NDArray[np.float64] = self._leaves.take(numbers + self._first).sum(0) + self._bias
        return found


class Model:
    """The trees, the features they were learned with, in order, and what the names of places are worth."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.features: tuple[str, ...] = tuple(data["features"])
        self._telling = Telling(data.get("names", {}))
        self._worths: dict[Names, Worth] = {}
        questions = [(feature, border) for feature, borders in enumerate(data["borders"]) for border in borders]
        self.trees = Trees(questions, data["trees"], data["leaves"], data["bias"])

    def worth(self, names: Names) -> Worth:
        """What the names of an element are worth; remembered, as the pages of a site share them."""
        known = self._worths.get(names)
        if known is None:
            known = worth(names, self._telling)
            if len(self._worths) >= REMEMBERED:
                self._worths.clear()
            if sum(map(len, names)) <= SHORT:
                self._worths[names] = known
        return known

    def chances(self, columns: NDArray[np.float32]) -> NDArray[np.float64]:
        """How likely each row is article text, 0..1."""
        found: NDArray[np.float64] = 1 / (1 + np.exp(-self.trees.scores(columns)))
        return found


@cache
def model(name: str) -> Model:
    """The model of data/`name`.json."""
    return Model(json.loads(read("searcher.cleaning", f"{name}.json")))
