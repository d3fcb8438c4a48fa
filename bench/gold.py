"""Pages whose article is known: the development pages of WCXB in the measuring data."""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from common import DATA

from searcher.errors import Unreadable
from searcher.metadata import Context, describe
from searcher.model import Article, Page
from searcher.readers import read
from searcher.settings import Settings
from searcher.text import terms

FOLDS = 5
FOLDER = DATA / "html" / "wcxb-dev"


class Gold(NamedTuple):
    """A page, and what is known of it: "" where nothing is."""

    id: str
    url: str
    html: str
    title: str
    author: str
    date: str
    text: str
    page: Page


def rows_of() -> Iterator[dict[str, Any]]:
    """What is known of each page; leaves with a word on how to get the pages where they are missing."""
    if not FOLDER.exists():
        sys.exit(
            f"the measuring data is not present: {FOLDER}\nhint: SEARCHER_DATA names the folder that holds html/"
        )
    import zstandard

    lines = zstandard.ZstdDecompressor().stream_reader((FOLDER / "pages.jsonl.zst").read_bytes()).read()
    yield from map(json.loads, filter(None, lines.decode().split("\n")))


def pages() -> Iterator[tuple[dict[str, Any], Page]]:
    """The pages with what is known of each."""
    for row in rows_of():
        found = read(FOLDER / row["html"], row["html"], Settings())
        yield from ((row, page) for page in found if isinstance(page, Page))


def golds() -> Iterator[Gold]:
    """The same, as values."""
    for row, page in pages():
        known = {name: row[name] or "" for name in ("id", "url", "html", "title", "author", "date", "text")}
        yield Gold(**known, page=page)


def fold_of(url: str | None, name: str) -> int:
    """0..FOLDS - 1, the same for all pages of one site; a page without an address stands for itself, by name."""
    host = (urlsplit(url or "").hostname or name).split(".")
    return int(hashlib.md5(".".join(host[-2:]).encode()).hexdigest(), 16) % FOLDS


def described(page: Page, verdicts: tuple[str | None, ...]) -> Article | None:
    """The article; None where the page gives none, which counts as nothing found."""
    try:
        return describe(page, verdicts, Context())
    except Unreadable:
        return None


def plain(text: str) -> str:
    """A headline without case, spaces and marks."""
    return "".join(ch for ch in text.casefold() if ch.isalnum())


def f1(text: str, gold: str) -> float:
    """Word-level F1, words counted as often as they stand."""
    one, other = Counter(terms(text, None)[0]), Counter(terms(gold, None)[0])
    common = sum((one & other).values())
    return 2 * common / max(1, one.total() + other.total())
