"""How do arrays lie in a file? Named, aligned, each with its checksum; mapped into memory, not read.

    header     64 bytes: magic, version, size of the file; place, length, CRC-32 of the directory; CRC-32 of these
    arrays     flat, little-endian on every machine, each from a multiple of 64 bytes on
    directory  JSON: facts about the whole; name, type, place, length and CRC-32 of every array

The header is written last: a file that was cut off in the making has none. Opening checks header, directory and
size; check() reads every array.
"""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from struct import Struct
from types import TracebackType
from typing import Any, BinaryIO, TypeAlias

import numpy as np

from searcher.errors import IndexDamaged

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

MAGIC = b"ARRAYS\r\n"
VERSION = 1
_HEADER = Struct("<8sIQQII")  # and a CRC-32 of it
_CRC = Struct("<I")
_SPACE = 64


class ArraysWriter:
    """Writes one file: add() every array, then finish(). As a context manager it removes what was not finished.

    `target` is where the file shall lie, or a stream that can be sought; finish() closes it.
    """

    def __init__(self, target: Path | BinaryIO) -> None:
        self._path = target if isinstance(target, Path) else None
        self._stream = target.open("wb") if isinstance(target, Path) else target
        self._directory: list[tuple[str, str, int, int, int]] = []
        self._finished = False
        self._stream.write(bytes(_SPACE))

    def add(self, name: str, array: Array) -> None:
        """Writes an array of one dimension. Raises ValueError for a name that is taken, or objects."""
        if array.dtype.hasobject or array.ndim != 1 or any(row[0] == name for row in self._directory):
            raise ValueError(f"not an array for a file: {name}")
        flat = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        data = flat.view(np.uint8).data
        at = self._stream.tell()
        self._directory.append((name, flat.dtype.str, at, len(flat), zlib.crc32(data)))
        self._stream.write(data)
        self._stream.write(bytes(-self._stream.tell() % _SPACE))

    def finish(self, facts: Mapping[str, Any]) -> None:
        """Writes the directory with these facts, which JSON can hold, then the header."""
        directory = json.dumps({"facts": facts, "arrays": self._directory}, ensure_ascii=False).encode()
        at = self._stream.tell()
        self._stream.write(directory)
        size = self._stream.tell()
        header = _HEADER.pack(MAGIC, VERSION, size, at, len(directory), zlib.crc32(directory))
        self._stream.seek(0)
        self._stream.write(header + _CRC.pack(zlib.crc32(header)))
        self._stream.close()
        self._finished = True

    def __enter__(self) -> ArraysWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if self._finished:
            return
        with suppress(OSError):  # what could not be written for lack of room cannot be now
            self._stream.close()
        if self._path:
            self._path.unlink(missing_ok=True)


class Arrays(Mapping[str, Array]):
    """A file of arrays, by name; `facts` are those it was finished with. The arrays cannot be written to.

    Opening raises IndexDamaged for a file that is cut off, has another version or a damaged directory.
    """

    def __init__(self, buffer: bytes | mmap.mmap, name: str) -> None:
        self.name = name
        self._buffer = buffer
        directory = self._read_directory()
        self.facts: dict[str, Any] = directory["facts"]
        self._rows: dict[str, tuple[str, int, int, int]] = {row[0]: tuple(row[1:]) for row in directory["arrays"]}

    @classmethod
    def open(cls, path: Path) -> Arrays:
        """Maps a file. Raises IndexDamaged also if it is not there, or empty."""
        try:
            with path.open("rb") as stream:
                return cls(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ), str(path))
        except (FileNotFoundError, ValueError) as error:
            raise IndexDamaged(f"a file of the index is missing or empty: {path}") from error

    def _read_directory(self) -> dict[str, Any]:
        header = self._buffer[: _HEADER.size]
        if len(self._buffer) < _SPACE or header[:8] != MAGIC:
            raise IndexDamaged(f"not a file of arrays: {self.name}")
        _, version, size, at, length, crc = _HEADER.unpack(header)
        if _CRC.unpack_from(self._buffer, _HEADER.size)[0] != zlib.crc32(header):
            raise IndexDamaged(f"damaged at its beginning: {self.name}")
        if version != VERSION:
            raise IndexDamaged(f"has version {version} of the format, this program reads {VERSION}: {self.name}")
        directory = self._buffer[at : at + length]
        if len(self._buffer) != size or zlib.crc32(directory) != crc:
            raise IndexDamaged(f"cut off, or its directory is damaged: {self.name}")
        held: dict[str, Any] = json.loads(directory)
        return held

    def __getitem__(self, name: str) -> Array:
        dtype, at, length, _ = self._rows[name]
        return np.frombuffer(self._buffer, np.dtype(dtype), length, at)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def check(self) -> list[str]:
        """The names of the arrays whose bytes are not those that were written; reads all of them."""
        wrong = []
        for name, (dtype, at, length, crc) in self._rows.items():
            if zlib.crc32(memoryview(self._buffer)[at : at + length * np.dtype(dtype).itemsize]) != crc:
                wrong.append(name)
        return wrong


def smallest(numbers: Array) -> Array:
    """The same numbers, none negative, in the smallest unsigned type that holds them."""
    most = int(numbers.max()) if len(numbers) else 0
    return numbers.astype(np.min_scalar_type(most), copy=False)


def offsets(counts: Array) -> Array:
    """Where each of several runs begins that follow each other, and, at the end, where the last one ends."""
    at = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=at[1:])
    return at


def lengths(at: Array) -> Array:
    """How long each of the runs is whose offsets these are."""
    at = at.astype(np.int64, copy=False)
    return at[1:] - at[:-1]


def changes(numbers: Array) -> Array:
    """Of each number whether it is not the one before."""
    new = np.ones(len(numbers), bool)
    np.not_equal(numbers[1:], numbers[:-1], out=new[1:])
    return new


def tallied(numbers: Array) -> tuple[Array, Array]:
    """The different numbers of a sorted array, and how often each stands there."""
    first = changes(numbers).nonzero()[0]
    return numbers[first], lengths(np.append(first, len(numbers)))


def by_rank(ranks: Array, number: int) -> Array:
    """The order that sorts ranks below `number`; equal ones stay as they are. A radix sort of 16 bits a turn."""
    order = np.argsort(ranks.astype(np.uint16), kind="stable")  # the lower 16 bits
    if number > 1 << 16:
        order = order[np.argsort((ranks >> 16).astype(np.uint16)[order], kind="stable")]
    return order


def checked(at: Array, size: int, name: str) -> Array:
    """Offsets into an array of this size, as signed numbers. Raises IndexDamaged if they do not rise from 0 to it.

    What follows such offsets blindly may ask for any amount of memory.
    """
    at = at.astype(np.int64, copy=False)
    if at[0] != 0 or at[-1] != size or (at[1:] < at[:-1]).any():
        raise IndexDamaged(f"damaged: {name}")
    return at


def ranges(starts: Array, counts: Array) -> Array:
    """The numbers start, start + 1, … of every run, one run after the other."""
    at = offsets(counts)
    return np.repeat(starts - at[:-1], counts) + np.arange(at[-1])
