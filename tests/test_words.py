"""Do people find words as they write them, in every script? The cases are data: golden_words.toml."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from searcher import engines, snippets, text
from searcher import search as searching
from searcher.engines import Engine, entry_of
from searcher.engines.memory import matches
from searcher.marks import Marker
from searcher.model import Article, Provenance
from searcher.query import parse
from searcher.query.dates import Calendar
from searcher.query.lowering import lower
from searcher.query.plan import Plan

GOLDEN = tomllib.loads((Path(__file__).parent / "golden_words.toml").read_text("utf-8"))
TODAY = Calendar(date(2020, 1, 1))
HERE = [name for name, row in engines.ENGINES.items() if not row.shared]


def article(identity: str, body: str, language: str) -> Article:
    return Article(identity, "", body, Provenance("corpus/a.txt", identity), language=language)


class Held:
    """A generation that holds so many articles of each language."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.store, self.counts = self, counts

    def languages(self) -> Mapping[str, int]:
        return self.counts


def languages(counts: Mapping[str, int]) -> tuple[str, ...]:
    return searching.languages(Held(counts))  # type: ignore[arg-type]


def planned(query: str, engine: Engine, languages: Sequence[str]) -> Plan:
    tree = parse(query, TODAY).tree
    assert parse(str(tree), TODAY).tree == tree
    return lower(tree, engine.terms, languages)


def filled(name: str, folder: str, articles: Sequence[Article]) -> Engine:
    engine = engines.create(name, Path(folder) / name, write=True)
    engine.write(map(entry_of, articles), [], 1)
    return engine


def mistakes(case: dict[str, Any], engine: Engine, one: Article) -> list[str]:
    """The queries of a case that find what they should not, or nothing, or cannot show what they found."""
    wrong = []
    for query in [*case["found"], *case.get("missed", ())]:
        plan = planned(query, engine, ["en", case["language"]])
        found = bool(engine.search(plan, "relevance", 0, None).ids)
        wanted = query in case["found"]
        shown = snippets.passages(one, Marker(plan), 9, lambda part: matches(part, entry_of(one))) if found else ()
        if found != wanted or (found and not any(passage.spans for passage in shown)):
            wrong.append(f"{query}: {'marks nothing' if found == wanted else 'found' if found else 'missed'}")
    return wrong


@pytest.mark.parametrize("case", GOLDEN["word"], ids=lambda case: f"{case['language']}: {case['text'][:30]}")
def test_a_text_is_found_by_the_words_that_people_write(case: dict[str, Any]) -> None:
    one = article("one", case["text"], case["language"])
    with TemporaryDirectory() as folder:
        for name in HERE:
            assert not mistakes(case, filled(name, folder, [one]), one), name


@pytest.mark.parametrize("case", GOLDEN["order"], ids=lambda case: case["query"])
def test_the_form_that_was_typed_comes_first(case: dict[str, Any]) -> None:
    backwards = [article(f"{9 - at}", body, "en") for at, body in enumerate(case["texts"])]
    with TemporaryDirectory() as folder:
        for name in HERE:
            engine = filled(name, folder, backwards)
            found = engine.search(planned(case["query"], engine, ["en"]), "relevance", 0, None)
            assert found.ids == tuple(one.id for one in backwards), name
            assert len(set(found.scores)) == len(found.scores), name


@pytest.mark.parametrize("case", GOLDEN["archive"], ids=lambda case: next(iter(case["found"])))
def test_each_article_is_found_by_the_forms_of_its_own_language(case: dict[str, Any]) -> None:
    articles = [article(str(at), body, language) for at, (language, body) in enumerate(case["texts"])]
    held = languages(Counter(language for language, _ in case["texts"] if language))
    with TemporaryDirectory() as folder:
        for name in HERE:
            engine = filled(name, folder, articles)
            for query, wanted in case["found"].items():
                found = engine.search(planned(query, engine, held), "relevance", 0, None).ids
                assert sorted(map(int, found)) == wanted, f"{name}: {query}"


def test_a_query_is_stemmed_in_every_language_of_the_archive_however_few_its_articles() -> None:
    assert languages({"en": 995, "zh": 400, "de": 3, "ko": 3, "fr": 1}) == ("en", "de", "ko", "fr")
    assert languages({"zh": 400}) == languages({}) == ("en",)
    many = languages({language: 40 - at for at, language in enumerate(text.STEMMERS)})
    assert many == tuple(text.STEMMERS)[: searching.LANGUAGES], "the most frequent ones"
