"""Is it the name of an organisation? Well-known bodies, words that make a name one, and "… Court (ICC)"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from searcher.metadata.tables import table, words

LONGEST = 8
"""The most words of a name."""


@cache
def bodies() -> Mapping[str, str]:
    """What texts call a well-known body → its name."""
    rows = table("orgs")["bodies"]
    return {alias: name for name, row in rows.items() for alias in (name, *row)}


@cache
def han_bodies() -> tuple[tuple[str, str], ...]:
    """The Chinese names of well-known bodies, the longest first."""
    found = [(alias, name) for alias, name in bodies().items() if "\u4e00" <= alias[0] <= "\u9fff"]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


def length(names: Sequence[str]) -> int:
    """How many words at the start of a run of capitalised words are an organisation's name; 0 if none are.

    `names` are the words as written. A well-known body is one by itself; other names need two words, the last of
    them a tail ("State Department"), or a head and what it is of ("Ministry of Finance").
    """
    for size in range(min(len(names), LONGEST), 0, -1):
        if " ".join(names[:size]) in bodies():
            return size
    return _headed(names) or _tailed(names)


def _headed(names: Sequence[str]) -> int:
    if (
        len(names) < 3
        or names[0].lower() not in words("orgs", "heads")
        or names[1].lower() not in words("orgs", "links")
    ):
        return 0
    for size, name in enumerate(names[2:], 3):
        if name.lower() not in words("orgs", "links") and not name[:1].isupper():
            return size - 1
    return min(len(names), LONGEST)


def _tailed(names: Sequence[str]) -> int:
    """The longest start of the run that ends in a tail; "The Council" is none."""
    best = 0
    for size in range(2, min(_unlinked(names), LONGEST) + 1):
        last = names[size - 1].lower()
        phrase = " ".join(names[:size]).lower()
        if last in words("orgs", "tails") and phrase not in words("orgs", "not_orgs"):
            opener = size == 2 and names[0].lower() in words("people", "no_name")
            best = best if opener else size
    return _extended(names, best)


def _unlinked(names: Sequence[str]) -> int:
    """How many words stand before an "of" that belongs to no head: "Jane Doe of the Harbour University" is two."""
    for index, name in enumerate(names):
        if index and name.lower() in ("of", "for", "in") and names[index - 1].lower() not in words("orgs", "heads"):
            return index
    return len(names)


def _extended(names: Sequence[str], size: int) -> int:
    """ "State University of New York": a head in last place goes on with what it is of."""
    if (
        0 < size < len(names) - 1
        and names[size - 1].lower() in words("orgs", "heads")
        and names[size].lower() == "of"
    ):
        return len(names)
    return size


_BRACKETED = re.compile(r"\s?\((?:the\s)?([A-Z][A-Za-z&]{1,7}[A-Z])\)")


def acronym(text: str, name: str, end: int) -> str | None:
    """The acronym in brackets right after a name, if its letters are the name's initials.

    >>> acronym("the Harbour Safety Council (HSC) met", "Harbour Safety Council", 26)
    'HSC'
    """
    match = _BRACKETED.match(text, end)
    if not match:
        return None
    initials = [
        word[0].upper() for word in re.split(r"[\s-]+", name) if word and word.lower() not in words("orgs", "links")
    ]
    every = [word[0].upper() for word in re.split(r"[\s-]+", name) if word]
    wanted = list(match[1].upper())
    return match[1] if wanted in (initials, every) or (len(wanted) > 2 and _within(wanted, initials)) else None


def _within(wanted: list[str], letters: list[str]) -> bool:
    """Whether the letters stand in this order among the initials, all but one of them."""
    rest = iter(letters)
    return all(letter in rest for letter in wanted) and len(letters) - len(wanted) <= 1
