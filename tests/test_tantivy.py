"""What is special about Tantivy: two halves that are committed as one, and an order by relevance of its own."""

from __future__ import annotations

import ast
import errno
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from engine_kit import entry, put

from searcher import engines
from searcher.engines import Engine, Entry
from searcher.engines.tantivy import kept, words
from searcher.engines.tantivy.words import LONGEST
from searcher.errors import IndexDamaged, IndexFull
from searcher.query.matching import standing, tokens
from searcher.query.plan import (
    EVERYTHING,
    EXACT,
    STEM,
    Close,
    First,
    Near,
    Or,
    Places,
    Plan,
    Row,
    Spot,
    Term,
    Terms,
    Value,
)
from searcher.text import Words


def opened(path: Path, write: bool = False) -> Engine:
    return engines.create("tantivy", path, write)


def filled(path: Path) -> Engine:
    engine = opened(path, write=True)
    engine.write([entry(name, ["a", "b", name]) for name in "pqr"], [], 1)
    return engine


def word(text: str, field: str = "body") -> Terms:
    return Terms((Term(field, text),))


def found(engine: Engine, plan: Plan, sort: Any = "newest") -> list[str]:
    return list(engine.search(plan, sort, 0, None).ids)


def folders(path: Path) -> list[str]:
    return sorted(folder.name for folder in (path / "words").iterdir())


def is_as_before(path: Path, *seen: Engine) -> None:
    for engine in (*seen, opened(path)):
        assert (engine.last(), engine.check()) == (1, [])
        assert found(engine, word("a")) == found(engine, EVERYTHING) == ["p", "q", "r"]
        assert list(engine.terms("body", "")) == ["a", "b", "p", "q", "r"]


# All or nothing


def test_each_write_has_a_folder_of_words_of_its_own_and_the_one_before_goes(tmp_path: Path) -> None:
    engine = filled(tmp_path)
    assert folders(tmp_path) == ["000001"]
    engine.write([], ["p"], 2)
    assert folders(tmp_path) == ["000002"]
    assert list(engine.terms("body", "")) == ["a", "b", "q", "r"], "words that only stood in what was dropped"
    engine.write([], ["q"], 3)
    assert list(engine.terms("body", "")) == ["a", "b", "r"], "also where arrays, but not words, were written anew"


def test_entries_that_fail_on_the_way_leave_words_and_values_as_they_were(tmp_path: Path) -> None:
    def failing() -> Iterator[Entry]:
        yield entry("s", ["a", "s"])
        raise KeyError("s")

    engine = filled(tmp_path)
    with pytest.raises(KeyError):
        engine.write(failing(), ["p"], 2)
    assert folders(tmp_path) == ["000001"]
    is_as_before(tmp_path, engine)
    engine.write([entry("s", ["a", "s"])], ["p"], 2)
    assert found(opened(tmp_path), word("a")) == ["q", "r", "s"]


def test_a_table_of_contents_that_cannot_be_written_leaves_words_that_nobody_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    engine = filled(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("searcher.engines.whoosh.toc.write", full)
        with pytest.raises(IndexFull):
            engine.write([entry("s", ["a"])], [], 2)
    is_as_before(tmp_path, engine)
    assert folders(tmp_path) == ["000001"]


@pytest.mark.parametrize("call", ["add", "commit"])
def test_a_full_disk_is_told_as_one_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*given: object) -> None:
        raise ValueError("An IO error occurred: 'No space left on device (os error 28)'")

    engine = filled(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(words.Writer, call, full)
        with pytest.raises(IndexFull, match="the disk is full"):
            engine.write([entry("s", ["a"])], [], 2)
    is_as_before(tmp_path, engine)


KILLED = """
import os, sys
sys.path.insert(0, sys.argv[1])
from test_tantivy import Path, entry, opened
from searcher.engines import tantivy
from searcher.engines.whoosh import WhooshEngine

if sys.argv[3] == "before the table":  # the words are whole, and no table of contents says so
    WhooshEngine._committed = lambda *given: os._exit(9)
else:
    tantivy.words.Writer.commit = lambda *given: os._exit(9)
opened(Path(sys.argv[2]), write=True).write([entry("s", ["a"])], ["p"], 2)
"""


@pytest.mark.parametrize("moment", ["before the words", "before the table"])
def test_a_write_that_is_killed_loses_nothing_and_the_next_one_removes_what_it_left(
    tmp_path: Path, moment: str
) -> None:
    filled(tmp_path).close()
    command = [sys.executable, "-c", KILLED, str(Path(__file__).parent), str(tmp_path), moment]
    assert subprocess.run(command, timeout=120, check=False).returncode == 9
    assert folders(tmp_path) == ["000001", "000002"]
    is_as_before(tmp_path)
    engine = opened(tmp_path, write=True)
    engine.write([entry("s", ["a"])], ["p"], 2)
    assert (folders(tmp_path), engine.check()) == (["000002"], [])
    assert found(opened(tmp_path), word("a")) == ["q", "r", "s"]


def test_where_files_cannot_be_linked_they_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unable(*given: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", unable)
    engine = filled(tmp_path)
    engine.write([], ["p"], 2)
    assert found(opened(tmp_path), word("a")) == ["q", "r"]


DAMAGED = """
import random, sys
sys.path.insert(0, sys.argv[1])
from test_tantivy import suffered
print(sorted(suffered(sys.argv[2], random.Random(seed)) for seed in range(25)))
"""


def suffered(folder: str, chance: random.Random) -> str:
    """What an index answers in which bits of one of Tantivy's files were flipped: see the test."""
    path = chance.choice(sorted(one for one in Path(folder, "words").rglob("*.*") if one.stat().st_size))
    sound = path.read_bytes()
    data = bytearray(sound)
    for at in chance.choices(range(len(data)), k=chance.choice((1, 3, 20))):
        data[at] ^= 1 << chance.randrange(8)
    put(path, bytes(data))
    try:
        engine = opened(Path(folder))
        same = what_it_finds(engine) == [
            ["p", "q", "r"],
            ["p"],
            ["a", "b", "p", "q", "r"],
            {},
            {"p": 1, "q": 1, "r": 1},
        ]
        return "named" if engine.check() else "as before" if same else f"wrong: {path}"
    except IndexDamaged:
        return "refused"
    finally:
        put(path, sound)


def what_it_finds(engine: Engine) -> list[Any]:
    plans = word("a"), Row("body", ("b", "p"))
    counts = engine.count(EVERYTHING, ["source", "id"])
    return [*(found(engine, plan) for plan in plans), list(engine.terms("body", "")), *map(dict, counts.values())]


def test_damaged_files_are_refused_or_named_or_the_answer_is_as_before_and_the_process_lives(
    tmp_path: Path,
) -> None:
    engine = filled(tmp_path)
    assert what_it_finds(engine)[:2] == [["p", "q", "r"], ["p"]]
    engine.close()
    command = [sys.executable, "-c", DAMAGED, str(Path(__file__).parent), str(tmp_path)]
    ran = subprocess.run(command, timeout=240, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = ast.literal_eval(ran.stdout)
    assert set(told) <= {"as before", "named", "refused"}
    assert len(told) == 25
    assert "refused" in told
    is_as_before(tmp_path)


# Relevance


def test_pages_are_parts_of_one_order_also_where_many_articles_score_the_same(tmp_path: Path) -> None:
    engine = opened(tmp_path, write=True)
    given = [entry(f"i{at:02}", ["a"] + ["b"] * (at % 3), numbers={"date": 1 + at % 5}) for at in range(40)]
    for start in range(0, 40, 10):
        engine.write(given[start : start + 10], [], start + 1)
    whole = engine.search(word("a"), "relevance", 0, None)
    pages = [engine.search(word("a"), "relevance", at, 7) for at in range(0, 42, 7)]
    assert [one for page in pages for one in page.ids] == list(whole.ids)
    assert [one for page in pages for one in page.scores] == list(whole.scores)
    days = {one.id: one.numbers["date"] for one in given}
    keys = [(-score, -days[one], one) for one, score in zip(whole.ids, whole.scores, strict=True)]
    assert keys == sorted(keys)
    assert len(set(whole.scores)) == 3


def test_what_says_nothing_of_relevance_comes_the_newest_first(tmp_path: Path) -> None:
    engine = opened(tmp_path, write=True)
    engine.write([entry(name, ["a"], numbers={"date": at + 1}) for at, name in enumerate("pqr")], [], 1)
    either = Or((Value("id", ("p",)), Value("id", ("r",))))
    assert found(engine, either, "relevance") == found(engine, either, "newest") == ["r", "p"]


def test_a_word_of_title_and_body_counts_as_one_that_stands_so_often_and_twice_for_each_time_in_the_title(
    tmp_path: Path,
) -> None:
    engine = opened(tmp_path, write=True)
    given = {
        "p": (["x"], ["a", "x"]),
        "q": (["a"], ["x", "x"]),
        "r": (["a"], ["a", "x"]),
        "s": (["x"], ["a", "a"]),
        "t": (["x"], ["x", "x"]),
    }
    engine.write([entry(name, body, title) for name, (title, body) in given.items()], [], 1)
    anywhere = Terms(tuple(Term(name, "a") for name in ("title", "lead", "body")))
    assert found(engine, anywhere, "relevance") == ["r", "q", "s", "p"]
    scores = engine.search(anywhere, "relevance", 0, None).scores
    assert scores[1] == scores[2], "once in the title and twice in the body"


def test_a_word_that_only_stands_in_the_lead_is_found(tmp_path: Path) -> None:
    engine = opened(tmp_path, write=True)
    lead = Entry("p", {"lead": Words(["a"], ["a"], (0,), (0,))}, {"id": ("p",)}, {})
    engine.write([lead, entry("q", ["a"])], [], 1)
    anywhere = Terms(tuple(Term(name, "a") for name in ("title", "lead", "body")))
    assert found(engine, anywhere) == ["p", "q"]


# Words


def test_what_is_no_text_to_rust_is_found_and_listed(tmp_path: Path) -> None:
    engine = opened(tmp_path, write=True)
    engine.write([entry("\ud800", ["\ud83d", "\ude00x", "é"], values={"source": ("\ud83d",)})], [], 1)
    assert list(engine.terms("body", "")) == sorted(["\ud83d", "\ude00x", "é"])
    assert found(engine, word("\ude00x")) == found(engine, Row("body", ("\ud83d", "\ude00x"))) == ["\ud800"]
    assert found(engine, Value("source", ("\ud83d",))) == ["\ud800"]


def test_words_longer_than_tantivy_takes_are_found_by_their_beginning(tmp_path: Path) -> None:
    engine = opened(tmp_path, write=True)
    engine.write([entry("p", ["a", "l" * 70_000, "b"], values={"tag": ("t" * 70_000,)})], [], 1)
    assert found(engine, word("l" * 70_000)) == found(engine, Row("body", ("a", "l" * 70_000, "b"))) == ["p"]
    assert found(engine, Value("tag", ("t" * 70_000,))) == ["p"]
    assert found(engine, word("l" * (LONGEST - 1))) == []


def written(identity: str, *forms: str) -> Entry:
    surfaces = [form.lower() for form in forms]
    kept = ["" if form == surface else f"{surface}/{form}" for form, surface in zip(forms, surfaces, strict=True)]
    return Entry(identity, {"body": Words(surfaces, surfaces, (0,), (0,), kept)}, {"id": (identity,)}, {})


def test_a_word_as_it_is_written_is_told_from_others_also_where_it_is_its_surface(tmp_path: Path) -> None:
    engine = opened(tmp_path, write=True)
    engine.write([written("p", "who"), written("q", "WHO"), written("r", "who", "WHO"), written("s", "the")], [], 1)
    exact = "body" + EXACT
    assert found(engine, word("who/who", exact)) == ["p", "r"]
    assert found(engine, word("who/WHO", exact)) == ["q", "r"]
    assert found(engine, Row(exact, ("who/who", "who/WHO"))) == ["r"]
    assert found(engine, Row(exact, ("who/WHO", "who/who"))) == []
    assert list(engine.terms(exact, "who/")) == ["who/WHO"], "not those that are written as their surface"


def test_a_surface_that_is_asked_for_beside_a_word_as_it_is_written_does_not_stand_for_it(tmp_path: Path) -> None:
    engine = opened(tmp_path, write=True)
    engine.write([written("p", "who", "the", "WHO", "WHO"), written("q", "the", "WHO", "who")], [], 1)
    beside = Near((Spot((Row("body", ("who",)),)),), 0)
    assert found(engine, Places((Spot((Row("body" + EXACT, ("who/who",)),), (beside,)),))) == ["q"]
    assert found(engine, Places((Spot((Row("body" + EXACT, ("who/WHO",)),), (beside,)),))) == ["p", "q"]


def test_nearness_is_looked_up_in_the_words_that_are_kept(tmp_path: Path) -> None:
    engine = opened(tmp_path, write=True)
    engine.write([entry("p", ["b", "a"]), entry("q", ["b", "b", "a"]), entry("r", ["b"])], [], 1)
    assert found(engine, Places((Spot((Row("body", ("a",)),), (First(2),)),))) == ["p"]


def test_nearness_is_also_found_in_names(tmp_path: Path) -> None:
    engine = opened(tmp_path, write=True)
    named = {"p": ("Kerry John",), "q": ("John Kerry", "Bob"), "r": ("John", "Kerry")}
    engine.write([entry(name, values={"person": values}) for name, values in named.items()], [], 1)
    spot = Spot((Row("person", ("Kerry",)),), (Near((Spot((Row("person", ("John",)),)),), 0, "before"),))
    assert found(engine, Places((spot,))) == ["q"], "a gap lies between two names"
    assert found(engine, Close("person", ("Kerry", "John"), 0)) == ["p", "q"]
    assert found(engine, Close("person", ("Kerry", "John"), 1)) == ["p", "q", "r"]


@pytest.mark.parametrize(
    "words",
    [
        Words(["a"], ["a"], [0], [0]),
        Words(
            ["", "é", "", "\ud83d", "é"], ["", "e", "", "x/de", "e"], [0, 2], [0], ["", "", "", "\ud83d/Ω", "é/É"]
        ),
        Words([f"w{at % 300}" for at in range(900)], ["w"] * 900, [0, 899], [0]),
    ],
    ids=["one", "gaps", "many"],
)
def test_words_that_are_kept_come_back_as_they_were(words: Words) -> None:
    texts = {"body": words}
    forms = [(form, one) for form in ("", STEM, EXACT) for one in tokens(texts, "body" + form) if one]
    for some in (forms, forms[:1], forms[-1:], [("", "unheard"), *forms[2:4]]):
        back = kept.read(kept.packed(words), dict.fromkeys(some))
        assert (back.sentences, back.paragraphs) == (words.sentences, words.paragraphs)
        for form, one in dict.fromkeys(some):
            asked = (tokens(held, "body" + form) for held in (texts, {"body": back}))
            assert len({tuple(standing(every, (one,))) for every in asked}) == 1
