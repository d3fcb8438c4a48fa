"""What does a query mean? A plan, matched against a list of entries: the definition that every engine must meet."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import assert_never

from searcher import text
from searcher.engines.port import PERIODS, Counts, Entry, Found, Tallied, Words, period
from searcher.engines.ranking import norm, rarity, rounded, saturated, sort_key
from searcher.model import Sort, Span
from searcher.query.plan import (
    STEM,
    And,
    Close,
    First,
    Near,
    Not,
    Or,
    Places,
    Plan,
    Range,
    Row,
    Spot,
    Terms,
    Value,
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

    def count(self, plan: Plan, names: Sequence[str]) -> Mapping[str, Counts]:
        found = [entry for entry in self._entries.values() if matches(plan, entry)]
        return {name: Tallied(dict(Counter(v for entry in found for v in _values(entry, name)))) for name in names}

    def terms(self, name: str, prefix: str) -> Iterator[str]:
        known = {word for entry in self._entries.values() for word in _lexicon(entry, name)}
        yield from sorted(word for word in known if word and word.startswith(prefix))

    def check(self) -> list[str]:
        return []

    def close(self) -> None:
        self._entries = {}


def _values(entry: Entry, name: str) -> Iterable[str]:
    if name not in PERIODS:
        return entry.values.get(name, ())
    return filter(None, (period(name, value) for value in entry.values.get("date", ())))


def matches(plan: Plan, entry: Entry) -> bool:
    """Whether the article is one of those that the plan describes."""
    match plan:
        case Terms(terms):
            return any(term.text in tokens(entry, term.field) for term in terms)
        case Row(field, texts):
            return bool(standing(tokens(entry, field), texts))
        case Places(spot, times):
            return len(places(spot, entry)) >= times
        case Close(field, texts, slack):
            return together(tokens(entry, field), texts, slack) > 0
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
    words = _words(entry, name)
    return words.stems if name.endswith(STEM) else words.surfaces


def _words(entry: Entry, name: str) -> Words:
    return entry.words.get(name.removesuffix(STEM), Words(()))


def standing(words: Sequence[str], row: Sequence[str]) -> list[Span]:
    """Where the words of `row` stand in a row."""
    width = len(row)
    starts = range(len(words) - width + 1)
    return [(at, at + width) for at in starts if list(words[at : at + width]) == list(row)]


def together(words: Sequence[str], texts: Sequence[str], slack: int) -> int:
    """From how many of its words on a stretch with at most `slack` other positions holds all `texts`.

    The shortest such stretch is short enough if, and only if, the longest allowed holds them all.
    """
    wanted, longest = Counter(texts), len(texts) + slack
    starts = [at for at, word in enumerate(words) if word in wanted]
    return sum(wanted <= Counter(words[at : at + longest]) for at in starts)


def places(spot: Spot, entry: Entry) -> list[Span]:
    """The places of a spot, each once, in order."""
    found = {place for row in spot.rows for place in standing(tokens(entry, row.field), row.texts)}
    return sorted(place for place in found if all(_holds(one, place, entry) for one in spot.where))


def _holds(condition: Near | First, place: Span, entry: Entry) -> bool:
    match condition:
        case First(words):
            return place[1] <= words
        case Near(spot=spot, negated=negated):
            return negated != any(_near(condition, place, other, entry) for other in places(spot, entry))
        case _:
            assert_never(condition)


def _near(condition: Near, place: Span, other: Span, entry: Entry) -> bool:
    before, after = other[1] <= place[0], place[1] <= other[0]
    in_order = {"any": before or after, "before": before, "after": after}[condition.order]
    return in_order and _within(condition, place, other, entry)


def _within(condition: Near, place: Span, other: Span, entry: Entry) -> bool:
    if isinstance(condition.within, int):
        return max(other[0] - place[1], place[0] - other[1]) <= condition.within
    words = _words(entry, condition.spot.rows[0].field)
    starts = words.sentences if condition.within == "sentence" else words.paragraphs
    return bisect_right(starts, place[0]) == bisect_right(starts, other[0])


def _lexicon(entry: Entry, name: str) -> Iterable[str]:
    if name.partition(".")[0] in entry.words:
        return tokens(entry, name)
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
            case Close(field, texts, slack, weight):
                often = self._normed(entry, field, together(tokens(entry, field), texts, slack))
                return weight * self._rare(field, texts) * saturated(often)
            case Places(spot, _, weight):
                rare = max(self._rare(row.field, row.texts) for row in spot.rows)
                often = self._normed(entry, spot.rows[0].field, len(places(spot, entry)))
                return weight * rare * saturated(often)
            case And(nodes) | Or(nodes):
                return sum(self.score(node, entry) for node in nodes if matches(node, entry))
            case Value() | Range() | Not():
                return 0.0
            case _:
                assert_never(plan)

    def _often(self, entry: Entry, field: str, texts: Sequence[str]) -> float:
        return self._normed(entry, field, len(standing(tokens(entry, field), texts)))

    def _normed(self, entry: Entry, field: str, often: int) -> float:
        return often / norm(rounded(_length(tokens(entry, field))), self._average(field)) if often else 0.0

    def _average(self, field: str) -> float:
        if field not in self._averages:
            total = sum(_length(tokens(entry, field)) for entry in self.entries)
            self._averages[field] = total / len(self.entries)
        return self._averages[field]

    def _rare(self, field: str, texts: Sequence[str]) -> float:
        return sum(self._rarity(field, word) for word in texts)

    def _rarity(self, field: str, word: str) -> float:
        if (field, word) not in self._rarities:
            having = sum(word in tokens(entry, field) for entry in self.entries)
            self._rarities[field, word] = rarity(len(self.entries), having)
        return self._rarities[field, word]


def _length(words: Sequence[str]) -> int:
    """The number of words, gaps left out."""
    return len(words) - words.count("")
