"""Which tags did people give to which articles? A line each in tags.txt, in the first folder of the corpus.

    climate<TAB>corpus/courier/flood.html<TAB>The river rises
    climate<TAB>corpus/dump.jsonl!8841<TAB>A dry summer

A tag, a tab, an article: its file, its file and member, or its id; behind another tab whatever helps to read it.
People may edit the file, and merge it line by line. Comments, lines that cannot be read, lines whose article is not
there and the order of lines stay as they are; no line is lost but those that are asked for.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from searcher.corpus import TAGS, article_id
from searcher.errors import TagsError
from searcher.files import replace_bytes
from searcher.model import Article
from searcher.text import value

LONGEST = 100
"""Characters of a name."""

SHOWN = 80
"""Characters of a headline that stand behind an article."""

WAIT = 30.0
"""Seconds that a command waits for another that changes the tags."""

HEADER = (
    "# Tags, a line each: the tag, a tab, the article's file (or file!member, or id), a tab, a note for people."
)

_ID = re.compile(r"[a-z2-7]{13}")
_MERGING = re.compile(r"<<<<<<<|\|\|\|\|\|\|\||=======|>>>>>>>")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NOT_UTF8 = re.compile("[\udc80-\udcff]")


class Line(NamedTuple):
    """A tag of an article: the number of the line, from 1, the name, the article as it stands there, its id."""

    number: int
    name: str
    article: str
    id: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.name}: {self.article}"


class Fault(NamedTuple):
    """A line, from 1, that cannot be used; why, and what to do about it."""

    number: int
    reason: str
    hint: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.reason} ({self.hint})"


class Tags:
    """The tags of one archive, as they were when they were loaded; write() puts changes on the disk."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path = path
        self.digest = hashlib.sha256(content).hexdigest() if content else ""
        """What the file held: another one means that it has changed. "" if there was none."""
        text = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff").removesuffix("\n")
        self._lines = text.split("\n") if text else []

    @classmethod
    def load(cls, folder: Path) -> Tags:
        """Those of the archive whose first folder of the corpus this is; none where there is no file.

        Raises OSError where there is one that cannot be read.
        """
        path = folder / TAGS
        try:
            return cls(path, path.read_bytes())
        except FileNotFoundError:
            return cls(path, b"")

    @cached_property
    def _read(self) -> Sequence[Line | Fault]:
        found = (_read(number, line.strip()) for number, line in enumerate(self._lines, 1))
        return [line for line in found if line]

    def __iter__(self) -> Iterator[Line]:
        """Every line that can be used, in the order of the file; a name as it is written where it stands first."""
        shown: dict[str, str] = {}
        for line in self._read:
            if isinstance(line, Line):
                yield line._replace(name=shown.setdefault(value(line.name), line.name))

    def faults(self) -> list[Fault]:
        """What cannot be used, in the order of the file."""
        return [line for line in self._read if isinstance(line, Fault)]

    def of_articles(self) -> Mapping[str, tuple[str, ...]]:
        """The names of each article that has some, by its id, in the order of the file."""
        found: dict[str, dict[str, None]] = {}
        for line in self:
            found.setdefault(line.id, {})[line.name] = None
        return {identity: tuple(names) for identity, names in found.items()}

    def articles(self) -> Mapping[str, frozenset[str]]:
        """The ids of the articles of each name, by name."""
        found: dict[str, set[str]] = {}
        for line in self:
            found.setdefault(line.name, set()).add(line.id)
        return {name: frozenset(found[name]) for name in sorted(found, key=lambda name: (value(name), name))}

    def absent(self, known: Collection[str]) -> list[Line]:
        """The lines whose article is none of these ids."""
        return [line for line in self if line.id not in known]

    def find(self, name: str) -> str | None:
        """The tag of this name, case ignored, as it is written where it stands first; None if there is none."""
        return next((line.name for line in self if value(line.name) == value(name)), None)

    def having(self, name: str) -> frozenset[str]:
        """The ids of the articles with a tag of this name."""
        return frozenset(line.id for line in self if value(line.name) == value(name))

    def needed(self, name: str) -> str:
        """The tag of this name; raises TagsError, with the nearest one, if there is none."""
        found = self.find(name)
        if found is None:
            near = get_close_matches(value(name), [value(known) for known in self.articles()], 1)
            hint = f"did you mean {near[0]}?" if near else "`searcher tag` lists them"
            raise TagsError(f"no such tag: {name}", hint)
        return found

    def put(self, name: str, articles: Iterable[Article]) -> str:
        """Gives a tag to articles, those that have it already left out; gives the name as it is written.

        New lines come before the first one that sorts behind them. Raises TagsError for what is no name.
        """
        name = self.find(name) or checked(name)
        have = self.having(name)
        new = {article.id: article for article in articles if article.id not in have}
        self._add(_line(name, place(article), article.title) for article in new.values())
        return name

    def take(self, name: str, articles: Collection[str]) -> None:
        """Takes a tag from the articles of these ids; other tags, and lines that say something else, stay."""
        self._drop({line.number for line in self if value(line.name) == value(name) and line.id in articles})

    def rename(self, old: str, new: str, merge: bool = False) -> str:
        """Gives a tag another name, or the same in another writing; gives it as it is written.

        Raises TagsError if there is none of the old name, or, but to `merge` the two, one of the new one.
        """
        written = self.needed(old)
        taken = self.find(new) if value(new) != value(written) else None
        if taken and not merge:
            raise TagsError(f"there is such a tag already: {taken}", "--merge makes one of the two")
        new = taken or checked(new)
        lines = [line for line in self if line.name == written]
        notes = {line.number: self._lines[line.number - 1].strip().split("\t", 2)[2:] for line in lines}
        have = self.having(new) if taken else ()
        self._drop({line.number for line in lines})
        self._add(_line(new, line.article, *notes[line.number]) for line in lines if line.id not in have)
        return new

    def write(self) -> None:
        """Replaces the file, so that a reader sees the old one or the new one."""
        lines = self._lines if self.digest else [HEADER, *self._lines]
        content = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
        replace_bytes(Path(os.path.realpath(self.path)), content)

    def _add(self, made: Iterable[str]) -> None:
        """Puts new lines before the first one that sorts behind them; all others stay in their order."""
        new = sorted(dict.fromkeys(made), key=_key)[::-1]
        merged: list[str] = []
        for line in self._lines:
            if new and isinstance(_read(0, line.strip()), Line):
                while new and _key(new[-1]) < _key(line.strip()):
                    merged.append(new.pop())
            merged.append(line)
        self._replace([*merged, *reversed(new)])

    def _drop(self, numbers: Collection[int]) -> None:
        self._replace([line for number, line in enumerate(self._lines, 1) if number not in numbers])

    def _replace(self, lines: list[str]) -> None:
        self._lines = lines
        self.__dict__.pop("_read", None)


def checked(name: str) -> str:
    """A name as it is kept: in Unicode NFC, without space around it. Raises TagsError for what is no name."""
    name = unicodedata.normalize("NFC", name.strip())
    if fault := _fault_of(name):
        raise TagsError(f"not a name for a tag: {_UNSEEN.sub(' ', name)[:LONGEST]}", fault)
    return name


def place(article: Article) -> str:
    """How the file names an article: by its file and member, or, where that would not be read back, by its id."""
    named = str(article.provenance)
    plain = named == named.strip() and not _UNSEEN.search(named)
    return named if plain and _id_of(named) == article.id else article.id


def _fault_of(name: str) -> str | None:
    """Why a text is no name."""
    if _UNSEEN.search(name) or _NOT_UTF8.search(name):
        return "a name is one line of text without tabs"
    if not value(name):
        return "a name has a letter, a digit or a sign"
    return f"a name has at most {LONGEST} characters" if len(name) > LONGEST else None


def _line(name: str, article: str, note: str = "") -> str:
    """A line; # begins a comment, so that a name that begins so has a backslash before it."""
    escaped = "\\" + name if name.startswith(("#", "\\")) else name
    return f"{escaped}\t{article}\t{' '.join(_UNSEEN.sub(' ', note).split())[:SHOWN]}".rstrip()


def _read(number: int, line: str) -> Line | Fault | None:
    """What a line says; None if nothing."""
    if not line or line.startswith("#"):
        return None
    if _MERGING.match(line):
        return Fault(number, f"a merge was not finished: {line}", "keep the lines of both sides, delete this one")
    if _NOT_UTF8.search(line):
        return Fault(number, "not UTF-8", "write the line again, or save the file as UTF-8")
    name, tab, rest = line.partition("\t")
    if not tab:
        return Fault(number, f"no tab between a tag and an article: {line}", "write the tag, a tab, the file")
    name = unicodedata.normalize("NFC", name.removeprefix("\\").strip())
    if fault := _fault_of(name):
        return Fault(number, f"not a name for a tag: {name}", fault)
    article = rest.partition("\t")[0].strip()
    if identity := _id_of(article):
        return Line(number, name, article, identity)
    return Fault(number, f"neither a file of the corpus nor an id: {article}", "`search -l QUERY` prints the files")


def _id_of(article: str) -> str | None:
    """The id of an article that is named by its place or by its id; None if it is neither."""
    if "/" not in article:
        return article if _ID.fullmatch(article) else None
    file, _, member = article.partition("!")
    return article_id(file, member or None)


def _key(line: str) -> tuple[str, str]:
    """What lines are sorted by: the name, then the article."""
    name, _, rest = line.partition("\t")
    return value(name.removeprefix("\\")), rest.partition("\t")[0].strip()


@contextmanager
def changing(folder: Path, wait: float = WAIT) -> Iterator[Tags]:
    """The tags, to be changed and written: one at a time, in any process.

    Waits for another, and raises TagsError if that takes too long.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / f".{TAGS}.lock")
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise TagsError("another command is changing the tags", "try again when it is done") from None
    try:
        yield Tags.load(folder)
    finally:
        lock.release()
