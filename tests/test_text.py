"""Is a word what people write as one? Cutting, folding, stems, sentences."""

from __future__ import annotations

import re
import sys
import threading
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher import text


def surfaces(content: str) -> list[str]:
    return [word.surface for word in text.words(content)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("O'Brien", "o brien"),
        ("Kerry's", "kerry"),
        ("Kerry’s visit", "kerry visit"),
        ("Jean-Claude", "jean claude"),
        ("COVID-19", "covid 19"),
        ("the U.S. and the U.S", "the us and the us"),
        ("AT&T", "at&t"),
        ("C++ and C#", "c++ and c#"),
        ("3:30", "3:30"),
        ("6,000 or 6000", "6000 or 6000"),
        ("Zürich Straße İstanbul", "zurich strasse istanbul"),
        ("P5+1 MH17", "p5 1 mh17"),
        ("l’Ukraine", "l ukraine"),
        ("снимок Ёлки", "снимок елки"),
        ("йод", "йод"),
        ("وَقَالَ أحمد ٢٠١٥", "وقال احمد 2015"),
        ("北京 東京タワー", "北 京 東 京 タ ワ ー"),
        ("हिन्दी में", "हिन्दी में"),
        ("Ｆｕｌｌ ﬁre", "full fire"),
        ("snake_case", "snake case"),
        ("so\u00adft zero\u200bwidth", "soft zerowidth"),
        ("обʼєкт об’єкт Hawaiʻi", "об єкт об єкт hawai i"),
        ("ジョン・ケリー ﾎﾟｹ", "ジ ョ ン ケ リ ー ホ\u309a ケ".replace("ホ\u309a", "ポ")),
        ("ปี ๒๕๕๘ ၂၀၁၅ ໒໐", "ป\u0e35 2558 2015 20"),
        ("٦٬٠٠٠ 12,34,567 1,2,3", "6000 1234567 1,2,3"),
        ("کتاب‌ها ශ්‍රී", "كتاب ها ශ්රී"),
        ("ـ كـتاب", "كتاب"),
        ("— … 😀", ""),
    ],
)
def test_words_are_cut_as_people_write_them(content: str, expected: str) -> None:
    assert surfaces(content) == expected.split()


@given(st.text(max_size=80))
def test_every_word_stands_where_it_says_and_is_cut_alike_for_indexing(content: str) -> None:
    found = list(text.words(content))
    assert [word.surface for word in found] == text.terms(content, "en")[0]
    for word, after in pairwise(found):
        assert word.end <= after.start
    for word in found:
        assert content[word.start : word.end].lower() == word.raw
        assert word.surface


@given(st.text(max_size=60), st.sampled_from("北ไאф"))
def test_a_rare_character_changes_no_word_but_its_own(content: str, rare: str) -> None:
    assert surfaces(f"{content} {rare}")[: len(surfaces(content))] == surfaces(content)


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(word: str) -> None:
    assert text.value(text.value(word)) == text.value(word)


def test_every_letter_and_digit_is_a_word_with_a_surface_without_space() -> None:
    letters = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isalnum()]
    folded = {letter: surfaces(letter) for letter in letters if unicodedata.category(letter) != "Lm"}
    assert {
        letter: found for letter, found in folded.items() if len(found) != 1 or not "".join(found[0].split())
    } == {}
    assert not [letter for letter, found in folded.items() if any(char.isspace() for char in found[0])]
    digits = [letter for letter in letters if unicodedata.category(letter) == "Nd" and ord(letter) < 0x1900]
    assert [letter for letter in digits if folded[letter] != [str(unicodedata.digit(letter))]] == []


@given(st.text(max_size=30))
def test_the_stems_of_a_query_hold_the_stem_of_the_word_itself(content: str) -> None:
    for word in text.words(content):
        for language in ("en", "de", "fr", "ru", "ar", "ko", "hi", None):
            stem = text.terms(content[word.start : word.end], language)[1]
            assert stem == [] or len(stem) > 1 or stem[0] in text.stems(word.raw, (language or "",))


def test_stems_follow_the_language_and_meet_with_and_without_accents() -> None:
    assert text.terms("visits visited", "en")[1] == ["visit", "visit"]
    assert text.terms("Häuser", "de")[1] == text.terms("Haus", "de")[1]
    assert text.terms("переговоры", "ru")[1] == text.terms("переговоров", "ru")[1]
    assert text.terms("visits", None)[1] == ["visits"]
    assert text.terms("notes not", "de")[1] == ["not/de", "not/de"], "a stem is of its language"
    assert text.terms("किताबें", "hi")[1] == text.terms("किताब", "hi")[1]
    assert set(text.terms("réunion réunions", "fr")[1]) <= set(text.stems("reunions", ("fr",)))


def test_stemming_in_many_threads_gives_what_one_thread_gives() -> None:
    words = [f"running{number}s visiting" for number in range(300)]
    expected = [text.terms(word, "en") for word in words]
    text._FORMS.clear()
    text._CHUNKS.clear()
    wrong: list[str] = []

    def stem() -> None:
        wrong.extend(word for word, right in zip(words, expected, strict=True) if text.terms(word, "en") != right)

    threads = [threading.Thread(target=stem) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Mr. Kerry left. He flew home.", ["Mr. Kerry left.", "He flew home."]),
        ("“Go.” So he went.", ["“Go.”", "So he went."]),
        ("The U.S. team won 3.5 points", ["The U.S. team won 3.5 points"]),
        ("A title\n\nA paragraph", ["A title", "A paragraph"]),
        ("北京。上海！好", ["北京。", "上海！", "好"]),
        ("वह गया। वह आई।", ["वह गया।", "वह आई।"]),
        ("ရန်ကုန်။ မြန်မာ", ["ရန်ကုန်။", "မြန်မာ"]),
        ("Он ушёл. Она осталась.", ["Он ушёл.", "Она осталась."]),
        ("Dr. J. Doe spoke… and stopped", ["Dr. J. Doe spoke… and stopped"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_would_stop(content: str, expected: list[str]) -> None:
    assert [content[start:end] for start, end in text.sentences(content)] == expected


@pytest.mark.parametrize(
    ("content", "sentences", "paragraphs"),
    [
        ("Mr. Kerry left. He flew home.", [0, 3], [0]),
        ("A title\n\nA paragraph. Its end", [0, 2, 4], [0, 2]),
        ("One. Two\nthree. Four\n \n\nFive", [0, 1, 3, 4], [0, 4]),
        ("\n\n— … !\n\nOne. — ! Two.", [0, 1], [0]),
        ("In the U.S. The end", [0, 3], [0]),
        ("北京。上海！好", [0, 2, 4], [0]),
        ("— …", [], []),
        ("", [], []),
    ],
)
def test_sentences_and_paragraphs_begin_with_a_word(
    content: str, sentences: list[int], paragraphs: list[int]
) -> None:
    assert text.cut(content, "en")[2:4] == (sentences, paragraphs)


def first_words(content: str, starts: list[int]) -> list[int]:
    """The positions of the words that are the first at or behind some start."""
    found = [word.start for word in text.words(content)]
    behind = [[at for at, start in enumerate(found) if start >= begin] for begin in starts]
    return sorted({some[0] for some in behind if some})


@settings(max_examples=500)
@given(st.text(max_size=80) | st.text('aB.U.S’s"c) \n\n!A。北&+#1,\u0301\u0663\u0600', max_size=60))
def test_what_is_cut_for_indexing_agrees_with_words_and_sentences(content: str) -> None:
    surfaces, stems, sentences, paragraphs, written = text.cut(content, "en")
    assert (surfaces, stems) == text.terms(content, "en")
    assert surfaces == [word.surface for word in text.words(content)]
    assert sentences == first_words(content, [start for start, _ in text.sentences(content)])
    assert paragraphs == first_words(content, [0, *(match.end() for match in re.finditer(r"\n\s*\n", content))])
    assert set(paragraphs) <= set(sentences)
    stands = [content[start:end] for start, end in text.Spans(content)]
    assert stands == [content[start:end] for start, end in text.Spans(content)[:]]
    assert [text.fold(word) for word in stands] == surfaces
    assert [form or text.written(word) for form, word in zip(written, stands, strict=True)] == list(
        map(text.written, stands)
    )
    forms = [form for chunk in content.split() for form in text.chunk_forms("en")[chunk]]
    assert forms == list(zip(surfaces, stems, written, strict=True))
    places = [(at, chunk) for chunk in set(content.split()) for at in text.standing(content, chunk)]
    assert [chunk for _, chunk in sorted(places)] == content.split()


@given(st.lists(st.text("aB. U\n北", min_size=1, max_size=9), min_size=1, max_size=4))
def test_a_long_text_that_is_remembered_is_not_taken_for_another(contents: list[str]) -> None:
    for content in (some * text.LONG for some in (*contents, *contents)):
        assert text.surfaces(content) == surfaces(content)
        assert text.count(content) == len(text.surfaces(content))


@given(st.text(alphabet="ab. \n!A。", max_size=60))
def test_sentences_cover_every_letter_once(content: str) -> None:
    covered = "".join(content[start:end] for start, end in text.sentences(content))
    assert "".join(covered.split()) == "".join(content.split())


@given(st.text(st.sampled_from("ab. \n\t\u00a0\u2003é北"), max_size=40), st.lists(st.integers(0, 39), max_size=8))
def test_a_word_is_found_at_its_place_in_whatever_order_places_are_asked_for(
    content: str, asked: list[int]
) -> None:
    expected = [(word.start, word.end) for word in text.words(content)]
    spans = text.Spans(content)
    for number in asked:
        if number < len(expected):
            assert spans[number] == expected[number]
