"""How good is cleaning of web pages, and how fast? python bench/cleaning.py

Word-level F1 of the article on the development pages of WCXB, each page judged by a model that was learned without
the pages of its site, beside trafilatura on the same pages; and pages per CPU second, the two taking turns. Needs
`pip install -e '.[bench]'`.
"""

from __future__ import annotations

import gzip
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from common import table
from gold import FOLDER, f1, golds
from train_blocks import judged, sample

from searcher.cleaning import clean
from searcher.model import Provenance, Record
from searcher.readers import html
from searcher.settings import Settings

TIMED = 100
"""How many pages are timed, evenly taken from all."""


def main() -> None:
    """Measures and prints the table."""
    table("cleaning", "Cleaning of web pages", rows(), ["searcher", "trafilatura"])


def rows() -> list[list[str]]:
    """What was measured, here and with trafilatura, and the goal."""
    samples = [sample(gold) for gold in golds() if gold.text]
    scores = list(judged(samples))
    theirs = {precise: [f1(_trafilatura(one.gold.html, precise), one.gold.text) for one in samples]
              for precise in (False, True)}  # fmt: skip
    ours, other = speeds()
    columns = [[score for *_, score in scores], theirs[False], theirs[True]]
    means = [f"{mean(column):.4f}" for column in columns]
    bad = [str(sum(score < 0.8 for score in column)) for column in columns]
    return [
        [
            f"{len(samples)} pages, learned without their site",
            "searcher",
            "trafilatura",
            "the same, precise",
            "goal",
        ],
        ["word F1 of the article", *means, "0.970"],
        ["word F1 of its blocks", f"{mean(score for _, score, _ in scores):.4f}", "", "", ""],
        ["pages with F1 under 0.8", *bad, ""],
        ["pages per CPU second, parsing included", f"{ours:.0f}", f"{other:.0f}", "", f"{6 * other:.0f}"],
        ["times as fast", f"{ours / other:.1f}", "1", "", "6"],
    ]


def _page(name: str) -> bytes:
    return gzip.decompress((FOLDER / name).read_bytes())


def _trafilatura(name: str, precise: bool) -> str:
    import trafilatura

    return trafilatura.extract(_page(name), favor_precision=precise) or ""


def speeds() -> tuple[float, float]:
    """Pages per CPU second, here and with trafilatura, by turns: the median of three runs each."""
    import trafilatura

    names = sorted(path.name for path in (FOLDER / "html").iterdir())
    pages = [_page(f"html/{name}") for name in names[:: max(1, len(names) // TIMED)]]
    ours, theirs = [], []
    for _ in range(3):
        ours.append(_timed(_ours, pages))
        theirs.append(_timed(trafilatura.extract, pages))
    return sorted(ours)[1], sorted(theirs)[1]


def _ours(data: bytes) -> None:
    for page in html.read(Record(data, Provenance("page.html")), Settings()):
        clean(page)  # type: ignore[arg-type]


def _timed(work: Callable[[bytes], object], pages: list[bytes]) -> float:
    start = time.process_time()
    for page in pages:
        work(page)
    return len(pages) / (time.process_time() - start)


if __name__ == "__main__":
    main()
