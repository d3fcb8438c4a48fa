"""Which words of a line in capitals, or of a headline Written Like This, are names? Only those that are mostly
written with a capital elsewhere: in the text itself, or in the lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from searcher.metadata.lexicon import LOWER, UPPER, lexicon
from searcher.metadata.tokens import WORD, Token

SHORTEST = 8
"""How many characters a line in capitals has at least: less may be an acronym."""

_CAPITALS = re.compile(r"[A-Z][A-Z'&-]+(?:,? [A-Z][A-Z'&-]*){4,}")


def title_case(title: str) -> bool:
    """A headline That Is Written Like This says of no word that it is a name."""
    long = [word for word in title.split() if len(word) > 3 and word[0].isalpha()]
    return len(long) > 3 and sum(word[0].isupper() for word in long) > 0.7 * len(long)


def recased(text: str, found: list[Token], title: int) -> tuple[list[Token], frozenset[int]]:
    """The tokens as they would stand in a sentence, and which of them stood in a line that says nothing by its
    capitals. The first `title` characters of the text are its headline."""
    lines = list(_capitals(text))
    if title_case(text[:title]) and not (lines and lines[0][0] == 0):
        lines.insert(0, (0, title))
    if not lines:
        return found, frozenset()
    inside = frozenset(_inside(found, lines))
    outside = list(map(WORD, found))
    for index in inside:
        outside[index] = ""
    elsewhere = set(outside)
    changed = found.copy()
    for index in inside:
        changed[index] = _sentence(found[index], elsewhere)
    return changed, inside


def _capitals(text: str) -> Iterator[tuple[int, int]]:
    """Lines in capitals, and passages of five and more words in capitals inside other lines."""
    start = 0
    for line in text.split("\n"):
        if line.isupper() and len(line) >= SHORTEST:
            yield start, start + len(line)
        else:
            yield from ((start + found.start(), start + found.end()) for found in _CAPITALS.finditer(line))
        start += len(line) + 1


def _inside(found: Sequence[Token], lines: Sequence[tuple[int, int]]) -> Iterator[int]:
    at = 0
    for index, token in enumerate(found):
        while at < len(lines) and lines[at][1] <= token.start:
            at += 1
        if at == len(lines):
            return
        if lines[at][0] <= token.start:
            yield index


def _sentence(token: Token, elsewhere: set[str]) -> Token:
    """A word as the rest of the text writes it, or else as texts mostly do."""
    word = token.text
    low = word.lower()
    if not word[:1].isupper():
        return token
    titled = _titled(word) if word.isupper() else word
    if titled in elsewhere and low not in elsewhere:
        return token._replace(text=titled)
    if word in elsewhere and word.isupper():
        return token
    case = lexicon().of(low).case
    if low in elsewhere or case == LOWER:
        return token._replace(text=low, capital=False)
    return token if case == UPPER or "." in word or len(word) == 1 else token._replace(text=titled)


_NO_VOWELS = re.compile(r"[^AEIOUY]{2,5}")


def _titled(word: str) -> str:
    """A word in capitals with only its first letter large; without vowels it is an acronym.

    >>> _titled("KERRY"), _titled("MCDONALD"), _titled("O'BRIEN"), _titled("NFL")
    ('Kerry', 'McDonald', "O'Brien", 'NFL')
    """
    if _NO_VOWELS.fullmatch(word):
        return word
    shown = re.sub(r"(?<![^\W\d_])[^\W\d_]", lambda match: match[0].upper(), word.lower())
    return re.sub(r"\bMc([a-z])", lambda match: "Mc" + match[1].upper(), shown)
