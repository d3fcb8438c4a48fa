"""How is it shown in a terminal? Colour where it is wanted, width, spark lines; and how a command ends."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import time
import traceback
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NoReturn

from searcher.errors import QueryError, SearcherError

if TYPE_CHECKING:
    from searcher.building import Step

STYLES = {
    "title": "1",
    "match": "1;33",
    "dim": "2",
    "number": "36",
    "bar": "34",
    "warn": "33",
    "added": "32",
    "removed": "31;9",
}
OPEN, CLOSE = "\ue000", "\ue001"  # private characters that stand for the marks of a match while a text is wrapped
EXTRA, MISSING, END = "\ue002", "\ue003", "\ue004"  # the same, for what was added and what is gone


class Screen:
    """Standard output: `colour` if it is wanted, `width` in columns, `fits` hits to a screen."""

    def __init__(self, colour: str = "auto") -> None:
        self.is_terminal = sys.stdout.isatty()
        plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        self.colour = colour == "always" or (colour == "auto" and self.is_terminal and not plain)
        size = shutil.get_terminal_size((100, 40))
        self.width = max(40, min(size.columns, 120))
        self.fits = max(3, (size.lines - 8) // 5)

    def style(self, content: str, name: str) -> str:
        """The content in a style, if colour is wanted."""
        return f"\x1b[{STYLES[name]}m{content}\x1b[0m" if self.colour and content else content

    def marked(self, content: str, indent: str, base: str = "") -> str:
        """A text with marks, wrapped and indented, in the style `base`; the marks made colour or nothing."""
        plain = "\x1b[0m" + (f"\x1b[{STYLES[base]}m" if base else "")
        on, off = (f"\x1b[{STYLES['match']}m", plain) if self.colour else ("", "")
        lines = wrap(content, self.width - len(indent))
        styled = (self.style(line, base) if base else line for line in lines)
        return "\n".join(indent + line.replace(OPEN, on).replace(CLOSE, off) for line in styled)

    def compared(self, content: str, indent: str) -> str:
        """A text with what was added and what is gone, wrapped and indented: in colour, or as {+…+} and [-…-]."""
        lines = list(wrap(content, self.width - len(indent)))
        begins = {EXTRA: f"\x1b[{STYLES['added']}m", MISSING: f"\x1b[{STYLES['removed']}m"}
        styled, begun = [], ""
        for line in lines:  # a style goes on in the next line
            line, begun = begun + line, (re.findall(f"[{EXTRA}{MISSING}{END}]", begun + line) or [""])[-1]
            begun = begun.replace(END, "")
            styled.append(line + (END if begun else ""))
        marked = [re.sub(f"[{EXTRA}{MISSING}]", lambda mark: begins[mark[0]], line) for line in styled]
        return "\n".join(indent + line.replace(END, "\x1b[0m") for line in marked)


def wrap(content: str, width: int) -> Iterator[str]:
    """Lines of at most `width` columns, broken at spaces, or anywhere in scripts without spaces; marks are free."""
    line, used, space = "", 0, -1
    for char in " ".join(content.split()):
        line += char
        used += columns(char)
        if char == " ":
            space = len(line)
        if used > width and line.strip():
            cut = space if space > 0 else len(line) - 1
            yield line[:cut].rstrip()
            line = line[cut:]
            used, space = sum(map(columns, line)), -1
    if line.strip():
        yield line.rstrip()


def columns(char: str) -> int:
    """How many columns a character takes."""
    if char in (OPEN, CLOSE, EXTRA, MISSING, END) or unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def spark(numbers: Sequence[int]) -> str:
    """One bar a number, the highest full.

    >>> spark([0, 1, 4])
    ' ▂█'
    """
    top = max(numbers, default=0)
    return "".join(" ▁▂▃▄▅▆▇█"[-(-number * 8 // top) if top else 0] for number in numbers)


def note(line: str) -> None:
    """A line on standard error: progress and notes never mix with results."""
    print(line, file=sys.stderr, flush=True)


def failure(who: str, error: SearcherError) -> None:
    """What went wrong, the place in the query, and the hint, on standard error."""
    note(f"{who}: {error.message}")
    if isinstance(error, QueryError):
        note(error.caret())
    if error.hint:
        note(f"hint: {error.hint}")


class Progress:
    """A line on standard error that tells how far a build or an export is; nothing where nobody looks."""

    def __init__(self, quiet: bool, of: str = "articles") -> None:
        self._of = of
        self._on = sys.stderr.isatty() and not quiet
        self._began = self._shown = time.monotonic()
        self._doing = ""

    def __call__(self, done: int, total: int) -> None:
        """So many are done, of so many."""
        if self._is_due(self._of, done < total):
            rate = done / self._passed()
            self._show(f"{done:,} of {total:,} {self._of}, {rate:,.0f} a second{self._left(done, total)}")

    def step(self, step: Step) -> None:
        """A build is as far as this. What is read is told in megabytes, or kilobytes where there are few."""
        if self._is_due(step.doing, step.done < step.total):
            read = (1e6, " MB") if step.total >= 1e7 else (1e3, " kB")
            scale, unit = read if step.doing == "reading" else (1, "")
            part = f" {step.done / scale:,.0f} of {step.total / scale:,.0f}{unit}" if step.total else ""
            rate = f", {step.articles / self._passed():,.0f} articles a second" if unit else ""
            self._show(f"{step.doing}{part}{rate}{self._left(step.done, step.total)}")

    def _is_due(self, doing: str, going_on: bool) -> bool:
        now = time.monotonic()
        if not self._on or (doing == self._doing and going_on and now - self._shown < 0.2):
            return False
        if doing != self._doing:
            self._doing, self._began = doing, now
        self._shown = now
        return True

    def _passed(self) -> float:
        return max(0.001, time.monotonic() - self._began)

    def _left(self, done: int, total: int) -> str:
        """The time that the rest takes at this rate; nothing at the beginning, when nobody knows."""
        if not 0 < done < total or self._passed() < 1:
            return ""
        minutes, seconds = divmod(round(self._passed() * (total - done) / done), 60)
        hours, minutes = divmod(minutes, 60)
        return f", {hours}:{minutes:02}:{seconds:02} left" if hours else f", {minutes}:{seconds:02} left"

    def _show(self, line: str) -> None:
        sys.stderr.write(f"\r{line}\x1b[K")
        sys.stderr.flush()

    def end(self) -> None:
        """Takes the line away."""
        if self._doing:
            self._show("")
        self._doing = ""


def clean(content: str) -> str:
    """The text without control characters, which in a saved page could steer the terminal."""
    return "".join(char for char in content if char in "\n\t" or unicodedata.category(char) != "Cc")


@contextmanager
def ending(command: str) -> Iterator[None]:
    """Turns errors into a message, a hint and status 2; a pipe that was cut short into silence; Ctrl-C into 130."""
    _opened()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter is no reason to stop
    try:
        try:
            yield
        finally:  # also where a status is left with: at the end of the process nobody would be told of a fault
            sys.stdout.flush()
    except SearcherError as error:
        failure(command, error)
        sys.exit(2)
    except BrokenPipeError:
        hush()
        sys.exit(0)
    except KeyboardInterrupt:
        note(f"{command}: stopped")
        sys.exit(130)
    except io.UnsupportedOperation:
        failure(command, SearcherError("standard output is closed: nothing can be shown", f"{command} … > FILE"))
        _leave()
    except OSError as error:
        note(f"{command}: {error.strerror or error}" + (f": {error.filename}" if error.filename else ""))
        _leave()
    except Exception as error:  # status 1 would mean that nothing was found
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{PurePath(place.filename).name}:{place.lineno}"
        note(f"{command}: a fault in searcher, please report it: {type(error).__name__}: {error} ({where})")
        _leave()


def _opened() -> None:
    """Something in place of streams that were closed: else the next file to be opened is taken for one of them."""
    for name, mode in (("stdin", "r"), ("stdout", "r"), ("stderr", "w")):  # what is printed is refused
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115


def hush() -> None:
    """Nothing more is shown: what could not be written is no second error when the process ends."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _leave() -> NoReturn:
    """Ends with status 2."""
    hush()
    sys.exit(2)
