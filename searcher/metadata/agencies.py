"""Which news agency is meant? The table of data/agencies.toml, by any of its names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from searcher.metadata.tables import table

_EDGE = " \t\n.,:;/|()[]{}<>«»\"'“”‘’*–—-－（）【】「」"


@cache
def _aliases() -> Mapping[str, str]:
    return {alias: name for name, row in table("agencies").items() for alias in row}


@cache
def _folded() -> Mapping[str, str]:
    """Names that mean the agency in any case: all but the short ones, which are words too ("TT", "aa")."""
    return {alias.casefold(): name for alias, name in _aliases().items() if len(alias) > 4 or " " in alias}


def agency(text: str) -> str | None:
    """The agency that `text`, and nothing else in it, names.

    >>> agency("Agence France-Presse"), agency("(dpa)"), agency("the AP reported")
    ('AFP', 'dpa', None)
    """
    bare = text.strip(_EDGE)
    return _aliases().get(bare) or _folded().get(bare.casefold())


@cache
def _alternatives() -> str:
    return "|".join(sorted(map(re.escape, _aliases()), key=len, reverse=True))


@cache
def _datelines() -> tuple[re.Pattern[str], ...]:
    """The forms of a dateline, each with the agency as its only group."""
    name = rf"({_alternatives()})"
    other = rf"(?:(?:{_alternatives()})\s?[/,]\s?)?"
    dash = r"\s*(?:[-–—－:]{1,2}|\.\s?[-–—])"
    forms = (
        rf"[^!?\n]{{0,60}}?[(（]\s?{other}{name}(?:[\s/,][^()（）\n]{{0,20}})?[)）]{dash}\s*",  # SOCHI (AFP) -
        rf"[(（]\s?{other}{name}\s?[)）]\s*",  # (AFP) The …
        rf"[^!?\n]{{2,60}}?/\s?{name}\s?/[.\s]",  # МОСКВА, 12 мая /ТАСС/.
        rf"[^.!?\n]{{2,60}}?\s[-–—]\s?{name}\.\s",  # МОСКВА, 12 мая — РИА Новости.
        rf"{name}[^。，,.!?\n]{{0,12}}?\d{{1,2}}月\d{{1,2}}日[^\s，。]{{0,3}}?[电電讯]\s*",  # 新华社北京5月12日电
        rf"{name}\s?[-–—]\s",  # AFP - The …
        rf"【[^】\n]{{0,20}}?{name}】\s*",  # 【ロンドン共同】
        rf"[(（][^()（）\n]{{1,20}}=\s?{name}[)）]\s*",  # (서울=연합뉴스)
        rf"[^!?。\n]{{2,40}}?（\s?{name}\s?）\s*",  # 北京5月12日（新华社）
    )
    return tuple(re.compile(form) for form in forms)


@cache
def _end_marks() -> tuple[re.Pattern[str], ...]:
    name, other = rf"({_alternatives()})", r"[^()（）\[\]\n]{1,30}"
    forms = (
        rf"[(（\[]\s?(?:{other}[/,]\s?)?{name}(?:[/,]\s?{other})?\s?[)）\]][.。\s]*$",
        rf"\s[–—-]\s?(?:{other},\s)?{name}\s?/?[.\s]*$",
    )
    return tuple(re.compile(form) for form in forms)


def dateline(text: str) -> tuple[str, int] | None:
    """The agency in the dateline that opens a paragraph, and where that dateline ends.

    >>> dateline("SOCHI, Russia, May 12 (Reuters) - The talks began.")
    ('Reuters', 34)
    """
    found = (pattern.match(text) for pattern in _datelines())
    return next(((_aliases()[match[1]], match.end()) for match in found if match), None)


def end_mark(text: str) -> str | None:
    """The agency in brackets, or after a dash, at the end of a paragraph.

    >>> end_mark("They met again on Monday (AFP)."), end_mark("They met (in Rome).")
    ('AFP', None)
    """
    found = (pattern.search(text[-100:]) for pattern in _end_marks())
    return next((_aliases()[match[1]] for match in found if match), None)
