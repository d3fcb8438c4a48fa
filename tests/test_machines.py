"""Is a build on several machines the same as one on this, also when a machine is lost, and does it say what fails?

A Ray cluster of two machines that are one: each has a node of its own on the loopback.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searcher import Archive
from searcher.building import Step
from searcher.errors import ArchiveError, RunnerError
from searcher.machines import Machines

HERE = "127.0.0.1"

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")  # or Ray listens on all interfaces
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


def archive(folder: Path, articles: int) -> Path:
    """Files of one article, and a file of many."""
    (folder / "corpus").mkdir(parents=True)
    for at in range(articles):
        path = folder / "corpus" / f"{at}.txt"
        path.write_text(f"Ferry number {at} leaves\n\n12 May 2015\n\nJane Doe saw it go to Lima at {at} o'clock.\n")
    rows = [
        {"id": f"row{at}", "title": f"Boat {at}", "text": f"Boat {at} came back. " * 9} for at in range(articles)
    ]
    (folder / "corpus" / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


def held(folder: Path) -> list[Any]:
    with Archive(folder) as opened:
        return sorted((hit.article for hit in opened.hits("*")), key=lambda article: article.id)


def test_a_build_on_two_machines_gives_what_one_gives(tmp_path: Path, cluster: Any) -> None:
    here, there = archive(tmp_path / "here", 60), archive(tmp_path / "there", 60)
    with Archive(here) as opened:
        assert opened.build(workers=1).total == 120
    with Archive(there) as opened:
        report = opened.build(runner="ray")
    assert (report.total, report.unread) == (120, ())
    assert held(there) == held(here)


def test_a_machine_that_is_lost_during_a_build_costs_no_article(tmp_path: Path, cluster: Any) -> None:
    folder = archive(tmp_path, 400)
    other = next(node for node in cluster.list_all_nodes() if not node.head)
    steps: list[Step] = []

    def lose(step: Step) -> None:
        if not steps:
            cluster.remove_node(other, allow_graceful=False)
        steps.append(step)

    with Archive(folder) as opened:
        report = opened.build(runner="ray", progress=lose)
    assert steps
    assert (report.total, report.unread) == (800, ())


def test_a_machine_that_does_not_see_the_archive_is_named(tmp_path: Path, cluster: Any) -> None:
    with pytest.raises(ArchiveError, match=r"does not see .*elsewhere"), Machines([tmp_path / "elsewhere"]):
        pass


def test_without_a_cluster_the_error_says_how_to_start_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    with pytest.raises(RunnerError) as caught, Machines([tmp_path]):
        pass
    assert "ray start --head" in (caught.value.hint or "")
