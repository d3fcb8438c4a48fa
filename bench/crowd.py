"""Does building disturb searching? python bench/crowd.py [--articles 20000] [--engine whoosh]

Threads that share one Archive, and processes with one each, ask the same queries over and over: first alone, then
while `searcher index --rebuild` puts a new index in the place of the old one, then while a hundred articles are
added. Every total is compared with the ones that are right before and after; errors are counted too.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from answers import drawn
from common import BIN, ROOT, WORK, run, table
from dumps import archive, write

from searcher import Archive, SearcherError

QUERIES, ADDED, ALONE = 60, 100, 20.0

Totals = Mapping[str, int]


class Answer(NamedTuple):
    """One answer: the query, its total, or the error in the place of it, and milliseconds."""

    query: str
    total: int | str
    took: float


class Crowd:
    """Asks until it is told to stop."""

    def __init__(self, folder: Path, queries: Sequence[str], threads: int, processes: int) -> None:
        self._over = threading.Event()
        self._opened = Archive(folder)
        self._pool = ThreadPoolExecutor(threads)
        self._here = [self._pool.submit(ask, self._opened, queries, at, self._over.is_set) for at in range(threads)]
        command = [str(BIN / "python"), str(ROOT / "bench" / "crowd.py"), "--ask", str(folder)]
        self._there = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(processes)
        ]
        for other in self._there:
            assert other.stdin
            other.stdin.write(json.dumps(queries) + "\n")
            other.stdin.flush()

    def stop(self) -> list[Answer]:
        """All answers."""
        self._over.set()
        heard = [answer for asking in self._here for answer in asking.result()]
        for other in self._there:
            heard += [Answer(*answer) for answer in json.loads(other.communicate("stop\n")[0])]
        self._pool.shutdown()
        self._opened.close()
        return heard


def ask(opened: Archive, queries: Sequence[str], first: int, is_over: Callable[[], bool]) -> list[Answer]:
    """Asks the queries in turn, each asker beginning with another."""
    heard, at = list[Answer](), first * 7
    while not is_over():
        query = queries[at % len(queries)]
        began, total = time.perf_counter(), 0
        try:
            total = opened.search(query, facets=["source", "person"]).total
            heard.append(Answer(query, total, (time.perf_counter() - began) * 1000))
        except SearcherError as error:
            heard.append(Answer(query, str(error), 0.0))
        at += 1
    return heard


def asker(folder: Path) -> None:
    """A process that asks until something more is written to it."""
    queries, over = json.loads(sys.stdin.readline()), threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), over.set()), daemon=True).start()
    with Archive(folder) as opened:
        print(json.dumps(ask(opened, queries, 0, over.is_set)))


def main() -> None:
    """Measures the three times, prints and keeps the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=20_000)
    options.add_argument("--engine", default="whoosh")
    options.add_argument("--threads", type=int, default=16)
    options.add_argument("--processes", type=int, default=4)
    options.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.ask:
        asker(given.ask)
        return
    rows = list(measure(given.articles, given.engine, given.threads, given.processes))
    who = f"{given.threads} threads and {given.processes} processes searching {given.articles:,} articles"
    table(f"crowd-{given.engine}-{given.articles}", f"{who}, engine {given.engine}", rows, ["searcher", "numpy"])


def measure(number: int, engine: str, threads: int, processes: int) -> Iterator[list[str]]:
    """The rows of the table."""
    folder = archive(number, WORK / f"crowd-{number}-{engine}")
    added = folder / "corpus" / "added.jsonl"
    added.unlink(missing_ok=True)
    index = [str(BIN / "searcher"), "index", "--engine", engine]
    run(index, folder)
    queries = [one.query for one in drawn(folder, QUERIES)]
    before = totals(folder, queries)

    def during(what: str, work: Callable[[], object]) -> list[str]:
        crowd, began = Crowd(folder, queries, threads, processes), time.perf_counter()
        work()
        seconds, heard = time.perf_counter() - began, crowd.stop()
        return row(what, seconds, heard, (before, totals(folder, queries)))

    yield ["what", "seconds", "answers a second", "median, ms", "95th percentile, ms", "errors", "wrong totals"]
    yield during("searching alone", lambda: time.sleep(ALONE))
    yield during("while the index is built anew", lambda: run([*index, "--rebuild"], folder))
    write(added, number, number + ADDED)
    yield during(f"while {ADDED} articles are added", lambda: run(index, folder))


def totals(folder: Path, queries: Sequence[str]) -> Totals:
    """The totals when nobody builds."""
    with Archive(folder) as opened:
        return {query: opened.search(query).total for query in queries}


def row(what: str, seconds: float, heard: Sequence[Answer], right: Sequence[Totals]) -> list[str]:
    """Figures of one time; what is wrong goes to standard error too."""
    errors = [one for one in heard if isinstance(one.total, str)]
    times = [one.took for one in heard if not isinstance(one.total, str)]
    wrong = [one for one in heard if one not in errors and one.total not in {known[one.query] for known in right}]
    for one in [*errors, *wrong][:5]:
        print(f"{what}: {one.query}: {one.total}", file=sys.stderr)
    slow = statistics.quantiles(times, n=20)[-1]
    figures = (f"{seconds:,.0f}", f"{len(heard) / seconds:,.1f}", f"{statistics.median(times):.1f}", f"{slow:.1f}")
    return [what, *figures, str(len(errors)), str(len(wrong))]


if __name__ == "__main__":
    main()
