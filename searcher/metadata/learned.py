"""Which words of a text are names, and of what? A linear-chain model over the runs of capitalised words.

A conditional random field (Lafferty, McCallum and Pereira 2001), learned by tools/train_names.py. What a sign is
worth is added up once for each word, each neighbour, each gap, and remembered: a text costs a few look-ups a
capitalised word, and one pass of array operations for all its runs together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from searcher import tables
from searcher.metadata.asking import BARE, SIGNS, Asked, asked_of
from searcher.metadata.tokens import Token
from searcher.model import Span

LABELS = ("O", "B-person", "I-person", "B-place", "I-place", "B-org", "I-org", "B-misc", "I-misc")
"""What a word may be: none, or the beginning or the inside of a name of each kind."""

REMEMBERED = 200_000
"""How many words, neighbours and gaps a model remembers before it begins anew."""

AGREEMENT = 0.7
"""How far the places of one word in a text are drawn together."""

TOGETHER = 4_000
"""How many runs are decided at once: memory stays small."""

Rows = NDArray[np.float32]


class Found(NamedTuple):
    """The tokens `first`..`after` are a name of a kind; "misc" is none of ours."""

    first: int
    after: int
    kind: str


class _Places(dict[str, int]):
    """A key of a table → the place of what it is worth, made the first time."""

    def __init__(self, row: Callable[[str], int]) -> None:
        super().__init__()
        self._row = row

    def __missing__(self, key: str) -> int:
        return self.setdefault(key, self._row(key))


class Model:
    """What each sign is worth for each label, and each label after another."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        names: list[str] = data["signs"]
        self._at: dict[str, dict[str, int]] = {f"{bare}{table}": {} for table in SIGNS for bare in ("", BARE)}
        for index, name in enumerate(names):
            table, _, sign = name.partition(":")
            self._at[table][sign] = index
        worth = np.zeros(len(names) * len(LABELS), np.float32)
        worth[np.array(data["places"])] = np.array(data["worth"], np.float32) / data["scale"]
        self._worth = worth.reshape(-1, len(LABELS))
        self.moves = np.array(data["moves"], np.float32)
        self._forget()

    def _forget(self) -> None:
        self._rows = np.zeros((4096, len(LABELS)), np.float32)
        self._used = 0
        self._known = {table: _Places(partial(self._row, table)) for table in SIGNS}

    def _row(self, table: str, key: str) -> int:
        """The place of what a key of a table is worth, added up the first time."""
        if self._used == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        asked = SIGNS[table](key.removeprefix(BARE))
        tables = (table, BARE + table) if key.startswith(BARE) else (table,)
        found = [at for name in tables for at in map(self._at[name].get, asked) if at is not None]
        if found:
            np.add.reduce(self._worth.take(found, 0), 0, out=self._rows[self._used])
        self._used += 1
        return self._used - 1

    def scores(self, asked: Asked) -> Rows:
        """What each label is worth for each word."""
        if self._used > REMEMBERED:
            self._forget()
        places: list[int] = []
        for table, keys in asked.items():
            places += map(self._known[table].__getitem__, keys)
        rows = self._rows.take(places, 0).reshape(len(asked), -1, len(LABELS))
        total: Rows = rows.sum(0)
        return total

    def labels(self, scores: Rows, spans: Sequence[Span]) -> list[int]:
        """The best labels of the words of all runs, some thousand runs at a time."""
        labels: list[int] = []
        for start in range(0, len(spans), TOGETHER):
            some = spans[start : start + TOGETHER]
            size = sum(after - first for first, after in some)
            labels += self._best(scores[len(labels) : len(labels) + size], some)
        return labels

    def _best(self, scores: Rows, spans: Sequence[Span]) -> list[int]:
        """The best labels of some runs, side by side (Viterbi)."""
        sizes = np.array([after - first for first, after in spans])
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        order = np.argsort(-sizes, kind="stable")
        sizes, starts = sizes[order], starts[order]
        active = (sizes > np.arange(sizes[0])[:, None]).sum(1).tolist()  # runs that have a word at each step
        begin = np.zeros(len(LABELS), np.float32)
        begin[2::2] = -1e4
        state = scores[starts] + begin
        back = []
        for step, size in enumerate(active[1:], 1):
            paths = state[:size, :, None] + self.moves
            back.append(paths.argmax(1))
            state[:size] = paths.max(1) + scores[starts[:size] + step]
        labels = np.zeros(len(scores), int)
        last = state.argmax(1)
        for step, size in reversed(list(enumerate(active))):
            labels[starts[:size] + step] = last[:size]
            if step:
                last[:size] = back[step - 1][np.arange(size), last[:size]]
        result: list[int] = labels.tolist()
        return result

    def find(
        self, found: Sequence[Token], spans: Sequence[Span], flat: frozenset[int] = frozenset()
    ) -> Iterator[Found]:
        """The names in these runs, in order."""
        if not spans:
            return
        asked = asked_of(found, spans, flat)
        labels = self.labels(agreed(self.scores(asked), asked["own"]), spans)
        at = 0
        for first, after in spans:
            some = labels[at : at + after - first]
            at += after - first
            if any(some):
                yield from _chunks(first, some)


def agreed(scores: Rows, own: Sequence[str]) -> Rows:
    """The scores of each word drawn to the mean of all its places in the text: a word mostly names one thing."""
    at: dict[str, int] = {}
    which = np.array([at.setdefault(word, len(at)) for word in own])
    kinds = np.maximum(scores[:, 1::2], scores[:, 2::2]) - scores[:, :1]
    means = np.zeros((len(at), kinds.shape[1]), np.float32)
    np.add.at(means, which, kinds)
    means /= np.bincount(which)[:, None]
    shift = AGREEMENT * (means[which] - kinds)
    drawn = scores.copy()
    drawn[:, 1::2] += shift
    drawn[:, 2::2] += shift
    return drawn


def _chunks(first: int, labels: Sequence[int]) -> Iterator[Found]:
    start, kind = None, ""
    for at, label in enumerate([*labels, 0]):
        if start is not None and (label % 2 or not label):
            yield Found(first + start, first + at, kind)
            start = None
        if label % 2:
            start, kind = at, LABELS[label][2:]


@cache
def model(language: str) -> Model:
    """The model of a language."""
    return Model(json.loads(tables.unpacked("searcher.metadata", f"names-{language}.zst")))
