"""Is a little work shared with a process beside this one, and does it give what one process alone gives?"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searcher import Archive, building, corpus
from searcher.workers import Workers


def squares(number: int, more: int) -> Iterator[int]:
    if number < 0:
        raise ValueError(number)
    yield from (number * number + more, os.getpid())


def square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.mark.usefixtures("two_cores")
def test_a_little_work_is_shared_with_the_process_beside_in_order() -> None:
    with Workers() as workers:
        alone = [*workers.spread(squares, range(100), 1)]
        workers.begin()
        workers.meanwhile(square, 1)()
        made = [*workers.spread(squares, range(100), 1)]
        few = [*workers.spread(squares, range(3), 1)]
        assert [*workers.spread(squares, [], 1)] == []
    assert made[::2] == alone[::2] == [number * number + 1 for number in range(100)]
    assert set(alone[1::2]) == {os.getpid()}
    assert len(set(made[1::2])) == 2
    assert made[1] == os.getpid() != made[-1]
    assert set(few[1::2]) == {os.getpid()}


def test_processes_that_rest_have_ended_and_others_do_what_comes() -> None:
    with Workers(2) as workers:
        workers.rest()
        first = [*workers.spread(squares, range(100), 1)]
        assert workers._pool
        processes = list(workers._pool._processes.values())
        workers.rest()
        assert all(process.exitcode is not None for process in processes)
        second = [*workers.spread(squares, range(100), 1)]
    assert first[::2] == second[::2]
    assert not {os.getpid(), *first[1::2]} & set(second[1::2])


@pytest.mark.usefixtures("two_cores")
@pytest.mark.parametrize("wrong", [0, 50, 99])
def test_what_shared_work_raises_is_raised_here(wrong: int) -> None:
    numbers = [-1 if number == wrong else number for number in range(100)]
    with Workers() as workers:
        workers.begin()
        workers.meanwhile(square, 1)()
        with pytest.raises(ValueError, match="-1"):
            list(workers.spread(squares, numbers, 1))


@pytest.mark.usefixtures("two_cores")
@pytest.mark.parametrize("number", [None, 2])
def test_a_process_does_not_go_on_with_what_nobody_waits_for(number: int | None) -> None:
    processes: list[Any] = []

    def interrupted() -> None:
        with Workers(number) as workers:
            workers.begin()
            list(workers.spread(squares, range(2), 1))
            workers.meanwhile(time.sleep, 3600)
            pool = workers._pool or (workers._beside and workers._beside.pool)
            assert pool
            processes.extend(pool._processes.values())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert processes
    end = time.monotonic() + 60
    while any(process.exitcode is None for process in processes):  # a thread of the pool waits for them as well
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.usefixtures("two_cores")
def test_what_is_done_nearby_and_meanwhile_is_for_the_process_beside_if_there_is_one() -> None:
    with Workers() as workers:
        assert [*workers.nearby(square, range(5))] == [(number * number, os.getpid()) for number in range(5)]
        assert workers.meanwhile(square, 7)() == (49, os.getpid())
        assert not workers.is_shared
        workers.begin()
        made = [*workers.nearby(square, range(5))]
        other = workers.meanwhile(square, 7)()
        assert workers.is_shared
    assert [number for number, _ in made] == [0, 1, 4, 9, 16]
    assert made[0][1] == os.getpid() != made[-1][1]
    assert other == (49, made[-1][1])


@pytest.mark.usefixtures("two_cores")
def test_an_update_that_a_process_beside_shares_gives_the_same_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corpus").mkdir()
    texts = [f"Boat {number} came into the harbour of Oslo, said Jane Doe. " * 9 for number in range(40)]
    rows = [
        {"title": f"A boat {number % 9}", "text": text, "date": "2015-05-12"} for number, text in enumerate(texts)
    ]
    boats, held, given = tmp_path / "corpus" / "boats.jsonl", [], []
    monkeypatch.setattr(corpus, "RECENT", -1)
    meanwhile = Workers.meanwhile
    monkeypatch.setattr(Workers, "meanwhile", lambda *one: given.append(bool(one[0]._beside)) or meanwhile(*one))
    for some, workers in ((0, None), (building.MUCH, None), (0, 1)):
        monkeypatch.setattr(building, "SOME", some)
        shutil.rmtree(tmp_path / "index", ignore_errors=True)
        with Archive(tmp_path) as archive:
            boats.write_text("\n".join(map(json.dumps, rows[:20])))
            archive.build(workers=1)
            boats.write_text("\n".join(map(json.dumps, rows)))
            archive.build(workers=workers)
            held.append([(hit.article.id, hit.article) for hit in archive.hits("*", sort="oldest")])
    assert given.count(True) == 1
    assert held[0] == held[1] == held[2]
