"""How does an answer look? Hits with their passages, facets and time for people; a line each for programs."""

from __future__ import annotations

import csv
import io
import re
import shlex
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from string import Formatter
from typing import TextIO

from searcher import wire
from searcher.cli.terminal import CLOSE, OPEN, Screen, clean, spark
from searcher.errors import SearcherError
from searcher.model import Bucket, Hit, Results

SHOWN_FACETS = 3
SHOWN_VALUES = 4
CSV = (
    "id", "date", "source", "agency", "title", "authors", "language", "url", "path", "story", "copies",
    "section", "people", "places", "orgs", "words", "passages",
)  # fmt: skip
"""The columns of CSV: a promise, so new ones come last."""

CSV_END = "\r\n"
NAMES = (*CSV, "lead", "score")


def day(value: date) -> str:
    """A date as it is read aloud: 12 May 2015."""
    return f"{value.day} {value:%B %Y}"


def plural(number: int, noun: str) -> str:
    """A number with its noun.

    >>> plural(1, "story"), plural(2, "story")
    ('1 story', '2 stories')
    """
    many = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun if number == 1 else many}"


def show(found: Results, offset: int, screen: Screen) -> None:
    """Prints an answer for reading."""
    for line in summary(found, screen):
        print(line)
    for number, one in enumerate(found.hits, offset + 1):
        print(hit(number, one, screen), end="\n\n")
    for line in facets(found, screen):
        print(line)
    if screen.is_terminal:
        print(next_command(found, offset + 1))


def summary(found: Results, screen: Screen) -> Iterator[str]:
    """The echo, the totals and the span of time."""
    days = f"   (days in {found.timezone})" if found.timezone else ""
    yield screen.style(clean(found.echo) + days, "dim")
    line = plural(found.total, "article")
    if found.stories != found.total:
        line += f" in {plural(found.stories, 'story')}"
    if found.span:
        first, last = found.span
        line += f", {day(first)}" + (f" – {day(last)}" if last != first else "")
    yield line
    bars = spark([bucket.count for bucket in _filled(found.timeline)][-screen.width :])
    if len(bars) > 1:
        yield screen.style(bars, "bar")
    yield ""


def _filled(timeline: Sequence[Bucket]) -> Iterator[Bucket]:
    """The periods of a time line, and the empty ones between them."""
    for bucket, after in zip_longest(timeline, timeline[1:]):
        yield bucket
        while after and bucket.end + timedelta(days=1) < after.start:
            bucket = _next(bucket)
            yield bucket


def _next(bucket: Bucket) -> Bucket:
    """The empty period behind this one, as long as it: days, weeks, a month or a year."""
    start, length = bucket.end + timedelta(days=1), (bucket.end - bucket.start).days + 1
    if length > 300:
        return Bucket(start, date(start.year, 12, 31), 0)
    if length > 7:
        return Bucket(start, date(start.year, start.month, monthrange(start.year, start.month)[1]), 0)
    return Bucket(start, start + timedelta(days=length - 1), 0)


def hit(number: int, found: Hit, screen: Screen) -> str:
    """A hit: number, date, source; title; passages; copies."""
    article = found.article
    about = [article.date.value if article.date else "undated", article.source, article.agency]
    first = f"{number:>3}  " + " · ".join(clean(part) for part in about if part)
    lines = [screen.style(first, "number"), _title(found, screen)]
    for passage in found.passages:
        if passage.field != "title":
            before = "… " if passage.start else ""
            lines.append(screen.marked(before + clean(passage.marked(OPEN, CLOSE)), "     "))
    if found.matched:
        lines.append(screen.style(f"     matched in: {clean(', '.join(found.matched))}", "dim"))
    if found.copies > 1:
        lines.append(screen.style(f"     +{plural(found.copies - 1, 'copy')}", "dim"))
    return "\n".join(line for line in lines if line)


def _title(found: Hit, screen: Screen) -> str:
    marked = next((part.marked(OPEN, CLOSE) for part in found.passages if part.field == "title"), None)
    return screen.marked(clean(marked or found.article.title), "     ", "title")


def facets(found: Results, screen: Screen) -> Iterator[str]:
    """The most useful facets: those that part the articles found."""
    parting = [(name, values) for name, values in found.facets.items() if len(values) > 1]
    for name, values in parting[:SHOWN_FACETS]:
        shown = sorted(values, key=lambda value: -value.count)[:SHOWN_VALUES] if name != "year" else values[:8]
        line = " · ".join(f"{clean(value.value)} {value.count:,}" for value in shown)
        more = f" · and {len(values) - len(shown):,} more" if len(values) > len(shown) else ""
        yield f"{screen.style(f'{name:<8}', 'dim')} {line}{more}"


def next_command(found: Results, first: int) -> str:
    """What to type next: read the first hit, or see fewer."""
    for name, values in found.facets.items():
        parting = [value.value for value in values if value.count < found.total]
        if parting and name not in ("year", "source"):
            query = f'{found.echo} {name}:="{clean(parting[0])}"'
            return f"next: searcher show {first}   or: search {shlex.quote(query)}"
    return f"next: searcher show {first}"


LINES: dict[str, Callable[[Hit], str | None]] = {
    "paths": lambda found: found.article.provenance.file,
    "ids": lambda found: found.article.id,
    "urls": lambda found: found.article.url,
    "jsonl": lambda found: wire.dumps(wire.hit(found)),
}
"""One thing a line: what a hit gives for each; None gives no line."""


def row(found: Hit) -> str:
    """A hit as a line of CSV (RFC 4180), the columns of CSV.

    Titles come from pages that anyone may have written, and a spreadsheet takes a cell that begins with = + - or @
    for a formula: such a text gets an apostrophe before it. --jsonl has every text as it is.
    """
    return csv_line([_harmless(cell) for cell in _cells(found, CSV)])


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def csv_line(cells: Sequence[str]) -> str:
    """The cells as one line of CSV, without its end."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()


def exact(stream: TextIO) -> TextIO:
    """The stream, made to write the ends of lines as they are given, on every system."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(newline="")
    return stream


_SPEC = re.compile(r"(?:.?[<>^])?\d{0,3}(?:\.\d{1,3})?s?")


def template(pattern: str) -> Callable[[Hit], str]:
    """A line made of a pattern such as "{date} {source} {title}"; SearcherError for a name that no hit has."""
    for _, name, spec, conversion in _pieces(pattern):
        if name is not None and name not in NAMES:
            raise SearcherError(f"unknown name in --format: {name}", f"known: {', '.join(NAMES)}")
        if conversion or not _SPEC.fullmatch(spec or ""):
            raise SearcherError(f"unreadable --format: {pattern}", "only widths: {title:<40.40}")
    return lambda found: pattern.format_map(dict(zip(NAMES, _cells(found, NAMES), strict=True)))


def _pieces(pattern: str) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(Formatter().parse(pattern))
    except ValueError as error:
        raise SearcherError(f"unreadable --format: {pattern}", str(error)) from error


def _cells(found: Hit, names: Sequence[str]) -> list[str]:
    plain = wire.hit(found) | {"words": found.article.words}
    plain["passages"] = " … ".join(part.text for part in found.passages if part.field != "title")
    plain["date"] = plain["date"]["value"] if plain["date"] else None
    values = [plain[name] for name in names]
    return [
        "; ".join(value) if isinstance(value, list) else "" if value is None else str(value) for value in values
    ]
