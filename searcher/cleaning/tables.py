"""Where are the word lists of cleaning? In data/, read once and kept."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str) -> Mapping[str, Any]:
    """The table `data/name.toml`."""
    file = resources.files(__package__).joinpath("data", f"{name}.toml")
    return tomllib.loads(file.read_text("utf-8"))
