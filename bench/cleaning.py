"""How good are cleaning and metadata on pages whose text is known? python bench/cleaning.py

Word-level F1 of the body, exact headlines (case and marks ignored), exact days, and pages per CPU second, on the
development pages of WCXB in the measuring data.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from common import DATA, table

from searcher.cleaning import clean
from searcher.errors import Unreadable
from searcher.metadata import Context, describe
from searcher.model import Article, Page
from searcher.readers import read
from searcher.settings import Settings
from searcher.text import terms

FOLDER = DATA / "html" / "wcxb-dev"


def main() -> None:
    """Reads every page, compares, prints the table."""
    scores: dict[str, float] = defaultdict(float)
    for row, page in pages():
        start = time.process_time()
        verdicts = clean(page).verdicts
        cleaned = time.process_time()
        article = described(page, verdicts)
        scores["cleaning, seconds"] += cleaned - start
        scores["metadata, seconds"] += time.process_time() - cleaned
        for name, value in compared(row, article).items():
            scores[name] += value
    table("cleaning", f"Cleaning and metadata on {scores['pages']:.0f} pages", rows(scores), ["searcher"])


def pages() -> Iterator[tuple[dict[str, Any], Page]]:
    """The pages with what is known of each."""
    for row in rows_of():
        found = list(read(FOLDER / row["html"], row["html"], Settings()))
        yield from ((row, page) for page in found if isinstance(page, Page))


def rows_of() -> Iterator[dict[str, Any]]:
    """What is known of each page."""
    if not FOLDER.exists():
        sys.exit(
            f"the measuring data is not present: {FOLDER}\nhint: SEARCHER_DATA names the folder that holds html/"
        )
    import zstandard

    lines = zstandard.ZstdDecompressor().stream_reader((FOLDER / "pages.jsonl.zst").read_bytes()).read()
    yield from map(json.loads, filter(None, lines.decode().split("\n")))


def described(page: Page, verdicts: tuple[str | None, ...]) -> Article | None:
    """The article; None where the page gives none, which counts as nothing found."""
    try:
        return describe(page, verdicts, Context())
    except Unreadable:
        return None


def compared(row: dict[str, Any], article: Article | None) -> dict[str, float]:
    """What is right of one page."""
    found: dict[str, float] = {"pages": 1}
    day = article.date.value if article and article.date else None
    if row["text"]:
        found["texts"] = 1
        found["F1"] = f1(article.body if article else "", row["text"])
    if row["title"]:
        found["titles"] = 1
        found["titles right"] = int(article is not None and plain(article.title) == plain(row["title"]))
    if row["date"]:
        found["dates"], found["dates found"], found["dates right"] = (
            1,
            int(day is not None),
            int(day == row["date"]),
        )
    return found


def f1(text: str, gold: str) -> float:
    """Word-level F1, words counted as often as they stand."""
    one, other = Counter(terms(text, None)[0]), Counter(terms(gold, None)[0])
    common = sum((one & other).values())
    return 2 * common / max(1, one.total() + other.total())


def plain(text: str) -> str:
    """A headline without case, spaces and marks."""
    return "".join(ch for ch in text.casefold() if ch.isalnum())


def rows(scores: dict[str, float]) -> list[list[str]]:
    """The table."""
    return [
        ["what", "measured", "goal"],
        ["body, mean word-level F1", f"{scores['F1'] / scores['texts']:.3f}", "0.88"],
        ["headline exact", f"{scores['titles right'] / scores['titles']:.3f}", ""],
        ["day exact, of pages with one", f"{scores['dates right'] / scores['dates']:.3f}", ""],
        ["day exact, where one is given", f"{scores['dates right'] / max(1, scores['dates found']):.3f}", ""],
        ["cleaning, pages per CPU second", f"{scores['pages'] / scores['cleaning, seconds']:.0f}", ""],
        ["metadata, pages per CPU second", f"{scores['pages'] / scores['metadata, seconds']:.0f}", ""],
    ]


if __name__ == "__main__":
    main()
