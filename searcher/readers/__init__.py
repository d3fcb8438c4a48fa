"""What is in a file? One row a format: bytes to pages, whatever they are packed in.

    file → (bundles, dumps: sources within sources) → record → page

A file is told by its content, read by its row of READERS, and never stops a run: what cannot be read is an
Unread with its reason. How much a file may ask for stands in `limits`. What a page's blocks and claims mean is
left to cleaning and metadata.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from searcher.errors import Unreadable
from searcher.model import Claim, Page, Record, Unread
from searcher.readers import bundle, feed, html, jsonl, limits, markdown, plain, sites, warc
from searcher.readers.detect import Head, kind, starts
from searcher.readers.limits import Budget, TooMuch
from searcher.readers.source import DAMAGE, Reader, Source, reason
from searcher.settings import Settings

READERS: tuple[Reader, ...] = (
    Reader("warc", ("application/warc",), (".warc", ".arc"), warc.looks, opens=warc.open_, binary=True),
    Reader(
        "zip", ("application/zip",), (), starts(b"PK\x03\x04", b"PK\x05\x06"), opens=bundle.open_zip, binary=True
    ),
    Reader("gzip", ("application/gzip",), (), starts(b"\x1f\x8b"), opens=bundle.unpack("gzip"), binary=True),
    Reader("bzip2", (), (), bundle.looks_like_bzip2, opens=bundle.unpack("bzip2"), binary=True),
    Reader("xz", (), (), starts(b"\xfd7zXZ\x00"), opens=bundle.unpack("xz"), binary=True),
    Reader("zstd", (), (), starts(b"\x28\xb5\x2f\xfd"), opens=bundle.unpack("zstd"), binary=True),
    Reader("tar", ("application/x-tar",), (), bundle.looks_like_tar, opens=bundle.open_tar, binary=True),
    Reader("jsonl", ("application/json",), (".jsonl", ".ndjson", ".json"), jsonl.looks, opens=jsonl.open_),
    Reader("feed", ("application/rss+xml", "application/atom+xml"), (".rss", ".atom"), feed.looks, reads=feed.read),
    Reader(
        "html", ("text/html", "application/xhtml+xml"), (".html", ".htm", ".xhtml"), html.looks, reads=html.read
    ),
    Reader("markdown", ("text/markdown",), (".md", ".markdown"), markdown.looks, reads=markdown.read),
    Reader("plain", ("text/plain",), (".txt", ".text"), plain.looks, reads=plain.read),
)
"""The formats. Packed ones first; then texts, the easiest to tell first. The last takes what is left."""


def read(path: Path, name: str, settings: Settings) -> Iterator[Page | Unread]:
    """The pages in the file at `path`, in its order, and a reason for whatever in it gives none.

    `name` is the file's name in the archive, with slashes; it goes into Provenance and Unread. Never raises for
    what the file holds, nor for a file that cannot be opened or read: that is an Unread, at least one item comes.
    Raises SettingsError for rules that cannot be used, whatever the file holds.
    """
    sites.check(settings)
    try:
        with io.BufferedReader(path.open("rb", buffering=0), limits.HEAD) as stream:
            size = path.stat().st_size
            yield from _walk(Source(stream, name, name, Budget(size), settings, size=size))
    except TooMuch as error:
        yield Unread(name, error.message)
    except OSError as error:
        yield Unread(name, f"cannot be read: {reason(error)}")


def _walk(source: Source) -> Iterator[Page | Unread]:
    """The pages of one source, and of the sources in it."""
    try:
        data = source.stream.peek(limits.HEAD)[: limits.HEAD]
        if not data.strip(b" \t\r\n\xef\xbb\xbf"):
            yield source.unread("empty")
            return
        reader = kind(Head(data, source.name, source.charset), source.kind, READERS)
        if reader.opens is not None:
            given = False
            for item in reader.opens(source):
                for result in _item(item, source.settings):
                    given = True
                    yield result
            if not given:
                yield source.unread(f"no article in it: {reader.name}")
        else:
            yield from _record(source.load(), reader, source.settings)
    except Unreadable as error:
        yield source.unread(error.message)
    except DAMAGE as error:
        yield source.unread(f"damaged or cut short: {reason(error)}")


def _item(item: Source | Record | Page | Unread, settings: Settings) -> Iterator[Page | Unread]:
    match item:
        case Source():
            yield from _walk(item)
        case Record():
            yield from _declared(item, settings)
        case _:
            yield _checked(item)


def _declared(record: Record, settings: Settings) -> Iterator[Page | Unread]:
    """A record that a container gave, read as what it looks like or was declared to be."""
    where = record.provenance
    try:
        reader = kind(Head(record.data[: limits.HEAD], "", record.charset), record.kind, READERS)
        if reader.reads is None:
            raise Unreadable(f"not an article format: {reader.name}")
        yield from _record(record, reader, settings)
    except Unreadable as error:
        yield Unread(where.file, error.message, where.member)


def _record(record: Record, reader: Reader, settings: Settings) -> Iterator[Page | Unread]:
    if reader.reads is not None:
        for item in reader.reads(record, settings):
            yield _checked(item)


def _checked(item: Page | Unread) -> Page | Unread:
    """A page on which nothing can be read is no article; one without an end is read to BLOCKS, a claim to CLAIM."""
    if isinstance(item, Unread):
        return item
    if any(len(claim.value) > limits.CLAIM for claim in item.claims):
        short = (claim._replace(value=claim.value[: limits.CLAIM]) for claim in item.claims)
        item = replace(item, claims=tuple(short))
    if len(item.blocks) >= limits.BLOCKS:
        note = Claim("note", f"only the first {limits.BLOCKS} blocks were read", "reader")
        return replace(item, blocks=item.blocks[: limits.BLOCKS], claims=(*item.claims, note))
    if any(block.text for block in item.blocks) or item.claimed("title"):
        return item
    return Unread(item.provenance.file, "no text in it", item.provenance.member)


__all__ = ["READERS", "Reader", "read"]
