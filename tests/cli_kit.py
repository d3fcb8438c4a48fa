"""What tests of commands share: running the real thing, in an archive of a few short articles."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from searcher import Archive

BIN = Path(sys.executable).parent
ALONE = {"PATH": f"{BIN}:/usr/bin:/bin"}
"""The environment of a job of cron: no HOME, no terminal, no language."""


def run(
    command: str, *arguments: str, root: Path, typed: str | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command, run to its end in `root`, with `typed` on standard input; `env` instead of the environment."""
    environment = dict(os.environ if env is None else env)
    return subprocess.run(
        [str(BIN / command), *arguments],
        cwd=root, env=environment, input=typed, capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip


def shell(line: str, root: Path) -> subprocess.CompletedProcess[str]:
    """A line of a shell, in which `search` and `searcher` are ours."""
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-c", line], cwd=root, env=environment, capture_output=True, text=True, timeout=120
    )


def put(root: Path, articles: Mapping[str, str]) -> None:
    """Writes articles into corpus/, a file each: its first line is the headline; and brings the index up to date."""
    for name, content in articles.items():
        path = root / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        title, _, body = content.partition("\n")
        path.write_text(f"{title}\n\n{body}\n", "utf-8")
    with Archive(root) as archive:
        archive.build(workers=1)


def titles(printed: str) -> list[str]:
    """The headlines of hits that were printed for people, in their order."""
    lines = printed.splitlines()
    return [after.strip() for before, after in pairwise(lines) if before[:5].strip().isdigit()]
