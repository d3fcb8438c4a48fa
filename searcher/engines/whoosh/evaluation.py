"""Which documents of a segment match a plan, and what do they score? Masks first; scores of what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import assert_never

import numpy as np

from searcher.engines.ranking import K1
from searcher.engines.whoosh.arrays import Array, ranges
from searcher.engines.whoosh.places import FEW, close, row, spots, tallied
from searcher.engines.whoosh.postings import UNKNOWN, Postings, whole
from searcher.engines.whoosh.segments import Segment
from searcher.query.plan import And, Close, Not, Or, Places, Plan, Range, Row, Term, Terms, Value

MANY = 8
"""From how many words of one field on all are scored in one pass over their joined postings."""

Rarity = Callable[[str, str], float]
"""(index field, word) → ranking.rarity() of it."""

Norms = Callable[[Segment, str], Array]
"""(segment, index field) → what BM25 adds to the number of times a word stands there, by document."""


class Evaluation:
    """One plan on one segment. Keeps what it found for each node: scores need the masks again."""

    def __init__(self, plan: Plan, segment: Segment, rarity: Rarity, norms: Norms) -> None:
        self.segment = segment
        self._plan = plan  # nodes are known by identity: they must live as long as this
        self._rarity = rarity
        self._norms = norms
        self._masks: dict[int, Array] = {}
        self._placed: dict[int, tuple[Array, Array]] = {}
        mask = self._mask(plan)
        self.docs: Array = np.flatnonzero(mask if segment.live is None else mask & segment.live)
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
                return self._marked(self._frequencies(plan)[0])
            case Range(field, low, high):
                return self._range(field, low, high)
            case And(nodes):
                return self._all(nodes)
            case Or(nodes):
                return self._either(nodes)
            case Not(node):
                return ~self._mask(node)
            case _:
                assert_never(plan)

    def _marked(self, docs: Array) -> Array:
        mask = np.zeros(self.segment.docs, bool)
        mask[docs] = True
        return mask

    def _any(self, words: object) -> Array:
        mask = np.zeros(self.segment.docs, bool)
        for field, word in words:  # type: ignore[attr-defined]
            postings, number = self._find(field, word)
            if postings:
                mask[postings.docs[postings.run(number)]] = True
        return mask

    def _find(self, field: str, word: str) -> tuple[Postings | None, int]:
        postings = self.segment.postings(field)
        number = postings.find(word) if postings else -1
        return (postings, number) if number >= 0 else (None, -1)

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

    def _frequencies(self, plan: Row | Places | Close) -> tuple[Array, Array]:
        """The documents with the places that are asked for, and how many places each has."""
        if id(plan) not in self._placed:
            self._placed[id(plan)] = self._count(plan)
        return self._placed[id(plan)]

    def _count(self, plan: Row | Places | Close) -> tuple[Array, Array]:
        match plan:
            case Row(field, texts):
                return tallied(row(self.segment, field, texts).docs)
            case Close():
                return tallied(close(self.segment, plan))
            case Places(spot, times):
                docs, often = tallied(spots(self.segment, spot).docs)
                return docs[often >= times], often[often >= times]
            case _:
                assert_never(plan)

    def _scores(self, plan: Plan, docs: Array) -> Array:
        match plan:
            case Terms(terms):
                return self._terms(terms, docs)
            case Row() | Places() | Close():
                return self._places(plan, docs)
            case And(nodes):
                return sum((self._scores(node, docs) for node in nodes), np.zeros(len(docs)))
            case Or(nodes):
                return sum((self._if_matching(node, docs) for node in nodes), np.zeros(len(docs)))
            case Not() | Value() | Range():
                return np.zeros(len(docs))
            case _:
                assert_never(plan)

    def _if_matching(self, node: Plan, docs: Array) -> Array:
        scores = np.zeros(len(docs))
        matching = self._mask(node)[docs]
        scores[matching] = self._scores(node, docs[matching])
        return scores

    def _terms(self, terms: Sequence[Term], docs: Array) -> Array:
        scores = np.zeros(self.segment.docs)
        for field, group in groupby(sorted(terms), key=lambda term: term.field):
            found = [(term, *self._find(field, term.text)) for term in group]
            factors = [term.weight * self._rarity(field, term.text) for term, postings, _ in found if postings]
            runs = [postings.run(number) for _, postings, number in found if postings]
            postings = self.segment.postings(field)
            if postings is None:
                continue
            if len(runs) >= MANY:
                self._add_joined(scores, postings, runs, factors)
                continue
            for run, factor in zip(runs, factors, strict=True):
                self._add(scores, postings, run, factor, docs)
        result: Array = scores[docs]
        return result

    def _add(self, scores: Array, postings: Postings, run: slice, factor: float, docs: Array) -> None:
        """Adds what one word counts to the scores of the documents that have it, as far as they are asked for."""
        assert postings.often is not None
        having, often = postings.docs[run], postings.often[run]
        if len(docs) * FEW < len(having):
            at = np.minimum(np.searchsorted(having, docs.astype(having.dtype)), len(having) - 1)
            at = at[having[at] == docs]
            having, often = having[at], often[at]
        scores[having] += factor * self._bm25(postings.name, having, often)

    def _add_joined(self, scores: Array, postings: Postings, runs: list[slice], factors: list[float]) -> None:
        assert postings.often is not None
        counts = np.array([run.stop - run.start for run in runs])
        at = ranges(np.array([run.start for run in runs]), counts)
        having, often = postings.docs[at], postings.often[at]
        counted = np.repeat(factors, counts) * self._bm25(postings.name, having, often)
        scores += np.bincount(having, counted, len(scores))

    def _bm25(self, field: str, docs: Array, often: Array) -> Array:
        """ranking.bm25() of each document."""
        frequencies = often.astype(np.float64)
        counted: Array = frequencies * (K1 + 1) / (frequencies + self._norms(self.segment, field)[docs])
        return counted

    def _places(self, plan: Row | Places | Close, docs: Array) -> Array:
        field, rare = self._rare(plan)
        having, often = self._frequencies(plan)
        often = often[np.searchsorted(having, docs)]
        return plan.weight * rare * self._bm25(field, docs, often)

    def _rare(self, plan: Row | Places | Close) -> tuple[str, float]:
        rows = plan.spot.rows if isinstance(plan, Places) else (Row(plan.field, plan.texts),)
        return rows[0].field, max(sum(self._rarity(one.field, word) for word in one.texts) for one in rows)
