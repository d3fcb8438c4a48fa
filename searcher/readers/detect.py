"""What kind of file is it? Told from its first bytes; its name only decides where they leave it open.

Also says what a file is that holds no article, so that the report can name it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import PurePosixPath

from searcher.errors import Unreadable
from searcher.readers import decode
from searcher.readers.source import Reader

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "PDF"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG image"),
    (0, b"\xff\xd8\xff", "JPEG image"),
    (0, b"GIF8", "GIF image"),
    (8, b"WEBP", "WebP image"),
    (4, b"ftypavif", "AVIF image"),
    (4, b"ftypheic", "HEIC image"),
    (0, b"II*\x00", "TIFF image"),
    (0, b"MM\x00*", "TIFF image"),
    (0, b"BM", "BMP image"),
    (0, b"\x00\x00\x01\x00", "icon"),
    (0, b"8BPS", "Photoshop image"),
    (0, b"AT&TFORM", "DjVu"),
    (0, b"%!PS", "PostScript"),
    (0, b"{\\rtf", "RTF"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office document"),
    (0, b"SQLite format 3\x00", "SQLite database"),
    (0, b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (0, b"Rar!\x1a\x07", "RAR archive"),
    (0, b"\x7fELF", "executable"),
    (0, b"MZ", "executable"),
    (0, b"\xcf\xfa\xed\xfe", "executable"),
    (0, b"\xca\xfe\xba\xbe", "executable"),
    (0, b"\x00asm", "WebAssembly"),
    (0, b"wOFF", "font"),
    (0, b"wOF2", "font"),
    (0, b"OTTO", "font"),
    (0, b"\x00\x01\x00\x00\x00", "font"),
    (0, b"ID3", "audio"),
    (0, b"\xff\xfb", "audio"),
    (0, b"OggS", "audio"),
    (0, b"fLaC", "audio"),
    (8, b"WAVE", "audio"),
    (8, b"AVI ", "video"),
    (4, b"ftyp", "video"),
    (0, b"\x1aE\xdf\xa3", "video"),
    (0, b"FLV\x01", "video"),
    (0, b"PAR1", "Parquet table"),
    (0, b"bplist00", "property list"),
    (0, b"!BDN", "mail folder"),
)
_WRITTEN = frozenset(("PDF", "PostScript", "RTF"))
"""Formats that may look like text themselves."""

_ENDINGS = {
    ending: name
    for name, endings in {
        "style sheet": ".css .less .scss",
        "script": ".js .mjs .cjs .jsx .ts .tsx .vbs .wasm",
        "program": ".py .rb .pl .c .h .cpp .java .go .rs .sh .bat .ps1 .lua .r .swift .kt",
        "table": ".csv .tsv .xlsx .xls .ods .parquet",
        "settings": ".toml .ini .cfg .conf .yaml .yml .lock .plist .properties",
        "map of a script": ".map",
        "SVG image": ".svg .svgz",
        "image": ".png .jpg .jpeg .gif .webp .avif .bmp .tif .tiff .ico .heic .psd",
        "font": ".woff .woff2 .ttf .otf .eot",
        "database": ".sqlite .sqlite3 .db .mdb .sql",
        "saved mail": ".mbox .pst .msg",
        "saved page (MHTML)": ".mht .mhtml",
        "template": ".tmpl .j2",
    }.items()
    for ending in endings.split()
}
_XML = re.compile(r"\s*<\?xml\b|\s*<!DOCTYPE\s+(?!html)|\s*<(?:svg|urlset|sitemapindex|opml)\b", re.I)
_MHTML = re.compile(r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?Content-Type:\s*multipart/related", re.I)


class Head:
    """The beginning of a file, and its name: all that may be looked at to tell its kind."""

    def __init__(self, data: bytes, name: str, charset: str | None = None) -> None:
        self.data = data
        self.name = name.lower()
        self.ending = PurePosixPath(self.name).suffix
        self.charset = charset

    @cached_property
    def text(self) -> str:
        """The beginning as text."""
        return decode.decode(self.data, self.charset)

    @cached_property
    def is_text(self) -> bool:
        """Could it be text at all?"""
        return not decode.binary(self.data)


def kind(head: Head, media: str, readers: Iterable[Reader]) -> Reader:
    """The reader for a file that begins like `head`; `media` is the media type that its container declares.

    Packed and binary formats are told by their first bytes, then come what is no article, and texts. A declared
    media type that is no article is believed. Raises Unreadable with the reason if no reader is right.
    """
    readers = tuple(readers)
    for reader in readers:
        if reader.binary and reader.looks(head):
            return reader
    foreign = _foreign(head)
    if foreign:
        raise Unreadable(f"not an article format: {foreign}")
    if not head.is_text:
        raise Unreadable("binary data")
    declared = next((reader for reader in readers if media in reader.media), None)
    if declared is None and media and media not in _VAGUE:
        raise Unreadable(f"not an article format: {media}")
    return _text_kind(head, declared, [reader for reader in readers if not reader.binary])


_VAGUE = frozenset(("application/octet-stream", "binary/octet-stream", "text/*", "unknown/unknown", "no-type"))


def _text_kind(head: Head, declared: Reader | None, readers: list[Reader]) -> Reader:
    found = next((reader for reader in readers if reader.looks(head)), None)
    named = next((reader for reader in readers if head.ending in reader.endings), None)
    if found is not None:
        return found
    if head.ending in _ENDINGS and declared is None:
        raise Unreadable(f"not an article format: {_ENDINGS[head.ending]}")
    if _XML.match(head.text):
        raise Unreadable("not an article format: XML")
    if _MHTML.match(head.text):
        raise Unreadable("not an article format: saved page (MHTML)")
    return declared or named or readers[-1]


def _foreign(head: Head) -> str | None:
    """The name of a format that holds no article and is told by its first bytes."""
    for place, magic, name in _MAGIC:
        if head.data.startswith(magic, place) and (name in _WRITTEN or _odd(magic) or not head.is_text):
            return name
    return None


def _odd(magic: bytes) -> bool:
    """Could no text begin so?"""
    return any(code < 9 or code > 127 for code in magic)


def starts(*magics: bytes) -> Callable[[Head], bool]:
    """A Reader's `looks`: does the file begin with one of these?"""
    return lambda head: head.data.startswith(magics)
