"""Which files does the archive hold, and which have changed since they were read?"""

from __future__ import annotations

import base64
import hashlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG

from searcher.errors import ArchiveError
from searcher.model import Unread
from searcher.settings import FILE
from searcher.store import FileRow

RECENT = 2_000_000_000
"""Nanoseconds. A file changed this lately may change again within the same tick of the clock: its time proves
nothing, so it is looked at again by the next build."""

TAGS = "tags.txt"
"""The tags that people gave, directly in the first folder of the corpus: of all files there, no article."""

_IGNORED = ("~", ".swp", ".swo", ".tmp", ".part", ".crdownload")
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


@dataclass(frozen=True, slots=True)
class File:
    """A file of the corpus: where it is, its name in the archive, its first folder, its size and time (ns)."""

    place: str
    name: str
    folder: str | None
    size: int
    mtime: int

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.place)

    def day(self) -> str:
        """The day it came into the corpus, as ISO 8601."""
        return datetime.fromtimestamp(self.mtime / 1e9, UTC).date().isoformat()

    def row(self) -> FileRow:
        """What the store notes of it, before it is read. Raises OSError if it cannot be opened."""
        mtime = 0 if time.time_ns() - self.mtime < RECENT else self.mtime
        return FileRow(self.name, self.size, mtime, sha256(self.path))

    def is_as_it_was(self) -> bool:
        """Whether its size and time are still those that were scanned."""
        try:
            stat = self.path.stat()
        except OSError:
            return False
        return (stat.st_size, stat.st_mtime_ns) == (self.size, self.mtime)


@dataclass(frozen=True, slots=True)
class Scan:
    """The files of the corpus against those that were read before."""

    new: tuple[File, ...]
    changed: tuple[File, ...]
    touched: tuple[FileRow, ...]
    gone: tuple[str, ...]
    unchanged: int
    unread: tuple[Unread, ...]


def scan(root: Path, folders: Sequence[str], known: Mapping[str, FileRow]) -> Scan:
    """Compares the folders of the corpus with the files known before.

    A folder that cannot be listed, or a file that cannot be opened, is reported, and what was read of it before
    stays. Raises ArchiveError for a folder of the corpus that does not exist.
    """
    files, unread = _listed(root, folders)
    new: list[File] = []
    changed: list[File] = []
    touched: list[FileRow] = []
    for file in files:
        row = known.get(file.name)
        if row is not None and (row.size, row.mtime) == (file.size, file.mtime):
            continue
        try:
            same = row is not None and row.size == file.size and row.sha256 == sha256(file.path)
        except OSError as error:
            unread.append(Unread(file.name, f"cannot be opened: {error.strerror}"))
            continue
        if row is not None and same:
            touched.append(replace_time(row, file))
        else:
            (new if row is None else changed).append(file)
    gone = _gone(known, files, unread)
    unchanged = len(files) - len(new) - len(changed)
    return Scan(tuple(new), tuple(changed), tuple(touched), gone, unchanged, tuple(unread))


def replace_time(row: FileRow, file: File) -> FileRow:
    """The row with the file's time, unless that is too fresh to prove anything."""
    return row._replace(mtime=0 if time.time_ns() - file.mtime < RECENT else file.mtime)


def _gone(known: Mapping[str, FileRow], files: Sequence[File], unread: Sequence[Unread]) -> tuple[str, ...]:
    here = {file.name for file in files}
    hidden = tuple(item.file + "/" for item in unread)
    return tuple(name for name in known if name not in here and not (name + "/").startswith(hidden))


def _listed(root: Path, folders: Sequence[str]) -> tuple[list[File], list[Unread]]:
    files: list[File] = []
    unread: list[Unread] = []
    for folder in folders:
        top = root / folder
        if not top.is_dir():
            hint = f"make it and put article files there, or correct `corpus` in {FILE}"
            raise ArchiveError(f"no such folder of the corpus: {top}", hint)
        for found in walk(top, folder):
            if isinstance(found, File) and found.name == tags_file(folders):
                continue
            (files if isinstance(found, File) else unread).append(found)  # type: ignore[arg-type]
    return files, unread


def walk(top: Path, name: str) -> Iterator[File | Unread]:
    """The files below a folder, in order of their names, and what cannot be listed; hidden ones are passed over.

    `name` is what the folder is called in the archive. Links to folders are not followed: they may go round.
    """
    stack = [(os.fspath(top), name)]
    while stack:
        path, prefix = stack.pop()
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError as error:
            yield Unread(prefix, f"cannot be listed: {error.strerror}")
            continue
        below = []
        for entry in entries:
            if _passed_over(entry.name):
                continue
            inner = f"{prefix}/{printable(entry.name)}"
            if entry.is_dir(follow_symlinks=False):
                below.append((entry.path, inner))
            else:
                yield from _file(entry, inner, name)
        stack += reversed(below)


def _file(entry: os.DirEntry[str], name: str, top: str) -> Iterator[File | Unread]:
    try:
        stat = entry.stat()
    except OSError as error:
        yield Unread(name, f"cannot be opened: {error.strerror}")
        return
    inner = name[len(top) + 1 :]
    folder = inner.partition("/")[0] if "/" in inner else None
    if S_ISREG(stat.st_mode):
        yield File(entry.path, name, folder, stat.st_size, stat.st_mtime_ns)
    elif entry.is_dir():
        yield Unread(name, f"a link to a folder: name it in {FILE}, as one of `corpus`")
    else:
        yield Unread(name, "not a regular file")


def tags_file(folders: Sequence[str]) -> str:
    """The name in the archive of the file with people's tags, for these folders of the corpus."""
    return f"{folders[0]}/{TAGS}"


def file_at(path: Path) -> File:
    """A single file, named as it was given, in the folder it lies in."""
    stat = path.stat()
    return File(
        str(path),
        printable(str(path)),
        printable(path.resolve().parent.name) or None,
        stat.st_size,
        stat.st_mtime_ns,
    )


def printable(name: str) -> str:
    """The name, with bytes that are no UTF-8 as \\xe9: the name in the archive is text."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _passed_over(name: str) -> bool:
    return name.startswith(".") or name.lower().endswith(_IGNORED) or name.lower() in _SYSTEM


def digest(data: bytes) -> str:
    """A short name for bytes: 64 bits of BLAKE2b, as 13 letters and digits."""
    return base64.b32encode(hashlib.blake2b(data, digest_size=8).digest()).decode().lower().rstrip("=")


def article_id(file: str, member: str | None, nth: int = 1) -> str:
    """The id of the `nth` record of this name in a file: the same from build to build, whatever its words are."""
    place = f"{file}\n{member or ''}"
    return digest((place if nth == 1 else f"{place}\n{nth}").encode("utf-8", "surrogatepass"))


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, as hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
