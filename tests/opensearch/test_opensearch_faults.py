"""What if the cluster is away, refuses, or answers in part? A clear error, and never that nothing was found."""

from __future__ import annotations

import json
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import trustme

from searcher.archive import Archive
from searcher.engines import Entry, entry_of
from searcher.engines.opensearch import OpenSearchEngine, cluster, open_engine, writing
from searcher.errors import ClusterFault, SettingsError
from searcher.model import Article, Provenance
from searcher.query.plan import EVERYTHING, Plan, Term, Terms
from searcher.settings import OpenSearch

Names = Callable[[], OpenSearch]
FERRY: Plan = Terms((Term("body", "ferry"),))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "FIRST", 0.001)
    monkeypatch.setattr(cluster, "LONGEST", 0.01)


def entry(identity: str, text: str = "a ferry") -> Entry:
    return entry_of(
        Article(identity, "", text, Provenance("corpus/a"), language="en", copy=identity, story=identity)
    )


class Wrong(NamedTuple):
    """How a request goes wrong: with this status and body; or, `inside`, what is made of the true answer."""

    status: int = 200
    body: Any = None
    inside: Callable[[Any], Any] | None = None


class Proxy:
    """Hands requests on to a cluster; those that `plan` names, in its order, go wrong instead."""

    def __init__(self, behind: str, tls: ssl.SSLContext | None = None, login: str = "") -> None:
        self.plan: list[tuple[str, Wrong]] = []
        self.asked: list[tuple[str, str, bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                if login and self.headers["authorization"] != f"Basic {b64encode(login.encode()).decode()}":
                    status, answer = 401, b'{"error": "Unauthorized"}'
                else:
                    kind = self.headers["content-type"]
                    status, answer = outer.answer(behind, self.command, self.path, body, kind)
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, behind: str, method: str, path: str, body: bytes, kind: str | None) -> tuple[int, bytes]:
        self.asked.append((method, path, body))
        wrong = self.plan.pop(0)[1] if self.plan and self.plan[0][0] in path else None
        if wrong and not wrong.inside:
            return wrong.status, json.dumps(wrong.body).encode()
        request = Request(behind + path, body or None, {"content-type": kind or "application/json"}, method=method)
        try:
            with urlopen(request) as held:
                status, answer = held.status, held.read()
        except HTTPError as error:
            status, answer = error.code, error.read()
        if wrong and wrong.inside:
            answer = json.dumps(wrong.inside(json.loads(answer))).encode()
        return status, answer


@pytest.fixture
def proxy(opensearch: str) -> Iterator[Proxy]:
    made = Proxy(opensearch)
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def engine(proxy: Proxy, new_name: Names, tmp_path: Path) -> Iterator[OpenSearchEngine]:
    opened = open_engine(tmp_path, True, new_name()._replace(url=proxy.url))
    opened.write([entry("a"), entry("b"), entry("c", "no boat")], [], 1)
    yield opened
    opened.close()


def ids(engine: OpenSearchEngine) -> tuple[str, ...]:
    return engine.search(EVERYTHING, "newest", 0, None).ids


ERROR = {"error": {"type": "some_exception", "reason": "for a test", "root_cause": []}, "status": 0}


@pytest.mark.parametrize(
    ("status", "said", "hint"),
    [
        (401, "says 401", "user and password"),
        (403, "says 403", "the user may not"),
        (500, "says 500", "log"),
        (400, "says 400", "log"),
    ],
)
def test_a_cluster_that_refuses_is_an_error_with_a_hint(
    engine: OpenSearchEngine, proxy: Proxy, status: int, said: str, hint: str
) -> None:
    for ask in (
        lambda: engine.search(FERRY, "newest", 0, 10),
        lambda: engine.count(FERRY, ["source"]),
        engine.last,
    ):
        proxy.plan = [("", Wrong(status, ERROR))]
        with pytest.raises(ClusterFault, match=said) as raised:
            ask()
        assert hint in (raised.value.hint or "")
        assert "some_exception: for a test" in raised.value.message


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_passes_is_asked_again_and_what_stays_is_raised(
    engine: OpenSearchEngine, proxy: Proxy, status: int
) -> None:
    proxy.plan = [("_search", Wrong(status, ERROR))] * (cluster.READS - 1)
    assert engine.search(FERRY, "newest", 0, 10).total == 2
    proxy.plan = [("_search", Wrong(status, ERROR))] * cluster.READS
    with pytest.raises(ClusterFault, match=f"says {status}"):
        engine.search(FERRY, "newest", 0, 10)


@pytest.mark.parametrize(
    "change",
    [
        lambda held: held | {"timed_out": True},
        lambda held: (
            held | {"_shards": {"total": 2, "failed": 1, "failures": [{"reason": {"type": "t", "reason": "r"}}]}}
        ),
    ],
)
def test_an_answer_of_a_part_of_the_index_is_no_answer(
    engine: OpenSearchEngine, proxy: Proxy, change: Callable[[Any], Any]
) -> None:
    proxy.plan = [("_search", Wrong(inside=change))]
    assert engine.search(FERRY, "newest", 0, 10).total == 2
    proxy.plan = [("_search", Wrong(inside=change))] * cluster.READS
    with pytest.raises(ClusterFault, match=r"did not answer|ran out of time"):
        engine.search(FERRY, "newest", 0, 10)


def test_a_certificate_of_ones_own_and_a_password_are_asked_for_until_they_are_given(
    opensearch: str, new_name: Names, tmp_path: Path
) -> None:
    tls, ours, certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), trustme.CA(), tmp_path / "our-ca.pem"
    ours.issue_cert("localhost").configure_cert(tls)
    ours.cert_pem.write_to_path(certificates)
    proxy = Proxy(opensearch, tls, "me:secret")
    try:
        with pytest.raises(ClusterFault, match=f"certificate of the cluster is not trusted: {proxy.url}") as raised:
            Archive(f"{proxy.url}/news")
        assert "ca_certs" in (raised.value.hint or "")
        with pytest.raises(ClusterFault, match="says 401") as raised:
            Archive(f"{proxy.url}/news?ca_certs={certificates}")
        assert "user:password" in (raised.value.hint or "")
        url = proxy.url.replace("//", "//me:secret@")
        where = new_name()._replace(url=url, ca_certs=str(certificates))
        engine = open_engine(tmp_path / "engine", True, where)
        engine.write([entry("a")], [], 1)
        assert engine.search(FERRY, "newest", 0, 10).ids == ("a",)
        engine.close()
    finally:
        proxy.server.shutdown()
        proxy.server.server_close()


def test_a_file_of_certificates_that_is_none_is_a_setting_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("none")
    for name in ("empty.pem", "missing.pem"):
        with pytest.raises(SettingsError, match=f"not a file of certificates: .*{name}"):
            Archive(f"https://localhost:9/news?ca_certs={tmp_path / name}")


def test_a_cluster_that_is_away_is_named_without_its_password() -> None:
    with pytest.raises(ClusterFault, match=r"the cluster does not answer: http://127\.0\.0\.1:9") as raised:
        Archive("http://me:secret@127.0.0.1:9/news")
    assert "is it running?" in (raised.value.hint or "")
    assert "secret" not in raised.value.message


def test_another_node_answers_for_one_that_is_away(engine: OpenSearchEngine, proxy: Proxy) -> None:
    several = engine.where._replace(url=f"http://127.0.0.1:9,{proxy.url}")
    asking = cluster.Cluster(several.url)
    other = OpenSearchEngine(asking, engine.index, several)
    assert [other.search(FERRY, "newest", 0, 10).total for _ in range(5)] == [2] * 5
    other.close()


def test_what_is_no_cluster_is_said_to_be_none(tmp_path: Path, new_name: Names) -> None:
    with pytest.raises(ClusterFault):
        Archive("http://127.0.0.1:1/news")


def test_articles_that_are_refused_are_named_one_by_one_and_nothing_is_lost(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "CHUNK", 3000)
    bad = [replace(entry(name), numbers={"words": 2**40}) for name in ("bad1", "bad2")]
    good = [entry(f"n{at:02}") for at in range(30)]
    with pytest.raises(
        ClusterFault, match=r"did not take 2 of 32 articles: bad1: .*out of range.*; bad2: "
    ) as raised:
        engine.write([*good[:10], bad[0], *good[10:], bad[1]], [], 2)
    assert [identity for identity, _ in raised.value.refused] == ["bad1", "bad2"]
    assert (engine.last(), ids(engine)) == (1, ("a", "b", "c")), "nothing is seen before all is in"
    engine.write(good, ["a"], 2)
    assert (engine.last(), len(ids(engine))) == (2, 32)


def test_articles_for_which_there_is_no_room_now_are_sent_again_and_only_they(
    engine: OpenSearchEngine, proxy: Proxy
) -> None:
    def full(held: Any) -> Any:
        for item in held["items"][1::2]:
            item["index"] = {
                "_id": item["index"]["_id"],
                "status": 429,
                "error": {"type": "rejected", "reason": "full"},
            }
        return held | {"errors": True}

    proxy.asked.clear()
    proxy.plan = [("1/_bulk", Wrong(inside=full)), ("1/_bulk", Wrong(503, ERROR)), ("1/_bulk", Wrong(inside=full))]
    engine.write([entry(f"n{at}") for at in range(8)], [], 2)
    assert sorted(ids(engine)) == sorted(["a", "b", "c", *(f"n{at}" for at in range(8))])
    sent = [body.count(b'{"index"') for _, path, body in proxy.asked if path.startswith(f"/{engine.index}/_bulk")]
    assert sent == [8, 4, 4, 2]


def test_articles_for_which_there_never_is_room_are_reported(engine: OpenSearchEngine, proxy: Proxy) -> None:
    def full(held: Any) -> Any:
        item = {"_id": "n", "status": 429, "error": {"type": "rejected", "reason": "full"}}
        return held | {"errors": True, "items": [{"index": item}]}

    proxy.plan = [("1/_bulk", Wrong(inside=full))] * cluster.WRITES
    with pytest.raises(ClusterFault, match="did not take 1 of 1 articles: n: rejected: full") as raised:
        engine.write([entry("n")], [], 2)
    assert "run the same command again" in (raised.value.hint or "")
    assert (engine.last(), len(ids(engine))) == (1, 3)


def test_a_request_that_is_too_large_is_halved(engine: OpenSearchEngine, proxy: Proxy) -> None:
    proxy.plan = [("1/_bulk", Wrong(413, ERROR)), ("1/_bulk", Wrong(413, ERROR))]
    engine.write([entry(f"n{at}") for at in range(8)], [], 2)
    assert len(ids(engine)) == 11


def test_a_write_that_was_stopped_at_any_request_goes_on(engine: OpenSearchEngine, proxy: Proxy) -> None:
    for stopped in ("1/_bulk", "-words/_bulk", "-words/_refresh", "1/_refresh", "_update/state"):
        proxy.plan = [(stopped, Wrong(500, ERROR))]
        before = engine.last()
        put, gone = [entry("x", "put anew"), entry(f"n-{stopped.replace('/', '')}")], ["b"]
        with pytest.raises(ClusterFault, match="says 500"):
            engine.write(put, gone, before + 1)
        assert engine.last() == before
        engine.write(put, gone, before + 1)
        assert engine.last() == before + 1
        assert "b" not in ids(engine)
        assert put[1].id in ids(engine)
