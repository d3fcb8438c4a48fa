"""What does a damaged index answer? As before, or that it is damaged; or doctor names the damage. And nothing else."""

from __future__ import annotations

import json
import os
import random
import struct
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import damage_kit
import numpy as np
import pytest
from damage_kit import DAMAGES, ENTRIES, TAKEN, Turn, arrays_of, ask, build, build_wide, flip_in_an_array, flipped
from engine_kit import WORDS, differences, entry, files, little, some, whoosh

from searcher.engines.whoosh import layout, lexicon, places, postings
from searcher.engines.whoosh.arrays import Arrays
from searcher.engines.whoosh.view import View
from searcher.errors import IndexDamaged
from searcher.query.plan import EVERYTHING, Near, Places, Row, Spot


def in_a_process(folder: Path, names: list[str], seed: int, times: int) -> dict[str, Any]:
    """suffer() in a process of its own; fails if that crashes or does not end."""
    work = folder.with_name(f"work {folder.name}")
    work.mkdir(exist_ok=True)
    arguments = [str(folder), str(work), json.dumps(names), str(seed), str(times)]
    ran = subprocess.run(
        [sys.executable, damage_kit.__file__, *arguments], capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


@pytest.mark.parametrize("seed", [0, 1000])
def test_an_index_with_damaged_files_answers_as_before_or_says_so_or_doctor_does(tmp_path: Path, seed: int) -> None:
    build(tmp_path / "e")
    names = [name for name in DAMAGES if name != "flip_a_high_bit"]
    told = in_a_process(tmp_path / "e", names, seed, 100)
    assert told["wrong"] == []
    assert min(told["outcomes"][kind] for kind in ("refused", "named")) > 20
    assert told["taken"] < TAKEN


def test_large_numbers_that_are_damaged_do_not_ask_for_gigabytes(tmp_path: Path) -> None:
    build_wide(tmp_path / "wide")
    number = len(list(arrays_of(files(tmp_path / "wide"), 4)))
    for names, times in ((["flip_a_high_bit"], number), (["overwrite_an_array", "shuffle_an_array"], 12)):
        told = in_a_process(tmp_path / "wide", names, 0, times)
        assert told["wrong"] == []
        assert told["taken"] < TAKEN


@pytest.mark.parametrize(
    ("array", "numbers"),
    [
        *(("body/sentences.at", [0, 2, 1, 3]), ("body/sentences.at", [0, 1, 2, 255]), ("body/sentences.at", [1, 1, 2, 3])),
        *(("tag/codes.at", [0, 2, 1, 4]), ("tag/codes.at", [0, 2, 3, 200]), ("tag/codes", [0, 1, 2, 255]), ("source/codes", [1, 2, 255])),
        *(("body/often", [255, 1, 1]), ("body/text.at", [0, 7, 1, 2]), ("body/text.at", [0, 1, 2, 9]), ("body/text", [97, 255, 99])),
    ],
    ids=repr,
)  # fmt: skip
def test_numbers_that_cannot_be_are_refused_before_anything_is_made_of_their_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, array: str, numbers: list[int]
) -> None:
    given = [
        entry("a", ["a"], [], {"source": ("x",), "tag": ("p", "q")}),
        entry("b", ["b"], [], {"source": ("y",), "tag": ("p",)}),
    ]
    whoosh(tmp_path, write=True).write([*given, entry("c", ["c"], [], {"source": ("x",), "tag": ("z",)})], [], 1)
    path = next(tmp_path.glob("*.arr"))
    data, (kind, at, length, _) = path.read_bytes(), Arrays(path.read_bytes(), "x")._rows[array]
    assert length == len(numbers)
    new = np.array(numbers, kind).tobytes()
    path.write_bytes(data[:at] + new + data[at + len(new) :])
    near = Near((Spot((Row("body", ("a",)),)),), "sentence", negated=True)
    engine, plan = whoosh(tmp_path), Places((Spot((Row("body", ("a",)), Row("body", ("b",))), (near,)),))

    def ask_all() -> None:
        engine.terms("body", "")
        engine.count(EVERYTHING, ["source", "tag"])
        engine.search(plan, "newest", 0, None)

    monkeypatch.setattr(lexicon, "FEW", 1)
    told = {"body/text.at": "words that overlap", "body/text": "words that are no text"}
    with pytest.raises(IndexDamaged, match=told.get(array, array)):
        ask_all()


def test_texts_of_an_impossible_length_are_not_cut_into_parts_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "STRETCH", 1)
    word = postings.Run(np.array([0, 1]), np.array([1, 1]), np.array([5, 7]))
    blocks = list(places._blocks({"a": word}, np.array([0, 10, 1 << 60])))
    assert [places for block in blocks for places in block["a"].places.tolist()] == [5, 7]


def test_an_article_of_an_impossible_length_is_not_laid_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path)
    monkeypatch.setattr(layout, "LONGEST", 1)
    near = Near((Spot((Row("body", (WORDS[0],)),)),), 5)
    with pytest.raises(IndexDamaged):
        whoosh(tmp_path).search(Places((Spot((Row("body", (WORDS[1],)),), (near,)),)), "newest", 0, None)


# What doctor finds


def test_doctor_names_the_array_in_which_a_bit_was_flipped_and_no_other(tmp_path: Path) -> None:
    build(tmp_path)
    chance = random.Random(1)
    for path in tmp_path.glob("*.arr"):
        sound = path.read_bytes()
        for name, (kind, at, length, _) in Arrays(sound, "x")._rows.items():
            if length:
                path.write_bytes(flipped(chance, sound, at, at + length * int(kind[2:]), 1))
                assert whoosh(tmp_path).check() == [f"damaged: {path}: {name}"]
        path.write_bytes(sound)
    assert whoosh(tmp_path).check() == []


def test_a_directory_in_which_a_bit_was_flipped_keeps_the_index_shut(tmp_path: Path) -> None:
    build(tmp_path)
    path = min(tmp_path.glob("*.arr"))
    sound = path.read_bytes()
    at, size = struct.unpack_from("<QI", sound, 20)
    for place in range(at, at + size, 7):
        path.write_bytes(flipped(random.Random(place), sound, place, place + 1, 1))
        with pytest.raises(IndexDamaged, match=path.name):
            whoosh(tmp_path)


def test_no_flipped_bit_in_the_state_changes_what_the_index_says_it_holds(tmp_path: Path) -> None:
    build(tmp_path)
    path = tmp_path / "state.json"
    sound = path.read_bytes()
    for bit in range(len(sound) * 8):
        changed = bytearray(sound)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(bytes(changed))
        with pytest.raises(IndexDamaged) as caught:
            whoosh(tmp_path)
        assert "--rebuild" in (caught.value.hint or "")
    path.write_bytes(sound)
    assert whoosh(tmp_path).last() == 4


def test_doctor_looks_at_the_files_as_they_are_now_and_not_at_what_a_writer_replaced(tmp_path: Path) -> None:
    build(tmp_path)
    reader, writer = whoosh(tmp_path), whoosh(tmp_path)
    writer.write([entry("new", ["a"])], ["id5"], 5)
    assert reader.check() == writer.check() == []
    for path in (tmp_path / "state.json", next(tmp_path.glob("*.toc"))):
        sound = path.read_bytes()
        path.write_bytes(b"?" + sound[1:])
        assert len(writer.check()) == 1
        path.unlink()
        assert len(writer.check()) == 1
        path.write_bytes(sound)
    assert writer.check() == []


# Files that are not what they should be

UNREADABLE = ["unreadable"] if os.geteuid() else []
"""Nothing is unreadable to root."""


@pytest.mark.parametrize("pattern", ["state.json", "*.toc", "*.arr"])
@pytest.mark.parametrize("how", ["missing", "empty", "a folder", *UNREADABLE])
def test_a_file_that_cannot_be_read_keeps_the_index_shut_also_for_a_writer(
    tmp_path: Path, pattern: str, how: str
) -> None:
    build(tmp_path)
    path = next(tmp_path.glob(pattern))
    if how == "unreadable":
        path.chmod(0)
    else:
        path.unlink()
    if how == "empty":
        path.touch()
    if how == "a folder":
        path.mkdir()
    for write in (False, True):
        with pytest.raises(IndexDamaged) as caught:
            whoosh(tmp_path, write)
        assert "--rebuild" in (caught.value.hint or "")
        assert pattern == "*.toc" or path.name in caught.value.message


def test_a_file_in_the_place_of_another_of_its_size_is_found_out(tmp_path: Path) -> None:
    engine = whoosh(tmp_path, write=True)
    for last in range(1, 8):
        engine.write([entry(str(last), ["same"])], [], last)
    before = files(tmp_path)
    by_size = sorted(tmp_path.glob("*.arr"), key=lambda path: path.stat().st_size)
    one, other = next(pair for pair in pairwise(by_size) if pair[0].stat().st_size == pair[1].stat().st_size)
    one.write_bytes(before[other.name])
    with pytest.raises(IndexDamaged, match=one.name):
        whoosh(tmp_path)
    one.write_bytes(before[one.name])
    whoosh(tmp_path).write([], [], 8)
    now = next(tmp_path.glob("*.toc"))
    assert now.stat().st_size == len(before["_MAIN_7.toc"])
    now.write_bytes(before["_MAIN_7.toc"])
    with pytest.raises(IndexDamaged, match=now.name):
        whoosh(tmp_path)


def test_a_table_that_is_older_than_the_state_is_damage_and_a_newer_one_is_that_of_a_crash(tmp_path: Path) -> None:
    build(tmp_path)
    old = files(tmp_path)
    expected = ask(whoosh(tmp_path))
    whoosh(tmp_path).write([], ["id5"], 5)
    new = files(tmp_path)
    (tmp_path / "state.json").write_bytes(old["state.json"])
    crashed = whoosh(tmp_path)
    assert (crashed.last(), crashed.check()) == (4, [])
    assert ask(crashed) != expected
    (tmp_path / "state.json").write_bytes(new["state.json"])
    (tmp_path / "_MAIN_5.toc").unlink()
    (tmp_path / "_MAIN_4.toc").write_bytes(old["_MAIN_4.toc"])
    with pytest.raises(IndexDamaged, match="the table of contents is missing"):
        whoosh(tmp_path)


def test_an_index_without_its_table_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "_MAIN_4.toc").unlink()
    with pytest.raises(IndexDamaged):
        whoosh(tmp_path, write=True)
    assert not list(tmp_path.glob("*.toc"))


# Writing to a damaged index


def test_a_merge_does_not_vouch_for_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is merged gets new checksums: damage would be in it, and nobody could tell."""
    build(tmp_path / "e")
    sound, chance, outcomes = files(tmp_path / "e"), Turn(5), Counter[str]()
    for turn in range(40):
        little(monkeypatch, factor=2 + turn % 2)
        damaged = dict(sound)
        flip_in_an_array(chance, damaged)
        for path in (tmp_path / "e").iterdir():
            path.unlink()
        for name, data in damaged.items():
            (tmp_path / "e" / name).write_bytes(data)
        engine = whoosh(tmp_path / "e")
        try:
            engine.write(some(7, 5, "more"), [f"id{number}" for number in range(40, 50)], 5)
        except IndexDamaged:
            assert files(tmp_path / "e") == damaged
            outcomes["refused"] += 1
        else:
            assert engine.check() != [] or differences(ask_again(tmp_path), ask(engine)) == []
            outcomes["named" if engine.check() else "gone"] += 1
    assert min(outcomes[kind] for kind in ("refused", "named", "gone")) > 0


def ask_again(folder: Path) -> dict[Any, Any]:
    """What an index answers that never was damaged, with the same entries."""
    other = whoosh(folder / "again", write=True)
    other.write([*ENTRIES[:40], *some(7, 5, "more")], [], 1)
    other.write([], [f"id{number}" for number in (3, 4, 30)], 2)
    return ask(other)


# Errors


def test_too_little_memory_is_damage_only_where_there_is_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    build(tmp_path)
    engine = whoosh(tmp_path)
    for name in ("search", "count", "terms"):
        monkeypatch.setattr(View, name, fail)
    asked = (
        lambda: engine.search(EVERYTHING, "newest", 0, None),
        lambda: engine.count(EVERYTHING, ["source"]),
        lambda: engine.terms("body", ""),
    )
    for one in asked:
        with pytest.raises(MemoryError):
            one()
    path = min(tmp_path.glob("*.arr"))
    path.write_bytes(flipped(random.Random(1), path.read_bytes(), 64, 65, 1))
    engine = whoosh(tmp_path)
    for one in asked:
        with pytest.raises(IndexDamaged, match="damaged: ") as caught:
            one()
        assert "--rebuild" in (caught.value.hint or "")


def test_counts_of_values_in_a_wrong_order_can_still_be_read(tmp_path: Path) -> None:
    engine = whoosh(tmp_path, write=True)
    engine.write([entry(name, values={"source": (name,)}) for name in "abc"], [], 1)
    path = next(tmp_path.glob("*.arr"))
    data, (_, at, _, _) = path.read_bytes(), Arrays(path.read_bytes(), "x")._rows["source/shown"]
    path.write_bytes(data[:at] + b"cba" + data[at + 3 :])
    counts = whoosh(tmp_path).count(EVERYTHING, ["source"])["source"]
    assert dict(counts) == {"a": 1, "b": 1, "c": 1}


def test_counts_that_are_read_later_are_damaged_too_and_say_what_helps(tmp_path: Path) -> None:
    engine = whoosh(tmp_path, write=True)
    engine.write([entry("a", values={"source": ("BBC",)})], [], 1)
    path = next(tmp_path.glob("*.arr"))
    damaged = files(tmp_path)
    _, at, _, _ = Arrays(damaged[path.name], "x")._rows["source/shown"]
    path.write_bytes(damaged[path.name][:at] + b"\xff" + damaged[path.name][at + 1 :])
    counts = whoosh(tmp_path).count(EVERYTHING, ["source"])["source"]
    for read in (lambda: list(counts), lambda: dict(counts), lambda: counts.most_common(3)):
        with pytest.raises(IndexDamaged, match="source/shown") as caught:
            read()
        assert "--rebuild" in (caught.value.hint or "")
