"""Does trafilatura judge pages where it is asked to, and does `searcher compare` say where the two disagree?"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from cli_kit import run
from kinds_pages import ARTICLES, ENGLISH, TEASERS, TEXT, made
from readers_kit import page, zipped

from searcher import Archive
from searcher.cleaning import clean, judge
from searcher.cleaning.aligning import aligned
from searcher.comparing import compare, compared
from searcher.errors import SettingsError
from searcher.model import Article
from searcher.reading import read
from searcher.settings import Settings

ASKED = Settings(cleaning="trafilatura")
STORY = made(
    "Harbour masters agree on a new ferry timetable",
    f"<article><h1>{ENGLISH[0]}</h1>{TEXT}</article><div class=comments><p>{TEASERS[3]} I never liked it.</p></div>",
)


def words(*texts: str) -> list[list[str]]:
    return [text.split() for text in texts]


def test_a_block_stands_in_a_text_as_far_as_its_runs_of_four_words_do() -> None:
    blocks = words("a b c d e f", "k l m n", "o p q r x y z u")
    assert aligned(blocks, "a b c d e f and o p q r s t".split()).tolist() == [1.0, 0.0, 0.2]
    assert aligned(words("a b c d", "a b c d"), "a b c d".split()).sum() == 1


def test_a_short_block_stands_in_a_text_by_its_place() -> None:
    blocks = words("a b c d e f", "In short", "g h i j k l", "In short")
    assert aligned(blocks, "a b c d e f In short g h i j k l".split()).tolist() == [1.0, 1.0, 1.0, 0.0]


def test_nothing_stands_in_nothing() -> None:
    assert aligned([], []).tolist() == []
    assert aligned(words("a b c d", ""), []).tolist() == [0.0, 0.0]


def test_texts_too_large_to_align_are_told_by_their_words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.cleaning.aligning.LARGEST", 1)
    assert aligned(words("a b c d e f", "k l m n"), "a b c d e f".split()).tolist() == [1.0, 0.0]


def test_trafilatura_judges_pages_only_where_it_is_asked_to() -> None:
    assert page(STORY, "a.html").markup == ""
    found = page(STORY, "a.html", ASKED)
    kept = [block.text for block, own in zip(found.blocks, judge.kept(found), strict=True) if own]
    assert f"{TEASERS[2]} {TEASERS[5]}" in kept
    assert not {"Home", "Imprint", "©"} & set(" ".join(kept).split())
    verdicts = clean(found).verdicts
    assert [block.text for block, verdict in zip(found.blocks, verdicts, strict=True) if verdict is None][
        1:
    ] == kept[-8:]


def test_an_article_by_trafilatura_is_the_same_kind_of_thing(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(STORY)
    (ours,) = read([tmp_path], Settings())
    (theirs,) = read([tmp_path], ASKED)
    assert isinstance(ours, Article)
    assert isinstance(theirs, Article)
    assert (theirs.title, theirs.id, theirs.provenance) == (ours.title, ours.id, ours.provenance)
    assert TEASERS[6] in theirs.body
    assert {"Home", "Imprint"} <= set(" ".join(piece.text for piece in theirs.stripped).split())
    assert all(piece.reason for piece in theirs.stripped)


@pytest.mark.parametrize(
    "odd",
    [
        "<?xml version='1.0' encoding='iso-8859-1'?><html xmlns='http://www.w3.org/1999/xhtml'><body>{}</body></html>",
        "<p>{}",
        "<html><body>\0{}\0</body></html>",
        "<html><frameset><frame src=a></frameset><noframes>{}</noframes></html>",
        "<html><body>{}<p class='cut in the middle of a ta",
        "<html><body></body></html><p>{}",
    ],
)
def test_trafilatura_never_stops_a_run(odd: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(odd.format(f"<h1>{ENGLISH[0]}</h1>{TEXT}"))
    found = list(read([tmp_path], ASKED))
    assert len(found) == 1
    assert "fault" not in str(found[0])


def test_a_page_too_deep_for_trafilatura_is_cleaned_by_its_blocks_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(STORY.replace("<article>", "<article>" + "<div>" * 50_000))
    (found,) = read([tmp_path], ASKED)
    assert isinstance(found, Article)
    assert any("trafilatura" in note for note in found.claimed("note"))


def test_without_trafilatura_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(STORY)
    judge._program.cache_clear()
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    for asks in (lambda: list(read([tmp_path], ASKED)), lambda: compare([tmp_path], Settings())):
        with pytest.raises(SettingsError) as raised:
            asks()
        assert raised.value.message.startswith("trafilatura cannot be used: ")
        assert "pip install 'searcher[trafilatura]'" in (raised.value.hint or "")
    assert list(read([tmp_path], Settings()))


def test_pages_on_which_the_two_agree_least_come_first(tmp_path: Path) -> None:
    (tmp_path / "same.html").write_text(made("Same", f"<article><h1>Same</h1>{TEXT}</article>"))
    (tmp_path / "story.html").write_text(STORY)
    (tmp_path / "plain.txt").write_text("No page\n\nand nothing to compare it with.\n")
    (tmp_path / "more.zip").write_bytes(zipped({"inner.html": ARTICLES["of lists"]}))
    done = compare([tmp_path], Settings(), limit=None)
    assert (done.pages, done.passed) == (3, 1)
    assert [row.f1 for row in done.rows] == sorted(row.f1 for row in done.rows)
    assert compare([tmp_path], Settings(), limit=1).rows == done.rows[:1]


def test_what_differs_is_counted_in_words_and_named_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    found = page(STORY, "a.html", ASKED)
    monkeypatch.setattr(
        judge, "kept", lambda page: [block.text == TEASERS[3] + " I never liked it." for block in page.blocks]
    )
    row = compared(found)
    ours = {piece.text: piece.reason for piece in row.differing if piece.kept_by == "ours"}
    theirs = {piece.text: piece.reason for piece in row.differing if piece.kept_by == "trafilatura"}
    assert theirs == {f"{TEASERS[3]} I never liked it.": "comments"}
    assert ours[f"{TEASERS[2]} {TEASERS[5]}"] == "outside the article"
    assert row.only_theirs <= len(row.differing[-1].text.split()) < row.only_ours
    assert 0 < row.f1 < 0.4


def test_compare_lists_the_archive_and_shows_the_blocks_of_one_page(tmp_path: Path) -> None:
    for name, markup in (("a", STORY), ("b", ARTICLES["of lists"]), ("c", ARTICLES["stub before a paywall"])):
        path = tmp_path / "corpus/post" / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(markup)
    whole = run("searcher", "compare", "--all", "--json", root=tmp_path)
    found = json.loads(whole.stdout)
    assert (whole.returncode, found["pages"], found["schema_version"]) == (0, 3, 1)
    assert all(row["file"].startswith("corpus/post/") for row in found["rows"])
    listed = run("searcher", "compare", root=tmp_path)
    assert "3 pages compared" in listed.stderr
    assert len(listed.stdout.splitlines()) == (len(found["rows"]) + 1 if found["rows"] else 0)
    assert not (tmp_path / "index").exists()
    for row in found["rows"][:1]:
        one = run("searcher", "compare", row["file"], root=tmp_path)
        assert [line[6] for line in one.stdout.splitlines()[2:] if line[6:7] in ("+", "-")]
    lost = run("searcher", "compare", "nowhere.html", root=tmp_path)
    assert (lost.returncode, "no such file: nowhere.html" in lost.stderr) == (2, True)


def test_other_rules_and_another_cleaning_build_the_index_anew(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/a.html").write_text(STORY)
    built = []
    for content in (
        "",
        "",
        'cleaning = "trafilatura"',
        '[sites."post"]\ndrop = [".x"]',
        '[sites."post"]\nkeep = [".x"]',
    ):
        (tmp_path / "searcher.toml").write_text(content)
        with Archive(tmp_path) as archive:
            built.append(archive.build(workers=1).rebuilt)
    assert built == [True, False, True, True, True]


def test_rules_that_match_nothing_are_named_when_pages_are_read(tmp_path: Path) -> None:
    (tmp_path / "corpus/post").mkdir(parents=True)
    (tmp_path / "corpus/post/a.html").write_text(STORY)
    (tmp_path / "corpus/post/b.html").write_text(made("Other", f"<div class=only><h1>Other</h1>{TEXT}</div>"))
    (tmp_path / "searcher.toml").write_text(
        '[sites.post]\ndrop = [".comments", ".only", ".commments"]\n[sites.else]\ndrop = [".x"]\n'
    )
    shown = run("searcher", "read", "corpus", root=tmp_path)
    assert shown.stderr.splitlines() == [
        'searcher.toml: matches nothing on any page that was read: drop ".commments" of post'
    ]
    assert shown.stdout.count('nothing on the page matches: drop ".commments" of post') == 2
    (tmp_path / "searcher.toml").write_text('[sites.post]\ndrop = ["p["]\n')
    broken = run("searcher", "index", root=tmp_path)
    assert (broken.returncode, "not a CSS selector in searcher.toml, sites.post: p[" in broken.stderr) == (2, True)
