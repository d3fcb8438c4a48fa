"""The command `searcher like`: more articles like one, and what makes each so."""

from __future__ import annotations

from typing import Annotated

import typer

from searcher import wire
from searcher.archive import Archive
from searcher.cli import last, listing
from searcher.cli.arguments import Color, Colored, Folder, Json, NoNotes
from searcher.cli.terminal import Screen, note

SHOWN = 10
"""How many are listed where nobody says, and no terminal has another height."""


def like(
    words: Annotated[
        list[str], typer.Argument(metavar="ID [QUERY…]", help="An id, its beginning, or the number of a hit.")
    ],
    number: Annotated[int | None, typer.Option("-n", min=1, help="How many to list.")] = None,
    archive: Folder = None,
    json: Json = False,
    color: Colored = Color.auto,
    quiet: NoNotes = False,
) -> None:
    """List articles like one: with several of the names and rare words that tell most of it; near in time first.

    A query behind the id narrows them. Exit status: 0 found, 1 nothing found, 2 error.
    """
    screen = Screen(color.value)
    identity, *query = words
    with Archive(archive) as opened:
        found = opened.like(
            last.meant(opened.root, identity), " ".join(query),
            limit=number or (screen.fits if screen.is_terminal and not json else SHOWN),
            group="story" if screen.is_terminal and not json else "none",
        )  # fmt: skip
        for line in () if quiet else found.notes:
            note(f"note: {line}")
        if json:
            print(wire.dumps(wire.results(found)))
        elif found.total:
            last.remember(opened.root, [hit.article.id for hit in found.hits])
            listing.show(found, 0, screen, opened)
        elif not quiet:
            listing.nothing_found(found, "search")
    raise typer.Exit(0 if found.total else 1)
