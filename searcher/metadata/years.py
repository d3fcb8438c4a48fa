"""Which year is meant by "Tuesday, May 12"? One that the archive names, or one near those that the text mentions.

A weekday fits a day of the month every 5, 6 or 11 years. The years of the file's path, its address and its pictures
are tried first; without them, the fitting year must be within one of the latest year that the text looks back at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from searcher.metadata.sheet import Sheet
from searcher.metadata.stamps import Stamp

FIRST = 1900


def worked_out(sheet: Sheet, stamp: Stamp, last: date) -> int | None:
    """The year of a stamp with a weekday and no year, not after `last`; None where nothing settles it."""
    fits = _fits(stamp, last)
    path = {int(year) for year in _YEAR.findall(" ".join(_paths(sheet)))}
    if near := [year for year in fits if year in path]:
        return near[0] if len(near) == 1 else None
    mentioned = [int(match[1]) for match in _MENTION.finditer(sheet.text) if int(match[1]) <= last.year]
    near = [year for year in fits if mentioned and abs(year - max(mentioned)) <= 1]
    return near[0] if near else None


def _fits(stamp: Stamp, last: date) -> list[int]:
    """The years in which the day had this weekday."""
    years = []
    for year in range(FIRST, last.year + 1):
        value = Stamp(0, 0, year, stamp.month, stamp.day).value()
        day = date.fromisoformat(value) if value else None
        if day and day <= last and day.weekday() == stamp.weekday:
            years.append(year)
    return years


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
