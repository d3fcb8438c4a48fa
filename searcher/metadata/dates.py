"""When was the article published? The most trusted of what its page says; never a guess, never later than can be.

The order of trust is TRUST. A date line is a line around the headline, or at the end, that says a date and
nothing else but labels, names and times; "updated" and "retrieved" lines are other claims. A time is a day where it
was written: its own offset decides, and one in UTC is a day in the archive's zone. A date that the page shows a
reader and that is earlier than its data is the date: what data call so is sometimes that of a change. Where a page
has nothing better, it is the weekday ("Tuesday, May 12" without a year, years.py), "3 days ago" (relative.py) or
the date of a change, and the origin says so.

How far a date is to be believed follows from where it stood and from who agrees (AGREED, DISPUTED); what was not
chosen stays a claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from searcher.metadata import relative, shown, years
from searcher.metadata.orders import Order
from searcher.metadata.sheet import Found, Sheet
from searcher.metadata.shown import Candidate
from searcher.metadata.stamps import FIRST_YEAR, Stamp, read
from searcher.metadata.urls import date_in
from searcher.model import OPEN, STORY, WEEKDAY, Article, Claim, When

# The numbers are the share that was right on the development pages, rounded (bench/metadata.py prints the table).
TRUST: tuple[tuple[str, float], ...] = (
    ("JSON-LD", 0.85),
    ("meta", 0.92),
    ("microdata", 0.85),
    ("record", 0.9),  # whatever a feed, a dump, a mail header or front matter gives
    ("time", 0.85),
    ("date line", 0.92),
    ("byline", 0.85),
    ("URL", 0.8),
    ("heading link", 0.8),
    ("dateline", 0.7),
    ("element", 0.75),  # a date further away, in an element that is called one
    ("dateline, year of its path or address", 0.65),
    ("dateline, year worked out from the weekday", 0.5),
    ("relative to the day of retrieval", 0.5),
    ("date of a change", 0.45),  # better than none: the article is not younger
)
_RANKS = {origin: rank for rank, (origin, _) in enumerate(TRUST)}
PLACED, WORKED_OUT, COUNTED_BACK, CHANGED = TRUST[-4:]

AGREED, DISPUTED = 0.98, 0.65
"""How far a date is believed that stands in the data, on the page or in the address, and in another of these, too;
and one that another of these contradicts."""

_DATA = frozenset({"JSON-LD", "microdata", "meta", "record"})
_EAST = timedelta(hours=14)


class Dated(NamedTuple):
    """The date, if there is one, and what was read on the way."""

    when: When | None
    found: Found


def find(sheet: Sheet, language: str | None) -> Dated:
    """The article's date from the claims and the lines of its page; None where nothing says it."""
    return _Dates(sheet, language).dated()


def alone(article: Article) -> When | None:
    """The date that the article has by its page alone, whatever the archive has given it."""
    if article.date and article.date.origin not in (STORY, WEEKDAY):
        return article.date
    claimed = (claim.value for claim in article.claims if claim.origin == WORKED_OUT[0])
    return next((When(value, *WORKED_OUT) for value in claimed), None)


@dataclass
class _Dates:
    """The dates of one page, while they are weighed."""

    sheet: Sheet
    language: str | None

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(self.sheet.context.settings.timezone)
        self.retrieved = next(
            (stamp for claim in self.sheet.claimed("retrieved") if (stamp := read(claim.value))), None
        )
        self.last = _last(self.retrieved) or datetime.now(UTC).date() + timedelta(days=1)
        self.order = Order(self.sheet, self.language, self.last)
        self.lines = list(shown.lines(self.sheet))
        self.leads = list(shown.leads(self.sheet))
        self.open = list(self._open())

    def dated(self) -> Dated:
        published = [one for one in self.lines if one.role == "published"]
        claimed = [*_claimed(self.sheet), *published, *self.leads, *_addresses(self.sheet)]
        best = self._best(self._whens(claimed)) or self._further() or self._last_resort()
        return Dated(best, self._found(best))

    def _whens(self, candidates: Sequence[Candidate]) -> list[When]:
        """The dates that candidates are. Numbers in an unclear order are settled by the others if they can be."""
        known = {value for one in candidates if (value := one.stamp.value())} | set(self._modified)
        stamps = [(self.order.settled(one.stamp, known), one.origin) for one in candidates]
        return [when for stamp, origin in stamps if (when := self._when(stamp, origin)) is not None]

    def _when(self, stamp: Stamp, origin: str) -> When | None:
        value = self._day(stamp)
        if value is None or int(value[:4]) < FIRST_YEAR:
            return None
        when = When(value, origin, TRUST[_rank(origin)][1], stamp.instant.isoformat() if stamp.instant else None)
        return when if when.first() <= self.last else None

    def _day(self, stamp: Stamp) -> str | None:
        """The day where a time was written; one in UTC says nothing of that and is a day in the archive's zone."""
        time = stamp.instant
        if time is None or time.utcoffset() != timedelta() or not FIRST_YEAR < time.year < 9000:
            return stamp.value()
        return time.astimezone(self.zone).date().isoformat()

    @property
    def _modified(self) -> list[str]:
        claimed = [read(claim.value) for claim in self.sheet.claimed("modified")]
        stamps = [*claimed, *(one.stamp for one in self.lines if one.role == "updated")]
        return [value for stamp in stamps if stamp and (value := self._day(stamp))]

    def _best(self, whens: list[When]) -> When | None:
        """The most trusted; a day of the same month instead of a bare month; an earlier one that the page shows."""
        if not whens:
            return None
        best = min(whens, key=lambda when: _rank(when.origin))
        finer = (when for when in whens if when.value.startswith(best.value) and len(when.value) > len(best.value))
        best = next(finer, best)
        earlier = [when for when in whens if when.origin == "date line" and _days(when, best) < -1]
        if _kind(best) == "data" and earlier:
            best = earlier[0]
        return self._weighed(best, whens)

    def _weighed(self, best: When, whens: list[When]) -> When:
        """The date with its confidence: higher if another kind of origin agrees, lower if one does not."""
        others = [when for when in whens if _kind(when) != _kind(best) and len(when.value) == len(best.value)]
        if any(when.value == best.value for when in others):
            return replace(best, confidence=AGREED)
        doubtful = others or (_kind(best) != "data" and best.value in self._modified)
        return replace(best, confidence=min(best.confidence, DISPUTED)) if doubtful else best

    def _further(self) -> When | None:
        """The date of an element further away, labelled ones first."""
        found = [one for one in shown.elements(self.sheet) if one.role == "published"]
        return next(iter(self._whens(found)), None)

    def _last_resort(self) -> When | None:
        return self._worked_out() or self._counted_back() or self._changed()

    def _open(self) -> Iterator[tuple[str, ...]]:
        """The days that each dateline with a weekday and no year can be."""
        for stamp, *_ in self.leads:
            if stamp.weekday is not None and stamp.year is None and stamp.day and stamp.month:
                yield years.fitting(self.sheet, stamp, self.last)

    def _worked_out(self) -> When | None:
        """The date of the first dateline whose weekday settles its year."""
        for days in self.open:
            if len(days) == 1:
                return When(days[0], *PLACED)
            if day := years.mentioned(self.sheet, days, self.last):
                return When(day, *WORKED_OUT)
        return None

    def _counted_back(self) -> When | None:
        day = self._day(self.retrieved) if self.retrieved else None
        if day is None or len(day) < 10:
            return None
        found = relative.dates(self.sheet, date.fromisoformat(day))
        return next((When(value, *COUNTED_BACK) for value, role in found if role == "published"), None)

    def _changed(self) -> When | None:
        """The earliest date at which the page says it was changed, where it does not say when it was published."""
        told = [one._replace(origin=CHANGED[0]) for one in self.lines if one.role == "updated"]
        return min(self._whens(told), key=When.first, default=None)

    def _found(self, best: When | None) -> Found:
        claims = [Claim(_FIELDS[one.role], self._shown(one), one.origin) for one in self.lines]
        claims += [Claim("date", value, one.origin) for one in self.leads if (value := one.stamp.value())]
        if best is not None and best.origin not in {
            claim.origin for claim in [*claims, *self.sheet.claimed("date")]
        }:
            claims.append(Claim("date", best.value, best.origin))
        if best is None or best.origin == WORKED_OUT[0]:
            claims += self._unsettled(best)
        taken = {one.block: self.sheet.lines[one.block].reason for one in self.lines if one.whole}
        return Found(tuple(dict.fromkeys(claims)), taken)

    def _unsettled(self, best: When | None) -> list[Claim]:
        """What the years of its source may settle: they are known when all pages are read."""
        days = next((days for days in self.open if len(days) > 1 and (not best or best.value in days)), ())
        return [Claim("date", f"[{','.join(days)}]", OPEN)] if days else []

    def _shown(self, one: Candidate) -> str:
        """The date, or how it was written where that is all that is known."""
        return one.stamp.value() or self.sheet.page.blocks[one.block].text[:60]


_FIELDS = {"published": "date", "updated": "modified", "retrieved": "retrieved"}


def _rank(origin: str) -> int:
    return _RANKS.get(origin, _RANKS["record"])


def _kind(when: When) -> str:
    """Where a date stood: in the page's data, in its address, or where a reader sees it."""
    known = "record" if when.origin not in _RANKS else when.origin
    return "data" if known in _DATA else "address" if known == "URL" else "shown"


def _days(one: When, other: When) -> int:
    """How many days one is after the other; 0 where one of them is no day."""
    return (one.first() - other.first()).days if one.precision == other.precision == "day" else 0


def _last(retrieved: Stamp | None) -> date | None:
    """The last day, anywhere on earth, on which what was retrieved then can have been written."""
    if retrieved is not None and retrieved.instant is not None and retrieved.instant.tzinfo is not None:
        return (retrieved.instant.astimezone(UTC) + _EAST).date()
    value = retrieved.value() if retrieved else None
    return When(value, "", 1.0).last() if value else None


def _claimed(sheet: Sheet) -> Iterator[Candidate]:
    for claim in sheet.claimed("date"):
        if (stamp := read(claim.value)) is not None:
            yield Candidate(stamp, claim.origin)


def _addresses(sheet: Sheet) -> Iterator[Candidate]:
    for claim in sheet.claimed("url"):
        if (value := date_in(claim.value)) and (stamp := read(value)):
            yield Candidate(stamp, "URL")
