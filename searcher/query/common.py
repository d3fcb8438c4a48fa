"""Which words of a question do not say what it is about? In the one language that most of its words are of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from searcher.tables import table

ENOUGH = 2
"""How many common words, at the least, make a question one in another language than English."""


def common(words: Collection[str]) -> frozenset[str]:
    """Those of the words, in lower case, that say nothing; none if there would be no other left.

    A question is in one language, that whose list holds most of its words, English if in doubt: "die" is an article
    in German and none in English.

    >>> sorted(common(["what", "did", "kerry", "do", "in", "sochi"]))
    ['did', 'do', 'in', 'what']
    >>> common(["who", "is", "who"]), common(["die", "hard"])
    (frozenset(), frozenset())
    """
    plain = {word: word.replace("’", "'") for word in words}
    english, *others = (frozenset(word for word in plain if plain[word] in known) for known in lists().values())
    found = max([english, *(other for other in others if len(other) >= ENOUGH)], key=len)
    return found if len(found) < len(plain) else frozenset()


@cache
def lists() -> Mapping[str, frozenset[str]]:
    """The common words of each language that has a list, English first."""
    return {language: frozenset(words.split()) for language, words in table("searcher.query", "common").items()}
