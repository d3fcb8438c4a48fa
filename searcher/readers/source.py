"""What is handed from reader to reader? A stream of bytes, where it came from, and what it may still ask for.

A Source is a file, or a member of one, not yet read. A reader either *opens* it (a bundle gives further
sources, a dump gives pages) or, once it is held in memory as a Record, *reads* it to pages.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import zstandard

from searcher.errors import Unreadable
from searcher.model import Claim, Page, Provenance, Record, Unread
from searcher.readers import limits
from searcher.readers.limits import Budget
from searcher.settings import Settings

if TYPE_CHECKING:
    from searcher.readers.detect import Head

DAMAGE = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    zipfile.BadZipFile,
    tarfile.TarError,
    NotImplementedError,
)
"""What the unpackers of the standard library and zstandard raise for bytes that are not what they should be."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file or a member, not yet read.

    `start` is the place of its first byte in `file`, None where that was packed. `size` is None where nobody
    knows it yet. `kind` and `charset` are what a container said of it.
    """

    stream: io.BufferedReader[Any]
    file: str
    name: str
    budget: Budget
    settings: Settings
    member: str | None = None
    depth: int = 0
    squeezed: bool = False
    size: int | None = None
    start: int | None = 0
    kind: str = ""
    charset: str | None = None
    claims: tuple[Claim, ...] = field(default=())

    def inside(self, name: str) -> str:
        """The member called `name`, with the members it stands in: "inner.zip!a.html"."""
        return f"{self.member}!{name}" if self.member else name

    def unread(self, reason: str, name: str | None = None) -> Unread:
        """The report's line for this source, or for its member `name`."""
        return Unread(self.file, reason, self.inside(name) if name else self.member)

    def child(self, stream: io.BufferedReader[Any], name: str, **known: Any) -> Source:
        """A member of this bundle; `known` are the fields of Source that are known of it."""
        known = {"start": None, "size": None, "squeezed": False, **known}
        return replace(self, stream=stream, name=name, member=self.inside(name), depth=self.depth + 1, **known)

    def load(self) -> Record:
        """All its bytes; raises Unreadable for more than an article."""
        if self.size is not None and self.size > limits.ARTICLE:
            raise Unreadable(too_large(limits.size(self.size)))
        data = self.stream.read(limits.ARTICLE + 1)
        if len(data) > limits.ARTICLE:
            raise Unreadable(too_large("over " + limits.size(limits.ARTICLE)))
        start, length = (self.start, len(data)) if self.start is not None and self.member else (None, None)
        where = Provenance(self.file, self.member, start, length, hashlib.sha256(data).hexdigest())
        return Record(data, where, self.kind, self.charset, self.claims)


class Reader(NamedTuple):
    """One format: how it is told, and either `opens` (a stream) or `reads` (a record in memory).

    media      media types that mean it
    endings    of file names, with the dot: they decide where the content leaves it open
    looks      does the beginning of the file look like it?
    binary     told before anything is taken for text
    """

    name: str
    media: tuple[str, ...]
    endings: tuple[str, ...]
    looks: Callable[[Head], bool]
    opens: Callable[[Source], Iterator[Source | Record | Page | Unread]] | None = None
    reads: Callable[[Record, Settings], Iterator[Page | Unread]] | None = None
    binary: bool = False


class Unpacked(io.RawIOBase):
    """A stream of what an iterator of bytes gives.

    Damage ends the stream, like its end would, and stays in `fault`: what came out before it is kept.
    Raises TooMuch, by way of the budget, for a bomb.
    """

    def __init__(self, chunks: Iterator[bytes], budget: Budget | None = None) -> None:
        super().__init__()
        self.fault: str | None = None
        self.started = False
        self._chunks = chunks
        self._budget = budget
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        """Fill `target` as far as there is data: a peek then sees a full buffer."""
        view = memoryview(target).cast("B")
        done = 0
        while done < len(view):
            if not self._rest:
                self._rest = memoryview(self._next())
                if not self._rest:
                    break
            count = min(len(self._rest), len(view) - done)
            view[done : done + count] = self._rest[:count]
            self._rest = self._rest[count:]
            done += count
        return done

    def _next(self) -> bytes:
        try:
            chunk = next((chunk for chunk in self._chunks if chunk), b"")
        except DAMAGE as error:
            self.fault = reason(error)
            return b""
        if self._budget is not None:
            self._budget.take(len(chunk))
        self.started = self.started or bool(chunk)
        return chunk

    def buffered(self) -> io.BufferedReader[Any]:
        """The stream that readers take."""
        return io.BufferedReader(self, limits.HEAD)


def pieces(stream: Any, count: int = limits.HEAD) -> Iterator[bytes]:
    """The bytes of `stream`, `count` at a time."""
    while chunk := stream.read(count):
        yield chunk


def reason(error: BaseException) -> str:
    """An exception as a reason: lower-case, no full stop.

    >>> reason(EOFError("Compressed file ended."))
    'compressed file ended'
    """
    if isinstance(error, OSError) and error.strerror:
        text = error.strerror
    else:
        text = " ".join(str(error).split())[:200] or type(error).__name__
    return (text[:1].lower() + text[1:]).rstrip(".")


def too_large(much: str) -> str:
    """The reason for not reading something of this size."""
    return f"{much} is more than an article: at most {limits.size(limits.ARTICLE)} are read"
