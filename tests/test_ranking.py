"""In what order do articles come? What people expect of it, on every engine; and the figures are those of the books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import log
from pathlib import Path

import pytest

from searcher import engines
from searcher.engines import Engine, entry_of
from searcher.engines.ranking import bm25, norm, rarity, saturated
from searcher.metadata import lead_of
from searcher.model import Article, Provenance
from searcher.query import parse
from searcher.query.dates import Calendar
from searcher.query.loosening import loosened
from searcher.query.lowering import lower
from searcher.query.plan import Term, Terms

FILLER = "Nobody at the harbour had seen such a winter, and the boats stayed where they were. "


def article(name: str, title: str, body: str, origin: str = "heading") -> Article:
    return Article(
        name,
        title,
        body,
        Provenance("corpus/a.txt", name),
        lead=lead_of(body),
        language="en",
        origins={"title": origin},
    )


def long(*paragraphs: str, before: int = 0, after: int = 0) -> str:
    """A body of these paragraphs, with so many that say nothing before and after them."""
    return "\n\n".join([*[FILLER * 3] * before, *paragraphs, *[FILLER * 3] * after])


@pytest.fixture(params=[name for name, row in engines.ENGINES.items() if row.ours])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    opened = engines.create(request.param, tmp_path / "engine", write=True)
    yield opened
    opened.close()


def order(engine: Engine, query: str, *articles: Article, match: str = "all") -> list[str]:
    """The ids found, the best first, among these articles and twenty that are about the harbour."""
    others = [article(f"other{number}", "By the harbour", FILLER * 8) for number in range(20)]
    engine.write(map(entry_of, [*articles, *others]), [], 1)
    tree = parse(query, Calendar(date(2020, 1, 1))).tree
    tree = loosened(tree).tree if match == "any" else tree
    return list(engine.search(lower(tree, engine.terms), "relevance", 0, None).ids)


def test_a_rarer_word_counts_more(engine: Engine) -> None:
    common = [article(f"c{number}", "Harbour news", long("The sanctions were discussed.")) for number in range(8)]
    rare = article("z", "Harbour news", long("The comet was discussed."))
    assert order(engine, "comet sanctions", *common, rare, match="any")[0] == "z"


def test_a_word_in_the_headline_counts_more_than_one_in_the_text(engine: Engine) -> None:
    in_title = article("z", "Kerry at the harbour", long(after=2))
    in_text = article("a", "Winter at the harbour", long("Then Kerry came.", before=3))
    assert order(engine, "kerry", in_text, in_title) == ["z", "a"]


def test_a_word_in_the_lead_counts_more_than_one_further_down(engine: Engine) -> None:
    in_lead = article("z", "At the harbour", long("Then Kerry came.", after=4))
    below = article("a", "At the harbour", long("Then Kerry came.", before=4))
    assert order(engine, "kerry", below, in_lead) == ["z", "a"]


def test_of_two_articles_that_name_it_once_the_shorter_comes_first(engine: Engine) -> None:
    short = article("z", "At the harbour", long("Then Kerry came.", before=3))
    longer = article("a", "At the harbour", long("Then Kerry came.", before=3, after=9))
    assert order(engine, "kerry", longer, short) == ["z", "a"]


def test_the_form_that_was_typed_comes_before_another_form_of_the_word(engine: Engine) -> None:
    typed = article("z", "At the harbour", long("The visit was short.", before=3))
    other = article("a", "At the harbour", long("The visits were short.", before=3))
    assert order(engine, "visit", other, typed) == ["z", "a"]
    assert order(engine, "visits", other, typed) == ["a", "z"]


def test_both_words_in_the_headline_come_first_then_both_in_the_text_then_each_alone(engine: Engine) -> None:
    headline = article("4", "Kerry lands in Sochi", long("The talks will be about Ukraine.", after=3))
    text = article("3", "Talks", long("John Kerry saw Sochi and its harbour.", before=3))
    one = article("2", "Talks", long("John Kerry saw the harbour.", before=3))
    none = article("1", "Talks", long("Nothing happened.", before=3))
    assert order(engine, "kerry sochi", none, one, text, headline) == ["4", "3"]
    assert order(engine, "kerry sochi", none, one, text, headline, match="any") == ["4", "3", "2"]


def test_a_headline_with_the_words_beats_a_long_text_that_repeats_one_of_them(engine: Engine) -> None:
    headline = article("z", "Iran nuclear talks resume", long("Delegates met in Vienna.", after=2))
    repeats = article("a", "A year in review", long("Iran. " * 20, "There were talks, some nuclear.", before=9))
    assert order(engine, "iran nuclear talks", repeats, headline) == ["z", "a"]


def test_many_mentions_of_one_word_do_not_outweigh_a_second_word(engine: Engine) -> None:
    both = article("z", "At the harbour", long("Kerry went to Sochi.", before=3))
    often = article("a", "At the harbour", long("Kerry. " * 30, before=3))
    assert order(engine, "kerry sochi", often, both, match="any") == ["z", "a"]


def test_a_first_sentence_that_stands_in_for_a_headline_does_not_count_twice(engine: Engine) -> None:
    body = long("Kerry came.", after=3)
    real = article("z", "Kerry came.", body)
    stand_in = article("a", "Kerry came.", body, origin="first sentence")
    assert order(engine, "kerry", stand_in, real) == ["z", "a"]
    assert list(engine.terms("title", "ker")) == ["kerry"]
    assert order(engine, "title:kerry", stand_in, real) == ["z"]


def test_the_weight_of_a_word_multiplies_what_it_counts(engine: Engine) -> None:
    engine.write([entry_of(article("a", "Kerry", "Kerry came.")), entry_of(article("b", "Rain", "Rain."))], [], 1)
    terms = (Term("title", "kerry", 2.0), Term("body", "kerry"))
    one, three = (engine.search(Terms(terms, weight), "relevance", 0, None).scores[0] for weight in (1.0, 3.0))
    assert three == pytest.approx(3 * one)


def test_forms_and_fields_are_one_word_as_rare_as_its_commonest_form(engine: Engine) -> None:
    articles = [
        article("a", "Visit", "Visits came."),
        article("b", "Rain", "Visits."),
        article("c", "Sun", "It shone."),
    ]
    engine.write(map(entry_of, articles), [], 1)
    terms = (Term("title", "visit", 2.0), Term("body.stem", "visit", 0.5))
    found = engine.search(Terms(terms, 3.0), "newest", 0, None)
    title, body = 2.0 / norm(1, 1.0), 0.5 / norm(2, 5 / 3)
    assert found.ids[0] == "a"
    assert found.scores[0] == pytest.approx(3.0 * rarity(3, 2) * saturated(title + body))


def test_the_figures_are_those_of_okapi_with_the_rarity_of_lucene() -> None:
    assert rarity(1000, 10) == pytest.approx(log(1 + 990.5 / 10.5))
    assert 0 < rarity(10, 10) < 0.1 < rarity(10, 1) < rarity(100, 1)
    assert bm25(3, 50, 100) == pytest.approx(3 * 2.2 / (3 + 1.2 * (0.25 + 0.75 * 0.5)))
    assert bm25(1, 100, 100) == pytest.approx(1.0)
    assert bm25(10**9, 1, 100) == pytest.approx(2.2)
