"""What is a plan in the language of the cluster? Dictionaries, no query strings; the same articles, all of them.

Which leaves the cluster finds exactly is said by native(); the others are resolved before (`engines.narrowing`) and
stand here for the ids that were found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, assert_never

from searcher.engines.narrowing import Leaf
from searcher.engines.opensearch.cluster import MOST, Json
from searcher.engines.opensearch.documents import GAP, folded_field, number_field, value, word, word_field
from searcher.query.plan import (
    ANY,
    And,
    Close,
    First,
    Near,
    Not,
    Or,
    Part,
    Places,
    Plan,
    Range,
    Row,
    Several,
    Spot,
    Term,
    Terms,
    Value,
)

ALL: Json = {"match_all": {}}
NONE: Json = {"match_none": {}}

SCORED = 64
"""Of how many words that stand for one each counts for the order by its own rarity; more of them count alike."""

LEAVES = 1000
"""Conditions in a query: the cluster takes 1,024."""

_LEAF = frozenset({"term", "terms", "match", "match_all", "match_phrase", "span_term", "range", "exists"})

TIE = 0.3
"""How much the other forms and fields of a word count beside the one that counts most."""


def native(leaf: Leaf) -> bool:
    """Whether the cluster finds exactly the articles of this leaf."""
    match leaf:
        case Terms() | Row():
            return True
        case Close(_, texts):
            return len(set(texts)) == len(texts) > 1 and all(map(_plain, texts))
        case Places(spots, times):
            return times == 1 and all(map(_spans, spots))
        case _:
            assert_never(leaf)


def _plain(text: str) -> bool:
    """Whether the analyzer of the cluster leaves the word as it is."""
    return text != ANY and text != ""


def _spans(spot: Spot) -> bool:
    """Whether places of a spot are spans that the cluster can compare: one condition, on rows of one width."""
    if any(ANY in row.texts for row in spot.rows) and spot.where:
        return False
    match spot.where:
        case ():
            return True
        case (First(),):
            return True
        case (Near(spots, int(), _, False),):
            plain = not any(ANY in row.texts for each in spots for row in each.rows)
            return plain and not any(each.where for each in spots) and _even((spot,)) and _even(spots)
        case _:
            return False


def _even(spots: Iterable[Spot]) -> bool:
    """Whether all rows are equally wide: else the cluster may pass over a place that lies inside another."""
    return len({len(row.texts) for spot in spots for row in spot.rows}) <= 1


def query(plan: Plan, known: Mapping[Plan, frozenset[str]], scored: bool) -> Json:
    """The query of a plan; `known` are the articles of the leaves that are not native.

    Where no order is asked for, or the words are so many that the cluster would not take them, words that stand for
    one, or for one another, are lists, and count alike.
    """
    made = Queries(known).query(plan) if scored else ALL
    return made if scored and _leaves(made) <= LEAVES else Queries(known, 1).query(plan)


class Queries:
    """Plans as queries; of more than `most` words for one, none counts by its own rarity."""

    def __init__(self, known: Mapping[Plan, frozenset[str]], most: int = SCORED) -> None:
        self._known = known
        self._most = most

    def query(self, plan: Plan) -> Json:
        """The query of a plan whose score is the cluster's own."""
        if plan in self._known:
            return _any_of("id", sorted(self._known[plan]), 1.0)
        match plan:
            case Terms():
                return _terms(plan, self._most)
            case Row(field, texts, weight):
                return _row(field, texts, weight)
            case Places(spots):
                return _any([_spot(spot) for spot in spots])
            case Close():
                return _close(plan)
            case Value(field, values):
                return _any_of(folded_field(field), list(map(value, values)), 0.0)
            case Range():
                return _constant(_range(plan), 0.0)
            case Several():
                return self._several(plan)
            case And(nodes):
                return _all(list(map(self.query, nodes)))
            case Or(nodes):
                return _any(list(map(self.query, nodes if self._most > 1 else _listed(nodes))))
            case Not(node):
                return _constant({"bool": {"must_not": [self.query(node)]}}, 0.0)
            case _:
                assert_never(plan)

    def _several(self, plan: Several) -> Json:
        if plan.least > len(plan.parts):
            return NONE
        parts = list(map(self._part, plan.parts))
        held = {"should": parts, "minimum_should_match": max(0, plan.least), "boost": plan.weight}
        return {"bool": held | ({} if plan.least > 0 else {"must": [_constant(ALL, 0.0)]})}

    def _part(self, part: Part) -> Json:
        return {"bool": {"must": [self.query(part.node)], "should": [_constant(ALL, part.weight)]}}


def _all(queries: Sequence[Json]) -> Json:
    if not queries:
        return _constant(ALL, 0.0)
    return queries[0] if len(queries) == 1 else {"bool": {"must": list(queries)}}


def _any(queries: Sequence[Json]) -> Json:
    if not queries:
        return NONE
    return queries[0] if len(queries) == 1 else {"bool": {"should": list(queries), "minimum_should_match": 1}}


def _constant(query: Json, boost: float) -> Json:
    return {"constant_score": {"filter": query, "boost": boost}}


def _any_of(field: str, values: Sequence[str], boost: float) -> Json:
    lists = [values[at : at + MOST] for at in range(0, len(values), MOST)]
    return _constant(_any([{"terms": {field: list(some)}} for some in lists]), boost)


def _listed(nodes: Sequence[Plan]) -> list[Plan]:
    """The same nodes, all words of them in one list."""
    words = tuple(term for node in nodes if isinstance(node, Terms) for term in node.terms)
    others: list[Plan] = [node for node in nodes if not isinstance(node, Terms)]
    return [*others, Terms(words)] if words else others


def _leaves(query: Any) -> int:
    """About how many conditions the cluster counts in a query."""
    if isinstance(query, list):
        return sum(map(_leaves, query))
    if not isinstance(query, dict):
        return 0
    return sum(1 if name in _LEAF else _leaves(part) for name, part in query.items())


def _terms(plan: Terms, most: int) -> Json:
    terms = [term for term in plan.terms if _plain(term.text)]
    if len(terms) <= most:
        each = [_term(term, plan.weight * term.weight) for term in terms]
        return {"dis_max": {"queries": each, "tie_breaker": TIE}} if len(each) > 1 else _any(each)
    fields: dict[str, list[str]] = {}
    for term in terms:
        fields.setdefault(word_field(term.field), []).append(word(term.text))
    return _any([_any_of(field, texts, plan.weight) for field, texts in fields.items()])


def _term(term: Term, boost: float) -> Json:
    return {"term": {word_field(term.field): {"value": word(term.text), "boost": boost}}}


def _row(field: str, texts: Sequence[str], boost: float) -> Json:
    if "" in texts or not texts:
        return NONE
    if len(texts) == 1:
        return _term(Term(field, texts[0]), boost)
    held = " ".join(GAP if text == ANY else word(text) for text in texts)
    return {"match_phrase": {word_field(field): {"query": held, "boost": boost}}}


def _spot(spot: Spot) -> Json:
    if not spot.where:
        return _any([_row(row.field, row.texts, spot.weight) for row in spot.rows])
    if not spot.rows:
        return NONE
    own = word_field(spot.rows[0].field)
    held = _spans_of((spot,), own)
    match spot.where[0]:
        case First(words):
            query: Json = {"span_first": {"match": held, "end": words}} if words > 0 else NONE
        case Near(spots, within, order):
            others = [each for each in spots if each.rows]
            query = _near(held, _spans_of(others, own), within, order) if others else NONE
    return {"bool": {"must": [query], "boost": spot.weight}}


def _near(held: Json, others: Json, within: Any, order: str) -> Json:
    pairs = {"after": [[held, others]], "before": [[others, held]], "any": [[held, others], [others, held]]}
    return _any([{"span_near": {"clauses": pair, "slop": within, "in_order": True}} for pair in pairs[order]])


def _spans_of(spots: Iterable[Spot], own: str) -> Json:
    """The places of some spots, in any form of one field, as spans of one of them, `own`."""
    rows = list(dict.fromkeys((row.field, row.texts) for spot in spots for row in spot.rows))
    spans = [_span(field, texts, own) for field, texts in rows]
    return spans[0] if len(spans) == 1 else {"span_or": {"clauses": spans}}


def _span(field: str, texts: Sequence[str], own: str) -> Json:
    terms: list[Json] = [{"span_term": {word_field(field): word(text)}} for text in texts]
    if word_field(field) != own:
        terms = [{"field_masking_span": {"query": term, "field": own}} for term in terms]
    return terms[0] if len(terms) == 1 else {"span_near": {"clauses": terms, "slop": 0, "in_order": True}}


def _close(plan: Close) -> Json:
    words = [{"match": {"query": word(text)}} for text in plan.texts]
    rule = {"all_of": {"intervals": words, "ordered": False, "max_gaps": plan.slack}, "boost": plan.weight}
    return {"intervals": {word_field(plan.field): rule}}


def _range(plan: Range) -> Json:
    ends = {"gte": plan.low, "lte": plan.high}
    ends = {name: end for name, end in ends.items() if end is not None}
    field = number_field(plan.field)
    return {"range": {field: ends}} if ends else {"exists": {"field": field}}
