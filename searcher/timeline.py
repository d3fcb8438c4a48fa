"""How many articles were found in each period, and of how many that the archive holds? Counts → Timeline."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from typing import Literal, get_args

from searcher import fields
from searcher.engines import Counts
from searcher.errors import SearcherError
from searcher.model import Bucket, Period, Timeline, When
from searcher.query.tree import Everything, Node

WIDEST = 10_000
"""The most periods of a time line. All the years that a calendar has are fewer."""

FITTING: Mapping[Period, int] = {"day": 62, "week": 60, "month": 72}
"""Up to how many periods are a time line to look at, the finest first. Years are taken where nothing else fits."""

Counting = Callable[[Node, tuple[str, ...]], Mapping[str, Counts]]
"""A tree, and names → the counts of each, as engines give them, of articles and stories."""

Ends = Mapping[int, tuple[str, str]]
"""Of dates with so many characters the first and the last: of years, of months and of days."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a time line is made of: `total` articles that match a tree, the ends of their dates, how to count."""

    tree: Node
    total: int
    ends: Ends
    count: Counting


def ends(dates: Iterable[str]) -> Ends:
    """The first and the last of these dates.

    >>> ends(["2015-05", "2014-11-12", "2015-05-12", "2013"])
    {4: ('2013', '2013'), 7: ('2015-05', '2015-05'), 10: ('2014-11-12', '2015-05-12')}
    """
    values = list(dates)
    known = ((length, [value for value in values if len(value) == length]) for length in (4, 7, 10))
    return {length: (min(some), max(some)) for length, some in known if some}


def span(ends: Ends) -> tuple[date, date] | None:
    """The first and the last day that dates with these ends can be; None if there are none."""
    first = min((first for first, _ in ends.values()), default=None)
    lasts = [When(last, "", 1.0).last() for _, last in ends.values()]
    return (When(first, "", 1.0).first(), max(lasts)) if first else None


def over(asked: Asked, period: Period | Literal["auto"]) -> Timeline:
    """The time line of what was found; "auto" is the finest period that makes a line to look at.

    Raises SearcherError if the articles found lie more than WIDEST periods apart.
    """
    chosen = _chosen(asked) if period == "auto" else period
    counts = asked.count(asked.tree, ("year", chosen))
    found, dated = counts[chosen], sum(counts["year"].values())
    line = Timeline(chosen, coarse=dated - sum(found.values()), undated=asked.total - dated)
    if not found:
        return line
    first, last = _number(chosen, min(found)), _number(chosen, max(found))
    if last - first >= WIDEST:
        raise _too_wide(chosen, min(found), max(found))
    names = [_name(chosen, number) for number in range(first, last + 1)]
    return replace(line, buckets=tuple(_buckets(chosen, names, found, asked.count)))


def _chosen(asked: Asked) -> Period:
    """The finest period that fits, and that half of the dated articles at least are known to."""
    for period, most in FITTING.items():
        known = [pair for length, pair in asked.ends.items() if length >= _length(period)]
        if known and _number(period, max(last for _, last in known)) - _number(period, min(known)[0]) < most:
            counts = asked.count(asked.tree, ("year", period))
            if 2 * sum(counts[period].values()) >= sum(counts["year"].values()):
                return period
    return "year"


def _buckets(period: Period, names: Sequence[str], found: Counts, count: Counting) -> Iterator[Bucket]:
    held = count(Everything(), (period,))[period]
    gaps = [name for name in names if name not in held]
    coarse = _Coarse(_coarse(period, count) if gaps and period != "year" else {})
    stories = found.groups(names)
    for name in names:
        start, end = _days(period, name)
        of = held.get(name, 0)
        vague = 0 if of else coarse.between(start, end)
        yield Bucket(start, end, found.get(name, 0), of, vague, stories[name])


def _coarse(period: Period, count: Counting) -> dict[str, int]:
    """The years and months that articles of the archive are dated to, and to no period of this length; how many."""
    names = ("year", "month") if period == "month" else ("year", "month", "day")
    held = count(Everything(), names)
    left = {value: number for name in names[:-1] for value, number in held[name].items()}
    for name in names[1:]:
        for value, number in held[name].items():
            left[value[: -len("-05")]] -= number
    return {value: number for value, number in left.items() if number}


class _Coarse:
    """Dates that are months or years, and how many articles have each."""

    def __init__(self, dates: Mapping[str, int]) -> None:
        known = [(When(value, "", 1.0), number) for value, number in dates.items()]
        self._firsts = _rising((when.first(), number) for when, number in known)
        self._lasts = _rising((when.last(), number) for when, number in known)

    def between(self, start: date, end: date) -> int:
        """How many articles may be of these days: their dates begin before the days end, and do not end before."""
        return _until(self._firsts, end) - _until(self._lasts, start - _DAY if start > date.min else None)


_DAY = timedelta(days=1)

Rising = tuple[list[date], list[int]]
"""Days, rising, and how many articles there are up to each."""


def _rising(counted: Iterable[tuple[date, int]]) -> Rising:
    pairs = sorted(counted)
    return [day for day, _ in pairs], list(accumulate(number for _, number in pairs))


def _until(rising: Rising, day: date | None) -> int:
    """How many articles there are up to a day, which is included."""
    at = bisect_right(rising[0], day) if day else 0
    return rising[1][at - 1] if at else 0


def _length(period: Period) -> int:
    """How many characters of a date must be known to say in which period it lies."""
    return fields.PERIODS["day" if period == "week" else period]


def _number(period: Period, value: str) -> int:
    """The place of a period, or of a date, in the row of all periods of its kind."""
    first = When(value, "", 1.0).first()
    match period:
        case "year":
            return first.year
        case "month":
            return first.year * 12 + first.month - 1
        case "week":
            return (first.toordinal() - 1) // 7  # day 1, 0001-01-01, is a Monday
    return first.toordinal()


def _name(period: Period, number: int) -> str:
    """The name, as engines count it, of the period at this place."""
    match period:
        case "year":
            return f"{number:04}"
        case "month":
            return f"{number // 12:04}-{number % 12 + 1:02}"
        case "week":
            return date.fromordinal(number * 7 + 1).isoformat()
    return date.fromordinal(number).isoformat()


def _days(period: Period, name: str) -> tuple[date, date]:
    """The first and the last day of a period; the last week that a calendar has is cut short."""
    when = When(name, "", 1.0)
    if period != "week":
        return when.first(), when.last()
    return when.first(), date.fromordinal(min(when.first().toordinal() + 6, date.max.toordinal()))


def _too_wide(period: Period, first: str, last: str) -> SearcherError:
    """The error for too many periods; its hint names those that are few enough."""
    many = {name: _number(name, last) - _number(name, first) + 1 for name in get_args(Period)}
    fitting = ", ".join(f"{number:,} by {name}" for name, number in many.items() if number <= WIDEST)
    hint = f"at most {WIDEST:,} are drawn: it would be {fitting}; or narrow the query, as with since:2010"
    return SearcherError(f"a time line with too many {period}s: {many[period]:,}", hint)
