"""An index in an OpenSearch cluster: for archives, and users, beyond one machine.

The folder of a generation holds one small file here: which index of which cluster it is. Articles lie in the
cluster too, so that whoever searches needs its URL and no more (`articles`). Decision 24 says what holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

from searcher.engines.narrowing import Narrowing, Wanted, simplest
from searcher.engines.opensearch import counting, documents, publishing
from searcher.engines.opensearch.cluster import REBUILD, Cluster, Json, chunked, encoded
from searcher.engines.opensearch.lexicon import Lexicon
from searcher.engines.opensearch.queries import native
from searcher.engines.opensearch.queries import query as query_of
from searcher.engines.opensearch.writing import Writer, create
from searcher.engines.port import NAMES, VALUES, Counts, Entry, Found, entry_of
from searcher.errors import ClusterFault, IndexDamaged, SettingsError
from searcher.files import replace_text
from searcher.model import Article, Sort
from searcher.query.matching import Texts
from searcher.query.plan import EVERYTHING, Plan
from searcher.settings import OpenSearch

FILE = "opensearch.json"

WINDOW = 10_000
"""How far into an order the cluster looks without a snapshot of its own."""

READ = 200
"""How many articles are read at once to look at their words."""

SHORT, KEPT = 200, 5000
"""Of how many words a list is kept, and how many lists: most queries ask how their words may be written."""

_DAY: Json = {"numbers.date": {"order": "desc", "missing": "_last"}}
_ID: Json = {"id": "asc"}
_ORDERS: Mapping[Sort, list[Any]] = {
    "relevance": ["_score", _DAY, _ID],
    "newest": [_DAY, _ID],
    "oldest": [{"numbers.date": {"order": "asc", "missing": "_last"}}, _ID],
    "source": [{"by_source": {"order": "asc", "missing": "_last"}}, _DAY, _ID],
}


def open_engine(path: Path, write: bool, given: OpenSearch | None = None) -> OpenSearchEngine:
    """The index that the file in this folder names, in the cluster that is given or else the file's.

    `write` makes both if there are none. Raises ClusterFault if the cluster does not answer, IndexDamaged if the
    file or the index is missing, SettingsError if no cluster is named.
    """
    held = _held(path)
    if held is None and not write:
        raise IndexDamaged(f"a file of the index is missing: {path / FILE}", REBUILD)
    if held is None and given is None:
        raise SettingsError("no cluster is named", '[opensearch] url = "http://localhost:9200" in searcher.toml')
    where = given or OpenSearch(**(held or {})["cluster"])
    cluster = Cluster(where.url, where.ca_certs)
    index = held["index"] if held else None
    if write:
        index = index or _claim(path, where, cluster)
        create(cluster, index, where)
    assert index
    engine = OpenSearchEngine(cluster, index, where)
    if not write and not engine.state().keys() & {"written", "generation"}:
        raise IndexDamaged(f"the index was not finished: {index}", "`searcher index` goes on with it")
    return engine


def _held(path: Path) -> Json | None:
    try:
        held: Json = json.loads((path / FILE).read_text("utf-8"))
        return held
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"cannot read the index: {path / FILE}", REBUILD) from error


def _claim(path: Path, where: OpenSearch, cluster: Cluster) -> str:
    """A new name, behind all that the cluster has; noted before anything is made under it."""
    there = cluster.maybe("GET", f"/{where.name}-*/_settings", flat_settings="true") or {}
    ends = (name.removeprefix(f"{where.name}-")[:6] for name in there)
    index = f"{where.name}-{1 + max((int(end) for end in ends if end.isdigit()), default=0):06}"
    path.mkdir(parents=True, exist_ok=True)
    known = where._replace(url=cluster.shown)._asdict()
    replace_text(path / FILE, json.dumps({"index": index, "cluster": known}, indent=1))
    return index


@dataclass(slots=True)
class _State:
    """One state of the index, as far as it is known: what was verified in it, which words begin so."""

    last: int
    narrowing: Narrowing[str]
    words: dict[tuple[str, str], list[str]] = field(default_factory=dict)


class OpenSearchEngine:
    """One index. It is asked anew for everything: what is kept are only ids of leaves that were verified."""

    def __init__(self, cluster: Cluster, index: str, where: OpenSearch) -> None:
        self.cluster = cluster
        self.index = index
        self.where = where
        self._lexicon = Lexicon(cluster, f"{index}-words")
        self._state = self._fresh(-1)
        self.last()

    def _fresh(self, last: int) -> _State:
        return _State(last, Narrowing(native, self._every, self._texts))

    def write(self, put: Iterable[Entry], drop: Iterable[str], last: int) -> None:
        Writer(self.cluster, self.index, self.where).write(put, drop, last)
        self._state = self._fresh(last)

    def last(self) -> int:
        state = self.state()
        last = int(state.get("last", 0))
        if last != self._state.last:
            self._state = self._fresh(last)
        return last

    def state(self) -> Json:
        """What was noted of the index. Raises IndexDamaged if it is not in the cluster."""
        path = f"/{self.index}-words/_doc/state"
        held = self.cluster.read("GET", path)
        state: Json = held["_source"]["state"]
        return state

    def size(self) -> int:
        held = self.cluster.read("GET", f"/{self.index},{self.index}-words/_stats/store")["_all"]["total"]
        return int(held["store"]["size_in_bytes"])

    def publish(self, **facts: Any) -> None:
        publishing.publish(self.cluster, self.index, self.where, facts)

    def search(self, plan: Plan, sort: Sort, offset: int, limit: int | None) -> Found:
        query = self._query(plan, scored=sort == "relevance" and limit != 0)
        if limit is None or offset + limit > WINDOW:
            return self._deep(query, sort, offset, limit)
        found = self._page(query, sort, {"from": offset, "size": limit})
        return _found(found["hits"]["hits"], found)

    def _query(self, plan: Plan, scored: bool = False) -> Json:
        plain = simplest(plan)
        return query_of(plain, self._state.narrowing.resolved(plain), scored)

    def _deep(self, query: Json, sort: Sort, offset: int, limit: int | None) -> Found:
        """From a snapshot, page after page; without one where the first holds all."""
        if not offset and limit is None:
            first = self._page(query, sort, {"size": WINDOW})
            if first["hits"]["total"]["value"] <= WINDOW:
                return _found(first["hits"]["hits"], first)
        with_pit = self.cluster.read(
            "POST", f"/{self.index}/_search/point_in_time", keep_alive="2m", preference=_preference(query)
        )
        try:
            pages = self._pages(query, sort, with_pit["pit_id"])
            first = next(pages)
            hits = (hit for page in (iter([first]), pages) for each in page for hit in each["hits"]["hits"])
            return _found(list(islice(hits, offset, None if limit is None else offset + limit)), first)
        finally:
            self.cluster.maybe("DELETE", "/_search/point_in_time", {"pit_id": [with_pit["pit_id"]]})

    def _pages(self, query: Json, sort: Sort, pit: str) -> Iterator[Json]:
        body: Json = {"size": WINDOW, "pit": {"id": pit, "keep_alive": "2m"}}
        while True:
            page = self._page(query, sort, body, path="/_search")
            yield page
            hits = page["hits"]["hits"]
            if len(hits) < WINDOW:
                return
            body = body | {"search_after": hits[-1]["sort"]}

    def _page(self, query: Json, sort: Sort, body: Json, path: str | None = None) -> Json:
        wanted: Json = {"query": query, "track_total_hits": True, "_source": False, "stored_fields": "_none_"}
        if body.get("size"):
            wanted |= {"sort": _ORDERS[sort]}
        return self._ask(wanted | body, path)

    def _ask(self, body: Json, path: str | None = None) -> Json:
        params: Json = {"allow_partial_search_results": "false"}
        if body.get("sort") == _ORDERS["relevance"]:  # by the statistics of the whole index, not of each shard
            params["search_type"] = "dfs_query_then_fetch"
        if not path:
            params["preference"] = _preference(body["query"])
        return self.cluster.read("POST", path or f"/{self.index}/_search", body, **params)

    def count(self, plan: Plan, names: Sequence[str], by: str | None = None) -> Mapping[str, Counts]:
        return counting.count(counting.Asking(self._ask, self._query(plan)), names, by)

    def terms(self, name: str, prefix: str) -> Iterable[str]:
        if name in VALUES and name not in NAMES:
            return self._values(documents.folded_field(name), prefix)
        held = self._state.words
        if (words := held.get((name, prefix))) is None:
            words = self._lexicon.words(name, prefix)
            if len(words) <= SHORT and len(held) < KEPT:
                held[name, prefix] = words
        return words

    def _values(self, name: str, prefix: str) -> list[str]:
        query: Json = {"prefix": {name: prefix}} if prefix else {"match_all": {}}
        values = (key for (key,), _ in counting.Asking(self._ask, query).every(name))
        return [value for value in values if value and value.startswith(prefix)]

    def _every(self, plan: Plan) -> Sequence[str]:
        return self._deep(query_of(plan, {}, False), "newest", 0, None).ids

    def _texts(self, ids: Sequence[str], wanted: Wanted) -> Iterator[tuple[str, Texts]]:
        for article in self.articles(ids):
            words = entry_of(article).words
            yield article.id, {name: words[name] for name in wanted if name in words}

    def begins(self, prefix: str, limit: int) -> list[str]:
        """Ids that begin so, sorted."""
        body = {"size": limit, "sort": [_ID], "query": {"prefix": {"id": prefix}}, "_source": False}
        return [hit["sort"][-1] for hit in self._ask(body)["hits"]["hits"]]

    def articles(self, ids: Sequence[str]) -> Iterator[Article]:
        """The articles of these ids, as far as searches find them."""
        for some in chunked(ids, READ):
            answer = self.cluster.read("POST", f"/{self.index}/_mget", {"ids": list(some)}, realtime="false")
            yield from (documents.article(one["_source"]) for one in answer["docs"] if one.get("found"))

    def check(self) -> list[str]:
        """Whether every part of the index is there; what lies on the cluster's disks is its own to check."""
        if self.cluster.read("GET", f"/_cluster/health/{self.index}")["status"] == "red":
            return [f"damaged: {self.index}: a part of it is on no node that is there"]
        try:
            self.count(EVERYTHING, ("source",))
        except ClusterFault as fault:
            return [f"damaged: {self.index}: {fault.message}"]
        return []

    def close(self) -> None:
        self.cluster.close()


def _found(hits: Sequence[Json], answer: Json) -> Found:
    total = answer["hits"]["total"]["value"]
    return Found(tuple(hit["sort"][-1] for hit in hits), tuple(hit["_score"] or 0.0 for hit in hits), total)


def _preference(query: Json) -> str:
    """The same copies of the index answer the same query: their statistics, and so their orders, may differ."""
    return blake2b(encoded(query), digest_size=8).hexdigest()
