"""Does `match` "any" join the words by OR, keep the conditions, and say what it did?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from strategies import trees

from searcher import Archive
from searcher.query import parse
from searcher.query.dates import Calendar
from searcher.query.loosening import is_condition, loosened
from searcher.query.tree import And, Node, Or, Word, conj

TODAY = Calendar(date(2020, 1, 1))


def loose(query: str) -> str:
    return str(loosened(parse(query, TODAY).tree).tree)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kerry sochi date:2015 -putin", "(kerry OR sochi) date:2015 -putin"),
        ("source:bbc kerry sochi", "(kerry OR sochi) source:bbc"),
        ('kerry "frank meeting" ker*', 'kerry OR "frank meeting" OR ker*'),
        ("kerry (sochi OR moscow) words:>800", "(kerry OR sochi OR moscow) words:801.."),
        ("title:kerry sochi", "title:kerry OR sochi"),
        ("kerry sochi (source:bbc OR source:cnn)", "(kerry OR sochi) (source:bbc OR source:cnn)"),
        ('kerry sochi person:"john kerry" has:date', '(kerry OR sochi) person:"john kerry" has:date'),
        ("kerry sochi title:-putin", "(kerry OR sochi) title:-putin"),
        ("kerry date:2015 -putin", "kerry date:2015 -putin"),
        ("date:2015 -putin", "date:2015 -putin"),
        ("* kerry sochi", "(kerry OR sochi) *"),
        ("kerry OR sochi", "kerry OR sochi"),
        ("kerry", "kerry"),
    ],
)
def test_words_are_joined_and_conditions_stay(query: str, expected: str) -> None:
    assert loose(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("what did Kerry say in Sochi", "kerry OR say OR sochi"),
        ("don’t the talks matter", "talks OR matter"),
        ('who is "the who"', '"the who"'),
        ("who is who", "who OR is OR who"),
        ("was ist die Ursache der Krise", "ursache OR krise"),
        ("die hard", "die OR hard"),
        ("чем кончилась встреча в Сочи", "кончилась OR встреча OR сочи"),
        ("what is it date:2015", "(what OR is OR it) date:2015"),
        ("the kerry", "kerry"),
    ],
)
def test_words_that_say_nothing_are_left_out_in_the_language_of_the_question(query: str, expected: str) -> None:
    assert loose(query) == expected


@given(trees)
def test_nothing_is_lost_but_common_words_and_the_echo_is_read_as_the_same_tree(tree: Node) -> None:
    found, left_out = loosened(tree)
    assert parse(str(found), TODAY).tree == found
    clauses = tree.nodes if isinstance(tree, And) else (tree,)
    if sum(not is_condition(node) for node in clauses) < 2:
        assert (found, left_out) == (tree, ())
        return
    kept = [node for node in clauses if not (isinstance(node, Word) and node.text in left_out)]
    words = [node for node in kept if not is_condition(node)]
    alternatives = [one for node in words for one in (node.nodes if isinstance(node, Or) else (node,))]
    first = found.nodes[0] if isinstance(found, And) and len(words) < len(kept) else found
    assert list(first.nodes if isinstance(first, Or) else (first,)) == alternatives
    assert [node for node in kept if is_condition(node)] == list(
        found.nodes[1:] if isinstance(found, And) and first is not found else ()
    )


def test_loosening_twice_is_loosening_once() -> None:
    once = loosened(conj([Word("kerry"), Word("sochi"), parse("-putin", TODAY).tree])).tree
    assert loosened(once).tree == once


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    root = tmp_path_factory.mktemp("match")
    (root / "corpus").mkdir()
    for name, title, text in (
        ("a", "Kerry lands in Sochi", "The talks will be about Ukraine."),
        ("b", "A comet", "Philae stands on it. Kerry was asked about it."),
        ("c", "By the sea", "It is what it is."),
    ):
        (root / "corpus" / f"{name}.txt").write_text(f"{title}\n\n{text}\n", "utf-8")
    with Archive(root) as opened:
        opened.build(workers=1)
        yield opened


def test_a_question_finds_articles_with_any_of_its_words_and_a_note_says_what_was_left_out(
    archive: Archive,
) -> None:
    question = "What did Kerry say in Sochi?"
    assert archive.search(question, literal=True).total == 0
    found = archive.search(question, literal=True, match="any")
    assert [hit.article.title for hit in found] == ["Kerry lands in Sochi", "A comet"]
    assert found.echo == "kerry OR say OR sochi"
    assert found.notes == ("common words left out: what, did, in",)
    assert archive.search(found.echo).total == found.total


def test_since_until_and_source_narrow_what_any_word_finds(archive: Archive) -> None:
    assert archive.search("kerry sochi", match="any", source="nowhere").total == 0
    assert (
        archive.parse("kerry sochi", match="any", since="2015").tree
        == archive.parse("(kerry OR sochi) since:2015").tree
    )


def search(archive: Archive, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from searcher.cli.search import main; main()", "--archive", str(archive.root)]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)


def test_the_command_takes_match_any(archive: Archive) -> None:
    names = ["corpus/a.txt", "corpus/b.txt"]
    run = search(archive, "-l", "--match", "any", "what did Kerry say in Sochi")
    assert (run.returncode, [Path(line).as_posix() for line in run.stdout.split()]) == (0, names)
    assert "note: common words left out: what, did, in\n" in run.stderr
    assert search(archive, "--explain-query", "--match", "any", "-q", "kerry sochi -comet").stdout == (
        "(kerry OR sochi) -comet\n"
    )
    assert search(archive, "-l", "--match", "all", "what did Kerry say in Sochi").returncode == 1
    assert search(archive, "--match", "some", "kerry").returncode == 2
