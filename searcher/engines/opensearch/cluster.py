"""How is a cluster asked? One request at a time, again where a fault passes, and with a clear error where it stays.

An answer from a part of the index is no answer: shards that failed or ran out of time are asked again, then raised.
"""

from __future__ import annotations

import json
import logging
import random
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from searcher.errors import ClusterFault, IndexDamaged, SettingsError
from searcher.settings import shown

Json = dict[str, Any]

MOST = 60_000
"""Words, values or ids in one list of a query: the cluster takes 65,536."""

TEMPORARY = frozenset({429, 502, 503, 504})
"""Statuses after which the same request may succeed a little later."""

READS, WRITES = 5, 9
"""How often a request is tried: readers wait two seconds in all, writers half a minute."""

FIRST, LONGEST = 0.1, 8.0
"""Seconds before the second try; twice as long before each further one, up to LONGEST."""

START = "is it running? `url` in [opensearch] of searcher.toml says where it is looked for"
TRUST = "`ca_certs` in [opensearch], or `?ca_certs=FILE` behind the URL of an archive, names certificates to trust"
INSTALL = "pip install 'searcher[opensearch]'"
REBUILD = "`searcher index --rebuild` builds it again from corpus/"
_ADVICE = {
    401: "put user and password into the URL: https://user:password@host:9200",
    403: "the user may not do this: it needs read, and to build also write and manage, on the indexes of this name",
    413: "raise http.max_content_length of the cluster",
}


class Cluster:
    """The nodes of one cluster, as URLs with commas between them. Safe for many threads."""

    def __init__(self, urls: str, ca_certs: str | None = None, timeout: float = 60) -> None:
        self.shown = shown(urls)
        try:
            from opensearchpy import OpenSearch
        except ImportError as error:
            raise SettingsError("opensearch-py is not installed", INSTALL) from error
        logging.getLogger("opensearch").addHandler(logging.NullHandler())  # what it would print, our errors say
        hosts = [_host(url) for url in urls.split(",")]
        trust: Json = {"ssl_context": _trusting(ca_certs)} if ca_certs else {}
        self._client = OpenSearch(
            hosts, timeout=timeout, max_retries=len(hosts) - 1, retry_on_timeout=False, maxsize=16, **trust
        )

    def read(self, method: str, path: str, body: Json | None = None, **params: Any) -> Json:
        """The answer to a request that changes nothing. Raises ClusterFault, IndexDamaged if nothing is there."""
        return self._tried(READS, method, path, _encoded(body), params)

    def write(self, method: str, path: str, body: Json | bytes | None = None, **params: Any) -> Json:
        """The answer to a request that may be repeated without harm; raises as read()."""
        data = body if isinstance(body, bytes) else _encoded(body)
        return self._tried(WRITES, method, path, data, params)

    def has(self, path: str) -> bool:
        """Whether there is something at this path."""
        return self.maybe("GET", path) is not None

    def maybe(self, method: str, path: str, body: Json | None = None, **params: Any) -> Json | None:
        """As read(), but None where there is nothing."""
        try:
            return self.read(method, path, body, **params)
        except IndexDamaged:
            return None

    def close(self) -> None:
        self._client.transport.close()

    def _tried(self, tries: int, method: str, path: str, body: bytes | None, params: Json) -> Json:
        for wait in pauses(tries):
            try:
                answer = self._once(method, path, body, params)
                fault = _partial(answer)
            except _Passing as error:
                fault = error.fault
            if fault is None:
                return answer
            if wait is None:
                raise fault
            time.sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _once(self, method: str, path: str, body: bytes | None, params: Json) -> Json:
        from opensearchpy.exceptions import ConnectionError as Away
        from opensearchpy.exceptions import OpenSearchException, SSLError, TransportError

        headers = {"content-type": "application/x-ndjson" if "_bulk" in path else "application/json"}
        try:
            answer = self._client.transport.perform_request(method, path, params=params, body=body, headers=headers)
        except SSLError as error:
            raise ClusterFault(f"the certificate of the cluster is not trusted: {self.shown}", TRUST) from error
        except Away as error:
            raise _Passing(ClusterFault(f"the cluster does not answer: {self.shown}", START)) from error
        except TransportError as error:
            raise self._fault(error.status_code, error.info) from error
        except OpenSearchException as error:
            raise ClusterFault(f"this is no OpenSearch: {self.shown}", f"{START}; {error}") from error
        return answer if isinstance(answer, dict) else {"answer": answer}

    def _fault(self, status: int | str, info: Any) -> Exception:
        reason = reason_of(info)
        if status == 404:
            return IndexDamaged(f"not in the cluster {self.shown}: {reason}", REBUILD)
        code = int(status) if isinstance(status, int) else 0
        fault = ClusterFault(f"the cluster {self.shown} says {status}: {reason}", _ADVICE.get(code, "see its log"))
        fault.status = code
        return _Passing(fault) if code in TEMPORARY else fault


class _Passing(Exception):
    """A fault that may pass."""

    def __init__(self, fault: ClusterFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def pauses(tries: int) -> Iterator[float | None]:
    """How long to wait after each try, longer and longer, never quite alike; None after the last."""
    for number in range(tries - 1):
        yield min(LONGEST, FIRST * 2**number) * random.uniform(0.7, 1.3)
    yield None


def reason_of(info: Any) -> str:
    """What the cluster says is wrong: the innermost cause of an error that it describes."""
    error = info.get("error", info) if isinstance(info, Mapping) else info
    if not isinstance(error, Mapping):
        return str(error)[:300] or "no reason given"
    causes = error.get("root_cause") or [error]
    cause = error.get("caused_by") or causes[0]
    return " ".join(f"{cause.get('type', 'error')}: {cause.get('reason', '')}".split())[:500]


def _host(url: str) -> Json:
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"not the URL of a cluster: {shown(url)}", "e.g. http://localhost:9200")
    secure = parts.scheme == "https"
    host: Json = {"host": parts.hostname, "port": parts.port or (443 if secure else 9200), "use_ssl": secure}
    if parts.username:
        host["http_auth"] = (unquote(parts.username), unquote(parts.password or ""))
    return host | ({"url_prefix": parts.path.strip("/")} if parts.path.strip("/") else {})


def _trusting(file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:  # ssl.SSLError among them: a file without a certificate
        raise SettingsError(f"not a file of certificates: {file}", "`ca_certs` takes a PEM file") from error


def _encoded(body: Json | None) -> bytes | None:
    return None if body is None else encoded(body)


def encoded(body: Any) -> bytes:
    """As JSON."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _partial(answer: Json) -> ClusterFault | None:
    """The fault of an answer that only a part of the index gave."""
    if "hits" not in answer:
        return None
    shards = answer.get("_shards", {})
    failed = shards.get("failed", 0)
    if answer.get("timed_out"):
        return ClusterFault("the cluster ran out of time before it had searched the whole index", "see its log")
    if failed:
        reason = reason_of((shards.get("failures") or [{}])[0].get("reason", {}))
        said = f"{failed} of {shards['total']} parts of the index did not answer: {reason}"
        return ClusterFault(said, "`curl URL/_cluster/health` says what is missing")
    return None


def chunked(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The items, `size` at a time."""
    for at in range(0, len(items), size):
        yield items[at : at + size]
