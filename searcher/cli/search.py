"""The command `search`: find articles."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from searcher import wire
from searcher.archive import Archive
from searcher.cli import last, listing
from searcher.cli.terminal import Screen, ending, note
from searcher.fields import DEFAULT_FACETS
from searcher.model import Hit, Results, Search

HELP = """Find articles in an archive.

\b
  search Kerry Sochi                      both words, anywhere in title and text
  search '"frank meeting" -sanctions'     a phrase, and not this word
  search 'flood* source:bbc after:2014'   a prefix, a source, a date
  search --facet person kerry             who is named beside Kerry
  search --jsonl kerry | jq .title        for programs

The query language: `searcher fields` lists the fields; a query may have AND, OR, NOT and brackets.
Words that begin with a dash are left out of the results: search kerry -nato"""

VALUED = ("-n", "--number", "--offset", "--sort", "--facet", "--group", "--since", "--until", "--source",
          "--passages", "--format", "--syntax", "--archive", "--color")  # fmt: skip
SHORT = re.compile(r"-[lc0qh]+|-n\d*")


class Sort(StrEnum):
    """The orders of hits."""

    relevance = "relevance"
    newest = "newest"
    oldest = "oldest"
    source = "source"


class Group(StrEnum):
    """Whether copies are folded."""

    story = "story"
    none = "none"


class Syntax(StrEnum):
    """How the query is read."""

    query = "query"
    literal = "literal"


class Colour(StrEnum):
    """When to use colour."""

    auto = "auto"
    always = "always"
    never = "never"


@dataclass(frozen=True, slots=True)
class Flags:
    """What was typed. What it means depends on where it is shown: `resolved` says it."""

    query: list[str]
    number: int | None
    offset: int
    everything: bool
    sort: Sort
    facet: list[str]
    group: Group | None
    since: str | None
    until: str | None
    source: str | None
    passages: int
    paths: bool
    ids: bool
    urls: bool
    count: bool
    null: bool
    json: bool
    jsonl: bool
    csv: bool
    template: str | None
    strict: bool
    syntax: Syntax
    explain_query: bool
    archive: Path | None
    color: Colour
    quiet: bool

    def lines(self) -> Callable[[Hit], str | None] | None:
        """How a hit becomes a line for programs; None where people or --json read the whole answer."""
        if self.csv:
            return listing.row
        if self.template is not None:
            return listing.template(self.template)
        return next((listing.LINES[name] for name in listing.LINES if getattr(self, name)), None)

    def for_people(self) -> bool:
        """Whether the answer is laid out for reading."""
        return not (self.json or self.count or self.lines())

    def resolved(self, screen: Screen) -> Search:
        """The search that is meant: a terminal shows what fits, with copies folded; a pipe gets all."""
        shown = self.for_people() and screen.is_terminal
        limit = self.number if self.number is not None else 10 if self.json else screen.fits if shown else None
        return Search(
            " ".join(self.query), self.sort.value, self.offset, None if self.everything else limit,
            facets=tuple(self.facet) or (DEFAULT_FACETS if shown or self.json else ()),
            timeline="auto" if shown or self.json else None,
            group=(self.group or (Group.story if shown else Group.none)).value,
            passages=self.passages, strict=self.strict, literal=self.syntax is Syntax.literal,
            since=self.since, until=self.until, source=self.source,
        )  # fmt: skip


app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(help=HELP, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
def search(
    query: Annotated[
        list[str], typer.Argument(metavar="QUERY…", help="What to find; several words need no quotes.")
    ],
    number: Annotated[int | None, typer.Option("-n", "--number", min=0, help="How many hits.")] = None,
    offset: Annotated[int, typer.Option(min=0, help="How many hits to pass over.")] = 0,
    everything: Annotated[bool, typer.Option("--all", help="Every hit.")] = False,
    sort: Annotated[Sort, typer.Option(help="The order of hits.")] = Sort.relevance,
    facet: Annotated[list[str], typer.Option(help="Counts for this field; again and again.")] = [],  # noqa: B006
    group: Annotated[Group | None, typer.Option(help="story folds copies.")] = None,
    since: Annotated[str | None, typer.Option(help="The same as since: in the query.")] = None,
    until: Annotated[str | None, typer.Option(help="The same as until: in the query.")] = None,
    source: Annotated[str | None, typer.Option(help="The same as source: in the query.")] = None,
    passages: Annotated[int, typer.Option(min=0, help="Passages a hit.")] = 2,
    paths: Annotated[bool, typer.Option("-l", "--paths", help="Print the files only.")] = False,
    ids: Annotated[bool, typer.Option("--ids", help="Print the ids only.")] = False,
    urls: Annotated[bool, typer.Option("--urls", help="Print the addresses only.")] = False,
    count: Annotated[bool, typer.Option("-c", "--count", help="Print the number of articles only.")] = False,
    null: Annotated[bool, typer.Option("-0", "--null", help="End lines with a NUL character.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The whole answer as JSON.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="A hit a line, as JSON.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="A hit a line, as CSV.")] = False,
    template: Annotated[str | None, typer.Option("--format", help="Such as '{date} {source} {title}'.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse a query that needs a repair.")] = False,
    syntax: Annotated[Syntax, typer.Option(help="literal takes the text as plain words.")] = Syntax.query,
    explain_query: Annotated[bool, typer.Option("--explain-query", help="Print how the query is read.")] = False,
    archive: Annotated[Path | None, typer.Option(help="The folder that holds corpus/.")] = None,
    color: Annotated[Colour, typer.Option(help="When to use colour.")] = Colour.auto,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="No notes.")] = False,
) -> None:
    """Reads the flags; `answer` does the rest."""
    raise typer.Exit(answer(Flags(**locals())))


def answer(flags: Flags) -> int:
    """Prints what was asked for; the exit status is 0 if something was found, else 1."""
    screen = Screen(flags.color.value)
    asked = flags.resolved(screen)
    with Archive(flags.archive) as archive:
        if flags.explain_query:
            query = archive.parse(asked)
            _notes(query.notes, flags.quiet)
            print(query)
            return 0
        lines = flags.lines()
        found = archive.search(replace(asked, limit=0) if lines or flags.count else asked)
        _notes(found.notes, flags.quiet)
        if lines:
            _print_lines(archive.hits(asked), lines, "\0" if flags.null else "\n", flags.csv)
        else:
            _print_whole(found, flags, screen, archive)
    if not found.total:
        _say_nothing_found(found, flags)
    return 0 if found.total else 1


def _notes(notes: Iterable[str], quiet: bool) -> None:
    for line in () if quiet else notes:
        note(f"note: {line}")


def _print_lines(hits: Iterable[Hit], line: Callable[[Hit], str | None], end: str, header: bool) -> None:
    if header:
        sys.stdout.write(listing.csv_line(list(listing.CSV)) + end)
    for text in map(line, hits):
        if text is not None:
            sys.stdout.write(text + end)


def _print_whole(found: Results, flags: Flags, screen: Screen, archive: Archive) -> None:
    if flags.count:
        print(found.total)
    elif flags.json:
        print(wire.dumps(wire.results(found)))
    elif found.total:
        last.remember(archive.root, [hit.article.id for hit in found.hits])
        listing.show(found, flags.offset, screen)


def _say_nothing_found(found: Results, flags: Flags) -> None:
    if flags.quiet or flags.json:
        return
    note(f"nothing found: {found.echo}")
    for reason in found.reasons:
        note(f"  {reason}")
    for suggestion in found.suggestions:
        note(f"hint: search {shlex.quote(suggestion)}")


def arranged(arguments: list[str]) -> list[str]:
    """The arguments with flags first: what begins with a dash and is no flag is a word of the query.

    >>> arranged(["kerry", "-nato", "-n", "3"])
    ['-n', '3', '--', 'kerry', '-nato']
    """
    flags: list[str] = []
    words: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            words += waiting
        elif argument.startswith("--") or SHORT.fullmatch(argument):
            flags.append(argument)
            if argument in VALUED:
                flags += [value for value in [next(waiting, None)] if value is not None]
        else:
            words.append(argument)
    return [*flags, "--", *words] if words else flags


def main() -> None:
    """The entry point of `search`."""
    with ending("search"):
        app(args=arranged(sys.argv[1:]), prog_name="search")
