"""What is a contender? An engine behind the few calls that the benchmark makes of it; one row each.

A contender's module is imported when it is its turn, so that no engine pays for another's memory.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple, Protocol, cast

from articles import FACETS, Article
from asking import Asked

NAMES = ("ours", "ours.tantivy", "tantivy", "fts5", "stock")
ROOMY = "stock.roomy"
"""Stock with as much memory as it can use: built beside the others, not asked."""

_PLACES = {
    "ours": ("ours", "CONTENDER"),
    "ours.tantivy": ("ours", "TANTIVY"),
    "tantivy": ("rivals.tantivy", "CONTENDER"),
    "fts5": ("rivals.fts5", "CONTENDER"),
    "stock": ("rivals.stock", "CONTENDER"),
    ROOMY: ("rivals.stock", "ROOMY"),
}

TOP = 10
"""How many articles, and values of a facet, an answer has."""


class Answer(NamedTuple):
    """How many articles match in all, and the ids of the best."""

    total: int
    ids: tuple[str, ...]


class Facets(NamedTuple):
    """The most frequent values of each facet with their counts, and the counts by month ("2015-05")."""

    values: dict[str, list[tuple[str, int]]]
    months: dict[str, int]

    def numbers(self) -> tuple[list[list[int]], dict[str, int]]:
        """The counts without the values, which come in any order where counts are equal."""
        return [[count for _, count in self.values[name]] for name in FACETS], dict(self.months)


class Searching(Protocol):
    """An index that is open for searching."""

    def ready(self, asked: Asked) -> Any:
        """The question as this engine wants it: made before time is taken."""

    def top(self, ready: Any) -> Answer:
        """The best articles and the exact total."""

    def facets(self, ready: Any) -> Facets:
        """All five facets and the months, counted over every match."""

    def close(self) -> None:
        """Lets go of the files."""


class Contender(NamedTuple):
    """How an engine is given an article (not timed), builds in a folder that it makes (timed), and is opened."""

    shape: Callable[[Article], Any]
    build: Callable[[Path, Iterable[Any]], None]
    open: Callable[[Path], Searching]


def contender(name: str) -> Contender:
    """The contender of a name in NAMES, or ROOMY."""
    module, constant = _PLACES[name]
    return cast("Contender", getattr(importlib.import_module(module), constant))
