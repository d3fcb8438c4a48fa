"""How does this page mean 05/06/2015: 5 June or 6 May?

By the settings; by the locale that the page claims, or its language; by what else is known: a day that has not been
yet, a day that another value of the page names, or another date of the page that can be read in one way only.
English alone says nothing, unless numbers are parted by full stops. What none of these settles stays unsettled.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from functools import cached_property

from searcher.metadata.sheet import Sheet
from searcher.metadata.stamps import Stamp, ordered

# The languages of English-speaking locales that write the month first; languages that write the year first.
_MONTH_FIRST = frozenset({"us", "ph", "fm", "pw"})
_YEAR_FIRST = frozenset({"zh", "ja", "ko", "hu", "lt", "mn"})
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(?:19|20)\d\d(?!\d)")


class Order:
    """What one page means by numbers. `language` is the one its text is written in, `last` the latest day it can
    be about."""

    def __init__(self, sheet: Sheet, language: str | None, last: date) -> None:
        claimed = next((claim.value for claim in sheet.claimed("language") if claim.value.strip()), "")
        same = language is None or claimed.lower()[:2] == language
        locale = claimed if claimed and same else language or ""
        self._sheet, self._last = sheet, last
        self._setting = sheet.context.settings.day_first
        self._language, _, region = locale.lower().replace("_", "-").partition("-")
        self._region = region.rpartition("-")[2]

    def settled(self, stamp: Stamp, known: Collection[str] = ()) -> Stamp:
        """The stamp with its day and month, as far as anything settles them. `known` are days of other values."""
        if stamp.numbers is None:
            return stamp
        first = self._by_place(stamp)
        if first is not None:
            return ordered(stamp, first)
        readings = [reading for one in (True, False) if (reading := ordered(stamp, one)).numbers is None]
        readings = [reading for reading in readings if (reading.value() or "") <= self._last.isoformat()]
        named = [reading for reading in readings if reading.value() in known]
        if len(named or readings) == 1:
            return (named or readings)[0]
        return ordered(stamp, self._by_page.get(stamp.separator))

    def _by_place(self, stamp: Stamp) -> bool | None:
        """Whether the day is first, by the settings, the locale and the language."""
        if self._setting is not None:
            return self._setting
        if self._language == "en" and self._region in _MONTH_FIRST:
            return False
        if stamp.separator == ".":
            return True
        unsure = self._language in ("", *_YEAR_FIRST) or (self._language == "en" and not self._region)
        return None if unsure else True

    @cached_property
    def _by_page(self) -> dict[str, bool | None]:
        """By separator, whether the day is first in the dates of the page that leave no doubt; None if they differ."""
        found: dict[str, bool | None] = {}
        for block in self._sheet.page.blocks:
            for first, mark, second in _NUMBERS.findall(block.text):
                if (int(first) > 12) != (int(second) > 12):
                    day_first = int(first) > 12
                    found[mark] = day_first if found.get(mark, day_first) == day_first else None
        return found
