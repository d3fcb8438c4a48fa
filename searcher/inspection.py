"""What does the archive hold, and is its index whole and up to date?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from searcher.corpus import scan
from searcher.errors import IndexFault
from searcher.generations import Generation, Index
from searcher.query.plan import EVERYTHING
from searcher.settings import Settings

COUNTED = ("source", "agency", "lang", "author", "person", "place", "org", "date", "story")


@dataclass(frozen=True, slots=True)
class Stats:
    """Numbers of one generation: `values` counts articles by value for each field of COUNTED; sizes are bytes."""

    articles: int
    files: int
    unread: tuple[str, ...]
    values: Mapping[str, Mapping[str, int]]
    engine: str
    generation: int
    store_bytes: int
    engine_bytes: int


def stats(generation: Generation) -> Stats:
    """The numbers of a generation."""
    files = generation.store.files()
    return Stats(
        articles=generation.store.count(),
        files=len(files),
        unread=tuple(line for row in files.values() for line in row.unread),
        values=generation.engine.count(EVERYTHING, COUNTED),
        engine=generation.meta.engine,
        generation=generation.number,
        store_bytes=_size(generation.path, "articles.db*"),
        engine_bytes=_size(generation.path, "engine/**/*"),
    )


def _size(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.glob(pattern) if path.is_file())


def examine(root: Path, settings: Settings) -> list[str]:
    """What is wrong with the index, a line each: damage first, then what it has missed of corpus/."""
    index = Index(root / "index")
    try:
        generation = index.open()
    except IndexFault as error:
        return [error.message]
    try:
        return [*_damage(generation), *_missed(generation, root, settings)]
    finally:
        generation.close()


def _damage(generation: Generation) -> list[str]:
    """Reads every byte of the store and of the engine, and compares what they hold."""
    try:
        wrong = [*generation.store.check(), *generation.engine.check()]
        if wrong:
            return wrong
        number = generation.store.count()
        stored = set(generation.store.ids())
        held = set(generation.engine.search(EVERYTHING, "newest", 0, None).ids)
    except IndexFault as error:
        return [error.message]
    lost, extra = len(stored - held), len(held - stored)
    if lost or extra:
        return [f"of {number:,} articles the engine lacks {lost:,}, and it holds {extra:,} others"]
    return []


def _missed(generation: Generation, root: Path, settings: Settings) -> list[str]:
    try:
        found = scan(root, settings.corpus, generation.store.files())
    except IndexFault:
        return []  # the store itself is damaged, and was named before
    counts = (("new", len(found.new)), ("changed", len(found.changed)), ("gone", len(found.gone)))
    late = [f"{number:,} {what}" for what, number in counts if number]
    return [f"not up to date: {', '.join(late)} in corpus/"] if late else []
