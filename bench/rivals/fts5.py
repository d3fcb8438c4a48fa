"""How does FTS5 of SQLite answer the questions? The fastest way found that is exact.

A table without content; words are split by the `ascii` tokenizer, at marks that no word has: a fifth faster to
build than `unicode61`, and it changes no word. One transaction without a journal, not optimised afterwards: that
costs a quarter of the build and gains a tenth of a search. Top ten and total come of one pass, with a window, which
is faster than two. Values lie in ordinary tables, and facets are grouped from a table of the matches.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from articles import FACETS, Article
from asking import Asked, Prefix
from contenders import TOP, Answer, Contender, Facets

from rivals import COLUMNS, SEVERAL, SINGLE, joined, month, month_text
from searcher.query.plan import And, Not, Or, Plan, Range, Row, Terms, Value

_FAST = """
pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -500000; pragma mmap_size = 16000000000;
"""
_SCHEMA = f"""
create virtual table words using fts5({",".join(COLUMNS)}, content='', tokenize="ascii tokenchars '&.:,+#'");
insert into words(words, rank) values ('rank', 'bm25(2.0, 4.0, 0.5, 1.0)');
create table facts (doc integer primary key, id text, source text collate nocase, author text, day int, month int);
create table names (doc int, field text, value text, primary key (doc, field, value)) without rowid;
"""
"""A surface counts half a stem, the title four times the body."""


class Shaped(NamedTuple):
    """The rows of an article in the three tables, without its number."""

    words: tuple[str, ...]
    facts: tuple[Any, ...]
    names: list[tuple[str, str]]


class Ready(NamedTuple):
    """A question in FTS5's language, and what the table of facts must say."""

    match: str
    where: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()


def shape(article: Article) -> Shaped:
    day = article.day.toordinal() if article.day else None
    facts = (article.id, *(article.values[name][0] for name in SINGLE), day, month(article))
    names = [(name, value) for name in SEVERAL for value in article.values.get(name, ())]
    return Shaped(tuple(joined(article).values()), facts, names)


def build(path: Path, shaped: Iterable[Shaped]) -> None:
    """One transaction."""
    path.mkdir(parents=True)
    db = sqlite3.connect(path / "words.db")
    db.executescript(_FAST + _SCHEMA)
    db.execute("begin")
    for number, (words, facts, names) in enumerate(shaped):
        db.execute(
            "insert into words(rowid, title, title_stem, body, body_stem) values (?, ?, ?, ?, ?)", (number, *words)
        )
        db.execute("insert into facts values (?, ?, ?, ?, ?, ?)", (number, *facts))
        db.executemany("insert into names values (?, ?, ?)", ((number, *name) for name in names))
    db.commit()
    db.close()


class Fts5:
    """A connection; the database is mapped into memory."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path / "words.db")
        self.db.executescript(_FAST + "create temp table matches (doc integer primary key)")

    def ready(self, asked: Asked) -> Ready:
        if not isinstance(asked, And):
            return Ready(match(asked))
        facts = [_fact(node) for node in asked.nodes if _is_fact(node)]
        words = [node for node in asked.nodes if not _is_fact(node)]
        return Ready(
            match(And(tuple(words))), tuple(fact[0] for fact in facts), sum((fact[1] for fact in facts), ())
        )

    def top(self, ready: Ready) -> Answer:
        columns = "words.rowid as doc, rank as place, count(*) over () as total"
        best = f"select {columns} {_from(ready)} order by rank limit {TOP}"
        sql = f"select id, total from ({best}) join facts using (doc) order by place"
        rows = self.db.execute(sql, (ready.match, *ready.values)).fetchall()
        return Answer(rows[0][1] if rows else 0, tuple(row[0] for row in rows))

    def facets(self, ready: Ready) -> Facets:
        self.db.execute("delete from matches")
        self.db.execute(f"insert into matches select words.rowid {_from(ready)}", (ready.match, *ready.values))
        months = self.db.execute(
            "select month, count(*) from matches join facts using (doc) where month group by 1"
        )
        return Facets(
            {name: self._facet(name) for name in FACETS}, {month_text(number): count for number, count in months}
        )

    def _facet(self, name: str) -> list[tuple[str, int]]:
        table = f"select {name} as value from matches join facts using (doc)"
        if name in SEVERAL:
            table = f"select value from matches join names using (doc) where field = '{name}'"
        return self.db.execute(
            f"select value, count(*) from ({table}) group by 1 order by 2 desc limit {TOP}"
        ).fetchall()

    def close(self) -> None:
        self.db.close()


def _from(ready: Ready) -> str:
    joined_facts = "join facts on facts.doc = words.rowid" if ready.where else ""
    return f"from words {joined_facts} where " + " and ".join(("words match ?", *ready.where))


def _is_fact(plan: Plan) -> bool:
    return isinstance(plan, Value) or (isinstance(plan, And) and isinstance(plan.nodes[0], Range))


def _fact(plan: Plan) -> tuple[str, tuple[Any, ...]]:
    match plan:
        case Value("source", (value,)):
            return "facts.source = ?", (value,)
        case And((Range("date", low, None), Range("date.last", None, high))):
            return "facts.day between ? and ?", (low, high)
    raise NotImplementedError(plan)


def match(asked: Asked) -> str:
    """A question about words in FTS5's language; a word that is its own stem need not be asked of each column."""
    match asked:
        case Prefix(text):
            return f'{{title body}} : "{text}"*'
        case Terms(terms):
            surface, stem = terms[0].text, terms[-1].text
            apart = f'({{title body}} : "{surface}" OR {{title_stem body_stem}} : "{stem}")'
            return f'"{surface}"' if surface == stem else apart
        case Or((Row("title", texts), Row("body"))):
            return f'{{title body}} : "{" ".join(texts)}"'
        case And((one, Not(other))):
            return f"({match(one)} NOT {match(other)})"
        case And(nodes):
            return "(" + " AND ".join(map(match, nodes)) + ")"
        case Or(nodes):
            return "(" + " OR ".join(map(match, nodes)) + ")"
    raise NotImplementedError(asked)


CONTENDER = Contender(shape, build, Fts5)
