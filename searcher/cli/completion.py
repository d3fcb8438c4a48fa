"""What does a shell offer behind what was typed? `search --complete SHELL …`: quick, and silent whatever is wrong.

The scripts in data/ hand over the line; here it is cut into words as the shell would, completed, and quoted as the
place needs it: nowhere, inside '…' or inside "…". A line each; one that ends in a space is whole.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

from searcher import tables
from searcher.archive import Archive
from searcher.fields import FACETS

MOST = 60
"""How many completions are offered at the most."""

_SPECIAL = frozenset(" \t\n\"'\\`$&|;()<>*?[]{}#~!^")
_IN_DOUBLE = frozenset('"\\`$')
_ENDS = frozenset("|;&\n")
_OPEN = (":", "/")
"""Ends of what is not whole: something follows without a space."""


def script(shell: str) -> str:
    """What the shell must run to know the completions."""
    return tables.read("searcher.cli", f"completion.{shell}")


def answer(arguments: Sequence[str], known: argparse.ArgumentParser) -> None:
    """Prints the completions for what the script of a shell has handed over."""
    try:
        for line in _lines(arguments, known):
            print(line)
        sys.stdout.flush()
    except Exception:  # whatever it is must not disturb the line that is being typed
        return


def _lines(arguments: Sequence[str], known: argparse.ArgumentParser) -> Iterable[str]:
    shell, *rest = arguments
    if shell == "bash":
        breaks, line = rest
        typed = cut(line, breaks)
        return typed.replies(ways(typed.words, known))
    *before, last = rest
    typed = cut(last, "")
    found = ways([*before, typed.words[-1]], known)
    return found if shell == "zsh" else [way.rstrip(" ") for way in found]


@dataclass(frozen=True, slots=True)
class Typed:
    """A command line up to the cursor: its words without their quotes, the last one unfinished.

    `quote` is the mark that is open. Of the last word the shell replaces only what stands behind `kept` characters.
    """

    words: list[str]
    quote: str
    kept: int

    def replies(self, ways: Iterable[str]) -> list[str]:
        """What bash puts in the place of the end of the last word. It puts there what all of them begin with, too:
        so that this does not take away what was typed, that is one of them if they begin otherwise."""
        kept, tail = self.words[-1][: self.kept], self.words[-1][self.kept :]
        rests = [way[self.kept :] for way in ways if way.startswith(kept)]
        begun = tail.lower().strip('"')
        lost = len(rests) > 1 and not all(rest.lower().strip('"').startswith(begun) for rest in rests)
        return [*map(self._reply, rests), *([_quoted(tail, self.quote)] if lost else [])]

    def _reply(self, rest: str) -> str:
        content, whole = rest.removesuffix(" "), rest.endswith(" ")
        if not self.quote:
            return _quoted(content, "") + (" " if whole else "")
        inside = _quoted(content, self.quote)
        return inside + (self.quote if whole and inside.endswith(self.quote) else "")


def cut(line: str, breaks: str) -> Typed:
    """Cuts a line as a shell does; `breaks` are the characters at which bash begins a new word to complete.

    >>> cut("search -n 3 source:bb", ":").words, cut("search 'kerry sou", "").quote
    (['search', '-n', '3', 'source:bb'], "'")
    """
    words, quote, kept, inside = [""], "", 0, False
    at = 0
    while at < len(line):
        char = line[at]
        escaped = char == "\\" and quote != "'" and at + 1 < len(line) and (not quote or line[at + 1] in _IN_DOUBLE)
        if escaped:
            at += 1
            words[-1] += line[at]
            inside = True
        elif quote:
            quote, words[-1] = ("", words[-1]) if char == quote else (quote, words[-1] + char)
        elif char in "'\"":
            quote, kept, inside = char, len(words[-1]), True
        elif char in " \t" or char in _ENDS:
            words, kept, inside = _next(words, char, inside or bool(words[-1])), 0, False
        else:
            words[-1] += char
            kept = len(words[-1]) - (char == "@") if char in breaks else kept  # to bash @ belongs to what follows
        at += 1
    return Typed(words, quote, kept)


def _next(words: list[str], char: str, something: bool) -> list[str]:
    if char in _ENDS:
        return [""]
    return [*words, ""] if something else words


def _quoted(content: str, quote: str) -> str:
    """As it is typed inside this quotation mark, or outside of any: in single ones then, if it needs some."""
    if quote == '"':
        return "".join(f"\\{char}" if char in _IN_DOUBLE else char for char in content)
    inside = content.replace("'", "'\\''")
    return f"'{inside}'" if not quote and _SPECIAL.intersection(content) else inside


def ways(words: list[str], known: argparse.ArgumentParser) -> list[str]:
    """What may stand in the place of the last word; what is whole ends in a space."""
    command = Path(words[0]).name
    found = _of_searcher(words[1:]) if command == "searcher" else _of_search(words[1:], known)
    return [way if way.endswith(_OPEN) else way + " " for way in found]


def _of_search(words: list[str], known: argparse.ArgumentParser) -> list[str]:
    *before, last = words
    options = {name: option for option in known._actions for name in option.option_strings}
    ended = "--" in before
    option = options.get(before[-1]) if before and not ended else None
    if option and option.nargs is None:
        return _of_option(option.option_strings[-1], option.choices, last, before)
    if not ended and (last == "-" or last.startswith("--")):
        shown = (name for name, flag in options.items() if flag.help != argparse.SUPPRESS)
        return [name for name in shown if name.startswith(last) and name.startswith("--")]
    return _queries(last, before)


def _of_option(name: str, choices: Iterable[str] | None, last: str, before: list[str]) -> list[str]:
    if choices is not None:
        return [choice for choice in choices if choice.startswith(last)]
    if name == "--facet":
        return [facet for facet in FACETS if facet.startswith(last)]
    if name in ("--archive", "--batch"):
        return _paths(last, folders=name == "--archive")
    if name in ("--source", "--since", "--until"):
        field = f"{name[2:]}:"
        return [way.removeprefix(field).strip('"') for way in _queries(field + last, before)]
    return []


def _queries(last: str, before: list[str]) -> list[str]:
    with Archive(_archive(before)) as archive:
        return [last[: one.start] + one.text for one in archive.complete(last, limit=MOST)]


def _archive(before: list[str]) -> Path | None:
    at = before.index("--archive") + 1 if "--archive" in before else len(before)
    return Path(before[at]) if at < len(before) else None


def _paths(last: str, folders: bool) -> list[str]:
    folder, slash, begun = last.rpartition("/")
    found = sorted((Path(folder + slash) if slash else Path()).expanduser().iterdir())
    named = [(path, f"{folder}{slash}{path.name}") for path in found if path.name.startswith(begun)]
    shown = [(path, name) for path, name in named if begun or not path.name.startswith(".")]
    return [name + "/" if path.is_dir() else name for path, name in shown if path.is_dir() or not folders]


def _of_searcher(words: list[str]) -> list[str]:
    """Commands, their flags and what these take, as Typer knows them."""
    from typer.main import get_command

    from searcher.cli.main import app

    *before, last = words
    commands = get_command(app).commands  # type: ignore[attr-defined]
    if not before:
        return [name for name in (*commands, "--help", "--version") if name.startswith(last)]
    command = commands.get(before[0])
    options = {name: option for option in command.params for name in option.opts if name.startswith("-")}
    option = options.get(before[-1])
    if option and not option.is_flag:
        return _of_searcher_option(before[-1], _choices(command, option.name), last, before)
    if last.startswith("-") and not (command.name == "save" and len(last) > 1 and last[1] != "-"):
        return [name for name in (*options, "--help") if name.startswith("--") and name.startswith(last)]
    offered = _OF_COMMAND.get(before[0])
    return offered(last, before) if offered else []


def _choices(command: Any, name: str) -> list[str] | None:
    """What an option admits, if that is one of a few words: its annotation is an enumeration then."""
    hint = get_type_hints(command.callback).get(name)
    few = [kind for kind in (hint, *get_args(hint)) if isinstance(kind, type) and issubclass(kind, Enum)]
    return [str(item.value) for item in few[0]] if few else None


def _of_searcher_option(name: str, choices: list[str] | None, last: str, before: list[str]) -> list[str]:
    return _saved(last, before) if name == "--remove" else _of_option(name, choices, last, before)


def _saved(last: str, before: list[str]) -> list[str]:
    return [way[1:] for way in _queries(f"@{last}", before)]


def _of_save(last: str, before: list[str]) -> list[str]:
    words = [word for word in before[1:] if not word.startswith("--")]
    return _queries(last, before) if words else _saved(last, before)


def _of_tag(last: str, before: list[str]) -> list[str]:
    words = [word for word in before[1:] if not word.startswith("--")]
    if words and "--rename" not in before:
        return _queries(last, before)
    with Archive(_archive(before)) as archive:
        return [name for name in archive.tags().articles() if name.lower().startswith(last.lower())]


_OF_COMMAND: dict[str, Callable[[str, list[str]], list[str]]] = {
    "save": _of_save,
    "new": _saved,
    "timeline": _queries,
    "entities": _queries,
    "export": _queries,
    "like": _queries,
    "tag": _of_tag,
    "ingest": lambda last, before: _paths(last, folders=False),
    "read": lambda last, before: _paths(last, folders=False),
    "completion": lambda last, before: [shell for shell in ("bash", "zsh", "fish") if shell.startswith(last)],
}
"""What the arguments of a command are."""
