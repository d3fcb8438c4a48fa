"""What does the whole index answer? Tantivy says which articles match, and what they score; arrays say the rest.

The arrays are those of the Whoosh engine, without words: ids, dates and whole values by document. So counts, groups
and orders are those of `engines/whoosh/view`, over the documents that Tantivy finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tantivy
from tantivy import DocAddress, Query

from searcher.engines.narrowing import Narrowing, Wanted, simplest
from searcher.engines.port import Found
from searcher.engines.tantivy import kept
from searcher.engines.tantivy.faults import reading
from searcher.engines.tantivy.queries import Queries, native, plain, scores
from searcher.engines.tantivy.words import BIT, BITS, KEPT, NUMBER, SLOT, fields, restored, safe
from searcher.engines.whoosh.arrays import Array
from searcher.engines.whoosh.evaluation import Evaluation
from searcher.engines.whoosh.segments import Caches, Segment
from searcher.engines.whoosh.view import View
from searcher.model import Sort
from searcher.query.matching import Texts
from searcher.query.plan import EVERYTHING, EXACT, Plan

FEW = 2000
"""Up to how many matches they are listed one by one; more are added up by slots."""

BUCKETS = 50_000
"""Slots that are asked for at once: Tantivy gives 65,000 buckets at the most."""

BATCH = 1000
"""Articles whose words are read at once."""

_SLOTS = {
    "slots": {
        "terms": {"field": SLOT, "size": BUCKETS, "segment_size": BUCKETS},
        "aggs": {"bits": {"sum": {"field": BIT}}},
    }
}


class Matches(Evaluation):
    """The documents of a segment that match."""

    def __init__(self, segment: Segment, docs: Array) -> None:
        self.segment = segment
        self.docs = docs

    @property
    def nbytes(self) -> int:
        return int(self.docs.nbytes)

    def scores(self, docs: Array) -> Array:
        """Only the order of relevance has scores."""
        return np.zeros(len(docs))


class Hit(NamedTuple):
    """An article that matches: what it scores, its date and its id, as far as they say what comes first."""

    score: float
    day: int
    id: str

    def key(self) -> tuple[float, int, str]:
        """What hits are sorted by."""
        return -self.score, -self.day, self.id


class TantivyView(View):
    """Arrays and the words that belong to them."""

    def __init__(self, segments: Sequence[Segment], caches: Caches, folder: Path) -> None:
        super().__init__(segments, caches)
        with reading():
            index = tantivy.Index.open(str(folder))
            index.config_reader("manual")
            index.reload()
            self._schema, self._searcher = index.schema, index.searcher()
        self._dropped = any(folder.glob("*.del"))  # then words may be listed that stand in no article
        self._narrowing = Narrowing(native, self._numbers, self._read)

    def search(self, plan: Plan, sort: Sort, offset: int, limit: int | None) -> Found:
        plan = simplest(plan)
        if sort != "relevance" or limit == 0:
            return super().search(plan, sort, offset, limit)
        if not scores(plan):
            return super().search(plan, "newest", offset, limit)
        return self._best(self._query(plan), offset, limit)

    def _best(self, query: Query, offset: int, limit: int | None) -> Found:
        """One page by score. Of articles with the score of its last one all are looked at: ties go by date."""
        wanted = self.total if limit is None else offset + limit
        number = min(wanted + 1, self.total)
        while True:
            with reading():
                found = self._searcher.search(query, max(1, number))
            total: int = found.count  # type: ignore[attr-defined]  # missing in the package's stubs
            hits = found.hits
            if len(hits) >= total or hits[-1][0] < hits[wanted - 1][0]:
                break
            number = min(2 * number, self.total)
        page = sorted(self._hits_of(hits), key=Hit.key)[offset:wanted]
        return Found(tuple(hit.id for hit in page), tuple(hit.score for hit in page), total)

    def _hits_of(self, hits: Sequence[tuple[float, DocAddress]]) -> Iterator[Hit]:
        with reading():
            numbers = self._searcher.fast_field_values(NUMBER, [address for _, address in hits])
        order, known = self._by_number
        rows = order[known.searchsorted(np.array(numbers, np.int64))]
        segments = self._starts.searchsorted(rows, "right") - 1
        for (score, _), at, row in zip(hits, segments.tolist(), rows.tolist(), strict=True):
            yield self._hit(score, self.segments[at], row - int(self._starts[at]))

    def _hit(self, score: float, segment: Segment, doc: int) -> Hit:
        ids = segment.column("id")
        assert ids
        return Hit(score, max(0, int(segment.numbers("date")[doc])), ids.text(int(ids.first(np.array([doc]))[0])))

    @cached_property
    def _starts(self) -> Array:
        """Where the documents of each segment begin if those of all are counted on."""
        return np.cumsum([0, *(segment.docs for segment in self.segments[:-1])])

    @cached_property
    def _by_number(self) -> tuple[Array, Array]:
        """The documents of all segments in the order of their numbers, and the numbers."""
        numbers = np.concatenate([np.zeros(0, np.int64), *(one.numbers(NUMBER) for one in self.segments)])
        order = np.argsort(numbers, kind="stable")
        return order, numbers[order]

    def _evaluate(self, plan: Plan) -> list[Evaluation]:
        if plan == EVERYTHING:
            return [Matches(segment, segment.living()) for segment in self.segments]
        found = self._numbered(self._query(simplest(plan)))
        flags = np.zeros(1 + max((int(one.numbers(NUMBER).max()) for one in self.segments), default=0), bool)
        flags[found] = True
        return [Matches(one, flags[one.numbers(NUMBER)].nonzero()[0]) for one in self.segments]

    def _query(self, plan: Plan) -> Query:
        found = self._narrowing.resolved(plan)
        return Queries(self._schema, found, self._narrowing.narrowed, self._forms).of(plan)

    def _forms(self, name: str, prefix: str) -> list[str]:
        with reading():
            return [restored(word) for word, _ in self._searcher.terms_with_prefix(name, safe(prefix))]

    def _numbers(self, plan: Plan) -> Sequence[int]:
        """The numbers of the articles that match a plan of native leaves."""
        numbers: list[int] = self._numbered(self._query(plan)).tolist()
        return numbers

    def _numbered(self, query: Query) -> Array:
        """The numbers of the articles that a query finds."""
        with reading():
            found = self._searcher.search(query, FEW, order_by_field=NUMBER)
            if found.count <= FEW:  # type: ignore[attr-defined]
                return np.array([number for number, _ in found.hits], np.int64)
            return np.concatenate([self._slots(query, first) for first in range(0, self._last_slot + 1, BUCKETS)])

    @cached_property
    def _last_slot(self) -> int:
        return int(self._by_number[1][-1]) // BITS

    def _slots(self, query: Query, first: int) -> Array:
        """The numbers of the articles that a query finds in some of the slots, from the sum of each slot's bits."""
        if self._last_slot >= BUCKETS:
            query = self._within(query, first)
        buckets: list[dict[str, Any]] = self._searcher.aggregate(query, _SLOTS)["slots"]["buckets"]
        slots = np.array([bucket["key"] for bucket in buckets], np.int64)
        bits = np.array([bucket["bits"]["value"] for bucket in buckets], np.float64).astype("<u8")
        at = np.unpackbits(bits.view(np.uint8), bitorder="little").nonzero()[0]
        numbers: Array = slots[at // 64] * BITS + at % 64
        return numbers

    def _within(self, query: Query, first: int) -> Query:
        ends = first, first + BUCKETS - 1
        slots = Query.range_query(self._schema, SLOT, tantivy.FieldType.Unsigned, *ends)
        return Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, slots)])

    def _read(self, numbers: Sequence[int], wanted: Wanted) -> Iterator[tuple[int, Texts]]:
        """The words of articles that are wanted."""
        for at in range(0, len(numbers), BATCH):
            some = list(numbers[at : at + BATCH])
            with reading():
                query = Query.term_set_query(self._schema, NUMBER, some)
                hits = self._searcher.search(query, len(some), order_by_field=NUMBER).hits
                yield from ((number, self._words(address, wanted)) for number, address in hits)

    def _words(self, address: DocAddress, wanted: Wanted) -> Texts:
        held = self._searcher.doc(address)
        packed = ((name, held.get_first(KEPT + name), words) for name, words in wanted.items())
        return {name: kept.read(data, words) for name, data, words in packed if data}

    def _terms(self, name: str, prefix: str) -> list[str]:
        if name not in fields():
            return super()._terms(name, prefix)
        with reading():
            living = Query.all_query() if self._dropped else None
            found = self._searcher.terms_with_prefix(name, safe(prefix), living)
        words = (restored(word) for word, _ in found)
        return sorted(word for word in words if not (name.endswith(EXACT) and plain(word)))
