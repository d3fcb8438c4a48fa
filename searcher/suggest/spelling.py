"""Which words and names of this archive are spelled most like one that it does not have? The likeliest first.

Likely is what is few errors away (the optimal string alignment distance: two swapped letters are one error) and
stands in many articles: an error weighs as much as being a hundred times as frequent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, product
from math import log
from string import ascii_lowercase

from searcher import fields, text
from searcher.query import patterns
from searcher.query.tree import Exact, Leaf, Loose, Node, Phrase, Wild, Word
from searcher.suggest.asking import Asked
from searcher.suggest.widening import at

PENALTY = 100
"""How many times as frequent a word must be to be as likely as one with an error less."""

COUNTED = 60
"""Of how many near words it is asked how frequent they are."""

LIKES = 3
"""How many likes of one word are given."""

LONGEST = 30
"""Letters of a word that may be several."""

SPLITS = 12
"""How many ways to cut a word in two or three are tried."""

VALUES = 20_000
"""Among how many whole values of a field, the most frequent, likes are looked for."""

_DOUBLED = re.compile(r"(.)\1+")

TEXTS = ("title", "body")
"""Where the words of the archive are; the lead is a part of both."""


def likes(leaf: Leaf, field: str | None, asked: Asked) -> list[Node]:
    """What may have been meant by a leaf that finds nothing, the likeliest first; every one finds something."""
    for tried in _tried(leaf, field, asked):
        made = dict.fromkeys(node for node in tried if node != leaf)
        found = list(islice((node for node in made if asked.total(at(node, field))), LIKES))
        if found:
            return found
    return []


def _tried(leaf: Leaf, field: str | None, asked: Asked) -> Iterator[Iterable[Node]]:
    """One kind of likes after the other."""
    kind = fields.BY_NAME[field].kind if field else "text"
    names = (field,) if field else TEXTS
    if kind == "text":
        yield _split(leaf, field, names, asked)
    if kind != "value" and not (kind == "name" and isinstance(leaf, Exact)):
        yield _respelled(leaf, names, asked)
    if field and kind != "text":
        yield _values(leaf, field, asked)


def near(word: str, names: tuple[str, ...], asked: Asked) -> list[str]:
    """The words of these index fields that are like this one, the likeliest first; only those about as likely."""
    scored = sorted(_scored(word, names, asked), key=lambda pair: (-pair[0], pair[1]))
    return [other for score, other in scored if score > scored[0][0] - log(PENALTY)][:LIKES]


def commoner(word: str, least: int, asked: Asked) -> list[str]:
    """The words in `least` articles or more that are one error away from a word that stands in some, too."""
    surface = text.fold(word)
    found = near(surface, TEXTS, asked)
    return [
        other for other in found if patterns.distance(surface, other) == 1 and asked.having(other, TEXTS) >= least
    ]


def _scored(word: str, names: tuple[str, ...], asked: Asked) -> Iterator[tuple[float, str]]:
    for away, other in sorted(_nearest(word, names, asked))[:COUNTED]:
        yield log(max(1, asked.having(other, names))) - away * log(PENALTY), other


def _nearest(word: str, names: tuple[str, ...], asked: Asked) -> list[tuple[float, str]]:
    """The words with few errors, and how many.

    They are looked for among those that begin with one of its first two letters, which is a tenth of all; a first
    letter that is wrong, which is rare and weighs more, is found if it is the only error.
    """
    errors = _errors(word)
    if not errors:
        return []
    known = asked.words(names, word[0]) | asked.words(names, word[1])
    found = set(patterns.fuzzy(word, errors)(known))
    found |= {other for other in _begun_otherwise(word) if asked.having(other, names)}
    return [(_weight(word, other), other) for other in found - {word}]


def _weight(word: str, other: str) -> float:
    """The errors between two words; the first letter counts twice, letters doubled or left out count less."""
    away = patterns.distance(word, other) + (other[0] != word[0])
    doubled = _DOUBLED.sub(r"\1", word) == _DOUBLED.sub(r"\1", other)
    return away - (0.5 if doubled else 0.25 if len(other) > len(word) else 0)


def _begun_otherwise(word: str) -> Iterator[str]:
    """The word with every other letter of its alphabet at its beginning."""
    first = ord(word[0])
    letters = ascii_lowercase if word[0] in ascii_lowercase else map(chr, range(max(0, first - 32), first + 33))
    return (letter + word[1:] for letter in letters if letter.isalpha())


def _errors(word: str) -> int:
    """How many errors a word of this length may have: none of one or two letters or in a number."""
    letters = len(word)
    if letters < 3 or not any(char.isalpha() for char in word):
        return 0
    return 1 if letters <= 5 else 2 if letters <= 9 else 3


def _respelled(leaf: Leaf, names: tuple[str, ...], asked: Asked) -> Iterator[Node]:
    """The leaf with words that the archive has in the place of those that it has not."""
    if not isinstance(leaf, Word | Phrase | Loose | Exact) or (isinstance(leaf, Phrase) and "*" in leaf.text):
        return
    content = leaf.text.lower()
    found = list(text.words(content))
    choices = [_choices(word, names, asked) for word in found]
    if not any(len(some) > 1 or some[0] != word.surface for some, word in zip(choices, found, strict=True)):
        return
    for chosen in sorted(
        islice(product(*map(enumerate, choices)), 27), key=lambda some: sum(at_ for at_, _ in some)
    ):
        made = content
        for word, (_, other) in reversed(list(zip(found, chosen, strict=True))):
            if other != word.surface:
                made = made[: word.start] + other + made[word.end :]
        yield (
            Phrase(made)
            if isinstance(leaf, Exact)
            else Loose(made, leaf.slack)
            if isinstance(leaf, Loose)
            else type(leaf)(made)
        )


def _choices(word: text.Word, names: tuple[str, ...], asked: Asked) -> list[str]:
    """The word, if the archive has it; else those that are like it."""
    if asked.having(word.surface, names):
        return [word.surface]
    return near(word.surface, names, asked) or [word.surface]


def _split(leaf: Leaf, field: str | None, names: tuple[str, ...], asked: Asked) -> Iterator[Node]:
    """A word that should be two, or else three: "climatechange"; the most frequent first."""
    if not isinstance(leaf, Word | Phrase) or not leaf.text.isalpha() or not 5 <= len(leaf.text) <= LONGEST:
        return
    for pieces in (2, 3):
        cuts = islice(_cuts(text.fold(leaf.text), pieces, names, asked), SPLITS)
        phrases = [Phrase(" ".join(cut)) for cut in cuts]
        phrases = [phrase for phrase in phrases if asked.total(at(phrase, field))]
        yield from sorted(phrases, key=lambda phrase: -(asked.total(at(phrase, field)) or 0))
        if phrases:
            return


def _cuts(word: str, pieces: int, names: tuple[str, ...], asked: Asked) -> Iterator[list[str]]:
    """The word cut into so many words that the archive has, of two letters at least: shorter ones are noise."""
    if pieces == 1:
        if asked.having(word, names):
            yield [word]
        return
    for middle in range(len(word) - 2 * pieces + 2, 1, -1):
        if asked.having(word[:middle], names):
            yield from ([word[:middle], *rest] for rest in _cuts(word[middle:], pieces - 1, names, asked))


def _values(leaf: Leaf, field: str, asked: Asked) -> Iterator[Node]:
    """Whole values that are spelled like the leaf, and those that hold it as a part: "courier", Harbour Courier."""
    if not isinstance(leaf, Word | Phrase | Exact):
        return
    if not fields.BY_NAME[field].facet:  # addresses and ids: a part of one is all that is remembered
        yield Wild(f"*{leaf.text.lower()}*")
        return
    typed = text.value(leaf.text)
    shown = [value for value, _ in asked.values(field).most_common(VALUES)]
    folded = {text.value(value): value for value in reversed(shown)}
    within = re.compile(rf"\b{re.escape(typed)}\b")
    yield from (_whole(folded[value]) for value in islice(filter(within.search, folded), LIKES))
    errors = _errors(typed) or 1
    like = sorted(patterns.fuzzy(typed, errors)(folded), key=lambda value: patterns.distance(typed, value))
    yield from (_whole(folded[value]) for value in like[:LIKES])


def _whole(value: str) -> Node:
    """A whole value: a plain word as it is typed, anything else as it is shown."""
    return (
        Word(value.lower())
        if re.fullmatch(r"[a-z0-9]+", value.lower())
        else Exact(" ".join(value.replace('"', " ").split()))
    )
