"""Are the dates that a page shows read in the forms and languages of the world, and told from those of other articles?"""

from __future__ import annotations

from datetime import date

import pytest

from searcher.metadata import Context, describe, relative
from searcher.metadata.lines import block
from searcher.metadata.sheet import Sheet
from searcher.metadata.stamps import scan
from searcher.model import Block, Claim, Page, Provenance, When

BODY = "The ferry left the harbour at noon, and the council watched it go from the old stone pier by the sea."
HEAD = Block("Ferry leaves", "heading", 1)


def page(*blocks: Block | str, claims: tuple[Claim, ...] = ()) -> Page:
    made = tuple(Block(piece) if isinstance(piece, str) else piece for piece in blocks)
    return Page(Provenance("a.html"), "html", made, claims)


def dated(*blocks: Block | str, claims: tuple[Claim, ...] = (), cut: dict[int, str] | None = None) -> When | None:
    made = page(*blocks, claims=claims)
    verdicts = [(cut or {}).get(index) for index in range(len(made.blocks))]
    return describe(made, verdicts, Context()).date


@pytest.mark.parametrize(
    "text",
    [
        "12 May 2015", "May 12th, 2015 at 5pm EST", "12. Mai 2015", "le 12 mai 2015", "12 de mayo de 2015",
        "12 maggio 2015", "12 de maio de 2015", "12 mei 2015", "12 maja 2015 r.", "12 мая 2015 г.", "12 травня 2015",
        "12. května 2015", "12 maj 2015", "den 12. maj 2015", "12. mai 2015", "12. toukokuuta 2015", "12 Mayıs 2015",
        "2015. május 12.", "١٢ مايو ٢٠١٥", "۱۲ مه ۲۰۱۵", "2015年5月12日", "2015년 5월 12일", "2015. 5. 12.",
        "2015.05.12", "12.05.15", "Tue, 05/12/2015", "Dienstag, den 12.05.2015",
    ],
)  # fmt: skip
def test_a_day_is_read_in_twenty_languages(text: str) -> None:
    assert "2015-05-12" in [stamp.value() for stamp in scan(text)]


@pytest.mark.parametrize(
    "text", ["12/05/15", "1.2.15", "10.30.15", "version 12.05.15.3", "12.05.15%", "Sie 12 Jahre"]
)
def test_two_digits_are_a_year_only_where_that_is_plain(text: str) -> None:
    assert [stamp.value() for stamp in scan(text) if stamp.value()] == []


@pytest.mark.parametrize(
    "text",
    [
        "Published: 10:30 GMT, 12 May 2015 | Updated: 11:00 GMT, 13 May 2015",
        "Posted on May 12, 2015 by admin | 3 comments",
        "Veröffentlicht am 12. Mai 2015 von Max Mustermann",
        "Publié le 12 mai 2015 à 10h30 | Mis à jour le 13/05/2015",
        "Pubblicato il 12 maggio 2015 alle ore 10:30",
        "Опубликовано 12 мая 2015 10:30",
        "입력 2015.05.12 10:30 | 수정 2015.05.13 11:00",
        "公開日：2015年5月12日",
    ],
)
def test_a_label_tells_the_day_of_publication_from_that_of_a_change(text: str) -> None:
    roles = {one.stamp.value(): (one.role, one.labelled) for one in block(text).dates}
    assert roles["2015-05-12"] == ("published", True)
    assert {role for role, _ in roles.values()} <= {"published", "updated"}


def test_a_labelled_date_is_read_from_a_line_that_says_other_things_too() -> None:
    when = dated(HEAD, "Essay - Published: 12 May 2015 | machines and other things", BODY)
    assert when is not None
    assert (when.value, when.origin) == ("2015-05-12", "byline")
    assert (
        dated(HEAD, "This entry was posted on Tuesday, May 12th, 2015 at 5 pm and is filed under Ice.", BODY)
        == when
    )
    assert dated(HEAD, "The pier of 12 May 2015 | machines and other things", BODY) is None
    assert dated(HEAD, "A book on it was published on 12 May 2015 and sold well.", BODY) is None


FAR = [f"{BODY} It was day number {number}." for number in range(20)]


def test_an_element_that_is_called_a_date_is_found_anywhere_if_it_is_the_only_one_of_its_kind() -> None:
    element = Block("12 May 2015", zone=("div", "aside", "span", "post-date"))
    when = dated(HEAD, *FAR, element, *FAR)
    assert when is not None
    assert (when.value, when.origin) == ("2015-05-12", "element")
    other = Block("13 May 2015", zone=element.zone)
    assert dated(HEAD, *FAR, element, *FAR, other, *FAR) is None


def test_a_date_among_comments_is_not_that_of_the_article() -> None:
    element = Block("12 May 2015", zone=("div", "span", "date"))
    assert dated(HEAD, *FAR, element, *FAR, cut={21: "comments"}) is None


@pytest.mark.parametrize(
    ("said", "claim", "expected"),
    [
        ("The pier was built on 25/12/2014.", Claim("tag", "ice", "meta"), "2015-06-05"),
        ("The pier was built on 12/25/2014.", Claim("tag", "ice", "meta"), "2015-05-06"),
        ("", Claim("url", "https://courier.example/2015/june/05/ferry", "canonical"), "2015-06-05"),
        ("", Claim("url", "https://www.courier.co.uk/ferry", "canonical"), "2015-06-05"),
        ("", Claim("url", "https://harbour.gov/ferry", "canonical"), "2015-05-06"),
        ("", Claim("language", "en_GB", "meta"), "2015-06-05"),
        ("", Claim("modified", "2015-05-06", "meta"), "2015-05-06"),
        ("", Claim("retrieved", "2015-05-20", "WARC"), "2015-05-06"),
    ],
)
def test_an_ambiguous_date_is_settled_by_what_else_is_known(said: str, claim: Claim, expected: str) -> None:
    when = dated(HEAD, "05/06/2015", f"{BODY} {said}", claims=(claim, Claim("language", "en", "html lang")))
    assert when is not None
    assert when.value == expected


@pytest.mark.parametrize(
    "text",
    [
        "Posted 3 days ago", "vor 3 Tagen", "il y a 3 jours", "hace 3 días", "3 giorni fa", "há 3 dias",
        "3 dagen geleden", "3 dni temu", "3 дня назад", "3 дні тому", "před 3 dny", "för 3 dagar sedan",
        "for 3 dage siden", "3 päivää sitten", "3 gün önce", "منذ 3 أيام", "3天前", "3日前", "3일 전",
        "By Jane Doe | 3 days ago",
    ],
)  # fmt: skip
def test_days_are_counted_back_from_the_day_of_retrieval(text: str) -> None:
    sheet = Sheet(page(HEAD, text, BODY), (None, None, None), Context())
    assert list(relative.dates(sheet, date(2015, 5, 15))) == [("2015-05-12", "published")]


def test_nothing_is_counted_back_where_the_day_of_retrieval_is_unknown() -> None:
    assert dated(HEAD, "Posted 3 days ago", BODY) is None
    when = dated(HEAD, "Posted 2 months ago", BODY, claims=(Claim("retrieved", "2015-05-15T10:00:00Z", "WARC"),))
    assert when is not None
    assert (when.value, when.precision, when.confidence) == ("2015-03", "month", 0.5)
    updated = dated(HEAD, "Updated 3 days ago", BODY, claims=(Claim("retrieved", "2015-05-15", "WARC"),))
    assert updated is None
