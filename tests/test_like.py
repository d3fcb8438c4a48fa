"""Is what is found like an article as the definition says, in every engine, and is each hit's reason exact?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from cli_kit import put, run, titles
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import archives
from test_agreement import agree, entries

from searcher import Archive, engines, likeness, text
from searcher.engines.memory import MemoryEngine
from searcher.errors import ArchiveError, QueryError
from searcher.likeness import COUNTED, FEATURES, LEAST, NEAR, SHARE, STEPS
from searcher.model import Article, Provenance, When
from searcher.query.plan import Plan, Terms, Value

TALKS = "Envoys meet in Sochi\n\n12 May 2015\n\nJohn Kerry met the envoy Sergei Lavrov in Sochi. The two spoke about a truce, and about sanctions."
LATER = "A truce at last\n\n14 May 2015\n\nThe truce that John Kerry and Sergei Lavrov had spoken about in Sochi began, and sanctions may end."
YEARS = "Sanctions, years on\n\n14 May 2018\n\nThe truce that John Kerry and Sergei Lavrov had spoken about in Sochi is long over, sanctions are not."
WHEAT = "Wheat is dear\n\n12 May 2015\n\nThe price of wheat rose again, and farmers in Kansas look at the sky and wait for rain."
RAIN = "Rain in Kansas\n\n20 May 2015\n\nRain fell in Kansas. Farmers hope that the price of wheat will not fall with it."
OTHERS = {
    f"filler/{number}.txt": f"Notice {number}\n\nA {noun} was lost near the {place} and the finder may keep it until the spring."
    for number, (noun, place) in enumerate(combinations(["hat", "dog", "boat", "key", "bell", "ring", "coat"], 2))
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with three articles about talks, one of them with a copy, two about wheat, and many about lost things."""
    root = tmp_path_factory.mktemp("like")
    own = {
        "a/talks.txt": TALKS,
        "b/copy.txt": TALKS,
        "a/later.txt": LATER,
        "a/years.txt": YEARS,
        "a/wheat.txt": WHEAT,
        "a/rain.txt": RAIN,
    }
    put(root, {name: content.replace("\n\n", "\n", 1) for name, content in (own | OTHERS).items()})
    return root


def identity(root: Path, name: str) -> str:
    with Archive(root) as archive:
        return next(hit.article.id for hit in archive.hits("*") if hit.article.provenance.file == f"corpus/{name}")


def files(root: Path, query: str) -> list[str]:
    with Archive(root) as archive:
        return [hit.article.provenance.file.removeprefix("corpus/") for hit in archive.hits(query)]


# What is found


def test_what_shares_names_and_rare_words_is_found_and_what_is_nearer_in_time_comes_first(root: Path) -> None:
    assert files(root, f"like:{identity(root, 'a/talks.txt')}") == ["a/later.txt", "a/years.txt"]
    assert files(root, f"like:{identity(root, 'a/wheat.txt')}") == ["a/rain.txt"]


def test_the_article_and_its_copies_are_left_out_and_a_note_says_so(root: Path) -> None:
    with Archive(root) as archive:
        found = archive.like(identity(root, "a/talks.txt"))
        assert found.notes == (
            f"like:{identity(root, 'a/talks.txt')} leaves out the article itself and its 1 copy",
        )
        assert archive.like(identity(root, "a/wheat.txt")).notes[0].endswith("leaves out the article itself")


def test_each_hit_says_which_names_which_words_and_how_many_days(root: Path) -> None:
    talks = identity(root, "a/talks.txt")
    with Archive(root) as archive:
        later, years = (hit.alike[0] for hit in archive.like(talks).hits)
    assert later.id == years.id == talks
    assert {"John Kerry", "Sochi"} <= set(later.names)
    assert {"truce", "sanctions"} <= set(later.words)
    assert (later.days, years.days) == (2, 1098)
    assert not {"kerry", "sochi", "lavrov"} & set(later.words), "a part of a name is no word beside it"


def test_it_is_a_part_of_any_query(root: Path) -> None:
    like = f"like:{identity(root, 'a/talks.txt')}"
    assert files(root, f"{like} after:2016") == ["a/years.txt"]
    assert files(root, f"{like} -long") == ["a/later.txt"]
    assert sorted(files(root, f"{like} OR like:{identity(root, 'a/wheat.txt')}")) == [
        "a/later.txt",
        "a/rain.txt",
        "a/years.txt",
    ]
    assert sorted(files(root, f"kerry -{like}")) == ["a/talks.txt", "b/copy.txt"]
    with Archive(root) as archive:
        assert str(archive.parse(f"Kerry {like}^2")) == f"kerry {like}^2"
        plain, boosted = (archive.search(typed).hits[0].score for typed in (like, f"({like})^3"))
    assert boosted == pytest.approx(3 * plain)


def test_only_what_is_called_alike_says_why(root: Path) -> None:
    like = f"like:{identity(root, 'a/talks.txt')}"
    with Archive(root) as archive:
        found = {hit.article.provenance.file: hit.alike for hit in archive.search(f"{like} OR wheat")}
        assert all(not hit.alike for hit in archive.search(f"kerry -{like}"))
    assert {name for name, alike in found.items() if alike} == {"corpus/a/later.txt", "corpus/a/years.txt"}


@pytest.mark.parametrize(
    "typed",
    [
        "like:aaaaaaaaaaaaa",
        "like:abc",
        "like:kerry",
        "wheat -like:aaaaaaaaaaaaa",
        "like:ab*",
        "like:/ab+/",
        "like:abcd~1",
    ],
)
def test_an_article_that_is_not_there_is_an_error_with_its_place_and_a_hint(root: Path, typed: str) -> None:
    with Archive(root) as archive, pytest.raises(QueryError) as caught:
        archive.search(typed)
    start, end = caught.value.span
    assert caught.value.query[start:end] in typed
    assert caught.value.hint


def test_ids_may_be_abbreviated_as_everywhere(root: Path) -> None:
    talks = identity(root, "a/talks.txt")
    assert files(root, f"like:{talks[:8]}") == files(root, f"like:{talks}")
    with Archive(root) as archive, pytest.raises(ArchiveError):
        archive.like("zzzz")


# The command


def test_the_command_lists_them_with_what_makes_them_so(root: Path) -> None:
    done = run("searcher", "like", identity(root, "a/talks.txt")[:9], root=root)
    assert titles(done.stdout) == ["A truce at last", "Sanctions, years on"]
    first, second = (line.strip() for line in done.stdout.splitlines() if "alike: " in line)
    assert first.startswith("alike: ")
    assert first.endswith("; 2 days later")
    assert second.endswith("; 1,098 days later")
    assert "note: like:" in done.stderr


def test_the_number_of_a_hit_is_the_article_that_is_meant_and_a_query_narrows(root: Path) -> None:
    run("search", "title:envoys", "source:a", root=root)
    assert titles(run("searcher", "like", "1", "after:2016", root=root).stdout) == ["Sanctions, years on"]
    nothing = run("searcher", "like", identity(root, "a/talks.txt"), "wheat", root=root)
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert "nothing found" in nothing.stderr
    assert run("searcher", "like", "zzzz", root=root).returncode == 2


def test_json_has_it_too(root: Path) -> None:
    talks = identity(root, "a/talks.txt")
    found = json.loads(run("searcher", "like", talks, "--json", "-n", "1", root=root).stdout)
    (hit,) = found["hits"]
    assert (found["total"], found["echo"]) == (2, f"like:{talks}")
    (alike,) = hit["alike"]
    assert set(alike) == {"id", "names", "words", "days"}
    assert alike["days"] == 2
    plain = json.loads(run("search", "--json", "wheat", root=root).stdout)
    assert all(hit["alike"] == [] for hit in plain["hits"])


# The definition, without an engine


def held(article: Article) -> tuple[set[tuple[str, str]], set[str]]:
    """The names and the stems of an article."""
    entry = engines.entry_of(article)
    names = {(kind, text.value(name)) for kind in ("person", "place", "org") for name in entry.values.get(kind, ())}
    stems = {stem for name in ("title", "body") if name in entry.words for stem in entry.words[name].stems}
    return names, stems


def has(plan: Plan, names: set[tuple[str, str]], stems: set[str]) -> bool:
    if isinstance(plan, Value):
        return (plan.field, plan.values[0]) in names
    assert isinstance(plan, Terms)
    return plan.terms[0].text in stems


def nearness(one: When | None, other: When | None, weight: float) -> float:
    if one is None or other is None:
        return 0.0
    first, last = one.first(), one.last()
    near = [days for days in STEPS if (first - other.first()).days <= days and (other.last() - last).days <= days]
    return weight * NEAR * len(near) / len(STEPS)


@settings(max_examples=60, deadline=None)
@given(archives(), st.data())
def test_every_engine_finds_what_the_definition_says_and_says_why(
    articles: list[Article], data: st.DataObject
) -> None:
    articles = [
        replace(article, body=f"{article.body} {data.draw(st.sampled_from(['ebb', 'flow', 'gale']))}")
        for article in articles
    ]
    memory = MemoryEngine()
    memory.write(entries(articles), [], 1)
    with TemporaryDirectory() as folder:
        other = engines.create("whoosh", Path(folder) / "whoosh", write=True)
        other.write(entries(articles), [], 1)
        for article in articles:
            like = likeness.likeness(article, memory)
            assert like == likeness.likeness(article, other)
            agree(memory, other, like.plan)
            alike = like.shared(other, articles)
            assert alike == like.shared(memory, articles)
            check(article, articles, like, alike, memory)
        other.close()


def check(
    article: Article, articles: list[Article], like: likeness.Likeness, alike: Any, engine: MemoryEngine
) -> None:
    """What is found, what it scores and why, counted by hand."""
    least = min(len(like.features), max(LEAST, round(len(like.features) / SHARE)))
    scores = {feature: _scores(feature.node, engine) for feature in like.features}
    expected: dict[str, float] = {}
    for other in articles:
        shared = [feature for feature in like.features if has(feature.node, *held(other))]
        is_copy = other.id == article.id or (other.copy == article.copy != "")
        if like.features and len(shared) >= least and not is_copy:
            whole = sum(feature.weight for feature in like.features)
            told = sum(scores[one][other.id] if one.kind == "word" else one.weight for one in shared)
            expected[other.id] = told + nearness(article.date, other.date, whole)
            names = {one.shown for one in shared if one.kind != "word"}
            parts = {word.raw for name in names for word in text.words(name)}
            assert set(alike[other.id].names) == names
            assert set(alike[other.id].words) == {one.shown for one in shared if one.kind == "word"} - parts
    found = engine.search(like.plan, "relevance", 0, None)
    assert dict(zip(found.ids, found.scores, strict=True)) == pytest.approx(expected)
    assert set(alike) == set(expected)


def _scores(plan: Plan, engine: MemoryEngine) -> dict[str, float]:
    """What a search for this alone scores."""
    found = engine.search(plan, "newest", 0, None)
    return dict(zip(found.ids, found.scores, strict=True))


# Bounds


class Counting(MemoryEngine):
    """Counts how often it is asked, and answers that a word stands in two articles."""

    asked = 0

    def search(self, *given: Any) -> Any:
        self.asked += 1
        return engines.Found((), (), 2 if isinstance(given[0], Terms | Value) else 1000)


def test_an_article_of_very_many_words_and_names_is_looked_at_within_bounds() -> None:
    words = " ".join(f"word{number}x" for number in range(60_000))
    people = tuple(f"Person{number} Name" for number in range(5_000))
    engine = Counting()
    like = likeness.likeness(Article("a", "A title", words, Provenance("corpus/a.txt"), people=people), engine)
    assert len(like.features) == FEATURES
    assert engine.asked <= 3 * COUNTED + 1


def test_an_article_with_nothing_that_tells_is_like_no_other() -> None:
    engine = MemoryEngine()
    some = [
        Article(f"id{number}", "", "the and of", Provenance("corpus/a.txt"), copy=f"id{number}")
        for number in range(4)
    ]
    engine.write(entries(some), [], 1)
    like = likeness.likeness(some[0], engine)
    assert like.features == ()
    assert engine.search(like.plan, "newest", 0, None).total == 0


def test_what_is_shown_of_a_word_is_how_it_stands_in_the_article() -> None:
    counted = Counter(word for stem, word in _shown("Storms", "The storm and Überschwemmungen, storms."))
    assert counted["storms"] == 2
    assert "überschwemmungen" in counted


def _shown(title: str, body: str) -> Iterator[tuple[str, str]]:
    return likeness._stems(Article("a", title, body, Provenance("corpus/a.txt"), language="en"))
