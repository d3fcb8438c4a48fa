"""Does the cluster agree with memory? As test_agreement asks the engines in process, with fewer examples."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import archives, places, plans, trees
from test_agreement import agree, entries, lowered

from searcher.engines import Engine
from searcher.engines import opensearch as module
from searcher.engines.memory import MemoryEngine
from searcher.engines.opensearch import OpenSearchEngine, counting, open_engine
from searcher.model import Article
from searcher.query.plan import Plan
from searcher.query.tree import Node
from searcher.settings import OpenSearch

few = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
Names = Callable[[], OpenSearch]


def pair(folder: str, where: OpenSearch) -> tuple[MemoryEngine, OpenSearchEngine]:
    return MemoryEngine(), open_engine(Path(folder), True, where)


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that everything that has pages has several here."""
    monkeypatch.setattr(counting, "PAGE", 3)
    monkeypatch.setattr(module, "WINDOW", 3)
    monkeypatch.setattr(module, "READ", 2)


@few
@given(
    archives(),
    archives(),
    st.lists(trees, min_size=2, max_size=4),
    st.sampled_from([1, 2]),
    st.sampled_from([2, 2000]),
)
def test_random_trees_find_what_memory_finds_also_after_replacing_and_dropping(
    new_name: Names, before: list[Article], after: list[Article], asked: list[Node], shards: int, few: int
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "FEW", few)
        memory, cluster = pair(folder, new_name()._replace(shards=shards))
        for engine in (memory, cluster):
            engine.write(entries(before), [], 1)
        agree(memory, cluster, lowered(asked[0], memory), ours=False)
        for engine in (memory, cluster):
            engine.write(entries(after), [article.id for article in before[::2]], 2)
        for tree in asked[1:]:
            agree(memory, cluster, lowered(tree, memory), ours=False)
        cluster.close()
        reopened = open_engine(Path(folder), False)
        agree(memory, reopened, lowered(asked[-1], memory), ours=False)
        reopened.close()


@few
@given(
    st.lists(
        st.tuples(archives(), st.lists(st.sampled_from([f"id{at}" for at in range(9)]))), min_size=1, max_size=3
    ),
    st.lists(plans | places, min_size=25, max_size=40),
    st.sampled_from([1, 2]),
)
def test_random_plans_find_what_memory_finds_after_many_writes(
    new_name: Names, writes: list[tuple[list[Article], list[str]]], asked: list[Plan], shards: int
) -> None:
    with TemporaryDirectory() as folder:
        memory, cluster = pair(folder, new_name()._replace(shards=shards))
        for last, (put, drop) in enumerate(writes, 1):
            for engine in (memory, cluster):
                engine.write(entries(put), drop, last)
        for plan in asked:
            agree_on_ids(memory, cluster, plan)
        agree(memory, cluster, asked[0], ours=False)
        cluster.close()


def agree_on_ids(memory: MemoryEngine, cluster: OpenSearchEngine, plan: Plan) -> None:
    expected, found = memory.search(plan, "newest", 0, None), cluster.search(plan, "newest", 0, None)
    assert (found.ids, found.total) == (expected.ids, expected.total)


@settings(few, max_examples=5)
@given(archives(), archives())
def test_the_words_are_those_of_memory_and_may_outlive_their_last_article(
    new_name: Names, articles: list[Article], more: list[Article]
) -> None:
    with TemporaryDirectory() as folder:
        memory, cluster = pair(folder, new_name())
        for engine in (memory, cluster):
            engine.write(entries(articles), [], 1)
        assert listed(cluster) == listed(memory)
        for engine in (memory, cluster):
            engine.write(entries(more), [], 2)
        for key, words in listed(memory).items():
            assert set(words) <= set(listed(cluster)[key])
        assert listed(cluster)["source", ""] == listed(memory)["source", ""], "values do not"
        cluster.close()


def listed(engine: Engine) -> dict[tuple[str, str], list[str]]:
    names = ("title", "body", "body.stem", "body.exact", "person", "source", "entity", "id", "absent")
    return {(name, prefix): list(engine.terms(name, prefix)) for name in names for prefix in ("", "k", "ker", "北")}
