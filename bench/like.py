"""How good, and how quick, is "more like this"? python bench/like.py

Two collections that people put in order: news items of a sentence or two, with the event that each belongs to,
names and dates; and posts to news groups, long and untidy, without either. Of some articles of each the ten
that are called most alike: how many belong to the same event or group (of as many as could be: ten, or all
there are). Beside it what others do for this: BM25 of the package `bm25s` with all words of the article as the
query; and ours without names, and without time.
"""

from __future__ import annotations

import json
import random
import shutil
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from unittest.mock import patch

from common import WORK, news, table

from searcher import Archive, engines
from searcher.engines import Engine, entry_of
from searcher.likeness import likeness
from searcher.model import Article, Provenance
from searcher.query.plan import STEM, And, Term, Terms

TOP, ASKED, SHORT = 10, 600, 200

Alike = Callable[[Article], Sequence[str]]
"""Article → the ids of those that are called most alike, the first first."""


class Collection(NamedTuple):
    """Articles by id, those that belong together with each, and an engine that holds them."""

    name: str
    articles: Mapping[str, Article]
    together: Mapping[str, set[str]]
    engine: Engine


class Figures(NamedTuple):
    """The share of the first ten that belong there, 0..1, and CPU milliseconds an article."""

    right: float
    ms: float


def main() -> None:
    """Builds, asks, prints the table."""
    with items() as one, posts() as other:
        columns = [measured(one), measured(other)]
        names = [f"{each.name} ({len(each.articles):,})" for each in (one, other)]
    head = ["", *(f"{name}{what}" for name in names for what in ("", ", CPU ms"))]
    cells = ([f"{value.right:.3f}", f"{value.ms:.1f}"] for column in zip(*columns, strict=True) for value in column)
    pairs = [first + second for first, second in zip(cells, cells, strict=True)]
    rows = [[name, *pair] for name, pair in zip(WAYS, pairs, strict=True)]
    table("like", f"More like this: how many of the first {TOP} belong there", [head, *rows], ["searcher", "bm25s"])


@contextmanager
def items() -> Iterator[Collection]:
    """News items as an archive has them, with names and dates; together are those of one event."""
    root = WORK / "like"
    shutil.rmtree(root, ignore_errors=True)
    (root / "corpus").mkdir(parents=True)
    rows = {row["id"]: row for row in news("wikipedia_current_events")}
    kept = ("id", "text", "date", "source", "url")
    lines = (json.dumps({name: row[name] for name in kept if row.get(name)}) for row in rows.values())
    (root / "corpus" / "news.jsonl").write_text("\n".join(lines), "utf-8")
    with Archive(root) as opened:
        opened.build()
        articles = {hit.article.id: hit.article for hit in opened.hits("*", passages=0)}
        events = {one.id: rows[one.provenance.member or ""].get("events", []) for one in articles.values()}
        yield Collection("events of news items", articles, grouped(events), opened._generation().engine)
    shutil.rmtree(root)


@contextmanager
def posts() -> Iterator[Collection]:
    """Posts with their subjects; together are those of one group."""
    rows = [row for row in news("20newsgroups") if len(row.get("text") or "") > SHORT]
    articles = {row["id"]: _post(row) for row in rows}
    with TemporaryDirectory() as folder:
        engine = engines.create("whoosh", Path(folder), write=True)
        engine.write(map(entry_of, articles.values()), [], 1)
        groups = {row["id"]: list(row["topics"]) for row in rows}
        yield Collection("groups of posts", articles, grouped(groups), engine)
        engine.close()


def _post(row: Mapping[str, Any]) -> Article:
    title = (row.get("title") or "").removeprefix("Re: ")
    return Article(row["id"], title, row["text"], Provenance("posts"), language="en", copy=row["id"])


def grouped(labels: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    """For each article that shares a label with others, those others."""
    members: dict[str, set[str]] = defaultdict(set)
    for identity, of in labels.items():
        for label in of:
            members[label].add(identity)
    found = {
        identity: set[str]().union(*(members[one] for one in of)) - {identity} for identity, of in labels.items()
    }
    return {identity: others for identity, others in sorted(found.items()) if others}


def measured(collection: Collection) -> list[Figures]:
    """The figures of each of WAYS."""
    chosen = list(collection.together)
    asked = random.Random(7).sample(chosen, min(ASKED, len(chosen)))
    like = ours(collection.engine)
    found = [figures(collection, asked, peer(collection)), figures(collection, asked, like)]
    for name, other in (("_names", lambda *_: ()), ("NEAR", 0.0)):
        with patch(f"searcher.likeness.{name}", other):
            found.append(figures(collection, asked, like))
    return [*found, figures(collection, asked, plain(collection.engine))]


WAYS = (
    "BM25 of all its words (bm25s)",
    "ours",
    "ours without names",
    "ours without time",
    "a search for two words",
)
"""What is measured; the last shows what a search takes that any article may make."""


def ours(engine: Engine) -> Alike:
    """As `like:` finds them."""
    return lambda article: engine.search(likeness(article, engine).plan, "relevance", 0, TOP).ids


def plain(engine: Engine) -> Alike:
    """What has the two longest words of the article's first hundred."""

    def ask(article: Article) -> Sequence[str]:
        stems = sorted(set(entry_of(article).words["body"].stems[:100]), key=len)[-2:]
        words = (Terms((Term("title" + STEM, stem), Term("body" + STEM, stem))) for stem in stems)
        return engine.search(And(tuple(words)), "relevance", 0, TOP).ids

    return ask


def peer(collection: Collection) -> Alike:
    """BM25 as Lucene has it, with English stop words and Porter's second stemmer, of all words of an article."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")

    def cut(articles: Sequence[Article]) -> Any:
        texts = [article.body if article.origins else f"{article.title}\n{article.body}" for article in articles]
        return bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)

    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    index.index(cut(list(collection.articles.values())), show_progress=False)
    ids = list(collection.articles)

    def ask(article: Article) -> list[str]:
        found, _ = index.retrieve(cut([article]), corpus=ids, k=TOP + 1, show_progress=False)
        return [one for one in map(str, found[0]) if one != article.id][:TOP]

    return ask


def figures(collection: Collection, asked: Sequence[str], alike: Alike) -> Figures:
    """How right one way is, and how long it takes."""
    right, began = [], time.process_time()
    for identity in asked:
        others = collection.together[identity]
        found = alike(collection.articles[identity])
        right.append(len(others.intersection(found)) / min(TOP, len(others)))
    return Figures(statistics.fmean(right), (time.process_time() - began) / len(asked) * 1000)


if __name__ == "__main__":
    main()
