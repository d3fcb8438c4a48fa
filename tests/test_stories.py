"""Are articles about one event one story, and no others; whatever order they come in?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher import stories, telling
from searcher.model import Article, Provenance, When
from searcher.stories import Text, grouped, traits

FERRY = (
    "Ferry Astrid Lund runs aground off Hallvik",
    "All 214 people on board the Astrid Lund were saved when the ferry struck a reef near Hallvik in thick fog.",
)
FERRY_AGAIN = (
    "Fishing boats save everyone on grounded ferry",
    "Boats from Hallvik brought 214 people ashore on Tuesday after the ferry Astrid Lund had hit a reef in fog.",
)
GRANT = "Senator Alden announced that {} will receive {} dollars in federal funds to mend its roads and bridges."
GRANTS = [
    ("Brookfield secures grant", GRANT.format("Brookfield", 412)),
    ("Cedar Falls gets aid", GRANT.format("Cedar Falls", 965)),
]
WORDS = [
    f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("ar", "el", "in", "os", "ud") for c in ("ta", "ven", "lo", "rik")
]
COMMON = "a after all at from had in near of on the to was were when who will with people said many".split()


def made(title: str, body: str, names: Sequence[str] = (), **more: object) -> Article:
    article = Article("a", title, body, Provenance("a.txt"), lead=body, language="en", people=tuple(names))
    return replace(article, **more)  # type: ignore[arg-type]


def text(day: int, source: str, story: tuple[str, str], names: Sequence[str] = ()) -> Text:
    return Text(day, source, traits(made(*story, names)))


def others(number: int = 60, days: int = 400) -> list[Text]:
    """Articles about as many other things, in the same plain words."""
    dice = random.Random(7)
    titles = [
        (" ".join(dice.sample(WORDS, 4)), " ".join(dice.sample([*COMMON, *dice.sample(WORDS, 10)], 24)))
        for _ in range(number)
    ]
    return [text(dice.randrange(days), f"source{at % 9}", title) for at, title in enumerate(titles)]


def told(*texts: Text) -> set[tuple[int, int]]:
    """Which of these are joined, among others that have nothing to do with them."""
    found = grouped([*texts, *others()])
    assert all(max(group) < len(texts) for group in found), "the others are alone"
    return {pair for group in found for pair in combinations(group, 2)}


def test_two_papers_tell_one_event_in_their_own_words() -> None:
    names = ["Astrid Lund", "Hallvik"]
    assert told(text(100, "post", FERRY, names), text(100, "courier", FERRY_AGAIN, names)) == {(0, 1)}


def test_the_same_words_a_week_later_are_another_event() -> None:
    names = ["Astrid Lund", "Hallvik"]
    assert told(text(100, "post", FERRY, names), text(107, "courier", FERRY_AGAIN, names)) == set()


def test_two_towns_in_the_form_letters_of_one_source_are_two_events() -> None:
    letters = [text(100, "alden", grant, ["Alden", grant[0].split(" ")[0]]) for grant in GRANTS]
    more = [
        text(101, "alden", (f"Help for {word}", GRANT.format(word, at)), ["Alden", word])
        for at, word in enumerate(WORDS[:12])
    ]
    assert told(*letters, *more) == set()


def test_a_war_is_not_one_story_a_month_long() -> None:
    strike = (
        "At least {} people were killed by strikes on the town of Veldora, the ministry of health said in Karun."
    )
    days = [
        text(100 + day, f"s{day % 5}", ("Strikes kill many in Veldora", strike.format(40 + day)), ["Veldora"])
        for day in range(30)
    ]
    assert max(other - one for one, other in told(*days)) <= 2 * stories.DAYS


def test_hardly_a_word_tells_no_event() -> None:
    assert traits(made("Harbour report", "The harbour was seen by a reporter.")) == b""


def test_scripts_without_spaces_are_told_by_two_characters_at_a_time() -> None:
    one = made(
        "渡轮在哈尔维克附近触礁",
        "一艘载有二百一十四人的渡轮周二早晨在大雾中触礁，所有乘客都被渔船救上岸，海岸警卫队说。",
        language="zh",
    )
    other = made(
        "渡轮在哈尔维克附近触礁，乘客获救",
        "载有二百一十四人的渡轮周二早晨在大雾中触礁，所有乘客都被渔船救上岸，无人受伤。",
        language="zh",
    )
    assert told(Text(5, "a", traits(one)), Text(5, "b", traits(other))) == {(0, 1)}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1_000_000))
def test_the_same_stories_are_told_whatever_order_texts_come_in(seed: int) -> None:
    dice = random.Random(seed)
    plots = [(" ".join(dice.sample(WORDS, 5)), dice.sample(WORDS, 20)) for _ in range(6)]
    texts = []
    for _ in range(40):
        title, words = dice.choice(plots)
        body = " ".join(word if dice.random() < 0.7 else dice.choice(WORDS) for word in words)
        texts.append(text(dice.randrange(12), dice.choice("abc"), (title, body)))
    shuffled = dice.sample(range(len(texts)), len(texts))
    assert groups(texts) == groups([texts[at] for at in shuffled])


def groups(texts: Sequence[Text]) -> set[frozenset[Text]]:
    return {frozenset(texts[at] for at in group) for group in grouped(texts)}


def test_how_far_behind_is_known_by_the_hour_the_day_or_not_at_all() -> None:
    first = When("2015-03-17", "JSON-LD", 0.9, "2015-03-17T09:00:00+01:00")
    later = When("2015-03-18", "JSON-LD", 0.9, "2015-03-18T08:30:00+00:00")
    articles = [
        made("a", "x y z", date=date)
        for date in (first, later, When("2015-03-19", "meta", 0.9), When("2015", "path", 0.5), None)
    ]
    found = [(each.hours, each.days) for each in telling._told(articles)]
    assert found == [(0.0, 0), (24.5, 1), (None, 2), (None, None), (None, None)]


@pytest.mark.parametrize(
    ("body", "share"), [("a b c d e f g h", 1.0), ("x a b c d e", 5 / 6), ("a b x c d", 0.0), ("", 0.0)]
)
def test_what_stands_in_rows_of_words_of_earlier_articles_is_copied(body: str, share: float) -> None:
    tellings = list(telling._told([made("a", "a b c d e f g h"), made("b", body)]))
    assert [round(each.copied, 4) for each in tellings] == [0.0, round(share, 4)]
