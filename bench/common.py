"""What the benchmarks share: the measuring data, timing of whole processes, tables that are printed and kept."""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SEARCHER_DATA", ROOT.parent / "shared" / "data"))
WORK = ROOT / "bench" / "work"
RESULTS = ROOT / "bench" / "results"
BIN = Path(sys.executable).parent

LOOKING = 50
"""How much longer than a look at the memory of processes is the pause before the next: it takes CPU from them."""


def news(name: str = "senate_press_releases") -> Iterator[dict[str, str]]:
    """The articles of one file of the measuring data; leaves with a word on how to get it where it is missing."""
    path = DATA / "news" / f"{name}.jsonl.zst"
    if not path.exists():
        sys.exit(
            f"the measuring data is not present: {path}\nhint: SEARCHER_DATA names the folder that holds news/"
        )
    import zstandard

    with path.open("rb") as stream:
        text = zstandard.ZstdDecompressor().stream_reader(stream)
        rest = b""
        while chunk := text.read(1 << 20):
            *lines, rest = (rest + chunk).split(b"\n")
            yield from map(json.loads, lines)
        if rest.strip():
            yield json.loads(rest)


class Run(NamedTuple):
    """One run of a command: seconds on the clock and of CPU, peak memory of its whole process tree in MB, what it
    printed."""

    seconds: float
    cpu: float
    megabytes: float
    output: str


def run(command: Sequence[str], folder: Path, memory: bool = False) -> Run:
    """Runs a command in a folder to its end; leaves with its error output if it fails with status 2 or more."""
    began, before = time.perf_counter(), _cpu_of_children()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak = _Peak(process.pid) if memory else None
    output, errors = process.communicate()
    seconds = time.perf_counter() - began
    if process.returncode >= 2:
        sys.exit(f"{' '.join(command)} failed:\n{errors}")
    return Run(seconds, _cpu_of_children() - before, peak.stop() if peak else 0.0, output)


def cpu() -> float:
    """Seconds of CPU of this process, and of those that it started and that have ended."""
    return time.process_time() + _cpu_of_children()


def _cpu_of_children() -> float:
    """Seconds of CPU of the processes that have ended, and of theirs: other work disturbs them least."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Peak:
    """Samples the memory of a process and its children, shared pages divided among them (PSS, Linux)."""

    def __init__(self, pid: int) -> None:
        self.pid, self.peak, self.over = pid, 0.0, threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self) -> None:
        pause = 0.25
        while not self.over.wait(pause):
            began = time.thread_time()
            self.peak = max(self.peak, sum(map(_pss, [self.pid, *_children(self.pid)])))
            pause = max(0.25, LOOKING * (time.thread_time() - began))

    def stop(self) -> float:
        self.over.set()
        self.thread.join()
        return self.peak / 1024


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    found = [int(word) for word in text.split()]
    return found + [inner for child in found for inner in _children(child)]


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) for line in lines if line.startswith("Pss:")), 0.0)


def median(work: Callable[[], float], times: int) -> float:
    """The median of several measurements, after one that does not count."""
    work()
    return statistics.median(work() for _ in range(times))


def table(name: str, title: str, rows: Sequence[Sequence[str]], packages: Sequence[str]) -> None:
    """Prints a table in Markdown and keeps it in bench/results with date, versions and machine."""
    head, *body = rows
    lines = [
        f"# {title}",
        "",
        f"{date.today()}, {_machine()}, {', '.join(f'{p} {version(p)}' for p in packages)}",
        "",
    ]
    lines += ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in body]
    text = "\n".join(lines) + "\n"
    print(text)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}-{date.today()}.md").write_text(text, "utf-8")


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
