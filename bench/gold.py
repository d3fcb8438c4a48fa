"""Pages whose article is known: the development pages of WCXB in the measuring data."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from common import DATA

from searcher.model import Page
from searcher.readers import read
from searcher.settings import Settings
from searcher.text import terms

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


def golds() -> Iterator[Gold]:
    """The pages; leaves with a word on how to get them where they are missing."""
    if not FOLDER.exists():
        sys.exit(
            f"the measuring data is not present: {FOLDER}\nhint: SEARCHER_DATA names the folder that holds html/"
        )
    import zstandard

    lines = zstandard.ZstdDecompressor().stream_reader((FOLDER / "pages.jsonl.zst").read_bytes()).read()
    for row in map(json.loads, filter(None, lines.decode().split("\n"))):
        known = {name: row[name] or "" for name in ("id", "url", "html", "title", "author", "date", "text")}
        found = read(FOLDER / row["html"], row["html"], Settings())
        yield from (Gold(**known, page=page) for page in found if isinstance(page, Page))


def f1(text: str, gold: str) -> float:
    """Word-level F1, words counted as often as they stand."""
    one, other = Counter(terms(text, None)[0]), Counter(terms(gold, None)[0])
    common = sum((one & other).values())
    return 2 * common / max(1, one.total() + other.total())
