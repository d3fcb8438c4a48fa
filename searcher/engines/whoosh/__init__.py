"""How does Whoosh hold the index? The engine: opening, committing, and the port over `view`.

The index is a real Whoosh index (package whoosh3) in a codec of ours: `whoosh.index.open_dir` opens it wherever
this package can be imported. Searching needs no Whoosh: the table of contents names the segments, and their arrays
are mapped into memory. Beside them lies `state.json`: the newest log entry held, and checksums of the table and of
itself.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

from searcher.engines.port import Counts, Entry, Found
from searcher.engines.whoosh import toc
from searcher.engines.whoosh.arrays import Arrays
from searcher.engines.whoosh.segments import EXTENSION, Part, Segment
from searcher.engines.whoosh.toc import HINT
from searcher.engines.whoosh.view import REMEMBERED, View, caches
from searcher.errors import IndexBusy, IndexDamaged, IndexFault, IndexFull
from searcher.files import replace_text
from searcher.model import Sort
from searcher.query.plan import Plan

STATE = "state.json"

T = TypeVar("T")


def open_engine(path: Path, write: bool) -> WhooshEngine:
    """The Whoosh index in `path`, a new empty one if there is none and `write` is set.

    Raises IndexDamaged if a file is missing or cut off, or its directory is damaged.
    """
    if write and not any(path.glob("*.toc")) and not (path / STATE).exists():
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
            _compare(path, self._contents, self._state)
            self._parts = [_opened(path, held) for held in self._contents.segments]
            self._view = self._viewed(self._parts)

    def last(self) -> int:
        return self._state.last

    def write(self, put: Iterable[Entry], drop: Iterable[str], last: int) -> None:
        from searcher.engines.whoosh.writing import updated  # a search does not wait for it

        theirs: list[Exception] = []
        with self._writing, _faults(theirs):
            if toc.read(self._path).generation != self._contents.generation:
                raise IndexBusy("the index was written to since it was opened", "run the same command again")
            with _only_listed(self._path):
                parts = updated(self._path, self._parts, _noting(put, theirs), _noting(drop, theirs))
                self._contents, self._state = self._committed(parts, last)
                self._parts, self._view = parts, self._viewed(parts)

    def _committed(self, parts: Iterable[Part], last: int) -> tuple[toc.Contents, State]:
        """The table is written before the state: a crash between the two repeats a write that changes nothing."""
        segments = [toc.Held(part.identity, part.arrays.facts["docs"], tuple(part.deleted)) for part in parts]
        generation = self._contents.generation + 1
        table = self._path / toc.write(self._path, generation, segments)
        try:
            state = State(last, generation, _sum(table))
            contents = toc.read(self._path)
            self._remember(state)
        except Exception:
            table.unlink(missing_ok=True)
            raise
        return contents, state

    def _viewed(self, parts: Sequence[Part]) -> View:
        """What answers of these segments, which are those of the table of contents."""
        return _view(parts)

    def _remember(self, state: State) -> None:
        replace_text(self._path / STATE, state.written())

    def search(self, plan: Plan, sort: Sort, offset: int, limit: int | None) -> Found:
        with self._reading():
            return self._view.search(plan, sort, offset, limit)

    def count(self, plan: Plan, names: Sequence[str], by: str | None = None) -> Mapping[str, Counts]:
        with self._reading():
            return self._view.count(plan, names, by)

    def terms(self, name: str, prefix: str) -> Iterable[str]:
        with self._reading():
            return self._view.terms(name, prefix)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Damaged numbers may ask for any amount of memory; check() tells that from a lack of it."""
        try:
            with _faults():
                yield
        except MemoryError as error:
            for line in self.check():
                raise IndexDamaged(line, HINT) from error
            raise

    def check(self) -> list[str]:
        wrong = [f"damaged: {part.arrays.name}: {array}" for part in self._parts for array in part.arrays.check()]
        try:
            with _faults():
                self._check_table()
        except IndexDamaged as error:
            wrong.append(error.message)
        return wrong

    def _check_table(self) -> None:
        """A table that a writer has replaced since is no damage."""
        state = _read_state(self._path)
        if toc.read(self._path).generation == self._contents.generation:
            _compare(self._path, self._contents, state)

    def close(self) -> None:
        """The files are let go of when nothing reads them any more."""
        self._parts, self._view = [], _view([])


def _opened(path: Path, held: toc.Held) -> Part:
    if not held.ours:
        raise IndexDamaged(f"a segment was written by another program: {path / held.identity}", HINT)
    arrays = Arrays.open(path / (held.identity + EXTENSION))
    if (arrays.facts.get("identity"), arrays.facts["docs"]) != (held.identity, held.docs):
        raise IndexDamaged(f"another file in the place of a segment: {arrays.name}")
    return Part(held.identity, arrays, set(held.deleted))


def _view(parts: Sequence[Part]) -> View:
    held = caches(REMEMBERED, parts)
    return View([Segment(part, held) for part in parts], held)


class State(NamedTuple):
    """The newest log entry that the index holds; the table of contents that says so, and its CRC-32."""

    last: int = 0
    generation: int = 0
    crc: int | None = None

    def written(self) -> str:
        """As JSON, with a checksum of its own."""
        return json.dumps({**self._asdict(), "sum": zlib.crc32(repr(self).encode())}, indent=1)


def _read_state(path: Path) -> State:
    """The state that was written last; that of a new index if there is none."""
    try:
        held = json.loads((path / STATE).read_bytes())
        state, crc = State(held["last"], held["generation"], held["crc"]), held["sum"]
    except FileNotFoundError:
        return State()
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"damaged: {path / STATE}") from error
    if crc != zlib.crc32(repr(state).encode()):
        raise IndexDamaged(f"damaged: {path / STATE}")
    return state


def _compare(path: Path, contents: toc.Contents, state: State) -> None:
    """Raises IndexDamaged if the table of contents is not the one that was written.

    A state older than it is that of a crash before the state was written, and says nothing against it.
    """
    if state.crc is None and contents.generation > 1:
        raise IndexDamaged(f"a file of the index is missing: {path / STATE}")
    if state.generation > contents.generation:
        raise IndexDamaged(f"the table of contents is missing: {path}, generation {state.generation}")
    if state.generation == contents.generation and state.crc not in (None, _sum(path / contents.name)):
        raise IndexDamaged(f"damaged: {path / contents.name}")


def _sum(path: Path) -> int:
    return zlib.crc32(path.read_bytes())


@contextmanager
def _only_listed(path: Path) -> Iterator[None]:
    """Removes what the table of contents does not list, in the end: an older state, or what failed.

    What cannot be removed, because a reader has it open on some systems, is left to the next write.
    """
    try:
        yield
    finally:
        with suppress(OSError, IndexDamaged):
            contents = toc.read(path)
            listed = {contents.name, STATE, *(held.identity + EXTENSION for held in contents.segments)}
            for item in path.iterdir():
                if _ours(item) and item.name not in listed:
                    with suppress(OSError):
                        item.unlink()


def _ours(item: Path) -> bool:
    """Whether a write makes such files; tables and states have other names until they are whole."""
    return item.suffix == EXTENSION or ".toc" in item.suffixes or item.name.startswith(STATE)


def _noting(given: Iterable[T], errors: list[Exception]) -> Iterator[T]:
    """What is given, with a note of what its maker fails with: that is none of the index's faults."""
    try:
        yield from given
    except Exception as error:
        errors.append(error)
        raise


@contextmanager
def _faults(theirs: Sequence[Exception] = ()) -> Iterator[None]:
    """Whatever is stumbled over in the files is a damaged index; a full disk is a full disk; `theirs` pass."""
    try:
        yield
    except Exception as error:
        fault = None if error in theirs else _fault(error)
        if fault is None:
            raise
        raise fault from error


def _fault(error: Exception) -> IndexFault | None:
    """What an error means; None if it says so itself."""
    match error:
        case IndexDamaged(hint=None):
            return IndexDamaged(error.message, HINT)
        case IndexFault() | MemoryError():
            return None
        case OSError() if IndexFull.is_said_by(error):
            return IndexFull()
        case OSError():
            return IndexDamaged(f"cannot read the index: {error}", HINT)
        case _:
            return IndexDamaged(f"cannot read the index: {type(error).__name__}: {error}", HINT)
