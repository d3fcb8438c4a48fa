"""What does a habit from another search engine mean here? `title : x`, `date>=2015`, `NEAR 5`, `HEADLINE(x)`.

Each function looks at one place of a query and gives what is meant, where it ends, and the note that says so.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from searcher import fields


class Meant(NamedTuple):
    """What is read instead of what was typed, where that ends, and the note about it."""

    text: str
    end: int
    note: str


PERIODS = ("since", "until", "after", "before")
"""Names that stand where a field does and say something about the date."""

_BEHIND = r"""(?=[\s()（）|"“”„«»「」]|$)"""
_BARE = {"NEAR": "w/10", "AROUND": "w/10", "ONEAR": "pre/10", "ADJ": "pre/0", "SAME": "/p"}
"""What is meant by an operator without its number."""

_NEAR = re.compile(
    rf"""(?: (?P<slashed>w|within|near|pre|onear|adj) \s* / \s+ (?P<unit>[0-9]+|s|p)
           | (?-i:(?P<spaced>WITHIN|NEAR|AROUND|ONEAR|ADJ)) \s+ (?P<number>[0-9]+)
           | (?-i:(?P<bare>NEAR|AROUND|ONEAR|ADJ|SAME)) ) {_BEHIND}""",
    re.IGNORECASE | re.VERBOSE,
)
_SINGLE = re.compile(r"['‘](?=\w)((?:[^'’\"]|['’](?=\w)){1,100}+)['’](?=[\s.,;)|]|$)")
_COMPARED = re.compile(r"([A-Za-z]+)(?:(?=[<>]=?\s*\S)|\s+(?=[<>]=?\s*\d))")
_EQUALS = re.compile(r"([A-Za-z]+)==?(?=\S)")
_CALLED = re.compile(r"([A-Z]{2,})(?=\()")
_SPACED = re.compile(r"([A-Za-z]+)\s+:(?!//)\s*(?=\S)")
_PAIR = re.compile(r'(?:"[^"]{0,40}"|[\w./-]{0,40}?)(?:\.\.+|…)(?:"[^"]{0,40}"|(?=[\s)]|$)|[\w/-]+)')
_UNCLOSED = re.compile(r"[\[{]\s*[^\s\]})]{1,40}\s+(?:TO|to)\s+[^\s\]})]{1,40}")


def name(typed: str) -> str | None:
    """The field, or since, until, after, before, of this name or alias, case ignored; None if there is none."""
    if typed.lower() in PERIODS:
        return typed.lower()
    field = fields.find(typed)
    return field.name if field else None


def is_ranged(field: str) -> bool:
    """Whether the field's values are dates or numbers, so that `..`, `[ TO ]` and `>` have a meaning."""
    found = fields.find(field)
    return field in PERIODS or (found is not None and found.kind in ("date", "number"))


def near(query: str, at: int) -> Meant | None:
    """A nearness operator with spaces in it, or without its number."""
    match = _NEAR.match(query, at)
    if not match:
        return None
    if bare := match["bare"]:
        return Meant(_BARE[bare], match.end(), f"{bare} without a number was read as {_BARE[bare]}")
    word = (match["slashed"] or match["spaced"]).lower()
    meant = f"{'w' if word in ('w', 'within', 'near', 'around') else 'pre'}/{match['unit'] or match['number']}"
    return Meant(meant, match.end(), f"{' '.join(match[0].split())} was read as {meant}")


def quoted(query: str, at: int, whole: bool) -> Meant | None:
    """The phrase in single quotation marks: several words, or anything that is the `whole` value of a field."""
    match = _SINGLE.match(query, at)
    if not match or not (whole or len(match[1].split()) > 1):
        return None
    return Meant(match[1], match.end(), "single quotation marks were read as double ones")


def field(query: str, at: int) -> Meant | None:
    """A field's name in front of something else than a colon right behind it."""
    match = _EQUALS.match(query, at) or _SPACED.match(query, at)
    if match and (found := name(match[1])):
        return Meant(found, match.end(), f"{' '.join(match[0].split())} was read as {found}:")
    match = _COMPARED.match(query, at)
    if match and (found := name(match[1])) and is_ranged(found):
        return Meant(found, match.end(), f"{match[1]}{query[match.end()]} was read as {found}:{query[match.end()]}")
    match = _CALLED.match(query, at)
    if match and (found := name(match[1])):
        return Meant(found, match.end(), f"{match[1]}( was read as {found}:(")
    return None


def span(query: str, at: int) -> Meant | None:
    """A range of quoted dates, or one whose bracket is missing."""
    pair = _PAIR.match(query, at)
    if pair and '"' in pair[0]:
        return Meant(pair[0].replace('"', ""), pair.end(), "")
    if match := _UNCLOSED.match(query, at):
        return Meant(match[0] + "]", match.end(), "a missing closing bracket was added")
    return None
