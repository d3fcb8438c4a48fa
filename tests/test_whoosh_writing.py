"""Is what is written in any pieces what is answered, and is an index that could not be written as it was?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from engine_kit import (
    IDENTITIES,
    LONG,
    PLANS,
    WAYS,
    answers,
    differences,
    entries,
    entry,
    go,
    held,
    little,
    memory,
    only_listed,
    some,
    ways,
    whoosh,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.engines import Entry
from searcher.engines.memory import MemoryEngine
from searcher.engines.whoosh import merging, postings
from searcher.query.plan import EVERYTHING, STEM, Close, First, Places, Plan, Row, Spot, Term, Terms, Value
from searcher.text import Words

FEW = PLANS[::3]

Writes = list[tuple[list[Entry], list[str]]]

writes = st.lists(
    st.tuples(st.lists(entries, max_size=5), st.lists(st.sampled_from([*IDENTITIES, "unknown"]), max_size=3)),
    min_size=1,
    max_size=5,
)
sizes = st.fixed_dictionaries(
    {
        "full": st.sampled_from([1, 20, 4_000_000]),
        "largest": st.sampled_from([2, 3, 7, 1 << 16]),
        "factor": st.sampled_from([2, 3, 8]),
        "emptied": st.sampled_from([0.0, 0.4, 1.0]),
    }
)


def written(engine: Any, given: Writes) -> Any:
    """The engine, after these writes."""
    for last, (put, drop) in enumerate(given, 1):
        engine.write(put, drop, last)
    return engine


def agree(engine: Any, other: Any, plans: Sequence[Plan] = FEW) -> None:
    """Asserts that two engines answer alike."""
    assert differences(answers(other, plans), answers(engine, plans)) == []


# In any pieces


@settings(max_examples=20)
@given(writes, sizes, sizes, ways)
def test_however_entries_are_grouped_cut_and_merged_the_answers_are_those_of_memory(
    given: Writes, one: dict[str, Any], other: dict[str, Any], by: dict[Any, int]
) -> None:
    expected = written(MemoryEngine(), given)
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        go(patch, by)
        folder = Path(name)
        for path, size in ((folder / "one", one), (folder / "other", other)):
            little(patch, **size)
            agree(written(whoosh(path, write=True), given), expected)
            assert only_listed(path)
            assert max(held(path).values(), default=0) <= size["largest"]
            assert whoosh(path).check() == []
        agree(whoosh(folder / "one"), whoosh(folder / "other"))
        at_once = whoosh(folder / "at once", write=True)
        at_once.write(expected._entries.values(), [], 1)
        agree(at_once, expected)


GIVEN = some(8, 40)


@cache
def of_given() -> dict[Any, Any]:
    """What is right for these entries."""
    return answers(memory(GIVEN))


@pytest.mark.parametrize("key", WAYS, ids=lambda key: f"{key[0].__name__.rpartition('.')[2]} {key[1]}")
def test_the_ways_that_pay_for_large_numbers_lead_to_the_same_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: tuple[Any, str]
) -> None:
    written(whoosh(tmp_path, write=True), [(GIVEN[:30], []), (GIVEN[30:], [])])
    for number in WAYS[key][:-1]:
        go(monkeypatch, {key: number})
        assert differences(of_given(), answers(whoosh(tmp_path))) == []
    go(monkeypatch, {key: numbers[0] for key, numbers in WAYS.items()})
    assert differences(of_given(), answers(whoosh(tmp_path))) == []


@pytest.mark.parametrize("block", [1, 2, 50])
def test_a_merge_that_moves_few_numbers_at_once_moves_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(merging, "BLOCK", block)
    little(monkeypatch, factor=2)
    given = some(3, 30)
    engine = written(
        whoosh(tmp_path, write=True), [(given[at : at + 4], []) for at in range(0, 28, 4)] + [(given[28:], ["id1"])]
    )
    assert len(held(tmp_path)) < 4
    agree(engine, memory(one for one in given if one.id != "id1"))


def test_words_of_more_kinds_than_two_bytes_can_number_are_put_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From 65,536 kinds on, a second turn of the radix sort is needed."""
    words = [f"{number:x}" for number in range(70_000)]
    random.Random(1).shuffle(words)
    words[1000:1000] = ["", "twice", ""]
    given = [entry("a", ["before", *words]), entry("b", [*words[30_000:], "twice"]), entry("c", words[:999])]
    starts = [0, 5, 255, 256, 997, 1001, 1003, 29_999, 30_001, 65_534, 65_535, 65_536, 70_001]
    rows = [tuple(words[at : at + width]) for at in starts for width in (1, 2)]
    little(monkeypatch, factor=2)
    for name, groups in (("one", [given]), ("several", [given[:1], given[1:2], given[2:]])):
        engine = written(whoosh(tmp_path / name, write=True), [(group, []) for group in groups])
        assert len(held(tmp_path / name)) < 3
        assert list(engine.terms("body", "")) == sorted({*words, "before"} - {""})
        for row in rows:
            if "" not in row:
                assert found(engine, Row("body", row)) == [one.id for one in given if stands(one, row)]
        for end, wanted in ((1002, []), (1003, ["a"]), (40_003, ["a"]), (40_004, ["a", "b"])):
            assert found(engine, Places((Spot((Row("body", ("twice",)),), (First(end),)),))) == wanted


def found(engine: Any, plan: Plan) -> list[str]:
    return list(engine.search(plan, "newest", 0, None).ids)


def stands(one: Entry, row: Sequence[str]) -> bool:
    words = one.words["body"].surfaces
    return any(tuple(words[at : at + len(row)]) == tuple(row) for at, word in enumerate(words) if word == row[0])


def test_a_blank_source_is_none_also_where_a_page_is_shorter_than_what_was_found(tmp_path: Path) -> None:
    sources = {"a": (" ",), "b": ("BBC", "other"), "c": ("",), "d": ("AP",), "e": (), "f": ("bbc",)}
    given = [entry(name, ["x"], values={"source": shown} if shown else {}) for name, shown in sources.items()]
    engine = whoosh(tmp_path, write=True)
    engine.write(given, [], 1)
    assert engine.search(EVERYTHING, "source", 0, None).ids == tuple("dbface")
    assert [engine.search(EVERYTHING, "source", at, 1).ids for at in range(6)] == [(name,) for name in "dbface"]
    agree(engine, memory(given))


# Where the small types end

EDGES = [255, 256, 257, 65_535, 65_536, 65_537]


@pytest.mark.parametrize("number", EDGES)
def test_an_article_of_as_many_words_as_a_small_type_just_holds_or_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    text = ["a"] * (number - 2) + ["", "z"]
    kinds = [f"k{at}" for at in range(number)]
    long = entry("long", text, kinds, {"tag": tuple(kinds)}, {"words": number}, range(number), range(0, number, 2))
    given = [entry("before", ["z", "a"]), long, entry("after", ["a", "z"], values={"tag": ("k1", "K1", "other")})]
    plans: list[Plan] = [
        *(Terms((Term("body", "a"), Term("body" + STEM, "z"))), Row("title", (f"k{number - 1}",)), Row("body", ("a", "z"))),
        *(Places((Spot((Row("body", ("z",)),), (First(end),)),)) for end in (number - 1, number)),
        *(Close("body", ("z", "a"), 1), Value("tag", (f"k{number - 1}",)), Value("tag", ("k1",))),
    ]  # fmt: skip
    expected = [memory(given).search(plan, "relevance", 0, None) for plan in plans]
    little(monkeypatch, factor=3)
    for name, groups in (("one", [given]), ("several", [[one] for one in given])):
        engine = written(whoosh(tmp_path / name, write=True), [(group, []) for group in groups])
        assert len(held(tmp_path / name)) == 1
        for plan, wanted in zip(plans, expected, strict=True):
            got = engine.search(plan, "relevance", 0, None)
            assert got.ids == wanted.ids
            assert got.scores == pytest.approx(wanted.scores)
        counts = engine.count(EVERYTHING, ["tag"])["tag"]
        assert (len(counts), counts["k1"], counts[f"k{number - 1}"], counts["K1"]) == (number + 2, 2, 1, 1)
        assert counts.most_common(2) == [("k1", 2), ("K1", 1)]


@pytest.mark.parametrize("number", EDGES)
def test_as_many_articles_and_values_as_a_small_type_just_holds_or_does_not(tmp_path: Path, number: int) -> None:
    engine = whoosh(tmp_path, write=True)
    engine.write((tiny(at) for at in range(number)), [], 1)
    assert list(held(tmp_path).values()) in ([number], [65_536, 1], [1, 65_536])
    last = f"{number - 1:06}"
    assert engine.search(EVERYTHING, "newest", 0, 2).ids == ("000000", "000001")
    assert engine.search(EVERYTHING, "newest", number - 1, 5).ids == (last,)
    assert engine.search(Terms((Term("body", "a"),)), "relevance", 0, 1).total == number
    assert (
        found(engine, Terms((Term("body", f"w{last}"),))) == found(engine, Value("source", (f"s{last}",))) == [last]
    )
    assert len(engine.count(EVERYTHING, ["source"])["source"]) == number
    engine.write([], [last, "000000"], 2)
    assert found(engine, Value("source", (f"s{last}", "s000000", "s000001"))) == ["000001"]
    assert engine.search(EVERYTHING, "newest", 0, 0).total == number - 2
    assert engine.check() == []


def tiny(at: int) -> Entry:
    """An entry of two words and a source, one of the words and the source its own."""
    return entry(f"{at:06}", ["a", f"w{at:06}"], values={"source": (f"s{at:06}",)})


def test_words_and_values_may_be_very_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [
        entry("a", [LONG, LONG + "a", "b"], [LONG], {"source": (LONG,)}),
        entry("b", [LONG + "b", ""], [LONG + LONG]),
    ]
    little(monkeypatch, factor=2)
    engine = written(whoosh(tmp_path, write=True), [([one], []) for one in given])
    agree(engine, memory(given), PLANS)
    assert list(engine.terms("body", LONG)) == [LONG, LONG + "a", LONG + "b"]
    assert found(engine, Row("body", (LONG, LONG + "a"))) == found(engine, Value("source", (LONG,))) == ["a"]


# One id


@pytest.mark.parametrize("full", [1, 5, 4_000_000])
def test_of_one_id_the_last_entry_holds_wherever_the_others_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: int
) -> None:
    little(monkeypatch, full=full)
    engine = whoosh(tmp_path, write=True)
    engine.write([entry("a", ["old"]), entry("b", ["old"]), entry("c", ["old"])], [], 1)
    put = [
        entry(*one)
        for one in (
            ("a", ["first"]),
            ("d", ["x"]),
            ("a", ["second"]),
            ("b", ["put"]),
            ("a", ["third"]),
            ("d", ["y"]),
        )
    ]
    engine.write(iter(put), ["b", "c", "unknown", "c"], 2)
    for one in (engine, whoosh(tmp_path)):
        assert [found(one, Row("body", (word,))) for word in ("old", "first", "second", "x")] == [[], [], [], []]
        assert [found(one, Row("body", (word,))) for word in ("put", "third", "y")] == [["b"], ["a"], ["d"]]
        assert found(one, EVERYTHING) == ["a", "b", "d"]
        assert list(one.terms("body", "")) == ["put", "third", "y"]


def test_ids_that_look_alike_are_not_one(tmp_path: Path) -> None:
    alike = ["a", "A", "ä", "a\u0308", " a", "a ", "", "\ud83d\ude00", "\U0001f600", "a" * 5000, "a" * 5001]
    engine = written(whoosh(tmp_path, write=True), [([entry(one, ["x"])], []) for one in alike])
    assert found(engine, EVERYTHING) == sorted(alike)
    for number, one in enumerate(alike):
        engine.write([], [one], 100 + number)
        assert found(engine, EVERYTHING) == sorted(alike[number + 1 :])
    assert held(tmp_path) == {}


# How much is written anew


def test_there_are_few_segments_however_often_little_is_written(tmp_path: Path) -> None:
    engine = whoosh(tmp_path, write=True)
    for number in range(1, 151):
        engine.write([entry(f"{number}", ["a"])], [], number)
        segments = sorted(held(tmp_path).values())
        assert sum(segments) == number
        assert all(sum(8**level <= size < 8 ** (level + 1) for size in segments) < 8 for level in range(4))
    assert len(segments) <= 7 * 3


def test_an_article_is_copied_once_for_each_power_of_factor_that_the_archive_grows_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = 0

    def counted(parts: Any, add: Any) -> Any:
        nonlocal copied
        copied += sum(part.left for part in parts)
        return merging.merge(parts, add)

    monkeypatch.setattr("searcher.engines.whoosh.writing.merge", counted)
    little(monkeypatch, factor=4)
    written(whoosh(tmp_path, write=True), [([entry(f"{number}", ["a"])], []) for number in range(64)])
    assert list(held(tmp_path).values()) == [64]
    assert copied == 64 * 3


def test_adding_ten_to_many_leaves_the_files_of_the_many_alone(tmp_path: Path) -> None:
    engine = whoosh(tmp_path, write=True)
    engine.write((tiny(at) for at in range(5000)), [], 1)
    (large,) = tmp_path.glob("*.arr")
    before = large.stat()
    for turn in range(1, 40):
        engine.write([tiny(at) for at in range(turn * 10 - 5, turn * 10 + 5)], [f"{5000 - turn:06}"], turn)
        after = large.stat()
        assert (after.st_ino, after.st_mtime_ns, after.st_size) == (
            before.st_ino,
            before.st_mtime_ns,
            before.st_size,
        )
    assert found(engine, Terms((Term("body", "a"),))) == [f"{at:06}" for at in range(5000 - 39)]


def test_what_is_half_empty_is_written_anew_without_what_was_deleted(tmp_path: Path) -> None:
    engine = whoosh(tmp_path, write=True)
    engine.write((tiny(at) for at in range(1000)), [], 1)
    engine.write([], [f"{at:06}" for at in range(399)], 2)
    assert list(held(tmp_path).values()) == [1000]
    engine.write([], [f"{at:06}" for at in range(399, 402)], 3)
    assert list(held(tmp_path).values()) == [598]
    assert list(engine.terms("body", "w0004"))[:1] == ["w000402"]
    engine.write([], [f"{at:06}" for at in range(1000)], 4)
    assert (held(tmp_path), engine.search(EVERYTHING, "newest", 0, None).total) == ({}, 0)
    assert only_listed(tmp_path)


# Forms


def test_a_place_is_kept_once_with_its_surface_and_its_stem(tmp_path: Path) -> None:
    engine = whoosh(tmp_path, write=True)
    said = {
        "one": (["the", "bills", "", "bill"], ["the", "bill", "", "bill"]),
        "zwei": (["bill", "the"], ["bil", ""]),
    }
    engine.write([Entry(name, {"body": Words(*words)}, {"id": (name,)}, {}) for name, words in said.items()], [], 1)
    arrays = engine._view.segments[0].arrays
    assert len(arrays["body/places"]) == 5, "of six positions one is a gap"
    assert not {"body.stem/at", "body.stem/docs", "body.stem/places"} & set(arrays)

    def found(field: str, word: str) -> dict[int, list[int]]:
        run = postings.together(engine._view.segments[0].runs(field, word))
        places = iter(run.places.tolist())
        return {
            doc: list(islice(places, often))
            for doc, often in zip(run.docs.tolist(), run.often.tolist(), strict=True)
        }

    assert found("body", "bill") == {0: [3], 1: [0]}
    assert found("body.stem", "bill") == {0: [1, 3]}
    assert found("body.stem", "bil") == {1: [0]}
    assert found("body", "the") == {0: [0], 1: [1]}
    assert found("body.stem", "the") == {0: [0]}


def test_words_and_stems_that_stood_only_in_deleted_articles_go_when_segments_are_merged(tmp_path: Path) -> None:
    engine = whoosh(tmp_path, write=True)
    said = {"one": (["a", "b"], ["x", "b"]), "two": (["a"], ["y"]), "three": (["a", "c"], ["x", "x"])}
    engine.write([Entry(name, {"body": Words(*words)}, {"id": (name,)}, {}) for name, words in said.items()], [], 1)
    engine.write([], ["two", "one"], 2)
    assert [list(engine.terms(name, "")) for name in ("body", "body.stem")] == [["a", "c"], ["x"]]
    merged = engine._view.segments[0].arrays
    assert merged.facts["docs"] == 1
    assert bytes(merged["body/text"]) == b"ac"
    assert bytes(merged["body.stem/text"]) == b"x"
    assert "body/forms.at" not in merged, "each word is one form now"
