"""What is taken out of an archive? All that a search finds as a file, and references to articles."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from searcher import wire
from searcher.archive import Archive
from searcher.cli import last, listing
from searcher.cli.arguments import Folder, Quiet
from searcher.cli.terminal import Progress, note
from searcher.errors import SearcherError
from searcher.files import replacing
from searcher.model import Hit, Results, Search


class Order(StrEnum):
    """The orders of hits."""

    relevance = "relevance"
    newest = "newest"
    oldest = "oldest"
    source = "source"


class Group(StrEnum):
    """Whether the copies of a text, or the articles of a story, are one hit."""

    copy = "copy"
    story = "story"
    none = "none"


class Form(StrEnum):
    """The formats of references."""

    markdown = "markdown"
    bibtex = "bibtex"
    ris = "ris"
    csl = "csl"


def export(
    query: Annotated[list[str], typer.Argument(metavar="QUERY…", help="As for `search`; -- ends flags.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file; it is replaced when all is written.")
    ] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="A hit a line, as JSON: the default.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="A hit a line, as CSV: the default for FILE.csv.")] = False,
    whole: Annotated[bool, typer.Option("--whole", help="The articles, as `searcher show --json`.")] = False,
    sort: Annotated[Order, typer.Option(help="The order.")] = Order.relevance,
    group: Annotated[Group, typer.Option(help="One hit for each text, or for each story.")] = Group.none,
    since: Annotated[str | None, typer.Option(help="The same as since: in the query.")] = None,
    until: Annotated[str | None, typer.Option(help="The same as until: in the query.")] = None,
    source: Annotated[str | None, typer.Option(help="The same as source: in the query.")] = None,
    archive: Folder = None,
    quiet: Quiet = False,
) -> None:
    """Write everything that a search finds to a file, as `search --jsonl` and `--csv` print it."""
    as_csv = csv or (not jsonl and output is not None and output.suffix.lower() == ".csv")
    if (csv and jsonl) or (whole and as_csv):
        raise SearcherError("flags that exclude each other", "one of --jsonl and --csv; --whole goes with --jsonl")
    asked = Search(
        " ".join(query), sort.value, limit=None, group=group.value, passages=0 if whole else 2,
        since=since, until=until, source=source,
    )  # fmt: skip
    form = listing.row if as_csv else _whole if whole else listing.LINES["jsonl"]
    with Archive(archive) as opened:
        found = opened.search(replace(asked, limit=0))
        for line in () if quiet else found.notes:
            note(f"note: {line}")
        with _stream(output) as stream:
            if as_csv:
                stream.write(listing.csv_line(listing.CSV) + listing.CSV_END)
            _write(stream, _counted(opened.hits(asked), found, asked, quiet), form, as_csv)
    if not found.total:
        note(f"nothing found: {found.echo}")
    raise typer.Exit(0 if found.total else 1)


def _whole(found: Hit) -> str:
    return wire.dumps(wire.article(found.article))


def _stream(output: Path | None) -> AbstractContextManager[TextIO]:
    return replacing(output) if output and output != Path("-") else nullcontext(listing.exact(sys.stdout))


def _write(stream: TextIO, hits: Iterable[Hit], form: Callable[[Hit], str | None], as_csv: bool) -> None:
    end = listing.CSV_END if as_csv else "\n"
    for hit in hits:
        stream.write(f"{form(hit)}{end}")


def _counted(hits: Iterable[Hit], found: Results, asked: Search, quiet: bool) -> Iterator[Hit]:
    """The hits, while a terminal is told how many there have been."""
    progress = Progress(quiet, "articles")
    total = {"copy": found.texts, "story": found.stories, "none": found.total}[asked.group]
    try:
        for done, hit in enumerate(hits, 1):
            yield hit
            progress(done, total)
    finally:
        progress.end()


def cite(
    ids: Annotated[
        list[str], typer.Argument(metavar="ID…", help="Ids, their beginnings, numbers of hits; - reads them.")
    ],
    form: Annotated[Form, typer.Option("--as", help="The format.")] = Form.markdown,
    archive: Folder = None,
) -> None:
    """Print references to articles, for a text or for a program that keeps references."""
    from searcher import citing
    from searcher.citing.formats import FORMATS

    with Archive(archive) as opened:
        articles = (opened.article(last.meant(opened.root, typed)) for typed in _typed(ids))
        references = {article.id: citing.reference(article) for article in articles}  # all of them, or an error
    stream = listing.exact(sys.stdout)
    for piece in FORMATS[form.value](references.values()):
        stream.write(piece)
    if not references:
        note("no ids were given")
    raise typer.Exit(0 if references else 1)


def _typed(ids: Iterable[str]) -> Iterator[str]:
    """What was typed; "-" stands for the lines of standard input."""
    for typed in ids:
        yield from filter(None, (line.strip() for line in sys.stdin)) if typed == "-" else (typed,)
