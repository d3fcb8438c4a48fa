"""How is a time line asked for? The command `searcher timeline`: bars, a table, a picture or JSON."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from searcher import wire
from searcher.archive import Archive
from searcher.cli import listing, picture
from searcher.cli import timeline as layout
from searcher.cli.arguments import Color, Colored, Folder, Json, NoNotes
from searcher.cli.terminal import Screen, note
from searcher.model import Results


class Period(StrEnum):
    """The periods that --by may name."""

    year = "year"
    month = "month"
    week = "week"
    day = "day"


def timeline(
    query: Annotated[list[str], typer.Argument(metavar="QUERY…", help="What to find, as in `search`.")],
    by: Annotated[Period | None, typer.Option(help="The period of a bar; by default one that fits.")] = None,
    share: Annotated[bool, typer.Option("--share", help="The share of all articles of the period.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="A period a line, as CSV.")] = False,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw a picture; - is standard output.")] = None,
    archive: Folder = None,
    json: Json = False,
    color: Colored = Color.auto,
    quiet: NoNotes = False,
) -> None:
    """Draw how many articles are found over time. Exit status: 0 found, 1 nothing found, 2 error."""
    with Archive(archive) as opened:
        found = opened.search(" ".join(query), limit=0, timeline=by.value if by else "auto")
        if not quiet:
            layout.show_notes(found, reasons=not json)
        if svg and found.total:
            _draw(svg, found, share, quiet)
        if json:
            print(wire.dumps(wire.timeline(found)))
        elif csv:
            _print_table(found, quiet)
        elif found.total and not svg:
            layout.show(found, share, Screen(color.value), opened)
    raise typer.Exit(0 if found.total else 1)


def _draw(path: Path, found: Results, share: bool, quiet: bool) -> None:
    picture.write(path, found, share)
    if not quiet and str(path) != "-":
        note(f"written: {path}")


def _print_table(found: Results, quiet: bool) -> None:
    stream = listing.exact(sys.stdout)
    for row in layout.table(found.timeline):
        stream.write(row + listing.CSV_END)
    left = layout.left_out(found.timeline)
    if left and not quiet:
        note(f"note: {left}")
