"""How are our engines measured? Behind the few calls that the benchmark makes of every contender."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from articles import FACETS, entry
from asking import FIELDS, Asked, Prefix
from contenders import TOP, Answer, Contender, Facets

from searcher import engines, text
from searcher.engines import Entry
from searcher.query.plan import Plan, Term, Terms, Value


def build(path: Path, shaped: Iterable[Entry], engine_name: str = "whoosh") -> None:
    """One write of all entries."""
    engine = engines.create(engine_name, path, write=True)
    engine.write(shaped, (), 1)
    engine.close()


def add(path: Path, entries: Sequence[Entry]) -> None:
    """Opens the index, writes the entries and finds them; raises LookupError if one is not found."""
    engine = engines.create("whoosh", path, write=True)
    engine.write(entries, (), engine.last() + 1)
    wanted = Value("id", tuple(text.value(entry.id) for entry in entries))
    missing = len(entries) - engine.search(wanted, "relevance", 0, TOP).total
    engine.close()
    if missing:
        raise LookupError(f"articles that were added and are not found: {missing}")


class Ours:
    """The engine behind its port. A prefix is looked up and made a plan as part of the search, as lowering does."""

    def __init__(self, path: Path, engine_name: str = "whoosh") -> None:
        self.engine = engines.create(engine_name, path)

    def ready(self, asked: Asked) -> Asked:
        return asked

    def top(self, ready: Asked) -> Answer:
        found = self.engine.search(self._plan(ready), "relevance", 0, TOP)
        return Answer(found.total, found.ids)

    def facets(self, ready: Asked) -> Facets:
        counts = self.engine.count(self._plan(ready), (*FACETS, "month"))
        return Facets({name: counts[name].most_common(TOP) for name in FACETS}, dict(counts["month"]))

    def both(self, ready: Asked) -> tuple[Answer, Facets]:
        """One answer as the archive gives it: the best articles, the facets and the time line of one plan."""
        plan = self._plan(ready)
        return self.top(plan), self.facets(plan)

    def close(self) -> None:
        self.engine.close()

    def _plan(self, asked: Asked) -> Plan:
        return fitting(asked.text, self.engine.terms) if isinstance(asked, Prefix) else asked


def fitting(prefix: str, terms: Callable[[str, str], Iterable[str]]) -> Plan:
    """Any word of title or body that begins so."""
    words = sorted({word for name in FIELDS for word in terms(name, prefix)})
    return Terms(tuple(Term(name, word, weight) for word in words for name, weight in FIELDS.items()))


def _contender(name: str) -> Contender:
    importlib.import_module(engines.ENGINES[name].module)  # now, and not when time is taken
    return Contender(entry, partial(build, engine_name=name), partial(Ours, engine_name=name))


_ENGINES = {"CONTENDER": "whoosh", "TANTIVY": "tantivy"}


def __getattr__(name: str) -> Contender:
    """An engine is imported when it is its turn: the contenders CONTENDER and TANTIVY."""
    if name not in _ENGINES:
        raise AttributeError(name)
    return _contender(_ENGINES[name])
