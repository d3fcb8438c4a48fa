"""Where are the word lists of this package? In data/, read once and kept; what they mean is for others to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from searcher import tables

PACKAGE = "searcher.metadata"


def table(name: str) -> Mapping[str, Any]:
    """The table `data/name.toml`."""
    return tables.table(PACKAGE, name)


@cache
def words(name: str, key: str) -> frozenset[str]:
    """One list of a table, as a set."""
    found: Sequence[str] = table(name)[key]
    return frozenset(found)


@cache
def lines(name: str) -> frozenset[str]:
    """The words of `data/name.txt`: any number a line, comments after `#`."""
    kept = (line.partition("#")[0] for line in tables.read(PACKAGE, f"{name}.txt").splitlines())
    return frozenset(word for line in kept for word in line.split())
