"""Which days does a typed date mean? Partial dates, names of months, relative dates; never a guess."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

Days = tuple[date, date]
"""The first and the last day of a period."""

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NAMES = "january february march april may june july august september october november december".split()
MONTHS = {name: number for names in (_MONTHS, _NAMES) for number, name in enumerate(names, 1)} | {"sept": 9}

_ISO = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_AGO = re.compile(r"(?:last )?(\d{1,4}) ?(d|w|m|y|days?|weeks?|months?|years?)")


class Calendar(NamedTuple):
    """What a date is read against: today in the archive's time zone, and how 05/06/2015 is meant there."""

    today: date
    day_first: bool | None = None


class DateError(ValueError):
    """A date that cannot be read, or that no calendar has. `hint` says how to write it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def period(text: str, calendar: Calendar) -> Days:
    """The days that one date means; DateError if it means none, or more than one thing.

    >>> period("may-2015", Calendar(date(2020, 1, 1)))
    (datetime.date(2015, 5, 1), datetime.date(2015, 5, 31))
    """
    plain = " ".join(text.lower().replace(",", " ").split())
    for read in (_iso, _compact, _numeric, _relative, _named):
        found = read(plain, calendar)
        if found is not None:
            return found
    raise DateError(f"unreadable date: {text}", "write it as 2015, 2015-05, 2015-05-12 or 12 May 2015")


def days(year: int, month: int | None, day: int | None, text: str) -> Days:
    """A year, a month or a day as days; DateError if there is no such day."""
    try:
        first = date(year, month or 1, day or 1)
    except ValueError as error:
        raise DateError(f"no such date: {text}", _why(year, month)) from error
    if day:
        return first, first
    return first, date(year, month or 12, monthrange(year, month or 12)[1])


def _why(year: int, month: int | None) -> str:
    if year < 1:
        return "years begin at 0001"
    if not month or not 1 <= month <= 12:
        return "months are 01 to 12"
    return f"{year:04}-{month:02} has {monthrange(year, month)[1]} days"


def _iso(text: str, _: Calendar) -> Days | None:
    match = _ISO.fullmatch(text)
    if not match:
        return None
    year, month, day = (None if part is None else int(part) for part in match.groups())
    if month == 0 or day == 0:
        raise DateError(f"no such date: {text}", "months and days begin at 01")
    return days(year or 0, month, day, text)


def _compact(text: str, _: Calendar) -> Days | None:
    match = _COMPACT.fullmatch(text)
    return days(int(match[1]), int(match[2]) or 99, int(match[3]) or 99, text) if match else None


def _numeric(text: str, calendar: Calendar) -> Days | None:
    """12.05.2015 has the day first, as wherever dots are used; 05/06/2015 needs to be told."""
    match = _NUMERIC.fullmatch(text)
    if not match:
        return None
    one, two, year = int(match[1]), int(match[3]), int(match[4])
    day_first = True if match[2] == "." else calendar.day_first
    if one > 12 or two > 12:
        day_first = one > 12
    if day_first is None and one != two:
        readings = " or ".join(days(year, m, d, text)[0].isoformat() for d, m in ((one, two), (two, one)))
        raise DateError(f"a date with two readings: {text}", f"write {readings}, or set day_first in searcher.toml")
    return days(year, two, one, text) if day_first else days(year, one, two, text)


def _named(text: str, _: Calendar) -> Days | None:
    """12 May 2015, May 12 2015, may-2015, in any order, with or without a weekday's name."""
    year = month = day = None
    for word in re.split(r"[\s./-]+", text):
        match word:
            case _ if re.fullmatch(r"\d{4}", word) and year is None:
                year = int(word)
            case _ if (number := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word)) and day is None:
                day = int(number[1]) or 99
            case _ if word in MONTHS and month is None:
                month = MONTHS[word]
            case _ if not re.fullmatch(
                r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|of|the", word
            ):
                return None
    return days(year, month, day, text) if year and month else None


def _relative(text: str, calendar: Calendar) -> Days | None:
    today = calendar.today
    match = _AGO.fullmatch(text)
    if match:
        return _ago(int(match[1]), match[2][0], today), today
    rule = _PERIODS.get(text)
    return rule(today) if rule else None


def _ago(number: int, unit: str, today: date) -> date:
    if unit in "dw":
        return date.fromordinal(max(1, today.toordinal() - number * (7 if unit == "w" else 1)))
    months = max(12, today.year * 12 + today.month - 1 - number * (12 if unit == "y" else 1))
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _week(today: date) -> Days:
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=6)


def _month(today: date) -> Days:
    return days(today.year, today.month, None, "")


def _year(today: date) -> Days:
    return days(today.year, None, None, "")


def _before(of: Callable[[date], Days]) -> Callable[[date], Days]:
    return lambda today: of(of(today)[0] - timedelta(days=1))


_PERIODS: dict[str, Callable[[date], Days]] = {
    "today": lambda today: (today, today),
    "yesterday": lambda today: (today - timedelta(days=1),) * 2,
    "this week": _week,
    "this month": _month,
    "this year": _year,
    "last week": _before(_week),
    "last month": _before(_month),
    "last year": _before(_year),
}
