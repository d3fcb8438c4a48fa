"""How does a time line look in a terminal? A bar a period; where the archive itself holds nothing, a gap."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from searcher.archive import Archive
from searcher.cli.listing import csv_line, echo, nothing_found, quoted, totals
from searcher.cli.terminal import Screen, note, wrap
from searcher.model import Bucket, Period, Results, Timeline
from searcher.query import edits

CSV = ("start", "end", "label", "count", "of", "share", "stories")

EIGHTHS = " ▏▎▍▌▋▊▉█"

KNOWN: dict[Period | None, str] = {"month": "month", "week": "week", "day": "day"}
"""What of a date must be known to draw it; that of a year always is."""

COARSE: dict[Period | None, str] = dict.fromkeys(("week", "day"), "the month or the year")
"""What is known of a date that is too coarse to be drawn; for other periods it is the year."""


class Gap(NamedTuple):
    """Periods side by side of which the archive holds nothing."""

    buckets: Sequence[Bucket]

    def what(self, line: Timeline) -> str:
        """What there is none of: articles, or only such as can be drawn."""
        known = KNOWN.get(line.period) if any(bucket.vague for bucket in self.buckets) else None
        return f"no articles of a known {known} in the archive" if known else "no articles in the archive"

    def text(self, line: Timeline) -> str:
        """The gap in words: "no articles in the archive 1998–2003"."""
        first, last = line.label(self.buckets[0]), line.label(self.buckets[-1])
        return f"{self.what(line)} {first}" + (f"–{last}" if last != first else "")


def parts(line: Timeline) -> Iterator[Bucket | Gap]:
    """What is drawn, in order: a period of which the archive holds something, or a gap."""
    for covered, run in groupby(line, lambda bucket: bucket.of > 0):
        if covered:
            yield from run
        else:
            yield Gap(tuple(run))


def show(found: Results, share: bool, screen: Screen, archive: Archive) -> None:
    """Prints a time line for reading."""
    for line in lines(found, share, screen):
        print(line if sees(line) else plain(line))
    if screen.is_terminal and found.timeline:
        print(next_command(found, archive))


def show_notes(found: Results, reasons: bool) -> None:
    """Prints notes and, if nothing was found, perhaps the reasons, on standard error."""
    for line in found.notes:
        note(f"note: {line}")
    if not found.total and reasons:
        nothing_found(found, "searcher timeline")


def lines(found: Results, share: bool, screen: Screen) -> Iterator[str]:
    """The echo, the totals, what is drawn, the bars, and what is in none of them."""
    line = found.timeline
    yield from (screen.style(text, "dim") for text in wrap(echo(found), screen.width))
    yield from wrap(totals(found), screen.width)
    yield ""
    yield from (screen.style(text, "dim") for text in wrap(subject(line, share), screen.width))
    yield from _bars(line, share, screen)
    left = left_out(line)
    yield from ["", *wrap(left, screen.width)] if left else []


def subject(line: Timeline, share: bool) -> str:
    """What the bars are: the name of the axis."""
    if share:
        return f"share of the archive's articles by {line.period}"
    stories = ", and in how many stories" if any(bucket.stories != bucket.count for bucket in line) else ""
    return f"articles by {line.period}{stories}"


def left_out(line: Timeline) -> str:
    """What is in no bar, and why; "" if everything is in one."""
    coarse = f"{line.coarse:,} known only to {COARSE.get(line.period, 'the year')}" if line.coarse else ""
    undated = f"{line.undated:,} without a date" if line.undated else ""
    left = ", ".join(filter(None, [coarse, undated]))
    return f"in no bar: {left}" if left else ""


def _bars(line: Timeline, share: bool, screen: Screen) -> Iterator[str]:
    indent = max((len(line.label(bucket)) for bucket in line), default=0) + 2
    amounts = [amount(bucket, share) for bucket in line]
    wide = max(map(len, amounts), default=0)
    width = screen.width - indent - 1 - wide
    top = max((size(bucket, share) for bucket in line), default=0.0)
    for part in parts(line):
        if isinstance(part, Gap):
            first, *more = wrap(part.text(line), screen.width - indent)
            yield from (screen.style(f"{mark:<{indent}}{text}", "dim") for mark, text in _marked(first, more))
        else:
            drawn = bar(size(part, share) / top if top else 0.0, width)
            yield f"{line.label(part):<{indent}}" + f"{screen.style(drawn, 'bar')} {amount(part, share)}".lstrip()


def _marked(first: str, more: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield "…", first
    yield from (("", text) for text in more)


def size(bucket: Bucket, share: bool) -> float:
    """How long a bar is."""
    return (bucket.share or 0.0) if share else float(bucket.count)


def amount(bucket: Bucket, share: bool) -> str:
    """What stands behind a bar: its count and stories, or its share and the two numbers that make it."""
    if share:
        return f"{percent(bucket)} ({bucket.count:,} of {bucket.of:,})"
    return f"{bucket.count:,}" + (f" in {bucket.stories:,}" if bucket.stories != bucket.count else "")


def percent(bucket: Bucket) -> str:
    """A share in hundredths, in words where rounding would make something nothing, or nearly all all.

    >>> from datetime import date
    >>> day = date(2015, 5, 12)
    >>> [percent(Bucket(day, day, count, 9000)) for count in (0, 1, 4500, 8999, 9000)]
    ['0%', '<0.1%', '50.0%', '>99.9%', '100%']
    """
    share = 100 * (bucket.share or 0.0)
    if share in (0, 100):
        return f"{share:.0f}%"
    return "<0.1%" if share < 0.1 else ">99.9%" if share > 99.9 else f"{share:.1f}%"


def bar(share: float, width: int) -> str:
    """A bar that fills this share of `width` columns, in eighths; what is not nothing shows at least one.

    >>> bar(0.5, 3), bar(0.0001, 3), bar(0, 3)
    ('█▌', '▏', '')
    """
    eighths = max(1, round(share * width * 8)) if share else 0
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()


def sees(text: str) -> bool:
    """Whether standard output can show the text."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


ASCII: dict[str, str | int | None] = {
    **dict(zip("█▉▊▋▌▍▎▏", "##::::..", strict=True)),
    **{"…": "~", "–": "-"},
}


def plain(text: str) -> str:
    """The text with what is drawn in ASCII: an odd terminal shows bars of # signs."""
    return text.translate(str.maketrans(ASCII))


def next_command(found: Results, archive: Archive) -> str:
    """What to type next: the articles of the highest bar."""
    peak = max(found.timeline, key=lambda bucket: bucket.count)
    query = edits.between(archive.parse(found.echo).tree, peak.start, peak.end)
    return f"next: search {quoted(str(query))}"


def table(line: Timeline) -> Iterator[str]:
    """The time line as lines of CSV, a period each; the share is empty where the archive holds nothing."""
    yield csv_line(CSV)
    for bucket in line:
        share = "" if bucket.share is None else f"{bucket.share:.6f}"
        cells = (bucket.start, bucket.end, line.label(bucket), bucket.count, bucket.of, share, bucket.stories)
        yield csv_line(list(map(str, cells)))
