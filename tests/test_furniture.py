"""Is what stands on several pages of one source known as the site's, and an article that was reprinted as an article?"""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import furniture

WORDS = [f"{a}{b}{c}" for a in "bdfklmnprst" for b in ("a", "e", "io", "u") for c in ("l", "rn", "st", "t", "ck")]
CHROME = [
    "Harbour Courier since 1893",
    "Tides of the week at a glance",
    "Our readers in the harbour pay for all of this, and you can do it as well.",
]
"""Lines of a site that no list knows."""


def prose(seed: object, paragraphs: int = 5, words: int = 40) -> list[str]:
    """Paragraphs that nobody else writes."""
    dice = random.Random(str(seed))
    return [" ".join(dice.choices(WORDS, k=words)).capitalize() + "." for _ in range(paragraphs)]


def edited(paragraphs: list[str], seed: int, share: float = 0.3) -> list[str]:
    """A version in which that share of the paragraphs has another word or two."""
    dice = random.Random(seed)
    chosen = set(dice.sample(range(len(paragraphs)), max(1, round(share * len(paragraphs)))))
    return [_touched(text, dice) if at in chosen else text for at, text in enumerate(paragraphs)]


def _touched(paragraph: str, dice: random.Random) -> str:
    words = paragraph.split()
    for _ in range(2):
        words[dice.randrange(len(words))] = dice.choice(WORDS)
    return " ".join(words)


def learned(pages: list[list[str]]) -> set[str]:
    """The paragraphs of these pages that are furniture."""
    marks = furniture.learn([furniture.sketch(page) for page in pages])
    return {paragraph for page in pages for paragraph in page if furniture.mark(paragraph) in marks}


def test_what_stands_on_three_pages_of_a_source_is_furniture_and_on_two_is_not() -> None:
    pages = [[CHROME[0], *prose(number), *CHROME[1:]] for number in range(3)]
    assert learned(pages) == set(CHROME)
    assert learned(pages[:2]) == set()


def test_short_pages_that_are_mostly_furniture_show_it_too() -> None:
    assert learned([[*CHROME[:2], *prose(number, 1, 20), CHROME[2]] for number in range(4)]) == set(CHROME)
    assert learned([[*prose(number, 1, 8), *CHROME] for number in range(3)]) == set(CHROME)


@pytest.mark.parametrize("copies", [2, 3, 5, 9])
def test_an_archive_in_which_every_article_stands_several_times_loses_nothing(copies: int) -> None:
    assert learned([prose(number) for number in range(8) for _ in range(copies)]) == set()
    assert learned([prose(number, 1, 6) for number in range(8) for _ in range(copies)]) == set()


@pytest.mark.parametrize("copies", [2, 3, 5, 9])
def test_furniture_is_found_all_the_same_where_every_article_stands_several_times(copies: int) -> None:
    pages = [[*CHROME, *prose(number)] for number in range(8) for _ in range(copies)]
    assert learned(pages) == set(CHROME)


@pytest.mark.parametrize("copies", [3, 5, 9])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_copies_with_small_edits_lose_nothing_and_show_nothing(copies: int, share: float) -> None:
    texts = [prose(number, 10) for number in range(8)]
    pages = [edited(text, seed, share) for text in texts for seed in range(copies)]
    assert learned(pages) == set()
    assert learned([[*CHROME, *page] for page in pages]) == set(CHROME)


def test_a_story_that_was_corrected_and_then_updated_keeps_its_text() -> None:
    first = prose("story", 8)
    versions = [[*prose(f"lead {number}", number), *first] for number in range(4)]
    assert learned(versions) == set()
    corrected = [edited(first, number, 0.2) for number in range(3)]
    assert learned([*versions, *corrected]) == set()
    others = [[CHROME[2], *prose(number)] for number in range(5)]
    assert learned([*others, *([CHROME[2], *version] for version in versions)]) == {CHROME[2]}


def test_running_text_that_a_large_source_repeats_now_and_then_is_its_background() -> None:
    background = prose("background", 1)
    pages = [[*prose(number), *(background if number % 20 == 0 else [])] for number in range(100)]
    assert learned(pages) == set()
    assert learned([[*prose(number), *(background if number % 4 == 0 else [])] for number in range(100)]) == set(
        background
    )


def test_a_form_letter_is_one_article_however_many_towns_it_is_sent_to() -> None:
    form = prose("form", 4)
    assert learned([[f"{town.capitalize()} gets a grant.", *form] for town in WORDS[:30]]) == set()


def test_case_and_spaces_make_no_difference_and_pages_without_words_are_no_trouble() -> None:
    pages = [[*prose(number), "Read  More" if number else "READ MORE"] for number in range(3)]
    assert learned(pages) == {"READ MORE", "Read  More"}
    assert learned([["***"], [], [""], ["—"]]) == set()
    assert furniture.learn([]) == frozenset()
    assert furniture.found([b"", b""]) == [b"", b""]


def test_numbers_and_single_letters_are_what_lists_and_interviews_are_made_of() -> None:
    assert learned([["1.", "Q.", "A", *prose(number), "2015"] for number in range(5)]) == set()


def test_scripts_without_spaces_are_read_as_well() -> None:
    chrome = "分享到微博"
    pages = [
        ["".join(chr(0x4E00 + random.Random(number * 97 + at).randrange(9000)) for at in range(80)), chrome]
        for number in range(4)
    ]
    assert learned(pages) == {chrome}


def test_what_is_found_on_a_page_are_the_marks_of_its_own_paragraphs() -> None:
    pages = [[*CHROME, *prose(number)] for number in range(4)] + [prose("alone")]
    cuts = furniture.found([furniture.sketch(page) for page in pages])
    assert [furniture.marks(cut) for cut in cuts] == [frozenset(map(furniture.mark, CHROME))] * 4 + [frozenset()]


@given(st.lists(st.lists(st.sampled_from([*WORDS[:9], "—", "U.S.", "北京", "x-y"]), max_size=8), max_size=6))
def test_what_is_remembered_of_a_paragraph_does_not_depend_on_those_beside_it(words: list[list[str]]) -> None:
    page = list(dict.fromkeys(" ".join(some) for some in words))
    assert furniture.sketch(page) == b"".join(furniture.sketch([paragraph]) for paragraph in page)


@given(st.lists(st.integers(0, 12), min_size=3, max_size=25), st.randoms(use_true_random=False))
def test_the_order_of_the_pages_makes_no_difference(numbers: list[int], dice: random.Random) -> None:
    pages = [[*CHROME[: number % 4], *edited(prose(number % 5), number)] for number in numbers]
    before = learned(pages)
    dice.shuffle(pages)
    assert learned(pages) == before
