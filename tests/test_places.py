"""What does it mean to stand near, together, first, often enough? The memory engine, which defines it, by examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations, product
from typing import Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import archives, articles, conditions, plans, spots, text_fields

from searcher.engines import entry_of
from searcher.engines.memory import MemoryEngine, matches
from searcher.engines.port import Entry
from searcher.engines.ranking import bm25, rarity, rounded
from searcher.model import Article, Provenance, Quote, Span
from searcher.query import matching
from searcher.query.matching import together
from searcher.query.plan import And, Close, First, Near, Not, Or, Places, Plan, Row, Spot, Term, Terms
from searcher.text import Words

BODY = "Kerry met Lavrov in Sochi. Kerry left.\n\nLavrov stayed."
#       0     1   2      3  4      5     6       7      8

Within = int | Literal["sentence", "paragraph"]


def entry(
    body: str = BODY, title: str = "", lead: str = "", quotes: tuple[str, ...] = (), name: str = "a"
) -> Entry:
    said = tuple(Quote(quote, None, 0, 0) for quote in quotes)
    return entry_of(Article(name, title, body, Provenance(""), lead=lead, language="en", quotes=said))


def row(words: str, field: str = "body") -> Row:
    return Row(field, tuple(words.split()))


def spot(*rows: str, where: Iterable[Near | First] = ()) -> Spot:
    """Places in the body."""
    return Spot(tuple(map(row, rows)), tuple(where))


def near(
    words: str, within: Within, order: Literal["any", "before", "after"] = "any", negated: bool = False
) -> Near:
    return Near((spot(words),), within, order, negated)


def places(wanted: Spot, found: Entry) -> list[Span]:
    return matching.places(wanted, found.words)


def starts(wanted: Spot, body: str = BODY) -> list[int]:
    return [start for start, _ in places(wanted, entry(body))]


def test_a_spot_is_wherever_any_of_its_rows_stands() -> None:
    assert places(spot("kerry", "in sochi"), entry()) == [(0, 1), (3, 5), (5, 6)]
    assert places(spot("moscow"), entry()) == []
    assert places(spot("kerry"), entry("")) == [], "an article without the field"
    assert places(Spot(()), entry()) == []


def test_equal_places_count_once_and_different_places_that_begin_alike_twice() -> None:
    both = Spot((row("visits"), row("visit", "body.stem")))
    assert places(both, entry("Visits were visited")) == [(0, 1), (2, 3)]
    assert places(spot("kerry", "kerry met"), entry()) == [(0, 1), (0, 2), (5, 6)]


def test_surfaces_and_stems_of_one_field_meet() -> None:
    visited = Spot((row("visit", "body.stem"),), (near("sochi", 1, "after"),))
    assert places(visited, entry("He visits Sochi, visited old Sochi, visiting his own Sochi")) == [(1, 2), (3, 4)]


@pytest.mark.parametrize(
    ("within", "expected"),
    [(0, []), (1, [0, 5]), (2, [0, 5]), (100, [0, 5]), ("sentence", [0]), ("paragraph", [0, 5])],
)
def test_near_counts_the_positions_between_or_looks_for_the_same_unit(within: Within, expected: list[int]) -> None:
    assert starts(spot("kerry", where=[near("lavrov", within)])) == expected


def test_a_paragraph_is_wider_than_a_sentence() -> None:
    assert starts(spot("left", where=[near("sochi", "sentence")])) == []
    assert starts(spot("left", where=[near("sochi", "paragraph")])) == [6]


def test_the_first_words_of_both_stand_in_the_same_sentence() -> None:
    across = spot("sochi kerry")
    assert starts(spot("met", where=[Near((across,), "sentence")])) == [1]
    assert starts(spot("left", where=[Near((across,), "sentence")])) == [], "its last word is there, not its first"
    assert starts(Spot(across.rows, (near("met", "sentence"),))) == [4]
    assert starts(Spot(across.rows, (near("left", "sentence"),))) == []


def test_the_other_place_comes_before_or_after_where_an_order_is_asked_for() -> None:
    assert starts(spot("kerry", where=[near("lavrov", 1, "after")])) == [0, 5]
    assert starts(spot("lavrov", where=[near("kerry", 1, "after")])) == []
    assert starts(spot("lavrov", where=[near("kerry", 2, "before")])) == [2, 7]
    assert starts(spot("kerry", where=[near("lavrov", 2, "before")])) == [5]
    assert starts(spot("sochi", where=[near("kerry", "sentence", "before")])) == [4]
    assert starts(spot("sochi", where=[near("kerry", "sentence", "after")])) == []
    assert starts(spot("sochi", where=[near("kerry", "paragraph", "after")])) == [4]


def test_distance_is_counted_from_the_end_of_one_place_to_the_start_of_the_other() -> None:
    assert starts(spot("kerry met lavrov", where=[near("sochi", 1)])) == [0]
    assert starts(spot("kerry met lavrov", where=[near("sochi", 0)])) == []
    assert starts(spot("sochi", where=[near("kerry met lavrov", 1, "before")])) == [4]


def test_places_that_overlap_are_not_near_each_other_and_none_is_near_itself() -> None:
    assert starts(spot("met", where=[near("kerry met", 9)])) == []
    assert starts(spot("kerry met", where=[near("met lavrov", 9)])) == []
    assert starts(spot("lavrov", where=[near("kerry met", 0)])) == [2], "they touch"
    assert starts(spot("kerry", where=[near("kerry", 3)])) == []
    assert starts(spot("kerry", where=[near("kerry", 4)])) == [0, 5]
    assert starts(spot("met", where=[near("kerry met", "sentence")])) == []


def test_a_negated_condition_holds_where_none_is_near() -> None:
    assert starts(spot("kerry", where=[near("met", 0, negated=True)])) == [5]
    assert starts(spot("kerry", where=[near("sochi", 0, negated=True)])) == [0]
    assert starts(spot("kerry", where=[near("sochi", 0, "after", negated=True)])) == [0, 5]
    assert starts(spot("kerry", where=[near("met", "sentence", negated=True)])) == [5]
    assert starts(spot("kerry", where=[near("moscow", 100, negated=True)])) == [0, 5]
    assert starts(spot("met", where=[near("kerry met", 9, negated=True)])) == [1], "what overlaps is not near"


def test_a_gap_takes_a_position_that_no_row_crosses() -> None:
    found = entry(title="Kerry", lead="Sochi talks")
    words = found.words["lead"]
    assert words == Words(
        ["kerry", "", "sochi", "talks"],
        ["kerri", "", "sochi", "talk"],
        [0, 2],
        [0, 2],
        ["kerry/Kerry", "", "sochi/Sochi", ""],
    )
    kerry, sochi = Row("lead", ("kerry",)), Row("lead", ("sochi",))
    for within, expected in ((0, []), (1, [(0, 1)]), ("sentence", []), ("paragraph", [])):
        assert places(Spot((kerry,), (Near((Spot((sochi,)),), within),)), found) == expected  # type: ignore[arg-type]
    assert places(Spot((Row("lead", ("kerry", "sochi")),)), found) == []
    assert places(Spot((sochi,), (First(2),)), found) == []
    assert places(Spot((sochi,), (First(3),)), found) == [(2, 3)]


def test_each_piece_of_a_field_begins_a_sentence_and_one_without_words_leaves_no_gap() -> None:
    assert entry(quotes=("—", "Go on. Stop", "", "Now")).words["quote"] == Words(
        ["go", "on", "stop", "", "now"],
        ["go", "on", "stop", "", "now"],
        [0, 2, 4],
        [0, 4],
        ["go/Go", "", "stop/Stop", "", "now/Now"],
    )
    assert entry(title="Kerry", lead="—").words["lead"].surfaces == ["kerry"]
    assert entry(BODY).words["body"][2:4] == ([0, 5, 7], [0, 7])
    assert "body" not in entry("— …").words


def test_first_means_that_a_place_ends_in_time() -> None:
    assert starts(spot("kerry met", where=[First(1)])) == []
    assert starts(spot("kerry met", where=[First(2)])) == [0]
    assert starts(spot("kerry", where=[First(5)])) == [0]
    assert starts(spot("kerry", where=[First(6)])) == [0, 5]
    assert starts(spot("kerry", where=[First(0)])) == []


def test_every_condition_must_hold_each_by_a_place_of_its_own() -> None:
    assert starts(spot("kerry", where=[near("met", 0), near("sochi", 3)])) == [0]
    assert starts(spot("kerry", where=[near("met", 0), near("left", 0)])) == []
    assert starts(spot("lavrov", where=[First(5), near("kerry", "sentence")])) == [2]


def test_conditions_on_conditions_choose_which_places_may_be_near() -> None:
    met_lavrov = Near((spot("lavrov", where=[near("met", 0, "before")]),), 1)
    assert starts(spot("kerry", where=[met_lavrov])) == [0]
    lonely_lavrov = Near((spot("lavrov", where=[near("met", 0, negated=True)]),), 1)
    assert starts(spot("kerry", where=[lonely_lavrov])) == [5]
    early = Near((spot("lavrov", where=[First(3)]),), 1, negated=True)
    assert starts(spot("kerry", where=[early])) == [5]
    deep = Near((spot("sochi", where=[Near((spot("kerry", where=[near("left", 0)]),), 0)]),), 1)
    assert starts(spot("lavrov", where=[deep])) == [2]


def test_an_article_has_at_least_so_many_places_that_are_kept() -> None:
    assert [matches(Places((spot("kerry", "lavrov"),), times), entry()) for times in (1, 4, 5)] == [
        True,
        True,
        False,
    ]
    first = spot("kerry", "lavrov", where=[First(5)])
    assert [matches(Places((first,), times), entry()) for times in (1, 2, 3)] == [True, True, False]


@pytest.mark.parametrize(
    ("texts", "slack", "expected"),
    [
        ("sochi kerry", 2, 1),  # from 4: sochi kerry
        ("sochi kerry", 3, 2),  # from 0: kerry met lavrov in sochi
        ("kerry sochi lavrov", 0, 0),
        ("kerry sochi lavrov", 1, 2),  # from 2: lavrov in sochi kerry; from 4: sochi kerry left lavrov
        ("kerry sochi lavrov", 2, 3),  # from 0: kerry met lavrov in sochi
        ("kerry", 0, 2),
        ("kerry kerry", 3, 0),
        ("kerry kerry", 4, 1),
        ("kerry kerry kerry", 100, 0),
        ("kerry moscow", 100, 0),
    ],
)
def test_close_counts_the_stretches_that_are_short_enough(texts: str, slack: int, expected: int) -> None:
    close = Close("body", tuple(texts.split()), slack)
    assert len(together(matching.tokens(entry().words, "body"), close.texts, slack)) == expected
    assert matches(close, entry()) == (expected > 0)


def test_a_stretch_takes_other_places_of_its_own_words_for_others() -> None:
    words = "a a b".split()
    assert [len(together(words, ("a", "b"), slack)) for slack in (0, 1)] == [1, 2]
    assert [len(together(["a", "", "b"], ("b", "a"), slack)) for slack in (0, 1)] == [0, 1], "so does a gap"


def test_close_looks_at_one_index_field() -> None:
    assert matches(Close("body.stem", ("visit", "sochi"), 0), entry("Visiting Sochi"))
    assert not matches(Close("body", ("visit", "sochi"), 0), entry("Visiting Sochi"))


def scored(plan: Plan, *bodies: str) -> list[float]:
    """The scores of those articles of an archive of these bodies that match, in the order of the bodies."""
    engine = MemoryEngine()
    engine.write([entry(body, name=f"{number:03}") for number, body in enumerate(bodies)], [], 1)
    return list(engine.search(plan, "newest", 0, None).scores)


def test_places_score_as_a_word_that_is_as_rare_as_their_rarest_row() -> None:
    bodies = ("Kerry met Kerry", "Kerry stayed", "rain " * 11 + "sun", "")
    rare = {"kerry": rarity(4, 2), "met": rarity(4, 1)}
    average = (3 + 2 + 12) / 4
    kept = Places((replace(spot("kerry met", "kerry"), weight=3.0),))
    expected = [
        3.0 * (rare["kerry"] + rare["met"]) * bm25(3, 3, average),
        3.0 * (rare["kerry"] + rare["met"]) * bm25(1, 2, average),
    ]
    assert scored(kept, *bodies) == pytest.approx(expected)
    one = Places((spot("kerry", where=[near("met", 0, "after")]),))
    assert scored(one, *bodies) == pytest.approx([rare["kerry"] * bm25(1, 3, average)])
    close = Close("body", ("met", "kerry"), 0, 2.0)
    assert scored(close, *bodies) == pytest.approx([2.0 * sum(rare.values()) * bm25(2, 3, average)])
    assert scored(Terms((Term("body", "sun"),)), *bodies) == pytest.approx([rarity(4, 1) * bm25(1, 12, average)])


def test_the_length_that_counts_is_rounded_and_leaves_out_gaps() -> None:
    engine = MemoryEngine()
    engine.write([entry("x", "rain " * 6, "sun " * 5), entry("x", "hail", name="b")], [], 1)
    assert rounded(11) == 12
    found = engine.search(Terms((Term("lead", "sun"),)), "newest", 0, None)
    assert found.scores == pytest.approx([rarity(2, 1) * bm25(5, 12, (11 + 1) / 2)])


@settings(max_examples=150)
@given(
    articles("a"), text_fields.flatmap(lambda field: st.tuples(spots(field, 1), spots(field, 1))), st.integers(0, 6)
)
def test_orders_negations_and_units_fit_together(article: Article, pair: tuple[Spot, Spot], distance: int) -> None:
    found, (here, other) = entry_of(article), pair

    def kept(*arguments: object) -> set[tuple[int, int]]:
        condition = Near((other,), *arguments)  # type: ignore[arg-type]
        return set(places(Spot(here.rows, (*here.where, condition)), found))

    for within in (distance, "sentence", "paragraph"):
        assert kept(within) == kept(within, "before") | kept(within, "after")
        for order in ("any", "before", "after"):
            assert not kept(within, order) & kept(within, order, True)
            assert kept(within, order) | kept(within, order, True) == set(places(here, found))
    assert kept(distance) <= kept(distance + 1) <= kept(1000)
    assert kept("sentence") <= kept("paragraph") <= kept(1000)


@given(
    st.lists(st.sampled_from("abc"), max_size=9),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=3),
    st.integers(0, 5),
)
def test_close_is_what_looking_at_every_stretch_finds(words: list[str], texts: list[str], slack: int) -> None:
    expected = 0
    for start, word in enumerate(words):
        lengths = [
            length for length in range(1, len(words) - start + 1) if _holds(words[start : start + length], texts)
        ]
        expected += word in texts and bool(lengths) and lengths[0] - len(texts) <= slack
    assert len(together(words, texts, slack)) == expected


def _holds(stretch: list[str], texts: list[str]) -> bool:
    """Whether some choice of positions of the stretch has just these words."""
    return any(sorted(chosen) == sorted(texts) for chosen in combinations(stretch, len(texts)))


def _nodes(plan: Plan) -> Iterator[Plan]:
    """Every node of a plan."""
    yield plan
    match plan:
        case And(nodes) | Or(nodes):
            for node in nodes:
                yield from _nodes(node)
        case Not(node):
            yield from _nodes(node)


def both_ways(names: Iterable[str]) -> set[tuple[str, bool]]:
    return set(product(names, (True, False)))


def test_memory_answers_random_plans_and_every_kind_of_node_finds_and_fails() -> None:
    answers: Counter[tuple[str, bool]] = Counter()

    @settings(max_examples=300, derandomize=True, database=None, deadline=None)
    @given(archives(), st.lists(plans, min_size=1, max_size=4))
    def ask(archive: list[Article], some: list[Plan]) -> None:
        entries = [entry_of(article) for article in archive]
        engine = MemoryEngine()
        engine.write(entries, [], 1)
        for plan in some:
            found = engine.search(plan, "relevance", 0, None)
            assert sorted(found.ids) == sorted(one.id for one in entries if matches(plan, one))
            assert all(0 <= score < 1e6 for score in found.scores)
            stories = Counter(one.story for one in archive if one.id in found.ids and one.story)
            assert engine.count(plan, ["story"])["story"] == stories
            nodes = [(type(node).__name__, node) for node in _nodes(plan)]
            answers.update((name, matches(node, one)) for name, node in nodes for one in entries)

    ask()
    kinds = {kind.__name__ for kind in get_args(Plan)}
    assert {answer for answer in both_ways(kinds) if answers[answer] >= 3} == both_ways(kinds)


UNITS = {f"{unit} {order}" for unit in ("words", "sentence", "paragraph") for order in ("any", "before", "after")}


def _name(condition: Near | First) -> str:
    if isinstance(condition, First):
        return "first"
    unit = condition.within if isinstance(condition.within, str) else "words"
    return f"{'not ' * condition.negated}{unit} {condition.order}"


def test_every_kind_of_condition_keeps_places_and_drops_places() -> None:
    answers: Counter[tuple[str, bool]] = Counter()
    all_places = spot("kerry", "sochi", "the", "of the")

    @settings(max_examples=120, derandomize=True, database=None, deadline=None)
    @given(articles("a"), st.lists(conditions("body", 0), min_size=20, max_size=20))
    def ask(article: Article, some: list[Near | First]) -> None:
        found = entry_of(article)
        for condition in some:
            kept = places(Spot(all_places.rows, (condition,)), found)
            assert set(kept) <= set(places(all_places, found))
            answers.update((_name(condition), place in kept) for place in places(all_places, found))

    ask()
    names = {"first"} | UNITS | {f"not {name}" for name in UNITS}
    assert {answer for answer in both_ways(names) if answers[answer] >= 3} == both_ways(names)
