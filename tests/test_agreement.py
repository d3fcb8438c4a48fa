"""Do the engines agree? Random archives and random trees: same ids, totals, counts and order as memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import archives, trees

from searcher import engines
from searcher.engines import Engine, Entry, entry_of
from searcher.engines.memory import MemoryEngine
from searcher.fields import FACETS, PERIODS
from searcher.model import Article
from searcher.query.plan import lower
from searcher.query.tree import Node

COUNTED = (*(name for name in FACETS if name not in PERIODS), "date")
OTHERS = [name for name in engines.ENGINES if name != "memory"]


def agree(one: Engine, other: Engine, tree: Node) -> None:
    """Asserts that two engines answer a tree alike."""
    plan = lower(tree, one.terms, ("en", "de"))
    for sort in ("newest", "oldest", "source"):
        assert other.search(plan, sort, 0, None).ids == one.search(plan, sort, 0, None).ids
    found, expected = other.search(plan, "relevance", 0, None), one.search(plan, "relevance", 0, None)
    assert (sorted(found.ids), found.total) == (sorted(expected.ids), expected.total)
    assert list(found.scores) == sorted(found.scores, reverse=True)
    assert other.search(plan, "newest", 1, 2).ids == one.search(plan, "newest", 1, 2).ids
    assert other.count(plan, COUNTED) == one.count(plan, COUNTED)


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
        for name in OTHERS:
            memory, other = MemoryEngine(), engines.create(name, Path(folder) / name, write=True)
            for engine in (memory, other):
                engine.write(entries(before), [], 1)
            for tree in asked[:1]:
                agree(memory, other, tree)
            for engine in (memory, other):
                engine.write(entries(after), drop, 2)
            for tree in asked:
                agree(memory, other, tree)
            other.close()
            reopened = engines.create(name, Path(folder) / name)
            agree(memory, reopened, asked[-1])
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
