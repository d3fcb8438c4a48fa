"""Do patterns fit the words that they should, and no others, whatever was typed, and without running away?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from searcher import text
from searcher.query import patterns

words = st.lists(st.text("abcй.+&", min_size=1, max_size=7), max_size=40, unique=True)


@given(words, st.text("abcй.+&", min_size=1, max_size=7), st.sampled_from([1, 2]))
def test_typing_errors_are_those_that_the_distance_counts(known: list[str], typed: str, edits: int) -> None:
    near = {word for word in known if OSA.distance(typed, word) <= edits}
    assert set(patterns.fuzzy(typed, edits)(known)) == near
    assert set(patterns.fuzzy(typed, edits)(text.Lines(known))) == near


@given(words, st.text("abc*?.й", min_size=1, max_size=6))
def test_wildcards_fit_as_a_loop_over_their_letters_does(known: list[str], pattern: str) -> None:
    prefix, fits = patterns.wild(pattern, text.fold)
    wanted = re.compile("".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern))
    likely = [word for word in known if word.startswith(prefix)]
    if "." not in pattern:  # a full stop in a word is folded away
        assert set(fits(likely)) == {word for word in known if wanted.fullmatch(word)}


def test_a_regular_expression_fits_whole_words_without_case_and_accents() -> None:
    known = ["kerry", "kerrey", "mckerry", "zurich", "сочи", "al"]
    assert list(patterns.regex("kerr(e?y)")(known)) == ["kerry", "kerrey"]
    assert list(patterns.regex("KERR.*|Züri.h")(known)) == ["kerry", "kerrey", "zurich"]
    assert list(patterns.regex("[^a-z]+")(known)) == ["сочи"], "nothing fits more than one word"
    assert list(patterns.regex(r"\w{2}")(known)) == ["al"]


@pytest.mark.parametrize("pattern", ["(a*)*b", "(a|aa)+$", "(x+x+)+y", "((a?){50}){20}", "(.*a){25}"])
def test_a_regular_expression_that_others_run_away_with_ends(pattern: str) -> None:
    assert patterns.fault(pattern) is None
    assert list(patterns.regex(pattern)(["a" * 5000, "x" * 5000])) in ([], ["a" * 5000])


@pytest.mark.parametrize(
    "pattern", ["(", "a)|(b", "[", "*a", "(?=a)", r"(a)\1", "a{2,1}", "a{1000}{1000}", "(?P<a"]
)
def test_a_bad_regular_expression_says_what_is_wrong(pattern: str) -> None:
    found = patterns.fault(pattern)
    assert found is not None
    assert found[0].startswith("bad regular expression, ")
    assert found[1]
