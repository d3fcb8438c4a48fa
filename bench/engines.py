"""How fast are our engines beside others? python bench/engines.py [--articles 10000 20000 110000 1000000]

Whoosh as it comes, Tantivy and SQLite's FTS5 get the same words (`articles`), and are asked the same (`asking`), in
the same run, in turns and in CPU time (`turns`), because a machine may be busy. Stock Whoosh is left out beyond
--stock articles. Needs the package `tantivy` beside what the program needs.

A word is a surface (weight 0.5) and a stem (1) in title (4 times) and body, added up; a phrase has surfaces alone.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import shutil
import sqlite3
import statistics
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import goals
from articles import kept
from asking import KINDS, STOP_PHRASE, Query, Sample, queries, stop_phrases
from common import BIN, ROOT, WORK, run, table
from contenders import NAMES, ROOMY
from steps import QUERIES, WARMING
from turns import Round, Seconds, spread, take_turns

ASKED, STOPS, FEW = 500, 20, 22
"""How many queries are timed: mixed ones, phrases of stop words, and facets where slow engines take part."""

FAST = ("ours", "ours.tantivy", "tantivy")
RATIOS = ("ours.tantivy", "stock", "tantivy")
SMALL, BUILDS = 20_000, 3
"""Up to which size all but stock are built more than once, and how often."""

PACKAGES = ("searcher", "whoosh3", "tantivy", "numpy")

Figures = dict[str, float]


def main() -> None:
    """Measures each size, prints its table, and the table of goals at the end."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, nargs="+", default=[10_000, 20_000], metavar="N")
    options.add_argument("--stock", type=int, default=20_000, metavar="N", help="the most that stock Whoosh gets")
    given = options.parse_args()
    kept(max(given.articles))
    measured = {size: measure(size, given.stock) for size in sorted(given.articles)}
    table(f"engines-goals-{max(measured)}", "The Whoosh engine and its goals", goals.rows(measured), PACKAGES)


def measure(number: int, stock: int) -> Figures:
    """Everything about one size; the indexes are deleted at the end."""
    names, load = [name for name in NAMES if name != "stock" or number <= stock], os.getloadavg()[0]
    sample = Sample(kept(number), number)
    mixed, stops = queries(sample, WARMING + ASKED), stop_phrases(sample, STOPS)
    with TemporaryDirectory(dir=WORK, prefix=f"engines-{number}-") as name:  # another run may have another one
        folder = Path(name)
        figures = built(folder, number, names)
        (folder / QUERIES).write_bytes(pickle.dumps(mixed))
        figures |= step("alone", folder, prefix="ours.alone.")
        times, tops = searched(folder, names, mixed, stops)
        figures |= times
        figures |= step("add", str(number), folder, prefix="ours.add.")
    loads = f"load of the machine {load:.1f} before, {os.getloadavg()[0]:.1f} after"
    title = f"Engines on {number:,} articles, SQLite {sqlite3.sqlite_version}, {loads}"
    table(f"engines-{number}", title, [*rows(figures, names), *kinds(tops, mixed[WARMING:], names)], PACKAGES)
    return figures


def built(folder: Path, number: int, names: Sequence[str]) -> Figures:
    """Each index, built in a process of its own; small ones several times, in turns: medians of the figures."""
    quick = [name for name in names if name != "stock"]
    steps = [*names, *([ROOMY] if "stock" in names else []), *quick * (BUILDS - 1 if number <= SMALL else 0)]
    found = defaultdict[str, list[float]](list)
    for name in steps:
        print(f"{number:,} articles: building {name}", file=sys.stderr)
        shutil.rmtree(folder / name, ignore_errors=True)
        for figure, value in step("build", name, str(number), folder, prefix=f"{name}.").items():
            found[figure].append(value)
    return {figure: statistics.median(values) for figure, values in found.items()}


def step(*words: str | Path, prefix: str = "") -> Figures:
    """The figures of a step, and the peak of its memory unless it gives its own."""
    done = run([str(BIN / "python"), str(ROOT / "bench" / "steps.py"), *map(str, words)], ROOT, memory=True)
    figures: Figures = {"memory": done.megabytes, **json.loads(done.output)}
    return {prefix + name: value for name, value in figures.items()}


def searched(
    folder: Path, names: Sequence[str], mixed: Sequence[Query], stops: Sequence[Query]
) -> tuple[Figures, Seconds]:
    """The CPU times of all rounds, in milliseconds; how many answers differ from ours; the top tens' by query."""
    warming, counting = mixed[:WARMING], mixed[WARMING:]
    rounds = {
        "top": (names, Round(warming, counting, "top")),
        "stops": (names, Round(warming, stops, "top")),
        "facets": (FAST, Round(warming, counting, "facets")),
        "few": (names, Round(warming, counting[:FEW], "facets")),
    }
    rounds |= {f"{part}.each": (who, asked._replace(block=1)) for part, (who, asked) in rounds.items()}
    taken = {part: take_turns(folder, who, asked) for part, (who, asked) in rounds.items()}
    figures: Figures = {f"{name}.differ": taken["top"][1][name] + taken["few"][1][name] for name in names}
    for part, (by_name, _) in taken.items():
        for name, seconds in by_name.items():
            figures[f"{name}.{part}"], figures[f"{name}.{part}.slow"] = spread(seconds)
    return figures, taken["top"][0]


ROWS = (
    ("build, articles a CPU second", "rate", ",.0f"),
    ("build, the same with 4 GB of memory", "roomy.rate", ",.0f"),
    ("size, MB", "size", ",.1f"),
    ("build, peak memory, MB", "memory", ",.0f"),
    ("build, peak memory with 4 GB allowed, MB", "roomy.memory", ",.0f"),
    ("build, memory before it began, MB", "before", ",.0f"),
    ("top ten and total, median, CPU ms", "top", ".3f"),
    ("top ten and total, 95th percentile, CPU ms", "top.slow", ".3f"),
    ("top ten and total, query by query, median, CPU ms", "top.each", ".3f"),
    ("top ten and total, query by query, 95th percentile, CPU ms", "top.each.slow", ".3f"),
    (f"{STOP_PHRASE}, median, CPU ms", "stops", ".3f"),
    (f"{STOP_PHRASE}, query by query, median, CPU ms", "stops.each", ".3f"),
    ("five facets and months, median, CPU ms", "facets", ".3f"),
    ("five facets and months, 95th percentile, CPU ms", "facets.slow", ".3f"),
    ("five facets and months, query by query, median, CPU ms", "facets.each", ".3f"),
    (f"five facets and months of {FEW} queries, median, CPU ms", "few", ".3f"),
    ("answers with other numbers than ours", "differ", ".0f"),
    ("alone: top ten, five facets and months, median, ms", "alone.median", ".3f"),
    ("alone: the same, 95th percentile, ms", "alone.slow", ".3f"),
    ("alone: memory without mapped files, MB", "alone.memory", ",.0f"),
    ("ten articles added, until they are found, s", "add.seconds", ".3f"),
)
"""What is shown, the figure's name without its engine, and its format."""


def rows(figures: Figures, names: Sequence[str]) -> list[list[str]]:
    """The figures by engine, and those of stock and of Tantivy divided by ours."""
    found = [["what", *names, *(f"{name}/ours" for name in RATIOS)]]
    for what, part, form in ROWS:
        known = {name: figures[f"{name}.{part}"] for name in names if f"{name}.{part}" in figures}
        found.append(
            [what, *(format(known[name], form) if name in known else "–" for name in names), *_ratios(known)]
        )
    return found


def kinds(tops: Seconds, asked: Sequence[Query], names: Sequence[str]) -> list[list[str]]:
    """The medians of the top tens by kind of query."""
    found = []
    for kind in KINDS:
        at = [number for number, query in enumerate(asked) if query.kind == kind]
        medians = {name: statistics.median(tops[name][number] for number in at) * 1000 for name in names}
        found.append([f"{kind}, CPU ms", *(f"{medians[name]:.3f}" for name in names), *_ratios(medians)])
    return found


def _ratios(known: Mapping[str, float]) -> list[str]:
    ours = known.get("ours", 0)
    return [f"{known[name] / ours:.2f}" if ours and name in known else "–" for name in RATIOS]


if __name__ == "__main__":
    main()
