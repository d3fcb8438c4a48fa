"""How does Tantivy ask a plan? Which leaves it finds by itself, and the query objects.

A score is what Tantivy makes it: BM25 with k1 1.2 and b 0.75 for each form of a word, times its weight, added up.
Where a form may stand in title, lead and body, these are one text (words.ALL). Whole values and numbers score
nothing; a leaf that was resolved, what it was narrowed to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from tantivy import FieldType, Occur, Query, Schema

from searcher.engines.narrowing import Leaf
from searcher.engines.tantivy.words import ALL, NUMBER, fields, number, safe, whole
from searcher.fields import TEXT
from searcher.query.plan import (
    ANY,
    EXACT,
    STEM,
    And,
    Close,
    Not,
    Or,
    Part,
    Places,
    Plan,
    Range,
    Row,
    Several,
    Term,
    Terms,
    Value,
    base,
)

SURFACE = 0.4
"""How many times its weight a surface counts in ALL: here it adds to the score of its stem, not to how often that
stands. Decision 23 has the figures."""

LARGEST = 1 << 62
"""Beyond any number that an article has."""

_FIELDS = fields() | {ALL, ALL + STEM}
_EVERYWHERE = frozenset(TEXT)


def native(leaf: Leaf) -> bool:
    """Whether Tantivy finds a leaf: words, and rows of them, but of some as they are written."""
    match leaf:
        case Terms():
            return True
        case Row(field, texts):
            return not field.endswith(EXACT) or len(texts) == 1 or not any(map(plain, texts))
        case Places() | Close():
            return False
        case _:
            assert_never(leaf)


def scores(plan: Plan) -> bool:
    """Whether anything in a plan counts for the ranking."""
    match plan:
        case And(nodes) | Or(nodes):
            return any(map(scores, nodes))
        case Value() | Range() | Not():
            return False
        case _:
            return True


def plain(written: str) -> bool:
    """Whether a word, as it is written, is its surface."""
    surface, _, form = written.partition("/")
    return surface == form


class Queries:
    """Queries over one state of the index. `found` are the articles of leaves that were resolved, `narrowed` gives
    what such a leaf was narrowed to, `others` the other ways in which a word is written, of a field.
    """

    def __init__(
        self,
        schema: Schema,
        found: Mapping[Plan, frozenset[int]],
        narrowed: Callable[[Plan], Plan],
        others: Callable[[str, str], Sequence[str]],
    ) -> None:
        self._schema = schema
        self._found = found
        self._narrowed = narrowed
        self._others = others

    def of(self, plan: Plan) -> Query:
        """The query that finds what the plan describes."""
        if plan in self._found:
            return self._resolved(plan)
        match plan:
            case Terms(terms, weight):
                return _either(self._term(term, weight) for term in _together(terms) if term.field in _FIELDS)
            case Row(field, texts, weight):
                return self._row(field, texts, weight)
            case Value(field, values):
                return _silent(self._value(whole(field), values))
            case Range(field, low, high):
                return _silent(self._range(number(field), low, high))
            case Several():
                return self._several(plan)
            case And(nodes):
                return self._all(nodes)
            case Or(nodes):
                return _either(map(self.of, nodes))
            case Not(node):
                return self._all((Not(node),))
            case Places() | Close():
                raise AssertionError(f"not resolved: {plan}")
            case _:
                assert_never(plan)

    def _resolved(self, leaf: Plan) -> Query:
        numbers = self._found[leaf]
        if not numbers:
            return Query.empty_query()
        wanted = _silent(Query.term_set_query(self._schema, NUMBER, sorted(numbers)))
        return Query.boolean_query([(Occur.Must, wanted), (Occur.Should, self.of(self._narrowed(leaf)))])

    def _term(self, term: Term, weight: float) -> Query:
        word = safe(term.text)
        if term.field.endswith(EXACT) and plain(term.text):
            found = self._as_surface(term)
        else:
            found = Query.term_query(self._schema, term.field, word, "freq")
        return Query.boost_query(found, term.weight * weight)

    def _as_surface(self, term: Term) -> Query:
        """The surface, but where it is only written otherwise; where it stands both ways, that is kept."""
        surface = term.text.partition("/")[0]
        query = Query.term_query(self._schema, base(term.field), safe(surface), "freq")
        others = [safe(other) for other in self._others(term.field, surface + "/") if other != term.text]
        if not others:
            return query
        otherwise = Query.term_set_query(self._schema, term.field, others)
        both = Query.term_query(self._schema, term.field, safe(term.text), "freq")
        only = Query.boolean_query([(Occur.Must, query), (Occur.MustNot, otherwise)])
        return _either([only, both])

    def _row(self, field: str, texts: Sequence[str], weight: float) -> Query:
        placed = [(at, safe(word)) for at, word in enumerate(texts) if word != ANY]
        if field not in _FIELDS:
            return Query.empty_query()
        if len(placed) == 1:
            return self._term(Term(field, texts[placed[0][0]]), weight)
        return Query.boost_query(Query.phrase_query(self._schema, field, list(placed)), weight)

    def _value(self, field: str, values: Sequence[str]) -> Query:
        if len(values) == 1:
            return Query.term_query(self._schema, field, safe(values[0]), "basic")
        return Query.term_set_query(self._schema, field, list(map(safe, values)))

    def _range(self, field: str, low: int | None, high: int | None) -> Query:
        if low is None and high is None:
            return Query.exists_query(field)
        first, last = (None if end is None else max(-LARGEST, min(end, LARGEST)) for end in (low, high))
        return Query.range_query(self._schema, field, FieldType.Integer, first, last)

    def _several(self, plan: Several) -> Query:
        parts = [(Occur.Should, self._part(part)) for part in plan.parts]
        if plan.least > len(parts):
            return Query.empty_query()
        if plan.least > 0:
            found = Query.boolean_query(parts, minimum_number_should_match=plan.least)
        else:
            found = Query.boolean_query([(Occur.Must, _everything()), *parts])
        return Query.boost_query(found, plan.weight)

    def _part(self, part: Part) -> Query:
        if not part.weight:
            return self.of(part.node)
        more = Query.const_score_query(Query.all_query(), part.weight)
        return Query.boolean_query([(Occur.Must, self.of(part.node)), (Occur.Should, more)])

    def _all(self, nodes: Sequence[Plan]) -> Query:
        clauses = [
            (Occur.MustNot, self.of(node.node)) if isinstance(node, Not) else (Occur.Must, self.of(node))
            for node in nodes
        ]
        if not any(occur == Occur.Must for occur, _ in clauses):
            clauses.append((Occur.Must, _everything()))
        return Query.boolean_query(clauses)


def _together(terms: Sequence[Term]) -> Iterator[Term]:
    """The terms, with one of ALL, weighed as that of the body, for three of title, lead and body of one word."""
    forms: dict[tuple[str, str], dict[str, Term]] = {}
    for term in terms:
        name, dot, form = term.field.partition(".")
        forms.setdefault((dot + form, term.text), {})[name] = term
    for (form, text), found in forms.items():
        if form != EXACT and found.keys() >= _EVERYWHERE:
            weight = found["body"].weight * (1.0 if form else SURFACE)
            yield Term(ALL + form, text, weight)
            found = {name: term for name, term in found.items() if name not in _EVERYWHERE}
        yield from found.values()


def _everything() -> Query:
    return _silent(Query.all_query())


def _silent(query: Query) -> Query:
    """The same articles, and no score."""
    return Query.const_score_query(query, 0.0)


def _either(queries: Iterable[Query]) -> Query:
    found = list(queries)
    return found[0] if len(found) == 1 else Query.boolean_query([(Occur.Should, query) for query in found])
