"""How does Whoosh hold the index? The engine: opening, writing, and the port over `evaluation`.

The index is a real Whoosh index (package whoosh3): `whoosh.index.open_dir` opens it wherever this package can be
imported. Beside Whoosh's files lies `state.json`: the newest log entry held, and size and CRC-32 of every file.
"""

from __future__ import annotations

import errno
import json
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from searcher.engines.port import Entry, Found
from searcher.engines.whoosh.evaluation import View
from searcher.engines.whoosh.schema import document, schema
from searcher.errors import IndexDamaged, IndexFull
from searcher.files import replace_text
from searcher.model import Sort
from searcher.query.plan import Plan

STATE = "state.json"
SEGMENTS = 32
"""From how many segments on small ones are merged. Merging takes files away that an older view may still open."""

HINT = "`searcher doctor` says what is wrong; `searcher index --rebuild` builds it again from corpus/"


def open_engine(path: Path, write: bool) -> WhooshEngine:
    """The Whoosh index in `path`, a new empty one if there is none and `write` is set.

    Raises IndexDamaged if a file is missing, or has not the size it was written with.
    """
    if write and not any(path.glob("*.toc")):
        path.mkdir(parents=True, exist_ok=True)
        with _faults():
            whoosh_index.create_in(path, schema())
    return WhooshEngine(path)


class WhooshEngine:
    """Searches see the index as it was when the engine was opened, or when this object last wrote to it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        with _faults():
            self._state = _read_state(path)
            self._check_sizes()
            self._index = FileIndex(FileStorage(str(path), supports_mmap=False))
            self._view = View(self._index)

    def last(self) -> int:
        return int(self._state["last"])

    def write(self, put: Iterable[Entry], drop: Iterable[str], last: int) -> None:
        with self._lock, _faults():
            # One lock is enough, and index/lock is held; compound files would be copied whole into memory.
            writer = self._index.writer(limitmb=192, compound=False, _lk=False)
            try:
                self._fill(writer, put, drop)
                writer.commit(merge=len(writer.segments) >= SEGMENTS)
            except BaseException:
                if not writer.is_closed:
                    writer.cancel()
                raise
            self._remember(last)
            self._view.close()
            self._view = View(self._index)

    def _fill(self, writer: Any, put: Iterable[Entry], drop: Iterable[str]) -> None:
        entries = list(put)
        for number in self._view.numbers([*drop, *(entry.id for entry in entries)]):
            writer.delete_document(number)
        for entry in entries:
            writer.add_document(**document(entry))

    def _remember(self, last: int) -> None:
        """The files are written before the state: a crash between the two repeats a write that changes nothing."""
        known = self._state["files"]
        names = sorted(item.name for item in self._path.iterdir() if _is_data(item.name))
        files = {name: known.get(name) or _sum(self._path / name) for name in names}
        self._state = {"last": last, "toc": _toc(self._path), "files": files}
        replace_text(self._path / STATE, json.dumps(self._state, indent=1))

    def search(self, plan: Plan, sort: Sort, offset: int, limit: int | None) -> Found:
        with self._lock, _faults():
            return self._view.search(plan, sort, offset, limit)

    def count(self, plan: Plan, names: Sequence[str]) -> dict[str, dict[str, int]]:
        with self._lock, _faults():
            return self._view.count(plan, names)

    def terms(self, name: str, prefix: str) -> Iterator[str]:
        with self._lock, _faults():
            return iter(self._view.terms(name, prefix))

    def _check_sizes(self) -> None:
        """A state older than the table of contents is that of a crash before `_remember`: it proves nothing."""
        if self._state["toc"] != _toc(self._path):
            return
        for name, (size, _) in self._state["files"].items():
            path = self._path / name
            found = path.stat().st_size if path.exists() else None
            if found != size:
                what = "missing" if found is None else f"{found} bytes long instead of {size}"
                raise IndexDamaged(f"a file of the index is {what}: {path}", HINT)

    def check(self) -> list[str]:
        wrong = []
        for name, (size, crc) in self._state["files"].items():
            path = self._path / name
            if not path.exists():
                wrong.append(f"missing: {path}")
            elif list(_sum(path)) != [size, crc]:
                wrong.append(f"damaged: {path}")
        return wrong

    def close(self) -> None:
        with self._lock:
            self._view.close()
            self._index.close()


def _is_data(name: str) -> bool:
    return name != STATE and not name.endswith(("WRITELOCK", ".tmp"))


def _toc(path: Path) -> str | None:
    """The newest table of contents, by its number."""
    names = [item.name for item in path.glob("_*_*.toc")]
    return max(names, key=lambda name: int(name.split("_")[-1].partition(".")[0]), default=None)


def _sum(path: Path) -> tuple[int, int]:
    size = crc = 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            size, crc = size + len(chunk), zlib.crc32(chunk, crc)
    return size, crc


def _read_state(path: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads((path / STATE).read_text("utf-8"))
    except FileNotFoundError:
        return {"last": 0, "toc": None, "files": {}}
    return state


@contextmanager
def _faults() -> Iterator[None]:
    """Whatever Whoosh stumbles over in its files is a damaged index; a full disk is a full disk."""
    try:
        yield
    except (IndexDamaged, IndexFull, MemoryError):
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise IndexFull(
                "the disk is full", "make room and run the same command again: nothing is lost"
            ) from error
        raise IndexDamaged(f"cannot read the index: {error}", HINT) from error
    except Exception as error:
        raise IndexDamaged(f"cannot read the index: {type(error).__name__}: {error}", HINT) from error
