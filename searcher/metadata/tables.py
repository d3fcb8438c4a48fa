"""Where are the word lists of this package? In data/, read once and kept; what they mean is for others to say."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str) -> Mapping[str, Any]:
    """The table `data/name.toml`."""
    return tomllib.loads(_read(f"{name}.toml"))


@cache
def words(name: str, key: str) -> frozenset[str]:
    """One list of a table, as a set."""
    found: Sequence[str] = table(name)[key]
    return frozenset(found)


@cache
def lines(name: str) -> frozenset[str]:
    """The words of `data/name.txt`: any number a line, comments after `#`."""
    kept = (line.partition("#")[0] for line in _read(f"{name}.txt").splitlines())
    return frozenset(word for line in kept for word in line.split())


def _read(file: str) -> str:
    return resources.files(__package__).joinpath("data", file).read_text("utf-8")
