"""Which index answers under an archive's name? The one that the alias of that name points to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from searcher.engines.opensearch.cluster import Cluster, Json
from searcher.engines.opensearch.writing import Writer
from searcher.errors import IndexMissing
from searcher.settings import OpenSearch

BUILD = "`searcher index` builds it, where its corpus/ is"


def publish(cluster: Cluster, index: str, where: OpenSearch, facts: Mapping[str, Any]) -> None:
    """Lets an index answer under its archive's name, at one moment; then removes the others of that name.

    Before that it is noted what readers must know. Safe to repeat after a crash at any moment.
    """
    Writer(cluster, index, where).note(**facts)
    held = answering(cluster, where.name)
    if held != [index]:
        old = (other for other in held if other != index)
        actions: list[Json] = [{"remove": {"index": other, "alias": where.name}} for other in old]
        actions.append({"add": {"index": index, "alias": where.name}})
        cluster.write("POST", "/_aliases", {"actions": actions})
    for other in others(cluster, index, where.name):
        cluster.maybe("DELETE", f"/{other}")


def answering(cluster: Cluster, name: str) -> list[str]:
    """The indexes that an alias points to: one, or none."""
    return sorted(cluster.maybe("GET", f"/_alias/{name}") or {})


def current(cluster: Cluster, name: str) -> str:
    """The index that answers under a name. Raises IndexMissing if none does."""
    held = answering(cluster, name)
    if not held:
        raise IndexMissing(f"there is no archive of this name in the cluster {cluster.shown}: {name}", BUILD)
    return held[-1]


def others(cluster: Cluster, index: str, name: str) -> list[str]:
    """The indexes of an archive that are not this generation's."""
    there = cluster.maybe("GET", f"/{name}-*/_settings", flat_settings="true") or {}
    ours = re.compile(re.escape(name) + r"-\d{6}(-words)?")
    return sorted(one for one in there if ours.fullmatch(one) and one not in (index, f"{index}-words"))
