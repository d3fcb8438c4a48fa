"""The command `search`: find articles.

Flags are read by argparse: it starts in a tenth of the time that Typer needs, and a search is started often.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, NoReturn

from searcher import wire
from searcher.archive import Archive
from searcher.cli import last, listing
from searcher.cli.terminal import Screen, clean, ending, note
from searcher.errors import SearcherError
from searcher.fields import DEFAULT_FACETS
from searcher.model import Group, Hit, Match, Results, Search, Sort

HELP = """\
Find articles in an archive.

  search Kerry Sochi                      both words, anywhere in title and text
  search '"frank meeting" -sanctions'     a phrase, and not this word
  search 'flood* source:bbc after:2014'   a prefix, a source, a date
  search --facet person kerry             who is named beside Kerry
  search --jsonl kerry | jq .title        for programs"""

MORE = """\
Words that begin with a dash are left out: search kerry -nato. The query may hold AND, OR, NOT, brackets
and fields: `searcher fields` lists them. Exit status: 0 found, 1 nothing found, 2 error."""


@dataclass(frozen=True, slots=True)
class Flags:
    """What was typed. What it means depends on where it is shown: `resolved` says it."""

    query: list[str]
    number: int | None
    offset: int
    everything: bool
    sort: Sort
    match: Match
    facet: list[str]
    facet_values: int | Literal["all"] | None
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
    syntax: str
    explain_query: bool
    batch: str | None
    archive: Path | None
    color: str
    quiet: bool

    def lines(self, query: str = "") -> Callable[[Hit], str | None] | None:
        """How a hit becomes a line for programs; None where people or --json read the whole answer.

        In a batch, lines of JSON and CSV name the query.
        """
        if self.batch is not None and self.jsonl:
            return lambda hit: wire.dumps({"query": query} | wire.hit(hit))
        if self.batch is not None and self.csv:
            return lambda hit: listing.row(hit, query)
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
            " ".join(self.query), self.sort, self.offset, None if self.everything else limit,
            facets=(*self.facet, *(DEFAULT_FACETS if shown or self.json else ())),
            facet_limit=self._facet_limit(),
            timeline="auto" if shown or self.json else None,
            group=self.group or ("copy" if shown else "none"),
            passages=self.passages, strict=self.strict, literal=self.syntax == "literal",
            match=self.match,
            since=self.since, until=self.until, source=self.source,
        )  # fmt: skip

    def _facet_limit(self) -> int | None:
        if self.facet_values is None:
            return 100 if self.json else 10
        return None if self.facet_values == "all" else self.facet_values


def _limit(typed: str) -> int | Literal["all"]:
    return "all" if typed == "all" else _natural(typed)


def _natural(typed: str) -> int:
    if not (typed.isdecimal() and len(typed) < 10):
        raise argparse.ArgumentTypeError(f"not a whole number: {typed}")
    return int(typed)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        unknown = message.rpartition(" ")[2]
        near = get_close_matches(unknown, self._option_string_actions, 1) if unknown.startswith("--") else []
        raise SearcherError(message, f"did you mean {near[0]}?" if near else "`search --help` lists the flags")


def parser() -> argparse.ArgumentParser:
    """The flags of `search`, one line each."""
    made = _Parser(
        "search", description=HELP, epilog=MORE, allow_abbrev=False, usage="search [FLAGS] QUERY…",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add = made.add_argument
    add("query", nargs="*", metavar="QUERY", help="what to find; several words need no quotes of their own")
    add("-n", "--number", type=_natural, metavar="N", help="how many hits (a terminal: what fits; a pipe: all)")
    add("--offset", type=_natural, default=0, metavar="N", help="how many hits to pass over")
    add("--all", dest="everything", action="store_true", help="every hit")
    add(
        "--sort", choices=["relevance", "newest", "oldest", "source"], default="relevance", help="the order of hits"
    )
    add("--match", choices=["all", "any"], default="all", help="any finds articles with any of the words")
    add("--facet", action="append", default=[], metavar="FIELD", help="counts for this field; again and again")
    add("--facet-values", type=_limit, metavar="N", help="how many values of a facet (10; 100 for --json), or all")
    add(
        "--group",
        choices=["copy", "story", "none"],
        help="one hit for each text (a terminal), or each story",
    )
    add("--since", metavar="DATE", help="the same as since: in the query")
    add("--until", metavar="DATE", help="the same as until: in the query")
    add("--source", metavar="NAME", help="the same as source: in the query")
    add("--passages", type=_natural, default=2, metavar="N", help="passages a hit")
    add("-l", "--paths", action="store_true", help="print the files only, one a line")
    add("--ids", action="store_true", help="print the ids only")
    add("--urls", action="store_true", help="print the addresses only")
    add("-c", "--count", action="store_true", help="print the number of articles only")
    add("-0", "--null", action="store_true", help="end lines with a NUL character")
    add("--json", action="store_true", help="the whole answer as JSON")
    add("--jsonl", action="store_true", help="a hit a line, as JSON")
    add("--csv", action="store_true", help="a hit a line, as CSV")
    add("--format", dest="template", metavar="PATTERN", help="a hit a line, such as '{date} {source} {title}'")
    add("--strict", action="store_true", help="refuse a query that needs a repair")
    add("--syntax", choices=["query", "literal"], default="query", help="literal takes the text as plain words")
    add("--explain-query", action="store_true", help="print how the query is read, and search for nothing")
    add("--batch", metavar="FILE", help="many queries, one a line; - reads standard input")
    add("--archive", type=Path, metavar="DIR", help="the folder that holds corpus/")
    add("--color", choices=["auto", "always", "never"], default="auto", help="when to use colour")
    add("-q", "--quiet", action="store_true", help="no notes")
    add("--help-query", action="store_true", help="what a query may hold, on one page")
    return made


def answer(flags: Flags) -> int:
    """Prints what was asked for; the exit status is 0 if something was found, else 1."""
    screen = Screen(flags.color)
    asked = flags.resolved(screen)
    with Archive(flags.archive) as archive:
        if flags.batch is None:
            return 0 if _answer(archive, flags, screen, asked) else 1
        from searcher.cli import batch

        if flags.csv:
            header = listing.csv_line(["query", *listing.CSV])
            listing.exact(sys.stdout).write(header + ("\0" if flags.null else listing.CSV_END))
        return batch.run(flags.batch, lambda query: _answer(archive, flags, screen, replace(asked, query=query)))


def _answer(archive: Archive, flags: Flags, screen: Screen, asked: Search) -> bool:
    """Prints the answer to one query, and says whether something was found."""
    if flags.explain_query:
        query = archive.parse(asked)
        _notes(query.notes, flags.quiet)
        print(query)
        return True
    lines = flags.lines(asked.query)
    found = archive.search(replace(asked, limit=0) if lines or flags.count else asked)
    _notes(found.notes, flags.quiet)
    if lines:
        end = "\0" if flags.null else listing.CSV_END if flags.csv else "\n"
        _print_lines(archive.hits(asked), lines, end, flags.csv and flags.batch is None)
    else:
        _print_whole(found, flags, screen, archive)
    if not found.total and (flags.batch is None or flags.for_people()):
        _say_nothing_found(found, flags)
    if flags.batch is not None and not (flags.json or flags.jsonl or flags.csv or flags.count):
        sys.stdout.write("\0" if flags.null else "\n")
    return bool(found.total)


def _notes(notes: Iterable[str], quiet: bool) -> None:
    for line in () if quiet else notes:
        note(f"note: {line}")


def _print_lines(hits: Iterable[Hit], line: Callable[[Hit], str | None], end: str, header: bool) -> None:
    if header:
        listing.exact(sys.stdout).write(listing.csv_line(listing.CSV) + end)
    for text in map(line, hits):
        if text is not None:
            sys.stdout.write(text + end)


def _print_whole(found: Results, flags: Flags, screen: Screen, archive: Archive) -> None:
    if flags.count:
        print(found.total if flags.batch is None else f"{found.total}\t{found.query}")
    elif flags.json:
        print(wire.dumps(wire.results(found)))
    elif found.total or flags.batch is not None:
        if flags.batch is not None:
            print(screen.style(f"==> {clean(found.query)} <==", "title"))
        last.remember(archive.root, [hit.article.id for hit in found.hits], flags.offset)
        listing.show(found, flags.offset, screen, archive, flags.facet)


def _say_nothing_found(found: Results, flags: Flags) -> None:
    if not (flags.quiet or flags.json):
        listing.nothing_found(found, "search")


_COMBINED = re.compile(r"-[lc0q]{2,4}")


def arranged(arguments: list[str], known: argparse.ArgumentParser) -> list[str]:
    """The arguments with flags first: what begins with one dash and is no flag is a word of the query.

    >>> arranged(["kerry", "-nato", "-n", "3"], parser())
    ['-n', '3', '--', 'kerry', '-nato']
    """
    options = {name: option for option in known._actions for name in option.option_strings}
    flags: list[str] = []
    words: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        option = options.get(argument)
        if argument == "--":
            words += waiting
        elif option is None and _COMBINED.fullmatch(argument):
            flags += [f"-{letter}" for letter in argument[1:]]
        elif option is None and not argument.startswith("--"):
            (flags if argument[:2] == "-n" and argument[2:].isdigit() else words).append(argument)
        else:
            flags.append(argument)
            if option is not None and option.nargs is None:
                flags += [value for value in [next(waiting, None)] if value is not None]
    return [*flags, "--", *words] if words else flags


def main() -> None:
    """The entry point of `search`."""
    known = parser()
    if sys.argv[1:2] == ["--complete"]:
        from searcher.cli import completion

        completion.answer(sys.argv[2:], known)
        return
    with ending("search"):
        flags = known.parse_args(arranged(sys.argv[1:], known))
        if flags.help_query:
            from searcher.cli.helping import query_page

            print(query_page())
        elif flags.query and flags.batch is not None:
            raise SearcherError(
                f"a query beside --batch: {' '.join(flags.query)}", "put it into the batch, a line each"
            )
        elif not flags.query and flags.batch is None:
            known.print_help()
        else:
            sys.exit(answer(Flags(**{item.name: getattr(flags, item.name) for item in fields(Flags)})))
