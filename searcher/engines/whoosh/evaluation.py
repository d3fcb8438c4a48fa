"""Which documents of a segment match a plan, and what do they score? Masks first; scores of what is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Protocol, TypeAlias, assert_never

import numpy as np

from searcher.engines.ranking import LENGTHS, saturated
from searcher.engines.whoosh.arrays import Array, tallied
from searcher.engines.whoosh.nearness import Counted, standing
from searcher.engines.whoosh.places import FEW, close, row
from searcher.engines.whoosh.postings import UNKNOWN, Run, whole
from searcher.engines.whoosh.segments import Segment
from searcher.query.plan import (
    ANY,
    And,
    Close,
    Not,
    Or,
    Part,
    Places,
    Plan,
    Range,
    Row,
    Several,
    Spot,
    Term,
    Terms,
    Value,
)

BATCH = 1 << 15
"""How many postings are scored in one pass: what is computed of them fits into a processor's cache."""

_Asked: TypeAlias = tuple[Term, Array, Array]
"""A word, the documents that are asked for and have it, and how often each."""


class Statistics(Protocol):
    """What the whole index knows, and one segment does not."""

    def rarity(self, field: str, word: str) -> float:
        """ranking.rarity() of a word of an index field."""

    def norms(self, fields: tuple[str, ...]) -> Array:
        """ranking.norm() of each of the fields for each of LENGTHS, field by field."""


class Evaluation:
    """One plan on one segment. Keeps what it found for each node: scores need the masks again."""

    def __init__(self, plan: Plan, segment: Segment, statistics: Statistics) -> None:
        self.segment = segment
        self._plan = plan  # nodes are known by identity: they must live as long as this
        self._statistics = statistics
        self._masks: dict[int, Array] = {}
        self._placed: dict[int, tuple[Array, Array]] = {}
        mask = self._mask(plan)
        self.docs: Array = _numbers(mask if segment.live is None else mask & segment.live)
        """The documents that match and were not deleted, rising."""

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        placed = (array for both in self._placed.values() for array in both)
        return sum(array.nbytes for array in (self.docs, *self._masks.values(), *placed))

    def scores(self, docs: Array) -> Array:
        """What each of these documents, which match and rise, scores."""
        return self._scores(self._plan, docs)

    def _mask(self, plan: Plan) -> Array:
        """For every document whether it matches a node. Not to be changed: it is kept."""
        if id(plan) not in self._masks:
            self._masks[id(plan)] = self._match(plan)
        return self._masks[id(plan)]

    def _match(self, plan: Plan) -> Array:
        match plan:
            case Terms(terms):
                return self._any((term.field, term.text) for term in terms)
            case Value(field, values):
                return self._any((whole(field), value) for value in values)
            case Row() | Places() | Close():
                return self.segment.marked([self._frequencies(plan)[0]])
            case Range(field, low, high):
                return self._range(field, low, high)
            case Several(parts, least):
                return self._several(parts) >= least
            case And(nodes):
                return self._all(nodes)
            case Or(nodes):
                return self._either(nodes)
            case Not(node):
                return ~self._mask(node)
            case _:
                assert_never(plan)

    def _any(self, words: Iterable[tuple[str, str]]) -> Array:
        return self.segment.marked(run.docs for field, word in words for run in self.segment.runs(field, word))

    def _range(self, field: str, low: int | None, high: int | None) -> Array:
        numbers = self.segment.numbers(field)
        mask: Array = numbers >= (UNKNOWN + 1 if low is None else max(low, UNKNOWN + 1))
        return mask if high is None else mask & (numbers <= high)

    def _all(self, nodes: Sequence[Plan]) -> Array:
        mask = np.ones(self.segment.docs, bool)
        for node in nodes:
            mask &= self._mask(node)
            if not mask.any():
                break
        return mask

    def _either(self, nodes: Sequence[Plan]) -> Array:
        mask = np.zeros(self.segment.docs, bool)
        for node in nodes:
            mask |= self._mask(node)
        return mask

    def _several(self, parts: Sequence[Part]) -> Array:
        """How many of the parts each document matches."""
        number = np.zeros(self.segment.docs, np.int32)
        for part in parts:
            number += self._mask(part.node)
        return number

    def _frequencies(self, plan: Row | Places | Close) -> tuple[Array, Array]:
        """The documents with the places that are asked for, and how many places each has."""
        if id(plan) not in self._placed:
            self._placed[id(plan)] = self._count(plan)
        return self._placed[id(plan)]

    def _count(self, plan: Row | Places | Close) -> tuple[Array, Array]:
        match plan:
            case Row(field, texts):
                return tallied(row(self.segment, field, texts))
            case Close():
                return tallied(close(self.segment, plan))
            case Places(several, times):
                docs, often = self._spots(several)
                return docs[often >= times], often[often >= times]
            case _:
                assert_never(plan)

    def _spots(self, several: Sequence[Spot]) -> Counted:
        """How many places of the spots each document has, equal places once. Notes how many each spot has."""
        by_field: dict[str, list[Spot]] = {}
        for spot in several:
            by_field.setdefault(spot.field, []).append(spot)
        counts = np.zeros(self.segment.docs, np.int32)
        for spots in by_field.values():
            found = standing(self.segment, spots)
            self._placed |= {id(spot): counted for spot, counted in zip(spots, found.spots, strict=True)}
            docs, often = found.together
            counts[docs] += often
        having = _numbers(counts > 0)
        return having, counts[having]

    def _scores(self, plan: Plan, docs: Array) -> Array:
        match plan:
            case Terms():
                return self._terms(plan, docs)
            case Row(field, texts, weight) | Close(field, texts, _, weight):
                return self._placed_scores(field, weight * self._rare(field, texts), self._frequencies(plan), docs)
            case Places(several):
                self._frequencies(plan)
                return sum((self._spot(spot, docs) for spot in several), np.zeros(len(docs)))
            case Several(parts, _, weight):
                held = (part.weight * self._mask(part.node)[docs] for part in parts)
                scored = (self._if_matching(part.node, docs) for part in parts)
                return weight * sum(chain(held, scored), np.zeros(len(docs)))
            case And(nodes):
                return sum((self._scores(node, docs) for node in nodes), np.zeros(len(docs)))
            case Or(nodes):
                return sum((self._if_matching(node, docs) for node in nodes), np.zeros(len(docs)))
            case Not() | Value() | Range():
                return np.zeros(len(docs))
            case _:
                assert_never(plan)

    def _if_matching(self, node: Plan, docs: Array) -> Array:
        if isinstance(node, Terms):  # which gives nothing to a document that it does not match
            return self._scores(node, docs)
        scores = np.zeros(len(docs))
        matching = self._mask(node)[docs]
        scores[matching] = self._scores(node, docs[matching])
        return scores

    def _terms(self, plan: Terms, docs: Array) -> Array:
        often = np.zeros(len(docs))
        runs = ((term, run) for term in plan.terms for run in self.segment.runs(term.field, term.text))
        asked = [(term, *_asked(run, docs)) for term, run in runs]
        for batch in _batches(asked) if len(docs) else ():
            having, counted = self._counted(batch)
            often += self._spread(having, counted, docs)
        rare = min((self._statistics.rarity(term.field, term.text) for term in plan.terms), default=0.0)
        return plan.weight * rare * saturated(often)

    def _counted(self, words: Sequence[_Asked]) -> tuple[Array, Array]:
        """The postings of some words, one after the other: the document, and how often it has one. In one pass."""
        counts = [len(having) for _, having, _ in words]
        having = np.concatenate([having for _, having, _ in words])
        often = np.concatenate([often for _, _, often in words])
        counted = self._normed([term.field for term, _, _ in words], counts, having, often)
        counted *= np.repeat([term.weight for term, _, _ in words], counts)
        return having, counted

    def _spread(self, having: Array, counted: Array, docs: Array) -> Array:
        """What counts for each of the documents asked for: all of it, or looked up where it is little."""
        if len(having) * FEW >= self.segment.docs:
            return np.bincount(having, counted, self.segment.docs)[docs]
        at = docs.searchsorted(having)
        known = docs.take(at, mode="clip") == having
        return np.bincount(at[known], counted[known], len(docs))

    def _normed(self, fields: Sequence[str], counts: Sequence[int], docs: Array, often: Array) -> Array:
        """`often`, divided by ranking.norm(): the first `counts[0]` documents are in the first field, and so on."""
        bases = [self.segment.base(field) for field in fields]
        different = tuple(sorted(set(bases)))
        rows = np.repeat([different.index(base) for base in bases], counts)
        codes = self.segment.codes(different).take(docs + rows * self.segment.docs)
        norms = self._statistics.norms(different).take(codes + rows * len(LENGTHS))
        normed: Array = np.divide(often, norms, out=norms)
        return normed

    def _spot(self, spot: Spot, docs: Array) -> Array:
        rare = max((self._rare(one.field, one.texts) for one in spot.rows), default=0.0)
        return self._placed_scores(spot.field, spot.weight * rare, self._placed[id(spot)], docs)

    def _placed_scores(self, field: str, weight: float, found: tuple[Array, Array], docs: Array) -> Array:
        """What places count for each of the documents: `found` are those that have some, and how many."""
        having, often = found
        if not len(having):
            return np.zeros(len(docs))
        at = having.searchsorted(docs)
        known = having.take(at, mode="clip") == docs
        often = np.where(known, often.take(at, mode="clip"), 0)
        return weight * saturated(self._normed([field], [len(docs)], docs, often))

    def _rare(self, field: str, texts: Sequence[str]) -> float:
        return sum(self._statistics.rarity(field, word) for word in texts if word != ANY)


def _numbers(mask: Array) -> Array:
    """Which documents a mask says, in half as many bytes as NumPy gives: they are kept."""
    return mask.nonzero()[0].astype(np.int32)


def _asked(run: Run, docs: Array) -> tuple[Array, Array]:
    """The postings of a run, or, if it is far longer than what is asked for, those of these documents."""
    if len(docs) * FEW >= len(run.docs):
        return run.docs, run.often
    at = run.docs.searchsorted(docs.astype(run.docs.dtype))
    at = at[run.docs.take(at, mode="clip") == docs]
    return run.docs[at], run.often[at]


def _batches(words: Iterable[_Asked]) -> Iterator[list[_Asked]]:
    """As many words at a time as have BATCH postings together, or one that has more."""
    batch: list[_Asked] = []
    size = 0
    for word in words:
        if batch and size + len(word[1]) > BATCH:
            yield batch
            batch, size = [], 0
        batch.append(word)
        size += len(word[1])
    if batch:
        yield batch
