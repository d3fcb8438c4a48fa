"""Is a line one that sites print around their articles? Whole lines of many languages, and shapes of lines.

A sentence that only contains such words is none of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from searcher.tables import table

LONGEST = 220
"""No line of more characters is looked at."""

PHRASED = 140
"""No line of more characters is what a phrase in it says."""

FREE = 6
"""How many words a star in the table may stand for."""

_EDGES = " \t\n.,:;!?…|•·*+-–—_=>»›<«‹↓↑→←▼▲▶►()[]{}\"'“”„’。：！？、【】（）"


def folded(text: str) -> str:
    """A line as the tables write it: lower case, plain marks, nothing at its ends.

    >>> folded("  ADD A COMMENT: ")
    'add a comment'
    """
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("i\u0307", "i")  # İ
    return " ".join(text.split()).strip(_EDGES)


_SHAPES = ("within", "patterns", "headings")
"""The tables that hold no lines."""


@cache
def _lines() -> tuple[Mapping[str, str], Mapping[str, Sequence[tuple[str, str, str]]]]:
    """Whole lines → reasons; and lines with a star by their first word, as (what stands before it, what after,
    reason)."""
    whole: dict[str, str] = {}
    starred: dict[str, list[tuple[str, str, str]]] = {}
    for reason, row in table("searcher.cleaning", "lines").items():
        for line in row.get("lines", ()) if reason not in _SHAPES else ():
            before, star, after = line.partition("*")
            if star:
                starred.setdefault(before.split(" ", 1)[0], []).append((before, after, reason))
            else:
                whole.setdefault(folded(line), reason)
    return whole, starred


@cache
def _patterns() -> tuple[re.Pattern[str], Sequence[str]]:
    """One expression with a group for each reason, and the reasons."""
    rows = table("searcher.cleaning", "lines")["patterns"]
    groups = (
        f"(?P<r{number}>{'|'.join(f'(?:{form})' for form in forms)})" for number, forms in enumerate(rows.values())
    )
    return re.compile("|".join(groups), re.I), tuple(rows)


@cache
def _within() -> Sequence[tuple[str, str]]:
    rows = table("searcher.cleaning", "lines")["within"].items()
    return tuple((phrase, reason) for reason, phrases in rows for phrase in phrases)


@cache
def _headings() -> tuple[Mapping[str, str], Mapping[str, Sequence[tuple[str, str]]]]:
    whole: dict[str, str] = {}
    starred: dict[str, list[tuple[str, str]]] = {}
    for reason, row in table("searcher.cleaning", "lines")["headings"].items():
        for line in row:
            if line.endswith("*"):
                starred.setdefault(line.split(" ", 1)[0], []).append((line[:-1], reason))
            else:
                whole.setdefault(folded(line), reason)
    return whole, starred


def reason(text: str) -> str | None:
    """Why a block of one or more lines is chrome, if each of its lines is; None if it is not.

    >>> reason("Site-wide search"), reason("A site-wide search found the boat.")
    ('site search', None)
    """
    if len(text) > LONGEST:
        return None
    lines = [line for line in text.split("\n") if line.strip()]
    reasons = [_line(line) for line in lines]
    return reasons[0] if reasons and all(reasons) else None


@lru_cache(20_000)
def _line(line: str) -> str | None:
    plain = folded(line)
    if not plain:
        return "ornament"
    whole, starred = _lines()
    if plain in whole:
        return whole[plain]
    for before, after, why in starred.get(plain.split(" ", 1)[0], ()):
        if (
            plain.startswith(before)
            and plain.endswith(after)
            and _few(plain[len(before) : len(plain) - len(after)])
        ):
            return why
    if len(plain) <= PHRASED and (said := next((why for phrase, why in _within() if phrase in plain), None)):
        return said
    pattern, reasons = _patterns()
    found = pattern.fullmatch(plain)
    return reasons[int(str(found.lastgroup)[1:])] if found else None


def _few(text: str) -> bool:
    return text.count(" ") < FREE and not re.search(r"[.!?]\s", text)


def heading(text: str) -> str | None:
    """What kind of list a heading like "Related stories", "Quellen:" or "4 comments" begins; None for any other.

    >>> heading("Mehr zum Thema:"), heading("Global issues")
    ('related links', None)
    """
    return _heading(text) if len(text) <= 80 else None


@lru_cache(20_000)
def _heading(text: str) -> str | None:
    plain = folded(text)
    whole, starred = _headings()
    if plain in whole:
        return whole[plain]
    if plain[:1].isdigit() or plain[-1:].isdigit():
        return "comments" if _line(text) == "comments" else None
    rows = starred.get(plain.split(" ", 1)[0], ())
    return next((why for start, why in rows if plain.startswith(start) and _few(plain[len(start) :])), None)
