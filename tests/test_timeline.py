"""Does the time line count what there is, leave gaps where there is nothing, and draw both?"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import archives, trees
from test_cli import BIN, run
from test_search import Held

from searcher import SearcherError, timeline, wire
from searcher import search as searching
from searcher.cli.arguments import arranged
from searcher.cli.picture import svg
from searcher.cli.terminal import Screen
from searcher.cli.timeline import Gap, bar, lines, parts, percent, table
from searcher.engines import entry_of
from searcher.engines.memory import matches
from searcher.engines.port import period
from searcher.model import Article, Bucket, Period, Provenance, Results, Search, Timeline, When
from searcher.query.lowering import lower
from searcher.query.tree import Node

PERIODS: tuple[Period, ...] = get_args(Period)


def article(number: int, day: str | None, title: str = "harbour") -> Article:
    when = When(day, "meta", 0.9) if day else None
    return Article(
        f"id{number}",
        title,
        "",
        Provenance("corpus/a.txt", str(number)),
        date=when,
        copy=str(number),
        story=str(number),
    )


def drawn(
    dates: list[str | None], query: str = "harbour", by: str = "auto", others: tuple[str, ...] = ()
) -> Results:
    """The answer from an archive of articles about a harbour with these dates, and of other articles."""
    articles = [article(number, day) for number, day in enumerate(dates)]
    articles += [article(number, day, "storm") for number, day in enumerate(others, len(dates))]
    asked = Search(query, timeline=by, limit=0)  # type: ignore[arg-type]
    return searching.run(Held(articles), searching.Settings(), asked)  # type: ignore[arg-type]


def rows(line: Timeline) -> list[tuple[str, int, int]]:
    return [(line.label(bucket), bucket.count, bucket.of) for bucket in line]


def test_periods_between_the_first_and_the_last_are_all_there_and_know_what_the_archive_holds() -> None:
    line = drawn(
        ["2014-11-12", "2015-02-01", "2015-02-28"], others=("2014-12-24", "2016-01-01"), by="month"
    ).timeline
    assert rows(line) == [("2014-11", 1, 1), ("2014-12", 0, 1), ("2015-01", 0, 0), ("2015-02", 2, 2)]
    assert [bucket.share for bucket in line] == [1.0, 0.0, None, 1.0]
    assert (line.buckets[3].start, line.buckets[3].end) == (date(2015, 2, 1), date(2015, 2, 28))


def test_weeks_are_those_of_iso_8601_and_begin_on_monday() -> None:
    line = drawn(["2014-12-28", "2014-12-29", "2015-01-04", "2015-01-05", "2020-12-31"], by="week").timeline
    assert rows(line)[:3] == [("2014-W52", 1, 1), ("2015-W01", 2, 2), ("2015-W02", 1, 1)]
    assert (line.label(line.buckets[-1]), len(line)) == ("2020-W53", 315)
    assert all(bucket.start.weekday() == 0 and bucket.end - bucket.start == timedelta(6) for bucket in line)


def test_what_has_no_date_or_too_coarse_a_one_is_counted_beside_the_bars() -> None:
    dates = ["2015-05-12", "2015-05", "2015", None, None]
    assert [(by, line.coarse, line.undated) for by in PERIODS for line in [drawn(dates, by=by).timeline]] == [
        ("year", 0, 2), ("month", 1, 2), ("week", 2, 2), ("day", 2, 2),
    ]  # fmt: skip
    assert drawn([None], by="day").timeline == Timeline("day", (), 0, 1)
    assert drawn([]).timeline == Timeline("year")


def test_a_gap_knows_whether_something_of_the_archive_may_lie_in_it() -> None:
    line = drawn(["2015-01-01", "2015-04-01", "2014"], others=("2015-03", "2015-02", "2016"), by="month").timeline
    assert [(bucket.of, bucket.vague) for bucket in line] == [(1, 0), (1, 0), (1, 0), (1, 0)]
    line = drawn(["2014-12-31", "2015-03-05"], others=("2015-02", "2015"), by="month").timeline
    assert [(bucket.of, bucket.vague) for bucket in line] == [(1, 0), (0, 1), (1, 0), (1, 0)]
    days = drawn(["2015-02-27", "2015-03-02"], others=("2015-02",), by="day").timeline
    assert [bucket.vague for bucket in days] == [0, 1, 0, 0]
    assert [part.text(days) for part in parts(days) if isinstance(part, Gap)] == [
        "no articles of a known day in the archive 2015-02-28–2015-03-01"
    ]


def test_the_first_and_the_last_day_of_all_calendars_are_drawn() -> None:
    for by in PERIODS:
        early, late = drawn(["0001-01-01"], by=by).timeline, drawn(["9999-12-31"], by=by).timeline
        assert (early.buckets[0].start, late.buckets[0].end) == (date.min, date.max)
    years = drawn(["0001-01-01", "9999-12-31"]).timeline
    assert (years.period, len(years)) == ("year", 9999)


def test_too_many_periods_are_refused_with_their_numbers_and_a_way_out() -> None:
    with pytest.raises(SearcherError, match="a time line with too many days: 3,652,059") as refused:
        drawn(["0001-01-01", "9999-12-31"], by="day")
    assert refused.value.hint is not None
    assert "it would be 9,999 by year;" in refused.value.hint
    assert len(drawn(["2000-01-01", "2027-05-18"], by="day").timeline) == timeline.WIDEST
    with pytest.raises(SearcherError, match=r"too many days: 10,001"):
        drawn(["2000-01-01", "2027-05-19"], by="day")


@pytest.mark.parametrize(
    ("last", "by"),
    [
        ("2000-01-01", "day"), ("2000-03-02", "day"), ("2000-03-03", "week"), ("2001-02-18", "week"),
        ("2001-02-26", "month"), ("2005-12-31", "month"), ("2006-01-01", "year"),
    ],
)  # fmt: skip
def test_the_period_is_chosen_by_the_range_so_that_there_are_some_ten_to_sixty_bars(last: str, by: Period) -> None:
    line = drawn(["2000-01-01", last]).timeline
    assert line.period == by
    assert len(line) <= timeline.FITTING.get(by, 7)


def test_a_period_that_few_of_the_dates_are_known_to_is_not_chosen() -> None:
    assert drawn(["2015-05", "2015-06", "2015-06-01"]).timeline.period == "month"
    assert drawn(["2015", "2016", "2015-05-01"]).timeline.period == "year"
    assert drawn(["2015", "2015-05-01", "2015-05-02"]).timeline.period == "day"


@settings(max_examples=150)
@given(archives(), trees, st.sampled_from([*PERIODS, "auto"]))
def test_time_lines_equal_brute_force_and_add_up_to_the_total(articles: list[Article], tree: Node, by: str) -> None:
    held = Held(articles)
    asked = Search(str(tree), limit=0, timeline=by)  # type: ignore[arg-type]
    found = searching.run(held, searching.Settings(), asked)  # type: ignore[arg-type]
    line = found.timeline
    assert line.period is not None
    plan = lower(tree, held.engine.terms, searching.languages(held))  # type: ignore[arg-type]
    matching = [one for one in articles if matches(plan, entry_of(one))]
    counts, of = by_period(matching, line.period), by_period(articles, line.period)
    for bucket in line:
        name = period(line.period, bucket.start.isoformat())
        assert (bucket.count, bucket.of) == (counts.pop(name, 0), of[name])
        assert bucket.vague == (0 if bucket.of else sum(may_lie(one, bucket, line.period) for one in articles))
    assert not counts
    assert not line or (line.buckets[0].count and line.buckets[-1].count)
    assert all(one.end + timedelta(1) == two.start for one, two in pairwise(line))
    assert line.undated == sum(one.date is None for one in matching)
    assert sum(bucket.count for bucket in line) + line.coarse + line.undated == found.total == len(matching)


def by_period(articles: list[Article], by: Period) -> Counter[str | None]:
    return Counter(name for one in articles if one.date and (name := period(by, one.date.value)))


def may_lie(one: Article, bucket: Bucket, by: Period) -> bool:
    if one.date is None or period(by, one.date.value):
        return False
    return one.date.first() <= bucket.end and one.date.last() >= bucket.start


def test_bars_grow_by_eighths_and_what_is_not_nothing_is_seen() -> None:
    assert [len(bar(size / 80, 10)) for size in (0, 1, 8, 9, 80)] == [0, 1, 1, 2, 10]
    assert (bar(1 / 100_000, 10), bar(1.0, 3), bar(15 / 16, 1)) == ("▏", "███", "█")
    assert percent(Bucket(date.min, date.min, 99_999, 100_000)) == ">99.9%"


def test_flags_stand_anywhere_and_words_with_a_dash_are_words() -> None:
    takes = {"--by": True, "-q": False}
    assert arranged(["-sochi", "--by", "-x", "-q", "a"], takes) == ["--by", "-x", "-q", "--", "-sochi", "a"]
    assert arranged(["a", "--", "-q", "--by"], takes) == ["--", "a", "-q", "--by"]
    assert arranged(["--by=day", "--odd", "-"], takes) == ["--by=day", "--odd", "--", "-"]


NAMESPACE = "{http://www.w3.org/2000/svg}"


def picture(found: Results, share: bool = False) -> ElementTree.Element:
    return ElementTree.fromstring("\n".join(svg(found, share)))


def test_a_picture_is_whole_xml_with_a_bar_a_period_hatched_gaps_and_names_for_all() -> None:
    found = drawn(
        ["2010-01-01", "2010-02-02", "2012-01-01", "2014-01-01", None],
        others=("2012-05-05", "2011-01-01"),
        by="year",
    )
    root = picture(found, share=True)
    named = {group.findtext(f"{NAMESPACE}title"): group for group in root.iter(f"{NAMESPACE}g")}
    assert list(named) == [
        "2010: 2 articles, 100% of 2 in the archive",
        "2011: 0 articles, 0% of 1 in the archive",
        "2012: 1 article, 50.0% of 2 in the archive",
        "no articles in the archive 2013",
        "2014: 1 article, 100% of 1 in the archive",
    ]
    heights = [
        float(rect.get("height", "0")) for rect in root.iter(f"{NAMESPACE}rect") if rect.get("class") == "bar"
    ]
    assert heights == [252, 0, 126, 252]
    assert [rect.get("fill") for rect in named["no articles in the archive 2013"].iter(f"{NAMESPACE}rect")] == [
        "url(#gap)"
    ]
    texts = [text.text for text in root.iter(f"{NAMESPACE}text")]
    assert {"harbour", "100%", "2010", "year", "in no bar: 1 without a date"} <= set(texts)
    assert root.get("role") == "img"
    labelled = {element.get("id") for element in root.iter() if element.get("id")}
    assert set(root.get("aria-labelledby", "").split()) <= labelled


def test_a_picture_says_what_was_searched_for_whatever_it_was() -> None:
    odd = 'a <b> & "c\'d" ]]> \x00\x1b[31m \ufffe \U0001f6a2 ' + "long " * 60
    found = Results(odd, odd, (), 1, 1, 1, (), timeline=drawn(["2015-05-12"]).timeline)
    root = picture(found)
    kept = odd.replace("\x00", "").replace("\x1b", "").replace("\ufffe", "")
    assert root.findtext(f"{NAMESPACE}title") == kept
    assert (root.findtext(f"{NAMESPACE}text") or "").endswith("…")


@pytest.mark.parametrize("dates", [[None], ["2015"], ["0001-01-01", "9999-12-31"], ["2015-05-12"] * 1234])
def test_a_picture_of_any_time_line_stays_in_its_frame(dates: list[str | None]) -> None:
    for by in ("year", "auto"):
        root = picture(drawn(dates, by=by))
        for rect in root.iter(f"{NAMESPACE}rect"):
            x, y, width, height = (float(rect.get(name, "0")) for name in ("x", "y", "width", "height"))
            assert 0 <= x <= x + width <= 960.02
            assert 0 <= y <= y + height <= 440


def test_a_bar_says_in_how_many_stories_its_articles_are_where_these_are_fewer() -> None:
    held = [article(at, day) for at, day in enumerate(["2014-12-31", "2015-01-01", "2015-02-01", "2016-01-01"])]
    told = [replace(one, story="0") for one in held[:3]] + held[3:]
    found = searching.run(Held(told), searching.Settings(), Search("harbour", timeline="year"))  # type: ignore[arg-type]
    assert [(bucket.count, bucket.stories) for bucket in found.timeline] == [(1, 1), (2, 1), (1, 1)]
    shown = [re.sub(r"[ ▏▎▍▌▋▊▉█]+", " ", line) for line in lines(found, False, Screen("never"))]
    assert shown[1].startswith("4 articles in 2 stories, ")
    assert shown[3:] == ["articles by year, and in how many stories", "2014 1", "2015 2 in 1", "2016 1"]
    assert "2015: 2 articles in 1 story, 100% of 2 in the archive" in "\n".join(svg(found, False))
    assert [row.split(",")[-1] for row in table(found.timeline)] == ["stories", "1", "1", "1"]
    assert "in how many" not in "".join(lines(found, True, Screen("never")))


def test_labels_of_an_axis_do_not_meet() -> None:
    for dates, by in [
        (["2000-01-01", "2004-09-09"], "week"),
        (["1990-03-01", "2024-01-01"], "month"),
        (["2015-01-01"], "day"),
    ]:
        texts = [
            (float(text.get("x", "0")), text.text or "")
            for text in picture(drawn(list(dates), by=by)).iter(f"{NAMESPACE}text")
            if text.get("text-anchor") == "middle" and text.text != by
        ]
        assert texts
        assert all(x + 4 * len(label) < after - 4 * len(label) for (x, label), (after, _) in pairwise(texts))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles about a harbour and a storm, none of 2012 and 2013; some dates are not known as well as others."""
    root = tmp_path_factory.mktemp("timeline")
    told = {
        "crowded with cutters by noon": "12 May 2010",
        "repainted for a film about smugglers": "13 May 2010",
        "quiet while the dredgers rested": "1 June 2011",
        "seen by a reporter": "2 February 2014",
        "mapped from a balloon": "3 March 2016",
        "sold to an insurance firm": "May 2010",
        "closed once the ferry had left": "",
    }
    for number, (what, day) in enumerate(told.items()):
        path = root / f"corpus/courier/{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        word = "storm" if number == 3 else "harbour"
        path.write_text(
            f"Report number {number} on the {word}\n\n{day}\n\nThe {word} was {what}.\n".replace("\n\n\n", "\n")
        )
    assert run("searcher", "index", root=root).returncode == 0
    return root


def test_bars_gaps_zeros_and_what_is_in_no_bar_are_drawn_without_colour_in_a_pipe(root: Path) -> None:
    found = run("searcher", "timeline", "harbour", "--by", "year", root=root, COLUMNS="60")
    assert found.stdout.splitlines() == [
        "harbour",
        "6 articles, 1 May 2010 – 3 March 2016",
        "",
        "articles by year",
        "2010  " + "█" * 52 + " 3",
        "2011  " + "█" * 17 + "▍ 1",
        "…     no articles in the archive 2012–2013",
        "2014  0",
        "…     no articles in the archive 2015",
        "2016  " + "█" * 17 + "▍ 1",
        "",
        "in no bar: 1 without a date",
    ]
    assert (found.returncode, found.stderr) == (0, "")
    coloured = run("searcher", "timeline", "harbour", "--color", "always", root=root).stdout
    assert (
        re.sub(r"\x1b\[\d*m", "", coloured) == run("searcher", "timeline", "harbour", root=root).stdout != coloured
    )


def test_nothing_is_wider_than_the_terminal_and_an_odd_one_gets_ascii(root: Path) -> None:
    asked = ("searcher", "timeline", "harbour OR storm", "--share", "--by", "month")
    narrow = run(*asked, root=root, COLUMNS="40").stdout
    assert max(map(len, narrow.splitlines())) == 40
    assert "(3 of 3)" in narrow
    odd = run(*asked, root=root, COLUMNS="40", PYTHONIOENCODING="ascii").stdout
    assert "\\u" not in odd
    assert "2010-05  ################# 100% (3 of 3)" in odd


def test_the_query_is_read_as_search_reads_it(root: Path) -> None:
    counts = {
        tuple(query): json.loads(run("searcher", "timeline", "--json", *query, root=root).stdout)["total"]
        for query in (
            ["-harbour"],
            ["report", "-storm"],
            ["--", "report", "-storm"],
            ['"the storm"', "-q"],
            ["-2", "-nq"],
        )
    }
    assert list(counts.values()) == [1, 6, 6, 1, 6]
    wrong = run("searcher", "timeline", "sorce:x", root=root)
    assert (wrong.returncode, wrong.stderr.splitlines()[2]) == (2, "  ^^^^^")
    for flags in (["--sahre", "x"], ["x", "--by", "decade"], [], ["x", "--by"]):
        assert run("searcher", "timeline", *flags, root=root).returncode == 2
    noted = run("searcher", "timeline", '"harbour', root=root)
    assert (noted.stderr, noted.returncode) == ("note: a missing closing quotation mark was added\n", 0)
    assert run("searcher", "timeline", '"harbour', "-q", root=root).stderr == ""


def test_a_pipe_that_is_cut_short_is_no_error(root: Path) -> None:
    command = f"'{BIN / 'searcher'}' timeline harbour --by day | head -1; echo ${{PIPESTATUS[0]}}"
    piped = subprocess.run(["bash", "-c", command], cwd=root, capture_output=True, text=True, timeout=60)
    assert (piped.stdout, piped.stderr) == ("harbour\n0\n", "")
    full = subprocess.run(
        f"'{BIN / 'searcher'}' timeline harbour > /dev/full", shell=True, cwd=root, capture_output=True, timeout=60
    )
    assert full.returncode == 2


def test_nothing_found_is_1_with_a_reason_on_standard_error(root: Path) -> None:
    nothing = run("searcher", "timeline", "harbor", "--svg", "never.svg", root=root)
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert (
        nothing.stderr
        == "nothing found: harbor\n  harbor 0 · in no title and no text\nhint: searcher timeline harbour\n"
    )
    assert not (root / "never.svg").exists()
    assert json.loads(run("searcher", "timeline", "harbor", "--json", root=root).stdout)["timeline"] == []


def test_json_and_csv_hold_every_period_and_agree_with_search(root: Path) -> None:
    answer = json.loads(run("searcher", "timeline", "harbour", "--by", "year", "--json", root=root).stdout)
    assert answer["timeline"][:3] == [
        {
            "start": "2010-01-01",
            "end": "2010-12-31",
            "count": 3,
            "label": "2010",
            "of": 3,
            "vague": 0,
            "share": 1.0,
            "stories": 3,
        },
        {
            "start": "2011-01-01",
            "end": "2011-12-31",
            "count": 1,
            "label": "2011",
            "of": 1,
            "vague": 0,
            "share": 1.0,
            "stories": 1,
        },
        {
            "start": "2012-01-01",
            "end": "2012-12-31",
            "count": 0,
            "label": "2012",
            "of": 0,
            "vague": 0,
            "share": None,
            "stories": 0,
        },
    ]
    assert (answer["timeline_period"], answer["timeline_coarse"], answer["timeline_undated"]) == ("year", 0, 1)
    assert set(answer).isdisjoint({"hits", "facets"})
    searched = json.loads(run("search", "harbour", "--json", root=root).stdout)
    by_month = json.loads(run("searcher", "timeline", "harbour", "--json", root=root).stdout)
    assert [by_month[name] == searched[name] for name in by_month if name != "took_ms"] == [True] * (
        len(by_month) - 1
    )
    table = run("searcher", "timeline", "harbour", "--by", "month", "--csv", root=root)
    lines = list(csv.DictReader(table.stdout.splitlines()))
    assert len(lines) == 71
    assert sum(int(one["count"]) for one in lines) == 5
    assert table.stderr == "note: in no bar: 1 without a date\n"


def test_a_picture_is_written_to_a_file_or_to_standard_output(root: Path, tmp_path: Path) -> None:
    written = run("searcher", "timeline", "harbour", "--svg", str(tmp_path / "a.svg"), root=root)
    assert (written.stdout, written.stderr) == ("", f"written: {tmp_path / 'a.svg'}\n")
    printed = run("searcher", "timeline", "harbour", "--svg", "-", root=root)
    assert printed.stdout == (tmp_path / "a.svg").read_text("utf-8")
    assert printed.stderr == ""
    lost = run("searcher", "timeline", "harbour", "--svg", str(tmp_path / "no/a.svg"), root=root)
    assert (lost.returncode, "No such file" in lost.stderr) == (2, True)


def on_a_terminal(command: str, root: Path) -> str:
    """What a command prints on a terminal."""
    program = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
    shown = subprocess.run(
        [sys.executable, "-c", program, "sh", "-c", f"PATH='{BIN}:$PATH' NO_COLOR=1 {command}"],
        cwd=root, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60,
    )  # fmt: skip
    return shown.stdout.replace("\r\n", "\n")


def test_the_next_command_of_a_terminal_can_be_run_and_finds_what_the_bar_counts(root: Path) -> None:
    shown = on_a_terminal("searcher timeline -storm --by week", root)
    following = re.findall(r"^next: (.+)$", shown, re.MULTILINE)
    assert following == ["search -- '-storm date:2010-05-10..2010-05-16'"]
    assert "\n2 articles, " in on_a_terminal(following[0], root)


def test_the_next_command_chooses_a_value_by_the_tree_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    tags = ['Dwayne "The Rock" Johnson'] * 3 + ["it's $HOME"] * 2 + ["only"]
    lines = [{"title": f"Rocks {number}", "text": "About rocks.", "tags": [tag]} for number, tag in enumerate(tags)]
    (tmp_path / "corpus/a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert run("searcher", "index", root=tmp_path).returncode == 0
    for asked, number in (("search -nato", 3), ("search '-tag:dwayne*'", 2)):
        following = re.findall(r"or: (search .+)$", on_a_terminal(f"{asked} --facet tag", tmp_path), re.MULTILINE)
        assert len(following) == 1
        assert f"\n{number} articles" in on_a_terminal(following[0], tmp_path), following
    assert "or: search" not in on_a_terminal("search 'tag:dwayne*' --facet tag", tmp_path), "not a way to see fewer"


def test_results_have_no_time_line_if_none_was_asked_for() -> None:
    found = searching.run(Held([article(1, "2015")]), searching.Settings(), Search("*"))  # type: ignore[arg-type]
    assert (len(found.timeline), list(found.timeline), found.timeline.period) == (0, [], None)
    plain = wire.results(found)
    assert (plain["timeline"], plain["timeline_period"], plain["facet_totals"]) == ([], None, {})
