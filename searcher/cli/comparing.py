"""On which pages do our cleaning and trafilatura disagree, and on which blocks of them?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from searcher import wire
from searcher.archive import find_root
from searcher.cli.arguments import Folder, Json
from searcher.cli.listing import plural
from searcher.cli.terminal import Screen, clean, note
from searcher.errors import ArchiveError

if TYPE_CHECKING:
    from searcher import comparing

SHOWN = 20
"""How many pages are listed if nobody says."""


def compare(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH…", help="Files and folders; else the whole archive.")
    ] = None,
    number: Annotated[int, typer.Option("-n", min=1, help="How many pages to list.")] = SHOWN,
    every: Annotated[bool, typer.Option("--all", help="List all that differ.")] = False,
    blocks: Annotated[bool, typer.Option("--blocks", help="The blocks on which they differ, too.")] = False,
    archive: Folder = None,
    json: Json = False,
) -> None:
    """List the web pages on which our cleaning and trafilatura disagree most; of one page, the blocks.

    F1 is 1.00 where both keep the same words. Blocks: + only we keep it, - only trafilatura does.
    """
    from searcher import comparing, settings

    try:
        root = find_root(archive)
    except ArchiveError:
        if archive is not None or not paths:
            raise
        root = None
    known = settings.load(root) if root else settings.Settings()
    done = comparing.compare(paths or [], known, root, None if every else number)
    if json:
        print(wire.dumps({"schema_version": wire.SCHEMA_VERSION, **asdict(done)}))
    else:
        _show(done, Screen(), blocks or done.pages == 1)


def _show(done: comparing.Comparison, screen: Screen, blocks: bool) -> None:
    if done.rows:
        print(screen.style("  F1  only ours  only trafilatura  page", "dim"))
    for row in done.rows:
        where = f"{row.file}!{row.member}" if row.member else row.file
        title = f"  {clean(row.title)}" if row.title else ""
        print(
            f"{row.f1:.2f}  {row.only_ours:>9,}  {row.only_theirs:>16,}  {clean(where)}"
            + screen.style(title, "title")
        )
        for block in row.differing if blocks else ():
            sign = "+" if block.kept_by == "ours" else "-"
            print(screen.marked(f"{sign} [{block.reason}] {clean(block.text)}", "      "))
    told = f"{plural(done.pages, 'page')} compared, {done.same:,} with the same words, F1 {done.f1:.3f} on average"
    note(told + (f"; {done.passed:,} that are no web pages" if done.passed else ""))
    if done.rows and not blocks:
        note("hint: `searcher compare FILE` shows the blocks on which they differ")
