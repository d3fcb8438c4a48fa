"""Does an engine that finds little by itself find the same? Memory, as if it knew no nearness and no phrases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import archives, plans, trees

from searcher import text
from searcher.engines import Entry, entry_of
from searcher.engines import narrowing as module
from searcher.engines.memory import MemoryEngine, matches
from searcher.engines.narrowing import Leaf, Narrowing, Wanted, simplest
from searcher.model import Article
from searcher.query.lowering import lower
from searcher.query.matching import Texts
from searcher.query.plan import (
    EVERYTHING,
    EXACT,
    And,
    First,
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
    Value,
)
from searcher.text import Words


class Little:
    """An engine for words, whole values and numbers alone; `read_at` is what it was asked to read."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.memory, self.read_at = MemoryEngine(), list[Sequence[str]]()
        self.memory.write(entries, (), 1)
        self.entries = {entry.id: entry for entry in entries}
        self.narrowing = Narrowing(self.native, self.find, self.read)

    def native(self, leaf: Leaf) -> bool:
        return isinstance(leaf, Terms) and not any(term.field.endswith(EXACT) for term in leaf.terms)

    def find(self, plan: Plan) -> Sequence[str]:
        assert self.narrowing.resolved(plan) == {}, "only native leaves are asked for"
        return self.memory.search(plan, "newest", 0, None).ids

    def read(self, keys: Sequence[str], wanted: Wanted) -> Iterable[tuple[str, Texts]]:
        self.read_at.append(keys)
        for key in keys:
            yield key, {name: words for name, words in self.entries[key].words.items() if name in wanted}

    def search(self, plan: Plan) -> set[str]:
        plan = simplest(plan)
        return set(self.memory.search(put(plan, self.narrowing.resolved(plan)), "newest", 0, None).ids)


def put(plan: Plan, found: Mapping[Plan, frozenset[str]]) -> Plan:
    """The plan with what was found for its leaves in their places."""
    match plan:
        case And(nodes) | Or(nodes):
            return replace(plan, nodes=tuple(put(node, found) for node in nodes))
        case Several(parts):
            return replace(plan, parts=tuple(Part(put(part.node, found), part.weight) for part in parts))
        case Not(node):
            return Not(put(node, found))
        case _:
            return Value("id", tuple(map(text.value, sorted(found[plan])))) if plan in found else plan


def agree(entries: Sequence[Entry], asked: Iterable[Plan]) -> None:
    little = Little(entries)
    for plan in asked:
        expected = {entry.id for entry in entries if matches(plan, entry)}
        assert little.search(plan) == little.search(plan) == expected


@settings(max_examples=200, deadline=None)
@given(archives(), st.lists(plans, min_size=1, max_size=4))
def test_random_plans_find_what_they_should(articles: list[Article], asked: list[Plan]) -> None:
    agree([entry_of(article) for article in articles], asked)


@settings(max_examples=200, deadline=None)
@given(archives(), trees, st.sampled_from([0, 1_000_000]))
def test_random_queries_find_what_they_should_whatever_is_remembered(
    articles: list[Article], tree: object, remembered: int
) -> None:
    entries = [entry_of(article) for article in articles]
    memory = MemoryEngine()
    memory.write(entries, (), 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "REMEMBERED", remembered)
        agree(entries, [lower(tree, memory.terms, ("en", "de"))])  # type: ignore[arg-type]


def entry(identity: str, body: str) -> Entry:
    return Entry(identity, {"body": Words(body.split(), body.split(), (0,), (0,))}, {"id": (identity,)}, {})


def word(content: str) -> Plan:
    return Terms((Term("body", content),))


def near(one: str, other: str, negated: bool = False) -> Plan:
    condition = Near((Spot((Row("body", (other,)),)),), 1, negated=negated)
    return Places((Spot((Row("body", (one,)),), (condition,)),))


ENTRIES = [entry("a", "x y z"), entry("b", "x w w y"), entry("c", "x z"), entry("d", "y z"), entry("e", "y x")]


def asked(plan: Plan) -> tuple[set[str], list[Sequence[str]]]:
    """What is found, and what was read for it."""
    little = Little(ENTRIES)
    return little.search(plan), little.read_at


def test_only_articles_that_have_all_words_of_a_condition_and_what_stands_beside_it_are_read() -> None:
    assert asked(near("x", "y")) == ({"a", "e"}, [("a", "b", "e")])
    assert asked(And((near("x", "y"), word("z")))) == ({"a"}, [("a",)])
    assert asked(And((Or((near("x", "y"), word("w"))), Not(word("z"))))) == ({"b", "e"}, [("b", "e")])


def test_what_must_not_be_near_need_not_be_there() -> None:
    assert asked(near("x", "y", negated=True)) == ({"b", "c"}, [("a", "b", "c", "e")])


def test_under_a_negation_a_leaf_is_looked_for_among_what_the_conjunction_leaves() -> None:
    assert asked(And((word("z"), Not(near("x", "y"))))) == ({"c", "d"}, [("a",)])
    assert asked(And((Not(near("x", "y")), Not(near("x", "w"))))) == ({"c", "d"}, [("a", "b", "e"), ("b",)])


def test_a_leaf_is_read_for_once_and_again_where_something_else_stands_beside_it() -> None:
    little = Little(ENTRIES)
    for plan in (near("x", "y"), near("x", "y"), And((near("x", "y"), word("z")))):
        little.search(plan)
    assert little.read_at == [("a", "b", "e"), ("a",)]
    both = Or((And((near("x", "y"), word("z"))), And((near("x", "y"), Not(word("z"))))))
    assert asked(both)[0] == {"a", "e"}, "the articles of both contexts"


def test_nothing_is_read_where_there_is_nothing_to_look_at() -> None:
    assert asked(near("x", "unheard")) == (set(), [])
    assert asked(Places((), 1)) == (set(), [])


def test_places_without_a_condition_are_rows_and_are_not_read() -> None:
    spot = Spot((Row("body", ("x",)), Row("body", ("y",)), Row("body", ("x", "y"))), weight=2.0)
    terms = Terms((Term("body", "x"), Term("body", "y")), 2.0)
    assert simplest(Not(Places((spot,)))) == Not(Or((terms, Row("body", ("x", "y"), 2.0))))
    assert simplest(Places((spot,), 2)) == Places((spot,), 2)
    first = Places((replace(spot, where=(First(3),)),))
    assert simplest(first) == first
    assert Little(ENTRIES).narrowing.narrowed(Not(first)) == EVERYTHING
