"""How is index/ brought up to date with corpus/? By reading what is new or has changed, and dropping what is gone.

A full build is the update of an empty generation, and a build that was killed goes on where it stopped. How a file
becomes articles is in `reading`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from searcher import engines
from searcher.corpus import Scan, digest, scan, tags_file
from searcher.errors import IndexDamaged, IndexOutdated
from searcher.generations import FORMAT, Index, Local, Meta
from searcher.model import Unread
from searcher.query.plan import EVERYTHING
from searcher.settings import Settings
from searcher.store import Batch, FileRow
from searcher.tags import Tags

if TYPE_CHECKING:
    from searcher.reading import FileRead

RULES = 8
"""The version of cleaning and metadata: a higher one than an index has builds that index anew."""

BATCH = 300
"""How many articles, at least, one transaction of the store holds."""

LARGE = 32_000_000
"""Bytes. A file of this size is read part by part in this process: another could only hand it over whole."""

Progress = Callable[[int, int], None]
"""Is told how many files are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to build. `workers` None takes every core where there is enough to do."""

    rebuild: bool = False
    engine: str | None = None
    workers: int | None = None
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
    began = time.monotonic()
    index = Index(root / "index", settings)
    if options.dry_run:
        report = _plan(index, root, settings, options)
        return replace(report, seconds=time.monotonic() - began)
    with index.writing(waiting=options.waiting):
        generation, fresh = _generation(index, settings, options)
        try:
            report = _Build(root, settings, options, generation).run()
            if fresh or report.put or report.gone:
                _check(generation)
            index.publish(generation)
        finally:
            generation.close()
    return replace(report, rebuilt=fresh, seconds=time.monotonic() - began)


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
    put: int = 0
    unread: list[Unread] = field(default_factory=list)
    waiting: list[FileRead] = field(default_factory=list)

    def run(self) -> Report:
        store = self.generation.store
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
        from searcher.reading import read_file  # parsers and word lists: a build that finds nothing new needs none
        from searcher.workers import spread

        small = [file for file in files if file.size < LARGE]
        large = [file for file in files if file.size >= LARGE]
        parts = chain(
            spread(read_file, small, self.settings, self.options.workers),
            spread(read_file, large, self.settings, 1),
        )
        done = 0
        for part in parts:
            self._take(part)
            done += part.row is not None
            if part.row and self.options.progress:
                self.options.progress(done, len(files))

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

            self.unread += settle(store, self.options.workers, tags.of_articles(), self.settings.names)
            store.note("tags", tags.digest)

    def _finish(self) -> None:
        self.generation.roll_forward()
        self.generation.store.forget()
        self.generation.store.settle()
