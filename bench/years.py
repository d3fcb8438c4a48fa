"""How often do a source's years say which is meant by "Tuesday, May 12", and rightly? python bench/years.py

Articles of one source within some years are drawn: one of them loses its year, some of the others have a wrong one.
And press releases as they are, that open with a day and a weekday: dated by the source, by the text, by both alike.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import islice

from common import news, table

from searcher.metadata import Context, dates, years
from searcher.metadata.sheet import Sheet
from searcher.metadata.stamps import Stamp, scan
from searcher.model import OPEN, Block, Page, Provenance

NAMES = ("senate_press_releases", "wikipedia_current_events", "public_zh")
SPANS, SIZES, TRIALS, WRONG, RELEASES = (1, 3, 6, 10, 15), (3, 5, 10, 50), 400, 0.02, 400

Sources = Mapping[str, list[str]]


def main() -> None:
    """Draws, asks, prints the table."""
    dice = random.Random(11)
    sources = [_sources(name) for name in NAMES]
    drawn = (_drawn(sources, span, size, dice) for span in SPANS for size in SIZES)
    rows = [("what", "day given", "year right", "day right"), *drawn, *_released(sources[0], dice)]
    table("years", "Years worked out from the weekday", rows, ["searcher"])


def _sources(name: str) -> Sources:
    held: dict[str, list[str]] = defaultdict(list)
    for row in news(name):
        if len(row.get("date") or "") == len("2015-05-12"):
            held[row.get("source", "")].append(row["date"])
    return {source: sorted(days) for source, days in held.items()}


def _drawn(sources: Sequence[Sources], span: int, size: int, dice: random.Random) -> tuple[str, ...]:
    """Archives of so many articles within so many years, from each of the sets that reach so far."""
    seen = Counter[str]()
    for days in (dice.choice(list(held.values())) for held in sources for _ in range(TRIALS)):
        starts = bisect(days, _later(days[-1], -0.6 * span))
        first = dice.randrange(starts or 1)
        some = days[first : bisect(days, _later(days[first], span))] if starts else []
        if len(some) > size:
            true, *others = dice.sample(some, size + 1)
            others = [str(dice.randrange(1970, 2027)) if dice.random() < WRONG else day for day in others]
            _count(seen, years.within(_open(true), years.span(others)), true)
    return _row(f"{size} dated articles, {span} years", seen)


def _later(day: str, years: float) -> str:
    return str(date.fromisoformat(day) + timedelta(years * 365))


@cache
def _open(day: str) -> tuple[str, ...]:
    known = date.fromisoformat(day)
    stamp = Stamp(0, 0, None, known.month, known.day, known.weekday())
    return years.fitting(Sheet(Page(Provenance(""), "plain", ()), (), Context()), stamp, date.today())


def _count(seen: Counter[str], found: str | None, true: str) -> None:
    seen.update(all=1, given=found is not None, year=(found or "")[:4] == true[:4], day=found == true)


def _row(what: str, seen: Mapping[str, int]) -> tuple[str, ...]:
    given = max(1, seen["given"])
    return (
        what,
        f"{seen['given'] / max(1, seen['all']):.0%}",
        f"{seen['year'] / given:.1%}",
        f"{seen['day'] / given:.1%}",
    )


def _is_open(stamp: Stamp) -> bool:
    return stamp.weekday is not None and stamp.year is None


def _released(sources: Sources, dice: random.Random) -> Iterator[tuple[str, ...]]:
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    rows = [row for row in news() if row.get("date") and row.get("text")]
    dice.shuffle(rows)
    for row in islice((row for row in rows if any(map(_is_open, scan(row["text"][:300])))), RELEASES):
        blocks = tuple(Block(line) for line in row["text"].split("\n") if line.strip())
        found = dates.find(Sheet(Page(Provenance(""), "plain", blocks), (None,) * len(blocks), Context()), "en")
        days = (
            next((claim.value for claim in found.found.claims if claim.origin == OPEN), "").strip("[]").split(",")
        )
        if days != [""]:
            shown, text = years.within(days, years.span(sources[row["source"]])), found.when and found.when.value
            for what, day in ("source", shown), ("text", text), ("both", shown if shown == text else None):
                _count(seen[what], day, row["date"])
    yield from (_row(f"press releases by the {what}, of {one['all']}", one) for what, one in seen.items())


if __name__ == "__main__":
    main()
