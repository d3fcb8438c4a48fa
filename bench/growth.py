"""What grows with the archive? python bench/growth.py [--articles 10000 100000 1000000] [--engine whoosh]

Each size is built whole (cleaned, named, copies, stories, engine) by `searcher index`, and asked afterwards by a
fresh process. A million takes some two hours on two cores. Articles beyond the real ones are made of real sentences
(`dumps`).
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from answers import drawn, measured
from common import BIN, ROOT, run, table
from dumps import archive, text_bytes

QUERIES = 100


class Figures(NamedTuple):
    """What was measured at one size. Memory in MB: of all processes of the build together; of the search process,
    without the files that it has mapped. Bytes of index/ and of titles and texts."""

    articles: int
    seconds: float
    cpu: float
    build_memory: float
    median: float
    slow: float
    search_memory: float
    size: int
    text: int


def main() -> None:
    """Builds and asks each size, smallest first, and prints one table with the goals."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, nargs="+", default=[10_000, 100_000], metavar="N")
    options.add_argument("--engine", default="whoosh")
    options.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.ask:
        print(json.dumps(asked(given.ask)))
        return
    found = [measure(number, given.engine) for number in sorted(given.articles)]
    title = f"Growth of an archive, engine {given.engine}, everything included"
    table(f"growth-{given.engine}-{max(given.articles)}", title, list(rows(found)), ["searcher", "numpy"])


def measure(number: int, engine: str) -> Figures:
    """One size, built anew."""
    folder = archive(number)
    shutil.rmtree(folder / "index", ignore_errors=True)
    print(f"{number:,} articles: building", file=sys.stderr)
    done = run([str(BIN / "searcher"), "index", "--engine", engine], folder, memory=True)
    here = str(ROOT / "bench" / "growth.py")
    answer = json.loads(run([str(BIN / "python"), here, "--ask", str(folder)], folder).output)
    size = sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file())
    found = Figures(number, done.seconds, done.cpu, done.megabytes, *answer, size, text_bytes(folder))
    print(found, file=sys.stderr)  # of a run that is stopped something is left
    return found


def asked(folder: Path) -> tuple[float, float, float]:
    """The median and the 95th percentile of whole answers in milliseconds, and this process's own memory in MB."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:  # what drawing takes is not a search's
        queries = [one.query for one in process.submit(drawn, folder, QUERIES).result()]
    times = measured(folder, queries, 1)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1], _own_memory()


def _own_memory() -> float:
    """Memory that is this process's own, files that are mapped left out (Linux)."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    held = {line.split(":")[0]: float(line.split()[1]) for line in lines if line.endswith("kB")}
    return held["Anonymous"] / 1024


def rows(found: list[Figures]) -> Iterator[list[str]]:
    """A row a figure, a column a size, and how the largest compares with the smallest."""
    small, large = found[0], found[-1]
    times = large.articles / small.articles
    yield [
        "what",
        *(f"{one.articles:,}" for one in found),
        f"largest by smallest ({times:.0f} × the articles)",
        "goal",
    ]
    yield _row("build, s", [one.seconds for one in found], "linear within a fifth", times)
    yield _row("build, CPU s of all processes", [one.cpu for one in found], "–", times)
    yield _row("build, articles a second", [one.articles / one.seconds for one in found], "400")
    yield _row("build, peak memory of all processes, MB", [one.build_memory for one in found], "2,000")
    yield _row("whole answer, median, ms", [one.median for one in found], "at most 5 times")
    yield _row("whole answer, 95th percentile, ms", [one.slow for one in found], "–")
    yield _row("searching, memory without mapped files, MB", [one.search_memory for one in found], "300")
    yield _row("index/ against the text", [one.size / one.text for one in found], "0.9")


def _row(what: str, values: list[float], goal: str, times: float = 1) -> list[str]:
    ratio = values[-1] / values[0] / times
    shown = f"{ratio:.2f}" if times == 1 else f"{ratio:.2f} of linear"
    return [what, *(f"{value:,.2f}" if value < 10 else f"{value:,.0f}" for value in values), shown, goal]


if __name__ == "__main__":
    main()
