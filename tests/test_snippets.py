"""Do passages show why an article matches, and is what is marked what matched?"""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from strategies import articles, trees

from searcher.engines import entry_of
from searcher.engines.memory import MemoryEngine, matches
from searcher.marks import Holds, Marker
from searcher.model import Article, Passage, Provenance
from searcher.query import parse
from searcher.query.dates import Calendar
from searcher.query.lowering import lower
from searcher.query.plan import Close, Near, Places, Plan, Row, Spot
from searcher.query.tree import Node
from searcher.snippets import LONGEST, passages


def shown(query: str, title: str, body: str, number: int = 2, language: str | None = "en") -> list[str]:
    """The passages with their marks in brackets."""
    article = Article("a", title, body, Provenance(""), lead=body, language=language)
    tree = parse(query, Calendar(date(2020, 1, 1))).tree
    engine = MemoryEngine()
    engine.write([entry_of(article)], [], 1)
    plan = lower(tree, engine.terms, ("en",))
    return [passage.marked("[", "]") for passage in passages(article, Marker(plan), number, holding(article))]


def holding(article: Article) -> Holds:
    entry = entry_of(article)
    return lambda part: matches(part, entry)


def test_words_are_marked_in_every_form_of_their_stem() -> None:
    assert shown("visit", "x", "He visited. Two visits were short.") == ["He [visited]. Two [visits] were short."]


def test_a_phrase_is_one_span_and_its_words_alone_are_not_marked() -> None:
    body = "State of play. The Secretary of State came to the state."
    assert shown('"secretary of state"', "x", body) == ["The [Secretary of State] came to the state."]


def test_the_title_is_marked_too() -> None:
    assert shown("kerry sochi", "Kerry’s trip", "He went to Sochi.") == ["[Kerry]’s trip", "He went to [Sochi]."]


def test_what_is_asked_for_in_the_title_is_not_marked_in_the_text() -> None:
    assert shown("title:kerry sochi", "Kerry", "Kerry saw Sochi.") == ["[Kerry]", "Kerry saw [Sochi]."]


def test_what_must_not_occur_is_never_marked() -> None:
    assert shown("sochi -moscow", "x", "From Sochi home.") == ["From [Sochi] home."]


def test_the_passage_with_more_of_the_query_is_preferred() -> None:
    far = " ".join(["Nothing here."] * 40)
    body = f"Kerry was there. {far} Kerry met Lavrov in Sochi. {far} Sochi again."
    assert shown("kerry lavrov sochi", "x", body, 1) == ["[Kerry] met [Lavrov] in [Sochi]."]


def test_further_passages_show_what_the_first_does_not() -> None:
    far = " ".join(["Nothing here."] * 40)
    body = f"Kerry here. {far} Kerry there. {far} Sochi at last."
    assert shown("kerry sochi", "x", body, 2) == ["[Kerry] here.", "[Sochi] at last."]


def test_a_match_two_megabytes_deep_is_shown() -> None:
    body = "Some words that say little. " * 80_000 + "Then Kerry spoke."
    found = shown("kerry", "x", body)
    assert found[-1].endswith("Then [Kerry] spoke.")


def test_a_word_that_stands_there_a_hundred_thousand_times_is_shown_at_once() -> None:
    assert shown("kerry", "x", "Kerry spoke. " * 100_000)[0].startswith("[Kerry] spoke. [Kerry]")


def test_a_sentence_without_an_end_is_cut_around_its_match() -> None:
    body = "word " * 5000 + "Kerry " + "word " * 5000
    (found,) = shown("kerry", "x", body)
    assert "[Kerry]" in found
    assert len(found) <= LONGEST + 2


def test_an_article_that_matches_in_no_text_shows_its_beginning() -> None:
    assert shown("id:a", "x", "First sentence. Second one.\n\nOther paragraph.") == ["First sentence. Second one."]


def marked(plan: Plan, body: str) -> list[str]:
    article = Article("a", "x", body, Provenance(""), language="en")
    return [passage.marked("[", "]") for passage in passages(article, Marker(plan), 2, holding(article))]


def test_a_row_of_stems_marks_the_words_whose_stems_fit() -> None:
    body = "Visiting talks. He visited the talks and visits a talk."
    stems = Row("body.stem", ("visit", "talk"))
    assert marked(stems, body) == ["[Visiting talks]."]
    assert marked(Row("body.stem", ("visit",)), body) == [
        "[Visiting] talks. He [visited] the talks and [visits] a talk."
    ]
    assert marked(Row("body", ("visit", "talk")), body) == [body], "surfaces do not fit"
    assert marked(Row("boilerplate.stem", ("visit",)), body) == [body], "not a field that is shown"


def test_places_mark_their_rows_and_what_must_be_near_them_but_not_what_must_not() -> None:
    where = (
        Near((Spot((Row("body", ("sochi",)),)),), "sentence"),
        Near((Spot((Row("body", ("rain",)),)),), 1, negated=True),
    )
    places = Places((Spot((Row("body.stem", ("visit",)), Row("body", ("kerry",))), where),))
    assert marked(places, "Kerry visits Sochi and talks. " + "Rain fell. " * 20 + "Kerry saw rain in Sochi.") == [
        "[Kerry] [visits] [Sochi] and talks."
    ]
    assert marked(Close("body", ("sochi", "kerry"), 3), "Kerry in Sochi.") == ["[Kerry] in [Sochi]."]


def test_scripts_without_spaces_are_marked_by_the_character() -> None:
    assert shown("北京", "x", "代表团抵达北京。会谈开始。", language="zh") == ["代表团抵达[北京]。"]


@settings(max_examples=300)
@given(articles("a"), trees)
def test_spans_lie_in_order_in_their_passage_and_a_passage_in_its_article(article: Article, tree: Node) -> None:
    engine = MemoryEngine()
    engine.write([entry_of(article)], [], 1)
    plan = lower(tree, engine.terms, ("en", "de"))
    found = passages(article, Marker(plan), 3, holding(article))
    for passage in found:
        content = article.title if passage.field == "title" else article.body
        assert content[passage.start : passage.start + len(passage.text)] == passage.text
        edges = [edge for span in passage.spans for edge in span]
        assert edges == sorted(edges)
        assert all(start < end <= len(passage.text) for start, end in passage.spans)


def test_marks_can_be_anything() -> None:
    assert Passage("a b", "body", 0, ((0, 1), (2, 3))).marked("<b>", "</b>") == "<b>a</b> <b>b</b>"
