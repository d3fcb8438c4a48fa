"""What if a node of three loses its power, while articles are written and while they are searched?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from opensearch_kit import Node, NotThere, cluster

from searcher.engines import Entry, entry_of
from searcher.engines.memory import MemoryEngine
from searcher.engines.opensearch import OpenSearchEngine, open_engine, writing
from searcher.errors import ClusterFault
from searcher.model import Article, Provenance
from searcher.query.plan import EVERYTHING, Plan, Term, Terms
from searcher.settings import OpenSearch

FERRY: Plan = Terms((Term("body", "ferry"),))
PEOPLE = ("Ann Onym", "John Doe", "Mary Major", "Max Mustermann", "Jane Roe")


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Node]]:
    started = cluster(tmp_path_factory.mktemp("cluster"), 3)
    try:
        held = next(started)
    except NotThere as reason:
        pytest.skip(f"there is no OpenSearch: {reason}")
    yield held
    started.close()


def entries(number: int) -> list[Entry]:
    return [
        entry_of(
            Article(
                f"n{at:04}", "", f"a {'ferry' if at % 3 else 'bridge'} number{at}", Provenance("corpus/a"),
                people=PEOPLE[at % 5 :], copy=f"n{at - at % 4:04}", story=f"n{at - at % 10:04}",
            )
        )
        for at in range(number)
    ]  # fmt: skip


def whole(nodes: list[Node]) -> None:
    """Until all nodes are there again and no part of an index is missing."""
    for node in nodes:
        if node.process is None:
            node.start()
    for node in nodes:
        node.wait(3)
    nodes[0].ask("GET", "/_cluster/health?wait_for_status=yellow&wait_for_no_initializing_shards=true&timeout=60s")


def opened(nodes: list[Node], folder: Path, name: str, replicas: int) -> OpenSearchEngine:
    urls = ",".join(node.url for node in nodes)
    return open_engine(folder, True, OpenSearch(urls, name, 3, replicas))


def agrees(engine: OpenSearchEngine, given: list[Entry]) -> None:
    """Asserts that no article and no count is wrong."""
    memory = MemoryEngine()
    memory.write(given, [], 1)
    for plan in (EVERYTHING, FERRY):
        expected = memory.search(plan, "newest", 0, None)
        assert engine.search(plan, "newest", 0, None).ids == expected.ids
        names = ("person", "copy", "story")
        counted, wanted = engine.count(plan, names, "story"), memory.count(plan, names, "story")
        assert counted == wanted
        assert all(counted[name].groups(wanted[name]) == wanted[name].groups(wanted[name]) for name in names)


def test_searches_go_on_with_right_totals_while_a_node_is_lost_and_comes_back(
    nodes: list[Node], tmp_path: Path
) -> None:
    whole(nodes)
    given = entries(120)
    engine = opened(nodes, tmp_path, "searched", 1)
    engine.write(given, [], 1)
    nodes[0].ask("GET", "/_cluster/health/searched-*?wait_for_status=green&timeout=60s")
    wrong: list[object] = []
    right: list[float] = []
    faults: list[ClusterFault] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                found = engine.search(FERRY, "newest", 0, 5)
                people = engine.count(FERRY, ["person"])["person"]
                answer = (found.total, len(found.ids), people["Jane Roe"])
                if answer != (80, 5, 80):
                    wrong.append(answer)
                right.append(time.monotonic())
            except ClusterFault as fault:
                faults.append(fault)

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for each in asking:
        each.start()
    time.sleep(1)
    nodes[2].kill()
    time.sleep(8)
    late = time.monotonic()
    time.sleep(2)
    done.set()
    for each in asking:
        each.join()
    assert wrong == []
    assert all(fault.hint for fault in faults)
    assert right[-1] > late, "two nodes hold all that three held"
    agrees(engine, given)
    whole(nodes)
    agrees(engine, given)
    engine.close()


@pytest.mark.parametrize("lost", [0, 1])
def test_no_article_is_lost_if_a_node_is_while_they_are_written(
    nodes: list[Node], tmp_path: Path, lost: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "CHUNK", 8000)
    monkeypatch.setattr(writing, "AWAY", "1s")
    monkeypatch.setattr(writing, "WRITES", 3)
    whole(nodes)
    given = entries(300)
    engine = opened(nodes, tmp_path, f"written{lost}", 1)

    def killing(at: int) -> Iterator[Entry]:
        for number, each in enumerate(given):
            if number == at:
                nodes[lost].kill()
            yield each

    with pytest.raises(ClusterFault) as raised:  # each node has a part of the index, which has no replicas yet
        engine.write(killing(150), [], 5)
    assert raised.value.hint
    whole(nodes)
    assert engine.last() == 0, "what is not all in is not noted"
    engine.write(given, [], 5)
    assert engine.last() == 5
    agrees(engine, given)
    engine.close()


def test_an_index_of_which_a_part_is_lost_is_an_error_and_the_doctor_names_it(
    nodes: list[Node], tmp_path: Path
) -> None:
    whole(nodes)
    engine = opened(nodes, tmp_path, "fragile", 0)
    engine.write(entries(60), [], 1)
    nodes[1].kill()
    faults: list[Callable[[], object]] = [
        lambda: engine.search(EVERYTHING, "newest", 0, 10),
        lambda: engine.search(EVERYTHING, "newest", 0, None),
        lambda: engine.count(EVERYTHING, ["person"])["person"]["John Doe"],
    ]
    for ask in faults:
        with pytest.raises(ClusterFault) as raised:
            ask()
        assert raised.value.hint
    (line,) = engine.check()
    assert line.startswith(f"damaged: {engine.index}: ")
    whole(nodes)
    assert engine.search(EVERYTHING, "newest", 0, 10).total == 60
    engine.close()
