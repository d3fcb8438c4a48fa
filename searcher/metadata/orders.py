"""How does this page mean 05/06/2015: 5 June or 6 May?

By the settings; by the locale that the page claims, the country of its host, or its language; by what else is
known: a day that has not been yet, a day that another value of the page names, or another date of the page that can
be read in one way only.
English alone says nothing, unless numbers are parted by full stops. What none of these settles stays unsettled.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from functools import cached_property

from searcher.metadata.sheet import Sheet
from searcher.metadata.stamps import Stamp, ordered
from searcher.metadata.tables import words
from searcher.metadata.urls import host
from searcher.model import Claim

_YEAR_FIRST = frozenset({"zh", "ja", "ko", "hu", "lt", "mn"})
"""Languages that write the year first."""

_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(?:19|20)\d\d(?!\d)")


class Order:
    """What one page means by numbers. `language` is the one its text is written in, `last` the latest day it can
    be about."""

    def __init__(self, sheet: Sheet, language: str | None, last: date) -> None:
        claimed = [claim for claim in sheet.claimed("language") if claim.value.strip()]
        same = [claim for claim in claimed if language is None or claim.value.lower()[:2] == language]
        self._sheet, self._last = sheet, last
        self._setting = sheet.context.settings.day_first
        self._language = same[0].value.lower()[:2] if same else language or ""
        regions = [region for claim in same if (region := _region(claim))]
        self._regions = [*regions[:1], *_countries(sheet), *regions[1:]]

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
        """Whether the day is first, by the settings, the country and the language."""
        if self._setting is not None:
            return self._setting
        if self._language == "en":
            known = [region in words("calendar", "day_first") for region in self._regions if region in _settling()]
            return next(iter(known), True if stamp.separator == "." else None)
        if stamp.separator == ".":
            return True
        return None if self._language in ("", *_YEAR_FIRST) else True

    @cached_property
    def _by_page(self) -> dict[str, bool | None]:
        """By separator, whether the day is first in the page's dates that leave no doubt; None if they differ."""
        found: dict[str, bool | None] = {}
        for block in self._sheet.page.blocks:
            for first, mark, second in _NUMBERS.findall(block.text):
                if (int(first) > 12) != (int(second) > 12):
                    day_first = int(first) > 12
                    found[mark] = day_first if found.get(mark, day_first) == day_first else None
        return found


def _region(claim: Claim) -> str:
    """The country of a locale, "gb" for "en-GB"."""
    return claim.value.lower().replace("_", "-").rpartition("-")[2] if len(claim.value) > 3 else ""


def _countries(sheet: Sheet) -> list[str]:
    """The last parts of the page's hosts: "uk", "gov"."""
    hosts = [host(claim.value) or "" for claim in sheet.claimed("url")]
    return [name.rpartition(".")[2] for name in hosts if name]


def _settling() -> frozenset[str]:
    return words("calendar", "day_first") | words("calendar", "month_first")
