"""What stands in a zip whose table of contents is lost? The members, by the headers before each of them.

A download that broke off has no table: it stands at a zip's end. The headers in front of the members (APPNOTE
4.3.7, https://support.pkware.com/pkzip/appnote) say enough to read those that came through.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import IO

from searcher.readers import limits

_HEADER = struct.Struct("<4s5H3I2H")
_MAGIC = b"PK\x03\x04"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _LENGTH_AFTER, _UTF8 = 0x1, 0x8, 0x800
_AFTER = b"PK\x07\x08"


def members(stream: IO[bytes]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The name and the bytes of each member, in the order of the file, as far as they can be followed.

    The bytes must be read to their end before the next member. Ends at what is no header, at a member that is
    encrypted or packed in another way than deflate, and at a stored one whose length is not said.
    """
    while True:
        header = stream.read(_HEADER.size)
        if len(header) < _HEADER.size or not header.startswith(_MAGIC):
            return
        _, _, flags, method, _, _, _, packed, _, named, extra = _HEADER.unpack(header)
        name = stream.read(named).decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        stream.seek(extra, 1)
        unknown = bool(flags & _LENGTH_AFTER)
        if flags & _ENCRYPTED or method not in (_STORED, _DEFLATED) or (method == _STORED and unknown):
            return
        chunks = _inflated(stream) if method == _DEFLATED else _stored(stream, packed)
        yield name, chunks
        if unknown:
            _skip_lengths(stream)


def _stored(stream: IO[bytes], length: int) -> Iterator[bytes]:
    while length > 0:
        chunk = stream.read(min(length, limits.HEAD))
        if not chunk:
            raise EOFError("the file ends before its contents")
        length -= len(chunk)
        yield chunk


def _inflated(stream: IO[bytes]) -> Iterator[bytes]:
    """Deflated bytes know their own end; the stream is left right behind it."""
    unpacker = zlib.decompressobj(-15)
    while not unpacker.eof:
        chunk = stream.read(limits.HEAD)
        if not chunk:
            raise EOFError("the file ends before its contents")
        while chunk and not unpacker.eof:
            yield unpacker.decompress(chunk, limits.MB)
            chunk = unpacker.unconsumed_tail
    stream.seek(-len(unpacker.unused_data), 1)


def _skip_lengths(stream: IO[bytes]) -> None:
    """The data descriptor behind a member whose length was not known: with or without its magic."""
    magic = stream.read(4)
    stream.seek(12 if magic == _AFTER else 8, 1)
