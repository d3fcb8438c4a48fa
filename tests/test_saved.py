"""Are saved searches kept as people write them, and does an alert tell each article once, and at least once?"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import threading
from pathlib import Path

import pytest
from cli_kit import ALONE, BIN, put, run, shell, titles

from searcher import Archive, alerts, saved
from searcher.errors import SavedError, SearcherError
from searcher.saved import Searches

BOAT = "A boat leaves\nThe harbour of Oslo saw a boat leave in the early morning of that day."
TALKS = "Talks go on\nJohn Kerry came to Sochi for talks, and they went on in the evening."
LATER = "Kerry is back\nJohn Kerry is back in Sochi, and has more to say than he had in the spring."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive of two articles."""
    put(tmp_path, {"gazette/boat.txt": BOAT, "courier/talks.txt": TALKS})
    return tmp_path


def save(root: Path, name: str, *words: str) -> None:
    with Archive(root) as archive, archive.alerts() as opened:
        opened.save(name, " ".join(words))


def news(root: Path, *words: str) -> list[str]:
    """The headlines of what came in; the exit status agrees with them."""
    done = run("searcher", "new", *words, root=root)
    assert done.returncode == (0 if done.stdout else 1), done.stderr
    return titles(done.stdout)


# The file


def test_a_search_is_saved_as_it_was_typed_with_the_version_of_the_language(root: Path) -> None:
    assert run("searcher", "save", "talks", "kerry", "-boat", '"for talks"', root=root).returncode == 0
    assert (root / "searches.txt").read_text("utf-8").splitlines()[1:] == ['talks v1: kerry -boat "for talks"']
    assert run("search", "--ids", "@talks", root=root).stdout == run("search", "--ids", "kerry", root=root).stdout
    assert run("search", "-c", "@TALKS OR harbour", root=root).stdout == "2\n"
    assert run("searcher", "save", root=root).stdout == 'talks  kerry -boat "for talks"\n'


def test_words_that_begin_with_any_letter_behind_a_dash_are_words(root: Path) -> None:
    assert run("searcher", "save", "dashes", "-harbour", "-quiet", "-nato", "-archive", root=root).returncode == 0
    assert "dashes v1: -harbour -quiet -nato -archive" in (root / "searches.txt").read_text("utf-8")


def test_an_unreadable_query_is_refused_with_its_place_and_nothing_is_saved(root: Path) -> None:
    wrong = run("searcher", "save", "bad", "kerry", "sorce:bbc", root=root)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert (
        wrong.stderr
        == "searcher: unknown field: sorce\n  kerry sorce:bbc\n        ^^^^^\nhint: did you mean source:?\n"
    )
    assert not (root / "searches.txt").exists()


def test_what_was_repaired_is_noted(root: Path) -> None:
    done = run("searcher", "save", "open", '"for talks', root=root)
    assert "note: a missing closing quotation mark was added" in done.stderr
    assert done.stdout.startswith('open: "for talks"\n1 article now; ')


@pytest.mark.parametrize("name", ["a b", "-a", "../a", "a:b", "a.b", "x" * 51, "", "@a", "a#"])
def test_what_is_no_name_is_refused(root: Path, name: str) -> None:
    with Archive(root) as archive, archive.alerts() as opened, pytest.raises(SavedError):
        opened.save(name, "kerry")
    assert not (root / "searches.txt").exists()


@pytest.mark.parametrize("name", ["Größe", "сочи-2015", "संविधान", "東京", "a_b", "2015"])
def test_names_may_be_of_any_script_and_their_case_is_ignored(root: Path, name: str) -> None:
    save(root, name, "kerry")
    assert run("search", "-c", f"@{name.upper()}", root=root).stdout == "1\n"
    put(root, {"late.txt": LATER})
    assert news(root, name) == ["Kerry is back"]
    assert run("searcher", "save", "--remove", name.upper(), root=root).returncode == 0
    assert run("searcher", "new", root=root).returncode == 1


def test_a_name_that_is_taken_needs_replace_and_it_says_what_was_there(root: Path) -> None:
    save(root, "talks", "kerry")
    taken = run("searcher", "save", "Talks", "lavrov", root=root)
    assert (taken.returncode, taken.stderr.splitlines()) == (
        2,
        ["searcher: already saved: talks: kerry", "hint: searcher save --replace Talks QUERY…"],
    )
    assert run("searcher", "save", "talks", "kerry", root=root).returncode == 0, "the same again is no change"
    assert "was: kerry\n" in run("searcher", "save", "--replace", "talks", "lavrov", root=root).stdout
    assert run("searcher", "save", root=root).stdout == "talks  lavrov\n"


def test_other_lines_comments_and_order_stay_as_they_are(root: Path) -> None:
    held = "# my searches\n\nb : kerry\n   # below\nA v1:lavrov OR  putin\nwhat is this\n"
    (root / "searches.txt").write_text(held, "utf-8")
    save(root, "a", "oslo")
    save(root, "c", "sochi")
    after = held.replace("A v1:lavrov OR  putin", "A v1: oslo") + "c v1: sochi\n"
    assert (root / "searches.txt").read_text("utf-8") == after
    run("searcher", "save", "--remove", "b", root=root)
    assert (root / "searches.txt").read_text("utf-8") == after.replace("b : kerry\n", "")


def test_lines_that_cannot_be_used_are_named_and_the_others_can_be_used(root: Path) -> None:
    (root / "searches.txt").write_bytes("\ufeff<<<<<<< ours\r\na: kerry\r\nb: x\nB: y\n".encode())
    listed = run("searcher", "save", root=root)
    assert (listed.returncode, listed.stdout) == (2, "a  kerry\n")
    assert listed.stderr.splitlines() == [
        "searcher: searches.txt, line 1: not NAME v1: QUERY, but: <<<<<<< ours",
        "searcher: searches.txt, line 3: saved more than once: b",
        "searcher: searches.txt, line 4: saved more than once: B",
    ]
    assert run("search", "-c", "@a", root=root).stdout == "1\n"
    assert "saved more than once: b" in run("search", "@b", root=root).stderr
    plain = json.loads(run("searcher", "save", "--json", root=root).stdout)
    assert (plain["searches"], len(plain["faults"])) == ([{"name": "a", "text": "kerry", "language": 1}], 3)


def test_a_search_in_a_newer_version_of_the_language_is_refused_and_an_older_one_noted(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "searches.txt").write_text("young v2: kerry\nold v1: kerry\nbare: kerry\n", "utf-8")
    wrong = run("search", "@young", root=root)
    assert wrong.returncode == 2
    assert "saved in version 2 of the query language, this is version 1: young" in wrong.stderr
    monkeypatch.setattr(saved, "LANGUAGE", 2)
    monkeypatch.setattr(alerts, "LANGUAGE", 2)
    with Archive(root) as archive, archive.alerts() as opened:
        older = "saved in version 1 of the query language, read in version 2"
        assert [older in opened.news(name).notes() for name in ("young", "old", "bare")] == [False, True, True]


@pytest.mark.parametrize(("first", "second"), [("@a", None), ("kerry", "@a")])
def test_searches_that_go_round_are_refused_with_the_chain(root: Path, first: str, second: str | None) -> None:
    if second:
        save(root, "a", first)
        save(root, "b", second)
        wrong = run("searcher", "save", "--replace", "a", "kerry OR @b", root=root)
        assert {"@a", "@b"} <= set(wrong.stderr.split())
    else:
        wrong = run("searcher", "save", "a", first, root=root)
        assert "@a" in wrong.stderr
    assert (wrong.returncode, wrong.stdout) == (2, "")


def test_whoever_holds_a_search_that_was_removed_is_named(root: Path) -> None:
    save(root, "a", "kerry")
    save(root, "b", "@a sochi")
    removed = run("searcher", "save", "--remove", "A", root=root)
    assert removed.stderr == "note: @a is in b, where it is a plain word now\n"
    assert run("searcher", "save", "--remove", "a", root=root).returncode == 2


def test_there_may_be_no_searches_and_no_index(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    assert run("searcher", "save", root=tmp_path).returncode == 0
    save(tmp_path, "talks", "kerry")
    assert run("searcher", "new", root=tmp_path).returncode == 2
    put(tmp_path, {"talks.txt": TALKS})
    assert news(tmp_path) == ["Talks go on"], "nothing was there when it was saved"


# What came in


def test_only_what_came_in_after_it_was_saved_is_told_and_only_once(root: Path) -> None:
    save(root, "talks", "kerry")
    assert news(root) == []
    put(root, {"late.txt": LATER})
    first = run("searcher", "new", root=root)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith("talks: 1 new\nkerry\n\n")
    assert "John Kerry is back in Sochi" in first.stdout, "the passage that matches"
    again = run("searcher", "new", root=root)
    assert (again.returncode, again.stdout, again.stderr) == (1, "", "")


def test_peek_tells_it_and_tells_it_again(root: Path) -> None:
    save(root, "talks", "kerry")
    put(root, {"late.txt": LATER})
    assert news(root, "--peek") == news(root, "--peek") == news(root) == ["Kerry is back"]
    assert news(root, "--peek") == []


def test_the_newest_comes_first_and_each_search_is_asked_for_itself(root: Path) -> None:
    save(root, "talks", "kerry")
    save(root, "sea", "harbour")
    put(
        root,
        {"a.txt": f"{LATER}\n\n3 May 2016", "b.txt": f"Newer\n{LATER}\n\n4 May 2016", "c.txt": f"Other {BOAT}"},
    )
    assert news(root, "talks") == ["Newer", "Kerry is back"]
    assert news(root) == ["Other A boat leaves"]


def test_for_programs_each_hit_names_its_search(root: Path) -> None:
    save(root, "talks", "kerry")
    put(root, {"late.txt": LATER})
    (line,) = run("searcher", "new", "--peek", "--jsonl", root=root).stdout.splitlines()
    assert (json.loads(line)["search"], json.loads(line)["title"]) == ("talks", "Kerry is back")
    whole = json.loads(run("searcher", "new", "--json", root=root).stdout)
    assert (whole["schema_version"], whole["total"], whole["searches"][0]["found"]) == (1, 1, 2)
    assert whole["searches"][0]["hits"][0]["title"] == "Kerry is back"
    assert json.loads(run("searcher", "new", "--json", root=root).stdout)["total"] == 0


def test_what_was_told_is_known_after_the_index_was_thrown_away(root: Path) -> None:
    save(root, "talks", "kerry")
    put(root, {"late.txt": LATER})
    assert news(root) == ["Kerry is back"]
    shutil.rmtree(root / "index")
    put(root, {"latest.txt": f"Once more\n{LATER}"})
    assert news(root) == ["Once more"]


def test_an_article_that_changes_or_goes_and_comes_again_is_told_once(root: Path) -> None:
    save(root, "talks", "kerry")
    put(root, {"late.txt": LATER})
    assert news(root) == ["Kerry is back"]
    put(root, {"late.txt": LATER.replace("spring", "summer")})
    assert news(root) == []
    (root / "corpus/late.txt").unlink()
    put(root, {})
    assert news(root) == []
    put(root, {"late.txt": LATER})
    assert news(root) == []


def test_an_article_that_matches_only_since_it_was_changed_is_told(root: Path) -> None:
    save(root, "talks", "kerry")
    put(root, {"gazette/boat.txt": BOAT.replace("a boat leave", "Kerry leave")})
    assert news(root) == ["A boat leaves"]


def test_another_text_makes_what_it_finds_known_but_keeps_what_was_not_told(root: Path) -> None:
    save(root, "talks", "sochi")
    put(root, {"late.txt": LATER})
    save(root, "talks", "kerry OR harbour")
    assert news(root) == ["Kerry is back"], "the boat did not come in, and the talks were known"


def test_a_line_written_by_hand_begins_with_what_is_there(root: Path) -> None:
    (root / "searches.txt").write_text("talks: kerry\n", "utf-8")
    first = run("searcher", "new", root=root)
    assert (first.returncode, first.stdout) == (1, "")
    assert first.stderr == "note: talks: new, or its text has changed: what it finds now (1) counts as known\n"
    put(root, {"late.txt": LATER})
    (root / "searches.txt").write_text("talks: kerry OR harbour\n", "utf-8")
    assert news(root) == ["Kerry is back"], "a text that was changed by hand keeps it, too"


def test_a_search_notices_that_one_in_it_was_changed(root: Path) -> None:
    save(root, "who", "kerry")
    save(root, "where", "@who OR nothing")
    save(root, "who", "harbour")
    assert run("searcher", "new", "where", root=root).returncode == 1, "the boat was there before"
    put(root, {"c.txt": f"Other {BOAT}"})
    assert news(root, "where") == ["Other A boat leaves"]


def test_a_search_that_was_removed_and_saved_again_begins_anew(root: Path) -> None:
    save(root, "talks", "kerry")
    put(root, {"late.txt": LATER})
    run("searcher", "save", "--remove", "talks", root=root)
    save(root, "talks", "kerry")
    assert news(root) == []


def test_one_that_is_broken_is_reported_and_the_others_still_run(root: Path) -> None:
    save(root, "talks", "kerry")
    with (root / "searches.txt").open("a") as lines:
        lines.write("broken: sorce:x\nround: @round\nyoung v9: kerry\n")
    put(root, {"late.txt": LATER})
    done = run("searcher", "new", root=root)
    assert (done.returncode, titles(done.stdout)) == (2, ["Kerry is back"])
    assert "searcher: broken: unknown field: sorce\n  sorce:x\n" in done.stderr
    assert {"round:", "young:"} <= set(done.stderr.split())
    assert run("searcher", "new", "talks", "nobody", root=root).returncode == 2
    whole = json.loads(run("searcher", "new", "--json", root=root).stdout)
    assert [("error" in one) for one in whole["searches"]] == [False, True, True, True]


def test_what_is_known_cannot_be_read_is_an_error_and_never_a_flood(root: Path) -> None:
    save(root, "talks", "kerry")
    (root / "alerts/talks.gz").write_bytes(b"\x1f\x8b broken")
    wrong = run("searcher", "new", root=root)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "cannot read what was shown of talks" in wrong.stderr


# From cron


def test_it_runs_with_no_home_no_terminal_and_no_language(root: Path) -> None:
    save(root, "größe", "kerry")
    put(root, {"late.txt": f"Кerry in Größe\n{LATER}"})
    done = run("searcher", "new", "--archive", str(root), root=Path("/"), env=ALONE)
    assert (done.returncode, done.stderr, titles(done.stdout)) == (0, "", ["Кerry in Größe"])


@pytest.mark.parametrize("end", ["> /dev/full", ">&-", "| exit 3", "--jsonl > /dev/full", "--json > /dev/full"])
def test_what_could_not_be_written_is_told_again(root: Path, end: str) -> None:
    save(root, "talks", "kerry")
    put(root, {f"{number}.txt": f"Number {number}\n{LATER * 20}" for number in range(60)})
    done = shell(f"searcher new {end}", root)
    assert "Traceback" not in done.stderr
    assert len(news(root)) == 60


def test_a_run_that_is_killed_while_it_writes_tells_everything_again(root: Path) -> None:
    save(root, "talks", "kerry")
    put(root, {f"{number}.txt": f"Number {number}\n{LATER * 20}" for number in range(60)})
    process = subprocess.Popen(
        [str(BIN / "searcher"), "new", "--jsonl"], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    process.stdout.read(100)  # the pipe is full: the run waits until more is read
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert len(news(root)) == 60


def test_runs_at_the_same_time_tell_each_article_once(root: Path) -> None:
    save(root, "talks", "kerry")
    put(root, {f"{number}.txt": f"Number {number}\n{LATER}" for number in range(8)})
    printed: list[str] = []
    threads = [
        threading.Thread(target=lambda: printed.append(run("searcher", "new", root=root).stdout)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(titles("".join(printed))) == sorted(f"Number {number}" for number in range(8))


def test_who_waits_too_long_is_told_and_a_look_never_waits(root: Path) -> None:
    save(root, "talks", "kerry")
    with saved.locked(root):
        with pytest.raises(SavedError), saved.locked(root, wait=0.01):
            pass
        assert run("searcher", "new", "--peek", root=root).returncode == 1


def test_what_is_known_stays_small(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "ABSENT", 3)
    save(root, "talks", "kerry")
    with Archive(root) as archive, archive.alerts() as opened:
        (there,) = opened._load("talks").ids  # type: ignore[union-attr]
        opened._keep("talks", alerts.Known({"talks": "kerry"}, ("a", "b", there, "c", "d", "e")))
        assert opened.news("talks").known.ids == (there, "c", "d", "e"), "the oldest that are gone are let go of"


def test_a_file_of_searches_that_is_no_text_is_an_error(root: Path) -> None:
    (root / "searches.txt").write_bytes(b"a: \xff\xfe\n")
    with pytest.raises(SearcherError):
        Searches.load(root)
    assert run("search", "kerry", root=root).returncode == 0, "who asks for no saved search needs none"
    assert run("search", "@a", root=root).returncode == 2
