"""Is the answer to a query right, and does it explain itself?"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import archives, trees

from searcher import Archive, QueryError, SearcherError, wire
from searcher import search as searching
from searcher.engines import Entry, entry_of
from searcher.engines.memory import MemoryEngine, matches
from searcher.engines.port import period
from searcher.fields import DEFAULT_FACETS, PERIODS
from searcher.model import Article, Count, Group, Hit, Period, Results, Search
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
    assert found.facets["source"] == (Count("gazette", 2, 2), Count("courier", 1, 1))
    assert found.facets["month"] == (Count("2015-05", 2, 2),)
    assert found.facet_totals == {"source": 2, "year": 1, "month": 1}
    assert archive.search("harbour", facets=["year"]).facets["year"] == (Count("2015", 1, 1),)
    assert archive.search("* source:courier date:2014", facets=["year"]).facets["year"] == (
        Count("2014", 1, 1),
        Count("2015", 1, 1),
    )


def test_what_is_excluded_of_a_facet_stays_excluded_and_alternatives_are_a_choice(archive: Archive) -> None:
    def sources(query: str) -> list[tuple[str, int]]:
        return [(count.value, count.count) for count in archive.search(query, facets=["source"]).facets["source"]]

    everything = [("gazette", 3), ("courier", 2)]
    assert sources("* source:gazette") == sources("* source:(gazette OR courier)") == everything
    assert sources("* (source:gazette OR source:nobody)") == sources("* source:gaz*") == everything
    assert sources("* source:gazette^3") == sources("* (source:gazette OR source:nobody)^3") == everything
    assert sources("source:(gazette OR person:nobody)") == [("gazette", 3)]
    assert sources("* -source:gazette") == sources("* source:-gazette") == [("courier", 2)]
    assert sources("* source:courier -source:gazette") == [("courier", 2)]
    assert sources("* (source:gazette OR person:nobody)") == [("gazette", 3)], "this is about a person, too"


def test_the_months_of_a_year_are_those_of_that_year_and_a_month_does_not_narrow_months(archive: Archive) -> None:
    def months(query: str) -> list[str]:
        return [count.value for count in archive.search(query, facets=["month"]).facets["month"]]

    assert months("*") == ["2014-11", "2015-05"]
    assert months("date:2015") == months("date:2015..") == months("date:2015 date:2015-05") == ["2015-05"]
    assert months("date:2015-05") == months("date:2015-05-12") == ["2014-11", "2015-05"]
    assert months("date:..2014-11") == months("date:2014-11 OR date:2015-05-12") == ["2014-11", "2015-05"]
    assert months("-date:2015") == months("-date:2015-05") == ["2014-11"]
    days = archive.search("date:2015-05", facets=["day", "year"]).facets
    assert days["day"] == (Count("2015-05-12", 1, 1), Count("2015-05-13", 1, 1))
    assert [count.value for count in days["year"]] == ["2014", "2015"]


def test_a_facet_is_cut_to_its_largest_values_and_says_how_many_there_are(archive: Archive) -> None:
    found = archive.search("*", facets=["where", "place", "Site", "day"], facet_limit=1)
    assert list(found.facets) == ["place", "source", "day"], "an alias is the field"
    assert (found.facets["source"], found.facet_totals["source"]) == ((Count("gazette", 3, 3),), 2)
    assert (found.facets["day"], found.facet_totals["day"]) == ((Count("2014-11-12", 1, 1),), 3)
    assert archive.search("*", facets=["source"], facet_limit=0).facets["source"] == ()
    whole = archive.search("*", facets=["day"], facet_limit=None).facets["day"]
    assert [count.value for count in whole] == ["2014-11-12", "2015-05-12", "2015-05-13"]


def test_choosing_a_value_finds_as_many_as_its_facet_counts(archive: Archive) -> None:
    for query in ("*", "sochi source:gazette", "-source:gazette", "kerry OR sea", "date:2015-05", "date:2015"):
        found = archive.search(query, facets=[*DEFAULT_FACETS, "month", "day"])
        for name, counts in found.facets.items():
            for count in counts:
                chosen = archive.choose(query, name, count.value)
                assert chosen is not None
                assert archive.search(chosen).total == count.count, chosen
    assert archive.choose("kerry source:BBC", "site", "CNN") == 'kerry source:="CNN"'
    assert archive.choose("*", "year", "2015") == "date:2015"
    with pytest.raises(SearcherError, match="no such facet: title"):
        archive.choose("kerry", "title", "x")


def test_a_value_is_chosen_as_it_is_whatever_stands_in_it_or_not_at_all(archive: Archive) -> None:
    chosen = archive.choose("kerry", "person", 'Dwayne "The Rock" Johnson')
    assert chosen == 'kerry person:=«Dwayne "The Rock" Johnson»'
    plan = lower(archive.parse(chosen).tree, lambda *_: [])
    assert plan.nodes[1] == Value("person", ('dwayne "the rock" johnson',))  # type: ignore[union-attr]
    assert archive.choose("kerry", "person", 'both " and »') is None
    for odd in (
        '"',
        'an inch: 1"',
        "«The Rock»",
        "“so” called",
        "it's",
        "a  b\tc",
        "x OR y) -z",
        "=x",
        "\\",
        "*",
        "北京",
    ):
        chosen = archive.choose("kerry", "person", odd)
        assert chosen is not None
        assert archive.parse(chosen).tree == edits.narrow(Word("kerry"), "person", odd)


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
    assert [(bucket.start, bucket.end, bucket.count) for bucket in months if bucket.count] == [
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


def answered(held: Held, tree: Node, **asked: object) -> Results:
    return searching.run(held, searching.Settings(), Search(str(tree), **asked))  # type: ignore[arg-type]


def found_in(held: Held, tree: Node) -> list[Article]:
    """The articles that match, by brute force."""
    plan = lower(tree, held.engine.terms, searching.languages(held))  # type: ignore[arg-type]
    return [one for one in held.articles.values() if matches(plan, entry_of(one))]


def settled(articles: list[Article]) -> list[Article]:
    """The articles as an archive gives them: each has a text and a story, if only its own."""
    return [replace(one, copy=one.copy or one.id, story=one.story or one.id) for one in articles]


random_archives = archives().map(settled)


@settings(max_examples=150)
@given(
    random_archives, trees, st.sampled_from([*get_args(Group)]), st.integers(0, 3), st.sampled_from([1, 2, None])
)
def test_totals_and_groups_equal_brute_force(
    articles: list[Article], tree: Node, group: Group, offset: int, limit: int | None
) -> None:
    held = Held(articles)
    matching = found_in(held, tree)
    copies, stories = (Counter(getattr(one, name) for one in matching) for name in ("copy", "story"))
    found = answered(held, tree, limit=None)
    assert (found.total, found.texts, found.stories) == (len(matching), len(copies), len(stories))
    for hit in found:
        assert (hit.copies, hit.in_story) == (copies[hit.article.copy], stories[hit.article.story])
    firsts = {
        one.article.id if group == "none" else getattr(one.article, group): one for one in reversed(found.hits)
    }
    expected = [hit for hit in found if hit in firsts.values()]
    assert len(expected) == {"none": found.total, "copy": found.texts, "story": found.stories}[group]
    page = answered(held, tree, group=group, offset=offset, limit=limit)
    assert list(page) == expected[offset:][:limit]
    assert (page.total, page.texts, page.stories) == (found.total, found.texts, found.stories)
    assert [wire.hit(hit) for hit in exported(held, tree, group)] == [wire.hit(hit) for hit in expected]


def exported(held: Held, tree: Node, group: Group) -> Iterator[Hit]:
    """What `searcher export` writes."""
    return searching.hits(held, searching.Settings(), Search(str(tree), limit=None, group=group))  # type: ignore[arg-type]


@settings(max_examples=150)
@given(random_archives, trees, st.sampled_from(get_args(Period)))
def test_stories_of_a_time_line_equal_brute_force(articles: list[Article], tree: Node, by: Period) -> None:
    held = Held(articles)
    line = answered(held, tree, limit=0, timeline=by).timeline
    for bucket in line:
        inside = [
            one for one in found_in(held, tree)
            if one.date and period(by, one.date.value) and bucket.start <= one.date.first() <= bucket.end
        ]  # fmt: skip
        assert (bucket.count, bucket.stories) == (len(inside), len({one.story for one in inside}))
    assert [one["stories"] for one in wire.buckets(line)] == [bucket.stories for bucket in line]


@settings(max_examples=150)
@given(random_archives, trees, st.sampled_from([0, 1, 2, None]))
def test_facets_equal_brute_force_and_a_choice_finds_what_they_count(
    articles: list[Article], tree: Node, limit: int | None
) -> None:
    held = Held(articles)
    names = ("source", "person", "entity", "lang", "year", "month", "day")
    found = answered(held, tree, facets=names, facet_limit=limit)
    for name in names:
        inside = [(one, entry_of(one)) for one in found_in(held, edits.without(tree, name))]
        having = [(value, one) for one, entry in inside for value in of(entry, name)]
        about = {value for one, entry in inside for value in of(entry, name) if is_about(one, name, value)}
        values = Counter(value for value, _ in having if value in about)
        stories = Counter(value for value, _ in {(value, one.story) for value, one in having})
        largest = sorted(values.items(), key=lambda item: (-item[1], item[0]))[:limit]
        shown = sorted(largest) if name in PERIODS else largest
        assert found.facets[name] == tuple(Count(value, number, stories[value]) for value, number in shown)
        assert found.facet_totals[name] == len(values)
        for value, number in shown:
            chosen = answered(held, edits.choose(tree, name, value), limit=0)
            assert (chosen.total, chosen.stories) == (number, stories[value])


def is_about(article: Article, name: str, value: str) -> bool:
    """Whether an article is about a name; where nobody has said of which it is, about all."""
    salient = [one.lower() for one in article.salient]
    return name not in ("person", "entity") or not salient or value.lower() in salient


def of(entry: Entry, name: str) -> Iterable[str]:
    """The values of a facet that an article has."""
    if name not in PERIODS:
        return entry.values.get(name, ())
    return filter(None, (period(name, value) for value in entry.values.get("date", ())))


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
        (name, word) for name in ("title", "body") for word in ("kerb", "kerry")
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
