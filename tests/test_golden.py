"""Do whole archives come out right? Each folder of golden/ is one: files in corpus/, and expected.toml.

[[article]]              what becomes of one file (`member` where it holds several)
file = "courier/a.html"
title = "…"              any attribute of Article; a list is compared whole; `date` is its value
body_has = ["…"]         `body_lacks`, `stripped_has`: pieces that must, or must not, be there
[[search]]               what is found
query = "kerry sochi"
found = ["courier/a.html"]
[[copies]]               articles of nearly the same text, and no others
files = ["courier/a.html", "gazette/b.html"]
[[story]]                articles about one event, and no others; `hours` behind the first, if given, in this order
files = ["courier/a.html", "gazette/b.html", "express/c.html"]
[[quote]]                who carries a quote, the oldest first
text = "we will not rest"
carriers = ["courier/a.html"]
[[unread]]               what gives no article
file = "…"
reason = "…"
"""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from searcher import Archive, QueryError
from searcher.model import Article, Unread

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.parent for path in GOLDEN.glob("*/expected.toml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_archive_comes_out_as_expected(case: Path, tmp_path: Path) -> None:
    expected = tomllib.loads((case / "expected.toml").read_text("utf-8"))
    shutil.copytree(case / "corpus", tmp_path / "corpus")
    if (case / "searcher.toml").exists():
        shutil.copy(case / "searcher.toml", tmp_path)
    with Archive(tmp_path) as archive:
        report = archive.build(workers=1)
        articles = [hit.article for hit in archive.hits("*")]
        for wanted in expected.get("article", []):
            check(_article(articles, wanted), wanted)
        for wanted in expected.get("search", []):
            assert _found(archive, wanted["query"]) == wanted.get("error", sorted(wanted.get("found", ()))), wanted[
                "query"
            ]
        for wanted in expected.get("story", []):
            _check_story(archive, articles, wanted)
        for wanted in expected.get("quote", []):
            carriers = archive.quote(wanted["text"], fold=False).carriers
            assert [_name(carrier.article) for carrier in carriers] == wanted["carriers"], wanted["text"]
    for wanted in expected.get("copies", []):
        files = sorted(wanted["files"])
        groups = {article.copy for article in articles if _name(article) in files}
        assert sorted(_name(article) for article in articles if article.copy in groups) == files
    unread = {(_short(item), item.reason) for item in report.unread}
    assert {(wanted["file"], wanted["reason"]) for wanted in expected.get("unread", [])} <= unread
    assert len(articles) == expected.get("articles", len(articles))
    assert not [item for item in report.unread if "fault" in item.reason]


def _check_story(archive: Archive, articles: list[Article], wanted: dict[str, Any]) -> None:
    files = wanted["files"]
    story = archive.story(next(article.id for article in articles if _name(article) in files))
    told = [_name(each.article) for each in story.tellings]
    assert (told if "hours" in wanted else sorted(told)) == (files if "hours" in wanted else sorted(files))
    assert [each.hours for each in story.tellings] == wanted.get("hours", [each.hours for each in story.tellings])


def _found(archive: Archive, query: str) -> list[str] | str:
    try:
        return sorted(_name(hit.article) for hit in archive.hits(query))
    except QueryError as error:
        return error.message


def _name(article: Article) -> str:
    return article.provenance.file.removeprefix("corpus/")


def _short(item: Unread) -> str:
    return item.file.removeprefix("corpus/")


def _article(articles: list[Article], wanted: dict[str, Any]) -> Article:
    found = [article for article in articles if _name(article) == wanted["file"]]
    if "member" in wanted:
        found = [article for article in found if article.provenance.member == wanted["member"]]
    if "title" in wanted and len(found) > 1:
        found = [article for article in found if article.title == wanted["title"]]
    assert len(found) == 1, f"{len(found)} articles of {wanted['file']}: {[article.title for article in found]}"
    return found[0]


def check(article: Article, wanted: dict[str, Any]) -> None:
    """Compares an article with a table of expected.toml."""
    stripped = "\n".join(piece.text for piece in article.stripped)
    for name, value in wanted.items():
        match name:
            case "file" | "member":
                continue
            case "date":
                assert (article.date.value if article.date else "") == value, article.title
            case "body_has" | "body_lacks" | "stripped_has":
                content = stripped if name == "stripped_has" else article.body
                for piece in value:
                    assert (piece in content) == (name != "body_lacks"), f"{article.title}: {name}: {piece}"
            case "date_origin":
                assert (article.date.origin if article.date else "") == value, article.title
            case "claims_has":
                claims = {f"{claim.field}={claim.value}" for claim in article.claims}
                assert set(value) <= claims, f"{article.title}: {sorted(claims)}"
            case "quotes":
                assert [[quote.text, quote.speaker or ""] for quote in article.quotes] == value
            case "related":
                assert [[related.title, related.date or ""] for related in article.related] == value
            case _:
                held = getattr(article, name)
                assert (list(held) if isinstance(held, tuple) else held or "") == value, f"{article.title}: {name}"
