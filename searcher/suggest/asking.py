"""What does the index say to parts of a query? Each is asked once, and only so many in all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from searcher.engines import Counts, Engine
from searcher.errors import QueryError
from searcher.model import When
from searcher.query.plan import EVERYTHING, Plan, Term, Terms
from searcher.query.tree import Node

MOST = 100
"""How many trees are put to the index to say why, and how many to find something instead."""

SECONDS = 0.5
"""How long is asked for each: only where one tree takes long by itself."""


class Asked:
    """An index that answers questions about trees: each once, and no more than `allow` says."""

    def __init__(self, engine: Engine, plan: Callable[[Node], Plan], most: int = MOST) -> None:
        self._engine = engine
        self._plan = plan
        self.allow(most)
        self._totals: dict[Node, int | None] = {}
        self._words: dict[tuple[tuple[str, ...], str], set[str]] = {}
        self._having: dict[tuple[str, tuple[str, ...]], int] = {}
        self._values: dict[str, Counts] = {}

    def allow(self, most: int = MOST) -> None:
        """Lets so many more trees be asked for, and begins the time anew."""
        self._left, self._until = most, time.monotonic() + SECONDS

    @property
    def spent(self) -> bool:
        """Whether enough was asked."""
        return self._left <= 0 or time.monotonic() > self._until

    def total(self, tree: Node) -> int | None:
        """How many articles match; None if that cannot be asked: a pattern is too wide, or enough was asked."""
        if tree not in self._totals:
            if self.spent:
                return None
            self._left -= 1
            try:
                self._totals[tree] = self._engine.search(self._plan(tree), "newest", 0, 0).total
            except QueryError:
                self._totals[tree] = None
        return self._totals[tree]

    def newest(self, tree: Node, number: int) -> tuple[str, ...]:
        """The ids of the newest articles that match."""
        return self._engine.search(self._plan(tree), "newest", 0, number).ids

    def having(self, word: str, names: tuple[str, ...]) -> int:
        """In how many articles a word stands in any of these index fields."""
        if (word, names) not in self._having:
            terms = Terms(tuple(Term(name, word) for name in names))
            self._having[word, names] = self._engine.search(terms, "newest", 0, 0).total
        return self._having[word, names]

    def words(self, names: tuple[str, ...], prefix: str = "") -> set[str]:
        """The words, or the words of names, that these index fields hold and that begin so."""
        if (names, prefix) not in self._words:
            self._words[names, prefix] = {word for name in names for word in self._engine.terms(name, prefix)}
        return self._words[names, prefix]

    def values(self, field: str) -> Counts:
        """The whole values of a field in the archive, as they are shown, and in how many articles each stands."""
        if field not in self._values:
            self._values[field] = self._engine.count(EVERYTHING, (field,))[field]
        return self._values[field]

    def dates(self, tree: Node) -> Mapping[str, int]:
        """The dates of the articles that match, as far as each is known."""
        return self._engine.count(self._plan(tree), ("date",))["date"]


def span(dates: Iterable[str]) -> tuple[date, date] | None:
    """The first and the last day that are among these dates; None if there are none."""
    known = [When(value, "", 1.0) for value in dates]
    return (min(one.first() for one in known), max(one.last() for one in known)) if known else None
