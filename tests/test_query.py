"""Is a query read as it was typed? The table of the language, the three promises, errors with their places."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import trees

from searcher.errors import QueryError
from searcher.query import Query, edits, parse
from searcher.query.dates import Calendar
from searcher.query.tree import And, DateRange, Exact, InField, Node, Not, Or, Phrase, Wild, Word

TODAY = Calendar(date(2026, 11, 21))

# What is typed, and the echo. A row without an echo comes back as it was typed.
ECHOES: list[tuple[str, str | None]] = [
    ("Kerry Sochi", "kerry sochi"),
    ('"secretary of state"', None),
    ("“curly” „Zitat“ «citation»", '"curly" "zitat" "citation"'),
    ("kerry OR lavrov", None),
    ("kerry | lavrov", "kerry OR lavrov"),
    ("kerry || lavrov", "kerry OR lavrov"),
    ("kerry && lavrov", "kerry lavrov"),
    ("-sochi", None),
    ("NOT sochi", "-sochi"),
    ("!sochi", "-sochi"),
    ("kerry -(putin OR lavrov)", None),
    ("kerr* k?rry *gate", None),
    ("kerry OR lavrov sochi", "(kerry OR lavrov) sochi"),
    ("a AND b OR c", "(a b) OR c"),
    (
        "O'Brien Jean-Claude COVID-19 U.S. AT&T C++ al-Assad 3:30 Zürich",
        "o'brien jean-claude covid-19 u.s. at&t c++ al-assad 3:30 zürich",
    ),
    ("fox-it", None),
    ("北京 Сочи سوتشي", "北京 сочи سوتشي"),
    ("http://example.org/a 12:30", None),
    ("*", None),
    ("title:kerry", None),
    ("headline:kerry who:putin", "title:kerry person:putin"),
    ('title:(kerry OR "frank meeting")', None),
    ("source:bbc*", None),
    ('person:="John Kerry"', None),
    ("date:*", "has:date"),
    ("-has:date", None),
    ("words:>800", "words:801.."),
    ("words:<=800", "words:..800"),
    ("words:100..500", None),
    ("date:2015", None),
    ("date:2015-05", None),
    ("date:2015-05-12", None),
    ("date:may-2015", "date:2015-05"),
    ('date:"12 May 2015"', "date:2015-05-12"),
    ('date:"May 12, 2015"', "date:2015-05-12"),
    ("date:20150512", "date:2015-05-12"),
    ("date:12.05.2015", "date:2015-05-12"),
    ("date:13/06/2015", "date:2015-06-13"),
    ("date:2015-05..2015-07", None),
    ("date:2015-01..2015-12", "date:2015"),
    ("date:..2014", None),
    ("date:2016..", None),
    ("date:>=2015-05", "date:2015-05.."),
    ("date:[2015-05 TO 2015-07]", "date:2015-05..2015-07"),
    ("date:[2015-05 TO *]", "date:2015-05.."),
    ("date:{2014 TO 2016}", "date:2015"),
    ("date:2015-05/2015-07", "date:2015-05..2015-07"),
    ("date:today", "date:2026-11-21"),
    ("date:yesterday", "date:2026-11-20"),
    ('date:"last week"', "date:2026-11-09..2026-11-15"),
    ('date:"last month"', "date:2026-10"),
    ("since:7d", "date:2026-11-14.."),
    ("since:3m", "date:2026-08-21.."),
    ("until:2014-06", "date:..2014-06"),
    ("after:2015 before:2017", "date:2016.. date:..2016"),
    ("year:2015", "date:2015"),
    ("=Kerry", '="Kerry"'),
    ('="Secretary of State"', None),
    ("kery~ kerrey~ kery~1 kery~2", "kery~1 kerrey~2 kery~1 kery~2"),
    ("/kerr(e?y)/", None),
    ("/a|b/ title:/x+/^2", None),
    ("kerry^3 title:sochi^0.5 (a OR b)^2", None),
    ('"kerry sochi"~5', None),
    ("kerry w/5 sochi", None),
    ("kerry NEAR/5 sochi", "kerry w/5 sochi"),
    ("kerry near5 sochi", "kerry w/5 sochi"),
    ("kerry /5 sochi", "kerry w/5 sochi"),
    ("kerry AROUND(5) sochi", "kerry w/5 sochi"),
    ("kerry pre/5 sochi", None),
    ("kerry ADJ/5 sochi", "kerry pre/5 sochi"),
    ("kerry +5 sochi", "kerry pre/5 sochi"),
    ("kerry /s sochi /p x", "(kerry /s sochi) /p x"),
    ("kerry w/s sochi", "kerry /s sochi"),
    ("kerry pre/p sochi", None),
    ("kerry NOT w/5 sochi", None),
    ("kerry NOT /s sochi", None),
    ('(kerry OR lavrov) w/5 "frank meeting"', None),
    ("ker* pre/3 sochi~1", None),
    ("title:a w/5 title:b", "title:(a w/5 b)"),
    ("kerry^2 w/5 sochi", "(kerry w/5 sochi)^2"),
    ("a OR b w/5 c", None),
    ("(a w/5 b) OR c", "a w/5 b OR c"),
    ("atleast3(kerry)", None),
    ("ATLEAST3(kerry OR lavrov)", "atleast3(kerry OR lavrov)"),
    ("first50(kerry)", None),
    ("first50(kerry w/5 sochi)", None),
    ("first50(atleast2(kerry))", "atleast2(first50(kerry))"),
    ("atleast3(title:kerry)", "title:atleast3(kerry)"),
    ('"secretary * state" "kerr* said"', None),
    ("24/7 9/11", None),
    ("date:(2015 OR 2017)", "date:2015 OR date:2017"),
]


@pytest.mark.parametrize(("typed", "echo"), ECHOES, ids=[row[0] for row in ECHOES])
def test_the_language_is_read_as_its_table_says(typed: str, echo: str | None) -> None:
    assert str(parse(typed, TODAY)) == (typed if echo is None else echo)


REPAIRED = [
    ('"open phrase', '"open phrase"', "a missing closing quotation mark was added"),
    ("((a OR b) c", "(a OR b) c", "a missing closing bracket was added"),
    ("a) b", "a b", "a closing bracket without an opening one was left out"),
    ("a () b", "a b", "empty brackets were left out"),
    ("kerry AND", "kerry", "AND has nothing on its right and was left out"),
    ("OR kerry", "kerry", "OR has nothing on its left and was left out"),
    ("kerry and putin", "kerry and putin", "and in lower case is a word; the operator is AND"),
    ("kerry, putin", "kerry putin", "ignored: ,"),
    ("--kerry", "kerry", "two negations cancel out"),
    ("kerry?", "kerry?", "kerry? is a wildcard: the ? stands for one letter"),
    ("source: bbc", "source:bbc", "the space after source: was left out"),
    ("a AND b OR c", "(a b) OR c", "AND binds tighter than OR: read as (a b) OR c"),
    ("w/5 sochi", "sochi", "w/5 has nothing on its left and was left out"),
    ("kerry NOT w/5", "kerry", "NOT w/5 has nothing on its right and was left out"),
    ("(a b) w/5 c", "a w/5 c b w/5 c", "w/5 stands between words: read as a w/5 c b w/5 c"),
    ("title:a w/5 b", "title:(a w/5 b)", "w/5 stands between words: read as title:(a w/5 b)"),
    ("-a w/5 b", "-(a w/5 b)", "w/5 stands between words: read as -(a w/5 b)"),
    ("a w/5 -b", "a NOT w/5 b", "w/5 stands between words: read as a NOT w/5 b"),
    ("a w/5 date:2015", "a date:2015", "w/5 needs words on both sides: read as AND"),
    ("title:a w/5 body:b", "title:a body:b", "w/5 needs words on both sides: read as AND"),
    ("person:(a w/5 b)", "person:(a b)", "w/5 has no meaning in person: and was read as AND"),
    ("atleast3(a b)", "atleast3(a) atleast3(b)", "atleast3 is asked of each: read as atleast3(a) atleast3(b)"),
    ("atleast3(date:2015)", "date:2015", "atleast3 needs words in its brackets and was left out"),
    ("kery~3", "kery~2", "~3 was read as ~2, which is the most"),
    ("al-assad~", "al-assad", "~ is for one word, and was left out"),
    ('"kerry"~5', '"kerry"', "ignored: ~5"),
    ('date:"May 2015"^3', "date:2015-05", "ignored: ^3"),
    ("source:bbc^3", "source:bbc", "^3 was left out: bbc does not count for the order"),
    ("kerry^", "kerry", "ignored: ^"),
    ("kerry /", "kerry", "ignored: /"),
    ("=Ker*", "ker*", "= is left out before a wildcard"),
    ("@nobody", "nobody", "there is no saved search of this name: read as a word: @nobody"),
]


@pytest.mark.parametrize(("typed", "echo", "note"), REPAIRED, ids=[row[0] for row in REPAIRED])
def test_what_is_repaired_is_noted_and_strict_refuses_it(typed: str, echo: str, note: str) -> None:
    query = parse(typed, TODAY)
    assert (str(query), query.notes) == (echo, (note,))
    with pytest.raises(QueryError, match="^" + re.escape(note[:5])):
        parse(typed, TODAY, strict=True)


REFUSED = [
    ("kery sorce:bbc", "unknown field: sorce", "sorce", "did you mean source:?"),
    ("date:05/06/2015", "a date with two readings: 05/06/2015", "05/06/2015", "write 2015-06-05 or 2015-05-06"),
    ("a date:2015-02-30", "no such date: 2015-02-30", "2015-02-30", "2015-02 has 28 days"),
    ("date:2015-13", "no such date: 2015-13", "2015-13", "months are 01 to 12"),
    ("date:soon", "unreadable date: soon", "soon", "write it as 2015"),
    ("date:2016..2015", "a range that ends before it begins: 2016..2015", "2016..2015", "turn it round"),
    ("words:many", "unreadable number: many", "many", "write 800"),
    ("x k*", "a wildcard that is too wide: k*", "k*", "at least two letters"),
    ("", "a query with nothing in it", "", "type a word"),
    ("... !", "a query with nothing in it", "... !", "ignored: ..."),
]


@pytest.mark.parametrize(("typed", "message", "at", "hint"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_cannot_be_read_is_refused_with_its_place_and_a_hint(
    typed: str, message: str, at: str, hint: str
) -> None:
    with pytest.raises(QueryError) as caught:
        parse(typed, TODAY)
    assert caught.value.message == message
    assert typed[slice(*caught.value.span)] == at
    assert hint in (caught.value.hint or "")
    assert caught.value.caret().splitlines()[0].strip() == typed.strip()


def test_day_and_month_are_read_in_the_order_that_the_settings_give() -> None:
    assert str(parse("date:05/06/2015", Calendar(date(2020, 1, 1), day_first=True))) == "date:2015-06-05"
    assert str(parse("date:05/06/2015", Calendar(date(2020, 1, 1), day_first=False))) == "date:2015-05-06"


@settings(max_examples=1500)
@given(trees)
def test_the_text_of_every_tree_parses_back_to_it(tree: Node) -> None:
    assert parse(str(tree), TODAY).tree == tree


PIECES = st.sampled_from(
    ['"', "“", "»", "(", ")", " ", "AND", "OR", "NOT", "-", "!", "|", "=", "*", "?", "~1", "^2", "[", "]", "TO",
     "..",
     "date:", "source:", "url:", "title:", "words:", "nofield:", "2015", "kerry", "w/5", "/s", "+5", "NOT", "~", "^", "@a", "/a+/", "atleast2(", "first9(", "=a", ":", "'s", "İ", "北",
     "\u0301"]
)  # fmt: skip


def read(typed: str, literal: bool = False) -> Query | QueryError:
    try:
        return parse(typed, TODAY, literal=literal)
    except QueryError as error:
        return error


@settings(max_examples=3000)
@given(
    st.lists(PIECES, max_size=14).map("".join) | st.lists(PIECES, max_size=10).map(" ".join) | st.text(max_size=30)
)
def test_no_text_breaks_the_parser_and_its_echo_is_read_as_the_same_tree(typed: str) -> None:
    query = read(typed)
    if isinstance(query, QueryError):
        assert query.message
        assert 0 <= query.span[0] <= query.span[1] <= len(typed)
    else:
        assert parse(str(query), TODAY).tree == query.tree


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
    "typed", ["(" * 10_000 + "a", "-" * 10_000 + "a", "title:" * 5_000 + "a", "a " * 10_000, "a OR " * 5_000]
)
def test_a_query_of_ten_thousand_characters_is_read(typed: str) -> None:
    assert str(parse(typed, TODAY))


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
