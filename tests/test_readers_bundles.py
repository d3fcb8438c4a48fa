"""Are packed files read member by member, within bounds, and never followed out of themselves?"""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import io
import lzma
import random
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from conftest import data as beside
from readers_kit import STORY, claims, items, page, pages, reasons, tarred, texts, zipped

from searcher.model import Page, Unread
from searcher.readers import limits

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.compress,
}
MEMBERS: dict[str, bytes | str] = {"a/one.html": STORY % "One.", "two.txt": "Two.", "b/c/three.md": "# T\n\nThree."}


def noise(size: int) -> bytes:
    """Text that hardly packs."""
    return base64.b64encode(random.Random(5).randbytes(size * 3 // 4))


def members(found: list[Page | Unread]) -> list[str | None]:
    return [item.provenance.member for item in found if isinstance(item, Page)]


def test_the_members_of_a_zip_are_read_like_files() -> None:
    found = pages(zipped({**MEMBERS, "empty/": ""}), "all.zip")
    assert [(one.provenance.member, one.format) for one in found] == [
        ("a/one.html", "html"),
        ("two.txt", "plain"),
        ("b/c/three.md", "markdown"),
    ]
    assert found[0].provenance.file == "all.zip"
    assert found[0].provenance.sha256 == page(str(MEMBERS["a/one.html"]), "x").provenance.sha256


@pytest.mark.parametrize("ending", ["", *PACKERS])
def test_the_members_of_a_tar_are_read_packed_or_not(ending: str) -> None:
    packed = PACKERS.get(ending, bytes)(tarred(MEMBERS))
    assert members(items(packed, f"all.tar{ending}")) == list(MEMBERS)
    assert members(items(packed, "all.t")) == list(MEMBERS)


def test_a_member_of_a_plain_tar_is_found_again_by_its_bytes() -> None:
    data = tarred(MEMBERS)
    for one in pages(data, "all.tar"):
        start, length = one.provenance.start, one.provenance.length
        assert start is not None
        assert length is not None
        assert hashlib.sha256(data[start : start + length]).hexdigest() == one.provenance.sha256


@pytest.mark.parametrize(("ending", "packer"), PACKERS.items())
def test_a_packed_file_is_the_file(ending: str, packer: Callable[[bytes], bytes]) -> None:
    found = page(packer((STORY % "One.").encode()), f"one.html{ending}")
    assert (found.format, found.provenance.member, texts(found)[-1]) == ("html", None, "One.")


@pytest.mark.parametrize("packer", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress])
def test_packed_parts_one_after_the_other_are_one_file(packer: Callable[[bytes], bytes]) -> None:
    parts = packer(b'{"text": "One."}\n') + packer(b'{"text": "Two."}\n')
    assert [texts(one) for one in pages(parts, "d.jsonl")] == [["One."], ["Two."]]


def test_bundles_within_bundles_are_read_three_deep() -> None:
    data: bytes = (STORY % "Deep.").encode()
    for depth in range(1, 4):
        data = (
            zipped({f"{depth}": gzip.compress(tarred({"t": data}))}) if depth == 2 else zipped({f"{depth}": data})
        )
    assert reasons(data, "all.zip") == ["all.zip!3!2!t: nested too deeply: more than 3 levels"]
    inner = zipped({"page.html": STORY % "Deep."})
    found = page(tarred({"b.zip": zipped({"c.zip": inner})}), "all.tar")
    assert found.provenance.member == "b.zip!c.zip!page.html"


def test_gzip_within_gzip_ends_too() -> None:
    data = b"words"
    for _ in range(10):
        data = gzip.compress(data)
    assert reasons(data, "a.gz") == ["a.gz: nested too deeply: more than 3 levels"]


@pytest.mark.parametrize(
    "name", ["../up.html", "a/../../up.html", "/abs.html", "C:\\abs.html", "\\abs.html", "a\\..\\b.html"]
)
def test_a_path_that_leads_out_is_not_read(name: str) -> None:
    for data in (
        zipped({name: STORY % "x", "good.txt": "Good."}),
        tarred({name: STORY % "x", "good.txt": "Good."}),
    ):
        refused, good = items(data, "all")
        assert isinstance(refused, Unread)
        assert refused.reason in ("an absolute path, not read", "a path that leads out of its bundle, not read")
        assert isinstance(good, Page)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_a_tar_are_not_followed(kind: bytes) -> None:
    info = tarfile.TarInfo("link.html")
    info.type, info.linkname = kind, "/etc/hostname"
    assert reasons(tarred({"a.txt": "A."}, info), "all.tar") == [
        "all.tar!link.html: a link or a device, not followed"
    ]


def test_a_link_in_a_zip_is_not_followed() -> None:
    info = zipfile.ZipInfo("link.html")
    info.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        bundle.writestr(info, "/etc/hostname")
    assert reasons(out.getvalue(), "all.zip") == ["all.zip!link.html: a link, not followed"]


def test_an_encrypted_member_is_a_reason() -> None:
    data = bytearray(zipped({"secret.txt": "x", "open.txt": "Open."}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    found = items(bytes(data), "all.zip")
    assert str(found[0]) == "all.zip!secret.txt: encrypted"
    assert members(found) == ["open.txt"]


def test_litter_of_other_programs_is_passed_over() -> None:
    data = zipped({"__MACOSX/._a.html": b"\0\5\26\7", ".DS_Store": b"\0\0\0\1", "a/.hidden": "x", "a.txt": "A."})
    assert [str(item.provenance) for item in pages(data, "all.zip")] == ["all.zip!a.txt"]


def test_names_without_the_flag_for_utf_8_are_read_all_the_same() -> None:
    data = zipped({"f\u00e4hre.txt": "A."})
    unflagged = bytearray(data)
    for magic, place in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        unflagged[data.index(magic) + place] &= ~8
    assert members(items(bytes(unflagged), "all.zip")) == ["f\u00e4hre.txt"]


@pytest.mark.parametrize("packer", [gzip.compress, bz2.compress, zstandard.compress, lzma.compress])
def test_a_bomb_ends_with_its_reason(packer: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RATIO_FROM", 1 << 20)
    line = b'{"text": "' + b"a" * 1000 + b'"}\n'
    found = items(packer(line * 20_000), "bomb")
    assert isinstance(found[0], Page)
    last = found[-1]
    assert isinstance(last, Unread)
    assert last.reason.startswith("unpacks to more than 200 times its size, the rest is not read: ")


def test_a_zip_of_bombs_is_left_at_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RATIO_FROM", 1 << 20)
    data = zipped({"good.txt": "Good.", **{f"{n}.txt": b"a " * 1_000_000 for n in range(9)}, "late.txt": "Late."})
    found = items(data, "bomb.zip")
    assert "late.txt" not in members(found)
    assert members(found)[0] == "good.txt"
    assert str(found[-1]).startswith("bomb.zip: unpacks to more than 200 times its size")


def test_what_comes_out_in_all_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED", 50_000)
    monkeypatch.setattr(limits, "UNPACKED_TIMES", 1)
    found = items(zipped({f"{n}.txt": noise(20_000) for n in range(9)}), "all.zip")
    assert 2 <= len(members(found)) < 9
    assert str(found[-1]).startswith("all.zip: unpacks to too much, the rest is not read: ")


def test_members_are_bounded_over_all_bundles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEMBERS", 10)
    inner = zipped({f"{n}.txt": "x" for n in range(4)})
    found = items(zipped({f"{n}.zip": inner for n in range(9)}), "all.zip")
    assert len(members(found)) == 8
    assert str(found[-1]) == "all.zip: too many members, the rest is not read: more than 10"


def test_a_zip_within_a_tar_is_held_only_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "IN_MEMORY", 1000)
    (reason,) = reasons(tarred({"big.zip": zipped({"a.txt": noise(5000)})}), "all.tar")
    assert reason.startswith("all.tar!big.zip: a zip inside another file is held in memory, and this is too large")


@pytest.mark.parametrize(("ending", "packer"), PACKERS.items())
def test_what_came_before_the_break_is_kept(ending: str, packer: Callable[[bytes], bytes]) -> None:
    lines = b"".join(b'{"text": "%s"}\n' % noise(3000)[n : n + 1500] for n in range(900))
    packed = packer(lines)
    found = items(packed[: len(packed) * 3 // 4], f"d.jsonl{ending}")
    assert len([item for item in found if isinstance(item, Page)]) > 10
    assert "damaged or cut short" in str(found[-1])


def test_a_tar_that_breaks_off_gives_what_came_before() -> None:
    data = tarred({"a.txt": "A.", "b.txt": noise(30_000), "c.txt": "C."})
    found = items(data[:20_000], "all.tar")
    assert members(found) == ["a.txt", "b.txt"]
    assert "cut short" in str(found[-1])


@pytest.mark.parametrize("described", [False, True])
@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_without_its_table_of_contents_is_salvaged(described: bool, packing: int) -> None:
    class Tape(io.BytesIO):
        def seekable(self) -> bool:
            return not described

        def tell(self) -> int:
            if described:
                raise OSError
            return super().tell()

    out = Tape()
    with zipfile.ZipFile(out, "w", packing) as bundle:
        for name, text in (("a.txt", "A."), ("b.txt", "B."), ("../c.txt", "C.")):
            bundle.writestr(name, text)
    whole = out.getvalue()
    found = items(whole[: whole.index(b"PK\x01\x02")], "all.zip")
    assert str(found[-1]).startswith("all.zip: zip is damaged or cut short: ")
    if packing == zipfile.ZIP_DEFLATED or not described:
        assert members(found) == ["a.txt", "b.txt"]
        assert "leads out of its bundle" in str(found[-2])


def test_a_member_whose_checksum_is_wrong_is_said_and_the_rest_goes_on() -> None:
    data = bytearray(zipped({"a.txt": noise(500), "b.txt": "B."}))
    crc = zlib.crc32(noise(500)).to_bytes(4, "little")
    data[data.rindex(crc)] ^= 1
    found = items(bytes(data), "all.zip")
    assert "all.zip!a.txt: damaged or cut short: bad CRC-32 for file 'a.txt'" in [str(item) for item in found]
    assert "b.txt" in members(found)


def test_nothing_is_written_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    items(zipped({"a.txt": "A.", "b.tar": tarred({"c.txt": "C."})}), "all.zip")
    assert list(tmp_path.iterdir()) == []


def record(kind: str, body: bytes, number: int = 1, headers: str = "", length: int | None = None) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"WARC-Target-URI: https://example.org/{number}\r\nWARC-Date: 2015-05-12T10:00:00Z\r\n{headers}"
        f"Content-Type: application/http\r\nContent-Length: {len(body) if length is None else length}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def answer(body: bytes, headers: str = "Content-Type: text/html", status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n".encode() + body


PAGE = (STORY % "One.").encode()


def test_the_answers_of_a_crawl_are_pages_with_address_and_time() -> None:
    data = (
        record("warcinfo", b"x")
        + record("request", b"GET / HTTP/1.1\r\n\r\n")
        + record("response", answer(PAGE), 7)
    )
    found = page(data, "crawl.warc")
    assert found.provenance.member == "<urn:uuid:7>"
    assert claims(found, "url") == [("https://example.org/7", "WARC")]
    assert claims(found, "retrieved") == [("2015-05-12T10:00:00Z", "WARC")]
    assert found.provenance.start == data.rindex(b"WARC/1.0")
    assert found.provenance.length == len(data) - 4 - found.provenance.start


def test_each_record_of_a_packed_crawl_is_found_again_by_its_bytes() -> None:
    parts = [gzip.compress(record("response", answer((STORY % n).encode()), n)) for n in range(5)]
    data = b"".join(parts)
    for number, one in enumerate(pages(data, "crawl.warc.gz")):
        start, length = one.provenance.start, one.provenance.length
        assert start is not None
        assert length is not None
        assert data[start : start + length] == parts[number]


def test_a_crawl_packed_in_one_piece_or_another_way_is_read_too() -> None:
    plain = b"".join(record("response", answer((STORY % n).encode()), n) for n in range(3))
    for data in (gzip.compress(plain), zstandard.compress(plain), zipped({"c.warc.gz": gzip.compress(plain)})):
        assert [texts(one)[-1] for one in pages(data, "crawl")] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (answer(PAGE, status="404 Not Found"), "HTTP status 404"),
        (answer(PAGE, status="301 Moved"), "HTTP status 301"),
        (answer(b"\x89PNG", "Content-Type: image/png"), "not an article format: image/png"),
        (answer(b"%PDF-1.4", "Content-Type: text/html"), "not an article format: PDF"),
        (answer(b""), "empty"),
        (answer(PAGE, "Content-Type: text/html\r\nContent-Encoding: br"), "content encoding is not supported: br"),
    ],
)
def test_an_answer_that_is_no_page_is_a_reason(response: bytes, reason: str) -> None:
    found = items(record("response", response) + record("response", answer(PAGE), 2), "c.warc")
    assert str(found[0]) == f"c.warc!<urn:uuid:1>: {reason}"
    assert members(found) == ["<urn:uuid:2>"]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)),
        ("Transfer-Encoding: chunked", PAGE),
        ("Content-Encoding: gzip", gzip.compress(PAGE)),
        ("Content-Encoding: gzip", PAGE),
        ("Content-Encoding: deflate", zlib.compress(PAGE)),
        ("Content-Encoding: deflate", zlib.compress(PAGE)[2:-4]),
        ("Content-Type: application/octet-stream", PAGE),
        ("X-Nothing: known", PAGE),
    ],
)
def test_an_answer_is_read_as_the_server_meant_it(headers: str, body: bytes) -> None:
    found = page(record("response", answer(body, headers)), "c.warc")
    assert (found.format, texts(found)[-1]) == ("html", "One.")


def test_the_charset_of_the_server_counts() -> None:
    body = "<html><body><p>Да.</p></body></html>".encode("cp1251")
    data = record("response", answer(body, "Content-Type: text/html; charset=windows-1251"))
    assert texts(page(data, "c.warc")) == ["Да."]


def test_a_wrong_digest_is_noted_and_a_right_one_is_not() -> None:
    right = "sha1:" + base64.b32encode(hashlib.sha1(PAGE).digest()).decode()
    for digest, notes in ((right, 0), ("sha1:" + "A" * 32, 1), ("sha1:?", 1), ("made-up:x", 0)):
        data = record("response", answer(PAGE), 1, f"WARC-Payload-Digest: {digest}\r\n")
        assert len(page(data, "c.warc").claimed("note")) == notes


def test_a_crawl_that_breaks_off_gives_what_came_before() -> None:
    whole = gzip.compress(record("response", answer(PAGE))) + gzip.compress(
        record("response", answer(noise(9000)), 2)
    )
    found = items(whole[:-4000], "c.warc.gz")
    assert members(found)[0] == "<urn:uuid:1>"
    assert str(found[-1]).startswith("c.warc.gz: damaged or cut short: ")


def test_a_record_shorter_than_it_says_is_noted() -> None:
    found = page(record("response", answer(PAGE), length=len(answer(PAGE)) + 500), "c.warc")
    assert claims(found, "note") == [("cut short", "WARC")]


def test_a_header_without_an_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    (reason,) = reasons(b"WARC/1.0\r\n" + b"x" * (5 << 20), "c.warc")
    assert reason == "c.warc: not a WARC record: a header without an end"


CRAWLS = {
    "bad.arc": (0, 3),
    "example-bad-non-chunked.warc.gz": (1, 0),
    "example-bad.warc.gz.bad": (1, 1),
    "example-digest.warc": (0, 1),
    "example-iana.org-chunked.warc": (1, 0),
    "example-resource.warc.gz": (1, 0),
    "example-space-in-target-uri.warc.gz": (0, 1),
    "example-space-in-url.arc": (1, 0),
    "example-trunc.warc": (1, 0),
    "example-wget-bad-target-uri.warc.gz": (1, 0),
    "example-wrong-chunks.warc.gz": (1, 0),
    "example.arc": (1, 0),
    "example.arc.gz": (1, 0),
    "example.warc": (1, 0),
    "example.warc.gz": (1, 0),
    "post-test.warc.gz": (0, 3),
}


@pytest.mark.parametrize(("name", "counts"), CRAWLS.items())
def test_the_crawls_of_other_programs_are_read_broken_or_not(
    name: str, counts: tuple[int, int], capfd: pytest.CaptureFixture[str]
) -> None:
    found = items(beside(f"warc/{name}").read_bytes(), name)
    assert (len(members(found)), len(found) - len(members(found))) == counts
    assert capfd.readouterr() == ("", "")
    for one in found:
        if isinstance(one, Page):
            assert claims(one, "url")[0][0].startswith("http")
            assert one.claimed("retrieved")
