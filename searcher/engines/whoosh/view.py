"""What does the whole index answer? The segments as they were at one moment, ranked and counted together.

A view never changes: any number of threads may ask it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from searcher import text
from searcher.engines.port import MAIN, PERIODS, Counts, Found
from searcher.engines.ranking import LENGTHS, norm, rarity, sort_key
from searcher.engines.whoosh.arrays import Array, offsets
from searcher.engines.whoosh.counting import Hashed, Periods, Values
from searcher.engines.whoosh.evaluation import Evaluation
from searcher.engines.whoosh.postings import Postings, whole
from searcher.engines.whoosh.segments import Cache, Caches, Part, Segment
from searcher.engines.whoosh.table import Groups
from searcher.model import Sort
from searcher.query.plan import EVERYTHING, Plan

REMEMBERED = 16_000_000
"""Bytes of what was derived that each cache of a view holds, however small the index."""

EACH = 108
"""How many bytes more of all for each document: the numbers of their values, which every search needs, must fit
together, or each would make them anew."""

FOUND = 16
"""How many bytes more of what was asked: what one query found must fit, as several things are asked of it."""

LEAST = REMEMBERED // 1000
"""Bytes that what is remembered of a plan is taken to have, at the least."""

FEW = 32
"""How many times more documents there are than those whose values are counted before all are numbered."""

WORDS = 10_000
"""Of how many words a view remembers how rare they are."""


def caches(remembered: int, parts: Iterable[Part]) -> Caches:
    """Where a view of these segments keeps what it derives, within bounds."""
    docs = sum(int(part.arrays.facts["docs"]) for part in parts)
    return Caches(Cache(remembered + EACH * docs), Cache(remembered + FOUND * docs), Cache(remembered))


class View:
    """Segments in their order. What is derived from them is in `caches`, where they keep theirs too."""

    def __init__(self, segments: Sequence[Segment], caches: Caches) -> None:
        self.segments = segments
        self.total = sum(segment.left for segment in segments)
        self._bases = offsets(np.array([segment.docs for segment in segments], np.int64))
        self._tables, self._asked, self._listed = caches
        self._rarities: dict[tuple[str, str], float] = {}
        self._norms: dict[tuple[str, ...], Array] = {}

    def search(self, plan: Plan, sort: Sort, offset: int, limit: int | None) -> Found:
        found = self._hits(plan)
        total = sum(len(evaluation.docs) for evaluation in found)
        if limit == 0 or offset >= total:
            return Found((), (), total)
        number = total if limit is None else min(total, offset + limit)
        leaders = [
            one for evaluation in found if len(evaluation.docs) for one in _leading(evaluation, sort, number)
        ]
        page = sorted(leaders)[offset:number]
        return Found(tuple(key[-1] for key, _ in page), tuple(score for _, score in page), total)

    def count(self, plan: Plan, names: Sequence[str], by: str | None = None) -> dict[str, Counts]:
        if plan == EVERYTHING:  # every time line asks for all articles
            return {name: self._all(name, by) for name in names}
        docs = self._docs(plan)
        groups = self._groups(plan, by, docs) if by else None
        return {name: self._few(plan, docs, name, by) or self._counted(docs, groups, name) for name in names}

    def _few(self, plan: Plan, docs: Array, name: str, by: str | None) -> Hashed | None:
        """The values of a few documents, where those of all are many and not numbered yet, and none has several."""
        if by or name in PERIODS or len(docs) * FEW > self._bases[-1] or self._tables.holds(("values", name)):
            return None
        found = zip([segment.column(whole(name)) for segment in self.segments], self._hits(plan), strict=True)
        held = [(column, column.first(one.docs)) for column, one in found if column]
        many = 2 * sum(len(column.shown) for column, _ in held) > self._bases[-1]
        return Hashed(held) if many and not any(column.several for column, _ in held) else None

    def _all(self, name: str, by: str | None) -> Counts:
        """The counts of all articles, remembered; a value takes some hundred bytes."""

        def made() -> Counts:
            docs = self._docs(EVERYTHING)
            return self._counted(docs, self._groups(EVERYTHING, by, docs) if by else None, name)

        return self._tables.get(("count", name, by), made, lambda counts: 100 * len(counts))

    def _docs(self, plan: Plan) -> Array:
        """What matches in all segments, counted on from one to the next."""
        found = zip(self._hits(plan), self._bases, strict=False)
        return np.concatenate([np.zeros(0, np.int64), *(one.docs + base for one, base in found)])

    def _counted(self, docs: Array, groups: Groups | None, name: str) -> Counts:
        if name in PERIODS:
            return self._periods(name).tally(docs, groups)
        return self._values(name.removesuffix(MAIN)).tally(docs, groups, name.endswith(MAIN))

    def _groups(self, plan: Plan, by: str, docs: Array) -> Groups:
        """What matches, as it is grouped, remembered for all that is counted of one plan."""
        made = partial(self._values(by).groups, docs)
        return self._asked.get(("groups", plan, by), made, lambda groups: max(LEAST, groups.nbytes))

    def _hits(self, plan: Plan) -> list[Evaluation]:
        """What matches in every segment, remembered: one answer asks for hits, total and counts of one plan."""
        return self._asked.get(("hits", plan), lambda: self._evaluate(plan), _size)

    def _evaluate(self, plan: Plan) -> list[Evaluation]:
        return [Evaluation(plan, segment, self) for segment in self.segments]

    def rarity(self, field: str, word: str) -> float:
        """ranking.rarity() of a word in the articles that are left. The last few asked for are remembered."""
        try:
            return self._rarities[field, word]
        except KeyError:
            pass
        if len(self._rarities) >= WORDS:
            self._rarities = {}
        having = sum(_having(segment, field, word) for segment in self.segments)
        known = self._rarities[field, word] = rarity(self.total, having)
        return known

    def norms(self, fields: tuple[str, ...]) -> Array:
        """ranking.norm() of each of these fields for each of LENGTHS, field by field."""
        if fields not in self._norms:
            self._norms[fields] = np.concatenate([self._norm(field) for field in fields])
        return self._norms[fields]

    def _norm(self, field: str) -> Array:
        average = sum(segment.words(field) for segment in self.segments) / max(1, self.total)
        return norm(np.array(LENGTHS), average)

    def _periods(self, name: str) -> Periods:
        made = partial(Periods, self._values("date"), name)
        return self._tables.get(("period", name), made, lambda periods: periods.nbytes)

    def _values(self, name: str) -> Values:
        return self._tables.get(("values", name), lambda: self._valued(name), lambda values: values.nbytes)

    def _valued(self, name: str) -> Values:
        columns = [segment.column(whole(name)) for segment in self.segments]
        return Values(columns, [segment.docs for segment in self.segments], self._most(name + MAIN))

    def _most(self, name: str) -> list[Array] | None:
        """How many of its names, the first ones, each document is about; None if none says it."""
        if not any(f"{name}/numbers" in segment.arrays for segment in self.segments):
            return None
        held = (segment.numbers(name) for segment in self.segments)
        return [most.astype(np.uint32) for most in held]  # UNKNOWN, -1, becomes the largest number

    def terms(self, name: str, prefix: str) -> Iterable[str]:
        """The words, or folded whole values, of a field that begin so and stand in an article, sorted.

        All words of a field are remembered as one text: to cut it takes a twentieth of reading them again.
        """
        if prefix:
            return self._terms(name, prefix)
        return self._listed.get(name, lambda: text.Lines(self._terms(name, "")), lambda lines: len(lines.text))

    def _terms(self, name: str, prefix: str) -> list[str]:
        begins, found = prefix.encode("utf-8", "surrogatepass"), set[bytes]()
        for segment in self.segments:
            postings = segment.postings(name if name in segment.arrays.facts["words"] else whole(name))
            if postings:
                found.update(_living(segment, postings, postings.lexicon.prefixed(begins)))
        return [word.decode("utf-8", "surrogatepass") for word in sorted(found) if word]


def _size(found: list[Evaluation]) -> int:
    """Plans take memory too: so that no more than a thousand are remembered, none counts for less than LEAST."""
    return max(LEAST, sum(evaluation.nbytes for evaluation in found))


def _having(segment: Segment, field: str, word: str) -> int:
    """How many documents that are left have a word."""
    runs = segment.runs(field, word)
    if len(runs) == 1 and segment.live is None:
        return len(runs[0].docs)
    having = segment.marked(run.docs for run in runs)
    return int(np.count_nonzero(having if segment.live is None else having & segment.live))


def _living(segment: Segment, postings: Postings, numbers: range) -> list[bytes]:
    """The words of these numbers that stand in a document that was not deleted."""
    words = postings.lexicon[numbers.start : numbers.stop]
    if segment.live is None or not numbers:
        return words
    return [words[at] for at in postings.living(segment.live, numbers)]


def _leading(evaluation: Evaluation, sort: Sort, number: int) -> list[tuple[tuple[Any, ...], float]]:
    """The first documents of a segment in this order, each with its key among all, and its score."""
    segment, docs = evaluation.segment, evaluation.docs
    scores = evaluation.scores(docs) if sort == "relevance" else None
    if len(docs) > number:
        rows = np.sort(leading(_keys(sort, segment, docs, scores), number))
        docs, scores = docs[rows], None if scores is None else scores[rows]
    scored = (evaluation.scores(docs) if scores is None else scores).tolist()
    sources = _first(segment, "source", docs) if sort == "source" else [None] * len(docs)
    found = zip(_first(segment, "id", docs), sources, scored, _days(segment, docs).tolist(), strict=True)
    return [
        (sort_key(sort, score, article or "", {"date": day}, {"source": (source,)} if source else {}), score)
        for article, source, score, day in found
    ]


def _first(segment: Segment, name: str, docs: Array) -> list[str | None]:
    """The first value of each document as it is shown."""
    column = segment.column(name)
    if column is None:
        return [None] * len(docs)
    return [None if number < 0 else column.text(number) for number in column.first(docs).tolist()]


def _days(segment: Segment, docs: Array) -> Array:
    return np.maximum(segment.numbers("date")[docs], 0)


def _keys(sort: Sort, segment: Segment, docs: Array, scores: Array | None) -> list[Callable[[], Array]]:
    """What to sort the documents of one segment by, first things first; as ranking.sort_key() orders them."""
    ids = segment.column("id")
    assert ids
    by_id: Callable[[], Array] = partial(ids.first, docs)
    newest: list[Callable[[], Array]] = [lambda: -_days(segment, docs), by_id]
    match sort:
        case "relevance":
            return [lambda: np.zeros(0) if scores is None else np.round(-scores, 9), *newest]
        case "newest":
            return newest
        case "oldest":
            return [lambda: _days(segment, docs) - 1 & 0x7FFFFFFF, by_id]  # no day: the last of all
        case "source":
            return [lambda: _source_ranks(segment, docs), *newest]


def _source_ranks(segment: Segment, docs: Array) -> Array:
    """For each document the rank of its folded source; those without one, or a blank one, come last."""
    column = segment.column("source")
    if column is None:
        return np.zeros(len(docs), np.int64)
    folded = [text.value(column.text(number)) for number in range(len(column.shown))]
    ranks = {value: rank for rank, value in enumerate(sorted(set(folded)))}
    by_number = np.array([ranks[value] if value else len(folded) for value in folded] + [len(folded)])
    return by_number[column.first(docs)]


def leading(keys: Sequence[Callable[[], Array]], number: int) -> Array:
    """Which of the rows come among the first `number` if sorted by these keys, in no order.

    Only ties with the last row that the first key lets in are looked at by the second key, and so on.
    """
    chosen: list[Array] = []
    rows: Array | None = None
    for key in keys:
        values = key() if rows is None else key()[rows]
        if rows is None:
            rows = np.arange(len(values))
        if len(rows) <= number:
            break
        edge = np.partition(values, number - 1)[number - 1]
        chosen.append(rows[values < edge])
        number -= len(chosen[-1])
        rows = rows[values == edge]
    assert rows is not None
    return np.concatenate([*chosen, rows[:number]])
