"""How does Tantivy answer the questions? Query objects, built before time is taken; one thread.

Words are split at spaces and have positions; facets are fast fields of text, day and month fast integers; the id is
all that is stored. A prefix is a regular expression, which walks the word list and ranks all matches alike: faster
than a query of all the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tantivy
from articles import FACETS, Article
from asking import FIELDS, Asked, Prefix
from contenders import TOP, Answer, Contender, Facets
from tantivy import FieldType, Occur, Query

from rivals import COLUMNS, column, joined, month, month_text
from searcher import text
from searcher.query.plan import And, Not, Or, Plan, Range, Row, Terms, Value

_AGGREGATIONS = {
    **{name: {"terms": {"field": name, "size": TOP}} for name in FACETS},
    "months": {"histogram": {"field": "month", "interval": 1, "min_doc_count": 1}},
}
HEAP = 512_000_000
"""Bytes that the writer may take before it writes a segment."""


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in COLUMNS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("day", "month"):
        builder.add_integer_field(name, indexed=False, fast=True)
    return builder.build()


def shape(article: Article) -> dict[str, Any]:
    shaped: dict[str, Any] = {"id": article.id, **joined(article)}
    shaped |= {name: list(values) for name, values in article.values.items()}
    shaped["source"] = list(map(text.value, article.values["source"]))  # as it is asked for
    return shaped | ({"day": article.day.toordinal(), "month": month(article)} if article.day else {})


def build(path: Path, shaped: Iterable[dict[str, Any]]) -> None:
    """One commit, and the merges that follow it."""
    path.mkdir(parents=True)
    writer = tantivy.Index(schema(), str(path)).writer(HEAP, num_threads=1)
    for document in shaped:
        writer.add_document(tantivy.Document.from_dict(document))
    writer.commit()
    writer.wait_merging_threads()


class Tantivy:
    """A searcher over query objects."""

    def __init__(self, path: Path) -> None:
        index = tantivy.Index.open(str(path))
        self.schema, self.searcher = index.schema, index.searcher()

    def ready(self, asked: Asked) -> Query:
        schema = self.schema
        match asked:
            case Prefix(letters):
                words = (Query.regex_query(schema, name, re.escape(letters) + ".*") for name in FIELDS)
                return _any(map(Query.boost_query, words, FIELDS.values()))
            case Terms(terms):
                words = (Query.term_query(schema, column(term.field), term.text, "freq") for term in terms)
                return _any(map(Query.boost_query, words, (term.weight for term in terms)))
            case Row(field, texts, weight):
                return Query.boost_query(Query.phrase_query(schema, column(field), list(texts)), weight)
            case Value(field, values):
                return _any(
                    Query.const_score_query(Query.term_query(schema, field, one, "basic"), 0.0) for one in values
                )
            case And((Range("date", low, None), Range("date.last", None, high))):
                return Query.const_score_query(Query.range_query(schema, "day", FieldType.Integer, low, high), 0.0)
            case And(nodes):
                return Query.boolean_query(list(map(self._clause, nodes)))
            case Or(nodes):
                return _any(map(self.ready, nodes))
        raise NotImplementedError(asked)

    def _clause(self, plan: Plan) -> tuple[Occur, Query]:
        return (Occur.MustNot, self.ready(plan.node)) if isinstance(plan, Not) else (Occur.Must, self.ready(plan))

    def top(self, ready: Query) -> Answer:
        found = self.searcher.search(ready, TOP, count=True)
        total: int = found.count  # type: ignore[attr-defined]  # missing in the package's stubs
        return Answer(total, tuple(self.searcher.doc(at)["id"][0] for _, at in found.hits))

    def facets(self, ready: Query) -> Facets:
        found = self.searcher.aggregate(ready, _AGGREGATIONS)
        values = {
            name: [(bucket["key"], bucket["doc_count"]) for bucket in found[name]["buckets"]] for name in FACETS
        }
        buckets = found["months"]["buckets"]
        return Facets(values, {month_text(int(bucket["key"])): bucket["doc_count"] for bucket in buckets})

    def close(self) -> None:
        del self.searcher


def _any(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


CONTENDER = Contender(shape, build, Tantivy)
