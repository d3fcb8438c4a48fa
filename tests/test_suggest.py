"""Are the reasons true, do the suggestions find something, and is what is typed completed from this archive?"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from strategies import archives, trees

from searcher import Archive, engines, suggest
from searcher.completing import complete
from searcher.engines import Engine, entry_of
from searcher.engines.memory import MemoryEngine, matches
from searcher.model import Article, Provenance, Quote, Stripped, When
from searcher.query import parse
from searcher.query.dates import Calendar
from searcher.query.lowering import lower
from searcher.query.plan import Plan
from searcher.query.tree import Node
from searcher.suggest import asking
from searcher.suggest.asking import Asked
from searcher.suggest.reasons import why

TODAY = Calendar(date(2020, 1, 1))
LANGUAGES = ("en", "de")
HERE = [name for name, row in engines.ENGINES.items() if not row.shared]


def article(number: int, title: str, body: str = "", day: str = "", **known: object) -> Article:
    when = When(day, "meta", 0.9) if day else None
    return Article(f"id{number}", title, body, Provenance("corpus/a.txt", f"id{number}"), date=when, language="en",
                   words=len(body.split()), lead=body.split("\n\n")[0], **known)  # type: ignore[arg-type]  # fmt: skip


GAP = " And" + " and" * 9
ARTICLES = [
    article(0, "Kerry in town", f"Secretary of State John Kerry spoke.{GAP} Then Sochi slept.", "2015-05-12",
            source="BBC News", people=("John Kerry",), places=("Sochi",)),
    article(1, "Talks", "Mr. Kerry, Kerry and Kerry again. Lavrov came too.", "2015-05-13",
            source="BBC", people=("John Kerry", "Sergei Lavrov")),
    article(2, "The sea at Sochi", "Climate change is near. The football is round.", "2016-02",
            source="Harbour Courier", places=("Sochi",), authors=("Jane Doe",)),
    article(3, "A comet", "Philae stands on it, in winter.", "2014-11-12", source="Harbour Courier",
            stripped=(Stripped("We use cookies", "furniture"),), quotes=(Quote("stands on it", None, 0, 0),)),
    article(4, "Lavrov at Sochi", "Nothing was said of Kerry.", source="BBC"),
]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _unhurried() -> Iterator[None]:
    """No answer here depends on how fast the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "SECONDS", float("inf"))
        yield


def memory(articles: list[Article]) -> MemoryEngine:
    engine = MemoryEngine()
    engine.write(map(entry_of, articles), [], 1)
    return engine


@pytest.fixture(scope="module", params=HERE)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = engines.create(request.param, tmp_path_factory.mktemp("engine"), write=True)
    made.write(map(entry_of, ARTICLES), [], 1)
    yield made
    made.close()


def lowered(engine: Engine, tree: Node) -> Plan:
    return lower(tree, engine.terms, LANGUAGES)


def total(engine: Engine, query: str) -> int:
    return engine.search(lowered(engine, parse(query, TODAY).tree), "newest", 0, 0).total


def explained(engine: Engine, query: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    assert total(engine, query) == 0
    return suggest.explain(parse(query, TODAY).tree, engine, lambda tree: lowered(engine, tree))


REASONS = {
    "kerrry philae": ["kerrry 0 · philae 1 · both 0"],
    "zebra": ["zebra 0 · in no title and no text"],
    "kerry philae": ["kerry 3 · philae 1 · both 0"],
    "kerry comet lavrov": ["kerry 3 · comet 1 · lavrov 2 · all 0", "without comet 2"],
    "kerry comet zebra": ["kerry 3 · comet 1 · zebra 0 · all 0"],
    "kerry (comet OR philae)": ["kerry 3 · comet OR philae 1 · both 0"],
    "zebra OR yak": ["zebra 0 · yak 0"],
    "kerry -kerry": ["kerry 3 · -kerry 2 · both 0"],
    "-(kerry OR -kerry)": ["kerry OR -kerry 5 · all articles 5"],
    "john w/5 sochi": ["john 1 · sochi 3 · both 1 · within 5 words 0 · within 20 words 1"],
    "kerry w/5 town pre/1 kerry": [
        "kerry w/5 town 1 · kerry 3 · both 1 · within 1 word in this order 0 · in any order 1"
    ],
    "lavrov pre/9 kerry": ["lavrov 2 · kerry 3 · both 2 · within 9 words in this order 0 · in any order 1"],
    "john w/5 zebra": ["john 1 · zebra 0"],
    "talks w/5 town": ["talks 1 · town 1 · both 0"],
    "talks w/1 lavrov": ["talks 1 · lavrov 2 · both 1 · within 1 word 0 · in one text 0"],
    "secretary /s sochi": ["secretary 1 · sochi 3 · both 1 · in one sentence 0 · in one paragraph 1"],
    "philae NOT w/5 winter": ["philae 1 · winter 1 · both 1 · not within 5 words 0 · not side by side 1"],
    '"secretary of kerry"': ['"secretary" 1 · "of" 2 · "kerry" 3 · all words 1 · in a row 0 · within 9 words 1'],
    '"secretary of zebra"': ['"secretary" 1 · "of" 2 · "zebra" 0'],
    '"kerry secretary"': ['"kerry" 3 · "secretary" 1 · both 1 · in a row 0 · within 9 words 1'],
    '"the secretary of state john kerry spoke"': ['all words 0 · "secretary of state john kerry spoke" 1'],
    '"secretary kerry"~1': ['"secretary" 1 · "kerry" 3 · both 1 · within 1 word 0 · within 20 words 1'],
    '"visit"': ['"visit" 0 · in no title and no text'],
    '"stand"': ['"stand" 0 · stand in any form 1'],
    "cookies": ["cookies 0 · boilerplate:cookies 1"],
    '="kerry"': ['="kerry" 0 · kerry in any writing 3'],
    "kerx*": ["kerx* 0 · ker* 3"],
    "k?rx": ["k?rx 0 · fits no word of this archive"],
    "/z+ebra/": ["/z+ebra/ 0 · fits no word of this archive"],
    "kerrzzy~1": ["kerrzzy~1 0 · kerrzzy~2 3"],
    "atleast9(kerry)": ["kerry 3 · 9 times 0 · 3 times 1"],
    "atleast2(zebra)": ["zebra 0 · in no title and no text"],
    "first2(secretary) first1(comet) -sochi": [
        "first2(secretary) 1 · first1(comet) 0 · -sochi 2 · all 0",
        "comet 1 · in the first 1 word 0 · in the first 2 words 1",
    ],
    "title:philae": ["title:philae 0 · philae anywhere 1"],
    "title:(comet kerry)": ["title:comet 1 · title:kerry 1 · both 0"],
    "section:world": ["section:world 0 · section is empty in this archive"],
    "source:bcc": ["source:bcc 0 · this archive has BBC 2, Harbour Courier 2, BBC News 1"],
    "lang:fr kerry": ["lang:fr 0 · kerry 3 · both 0", "lang:fr 0 · this archive has en 5"],
    "person:sochi": ["person:sochi 0 · place:sochi 2 · sochi anywhere 3"],
    'person:="Kerry"': ['person:="Kerry" 0 · person:"kerry" 2 · kerry anywhere 3'],
    "person:zebra": ["person:zebra 0 · zebra anywhere 0"],
    "id:nothing": ["id:nothing 0 · has:id 5"],
    "date:1999": ["date:1999 0 · this archive goes from 2014-11-12 to 2016-02-29"],
    "kerry date:2016": ["kerry 3 · date:2016 1 · both 0", "without date:2016 3 · dated 2015-05-12 to 2015-05-13"],
    "words:>800": ["words:801.. 0 · words:..800 5"],
    "ingested:2001": ["ingested:2001 0 · ingested is empty in this archive"],
    "kerry^3 philae^2": ["kerry 3 · philae 1 · both 0"],
}


@pytest.mark.parametrize("query", REASONS)
def test_why_nothing_was_found_is_said_with_the_counts_of_the_parts(engine: Engine, query: str) -> None:
    assert list(explained(engine, query)[0]) == REASONS[query]


SUGGESTIONS = {
    "kery sohci": ["kerry sochi"],
    "kery w/0 lavrow": ["kerry w/20 lavrov"],
    "(kery OR lavrow) sochi^2": ["(kerry OR lavrov) sochi^2"],
    "kery sohci zebra": ["kerry sochi"],
    "serry lavrov": ["kerry lavrov"],
    "climatechange": ['"climate change"'],
    "secretaryofstate kerry": ['"secretary of state" kerry'],
    "foot ball": ["football"],
    '"secretery of state"': ['"secretary of state"'],
    '"secretary of kerry"': ['"secretary of kerry"~9'],
    '"the secretary of state john kerry spoke"': ['"secretary of state john kerry spoke"'],
    '="KERRY"': ["kerry"],
    "john w/5 sochi": ["john w/20 sochi"],
    "atleast9(kerry)": ["atleast3(kerry)"],
    "first1(town)": ["first4(town)"],
    "person:kery": ["person:kerry"],
    'person:"jon kerry"': ['person:"john kerry"'],
    'person:="Jon Kerry"': ['person:="John Kerry"'],
    "person:sochi": ["place:sochi"],
    "source:bcc": ["source:bbc"],
    "source:courier kerry": ["kerry"],
    "source:courier comet": ['source:="Harbour Courier" comet'],
    "title:philae": ["philae"],
    "title:kery": ["title:kerry"],
    "cookies": ["boilerplate:cookies"],
    "kerry date:2016": ["kerry date:2015-05-13..2016"],
    '="kerry" date:2016': ["kerry date:2015-05-13..2016"],
    "date:1999": ["date:1999..2014-11-12"],
    "kerry -kerry sochi": ["kerry sochi"],
    "zebra": [],
    "xqzzy": [],
    "12345": [],
}


@pytest.mark.parametrize("query", SUGGESTIONS)
def test_the_best_suggestion_is_what_was_probably_meant(engine: Engine, query: str) -> None:
    found = explained(engine, query)[1]
    assert list(found[:1]) == SUGGESTIONS[query]
    assert all(total(engine, suggestion) for suggestion in found)


def test_no_two_suggestions_find_the_same_articles(engine: Engine) -> None:
    for query in SUGGESTIONS:
        found = explained(engine, query)[1]
        plans = [lowered(engine, parse(suggestion, TODAY).tree) for suggestion in found]
        assert len({engine.search(plan, "newest", 0, None).ids for plan in plans}) == len(found) <= 3


@settings(max_examples=120)
@given(archives(), trees)
def test_every_number_is_a_count_and_every_suggestion_reads_back_and_finds_something(
    articles: list[Article], tree: Node
) -> None:
    engine, entries = memory(articles), [entry_of(one) for one in articles]

    def brute(asked: Node) -> int:
        return sum(matches(lowered(engine, asked), entry) for entry in entries)

    assume(brute(tree) == 0)
    asked = Asked(engine, lambda one: lowered(engine, one))
    for line in why(tree, asked):
        for part in line.parts:
            assert brute(part.tree) == part.total, line
            if part.label == str(part.tree):
                assert brute(parse(part.label, TODAY).tree) == part.total, line
    for suggestion in suggest.instead(tree, asked):
        query = parse(suggestion, TODAY)
        assert str(query.tree) == suggestion
        assert brute(query.tree), suggestion


@settings(max_examples=40, deadline=None)
@given(archives(), trees)
def test_every_engine_gives_the_same_reasons_and_suggestions(articles: list[Article], tree: Node) -> None:
    first = memory(articles)
    assume(not first.search(lowered(first, tree), "newest", 0, 0).total)
    expected = suggest.explain(tree, first, lambda one: lowered(first, one))
    with TemporaryDirectory() as folder:
        for name in HERE:
            other = engines.create(name, Path(folder) / name, write=True)
            other.write(map(entry_of, articles), [], 1)
            assert suggest.explain(tree, other, lambda one, other=other: lowered(other, one)) == expected  # type: ignore[misc]
            other.close()


def test_only_so_much_is_asked_however_long_the_query(engine: Engine) -> None:
    asked: list[Node] = []

    def plan(tree: Node) -> Plan:
        asked.append(tree)
        return lowered(engine, tree)

    words = " ".join(f"zebra{number}" for number in range(400))
    reasons, _ = suggest.explain(parse(words, TODAY).tree, engine, plan)
    assert reasons[0].startswith("zebra0 0 · ")
    assert len(asked) < 300


def texts(engine: Engine, typed: str, **options: int) -> list[tuple[str, int | None]]:
    return [(one.text, one.count) for one in complete(engine, typed, **options)]


def test_fields_and_words_are_completed_and_values_come_as_they_are_shown(engine: Engine) -> None:
    assert texts(engine, "sou") == [("source:", None)]
    assert texts(engine, "headl") == [("headline:", None)]
    assert texts(engine, "ker") == [("kerry", 3)]
    assert texts(engine, "so") == [("source:", None), ("sochi", 3)]
    assert texts(engine, "title:ke") == [("title:kerry", 1)]
    assert texts(engine, "source:") == [
        ("source:BBC", 2), ('source:"Harbour Courier"', 2), ('source:"BBC News"', 1)
    ]  # fmt: skip
    assert texts(engine, 'site:"bbc n') == [('site:"BBC News"', 1)]
    assert texts(engine, "source:cour") == [('source:"Harbour Courier"', 2)]
    assert texts(engine, "person:ker") == [('person:="John Kerry"', 2)]
    assert texts(engine, "person:=Serg") == [('person:="Sergei Lavrov"', 1)]
    assert texts(engine, "kerry -(place:so") == [("place:=Sochi", 2)]
    assert texts(engine, "date:201") == [("date:2016", 1), ("date:2015", 2), ("date:2014", 1)]
    assert texts(engine, "since:2015-05-") == [("since:2015-05-13", 1), ("since:2015-05-12", 1)]
    assert texts(engine, "has:se") == []
    assert texts(engine, "has:pl") == [("has:place", 2)]
    for nothing in ("", "x", "nofield:x", "kerry ", "words:8", '"john ke', "=Ker"):
        assert texts(engine, nothing) == [], nothing


def test_a_completion_says_what_it_stands_in_place_of(engine: Engine) -> None:
    (one,) = complete(engine, "lavrov -person:ker sochi", cursor=18)
    assert (one.text, one.start, one.end, one.kind) == ('person:="John Kerry"', 8, 18, "name")
    assert [one.text for one in complete(engine, "source:", limit=1)] == ["source:BBC"]
    assert complete(engine, "source:", limit=0) == []
    assert complete(engine, "sou", cursor=99)[0].end == 3


@settings(max_examples=100)
@given(archives())
def test_every_completion_of_a_value_finds_as_many_as_it_says(articles: list[Article]) -> None:
    engine = memory(articles)
    for field in ("source:", "person:", "place:=", "lang:", "has:", "is:"):
        for one in complete(engine, field, limit=50):
            assert one.count == total(engine, one.text), one.text


def test_an_archive_completes_what_is_typed(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("Kerry lands in Sochi\n\nThe talks will be about Ukraine.\n", "utf-8")
    with Archive(tmp_path) as archive:
        archive.build(workers=1)
        assert [one.text for one in archive.complete("kerry so", limit=5)] == ["source:", "sochi"]


def test_the_command_says_why_and_what_to_type_and_programs_get_both(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("Kerry lands in Sochi\n\nThe talks will be about Ukraine.\n", "utf-8")
    with Archive(tmp_path) as archive:
        archive.build(workers=1)

    def search(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).parent / "search"), *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)

    done = search("kery", "ukraine")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[:3] == [
        "nothing found: kery ukraine",
        "  kery 0 · ukraine 1 · both 0",
        "hint: search 'kerry ukraine'",
    ]
    answer = json.loads(search("kery", "ukraine", "--json").stdout)
    assert answer["reasons"] == ["kery 0 · ukraine 1 · both 0"]
    assert answer["suggestions"][0] == "kerry ukraine"
    found = json.loads(search("ukraine", "--json").stdout)
    assert (found["reasons"], found["suggestions"]) == ([], [])
    hostile = search("ker\x1b[31mry")
    assert "\x1b" not in hostile.stderr
