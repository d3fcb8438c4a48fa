"""Which dates does a piece of text name? Stamps with what was written and nothing more: no part is ever guessed.

Textual dates in the languages of data/calendar.toml, ISO, numbers with a four-digit year (12.05.15 with full stops
only), Chinese, Japanese and Korean forms. Which of them is the article's date is for dates.py to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache

from dateutil import parser

from searcher.metadata.tables import table
from searcher.tables import any_of

FIRST_YEAR = 1600

NEAR = 80
"""How many characters before and behind a number its date may have."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date as written at `start`..`end`. `weekday` is 0 for Monday. `numbers` are the first two numbers of
    05/06/2015 while nobody has said which is the day; month and day are None then. `instant` is a full time.
    `separator` is what stood between those numbers.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    numbers: tuple[int, int] | None = None
    separator: str = ""
    instant: datetime | None = None

    def value(self) -> str | None:
        """ "2015-05-12", "2015-05" or "2015"; None when the year is unknown or there is no such day."""
        if self.year is None or self.numbers:
            return None
        parts = [part for part in (self.month, self.day) if part]
        try:
            date(self.year, self.month or 1, self.day or 1)
        except ValueError:
            return None
        return "-".join([f"{self.year:04}", *(f"{part:02}" for part in parts)])


@cache
def months() -> Mapping[str, int]:
    """The name of a month, in any of the languages → 1..12."""
    return _numbered("months", 1)


@cache
def weekdays() -> Mapping[str, int]:
    """The name of a weekday, in any of the languages → 0 (Monday) .. 6."""
    return _numbered("weekdays", 0)


def _numbered(name: str, start: int) -> dict[str, int]:
    rows = table("calendar")[name].values()
    pairs = [(form, number) for row in rows for number, cell in enumerate(row, start) for form in cell.split("|")]
    return dict(pairs)


@cache
def _pattern() -> re.Pattern[str]:
    names, days = any_of(months()), any_of(weekdays())
    month = rf"(?:{names})(?:\s?/\s?(?:{names}))?(?!\w)\.?"
    day = r"(?<![\d.,:/])\d{1,2}(?!\d)(?:st|nd|rd|th|er|ère|\.|º|ª|-го|-е|\s?日)?(?!\w)"
    year = r"(?:1[6-9]|20)\d\d(?!\d|[.,]\d)"
    of = r"(?:\s+(?:of|de|del|d['’])|,|،)?"
    return re.compile(
        rf"""(?=\d|(?<!\w)\w)(?:
           (?P<iso>(?<![\d.,/-])(?:1[6-9]|20)\d\d(?P<sep>[-/.]|\.\s)\d{{1,2}}(?P=sep)\d{{1,2}}(?![\d/-])
                 (?:[T\s]\s?\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?\s?(?:Z\b|UTC|GMT|[+-]\d\d:?\d\d)?)?)
         | (?P<han>{year}\s?(?:年\s?\d{{1,2}}\s?月(?:\s?\d{{1,2}}\s?[日号])?
                              |년\s?\d{{1,2}}\s?월(?:\s?\d{{1,2}}\s?일)?))
         | (?P<handay>(?<!\d)\d{{1,2}}月\d{{1,2}}日)
         | (?P<short>(?<![\d.,/:-])[0-3]\d\.[01]\d\.\d\d(?![\d:/%-]|[.,]\d))
         | (?:(?<!\w)(?P<weekday>{days})(?!\w)\.?[\s,،(]*(?:den\s|the\s|le\s)?)?
           (?: (?P<numeric>(?<![\d.,/-])\d{{1,2}}(?P<mark>[./-])\s?\d{{1,2}}(?P=mark)\s?{year}(?![./-]\d))
             | (?P<dm>{day}(?:\s+de|\s+of|-|\s)?\s*(?<!\w){month})(?:{of}[\s-]*(?P<dmy>{year}))?
             | (?P<md>(?<!\w){month}\s+{day})(?:,?\s+(?P<mdy>{year}))?
             | (?P<ymdy>{year})\.?\s+(?P<ymd>{month}\s+{day})
             | (?P<my>(?<!\w){month}){of}\s*(?P<myy>{year})))""",
        re.VERBOSE | re.IGNORECASE,
    )


_DIGITS = re.compile(r"\d+")
_EASTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def scan(text: str) -> Iterator[Stamp]:
    """The dates in `text`, in order. Without a number there is none.

    >>> [stamp.value() for stamp in scan("Tuesday, 12 May 2015, and 3. Juni 2016")]
    ['2015-05-12', '2016-06-03']
    >>> next(scan("Tuesday, May 12,")).value() is None
    True
    """
    if not _DIGITS.search(text):
        return
    text = text if text.isascii() else text.translate(_EASTERN)
    for start, end in _numbers(text):
        if not _may_date(text[start:end]):
            continue
        for match in _pattern().finditer(text, start, end):
            stamp = _stamp(match)
            if stamp is not None:
                yield stamp


def _may_date(piece: str) -> bool:
    """Whether a piece has a month, or numbers with a mark between them: most numbers count things, and to see that
    is ten times cheaper than to look for a date."""
    return bool(_MARKED.search(piece)) or not _beginnings().isdisjoint(_words(piece))


_MARKED = re.compile(r"\d[./-]\s?\d|\d\.\s\d|[年월月년]")
_LETTERS = re.compile(r"[^\W\d_]+")
_ALIKE = str.maketrans({"ı": "i", "\u0307": None, "ſ": "s", "ς": "σ"})


def _words(piece: str) -> list[str]:
    """The words of a piece without case, as patterns compare them: MAYIS is mayıs."""
    return _LETTERS.findall(_uncased(piece))


def _uncased(piece: str) -> str:
    return piece.lower() if piece.isascii() else piece.lower().translate(_ALIKE)


@cache
def _known(names: Callable[[], Mapping[str, int]]) -> Mapping[str, int]:
    return {_uncased(name): number for name, number in names().items()}


@cache
def _beginnings() -> frozenset[str]:
    """The first word of each month's name."""
    return frozenset(_words(name)[0] for name in months())


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    """The pieces of a text around its numbers: in all others there is no date to be looked for."""
    start, end = 0, -1
    for match in _DIGITS.finditer(text):
        if match.start() - NEAR > end:
            if end >= 0:
                yield start, end
            start = max(0, match.start() - NEAR)
        end = match.end() + NEAR
    yield start, end


def _stamp(match: re.Match[str]) -> Stamp | None:
    start, end = match.span()
    if match["iso"]:
        return _iso(match)
    if match["han"] or match["handay"]:
        numbers = [int(part) for part in _DIGITS.findall(match[0])]
        year = numbers.pop(0) if match["han"] else None
        return _checked(Stamp(start, end, year, numbers[0], numbers[1] if len(numbers) > 1 else None))
    if match["short"]:
        return _dotted(match)
    if match["numeric"]:
        first, second, year = (int(part) for part in _DIGITS.findall(match[0]))
        weekday = _known(weekdays).get(_uncased(match["weekday"] or ""))
        return _numeric(Stamp(start, end, year, None, None, weekday, (first, second), match["mark"]))
    return _textual(match)


def _textual(match: re.Match[str]) -> Stamp | None:
    piece = match["dm"] or match["md"] or match["ymd"] or match["my"]
    name = match["my"] or _DIGITS.sub(" ", piece)
    year = match["dmy"] or match["mdy"] or match["ymdy"] or match["myy"]
    number = _DIGITS.search(piece) if not match["my"] else None
    weekday = _known(weekdays).get(_uncased(match["weekday"] or ""))
    month = _month(name)
    if month is None:
        return None
    day = int(number[0]) if number else None
    return _checked(Stamp(*match.span(), int(year) if year else None, month, day, weekday))


def _month(text: str) -> int | None:
    """The month in a piece like "th de  mayo" or "أيار/مايو": the longest known name in it."""
    known, uncased = _known(months), _uncased(text)
    found = [name for name in known if name in uncased]
    return known[max(found, key=len)] if found else None


def _dotted(match: re.Match[str]) -> Stamp | None:
    """12.05.15: with full stops the day comes first, and the year is one that has been."""
    day, month, year = (int(part) for part in _DIGITS.findall(match[0]))
    century = 2000 if year <= datetime.now(UTC).year - 2000 else 1900
    return _checked(Stamp(*match.span(), century + year, month, day)) if month and day else None


def _iso(match: re.Match[str]) -> Stamp | None:
    year, month, day = (int(part) for part in _DIGITS.findall(match["iso"])[:3])
    instant = moment(match["iso"].replace(". ", ".").replace("/", "-").replace(".", "-", 2))
    return _checked(Stamp(*match.span(), year, month, day, instant=instant))


def _numeric(stamp: Stamp) -> Stamp | None:
    """The stamp with its day, if only one reading is a date at all, or falls on the weekday before it."""
    readings = {one for order in (True, False) if (one := ordered(stamp, order)) is not stamp}
    fitting = {one for one in readings if date.fromisoformat(one.value() or "").weekday() == stamp.weekday}
    if len(fitting or readings) != 1:
        return stamp if readings else None
    return next(iter(fitting or readings))


def ordered(stamp: Stamp, day_first: bool | None) -> Stamp:
    """The stamp with day and month set, where `day_first` says which is which; unchanged where it is None."""
    if stamp.numbers is None or day_first is None:
        return stamp
    day, month = stamp.numbers if day_first else stamp.numbers[::-1]
    return _checked(replace(stamp, month=month, day=day, numbers=None)) or stamp


def _checked(stamp: Stamp) -> Stamp | None:
    """None for a day that does not exist (31 June; a leap year is assumed where none is known)."""
    try:
        date(stamp.year or 2000, stamp.month or 1, stamp.day or 1)
    except ValueError:
        return None
    return stamp


_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")  # seconds, or thousandths, from 2001 to 2033
_COMPACT = re.compile(r"((?:1[6-9]|20)\d\d)(\d\d)(\d\d)(?=$|T|\D)")
_CLOCK = re.compile(r"\d:\d\d|T\d\d")
_UNORDERED = re.compile(r"\s*\d{1,2}[./-]\d{1,2}[./-]")  # dateutil would guess whether day or month is first
_SIGNED = re.compile(r"(?:GMT|UTC)(?=[+-]\d)")  # GMT+0300 is three hours east to JavaScript, west to POSIX
_FILLS = (datetime(2000, 1, 1), datetime(2001, 2, 2))
_LONGEST = 60

_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "MSD": 4, "IST": 5.5, "SGT": 8, "HKT": 8, "JST": 9, "AEST": 10, "AEDT": 11, "AST": -4,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Hours from UTC of the zones that pages name."""


def moment(text: str) -> datetime | None:
    """The full time that a machine wrote: ISO 8601, RFC 2822, the form of JavaScript, seconds since 1970.

    None where there is no time of day (a bare day is for scan()) or where dateutil would have to fill in a part.

    >>> moment("2015-05-12T23:30:00-05:00").isoformat()
    '2015-05-12T23:30:00-05:00'
    >>> moment("10:30") is None
    True
    """
    text = _SIGNED.sub("", text.strip())
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if len(text) > _LONGEST or not _CLOCK.search(text) or _UNORDERED.match(text):
        return None
    if _ISO.match(text):
        with suppress(ValueError):  # another form of ISO 8601 than Python reads itself, twenty times faster
            return datetime.fromisoformat(text)
    try:
        found = {parser.parse(text, default=fill, tzinfos=_zone) for fill in _FILLS}
    except (ValueError, OverflowError):  # an hour that no day has, or no date at all
        return None
    return found.pop() if len(found) == 1 else None


def _zone(name: str | None, offset: int | None) -> timezone | None:
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    hours = _ZONES.get(name or "")
    return None if hours is None else timezone(timedelta(hours=hours))


def read(text: str) -> Stamp | None:
    """The first date that a machine-made value gives ("2015-05-12T10:00Z", "20150512", "May 12, 2015").

    >>> read("20150512").value(), read("2015-05").value(), read("soon")
    ('2015-05-12', '2015-05', None)
    """
    text = text.strip().translate(_EASTERN)
    if (time := moment(text)) is not None:
        return Stamp(0, len(text), time.year, time.month, time.day, instant=time)
    if compact := _COMPACT.match(text):
        return _checked(Stamp(0, 8, int(compact[1]), int(compact[2]), int(compact[3])))
    if short := re.fullmatch(r"((?:1[6-9]|20)\d\d)(?:-(\d\d))?", text):
        return _checked(Stamp(0, len(text), int(short[1]), int(short[2]) if short[2] else None))
    return next((stamp for stamp in scan(text) if stamp.year), None)
