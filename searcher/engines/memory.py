"""What does a query mean? A plan, matched against a list of entries: the definition that every engine must meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import assert_never

from searcher import text
from searcher.engines.port import Entry, Found
from searcher.engines.ranking import bm25, rarity, sort_key
from searcher.model import Sort
from searcher.query.plan import And, Not, Or, Plan, Range, Row, Term, Terms, Value


def open_engine(path: Path, write: bool) -> MemoryEngine:
    """An empty engine: opening an index rolls it forward, from the store, to all articles."""
    return MemoryEngine()


class MemoryEngine:
    """Entries in a dictionary. For tests, and for piles of a few hundred articles."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._last = 0

    def write(self, put: Iterable[Entry], drop: Iterable[str], last: int) -> None:
        entries = dict(self._entries)
        for dropped in drop:
            entries.pop(dropped, None)
        entries |= {entry.id: entry for entry in put}
        self._entries, self._last = entries, last

    def last(self) -> int:
        return self._last

    def search(self, plan: Plan, sort: Sort, offset: int, limit: int | None) -> Found:
        ranker = _Ranker(list(self._entries.values()))
        hits = [(ranker.score(plan, entry), entry) for entry in self._entries.values() if matches(plan, entry)]
        hits.sort(key=lambda hit: sort_key(sort, hit[0], hit[1].id, hit[1].numbers, hit[1].values))
        page = list(islice(hits, offset, None if limit is None else offset + limit))
        return Found(tuple(entry.id for _, entry in page), tuple(score for score, _ in page), len(hits))

    def count(self, plan: Plan, names: Sequence[str]) -> dict[str, dict[str, int]]:
        found = [entry for entry in self._entries.values() if matches(plan, entry)]
        return {name: dict(Counter(v for entry in found for v in entry.values.get(name, ()))) for name in names}

    def terms(self, name: str, prefix: str) -> Iterator[str]:
        known = {word for entry in self._entries.values() for word in _lexicon(entry, name)}
        yield from sorted(word for word in known if word and word.startswith(prefix))

    def check(self) -> list[str]:
        return []

    def close(self) -> None:
        self._entries = {}


def matches(plan: Plan, entry: Entry) -> bool:
    """Whether the article is one of those that the plan describes."""
    match plan:
        case Terms(terms):
            return any(term.text in tokens(entry, term.field) for term in terms)
        case Row(field, texts):
            return rows(tokens(entry, field), texts) > 0
        case Value(field, values):
            return any(text.value(shown) in values for shown in entry.values.get(field, ()))
        case Range(field, low, high):
            number = entry.numbers.get(field)
            return number is not None and (low is None or low <= number) and (high is None or number <= high)
        case And(nodes):
            return all(matches(node, entry) for node in nodes)
        case Or(nodes):
            return any(matches(node, entry) for node in nodes)
        case Not(node):
            return not matches(node, entry)
        case _:
            assert_never(plan)


def tokens(entry: Entry, name: str) -> Sequence[str]:
    """The words of an index field by position: `body` surfaces, `body.stem` stems."""
    field, _, stem = name.partition(".")
    surfaces, stems = entry.words.get(field, ((), ()))
    return stems if stem else surfaces


def rows(words: Sequence[str], row: Sequence[str]) -> int:
    """How often the words of `row` stand in a row."""
    width = len(row)
    return sum(list(words[at : at + width]) == list(row) for at in range(len(words) - width + 1))


def _lexicon(entry: Entry, name: str) -> Iterable[str]:
    if name.partition(".")[0] in entry.words:
        return tokens(entry, name)
    return (text.value(shown) for shown in entry.values.get(name, ()))


class _Ranker:
    """BM25 over the entries, as `ranking` defines it."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self._known: dict[tuple[str, tuple[str, ...]], tuple[float, float]] = {}

    def score(self, plan: Plan, entry: Entry) -> float:
        match plan:
            case Terms(terms):
                return sum(self._row(entry, term, (term.text,)) for term in terms)
            case Row(field, texts, weight):
                return self._row(entry, Term(field, "", weight), texts)
            case And(nodes) | Or(nodes):
                return sum(self.score(node, entry) for node in nodes if matches(node, entry))
        return 0.0

    def _row(self, entry: Entry, term: Term, row: tuple[str, ...]) -> float:
        words = tokens(entry, term.field)
        often = rows(words, row)
        if not often:
            return 0.0
        rare, average = self._statistics(term.field, row)
        return term.weight * rare * bm25(often, len(words), average)

    def _statistics(self, field: str, row: tuple[str, ...]) -> tuple[float, float]:
        key = (field, row)
        if key not in self._known:
            all_words = [tokens(entry, field) for entry in self.entries]
            total = sum(len(words) for words in all_words)
            having = [sum(word in words for words in all_words) for word in row]
            rare = sum(rarity(len(all_words), number) for number in having)
            self._known[key] = rare, total / max(1, len(all_words))
        return self._known[key]
