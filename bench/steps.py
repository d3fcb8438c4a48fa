"""What runs in a process of its own? Builds, a search process that does nothing else, and ten articles that come.

python bench/steps.py build NAME ARTICLES FOLDER | alone FOLDER | add ARTICLES FOLDER: prints figures as JSON.
"""

from __future__ import annotations

import gc
import json
import pickle
import statistics
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from articles import Article, Articles, entry, kept
from asking import Query
from common import cpu
from contenders import contender
from turns import spread, timed

QUERIES = "queries.pickle"
"""The file beside the indexes that tells a process what to ask: so it need not know the articles."""

WARMING = 50
"""How many queries come before those that count."""

TEN, TIMES = 10, 3
"""How many articles come at a time, and how often."""

AHEAD = 500
"""How many articles are read ahead: reading one for each that is written would slow the writing of fast engines."""


class Given:
    """Articles in the shape that an engine takes; counts the seconds that reading and shaping took."""

    def __init__(self, articles: Articles, shape: Callable[[Article], Any], number: int) -> None:
        self.articles, self.shape, self.number = articles, shape, number
        self.seconds = 0.0

    def __iter__(self) -> Iterator[Any]:
        for start in range(0, self.number, AHEAD):
            began = time.thread_time()
            ahead = [self.shape(self.articles(at)) for at in range(start, min(start + AHEAD, self.number))]
            self.seconds += time.thread_time() - began
            yield from ahead


def build(name: str, number: int, folder: Path) -> dict[str, float]:
    """CPU seconds of all threads and child processes, without reading; MB on disk, MB before the build began."""
    engine, articles = contender(name), kept(number)
    given = Given(articles, engine.shape, number)
    before, began, clock = anonymous(), cpu(), time.perf_counter()
    engine.build(folder / name, given)
    seconds, passed = cpu() - began - given.seconds, time.perf_counter() - clock
    return {"rate": number / seconds, "clock": passed, "size": size(folder / name), "before": before}


def size(folder: Path) -> float:
    """MB of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def anonymous() -> float:
    """MB of memory that this process has for itself: mapped files are not counted (Linux)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


def alone(folder: Path) -> dict[str, float]:
    """Whole answers of our engine: top ten, five facets and time line of one plan; then this process's memory."""
    from ours import Ours  # here, because only these steps pay for it

    queries: list[Query] = pickle.loads((folder / QUERIES).read_bytes())
    searching = Ours(folder / "ours")
    seconds = [timed(partial(searching.both, query.asked), time.perf_counter)[0] for query in queries]
    middle, slow = spread(seconds[WARMING:])
    return {"median": middle, "slow": slow, "memory": anonymous()}


def add(number: int, folder: Path) -> dict[str, float]:
    """Seconds until ten further articles are found, the median of three times: open, write, search."""
    from ours import add as added

    articles = kept(number)
    seconds = []
    for first in range(number, number + TEN * TIMES, TEN):
        entries = [entry(articles(at)) for at in range(first, first + TEN)]
        seconds.append(timed(partial(added, folder / "ours", entries), time.perf_counter)[0])
    return {"seconds": statistics.median(seconds)}


def main() -> None:
    """The step that the arguments name."""
    gc.freeze()
    match sys.argv[1:]:
        case ["build", name, number, folder]:
            print(json.dumps(build(name, int(number), Path(folder))))
        case ["alone", folder]:
            print(json.dumps(alone(Path(folder))))
        case ["add", number, folder]:
            print(json.dumps(add(int(number), Path(folder))))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        traceback.print_exc()
        sys.exit(2)  # what common.run() takes for a failure
