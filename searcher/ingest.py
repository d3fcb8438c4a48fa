"""How do files come into corpus/? They are copied, under their own names; the same bytes are taken once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from searcher.corpus import File, sha256, walk
from searcher.errors import ArchiveError
from searcher.model import Unread


@dataclass(frozen=True, slots=True)
class Report:
    """What was copied (the new names, relative to the archive), what was there already, what could not be read."""

    taken: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def ingest(corpus: Path, paths: Sequence[Path], source: str | None = None) -> Report:
    """Copies files, and the files of folders, to corpus/`source`, or to a folder named as the one they came from.

    Folders keep their inner order; containers stay packed; a name that is taken gets a number. Raises ArchiveError
    for a path that does not exist or lies in the corpus already, before anything is copied.
    """
    for path in paths:
        _refuse(path, corpus)
    report = Report()
    known = _Known(corpus)
    for path in paths:
        for found, place in _files(path, source):
            if isinstance(found, Unread):
                report.unread.append(found)
                continue
            _take(found, corpus / place, known, report)
    return report


def _refuse(path: Path, corpus: Path) -> None:
    if not path.exists():
        raise ArchiveError(f"no such file: {path}", "name files or folders to copy into corpus/")
    if corpus.resolve() == path.resolve() or corpus.resolve() in path.resolve().parents:
        raise ArchiveError(f"already in the corpus: {path}", "`searcher index` reads what lies there")
    if path.is_dir() and path.resolve() in corpus.resolve().parents:
        raise ArchiveError(f"the corpus lies in it: {path}", "name the folders to copy one by one")


def _files(path: Path, source: str | None) -> Iterator[tuple[File | Unread, Path]]:
    """Each file with the place it gets below corpus/."""
    whole = path.resolve()
    folder = _folder(source or (whole.name if path.is_dir() else whole.parent.name))
    if not path.is_dir():
        stat = path.stat()
        yield File(str(path), path.name, None, stat.st_size, stat.st_mtime_ns), folder / path.name
        return
    for found in walk(path, ""):
        name = found.file if isinstance(found, Unread) else found.name
        yield found, folder / name.lstrip("/")


def _folder(name: str) -> Path:
    safe = name.replace("/", "-").replace("\\", "-").strip(". ")
    return Path(safe or "unsorted")


class _Known:
    """The files that the corpus has, by size; hashed only when another of that size comes."""

    def __init__(self, corpus: Path) -> None:
        self._by_size: dict[int, list[Path]] = {}
        for found in walk(corpus, "corpus") if corpus.is_dir() else ():
            if isinstance(found, File):
                self.add(found.path, found.size)

    def add(self, path: Path, size: int) -> None:
        self._by_size.setdefault(size, []).append(path)

    def same(self, file: File) -> bool:
        others = self._by_size.get(file.size)
        if not others:
            return False
        wanted = sha256(file.path)
        return any(sha256(other) == wanted for other in others)


def _take(file: File, place: Path, known: _Known, report: Report) -> None:
    try:
        if known.same(file):
            report.known.append(str(file.path))
            return
        place = _free(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        _copy(file.path, place)
    except OSError as error:
        report.unread.append(Unread(str(file.path), f"cannot be copied: {error.strerror}"))
        return
    known.add(place, file.size)
    report.taken.append(str(place))


def _free(place: Path) -> Path:
    """The place, or one with a number before its endings if that name is taken."""
    stem, dot, endings = place.name.partition(".")
    number = 1
    while place.exists():
        number += 1
        place = place.with_name(f"{stem}-{number}{dot}{endings}")
    return place


def _copy(path: Path, place: Path) -> None:
    """By way of a hidden name: a crash leaves no half file that a build would read."""
    beside = place.with_name(f".{place.name}.part")
    try:
        shutil.copyfile(path, beside)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
