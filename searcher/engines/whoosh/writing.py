"""What becomes of the segments when entries are written? New ones, deletions in old ones, merges of small ones.

What one write brings becomes one segment, or as few as LARGEST allows. Segments of a like size are merged when
there are FACTOR of them: an article is copied once for each power of FACTOR that the archive grows by, and adding
to a large archive never rewrites it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from searcher.engines.port import Entry
from searcher.engines.whoosh.arrays import Array, Arrays, ArraysWriter
from searcher.engines.whoosh.buffer import Buffer, hashed
from searcher.engines.whoosh.merging import merge
from searcher.engines.whoosh.segments import EXTENSION, Column, Part
from searcher.errors import IndexDamaged

FULL = 4_000_000
"""Positions and values after which a buffer becomes a segment: bounds the memory of a write."""

LARGEST = 1 << 16
"""Documents in a segment, at the most: their numbers take two bytes."""

FACTOR = 8

EMPTIED = 0.4
"""From which share of deleted documents on a segment is written anew."""


def updated(folder: Path, parts: Iterable[Part], put: Iterable[Entry], drop: Iterable[str]) -> list[Part]:
    """The segments after a write. No file that was there is touched: what is no longer listed can be removed."""
    held = [Part(part.identity, part.arrays, set(part.deleted)) for part in parts]
    _drop(held, drop)
    filling: list[Part] = []
    for part in _filled(folder, put):
        ids = Column(part.arrays, "id")
        for older in (*held, *filling):
            _delete(older, ids.hashes, lambda article, ids=ids: ids.shown.find(article) >= 0)  # type: ignore[misc]
        if sum(one.left for one in filling) + part.left > LARGEST:
            held.append(_joined(folder, filling))
            filling = []
        filling.append(part)
    if filling:
        held.append(_joined(folder, filling))
    return _levelled(folder, [part for part in held if part.left])


def _joined(folder: Path, parts: Sequence[Part]) -> Part:
    """New segments as one; their own files, which nobody knows yet, go."""
    if len(parts) == 1:
        return parts[0]
    merged = _merge(folder, parts)
    for part in parts:
        (folder / (part.identity + EXTENSION)).unlink()
    return merged


def _filled(folder: Path, put: Iterable[Entry]) -> Iterator[Part]:
    """The entries in segments of a bounded size."""
    buffer = Buffer()
    for entry in put:
        buffer.add(entry)
        if buffer.size >= FULL or buffer.docs >= LARGEST:
            yield _flushed(folder, buffer)
            buffer = Buffer()
    if buffer.docs:
        yield _flushed(folder, buffer)


def _flushed(folder: Path, buffer: Buffer) -> Part:
    def fill(add: Callable[[str, Array], None]) -> dict[str, Any]:
        facts = buffer.facts()
        for name, array in buffer.arrays():
            add(name, array)
        return facts

    part = _made(folder, fill)
    part.deleted = buffer.replaced
    return part


def _made(folder: Path, fill: Callable[[Callable[[str, Array], None]], dict[str, Any]]) -> Part:
    """A new segment. `fill` is given what adds an array, and returns the facts."""
    identity = f"MAIN_{os.urandom(8).hex()}"
    path = folder / (identity + EXTENSION)
    with ArraysWriter(path) as writer:
        writer.finish({**fill(writer.add), "identity": identity})
    return Part(identity, Arrays.open(path))


def _drop(parts: Sequence[Part], drop: Iterable[str]) -> None:
    dropped = {article.encode("utf-8", "surrogatepass") for article in drop}
    hashes = np.array([hashed(article) for article in dropped], np.uint64)
    for part in parts:
        _delete(part, hashes, dropped.__contains__)


def _delete(part: Part, hashes: Array, wanted: Callable[[bytes], bool]) -> None:
    """Deletes the documents whose id has one of these hashes, and is wanted: hashes alone do not decide."""
    ids = Column(part.arrays, "id")
    alike = np.flatnonzero(np.isin(ids.hashes, hashes))
    numbers = [number for number in alike.tolist() if wanted(ids.shown[number])]
    if numbers:
        docs = np.arange(part.arrays.facts["docs"])
        part.deleted.update(np.flatnonzero(np.isin(ids.first(docs), numbers)).tolist())


def _levelled(folder: Path, parts: list[Part]) -> list[Part]:
    """Merges where there are FACTOR segments of one level, until there is no such level; and what is half empty."""
    while True:
        levels: dict[int, list[Part]] = {}
        for part in parts:
            if part.left * 2 <= LARGEST:
                levels.setdefault(_level(part.left), []).append(part)
        group = next((level for level in levels.values() if len(level) >= FACTOR), None)
        group = group or next(([part] for part in parts if _half_empty(part)), None)
        if group is None:
            return parts
        merged = [_merge(folder, some) for some in _packed(group)]
        parts = [part for part in parts if part not in group] + merged


def _level(docs: int) -> int:
    """The power of FACTOR that a number reaches."""
    level = 0
    while docs >= FACTOR:
        docs, level = docs // FACTOR, level + 1
    return level


def _half_empty(part: Part) -> bool:
    return part.left < (1 - EMPTIED) * int(part.arrays.facts["docs"])


def _packed(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts in groups of at most LARGEST documents."""
    groups: list[list[Part]] = []
    for part in parts:
        if groups and sum(one.left for one in groups[-1]) + part.left <= LARGEST:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def _merge(folder: Path, parts: Sequence[Part]) -> Part:
    """Raises IndexDamaged for arrays that are damaged: the checksums of the new segment would vouch for them."""
    for part in parts:
        for array in part.arrays.check():
            raise IndexDamaged(f"damaged: {part.arrays.name}: {array}")
    return _made(folder, lambda add: merge(parts, add))
