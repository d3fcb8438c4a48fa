"""What does a query mean? A plan, matched against a list of entries: the definition that every engine must meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import assert_never

from searcher import text
from searcher.engines.port import MAIN, PERIODS, Counts, Entry, Found, Tallied, period
from searcher.engines.ranking import norm, rarity, rounded, saturated, sort_key
from searcher.model import Sort
from searcher.query.matching import all_places, near_together, places, standing, tokens
from searcher.query.plan import (
    ANY,
    EXACT,
    And,
    Close,
    Not,
    Or,
    Places,
    Plan,
    Range,
    Row,
    Several,
    Spot,
    Terms,
    Value,
    base,
)


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

    def count(self, plan: Plan, names: Sequence[str], by: str | None = None) -> Mapping[str, Counts]:
        found = [entry for entry in self._entries.values() if matches(plan, entry)]
        return {name: _counted(found, name, by) for name in names}

    def terms(self, name: str, prefix: str) -> Iterable[str]:
        known = {word for entry in self._entries.values() for word in _lexicon(entry, name)}
        return sorted(word for word in known if word and word.startswith(prefix))

    def check(self) -> list[str]:
        return []

    def close(self) -> None:
        self._entries = {}


def _counted(found: Sequence[Entry], name: str, by: str | None) -> Tallied:
    shown = {value for entry in found for value in _values(entry, name)}
    having = [
        (value, entry) for entry in found for value in _values(entry, name.removesuffix(MAIN)) if value in shown
    ]
    grouped = {(value, entry.values.get(by or "", entry.id)) for value, entry in having}
    return Tallied(*(dict(Counter(value for value, _ in pairs)) for pairs in (having, grouped)))


def _values(entry: Entry, name: str) -> Iterable[str]:
    if name.endswith(MAIN):
        return entry.values.get(base(name), ())[: entry.numbers.get(name)]
    if name not in PERIODS:
        return entry.values.get(name, ())
    return filter(None, (period(name, value) for value in entry.values.get("date", ())))


def matches(plan: Plan, entry: Entry) -> bool:
    """Whether the article is one of those that the plan describes."""
    match plan:
        case Terms(terms):
            return any(term.text in tokens(entry.words, term.field) for term in terms)
        case Row(field, texts):
            return bool(standing(tokens(entry.words, field), texts))
        case Places(_, times):
            return len(all_places(plan, entry.words)) >= times
        case Close():
            return bool(near_together(plan, entry.words))
        case Value(field, values):
            return any(text.value(shown) in values for shown in entry.values.get(field, ()))
        case Range(field, low, high):
            number = entry.numbers.get(field)
            return number is not None and (low is None or low <= number) and (high is None or number <= high)
        case Several(parts, least):
            return sum(matches(part.node, entry) for part in parts) >= least
        case And(nodes):
            return all(matches(node, entry) for node in nodes)
        case Or(nodes):
            return any(matches(node, entry) for node in nodes)
        case Not(node):
            return not matches(node, entry)
        case _:
            assert_never(plan)


def _lexicon(entry: Entry, name: str) -> Iterable[str]:
    if base(name) in entry.words:
        return entry.words[base(name)].written if name.endswith(EXACT) else tokens(entry.words, name)
    return (text.value(shown) for shown in entry.values.get(name, ()))


class _Ranker:
    """BM25F over the entries, as `ranking` defines it."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self._averages: dict[str, float] = {}
        self._rarities: dict[tuple[str, str], float] = {}

    def score(self, plan: Plan, entry: Entry) -> float:
        """What an article that matches is worth."""
        match plan:
            case Terms(terms, weight):
                often = sum(term.weight * self._often(entry, term.field, (term.text,)) for term in terms)
                rare = min((self._rarity(term.field, term.text) for term in terms), default=0.0)
                return weight * rare * saturated(often)
            case Row(field, texts, weight):
                return weight * self._rare(field, texts) * saturated(self._often(entry, field, texts))
            case Close(field, texts, _, weight):
                often = self._normed(entry, field, len(near_together(plan, entry.words)))
                return weight * self._rare(field, texts) * saturated(often)
            case Places(spots):
                return sum(self._spot(spot, entry) for spot in spots)
            case Several(parts, _, weight):
                found = (part for part in parts if matches(part.node, entry))
                return weight * sum(part.weight + self.score(part.node, entry) for part in found)
            case And(nodes) | Or(nodes):
                return sum(self.score(node, entry) for node in nodes if matches(node, entry))
            case Value() | Range() | Not():
                return 0.0
            case _:
                assert_never(plan)

    def _spot(self, spot: Spot, entry: Entry) -> float:
        rare = max((self._rare(row.field, row.texts) for row in spot.rows), default=0.0)
        often = self._normed(entry, spot.field, len(places(spot, entry.words)))
        return spot.weight * rare * saturated(often)

    def _often(self, entry: Entry, field: str, texts: Sequence[str]) -> float:
        return self._normed(entry, field, len(standing(tokens(entry.words, field), texts)))

    def _normed(self, entry: Entry, field: str, often: int) -> float:
        return often / norm(rounded(_length(tokens(entry.words, field))), self._average(field)) if often else 0.0

    def _average(self, field: str) -> float:
        if field not in self._averages:
            total = sum(_length(tokens(entry.words, field)) for entry in self.entries)
            self._averages[field] = total / len(self.entries)
        return self._averages[field]

    def _rare(self, field: str, texts: Sequence[str]) -> float:
        return sum(self._rarity(field, word) for word in texts if word != ANY)

    def _rarity(self, field: str, word: str) -> float:
        if (field, word) not in self._rarities:
            having = sum(word in tokens(entry.words, field) for entry in self.entries)
            self._rarities[field, word] = rarity(len(self.entries), having)
        return self._rarities[field, word]


def _length(words: Sequence[str]) -> int:
    """The number of words, gaps left out."""
    return len(words) - words.count("")
