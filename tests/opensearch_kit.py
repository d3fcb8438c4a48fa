"""A real OpenSearch for tests: nodes in processes of their own, on loopback, which end with who started them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent / "opensearch"
LIB, CLASSES = HERE / "target" / "lib", HERE / "target" / "classes"
HEAP = "512m"
PATIENCE = 120
"""Seconds that a node may take to start."""


class NotThere(Exception):
    """No OpenSearch can be started here: why, and what to do."""


def java() -> str:
    """A Java of version 21 or newer; raises NotThere."""
    named = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    found = shutil.which("java")
    homes = [*named, *sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)]
    for path in [*(str(home / "bin" / "java") for home in homes), *([found] if found else [])]:
        if Path(path).is_file() and _version(path) >= 21:
            return path
    raise NotThere("no Java 21 or newer")


def _version(path: str) -> int:
    said = subprocess.run([path, "-version"], capture_output=True, text=True).stderr
    held = re.search(r'version "(\d+)', said)
    return int(held[1]) if held else 0


def free_ports(number: int) -> list[int]:
    """Ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(number)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


class Node:
    """One node. `peers` are the ports where the nodes of its cluster speak to one another, its own first."""

    def __init__(self, folder: Path, http: int, peers: list[int], number: int = 0) -> None:
        self.url = f"http://127.0.0.1:{http}"
        self.folder = folder / f"node{number}"
        self._settings = {
            "cluster.name": "searcher-tests", "node.name": f"node{number}", "network.host": "127.0.0.1",
            "http.port": http, "transport.port": peers[number], "path.home": self.folder,
            "path.data": self.folder / "data", "path.logs": self.folder / "logs",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "cluster.routing.allocation.node_concurrent_recoveries": 4,
            "node.attr.testing": "true",
        }  # fmt: skip
        if len(peers) > 1:
            self._settings["discovery.seed_hosts"] = ",".join(f"127.0.0.1:{port}" for port in peers)
            self._settings["cluster.initial_cluster_manager_nodes"] = ",".join(
                f"node{at}" for at in range(len(peers))
            )
        else:
            self._settings["discovery.type"] = "single-node"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, and does not wait."""
        if not LIB.is_dir() or not any(LIB.glob("opensearch-*.jar")):
            raise NotThere("OpenSearch is not downloaded: `make opensearch`")
        (self.folder / "config").mkdir(parents=True, exist_ok=True)
        settings = [f"{name}={value}" for name, value in self._settings.items()]
        command = [
            java(), f"-Xms{HEAP}", f"-Xmx{HEAP}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=4",
            "--enable-native-access=ALL-UNNAMED", "--add-modules=jdk.incubator.vector",
            f"-Djava.io.tmpdir={self.folder}", "-cp", f"{CLASSES}:{LIB}/*", "OneNode", *settings,
        ]  # fmt: skip
        self.log = self.folder / "out.log"
        # In a session of its own: Ctrl-C is for pytest, which then stops it.
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=self.log.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait(self, nodes: int = 1) -> None:
        """Until it answers, and sees so many nodes; raises NotThere with what it printed."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process and self.process.poll() is not None:
                break
            try:
                if self.ask("GET", "/_cluster/health")["number_of_nodes"] >= nodes:
                    return
            except (OSError, ValueError, KeyError):
                pass
            time.sleep(0.2)
        printed = self.log.read_text("utf-8", "replace")[-3000:]
        self.stop()
        raise NotThere(f"OpenSearch did not start:\n{printed}")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """An answer of this node itself."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"content-type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def kill(self) -> None:
        """As if its machine had lost its power."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """Lets it end, or ends it."""
        process, self.process = self.process, None
        if not process:
            return
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def cluster(folder: Path, number: int) -> Iterator[list[Node]]:
    """So many nodes, started, and stopped in the end."""
    ports = free_ports(2 * number)
    nodes = [Node(folder, ports[at], ports[number:], at) for at in range(number)]
    try:
        for node in nodes:
            node.start()
        for node in nodes:
            node.wait(number)
        yield nodes
    finally:
        for node in nodes:
            node.stop()


def download() -> None:
    """Fetches OpenSearch and compiles OneNode."""
    shutil.rmtree(LIB.parent, ignore_errors=True)
    copy = ["mvn", "-B", "-q", "dependency:copy-dependencies", f"-DoutputDirectory={LIB}"]
    subprocess.run(copy, cwd=HERE, check=True)
    compiler = str(Path(java()).with_name("javac"))
    subprocess.run([compiler, "-cp", f"{LIB}/*", "-d", str(CLASSES), "OneNode.java"], cwd=HERE, check=True)


if __name__ == "__main__":
    download()
