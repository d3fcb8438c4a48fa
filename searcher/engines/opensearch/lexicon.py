"""Which words does an index field hold? Sorted lists in an index beside that of the articles.

A cluster cannot list its words without holding them all in memory. So whoever writes keeps what words there are: in
sorted pieces, each a document that says where it begins and ends. Pieces of several writes overlap and are put
together where a field has many. A word whose last article was dropped stays until the next full build.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from heapq import merge
from itertools import groupby
from typing import Any

from searcher.engines.opensearch.cluster import Cluster, Json
from searcher.engines.port import NAMES, TEXTS, Entry
from searcher.query.plan import EXACT, STEM

PIECE = 4000
"""Words in a document."""

FULL = 400_000
"""Words that a writer holds before it writes them down."""

WRITES = 16
"""Of how many writes a field has pieces before they are put together."""

MAPPING: Json = {
    "dynamic": "strict",
    "properties": {
        **{name: {"type": "keyword"} for name in ("id", "field", "first", "last")},
        "write": {"type": "long"},
        "words": {"type": "binary"},
        "state": {"type": "object", "enabled": False},
    },
}


def words_of(entry: Entry) -> Iterator[tuple[str, Iterable[str]]]:
    """The words of an entry by index field; of written ones those that are not written as their surface."""
    for name, words in entry.words.items():
        yield name, words.surfaces
        if name in TEXTS:
            yield name + STEM, words.stems
            yield name + EXACT, words.written


class Gathered:
    """The words of entries that are being written. `put` takes documents by id."""

    def __init__(self, write: int, put: Callable[[Mapping[str, Json]], None]) -> None:
        self._write = write
        self._put = put
        self._words: dict[str, set[str]] = {}

    def add(self, entry: Entry) -> None:
        for name, words in words_of(entry):
            self._words.setdefault(name, set()).update(words)
        if sum(map(len, self._words.values())) > FULL:
            self.flush()

    def flush(self) -> None:
        """Writes down what was gathered."""
        for name, words in self._words.items():
            self._put(pieces(name, self._write, sorted(words - {""})))
        self._words = {}


def pieces(name: str, write: int, words: list[str]) -> dict[str, Json]:
    """Sorted words as documents, by ids that are the same whenever the same is written."""
    held = {}
    for at in range(0, len(words), PIECE):
        some = words[at : at + PIECE]
        data = zlib.compress("\n".join(some).encode("utf-8", "replace"), 6)
        document = {"field": name, "first": some[0], "last": some[-1], "write": write}
        identity = blake2b(name.encode() + data, digest_size=20).hexdigest()
        held[identity] = document | {"id": identity, "words": b64encode(data).decode("ascii")}
    return held


class Lexicon:
    """The words of an index, for reading."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster = cluster
        self._index = index

    def words(self, name: str, prefix: str) -> list[str]:
        """The words of an index field that begin with `prefix`, sorted."""
        if name.partition(".")[0] not in (*TEXTS, *NAMES):
            return []
        held = [_words(piece) for piece in self._pieces(name, prefix)]
        each = (word for word, _ in groupby(merge(*held)))
        return [word for word in each if word.startswith(prefix)] if prefix else list(each)

    def crowded(self) -> list[str]:
        """The fields that have pieces of many writes."""
        body = {"size": 0, "aggs": {"f": {"terms": {"field": "field", "size": 1000},
                "aggs": {"writes": {"cardinality": {"field": "write"}}}}}}  # fmt: skip
        answer = self._cluster.read("POST", f"/{self._index}/_search", body)
        return [each["key"] for each in answer["aggregations"]["f"]["buckets"] if each["writes"]["value"] > WRITES]

    def ids(self, name: str) -> list[str]:
        """The documents of a field."""
        return [piece["_id"] for piece in self._pieces(name, "")]

    def _pieces(self, name: str, prefix: str) -> Iterator[Json]:
        filters: list[Json] = [{"term": {"field": name}}]
        if prefix:
            filters += [{"range": {"last": {"gte": prefix}}}, {"range": {"first": {"lte": prefix + "\U0010ffff"}}}]
        body: Json = {"size": 500, "query": {"bool": {"filter": filters}}, "sort": ["first", "id"]}
        while True:
            hits = self._cluster.read("POST", f"/{self._index}/_search", body)["hits"]["hits"]
            yield from hits
            if len(hits) < 500:
                return
            body["search_after"] = hits[-1]["sort"]


def _words(piece: Mapping[str, Any]) -> list[str]:
    return zlib.decompress(b64decode(piece["_source"]["words"])).decode("utf-8").split("\n")
