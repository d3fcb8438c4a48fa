"""Do the engines agree? Random archives, trees and plans: same ids, totals, counts, orders and scores as memory.

Engines that rank in their own way have scores of their own; what has one score stands in the order of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
from engine_kit import go, little, ways
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import archives, plans, trees

from searcher import engines
from searcher.engines import Engine, Entry, Found, entry_of
from searcher.engines.memory import MemoryEngine
from searcher.engines.port import ABOUT, MAIN
from searcher.fields import FACETS
from searcher.model import Article, Sort
from searcher.query.lowering import lower
from searcher.query.plan import Plan
from searcher.query.tree import Node

SORTS: tuple[Sort, ...] = get_args(Sort)
PAGES = ((0, 1), (1, 2), (2, None))
COUNTED = (*FACETS, "week", "date", *(name + MAIN for name in ABOUT))
OTHERS = {name: row for name, row in engines.ENGINES.items() if name != "memory" and not row.shared}
"""Those in process; tests/opensearch asks the cluster, with fewer examples."""


def agree(one: Engine, other: Engine, plan: Plan, ours: bool = True) -> None:
    """Asserts that two engines answer a plan alike: ids, orders, scores, pages, totals and counts."""
    for sort in SORTS:
        expected, found = one.search(plan, sort, 0, None), other.search(plan, sort, 0, None)
        if not ours and sort == "relevance":
            agree_but_for_scores(one.search(plan, "newest", 0, None), found)
            expected = found
        assert (found.ids, found.total) == (expected.ids, expected.total)
        if ours:
            assert found.scores == pytest.approx(expected.scores, rel=1e-6, abs=1e-6)
        for offset, limit in PAGES:
            page = other.search(plan, sort, offset, limit)
            after = None if limit is None else offset + limit
            assert (page.ids, page.total) == (expected.ids[offset:after], expected.total)
            if ours or sort == "relevance":
                assert page.scores == pytest.approx(expected.scores[offset:after], rel=1e-6, abs=1e-6)
    for by in (None, "copy", "story"):
        agree_on_counts(one, other, plan, by)


def agree_but_for_scores(newest: Found, found: Found) -> None:
    """Asserts that these are the same articles, by falling scores, and where those are equal in order of date."""
    places = {identity: at for at, identity in enumerate(newest.ids)}
    order = [(-score, places[identity]) for identity, score in zip(found.ids, found.scores, strict=True)]
    assert len(order) == len(newest.ids)
    assert order == sorted(order)
    assert all(score >= 0 for score in found.scores)


def agree_on_counts(one: Engine, other: Engine, plan: Plan, by: str | None) -> None:
    """Asserts that two engines count alike, articles and groups of them."""
    counted, wanted = other.count(plan, COUNTED, by), one.count(plan, COUNTED, by)
    assert counted == wanted
    for name in COUNTED:
        assert len(counted[name]) == len(wanted[name])
        every = [*wanted[name], "unheard of"]
        for values in (every, every[::2], []):
            assert counted[name].groups(values) == wanted[name].groups(values)
        for number in (0, 1, 3):
            assert counted[name].most_common(number) == wanted[name].most_common(number)


def lowered(tree: Node, engine: Engine) -> Plan:
    return lower(tree, engine.terms, ("en", "de"))


def entries(articles: Sequence[Article]) -> list[Entry]:
    return [entry_of(article) for article in articles]


@settings(max_examples=150, deadline=None)
@given(archives(), archives(), st.data())
def test_every_engine_answers_random_trees_as_memory_does_also_after_replacing_and_dropping(
    before: list[Article], after: list[Article], data: st.DataObject
) -> None:
    drop = [article.id for article in before[::2]]
    asked = data.draw(st.lists(trees, min_size=1, max_size=4))
    with TemporaryDirectory() as folder:
        for name, row in OTHERS.items():
            memory, other = MemoryEngine(), engines.create(name, Path(folder) / name, write=True)
            for engine in (memory, other):
                engine.write(entries(before), [], 1)
            for tree in asked[:1]:
                agree(memory, other, lowered(tree, memory), row.ours)
            for engine in (memory, other):
                engine.write(entries(after), drop, 2)
            for tree in asked:
                agree(memory, other, lowered(tree, memory), row.ours)
            other.close()
            reopened = engines.create(name, Path(folder) / name)
            agree(memory, reopened, lowered(asked[-1], memory), row.ours)
            reopened.close()


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(archives(), st.lists(st.sampled_from([f"id{at}" for at in range(9)]))), min_size=2, max_size=4
    ),
    st.lists(plans, min_size=2, max_size=4),
    ways,
)
def test_every_engine_answers_random_plans_as_memory_does_after_many_writes_and_merges(
    writes: list[tuple[list[Article], list[str]]], asked: list[Plan], by: dict[Any, int]
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        go(patch, by)
        little(patch, factor=2)
        for name, row in OTHERS.items():
            memory, other = MemoryEngine(), engines.create(name, Path(folder) / name, write=True)
            for last, (put, drop) in enumerate(writes, 1):
                for engine in (memory, other):
                    engine.write(entries(put), drop, last)
                agree(memory, other, asked[0], row.ours)
            for plan in asked[1:]:
                agree(memory, other, plan, row.ours)
            other.close()
            reopened = engines.create(name, Path(folder) / name)
            agree(memory, reopened, asked[-1], row.ours)
            reopened.close()


@settings(max_examples=60, deadline=None)
@given(
    archives(),
    st.sampled_from(["title", "body", "body.stem", "person", "source", "entity"]),
    st.sampled_from(["", "k", "ker", "b"]),
)
def test_every_engine_lists_the_words_that_memory_lists(articles: list[Article], field: str, prefix: str) -> None:
    memory = MemoryEngine()
    memory.write(entries(articles), [], 1)
    with TemporaryDirectory() as folder:
        for name in OTHERS:
            other = engines.create(name, Path(folder) / name, write=True)
            other.write(entries(articles), [], 1)
            assert list(other.terms(field, prefix)) == list(memory.terms(field, prefix))
            other.close()
