"""Where are the rules and word lists of a package? In its data/, read once and kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any


@cache
def table(package: str, name: str) -> Mapping[str, Any]:
    """The table `data/name.toml` of a package."""
    import tomllib  # only who asks for a table pays for it: a plain search needs none

    return tomllib.loads(read(package, f"{name}.toml"))


def read(package: str, file: str) -> str:
    """The text of a file in the package's data/."""
    from importlib import resources

    return resources.files(package).joinpath("data", file).read_text("utf-8")


def any_of(words: Iterable[str]) -> str:
    """An expression for any of these words, the longest that fits. They are tried by their first letters, of which
    most places of a text have none: several times faster than one by one.

    >>> re.findall(any_of(["ma", "may", "june"]), "june, may, mars")
    ['june', 'may', 'ma']
    """
    found: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        found.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in found.items())


def unpacked(package: str, file: str) -> str:
    """The text of a packed file in the package's data/."""
    from importlib import resources

    import zstandard

    packed = resources.files(package).joinpath("data", file).read_bytes()
    return zstandard.ZstdDecompressor().decompressobj().decompress(packed).decode("utf-8")
