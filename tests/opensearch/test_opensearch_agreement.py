"""Does the cluster agree with memory? As test_agreement asks the engines in process, with fewer examples."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import archives, places, plans, trees
from test_agreement import agree, entries, lowered

from searcher.engines import Engine, entry_of
from searcher.engines import opensearch as module
from searcher.engines.memory import MemoryEngine
from searcher.engines.opensearch import OpenSearchEngine, counting, lexicon, open_engine
from searcher.model import Article, Provenance, When
from searcher.query.plan import EVERYTHING, And, Not, Or, Plan, Row, Term, Terms, Value
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


def test_pieces_of_many_writes_are_put_together(
    new_name: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexicon, "WRITES", 3)
    monkeypatch.setattr(lexicon, "PIECE", 4)
    memory, cluster = pair(str(tmp_path), new_name())
    for last in range(1, 9):
        new = entry_of(
            Article(f"n{last}", f"title{last}", f"word{last} same again", Provenance("corpus/a"), language="en")
        )
        for engine in (memory, cluster):
            engine.write([new], [], last)
        assert listed(cluster) == listed(memory)
    held = cluster.cluster.read("POST", f"/{cluster.index}-words/_count", {"query": {"term": {"field": "body"}}})
    assert held["count"] <= 3 + 3, "ten words in fours, and the pieces of three writes"
    cluster.close()


@pytest.mark.parametrize("shards", [1, 3])
def test_many_values_in_many_groups_are_counted_as_memory_counts_them(
    new_name: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shards: int
) -> None:
    for name, number in (("FEW", 5), ("DAYS", 7), ("PAGE", 50)):
        monkeypatch.setattr(counting, name, number)
    chance = random.Random(5)
    people = [f"Person {int(chance.paretovariate(0.6)) % 90}" for _ in range(900)]
    articles = [
        Article(
            f"n{at:03}", "", "ferry" if at % 2 else "bridge", Provenance("corpus/a"), source=f"s{at % 40}",
            people=tuple(dict.fromkeys(people[at * 3 : at * 3 + 3])), salient=tuple(people[at * 3 : at * 3 + 1]),
            date=When(f"2015-{1 + at % 12:02}-{1 + at % 28:02}", "meta", 0.9),
            copy=f"n{at - at % 3:03}" if at % 5 else f"n{at:03}", story=f"n{at - at % 20:03}",
        )
        for at in range(300)
    ]  # fmt: skip
    memory, cluster = pair(str(tmp_path), new_name()._replace(shards=shards))
    for engine in (memory, cluster):
        engine.write(entries(articles), [], 1)
    names = ("person", "person.main", "entity.main", "source", "copy", "story", "day", "month", "id")
    for plan in (EVERYTHING, Terms((Term("body", "ferry"),)), Value("source", ("s3", "s7"))):
        for by in (None, "copy", "story"):
            wanted = memory.count(plan, names, by)
            for name in names:
                for n in (0, 1, 3, 10, 1000):  # anew each time, so that nothing is known before
                    counted = cluster.count(plan, (name,), by)[name]
                    assert counted.most_common(n) == wanted[name].most_common(n)
                counted = cluster.count(plan, (name,), by)[name]
                some = [*list(wanted[name])[::7], "nobody"]
                assert counted.groups(some) == wanted[name].groups(some)
                assert [counted.get(value, 1) for value in some] == [wanted[name].get(value, 1) for value in some]
                assert [counted.get(value) for value in some] == [wanted[name].get(value) for value in some]
                assert len(counted) == len(wanted[name])
                assert counted == wanted[name]
    cluster.close()


def test_queries_of_thousands_of_words_and_of_many_layers_are_answered(new_name: Names, tmp_path: Path) -> None:
    memory, cluster = pair(str(tmp_path), new_name())
    articles = [Article(f"n{at}", "", f"word{at} ferry", Provenance("corpus/a")) for at in range(20)]
    for engine in (memory, cluster):
        engine.write(entries(articles), [], 1)
    each = [Terms((Term("body", f"word{at}"), Term("title", f"word{at}"))) for at in range(3, 3000)]
    deep: Plan = Value("id", ("n5",))
    for _ in range(60):
        deep = Or((Not(deep), Row("body", ("nothing", "here"))))
    for plan in (Or(tuple(each)), And((Terms((Term("body", "ferry"),)), Not(Or(tuple(each))))), deep):
        agree(memory, cluster, plan, ours=False)
    cluster.close()
