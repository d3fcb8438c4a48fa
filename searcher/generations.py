"""Which generation of index/ answers, and who may write? Numbered folders, one pointer, one lock.

    index/current            the number of the generation that answers
    index/lock, writer.json  one writer at a time, and who it is
    index/000007/            meta.json, articles.db, and the engine's files in engine/

A full build fills a new folder beside the old one and swaps the pointer; readers keep what they have open.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

from searcher import engines
from searcher.engines import Engine, Entry, Shared
from searcher.errors import IndexBusy, IndexDamaged, IndexFull, IndexMissing, IndexOutdated
from searcher.files import replace_text
from searcher.settings import OpenSearch, Settings
from searcher.store import Articles, Kept, Store, unpacked

Item = TypeVar("Item")
Work: TypeAlias = "Callable[[Kept, Path], Iterator[Entry]]"
Spread: TypeAlias = "Callable[[Work, Iterable[Kept], Path], Iterator[Entry]]"

STORE = "articles.db"
"""The file of the store."""

FORMAT = 8
"""The format of index/; another one is built anew."""

REBUILD = "`searcher index --rebuild` builds it again from corpus/"

MISSING, BUILD = "there is no index yet", "`searcher index` builds it"


@dataclass(frozen=True, slots=True)
class Meta:
    """What a generation was built with: another format, engine or settings need a new one."""

    format: int
    engine: str
    settings: str


class Generation:
    """One generation, open for reading: its articles and its engine."""

    made = 0
    """What tells its folder from another in the same place."""

    def __init__(self, number: int, meta: Meta, store: Articles, engine: Engine) -> None:
        self.number = number
        self.meta = meta
        self.store = store
        self.engine = engine

    def behind(self) -> bool:
        """Whether the engine holds less than it should."""
        return False

    def sizes(self) -> tuple[int, int]:
        """How many bytes the store and the engine's files have."""
        return 0, self.engine.size() if isinstance(self.engine, Shared) else 0

    def close(self) -> None:
        self.engine.close()
        self.store.close()


class Local(Generation):
    """One generation in a folder of index/."""

    store: Store

    def __init__(self, path: Path, write: bool = False, cluster: OpenSearch | None = None) -> None:
        self.path = path
        self.made = _inode(path)
        self.cluster = cluster
        meta = read_meta(path)
        store = Store(path / STORE, write)
        super().__init__(int(path.name), meta, store, engines.create(meta.engine, path / "engine", write, cluster))

    def sizes(self) -> tuple[int, int]:
        return _size(self.path, f"{STORE}*"), super().sizes()[1] or _size(self.path, "engine/**/*")

    def behind(self) -> bool:
        """Whether the store has changes that the engine has not."""
        return self.engine.last() < self.store.last()

    def roll_forward(
        self, tell: Callable[[int, int], None] = lambda done, total: None, spread: Spread | None = None
    ) -> None:
        """Gives the engine what the store has and it has not. Safe to repeat after a crash at any moment.

        `tell` is told how many articles were given, and of how many; `spread` has their words cut elsewhere.
        """
        last = self.store.last()
        if self.engine.last() < last:
            total = self.store.count(self.engine.last())
            drop, put = self.store.since(self.engine.last())
            given = (spread or _here)(_entry, told(put, total, tell), self.path / STORE)
            self.engine.write(given, drop, last)

    def publish(self, settings: Settings) -> None:
        """Tells whoever reads this generation from another machine all that lies in no article."""
        if isinstance(self.engine, Shared):
            files, unread = self.store.scanned()
            self.engine.publish(
                generation=self.number, languages=dict(self.store.languages()), files=files, unread=unread[:1000],
                timezone=settings.timezone, day_first=settings.day_first,
            )  # fmt: skip


def told(items: Iterable[Item], total: int, tell: Callable[[int, int], None]) -> Iterator[Item]:
    """The items; `tell` is told now and then how many were taken, of so many."""
    for done, item in enumerate(items):
        if done % 100 == 0:
            tell(done, total)
        yield item


def _entry(kept: Kept, path: Path) -> Iterator[Entry]:
    yield engines.entry_of(unpacked(kept, path))


def _here(work: Work, items: Iterable[Kept], context: Path) -> Iterator[Entry]:
    return (entry for item in items for entry in work(item, context))


Held = TypeVar("Held", bound=Generation)


def needed(held: Held | None) -> Held:
    """The generation, which is there. Raises IndexMissing if it is not."""
    if held is None:
        raise IndexMissing(MISSING, BUILD)
    return held


def read_meta(path: Path) -> Meta:
    """What the generation in this folder was built with.

    Raises IndexDamaged if that cannot be read, IndexOutdated if it has another format.
    """
    try:
        held = json.loads((path / "meta.json").read_text("utf-8"))
        number = int(held["format"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"cannot read the index: {path / 'meta.json'}", REBUILD) from error
    if number != FORMAT:
        raise IndexOutdated(f"the index has format {number}, this version reads {FORMAT}", REBUILD)
    return Meta(number, str(held.get("engine")), str(held.get("settings")))


class Index:
    """The folder index/."""

    def __init__(self, path: Path, settings: Settings | None = None) -> None:
        self.path = path
        self.settings = settings or Settings()

    def local(self, number: int, write: bool = False) -> Local:
        """Opens a generation."""
        return Local(self.folder(number), write, self.settings.opensearch)

    def current(self) -> int | None:
        """The number of the generation that answers; None before the first build. Raises IndexDamaged."""
        try:
            text = (self.path / "current").read_text("ascii")
            return int(text)
        except FileNotFoundError:
            return None
        except (ValueError, OSError) as error:
            raise IndexDamaged(f"cannot read the index: {self.path / 'current'}", REBUILD) from error

    def has_moved_on(self, generation: Generation) -> bool:
        """Whether another generation answers, this one was deleted and built again, or its engine is behind."""
        gone = _inode(self.folder(generation.number)) != generation.made
        return gone or self.current() != generation.number or generation.behind()

    def answering(self) -> int | None:
        """As current(), for who is about to build: a pointer that cannot be read points nowhere."""
        try:
            return self.current()
        except IndexDamaged:
            return None

    def folder(self, number: int) -> Path:
        """Where a generation lies."""
        return self.path / f"{number:06}"

    def numbers(self) -> list[int]:
        """The generations that are there, finished or not."""
        if not self.path.is_dir():
            return []
        return sorted(int(item.name) for item in self.path.iterdir() if item.name.isdigit() and item.is_dir())

    def open(self, missing: str = BUILD) -> Local:
        """The generation that answers, for reading, with its engine rolled forward if a crash left it behind.

        Raises IndexMissing before the first build, IndexOutdated and IndexDamaged.
        """
        for patience in (0.02, 0.1, None):
            number = self.current()
            if number is None:
                raise IndexMissing(MISSING, missing)
            try:
                generation = self.local(number)
                self._catch_up(generation)
                return generation
            except IndexDamaged:  # or a writer put other files, or another generation, in the place of these
                if patience is None:
                    raise
                time.sleep(patience)
        raise AssertionError("the last try returns or raises")

    def _catch_up(self, generation: Local) -> None:
        """Only who may write rolls an engine on disk forward; a writer at work will do it by itself.

        Where it cannot be done (a medium that is read-only or full) the engine answers with what it holds.
        """
        if not generation.behind():
            return
        if generation.meta.engine == "memory":
            generation.roll_forward()
            return
        try:
            with self.writing(wait=False):
                writer = self.local(generation.number, write=True)
                writer.roll_forward()
                writer.close()
        except (IndexBusy, IndexFull, OSError):
            return
        generation.engine = self.local(generation.number).engine

    def begin(self, meta: Meta) -> Local:
        """A new generation, or an unfinished one of the same kind to go on with, open for writing."""
        current = self.answering() or 0
        for number in self.numbers():
            if number > current and _unfinished(self.folder(number), meta):
                return self.local(number, write=True)
        number = max([current, *self.numbers()]) + 1
        folder = self.folder(number)
        folder.mkdir(parents=True)
        replace_text(folder / "meta.json", json.dumps(asdict(meta), indent=1))
        return self.local(number, write=True)

    def publish(self, generation: Local) -> None:
        """Lets this generation answer from now on, and removes the others."""
        generation.publish(self.settings)
        if self.answering() != generation.number:
            replace_text(self.path / "current", f"{generation.number}\n")
        for number in self.numbers():
            if number != generation.number:
                shutil.rmtree(self.folder(number), ignore_errors=True)

    @contextmanager
    def writing(self, wait: bool = True, waiting: Callable[[str], None] | None = None) -> Iterator[None]:
        """Holds the lock. Waits for another writer, of whom `waiting` is told once; or raises IndexBusy."""
        from filelock import FileLock, Timeout

        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            holder = self._holder()
            if not wait:
                raise IndexBusy(f"the index is being written by {holder}", "try again when it is done") from None
            if waiting:
                waiting(holder)
            lock.acquire()
        try:
            replace_text(self.path / "writer.json", json.dumps({"pid": os.getpid(), "since": time.time()}))
            yield
        finally:
            lock.release()

    def _holder(self) -> str:
        try:
            held = json.loads((self.path / "writer.json").read_text("utf-8"))
            since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(held["since"]))
            return f"process {held['pid']} since {since}"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"


def _inode(folder: Path) -> int:
    """What tells a folder from another that was made in its place; 0 where there is none."""
    try:
        return folder.stat().st_ino
    except FileNotFoundError:
        return 0


def _size(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.glob(pattern) if path.is_file())


def _unfinished(folder: Path, meta: Meta) -> bool:
    try:
        return read_meta(folder) == meta
    except (IndexDamaged, IndexOutdated):
        return False
