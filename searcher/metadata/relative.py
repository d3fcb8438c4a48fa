"""Which day is "3 days ago"? Counted back from the day on which the page was retrieved, where that is known.

The words are in data/calendar.toml. Hours are the day of retrieval, months and years have that precision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from searcher.metadata.lines import block
from searcher.metadata.sheet import Sheet
from searcher.metadata.tables import table

LONGEST = 80
UNITS = ("hour", "day", "week", "month", "year")
_STAND_IN = " 2000-01-01 "


@cache
def _pattern() -> re.Pattern[str]:
    """The forms of all languages; the name of the group that matches ends with its unit."""
    forms = []
    for row, (before, after, *units) in enumerate(table("calendar")["ago"].values()):
        for unit, words in zip(UNITS, units, strict=True):
            number = rf"(?P<n{row}_{unit}>\d{{1,3}}|\ban?|\bone|\beine[mr]?|\bun[ea]?)"
            start = rf"(?<!\w)(?:{before})\s" if before else ""
            end = rf"\s?(?:{after})" if after else ""
            forms.append(rf"{start}{number}\s?(?:{words}){end}(?![a-zà-ÿа-яё])")
    return re.compile("|".join(forms), re.IGNORECASE)


def dates(sheet: Sheet, retrieved: date) -> Iterator[tuple[str, str]]:
    """The dates that lines around the headline give in this way, each with the role that its label gives."""
    for _, piece in sheet.near:
        match = _pattern().search(piece.text) if len(piece.text) <= LONGEST else None
        if match is None:
            continue
        line = block(piece.text[: match.start()] + _STAND_IN + piece.text[match.end() :])
        if line.whole and line.dates:
            yield _value(match, retrieved), line.dates[0].role


def _value(match: re.Match[str], retrieved: date) -> str:
    name, number = next((name, text) for name, text in match.groupdict().items() if text is not None)
    count, unit = int(number) if number.isdigit() else 1, name.rpartition("_")[2]
    if unit == "month":
        months = retrieved.year * 12 + retrieved.month - 1 - count
        return f"{months // 12}-{months % 12 + 1:02}"
    if unit == "year":
        return str(retrieved.year - count)
    return (retrieved - timedelta(days={"hour": 0, "day": count, "week": 7 * count}[unit])).isoformat()
