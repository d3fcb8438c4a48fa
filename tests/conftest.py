"""What the tests share: where the data beside the checkout is, and archives that are built once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from opensearch_kit import NotThere, cluster

from searcher import engines
from searcher.engines import Engine
from searcher.settings import OpenSearch

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SEARCHER_DATA", ROOT.parent / "shared" / "data"))

os.environ.pop("PYTHONUNBUFFERED", None)  # commands write as they do for most users: at once when they end

settings.register_profile("ci", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci")


def data(name: str) -> Path:
    """A file or folder of the measuring data; the test is skipped, and says so, where it is not present."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"measuring data is not present: {name}")
    return path


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where nothing may be skipped, a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("SEARCHER_NO_SKIPS") and skipped:
        reporter.write_line(f"{len(skipped)} tests were skipped, and none may be", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the cache, or the archive, of whoever runs it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.delenv("SEARCHER_ARCHIVE", raising=False)


@pytest.fixture(scope="session")
def opensearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real OpenSearch: $OPENSEARCH_URL, or one node for all tests of this run."""
    if url := os.environ.get("OPENSEARCH_URL"):
        yield url
        return
    nodes = cluster(tmp_path_factory.mktemp("opensearch"), 1)
    try:
        (node,) = next(nodes)
    except NotThere as reason:
        pytest.skip(f"there is no OpenSearch: {reason}")
    yield node.url
    nodes.close()


@pytest.fixture
def new_name(opensearch: str) -> Iterator[Callable[[], OpenSearch]]:
    """Gives names for archives in the cluster, of one shard; what lies there under them is removed in the end."""
    from searcher.engines.opensearch.cluster import Cluster

    given: list[str] = []

    def make() -> OpenSearch:
        given.append(f"test-{uuid4().hex[:12]}")
        return OpenSearch(opensearch, given[-1], 1, 0)

    yield make
    asking = Cluster(opensearch)
    for name in given:
        asking.write("DELETE", f"/{name}-*", ignore_unavailable="true", expand_wildcards="all")
    asking.close()


@pytest.fixture
def create_engine(request: pytest.FixtureRequest) -> Iterator[Callable[[str, Path], Engine]]:
    """Makes an engine of any row of ENGINES in a folder, open for writing; all are closed in the end."""
    opened: list[Engine] = []

    def make(name: str, path: Path) -> Engine:
        where = request.getfixturevalue("new_name")() if engines.ENGINES[name].shared else None
        opened.append(engines.create(name, path, True, where))
        return opened[-1]

    yield make
    for engine in opened:
        engine.close()
