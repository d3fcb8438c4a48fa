"""Who and what is in the articles found? The command `searcher entities`: a list for each kind, CSV or JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from searcher import wire
from searcher.archive import Archive
from searcher.cli.arguments import Color, Colored, Folder, Json, NoNotes
from searcher.cli.listing import CSV_END, csv_line, echo, exact, harmless, nothing_found, plural, quoted, totals
from searcher.cli.terminal import Screen, clean, note, wrap

if TYPE_CHECKING:
    from searcher.mentioned import Entity, Mentioned, Pair

CSV = ("kind", "name", "count", "of", "share", "times", "g2", "aliases")

NOUNS = {"person": ("person", "persons"), "place": ("place", "places"), "org": ("organisation", "organisations")}


class Kind(StrEnum):
    """The kinds that --kind may name."""

    person = "person"
    place = "place"
    org = "org"


class By(StrEnum):
    """The orders that --by may name."""

    typical = "typical"
    frequent = "frequent"


def entities(
    query: Annotated[list[str] | None, typer.Argument(metavar="QUERY…", help="As in `search`; else all.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Of one kind only.")] = None,
    number: Annotated[int, typer.Option("-n", min=1, help="How many of each kind.")] = 10,
    by: Annotated[By | None, typer.Option(help="Which come first; typical ones, if there is a query.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="A name a line, as CSV.")] = False,
    archive: Folder = None,
    json: Json = False,
    color: Colored = Color.auto,
    quiet: NoNotes = False,
) -> None:
    """List who and what is in the articles found, how they are written there, and who appears with whom.

    here: how many of the articles have the name; of all: which share of the archive's articles with the name that
    is; times: how many times as often it stands here as in the archive, where that is no chance.
    Exit status: 0 found, 1 nothing found, 2 error.
    """
    with Archive(archive) as opened:
        answer = opened.entities(
            " ".join(query or []) or "*",
            kind=kind.value if kind else None,
            limit=number,
            by=by.value if by else None,
        )
        if not quiet:
            _show_notes(answer, reasons=not json)
        if json:
            print(wire.dumps(wire.entities(answer)))
        elif csv:
            _print_table(answer)
        elif answer.entities:
            _show(answer, Screen(color.value), opened)
    raise typer.Exit(0 if answer.entities else 1)


def _show_notes(answer: Mentioned, reasons: bool) -> None:
    for line in answer.found.notes:
        note(f"note: {line}")
    if not answer.found.total and reasons:
        nothing_found(answer.found, "searcher entities")
    elif not answer.entities and reasons:
        note(f"no {' and no '.join(answer.names)} in {plural(answer.found.total, 'article')}")


def _show(answer: Mentioned, screen: Screen, archive: Archive) -> None:
    for line in lines(answer, screen):
        print(line)
    if screen.is_terminal and (following := _next_command(answer, archive)):
        print(following)


def lines(answer: Mentioned, screen: Screen) -> Iterator[str]:
    """The echo, the totals, the names of each kind, the pairs, and where the ways to write them are from."""
    found = answer.found
    yield from (screen.style(text, "dim") for text in wrap(echo(found), screen.width))
    yield from wrap(totals(found), screen.width)
    for kind, some in groupby(answer.entities, lambda one: one.kind):
        yield ""
        yield from _listed(list(some), answer.names[kind], answer, screen)
    if answer.pairs:
        yield ""
        yield from _together(answer.pairs, screen)
    if any(one.aliases for one in answer.entities):
        yield ""
        of = f" in {answer.read:,} of the articles" if answer.read < found.total else ""
        told = f"in brackets: how names are written{of}"
        yield from (screen.style(text, "dim") for text in wrap(told, screen.width))


def _listed(some: Sequence[Entity], number: int, answer: Mentioned, screen: Screen) -> Iterator[str]:
    """The names of one kind, a number each; with a query, also what tells them from the rest of the archive."""
    heads = ["here"]
    rows = [[f"{one.count:,}"] for one in some]
    if answer.found.total < answer.archive:
        heads += ["of all", "times"]
        for row, one in zip(rows, some, strict=True):
            row += [f"{_percent(one.share)}", _times(one)]
    one_of, many = NOUNS[some[0].kind]
    what = f"{number:,} {one_of if number == 1 else many}" + (
        f", {len(some):,} shown" if len(some) < number else ""
    )
    yield from table(heads, what, rows, [_name(one) for one in some], screen)


def _percent(share: float) -> str:
    """A share in per cent, in words where rounding would make something nothing, or nearly all all.

    >>> [_percent(share) for share in (0.001, 0.254, 0.999, 1)]
    ['<1%', '25%', '>99%', '100%']
    """
    return "<1%" if share < 0.01 else ">99%" if 0.99 < share < 1 else f"{share:.0%}"


def _times(one: Entity) -> str:
    """How many times as often as in the archive, if that is no chance."""
    if not one.typical:
        return ""
    return f"{one.times:.1f}×" if one.times < 10 else f"{one.times:,.0f}×"


def _name(one: Entity) -> tuple[str, str]:
    aliases = " · ".join(clean(alias.value) for alias in one.aliases)
    return clean(one.name), f" ({aliases})" if aliases else ""


def _together(pairs: Sequence[Pair], screen: Screen) -> Iterator[str]:
    rows = [[f"{pair.count:,}", f"{pair.expected:,.1f}"] for pair in pairs[: screen.fits]]
    shown = [(f"{clean(pair.one.name)} + {clean(pair.other.name)}", "") for pair in pairs[: screen.fits]]
    what = "together" + (f", {len(shown):,} of {len(pairs):,} shown" if len(shown) < len(pairs) else "")
    yield from table(["here", "chance"], what, rows, shown, screen)


def table(
    heads: Sequence[str], what: str, rows: Sequence[Sequence[str]], names: Sequence[tuple[str, str]], screen: Screen
) -> Iterator[str]:
    """Columns of numbers, and behind them names with what is said of each, wrapped to the screen."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    room = screen.width - sum(widths) - 2 * len(widths)
    for cells, (name, about) in zip((heads, *rows), (("", what), *names), strict=True):
        first, *more = list(wrap(name + about, room)) or [""]
        whole = screen.style(name, "title") + screen.style(about, "dim")
        numbers = "".join(f"{cell:>{width}}  " for cell, width in zip(cells, widths, strict=True))
        yield (screen.style(numbers, "dim") if cells is heads else numbers) + (first if more else whole)
        yield from (" " * (screen.width - room) + line for line in more)


def _next_command(answer: Mentioned, archive: Archive) -> str | None:
    """What to type next: the articles of the first name that not all have."""
    for one in answer.entities:
        query = archive.choose(answer.found.echo, one.kind, one.name) if one.count < answer.found.total else None
        if query and clean(query) == query:
            return f"next: search {quoted(query)}"
    return None


def _print_table(answer: Mentioned) -> None:
    stream = exact(sys.stdout)
    for row in rows(answer):
        stream.write(row + CSV_END)


def rows(answer: Mentioned) -> Iterator[str]:
    """The names as lines of CSV."""
    yield csv_line(CSV)
    for one in answer.entities:
        aliases = "; ".join(alias.value for alias in one.aliases)
        numbers = (one.count, one.of, f"{one.share:.6f}", f"{one.times:.3f}", f"{one.g2:.2f}")
        yield csv_line([harmless(cell) for cell in (one.kind, one.name, *map(str, numbers), aliases)])
