"""Does corpus/ become index/, whatever happens on the way?"""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from test_furniture import prose

from searcher import Archive, building, corpus, generations, readers, reading, verdicts
from searcher.engines.whoosh import WhooshEngine
from searcher.errors import ArchiveError, IndexDamaged, IndexFull, IndexMissing, IndexOutdated
from searcher.generations import FORMAT
from searcher.model import Unread
from searcher.store import Batch, Store
from searcher.workers import Workers

TIDES = "Tides of the week at a glance"
"""A line of the site, on every page of it."""


def write(root: Path, name: str, words: str) -> Path:
    path = root / "corpus" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    own = f"This paragraph tells at some length about {words}, and nothing else. {prose(words, 1, 30)[0]}"
    path.write_text(f"About {words}\n\n{own}\n\n{TIDES}\n", "utf-8")
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for number in range(6):
        write(tmp_path, f"courier/{number}.txt", f"subject{number} common")
    return tmp_path


@pytest.fixture(autouse=True)
def _nothing_is_too_recent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "RECENT", -1)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read."""
    names: list[str] = []
    really = readers.read

    def noted(path: Path, name: str, settings: Any) -> Iterator[Any]:
        names.append(Path(name).name)
        return really(path, name, settings)

    monkeypatch.setattr(readers, "read", noted)
    return names


def test_a_build_reads_every_file_once_and_then_only_what_is_new(root: Path, read: list[str]) -> None:
    with Archive(root) as archive:
        report = archive.build()
        assert (report.new, report.total, report.rebuilt) == (6, 6, True)
        assert sorted(read) == [f"{number}.txt" for number in range(6)]
        read.clear()
        assert archive.build().unchanged == 6
        assert read == []
        for number in range(10):
            write(root, f"new/{number}n.txt", "fresh")
        report = archive.build()
        assert (report.new, report.unchanged, report.total, report.rebuilt) == (10, 6, 16, False)
        assert sorted(read) == [f"{number}n.txt" for number in range(10)]
        assert archive.search("fresh").total == 10


def test_changed_files_are_read_again_and_gone_ones_leave(root: Path, read: list[str]) -> None:
    with Archive(root) as archive:
        archive.build()
        read.clear()
        write(root, "courier/0.txt", "zebras")
        (root / "corpus/courier/1.txt").unlink()
        os.utime(root / "corpus/courier/2.txt", (1, 1))
        report = archive.build()
        assert (report.changed, report.gone, report.unchanged, report.total) == (1, 1, 4, 5)
        assert read == ["0.txt"], "a file with another time but the same bytes is not read"
        assert archive.search("zebras").total == 1
        assert archive.search("subject0 OR subject1").total == 0
        read.clear()
        assert archive.build().unchanged == 5
        assert read == []


def test_ids_stay_from_build_to_build(root: Path) -> None:
    with Archive(root) as archive:
        archive.build()
        before = {hit.article.title: hit.article.id for hit in archive.hits("common")}
        archive.build(rebuild=True)
        assert {hit.article.title: hit.article.id for hit in archive.hits("common")} == before
        assert len(set(before.values())) == 6


def test_articles_with_the_same_words_are_one_story(root: Path) -> None:
    shutil.copy(root / "corpus/courier/0.txt", root / "corpus/copy.txt")
    with Archive(root) as archive:
        archive.build()
        results = archive.search("subject0", group="story")
        assert (results.total, results.stories, len(results)) == (2, 1, 1)
        assert results.hits[0].copies == 2


def test_a_search_sees_the_old_index_until_the_new_one_is_whole(root: Path) -> None:
    with Archive(root) as archive, Archive(root) as other:
        archive.build()
        seen: list[int] = []
        write(root, "courier/6.txt", "common")
        archive.build(rebuild=True, progress=lambda step: seen.append(other.search("common").total))
        assert len(seen) >= 7
        assert set(seen) == {6}
        assert other.search("common").total == 7
        assert [item.name for item in (root / "index").iterdir() if item.name.isdigit()] == ["000002"]


def test_searches_in_threads_go_on_while_the_index_is_built_again_and_again(root: Path) -> None:
    wrong: list[object] = []
    over = threading.Event()

    def ask() -> None:
        with Archive(root) as archive:
            while not over.is_set():
                found = archive.search("common", facets=["source"])
                if found.total != 6 or len(found) != 6:
                    wrong.append(found.total)

    with Archive(root) as archive:
        archive.build()
        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(3):
            archive.build(rebuild=True)
            os.utime(root / "corpus/courier/2.txt", (2, 2))
            write(root, "courier/3.txt", "subject3 common")
            archive.build()
        over.set()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_a_second_writer_waits_and_is_told_who_writes(root: Path) -> None:
    index = generations.Index(root / "index")
    told: list[str] = []
    with Archive(root) as archive, index.writing():
        thread = threading.Thread(target=lambda: archive.build(waiting=told.append))
        thread.start()
        while not told:
            time.sleep(0.01)
        assert not (root / "index/current").exists()
    thread.join()
    assert told[0].startswith(f"process {os.getpid()} since ")
    assert (root / "index/current").exists()


def test_before_the_first_build_the_hint_is_to_build(root: Path) -> None:
    with Archive(root) as archive, pytest.raises(IndexMissing) as caught:
        archive.search("common")
    assert "searcher index" in (caught.value.hint or "")


def test_an_empty_corpus_gives_an_empty_index_that_answers(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    with Archive(tmp_path) as archive:
        assert archive.build().total == 0
        assert archive.search("anything -something").total == 0
        assert archive.doctor() == []


def test_a_folder_of_the_corpus_that_is_missing_drops_nothing(root: Path) -> None:
    (root / "searcher.toml").write_text('corpus = ["corpus", "more"]')
    (root / "more").mkdir()
    (root / "more/x.txt").write_text(
        "Elsewhere\n\nThis lies in another folder of the corpus, named in the settings."
    )
    with Archive(root) as archive:
        assert archive.build().total == 7
        shutil.rmtree(root / "more")
        with pytest.raises(ArchiveError, match="no such folder of the corpus"):
            archive.build()
        assert archive.search("elsewhere").total == 1


def test_what_cannot_be_listed_or_opened_is_reported_and_keeps_what_was_read(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, "locked/a.txt", "locked common")
    with Archive(root) as archive:
        archive.build()
        really = os.scandir

        def refusing(path: str | Path) -> Any:
            if str(path).endswith("locked"):
                raise PermissionError(errno.EACCES, "Permission denied")
            return really(path)

        monkeypatch.setattr(corpus.os, "scandir", refusing)
        report = archive.build()
        assert report.unread == (Unread("corpus/locked", "cannot be listed: Permission denied"),)
        assert (report.gone, archive.search("locked").total) == (0, 1)


def test_hidden_files_and_links_to_folders_are_not_read(root: Path) -> None:
    write(root, ".hidden/a.txt", "hidden")
    write(root, "courier/.b.txt", "hidden")
    write(root, "courier/c.txt~", "hidden")
    (root / "corpus/loop").symlink_to(root / "corpus")
    with Archive(root) as archive:
        report = archive.build()
    assert report.total == 6
    assert [item.file for item in report.unread] == ["corpus/loop"]


def test_an_index_of_another_format_is_named_and_built_anew(root: Path) -> None:
    with Archive(root) as archive:
        archive.build()
    meta = root / "index/000001/meta.json"
    meta.write_text(json.dumps(json.loads(meta.read_text()) | {"format": 0}))
    with Archive(root) as archive:
        with pytest.raises(IndexOutdated, match=f"format 0, this version reads {FORMAT}") as caught:
            archive.search("common")
        assert "--rebuild" in (caught.value.hint or "")
        assert archive.doctor() == [f"the index has format 0, this version reads {FORMAT}"]
        assert archive.build().rebuilt
        assert archive.search("common").total == 6


def test_other_settings_build_a_new_generation(root: Path) -> None:
    with Archive(root) as archive:
        archive.build()
    (root / "searcher.toml").write_text('[sources]\ncourier = "The Courier"\n')
    with Archive(root) as archive:
        report = archive.build()
        assert (report.rebuilt, report.generation) == (True, 2)
        assert archive.search('source:"the courier"').total == 6


def test_the_engine_is_chosen_by_settings_or_option_and_kept(root: Path) -> None:
    with Archive(root) as archive:
        assert archive.build(engine="memory").engine == "memory"
        assert archive.search("common").total == 6
        assert archive.build().engine == "memory", "an update keeps the engine"
        write(root, "courier/7.txt", "common")
        archive.build()
        assert archive.search("common").total == 7
        assert archive.build(engine="whoosh").engine == "whoosh"
        assert archive.search("common").total == 7


@pytest.mark.parametrize(
    "name", ["articles.db", "engine/state.json", "engine/*.arr", "engine/*.toc", "meta.json", "../current"]
)
def test_a_missing_or_damaged_file_is_named_never_nothing_found_and_doctor_mends_it(root: Path, name: str) -> None:
    with Archive(root) as archive:
        archive.build()
    path = next((root / "index/000001").glob(name)) if ".." not in name else root / "index/current"
    path.write_bytes(b"?")
    with Archive(root) as archive:
        if name != "engine/state.json":
            with pytest.raises(IndexDamaged) as caught:
                archive.search("common")
            assert "--rebuild" in (caught.value.hint or "")
        assert archive.doctor() != []
        archive.build(rebuild=True)
        assert archive.search("common").total == 6
        assert archive.doctor() == []


def test_doctor_says_what_is_not_up_to_date(root: Path) -> None:
    with Archive(root) as archive:
        archive.build()
        assert archive.doctor() == []
        write(root, "courier/9.txt", "late")
        (root / "corpus/courier/1.txt").unlink()
        assert archive.doctor() == ["not up to date: 1 new, 1 gone in corpus/"]


def test_a_dry_run_writes_nothing(root: Path) -> None:
    with Archive(root) as archive:
        report = archive.build(dry_run=True)
        assert (report.new, report.dry_run) == (6, True)
        assert not (root / "index").exists()
        archive.build()
        write(root, "courier/9.txt", "late")
        assert archive.build(dry_run=True).new == 1
        assert archive.search("late").total == 0


@pytest.mark.parametrize("at", ["store", "engine"])
def test_a_full_disk_stops_the_build_and_loses_nothing(
    root: Path, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive(root) as archive:
        archive.build()
        write(root, "courier/9.txt", "late common")
        with monkeypatch.context() as patch:
            if at == "store":
                patch.setattr(Store, "write", _no_room)
            else:
                patch.setattr("whoosh.filedb.filestore.FileStorage.create_file", _no_room)
            with pytest.raises((IndexFull, OSError)) as caught:
                archive.build()
            assert "full" in str(caught.value) or "No space" in str(caught.value)
        assert archive.search("subject1").total == 1
        assert archive.build().total == 7
        assert archive.search("late").total == 1
        assert archive.doctor() == []


def _no_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _noted(rest: Callable[[Workers], None], rested: list[Workers]) -> Callable[[Workers], None]:
    def noted(workers: Workers) -> None:
        rested.append(workers)
        rest(workers)

    return noted


@pytest.mark.parametrize("many", [1, 1_000_000])
def test_workers_give_the_same_index(root: Path, monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    rested: list[Workers] = []
    monkeypatch.setattr(building, "MANY", many)
    monkeypatch.setattr(Workers, "rest", _noted(Workers.rest, rested))
    with Archive(root) as archive:
        archive.build(workers=1)
        alone = [(hit.article.id, hit.article) for hit in archive.hits("*", sort="oldest")]
        rested.clear()
        report = archive.build(rebuild=True, workers=2)
        assert len(rested) == (many == 1)
        assert report.total == 6
        assert [(hit.article.id, hit.article) for hit in archive.hits("*", sort="oldest")] == alone


@pytest.mark.parametrize("workers", [1, 2])
def test_a_damaged_article_is_a_damaged_index_whoever_cuts_its_words(root: Path, workers: int) -> None:
    with Archive(root) as archive:
        archive.build(workers=1)
    generation = generations.Index(root / "index").local(1, write=True)
    generation.store.write(Batch(verdicts=dict.fromkeys(generation.store.ids(), verdicts.NONE)))
    with closing(sqlite3.connect(root / "index/000001/articles.db")) as db, db:
        db.execute("UPDATE articles SET data = x'00' WHERE id = (SELECT MIN(id) FROM articles)")
    with Workers(workers) as spread, pytest.raises(IndexDamaged, match=r"cannot read .*articles\.db") as caught:
        generation.roll_forward(spread=spread.spread)
    assert "--rebuild" in (caught.value.hint or "")
    generation.close()


# --- kill -9 at every step -------------------------------------------------------------------------------------------

STEPS = [(Store, "write"), (Store, "call"), (Store, "settled"), (Store, "forget"), (Store, "settle"), (WhooshEngine, "write"), (WhooshEngine, "_remember"),
         (generations.Index, "publish"), (generations, "replace_text"), (generations.shutil, "rmtree")]  # fmt: skip


def _build_and_die(root: str, deadly: int, **options: Any) -> None:
    """Builds, with a step of every kind counted before and after it, and dies at the one numbered `deadly`."""
    steps = 0

    def counted(really: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            _count()
            result = really(*args, **kwargs)
            _count()
            return result

        return step

    def _count() -> None:
        nonlocal steps
        steps += 1
        if steps == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    for owner, name in STEPS:
        setattr(owner, name, counted(getattr(owner, name)))
    building.BATCH, reading.PART = 2, 2
    Archive(root).build(workers=1, **options)


@pytest.mark.parametrize("kind", ["first", "update", "rebuild"])
def test_a_build_that_is_killed_at_any_step_loses_nothing_and_the_next_one_finishes_it(
    root: Path, kind: str
) -> None:
    process = multiprocessing.get_context("fork")
    for deadly in range(1, 200):
        shutil.rmtree(root / "index", ignore_errors=True)
        if kind != "first":
            with Archive(root) as archive:
                archive.build(workers=1)
            write(root, "courier/0.txt", f"zebras common {deadly}")
            write(root, f"courier/extra{deadly % 2}.txt", "common")
            (root / f"corpus/courier/extra{1 - deadly % 2}.txt").unlink(missing_ok=True)
        expected = len(list((root / "corpus").rglob("*.txt")))
        child = process.Process(
            target=_build_and_die, args=(str(root), deadly), kwargs={"rebuild": kind == "rebuild"}
        )
        child.start()
        child.join()
        with Archive(root) as archive:
            if kind != "first":
                found = archive.search("common")
                assert found.total >= 6
                assert len(found) == found.total
            archive.build(workers=1)
            assert archive.search("common", limit=None).total == expected
            assert archive.search(f'"{TIDES}"').total == 0
            assert archive.search(f'boilerplate:"{TIDES}"').total == expected
            assert archive.doctor() == []
        if child.exitcode == 0:
            break
        assert child.exitcode == -signal.SIGKILL
    assert child.exitcode == 0, "the steps never came to an end"
    assert deadly > 10


def test_a_file_name_that_is_no_text_has_one_in_the_archive(root: Path) -> None:
    path = os.fsencode(root / "corpus/courier") + b"/caf\xe9.txt"
    with open(path, "w") as stream:  # noqa: PTH123  (no Path holds these bytes as they are)
        stream.write("A cafe\n\nThis page tells of a cafe by the harbour, and of its owner.\n")
    with Archive(root) as archive:
        assert archive.build().total == 7
        (hit,) = archive.search("cafe")
        assert hit.article.provenance.file == "corpus/courier/caf\\xe9.txt"
        assert archive.build().unchanged == 7
        assert archive.search("source:caf\udce9").total == 0


def test_records_of_one_name_are_all_kept(root: Path) -> None:
    lines = [
        f'{{"id": "same", "title": "Part {number}", "text": "This is part {number} of a dump."}}'
        for number in range(2000)
    ]
    (root / "corpus/dump.jsonl").write_text("\n".join(lines))
    with Archive(root) as archive:
        assert archive.build().total == 2006
        assert archive.search('"part 1999"').total == 1


def test_a_file_that_vanishes_or_cannot_be_opened_is_a_line_of_the_report(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = corpus.sha256

    def refusing(path: Path) -> str:
        if path.name == "3.txt":
            raise FileNotFoundError(errno.ENOENT, "No such file or directory")
        return really(path)

    with Archive(root) as archive:
        with monkeypatch.context() as patch:
            patch.setattr(corpus, "sha256", refusing)
            report = archive.build(workers=1)
        assert report.unread == (Unread("corpus/courier/3.txt", "cannot be opened: No such file or directory"),)
        assert report.total == 5
        assert archive.build().total == 6


def test_a_fault_of_this_program_keeps_the_old_article_and_is_tried_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive(root) as archive:
        archive.build()
        write(root, "courier/2.txt", "zebras common")
        with monkeypatch.context() as patch:
            patch.setattr(reading.cleaning, "clean", lambda page: 1 / 0)
            report = archive.build(workers=1)
        assert [item.reason for item in report.unread] == [f"{reading.FAULT}: ZeroDivisionError: division by zero"]
        assert archive.search("subject2").total == 1, "what was known of it stays"
        report = archive.build()
        assert (report.changed, report.unread) == (1, ())
        assert archive.search("zebras").total == 1


def test_a_file_that_changes_while_it_is_read_is_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really = readers.read

    def meddling(path: Path, name: str, settings: Any) -> Iterator[Any]:
        pages = list(really(path, name, settings))
        if path.name == "2.txt":
            path.write_text(path.read_text().replace("subject2", "giraffe2"))
        return iter(pages)

    with Archive(root) as archive:
        with monkeypatch.context() as patch:
            patch.setattr(readers, "read", meddling)
            archive.build(workers=1)
        assert archive.search("giraffe2").total == 0
        assert archive.build().changed == 1
        assert archive.search("giraffe2").total == 1


def test_an_index_that_is_deleted_and_built_again_is_noticed(root: Path) -> None:
    with Archive(root) as archive, Archive(root) as other:
        archive.build()
        assert other.search("common").total == 6
        shutil.rmtree(root / "index")
        write(root, "courier/7.txt", "common")
        archive.build()
        assert other.search("common").total == 7


def test_hits_can_be_read_on_while_files_leave_the_archive(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.hits.STEP", 2)
    with Archive(root) as archive, Archive(root) as other:
        archive.build()
        hits = other.hits("common", sort="oldest")
        first = [next(hits).article.id, next(hits).article.id]
        for number in range(6):
            (root / f"corpus/courier/{number}.txt").unlink()
        archive.build()
        assert len({*first, *(hit.article.id for hit in hits)}) == 6
        assert other.search("common").total == 0


def test_a_script_that_builds_with_workers_is_not_run_again_by_them(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    for at in range(40):
        (tmp_path / "corpus" / f"{at}.txt").write_text(
            f"Boat {at} leaves\n\nIt was seen in Lima at {at} o'clock.\n"
        )
    script = tmp_path / "script.py"
    script.write_text(f"from searcher import Archive\nprint(Archive({str(tmp_path)!r}).build(workers=2).total)\n")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("40\n", "")
