"""Do the documents tell the truth? Their examples are run, their tables are read."""

from __future__ import annotations

import doctest
import re
from datetime import date
from pathlib import Path

import pytest

from searcher import fields
from searcher.query import parse
from searcher.query.dates import Calendar

DOCS = Path(__file__).parent.parent / "docs"
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


def examples(section: str) -> list[str]:
    """The queries in the first column of the tables of a section of the query language's page."""
    text = (DOCS / "query-language.md").read_text("utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \|", text.replace("\\|", "\x00"), re.MULTILINE)
    return [typed.replace("\x00", "|") for row in rows for typed in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize("typed", [*examples("Words"), *examples("Dates"), *examples("Nearness, number, form")])
def test_every_example_of_the_language_is_read_without_a_repair(typed: str) -> None:
    query = parse(typed.replace("(…)", "(a OR b)").replace(":X", ":2015"), TODAY)
    assert query.notes == ()
    assert parse(str(query), TODAY).tree == query.tree


def test_every_field_of_the_table_is_read_from_its_example() -> None:
    for field in fields.FIELDS:
        assert parse(field.example, TODAY).notes == (), field.name
        for alias in field.aliases:
            assert fields.find(alias) == field
