"""When was the article published? The most trusted of what its page says; never a guess, never later than can be.

The order of trust is TRUST. A date line is a line around the headline, or at the end, that says a date and
nothing else but labels, names and times; "updated" and "retrieved" lines are other claims. An ambiguous 05/06/2015
stays a claim unless the settings or the page's locale settle it. A time with an offset is a day in the archive's
zone.

The last resort is the weekday: "Tuesday, May 12" without a year in the first paragraphs. Years named in the
file's path or address are tried first; without them, the year that fits must be within one of the latest year
that the text mentions. Such a date says so in its origin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from searcher.metadata.sheet import Found, Sheet
from searcher.metadata.stamps import FIRST_YEAR, Stamp, ordered, read, scan
from searcher.metadata.urls import date_in
from searcher.model import Claim, When

TRUST: tuple[tuple[str, float], ...] = (
    ("JSON-LD", 0.95),
    ("microdata", 0.93),
    ("meta", 0.92),
    ("record", 0.9),  # whatever a feed, a dump, a mail header or front matter gives
    ("time", 0.85),
    ("date line", 0.85),
    ("URL", 0.8),
    ("heading link", 0.8),
    ("dateline", 0.7),
    ("dateline, year worked out from the weekday", 0.5),
    ("date of a change", 0.4),  # better than none: the article is not younger
)
_RANKS = {origin: rank for rank, (origin, _) in enumerate(TRUST)}
WORKED_OUT, CHANGED = TRUST[-2], TRUST[-1]

# The languages of English-speaking locales that write the month first; languages that write the year first.
_MONTH_FIRST = frozenset({"us", "ph", "fm", "pw"})
_YEAR_FIRST = frozenset({"zh", "ja", "ko", "hu", "lt", "mn"})


@dataclass(frozen=True, slots=True)
class Dated:
    """The date, if there is one, and what was read on the way."""

    when: When | None
    found: Found


class _Candidate(NamedTuple):
    stamp: Stamp
    origin: str


def find(sheet: Sheet, language: str | None) -> Dated:
    """The article's date from the claims and the lines of its page; None where nothing says it."""
    lines = list(_lines(sheet))
    leads = list(_leads(sheet))
    order = day_first(sheet, language)
    candidates = [*_claimed(sheet), *(candidate for candidate, _, role in lines if role == "published"), *leads]
    candidates += [_Candidate(stamp, "URL") for stamp in _addresses(sheet)]
    known = [_Candidate(ordered(stamp, order(stamp)), origin) for stamp, origin in candidates]
    whens = [when for candidate in known if (when := _when(candidate, sheet)) is not None]
    best = _best(whens) or _worked_out(sheet, [candidate.stamp for candidate in leads])
    best = best or _changed(sheet, [candidate.stamp for candidate, _, role in lines if role == "updated"], order)
    return Dated(best, _found(sheet, lines, leads, best))


def _best(whens: list[When]) -> When | None:
    """The most trusted; a day of the same month instead of a bare month."""
    if not whens:
        return None
    best = min(whens, key=lambda when: _rank(when.origin))
    finer = (when for when in whens if when.value.startswith(best.value) and len(when.value) > len(best.value))
    return next(finer, best)


def _rank(origin: str) -> int:
    return _RANKS.get(origin, _RANKS["record"])


def _when(candidate: _Candidate, sheet: Sheet) -> When | None:
    value, instant = _local(candidate.stamp, sheet)
    if value is None or int(value[:4]) < FIRST_YEAR:
        return None
    when = When(value, candidate.origin, TRUST[_rank(candidate.origin)][1], instant)
    return when if when.first() <= latest(sheet) else None


def _local(stamp: Stamp, sheet: Sheet) -> tuple[str | None, str | None]:
    """The day in the archive's zone, and the full time as the page gave it."""
    time = stamp.instant
    if time is None:
        return stamp.value(), None
    if time.tzinfo is None or not FIRST_YEAR < time.year < 9000:
        return stamp.value(), time.isoformat()
    return time.astimezone(ZoneInfo(sheet.context.settings.timezone)).date().isoformat(), time.isoformat()


def latest(sheet: Sheet) -> date:
    """The last day on which the article can have appeared: when it was retrieved, or else tomorrow."""
    for claim in sheet.claimed("retrieved"):
        stamp = read(claim.value)
        value = _local(stamp, sheet)[0] if stamp else None
        if value is not None:
            return When(value, claim.origin, 1.0).last()
    return datetime.now(UTC).date() + timedelta(days=1)


class _Order:
    """Whether 05/06/2015 on this page is 5 June, for each stamp by its separator; None where nobody knows."""

    def __init__(self, setting: bool | None, locale: str) -> None:
        self.setting = setting
        self.language, _, region = locale.lower().replace("_", "-").partition("-")
        self.region = region.rpartition("-")[2]

    def __call__(self, stamp: Stamp) -> bool | None:
        if self.setting is not None:
            return self.setting
        if self.language == "en" and self.region in _MONTH_FIRST:
            return False
        if stamp.separator == ".":
            return True
        if self.language in _YEAR_FIRST or self.language == "" or (self.language == "en" and not self.region):
            return None
        return True


def day_first(sheet: Sheet, language: str | None) -> _Order:
    """How this page means 05/06/2015, as a function of the stamp: by the settings, else the locale it claims, else
    its language. English alone says nothing, unless numbers are parted by full stops."""
    claimed = next((claim.value for claim in sheet.claimed("language") if claim.value.strip()), "")
    same = language is None or claimed.lower()[:2] == language
    return _Order(sheet.context.settings.day_first, claimed if claimed and same else language or "")


def _claimed(sheet: Sheet) -> Iterator[_Candidate]:
    for claim in sheet.claimed("date"):
        if (stamp := read(claim.value)) is not None:
            yield _Candidate(stamp, claim.origin)


def _addresses(sheet: Sheet) -> Iterator[Stamp]:
    for claim in sheet.claimed("url"):
        if (value := date_in(claim.value)) and (stamp := read(value)):
            yield stamp


def _lines(sheet: Sheet) -> Iterator[tuple[_Candidate, int, str]]:
    """The dates of lines that say nothing else, with the block and the role that their label gives."""
    for index, line in sheet.lines.items():
        block = sheet.page.blocks[index]
        linked = block.kind == "heading" and block.links and date_in(block.links[0].url)
        for role, stamp in line.dates if line.whole else ():
            yield _Candidate(stamp, "heading link" if linked else "date line"), index, role


def _leads(sheet: Sheet) -> Iterator[_Candidate]:
    """The dates of datelines: in the first 80 characters of the first paragraphs, or beside their weekday."""
    for text in sheet.leads:
        for stamp in scan(text[:400]):
            opens = stamp.start < 80 and _OPENING.match(text, stamp.end) is not None
            opens = opens or (
                stamp.start < 2 and stamp.year is not None and _CAPITAL.match(text, stamp.end) is not None
            )
            if stamp.day and (opens or (stamp.weekday is not None and stamp.year is None)):
                yield _Candidate(stamp, "dateline")


# What follows the date of a dateline: the agency in brackets or the dash. A sentence's own date is no dateline.
_CAPITAL = re.compile(r"[\s,.:]*[A-ZÀ-ÝА-Я]")  # "July 1st 2005 Harbour Town The ice …"
_OPENING = re.compile(r"(?:\s?(?:г\.|года?\b))?[\s,.]*(?:\(|（|/[^/]{2,20}/|[-–—]|电)")


def _worked_out(sheet: Sheet, stamps: Iterable[Stamp]) -> When | None:
    """The date of the first stamp whose weekday settles its year."""
    for stamp in stamps:
        if stamp.weekday is not None and stamp.year is None and stamp.day and stamp.month:
            year = _year(sheet, _fits(stamp, latest(sheet)))
            if year is not None:
                return When(f"{year}-{stamp.month:02}-{stamp.day:02}", *WORKED_OUT)
    return None


def _changed(sheet: Sheet, stamps: list[Stamp], order: _Order) -> When | None:
    """The earliest date at which the page says it was changed, where it does not say when it was published."""
    known = [_Candidate(ordered(stamp, order(stamp)), CHANGED[0]) for stamp in stamps]
    whens = [when for candidate in known if (when := _when(candidate, sheet)) is not None]
    return min(whens, key=When.first, default=None)


def _fits(stamp: Stamp, last: date) -> list[int]:
    """The years, 1900 on, in which the day had this weekday."""
    years = []
    for year in range(1900, last.year + 1):
        value = Stamp(0, 0, year, stamp.month, stamp.day).value()
        day = date.fromisoformat(value) if value else None
        if day and day <= last and day.weekday() == stamp.weekday:
            years.append(year)
    return years


def _year(sheet: Sheet, fits: list[int]) -> int | None:
    path = {int(year) for year in _YEAR.findall(" ".join(_paths(sheet)))}
    if near := [year for year in fits if year in path]:
        return near[0] if len(near) == 1 else None
    last = latest(sheet).year
    mentioned = [int(match[1]) for match in _MENTION.finditer(sheet.text) if int(match[1]) <= last]
    near = [year for year in fits if mentioned and abs(year - max(mentioned)) <= 1]
    return near[0] if near else None


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


def _found(
    sheet: Sheet, lines: list[tuple[_Candidate, int, str]], leads: list[_Candidate], best: When | None
) -> Found:
    claims = [
        Claim(_FIELDS[role], _shown(sheet, index, candidate.stamp), candidate.origin)
        for candidate, index, role in lines
    ]
    claims += [Claim("date", stamp.value() or "", origin) for stamp, origin in leads if stamp.value()]
    if best is not None and best.origin in ("URL", WORKED_OUT[0], CHANGED[0]):
        claims.append(Claim("date", best.value, best.origin))
    taken = {index: sheet.lines[index].reason for _, index, _ in lines}
    return Found(tuple(dict.fromkeys(claims)), taken)


_FIELDS = {"published": "date", "updated": "modified", "retrieved": "retrieved"}


def _shown(sheet: Sheet, index: int, stamp: Stamp) -> str:
    """The date, or how it was written where that is all that is known."""
    return stamp.value() or sheet.page.blocks[index].text[:60]
