"""How fast is an index built, how large is it? python bench/building.py [--articles 20000]

One JSONL file of articles of all kinds, in a mixed order; web pages, a file each; the real command with all cores.
Beside seconds on the clock stand CPU seconds of all processes: other work on the machine does not count in them.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from common import BIN, DATA, WORK, Run, news, run, table
from dumps import rows as articles
from steps import size

from searcher import text

PAGES, TIMES = 1_000, 5
RULES = 'names = "rules"\n'
"""The settings of an archive whose names are told by lists and rules alone."""


def main() -> None:
    """Makes the archives, measures, prints the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=20_000)
    number = options.parse_args().articles
    rows = [["what", "measured", "goal"], *words(), *dumps(number), *pages()]
    table(f"building-{number}", f"Building an index of {number:,} articles", rows, ["searcher", "numpy", "whoosh3"])


def archive(name: str, rows: Sequence[dict[str, str]], settings: str = "") -> Path:
    """A new archive of one dump of these articles."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    dump(folder, "dump", rows)
    if settings:
        (folder / "searcher.toml").write_text(settings, "utf-8")
    return folder


def dump(folder: Path, name: str, rows: Sequence[dict[str, str]]) -> None:
    """One more dump in an archive, old enough for its time to be believed."""
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "corpus" / f"{name}.jsonl").write_text("".join(lines), "utf-8")
    time.sleep(2.1)


def indexed(folder: Path) -> Run:
    """`searcher index`, as it is."""
    return run([str(BIN / "searcher"), "index"], folder, memory=True)


def words() -> Iterator[list[str]]:
    """`text.cut` alone, in one process: megabytes of UTF-8 a CPU second, the median of some times."""
    rows = list(islice((row for row in news() if row.get("text")), 4_000))
    megabytes = sum(len(row["text"].encode()) for row in rows) / 1e6
    seconds = []
    for _ in range(TIMES):
        began = time.process_time()
        for row in rows:
            text.cut(row["text"], "en")
        seconds.append(time.process_time() - began)
    rate = megabytes / statistics.median(seconds)
    yield ["words with stems and sentences, one process, MB a CPU second", f"{rate:.1f}", "8"]


def dumps(number: int) -> Iterator[list[str]]:
    """A dump with names by the models and by rules; its index."""
    rows = list(articles(0, number))
    length = sum(len(f"{row.get('title', '')}{row['text']}".encode()) for row in rows) / 1e6
    yield from built(archive("building-rules", rows, RULES), number, "1,500", "rules")
    folder = archive("building", rows)
    yield from built(folder, number, "400", "models")
    megabytes = size(folder / "index")
    store = sum(path.stat().st_size for path in (folder / "index").rglob("articles.db")) / 1e6
    yield ["index/ against the text", f"{megabytes / length:.2f}", "0.9"]
    yield ["of which the store", f"{store / length:.2f}", "–"]


def built(folder: Path, number: int, goal: str, names: str) -> Iterator[list[str]]:
    """A full build: articles a second by the clock and by the CPU seconds of one core, and memory."""
    done = indexed(folder)
    yield [f"names by {names}: articles a second", f"{number / done.seconds:,.0f}", goal]
    yield [f"names by {names}: articles a CPU second", f"{number / done.cpu:,.0f}", "–"]
    yield [f"names by {names}: peak memory of all processes, MB", f"{done.megabytes:,.0f}", "2,000 at 1,000,000"]


def pages() -> Iterator[list[str]]:
    """Web pages, a file each, as they were saved."""
    folder = WORK / "building-pages"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "corpus").mkdir(parents=True)
    found = sorted((DATA / "html" / "wcxb-dev" / "html").iterdir())[:PAGES]
    for path in found:
        shutil.copy(path, folder / "corpus" / path.name)
    time.sleep(2.1)
    done = indexed(folder)
    yield ["web pages a second", f"{len(found) / done.seconds:,.0f}", "150"]
    yield ["web pages a CPU second", f"{len(found) / done.cpu:,.0f}", "–"]


if __name__ == "__main__":
    main()
