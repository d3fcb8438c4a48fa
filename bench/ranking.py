"""How good is the order of what is found? python bench/ranking.py [FOLDER …]

Each folder of the measuring data's ir/ (or each one that is named) holds a test collection as BEIR lays it out:
corpus.jsonl (or .zst), queries.jsonl, qrels.tsv. Its corpus becomes an archive, is built, and is asked as a user's
program would ask it: any of the words, taken literally. Beside it stands BM25 of the package `bm25s` over title and
text as one string; and what each step from the ranking as it was to the one that is brought.

nDCG@10 as trec_eval has it: the gain is the judgement itself (linear), the discount log2(rank + 1), the ideal order
that of all judged documents. recall@100: the share of the relevant ones among the first hundred. Queries without a
relevant document do not count. In brackets the same for queries in odd and in even places, so that luck is seen.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from common import DATA, WORK, table

from searcher import Archive
from searcher import search as searching
from searcher.engines import port
from searcher.engines.whoosh import view
from searcher.model import Article
from searcher.query import loosening
from searcher.query.plan import STEM, And, Not, Or, Plan, Row, Terms

DEPTH = 100
PACKAGES = ("searcher", "whoosh3", "numpy", "PyStemmer", "bm25s")

Ranking = Mapping[str, Sequence[str]]
"""Query → its documents, the best first."""


class Collection(NamedTuple):
    """Documents (title and text by id), queries, and how relevant which document is to which query."""

    name: str
    corpus: bytes
    documents: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, int]]


class Quality(NamedTuple):
    """The two measures of every query."""

    ndcg: list[float]
    recall: list[float]


def main() -> None:
    """Measures all collections and prints one table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", type=Path, nargs="*", help="folders of collections (all of the measuring data)")
    folders = options.parse_args().folders or sorted(path for path in (DATA / "ir").glob("*") if path.is_dir())
    columns = {folder.name: measure(read(folder)) for folder in folders}
    table("ranking", "nDCG@10 and recall@100 (odd, even queries)", rows(columns), PACKAGES)


def read(folder: Path) -> Collection:
    """A collection; queries without a relevant document are left out."""
    packed = folder / "corpus.jsonl.zst"
    corpus = unpacked(packed) if packed.exists() else (folder / "corpus.jsonl").read_bytes()
    documents = {
        found["_id"]: (found.get("title", ""), found["text"]) for found in map(json.loads, corpus.splitlines())
    }
    relevant: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, judged = line.split("\t")
        relevant[query][document] = int(judged)
    asked = map(json.loads, (folder / "queries.jsonl").read_text("utf-8").splitlines())
    queries = {one["_id"]: one["text"] for one in asked if any(map(positive, relevant[one["_id"]].values()))}
    return Collection(folder.name, corpus, documents, queries, relevant)


def unpacked(path: Path) -> bytes:
    """The bytes of a .zst file."""
    import zstandard

    with path.open("rb") as stream:
        return zstandard.ZstdDecompressor().stream_reader(stream).read()


def positive(judged: int) -> bool:
    """Whether a judgement says that a document is relevant."""
    return judged > 0


def measure(collection: Collection) -> dict[str, Quality]:
    """The quality of the peer, and of ours after each step."""
    found = {"bm25s": quality(collection, peer(collection))}
    for texts, steps in ((with_sentences, STEPS[:1]), (texts_of, STEPS[1:])):
        with patch("searcher.engines.port._texts", texts), archive(collection) as opened:
            for step in steps:
                opened.close()  # what is known of words and plans belongs to a step
                with step.taken():
                    found[step.what] = quality(collection, ours(opened, collection.queries))
    return found


@contextmanager
def archive(collection: Collection) -> Iterator[Archive]:
    """An archive whose corpus is the collection's; built anew."""
    root = WORK / f"ranking-{collection.name}"
    shutil.rmtree(root, ignore_errors=True)
    (root / "corpus").mkdir(parents=True)
    (root / "corpus" / f"{collection.name}.jsonl").write_bytes(collection.corpus)
    with Archive(root) as opened:
        report = opened.build()
        print(f"{collection.name}: {report.total:,} of {len(collection.documents):,} documents, "
              f"{len(collection.queries)} queries")  # fmt: skip
        yield opened
    shutil.rmtree(root)


def ours(archive: Archive, queries: Mapping[str, str]) -> Ranking:
    """What a program gets that asks for any of the words. A record's id is the member of its file."""
    found = {}
    for query, text in queries.items():
        hits = archive.search(text, literal=True, match="any", limit=DEPTH, passages=0)
        found[query] = [hit.article.provenance.member or "" for hit in hits]
    return found


def peer(collection: Collection) -> Ranking:
    """BM25 as Lucene has it, with English stop words and Porter's second stemmer."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")

    def cut(texts: Iterable[str]) -> Any:
        return bm25s.tokenize(list(texts), stopwords="en", stemmer=stemmer, show_progress=False)

    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    index.index(
        cut(f"{title} {text}".strip() for title, text in collection.documents.values()), show_progress=False
    )
    found, scores = index.retrieve(
        cut(collection.queries.values()), corpus=list(collection.documents), k=DEPTH, show_progress=False
    )
    return {
        query: [str(one) for one, score in zip(found[row], scores[row], strict=True) if score > 0]
        for row, query in enumerate(collection.queries)
    }


def quality(collection: Collection, ranking: Ranking) -> Quality:
    """Both measures of every query, in order."""
    pairs = [(ranking[query], collection.relevant[query]) for query in collection.queries]
    return Quality([ndcg(*pair, 10) for pair in pairs], [recall(*pair, DEPTH) for pair in pairs])


def ndcg(ranked: Sequence[str], relevant: Mapping[str, int], depth: int) -> float:
    """Normalised discounted cumulative gain of the first `depth`."""
    best = sorted(relevant.values(), reverse=True)
    return _gained([relevant.get(one, 0) for one in ranked[:depth]]) / _gained(best[:depth])


def _gained(judged: Sequence[int]) -> float:
    return sum(max(0, gain) / math.log2(rank + 1) for rank, gain in enumerate(judged, 1))


def recall(ranked: Sequence[str], relevant: Mapping[str, int], depth: int) -> float:
    """The share of the relevant documents among the first `depth`."""
    wanted = {document for document, judged in relevant.items() if positive(judged)}
    return len(wanted.intersection(ranked[:depth])) / len(wanted)


# What each change brought: the ranking as it was, and with one change more each time


@dataclass(frozen=True)
class Step:
    """The program with some of its ranking put back to what it was."""

    what: str
    rarity: Callable[[int, int], float] = view.rarity
    plan: Callable[[Plan], Plan] = lambda plan: plan
    common: Callable[[Iterable[str]], frozenset[str]] = loosening.common

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Searches inside are those of this step."""
        with ExitStack() as stack:
            for target, other in (
                ("searcher.engines.whoosh.view.rarity", self.rarity),
                ("searcher.query.loosening.common", self.common),
                ("searcher.search.lower", lambda *given: self.plan(lower(*given))),
            ):
                stack.enter_context(patch(target, other))
            yield


texts_of, lower = port._texts, searching.lower


def with_sentences(article: Article) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The texts of an article, with a first sentence that stands in for a headline as its title."""
    return texts_of(replace(article, origins={}))


def whooshs(articles: int, having: int) -> float:
    """The rarity of a word as Whoosh has it: never less than nearly 1."""
    return math.log(articles / (having + 1)) + 1


def none(words: Iterable[str]) -> frozenset[str]:
    """No word is common."""
    return frozenset()


def apart(plan: Plan) -> Plan:
    """Every form of a word in every field as a word of its own."""
    match plan:
        case Terms(terms, weight):
            return Or(tuple(Terms((term._replace(weight=1.0),), weight * term.weight) for term in terms))
    return _each(apart, plan)


def weighed(weights: Mapping[str, float], surface: float) -> Callable[[Plan], Plan]:
    """A plan whose words and rows count so much by field, and words as surfaces so many times of that."""

    def worth(field: str) -> float:
        return weights[field.partition(".")[0]]

    def change(plan: Plan) -> Plan:
        match plan:
            case Terms(terms):
                parts = ((term, 1 if term.field.endswith(STEM) else surface) for term in terms)
                return replace(
                    plan, terms=tuple(term._replace(weight=worth(term.field) * part) for term, part in parts)
                )
            case Row(field):
                return replace(plan, weight=worth(field))
        return _each(change, plan)

    return change


def _each(change: Callable[[Plan], Plan], plan: Plan) -> Plan:
    match plan:
        case And(nodes) | Or(nodes):
            return replace(plan, nodes=tuple(map(change, nodes)))
        case Not(node):
            return Not(change(node))
    return plan


before = weighed({"title": 4.0, "lead": 1.0, "body": 1.0}, 0.5)

STEPS = (
    Step("as it was: Whoosh's rarity, forms and fields added up", whooshs, lambda plan: apart(before(plan)), none),
    Step("+ a first sentence is no title", whooshs, lambda plan: apart(before(plan)), none),
    Step("+ Lucene's rarity", plan=lambda plan: apart(before(plan)), common=none),
    Step("+ forms and fields are one word (BM25F)", plan=before, common=none),
    Step("+ the weights of today", common=none),
    Step("+ common words left out = ours"),
)


def rows(columns: Mapping[str, Mapping[str, Quality]]) -> list[list[str]]:
    """A row for the peer and for each step, two columns a collection."""
    heads = [f"{name} {what}" for name in columns for what in ("nDCG@10", "recall@100")]
    steps = list(next(iter(columns.values())))
    figures = ([_shown(values) for name in columns for values in columns[name][step]] for step in steps)
    return [["", *heads], *([step, *shown] for step, shown in zip(steps, figures, strict=True))]


def _shown(values: Sequence[float]) -> str:
    odd, even = (statistics.fmean(values[start::2]) for start in (0, 1))
    return f"{statistics.fmean(values):.4f} ({odd:.3f}, {even:.3f})"


if __name__ == "__main__":
    main()
