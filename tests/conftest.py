"""What the tests share: where the data beside the checkout is, and archives that are built once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SEARCHER_DATA", ROOT.parent / "shared" / "data"))

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
