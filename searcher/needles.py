"""Which words of a text do the parts of a plan ask for? Words by field, found in what stands between two spaces.

Hardly any word of an article is asked for, and nearly all were met before in other articles: so what was met is
remembered by the forms of its words, and a text is only compared with what has the forms that are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from searcher import text
from searcher.query.plan import EXACT, STEM


class Match(NamedTuple):
    """A leaf of the plan, found at these characters of a text."""

    leaf: int
    start: int
    end: int


class Needles:
    """What to look for in a field: surfaces, stems and written forms, each with the leaves that ask for it."""

    def __init__(self) -> None:
        self.forms: tuple[dict[str, set[int]], ...] = ({}, {}, {})

    def add(self, name: str, word: str, leaf: int) -> None:
        """A word of an index field."""
        form = 1 if name.endswith(STEM) else 2 if name.endswith(EXACT) else 0
        self.forms[form].setdefault(word, set()).add(leaf)

    def within(self, other: Needles | None) -> bool:
        """Whether the other looks for all of this as well."""
        pairs = zip(self.forms, other.forms, strict=True) if other else ()
        return other is not None and all(
            leaves <= theirs.get(word, set()) for mine, theirs in pairs for word, leaves in mine.items()
        )

    def any(self) -> frozenset[str]:
        """A surface or a stem of every word that is asked for."""
        surfaces, stems, written = self.forms
        return frozenset([*surfaces, *stems, *(word.partition("/")[0] for word in written)])


class Known(dict[str, tuple[Match, ...]]):
    """What stands between two spaces → the words in it that leaves ask for, in one language."""

    def __init__(self, needles: Needles, language: str | None) -> None:
        super().__init__()
        self._needles, self._language = needles.forms, language
        self._any = needles.any()
        self._forms = text.chunk_forms(language)

    def __missing__(self, chunk: str) -> tuple[Match, ...]:
        pairs = zip(map(self._asking, self._forms[chunk]), text.Spans(chunk, self._language), strict=True)
        found = self[chunk] = tuple(Match(leaf, *span) for leaves, span in pairs for leaf in leaves)
        return found

    def _asking(self, forms: tuple[str, str, str]) -> set[int]:
        surface, stem, written = forms
        surfaces, stems, as_written = self._needles
        none: set[int] = set()
        found = surfaces.get(surface, none) | stems.get(stem, none)
        return found | as_written.get(written or f"{surface}/{surface}", none)

    def chunks(self, content: str) -> Iterable[str]:
        """What stands between two spaces in this text and may have a word that is asked for, each once."""
        return _met(self._language).having(set(content.split()), self._any)


@lru_cache(maxsize=1000)
def _begins(letters: str) -> Callable[[str], object]:
    """Says whether a word in what stands between two spaces begins with one of these, if it is all ASCII."""
    return re.compile(f"(?<![a-z])[{re.escape(letters)}]" if letters else "(?!)", re.IGNORECASE).search


class _Met:
    """What stands between two spaces and was met, by the surfaces and stems of its words."""

    LIMIT = 50_000
    LONGEST = 40  # characters; a longer one, a line of Chinese say, is hardly met twice

    def __init__(self, language: str | None) -> None:
        self.met: set[str] = set()
        self._by: dict[str, set[str]] = {}
        self._forms = text.chunk_forms(language)
        self._plain = language == "en" or not text.stemmed(language)
        """Whether a stem begins with the letter that its word begins with: then most words need not be met."""

    def having(self, chunks: set[str], wanted: frozenset[str]) -> set[str]:
        """Those of the chunks that have a word with one of these forms."""
        unmet = chunks - self.met
        if unmet and self._plain:
            begins = _begins("".join(sorted({form[:1] for form in wanted if form[:1].isascii()})))
            unmet = {chunk for chunk in unmet if begins(chunk) or not chunk.isascii()}
        new = {chunk for chunk in unmet if not wanted.isdisjoint(self._meet(chunk))}
        return new.union(*(chunks & self._by[form] for form in wanted if form in self._by))

    def _meet(self, chunk: str) -> set[str]:
        found = {form for surface, stem, _ in self._forms[chunk] for form in (surface, stem)}
        if len(chunk) <= self.LONGEST:
            for form in found:
                self._by.setdefault(form, set()).add(chunk)
            self.met.add(chunk)  # last: another thread finds it by its forms as soon as it counts as met
        return found


_MET: dict[str | None, _Met] = {}


def _met(language: str | None) -> _Met:
    """What was met in a language; begun anew when it is much, so that memory is bounded."""
    held = _MET.get(language)
    if held is None or len(held.met) > _Met.LIMIT:
        held = _MET[language] = _Met(language)
    return held
