"""Is the answer to a query right, and does it explain itself?"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from strategies import archives, trees

from searcher import Archive, QueryError, SearcherError
from searcher import search as searching
from searcher.engines import entry_of
from searcher.engines.memory import MemoryEngine, matches
from searcher.fields import DEFAULT_FACETS
from searcher.model import Article, Count, Search
from searcher.query import edits
from searcher.query.lowering import lower
from searcher.query.plan import SURFACE_WEIGHT, WEIGHTS, Or, Row, Term, Terms, Value
from searcher.query.tree import Node, Phrase, Wild, Word

PAGES = {
    "courier/a.txt": ("Kerry lands in Sochi", "12 May 2015", "The talks will be about Ukraine."),
    "courier/b.txt": ("A comet", "12 November 2014", "Philae stands on it. The lander sends a picture."),
    "gazette/c.txt": ("By the sea", "13 May 2015", "John Kerry saw Sochi and its harbour."),
    "gazette/d.txt": ("By the sea again", "May 2015", "The sea at Sochi, once more, for those who missed it."),
    "gazette/e.txt": ("Undated thoughts", "", "Nobody knows when this was written about the harbour."),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    root = tmp_path_factory.mktemp("search")
    for name, parts in PAGES.items():
        path = root / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(part for part in parts if part) + "\n", "utf-8")
    with Archive(root) as opened:
        opened.build(workers=1)
        yield opened


def titles(archive: Archive, query: str, **options: object) -> list[str]:
    return [hit.article.title for hit in archive.search(query, **options)]


def test_facets_are_exact_and_a_facet_does_not_narrow_itself(archive: Archive) -> None:
    found = archive.search("sochi source:gazette date:2015", facets=["source", "year", "month"])
    assert found.total == 2
    assert found.facets["source"] == (Count("gazette", 2), Count("courier", 1))
    assert found.facets["month"] == (Count("2015-05", 2),)
    assert archive.search("harbour", facets=["year"]).facets["year"] == (Count("2015", 1),)
    assert archive.search("* source:courier date:2014", facets=["year"]).facets["year"] == (
        Count("2014", 1),
        Count("2015", 1),
    )


def test_a_facet_that_does_not_exist_is_refused(archive: Archive) -> None:
    with pytest.raises(SearcherError, match="no such facet: title"):
        archive.search("kerry", facets=["title"])


def test_narrowing_by_each_value_of_a_facet_finds_as_many_as_it_counts(archive: Archive) -> None:
    found = archive.search("*", facets=[*DEFAULT_FACETS, "month", "day", "entity", "lang"])
    assert found.total == 5
    for name, counts in found.facets.items():
        for count in counts:
            narrowed = edits.narrow(archive.parse("*").tree, name, count.value)
            assert archive.search(str(narrowed)).total == count.count, str(narrowed)


def test_the_time_line_counts_what_is_dated_as_far_as_it_is_known(archive: Archive) -> None:
    months = archive.search("*", timeline="month").timeline
    assert [(bucket.start, bucket.end, bucket.count) for bucket in months] == [
        (date(2014, 11, 1), date(2014, 11, 30), 1),
        (date(2015, 5, 1), date(2015, 5, 31), 3),
    ]
    weeks = archive.search("sochi", timeline="week").timeline
    assert [(bucket.start, bucket.count) for bucket in weeks] == [(date(2015, 5, 11), 2)]
    assert sum(bucket.count for bucket in archive.search("*", timeline="year").timeline) == 4
    assert archive.search("sochi").span == (date(2015, 5, 1), date(2015, 5, 31))


def test_dates_that_are_too_vague_for_a_range_are_counted_in_a_note(archive: Archive) -> None:
    found = archive.search("sochi date:2015-05-12")
    assert (found.total, len(found.notes)) == (1, 1)
    assert found.notes[0].startswith("1 more may be in this range")
    assert archive.search("sochi date:2015-05").notes == ()
    assert archive.search("sochi -date:2015-05-12").notes == ()


def test_orders_and_pages(archive: Archive) -> None:
    assert titles(archive, "sochi", sort="newest") == ["By the sea", "Kerry lands in Sochi", "By the sea again"]
    assert titles(archive, "sochi", sort="oldest") == ["By the sea again", "Kerry lands in Sochi", "By the sea"]
    assert titles(archive, "sochi", sort="newest", offset=1, limit=1) == ["Kerry lands in Sochi"]
    assert titles(archive, "sochi")[0] == "Kerry lands in Sochi"
    assert len(titles(archive, "*", limit=None)) == 5
    assert titles(archive, "*", limit=0) == []


def test_nothing_found_is_explained_and_every_suggestion_finds_something(archive: Archive) -> None:
    found = archive.search("kerrry philae")
    assert (found.total, found.reasons) == (0, ("kerrry 0 · philae 1 · both 0",))
    found = archive.search("kery sochi")
    assert found.suggestions[0] == "kerry sochi"
    for query in ("kery sochi", "source:currier", "harbor comet", "philea"):
        suggestions = archive.search(query).suggestions
        assert suggestions, query
        assert all(archive.search(suggestion).total for suggestion in suggestions)


def test_flags_narrow_the_query_and_the_echo_parses_back(archive: Archive) -> None:
    found = archive.search("sochi", since="2015-05-13", source="gazette")
    assert (found.echo, found.total) == ('sochi date:2015-05-13.. source:"gazette"', 1)
    assert archive.search(found.echo).total == 1
    assert archive.parse("sochi", source="gaz*").tree == archive.parse("sochi source:gaz*").tree
    assert str(archive.parse("sochi", source='x" OR *')) == "sochi source:x??or?*"
    for wrong in ("soon", "2015 OR *", "", ".."):
        with pytest.raises(QueryError, match=r"unreadable date|without an end"):
            archive.search("sochi", since=wrong)


def test_hits_stream_the_same_as_a_whole_answer(archive: Archive) -> None:
    assert [hit.article.id for hit in archive.hits("*", sort="newest")] == [
        hit.article.id for hit in archive.search("*", sort="newest", limit=None)
    ]
    assert len(list(archive.hits(Search("*", limit=2)))) == 2


def test_one_archive_serves_many_threads(archive: Archive) -> None:
    expected = titles(archive, "sochi")
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(15):
            found = titles(archive, "sochi", facets=["source"], timeline="auto")
            if found != expected:
                wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


class Held:
    """A generation that holds a few articles in memory."""

    def __init__(self, articles: list[Article]) -> None:
        self.engine = MemoryEngine()
        self.engine.write([entry_of(article) for article in articles], [], 1)
        self.store, self.meta, self.number = self, self, 1
        self.articles = {article.id: article for article in articles}
        self.settings = ""

    def get(self, ids: list[str]) -> dict[str, Article]:
        return {one: self.articles[one] for one in ids}

    def languages(self) -> dict[str, int]:
        return Counter(article.language for article in self.articles.values() if article.language)  # type: ignore[return-value]


@settings(max_examples=150)
@given(archives(), trees)
def test_totals_stories_facets_and_groups_equal_brute_force(articles: list[Article], tree: Node) -> None:
    held = Held(articles)
    plan = lower(tree, held.engine.terms, searching.languages(held))  # type: ignore[arg-type]
    matching = [article for article in articles if matches(held.engine.resolved(plan), entry_of(article))]
    query = Search(str(tree), limit=None, facets=("source", "person", "year"), timeline="year", group="story")
    found = searching.run(held, searching.Settings(), query)  # type: ignore[arg-type]
    stories = Counter(article.story for article in matching)
    assert (found.total, found.stories) == (len(matching), len(stories))
    assert {hit.article.story: hit.copies for hit in found} == stories
    people = Counter(name for article in matching for name in article.people)
    if "person" not in str(tree):
        assert {count.value: count.count for count in found.facets["person"]} == people
    assert sum(bucket.count for bucket in found.timeline) == sum(article.date is not None for article in matching)


def test_a_word_is_looked_for_in_every_text_by_surface_and_stem() -> None:
    plan = lower(Word("visits"), lambda *_: [], ("en",))
    assert isinstance(plan, Terms)
    assert {(term.field, term.text) for term in plan.terms} == {
        ("title", "visits"), ("title.stem", "visit"), ("lead", "visits"), ("lead.stem", "visit"),
        ("body", "visits"), ("body.stem", "visit"),
    }  # fmt: skip


def test_a_word_of_several_is_a_row_and_a_pattern_the_words_it_fits() -> None:
    row = lower(Word("al-assad"), lambda *_: [])
    assert isinstance(row, Or)
    assert row.nodes[0] == Row("title", ("al", "assad"), WEIGHTS["title"])
    known = {"title": ["kerry"], "lead": [], "body": ["kerb", "kerry", "kiosk"]}
    wild = lower(Wild("ker*"), lambda name, prefix: [word for word in known[name] if word.startswith(prefix)])
    assert isinstance(wild, Terms), "one node, however many words"
    assert {(term.field, term.text) for term in wild.terms} == {
        ("title", "kerry"),
        ("body", "kerb"),
        ("body", "kerry"),
    }
    assert {term.weight for term in wild.terms if term.field == "title"} == {WEIGHTS["title"]}


def test_a_pattern_that_fits_too_many_words_is_refused_with_their_number() -> None:
    with pytest.raises(QueryError, match="fits 1,500 words"):
        lower(Wild("ab*"), lambda *_: (f"ab{number}" for number in range(1500)))


def test_values_and_phrases_in_fields() -> None:
    from searcher.query.tree import InField

    assert lower(InField("source", Phrase("BBC News")), lambda *_: []) == Value("source", ("bbc news",))
    kerry = lower(InField("person", Word("kerry")), lambda *_: [])
    assert kerry == Terms((Term("person", "kerry", SURFACE_WEIGHT),))
