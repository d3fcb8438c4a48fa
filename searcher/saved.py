"""Which searches were saved, under which names? One line each in searches.txt, beside corpus/.

    # what the sanctions desk follows
    frank v1: "frank meeting" -sanctions
    sochi v1: @frank place:Sochi

People may edit the file. Lines of others, comments and the order of lines stay as they are; a line that cannot be
read is kept and reported. v1 is the version of the query language; a line without one is of the first.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from searcher.errors import SavedError
from searcher.files import replace_text
from searcher.query import LANGUAGE
from searcher.query.lexing import is_saved_name

FILE = "searches.txt"
FOLDER = "alerts"
"""Where the lock lies, and what was shown of each saved search."""

LONGEST = 50
"""Characters of a name: it becomes the name of a file."""

WAIT = 30.0
"""Seconds that a command waits for another that holds the lock."""

HEADER = "# Saved searches, a line each. NAME v1: QUERY, where v1 is the version of the query language.\n"

_LINE = re.compile(r"(?P<name>[^\s:#]+)(?:[ \t]+v(?P<language>[1-9]\d{0,5}))?[ \t]*:[ \t]*(?P<text>.*\S)\s*")
_BREAKS = re.compile(r"[\r\n]+")


class Saved(NamedTuple):
    """A saved search: its name as it was written, its text, and the version of the language it was written in."""

    name: str
    text: str
    language: int = LANGUAGE


class Fault(NamedTuple):
    """A line of searches.txt, from 1, that cannot be used, and why."""

    line: int
    reason: str


def key(name: str) -> str:
    """What names are compared by: case is ignored.

    >>> key("Größe") == key("GRÖSSE")
    True
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


class Searches:
    """The saved searches of one archive, as they were when they were loaded; write() puts changes on the disk."""

    def __init__(self, path: Path, lines: list[str]) -> None:
        self._path = path
        self._lines = lines

    @classmethod
    def load(cls, root: Path) -> Searches:
        """Those of the archive at `root`; none where there is no file. Raises SavedError if it is not UTF-8."""
        path = root / FILE
        try:
            content = path.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            return cls(path, [])
        except UnicodeDecodeError as error:
            raise SavedError(f"cannot read {FILE}: {error}", f"make it UTF-8: {path}") from error
        return cls(path, [line.rstrip("\r") for line in content.removesuffix("\n").split("\n")])

    def __iter__(self) -> Iterator[Saved]:
        """Every search that can be used, in the order of the file."""
        counts = self._counts()
        yield from (saved for _, saved in self._read() if isinstance(saved, Saved) and counts[key(saved.name)] == 1)

    def faults(self) -> list[Fault]:
        """What cannot be used, in the order of the file."""
        counts = self._counts()
        return [
            Fault(number, found if isinstance(found, str) else f"saved more than once: {found.name}")
            for number, found in self._read()
            if isinstance(found, str) or counts[key(found.name)] > 1
        ]

    def find(self, name: str) -> Saved | None:
        """The search of this name; None if there is none. Raises SavedError if there are two."""
        found = [saved for _, saved in self._read() if isinstance(saved, Saved) and key(saved.name) == key(name)]
        if len(found) > 1:
            raise SavedError(f"saved more than once: {name}", f"keep one of the lines in {self._path}")
        return found[0] if found else None

    def get(self, name: str) -> str | None:
        """The text of a saved search, for the parser; None if there is none.

        Raises SavedError for one that was saved in a newer version of the language than this program reads.
        """
        found = self.find(name)
        if found and found.language > LANGUAGE:
            message = f"saved in version {found.language} of the query language, this is version {LANGUAGE}: {name}"
            raise SavedError(message, "a newer searcher reads it; or save it again")
        return found.text if found else None

    def needed(self, name: str) -> Saved:
        """The search of this name; raises SavedError, with the nearest name, if there is none."""
        found = self.find(name)
        if found is None:
            near = get_close_matches(key(name), [key(saved.name) for saved in self], 1)
            hint = f"did you mean {near[0]}?" if near else "`searcher save` lists them"
            raise SavedError(f"no such saved search: {name}", hint)
        return found

    def put(self, name: str, text: str) -> Saved:
        """Saves a text under a name, in the place of the one that had it. Raises SavedError for what is no name."""
        if not is_saved_name(name) or len(name) > LONGEST:
            hint = f"letters, digits, - and _, at most {LONGEST}; the query comes after it"
            raise SavedError(f"not a name for a saved search: {name}", hint)
        old = self.find(name)
        saved = Saved(old.name if old else unicodedata.normalize("NFC", name), _one_line(text))
        line = f"{saved.name} v{saved.language}: {saved.text}"
        if old:
            self._lines[self._at(name)] = line
        else:
            self._lines.append(line)
        return saved

    def remove(self, name: str) -> Saved:
        """Takes a search out, and gives it; raises SavedError as needed() does."""
        found = self.needed(name)
        del self._lines[self._at(name)]
        return found

    def write(self) -> None:
        """Replaces the file, so that a reader sees the old one or the new one."""
        lines = "".join(f"{line}\n" for line in self._lines)
        replace_text(Path(os.path.realpath(self._path)), lines if self._path.exists() else HEADER + lines)

    def _at(self, name: str) -> int:
        return next(
            number - 1
            for number, found in self._read()
            if isinstance(found, Saved) and key(found.name) == key(name)
        )

    def _read(self) -> Iterator[tuple[int, Saved | str]]:
        """Each line that says something, with its number: a saved search, or why it is none."""
        for number, line in enumerate(self._lines, 1):
            if line.strip() and not line.lstrip().startswith("#"):
                yield number, _read(line.strip())

    def _counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for _, found in self._read():
            if isinstance(found, Saved):
                counts[key(found.name)] = counts.get(key(found.name), 0) + 1
        return counts


def _read(line: str) -> Saved | str:
    match = _LINE.fullmatch(line)
    if match is None:
        return f"not NAME v{LANGUAGE}: QUERY, but: {line}"
    if not is_saved_name(match["name"]) or len(match["name"]) > LONGEST:
        return f"not a name for a saved search: {match['name']}"
    return Saved(match["name"], match["text"], int(match["language"] or 1))


def _one_line(text: str) -> str:
    printable = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return _BREAKS.sub(" ", printable).strip()


def lookup(root: Path | None) -> Callable[[str], str | None]:
    """What parse() asks for the text of a saved search; the file is read when the first one is asked for."""
    held: list[Searches] = []

    def get(name: str) -> str | None:
        if not held and root:
            held.append(Searches.load(root))
        return held[0].get(name) if held else None

    return get


@contextmanager
def locked(root: Path, wait: float = WAIT) -> Iterator[None]:
    """Holds the lock of the saved searches; raises SavedError if another command holds it for too long."""
    from filelock import FileLock, Timeout

    (root / FOLDER).mkdir(exist_ok=True)
    try:
        with FileLock(root / FOLDER / "lock", timeout=wait):
            yield
    except Timeout:
        hint = "try again when it is done; `searcher new --peek` never waits"
        raise SavedError("another command is busy with the saved searches", hint) from None
