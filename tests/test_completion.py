"""Do bash, zsh and fish complete what is typed, with what is in this archive, quoted as the place needs it?"""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from cli_kit import BIN, put, run

from searcher import Archive
from searcher.cli.completion import cut, script

BREAKS = " \t\n\"'@><=;|&(:"
"""What bash breaks words at unless it is told otherwise."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with names, a source of two words, one with an apostrophe, and saved searches."""
    root = tmp_path_factory.mktemp("completion")
    (root / "searcher.toml").write_text('[sources]\nbbc = "BBC News"\nodd = "BBC\'s $5 `Best`"\nzeit = "Zeit"\n')
    kerry = "John Kerry met Jane Doe in Sochi. Both of them, Kerry said, had come to Russia by ship."
    put(root, {
        "bbc/a.txt": f"Harbour talks\n\n12 May 2015\n\n{kerry}",
        "bbc/b.txt": f"Harbours\n\n12 May 2014\n\n{kerry}",
        "odd/c.txt": f"Talks\n\n{kerry}",
        "zeit/d.txt": f"Talks\n\n{kerry}",
    })  # fmt: skip
    with Archive(root) as archive, archive.alerts() as alerts:
        alerts.save("news-Sochi", "sochi")
        alerts.save("näher", "kerry")
    return root


def complete(root: Path, *words: str) -> list[str]:
    """What is offered for the last word, as zsh is told it."""
    done = run("search", "--complete", "zsh", *words, root=root)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def replies(root: Path, line: str) -> list[str]:
    """What is offered to bash in the place of the end of a line."""
    done = run("search", "--complete", "bash", BREAKS, line, root=root)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("sou", ["source:"]),
        ("SOU", ["source:"]),
        ("kerry -sou", ["kerry -source:"]),
        ("headl", ["headline:"]),
        ("aft", ["after:"]),
        ("source:bb", ['source:"BBC News" ', 'source:"BBC\'s $5 `Best`" ']),
        ("-source:z", ["-source:Zeit "]),
        ("(kerry OR source:z", ["(kerry OR source:Zeit "]),
        ("source:=z", ["source:=Zeit "]),
        ('source:"bbc n', ['source:"BBC News" ']),
        ("site:zei", ["site:Zeit "]),
        ("person:ker", ['person:="John Kerry" ']),
        ('person:"john k', ['person:"John Kerry" ']),
        ("@N", ["@news-Sochi ", "@näher "]),
        ("kerry @news", ["kerry @news-Sochi "]),
        ("has:pers", ["has:person "]),
        ("date:201", ["date:2015 ", "date:2014 "]),
        ("date:2015-", ["date:2015-05 "]),
        ("since:2015-05-", ["since:2015-05-12 "]),
        ("harb", ["harbour ", "harbours "]),
        ("title:harb", ["title:harbour ", "title:harbours "]),
        ("unheardof", []),
        ("nofield:x", []),
        ('"harb', []),
        ("words:", []),
    ],
)
def test_fields_values_names_saved_searches_and_words_are_offered(
    root: Path, typed: str, offered: list[str]
) -> None:
    assert complete(root, "search", "-c", f"'{typed}") == offered, "in a quotation mark that is open"


@pytest.mark.parametrize("typed", ["source:b", "source:", "person:j", "place:so", "lang:"])
def test_what_is_offered_finds_something(root: Path, typed: str) -> None:
    offered = complete(root, "search", typed)
    assert offered
    for query in offered:
        assert run("search", "-c", query, root=root).returncode == 0, query


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["search", "--so"], ["--sort ", "--source "]),
        (["search", "--sort", "new"], ["newest "]),
        (["search", "--facet", "per"], ["person "]),
        (["search", "--source", "zei"], ["Zeit "]),
        (["search", "--archive", "cor"], ["corpus/"]),
        (["search", "--", "--so"], ["--source:", "--sochi "]),
        (["search", "-n", "3", "sou"], ["source:"]),
        (["searcher", "sa"], ["save "]),
        (["searcher", "index", "--re"], ["--rebuild "]),
        (["searcher", "index", "--engine", "m"], ["memory "]),
        (["searcher", "new", "n"], ["news-Sochi ", "näher "]),
        (["searcher", "save", "news"], ["news-Sochi "]),
        (["searcher", "save", "x", "sou"], ["source:"]),
        (["searcher", "save", "x", "-sou"], ["-source:"]),
        (["searcher", "save", "--remove", "news"], ["news-Sochi "]),
        (["searcher", "completion", "b"], ["bash "]),
        (["searcher", "read", "corpus/b"], ["corpus/bbc/"]),
    ],
)
def test_commands_flags_and_what_they_take_are_offered(root: Path, words: list[str], offered: list[str]) -> None:
    assert complete(root, *words) == offered


@pytest.mark.parametrize(
    "arguments",
    [[], ["bash"], ["zsh"], ["tcsh", "search", "x"], ["bash", "", ""], ["zsh", "searcher", "nosuch", "--x"]],
)
def test_it_is_silent_whatever_is_wrong(tmp_path: Path, root: Path, arguments: list[str]) -> None:
    for where in (tmp_path, root):
        done = run("search", "--complete", *arguments, root=where)
        assert (done.returncode, done.stderr) == (0, "")


def test_it_is_silent_where_there_is_no_index_and_a_broken_one(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    assert complete(tmp_path, "search", "source:b") == []
    (tmp_path / "index").mkdir()
    (tmp_path / "index/current").write_text("what")
    (tmp_path / "searches.txt").write_bytes(b"\xff")
    assert complete(tmp_path, "search", "source:b") == complete(tmp_path, "search", "@") == []


def test_a_line_is_cut_as_the_shell_cuts_it() -> None:
    typed = cut('a | search -n 3 \'two words\' x\\ y "a\\"b" sou', BREAKS)
    assert (typed.words, typed.quote) == (["search", "-n", "3", "two words", "x y", 'a"b', "sou"], "")
    assert cut("search ''", "").words == ["search", ""]
    assert cut("search 'a", "").quote == "'"


def test_bash_is_told_only_what_it_puts_in_the_place_of_the_word_it_sees(root: Path) -> None:
    assert replies(root, "search source:z") == ["Zeit "]
    assert replies(root, "search kerry @news") == ["@news-Sochi "]
    assert replies(root, "search 'kerry source:z") == ["kerry source:Zeit"]
    assert replies(root, "search source:bbc\\ n") == []


def test_what_was_typed_is_not_taken_away_where_the_ways_begin_otherwise(root: Path) -> None:
    assert "do" not in replies(root, "search person:do")[:-1]
    put(root, {"zeit/e.txt": "Talks\n\nMary Doe met John Doe in Sochi. Doe, Mary Doe and John Doe talked."})
    offered = replies(root, "search person:do")
    assert len(offered) > 2
    assert offered[-1] == "do"


def test_the_scripts_are_printed_and_are_read_by_their_shells(root: Path) -> None:
    for shell in ("bash", "zsh", "fish"):
        printed = run("searcher", "completion", shell, root=root)
        assert printed.stdout == script(shell)
        assert f"searcher completion {shell}" in printed.stdout, "how to install it"
        if shutil.which(shell):
            checked = subprocess.run(
                [shell, "-n"], input=printed.stdout, capture_output=True, text=True, timeout=60
            )
            assert (checked.returncode, checked.stderr) == (0, "")
    assert run("searcher", "completion", "tcsh", root=root).returncode == 2


def typed_in_bash(root: Path, keys: str) -> str:
    """The arguments that a real bash makes of `search` and what is typed behind it at a terminal, as <…><…>."""
    environment = {"PATH": f"{BIN}:/usr/bin:/bin", "TERM": "dumb", "LANG": "C.UTF-8", "PS1": "ready> "}
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(root)
        os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], environment)
    try:
        _until(terminal, "ready> ")
        os.write(terminal, b'eval "$(searcher completion bash)"; show() { printf "<%s>" "$@"; echo "<"done">"; }\r')
        _until(terminal, "ready> ")
        os.write(terminal, f"search {keys}\x01show \x05\r".encode())  # ^A and ^E: the begin and the end of the line
        return _until(terminal, "<done>").rpartition("<done>")[0].rpartition("\n")[2]
    finally:
        os.close(terminal)
        os.waitpid(child, 0)


def _until(terminal: int, end: str) -> str:
    seen, last = "", time.monotonic() + 60
    while end not in seen:
        ready, _, _ = select.select([terminal], [], [], max(0, last - time.monotonic()))
        assert ready, f"bash did not answer: {seen}"
        seen += os.read(terminal, 65536).decode(errors="replace")
    return seen


@pytest.mark.parametrize(
    ("keys", "argument"),
    [
        ("sou\tz\t", "<source:Zeit>"),
        ("source:zei\t", "<source:Zeit>"),
        ('source:\\"bbc\\ n\t', '<source:"BBC News">'),
        ("'kerry source:\"bbc n\t", '<kerry source:"BBC News">'),
        ('"kerry source:\\"bbc n\t', '<kerry source:"BBC News">'),
        ("person:ker\t", '<person:="John Kerry">'),
        ("@news\t", "<@news-Sochi>"),
        ("source:\\\"bbc\\'\t", '<source:"BBC\'s $5 `Best`">'),
        ("kerry -lan\t", "<kerry><-lang:>"),
        ("--off\t3", "<--offset><3>"),
    ],
)
def test_a_real_bash_completes_it(root: Path, keys: str, argument: str) -> None:
    assert typed_in_bash(root, keys) == f"<search>{argument}"
