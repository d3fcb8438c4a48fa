"""What answers under the URL of an archive? The generation in a cluster to which its name points now.

https://host:9200/news                             one node
https://me:secret@one:9200,https://two:9200/news   several, with a user
https://host:9200/news?ca_certs=/etc/ca.pem        whose certificates to trust
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit, urlunsplit

from searcher.engines.opensearch import OpenSearchEngine, publishing
from searcher.engines.opensearch.articles import ClusterArticles
from searcher.engines.opensearch.cluster import Cluster
from searcher.engines.opensearch.writing import FORMAT
from searcher.errors import ArchiveError, IndexOutdated
from searcher.generations import Generation, Meta
from searcher.settings import OpenSearch, Settings, shown

EXAMPLE = "the URL of an archive ends with its name: https://host:9200/news"


class Address(NamedTuple):
    """The URL of an archive: where the cluster is, and how the archive is called there."""

    cluster: OpenSearch

    @classmethod
    def parse(cls, url: str) -> Address:
        """What a URL says, or a path that pathlib made of one. Raises ArchiveError if it has no name."""
        *others, last = re.sub(r"(?i)\b(https?):/+", r"\1://", url).split(",")
        parts = urlsplit(last)
        path, _, name = parts.path.rstrip("/").rpartition("/")
        if not name:
            raise ArchiveError(f"this URL names no archive: {shown(last)}", EXAMPLE)
        nodes = ",".join([*others, urlunsplit(parts._replace(path=path, query="", fragment=""))])
        (trusted,) = parse_qs(parts.query).get("ca_certs", [None])
        return cls(OpenSearch(nodes, name, ca_certs=trusted))

    def __str__(self) -> str:
        return f"{','.join(map(shown, self.cluster.url.split(',')))}/{self.cluster.name}"


class RemoteIndex:
    """The index of an archive in a cluster, for reading."""

    def __init__(self, url: str) -> None:
        self.address = Address.parse(url)
        self._cluster = Cluster(self.address.cluster.url, self.address.cluster.ca_certs)

    def settings(self) -> Settings:
        """What readers must know of searcher.toml, as it was when the archive was built."""
        state = self._engine().state()
        return Settings("opensearch", state.get("timezone", "UTC"), state.get("day_first"))

    def open(self) -> Generation:
        """The generation that answers. Raises IndexMissing, IndexOutdated, ClusterFault."""
        engine = self._engine()
        state = engine.state()
        if state.get("format") != FORMAT:
            said = f"the index has format {state.get('format')}, this version reads {FORMAT}"
            raise IndexOutdated(said, "build it again where its corpus/ is, or take the version that built it")
        meta = Meta(FORMAT, "opensearch", "")
        return Generation(int(state.get("generation", 0)), meta, ClusterArticles(engine), engine)

    def has_moved_on(self, generation: Generation) -> bool:
        """Whether the name points to another index now, or more was written."""
        engine = generation.engine
        assert isinstance(engine, OpenSearchEngine)
        engine.last()
        return publishing.current(self._cluster, self.address.cluster.name) != engine.index

    def _engine(self) -> OpenSearchEngine:
        where = self.address.cluster
        cluster = Cluster(where.url, where.ca_certs)
        return OpenSearchEngine(cluster, publishing.current(self._cluster, where.name), where)
