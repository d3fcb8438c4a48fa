"""Which words of a text are names, and of what? A linear-chain model over the runs of capitalised words.

A conditional random field (Lafferty, McCallum and Pereira 2001), learned by tools/train_names.py. What a sign is
worth is added up once for each word, each neighbour, each gap, and remembered: a text costs a few look-ups a
capitalised word, and one pass of array operations for all its runs together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from searcher import tables
from searcher.metadata import signs
from searcher.metadata.lexicon import LONGEST, lexicon
from searcher.metadata.tokens import Token
from searcher.model import Span

LABELS = ("O", "B-person", "I-person", "B-place", "I-place", "B-org", "I-org", "B-misc", "I-misc")
"""What a word may be: none, or the beginning or the inside of a name of each kind."""

REMEMBERED = 60_000
"""How many words, neighbours and gaps a model remembers before it begins anew."""

AGREEMENT = 0.75
"""How far the places of one word in a text are drawn together."""

TOGETHER = 4_000
"""How many runs are decided at once: memory stays small."""

EDGE = "<s>"
"""What stands beside a word that begins or ends a sentence."""

Rows = NDArray[np.float32]


class Found(NamedTuple):
    """The tokens `first`..`after` are a name of a kind; "misc" is none of ours."""

    first: int
    after: int
    kind: str


def _pair(key: str) -> list[str]:
    return [f"k={key}"]


def _place(key: str) -> list[str]:
    return [*key.split(","), key] if key else []


def _listed(key: str) -> list[str]:
    return [f"in={key}"] if key else []


SIGNS: Mapping[str, Callable[[str], list[str]]] = {
    "own": signs.own, "before": signs.near, "after": signs.near, "far_before": signs.far, "far_after": signs.far,
    "gap": signs.gap, "next_gap": signs.gap, "left": _pair, "right": _pair, "place": _place, "listed": _listed,
}  # fmt: skip
"""What is asked of a word in its place: a key for each of these tables, and what signs a key stands for."""

Asked = Mapping[str, Sequence[str]]
"""The keys of words, a column for each table."""


def signs_of(asked: Asked, at: int) -> list[str]:
    """All signs of one word in its place, for learning."""
    return [f"{table}:{sign}" for table, keys in asked.items() for sign in SIGNS[table](keys[at])]


_kinds: dict[str, str] = {}


def _kind(word: str) -> str:
    found = _kinds.get(word)
    if found is None:
        if len(_kinds) > REMEMBERED:
            _kinds.clear()
        found = _kinds[word] = signs.kind(word)
    return found


def asked_of(found: Sequence[Token], spans: Sequence[Span], flat: frozenset[int] = frozenset()) -> Asked:
    """What is asked of each word of these runs, in order. `flat` are those of lines whose capitals say nothing."""
    at = [index for first, after in spans for index in range(first, after)]
    edge = Token(EDGE, 0, 0, "\n", True, False)
    padded = [edge, *found, edge, edge]
    own = [found[index].text for index in at]
    kinds = list(map(_kind, own))
    gaps = [found[index].gap for index in at]
    opens = [found[index].opens for index in at]
    before = [EDGE if open_ else padded[index].text for index, open_ in zip(at, opens, strict=True)]
    next_ = [padded[index + 2] for index in at]
    after = [EDGE if token.opens else token.text for token in next_]
    next_gaps = [token.gap for token in next_]
    return {
        "own": own,
        "before": before,
        "after": after,
        "far_before": [
            EDGE if word is EDGE or padded[index].opens else padded[index - 1].text
            for index, word in zip(at, before, strict=True)
        ],
        "far_after": [
            EDGE if word is EDGE or padded[index + 3].opens else padded[index + 3].text
            for index, word in zip(at, after, strict=True)
        ],
        "gap": gaps,
        "next_gap": next_gaps,
        "left": [f"{_kind(word)}{_mark(gap)}|{kind}" for word, gap, kind in zip(before, gaps, kinds, strict=True)],
        "right": [
            f"{kind}|{_mark(gap)}{_kind(word)}" for word, gap, kind in zip(after, next_gaps, kinds, strict=True)
        ],
        "place": _stands(found, spans, flat),
        "listed": _in_lists(found, spans),
    }


def _mark(gap: str) -> str:
    return "" if gap == " " else gap.strip()[:1]


def _stands(found: Sequence[Token], spans: Sequence[Span], flat: frozenset[int]) -> list[str]:
    """Where each word stands in its run and sentence, and how else the text writes it."""
    small = {token.text for token in found if not token.capital}
    inside = {token.text for token in found if token.capital and not token.opens}
    stands = []
    for first, after in spans:
        tail = f",{min(after - first, 4)}"
        for index in range(first, after):
            word, opens = found[index].text, found[index].opens
            ends = ("f" if index == first else "") + ("l" if index == after - 1 else "")
            how = (",low" if word.lower() in small else "") + (",mid" if opens and word in inside else "")
            stands.append(f"{'o' if opens else 'i'}{ends}{tail}{how}{',flat' if index in flat else ''}")
    return stands


def _in_lists(found: Sequence[Token], spans: Sequence[Span]) -> list[str]:
    listed: list[str] = []
    for first, after in spans:
        listed += _phrases(found, first, after) if after - first > 1 else [""]
    return listed


def _phrases(found: Sequence[Token], first: int, after: int) -> list[str]:
    """For each word of a run its place in a listed name of several words: B, I or E with the kind."""
    known = lexicon()
    low = [token.text.lower() for token in found[first:after]]
    marks = [""] * len(low)
    at = 0
    while at < len(low) - 1:
        size = _longest(low, at, known.phrases) if low[at] in known.first else 1
        if size > 1:
            kind = known.phrases[" ".join(low[at : at + size])]
            marks[at : at + size] = [f"B{kind}", *[f"I{kind}"] * (size - 2), f"E{kind}"]
        at += size
    return marks


def _longest(low: Sequence[str], at: int, phrases: Mapping[str, str]) -> int:
    sizes = range(min(LONGEST, len(low) - at), 1, -1)
    return next((size for size in sizes if " ".join(low[at : at + size]) in phrases), 1)


class Model:
    """What each sign is worth for each label, and each label after another."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        names: list[str] = data["signs"]
        self._at = {name: index for index, name in enumerate(names)}
        worth = np.zeros(len(names) * len(LABELS), np.float32)
        worth[np.array(data["places"])] = np.array(data["worth"], np.float32) / data["scale"]
        self._worth = worth.reshape(-1, len(LABELS))
        self.moves = np.array(data["moves"], np.float32)
        self._forget()

    def _forget(self) -> None:
        self._rows = np.zeros((4096, len(LABELS)), np.float32)
        self._used = 0
        self._known: dict[str, dict[str, int]] = {table: {} for table in SIGNS}

    def _row(self, table: str, key: str) -> int:
        """The place of what a key of a table is worth, added up the first time."""
        if self._used == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        at = self._at
        found = [index for sign in SIGNS[table](key) if (index := at.get(f"{table}:{sign}")) is not None]
        if found:
            self._rows[self._used] = self._worth[found].sum(0)
        self._known[table][key] = self._used
        self._used += 1
        return self._used - 1

    def scores(self, asked: Asked) -> Rows:
        """What each label is worth for each word."""
        if self._used > REMEMBERED:
            self._forget()
        total = np.zeros((len(asked["own"]), len(LABELS)), np.float32)
        for table, keys in asked.items():
            known, row = self._known[table], self._row
            places = [known[key] if key in known else row(table, key) for key in keys]
            total += self._rows[places]
        return total

    def labels(self, scores: Rows, spans: Sequence[Span]) -> Iterator[int]:
        """The best labels of the words of all runs, some thousand runs at a time."""
        done = 0
        for start in range(0, len(spans), TOGETHER):
            some = spans[start : start + TOGETHER]
            size = sum(after - first for first, after in some)
            yield from self._best(scores[done : done + size], some)
            done += size

    def _best(self, scores: Rows, spans: Sequence[Span]) -> list[int]:
        """The best labels of some runs, side by side (Viterbi)."""
        sizes = np.array([after - first for first, after in spans])
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        order = np.argsort(-sizes, kind="stable")
        sizes, starts = sizes[order], starts[order]
        longest = int(sizes[0])
        begin = np.zeros(len(LABELS), np.float32)
        begin[2::2] = -1e4
        state = scores[starts] + begin
        back = []
        for step in range(1, longest):
            active = int(np.searchsorted(-sizes, -step, side="left"))
            paths = state[:active, :, None] + self.moves
            back.append(paths.argmax(1))
            state[:active] = paths.max(1) + scores[starts[:active] + step]
        labels = np.zeros(len(scores), int)
        last = state.argmax(1)
        for step in range(longest - 1, -1, -1):
            active = int(np.searchsorted(-sizes, -step, side="left"))
            labels[starts[:active] + step] = last[:active]
            if step:
                last[:active] = back[step - 1][np.arange(active), last[:active]]
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
        for first, after in spans:
            yield from _chunks(first, list(islice(labels, after - first)))


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
