"""Is an index that could not be written as it was, and does whoever reads it notice nothing of who writes?"""

from __future__ import annotations

import errno
import io
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from engine_kit import PLANS, answers, differences, entry, files, little, memory, only_listed, some, whoosh
from whoosh.filedb import filestore

from searcher.engines import Entry
from searcher.engines import whoosh as engine_of
from searcher.engines.whoosh import toc, writing
from searcher.errors import IndexBusy, IndexDamaged, IndexFull

FEW = PLANS[::4]
BEFORE, MORE = some(11, 20), some(12, 15, "more")
DROPPED = ["id2", "id9"]


@cache
def before() -> dict[Any, Any]:
    """What an index of the entries of `engine` answers."""
    return answers(memory(BEFORE), FEW)


@cache
def after() -> dict[Any, Any]:
    """What it answers when more were written, and some dropped."""
    return answers(memory([*(one for one in BEFORE if one.id not in DROPPED), *MORE]), FEW)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An index of a few segments, of which the next write makes more, merges and removes some."""
    little(monkeypatch, full=60, factor=2)
    opened = whoosh(tmp_path / "e", write=True)
    for at in range(0, 20, 5):
        opened.write(BEFORE[at : at + 5], [], 1 + at)
    return opened


def is_as_before(engine: Any, folder: Path, held: dict[str, bytes]) -> None:
    """Asserts that a failed write changed nothing, for this engine or for another."""
    assert files(folder) == held
    for one in (engine, whoosh(folder)):
        assert (one.last(), one.check()) == (16, [])
        assert differences(before(), answers(one, FEW)) == []


def writes_now(engine: Any, folder: Path) -> None:
    """Asserts that the write succeeds the next time and leaves nothing but the index."""
    engine.write(iter(MORE), DROPPED, 30)
    assert only_listed(folder)
    for one in (engine, whoosh(folder)):
        assert (one.last(), one.check()) == (30, [])
        assert differences(after(), answers(one, FEW)) == []


# Failures


class Boom(Exception):
    """What only the maker of the entries raises."""


@pytest.mark.parametrize(
    "error", [Boom(), KeyError("a"), OSError(errno.EIO, "no"), KeyboardInterrupt(), MemoryError()], ids=repr
)
@pytest.mark.parametrize("number", [0, 1, 14])
def test_entries_that_fail_on_the_way_leave_the_index_as_it_was_and_the_error_is_theirs(
    engine: Any, tmp_path: Path, error: BaseException, number: int
) -> None:
    def failing() -> Iterator[Entry]:
        yield from MORE[:number]
        raise error

    held = files(tmp_path / "e")
    with pytest.raises(type(error)) as caught:
        engine.write(failing(), DROPPED, 30)
    assert caught.value is error
    is_as_before(engine, tmp_path / "e", held)
    writes_now(engine, tmp_path / "e")


class Disk:
    """A disk on which a number of writes succeed; after them it has no room."""

    def __init__(self, patch: pytest.MonkeyPatch, room: int) -> None:
        self.room = room
        self.full = False
        really = io.open
        patch.setattr(io, "open", lambda path, mode="r", *more, **how: self._open(really, path, mode, *more, **how))
        patch.setattr(filestore, "open", lambda path, mode="r": self._open(really, path, mode), raising=False)

    def _open(self, really: Callable[..., Any], path: Any, mode: str, *more: Any, **how: Any) -> Any:
        if "w" not in mode:
            return really(path, mode, *more, **how)
        raw = _File(path, self)
        stream = io.BufferedWriter(raw, 512)
        return stream if "b" in mode else io.TextIOWrapper(stream, "utf-8")


class _File(io.FileIO):
    def __init__(self, path: Any, disk: Disk) -> None:
        super().__init__(path, "w")
        self.disk = disk

    def write(self, data: Any) -> int:
        self.disk.room -= 1
        if self.disk.room < 0:
            self.disk.full = True
            raise OSError(errno.ENOSPC, "no room")
        return super().write(data)


def test_a_disk_that_is_full_at_any_write_leaves_the_index_as_it_was(engine: Any, tmp_path: Path) -> None:
    folder, failed = tmp_path / "e", 0
    held = files(folder)
    for room in range(10_000):
        with pytest.MonkeyPatch.context() as patch:
            disk = Disk(patch, room)
            try:
                engine.write(iter(MORE), DROPPED, 30)
            except IndexFull:
                failed += 1
        assert disk.full == (failed > room)
        if not disk.full:
            break
        assert engine.last() == 16
        if room % 25 == 0:
            is_as_before(engine, folder, held)
    assert failed > 100
    assert whoosh(folder).last() == 30
    engine.write([], [], 30)
    writes_now(engine, folder)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO], ids=errno.errorcode.get)
@pytest.mark.parametrize(
    "where", ["the table", "the table when it is read again", "the state", "a merge", "a segment"]
)
def test_whatever_cannot_be_written_leaves_the_index_as_it_was(
    engine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, number: int
) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise OSError(number, "cannot")

    def once(folder: Path) -> Any:
        return fail() if len(list(folder.glob("*.toc"))) > 1 else really(folder)

    really, held = toc.read, files(tmp_path / "e")
    with monkeypatch.context() as patch:
        match where:
            case "the table":
                patch.setattr(toc, "write", fail)
            case "the table when it is read again":
                patch.setattr(toc, "read", once)
            case "the state":
                patch.setattr(engine_of, "replace_text", fail)
            case "a merge":
                patch.setattr(writing, "merge", fail)
            case _:
                patch.setattr(writing.ArraysWriter, "finish", fail)
        with pytest.raises(IndexDamaged if number == errno.EIO else IndexFull) as caught:
            engine.write(iter(MORE), DROPPED, 30)
        assert caught.value.hint
    is_as_before(engine, tmp_path / "e", held)
    writes_now(engine, tmp_path / "e")


def test_what_a_killed_writer_left_is_removed_by_the_next_write(engine: Any, tmp_path: Path) -> None:
    folder = tmp_path / "e"
    process = multiprocessing.get_context("fork").Process(target=_die, args=(folder,))
    process.start()
    process.join()
    assert process.exitcode == 9
    assert {path.stem for path in folder.glob("*.arr")} > {one.identity for one in toc.read(folder).segments}
    for name in ("state.json.1234.tmp", "_MAIN_9.toc.1700000000.25", "_MAIN_1.toc", "MAIN_0123456789abcdef.arr"):
        (folder / name).write_bytes(b"unfinished")
    again = whoosh(folder, write=True)
    assert again.last() == 16
    writes_now(again, folder)


def _die(folder: Path) -> None:
    def die(*_: object) -> None:
        os._exit(9)

    toc.write = die
    whoosh(folder, write=True).write(iter(MORE), DROPPED, 30)


def test_an_engine_that_is_behind_another_does_not_write_and_harms_nothing(engine: Any, tmp_path: Path) -> None:
    other = whoosh(tmp_path / "e", write=True)
    other.write([entry("newer", ["a"])], [], 17)
    held = files(tmp_path / "e")
    with pytest.raises(IndexBusy, match="was written to since it was opened"):
        engine.write(MORE, DROPPED, 30)
    assert files(tmp_path / "e") == held
    assert differences(before(), answers(engine, FEW)) == []
    assert other.search(PLANS[0], "newest", 0, None).total == 21


def test_a_folder_that_lies_in_the_way_does_not_fail_a_write_that_was_done(engine: Any, tmp_path: Path) -> None:
    folders = [tmp_path / "e" / name for name in ("_MAIN_3.toc", *(f"{number}.arr" for number in range(30)))]
    for folder in folders:
        folder.mkdir()
    engine.write(iter(MORE), DROPPED, 30)
    assert (whoosh(tmp_path / "e").last(), engine.check()) == (30, [])
    for folder in folders:
        folder.rmdir()
    assert only_listed(tmp_path / "e")


def test_an_index_that_cannot_be_begun_for_lack_of_room_can_be_begun_later(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        Disk(patch, 0)
        with pytest.raises(IndexFull):
            whoosh(tmp_path / "e", write=True)
    engine = whoosh(tmp_path / "e", write=True)
    engine.write([entry("a", ["a"])], [], 1)
    assert sorted(path.suffix for path in (tmp_path / "e").iterdir()) == [".arr", ".json", ".toc"]


# Readers beside a writer


def _read_on(folder: Path, ready: Any, stop: Any, told: Path) -> None:
    engine, turns = whoosh(folder), 0
    ready.set()
    wrong: list[str] = []
    while not wrong and not (stop.is_set() and turns):
        wrong, turns = [*differences(before(), answers(engine, FEW)), *engine.check()], turns + 1
    told.write_text(json.dumps(wrong))


def test_a_reader_in_another_process_keeps_its_answers_while_a_writer_merges_and_removes(
    engine: Any, tmp_path: Path
) -> None:
    context = multiprocessing.get_context("fork")
    ready, stop, told = context.Event(), context.Event(), tmp_path / "told"
    process = context.Process(target=_read_on, args=(tmp_path / "e", ready, stop, told))
    process.start()
    assert ready.wait(60)
    reader, first = whoosh(tmp_path / "e"), set(files(tmp_path / "e"))
    for turn in range(30):
        engine.write(some(turn, 6, f"{turn} "), [f"id{turn}"], 100 + turn)
    stop.set()
    process.join(60)
    assert (process.exitcode, json.loads(told.read_text())) == (0, [])
    assert not first & set(files(tmp_path / "e")) - {"state.json"}
    assert differences(before(), answers(reader, FEW)) == []
    assert reader.check() == []
