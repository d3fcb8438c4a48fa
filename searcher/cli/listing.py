"""How does an answer look? Hits with their passages, facets and time for people; a line each for programs."""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from string import Formatter
from typing import TextIO

from searcher import fields, wire
from searcher.archive import Archive
from searcher.cli.terminal import CLOSE, OPEN, Screen, clean, columns, note, spark, wrap
from searcher.errors import SearcherError
from searcher.model import Alike, Count, Hit, Results
from searcher.query import edits

SHOWN_FACETS = 3
SHOWN_VALUES = {"year": 8}
"""How many values of a facet are shown that nobody asked for, where it is not four."""

CSV = (
    "id", "date", "source", "agency", "title", "authors", "language", "url", "path", "story", "copies",
    "section", "people", "places", "orgs", "words", "passages", "copy", "in_story",
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


def show(found: Results, offset: int, screen: Screen, archive: Archive, asked: Sequence[str] = ()) -> None:
    """Prints an answer for reading, with the facets that were `asked` for, or else the most useful ones."""
    for line in summary(found, screen):
        print(line)
    for number, one in enumerate(found.hits, offset + 1):
        print(hit(number, one, screen), end="\n\n")
    for line in facets(found, screen, asked):
        print(line)
    if screen.is_terminal:
        print(next_command(found, offset + 1, archive))


def summary(found: Results, screen: Screen) -> Iterator[str]:
    """The echo, the totals, the span of time and a spark line."""
    yield screen.style(echo(found), "dim")
    yield totals(found)
    bars = spark([bucket.count for bucket in found.timeline][-screen.width :])
    if len(bars) > 1:
        yield screen.style(bars, "bar")
    yield ""


def echo(found: Results) -> str:
    """The query as it was read, and where the days of its dates are days."""
    return clean(found.echo) + (f"   (days in {found.timezone})" if found.timezone else "")


def nothing_found(found: Results, command: str) -> None:
    """Says on standard error that nothing was found, why, and which queries of the command find something."""
    note(f"nothing found: {clean(found.echo)}")
    for reason in found.reasons:
        note(f"  {clean(reason)}")
    for suggestion in found.suggestions:
        note(f"hint: {command} {quoted(clean(suggestion))}")


def totals(found: Results) -> str:
    """How many articles, texts and stories, from when to when."""
    line = grouped(found.total, found.texts, found.stories)
    if found.span:
        first, last = found.span
        line += f", {day(first)}" + (f" – {day(last)}" if last != first else "")
    return line


def grouped(articles: int, texts: int, stories: int) -> str:
    """How many articles there are, and how many texts and stories, as far as these differ.

    >>> grouped(14, 14, 14), grouped(14, 3, 3), grouped(14, 9, 3)
    ('14 articles', '14 articles in 3 stories', '14 articles, 9 texts, 3 stories')
    """
    line = plural(articles, "article")
    if texts not in (articles, stories):
        return f"{line}, {plural(texts, 'text')}, {plural(stories, 'story')}"
    return line if stories == articles else f"{line} in {plural(stories, 'story')}"


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
    if found.matched and not found.alike:
        lines.append(screen.style(f"     matched in: {clean(', '.join(found.matched))}", "dim"))
    lines += [screen.marked(f"alike: {clean(said)}", "     ", "dim") for said in map(alike, found.alike)]
    more = " · ".join(_more(found))
    if more:
        lines.append(screen.style(f"     {more}", "dim"))
    return "\n".join(line for line in lines if line)


def _more(found: Hit) -> Iterator[str]:
    """What else was found of the text, and of the story."""
    if found.copies > 1:
        yield f"+{plural(found.copies - 1, 'copy')}"
    if found.in_story > found.copies:
        yield f"{found.in_story - found.copies:,} more on this story"


def alike(found: Alike) -> str:
    """What makes an article like another: names, words, time.

    >>> alike(Alike("4ksz5d2ehp6ua", ("John Kerry", "Sochi"), ("envoy", "truce"), -3))
    'John Kerry, Sochi; envoy, truce; 3 days earlier'
    """
    return "; ".join(filter(None, [", ".join(found.names), ", ".join(found.words), apart(found.days)]))


def apart(days: int | None) -> str:
    """How far apart two dates are; nothing where that is not known."""
    if not days:
        return "" if days is None else "the same day"
    return f"{abs(days):,} {'day' if abs(days) == 1 else 'days'} {'later' if days > 0 else 'earlier'}"


def _title(found: Hit, screen: Screen) -> str:
    marked = next((part.marked(OPEN, CLOSE) for part in found.passages if part.field == "title"), None)
    return screen.marked(clean(marked or found.article.title), "     ", "title")


def facets(found: Results, screen: Screen, asked: Sequence[str] = ()) -> Iterator[str]:
    """The facets that were asked for; else the most useful ones in short: those that part the articles found."""
    parting = [name for name, values in found.facets.items() if len(values) > 1][:SHOWN_FACETS]
    for name in dict.fromkeys(field.name for field in map(fields.find, asked) if field) or parting:
        first, *more = facet(name, found, screen.width - 9, None if asked else SHOWN_VALUES.get(name, 4))
        yield f"{screen.style(f'{name:<8}', 'dim')} {first}"
        yield from (" " * 9 + line for line in more)


def facet(name: str, found: Results, width: int, most: int | None = None) -> Iterator[str]:
    """The values of a facet with their counts, in lines of a width; of those that it holds, the `most` frequent."""
    values = found.facets[name]
    frequent = set(sorted(values, key=lambda value: -value.count)[:most])
    parts = list(counted(value for value in values if value in frequent))
    total = found.facet_totals[name]
    if len(parts) < total:
        parts.append(f"and {total - len(parts):,} more" if parts else f"{total:,} in all")
    return packed(parts or ["none"], width)


def counted(values: Iterable[Count]) -> Iterator[str]:
    """Each value with its articles, and, where they are fewer, its stories, which are named as such once.

    >>> list(counted([Count("BBC", 12, 5), Count("ITN", 7, 7), Count("AP", 4, 2)]))
    ['BBC 12 in 5 stories', 'ITN 7', 'AP 4 in 2']
    """
    named = False
    for value in values:
        line = f"{clean(value.value)} {value.count:,}"
        if value.stories != value.count:
            line += f" in {value.stories:,}" if named else f" in {plural(value.stories, 'story')}"
            named = True
        yield line


def packed(parts: Sequence[str], width: int) -> Iterator[str]:
    """The parts side by side, in lines of at most `width` columns; one that is wider is broken.

    >>> list(packed(["BBC 12", "Harbour Courier 3", "and 2 more"], 26))
    ['BBC 12 · Harbour Courier 3', 'and 2 more']
    """
    line = ""
    for part in parts:
        longer = f"{line} · {part}" if line else part
        if line and sum(map(columns, longer)) > width:
            yield from wrap(line, width)
            longer = part
        line = longer
    yield from wrap(line, width)


def next_command(found: Results, first: int, archive: Archive) -> str:
    """What to type next: read the first hit, or see fewer."""
    query = _narrower(found, archive)
    return f"next: searcher show {first}" + (f"   or: search {quoted(query)}" if query else "")


def _narrower(found: Results, archive: Archive) -> str | None:
    """A query that finds some of the articles found, by the most frequent value that parts them."""
    tree = archive.parse(found.echo).tree
    open_ones = [name for name in found.facets if edits.without(tree, name) == tree]
    for name in sorted(open_ones, key=lambda name: name in ("source", *fields.PERIODS)):
        for value in sorted(found.facets[name], key=lambda value: -value.count):
            query = archive.choose(found.echo, name, value.value) if value.count < found.total else None
            if query and clean(query) == query:
                return query
    return None


def quoted(query: str) -> str:
    """A query as it is typed behind a command, in a shell.

    >>> print(quoted('-sochi "frank meeting"'))
    -- '-sochi "frank meeting"'
    """
    return ("-- " if query.startswith("-") else "") + shlex.quote(query)


LINES: dict[str, Callable[[Hit], str | None]] = {
    "paths": lambda found: found.article.provenance.file,
    "ids": lambda found: found.article.id,
    "urls": lambda found: found.article.url,
    "jsonl": lambda found: wire.dumps(wire.hit(found)),
}
"""One thing a line: what a hit gives for each; None gives no line."""


def row(found: Hit, *before: str) -> str:
    """A hit as a line of CSV (RFC 4180), the columns of CSV behind these cells.

    Titles come from pages that anyone may have written, and a spreadsheet takes a cell that begins with = + - or @
    for a formula: such a text gets an apostrophe before it. --jsonl has every text as it is.
    """
    return csv_line([harmless(cell) for cell in (*before, *_cells(found, CSV))])


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
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
