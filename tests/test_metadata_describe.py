"""Is a whole page told right: headline, body, language, what was stripped and where each value came from?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import metadata
from searcher.cleaning import clean, markup
from searcher.errors import Unreadable
from searcher.metadata import Context, describe, related, sheet, sources
from searcher.metadata.language import plain, short
from searcher.metadata.titles import bare
from searcher.model import Article, Block, Claim, Link, Page, Provenance, Related, Stripped

BODY = "The ferry left the harbour at noon, and the council watched it go from the old stone pier by the sea."
MORE = "Nobody had expected the ice to melt so early, the harbour master told the people who had come to look."


def page(*blocks: Block | str, claims: tuple[Claim, ...] = (), kind: str = "plain") -> Page:
    made = tuple(Block(block) if isinstance(block, str) else block for block in blocks)
    return Page(Provenance("corpus/a.txt"), kind, made, claims)


def read(*blocks: Block | str, claims: tuple[Claim, ...] = ()) -> Article:
    made = page(*blocks, claims=claims)
    return describe(made, clean(made).verdicts, Context(id="x1", ingested="2024-01-31"))


def title_claim(text: str, origin: str = "meta") -> Claim:
    return Claim("title", text, origin)


def test_the_first_short_line_of_a_text_is_its_headline() -> None:
    article = read("12 May 2015", "By Jane Doe", "Ferry leaves in the ice", BODY, MORE)
    assert (article.title, article.origins["title"]) == ("Ferry leaves in the ice", "first line")
    assert article.body == f"{BODY}\n\n{MORE}"


def test_a_headline_that_stands_twice_is_the_title_once() -> None:
    article = read("Ferry leaves", "Agence France-Presse", "FERRY LEAVES", BODY)
    assert (article.title, article.body) == ("Ferry leaves", BODY)
    assert Stripped("FERRY LEAVES", "repeated headline") in article.stripped
    assert all(piece.text != "Ferry leaves" for piece in article.stripped)


def test_a_first_sentence_that_only_begins_like_the_headline_stays() -> None:
    first = "Ferry leaves in the ice after a winter that nobody in the town will forget, the council said."
    assert read("Ferry leaves in the ice", first, BODY).body == f"{first}\n\n{BODY}"


def test_a_text_without_a_headline_is_called_by_its_first_sentence_and_keeps_it() -> None:
    article = read(f"{BODY} {MORE}", MORE)
    assert (article.title, article.origins["title"]) == (BODY, "first sentence")
    assert article.body.startswith(BODY)


def test_a_heading_that_a_claim_confirms_is_the_headline() -> None:
    claims = (title_claim("Ferry leaves | Harbour Courier", "title element"), title_claim("Ferry leaves"))
    headings = (Block("Harbour Courier", "heading", 1), Block("Ferry leaves", "heading", 1))
    article = read(*headings, BODY, claims=(*claims, Claim("source", "Harbour Courier", "meta")))
    assert (article.title, article.origins["title"]) == ("Ferry leaves", "heading")


def test_a_claimed_title_loses_the_name_of_its_site() -> None:
    claims = (
        title_claim("Ferry leaves in the ice - Harbour Courier", "title element"),
        Claim("source", "Harbour Courier", "meta"),
    )
    assert read(BODY, MORE, claims=claims).title == "Ferry leaves in the ice"
    assert bare("Ferry leaves in the ice | Opinion", []) == "Ferry leaves in the ice"
    assert bare("Ferry leaves - in the ice", []) == "Ferry leaves - in the ice"


def headline(heading: str, *titles: str, above: bool = True) -> str:
    claims = tuple(title_claim(text) for text in titles)
    shown = Block(heading, "heading", 1)
    blocks = (shown, BODY, MORE) if above else (BODY, shown, MORE)
    return read(*blocks, claims=claims).title


def test_a_heading_above_the_text_is_the_headline_even_where_the_data_say_otherwise() -> None:
    assert headline("How the ferry left", "All departures of May") == "How the ferry left"
    assert headline("How the ferry left", "All departures of May", above=False) == "All departures of May"
    assert headline("News", "All departures of May") == "All departures of May"


def test_a_headline_in_capitals_has_the_form_of_a_claim_and_none_the_name_of_its_site() -> None:
    assert headline("FERRY LEAVES IN THE ICE", "Ferry leaves in the ice") == "Ferry leaves in the ice"
    assert headline("FERRY LEAVES IN THE ICE", "Departures") == "FERRY LEAVES IN THE ICE"
    shown = "Ferry leaves in the ice | Travel | Harbour Courier"
    assert headline(shown, "Ferry leaves in the ice") == "Ferry leaves in the ice"
    assert headline("Harbour Blog", "Ferry leaves", "Harbour Blog: Ferry leaves") == "Ferry leaves"


def test_a_claimed_title_that_was_cut_is_the_whole_one() -> None:
    whole = "The ferry leaves the harbour in the ice, and nobody in the town can say when, if ever, it will be back again"
    claims = (title_claim(whole[:92], "JSON-LD"), title_claim(whole, "title element"))
    assert read(BODY, MORE, claims=claims).title == whole
    short = (
        title_claim("The ferry leaves", "JSON-LD"),
        title_claim("The ferry leaves the harbour", "title element"),
    )
    assert read(BODY, MORE, claims=short).title == "The ferry leaves"


def test_the_lead_is_the_first_two_paragraphs() -> None:
    assert read("Ferry leaves", BODY, MORE, BODY[:50] + " again.").lead == f"{BODY}\n\n{MORE}"


def test_a_heading_in_the_text_stays_and_pictures_do_not() -> None:
    picture = Block("A boat", "image", links=(Link("A boat", "https://courier.example/b.jpg"),))
    article = read("Ferry leaves", BODY, Block("Open questions", "heading", 2), MORE, picture)
    assert article.body == f"{BODY}\n\nOpen questions\n\n{MORE}"
    assert article.images == ("https://courier.example/b.jpg",)


def test_a_page_of_a_title_alone_is_an_article_and_one_of_nothing_is_not() -> None:
    assert read(claims=(title_claim("Ferry leaves"),)).body == ""
    with pytest.raises(Unreadable, match="no article text"):
        read(Block("", "image"))


def test_every_value_has_an_origin_and_every_claim_is_kept() -> None:
    claims = (
        Claim("section", "World", "meta"),
        Claim("tag", "ice", "meta"),
        Claim("url", "https://a.example/1", "og:url"),
    )
    article = read("Ferry leaves", "By Jane Doe", "12 May 2015", BODY, claims=claims)
    assert article.origins == {
        "title": "first line", "date": "date line", "source": "host", "authors": "byline", "language": "detected",
        "url": "og:url", "section": "meta",
    }  # fmt: skip
    assert set(claims) <= set(article.claims)
    assert Claim("author", "Jane Doe", "byline") in article.claims
    assert (article.section, article.tags, article.url) == ("World", ("ice",), "https://a.example/1")
    assert (article.id, article.ingested, article.words) == ("x1", "2024-01-31", 2 + 21)


def test_related_articles_have_the_dates_of_their_addresses_and_names_about_them_are_claims_only() -> None:
    text = "A fire in Harbour Town. Context: Harbour Town, Jane Doe"
    article = read(
        Block("Ferry leaves", "heading", 1), BODY, Block("Related:", "heading", 3),
        Block(text, "item", 1, (Link("A fire in Harbour Town.", "/news/2016/03/2/a-fire.md"),)),
    )  # fmt: skip
    assert article.related == (Related("A fire in Harbour Town.", "/news/2016/03/2/a-fire.md", "2016-03-02"),)
    assert Claim("entity", "Jane Doe", related.ABOUT_OTHERS) in article.claims
    assert (article.people, article.body) == ((), BODY)


def test_names_that_a_context_line_of_its_own_gives_are_people_of_the_article() -> None:
    article = read("Ferry leaves", f"{BODY} Then Bloggs left.", "Context: Hong Gildong, Jane Doe, Harbour")
    assert Claim("entity", "Jane Doe", "context line") in article.claims
    assert article.body == f"{BODY} Then Bloggs left."


def test_a_transcript_says_so_and_its_speakers_have_their_turns() -> None:
    article = read(
        "Meeting in the harbour", "12 May 2015", "President of France Jane Doe: Welcome to the harbour, Mr Mayor.",
        "Mayor John Roe: Thank you for having me here today.", "Jane Doe: Then let us begin with the ice.",
    )  # fmt: skip
    assert article.flags == ("transcript",)
    assert article.speakers == ("Jane Doe", "John Roe")
    assert [quote.text for quote in article.quotes][1] == "Thank you for having me here today."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (BODY, "en"),
        ("Die Fähre hat am Mittag den Hafen verlassen, und alle sahen ihr von der alten Mole aus nach.", "de"),
        ("Le bateau a quitté le port à midi, et tout le monde l'a regardé partir depuis la vieille jetée.", "fr"),
        ("El barco salió del puerto a mediodía, y todos lo miraron partir desde el viejo muelle de piedra.", "es"),
        ("Паром вышел из порта в полдень, и весь город смотрел ему вслед со старого каменного причала.", "ru"),
        ("غادرت السفينة الميناء عند الظهر وشاهدها الجميع من الرصيف الحجري القديم على البحر", "ar"),
        ("渡轮中午离开了港口，议会成员站在古老的石头码头上目送它远去。", "zh"),
        ("フェリーは正午に港を出て、人々は古い石の桟橋からそれを見送った。", "ja"),
    ],
)
def test_seven_languages_and_more_are_told_apart(text: str, language: str) -> None:
    assert read("12.05.2015", text, text).language == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The boat that is to take us to the island has left, and it is not known when it will be in port again, as "
         "nobody on the pier has seen it.", "en"),
        ("Der Ort, in dem wir auf das Boot warten, ist nicht groß, und es ist auch nicht klar, ob es an dem Tag noch "
         "zu uns kommt.", "de"),
        ("Færgen er sejlet, og der er ikke nogen, som ved, hvor den er nu, for alle er gået hjem, og der er ikke lys "
         "at se i havnen.", None),
        ("O barco que nos ha de levar á illa xa marchou, e non se sabe cando ha de volver ao porto, pois ninguén o "
         "viu dende o peirao.", None),
        ("the of and to in that", None),
    ],
)  # fmt: skip
def test_a_text_full_of_the_small_words_of_one_language_is_plainly_in_it(text: str, language: str | None) -> None:
    assert plain(text) == language


def test_a_detector_decides_only_where_it_is_not_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.metadata.language._detector", lambda: pytest.fail("asked"))
    assert read("12.05.2015", BODY, f"{BODY} It was not to be seen again, and that was it.").language == "en"


def test_a_claimed_language_is_believed_where_that_can_be() -> None:
    claims = (Claim("language", "en-GB", "html lang"),)
    assert read("Ferry leaves", BODY, claims=claims).origins["language"] == "html lang"
    assert (
        read("渡轮离开", "渡轮中午离开了港口，议会成员站在古老的石头码头上目送它远去。", claims=claims).language
        == "zh"
    )
    german = "Die Fähre hat am Mittag den Hafen verlassen, und alle sahen ihr von der alten Mole aus nach. " * 3
    assert read("Fähre", german, claims=claims).language == "de"


@pytest.mark.parametrize(
    ("value", "code"),
    [("en_US", "en"), ("EN", "en"), ("zh-Hans-CN", "zh"), ("Deutsch", "de"), ("", None), ("x-none", None)],
)
def test_a_language_is_two_letters(value: str, code: str | None) -> None:
    assert short(value) == code


def test_cleaning_and_metadata_mean_the_same_by_their_reasons() -> None:
    link = (Link("Harbour Courier", "https://courier.example/"),)
    made = page(
        Block(" ".join([BODY] * 9), zone=("body", "main", "p")),
        Block("By Jane", zone=("body", "div", "byline")),
        Block(MORE, zone=("body", "main", "p")),
        Block("Source:", "heading", 3, zone=("body", "main")),
        Block("Harbour Courier", "item", 1, link, ("body", "main")),
        Block("Related:", "heading", 3, zone=("body", "main")),
        Block("Another day", "item", 1, (Link("Another day", "/a"),), ("body", "main")),
    )
    verdicts = clean(made).verdicts
    assert verdicts[1] == sheet.READ_ANYWAY[0]
    assert verdicts[4] == sources.SOURCE_LIST
    assert verdicts[6] == related.RELATED
    assert markup.OUTSIDE == sheet.OUTSIDE


words = st.text(st.sampled_from("abM .,:!?\n|©中文Ж“”12/()") | st.characters(), max_size=40)
texts = words | st.sampled_from(
    ["By Jane Doe", "12 May 2015", "Mr Doe said “no way”.", BODY, "(AFP)", "Related:", "BBC: x"]
)
links = st.lists(st.builds(Link, texts, texts), max_size=2).map(tuple)
kinds = st.sampled_from(["heading", "paragraph", "item", "image", "table", "code", "quote", "caption"])
zones = st.lists(st.sampled_from(["div", "nav", "byline", "main", "p", "comments"]), max_size=3).map(tuple)
blocks = st.builds(Block, texts, kinds, st.integers(0, 6), links, zones, st.sampled_from(["", "hidden"]))
fields = st.sampled_from(
    ["title", "date", "author", "source", "url", "language", "retrieved", "agency", "image", "tag"]
)
claims = st.builds(Claim, fields, texts, st.sampled_from(["meta", "JSON-LD", "time", "WARC", "x"]))


@given(st.lists(blocks, max_size=8), st.lists(claims, max_size=4))
def test_any_page_gives_an_article_or_says_that_it_has_none(made: list[Block], said: list[Claim]) -> None:
    one = page(*made, claims=tuple(said))
    try:
        article = describe(one, clean(one).verdicts, Context())
    except Unreadable:
        return
    assert article.title
    assert all(article.body[name.start : name.end] == name.text for name in article.names)
    assert all(article.body[quote.start : quote.end] == quote.text for quote in article.quotes)
    assert all(piece.reason and piece.text.strip() for piece in article.stripped)
    assert "\n\n\n" not in article.body
    if article.date:
        assert article.date.first() <= article.date.last()


def test_the_lead_is_two_paragraphs_and_of_long_ones_the_first_sentences() -> None:
    assert metadata.lead_of("One.\n\nTwo.\n\nThree.") == "One.\n\nTwo."
    long = "A sentence about the harbour stands here. " * 60
    lead = metadata.lead_of(long)
    assert 900 < len(lead) <= metadata.LONGEST_LEAD
    assert long.startswith(lead)
    assert lead.endswith("here.")
    assert len(metadata.lead_of("word " * 900)) <= metadata.LONGEST_LEAD
    assert metadata.lead_of("字" * 3000) == "字" * metadata.LONGEST_LEAD
