"""How long does a whole answer take? python bench/answers.py [--archive DIR] [--queries 500] [--rounds 3]

`Archive.search` with ten hits, their passages, five facets and the time line, for typed queries of every kind of
the language, drawn by a seeded lot from the words of the archive; then queries that are odd on purpose. Without
--archive the news of the measuring data (110,000 articles) is indexed in bench/work, which takes a while. Each of
--engines answers from the same store, one table an engine.

Beside it, in the same run: SQLite FTS5 over the same titles and texts, with Porter stems, ranked by bm25, with its
snippets and one facet, for the kinds of query that it knows.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

from basics import cold
from common import BIN, WORK, run, table
from dumps import archive as archive_of

from searcher import Archive, QueryError, engines, text
from searcher.fields import DEFAULT_FACETS
from searcher.generations import Index, read_meta
from searcher.model import Article
from searcher.query import parse
from searcher.query.dates import Calendar

SEED = 20150512
ARTICLES = 110_000
SAMPLE = 3000
"""Of how many articles words are drawn."""

BANDS = {"common": (0.1, 0.5), "medium": (0.01, 0.1), "rare": (0.0, 0.01)}
"""Shares of the articles in which a word stands."""

ODD = [
    "the", "the of", "the OR of", "-the", "*", '"of the"', '"the of"~3', "the w/5 of", "the /s of", "the /p of",
    "the NOT w/5 of", "the pre/1 of", "=the", "=The", '="of the"', "atleast20(the)", "first50(the)", '"the * of"',
    "the w/3 of w/3 and w/3 to", "(the OR a OR an) w/2 (of OR in OR to)", "*ing", "th?t", "pre*ion",
    "senat* w/5 bil*",
    "/[a-m].*ing/", "/.*(ab|ba)+.*/", "teh~2", "senator~2", "a* OR b*", "/.*/", "lang:zh -the", "的", '"中国"',
    "date:2000..2030 the", "person:* place:* org:*", "-source:x -person:y", "words:>10", "is:duplicate the",
    " ".join(["the"] * 500), " OR ".join(f"word{number}" for number in range(1000)),
]  # fmt: skip
"""Common words in every operator, patterns that fit very many words, long queries."""


class Asked(NamedTuple):
    """A typed query, of which kind it is, and the same for FTS5 if that knows the kind."""

    kind: str
    query: str
    fts5: str | None = None


class Draw:
    """Typed queries from the words of some articles."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.chance = random.Random(SEED)
        self.articles = [article for article in articles if article.body]
        having = Counter(word for one in articles for word in {w.surface for w in text.words(one.body)})
        self.bands: dict[str, list[str]] = {
            name: sorted(
                word
                for word, count in having.items()
                if count > 1 and least <= count / len(articles) < most and word.isascii() and word.isalpha()
            )
            for name, (least, most) in BANDS.items()
        }

    def word(self, *bands: str) -> str:
        return self.chance.choice(self.bands[self.chance.choice(bands or tuple(BANDS))])

    def row(self, number: int) -> list[str]:
        """Words that follow each other in an article."""
        while True:
            words = [word.surface for word in text.words(self.chance.choice(self.articles).body)]
            start = self.chance.randrange(max(1, len(words) - number))
            if len(found := words[start : start + number]) == number and all(map(str.isalnum, found)):
                return found

    def near(self) -> tuple[str, str]:
        """Two words that stand a few words apart."""
        row = self.row(5)
        return row[0], row[4]

    def value(self, name: str) -> str:
        while True:
            article = self.chance.choice(self.articles)
            found = {"source": article.source, "person": next(iter(article.people), None)}[name]
            if found and '"' not in found:
                return found

    def year(self) -> str:
        return self.chance.choice([one.date.value[:4] for one in self.articles if one.date] or ["2006"])


def plain(words: Sequence[str], join: str = " ") -> tuple[str, str]:
    """The same query for both."""
    return join.join(words), join.join(f'"{word}"' for word in words)


KINDS: dict[str, Callable[[Draw], tuple[str, str | None]]] = {
    "a common word": lambda d: plain([d.word("common")]),
    "a medium word": lambda d: plain([d.word("medium")]),
    "a rare word": lambda d: plain([d.word("rare")]),
    "two words": lambda d: plain(d.near()),
    "three words": lambda d: plain(d.row(3)),
    "any of three": lambda d: plain([d.word() for _ in range(3)], " OR "),
    "one without another": lambda d: (
        f"{(a := d.word('common', 'medium'))} -{(b := d.word('common', 'medium'))}", f'"{a}" NOT "{b}"'
    ),
    "a phrase of two": lambda d: (lambda p: (f'"{p}"', f'"{p}"'))(" ".join(d.row(2))),
    "a phrase of three": lambda d: (lambda p: (f'"{p}"', f'"{p}"'))(" ".join(d.row(3))),
    "a prefix": lambda d: (lambda p: (f"{p}*", f"{p}*"))(d.word("medium", "rare")[:5]),
    "near, in any order": lambda d: (lambda a, b: (f"{a} w/5 {b}", f'NEAR("{a}" "{b}", 5)'))(*d.near()),
    "near, in order": lambda d: ("{} pre/5 {}".format(*d.near()), None),
    "in one sentence": lambda d: ("{} /s {}".format(*d.near()), None),
    "in one paragraph": lambda d: ("{} /p {}".format(*d.near()), None),
    "not near": lambda d: ("{} NOT w/5 {}".format(*d.near()), None),
    "a loose phrase": lambda d: ('"{}"~5'.format(" ".join(d.near())), None),
    "exactly as written": lambda d: (f"={d.word().capitalize()}", None),
    "a suffix": lambda d: (f"*{d.word('medium', 'rare')[-5:]}", None),
    "a typing error": lambda d: (f"{d.word('medium', 'rare')}~1", None),
    "a regular expression": lambda d: ("/{}.*{}/".format((w := d.word("rare"))[:2], w[-2:]), None),
    "often": lambda d: (f"atleast3({d.word('common', 'medium')})", None),
    "at the beginning": lambda d: (f"first50({d.word('common', 'medium')})", None),
    "in the headline": lambda d: (f"title:{d.word('medium')}", None),
    "a word, a year": lambda d: (f"{d.word()} date:{d.year()}", None),
    "a word, a source": lambda d: (f'{d.word()} source:"{d.value("source")}"', None),
    "a person": lambda d: (f'person:="{d.value("person")}"', None),
    "brackets": lambda d: (f"({d.word()} OR {d.word()}) {d.word('common')} -{d.word()}", None),
}  # fmt: skip


def queries(articles: Sequence[Article], number: int) -> list[Asked]:
    """So many queries, of all kinds in turn."""
    draw = Draw(articles)
    return [Asked(kind, *KINDS[kind](draw)) for kind in islice(cycle(KINDS), number)]


def main() -> None:
    """Measures, prints the tables and keeps them."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--archive", type=Path, metavar="DIR", help="an archive with an index")
    options.add_argument("--queries", type=int, default=500, metavar="N")
    options.add_argument("--rounds", type=int, default=3, metavar="N")
    options.add_argument("--engines", nargs="+", default=["whoosh", "tantivy"], metavar="NAME")
    given = options.parse_args()
    folder = given.archive or made()
    asked = drawn(folder, given.queries)
    theirs = rival(folder, asked)
    with Archive(folder) as archive:
        number = archive._generation().store.count()
    for name in given.engines:
        report(twin(folder, name), name, number, asked, theirs, given.rounds)


def report(
    folder: Path, engine: str, number: int, asked: Sequence[Asked], theirs: dict[int, float], rounds: int
) -> None:
    """The table of one engine."""
    typed = [one.query for one in asked]
    ours, alike = measured(folder, typed, rounds), measured(folder, typed, rounds, LIKE_FTS5)
    odd = measured(folder, ODD, 1)
    rows = [["what", "median", "95th percentile", "slowest", "goal"], *summary(asked, ours, alike, theirs)]
    rows += [parsing(asked), passages(folder, asked)]
    rows += [[what, seconds, "–", "–", goal] for what, seconds, goal in cold(folder)]
    rows += [*by_kind(asked, ours, theirs), *oddities(odd)]
    title = f"Whole answers from {number:,} articles, engine {engine}"
    table(f"answers-{engine}-{number}", title, rows, ["searcher", "numpy", "tantivy"])


def drawn(folder: Path, number: int) -> list[Asked]:
    """So many queries from the words of an archive's articles."""
    with Archive(folder) as archive:
        store = archive._generation().store
        ids = store.ids()
        chosen = random.Random(SEED).sample(ids, min(SAMPLE, len(ids)))
        return queries(list(store.get(chosen).values()), number)


def made() -> Path:
    """An archive of the news of the measuring data, indexed."""
    folder = archive_of(ARTICLES)
    run([str(BIN / "searcher"), "index"], folder)
    return folder


def twin(folder: Path, engine: str) -> Path:
    """The archive itself if it has this engine, or else one with the same store: opening it fills the engine."""
    index = Index(folder / "index")
    current = index.folder(index.current() or 0)
    if read_meta(current).engine == engine:
        return folder
    other = WORK / f"{folder.name}-{engine}"
    shutil.rmtree(other, ignore_errors=True)
    held = other / "index" / current.name
    held.mkdir(parents=True)
    (other / "corpus").mkdir()
    shutil.copy(current / "articles.db", held)
    (held / "meta.json").write_text(json.dumps({**asdict(read_meta(current)), "engine": engine}))
    engines.create(engine, held / "engine", write=True).close()
    shutil.copy(index.path / "current", other / "index")
    Archive(other).close()
    return other


WHOLE = {"facets": DEFAULT_FACETS, "timeline": "auto"}
LIKE_FTS5 = {"facets": ("source",)}
"""What an answer has beside ten hits with passages: all that a page shows, or what is asked of FTS5."""


def measured(folder: Path, asked: Sequence[str], rounds: int, more: Mapping[str, Any] = WHOLE) -> list[float]:
    """Milliseconds of each query: the median of some rounds, each of which remembers nothing of the others."""
    times: list[list[float]] = [[] for _ in asked]
    for _ in range(rounds):
        with Archive(folder) as archive:
            for warm in ("a", "b OR c", '"d e"', "f w/3 g"):
                archive.search(warm, **more)
            for at, query in enumerate(asked):
                began = time.perf_counter()
                with suppress(QueryError):  # a pattern that fits too many words
                    archive.search(query, **more)
                times[at].append((time.perf_counter() - began) * 1000)
    return list(map(statistics.median, times))


def rival(folder: Path, asked: Sequence[Asked]) -> dict[int, float]:
    """Milliseconds of the queries that FTS5 knows: ten hits with snippets, the total, and one facet."""
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table words using fts5(title, body, source unindexed, tokenize='porter unicode61')")
    with Archive(folder) as archive:
        store = archive._generation().store
        ids = store.ids()
        for at in range(0, len(ids), 1000):
            held = store.get(ids[at : at + 1000]).values()
            rows = ((one.title, one.body, one.source or "") for one in held)
            db.executemany("insert into words (title, body, source) values (?, ?, ?)", rows)
    hits = (
        "select title, snippet(words, 1, '[', ']', '…', 40) from words where words match ? order by rank limit 10"
    )
    facet = "select source, count(*) as n from words where words match ? group by source order by n desc limit 10"
    found = {}
    for at, one in enumerate(asked):
        if one.fts5 is not None:
            began = time.perf_counter()
            db.execute(hits, (one.fts5,)).fetchall()
            db.execute(facet, (one.fts5,)).fetchall()
            found[at] = (time.perf_counter() - began) * 1000
    return found


def cells(what: str, times: Sequence[float], goal: str = "–") -> list[str]:
    """A row of the table."""
    slow = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return [what, f"{statistics.median(times):.2f} ms", f"{slow:.2f} ms", f"{max(times):.1f} ms", goal]


def summary(
    asked: Sequence[Asked], ours: Sequence[float], alike: Sequence[float], theirs: dict[int, float]
) -> Iterator[list[str]]:
    """All queries, and those that both know."""
    yield cells(f"{len(asked)} mixed queries: ten hits, passages, five facets, time line", ours, "10 and 30 ms")
    both = [alike[at] for at in theirs]
    yield cells(f"{len(both)} of them that FTS5 knows: ten hits, passages, total, one facet", both)
    yield cells("the same, FTS5 in memory: rank, snippets, total and one facet", list(theirs.values()))
    ratio = statistics.median(theirs[at] / alike[at] for at in theirs)
    yield ["FTS5's time by ours, query by query, median", f"{ratio:.1f}", "–", "–", "10"]
    yield [
        "FTS5's median by ours",
        f"{statistics.median(theirs.values()) / statistics.median(both):.1f}",
        *"––",
        "10",
    ]


def parsing(asked: Sequence[Asked]) -> list[str]:
    """Reading the queries alone."""
    calendar, times = Calendar(date(2026, 1, 1)), []
    for one in asked:
        began = time.perf_counter()
        for _ in range(20):
            with suppress(QueryError):  # a pattern that fits too many words
                parse(one.query, calendar)
        times.append((time.perf_counter() - began) * 50)
    return cells("parsing alone", times, "0.2 ms")


def passages(folder: Path, asked: Sequence[Asked]) -> list[str]:
    """What the passages of ten hits cost: an answer with them less the same answer without."""
    times = []
    with Archive(folder) as archive:
        for one in asked[:200]:
            with suppress(QueryError):
                times.append(max(0.0, _warm(archive, one.query, 2) - _warm(archive, one.query, 0)))
    return cells("passages of ten hits", times, "5 ms")


def _warm(archive: Archive, query: str, passages: int) -> float:
    """Milliseconds of a query that was asked before."""
    archive.search(query, passages=passages)
    began = time.perf_counter()
    archive.search(query, passages=passages)
    return (time.perf_counter() - began) * 1000


def by_kind(asked: Sequence[Asked], ours: Sequence[float], theirs: dict[int, float]) -> Iterator[list[str]]:
    """A row for each kind."""
    for kind in dict.fromkeys(one.kind for one in asked):
        of_kind = [at for at, one in enumerate(asked) if one.kind == kind]
        yield cells(f"{kind}, e.g. {asked[of_kind[0]].query}", [ours[at] for at in of_kind])
        if beside := [theirs[at] for at in of_kind if at in theirs]:
            yield cells(f"{kind}, FTS5", beside)


def oddities(odd: Sequence[float]) -> Iterator[list[str]]:
    """Each odd query."""
    for query, took in sorted(zip(ODD, odd, strict=True), key=lambda pair: -pair[1]):
        shown = query if len(query) <= 50 else f"{query[:40]}… ({len(query.split())} words)"
        yield [f"odd: {shown}".replace("|", "\\|"), f"{took:.1f} ms", "–", "–", "2 s"]


if __name__ == "__main__":
    main()
