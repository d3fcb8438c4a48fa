"""Do the five articles this project began with come out as they were asked for? They lie beside the checkout."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import data

from searcher import Archive, Article

pytestmark = pytest.mark.seeds


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    root = tmp_path_factory.mktemp("seeds")
    shutil.copytree(data("seeds"), root / "corpus")
    with Archive(root) as opened:
        opened.build(workers=1)
        yield opened


def line(number: str, at: int) -> str:
    """A line of a seed file that is not empty: the project itself holds none of them."""
    path = next(data("seeds").glob(f"{number}_*"))
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()][at]


def found(archive: Archive, query: str) -> list[str]:
    return sorted(Path(hit.article.provenance.file).name[:3] for hit in archive.hits(query))


def article(archive: Archive, number: str) -> Article:
    return next(hit.article for hit in archive.hits("*") if Path(hit.article.provenance.file).name[:3] == number)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Kerry Sochi", ["001", "002", "003"]),
        ('"frank meeting"', ["000", "002"]),
        ("kerry date:2016", ["004"]),
        ("warehouse", []),
        ("Kyrgyzstan", []),
        ("boilerplate:warehouse", ["000"]),
        ('"no comments yet"', []),
        ('"site-wide search"', []),
        ("is:transcript", ["004"]),
        ("source:bbc", ["000"]),
        ("agency:afp", ["001", "003"]),
        ("author:biddle OR author:popowska", ["001", "003"]),
        ("speaker:Kerry briefcase", ["004"]),
        ("date:2015-05-12", ["000", "002", "003"]),
        ("-has:date", ["001"]),
    ],
)
def test_searches_find_exactly_these(archive: Archive, query: str, expected: list[str]) -> None:
    assert found(archive, query) == expected


def test_a_page_of_a_world_news_archive(archive: Archive) -> None:
    one = article(archive, "000")
    assert one.date is not None
    assert (one.date.value, one.origins["date"]) == ("2015-05-12", one.date.origin)
    assert one.title == line("000", 1).lstrip("# ")
    assert one.body == line("000", 2).replace("&quot;", '"')
    assert (one.source, one.url) == ("BBC", "http://www.bbc.com/news/world-europe-32700259")
    assert len(one.images) == 1
    assert "Cover Image" not in one.body
    assert [related.date for related in one.related] == [
        "2016-03-22",
        "2016-11-16",
        "2016-08-27",
        "2016-07-31",
        "2016-07-01",
    ]
    assert "John Kerry" in {claim.value for claim in one.claims if claim.origin.lower().startswith("context")}


def test_text_of_a_news_archive_with_its_search_box(archive: Archive) -> None:
    one = article(archive, "001")
    assert one.title == line("001", 1)
    assert (one.source, one.agency, one.authors, one.date) == (
        "SomaNet News Archive",
        "AFP",
        ("Estera Popowska",),
        None,
    )
    assert one.body.startswith(line("001", 4))


def test_a_broadcasters_page(archive: Archive) -> None:
    one = article(archive, "002")
    assert one.date is not None
    assert one.date.value == "2015-05-12"
    assert one.title == line("002", 1)
    assert one.body.startswith(line("002", 2)), "the fuller sentence stays"
    assert one.title not in one.body.split("\n\n")


def test_a_news_sites_text_with_a_comment_widget(archive: Archive) -> None:
    one = article(archive, "003")
    assert one.title == line("003", 0)
    assert one.title not in one.body
    assert (one.agency, one.authors) == ("AFP", ("Jo Biddle",))
    assert one.date is not None
    assert one.date.value == "2015-05-12"
    assert "weekday" in one.date.origin
    assert one.date.confidence < 0.9
    assert "Global issues" in one.body.split("\n\n")
    assert "Add a comment" not in one.body
    assert "Sochi" in one.places
    assert {piece.reason for piece in one.stripped} >= {"comments"}


def test_an_official_transcript(archive: Archive) -> None:
    one = article(archive, "004")
    assert one.date is not None
    assert one.date.value == "2016-03-24"
    assert one.flags == ("transcript",)
    assert set(one.speakers) >= {"Vladimir Putin", "John Kerry"}
    assert [quote.speaker for quote in one.quotes if quote.text.startswith("Mr President, thank you")] == [
        "John Kerry"
    ]


def test_every_value_has_an_origin_and_every_piece_cut_a_reason(archive: Archive) -> None:
    for number in ("000", "001", "002", "003", "004"):
        one = article(archive, number)
        known = {name for name in ("title", "date", "source", "agency", "authors") if getattr(one, name)}
        assert known <= set(one.origins)
        assert all(piece.reason for piece in one.stripped)
        assert [one.body[name.start : name.end] for name in one.names] == [name.text for name in one.names]
