"""Do threads that search get answers of one moment while another writes, and does what is remembered stay bounded?"""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from engine_kit import COUNTED, PLANS, SORTS, answers, differences, entry, little, memory, some, whoosh
from hypothesis import given
from hypothesis import strategies as st

from searcher.engines import whoosh as engine_of
from searcher.engines.whoosh import lexicon, places, postings, segments, table, view
from searcher.engines.whoosh.evaluation import Evaluation
from searcher.engines.whoosh.segments import Cache
from searcher.query.plan import EVERYTHING, And, Not, Or, Range, Row

FEW = PLANS[1::2]


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns all the time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def at_once(*tasks: Callable[[], None]) -> list[BaseException]:
    """Runs every task in a thread of its own, and gives what they raised."""
    raised: list[BaseException] = []

    def run(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


WRITES = [
    (some(number, 9, f"{number} "), [f"{number - 1} {dropped}" for dropped in (0, 3, 4)]) for number in range(12)
]


def test_eight_threads_get_answers_of_one_moment_or_another_while_one_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hasty: None
) -> None:
    little(monkeypatch, factor=2, full=150)
    alone = whoosh(tmp_path / "alone", write=True)
    states = [answers(alone, FEW)]
    for last, (put, drop) in enumerate(WRITES, 1):
        alone.write(put, drop, last)
        states.append(answers(alone, FEW))
    engine, done, asked = whoosh(tmp_path / "e", write=True), threading.Event(), 0

    def write() -> None:
        for last, (put, drop) in enumerate(WRITES, 1):
            engine.write(iter(put), drop, last)
        done.set()

    def ask(chance: random.Random) -> None:
        nonlocal asked
        while not done.is_set():
            number, sort = chance.randrange(len(FEW)), chance.choice(SORTS)
            found, name = engine.search(FEW[number], sort, 0, None), chance.choice(COUNTED)
            counts = engine.count(FEW[number], [name])[name]
            assert any(_same(state, (number, sort), found) for state in states)
            assert any(
                state[number, "counts", name]
                == (dict(counts), len(counts), counts.most_common(3), counts.get("BBC", 0))
                for state in states
            )
            asked += 1

    assert at_once(write, *(partial(ask, random.Random(number)) for number in range(8))) == []
    assert asked > 50
    assert differences(states[-1], answers(engine, FEW)) == []


def _same(state: dict[Any, Any], key: tuple[int, str], found: Any) -> bool:
    scores = state[(*key, "scores")]
    return state[key] == (found.ids, found.total) and found.scores == pytest.approx(scores)


def test_two_threads_that_write_at_once_both_write(tmp_path: Path, hasty: None) -> None:
    engine = whoosh(tmp_path, write=True)

    def write(name: str) -> None:
        for at in range(15):
            engine.write([entry(f"{name}{at}", ["a"])], [], at)

    assert at_once(partial(write, "x"), partial(write, "y")) == []
    assert engine.search(And(()), "newest", 0, None).ids == tuple(
        sorted(f"{name}{at}" for name in "xy" for at in range(15))
    )


def test_more_words_than_are_remembered_are_found_by_threads_that_forget_each_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hasty: None
) -> None:
    monkeypatch.setattr(postings, "REMEMBERED", 1)
    monkeypatch.setattr(view, "WORDS", 1)
    engine = whoosh(tmp_path, write=True)
    engine.write([entry(str(number), ["w"] * number) for number in range(1, 9)], [], 1)
    held = engine._view.segments[0].postings("body")
    expected = engine._view.rarity("body", "w")

    def ask(chance: random.Random) -> None:
        for number in range(4000):
            assert postings.together(held.of("w")).often.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
            assert held.of(f"absent {number}") == ()
            assert engine._view.rarity("body", "w") == expected
            assert engine._view.rarity("body", f"absent {number}") > expected

    assert at_once(*(partial(ask, random.Random(number)) for number in range(8))) == []


# What is remembered


def held_bytes(cache: Cache) -> int:
    """What is in a cache, measured now."""
    return sum(
        max(size, sum(one.nbytes for one in made) if _evaluations(made) else 0)
        for made, size in cache._held.values()
    )


def _evaluations(made: Any) -> bool:
    return isinstance(made, list) and all(isinstance(one, Evaluation) for one in made)


GIVEN = some(4, 30)


@cache
def expected() -> dict[Any, Any]:
    """What an index of all these but one answers."""
    return answers(memory(one for one in GIVEN if one.id != "id3"), FEW)


@pytest.mark.parametrize("limit", [0, 1, 100, 2000, 20_000, 1_000_000])
def test_however_little_is_remembered_the_answers_are_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(engine_of, "REMEMBERED", limit)
    monkeypatch.setattr(view, "EACH", 0)
    monkeypatch.setattr(view, "FOUND", 0)
    monkeypatch.setattr(view, "LEAST", 50)
    engine = whoosh(tmp_path, write=True)
    for at in range(0, 30, 10):
        engine.write(GIVEN[at : at + 10], ["id3"], at)
    for _ in range(2):
        for turn, plan in enumerate(FEW):
            got = answers(engine, [plan])
            wanted = {(key[0] - turn, *key[1:]): one for key, one in expected().items() if key[0] == turn}
            assert differences(wanted, {key: one for key, one in got.items() if key[0] == 0}) == []
            for kept in (engine._view._tables, engine._view._asked, engine._view._listed):
                assert held_bytes(kept) <= limit
                assert kept._bytes == sum(size for _, size in kept._held.values())
    hits = any(key[0] == "hits" for key in engine._view._asked._held)  # type: ignore[index]
    assert hits or limit < 20_000
    assert not hits or limit >= 2000, "with less there is no room for one"


def test_however_little_is_done_at_once_the_answers_are_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, bound, least in (
        (table, "BLOCK", 3),
        (table, "PAIRS", 0),
        (places, "STRETCH", 1),
        (segments, "SMALL", 0),
        (lexicon, "FEW", 1),
    ):
        monkeypatch.setattr(module, bound, least)
    engine = whoosh(tmp_path, write=True)
    for at in range(0, 30, 10):
        engine.write(GIVEN[at : at + 10], ["id3"], at)
    assert differences(answers(memory(one for one in GIVEN if one.id != "id3")), answers(engine)) == []


def test_what_is_remembered_of_a_plan_does_not_grow_when_more_is_asked_of_it(tmp_path: Path) -> None:
    engine = whoosh(tmp_path, write=True)
    engine.write(some(5, 10), [], 1)
    engine.write([entry("z", ["only", "here"])], [], 2)
    nodes = (
        Row("body", ("only", "here")),
        Or((Row("body", ("a", "b")), And((Range("words", 1, 3), Row("title", ("a",)))))),
    )
    for plan in (And(nodes), And(nodes[::-1]), Not(And(nodes)), Or((And(nodes), *nodes))):
        engine.count(plan, ["source"])
        before = [one.nbytes for one in engine._view._hits(plan)]
        for sort in SORTS:
            engine.search(plan, sort, 0, None)
        assert [one.nbytes for one in engine._view._hits(plan)] == before


def test_plans_without_end_are_not_remembered_even_by_an_empty_index(tmp_path: Path) -> None:
    engine = whoosh(tmp_path, write=True)
    for number in range(3000):
        engine.search(Range("words", number, None), "newest", 0, 10)
    assert 0 < len(engine._view._asked._held) <= 1000


@given(st.integers(0, 30), st.lists(st.tuples(st.integers(0, 6), st.integers(0, 12)), max_size=40))
def test_a_cache_holds_what_was_used_last_as_far_as_its_bytes_go(limit: int, asked: list[tuple[int, int]]) -> None:
    cache, sizes = Cache(limit), dict(asked)
    used: list[int] = []
    for key, _ in asked:
        size = sizes[key]
        assert cache.get(key, lambda size=size: "x" * size, len) == "x" * size
        used = [*(one for one in used if one != key), *([key] if size <= limit else [])]
        while sum(sizes[one] for one in used) > limit:
            used.pop(0)
        assert list(cache._held) == used
        assert cache._bytes == sum(sizes[one] for one in used)


def test_the_values_of_a_large_index_are_numbered_once_and_not_for_each_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbered = []
    monkeypatch.setattr(engine_of, "REMEMBERED", 0)
    monkeypatch.setattr(view.View, "_valued", _noted(view.View._valued, numbered))
    engine = whoosh(tmp_path / "a", write=True)
    engine.write([entry(f"e{number}", ["w"], values={"source": ("a", "b")}) for number in range(40)], [], 1)
    for _ in range(3):
        assert engine.count(EVERYTHING, ["source"])["source"] == {"a": 40, "b": 40}
    assert numbered == ["source"]


def _noted(work: Callable[..., Any], names: list[str]) -> Callable[..., Any]:
    def noting(self: Any, name: str) -> Any:
        names.append(name)
        return work(self, name)

    return noting


def test_threads_that_miss_the_same_thing_at_once_keep_the_bytes_right(hasty: None) -> None:
    cache = Cache(100)

    def use(chance: random.Random) -> None:
        for _ in range(2000):
            key = chance.randrange(30)
            assert cache.get(key, lambda key=key: bytes(key), len) == bytes(key)

    assert at_once(*(partial(use, random.Random(number)) for number in range(6))) == []
    assert cache._bytes == sum(size for _, size in cache._held.values()) <= 100
