"""Which pages did a crawl save? WARC and ARC, gzipped or not: a record for each page that was answered.

Requests, revisits and the crawler's own notes are passed over. A record that is no page (a picture, a missing
page) is reported with its reason; a file that breaks off gives what came before.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import re
import zlib
from collections.abc import Iterator
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from searcher.errors import Unreadable
from searcher.model import Claim, Provenance, Record, Unread
from searcher.readers import limits, packing
from searcher.readers.detect import Head
from searcher.readers.source import DAMAGE, Source, Unpacked, reason, too_large

MEDIA = ("text/html", "application/xhtml+xml", "text/plain")
"""What a page may be; a record without a type is looked at."""

_MAGIC = (b"WARC/", b"filedesc://")
_GZIP = b"\x1f\x8b"
_TYPES = ("response", "resource", "conversion")
_OF_THE_CRAWLER = ("metadata:", "dns:", "filedesc:", "whois:", "urn:")
_HEADERS = 2 * limits.MB
_ENCODINGS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "zlib", "zstd": "zstd"}
_DIGESTS = ("md5", "sha1", "sha256", "sha512")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?")

# What warcio lets through for headers that are not what it expects.
_BROKEN = (ArchiveLoadFailed, StatusAndHeadersParserException, ValueError, TypeError, AttributeError, LookupError)

logging.getLogger("warcio").addHandler(logging.NullHandler())  # or its warnings go to stderr


def looks(head: Head) -> bool:
    """A record's header, or one inside gzip."""
    if head.data.startswith(_GZIP):
        try:
            return zlib.decompressobj(31).decompress(head.data, 64).startswith(_MAGIC)
        except zlib.error:
            return False
    return head.data.startswith(_MAGIC)


def open_(source: Source) -> Iterator[Record | Unread]:
    """The pages of a crawl, each with its address and the time it was saved as claims."""
    stream = _Stream(source)
    records = _Records(stream, arc2warc=False)
    while True:
        stream.allowed = _HEADERS
        try:
            record = next(records, None)
        except EOFError:
            record = None
        except _BROKEN as error:
            yield source.unread(f"not a WARC record, the rest is not read: {reason(error)}", f"@{stream.place}")
            return
        if record is None:
            break
        stream.allowed = None
        yield from _read(source, stream, records, record)
    if stream.fault:
        yield source.unread(f"damaged or cut short: {stream.fault}")


class _Records(ArchiveIterator):  # type: ignore[misc]
    INC_RECORD = ""  # written to stderr where a record's length is wrong


class _Stream:
    """The unpacked bytes of a crawl, and where each gzip member of it begins.

    `allowed` bounds what may be read before a header ends: without one, a line could be as long as the file.
    """

    def __init__(self, source: Source) -> None:
        self.allowed: int | None = None
        self.place = 0
        self.members: list[tuple[int, int]] = []
        self._start = source.start
        self._packed = source.stream.peek(2)[:2] == _GZIP
        chunks = packing.unpacked(source.stream, "gzip", self._member) if self._packed else iter(())
        self._unpacked = Unpacked(chunks, source.budget)
        self._stream = self._unpacked.buffered() if self._packed else source.stream

    @property
    def fault(self) -> str | None:
        """What was wrong with the gzip."""
        return self._unpacked.fault

    def _member(self, packed: int, unpacked: int) -> None:
        self.members.append((unpacked, packed))

    def tell(self) -> int:
        """The place in what came out."""
        return self.place

    def read(self, count: int) -> bytes:
        """The next bytes; raises Unreadable for a header without an end."""
        data = self._stream.read(count)
        self.place += len(data)
        if self.allowed is not None:
            self.allowed -= len(data)
            if self.allowed < 0:
                raise Unreadable("not a WARC record: a header without an end")
        return data

    def span(self, start: int, length: int) -> tuple[int | None, int | None]:
        """The place and the length in the file of a record; None where it is not a member of its own."""
        if self._start is None:
            return None, None
        if not self._packed:
            return self._start + start, length
        places = dict(self.members[-50:])
        following = min((place for place in places if place > start), default=None)
        if start not in places:
            return None, None
        return self._start + places[start], places[following] - places[start] if following is not None else None


def _read(source: Source, stream: _Stream, records: Any, record: Any) -> Iterator[Record | Unread]:
    """One record as a page, or why it is none; leaves the stream behind it."""
    wanted = record.rec_type in _TYPES and not _address(record).startswith(_OF_THE_CRAWLER)
    offset = int(records.offset)
    body, why, fits = b"", _refused(record) if wanted else None, True
    try:
        data = _payload(record) if wanted and why is None else b""
        fits = not data or _fits(record, data)
        body = _body(record, data)
    except Unreadable as error:
        why = error.message
    except (ChunkedDataException, *DAMAGE, ValueError, AssertionError) as error:
        why = f"damaged: {reason(error)}"
    missing = _drain(record)
    start, length = stream.span(offset, int(records.get_record_length()))
    if not wanted:
        return
    member = record.rec_headers.get_header("WARC-Record-ID") or f"@{offset}"
    if why is None and not body:
        why = "damaged or cut short: nothing of it is left" if missing else "empty"
    if why is not None:
        yield source.unread(why, member)
        return
    media, charset = _media(record)
    digest = hashlib.sha256(body).hexdigest()
    where = Provenance(source.file, source.inside(member), start, length, digest)
    notes = ["cut short"] if missing else [] if fits else ["the bytes do not fit the digest that the crawler noted"]
    yield Record(body, where, media, charset, (*source.claims, *_claims(record, notes)))


def _refused(record: Any) -> str | None:
    """Why a response is no page: what the server said, or what it is."""
    if record.http_headers is not None:
        status = (record.http_headers.get_statuscode() or "").strip()
        if status and not status.startswith("2"):
            return f"HTTP status {status[:20]}"
    media, _ = _media(record)
    return f"not an article format: {media}" if media and media not in MEDIA else None


def _media(record: Any) -> tuple[str, str | None]:
    """Media type and charset, as the server declared them."""
    headers = record.http_headers if record.http_headers is not None else record.rec_headers
    declared = headers.get_header("Content-Type") or ""
    media = declared.partition(";")[0].strip().lower()
    charset = _CHARSET.search(declared)
    vague = media.startswith("application/http") or media in (
        "application/octet-stream",
        "unknown",
        "no-type",
        "unk",
    )
    return "" if vague or "/" not in media else media, charset[1] if charset else None


def _payload(record: Any) -> bytes:
    """The bytes of an answer behind its headers, as the crawler noted them."""
    data = bytes(record.raw_stream.read(limits.ARTICLE + 1))
    if len(data) > limits.ARTICLE:
        raise Unreadable(too_large("over " + limits.size(limits.ARTICLE)))
    return data


def _body(record: Any, data: bytes) -> bytes:
    """An answer as the server meant it: not in chunks, not compressed."""
    if record.http_headers is None:
        return data
    encoding = (record.http_headers.get_header("Content-Encoding") or "").strip().lower()
    if (record.http_headers.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        data = bytes(ChunkedDataReader(io.BytesIO(data)).read(limits.ARTICLE))
    if encoding in ("", "identity", "none", "utf-8"):
        return data
    if encoding not in _ENCODINGS:
        raise Unreadable(f"content encoding is not supported: {encoding[:40]}")
    return _decoded(data, _ENCODINGS[encoding])


def _fits(record: Any, data: bytes) -> bool:
    """Has the payload the digest that the crawler noted? True where there is none, or none that can be checked."""
    name, _, noted = (record.rec_headers.get_header("WARC-Payload-Digest") or "").strip().partition(":")
    if name.lower() not in _DIGESTS:
        return True
    digest = hashlib.new(name.lower(), data, usedforsecurity=False)
    written = (base64.b32encode(digest.digest()).decode("ascii").rstrip("=").lower(), digest.hexdigest())
    return noted.lower().rstrip("=") in written


def _decoded(data: bytes, name: str) -> bytes:
    """A compressed body; many a crawler has unpacked it and kept the header that says it is packed."""
    if name == "gzip" and not data.startswith(_GZIP):
        return data
    if name == "zlib" and data[:1] not in (b"\x78", b"\x58", b"\x48"):
        name = "deflate"
    stream = Unpacked(packing.unpacked(io.BytesIO(data), name), limits.Budget(len(data))).buffered()
    try:
        body = stream.read(limits.ARTICLE + 1)
    except limits.TooMuch as error:  # one response is a bomb; those behind it are not
        raise Unreadable(error.message) from error
    if len(body) > limits.ARTICLE:
        raise Unreadable(too_large("over " + limits.size(limits.ARTICLE)))
    return body or data


def _drain(record: Any) -> bool:
    """Read a record to its end. Is it shorter than it says?"""
    while record.raw_stream.read(limits.HEAD):
        pass
    return int(getattr(record.raw_stream, "limit", 0)) > 0


def _claims(record: Any, notes: list[str]) -> list[Claim]:
    headers = record.rec_headers
    found = [
        Claim("url", _address(record).replace(" ", "%20"), "WARC"),
        Claim(
            "retrieved", _time(headers.get_header("WARC-Date") or headers.get_header("archive-date") or ""), "WARC"
        ),
    ]
    if record.http_headers is not None:
        found.append(Claim("modified", record.http_headers.get_header("Last-Modified") or "", "HTTP"))
        found.append(Claim("language", record.http_headers.get_header("Content-Language") or "", "HTTP"))
    if headers.get_header("WARC-Truncated"):
        notes = [*notes, "cut short by the crawler"]
    found += [Claim("note", note, "WARC") for note in notes]
    return [claim for claim in found if claim.value]


def _address(record: Any) -> str:
    return str(record.rec_headers.get_header("WARC-Target-URI") or record.rec_headers.get_header("uri") or "")


def _time(value: str) -> str:
    """ARC writes 20140216050221; as ISO 8601 that is 2014-02-16T05:02:21Z."""
    match = _DATE.fullmatch(value)
    if match is None:
        return value
    day = "-".join(match.group(1, 2, 3))
    return f"{day}T{':'.join(match.group(4, 5, 6))}Z" if match[4] else day
