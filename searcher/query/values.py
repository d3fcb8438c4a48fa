"""What does the value of a date or number field mean? `..`, `[ TO ]`, `>`, and the words since and before."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from searcher import fields
from searcher.query.dates import Calendar, DateError, period
from searcher.query.tree import DateRange, NumberRange

_BRACKETS = re.compile(r"([\[{])\s*(.*?)\s+TO\s+(.*?)\s*([\]}])", re.IGNORECASE | re.DOTALL)
_COMPARED = re.compile(r"(>=|<=|>|<|=)\s*(.+)", re.DOTALL)
_DOTS = re.compile(r"\.\.+|…")
_DASHED = re.compile(r"(\d{4}(?:-\d{2}){0,2}|\d{1,9})\s*[-–—,]\s*(\d{4}(?:-\d{2}){0,2}|\d{1,9})")
_SLASH = re.compile(r"(\d{4}(?:-\d{2}){0,2})/(\d{4}(?:-\d{2}){0,2})")

Ends = tuple[str, bool, str, bool]
"""A range as it was typed: low end, whether it is included, high end, whether it is included; "" is open."""


def date_range(field: str, text: str, calendar: Calendar) -> DateRange:
    """The range that a typed value means; `field` is a date field or since, until, after, before.

    Raises DateError for what cannot be read, for no such day, and for a range that ends before it begins.
    """
    name, ends = _PERIODS[field](text) if field in _PERIODS else (field, _ends(text, slash=True))
    low, low_in, high, high_in = ends
    if not low and not high:
        raise DateError(f"a range without an end: {text}", "write 2015, 2015.. or ..2015")
    first = _edge(low, calendar, after=not low_in) if low else None
    last = _edge(high, calendar, before=not high_in, last=True) if high else None
    if first and last and first > last:
        raise DateError(f"a range that ends before it begins: {text}", f"turn it round: {high}..{low}")
    return DateRange(name, first, last)


def number_range(field: str, text: str) -> NumberRange:
    """The range of whole numbers that a typed value means; raises DateError as date_range() does."""
    low, low_in, high, high_in = _ends(text, slash=False)
    if not low and not high:
        raise DateError(f"a range without an end: {text}", "write 800, >800 or 100..500")
    first = None if not low else _number(low) + (not low_in)
    last = None if not high else _number(high) - (not high_in)
    if first is not None and last is not None and first > last:
        raise DateError(f"a range that ends before it begins: {text}", f"turn it round: {high}..{low}")
    if any(end is not None and not 0 <= end < 10**15 for end in (first, last)):
        raise DateError(f"a range with nothing in it: {text}", "numbers have 1 to 15 digits")
    return NumberRange(field, first, last)


def meant(text: str, behind: str, calendar: Calendar) -> str | None:
    """What was probably meant by a value that cannot be read, with the text behind it: a range, or a longer date.

    >>> meant("may", " 2015 sochi", Calendar(date(2020, 1, 1)))
    '"may 2015"'
    """
    if (dashed := _DASHED.fullmatch(text)) and int(dashed[1][:4]) <= int(dashed[2][:4]):
        return f"{dashed[1]}..{dashed[2]}"
    words = [text, *re.split(r"[()\s]", behind.strip())]
    for number in (3, 2):
        with suppress(DateError):
            period(" ".join(words[:number]), calendar)
            return f'"{" ".join(words[:number])}"' if all(words[1:number]) and words[1:] else None
    return None


_PERIODS: dict[str, Callable[[str], tuple[str, Ends]]] = {
    **dict.fromkeys(fields.PERIODS, lambda text: ("date", _ends(text, slash=True))),
    "since": lambda text: ("date", (text, True, "", True)),
    "until": lambda text: ("date", ("", True, text, True)),
    "after": lambda text: ("date", (text, False, "", True)),
    "before": lambda text: ("date", ("", True, text, False)),
}


def _ends(text: str, slash: bool) -> Ends:
    match = _BRACKETS.fullmatch(text)
    if match:
        low, high = ("" if end == "*" else end for end in (match[2], match[3]))
        return low, match[1] == "[", high, match[4] == "]"
    if dots := _DOTS.search(text):
        return text[: dots.start()].strip(), True, text[dots.end() :].strip(), True
    match = _COMPARED.fullmatch(text)
    if match:
        sign, value = match[1], match[2]
        return {">": (value, False, "", True), ">=": (value, True, "", True), "=": (value, True, value, True),
                "<": ("", True, value, False), "<=": ("", True, value, True)}[sign]  # fmt: skip
    match = _SLASH.fullmatch(text) if slash else None
    return (match[1], True, match[2], True) if match else (text, True, text, True)


def _edge(text: str, calendar: Calendar, after: bool = False, before: bool = False, last: bool = False) -> date:
    first_day, last_day = period(text, calendar)
    try:
        if after:
            return last_day + timedelta(days=1)
        if before:
            return first_day - timedelta(days=1)
    except OverflowError as error:
        raise DateError(f"no such date: {text}", "years are 0001 to 9999") from error
    return last_day if last else first_day


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,15}", text, re.ASCII):
        raise DateError(f"unreadable number: {text}", "write 800, >800 or 100..500")
    return int(text)
