"""Has one publisher one name, has an article its own address, and is its section one?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.metadata import Context, describe
from searcher.metadata.addresses import original, tidy
from searcher.metadata.agencies import agency, dateline
from searcher.metadata.sources import publisher, shown
from searcher.metadata.tables import table
from searcher.model import Article, Block, Claim, Page, Provenance
from searcher.settings import Settings

BODY = "The ferry left the harbour at noon, and the council watched it go from the old stone pier by the sea."


def read(*claims: Claim, settings: Settings | None = None) -> Article:
    blocks = (Block("Ferry leaves", "heading", 1), Block(BODY))
    return describe(
        Page(Provenance("a.html"), "html", blocks, claims), [None, None], Context(settings or Settings())
    )


def url(value: str, origin: str = "canonical") -> Claim:
    return Claim("url", value, origin)


@pytest.mark.parametrize("name", ["BBC", "bbc.com", "BBC News", "BBC NEWS", "bbc.co.uk", "BBC News - Home"])
def test_one_publisher_has_one_name(name: str) -> None:
    assert read(Claim("source", name, "meta")).source == "BBC"


def test_a_known_host_is_shown_by_its_name_and_an_unknown_one_as_it_is() -> None:
    known = read(url("https://news.bbc.co.uk/1/hi/world/4711.stm"))
    assert (known.source, known.origins["source"]) == ("BBC", "host")
    assert read(url("https://www.courier.example/ferry")).source == "courier.example"
    assert publisher("notbbc.com") is None


def test_a_name_that_only_begins_like_a_known_one_is_that_one_at_its_host_only() -> None:
    slogan = Claim("source", "CNN - Breaking News, Latest News and Videos", "meta")
    assert read(slogan, url("https://edition.cnn.com/2015/05/12/ferry")).source == "CNN"
    assert read(slogan, url("https://courier.example/ferry")).source == slogan.value


def test_the_settings_name_hosts_folders_and_what_pages_call_themselves() -> None:
    settings = Settings(sources={"Harbour Courier": "The Courier", "BBC": "British Broadcasting Corporation"})
    names = ("Harbour Courier", "The Harbour Courier", "HARBOUR COURIER ONLINE", "Harbour Courier | Home")
    assert {read(Claim("source", name, "meta"), settings=settings).source for name in names} == {"The Courier"}
    assert read(Claim("source", "BBC", "meta"), settings=settings).source == "British Broadcasting Corporation"


def test_names_that_nobody_knows_stay_apart_and_as_they_are_written() -> None:
    names = ["The Dune Letter", "Dune Letter", "Dune Letter Online", "Le Journal du Vieux Port", "De Zee"]
    assert [shown(name, [], {}) for name in names] == names


def test_no_name_and_no_host_of_the_table_means_two_publishers() -> None:
    forms = [(form.casefold(), name) for name, row in table("sources").items() for form in {name, *row}]
    owners: dict[str, str] = {}
    assert [form for form, name in forms if owners.setdefault(form, name) != name] == []


def test_no_name_of_the_table_means_two_agencies() -> None:
    forms = [(form, name) for name, row in table("agencies").items() for form in row]
    owners: dict[str, str] = {}
    assert [form for form, name in forms if owners.setdefault(form, name) != name] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("TOKYO, May 12 (Kyodo) - The ferry", "Kyodo"),
        ("【ロンドン共同】フェリーは", "Kyodo"),
        ("【ワシントン時事】フェリーは", "Jiji"),
        ("(서울=연합뉴스) 홍길동 기자", "Yonhap"),
        ("МОСКВА, 12 мая. /ТАСС/. Паром", "TASS"),
        ("北京5月12日（新华社）渡轮", "Xinhua"),
        ("NEW YORK (AP) — The ferry", "AP"),
        ("القاهرة (رويترز) - غادرت السفينة", "Reuters"),
    ],
)
def test_the_agency_of_a_dateline_is_read_in_five_scripts(text: str, name: str) -> None:
    found = dateline(text)
    assert found is not None
    assert found[0] == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ロイター通信", "Reuters"),
        ("Анадолу", "Anadolu"),
        ("彭博社", "Bloomberg"),
        ("УНІАН", "UNIAN"),
        ("연합뉴스", "Yonhap"),
    ],
)
def test_agencies_are_known_by_the_names_of_other_languages(text: str, name: str) -> None:
    assert agency(text) == name


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ((url("/2015/05/ferry"), url("https://courier.example/x?id=1", "WARC")), "https://courier.example/2015/05/ferry"),
        ((url("https://courier.example/"), url("https://courier.example/ferry", "WARC")), "https://courier.example/ferry"),
        ((url("https://courier.example/en", "og:url"), url("https://courier.example/en/ferry", "record")), "https://courier.example/en/ferry"),
        ((url("https://courier.example/", "og:url"), url("https://courier.example/", "WARC")), "https://courier.example/"),
        ((url("https://courier.example/ferry?utm_source=mail&fbclid=1&page=2#top"),), "https://courier.example/ferry?page=2"),
        ((url("https://courier.example/ferry/amp/", "WARC"),), "https://courier.example/ferry/"),
        ((url("https://courier.example/ferry?amp=1&id=7", "WARC"),), "https://courier.example/ferry?id=7"),
        ((url("https://courier.example/ferry"), url("https://m.courier.example/ferry/amp", "WARC")), "https://courier.example/ferry"),
        ((url("https://web.archive.org/web/20150512101010/https://courier.example/ferry", "WARC"),), "https://courier.example/ferry"),
        ((url("http://ferry"), url("https://courier.example/ferry", "og:url")), "https://courier.example/ferry"),
        ((url("https://[broken"), url("ferry", "og:url")), None),
    ],
)  # fmt: skip
def test_an_article_has_its_own_address(claims: tuple[Claim, ...], expected: str | None) -> None:
    assert read(*claims).url == expected


@given(st.text(st.sampled_from("https:/[]?&=#%.amputm_@ä\\ \t") | st.characters(), max_size=60))
def test_no_address_breaks_the_reading_of_addresses(text: str) -> None:
    assert isinstance(tidy(original(text), amp=True), str)
    assert read(url(text), url("https://courier.example/a", "WARC")).url is not None


def test_an_address_that_is_tidy_stays_as_it_is() -> None:
    for address in (
        "https://courier.example/a?b=c%20d&e=",
        "https://courier.example/?p=12",
        "https://a.example/#!/b",
    ):
        assert tidy(address, amp=True) == address


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("World",), "World"),
        (("Uncategorized", "Sport"), "Sport"),
        (("Harbour Courier", "Politics"), "Politics"),
        (("https://courier.example/world", "4711"), None),
        ((" / World / ",), "World"),
    ],
)
def test_a_section_is_a_part_of_a_paper(values: tuple[str, ...], expected: str | None) -> None:
    claims = [Claim("section", value, "meta") for value in values]
    assert read(*claims, Claim("source", "Harbour Courier", "meta")).section == expected


def test_tags_are_unescaped_and_each_is_said_once() -> None:
    claims = [Claim("tag", value, "meta") for value in ("ice", " ice ", "sea &amp; ice", "")]
    assert read(*claims).tags == ("ice", "sea & ice")
