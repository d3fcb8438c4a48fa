"""A Ray cluster of two machines that are one: each has a node of its own on the loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

HERE = "127.0.0.2"  # Ray takes 127.0.0.1 for "the address that others see"

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_ENABLE_AUTO_CONNECT", "0")
ray = pytest.importorskip("ray", reason="needs the extra [ray]: make ray")


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """A cluster of two nodes with a core each, that RAY_ADDRESS names."""
    from ray.cluster_utils import Cluster

    started = Cluster(
        initialize_head=True, head_node_args={"num_cpus": 1, "node_ip_address": HERE, "include_dashboard": False}
    )
    started.add_node(num_cpus=1, node_ip_address=HERE)
    monkeypatch.setenv("RAY_ADDRESS", started.address)
    yield started
    ray.shutdown()
    started.shutdown()
