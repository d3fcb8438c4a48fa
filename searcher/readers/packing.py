"""What comes out of gzip, bzip2, xz and zstd? Their bytes, a bounded piece at a time, member after member."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import zstandard

from searcher.readers import limits
from searcher.readers.source import pieces

_STEP = 1 << 20
_ZSTD_STEP = 1 << 10
"""zstandard cannot bound what comes out, so little goes in: one block of 128 kB may be four bytes."""

_MEMORY = 256 * limits.MB

UNPACKERS: dict[str, Callable[[], Any]] = {
    "gzip": lambda: zlib.decompressobj(31),
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(memlimit=_MEMORY),
    "zstd": lambda: zstandard.ZstdDecompressor(max_window_size=_MEMORY).decompressobj(),
    "zlib": zlib.decompressobj,
    "deflate": lambda: zlib.decompressobj(-15),
}


def unpacked(
    stream: Any, packing: str, member: Callable[[int, int], None] = lambda packed, unpacked: None
) -> Iterator[bytes]:
    """What comes out of a packed stream of one or more members, in pieces of 1 MB at most.

    `member` is called where a member begins and where it ends, with the place in the packed stream and in what
    comes out. NULs after a member are padding. Raises EOFError where the stream ends too early, and what the
    unpacker raises for bytes that are no member.
    """
    new = UNPACKERS[packing]
    unpacker: Any = None
    taken = given = 0
    for chunk in pieces(stream, _ZSTD_STEP if packing == "zstd" else limits.HEAD):
        data = chunk
        while data:
            if unpacker is None:
                padding = len(data) - len(data.lstrip(b"\0"))
                taken, data = taken + padding, data[padding:]
                if not data:
                    break
                unpacker = new()
                member(taken, given)
            for piece in _fed(unpacker, data):
                given += len(piece)
                yield piece
            rest = unpacker.unused_data if unpacker.eof else b""
            taken += len(data) - len(rest)
            data = rest
            if unpacker.eof:
                unpacker = None
                member(taken, given)
    if unpacker is not None:
        raise EOFError("the file ends before its contents")


def _fed(unpacker: Any, data: bytes) -> Iterator[bytes]:
    """What comes out for these bytes, however much it is: three families of unpackers, three ways to bound it."""
    if hasattr(unpacker, "needs_input"):
        yield unpacker.decompress(data, _STEP)
        while not unpacker.eof and not unpacker.needs_input:
            yield unpacker.decompress(b"", _STEP)
    elif isinstance(unpacker, _ZLIB):
        while data and not unpacker.eof:
            yield unpacker.decompress(data, _STEP)
            data = unpacker.unconsumed_tail
    else:
        out = unpacker.decompress(data)
        yield from (out[start : start + _STEP] for start in range(0, len(out), _STEP))


_ZLIB = type(zlib.decompressobj())
