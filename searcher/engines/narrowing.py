"""How does an engine answer a plan of which it cannot find every leaf? By looking at the candidates, one by one.

Such a leaf is *resolved* before anything else: it is narrowed to a plan that the engine can answer and that finds
at least as much; the articles of that plan are read, and the definition (`memory`) says of each whether it matches.
What is left is a set of articles, which every engine can find; so totals, counts and orders are exact.

Few candidates are what makes it fast: a leaf is only looked for where it matters, in its *context*: among the
articles that match what stands beside it in a conjunction, around it or around what it lies in.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Generic, TypeAlias, TypeVar, assert_never

from searcher.engines.memory import matches
from searcher.engines.port import Entry
from searcher.query.matching import Texts
from searcher.query.plan import (
    ANY,
    EVERYTHING,
    EXACT,
    And,
    Close,
    Near,
    Not,
    Or,
    Part,
    Places,
    Plan,
    Row,
    Several,
    Spot,
    Term,
    Terms,
    base,
)

K = TypeVar("K")
"""What an engine calls an article by: its id, or a number."""

Leaf: TypeAlias = Terms | Row | Places | Close

Wanted: TypeAlias = Mapping[str, frozenset[tuple[str, str]]]
"""The fields of a leaf, and which words it asks for in each: their form ("", ".stem", ".exact") and the word."""

REMEMBERED = 1_000_000
"""Of how many articles together it is remembered which leaves they match."""


def simplest(plan: Plan) -> Plan:
    """The same plan, with rows and terms for places of which nothing is asked but that they are there.

    >>> simplest(Places((Spot((Row("body", ("black", "sea")),), weight=2.0),)))
    Row(field='body', texts=('black', 'sea'), weight=2.0)
    """
    match plan:
        case Places(spots, times) if times == 1 and not any(spot.where for spot in spots):
            return _either(map(_standing, spots))
        case Several(parts):
            return replace(plan, parts=tuple(Part(simplest(part.node), part.weight) for part in parts))
        case And(nodes) | Or(nodes):
            return replace(plan, nodes=tuple(map(simplest, nodes)))
        case Not(node):
            return Not(simplest(node))
        case _:
            return plan


class Narrowing(Generic[K]):
    """One engine's way to the leaves that it cannot find, over one state of its index.

    `native` says whether the engine finds exactly the articles of a leaf. It must of Terms without words as they
    are written; whole values and numbers are native everywhere, and it is not asked. `find` gives the articles of a
    plan of native leaves, `read` their words in some fields, one article after the other, in any order: at each
    position the word that stands there, or "" if it is none of those that are wanted.
    """

    def __init__(
        self,
        native: Callable[[Leaf], bool],
        find: Callable[[Plan], Sequence[K]],
        read: Callable[[Sequence[K], Wanted], Iterable[tuple[K, Texts]]],
    ) -> None:
        self._native = native
        self._find = find
        self._read = read
        self._kept = _Kept[K](REMEMBERED)

    def resolved(self, plan: Plan) -> Mapping[Plan, frozenset[K]]:
        """The leaves of a plan, as simplest() gives it, that are not native; and the articles that match each.

        The plan finds what it should if such a leaf stands for exactly these articles. Articles in none of its
        contexts, which do not matter to the plan, are left out.
        """
        found: dict[Plan, frozenset[K]] = {}
        for leaf, context in self._leaves(plan, ()):
            known = self._kept.get((leaf, context), lambda leaf=leaf, context=context: self._match(leaf, context))  # type: ignore[misc]
            found[leaf] = found.get(leaf, frozenset()) | known
        return found

    def _leaves(self, plan: Plan, context: tuple[Plan, ...]) -> Iterator[tuple[Leaf, tuple[Plan, ...]]]:
        """The leaves that are not native, each with plans that its articles match where they count."""
        match plan:
            case And(nodes):
                around = [self.narrowed(node) for node in nodes]
                for at, node in enumerate(nodes):
                    others = (one for one in (*around[:at], *around[at + 1 :]) if one != EVERYTHING)
                    yield from self._leaves(node, (*context, *others))
            case Or(nodes):
                for node in nodes:
                    yield from self._leaves(node, context)
            case Several(parts):
                for part in parts:
                    yield from self._leaves(part.node, context)
            case Not(node):
                yield from self._leaves(node, context)
            case Terms() | Row() | Places() | Close() if not self._native(plan):
                yield plan, context

    def _match(self, leaf: Leaf, context: tuple[Plan, ...]) -> frozenset[K]:
        candidates = self._find(And((self.narrowed(leaf), *context)))
        if not candidates:
            return frozenset()
        read = self._read(candidates, wanted(leaf))
        return frozenset(key for key, texts in read if matches(leaf, Entry("", texts, {}, {})))

    def narrowed(self, plan: Plan) -> Plan:
        """A plan of native leaves that finds at least what this one does."""
        match plan:
            case And(nodes) | Or(nodes):
                return replace(plan, nodes=tuple(map(self.narrowed, nodes)))
            case Several(parts):
                return replace(plan, parts=tuple(Part(self.narrowed(part.node), part.weight) for part in parts))
            case Not(node):
                return plan if self._exact(node) else EVERYTHING
            case Terms() | Row() | Places() | Close() if not self._native(plan):
                return self._superset(plan)
            case _:
                return plan

    def _superset(self, leaf: Leaf) -> Plan:
        match leaf:
            case Row(field, texts, weight) | Close(field, texts, weight=weight):
                words = dict.fromkeys(word for word in texts if word != ANY)
                return _all([self.narrowed(Terms((Term(field, word),), weight)) for word in words])
            case Places(spots, times):
                return _either(map(self._spot, spots)) if times > 0 else EVERYTHING
            case Terms(terms):
                return replace(leaf, terms=tuple(dict.fromkeys(map(_surface, terms))))
            case _:
                assert_never(leaf)

    def _exact(self, plan: Plan) -> bool:
        """Whether every leaf is native."""
        return not any(True for _ in self._leaves(plan, ()))

    def _spot(self, spot: Spot) -> Plan:
        """What must stand in an article for the spot to have a place there."""
        needed = (cond for cond in spot.where if isinstance(cond, Near) and not cond.negated)
        beside = (_either(self._spot(replace(other, weight=0.0)) for other in cond.spots) for cond in needed)
        return _all([self.narrowed(_standing(spot)), *beside])


def _standing(spot: Spot) -> Plan:
    """Any row of a spot, whatever else is asked: those of one word together."""
    single = tuple(dict.fromkeys(Term(row.field, row.texts[0]) for row in spot.rows if len(row.texts) == 1))
    longer = [replace(row, weight=spot.weight) for row in spot.rows if len(row.texts) > 1]
    return _either([*([Terms(single, spot.weight)] if single else []), *longer])


def _either(plans: Iterable[Plan]) -> Plan:
    nodes = tuple(dict.fromkeys(plans))
    return nodes[0] if len(nodes) == 1 else Or(nodes)


def _all(plans: Sequence[Plan]) -> Plan:
    return plans[0] if len(plans) == 1 else And(tuple(plans))


def _surface(term: Term) -> Term:
    """The surface of a word as it is written: where that stands, this does."""
    if not term.field.endswith(EXACT):
        return term
    return term._replace(field=base(term.field), text=term.text.partition("/")[0])


def wanted(leaf: Leaf) -> Wanted:
    """The words that a leaf asks for.

    >>> wanted(Row("body.stem", ("sea", ANY, "sea")))
    {'body': frozenset({('.stem', 'sea')})}
    """
    found: dict[str, set[tuple[str, str]]] = {}
    for field, text in _words(leaf):
        name = base(field)
        found.setdefault(name, set()).add((field[len(name) :], text))
    return {name: frozenset(words) for name, words in found.items()}


def _words(leaf: Leaf) -> Iterator[tuple[str, str]]:
    """The words of a leaf, each with its index field."""
    match leaf:
        case Terms(terms):
            yield from ((term.field, term.text) for term in terms)
        case Row(field, texts) | Close(field, texts):
            yield from ((field, text) for text in texts if text != ANY)
        case Places(spots):
            rows = chain.from_iterable(map(_rows, spots))
            yield from chain.from_iterable(map(_words, rows))


def _rows(spot: Spot) -> Iterator[Row]:
    """The rows of a spot and of the spots of its conditions."""
    yield from spot.rows
    for condition in spot.where:
        if isinstance(condition, Near):
            yield from chain.from_iterable(map(_rows, condition.spots))


class _Kept(Generic[K]):
    """What was found last, as far as `limit` articles go. Under threads two may make the same thing at once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: OrderedDict[object, frozenset[K]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object, make: Callable[[], frozenset[K]]) -> frozenset[K]:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._held[key] = made
            while len(self._held) > 1 and sum(1000 + len(one) for one in self._held.values()) > self._limit:
                self._held.popitem(last=False)
        return made
