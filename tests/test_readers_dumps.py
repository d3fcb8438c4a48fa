"""Which pages are in dumps and feeds?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from readers_kit import claims, items, page, pages, reasons, texts

from searcher.model import Page, Unread
from searcher.readers import limits, read
from searcher.settings import Settings

RECORD = {"headline": "Ferry", "content": "It runs.\n\nAgain.", "published_at": "2015-05-12", "byline": "Jane Doe"}


def test_names_are_guessed_and_the_guess_is_told() -> None:
    found = page(json.dumps(RECORD), "dump.jsonl")
    assert texts(found) == ["It runs.", "Again."]
    assert claims(found, "title") == [("Ferry", "record")]
    assert claims(found, "date") == [("2015-05-12", "record")]
    assert claims(found, "author") == [("Jane Doe", "record")]
    assert claims(found, "mapping") == [
        ("title=headline, body=content, date=published_at, author=byline", "record"),
    ]


def test_the_owner_of_the_archive_says_what_the_names_mean() -> None:
    settings = Settings(jsonl={"title": "t1", "body": "b1", "authors": "who.name", "tags": "words"})
    record = {
        "t1": "Ferry",
        "title": "wrong",
        "b1": "It runs.",
        "text": "wrong",
        "who": {"name": "Jane Doe"},
        "words": ["a"],
    }
    found = page(json.dumps(record), "dump.jsonl", settings)
    assert texts(found) == ["It runs."]
    assert claims(found, "title") == [("Ferry", "record")]
    assert claims(found, "author") == [("Jane Doe", "record")]
    assert claims(found, "tag") == [("a", "record")]


def test_a_body_in_html_is_read_as_html() -> None:
    found = page(json.dumps({"title": "a", "body": "<p>One &amp; <a href='/x'>two</a></p><p>Three</p>"}), "d.jsonl")
    assert texts(found) == ["One & two", "Three"]
    assert found.blocks[0].links[0].url == "/x"


def test_a_bad_line_is_one_reason_and_the_rest_goes_on() -> None:
    data = '{"text": "One."}\n{bad}\n\n[1, 2]\n{"text": ""}\n{"text": "Two."}\n'
    assert [texts(item) if isinstance(item, Page) else str(item)[:50] for item in items(data, "d.jsonl")] == [
        ["One."],
        "d.jsonl!#2: bad JSON: expecting property name encl",
        "d.jsonl!#4: not a record with fields",
        "d.jsonl!#5: no text in the record's fields: text",
        ["Two."],
    ]


def test_a_record_is_found_again_by_its_bytes() -> None:
    data = '{"text": "Één."}\n{"id": 7, "text": "Two."}\r\n{"guid": "x-1", "text": "Three."}'.encode()
    found = pages(data, "d.jsonl")
    assert [one.provenance.member for one in found] == ["#1", "7", "x-1"]
    for one in found:
        start, length = one.provenance.start, one.provenance.length
        assert start is not None
        assert length is not None
        assert json.loads(data[start : start + length])["text"] == texts(one)[0]


@pytest.mark.parametrize(
    "value", [[RECORD, RECORD], {"articles": [RECORD, RECORD]}, {"response": {"docs": [RECORD, RECORD], "n": 2}}]
)
@pytest.mark.parametrize("indent", [None, 2])
def test_one_json_value_may_hold_them_all(value: object, indent: int | None) -> None:
    found = pages(json.dumps(value, indent=indent), "d.json")
    assert [(one.provenance.member, texts(one)) for one in found] == [
        ("#1", ["It runs.", "Again."]),
        ("#2", ["It runs.", "Again."]),
    ]


def test_a_dump_on_one_long_line_is_taken_apart_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEAD", 100)
    found = pages(json.dumps({"articles": [RECORD, RECORD]}), "d.json")
    assert [one.provenance.member for one in found] == ["#1.1", "#1.2"]


def test_one_object_is_one_article() -> None:
    assert page(json.dumps(RECORD, indent=1), "d.json").provenance.member is None


def test_a_long_list_is_taken_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEAD", 100)
    records = [{"text": f"Число {number}: {'ж' * number}"} for number in range(300)]
    found = pages(json.dumps(records, ensure_ascii=False), "d.json")
    assert [texts(one)[0] for one in found] == [record["text"].strip() for record in records]


def test_a_list_that_breaks_off_gives_what_came_before() -> None:
    found = items('[{"text": "One."}, {"text": "Two."}, {"text": "Thr', "d.json")
    assert [texts(item)[0] for item in found if isinstance(item, Page)] == ["One.", "Two."]
    assert str(found[-1]).startswith("d.json!#3: bad JSON, the rest of the list is not read: unterminated string")


def test_a_line_that_is_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ARTICLE", 2000)
    data = b'{"text": "One."}\n{"text": "' + b"x" * 5000 + b'"}\n{"text": "Three."}\n'
    found = items(data, "d.jsonl")
    assert [type(item) for item in found] == [Page, Unread, Page]
    last = found[-1]
    assert isinstance(last, Page)
    assert last.provenance.start == data.index(b'{"text": "Three')


def test_what_is_no_dump_at_all_is_said_once() -> None:
    found = reasons('{"a": 1\n' * 5000, "d.jsonl")
    assert len(found) == 101
    assert found[-1] == "d.jsonl: no record in the first 100 lines, the rest is not read"


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, '{"text": ' + "9" * 10_000 + "}", '{"text": "\\ud83d x"}']
)
def test_odd_json_stops_nothing(text: str) -> None:
    for item in items(text, "d.json"):
        str(texts(item) if isinstance(item, Page) else item).encode("utf-8")


RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Coast News</title><link>https://example.org/</link><language>en-gb</language>
<item><title>Ferry &amp; pier</title><link>https://example.org/1</link><guid isPermaLink="false">id-1</guid>
<pubDate>Tue, 12 May 2015 10:00:00 GMT</pubDate><dc:creator>Jane Doe</dc:creator><category>Sea</category>
<description>Short.</description><c:encoded><![CDATA[<p>It runs.</p><p>Again &amp; again.</p>]]></c:encoded></item>
<item><title>Second</title><guid>https://example.org/2</guid><author>m@example.org (Max Mustermann)</author>
<description>&lt;b&gt;Bold&lt;/b&gt; text</description></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Küste</title>
<entry><title type="html">Fähre &amp;amp; Steg</title><id>urn:1</id><published>2015-05-12T10:00:00Z</published>
<updated>2015-05-13T10:00:00Z</updated><author><name>Max Mustermann</name></author><category term="See"/>
<link rel="self" href="https://example.org/self"/><link href="https://example.org/a1"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Sie <b>fährt</b> wieder.</p><p>Täglich.</p></div></content>
</entry><entry><title>Zwei</title><id>urn:2</id><updated>2015-05-14</updated><summary>Kurz.</summary></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Côte</title></channel>
<item rdf:about="https://example.org/r1"><title>Bac</title><link>https://example.org/r1</link>
<description>Il circule.</description><dc:date>2015-05-12</dc:date></item></rdf:RDF>"""


def test_rss_gives_a_page_for_each_item() -> None:
    first, second = pages(RSS, "feed.xml")
    assert texts(first) == ["It runs.", "Again & again."]
    assert first.provenance.member == "id-1"
    assert claims(first, "title") == [("Ferry & pier", "feed")]
    assert claims(first, "date") == [("Tue, 12 May 2015 10:00:00 GMT", "feed")]
    assert claims(first, "author") == [("Jane Doe", "feed")]
    assert claims(first, "tag") == [("Sea", "feed")]
    assert claims(first, "source") == [("Coast News", "feed")]
    assert claims(first, "language") == [("en-gb", "feed")]
    assert claims(first, "url") == [("https://example.org/1", "feed")]
    assert texts(second) == ["Bold text"]
    assert claims(second, "author") == [("Max Mustermann", "feed")]
    assert claims(second, "url") == [("https://example.org/2", "feed")]


def test_atom_gives_a_page_for_each_entry() -> None:
    first, second = pages(ATOM, "feed.xml")
    assert texts(first) == ["Sie fährt wieder.", "Täglich."]
    assert claims(first, "title") == [("Fähre & Steg", "feed")]
    assert claims(first, "author") == [("Max Mustermann", "feed")]
    assert claims(first, "date") == [("2015-05-12T10:00:00Z", "feed")]
    assert claims(first, "modified") == [("2015-05-13T10:00:00Z", "feed")]
    assert claims(first, "tag") == [("See", "feed")]
    assert claims(first, "url") == [("https://example.org/a1", "feed")]
    assert claims(first, "language") == [("de", "feed")]
    assert texts(second) == ["Kurz."]
    assert claims(second, "source") == [("Küste", "feed")]
    assert claims(second, "date") == [("2015-05-14", "feed")]  # an entry has to say no more than this


def test_rss_1_has_its_items_beside_the_channel() -> None:
    found = page(RDF, "feed.rdf")
    assert texts(found) == ["Il circule."]
    assert claims(found, "source") == [("Côte", "feed")]
    assert claims(found, "date") == [("2015-05-12", "feed")]


def test_an_entry_keeps_its_digest_when_others_come() -> None:
    more = RSS.replace("<item>", "<item><title>New</title><description>New.</description></item><item>", 1)
    before, after = pages(RSS, "feed.xml"), pages(more, "feed.xml")
    assert [one.provenance.sha256 for one in after[1:]] == [one.provenance.sha256 for one in before]


def test_stray_ampersands_entities_and_control_characters_are_mended() -> None:
    feed = "<rss><channel><title>A & B</title><item><title>Caf&eacute;\x0b &nbsp;R&D</title></item></channel></rss>"
    assert claims(page(feed, "f.xml"), "title") == [("Café R&D", "feed")]


def test_a_broken_entry_does_not_stop_the_rest() -> None:
    feed = RSS.replace("<description>Short.</description>", "<b>never closed")
    found = items(feed, "feed.xml")
    assert [type(item) for item in found] == [Unread, Page]
    assert str(found[0]) == "feed.xml!#1: not well-formed: mismatched tag"
    last = found[1]
    assert isinstance(last, Page)
    assert claims(last, "source") == [("Coast News", "feed")]


def test_a_feed_that_breaks_off_gives_what_came_before() -> None:
    found = items(RSS[: RSS.index("<author>")], "feed.xml")
    assert [type(item) for item in found] == [Page, Unread]


def test_entities_of_a_document_type_do_not_expand() -> None:
    declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    feed = f'<!DOCTYPE rss [<!ENTITY e0 "lol">{declared}]><rss><channel><item><title>&e11;</title></item></channel></rss>'
    assert claims(page(feed, "f.xml"), "title") == [("&e11;", "feed")]
    outside = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><channel><item><title>&x;</title></item></channel></rss>'
    assert claims(page(outside, "f.xml"), "title") == [("&x;", "feed")]


@pytest.mark.parametrize(
    "bomb", ["<item>" * 50_000, "<![CDATA[" * 50_000, "&a" * 50_000, "<!DOCTYPE" * 50_000, "<!--" * 50_000]
)
def test_a_feed_made_to_hurt_is_a_reason(bomb: str) -> None:
    assert reasons(f"<rss><channel>{bomb}", "f.xml")


def test_a_feed_without_entries_is_a_reason() -> None:
    assert reasons("<rss><channel><title>Quiet</title></channel></rss>", "f.xml") == [
        "f.xml: a feed without entries"
    ]


def test_a_bad_record_of_a_list_does_not_lose_the_rest(tmp_path: Path) -> None:
    records = [
        f'{{"title": "Part {number}", "text": "The text of part {number} of a long list."}}'
        for number in range(300)
    ]
    records[5] = '{"title": "Part 5", "text": "An unescaped " mark."}'
    (tmp_path / "list.json").write_text("[" + ", ".join(records) + "]")
    found = list(read(tmp_path / "list.json", "list.json", Settings()))
    assert sum(isinstance(one, Page) for one in found) == 299
    assert [one.member for one in found if isinstance(one, Unread)] == ["#6"]


def test_a_nul_in_a_dump_by_lines_is_the_fault_of_its_line_alone(tmp_path: Path) -> None:
    lines = [f'{{"title": "Part {number}", "text": "The text of part {number}."}}' for number in range(50)]
    lines[3] += "\0"
    (tmp_path / "dump.jsonl").write_text("\n".join(lines))
    assert sum(isinstance(one, Page) for one in read(tmp_path / "dump.jsonl", "dump.jsonl", Settings())) >= 49
