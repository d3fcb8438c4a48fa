"""What do a million articles do to the store, the engine and a search? python bench/million.py --archive DIR
[--articles 110000 1000000]

Reading, cleaning and naming a million takes hours, and as long for the last article as for the first
(bench/growth.py). So they are left out here: the articles are those of an archive that has been built, each again
and again, with headline, text, names and quotes of one, the day of a second and the source of a third. Words and
names are no more than in the archive, and each stands in so many times more articles: that is the hard case for a
search, and the easy one for what must be sorted.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from common import BIN, ROOT, WORK, run, table

from searcher import Archive
from searcher.generations import Index
from searcher.model import Article
from searcher.store import Batch, Store

SEED = 20150512
BATCH = 2_000


class Figures(NamedTuple):
    """What was measured at one size: seconds of CPU to fill store and engine, megabytes of the process that did it
    and of one that searches, milliseconds of whole answers, bytes of the engine."""

    articles: int
    store: float
    engine: float
    memory: float
    median: float
    slow: float
    search_memory: float
    size: int


def main() -> None:
    """Fills and asks each size, the smallest first, and prints one table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--archive", type=Path, required=True, help="one with an index")
    options.add_argument("--articles", type=int, nargs="+", default=[110_000, 1_000_000], metavar="N")
    options.add_argument("--fill", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.fill:
        print(json.dumps(filled(given.archive, given.fill, given.articles[0])))
        return
    found = [measure(given.archive.resolve(), number) for number in sorted(given.articles)]
    title = "Store, engine and answers, of articles that were made before"
    table(f"million-{max(given.articles)}", title, list(rows(found)), ["searcher", "numpy"])


def measure(archive: Path, number: int) -> Figures:
    """One size, in processes of their own; one that was filled before is only asked again."""
    folder, python = WORK / f"million-{number}", str(BIN / "python")
    here, growth = (str(ROOT / "bench" / name) for name in ("million.py", "growth.py"))
    kept = folder / "filled.json"
    if not kept.exists():
        shutil.rmtree(folder, ignore_errors=True)
        print(f"{number:,} articles: filling", file=sys.stderr)
        command = [python, here, "--archive", str(archive), "--fill", str(folder), "--articles", str(number)]
        kept.write_text(json.dumps(json.loads(run(command, ROOT).output)))
    made = json.loads(kept.read_text())
    answer = json.loads(run([python, growth, "--ask", str(folder)], ROOT).output)
    size = sum(path.stat().st_size for path in (folder / "index").rglob("engine/*"))
    return Figures(number, *made, *answer, size)


def filled(archive: Path, folder: Path, number: int) -> tuple[float, float, float]:
    """Makes an archive of so many articles: CPU seconds of the store and of the engine, and megabytes at most,
    those of files that are mapped among them."""
    (folder / "corpus").mkdir(parents=True)
    with Archive(archive) as held:
        store = held._generation().store
        assert isinstance(store, Store)
        index = Index(folder / "index")
        with index.writing():
            generation = index.begin(held._generation().meta)
            began = time.process_time()
            rows = made(store, number)
            while some := tuple(islice(rows, BATCH)):
                generation.store.write(Batch(articles=some))
            stored = time.process_time()
            generation.roll_forward()
            index.publish(generation)
            done = time.process_time()
            generation.close()
    return stored - began, done - stored, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def made(store: Store, number: int) -> Iterator[Article]:
    """So many articles out of those of a store: the text of one, the day of a second, the source of a third."""
    chance, ids = random.Random(SEED), store.ids()
    for first in range(0, number, BATCH):
        some = list(store.own(chance.choices(ids, k=BATCH)).values())
        for at in range(first, min(first + BATCH, number)):
            one, day, source = chance.choices(some, k=3)
            yield replace(one, id=f"{at:012x}", date=day.date, source=source.source)


def rows(found: list[Figures]) -> Iterator[list[str]]:
    """A row a figure, a column a size, and how the largest compares with the smallest."""
    times = found[-1].articles / found[0].articles
    yield ["what", *(f"{one.articles:,}" for one in found), f"by size ({times:.1f} × the articles)", "goal"]
    yield _row("store: articles a CPU second", [one.articles / one.store for one in found], "–")
    yield _row("engine: articles a CPU second", [one.articles / one.engine for one in found], "linear to a fifth")
    yield _row("memory of that process, mapped files included, MB", [one.memory for one in found], "2,000")
    yield _row("whole answer, median, ms", [one.median for one in found], "at most 5 times")
    yield _row("whole answer, 95th percentile, ms", [one.slow for one in found], "–")
    yield _row("searching, memory without mapped files, MB", [one.search_memory for one in found], "300")
    yield _row("engine, kB an article", [one.size / one.articles / 1000 for one in found], "–")


def _row(what: str, values: list[float], goal: str) -> list[str]:
    shown = (f"{value:,.2f}" if value < 10 else f"{value:,.0f}" for value in values)
    return [what, *shown, f"{values[-1] / values[0]:.2f}", goal]


if __name__ == "__main__":
    main()
