"""What do the commands that Typer reads have in common? Options, and which arguments are a query's words. `search`
has its own parser."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand


class Color(StrEnum):
    """When --color wants colour."""

    auto = "auto"
    always = "always"
    never = "never"


Folder = Annotated[Path | None, typer.Option("--archive", help="The folder that holds corpus/.")]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="No progress and no notes.")]
NoNotes = Annotated[bool, typer.Option("-q", "--quiet", help="No notes.")]
Colored = Annotated[Color, typer.Option(help="When to use colour.")]


class WithQuery(TyperCommand):
    """A command whose arguments are a query: -nato is a word of it, and flags may stand anywhere before a --."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        options = [option for option in self.get_params(ctx) if option.param_type_name == "option"]
        takes = {name: not getattr(option, "is_flag", False) for option in options for name in option.opts}
        return super().parse_args(ctx, arranged(args, takes))


def arranged(arguments: list[str], takes: Mapping[str, bool]) -> list[str]:
    """The arguments with flags first; `takes` says of each flag whether a value follows it.

    What begins with one dash and is no flag is a word of the query; what begins with two is a flag, known or not.

    >>> arranged(["kerry", "-nato", "--by", "year"], {"--by": True})
    ['--by', 'year', '--', 'kerry', '-nato']
    """
    flags: list[str] = []
    words: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            words += waiting
        elif argument in takes:
            flags += [argument, *([next(waiting, "")] if takes[argument] else [])]
        else:
            (flags if argument.startswith("--") else words).append(argument)
    return [*flags, "--", *words]
