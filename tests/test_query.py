"""Is a query read as it was typed? The table of the language, the three promises, errors with their places."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from query_kit import PIECES as PIECES_OF_QUERIES
from query_kit import TODAY, Row, accounted, golden, read
from strategies import trees

from searcher.errors import QueryError, columns
from searcher.query import Query, edits, parse
from searcher.query.dates import Calendar
from searcher.query.tree import And, DateRange, Exact, InField, Node, Not, Or, Phrase, Wild, Word

ROWS = list(golden())


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.section}: {row.typed}" for row in ROWS])
def test_the_language_is_read_as_its_table_says(row: Row) -> None:
    found = read(row.typed)
    if isinstance(found, QueryError):
        at = found.query[slice(*found.span)]
        assert (found.message, at, found.hint) == (row.error, found.query if row.at is None else row.at, row.hint)
    else:
        assert (str(found), found.notes, None) == (
            row.typed if row.echo is None else row.echo,
            row.notes,
            row.error,
        )
        assert not accounted(found)
        assert parse(str(found), TODAY).tree == found.tree


def test_no_query_stands_in_the_table_twice() -> None:
    assert [typed for typed, number in Counter(row.typed for row in ROWS).items() if number > 1] == []


@pytest.mark.parametrize("typed", [row.typed for row in ROWS if row.notes])
def test_strict_refuses_what_has_a_note(typed: str) -> None:
    found = read(typed, strict=True)
    assert isinstance(found, QueryError)
    assert found.message == parse(typed, TODAY).notes[0]


@pytest.mark.parametrize(
    ("query", "lost"),
    [
        (Query("kerry, sochi", Word("kerry"), ("ignored: ,",)), {"sochi"}),
        (Query("kerry; sochi", parse("kerry sochi", TODAY).tree), {";"}),
        (Query("kerry 2015", Word("kerry")), {"2015"}),
        (Query("title:kerry %", parse("title:kerry", TODAY).tree), {"%"}),
        (Query("Zürich w/5 北京", Word("zurich")), {"北京", "5"}),
        (Query("hd:kerry since:2015 OR lavrov", parse("title:kerry date:2015..", TODAY).tree), {"lavrov", "or"}),
    ],
    ids=str,
)
def test_what_is_read_silently_is_found_out(query: Query, lost: set[str]) -> None:
    assert accounted(query) == lost


@pytest.mark.parametrize(
    ("query", "span", "shown"),
    [
        ("北京 sorce:bbc", (3, 8), ["  北京 sorce:bbc", "       ^^^^^"]),
        ("a\tb\nsorce:x", (4, 9), ["  a b sorce:x", "      ^^^^^"]),
        ("e\u0301\u0302 sorce:x", (4, 9), ["  e\u0301\u0302 sorce:x", "    ^^^^^"]),
        ("", (0, 0), ["  ", "  ^"]),
        ("kerry " * 50 + "sorce:x", (300, 305), ["  …" + ("kerry " * 50)[-67:] + "sorce:x", " " * 70 + "^^^^^"]),
        ("sorce:" + "x" * 100, (0, 5), ["  sorce:" + "x" * 68 + "…", "  ^^^^^"]),
    ],
)
def test_carets_stand_under_the_fault(query: str, span: tuple[int, int], shown: list[str]) -> None:
    assert QueryError("", query, span).caret().split("\n") == shown


def test_a_long_query_is_cut_around_its_fault() -> None:
    lines = QueryError("", "kerry " * 40 + "sorce:bbc " + "北京 " * 40, (240, 245)).caret().split("\n")
    assert columns(lines[0]) <= 78
    assert lines[0][lines[1].index("^") :].startswith("sorce:bbc")
    assert (lines[0][2], lines[0][-1]) == ("…", "…")


def test_day_and_month_are_read_in_the_order_that_the_settings_give() -> None:
    assert str(parse("date:05/06/2015", Calendar(date(2020, 1, 1), day_first=True))) == "date:2015-06-05"
    assert str(parse("date:05/06/2015", Calendar(date(2020, 1, 1), day_first=False))) == "date:2015-05-06"


@settings(max_examples=1500)
@given(trees)
def test_the_text_of_every_tree_parses_back_to_it(tree: Node) -> None:
    assert parse(str(tree), TODAY).tree == tree


PIECES = st.sampled_from(PIECES_OF_QUERIES)


@settings(max_examples=3000)
@given(
    st.lists(PIECES, max_size=14).map("".join) | st.lists(PIECES, max_size=10).map(" ".join) | st.text(max_size=30)
)
def test_no_text_breaks_the_parser_and_its_echo_is_read_as_the_same_tree(typed: str) -> None:
    query = read(typed)
    if isinstance(query, QueryError):
        assert query.message
        assert 0 <= query.span[0] <= query.span[1] <= len(query.query)
    else:
        assert parse(str(query), TODAY).tree == query.tree
        assert not accounted(query)


@settings(max_examples=800)
@given(st.text(max_size=30))
def test_literal_text_is_never_refused_for_its_syntax(typed: str) -> None:
    query = read(typed, literal=True)
    if isinstance(query, QueryError):
        assert query.message == "a query with nothing in it"
    else:
        assert not query.notes
        assert parse(str(query), TODAY).tree == query.tree


@pytest.mark.parametrize(
    "typed",
    ["(" * 10_000 + "a", "-" * 10_000 + "a", "title:" * 5_000 + "a", "a " * 10_000, "a OR " * 5_000, "x" * 10_000,
     "AND " * 5_000 + "a", "w/5 " * 5_000 + "a", "a w/5 " * 5_000, "NOT w/5 " * 5_000 + "a", "(a w/5 " * 3_000,
     "atleast2(" * 5_000 + "a", "first2(title:" * 3_000 + "a", "OR NOT " * 5_000 + "a", "@a " * 5_000, "'a " * 5_000,
     "a," * 5_000, "(-" * 5_000, "“a”" * 3_000, "date:[" * 2_000 + "2015 TO 2016]", '"' * 9_999 + "a"],
    ids=lambda typed: typed[:20],
)  # fmt: skip
def test_a_query_of_ten_thousand_characters_is_read_or_refused_with_a_reason(typed: str) -> None:
    found = read(typed)
    if isinstance(found, QueryError):
        assert found.message.startswith(("unreadable date: [", "no such", "a query with nothing"))
    else:
        assert parse(str(found), TODAY).tree == found.tree
        assert not accounted(found)


@pytest.mark.parametrize(
    "typed", ["(a b c d e) w/5 " * 20 + "x", "(a OR b w/5 " * 60, "((a b) w/5 (c d) OR e) w/5 " * 30 + "x"]
)
def test_nearness_between_groups_does_not_grow_without_end(typed: str) -> None:
    assert len(str(parse(typed, TODAY))) < 40 * len(typed)


def test_a_longer_query_than_any_is_refused() -> None:
    with pytest.raises(QueryError, match="a query of 100,001 characters"):
        parse("a" * 100_001, TODAY)


def test_a_phrase_keeps_its_stop_words_and_its_order() -> None:
    assert parse('"Secretary  of State"', TODAY).tree == Phrase("secretary of state")


def test_fields_reach_into_groups_and_the_inner_one_wins() -> None:
    tree = parse("title:(a OR body:b)", TODAY).tree
    assert tree == InField("title", Or((Word("a"), InField("body", Word("b")))))


def test_a_facet_narrows_by_editing_the_tree() -> None:
    tree = parse("kerry source:bbc*", TODAY).tree
    narrowed = edits.narrow(tree, "person", 'John "JK" Kerry')
    assert str(narrowed) == 'kerry source:bbc* person:=«John "JK" Kerry»'
    assert parse(str(narrowed), TODAY).tree == narrowed
    assert parse(str(edits.narrow(tree, "person", "John Kerry")), TODAY).tree == And(
        (Word("kerry"), InField("source", Wild("bbc*")), InField("person", Exact("John Kerry")))
    )
    assert str(edits.narrow(tree, "month", "2015-05")) == "kerry source:bbc* date:2015-05"


def test_a_facet_is_taken_out_by_editing_the_tree() -> None:
    tree = parse("kerry source:bbc* -source:cnn date:2015", TODAY).tree
    assert str(edits.without(tree, "source")) == "kerry -source:cnn date:2015"
    assert str(edits.without(tree, "year")) == "kerry source:bbc* -source:cnn"
    assert str(edits.without(parse("source:bbc", TODAY).tree, "source")) == "*"


def test_negations_of_ranges_and_groups_are_kept() -> None:
    assert parse("-date:2015", TODAY).tree == Not(DateRange("date", date(2015, 1, 1), date(2015, 12, 31)))
