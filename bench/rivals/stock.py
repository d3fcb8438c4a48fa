"""How does Whoosh as it comes answer the questions? The package whoosh3 with its own codec; the fastest exact way.

Words come by a field type that takes them cut, with Whoosh's own format of positions: a fifth faster to build than
splitting strings at spaces. All matches are taken (`limit=None`), and the best ten of them: a limit of ten makes
Whoosh go through the matches again for an exact total, which takes half as long again. Facets with several values
are read from the column of an article's joined values and divided afterwards: several times as fast as overlapping
facets, which read all postings of the field.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from articles import FACETS, Article
from asking import FIELDS, Asked, Prefix
from contenders import TOP, Answer, Contender, Facets
from whoosh import fields, formats, index, query, sorting

from rivals import COLUMNS, SEVERAL, SINGLE, column, month, month_text
from searcher.query.plan import And, Not, Or, Range, Row, Terms, Value

MEMORY, PLENTY = 512, 4096
"""MB that the writer may take, as a rule and where memory is no matter: with less it writes runs and merges them,
which takes as long again from some thousand articles on."""

BETWEEN = ","


class CutWords(fields.FieldType):  # type: ignore[misc]
    """A field that is given its words, by position."""

    scorable = indexed = True

    def __init__(self) -> None:
        self.format = formats.Positions()
        self.analyzer = None
        self.stored = self.unique = self.vector = self.spelling = False

    def index(self, value: Sequence[str], **options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        places = defaultdict[str, list[int]](list)
        for position, word in enumerate(value):
            places[word].append(position)
        for word, positions in places.items():
            yield word.encode(), len(positions), float(len(positions)), self.format.encode(positions)


def schema() -> fields.Schema:
    words = {name: CutWords() for name in COLUMNS}
    single = {name: fields.KEYWORD(commas=True, lowercase=True, sortable=True) for name in FACETS}
    numbers = {name: fields.NUMERIC(int, sortable=True, default=0) for name in ("day", "month")}
    return fields.Schema(id=fields.ID(stored=True), **words, **single, **numbers)


def shape(article: Article) -> dict[str, Any]:
    cut = (forms for words in (article.title, article.body) for forms in (words.surfaces, words.stems))
    shaped: dict[str, Any] = {"id": article.id, **dict(zip(COLUMNS, cut, strict=True))}
    shaped |= {name: BETWEEN.join(values) for name, values in article.values.items()}
    return shaped | ({"day": article.day.toordinal(), "month": month(article)} if article.day else {})


def build(path: Path, shaped: Iterable[dict[str, Any]], megabytes: int = MEMORY) -> None:
    """One commit."""
    path.mkdir(parents=True)
    writer = index.create_in(str(path), schema()).writer(limitmb=megabytes)
    for document in shaped:
        writer.add_document(**document)
    writer.commit()


class Stock:
    """A searcher over query objects, with Whoosh's BM25F."""

    def __init__(self, path: Path) -> None:
        self.index = index.open_dir(str(path))
        self.searcher = self.index.searcher()
        single = (*SINGLE, *SEVERAL, "month")
        self.groups = {name: sorting.FieldFacet(name, maptype=sorting.Count) for name in single}

    def ready(self, asked: Asked) -> Any:
        match asked:
            case Prefix(text):
                return query.Or([query.Prefix(name, text, boost=weight) for name, weight in FIELDS.items()])
            case Terms(terms):
                return query.Or([query.Term(column(term.field), term.text, boost=term.weight) for term in terms])
            case Row(field, texts, weight):
                return query.Phrase(column(field), list(texts), boost=weight)
            case Value(field, values):
                return query.Or([query.Term(field, value) for value in values])
            case And((Range("date", low, None), Range("date.last", None, high))):
                return query.NumericRange("day", low, high)
            case And(nodes):
                return query.And(list(map(self.ready, nodes)))
            case Or(nodes):
                return query.Or(list(map(self.ready, nodes)))
            case Not(node):
                return query.Not(self.ready(node))
        raise NotImplementedError(asked)

    def top(self, ready: Any) -> Answer:
        found = self.searcher.search(ready, limit=None)
        return Answer(len(found), tuple(hit["id"] for hit in found[:TOP]))

    def facets(self, ready: Any) -> Facets:
        found = self.searcher.search(ready, limit=None, groupedby=self.groups)
        values = {name: _divided(found.groups(name)).most_common(TOP) for name in FACETS}
        months = found.groups("month").items()
        return Facets(values, {month_text(number): count for number, count in months if number})

    def close(self) -> None:
        self.searcher.close()
        self.index.close()


def _divided(groups: dict[str | None, int]) -> Counter[str]:
    """The counts of joined values as counts of each."""
    counts = Counter[str]()
    for values, count in groups.items():
        for value in values.split(BETWEEN) if values else ():
            counts[value] += count
    return counts


CONTENDER = Contender(shape, build, Stock)
ROOMY = Contender(shape, partial(build, megabytes=PLENTY), Stock)
