"""Who wrote it, for which agency, and who published it?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.metadata import Context, describe, lines
from searcher.metadata.agencies import agency, dateline, end_mark
from searcher.metadata.bylines import parse
from searcher.model import Article, Block, Claim, Link, Page, Provenance
from searcher.settings import Settings

BODY = "The ferry left the harbour at noon, and the council watched it go from the old stone pier by the sea."


def read(*blocks: Block | str, verdicts: dict[int, str] | None = None, context: Context | None = None) -> Article:
    return read_with((), *blocks, verdicts=verdicts, context=context)


def read_with(
    claims: tuple[Claim, ...],
    *blocks: Block | str,
    verdicts: dict[int, str] | None = None,
    context: Context | None = None,
) -> Article:
    made = tuple(Block(block) if isinstance(block, str) else block for block in blocks)
    reasons = [(verdicts or {}).get(index) for index in range(len(made))]
    return describe(Page(Provenance("a.txt"), "plain", made, claims), reasons, context or Context())


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Jane Doe", ("Jane Doe",)),
        ("(By Jane Doe)", ("Jane Doe",)),
        ("BY JANE DOE AND MAX MUSTERMANN", ("Jane Doe", "Max Mustermann")),
        ("By Jane Doe in Harbour Town and John Roe in Sea Town", ("Jane Doe", "John Roe")),
        ("By Jane Doe, Political Correspondent", ("Jane Doe",)),
        ("By Jane Doe, jane@courier.example, @janedoe", ("Jane Doe",)),
        ("Von Max Mustermann", ("Max Mustermann",)),
        ("Par Jean Dupont avec AFP", ("Jean Dupont",)),
        ("Por Juan Pérez", ("Juan Pérez",)),
        ("Автор: Иван Иванов", ("Иван Иванов",)),
        ("بقلم: محمد علي", ("محمد علي",)),
        ("记者 张三 李四", ("张三", "李四")),
        ("来源：新华网 作者：张三", ("张三",)),
        ("Jane Doe | 12 May 2015", ("Jane Doe",)),
        ("By Jane Doe Published 12 May 2015", ("Jane Doe",)),
        ("Reporting by Jane Doe; Editing by John Roe", ("Jane Doe",)),
    ],
)
def test_a_byline_gives_its_authors_and_leaves_the_body(line: str, authors: tuple[str, ...]) -> None:
    article = read("Ferry leaves", line, BODY)
    assert article.authors == authors
    assert article.body == BODY
    assert [piece.text for piece in article.stripped] == [line]


@pytest.mark.parametrize(
    "line", ["By the sea", "By staff writer", "Von der Küste her wehte Wind", "Par temps clair", "Open questions"]
)
def test_what_only_begins_like_a_byline_gives_no_author(line: str) -> None:
    assert read("Ferry leaves", line, BODY).authors == ()


def test_a_name_signed_under_the_last_sentence_is_the_author() -> None:
    article = read("Ferry leaves", BODY, f"{BODY} – Jane Doe, AFP /")
    assert (article.authors, article.agency) == (("Jane Doe",), "AFP")
    assert article.body.endswith("– Jane Doe, AFP /")


def test_claims_are_believed_before_bylines_but_not_for_posts_and_addresses() -> None:
    claims = (Claim("author", "https://courier.example/jane", "meta"), Claim("author", "Staff Writer", "meta"))
    claimed = (*claims, Claim("author", "John Roe", "JSON-LD"))
    assert read_with(claimed, "A", BODY).authors == ("John Roe",)
    assert read_with(claimed, "A", "By John Roe and Jane Doe", BODY).origins["authors"] == "JSON-LD"
    assert read_with(claims, "A", "By Jane Doe", BODY).authors == ("Jane Doe",)


def test_a_byline_with_other_persons_is_believed_before_data_that_name_who_published() -> None:
    claims = (Claim("author", "John Roe", "meta"), Claim("source", "Harbour Courier", "meta"))
    article = read_with(claims, "A", "By Jane Doe", BODY)
    assert (article.authors, article.origins["authors"]) == (("Jane Doe",), "byline")
    assert Claim("author", "John Roe", "meta") in article.claims
    site = (Claim("author", "Harbour Courier", "JSON-LD"), Claim("source", "Harbour Courier", "meta"))
    assert read_with(site, "A", "By Jane Doe", BODY).authors == ("Jane Doe",)


def called(text: str, *zone: str, links: tuple[Link, ...] = ()) -> Block:
    return Block(text, links=links, zone=("body", "div", *zone))


@pytest.mark.parametrize(
    ("block", "authors"),
    [
        (called("Xanthippe Quill", "post-author-name"), ("Xanthippe Quill",)),
        (called("Xanthippe Quill, Shipping Expert", "author"), ("Xanthippe Quill",)),
        (called("The Harbour Team", "byline"), ("The Harbour Team",)),
        (called("ByXanthippe Quill", "byline"), ("Xanthippe Quill",)),
        (called("Quill 3 min read", "x", links=(Link("Xanthippe Quill", "/a"),)), ()),
        (
            called("Xanthippe Quill Former Deputy", "x", links=(Link("Xanthippe Quill", "/authors/quill"),)),
            ("Xanthippe Quill",),
        ),
        (called("By Xanthippe Quill. Reviewed by Jane Doe", "author-line"), ("Xanthippe Quill",)),
        (called("Reviewed by: Jane Doe", "author-line"), ()),
        (called("Edited by: Jane Doe", "x"), ()),
        (called("Read more", "author"), ()),
    ],
)
def test_an_author_is_read_from_what_is_called_a_byline_or_links_to_a_profile(
    block: Block, authors: tuple[str, ...]
) -> None:
    assert read(Block("Ferry leaves", "heading", 1), block, BODY).authors == authors


def test_the_name_under_a_label_of_someone_else_is_not_the_author() -> None:
    name = called("Xanthippe Quill", "post-author-name")
    assert read(Block("Ferry leaves", "heading", 1), "Reviewed by", name, BODY).authors == ()
    assert read(Block("Ferry leaves", "heading", 1), "Words", name, BODY).authors == ("Xanthippe Quill",)


def test_the_portrait_of_an_author_names_one_where_nothing_else_does() -> None:
    portrait = Block("Headshot of Xanthippe Quill, harbour pilot", "image", zone=("div", "author-image"))
    article = read(Block("Ferry leaves", "heading", 1), portrait, BODY)
    assert (article.authors, article.origins["authors"]) == (("Xanthippe Quill",), "portrait")


@pytest.mark.parametrize(
    "value", ["undefined", "q_admin", "mde4torre", "andrew.k", "Staff Writer", "jane@courier.example"]
)
def test_what_is_no_name_is_no_author(value: str) -> None:
    assert read_with((Claim("author", value, "meta"),), "Ferry leaves", BODY).authors == ()


def test_an_author_who_is_an_agency_is_the_agency() -> None:
    article = read_with((Claim("author", "Reuters", "JSON-LD"),), "Ferry leaves", BODY)
    assert (article.authors, article.agency, article.origins["agency"]) == ((), "Reuters", "JSON-LD")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Agence France-Presse", "AFP"),
        ("(dpa)", "dpa"),
        ("ТАСС", "TASS"),
        ("РИА Новости", "RIA Novosti"),
        ("新华社", "Xinhua"),
        ("رويترز", "Reuters"),
        ("THE ASSOCIATED PRESS", "AP"),
        ("pa", None),
        ("the AP said", None),
    ],
)
def test_an_agency_is_known_by_all_its_names(name: str, expected: str | None) -> None:
    assert agency(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SEA TOWN, Harbourland, May 12 (Reuters) - The ferry left.", "Reuters"),
        ("Hamburg, 12. Mai (dpa) - Die Fähre ist weg.", "dpa"),
        ("Madrid, 12 may (EFE).- El barco ha salido.", "EFE"),
        ("МОСКВА, 12 мая — РИА Новости. Паром вышел.", "RIA Novosti"),
        ("МОСКВА, 12 мая. /ТАСС/. Паром вышел.", "TASS"),
        ("新华社北京5月12日电 轮船离港。", "Xinhua"),
        ("(AFP) The ferry left.", "AFP"),
        ("موسكو (رويترز) - غادرت السفينة الميناء.", "Reuters"),
        ("A ferry of the PA line left the harbour.", None),
        ("The ferry left, Reuters and the AP said on Monday.", None),
    ],
)
def test_a_dateline_names_its_agency(text: str, expected: str | None) -> None:
    found = dateline(text)
    assert (found and found[0]) == expected


def test_an_agency_in_running_text_is_not_the_agency_of_the_article() -> None:
    assert end_mark("They spoke to AFP and to nobody else.") is None
    assert read("Ferry leaves", f"AFP reported that {BODY}", BODY).agency is None
    assert read("Ferry leaves", f"AFP reported that {BODY}", f"{BODY} (AFP).").agency == "AFP"


def test_the_source_is_what_the_page_claims() -> None:
    article = read_with((Claim("source", "Harbour Courier", "meta"),), "Ferry leaves", BODY)
    assert (article.source, article.origins["source"]) == ("Harbour Courier", "meta")


def test_the_line_of_an_archive_is_the_source() -> None:
    article = read("Ferry leaves", "SeaNet News Archive", "(By Jane Doe)", BODY)
    assert (article.source, article.authors) == ("SeaNet News Archive", ("Jane Doe",))
    assert article.body == BODY


def test_a_list_of_sources_gives_the_source_its_address_and_a_picture() -> None:
    article = read(
        Block("Ferry leaves", "heading", 1),
        BODY,
        Block("Source:", "heading", 3),
        Block("Harbour Courier", "item", 1, (Link("Harbour Courier", "https://courier.example/1"),)),
        Block("Cover Image", "item", 1, (Link("Cover Image", "https://courier.example/1.jpg"),)),
        verdicts={2: "source list", 3: "source list", 4: "source list"},
    )
    assert (article.source, article.url) == ("Harbour Courier", "https://courier.example/1")
    assert article.origins["url"] == "source list"
    assert article.images == ("https://courier.example/1.jpg",)
    assert article.body == BODY


@pytest.mark.parametrize(
    ("sources", "url", "expected", "origin"),
    [
        ({"courier.example": "The Courier", "box": "The Box"}, True, "The Courier", "searcher.toml"),
        ({"box": "The Box"}, True, "The Box", "searcher.toml"),
        ({}, True, "courier.example", "host"),
        ({"box": "The Box"}, False, "The Box", "searcher.toml"),
        ({}, False, "box", "folder"),
    ],
)
def test_a_source_that_the_page_does_not_name_comes_from_outside(
    sources: dict[str, str], url: bool, expected: str, origin: str
) -> None:
    claims = (Claim("url", "https://www.courier.example/ferry", "canonical"),) if url else ()
    context = Context(Settings(sources=sources), folder="box")
    article = read_with(claims, "Ferry leaves", BODY, context=context)
    assert (article.source, article.origins["source"]) == (expected, origin)


def test_a_source_that_nobody_names_is_none() -> None:
    article = read("Ferry leaves", BODY)
    assert article.source is None
    assert "source" not in article.origins


def test_a_line_that_says_something_else_too_is_not_whole() -> None:
    assert not lines.read("July 4, 1776: A Nation Is Born").whole
    assert lines.read("Published on 12 May 2015 at 10:30 GMT · 5 min read").whole


def test_a_long_line_of_capitals_is_read_in_step_with_its_length() -> None:
    shouted = "SETTING UP BOTH OF THE CARDS BY HAND THEN ONE MORE WITHOUT ANY HELP AT ALL" * 20
    assert not parse(f"Jane Doe, {shouted}!").whole
    assert parse("Jane Doe, MPH, Ph.D.") == (("Jane Doe",), (), True)


@given(st.text(max_size=200))
def test_no_line_at_all_breaks_the_reading_of_bylines(text: str) -> None:
    assert lines.block(text).whole in (True, False)
    assert isinstance(parse(text).authors, tuple)
