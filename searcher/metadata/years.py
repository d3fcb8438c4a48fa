"""Which year is meant by "Tuesday, May 12"? One that the archive names, or one near those that the text mentions.

A weekday fits a day of the month every 5, 6 or 11 years. The years of the file's path, its address and its pictures
come first; then those of the other articles of its source; then the latest year that the text looks back at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from searcher.metadata.sheet import Sheet
from searcher.metadata.stamps import Stamp

FIRST = 1900

LEAST = 3
"""How many dated articles of a source, at least, say which its years are; one for each year, if that is more."""

OUTSIDE = 20
"""Of so many dates the earliest and the latest do not count: one that is wrong must not carry others."""


def fitting(sheet: Sheet, stamp: Stamp, last: date) -> tuple[str, ...]:
    """The days, not after `last`, that a stamp with a weekday and no year can be: those of a year that the path or
    an address names, or else all."""
    days = tuple(_fits(stamp, last))
    named = set(_YEAR.findall(" ".join(_paths(sheet))))
    return tuple(day for day in days if day[:4] in named) or days


def mentioned(sheet: Sheet, days: Sequence[str], last: date) -> str | None:
    """The day within one year of the latest, not after `last`, that the text looks back at."""
    years = [int(match[1]) for match in _MENTION.finditer(sheet.text) if int(match[1]) <= last.year]
    return next((day for day in days if years and abs(int(day[:4]) - max(years)) <= 1), None)


def span(dates: Iterable[str]) -> range:
    """The years of a source, from the dates of its articles; none where they are too few to say."""
    years = sorted(int(day[:4]) for day in dates)
    years = years[len(years) // OUTSIDE : len(years) - len(years) // OUTSIDE]
    found = range(years[0], years[-1] + 1) if years else range(0)
    return found if len(years) >= max(LEAST, len(found)) else range(0)


def within(days: Sequence[str], known: range) -> str | None:
    """The day in one of the known years. None where the year before them or after them has another that fits."""
    near = [day for day in days if known.start - 1 <= int(day[:4]) <= known.stop]
    return near[0] if len(near) == 1 and int(near[0][:4]) in known else None


def _fits(stamp: Stamp, last: date) -> Iterator[str]:
    """The days on which the day of the month had this weekday."""
    for year in range(FIRST, last.year + 1):
        value = Stamp(0, 0, year, stamp.month, stamp.day).value()
        if value and value <= last.isoformat() and date.fromisoformat(value).weekday() == stamp.weekday:
            yield value


_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
# Years that a text looks back at. "by 2050" looks ahead; money, numbers and streets look like years.
_MENTION = re.compile(
    r"(?<![\d$€£¥#№.,:/-])(?<!\bby )(?<!\bBy )(?<!until )(?<!till )(?<!before )(?<!\bbis )(?<!d'ici )(?<!d’ici )"
    r"(?<!hasta )(?<!para )(?<!\bдо )(?<!\bк )\b((?:19|20)\d\d)\b(?![.,:]\d|\s?[%€$]|[ -](?:people|euros?|dollars?|"
    r"troops|soldiers|km|miles|meters|metres|kg|tons|tonnes|years|jobs|Street|Avenue|Road|St\b|Ave\b))"
)


def _paths(sheet: Sheet) -> Iterator[str]:
    yield sheet.page.provenance.file
    yield sheet.page.provenance.member or ""
    yield from (claim.value for claim in sheet.claimed("url"))
