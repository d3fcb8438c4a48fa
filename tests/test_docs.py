"""Do the documents tell the truth? Their examples are run, their tables are read."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from searcher import Archive, fields
from searcher.errors import QueryError
from searcher.model import Search
from searcher.query import parse
from searcher.query.dates import Calendar

DOCS = Path(__file__).parent.parent / "docs"
BIN = Path(sys.executable).parent
TODAY = Calendar(date(2026, 11, 21))


def test_the_examples_of_the_python_page_give_what_it_says(tmp_path: Path) -> None:
    for name, content in {
        "harbour-courier/a.txt": "Kerry lands in Sochi\n\n12 May 2015\n\nThe talks will be about Ukraine and Iran.\n",
        "harbour-courier/b.txt": "A comet\n\n12 November 2014\n\nPhilae stands on it and sends its first picture.\n",
        "gazette/c.txt": "A day by the sea\n\n13 May 2015\n\nJohn Kerry saw Sochi, its harbour and its promenade.\n",
    }.items():
        path = tmp_path / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    (tmp_path / "searcher.toml").write_text('[sources]\nharbour-courier = "Harbour Courier"\n')
    failed, tried = doctest.testfile(str(DOCS / "python.md"), module_relative=False, globs={"folder": tmp_path})
    assert tried >= 8
    assert failed == 0


PAGE = (DOCS / "query-language.md").read_text("utf-8")


def section(title: str) -> str:
    """A part of the query language's page, up to the next heading of its level or a higher one."""
    marks = re.search(rf"^(#+) {re.escape(title)}$", PAGE, re.MULTILINE)
    assert marks, title
    return re.split(rf"^#{{1,{len(marks[1])}}} ", PAGE[marks.end() :], maxsplit=1, flags=re.MULTILINE)[0]


def cells(title: str) -> list[list[str]]:
    """The rows of the tables in a part of the page, without their heads."""
    rows = re.findall(r"^\|(.+)\|$", section(title).replace("\\|", "\x00"), re.MULTILINE)
    split = [[cell.strip().replace("\x00", "|") for cell in row.split("|")] for row in rows]
    return [row for at, row in enumerate(split) if not _is_head(split, at)]


def _is_head(rows: list[list[str]], at: int) -> bool:
    return any(set(row[0]) == {"-"} for row in rows[at : at + 2])


def queries(cell: str) -> list[str]:
    """The queries in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def typed_in(title: str, column: int = 0) -> list[str]:
    return [typed for row in cells(title) for typed in queries(row[column])]


def talks(name: str) -> str | None:
    """The saved search of the page."""
    return "kerry w/5 sochi" if name == "talks" else None


TASKS = typed_in("By task")
IN_CELLS = [typed for row in cells("By task") for typed in queries(row[1]) if " " in typed and ":" in typed]


@pytest.mark.parametrize("typed", [*TASKS, *IN_CELLS, *typed_in("Reference"), *typed_in("Fields", 3)])
def test_every_example_of_the_language_is_read_without_a_repair(typed: str) -> None:
    query = parse(typed, TODAY, saved=talks)
    assert query.notes == ()
    assert parse(str(query), TODAY).tree == query.tree


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The sample archive, indexed elsewhere."""
    root = tmp_path_factory.mktemp("sample")
    (root / "corpus").symlink_to(DOCS.parent / "corpus")
    (root / "searcher.toml").write_text("")
    subprocess.run([BIN / "searcher", "index", "--archive", root, "-q"], check=True, capture_output=True)
    with Archive(root) as archive:
        yield archive


@pytest.mark.parametrize("typed", [typed for typed in TASKS if "@" not in typed])
def test_every_example_of_a_task_finds_something_but_not_everything(sample: Archive, typed: str) -> None:
    everything = sample.search("*").total
    assert 0 < sample.search(typed).total < everything


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("atleast3(kerry)", "kerry"), ("title:kerry", "kerry"), ("kerry /s sochi", "kerry sochi"),
        ("kerry pre/3 lavrov", "kerry w/3 lavrov"), ("kerry w/5 sochi", "kerry sochi"), ("kerry -sochi", "kerry"),
        ("kerry sochi", "kery~ sochi"), ('="Secretary of State"', '"secretary of state"'), ("kerry date:2015-05", "kerry date:2015"),
        ('source:"Meridian Daily"', "source:*meridian*"), ("kerry -is:duplicate", "kerry"), ("philae", "philae OR rosetta"),
    ],
)  # fmt: skip
def test_the_page_tells_the_narrower_from_the_wider(sample: Archive, narrow: str, wide: str) -> None:
    found = {typed: {hit.article.id for hit in sample.hits(Search(typed, limit=None))} for typed in (narrow, wide)}
    assert found[narrow] <= found[wide]
    assert len(found[narrow]) == sample.search(narrow).total > 0


def sessions() -> list[tuple[str, list[str]]]:
    """The searches that the page shows as in a terminal: what is typed, and the lines behind it."""
    blocks = re.findall(r"^    \$ search (.+)\n((?:    .*\n)+)", section("By task"), re.MULTILINE)
    return [(shlex.split(typed)[0], [line[4:] for line in shown.splitlines()]) for typed, shown in blocks]


@pytest.mark.parametrize(("typed", "shown"), sessions(), ids=[typed for typed, _ in sessions()])
def test_what_the_page_shows_of_a_terminal_is_what_comes(sample: Archive, typed: str, shown: list[str]) -> None:
    ran = subprocess.run(
        [BIN / "search", "--archive", sample.root, typed], capture_output=True, text=True, check=False
    )
    said = re.sub(r"\b[1-9]\d*\b", "N", ran.stderr).splitlines()
    assert said[: len(shown)] == [re.sub(r"\b[1-9]\d*\b", "N", line) for line in shown]


def test_the_commands_of_the_page_are_read_as_it_says() -> None:
    lines = re.findall(r"^    search (.+)$", PAGE, re.MULTILINE)
    first, second = (shlex.split(line)[-1] for line in lines)
    assert parse(first, TODAY).notes == parse(second, TODAY).notes == ()
    assert f"`{parse(second, TODAY)}`" in PAGE


@pytest.mark.parametrize("row", cells("How a query is read"), ids=lambda row: row[0])
def test_queries_are_read_repaired_and_refused_as_the_page_says(row: list[str]) -> None:
    typed, said = queries(row[0])[0], queries(row[1])
    if not said:
        with pytest.raises(QueryError, match=f"^{re.escape(row[1])}$"):
            parse(typed, TODAY)
        return
    query = parse(typed, TODAY)
    assert str(query) == said[0]
    assert any(note.startswith(row[2]) for note in query.notes) if len(row) > 2 else not query.notes


@pytest.mark.parametrize(
    "row", [row for row in cells("If you know another search") if queries(row[1])], ids=lambda row: row[1]
)
def test_habits_of_other_searches_are_read_as_the_page_says(row: list[str]) -> None:
    assert str(parse(queries(row[1])[0], TODAY)) == queries(row[2])[0]


def test_the_table_of_fields_is_the_table_of_the_program() -> None:
    rows = [
        (name, [*filter(None, aliases.split(", "))], help_, queries(example)[0])
        for name, aliases, help_, example in cells("Fields")
    ]
    assert rows == [(field.name, [*field.aliases], field.help, field.example) for field in fields.FIELDS]


def test_every_field_of_the_table_is_read_from_its_example() -> None:
    for field in fields.FIELDS:
        assert parse(field.example, TODAY).notes == (), field.name
        for alias in field.aliases:
            assert fields.find(alias) == field
