"""How does Whoosh hold the index? The engine: opening, committing, and the port over `view`.

The index is a real Whoosh index (package whoosh3) in a codec of ours: `whoosh.index.open_dir` opens it wherever
this package can be imported. Searching needs no Whoosh: the table of contents names the segments, and their arrays
are mapped into memory. Beside them lies `state.json`: the newest log entry held, and the table's checksum.
"""

from __future__ import annotations

import errno
import json
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from searcher.engines.port import Counts, Entry, Found
from searcher.engines.whoosh import toc
from searcher.engines.whoosh.arrays import Arrays
from searcher.engines.whoosh.segments import EXTENSION, Cache, Part, Segment
from searcher.engines.whoosh.view import REMEMBERED, View
from searcher.errors import IndexDamaged, IndexFull
from searcher.files import replace_text
from searcher.model import Sort
from searcher.query.plan import Plan

STATE = "state.json"

HINT = "`searcher doctor` says what is wrong; `searcher index --rebuild` builds it again from corpus/"


def open_engine(path: Path, write: bool) -> WhooshEngine:
    """The Whoosh index in `path`, a new empty one if there is none and `write` is set.

    Raises IndexDamaged if a file is missing or cut off, or its directory is damaged.
    """
    if write and not any(path.glob("*.toc")):
        path.mkdir(parents=True, exist_ok=True)
        with _faults():
            toc.write(path, 0, ())
    return WhooshEngine(path)


class WhooshEngine:
    """Searches see the index as it was when the engine was opened, or when this object last wrote to it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()
        with _faults():
            self._state = _read_state(path)
            self._contents = toc.read(path)
            if not _as_written(path / self._contents.name, self._state):
                raise IndexDamaged(f"the table of contents is not the one that was written: {path}")
            self._parts = [_opened(path, held) for held in self._contents.segments]
            self._view = _view(self._parts)

    def last(self) -> int:
        return int(self._state["last"])

    def write(self, put: Iterable[Entry], drop: Iterable[str], last: int) -> None:
        from searcher.engines.whoosh.writing import updated  # a search does not wait for it

        with self._writing, _faults(), self._only_listed():
            parts = updated(self._path, self._parts, put, drop)
            segments = [toc.Held(part.identity, part.arrays.facts["docs"], tuple(part.deleted)) for part in parts]
            name = toc.write(self._path, self._contents.generation + 1, segments)
            self._contents = toc.read(self._path)
            self._parts, self._view = parts, _view(parts)
            self._remember(last, name)

    def _remember(self, last: int, name: str) -> None:
        """The table is written before the state: a crash between the two repeats a write that changes nothing."""
        self._state = {"last": last, "toc": name, "crc": _sum(self._path / name)}
        replace_text(self._path / STATE, json.dumps(self._state, indent=1))

    @contextmanager
    def _only_listed(self) -> Iterator[None]:
        """Removes what the table of contents does not list, in the end: an older state, or what failed."""
        try:
            yield
        finally:
            listed = {held.identity for held in self._contents.segments}
            for path in self._path.iterdir():
                old_table = path.suffix == ".toc" and path.name != self._contents.name
                if old_table or (path.suffix == EXTENSION and path.stem not in listed):
                    path.unlink(missing_ok=True)

    def search(self, plan: Plan, sort: Sort, offset: int, limit: int | None) -> Found:
        with _faults():
            return self._view.search(plan, sort, offset, limit)

    def count(self, plan: Plan, names: Sequence[str]) -> Mapping[str, Counts]:
        with _faults():
            return self._view.count(plan, names)

    def terms(self, name: str, prefix: str) -> Iterator[str]:
        with _faults():
            return iter(self._view.terms(name, prefix))

    def check(self) -> list[str]:
        wrong = [f"damaged: {part.arrays.name}: {array}" for part in self._parts for array in part.arrays.check()]
        table = self._path / self._contents.name
        return wrong if _as_written(table, self._state) else [*wrong, f"damaged: {table}"]

    def close(self) -> None:
        """The files are let go of when nothing reads them any more."""
        self._parts, self._view = [], _view([])


def _opened(path: Path, held: toc.Held) -> Part:
    if not held.ours:
        raise IndexDamaged(f"a segment was written by another program: {path / held.identity}", HINT)
    return Part(held.identity, Arrays.open(path / (held.identity + EXTENSION)), set(held.deleted))


def _view(parts: Iterable[Part]) -> View:
    cache = Cache(REMEMBERED)
    return View([Segment(part, cache) for part in parts], cache)


def _as_written(table: Path, state: Mapping[str, Any]) -> bool:
    """A state older than the table of contents is that of a crash before `_remember`: it proves nothing."""
    return bool(state["toc"] != table.name or state["crc"] == _sum(table))


def _sum(path: Path) -> int:
    return zlib.crc32(path.read_bytes())


def _read_state(path: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads((path / STATE).read_text("utf-8"))
    except FileNotFoundError:
        return {"last": 0, "toc": None, "crc": None}
    return state


@contextmanager
def _faults() -> Iterator[None]:
    """Whatever is stumbled over in the files is a damaged index; a full disk is a full disk."""
    try:
        yield
    except IndexDamaged as error:
        raise error if error.hint else IndexDamaged(error.message, HINT) from error
    except (IndexFull, MemoryError):
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise IndexFull(
                "the disk is full", "make room and run the same command again: nothing is lost"
            ) from error
        raise IndexDamaged(f"cannot read the index: {error}", HINT) from error
    except Exception as error:
        raise IndexDamaged(f"cannot read the index: {type(error).__name__}: {error}", HINT) from error
