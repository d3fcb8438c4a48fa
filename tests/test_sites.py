"""Are the rules that searcher.toml has for a site honoured on its pages, and on no others?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from readers_kit import block, claims, items, page, texts

from searcher.cleaning import TOLD, clean
from searcher.errors import SettingsError
from searcher.model import Article, Page
from searcher.readers.sites import rules
from searcher.reading import read
from searcher.settings import Settings, Site, parse

SENTENCE = "The ferry left the harbour at noon, and the council watched it go from the old stone pier."
OTHER = "Nobody had expected the ice to melt so early, the harbour master told the people who had come."
LETTER = "Our letter comes each Friday and tells you, in ten minutes, what the week on the coast was like."
PAGE = (
    '<!doctype html><html><head><title>Ferry leaves</title><link rel="canonical" href="https://{host}/ferry"></head>'
    f'<body><h1>Ferry leaves</h1><div class="Text story"><p>{SENTENCE}</p><p class="letter big">{LETTER}</p><p>{OTHER}</p>'
    f'</div><div id="more"><p>{OTHER} And more of it.</p></div></body></html>'
)  # fmt: skip


def ruled(keep: tuple[str, ...] = (), drop: tuple[str, ...] = (), site: str = "example.org") -> Settings:
    return Settings(sites={site: Site(keep, drop)})


def read_page(settings: Settings, host: str = "example.org", markup: str = PAGE) -> Page:
    return page(markup.replace("{host}", host), "a.html", settings)


def kept(found: Page) -> list[str]:
    return [block.text for block, verdict in zip(found.blocks, clean(found).verdicts, strict=True) if not verdict]


def test_what_a_rule_drops_is_not_the_article_and_says_why() -> None:
    found = read_page(ruled(drop=("p.letter",)))
    assert LETTER not in kept(found)
    assert SENTENCE in kept(found)
    verdicts = dict(zip(texts(found), clean(found).verdicts, strict=True))
    assert verdicts[LETTER] == TOLD == "searcher.toml"


def test_what_a_rule_keeps_is_the_article_and_nothing_else_is() -> None:
    found = read_page(ruled(keep=("#more",)))
    assert kept(found) == [f"{OTHER} And more of it."]


def test_a_rule_keeps_what_looks_like_furniture() -> None:
    markup = PAGE.replace('id="more"', 'id="more" class="comments newsletter" hidden')
    assert kept(read_page(ruled(keep=("div",)), markup=markup))[-1] == f"{OTHER} And more of it."


def test_what_is_dropped_within_what_is_kept_is_dropped() -> None:
    assert kept(read_page(ruled((".Text",), (".letter",)))) == [SENTENCE, OTHER]


def test_where_nothing_is_left_the_rules_still_hold() -> None:
    assert kept(read_page(ruled(drop=("body",)))) == []


def test_a_part_of_a_line_can_be_dropped() -> None:
    markup = PAGE.replace(SENTENCE, f'{SENTENCE} <span class="share">Tell your friends</span>')
    found = read_page(ruled(drop=("span.share",)), markup=markup)
    assert SENTENCE in kept(found)
    assert "Tell your friends" not in " ".join(kept(found))


@pytest.mark.parametrize(
    ("site", "host", "is_meant"),
    [
        ("example.org", "example.org", True),
        ("example.org", "www.example.org", True),
        ("www.example.org", "example.org", True),
        ("Example.org", "news.example.org", True),
        ("example.org", "anexample.org", False),
        ("news.example.org", "example.org", False),
        ("example.org", "example.org.elsewhere.example", False),
    ],
)
def test_a_site_is_a_host_and_all_below_it(site: str, host: str, is_meant: bool) -> None:
    found = read_page(ruled(drop=(".letter",), site=site), host)
    assert (LETTER not in kept(found)) == is_meant


def test_a_site_is_a_first_folder_of_the_corpus() -> None:
    settings = ruled(drop=(".letter",), site="courier")
    assert rules(settings, "corpus/courier/2015/a.html", [])
    assert not rules(settings, "corpus/other/courier/a.html", [])
    assert not rules(settings, "corpus/courier", [])


def test_where_a_page_was_fetched_counts_and_not_what_it_calls_its_own() -> None:
    saved = "<!-- saved from url=(0021)https://mirror.example/a -->"
    markup = PAGE.replace("<html>", f"<html>{saved}")
    assert LETTER in kept(read_page(ruled(drop=(".letter",)), markup=markup))
    assert LETTER not in kept(read_page(ruled(drop=(".letter",), site="mirror.example"), markup=markup))


def test_each_rule_says_whether_it_found_something_on_the_page() -> None:
    found = read_page(ruled((".Text",), (".letter", ".lettre")))
    assert claims(found, "rule") == [
        ('keep ".Text" of example.org', "searcher.toml"),
        ('drop ".letter" of example.org', "searcher.toml"),
    ]
    assert claims(found, "unused") == [('drop ".lettre" of example.org', "searcher.toml")]


def test_a_rule_that_keeps_nothing_on_a_page_leaves_it_to_cleaning() -> None:
    assert SENTENCE in kept(read_page(ruled(keep=(".article-body",))))


def test_no_page_can_write_our_marks() -> None:
    forged = PAGE.replace('class="letter big"', 'class="drop keep searcher-drop searcher-keep" hint="drop"')
    found = read_page(ruled(drop=("#more",)), markup=forged)
    assert block(found, LETTER).hint == ""
    assert all("drop-" not in name and "keep-" not in name for one in found.blocks for name in one.zone)


def test_pages_are_parsed_as_without_rules() -> None:
    odd = PAGE.replace("<p>", "<P Title='a > b'>").replace("</p>", "").replace("class=", "CLASS  =  ")
    odd = f"\r\n<!-- <p class=letter> -->\r\n{odd}<script>'<p class=letter>'</script>"
    plain = read_page(Settings(), markup=odd)
    found = read_page(ruled(drop=("p.letter",)), markup=odd)
    assert [one._replace(hint="") for one in found.blocks] == list(plain.blocks)
    assert [one.text for one in found.blocks if one.hint] == [LETTER]


def test_fragments_in_dumps_and_feeds_have_rules_too() -> None:
    settings = ruled(drop=(".letter",))
    inner = f"<p>{SENTENCE}</p><p class=letter>{LETTER}</p>"
    line = f'{{"title": "Ferry", "url": "https://example.org/f", "body": "{inner}"}}\n'
    feed = f"<rss><channel><title>x</title><item><link>https://example.org/f</link><description><![CDATA[{inner}]]></description></item></channel></rss>"
    for data, name in ((line, "a.jsonl"), (feed, "a.rss")):
        found = page(data, name, settings)
        assert kept(found) == [SENTENCE]


@pytest.mark.parametrize(
    "bomb",
    ["<div>" * 50_000, "<p>x" * 60_000, "<a " * 100_000, "<!-- " * 50_000, "<![x", "<p class=letter" * 9, "&" * 9],
)
def test_a_page_made_to_hurt_gives_its_text_and_never_stops_a_run(bomb: str) -> None:
    markup = PAGE.replace("</body>", f"{bomb}</body>")
    found = items(markup.replace("{host}", "example.org"), "a.html", ruled(drop=("div p.letter",)))
    assert isinstance(found[0], Page)
    assert SENTENCE in texts(found[0])


@pytest.mark.parametrize(
    ("table", "message", "hint"),
    [
        ({"sites": {"a": {"kep": []}}}, "unknown rule for a in searcher.toml: kep", "did you mean keep?"),
        ({"sites": {"a": {"keep": ".x"}}}, "keep of sites.a in searcher.toml must be a list of CSS selectors: '.x'", "[sites."),
        ({"sites": {"a": {"drop": [1]}}}, "drop of sites.a in searcher.toml must be a list of CSS selectors: [1]", "[sites."),
        ({"sites": {"a": [".x"]}}, "sites.a in searcher.toml must be a table of keep and drop: ['.x']", "[sites."),
        ({"sites": [".x"]}, "sites in searcher.toml must be a table of tables: ['.x']", None),
        ({"cleaning": "readability"}, "unknown cleaning in searcher.toml: readability", "known: blocks, trafilatura"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_meant_are_refused(table: dict[str, Any], message: str, hint: str | None) -> None:
    with pytest.raises(SettingsError) as raised:
        parse(table)
    assert raised.value.message == message
    assert (raised.value.hint or "").startswith(hint or "")


@pytest.mark.parametrize("selector", ["p[", "", "> >", "p::before", "p:unheard-of"])
def test_a_selector_that_is_not_css_is_refused_before_anything_is_read(selector: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("No page of that site at all.\n")
    with pytest.raises(SettingsError) as raised:
        list(read([tmp_path], ruled(drop=(selector,))))
    assert raised.value.message == f"not a CSS selector in searcher.toml, sites.example.org: {selector}"
    assert raised.value.hint


def test_an_article_says_what_the_rules_took(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE.replace("{host}", "example.org"))
    (found,) = read([tmp_path], ruled((".Text",), (".letter",)))
    assert isinstance(found, Article)
    assert (found.title, found.body) == ("Ferry leaves", f"{SENTENCE}\n\n{OTHER}")
    assert {piece.reason for piece in found.stripped if LETTER in piece.text} == {"searcher.toml"}
