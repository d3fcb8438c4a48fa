"""How likely is a block article text? Boosted oblivious trees.

An oblivious tree asks the same question of all its nodes at one depth, so a leaf's number is the answers written as
bits, and a page is judged by a few operations on arrays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


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
