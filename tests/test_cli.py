"""Do the commands behave as people and scripts expect? Each test runs the real thing."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from searcher.cli import listing, pages
from searcher.cli.terminal import Screen, columns
from searcher.model import Article, Hit, Provenance, Stripped

BIN = Path(sys.executable).parent


def run(command: str, *arguments: str, root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "NO_COLOR": "", **environment}
    return subprocess.run(
        [str(BIN / command), *arguments], cwd=root, env=settings, capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of twelve articles, two of them with the same words."""
    root = tmp_path_factory.mktemp("cli")
    for number in range(10):
        path = root / "corpus" / ("courier" if number % 2 else "gazette") / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"Harbour report number {number}\n\n12 May 20{10 + number}\n\n"
            f"The harbour of Sochi was visited by John Kerry on day {number}, and boats came and went all afternoon.\n",
            "utf-8",
        )
    copy = "A storm over the harbour\n\nThe same storm was seen from two towns along the coast on that evening.\n"
    for name in ("courier/copy.txt", "gazette/copy.txt"):
        (root / "corpus" / name).write_text(copy, "utf-8")
    done = run("searcher", "index", root=root)
    assert done.returncode == 0, done.stderr
    return root


def test_found_is_0_nothing_found_is_1_and_an_error_is_2(root: Path) -> None:
    assert run("search", "harbour", root=root).returncode == 0
    nothing = run("search", "unheardof", root=root)
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert "nothing found: unheardof" in nothing.stderr
    wrong = run("search", "sorce:bbc", root=root)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "search: unknown field: sorce\n  sorce:bbc\n  ^^^^^\nhint: did you mean source:?\n"


def test_an_answer_for_people_has_echo_totals_hits_and_no_colour_in_a_pipe(root: Path) -> None:
    found = run("search", "Harbour", "storm", root=root)
    assert found.stdout.startswith("harbour storm\n2 articles in 1 story")
    assert "A storm over the harbour" in found.stdout
    assert "\x1b" not in found.stdout
    assert found.stderr == ""
    coloured = run("search", "--color", "always", "storm", root=root)
    assert "\x1b[1;33mstorm\x1b[0m" in coloured.stdout


def test_a_pipe_gets_all_hits_and_n_limits_them(root: Path) -> None:
    assert len(re.findall(r"^ +\d+  ", run("search", "harbour", root=root).stdout, re.MULTILINE)) == 12
    assert len(run("search", "-n", "3", "--ids", "harbour", root=root).stdout.split()) == 3
    assert len(run("search", "-n3", "--ids", "harbour", root=root).stdout.split()) == 3
    assert len(run("search", "--ids", "--offset", "10", "harbour", root=root).stdout.split()) == 2


def test_one_thing_a_line(root: Path) -> None:
    assert run("search", "-l", "storm", "--sort", "source", root=root).stdout.split() == [
        "corpus/courier/copy.txt",
        "corpus/gazette/copy.txt",
    ]
    assert run("search", "-c", "harbour", root=root).stdout == "12\n"
    assert run("search", "-l", "-0", "storm", root=root).stdout.count("\0") == 2
    assert run("search", "--format", "{date}|{source}", "number:7 OR title:7", root=root).returncode == 2
    line = run("search", "--format", "{date}|{title}", "title:7", root=root)
    assert line.stdout == "2017-05-12|Harbour report number 7\n"


def test_json_has_the_promised_shape(root: Path) -> None:
    answer = json.loads(run("search", "--json", "--facet", "source", "harbour", "sochi", root=root).stdout)
    assert answer["schema_version"] == 1
    assert (answer["query"], answer["echo"]) == ("harbour sochi", "harbour sochi")
    assert (answer["total"], answer["texts"], answer["stories"]) == (10, 10, 10)
    assert answer["engine"] == "whoosh"
    hit = answer["hits"][0]
    assert set(hit) >= {"id", "path", "url", "title", "lead", "date", "source", "agency", "authors", "language", "section",
                        "people", "places", "orgs", "copy", "story", "copies", "in_story", "score", "passages"}  # fmt: skip
    assert set(hit["date"]) >= {"value", "precision", "origin", "confidence"}
    assert hit["url"] is None
    for passage in hit["passages"]:
        for start, end in passage["spans"]:
            assert passage["text"][start:end].lower() in ("harbour", "sochi")
    assert sorted(answer["facets"]["source"], key=lambda one: one["value"]) == [
        {"value": "courier", "count": 5, "stories": 5},
        {"value": "gazette", "count": 5, "stories": 5},
    ]
    assert sum(bucket["count"] for bucket in answer["timeline"]) == 10
    assert json.loads(run("search", "--json", "unheardof", root=root).stdout)["total"] == 0


def test_jsonl_and_csv_give_a_hit_a_line(root: Path) -> None:
    lines = run("search", "--jsonl", "harbour", root=root).stdout.splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == 12
    rows = list(csv.DictReader(run("search", "--csv", "storm", root=root).stdout.splitlines()))
    assert [row["title"] for row in rows] == ["A storm over the harbour"] * 2
    assert {row["copies"] for row in rows} == {"2"}


def test_words_with_a_dash_are_left_out_and_flags_may_stand_anywhere(root: Path) -> None:
    assert run("search", "harbour", "-storm", "-c", root=root).stdout == "10\n"
    assert run("search", "-c", "--", "harbour", "-storm", root=root).stdout == "10\n"


def test_flags_edit_the_query_and_the_echo_shows_it(root: Path) -> None:
    found = run("search", "harbour", "--since", "2015", "--source", "courier", "--explain-query", root=root)
    assert found.stdout == 'harbour date:2015.. source:"courier"\n'
    assert run("search", "-c", "harbour", "--since", "2015", "--source", "courier", root=root).stdout == "3\n"


def facets(output: str) -> list[str]:
    """The lines of an answer below its hits."""
    return output.rstrip("\n").rpartition("\n\n")[2].splitlines()


def test_facets_that_were_asked_for_are_shown_and_say_how_many_values_were_cut(root: Path) -> None:
    asked = ("search", "harbour", "--facet", "Site", "--facet", "year", "--facet", "author")
    assert facets(run(*asked, root=root).stdout) == [
        "source   courier 6 · gazette 6",
        "year     2010 1 · 2011 1 · 2012 1 · 2013 1 · 2014 1 · 2015 1 · 2016 1 · 2017 1 · 2018 1 · 2019 1",
        "author   none",
    ]
    assert (
        facets(run(*asked, "--facet-values", "2", root=root).stdout)[1] == "year     2010 1 · 2011 1 · and 8 more"
    )
    assert facets(run(*asked, "--facet-values", "0", root=root).stdout)[1] == "year     10 in all"
    narrow = facets(run(*asked, "--facet-values", "all", root=root, COLUMNS="40").stdout)
    assert narrow[1:5] == [
        "year     2010 1 · 2011 1 · 2012 1",
        "         2013 1 · 2014 1 · 2015 1",
        "         2016 1 · 2017 1 · 2018 1",
        "         2019 1",
    ]
    answer = json.loads(run(*asked, "--facet-values", "1", "--json", root=root).stdout)
    assert answer["facets"]["year"] == [{"value": "2010", "count": 1, "stories": 1}]
    assert (answer["facet_totals"]["year"], set(answer["facets"]) > {"source", "person", "author"}) == (10, True)
    for wrong in ("some", "1.5", ""):
        assert run("search", "x", "--facet-values", wrong, root=root).returncode == 2


def test_strict_and_literal(root: Path) -> None:
    assert run("search", "--strict", '"harbour', root=root).returncode == 2
    assert "note: a missing closing quotation mark was added" in run("search", '"harbour', root=root).stderr
    assert run("search", "-q", '"harbour', root=root).stderr == ""
    assert run("search", "--syntax", "literal", "sorce:harbour", root=root).returncode == 1


def test_copies_are_folded_on_demand(root: Path) -> None:
    for group in ("copy", "story"):
        found = run("search", "--group", group, "storm", root=root).stdout
        assert "+1 copy\n" in found
        assert found.count("A storm over the harbour") == 1
    assert run("search", "storm", root=root).stdout.count("A storm over the harbour") == 2


def test_a_hit_says_how_many_have_its_text_and_how_many_more_are_in_its_story() -> None:
    found = Hit(Article("a", "A storm", "", Provenance("a.txt")), 1.0, ())
    screen = Screen("never")
    assert listing.hit(1, found, screen).endswith("A storm")
    for copies, in_story, said in (
        (1, 1, "A storm"),
        (3, 3, "+2 copies"),
        (3, 8, "+2 copies · 5 more on this story"),
        (1, 2, "1 more on this story"),
    ):
        line = listing.hit(1, found._replace(copies=copies, in_story=in_story), screen)
        assert line.splitlines()[-1].strip() == said


def test_a_pipe_that_is_cut_short_ends_without_a_word(root: Path) -> None:
    piped = subprocess.run(
        f"'{BIN / 'search'}' harbour --jsonl | head -1",
        shell=True,
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert piped.stderr == ""
    assert piped.stdout.count("\n") == 1


def test_a_wrong_flag_and_a_wrong_value_are_explained(root: Path) -> None:
    wrong = run("search", "--fromat", "x", "y", root=root)
    assert (wrong.returncode, wrong.stderr.splitlines()[-1]) == (2, "hint: did you mean --format?")
    assert run("search", "-n", "many", "x", root=root).returncode == 2
    assert "no such facet: titel" in run("search", "--facet", "titel", "x", root=root).stderr
    assert run("search", "--format", "{nothing}", "x", root=root).returncode == 2
    assert run("search", "--format", "{", "x", root=root).returncode == 2


def test_search_alone_prints_help_with_examples_first(root: Path) -> None:
    alone = run("search", root=root)
    assert alone.returncode == 0
    assert alone.stdout.index("search Kerry Sochi") < alone.stdout.index("--offset")
    assert run("searcher", root=root).stdout.count("searcher index") == 1


def test_show_takes_an_id_its_beginning_or_the_number_of_a_hit(root: Path) -> None:
    listed = run("search", "title:7", root=root)
    assert "Harbour report number 7" in listed.stdout
    by_number = run("searcher", "show", "1", root=root)
    assert by_number.stdout.startswith("Harbour report number 7\n")
    assert "2017-05-12" in by_number.stdout
    identity = run("search", "--ids", "title:7", root=root).stdout.strip()
    assert run("searcher", "show", identity, root=root).stdout == by_number.stdout
    assert run("searcher", "show", identity[:6], root=root).stdout == by_number.stdout
    whole = json.loads(run("searcher", "show", identity, "--json", root=root).stdout)
    assert whole["provenance"]["file"] == "corpus/courier/7.txt"
    assert len(whole["provenance"]["sha256"]) == 64
    assert [one["reason"] for one in whole["stripped"]]
    missing = run("searcher", "show", "99", root=root)
    assert (missing.returncode, "hint: " in missing.stderr) == (2, True)
    assert run("searcher", "show", "zzzzzz", root=root).returncode == 2


def test_stats_fields_and_doctor_speak_to_people_and_to_programs(root: Path) -> None:
    assert run("searcher", "stats", root=root).stdout.startswith(
        "12 articles in 11 stories, 2010-05-12 to 2019-05-12\n"
    )
    numbers = json.loads(run("searcher", "stats", "--json", root=root).stdout)
    assert (numbers["articles"], numbers["texts"], len(numbers["values"]["story"])) == (12, 11, 11)
    assert numbers["values"]["source"] == numbers["stories"]["source"] == {"courier": 6, "gazette": 6}
    assert "source (site, domain, pub)" in run("searcher", "fields", root=root).stdout
    assert {"title", "date"} <= {
        one["name"] for one in json.loads(run("searcher", "fields", "--json", root=root).stdout)["fields"]
    }
    assert run("searcher", "doctor", root=root).stdout == "the index is whole and up to date\n"
    assert json.loads(run("searcher", "doctor", "--json", root=root).stdout)["wrong"] == []


def test_read_shows_what_would_be_indexed_and_writes_nothing(root: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A headline of its own\n\nAnd a paragraph below it that is a sentence.\n")
    (tmp_path / "b.bin").write_bytes(b"\x00\x01\x02\x03" * 50)
    lines = [
        json.loads(line)
        for line in run("searcher", "read", "a.txt", "b.bin", "--jsonl", root=tmp_path).stdout.splitlines()
    ]
    assert (lines[0]["title"], lines[0]["body"]) == (
        "A headline of its own",
        "And a paragraph below it that is a sentence.",
    )
    assert lines[1]["error"]
    assert len(json.loads(run("searcher", "read", ".", "--json", root=tmp_path).stdout)["articles"]) == 2
    assert run("searcher", "read", "c.txt", root=tmp_path).returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.bin"]


def test_ingest_copies_once_under_the_folder_it_came_from(tmp_path: Path) -> None:
    saved = tmp_path / "saved pages"
    (saved / "inner").mkdir(parents=True)
    (saved / "a.txt").write_text("One\n\nThe first of two pages that were saved.\n")
    (saved / "inner/b.txt").write_text("Two\n\nThe second of two pages that were saved.\n")
    (tmp_path / "a.txt").write_text("Other\n\nAnother page of the same name, with other words.\n")
    root = tmp_path / "archive"
    root.mkdir()
    first = run("searcher", "ingest", str(saved), str(saved / "a.txt"), root=root)
    assert first.stdout == "2 taken, 1 already there. Next: searcher index\n"
    assert (root / "corpus/saved pages/inner/b.txt").exists()
    run("searcher", "ingest", str(tmp_path / "a.txt"), "--source", "saved pages", root=root)
    assert (root / "corpus/saved pages/a-2.txt").read_text().startswith("Other")
    assert json.loads(run("searcher", "ingest", str(saved), "--json", root=root).stdout)["taken"] == []
    assert (saved / "a.txt").exists(), "ingest copies, never moves"
    assert run("searcher", "ingest", "nowhere.txt", root=root).returncode == 2
    assert run("searcher", "ingest", "corpus", root=root).returncode == 2
    assert run("searcher", "ingest", ".", root=root).returncode == 2
    assert run("searcher", "index", root=root).returncode == 0
    assert run("search", "-c", "pages", root=root).stdout == "3\n"


def test_an_archive_is_found_from_below_by_flag_or_by_environment(root: Path, tmp_path: Path) -> None:
    assert run("search", "-c", "harbour", root=root / "corpus/courier").stdout == "12\n"
    assert run("search", "-c", "harbour", "--archive", str(root), root=tmp_path).stdout == "12\n"
    assert run("search", "-c", "harbour", root=tmp_path, SEARCHER_ARCHIVE=str(root)).stdout == "12\n"
    lost = run("search", "harbour", root=tmp_path)
    assert (lost.returncode, "--archive DIR" in lost.stderr) == (2, True)


def test_settings_that_cannot_be_read_are_explained(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    for content, message in [
        ("engin = 1", "unknown setting in searcher.toml: engin"),
        ('engine = "sphinx"', "unknown engine: sphinx"),
        ("timezone = 'Mars/Olympus'", "unknown time zone in searcher.toml: Mars/Olympus"),
        ("engine = [", "cannot read searcher.toml"),
        ("day_first = 'yes'", "day_first in searcher.toml must be true or false: 'yes'"),
    ]:
        (tmp_path / "searcher.toml").write_text(content)
        failed = run("searcher", "index", root=tmp_path)
        assert (failed.returncode, message in failed.stderr) == (2, True), failed.stderr
        assert "Traceback" not in failed.stderr


def test_index_says_what_it_did_and_names_what_it_could_not_read(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/empty.html").write_bytes(b"")
    (tmp_path / "corpus/a.txt").write_text("A headline\n\nAnd a paragraph that is a sentence of its own.\n")
    done = run("searcher", "index", root=tmp_path)
    assert done.returncode == 0
    assert re.fullmatch(
        r"1 article in the whoosh index \(2 new, 0 changed, 0 gone, 0 unchanged; [\d.]+ s\)\n", done.stdout
    )
    assert done.stderr == "no article: corpus/empty.html: empty\n"
    report = json.loads(run("searcher", "index", "--rebuild", "--json", root=tmp_path).stdout)
    assert [(one["path"], one["error"]) for one in report["unread"]] == [("corpus/empty.html", "empty")]
    assert run("searcher", "index", "--engine", "sphinx", root=tmp_path).returncode == 2


def test_ctrl_c_during_a_build_keeps_what_was_done_and_says_how_to_go_on(tmp_path: Path) -> None:
    for number in range(1500):
        path = tmp_path / f"corpus/{number % 7}/{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"Page {number}\n\nThis is the text of page number {number}, which is about a harbour.\n" * 8
        )
    process = subprocess.Popen(
        [str(BIN / "searcher"), "index"], cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    while process.poll() is None and not list(tmp_path.glob("index/*/articles.db-wal")):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the next `searcher index` goes on from there" in errors
    assert "Traceback" not in errors
    assert run("searcher", "index", root=tmp_path).returncode == 0
    assert run("search", "-c", "harbour", root=tmp_path).stdout == "1500\n"


def test_the_demo_archive_of_the_checkout_reads_without_a_fault(tmp_path: Path) -> None:
    corpus = Path(__file__).parent.parent / "corpus"
    lines = [
        json.loads(line)
        for line in run("searcher", "read", str(corpus), "--jsonl", root=tmp_path).stdout.splitlines()
    ]
    articles = [line for line in lines if "error" not in line]
    assert len(articles) >= 60
    assert {article["language"] for article in articles} == {"en", "de", "fr", "es", "ru", "ar", "zh"}
    assert {line["error"] for line in lines if "error" in line} == {
        "not an article format: image/png",
        "HTTP status 404",
    }
    assert len({article["source"] for article in articles}) >= 8
    assert sum(article["date"] is None for article in articles) >= 3
    assert len(articles) > len({article["story"] for article in articles}), "wire copies"


@pytest.mark.parametrize(
    "command", ["search harbour", "search harbour --csv", "searcher export harbour", "searcher stats"]
)
def test_streams_that_are_closed_are_no_fault_of_ours(root: Path, command: str) -> None:
    ran = partial(subprocess.run, shell=True, cwd=root, capture_output=True, text=True)
    closed = ran(f"'{BIN}'/{command} >&-")
    assert closed.returncode == 2
    assert closed.stderr.partition(": ")[2].startswith("standard output is closed: nothing can be shown\nhint: ")
    shown = ran(f"'{BIN}'/{command}").stdout
    assert shown
    assert ran(f"'{BIN}'/{command} <&- 2>&-").stdout == shown


def test_a_reader_that_has_gone_before_the_end_is_no_error(root: Path) -> None:
    for command in ("search harbour", "search --help", "search --help-query", "searcher stats", "searcher fields"):
        gone = subprocess.run(
            ["bash", "-c", f"'{BIN}'/{command} | true; exit ${{PIPESTATUS[0]}}"], cwd=root, capture_output=True
        )
        assert (command, gone.returncode, gone.stderr) == (command, 0, b"")


def test_an_error_is_never_the_status_of_nothing_found(root: Path) -> None:
    full = subprocess.run(
        f"'{BIN / 'search'}' harbour --jsonl > /dev/full", shell=True, cwd=root, capture_output=True, text=True
    )
    assert (full.returncode, full.stderr) == (2, "search: No space left on device\n")
    for wrong in ("{title:d}", "{title!x}", "{title:{lead}}", "{title:>99999999999}"):
        assert run("search", "--format", wrong, "harbour", root=root).returncode == 2, wrong
    assert run("search", "--format", "{title:<3.3}|", "title:7", root=root).stdout == "Har|\n"
    assert run("search", "-n", "99999999999999999999", "harbour", root=root).returncode == 2
    assert run("search", "--since", "", "harbour", root=root).returncode == 2
    assert run("search", "has:nothing", root=root).returncode == 2
    assert run("search", "is:odd", root=root).returncode == 2


def test_short_flags_may_be_combined(root: Path) -> None:
    assert run("search", "-l0", "storm", root=root).stdout.count("\0") == 2
    assert run("search", "-qc", '"harbour', root=root).stderr == ""


def test_show_counts_as_the_list_did(root: Path) -> None:
    listed = run("search", "--offset", "4", "-n", "2", "--sort", "oldest", "report", root=root).stdout
    assert re.findall(r"^ +(\d+)  ", listed, re.MULTILINE) == ["5", "6"]
    assert run("searcher", "show", "6", root=root).stdout.startswith("Harbour report number 5\n")
    assert run("searcher", "show", "1", root=root).returncode == 2


def test_settings_that_would_lose_or_double_articles_are_refused(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/a.txt").write_text("A headline\n\nAnd a paragraph that is a sentence of its own.\n")
    for wrong in ("corpus = []", 'corpus = ["."]'):
        (tmp_path / "searcher.toml").write_text(wrong)
        assert run("searcher", "index", root=tmp_path).returncode == 2
    (tmp_path / "searcher.toml").write_bytes(b'\xef\xbb\xbfcorpus = ["corpus", "./corpus"]\n')
    assert run("searcher", "index", root=tmp_path).stdout.startswith("1 article in")


OWN = (
    "The ferry to the island was cancelled because of the wind, and nobody could say when it would sail.",
    "Fishermen brought home more herring than in any year since the war, and the price fell to a coin.",
    "A school for the children of the pilots was opened by the mayor, who forgot his speech at home.",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sources: one prints a line of its own, and one that is known, on each page; the other prints nothing else."""
    root = tmp_path_factory.mktemp("site")
    for number, own in enumerate((*OWN, "Nothing at all has come to pass in the harbour since the last report.")):
        path = root / "corpus" / ("courier" if number < 3 else "gazette") / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = ["Tides of the week at a glance", "Sign up for our newsletter"] if number < 3 else []
        path.write_text("\n\n".join([f"Report {number} from the harbour", own, *lines]) + "\n", "utf-8")
    assert run("searcher", "index", root=root).returncode == 0
    return root


def test_show_says_what_was_cut_why_and_how_sure(site: Path) -> None:
    identity = run("search", "--ids", "title:1", root=site).stdout.strip()
    shown = run("searcher", "show", identity, "--stripped", root=site, COLUMNS="80").stdout
    assert shown.endswith(
        "cut from the page: 12 of 36 words\n"
        "  newsletter, sure to 90%, 5 words\n    Sign up for our newsletter\n"
        "  on other pages of its source, sure to 90%, 7 words\n    Tides of the week at a glance\n"
    )
    pieces = json.loads(run("searcher", "show", identity, "--json", root=site).stdout)["stripped"]
    assert pieces == [
        {"text": "Sign up for our newsletter", "reason": "newsletter", "sure": 0.9, "at": None},
        {"text": "Tides of the week at a glance", "reason": "on other pages of its source", "sure": 0.9, "at": 1},
    ]


def test_of_a_long_piece_that_was_cut_the_beginning_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    pieces = (Stripped("word " * 300, "comments", 0.724), Stripped("字" * 300, "comments", 0.9))
    pages.show_article(
        Article("a", "A title", "A text.", Provenance("a.txt"), stripped=pieces, words=4), Screen(), True
    )
    lines = capsys.readouterr().out.splitlines()
    first = lines.index("cut from the page: 600 of 604 words")
    assert lines[first + 1] == "  comments, sure to 72 to 90%, 600 words", (
        "one line for what was cut for one reason"
    )
    assert [line.endswith(" …") for line in lines[first + 2 :]] == [False, False, True] * 2
    assert all(sum(map(columns, line)) <= 80 for line in lines)


def test_stats_of_cleaning_say_what_is_cut_most_of_which_source_and_how_sure(site: Path) -> None:
    shown = run("searcher", "stats", "--cleaning", root=site, COLUMNS="80").stdout
    assert shown == (
        "cut: 36 of 127 words (28%), 4 pages\n"
        "  on other pages of its source 21 · newsletter 15\n"
        "\ncourier: 36 of 108 words (33%), 3 pages, sure to 90%\n"
        "  on other pages of its source 21 · newsletter 15\n"
        "     3 ×  90%  Tides of the week at a glance  (on other pages of its source)\n"
        "     3 ×  90%  Sign up for our newsletter  (newsletter)\n"
        "\ngazette: 0 of 19 words (0%), 1 page\n"
    )
    whole = json.loads(run("searcher", "stats", "--cleaning", "--json", root=site).stdout)
    assert (whole["schema_version"], [one["source"] for one in whole["sources"]]) == (1, ["courier", "gazette"])
    assert whole["sources"][0] == {
        "source": "courier", "articles": 3, "words": 108, "cut": 36, "sure": 0.9,
        "reasons": {"newsletter": 15, "on other pages of its source": 21},
        "pieces": [
            {"text": "Tides of the week at a glance", "reason": "on other pages of its source",
             "articles": 3, "words": 21, "sure": 0.9},
            {"text": "Sign up for our newsletter", "reason": "newsletter", "articles": 3, "words": 15, "sure": 0.9},
        ],
    }  # fmt: skip
