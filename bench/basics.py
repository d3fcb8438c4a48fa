"""How long do the everyday things take? python bench/basics.py [--articles 10000]

One file an article, of the press releases in the measuring data; every figure is of the real commands.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from itertools import islice
from pathlib import Path

from common import BIN, WORK, median, news, run, table

QUERIES = ["veterans", "health care", '"social security"', "iraq -afghanistan", "energy OR oil",
           "hurricane katrina", "source:*dorgan* budget", "date:2007 education", "immigr*", "the"]  # fmt: skip


def main() -> None:
    """Makes the archive, measures, prints the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=10_000)
    number = options.parse_args().articles
    archive, spare = make(number)
    rows = [["what", "measured", "goal"], *build(archive, number), *cold(archive), *unchanged(archive)]
    rows += [*added(archive, spare), *warm(archive, number)]
    table("basics", f"Everyday commands on {number:,} articles", rows, ["searcher", "whoosh3"])


def make(number: int) -> tuple[Path, list[Path]]:
    """An archive of `number` files, and ten more files that do not lie in it yet."""
    archive = WORK / f"basics-{number}"
    shutil.rmtree(archive, ignore_errors=True)
    spare = []
    for at, article in enumerate(islice((a for a in news() if a.get("text")), number + 10)):
        folder = (
            archive
            / ("corpus" if at < number else "spare")
            / (article.get("source") or "unknown").replace("/", "-")
        )
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{at:06}.txt"
        path.write_text(f"{article['title'][:120]}\n\n{article.get('date') or ''}\n\n{article['text']}\n", "utf-8")
        if at >= number:
            spare.append(path)
    time.sleep(2.1)  # files changed in the last two seconds are looked at again
    return archive, spare


def build(archive: Path, number: int) -> list[list[str]]:
    """A full build, with the memory of all its processes; and stock Whoosh on the same texts."""
    done = run([str(BIN / "searcher"), "index"], archive, memory=True)
    stock = stock_build(archive, number)
    return [
        ["build, articles a second", f"{number / done.seconds:,.0f}", "–"],
        ["build, peak memory", f"{done.megabytes:,.0f} MB", "600 MB"],
        ["build, stock whoosh3 with StemmingAnalyzer, texts alone", f"{stock:,.0f}", "–"],
    ]


def stock_build(archive: Path, number: int) -> float:
    """Articles a second of whoosh3 as it comes: one stemmed text field, read from memory."""
    from whoosh.analysis import StemmingAnalyzer
    from whoosh.fields import ID, TEXT, Schema
    from whoosh.index import create_in

    texts = [(path.name, path.read_text("utf-8")) for path in sorted((archive / "corpus").rglob("*.txt"))]
    folder = archive / "stock"
    folder.mkdir(exist_ok=True)
    began = time.perf_counter()
    writer = create_in(str(folder), Schema(id=ID(stored=True), text=TEXT(analyzer=StemmingAnalyzer()))).writer()
    for name, text in texts:
        writer.add_document(id=name, text=text)
    writer.commit()
    return number / (time.perf_counter() - began)


def cold(archive: Path) -> list[list[str]]:
    """A search in a process of its own, top ten with passages, without facets, against the interpreter's start."""
    start = median(lambda: run([str(BIN / "python"), "-c", "pass"], archive).seconds, 9)
    command = [str(BIN / "search"), "-n", "10", "-q"]
    seconds = {query: median(lambda query=query: run([*command, query], archive).seconds, 5) for query in QUERIES}
    worst = max(seconds, key=lambda query: seconds[query])
    middle = statistics.median(seconds.values())
    return [
        ["cold search, median of ten queries", f"{middle:.3f} s", "0.25 s"],
        ["cold search, the slowest of them", f"{seconds[worst]:.3f} s ({worst})", "0.25 s"],
        [
            "cold search against the interpreter's start",
            f"{middle / start:.1f} times {start * 1000:.0f} ms",
            "25 times",
        ],
    ]


def unchanged(archive: Path) -> list[list[str]]:
    """`searcher index` where nothing has changed."""
    seconds = median(lambda: run([str(BIN / "searcher"), "index"], archive).seconds, 5)
    return [["index, nothing changed", f"{seconds:.2f} s", "1 s"]]


def added(archive: Path, spare: list[Path]) -> list[list[str]]:
    """`searcher index` after ten files came, three times."""
    seconds = []
    for turn in range(3):
        folder = archive / "corpus" / f"added {turn}"
        folder.mkdir()
        for path in spare:
            (folder / path.name).write_text(f"{path.read_text('utf-8')}\n\nAdded in turn {turn}.\n", "utf-8")
        seconds.append(run([str(BIN / "searcher"), "index"], archive).seconds)
    return [["ten files added, median of three", f"{statistics.median(seconds):.2f} s", "3 s"]]


def warm(archive: Path, number: int) -> list[list[str]]:
    """The same queries in one process that is warm, top ten with passages, beside stock Whoosh without passages."""
    from whoosh.index import open_dir
    from whoosh.qparser import QueryParser

    from searcher import Archive

    ours, facets, theirs = [], [], []
    index = open_dir(str(archive / "stock"))
    with Archive(archive) as opened, index.searcher() as searcher:
        parser = QueryParser("text", index.schema)
        for query in QUERIES:
            ours.append(median(lambda query=query: timed(lambda: opened.search(query)), 5))
            facets.append(
                median(lambda query=query: timed(lambda: opened.search(query, facets=["source", "person"])), 3)
            )
            if ":" not in query:
                theirs.append(
                    median(lambda query=query: timed(lambda: searcher.search(parser.parse(query), limit=10)), 5)
                )
    return [
        ["warm search, median", f"{statistics.median(ours) * 1000:.1f} ms", "–"],
        ["warm search with two facets, median", f"{statistics.median(facets) * 1000:.1f} ms", "–"],
        ["stock whoosh3, top ten alone, median", f"{statistics.median(theirs) * 1000:.1f} ms", "–"],
    ]


def timed(work: object) -> float:
    """Seconds that a call takes."""
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
