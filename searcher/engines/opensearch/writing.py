"""How do articles get into the cluster? In bulk, each again where a fault passes; none is lost, none is twice.

A document has the id of its article, so whatever is sent again replaces itself. What is written is seen when all of
it is in, and only then it is noted that it is: after a fault or a kill the next run sends it again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from searcher.engines.opensearch import documents
from searcher.engines.opensearch.cluster import TEMPORARY, WRITES, Cluster, Json, encoded, pauses, reason_of
from searcher.engines.opensearch.lexicon import MAPPING, Gathered, Lexicon, pieces
from searcher.engines.port import Entry
from searcher.errors import ClusterFault
from searcher.settings import OpenSearch

CHUNK = 4_000_000
"""Bytes in one request, if no article alone has more."""

FORMAT = 1
"""The format of an index in a cluster."""

AGAIN = "run the same command again: what is in the cluster is replaced by itself, and nothing is lost"

AWAY = "10s"
"""How long the cluster itself waits for a part of the index whose node is away, before it says so."""

Action = tuple[str, bytes]
"""An id, and the lines of a bulk request that put or drop it."""


def create(cluster: Cluster, index: str, where: OpenSearch) -> None:
    """Makes the two indexes of a generation, if they are not there. One without the other is made anew: it would
    not say what it lacks."""
    names = (index, f"{index}-words")
    there = [name for name in names if cluster.has(f"/{name}/_settings")]
    for name in there if len(there) == 1 else ():
        cluster.maybe("DELETE", f"/{name}")
    words = {"index": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}}
    for name, settings, mapping in (
        (index, documents.settings(where.shards), documents.mapping({"format": FORMAT})),
        (f"{index}-words", words, MAPPING),
    ):
        if len(there) < len(names):
            cluster.write("PUT", f"/{name}", {"settings": settings, "mappings": mapping})
    if not cluster.has(f"/{index}-words/_doc/state"):
        cluster.write("PUT", f"/{index}-words/_doc/state", {"state": {"last": 0, "format": FORMAT}})


class Writer:
    """Writes to one index."""

    def __init__(self, cluster: Cluster, index: str, where: OpenSearch) -> None:
        self._cluster = cluster
        self._index = index
        self._words = f"{index}-words"
        self._where = where

    def write(self, put: Iterable[Entry], drop: Iterable[str], last: int) -> None:
        """As engines write; raises ClusterFault, with every article that was refused, before anything is seen."""
        with Bulk(self._cluster, self._index) as bulk, Bulk(self._cluster, self._words) as words:
            gathered = Gathered(last, lambda pieces: words.put(pieces.items()))
            bulk.drop(drop)
            bulk.put(_documents(put, gathered))
            gathered.flush()
        _refuse(bulk)
        _refuse(words)
        self._tidy(last)
        for index in (self._words, self._index):
            self._cluster.write("POST", f"/{index}/_refresh")
            self._replicate(index)
        self.note(last=last, written=True)

    def note(self, **facts: Any) -> None:
        """Notes facts about the whole index."""
        self._cluster.write("POST", f"/{self._words}/_update/state", {"doc": {"state": facts}})

    def _tidy(self, last: int) -> None:
        """Puts the words of fields together that are in many pieces."""
        lexicon = Lexicon(self._cluster, self._words)
        for name in lexicon.crowded():
            held = pieces(name, last, lexicon.words(name, ""))
            with Bulk(self._cluster, self._words) as bulk:
                bulk.put(held.items())
                bulk.drop(set(lexicon.ids(name)) - held.keys())
            _refuse(bulk)

    def _replicate(self, index: str) -> None:
        """As many copies as are wanted: none while a new index is loaded. Waits until they are there."""
        path = f"/{index}/_settings"
        held = self._cluster.read("GET", path, flat_settings="true")[index]["settings"]
        if held["index.number_of_replicas"] == str(self._where.replicas):
            return
        self._cluster.write("PUT", path, {"index": {"number_of_replicas": self._where.replicas}})
        waiting = "wait_for_no_initializing_shards=true&timeout=50s"
        self._cluster.maybe("GET", f"/_cluster/health/{index}?{waiting}")


def _documents(put: Iterable[Entry], gathered: Gathered) -> Iterator[tuple[str, Json]]:
    for entry in put:
        gathered.add(entry)
        yield entry.id, documents.document(entry)


def _refuse(bulk: Bulk) -> None:
    """Raises what the cluster did not take."""
    if not bulk.refused:
        return
    number = len(bulk.refused)
    shown = "; ".join(f"{identity}: {reason}" for identity, reason in bulk.refused[:20])
    more = f" and {number - 20:,} more" if number > 20 else ""
    fault = ClusterFault(f"the cluster did not take {number:,} of {bulk.sent:,} articles: {shown}{more}", AGAIN)
    fault.refused = tuple(bulk.refused)
    raise fault


class Bulk:
    """Sends what is put and dropped in large requests, one after the other, while the next is made.

    `refused` are those that the cluster did not take, with its reasons, after all was tried.
    """

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster = cluster
        self._index = index
        self._waiting: dict[str, bytes] = {}
        self._size = 0
        self._sender = ThreadPoolExecutor(1, "bulk")
        self._sending: Future[None] | None = None
        self.refused: list[tuple[str, str]] = []
        self.sent = 0

    def put(self, documents: Iterable[tuple[str, Json]]) -> None:
        """Puts documents by id; the last of one id holds."""
        for identity, document in documents:
            self._add(identity, b"\n".join((encoded({"index": {"_id": identity}}), encoded(document), b"")))

    def drop(self, ids: Iterable[str]) -> None:
        """Drops documents, as far as they are there."""
        for identity in ids:
            self._add(identity, encoded({"delete": {"_id": identity}}) + b"\n")

    def _add(self, identity: str, lines: bytes) -> None:
        if self._size + len(lines) > CHUNK:
            self._flush()
        self._waiting[identity] = lines
        self._size += len(lines)

    def _flush(self) -> None:
        """Two requests are never on their way at once, or an older article might replace a newer one."""
        self._done()
        if self._waiting:
            self._sending = self._sender.submit(self._send, list(self._waiting.items()))
        self._waiting, self._size = {}, 0

    def _done(self) -> None:
        sending, self._sending = self._sending, None
        if sending:
            sending.result()

    def _send(self, actions: Sequence[Action]) -> None:
        """Raises ClusterFault if some of these cannot be taken now: so could not what comes after them."""
        self.sent += len(actions)
        for wait in pauses(WRITES):
            actions = self._once(actions, final=wait is None)
            if not actions:
                return
            if wait is not None:
                time.sleep(wait)
        _refuse(self)

    def _once(self, actions: Sequence[Action], final: bool) -> Sequence[Action]:
        """Sends these, and gives those of them that may be taken a little later."""
        body = b"".join(lines for _, lines in actions)
        try:
            answer = self._cluster.write("POST", f"/{self._index}/_bulk?timeout={AWAY}", body)
        except ClusterFault as fault:
            if fault.status != 413 or len(actions) == 1:
                raise
            half = len(actions) // 2
            return [*self._once(actions[:half], final), *self._once(actions[half:], final)]
        again = []
        for action, item in zip(actions, answer["items"], strict=True):
            (result,) = item.values()
            passes = _passes(result)
            if passes:
                again.append(action)
            if "error" in result and (final or not passes):
                self.refused.append((action[0], reason_of(result["error"])))
        return again

    def __enter__(self) -> Bulk:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if error is None:
                self._flush()
                self._done()
        finally:
            self._sender.shutdown(wait=True, cancel_futures=True)


def _passes(result: Mapping[str, Any]) -> bool:
    return "error" in result and result.get("status") in TEMPORARY
