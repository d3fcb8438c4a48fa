"""How does Tantivy hold the index? The engine: words and ranking in Tantivy, whole values in arrays.

The arrays are segments of the Whoosh engine that have no words. Its table of contents commits both: the words of
generation 12 lie in `words/000012`, and are whole before the table of that generation is there.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from searcher.engines.port import Entry
from searcher.engines.tantivy import folders, words
from searcher.engines.tantivy.faults import writing
from searcher.engines.tantivy.view import TantivyView
from searcher.engines.tantivy.words import NUMBER
from searcher.engines.whoosh import STATE, State, WhooshEngine, toc
from searcher.engines.whoosh.arrays import Array
from searcher.engines.whoosh.segments import Part, Segment
from searcher.engines.whoosh.view import REMEMBERED, View, caches
from searcher.errors import IndexDamaged

WORDS = "words"


def open_engine(path: Path, write: bool) -> TantivyEngine:
    """The index in `path`, a new empty one if there is none and `write` is set.

    Raises IndexDamaged if a file is missing or cut off.
    """
    if write and not any(path.glob("*.toc")) and not (path / STATE).exists():
        with writing(path.parent):
            words.create(_folder(path, 0))
            toc.write(path, 0, ())
    return TantivyEngine(path)


class TantivyEngine(WhooshEngine):
    """Searches see the index as it was when the engine was opened, or when this object last wrote to it."""

    _pending: tuple[words.Writer, range] | None = None

    def write(self, put: Iterable[Entry], drop: Iterable[str], last: int) -> None:
        try:
            super().write(self._both(put), drop, last)
        except BaseException:
            if self._pending:
                self._pending[0].abandon()
            raise
        finally:
            self._pending = None
            self._tidy()

    def _both(self, put: Iterable[Entry]) -> Iterator[Entry]:
        """Gives the words of each entry to Tantivy, and the rest to who takes the entries."""
        first = 1 + max((int(one.max(initial=-1)) for one in map(_numbers, self._parts)), default=-1)
        held = self._contents.generation
        with writing(self._path):
            writer = words.Writer(_folder(self._path, held), _folder(self._path, held + 1))
        self._pending = writer, range(first, first)
        for identity, entry in enumerate(put, first):
            with writing(self._path):
                writer.add(entry, identity)
            self._pending = writer, range(first, identity + 1)
            yield replace(entry, words={}, numbers={**entry.numbers, NUMBER: identity})

    def _committed(self, parts: Iterable[Part], last: int) -> tuple[toc.Contents, State]:
        """The words are whole before the table of contents, which makes them those that answer."""
        assert self._pending
        writer, given = self._pending
        parts = list(parts)
        before = np.concatenate([np.arange(given.start, given.stop), *map(_living, self._parts)])
        after = np.concatenate([np.zeros(0, np.int64), *map(_living, parts)])
        with writing(self._path):
            writer.commit(np.setdiff1d(before, after).tolist())
        return super()._committed(parts, last)

    def _viewed(self, parts: Sequence[Part]) -> View:
        folder, held = _folder(self._path, self._contents.generation), caches(REMEMBERED, parts)
        folders.verify(folder)
        return TantivyView([Segment(part, held) for part in parts], held, folder)

    def _tidy(self) -> None:
        """Removes the words of other generations: of the one before, or of a write that failed."""
        try:
            current = _folder(self._path, toc.read(self._path).generation)
        except (OSError, IndexDamaged):
            return
        for folder in current.parent.iterdir():
            if folder != current:
                shutil.rmtree(folder, ignore_errors=True)

    def check(self) -> list[str]:
        return super().check() + folders.check(_folder(self._path, self._contents.generation))


def _folder(path: Path, generation: int) -> Path:
    return path / WORDS / f"{generation:06}"


def _numbers(part: Part) -> Array:
    held: Array = part.arrays[f"{NUMBER}/numbers"]
    return held


def _living(part: Part) -> Array:
    live = part.live()
    return _numbers(part) if live is None else _numbers(part)[live]
