"""Is every file told by its content, read, or left with its reason, and never the end of a run?"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from readers_kit import STORY, items, page, reasons, tarred, texts, zipped

from searcher.model import Page, Unread
from searcher.readers import READERS, limits, read
from searcher.settings import Settings

FEED = "<rss version='2.0'><channel><title>Coast</title><item><title>Ferry</title></item></channel></rss>"
DUMP = '{"title": "Ferry", "text": "The ferry runs again."}\n'
MARKDOWN = "# Ferry\n\nThe [ferry](https://example.org/ferry) runs again.\n\n## Times\n"


@pytest.mark.parametrize(
    ("data", "name", "format_"),
    [
        (STORY % "x", "page.html", "html"),
        (STORY % "x", "page.txt", "html"),
        (STORY % "x", "page", "html"),
        ("<p>One</p>\n<p>Two</p>\n<p>Three</p>", "snippet", "html"),
        (MARKDOWN, "notes.md", "markdown"),
        (MARKDOWN, "notes.txt", "markdown"),
        ("No sign of anything.", "notes.md", "markdown"),
        ("<div>\n<b>x</b>\n</div>\n\n# Ferry\n", "notes.md", "markdown"),
        ("Just words, and nothing else.", "notes.txt", "plain"),
        ("Just words, and nothing else.", "page.html", "html"),
        ("BM is how this text begins.", "notes.txt", "plain"),
        ("BZh is how this text begins.", "notes.txt", "plain"),
        ("{braces} are not yet JSON", "notes.txt", "plain"),
        ("a < b and b > c, says <nobody>", "notes.txt", "plain"),
        (DUMP, "dump.jsonl", "jsonl"),
        (DUMP, "dump.txt", "jsonl"),
        (FEED, "feed.xml", "feed"),
        (FEED, "feed", "feed"),
        ("<?xml version='1.0'?>\n<!-- made by hand -->\n" + FEED, "feed.txt", "feed"),
    ],
)
def test_a_file_is_told_by_its_content_first(data: str, name: str, format_: str) -> None:
    assert page(data, name).format == format_


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"%PDF-1.7\n1 0 obj", "report.pdf", "PDF"),
        (b"%PDF-1.7\n1 0 obj", "report.txt", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "a.html", "PNG image"),
        (b"\xff\xd8\xff\xe0" + bytes(30), "a.jpg", "JPEG image"),
        (b"SQLite format 3\x00" + bytes(30), "a", "SQLite database"),
        (b"\x7fELF" + bytes(30), "a", "executable"),
        (b"wOF2" + bytes(30), "a", "font"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(30), "a.doc", "Office document"),
        (b"{\\rtf1 text}", "a.rtf", "RTF"),
        (b"body { color: red }", "a.css", "style sheet"),
        (b"var a = 1;", "a.js", "script"),
        (b"a,b\n1,2", "a.csv", "table"),
        (b"<svg xmlns='x'><text>hi</text></svg>", "a.svg", "SVG image"),
        (b"<?xml version='1.0'?><urlset><url/></urlset>", "sitemap.xml", "XML"),
        (b"From: a\nMIME-Version: 1.0\nContent-Type: multipart/related; x\n\n--b", "a", "saved page (MHTML)"),
        (zipped({"word/document.xml": "<x/>", "[Content_Types].xml": "<x/>"}), "a.docx", "Word document"),
    ],
)
def test_what_is_no_article_is_named(data: bytes, name: str, kind: str) -> None:
    assert items(data, name) == [Unread(name, f"not an article format: {kind}")]


def test_a_book_is_not_taken_for_a_bundle_of_pages() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("chapter.html", STORY % "x")
    assert reasons(out.getvalue(), "a.epub") == ["a.epub: not an article format: EPUB book"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (bytes(500), "binary data"),
        (bytes(range(256)) * 4, "binary data"),
        (b"\0\1\2\3" * 50, "binary data"),
        (b"\1\0\2\0" * 50, "binary data"),
        (b"<!doctype html><html><body><script>go()</script></body></html>", "no text in it"),
        (gzip.compress(b""), "empty"),
    ],
)
def test_nothing_to_read_is_said(data: bytes, reason: str) -> None:
    assert reasons(data, "f") == [f"f: {reason}"]


def test_a_bundle_of_nothing_gives_its_reason() -> None:
    assert reasons(zipped({}), "a.zip") == ["a.zip: no article in it: zip"]


def test_utf_16_is_text_for_all_its_nuls() -> None:
    assert texts(page("Eine Fähre fährt.".encode("utf-16"))) == ["Eine Fähre fährt."]
    assert texts(page("Eine Fähre fährt.".encode("utf-16-le"))) == ["Eine Fähre fährt."]


def test_a_file_that_is_too_large_is_left_with_its_size(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    path.write_bytes(b"word " * 20_000)
    os.truncate(path, 200 << 20)
    assert list(read(path, "huge.txt", Settings())) == [
        Unread("huge.txt", "200 MB is more than an article: at most 64 MB are read")
    ]


def test_the_bound_on_an_article_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ARTICLE", 2 << 20)
    (reason,) = reasons(b"word " * (1 << 20), "huge.txt")
    assert reason == "huge.txt: 5 MB is more than an article: at most 2 MB are read"
    (packed,) = reasons(gzip.compress(b"word " * (1 << 20)), "huge.txt.gz")
    assert packed == "huge.txt.gz: over 2 MB is more than an article: at most 2 MB are read"


def test_ten_megabytes_on_one_line_are_read() -> None:
    found = page("word " * 2_000_000)
    assert len(found.blocks) == 1
    assert len(found.blocks[0].text) == 9_999_999


def test_a_page_without_end_is_cut_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BLOCKS", 10)
    for data in ("line of text\n\n" * 50, "# a\n\n" * 50, STORY % ("<p>a" * 50)):
        found = page(data)
        assert len(found.blocks) == 10
        assert found.claimed("note")[-1].value == "only the first 10 blocks were read"


def test_a_missing_file_is_a_reason(tmp_path: Path) -> None:
    assert list(read(tmp_path / "gone.txt", "gone.txt", Settings())) == [
        Unread("gone.txt", "cannot be read: no such file or directory")
    ]


def test_a_folder_is_a_reason(tmp_path: Path) -> None:
    assert list(read(tmp_path, "folder", Settings())) == [Unread("folder", "cannot be read: is a directory")]


def test_a_page_knows_its_file_and_its_bytes() -> None:
    provenance = page(STORY % "x", "news/page.html").provenance
    assert (provenance.file, provenance.member, provenance.start) == ("news/page.html", None, None)
    assert provenance.sha256 == page(STORY % "x", "other.html").provenance.sha256
    assert provenance.sha256 != page(STORY % "y", "news/page.html").provenance.sha256


def test_every_reader_has_one_way_to_work_and_a_name_of_its_own() -> None:
    assert all((reader.opens is None) != (reader.reads is None) for reader in READERS)
    assert len({reader.name for reader in READERS}) == len(READERS)


SAMPLES = [
    (STORY % "<p>a<br><br>b<table><tr><td>c<td>d</table><pre>e\n\nf</pre>").encode(),
    MARKDOWN.encode(),
    DUMP.encode() * 3,
    b'[{"title": "a", "body": "b"}, {"title": "c", "body": "<p>d</p>"}]',
    FEED.encode(),
    b"From: a\nSubject: b\n\n> quoted\nanswered\n",
    b"---\ntitle: a\ntags: [b, c]\n---\n| a | b |\n|---|---|\n| c | d |\n",
    zipped({"a.html": STORY % "x", "b.txt": "b"}),
    tarred({"a.html": STORY % "x", "b.txt": "b"}),
    gzip.compress(DUMP.encode()),
    bz2.compress(b"text"),
    lzma.compress(b"text"),
    zstandard.compress(DUMP.encode()),
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/\r\nContent-Type: application/http\r\n"
    b"Content-Length: 43\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nhi\r\n\r\n",
    b"filedesc://a.arc 127.0.0.1 20140301000000 text/plain 9\n1 0 Crawl\n\nhttp://e.org/ 127.0.0.1 20140101000000 "
    b"text/html 30\nHTTP/1.0 200 OK\r\n\r\n<p>hello</p>\n",
]
NAMES = ["a", "a.txt", "a.html", "a.md", "a.jsonl", "a.json", "a.xml", "a.zip", "a.warc.gz"]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sample with some bytes changed, cut out, cut off or put in."""
    data = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(0, 4))):
        at, more = draw(st.integers(0, len(data))), draw(st.binary(max_size=6))
        data[at : at + draw(st.sampled_from([0, 0, 1, 5, len(data)]))] = more
    return bytes(data)


@given(data=st.one_of(st.binary(max_size=400), damaged()), name=st.sampled_from(NAMES))
def test_no_bytes_stop_the_run_and_all_give_something(data: bytes, name: str) -> None:
    found = items(data, name)
    assert found
    for item in found:
        assert isinstance(item, Page | Unread)
        text = " ".join(texts(item)) if isinstance(item, Page) else item.reason
        text.encode("utf-8")


@given(text=st.text(max_size=300), name=st.sampled_from(NAMES))
def test_no_text_stops_the_run(text: str, name: str) -> None:
    assert items(text.encode("utf-8", "replace"), name)
