"""Are the names of what is found counted as brute force counts them, told from chance, and shown so that they can be read?"""

from __future__ import annotations

import csv
import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from math import isclose, log
from pathlib import Path
from unittest.mock import patch

import pytest
from cli_kit import put, run
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import archives, trees
from test_search import Held

from searcher import Archive, QueryError, mentioned, text, wire
from searcher import search as searching
from searcher.engines import entry_of
from searcher.engines.memory import matches
from searcher.mentioned import Asked, Mentioned
from searcher.model import Article, Name, NameKind, Provenance
from searcher.query.lowering import lower
from searcher.query.tree import Everything, Node
from searcher.settings import Settings

Key = tuple[NameKind, str]


def asked(articles: list[Article], query: str = "*", **options: object) -> Mentioned:
    held = Held(articles)
    return mentioned.run(held, Settings(), Asked(query, **options))  # type: ignore[arg-type]


def keys(article: Article) -> set[Key]:
    """The names of an article, as they are counted: without case and accents."""
    kinds: dict[NameKind, tuple[str, ...]] = {
        "person": article.people,
        "place": article.places,
        "org": article.orgs,
    }
    return {(kind, text.value(name)) for kind, names in kinds.items() for name in names}


def tally(articles: Iterable[Article]) -> Counter[Key]:
    return Counter(key for article in articles for key in keys(article))


def entropy(*numbers: int) -> float:
    """Minus the entropy of a table, times its sum, and without its constant: what G² is a difference of."""
    return sum(number * log(number) for number in numbers if number)


def surprise(both: int, one: int, other: int, total: int) -> float:
    """G² by another formula than the program's."""
    cells = (both, one - both, other - both, total - one - other + both)
    edges = (one, total - one, other, total - other)
    return 2 * (entropy(*cells) - entropy(*edges) + entropy(total))


def matching(articles: list[Article], tree: Node) -> list[Article]:
    held = Held(articles)
    plan = lower(tree, held.engine.terms, searching.languages(held))  # type: ignore[arg-type]
    return [article for article in articles if matches(plan, entry_of(article))]


@settings(max_examples=150)
@given(archives(), trees, st.sampled_from([None, "typical", "frequent"]))
def test_counts_equal_brute_force(articles: list[Article], tree: Node, by: str | None) -> None:
    found = matching(articles, tree)
    answer = asked(articles, str(tree), limit=None, by=by)
    here, everywhere = tally(found), tally(articles)
    assert {(one.kind, text.value(one.name)): (one.count, one.of) for one in answer.entities} == {
        key: (here[key], everywhere[key]) for key in here
    }
    assert (answer.found.total, answer.archive) == (len(found), len(articles))
    assert answer.names == {kind: sum(key[0] == kind for key in here) for kind in mentioned.KINDS}
    for one in answer.entities:
        assert isclose(one.times, one.count / len(found) / (one.of / len(articles)))
        assert isclose(one.g2, surprise(one.count, one.of, len(found), len(articles)), abs_tol=1e-9)


@settings(max_examples=150)
@given(archives(), trees)
def test_what_stands_together_equals_brute_force(articles: list[Article], tree: Node) -> None:
    with patch.multiple(mentioned, TOGETHER=1, PAIRED=0.1):
        answer = asked(articles, str(tree), limit=None)
    found = matching(articles, tree)
    here = tally(found)
    together = Counter(pair for article in found for pair in combinations(sorted(keys(article)), 2))
    expected = {}
    for (one, other), count in together.items():
        chance = here[one] * here[other] / len(found)
        sure = surprise(count, here[one], here[other], len(found))
        if one[1] != other[1] and count > chance and sure >= 0.1:
            expected[frozenset([one, other])] = (count, round(chance, 9), round(sure, 9))
    assert {
        frozenset((one.kind, text.value(one.name)) for one in (pair.one, pair.other)): (
            pair.count, round(pair.expected, 9), round(pair.g2, 9)
        )
        for pair in answer.pairs
    } == expected  # fmt: skip
    assert sorted(answer.pairs, key=lambda pair: -pair.g2) == list(answer.pairs)


def article(number: int, body: str = "talks", **names: tuple[str, ...]) -> Article:
    return Article(f"id{number}", f"Number {number}", body, Provenance("corpus/a.txt"), story=str(number), **names)  # type: ignore[arg-type]


def cabinet() -> list[Article]:
    """Twenty articles of a storm in which Ann and Bob are always together, Cy with either; and twenty of others."""
    storm = [
        article(
            n,
            "storm",
            people=("Ann", "Bob") if n < 10 else ("Cy",),
            places=("Quay",),
            orgs=("HSC",) if n % 2 else (),
        )
        for n in range(20)
    ]
    return [*storm, *(article(n, places=("Quay",), people=("Dee",) if n % 3 else ("Ann",)) for n in range(20, 40))]


def test_typical_names_are_told_from_those_everywhere() -> None:
    answer = asked(cabinet(), "storm")
    listed = {one.name: one for one in answer.entities}
    assert [one.name for one in answer.entities] == ["Bob", "Cy", "Ann", "Quay", "HSC"]
    assert [name for name, one in listed.items() if one.typical] == ["Bob", "Cy", "HSC"]
    assert (listed["Quay"].count, listed["Quay"].of, listed["Quay"].times) == (20, 40, 1.0)
    assert (listed["Bob"].share, listed["Bob"].times, listed["HSC"].share) == (1.0, 2.0, 1.0)
    assert [one.name for one in asked(cabinet(), "storm", by="frequent").entities] == [
        "Ann",
        "Bob",
        "Cy",
        "Quay",
        "HSC",
    ]
    assert [one.name for one in asked(cabinet()).entities][:2] == ["Ann", "Dee"], "by count if all is found"


def test_the_rarer_here_than_elsewhere_come_last() -> None:
    articles = [
        article(n, "storm" if n < 10 else "calm", people=("Ann",) if n > 8 else ("Bob", "Cy")[: n % 2 + 1])
        for n in range(40)
    ]
    assert [one.name for one in asked(articles, "storm").entities] == ["Bob", "Cy", "Ann"]


def test_pairs_are_those_that_are_no_chance() -> None:
    (pair,) = asked(cabinet(), "storm").pairs
    assert {pair.one.name, pair.other.name} == {"Ann", "Bob"}
    assert (pair.count, pair.expected) == (10, 5.0)
    few = [article(n, people=("Ann", "Bob") if n < 2 else ("Cy",)) for n in range(200)]
    assert asked(few).pairs == (), "two articles are no pair"
    always = [article(n, people=("Ann", "Bob")) for n in range(50)]
    assert asked(always).pairs == (), "what stands everywhere stands together"


def test_a_person_and_a_place_of_one_name_are_two_and_no_pair() -> None:
    articles = [
        article(n, people=("Paris",) if n < 9 else (), places=("Paris",) if n < 10 else ()) for n in range(40)
    ]
    answer = asked(articles)
    assert [(one.kind, one.count) for one in answer.entities] == [("person", 9), ("place", 10)]
    assert answer.pairs == ()


def test_names_that_differ_in_case_alone_are_one_shown_as_most_have_it() -> None:
    articles = [article(n, people=("JANE DOE",) if n < 2 else ("Jane Doe",), places=("Sochi",)) for n in range(5)]
    articles += [article(9, people=("jane doé",))]
    (jane, sochi) = asked(articles).entities
    assert (jane.name, jane.count, sochi.count) == ("Jane Doe", 6, 5)


def test_one_kind_and_a_limit_of_each() -> None:
    answer = asked(cabinet(), "storm", kind="place")
    assert [one.name for one in answer.entities] == ["Quay"]
    assert answer.names == {"place": 1}
    answer = asked(cabinet(), "storm", limit=1)
    assert [one.name for one in answer.entities] == ["Bob", "Quay", "HSC"]
    assert answer.names == {"person": 3, "place": 1, "org": 1}


def mention(name: str, written: str, kind: NameKind = "person") -> Name:
    return Name(name, kind, written, 0, 0)


def test_aliases_are_how_the_articles_found_write_a_name() -> None:
    texts = [["Mr Doe", "Mr Doe", "Dan Doe"], ["Mr  Doe", "Doe"], ["DOE"], ["Doe"], ["Dan Doe"]]
    articles = [article(n, "storm", people=("Dan Doe",)) for n in range(len(texts))]
    articles = [
        Article(one.id, one.title, one.body, one.provenance, people=one.people, names=tuple(mention("Dan Doe", part) for part in parts))
        for one, parts in zip(articles, texts, strict=True)
    ]  # fmt: skip
    articles.append(article(9, "calm", people=("Dan Doe",), names=(mention("Dan Doe", "Danny"),)))  # type: ignore[arg-type]
    answer = asked(articles, "storm")
    (doe,) = answer.entities
    assert [(alias.value, alias.count) for alias in doe.aliases] == [("Doe", 3), ("Mr Doe", 2)]
    assert answer.read == 5


def test_some_hundred_articles_are_read_at_the_most() -> None:
    articles = [article(n, people=(f"Doe {n % 7}",)) for n in range(500)]
    with patch.multiple(mentioned, READ=20, STEP=3):
        answer = asked(articles)
    assert 14 <= answer.read <= 20
    assert sum(one.count for one in answer.entities) == 500
    with patch.multiple(mentioned, READ=2):
        assert asked(articles).read == 2


def test_nothing_found_and_nobody_named() -> None:
    nothing = asked(cabinet(), "hail")
    assert (nothing.entities, nothing.pairs, nothing.read, nothing.found.total) == ((), (), 0, 0)
    assert nothing.found.reasons
    assert asked([article(1)]).entities == asked([]).entities == ()
    with pytest.raises(QueryError, match="unknown field"):
        asked(cabinet(), "sorce:x")


def test_every_name_can_be_asked_for_by_its_value() -> None:
    tree = str(Everything())
    for one in asked(cabinet(), tree).entities:
        assert asked(cabinet(), f'{one.kind}:="{one.name}"').found.total == one.count


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a harbour and of a comet."""
    root = tmp_path_factory.mktemp("mentioned")
    harbour = (
        "President Jane Doe came to Sochi to see the new quay of the harbour. Mrs Doe was met by Ivan Petrov there."
    )
    comet = "The European Space Agency lost a probe over Paris, its director Ivan Petrov said to us."
    put(root, {f"harbour/{n}.txt": f"Harbour {n}\n12 May 2015\n\n{harbour}" for n in range(6)})
    put(root, {f"comet/{n}.txt": f"Comet {n}\n13 May 2015\n\n{comet}" for n in range(12)})
    return root


def test_what_is_printed_can_be_read_in_a_narrow_window(root: Path) -> None:
    found = run("searcher", "entities", "harbour", root=root)
    lines = found.stdout.splitlines()
    assert lines[0] == "harbour"
    assert lines[1].startswith("6 articles")
    assert "   6    100%   3.0×  Jane Doe (Mrs Doe)" in lines
    assert "   6     33%         Ivan Petrov" in lines
    assert "here  of all  times  2 persons" in lines
    assert found.returncode == 0
    narrow = run("searcher", "entities", "harbour", root=root, env={**os.environ, "COLUMNS": "40"}).stdout
    assert max(map(len, narrow.splitlines())) <= 40
    coloured = run("searcher", "entities", "harbour", "--color", "always", root=root).stdout
    assert re.sub(r"\x1b\[\d*m", "", coloured) == found.stdout != coloured


def test_without_a_query_the_whole_archive_is_counted(root: Path) -> None:
    found = run("searcher", "entities", "--kind", "person", "-n", "1", root=root)
    lines = found.stdout.splitlines()
    assert lines[1].startswith("18 articles")
    assert lines[3:5] == ["here  2 persons, 1 shown", "  18  Ivan Petrov"]


def test_pairs_are_printed_with_what_chance_would_have(root: Path) -> None:
    lines = run("searcher", "entities", root=root).stdout.splitlines()
    assert "   6     2.0  Jane Doe + Sochi" in lines


def test_json_and_csv_hold_the_same(root: Path) -> None:
    plain = json.loads(run("searcher", "entities", "harbour", "--json", root=root).stdout)
    assert (plain["schema_version"], plain["total"], plain["archive"], plain["read"]) == (
        wire.SCHEMA_VERSION,
        6,
        18,
        6,
    )
    (jane,) = [one for one in plain["entities"] if one["name"] == "Jane Doe"]
    assert jane == {
        "name": "Jane Doe", "kind": "person", "count": 6, "of": 6, "share": 1.0, "times": 3.0, "g2": jane["g2"],
        "typical": True, "aliases": [{"value": "Mrs Doe", "count": 6}],
    }  # fmt: skip
    assert "hits" not in plain
    every = json.loads(run("searcher", "entities", "--json", root=root).stdout)
    pairs = {
        (*(name["name"] for name in pair["names"]), pair["count"], pair["expected"]) for pair in every["pairs"]
    }
    assert pairs >= {("Jane Doe", "Sochi", 6, 2.0), ("European Space Agency", "Paris", 12, 8.0)}
    table = list(csv.DictReader(run("searcher", "entities", "harbour", "--csv", root=root).stdout.splitlines()))
    assert [row["name"] for row in table] == [one["name"] for one in plain["entities"]]
    assert (table[0]["count"], table[0]["aliases"]) == ("6", "Mrs Doe")


def test_nothing_found_is_1_and_says_why(root: Path) -> None:
    nothing = run("searcher", "entities", "harbor", root=root)
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert nothing.stderr.startswith("nothing found: harbor\n")
    assert "hint: searcher entities harbour\n" in nothing.stderr
    nobody = run("searcher", "entities", "harbour", "--kind", "org", root=root)
    assert (nobody.returncode, nobody.stderr) == (1, "no org in 6 articles\n")
    wrong = run("searcher", "entities", "sorce:x", root=root)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert run("searcher", "entities", "--kind", "animal", root=root).returncode == 2


def test_a_program_asks_the_archive(root: Path) -> None:
    with Archive(root) as archive:
        answer = archive.entities("comet", kind="org", limit=1)
        assert [(one.name, one.count, one.of) for one in answer.entities] == [("European Space Agency", 12, 12)]
        assert archive.entities().found.total == 18
