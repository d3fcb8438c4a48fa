"""Do pages that were saved badly, cut short or written for other programs give their text, or else a reason?"""

from __future__ import annotations

import pytest
from readers_kit import claims, items, page, reasons, texts

LAST = "Größe und Café: the last line of the page, über alles written by hand, with 渡轮 in it."
PAGE = (
    "<html><head>{meta}<title>Fähre — 渡轮</title></head><body><h1>The ferry runs again</h1>"
    "<p>The ferry left the harbour at noon, and the council watched it go from the old stone pier.</p>"
    f"<p>{LAST}</p></body></html>"
)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize(
    "meta",
    ["", "<meta charset=utf-8>", "<meta charset=iso-8859-1>", "<meta charset=utf-16>", "<meta charset=gb2312>"],
)
def test_a_page_in_unicode_is_read_whatever_it_declares(encoding: str, meta: str) -> None:
    found = page(PAGE.replace("{meta}", meta).encode(encoding), "a.html")
    assert texts(found)[-1] == LAST
    assert claims(found, "title") == [("Fähre — 渡轮", "title element")]


def test_utf_16_that_ends_within_a_character_loses_that_character_alone() -> None:
    assert texts(page(PAGE.replace("{meta}", "").encode("utf-16")[:-1], "a.html"))[-1] == LAST


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "nonsense", "shift_jis"])
def test_a_western_page_that_declares_what_it_is_not_is_read(charset: str) -> None:
    markup = PAGE.replace("{meta}", f"<meta charset={charset}>").replace("渡轮", "").encode("cp1252")
    assert texts(page(markup, "a.html"))[-1] == " ".join(LAST.replace("渡轮", "").split())


def test_bytes_of_two_encodings_in_one_page_are_read_each_as_what_they_are() -> None:
    both = b"<html><body>" + "<p>Größe über alles</p>".encode() + "<p>café déjà vu</p>".encode("cp1252")
    assert texts(page(both, "a.html")) == ["Größe über alles", "café déjà vu"]


@pytest.mark.parametrize("place", ["left", "<h1>", "</body>", "the last line"])
def test_a_stray_nul_goes_and_the_text_stays(place: str) -> None:
    markup = PAGE.replace("{meta}", "").replace(place, f"{place}\0", 1)
    found = page(markup, "a.html")
    assert texts(found)[0] == "The ferry runs again"
    assert texts(found)[-1] == LAST
    assert "\0" not in "".join(texts(found))


def test_a_page_full_of_nuls_has_a_reason() -> None:
    assert reasons(PAGE.replace("e", "e\0\0"), "a.html") == ["a.html: binary data"]


@pytest.mark.parametrize(
    ("fragment", "shown"),
    [
        ("<p>One<p>Two", ["One", "Two"]),
        ("</div></td><p>After what it ends</p>", ["After what it ends"]),
        ("<td>In no table</td><li>In no list", ["In no table", "In no list"]),
        ("<body><p>No head, no end", ["No head, no end"]),
        ("<title>T</title><p>No html", ["No html"]),
        ("<article>Only <b>an article", ["Only an article"]),
        ("<html><html><body><p>One<body><p>Two</body></html><p>Three", ["One", "Two", "Three"]),
        ("<center><font size=7>OLD</font></center>", ["OLD"]),
    ],
)
def test_a_fragment_gives_its_text(fragment: str, shown: list[str]) -> None:
    assert texts(page(fragment, "a.html")) == shown


XHTML = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "strict.dtd">\n'
    '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"><head><title>T</title><script type="text/javascript">'
    '//<![CDATA[\nif (a < b) document.write("<p>no</p>");\n//]]></script><style><![CDATA[ p > a {} ]]></style>'
    "</head><body><p>Before</p><p><![CDATA[Tea & <cake> are here]]></p><br/><p>After</p></body></html>"
)


def test_xhtml_shows_its_cdata_sections_but_not_those_of_scripts() -> None:
    found = page(XHTML, "a.xhtml")
    assert texts(found) == ["Before", "Tea & <cake> are here", "After"]
    assert claims(found, "language") == [("en", "html lang")]


def test_html_has_no_cdata_sections() -> None:
    assert texts(page("<html><body><p>Before</p><![CDATA[x > y]]><p>After</p>", "a.html"))[::2] == [
        "Before",
        "After",
    ]


def test_frames_have_a_reason_and_what_they_say_to_old_browsers_is_no_text() -> None:
    frames = (
        '<html><head><title>Heron Post</title></head><frameset cols="20%,80%"><frame src="nav.html">'
        '<frame src="main.html"><noframes><p>Your browser shows no frames.</p></noframes></frameset></html>'
    )
    assert reasons(frames, "a.html") == ["a.html: a set of frames, whose text is in other files"]
    assert texts(page("<html><body><p>What a &lt;frameset> is</p></body></html>", "a.html")) == [
        "What a <frameset> is"
    ]


@pytest.mark.parametrize(
    "cut",
    [
        "<p class='long",
        '<a href="http://exa',
        "<di",
        "<",
        "</",
        "<!-- abc",
        "<script>var a = '<p>x</p>'",
        "<style>p {",
        "&am",
        "&",
        "<img src=",
        "<![CDA",
    ],
)
def test_a_page_cut_anywhere_gives_what_stands_before(cut: str) -> None:
    whole = PAGE.replace("{meta}", "")
    found = page(whole[: whole.index("<p>Größe")] + cut, "a.html")
    shown = [text for text in texts(found) if len(text) > 5]
    assert shown == [
        "The ferry runs again",
        "The ferry left the harbour at noon, and the council watched it go from the old stone pier.",
    ]


def test_a_page_cut_at_any_byte_gives_one_item() -> None:
    whole = PAGE.replace("{meta}", "<meta charset=utf-8>").encode()
    for end in range(1, len(whole)):
        found = items(whole[:end], "a.html")
        assert len(found) == 1, whole[:end]
