"""What is inside a packed file? The members of zip and tar, the contents of gzip, bzip2, xz and zstd, as sources.

Nothing is ever written to disk and no link is followed: a member is a stream with a name. How much may come
out is counted in limits; what a member is, its own reader finds.
"""

from __future__ import annotations

import io
import posixpath
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from searcher.errors import Unreadable
from searcher.model import Unread
from searcher.readers import limits, packing, salvage
from searcher.readers.decode import clean
from searcher.readers.detect import Head
from searcher.readers.source import DAMAGE, Source, Unpacked, pieces, reason

_OFFICE = (
    (b"mimetypeapplication/epub+zip", "EPUB book"),
    (b"mimetypeapplication/vnd.oasis.opendocument", "OpenDocument"),
)
_CONTENTS = (
    ("word/document.xml", "Word document"),
    ("xl/workbook.xml", "Excel workbook"),
    ("ppt/presentation.xml", "PowerPoint presentation"),
    ("META-INF/MANIFEST.MF", "Java archive"),
    ("AndroidManifest.xml", "Android package"),
)
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.(?!\.?(?:/|$))|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_SHORTER = {".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".tzst": ".tar"}
_PACKED = (".gz", ".bz2", ".xz", ".zst", ".zstd", ".z")
_TAR_MAGIC = 257
_TAR_STEP = 8192
"""tarfile gives up all of a piece whose end is missing, so pieces are small."""


def unpack(name: str) -> Callable[[Source], Iterator[Source | Unread]]:
    """The opener of a one-stream format: what was packed, as one source in the place of the packed one."""

    def opens(source: Source) -> Iterator[Source | Unread]:
        deeper = source.depth + (1 if source.squeezed else 0)
        if deeper > limits.DEPTH:
            yield source.unread(f"nested too deeply: more than {limits.DEPTH} levels")
            return
        stream = Unpacked(packing.unpacked(source.stream, name), source.budget)
        buffered = stream.buffered()
        if buffered.peek(1):
            inner = _inner_name(source.name)
            yield replace(source, stream=buffered, name=inner, depth=deeper, squeezed=True, size=None, start=None)
        if stream.fault:
            yield source.unread(f"{name} is damaged or cut short: {stream.fault}")
        elif not buffered.peek(1) and not stream.started:
            yield source.unread("empty")

    return opens


def _inner_name(name: str) -> str:
    stem, ending = posixpath.splitext(name)
    if ending.lower() in _SHORTER:
        return stem + _SHORTER[ending.lower()]
    return stem if ending.lower() in _PACKED else name


def looks_like_bzip2(head: Head) -> bool:
    """The magic and, right behind it, that of a first block or of the end: "BZh" alone may begin a text."""
    return head.data.startswith(b"BZh") and head.data[4:10] in (b"1AY&SY", b"\x17rE8P\x90")


def looks_like_tar(head: Head) -> bool:
    """The magic of POSIX and GNU tar, or an old header whose checksum is right."""
    if head.data[_TAR_MAGIC : _TAR_MAGIC + 5] == b"ustar":
        return True
    try:
        return len(head.data) >= 512 and bool(tarfile.TarInfo.frombuf(head.data[:512], "utf-8", "replace").name)
    except tarfile.HeaderError:
        return False


def open_tar(source: Source) -> Iterator[Source | Unread]:
    """The files in a tar, one after the other, as they stand; of what is no plain file, the reason."""
    if source.depth >= limits.DEPTH:
        raise Unreadable(f"nested too deeply: more than {limits.DEPTH} levels")
    try:
        with tarfile.open(fileobj=source.stream, mode="r|", errors="replace") as bundle:
            for info in bundle:
                yield from _tar_member(source, bundle, info)
                bundle.members.clear()  # type: ignore[attr-defined]
    except DAMAGE as error:
        yield source.unread(f"tar is damaged or cut short: {reason(error)}")


def _tar_member(source: Source, bundle: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[Source | Unread]:
    name = _tidy(info.name)
    if info.isdir() or _LITTER.search(name):
        return
    odd = "a sparse file, not read" if info.issparse() else "a link or a device, not followed"
    refused = _refused(name) or (None if info.isreg() and not info.issparse() else odd)
    source.budget.member()
    if refused:
        yield source.unread(refused, name)
        return
    data = bundle.extractfile(info)
    if data is not None:
        start = None if source.start is None else source.start + info.offset_data
        yield from _member(source, pieces(data, _TAR_STEP), name, size=info.size, start=start)


def open_zip(source: Source) -> Iterator[Source | Unread]:
    """The files in a zip; of those that are encrypted, unsafe or damaged, the reason."""
    if source.depth >= limits.DEPTH:
        raise Unreadable(f"nested too deeply: more than {limits.DEPTH} levels")
    for magic, name in _OFFICE:
        if magic in source.stream.peek(128)[:128]:
            raise Unreadable(f"not an article format: {name}")
    stream = source.stream if source.stream.seekable() else io.BytesIO(_held(source))
    try:
        bundle = zipfile.ZipFile(stream)
    except (*DAMAGE, ValueError, IndexError, UnicodeError) as error:
        yield from _salvaged(source, stream, reason(error))
        return
    with bundle:
        names = set(bundle.NameToInfo)
        office = next((kind for name, kind in _CONTENTS if name in names), None)
        if office:
            raise Unreadable(f"not an article format: {office}")
        for info in bundle.infolist():
            yield from _zip_member(source, bundle, info)


def _held(source: Source) -> bytes:
    data = source.stream.read(limits.IN_MEMORY + 1)
    if len(data) > limits.IN_MEMORY:
        raise Unreadable(
            f"a zip inside another file is held in memory, and this is too large: {len(data) >> 20} MB"
        )
    return data


def _zip_member(source: Source, bundle: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[Source | Unread]:
    name = _tidy(_zip_name(info))
    if info.is_dir() or _LITTER.search(name):
        return
    source.budget.member()
    link = stat.S_ISLNK(info.external_attr >> 16)
    refused = _refused(name) or ("a link, not followed" if link else "encrypted" if info.flag_bits & 1 else None)
    if refused:
        yield source.unread(refused, name)
        return
    try:
        data = bundle.open(info)
    except (*DAMAGE, RuntimeError, ValueError) as error:
        yield source.unread(f"cannot be unpacked: {reason(error)}", name)
        return
    with data:
        yield from _member(source, pieces(data), name, size=info.file_size, budget=source.budget)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name: without the flag that says UTF-8 it may be UTF-8 all the same."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _salvaged(source: Source, stream: Any, why: str) -> Iterator[Source | Unread]:
    """The members of a zip whose table of contents is missing: those that stand whole before its end."""
    stream.seek(0)
    for name, chunks in salvage.members(stream):
        name = _tidy(name)
        if name.endswith("/") or _LITTER.search(name):
            continue
        source.budget.member()
        refused = _refused(name)
        if refused:
            yield source.unread(refused, name)
        else:
            yield from _member(source, chunks, name, budget=source.budget)
    yield source.unread(f"zip is damaged or cut short: {why}")


def _member(
    source: Source, chunks: Iterator[bytes], name: str, budget: limits.Budget | None = None, **known: Any
) -> Iterator[Source | Unread]:
    """One member as a source, and what was wrong with its bytes; read to its end, what comes next is behind it."""
    stream = Unpacked(chunks, budget)
    buffered = stream.buffered()
    if buffered.peek(1) or not stream.fault:
        yield source.child(buffered, name, **known)
    while known.get("size") is None and buffered.read(limits.HEAD):
        pass
    if stream.fault:
        yield source.unread(f"damaged or cut short: {stream.fault}", name)


def _tidy(name: str) -> str:
    return clean(name.replace("\n", " ")).removeprefix("./")


def _refused(name: str) -> str | None:
    """Why a member of this name is not read: it points out of its bundle."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:[\\/]", name):
        return "an absolute path, not read"
    return "a path that leads out of its bundle, not read" if ".." in parts else None
