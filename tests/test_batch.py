"""Many queries, one a line: are the blocks kept apart, bad lines skipped, and answers given as the lines come?"""

from __future__ import annotations

import csv
import json
import signal
import subprocess
from pathlib import Path

import pytest
from cli_kit import BIN, put, run, shell

QUERIES = '\ufeffharbour\n\n   # a remark\nsorce:x\r\n  unheardof \n"for talks\n'


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three articles, and a file of queries."""
    root = tmp_path_factory.mktemp("batch")
    (root / "searcher.toml").write_text("")
    put(root, {
        "gazette/boat.txt": "A boat leaves\nThe harbour of Oslo saw a boat leave in the early morning of that day.",
        "gazette/ship.txt": "A ship comes\nThe harbour of Oslo saw a ship come in the late evening of that day.",
        "courier/talks.txt": "Talks, go on\nJohn Kerry came to Sochi for talks, and they went on in the evening.",
    })  # fmt: skip
    (root / "queries.txt").write_text(QUERIES, "utf-8")
    return root


def test_each_query_has_a_block_with_its_name_and_a_bad_line_is_reported_and_skipped(root: Path) -> None:
    done = run("search", "--batch", "queries.txt", root=root)
    assert done.returncode == 2
    heads = [line for line in done.stdout.splitlines() if line.startswith("==> ")]
    assert heads == ["==> harbour <==", "==> unheardof <==", '==> "for talks <==']
    assert "search: line 4: unknown field: sorce\n  sorce:x\n  ^^^^^\nhint: did you mean source:?\n" in done.stderr
    assert "nothing found: unheardof" in done.stderr
    assert run("search", "--batch", "-", root=root, typed=QUERIES).stdout == done.stdout


def test_json_is_one_answer_a_line_with_its_query(root: Path) -> None:
    lines = run("search", "--batch", "queries.txt", "--json", root=root).stdout.splitlines()
    assert [(json.loads(line)["query"], json.loads(line)["total"]) for line in lines] == [
        ("harbour", 2), ("unheardof", 0), ('"for talks', 1),
    ]  # fmt: skip


def test_lines_of_jsonl_and_csv_name_the_query(root: Path) -> None:
    lines = run("search", "--batch", "queries.txt", "--jsonl", root=root).stdout.splitlines()
    assert [json.loads(line)["query"] for line in lines] == ["harbour", "harbour", '"for talks']
    rows = list(csv.DictReader(run("search", "--batch", "queries.txt", "--csv", root=root).stdout.splitlines()))
    assert [row["query"] for row in rows] == ["harbour", "harbour", '"for talks']
    assert rows[2]["title"] == "Talks, go on"


def test_counts_stand_before_their_query(root: Path) -> None:
    done = run("search", "--batch", "queries.txt", "-c", root=root)
    assert done.stdout == '2\tharbour\n0\tunheardof\n1\t"for talks\n'


def test_lines_of_one_thing_end_with_an_empty_one(root: Path) -> None:
    done = run("search", "--batch", "queries.txt", "-l", "--sort", "source", root=root)
    assert done.stdout.split("\n\n") == [
        "corpus/gazette/boat.txt\ncorpus/gazette/ship.txt",
        "\ncorpus/courier/talks.txt",
        "",
    ]
    assert run("search", "--batch", "queries.txt", "-l0", root=root).stdout.split("\0")[2:] == [
        "",
        "",
        "corpus/courier/talks.txt",
        "",
        "",
    ]
    assert (
        run("search", "--batch", "queries.txt", "--format", "{title}", "-n", "1", root=root).stdout.count("\n\n")
        == 2
    )


def test_other_flags_hold_for_every_query(root: Path) -> None:
    done = run("search", "--batch", "-", "-c", "--source", "gazette", root=root, typed="harbour\nkerry\n")
    assert done.stdout == "2\tharbour\n0\tkerry\n"
    assert run("search", "--batch", "-", "--explain-query", root=root, typed="A OR B\n").stdout == "a OR b\n"


@pytest.mark.parametrize(
    ("typed", "status"),
    [("harbour\nx1y\n", 0), ("x1y\nx2y\n", 1), ("", 1), ("# only\n", 1), ("harbour\n-\n(\n", 2)],
)
def test_the_status_is_2_if_a_line_was_bad_else_1_if_nothing_was_found_at_all(
    root: Path, typed: str, status: int
) -> None:
    assert run("search", "--batch", "-", "-c", root=root, typed=typed).returncode == status


def test_a_batch_beside_a_query_or_without_its_file_is_an_error(root: Path) -> None:
    beside = run("search", "--batch", "-", "harbour", root=root)
    assert (beside.returncode, "a query beside --batch: harbour" in beside.stderr) == (2, True)
    assert run("search", "--batch", "nowhere.txt", root=root).returncode == 2
    assert run("search", "--batch", root=root).returncode == 2


def test_each_line_is_answered_before_the_next_is_written(root: Path) -> None:
    process = subprocess.Popen(
        [str(BIN / "search"), "--batch", "-", "-c"],
        cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    for query, count in (("harbour", 2), ("kerry", 1), ("sorce:x", None), ("boat", 1)):
        process.stdin.write(query + "\n")
        process.stdin.flush()
        if count is not None:
            assert process.stdout.readline() == f"{count}\t{query}\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.splitlines()[-1] == "search: stopped"
    assert "Traceback" not in errors


def test_a_batch_whose_reader_has_gone_ends_without_a_word(root: Path) -> None:
    done = shell("yes harbour | head -5000 | search --batch - --json | head -1", root)
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


def test_bytes_that_are_no_text_stop_nothing(root: Path) -> None:
    (root / "odd.txt").write_bytes(b"\xff\xfe harbour\nharbour\n\x00\n" + b"boat " * 3000 + b"\n")
    done = run("search", "--batch", "odd.txt", "--json", "-n", "1", root=root)
    assert "Traceback" not in done.stderr
    assert 2 in [json.loads(line)["total"] for line in done.stdout.splitlines()]
