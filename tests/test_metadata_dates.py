"""Is the date of a page the one it gives, and none where it gives none?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.metadata import Context, describe
from searcher.metadata.dates import AGREED, DISPUTED, PLACED, TRUST
from searcher.metadata.stamps import moment, months, read, scan
from searcher.metadata.urls import date_in
from searcher.model import OPEN, Block, Claim, Link, Page, Provenance, When
from searcher.settings import Settings

BODY = "The ferry left the harbour at noon, and the council watched it go from the old stone pier by the sea."
LATER = "It had been built there some years ago, the harbour master said, and it had not moved since that day."


def dated(*blocks: Block | str, claims: tuple[Claim, ...] = (), settings: Settings | None = None) -> When | None:
    made = tuple(Block(block) if isinstance(block, str) else block for block in blocks)
    page = Page(Provenance("a.txt"), "plain", made, claims)
    return describe(page, [None] * len(made), Context(settings or Settings(), id="1")).date


def value(*blocks: Block | str, claims: tuple[Claim, ...] = (), settings: Settings | None = None) -> str | None:
    when = dated(*blocks, claims=claims, settings=settings)
    return when.value if when else None


def said(text: str, origin: str = "meta") -> Claim:
    return Claim("date", text, origin)


@pytest.mark.parametrize(
    "text",
    [
        "Tuesday, 12 May 2015",
        "May 12, 2015",
        "12th of May 2015",
        "12-May-2015",
        "2015-05-12",
        "2015/05/12",
        "2015 May 12",
        "Dienstag, den 12. Mai 2015",
        "mardi 12 mai 2015",
        "12 de mayo de 2015",
        "12 мая 2015 г.",
        "١٢ مايو ٢٠١٥",
        "الثلاثاء 12 أيار/مايو 2015",
        "2015年5月12日",
        "25/05/2015 is not it, but 12 May 2015"[23:],
    ],
)
def test_a_date_is_read_as_seven_languages_write_it(text: str) -> None:
    assert [stamp.value() for stamp in scan(text)] == ["2015-05-12"]


@pytest.mark.parametrize("text", ["31 June 2015", "99.99.2015", "1.234.2015", "no date", "May be", "2015 people"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert [stamp for stamp in scan(text) if stamp.value()] == []


def test_a_missing_part_is_never_filled_in() -> None:
    [stamp] = scan("on Tuesday, May 12, they said")
    assert (stamp.year, stamp.month, stamp.day, stamp.weekday) == (None, 5, 12, 1)
    assert stamp.value() is None
    assert [stamp.value() for stamp in scan("May 2015")] == ["2015-05"]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2015-05-12T10:00:00Z", "2015-05-12T10:00:00+00:00"),
        ("2015-05-12 10:00:00 +0200", "2015-05-12T10:00:00+02:00"),
        ("Tue, 12 May 2015 10:00:00 GMT", "2015-05-12T10:00:00+00:00"),
        ("Tue May 12 2015 10:00:00 GMT+0200 (CEST)", "2015-05-12T10:00:00+02:00"),
        ("1431424800", "2015-05-12T10:00:00+00:00"),
    ],
)
def test_a_time_is_read_as_machines_write_it(text: str, instant: str) -> None:
    found = moment(text)
    assert found is not None
    assert found.isoformat() == instant


@given(st.dates(datetime(1900, 1, 1).date(), datetime(2099, 12, 31).date()))
def test_every_day_that_a_machine_writes_is_read_back(day: datetime) -> None:
    stamp = read(day.isoformat())
    assert stamp is not None
    assert stamp.value() == day.isoformat()


def test_every_name_of_a_month_makes_a_date() -> None:
    for name, month in months().items():
        turkish = name.replace("i", "İ").upper()
        for text in (f"12 {name} 2015", f"So it was on 12 {name.upper()} 2015.", f"12 {turkish} 2015"):
            assert [stamp.month for stamp in scan(text)] == [month], text


@given(st.text(st.sampled_from("0123456789-/.: TZ+年月日MayMärz,"), max_size=40))
def test_no_text_at_all_breaks_the_reading_of_dates(text: str) -> None:
    assert all(stamp.start < stamp.end for stamp in scan(text))
    assert read(text) is None or read(text) is not None


def test_the_origins_are_believed_in_the_order_of_the_table() -> None:
    claims = (said("2015-05-03", "time"), said("2015-05-02", "meta"), said("2015-05-01", "JSON-LD"))
    for kept, expected in ((3, "2015-05-01"), (2, "2015-05-02"), (1, "2015-05-03")):
        when = dated("Ferry leaves", "4 May 2015", BODY, claims=claims[:kept])
        assert when is not None
        assert (when.value, when.origin) == (expected, claims[kept - 1].origin)


def test_a_date_is_believed_more_where_others_agree_and_less_where_one_does_not() -> None:
    alone = dated("Ferry leaves", BODY, claims=(said("2015-05-12"),))
    agreed = dated("Ferry leaves", "12 May 2015", BODY, claims=(said("2015-05-12"),))
    disputed = dated("Ferry leaves", "14 May 2015", BODY, claims=(said("2015-05-12"),))
    assert alone
    assert agreed
    assert disputed
    assert {when.value for when in (alone, agreed, disputed)} == {"2015-05-12"}
    assert (agreed.confidence, disputed.confidence) == (AGREED, DISPUTED)
    assert disputed.confidence < alone.confidence < agreed.confidence


def test_a_date_that_the_page_shows_and_that_is_earlier_than_its_data_is_the_date() -> None:
    assert value("Ferry leaves", "12 May 2014", BODY, claims=(said("2015-05-12", "JSON-LD"),)) == "2014-05-12"
    assert value("Ferry leaves", "Updated 12 May 2014", BODY, claims=(said("2015-05-12"),)) == "2015-05-12"
    assert value("Ferry leaves", "12 May 2016", BODY, claims=(said("2015-05-12", "JSON-LD"),)) == "2015-05-12"


def test_a_date_line_is_believed_before_the_address() -> None:
    claims = (Claim("url", "https://courier.example/2015/05/13/ferry", "canonical"),)
    assert value("Ferry leaves", "12 May 2015", BODY, claims=claims) == "2015-05-12"
    assert value("Ferry leaves", BODY, claims=claims) == "2015-05-13"


def test_a_heading_that_links_to_its_day_gives_the_day() -> None:
    heading = Block("2015-05-12", "heading", 3, (Link("2015-05-12", "/news/2015/05/12/index.md"),))
    when = dated(heading, Block("Ferry leaves", "heading", 1), BODY)
    assert when is not None
    assert (when.value, when.origin) == ("2015-05-12", "heading link")


@pytest.mark.parametrize(
    "line",
    [
        "SEA TOWN, May 12, 2015 (AFP) - The ferry left the harbour at noon, and the council watched it go.",
        "Hamburg, 12. Mai 2015 (dpa) - Die Fähre hat den Hafen am Mittag verlassen, und alle sahen ihr zu.",
        "МОСКВА, 12 мая 2015 /ТАСС/. Паром вышел из порта в полдень, и весь город смотрел ему вслед.",
    ],
)
def test_a_dateline_gives_its_date(line: str) -> None:
    when = dated("Ferry leaves", line, LATER)
    assert when is not None
    assert (when.value, when.origin) == ("2015-05-12", "dateline")


def test_a_date_inside_a_sentence_is_not_the_date_of_the_article() -> None:
    assert dated("Ferry leaves", f"It was built on 12 May 2015, {BODY}", LATER) is None
    assert dated("What we know of September 11, 2001", BODY, LATER) is None


def test_a_bare_weekday_is_not_a_date() -> None:
    assert dated("Ferry leaves", f"On Tuesday {BODY}", "It was built in 2014, they said, and cost a lot.") is None


def test_a_year_is_worked_out_from_the_weekday_and_says_so() -> None:
    when = dated("Ferry leaves", f"On Tuesday, May 12, {BODY}", "It was built in 2014, they said, and cost a lot.")
    assert when is not None
    assert when.value == "2015-05-12"
    assert "worked out" in when.origin
    assert when.confidence < min(confidence for origin, confidence in TRUST if origin == "dateline")


@pytest.mark.parametrize(
    "text",
    [
        "Nothing here says when any of it has happened, not even the harbour master could tell us.",
        "It was built in 2003, they said, and nobody has ever found out why, or for whom, or by whom.",
        "The pier will be rebuilt by 2014, and it will cost $2014, said the master of the harbour.",
    ],
)
def test_a_year_is_not_worked_out_where_no_year_near_it_is_mentioned(text: str) -> None:
    assert dated("Ferry leaves", f"On Tuesday, May 12, {BODY}", text) is None


def test_a_weekday_is_the_day_of_the_article_where_the_article_begins_and_nowhere_else() -> None:
    text, year = f"On Tuesday, May 12, {BODY}", "It was built in 2014, they said, and cost a lot."
    headline = "The ferry of the old harbour leaves the town, and the whole council watches it"
    assert value(Block(headline), Block(text), year) == "2015-05-12"
    assert dated("Ferry leaves", BODY, text, year) is None
    assert dated("Ferry leaves", f"{BODY} This was on Tuesday, May 12, they said.", year) is None


def test_a_year_in_the_path_is_tried_before_the_years_of_the_text() -> None:
    block = Block(f"On Tuesday, May 12, {BODY}")
    page = Page(
        Provenance("corpus/2009/a.txt"), "plain", (Block("Ferry leaves"), block, Block("It was 2014 then."))
    )
    when = describe(page, [None] * 3, Context()).date
    assert when is not None
    assert when == When("2009-05-12", *PLACED)


def test_days_that_a_weekday_leaves_open_are_a_claim_and_none_is_after_the_retrieval() -> None:
    block = Block(f"On Tuesday, May 12, {BODY}")
    page = Page(Provenance("a.txt"), "plain", (Block("Ferry leaves"), block), (Claim("retrieved", "2019", "WARC"),))
    article = describe(page, [None] * 2, Context())
    days = next(claim.value for claim in article.claims if claim.origin == OPEN).strip("[]").split(",")
    assert article.date is None
    assert days[-3:] == ["1998-05-12", "2009-05-12", "2015-05-12"]
    assert {date.fromisoformat(day).weekday() for day in days} == {1}


@pytest.mark.parametrize("claims", [(said("2014-03-02"),), (Claim("url", "https://a.org/2015/x", "canonical"),)])
def test_a_weekday_leaves_nothing_open_where_the_page_says_the_date_or_the_year(claims: tuple[Claim, ...]) -> None:
    blocks = (Block("Ferry leaves"), Block(f"On Tuesday, May 12, {BODY}"))
    article = describe(Page(Provenance("a.txt"), "plain", blocks, claims), [None] * 2, Context())
    assert article.date is not None
    assert all(claim.origin != OPEN for claim in article.claims)


def test_two_years_in_a_path_leave_only_their_own_days_open() -> None:
    blocks = (Block("Ferry leaves"), Block(f"On Tuesday, May 12, {BODY}"))
    article = describe(Page(Provenance("corpus/2009-2015/a.txt"), "plain", blocks), [None] * 2, Context())
    assert Claim("date", "[2009-05-12,2015-05-12]", OPEN) in article.claims


def test_an_ambiguous_date_stays_a_claim() -> None:
    page = Page(Provenance("a.txt"), "plain", (Block("Ferry leaves"), Block("05/06/2015"), Block(BODY)))
    article = describe(page, [None] * 3, Context())
    assert article.date is None
    assert Claim("date", "05/06/2015", "date line") in article.claims
    assert article.body == BODY


@pytest.mark.parametrize(
    ("settings", "locale", "expected"),
    [
        (Settings(day_first=True), None, "2015-06-05"),
        (Settings(day_first=False), None, "2015-05-06"),
        (Settings(), "en-US", "2015-05-06"),
        (Settings(), "en-GB", "2015-06-05"),
        (Settings(), "en", None),
    ],
)
def test_the_settings_or_the_locale_settle_an_ambiguous_date(
    settings: Settings, locale: str | None, expected: str | None
) -> None:
    claims = (Claim("language", locale, "html lang"),) if locale else ()
    assert value("Ferry leaves", "05/06/2015", BODY, claims=claims, settings=settings) == expected


def test_a_date_that_can_be_read_in_one_way_only_needs_no_locale() -> None:
    assert value("Ferry leaves", "25/06/2015", BODY) == "2015-06-25"
    assert value("Ferry leaves", "06/25/2015", BODY) == "2015-06-25"
    assert value("Ferry leaves", "05.06.2015", BODY) == "2015-06-05"


@pytest.mark.parametrize("zone", ["UTC", "America/Chicago", "Asia/Tokyo"])
def test_a_time_with_an_offset_is_a_day_where_it_was_written(zone: str) -> None:
    when = dated(
        "Ferry leaves", BODY, claims=(said("2015-05-12T23:30:00-05:00"),), settings=Settings(timezone=zone)
    )
    assert when is not None
    assert (when.value, when.instant) == ("2015-05-12", "2015-05-12T23:30:00-05:00")


def test_a_time_in_utc_is_a_day_in_the_zone_of_the_archive() -> None:
    claims = (said("2015-05-12T23:30:00Z"),)
    assert value("Ferry leaves", BODY, claims=claims) == "2015-05-12"
    assert value("Ferry leaves", BODY, claims=claims, settings=Settings(timezone="Asia/Tokyo")) == "2015-05-13"


def test_what_was_written_in_the_east_can_have_been_retrieved_the_day_before() -> None:
    claims = (said("2015-05-13T09:00:00+13:00"), Claim("retrieved", "2015-05-12T22:00:00Z", "WARC"))
    assert value("Ferry leaves", BODY, claims=claims) == "2015-05-13"


def test_a_date_after_the_page_was_retrieved_is_not_believed() -> None:
    claims = (said("2015-05-14"), Claim("retrieved", "2015-05-13T00:00:00Z", "WARC"))
    assert dated("Ferry leaves", BODY, claims=claims) is None
    assert value("Ferry leaves", "12 May 2015", BODY, claims=claims) == "2015-05-12"


def test_a_date_in_the_future_is_not_believed() -> None:
    ahead = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    assert dated("Ferry leaves", BODY, claims=(said(ahead),)) is None


def test_a_month_is_a_date_of_its_own_and_a_day_of_it_is_better() -> None:
    assert value("Ferry leaves", BODY, claims=(said("2015-05"),)) == "2015-05"
    assert value("Ferry leaves", "12 May 2015", BODY, claims=(said("2015-05"),)) == "2015-05-12"


def test_the_date_of_a_change_is_not_the_date_of_publication() -> None:
    assert value("Ferry leaves", "Published 12 May 2015 | Updated 14 May 2015", BODY) == "2015-05-12"
    when = dated("Ferry leaves", "Updated 14 May 2015", BODY)
    assert when is not None
    assert (when.value, when.origin) == ("2015-05-14", "date of a change")
    assert dated("Ferry leaves", "Retrieved 14 May 2015", BODY) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://courier.example/2015/05/12/ferry.html", "2015-05-12"),
        ("/news/2016/07/1/a-long-headline.md", "2016-07-01"),
        ("https://courier.example/story-20150512.html", "2015-05-12"),
        ("https://courier.example/2015/may/12/ferry", "2015-05-12"),
        ("https://courier.example/2015/05/ferry", "2015-05"),
        ("https://courier.example/world-europe-32700259", None),
        ("https://courier.example/2015/13/40/ferry", None),
        ("https://[broken", None),
    ],
)
def test_an_address_gives_the_day_in_its_path(url: str, expected: str | None) -> None:
    assert date_in(url) == expected
