"""Which articles match, in what order, with what counts? A plan, evaluated on the postings of one Whoosh reader."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest
from typing import Any, assert_never

from whoosh.index import FileIndex
from whoosh.reading import TermNotFound

from searcher.engines.port import Found
from searcher.engines.ranking import bm25, rarity, sort_key
from searcher.engines.whoosh.columns import UNKNOWN
from searcher.engines.whoosh.schema import LENGTH, whole
from searcher.model import Sort
from searcher.query.plan import STEM, And, Not, Or, Plan, Range, Row, Terms, Value

Scores = dict[int, float]
"""The numbers of the documents that match, each with its score."""

REMEMBERED = 4
"""How many plans' matches a segment keeps."""


class View:
    """An index as it was at one moment. Not safe under threads: the engine has a lock."""

    def __init__(self, index: FileIndex) -> None:
        self._reader = index.reader()
        leaves = self._reader.leaf_readers() if self._reader.doc_count_all() else []
        self._segments = [_Segment(reader, self) for reader, _ in leaves]
        self._offsets = [offset for _, offset in leaves]
        self._rarities: dict[tuple[str, str], float] = {}
        self._averages: dict[str, float] = {}
        self.total = self._reader.doc_count()

    def search(self, plan: Plan, sort: Sort, offset: int, limit: int | None) -> Found:
        hits = [(segment, doc, score) for segment in self._segments for doc, score in segment.matched(plan).items()]
        total = len(hits)
        if limit == 0:
            return Found((), (), total)
        if sort == "relevance" and limit is not None and total > offset + limit:
            hits = _best(hits, offset + limit)
        keyed = sorted((sort_key(sort, score, *segment.described(doc)), score) for segment, doc, score in hits)
        page = keyed[offset : None if limit is None else offset + limit]
        return Found(tuple(key[-1] for key, _ in page), tuple(score for _, score in page), total)

    def count(self, plan: Plan, names: Sequence[str]) -> dict[str, dict[str, int]]:
        counters: dict[str, Counter[str]] = {name: Counter() for name in names}
        for segment in self._segments:
            docs = segment.matched(plan)
            for name, counter in counters.items():
                counter.update(segment.tally(name, docs))
        return {name: dict(counter) for name, counter in counters.items()}

    def terms(self, name: str, prefix: str) -> list[str]:
        return [word.decode() for word in self._reader.expand_prefix(name, prefix.encode())]

    def numbers(self, ids: Sequence[str]) -> list[int]:
        """Whoosh's numbers of the documents of these articles, as far as they are held."""
        placed = zip(self._segments, self._offsets, strict=True)
        return [doc + offset for segment, offset in placed for article in ids for doc in segment.ids("id", article)]

    def rarity(self, field: str, word: str) -> float:
        key = (field, word)
        if key not in self._rarities:
            self._rarities[key] = rarity(self.total, self._reader.doc_frequency(field, word))
        return self._rarities[key]

    def average(self, field: str) -> float:
        """The length of a field, averaged over the articles, those without it included."""
        if field not in self._averages:
            self._averages[field] = sum(segment.length(field) for segment in self._segments) / max(1, self.total)
        return self._averages[field]

    def close(self) -> None:
        self._reader.close()


def _best(hits: list[tuple[_Segment, int, float]], number: int) -> list[tuple[_Segment, int, float]]:
    """The hits that can be among the best `number`: ties with the last of them included."""
    worst = nsmallest(number, (-round(score, 9) for _, _, score in hits))[-1]
    return [hit for hit in hits if -round(hit[2], 9) <= worst]


class _Segment:
    """One segment of the index, with its columns once they were needed."""

    def __init__(self, reader: Any, view: View) -> None:
        self.reader = reader
        self.view = view
        self._columns: dict[str, Any] = {}
        self._live: list[int] | None = None
        self._matched: dict[Plan, Scores] = {}

    def matched(self, plan: Plan) -> Scores:
        """match(), remembered for the last few plans: one answer asks for hits, totals and counts of the same."""
        if plan not in self._matched:
            if len(self._matched) >= REMEMBERED:
                del self._matched[next(iter(self._matched))]
            self._matched[plan] = self.match(plan)
        return self._matched[plan]

    def match(self, plan: Plan) -> Scores:
        """The documents that match. The result may be remembered: it is not to be changed."""
        match plan:
            case Terms(terms):
                scores: Scores = {}
                for term in terms:
                    _add(scores, self._term(term.field, term.text, term.weight))
                return scores
            case Row(field, texts, weight):
                return self._row(field, texts, weight)
            case Value(field, values):
                return {doc: 0.0 for value in values for doc in self.ids(whole(field), value)}
            case Range(field, low, high):
                return self._range(field, low, high)
            case And(nodes):
                return self._and([self.match(node) for node in nodes])
            case Or(nodes):
                return self._or([self.match(node) for node in nodes])
            case Not(node):
                out = self.match(node)
                return {doc: 0.0 for doc in self._all() if doc not in out}
            case _:
                assert_never(plan)

    def _all(self) -> Sequence[int]:
        if not self.reader.has_deletions():
            return range(self.reader.doc_count_all())
        if self._live is None:
            self._live = list(self.reader.all_doc_ids())
        return self._live

    def _and(self, parts: list[Scores]) -> Scores:
        if not parts:
            return dict.fromkeys(self._all(), 0.0)
        parts.sort(key=len)
        return {doc: sum(part[doc] for part in parts) for doc in parts[0] if all(doc in part for part in parts)}

    def _or(self, parts: list[Scores]) -> Scores:
        scores: Scores = {}
        for part in parts:
            _add(scores, part)
        return scores

    def _postings(self, field: str, word: str) -> Any:
        try:
            return self.reader.postings(field, word.encode())
        except TermNotFound:
            return None

    def ids(self, field: str, word: str) -> Iterator[int]:
        postings = self._postings(field, word)
        return postings.all_ids() if postings else iter(())

    def _term(self, field: str, word: str, weight: float) -> Scores:
        scores: Scores = {}
        postings = self._postings(field, word)
        if postings is None:
            return scores
        factor = weight * self.view.rarity(field, word)
        lengths, average = self._lengths(field), self.view.average(field)
        while postings.is_active():
            doc = postings.id()
            scores[doc] = factor * bm25(postings.weight(), lengths[doc], average)
            postings.next()
        return scores

    def _row(self, field: str, words: Sequence[str], weight: float) -> Scores:
        by_word = {word: self._places(field, word) for word in set(words)}
        candidates = set.intersection(*(set(places) for places in by_word.values()))
        factor = weight * sum(self.view.rarity(field, word) for word in words)
        lengths, average = self._lengths(field), self.view.average(field)
        scores: Scores = {}
        for doc in candidates:
            often = _in_a_row([by_word[word][doc] for word in words])
            if often:
                scores[doc] = factor * bm25(often, lengths[doc], average)
        return scores

    def _places(self, field: str, word: str) -> Mapping[int, Sequence[int]]:
        places: dict[int, Sequence[int]] = {}
        postings = self._postings(field, word)
        while postings is not None and postings.is_active():
            places[postings.id()] = postings.value_as("positions")
            postings.next()
        return places

    def _range(self, field: str, low: int | None, high: int | None) -> Scores:
        numbers = self._numbers(field)
        least, most = UNKNOWN + 1 if low is None else low, 2**31 if high is None else high
        return {doc: 0.0 for doc in self._all() if least <= numbers[doc] <= most and numbers[doc] != UNKNOWN}

    def _lengths(self, field: str) -> Sequence[int]:
        return self._numbers(field.removesuffix(STEM) + LENGTH)

    def length(self, field: str) -> int:
        """The positions of a field in all its articles."""
        column = self._column(field.removesuffix(STEM) + LENGTH)
        if column is None:
            return 0
        if not self.reader.has_deletions():
            return int(column.total())
        return sum(column[doc] for doc in self._all() if column[doc] != UNKNOWN)

    def _numbers(self, field: str) -> Sequence[int]:
        column = self._column(field)
        none = array("i", [UNKNOWN]) if column is None else None
        numbers: Sequence[int] = none * self.reader.doc_count_all() if none else column.numbers
        return numbers

    def _column(self, field: str) -> Any:
        """The reader of a column; None if no article of this segment has a value."""
        if field not in self._columns:
            known = self.reader.has_column(field)
            self._columns[field] = self.reader.column_reader(field, translate=False) if known else None
        return self._columns[field]

    def tally(self, name: str, docs: Iterable[int]) -> Counter[str]:
        """In how many of these documents each value of a field stands."""
        column = self._column(whole(name))
        return Counter() if column is None else column.tally(docs)

    def described(self, doc: int) -> tuple[str, Mapping[str, int], Mapping[str, tuple[str, ...]]]:
        """Id, numbers and values of a document, as far as an order needs them."""
        (identity,) = self._column("id").values(doc)
        sources = self._column("source")
        source: tuple[str, ...] = sources.values(doc) if sources is not None else ()
        return identity, {"date": max(0, self._numbers("date")[doc])}, {"source": source}


def _add(scores: Scores, more: Scores) -> None:
    for doc, score in more.items():
        scores[doc] = scores.get(doc, 0.0) + score


def _in_a_row(places: Sequence[Sequence[int]]) -> int:
    """How many of the first word's places are followed by one of each further word."""
    starts = set(places[0])
    for distance, further in enumerate(places[1:], 1):
        starts &= {place - distance for place in further}
    return len(starts)
