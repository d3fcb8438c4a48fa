"""Which words does a leaf of the tree stand for? Rows of words of one field; whole values of another.

Patterns are matched against the words of the archive, and refused where they fit too many.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, product
from typing import TypeAlias, assert_never

from searcher import fields, text
from searcher.errors import QueryError
from searcher.query import patterns
from searcher.query import tree as t
from searcher.query.plan import ANY, EXACT, STEM, WEIGHTS, WIDEST, Row

Lookup: TypeAlias = Callable[[str, str], Iterable[str]]
"""(index field, prefix) → the words or folded values of that field that begin so."""


class Expansion:
    """The words of one archive, and the languages whose stems a word may have."""

    def __init__(self, lookup: Lookup, languages: tuple[str, ...]) -> None:
        self._lookup = lookup
        self._languages = languages
        self._fitted: dict[tuple[str, tuple[str, ...]], list[str]] = {}

    def values(self, leaf: t.Leaf, name: str) -> Iterable[str]:
        """The folded whole values that a leaf stands for."""
        match leaf:
            case t.Wild(pattern):
                return self._fitting(pattern, *patterns.wild(pattern, text.value), (name,))
            case t.Regex(pattern):
                return self._fitting(str(leaf), "", patterns.regex(pattern), (name,))
            case t.Fuzzy(content, edits):
                return self._fitting(str(leaf), "", patterns.fuzzy(text.value(content), edits), (name,))
            case t.Word(content) | t.Phrase(content) | t.Exact(content) | t.Loose(content):
                return (text.value(content),)
            case _:
                assert_never(leaf)

    def fuzzy(self, leaf: t.Fuzzy, where: tuple[str, ...]) -> list[str]:
        """The words of these fields that are near enough, sorted."""
        return self._fitting(str(leaf), "", patterns.fuzzy(text.fold(leaf.text), leaf.edits), where)

    def rows(self, leaf: t.Leaf, name: str, where: tuple[str, ...]) -> Iterator[Row]:
        """The rows of words that a leaf stands for in a field; what fits a pattern is looked for in `where`.

        Raises QueryError for a pattern that fits more than WIDEST words, with their number.
        """
        match leaf:
            case t.Word(content):
                yield from self._word(content, name)
            case t.Exact(content):
                written = (text.written(content[word.start : word.end]) for word in text.words(content))
                yield from _row(name + EXACT, list(written), name)
            case t.Phrase(content) if "*" in content:
                yield from self._product(content, content.split(), "*", name, where)
            case t.Phrase(content) | t.Loose(content):
                yield from _row(name, [word.surface for word in text.words(content)], name)
            case t.Wild(pattern):
                yield from self._product(pattern, filter(None, re.split(r"[^\w*?]+", pattern)), "*?", name, where)
            case t.Regex(pattern):
                found = self._fitting(str(leaf), "", patterns.regex(pattern), where)
                yield from (Row(name, (word,), WEIGHTS.get(name, 1.0)) for word in found)
            case t.Fuzzy():
                yield from (Row(name, (word,), WEIGHTS.get(name, 1.0)) for word in self.fuzzy(leaf, where))
            case _:
                assert_never(leaf)

    def _word(self, content: str, name: str) -> Iterator[Row]:
        """The word as it is, its stems, and the other ways to write a number."""
        found = list(text.words(content))
        yield from _row(name, [word.surface for word in found], name)
        if len(found) == 1 and fields.BY_NAME[name].kind == "text":
            for stem in text.stems(found[0].raw, self._languages):
                yield from _row(name + STEM, [stem], name)
            for words in text.grouped(found[0].surface):
                yield from _row(name, list(words), name)

    def _product(
        self, typed: str, pieces: Iterable[str], wild: str, name: str, where: tuple[str, ...]
    ) -> Iterator[Row]:
        """Every row that the pieces of a phrase or a pattern allow."""
        slots = [self._slot(piece, wild, where) for piece in pieces]
        rows = list(islice(product(*slots), WIDEST + 1))
        if len(rows) > WIDEST:
            message = f"wildcards that fit more than {WIDEST:,} rows of words: {typed}"
            raise QueryError(message, typed, (0, len(typed)), "add letters")
        for row in rows:
            yield from _row(name, list(chain.from_iterable(row)), name)

    def _slot(self, piece: str, wild: str, where: tuple[str, ...]) -> Sequence[Sequence[str]]:
        """What may stand in the place of one piece."""
        if not any(sign in piece for sign in wild):
            return [[word.surface for word in text.words(piece)]]
        if set(piece) == {"*"}:
            return [[ANY]]
        if text.unspaced(bare := piece.strip("*")):  # 北京*: each character is a word, and more may follow anyway
            return [[word.surface for word in text.words(bare)]]
        return [[word] for word in self._fitting(piece, *patterns.wild(piece, text.fold), where)]

    def _fitting(self, typed: str, prefix: str, fits: patterns.Fits, where: tuple[str, ...]) -> list[str]:
        """The words of these fields that fit a pattern, sorted."""
        if (typed, where) not in self._fitted:
            found = {word for name in where for word in fits(self._lookup(name, prefix))}
            if len(found) > WIDEST:
                message = f"a pattern that fits {len(found):,} words: {typed}"
                raise QueryError(message, typed, (0, len(typed)), f"add letters: at most {WIDEST:,} are searched")
            self._fitted[typed, where] = sorted(found)
        return self._fitted[typed, where]


def _row(index_field: str, words: list[str], name: str) -> Iterator[Row]:
    """A row of words; any word before the first that is given, or behind the last, says nothing."""
    while words and words[0] == ANY:
        del words[0]
    while words and words[-1] == ANY:
        del words[-1]
    if words:
        yield Row(index_field, tuple(words), WEIGHTS.get(name, 1.0))
