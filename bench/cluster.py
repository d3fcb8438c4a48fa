"""How fast is a cluster? python bench/cluster.py [--articles 110000] [--nodes 3]

Nodes of OpenSearch on this machine, in processes of their own (`make opensearch` first), get the articles that the
engines of bench/engines.py get, with their text, and are asked the same 500 mixed queries: the ten best articles
with the exact total, five facets and the months. One shard a node and one replica. Nothing else runs here than what
is measured, but all nodes and the asking share the cores of one machine: it is no measure of a cluster of machines.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from articles import FACETS, Articles, entry, kept
from asking import FIELDS, KINDS, Prefix, Query, Sample, queries
from common import ROOT, WORK, table

from searcher.engines import Entry
from searcher.engines.opensearch import OpenSearchEngine, open_engine
from searcher.model import Article, Provenance
from searcher.query.plan import Plan, Term, Terms
from searcher.settings import OpenSearch

sys.path.insert(0, str(ROOT / "tests"))
import opensearch_kit
from opensearch_kit import Node, cluster

ASKED, WARMING, TOP = 500, 50, 10

HEAP = "2g"
"""Of each node; with the half gigabyte that tests give it one refuses facets of 110,000: "Data too large"."""


def main() -> None:
    """Starts the nodes, measures, and prints the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=110_000, metavar="N")
    options.add_argument("--nodes", type=int, default=3, metavar="N")
    given = options.parse_args()
    opensearch_kit.HEAP = HEAP
    articles, load = kept(given.articles), os.getloadavg()[0]
    mixed = queries(Sample(articles, given.articles), WARMING + ASKED)
    with TemporaryDirectory(dir=WORK, prefix="cluster-") as name:
        for nodes in cluster(Path(name), given.nodes):
            rows = measured(nodes, Path(name), articles, given.articles, mixed)
    loads = f"load of the machine {load:.1f} before, {os.getloadavg()[0]:.1f} after"
    title = f"OpenSearch, {given.nodes} nodes on one machine, {given.articles:,} articles; {loads}"
    table(f"cluster-{given.articles}", title, rows, ("searcher", "opensearch-py"))


def measured(
    nodes: list[Node], folder: Path, articles: Articles, number: int, mixed: list[Query]
) -> list[tuple[str, ...]]:
    """The rows of the table."""
    where = OpenSearch(",".join(node.url for node in nodes), "bench", len(nodes), 1 if len(nodes) > 1 else 0)
    engine = open_engine(folder / "engine", True, where)
    began, spent = time.perf_counter(), time.process_time()
    engine.write(entries(articles, number), [], 1)
    built, own = time.perf_counter() - began, time.process_time() - spent
    size = nodes[0].ask("GET", f"/{engine.index}/_stats/store")["_all"]["primaries"]["store"]["size_in_bytes"]
    version = nodes[0].ask("GET", "/")["version"]["number"]
    return [
        ("what", "figure"),
        ("OpenSearch", version),
        ("articles a second, replicas included, on the clock", f"{number / built:,.0f}"),
        ("of that, seconds of this process", f"{own:,.1f} of {built:,.1f}"),
        ("size of the primaries", f"{size / 1e6:,.0f} MB"),
        *asked(engine, mixed),
    ]


def entries(articles: Articles, number: int) -> Iterator[Entry]:
    """The articles as the engine is given them: with their words as a text, for want of the text."""
    for one in articles.first(number):
        title, body = (" ".join(words.surfaces) for words in (one.title, one.body))
        yield replace(entry(one), article=Article(one.id, title, body, Provenance("corpus/bench")))


def asked(engine: OpenSearchEngine, mixed: list[Query]) -> Iterator[tuple[str, ...]]:
    """The times of the queries, all and by kind."""
    times = defaultdict[str, list[float]](list)
    for query in mixed[:WARMING]:
        answer(engine, query.asked)
    for query in mixed[WARMING:]:
        began = time.perf_counter()
        answer(engine, query.asked)
        times[query.kind].append((time.perf_counter() - began) * 1000)
    every = sorted(each for some in times.values() for each in some)
    yield "median of 500 mixed queries, with five facets and months", f"{statistics.median(every):,.1f} ms"
    yield "95th percentile", f"{every[len(every) * 95 // 100]:,.1f} ms"
    for kind in KINDS:
        if times[kind]:
            yield kind, f"{statistics.median(times[kind]):,.1f} ms"


def answer(engine: OpenSearchEngine, query: Plan | Prefix) -> Any:
    """What is asked for one query."""
    plan = prefixed(engine, query) if isinstance(query, Prefix) else query
    found = engine.search(plan, "relevance", 0, TOP)
    counts = engine.count(plan, (*FACETS, "month"))
    return found, [counts[name].most_common(TOP) for name in FACETS], dict(counts["month"])


def prefixed(engine: OpenSearchEngine, prefix: Prefix) -> Plan:
    words = ((name, word) for name in FIELDS for word in engine.terms(name, prefix.text))
    return Terms(tuple(Term(name, word, FIELDS[name]) for name, word in words))


if __name__ == "__main__":
    main()
