"""How is index/ brought up to date with corpus/? By reading what is new or has changed, and dropping what is gone.

A full build is the update of an empty generation, and a build that was killed goes on where it stopped. How a file
becomes articles is in `reading`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from searcher import engines
from searcher.corpus import File, Scan, digest, scan, tags_file
from searcher.errors import IndexDamaged, IndexOutdated
from searcher.generations import FORMAT, Index, Local, Meta
from searcher.model import Unread
from searcher.query.plan import EVERYTHING
from searcher.settings import Settings
from searcher.store import Batch, FileRow
from searcher.tags import Tags
from searcher.workers import WORTH, Workers

if TYPE_CHECKING:
    from searcher.reading import FileRead

RULES = 10
"""The version of cleaning and metadata: a higher one than an index has builds that index anew."""

BATCH = 300
"""How many articles, at least, one transaction of the store holds."""

LARGE = 1_000_000
"""Bytes. A file of this size is read in this process, and its pages are spread: another process would hand over
all of its articles at once."""


MANY = 50_000
"""After how many articles other processes cut the words: those that made them hold a gigabyte by then."""

SOME, MUCH = 150_000, 4_000_000
"""Bytes. So much is for a process beside this one: from some sixty articles to a thousand, which all cores make."""


class Step(NamedTuple):
    """What a build is doing, how much of it is done, and of how much; how many articles were put until now."""

    doing: str
    done: int
    total: int
    articles: int


Progress = Callable[[Step], None]
"""Is told of each step."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to build. `workers` None takes every core where there is enough to do; `runner` "ray" the machines of a
    Ray cluster instead."""

    rebuild: bool = False
    engine: str | None = None
    workers: int | None = None
    runner: Literal["processes", "ray"] = "processes"
    dry_run: bool = False
    progress: Progress | None = None
    waiting: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did, or would do: files by what became of them, and the articles there are now."""

    engine: str
    generation: int
    new: int = 0
    changed: int = 0
    gone: int = 0
    unchanged: int = 0
    put: int = 0
    total: int = 0
    unread: tuple[Unread, ...] = ()
    rebuilt: bool = False
    dry_run: bool = False
    seconds: float = 0.0


def build(root: Path, settings: Settings, options: Options) -> Report:
    """Builds or updates root/index from the corpus of the archive, and says what was done.

    Waits for another writer. Raises ArchiveError if a folder of the corpus is missing, IndexFull if the disk is
    full: what answered before still answers, and the next run goes on.
    """
    began, root = time.monotonic(), root.absolute()  # others may work in other folders
    index = Index(root / "index", settings)
    if options.dry_run:
        report = _plan(index, root, settings, options)
        return replace(report, seconds=time.monotonic() - began)
    with index.writing(waiting=options.waiting):
        generation, fresh = _generation(index, settings, options)
        try:
            with _workers(root, settings, options) as workers:
                report = _Build(root, settings, options, generation, fresh, workers).run()
            if fresh or report.put or report.gone:
                _check(generation)
            index.publish(generation)
        finally:
            generation.close()
    return replace(report, rebuilt=fresh, seconds=time.monotonic() - began)


def _workers(root: Path, settings: Settings, options: Options) -> Workers:
    if options.runner == "processes":
        return Workers(options.workers)
    from searcher.machines import Machines  # needs the extra [ray]

    return Machines([root / folder for folder in settings.corpus])


def meta_of(settings: Settings, engine: str | None) -> Meta:
    """What an index of these settings is built with now."""
    shaping = [settings.timezone, settings.day_first, dict(settings.sources), dict(settings.jsonl), RULES,
               settings.cleaning, dict(settings.sites), settings.names]  # fmt: skip
    return Meta(FORMAT, engines.resolve(engine or settings.engine), digest(json.dumps(shaping).encode()))


def _generation(index: Index, settings: Settings, options: Options) -> tuple[Local, bool]:
    meta = meta_of(settings, options.engine)
    number = index.answering()
    if number is not None and not options.rebuild:
        kept = _usable(index, number, meta, chosen=options.engine is not None or settings.engine != "auto")
        if kept:
            return kept, False
    return index.begin(meta), True


def _usable(index: Index, number: int, meta: Meta, chosen: bool) -> Local | None:
    """The generation that answers, if an update is enough: same format, same settings, no other engine chosen."""
    try:
        generation = index.local(number, write=True)
    except (IndexDamaged, IndexOutdated):
        return None
    wanted = meta if chosen else replace(meta, engine=generation.meta.engine)
    if generation.meta == wanted:
        return generation
    generation.close()
    return None


def _plan(index: Index, root: Path, settings: Settings, options: Options) -> Report:
    number = index.answering()
    meta = meta_of(settings, options.engine)
    known: dict[str, FileRow] = {}
    if number is not None and not options.rebuild:
        generation = index.local(number)
        known = generation.store.files() if generation.meta == meta else {}
        generation.close()
    found = scan(root, settings.corpus, known)
    return Report(
        meta.engine, number or 0, len(found.new), len(found.changed), len(found.gone), found.unchanged,
        unread=found.unread, rebuilt=not known, dry_run=True,
    )  # fmt: skip


def _check(generation: Local) -> None:
    """A generation answers only if its engine holds what its store holds."""
    held = generation.engine.search(EVERYTHING, "newest", 0, 0).total
    stored = generation.store.count()
    if held != stored:
        raise IndexDamaged(f"the engine holds {held:,} articles of {stored:,}", "`searcher index --rebuild`")


@dataclass(slots=True)
class _Build:
    root: Path
    settings: Settings
    options: Options
    generation: Local
    fresh: bool
    workers: Workers
    put: int = 0
    unread: list[Unread] = field(default_factory=list)
    waiting: list[FileRead] = field(default_factory=list)

    def run(self) -> Report:
        store = self.generation.store
        if not self.fresh:  # who opens a generation that answers expects all that its store has
            self.generation.roll_forward()
        found = scan(self.root, self.settings.corpus, store.files())
        if found.gone or found.touched:
            store.write(Batch(gone=found.gone, touched=found.touched))
        self._read(found)
        self._settle()
        self._finish()
        return Report(
            self.generation.meta.engine, self.generation.number, len(found.new), len(found.changed),
            len(found.gone), found.unchanged, self.put, store.count(), (*found.unread, *self.unread),
        )  # fmt: skip

    def _read(self, found: Scan) -> None:
        files = [*found.new, *found.changed]
        if not files:
            return
        total, done = sum(file.size for file in files), 0
        for part in self._parts(files):
            self._take(part)
            done += part.read if part.row else 0
            self._tell("reading", done if part.row else done + part.read, total)

    def _parts(self, files: Sequence[File]) -> Iterator[FileRead]:
        """What the files give: many small ones are read by the workers, of others the pages are spread."""
        if SOME <= sum(file.size for file in files) < MUCH:
            self.workers.begin()
        from searcher.reading import read_file  # parsers and word lists: a build that finds nothing new needs none

        limit = LARGE if len(files) >= WORTH else 0
        small = (file for file in files if file.size < limit)
        yield from self.workers.spread(read_file, small, self.settings)
        for file in files:
            if file.size >= limit:
                yield from read_file(file, self.settings, self.workers, partial(self._held, file))

    def _held(self, file: File, row: FileRow) -> frozenset[str]:
        return self.generation.store.begin(row, file.mtime) if file.size >= LARGE else frozenset()

    def _tell(self, doing: str, done: int, total: int) -> None:
        if self.options.progress:
            self.options.progress(Step(doing, done, total, self.put))

    def _take(self, part: FileRead) -> None:
        self.waiting.append(part)
        self.put += len(part.articles)
        self.unread += part.unread
        if sum(len(waiting.articles) for waiting in self.waiting) >= BATCH or len(self.waiting) >= 4 * BATCH:
            self._flush()

    def _flush(self) -> None:
        if not self.waiting:
            return
        articles = {article.id: article for part in self.waiting for article in part.articles}
        kept = frozenset[str]().union(*(part.kept for part in self.waiting))
        rows = tuple(part.row for part in self.waiting if part.row)
        outlines = {name: held for part in self.waiting for name, held in part.outlines.items()}
        self.generation.store.write(Batch(rows, tuple(articles.values()), outlines, kept))
        self.waiting = []

    def _settle(self) -> None:
        self._flush()
        store, tags = self.generation.store, Tags.load(self.root / self.settings.corpus[0])
        self.unread += (Unread(tags_file(self.settings.corpus), str(fault)) for fault in tags.faults())
        if not store.is_settled() or tags.digest != (store.fact("tags") or ""):
            from searcher.settling import settle

            self.unread += settle(store, self.workers, tags.of_articles(), self.settings.names, self._tell)
            store.note("tags", tags.digest)

    def _finish(self) -> None:
        if self.put >= MANY:
            self.workers.rest()
        self.generation.roll_forward(partial(self._tell, "writing the index"), self.workers.spread)
        self.generation.store.forget()
        self.generation.store.settle()
