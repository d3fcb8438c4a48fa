"""Is what is exported what the screen shows, whole, in order, and within bounds? Commands are the real ones."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import subprocess
from collections.abc import Iterator
from math import log
from pathlib import Path
from typing import Any

import pytest
from test_cli import BIN, run

from searcher import Archive
from searcher.cli import listing
from searcher.errors import IndexDamaged
from searcher.model import Article, Hit, Passage, Provenance, Search

HOSTILE = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of 64 articles with 60 different texts, with titles that CSV finds hard."""
    root = tmp_path_factory.mktemp("export")
    hard = {7: f"{HOSTILE} of the harbour", 8: 'The "harbour", and; the sea', 9: "+++ Harbour +++"}
    for number in range(64):
        path = root / f"corpus/{('courier', 'gazette')[number % 2]}/{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = number if number < 60 else 1  # the last ones are copies
        title, day = hard.get(number, f"Harbour report {text}"), f"{text % 28 + 1} May 2015"
        path.write_text(
            f"{title}\n\n{day}\n\nThe harbour of town {text} had {text} boats, said the harbour master.\n", "utf-8"
        )
    assert run("searcher", "index", root=root).returncode == 0
    return root


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.hits.STEP", 4)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def exported(root: Path, *arguments: str) -> str:
    done = subprocess.run([BIN / "searcher", "export", *arguments], cwd=root, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr
    return done.stdout.decode()


def shown(text: str) -> list[tuple[str, str, str, int, int]]:
    """Date, source and title of each hit on the screen, its copies, and what was found of its story."""
    pattern = (
        r"^ +\d+  (\S+) · (\S+)\n     (.*)\n(?:     (?!\+|\d+ more on).*\n)*"
        r"(?:     (?:\+(\d+) cop(?:y|ies))?(?: · )?(?:(\d+) more on this story)?\n)?"
    )
    found = re.findall(pattern, text, re.M)
    return [
        (day, source, title, int(copies or 0) + 1, int(copies or 0) + int(more or 0) + 1)
        for day, source, title, copies, more in found
    ]


@pytest.mark.parametrize("group", ["none", "copy", "story"])
@pytest.mark.parametrize("sort", ["relevance", "newest", "source"])
def test_an_export_has_what_the_screen_shows(root: Path, group: str, sort: str) -> None:
    flags = ("harbour", "--group", group, "--sort", sort)
    screen = shown(run("search", *flags, root=root).stdout)
    lines = [json.loads(line) for line in exported(root, *flags).splitlines()]
    every = [json.loads(line) for line in exported(root, "harbour").splitlines()]
    assert len(screen) == len({one["id" if group == "none" else group] for one in every})
    assert len({one["story"] for one in every}) <= len({one["copy"] for one in every}) == 60
    assert [
        (one["date"]["value"], one["source"], one["title"], one["copies"], one["in_story"]) for one in lines
    ] == screen
    table = rows(exported(root, *flags, "--csv"))
    assert [
        (one["date"], one["source"], one["title"].removeprefix("'"), int(one["copies"]), int(one["in_story"]))
        for one in table
    ] == screen
    assert [one["id"] for one in table] == [one["id"] for one in lines]
    assert exported(root, *flags) == run("search", "--jsonl", *flags, root=root).stdout


def test_an_export_has_the_passages_of_the_screen(root: Path) -> None:
    whole = json.loads(run("search", "--json", "--all", "boats", root=root).stdout)["hits"]
    assert [json.loads(line) for line in exported(root, "boats").splitlines()] == whole
    for one, row in zip(whole, rows(exported(root, "boats", "--csv")), strict=True):
        assert row["passages"] == " … ".join(part["text"] for part in one["passages"] if part["field"] != "title")
    assert len(json.loads(run("search", "--json", "boats", root=root).stdout)["hits"]) == 10


def test_csv_is_rfc_4180_and_keeps_the_promised_columns_in_their_order(root: Path) -> None:
    raw = subprocess.run(
        [BIN / "search", "--csv", "harbour"], cwd=root, capture_output=True, timeout=60
    ).stdout.decode()
    assert raw.count("\r\n") == raw.count("\n") == 65
    header = raw.splitlines()[0].split(",")
    assert header[:11] == [
        "id",
        "date",
        "source",
        "agency",
        "title",
        "authors",
        "language",
        "url",
        "path",
        "story",
        "copies",
    ]
    assert header[11:] == ["section", "people", "places", "orgs", "words", "passages", "copy", "in_story"]
    assert 'The "harbour", and; the sea' in [row["title"] for row in rows(raw)]
    assert all(int(row["words"]) > 5 for row in rows(raw))


def test_no_cell_of_csv_is_a_formula(root: Path) -> None:
    titles = [row["title"] for row in rows(exported(root, "harbour", "--csv"))]
    assert f"'{HOSTILE} of the harbour" in titles
    assert "'+++ Harbour +++" in titles
    exact = [json.loads(line)["title"] for line in exported(root, "harbour").splitlines()]
    assert {f"{HOSTILE} of the harbour", "+++ Harbour +++"} <= set(exact)
    article = Article("x", "@cmd", "", Provenance("-a"), authors=("\tJane",), people=("=A", "B"), source='"q"\nz')
    cells = next(csv.reader([listing.row(Hit(article, -1.5, (Passage("-x", "body", 0, ()),)))], strict=True))
    assert [cell for cell in cells if cell] == [
        "x",
        '"q"\nz',
        "'@cmd",
        "'\tJane",
        "'-a",
        "1",
        "'=A; B",
        "0",
        "'-x",
        "1",
    ]


def test_whole_articles_are_those_that_show_prints(root: Path) -> None:
    lines = exported(root, "title:11", "--whole").splitlines()
    (identity,) = run("search", "--ids", "title:11", root=root).stdout.split()
    assert lines == run("searcher", "show", identity, "--json", root=root).stdout.splitlines()
    refused = run("searcher", "export", "harbour", "--whole", "--csv", root=root)
    assert (refused.returncode, "--whole goes with --jsonl" in refused.stderr) == (2, True)


def test_a_file_is_replaced_when_all_is_written_and_its_name_says_the_format(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "harbour.csv"
    file.write_text("old")
    file.chmod(0o640)
    assert exported(root, "harbour", "-o", str(file)) == ""
    assert file.read_bytes().decode() == exported(root, "harbour", "--csv")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    before = file.read_bytes()
    assert run("searcher", "export", "sorce:bbc", "-o", str(file), root=root).returncode == 2
    nothing = run("searcher", "export", "unheardof", "-o", str(tmp_path / "nothing.jsonl"), root=root)
    assert (nothing.returncode, nothing.stderr) == (1, "nothing found: unheardof\n")
    assert (tmp_path / "nothing.jsonl").read_bytes() == b""
    assert file.read_bytes() == before
    assert run("searcher", "export", "harbour", "-o", str(tmp_path / "no/where"), root=root).returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["harbour.csv", "nothing.jsonl"]


def test_a_device_is_written_to_and_not_replaced(root: Path) -> None:
    exported(root, "harbour", "-o", os.devnull)
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
    assert exported(root, "harbour", "-o", "-") == exported(root, "harbour")


@pytest.mark.parametrize(
    "command", ["searcher' export harbour", "search' harbour --csv", "searcher' export harbour --csv"]
)
def test_a_pipe_that_is_cut_short_ends_without_a_word(root: Path, command: str) -> None:
    piped = subprocess.run(
        f"'{BIN}/{command} | head -1", shell=True, cwd=root, capture_output=True, text=True, timeout=60
    )
    assert (piped.stderr, piped.stdout.count("\n")) == ("", 1)


# Within bounds


class Counted:
    """Counts what is asked of an engine and of a store."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, archive: Archive) -> None:
        self.ordered: list[int] = []
        self.batches: list[int] = []
        generation = archive._generation()
        search, get = generation.engine.search, generation.store.get

        def counted_search(plan: Any, sort: Any, offset: int, limit: int) -> Any:
            self.ordered.append(offset + limit)
            return search(plan, sort, offset, limit)

        def counted_get(ids: Any) -> Any:
            ids = list(ids)
            self.batches.append(len(ids))
            return get(ids)

        monkeypatch.setattr(generation.engine, "search", counted_search)
        monkeypatch.setattr(generation.store, "get", counted_get)


@pytest.fixture
def archive(root: Path) -> Iterator[Archive]:
    with Archive(root) as opened:
        yield opened


@pytest.mark.parametrize("group", ["none", "copy"])
def test_few_questions_and_few_articles_at_once(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, group: Any
) -> None:
    counted = Counted(monkeypatch, archive)
    hits = archive.hits("harbour", group=group)
    next(hits)
    assert (counted.ordered, counted.batches) == ([4], [4])
    assert 1 + sum(1 for _ in hits) == (60 if group == "copy" else 64)
    assert len(counted.ordered) <= 2 + log(64 / 4, 4)
    assert sum(counted.ordered) < 6 * 64
    assert max(counted.batches) == 4
    assert sum(counted.batches) == 64


def test_no_more_is_asked_for_than_is_wanted(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(monkeypatch, archive)
    assert len(list(archive.hits("harbour", limit=10, offset=20))) == 10
    assert (max(counted.ordered), sum(counted.batches)) == (30, 10)
    assert list(archive.hits("harbour", limit=0)) == []
    assert len(list(archive.hits("harbour", limit=10, offset=60))) == 4
    assert list(archive.hits("harbour", offset=64)) == []


def test_pages_are_parts_of_the_whole(archive: Archive) -> None:
    for group in ("none", "copy", "story"):
        every = [hit.article.id for hit in archive.hits(Search("harbour", group=group, limit=None))]
        for offset, limit in [(0, 1), (3, 5), (17, 20), (55, 20), (70, 3)]:
            some = archive.hits(Search("harbour", group=group, limit=limit, offset=offset))
            assert [hit.article.id for hit in some] == every[offset : offset + limit]


# While the index is written


def small(root: Path, engine: str) -> Archive:
    (root / "corpus").mkdir()
    (root / "searcher.toml").write_text(f'engine = "{engine}"\n')
    for number in range(20):
        (root / f"corpus/{number}.txt").write_text(
            f"Report {number}\n\nThe harbour had {number} boats on that day.\n"
        )
    archive = Archive(root)
    archive.build(workers=1)
    return archive


@pytest.mark.parametrize("rebuild", [False, True])
@pytest.mark.parametrize("engine", ["whoosh", "memory"])
def test_a_search_that_goes_on_while_the_index_is_built_stays_whole(
    tmp_path: Path, engine: str, rebuild: bool
) -> None:
    archive = small(tmp_path, engine)
    before = [hit.article for hit in archive.hits("harbour")]
    hits = archive.hits("harbour")
    first = next(hits).article
    for number in range(0, 20, 2):
        (tmp_path / f"corpus/{number}.txt").unlink()
    (tmp_path / "corpus/new.txt").write_text("A new report\n\nThe harbour was empty.\n")
    with Archive(tmp_path) as writer:
        writer.build(workers=1, rebuild=rebuild)
    assert [first, *(hit.article for hit in hits)] == before
    assert len(list(archive.hits("harbour"))) == 11
    archive.close()


def test_after_a_second_build_it_says_to_search_again(tmp_path: Path) -> None:
    archive = small(tmp_path, "whoosh")
    hits = archive.hits("harbour")
    next(hits)
    with Archive(tmp_path) as writer:
        for numbers in (range(10), range(10, 19)):
            for number in numbers:
                (tmp_path / f"corpus/{number}.txt").unlink()
            writer.build(workers=1)
    with pytest.raises(IndexDamaged) as caught:
        list(hits)
    assert caught.value.hint == "the index was built anew meanwhile: search again"
    assert [hit.article.title for hit in archive.hits("harbour")] == ["Report 19"]
    archive.close()
