"""An archive whose index lies in a cluster: built from a folder, read from anywhere by its URL."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from searcher import wire
from searcher.archive import Archive
from searcher.engines.opensearch import open_engine
from searcher.engines.opensearch.cluster import Cluster
from searcher.errors import ArchiveError, ClusterFault, IndexDamaged, IndexMissing, IndexOutdated, SettingsError
from searcher.remote import Address
from searcher.settings import OpenSearch, parse

Names = Callable[[], OpenSearch]

STORIES = {
    "ferry": "Ferry runs aground at Tern Point\n\n4 May 2015\n\nA ferry with ninety aboard ran aground. Nobody was hurt.",
    "bridge": "Council votes for a bridge\n\n12 June 2015\n\nThe ferry will stop when the bridge opens, Mayor Ann Onym said.",
    "fair": "Village fair draws a crowd\n\n1 July 2015\n\nThe fair had three hundred stalls and no rain at all.",
}  # fmt: skip


@pytest.fixture
def where(new_name: Names) -> OpenSearch:
    return new_name()


@pytest.fixture
def root(tmp_path: Path, where: OpenSearch) -> Path:
    folder = tmp_path / "archive"
    (folder / "corpus" / "courier").mkdir(parents=True)
    for name, text in STORIES.items():
        (folder / "corpus" / "courier" / f"{name}.txt").write_text(text, "utf-8")
    table = f'url = "{where.url}"\nname = "{where.name}"\nshards = 2\nreplicas = 0\n'
    (folder / "searcher.toml").write_text(
        f'engine = "opensearch"\ntimezone = "Asia/Tokyo"\n[opensearch]\n{table}', "utf-8"
    )
    return folder


@pytest.fixture
def built(root: Path) -> Iterator[Archive]:
    with Archive(root) as archive:
        archive.build()
        yield archive


def url(where: OpenSearch) -> str:
    return f"{where.url}/{where.name}"


def indexes(where: OpenSearch) -> list[str]:
    return sorted(Cluster(where.url).read("GET", f"/{where.name}*/_settings"))


def answer(archive: Archive, query: str) -> object:
    """All of an answer but what differs from one asking to the next."""
    held = json.loads(wire.dumps(wire.results(archive.search(query))))
    return {name: value for name, value in held.items() if name not in ("took_ms",)}


@pytest.mark.parametrize("query", ["ferry", "ferry -council", "nothinglikeit", "fer*", "ferry w/s aground", "*"])
def test_the_url_gives_the_answers_that_the_folder_gives(built: Archive, where: OpenSearch, query: str) -> None:
    with Archive(url(where)) as remote:
        assert answer(remote, query) == answer(built, query)
        assert remote.search(query).total == {
            "ferry": 2,
            "ferry -council": 1,
            "nothinglikeit": 0,
            "fer*": 2,
            "*": 3,
        }.get(query, 1)


def test_the_url_gives_articles_names_numbers_and_completions(built: Archive, where: OpenSearch) -> None:
    with Archive(url(where)) as remote:
        found = remote.search("ferry").hits[0].article
        assert remote.article(found.id) == built.article(found.id) == remote.article(found.id[:8])
        assert remote.settings.timezone == "Asia/Tokyo"
        assert (remote.stats().articles, remote.stats().files) == (3, 3)
        assert remote.stats().values == built.stats().values
        assert remote.complete("fer") == built.complete("fer") != []
        assert remote.entities().entities == built.entities().entities
        assert remote.doctor() == built.doctor() == remote.mistagged() == []
        assert remote.stats().engine_bytes == built.stats().engine_bytes > 10_000
        assert remote.like(found.id).total == built.like(found.id).total


def test_a_url_needs_no_file_here_and_a_command_takes_it(built: Archive, where: OpenSearch, tmp_path: Path) -> None:
    command = [Path(sys.executable).parent / "search", "--archive", url(where), "--count", "ferry"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "2"), done.stderr
    refused = subprocess.run(
        [Path(sys.executable).parent / "searcher", "index", "--archive", url(where)], capture_output=True, text=True
    )
    assert refused.returncode == 2
    assert "this needs the corpus, which no URL has" in refused.stderr
    assert "corpus/ are" in refused.stderr


def test_what_needs_the_corpus_says_so(built: Archive, where: OpenSearch) -> None:
    with Archive(url(where)) as remote:
        for asked in (
            remote.build, remote.tags, remote.cleaned, lambda: remote.ingest([]), lambda: remote.tag("a", "ferry"),
            lambda: remote.alerts().__enter__(),
        ):  # fmt: skip
            with pytest.raises(ArchiveError, match="needs the corpus"):
                asked()
        assert list(remote.searches()) == []


def test_an_update_is_seen_by_who_reads_and_a_full_build_takes_the_name_over(
    built: Archive, root: Path, where: OpenSearch
) -> None:
    with Archive(url(where)) as remote:
        assert remote.search("harbour").total == 0
        (root / "corpus" / "courier" / "new.txt").write_text(
            "Harbour closed by ice\n\n3 May 2016\n\nNo ferry ran.", "utf-8"
        )
        (root / "corpus" / "courier" / "fair.txt").unlink()
        built.build()
        assert [remote.search(word).total for word in ("harbour", "fair", "ferry", "*")] == [1, 0, 3, 3]
        assert indexes(where) == [f"{where.name}-000001", f"{where.name}-000001-words"]
        built.build(rebuild=True)
        assert indexes(where) == [f"{where.name}-000002", f"{where.name}-000002-words"]
        assert [remote.search(word).total for word in ("harbour", "fair", "*")] == [1, 0, 3]


def test_searches_go_on_while_a_full_build_takes_the_name_over(built: Archive, where: OpenSearch) -> None:
    wrong: list[object] = []
    done = threading.Event()

    def ask() -> None:
        with Archive(url(where)) as remote:
            while not done.is_set():
                try:
                    total = remote.search("ferry").total
                except ClusterFault as fault:
                    wrong.append(fault)
                else:
                    wrong.extend([total] if total != 2 else [])

    asking = threading.Thread(target=ask)
    asking.start()
    for _ in range(3):
        built.build(rebuild=True)
    done.set()
    asking.join()
    assert wrong == []


def test_an_index_that_was_deleted_in_the_cluster_is_missed_and_built_again(
    built: Archive, where: OpenSearch
) -> None:
    Cluster(where.url).write("DELETE", f"/{where.name}-*")
    with pytest.raises(IndexDamaged, match="not in the cluster"):
        built.search("ferry")
    with pytest.raises(IndexMissing, match="no archive of this name"):
        Archive(url(where))
    built.build(rebuild=True)
    assert built.search("ferry").total == 2


@pytest.mark.parametrize("lost", ["000001", "000001-words"])
def test_one_of_its_two_indexes_is_missed_and_both_are_made_anew(
    built: Archive, root: Path, where: OpenSearch, lost: str
) -> None:
    Cluster(where.url).write("DELETE", f"/{where.name}-{lost}")
    with pytest.raises(IndexDamaged, match="not in the cluster"):
        built.search("ferry")
    with pytest.raises((IndexDamaged, IndexMissing)), Archive(url(where)) as remote:
        remote.search("ferry")
    built.close()
    built.build()
    assert (built.search("ferry").total, built.search("*").total, built.search("fer*").total) == (2, 3, 2)
    with Archive(url(where)) as remote:
        assert remote.search("*").total == 3


def test_an_index_that_was_never_filled_is_not_an_empty_one(built: Archive, root: Path, where: OpenSearch) -> None:
    Cluster(where.url).write("DELETE", f"/{where.name}-*")
    engine = next(root.glob("index/*/engine"))
    assert open_engine(engine, True, where).last() == 0
    with pytest.raises(IndexDamaged, match="was not finished"):
        open_engine(engine, False, where)


def test_another_format_is_refused(built: Archive, where: OpenSearch) -> None:
    held = {"doc": {"state": {"format": 99}}}
    Cluster(where.url).write("POST", f"/{where.name}-000001-words/_update/state", held)
    with Archive(url(where)) as remote, pytest.raises(IndexOutdated, match="format 99"):
        remote.search("ferry")


def test_no_password_is_kept_or_shown(root: Path, where: OpenSearch) -> None:
    text = (root / "searcher.toml").read_text("utf-8")
    (root / "searcher.toml").write_text(text.replace("http://", "http://me:s3cret@"), "utf-8")
    with Archive(root) as archive:
        archive.build()
        assert archive.search("ferry").total == 2
    kept = next(root.glob("index/*/engine/opensearch.json")).read_text("utf-8")
    assert "s3cret" not in kept
    with Archive(url(where).replace("http://", "http://me:s3cret@")) as remote:
        assert remote.search("ferry").total == 2
        with pytest.raises(ArchiveError) as refused:
            remote.build()
    assert "s3cret" not in refused.value.message


@pytest.mark.parametrize(
    ("typed", "node", "name"),
    [
        ("https://host:9200/news", "https://host:9200", "news"),
        ("https:/host:9200/news/", "https://host:9200", "news"),
        ("http://a:1,http://b:2/news", "http://a:1,http://b:2", "news"),
        ("https://host/some/proxy/news", "https://host/some/proxy", "news"),
    ],
)
def test_the_url_of_an_archive_is_that_of_a_cluster_and_a_name(typed: str, node: str, name: str) -> None:
    cluster = Address.parse(typed).cluster
    assert (cluster.url, cluster.name, cluster.ca_certs) == (node, name, None)


def test_a_url_without_a_name_is_refused() -> None:
    with pytest.raises(ArchiveError, match="names no archive"):
        Archive("https://me:secret@host:9200")
    assert Address.parse("https://host/news?ca_certs=/etc/ca.pem").cluster.ca_certs == "/etc/ca.pem"


def test_the_engine_needs_the_name_of_a_cluster(root: Path) -> None:
    (root / "searcher.toml").write_text('engine = "opensearch"\n', "utf-8")
    with Archive(root) as archive, pytest.raises(SettingsError, match="no cluster is named"):
        archive.build()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"urls": "http://a"}, "unknown setting of opensearch in searcher.toml: urls"),
        ({"shards": "3"}, "shards of opensearch in searcher.toml must be a number: '3'"),
        ({"shards": True}, "shards of opensearch in searcher.toml must be a number: True"),
        ({"shards": 0}, "too few shards or replicas of opensearch in searcher.toml: 0, 1"),
        ({"name": "News*"}, "name of opensearch in searcher.toml must be of a-z"),
        ({"name": 5}, "name of opensearch in searcher.toml must be text in quotes: 5"),
        ({"url": "host:9200"}, "url of opensearch in searcher.toml must begin with http"),
    ],
)
def test_what_a_table_of_settings_may_not_say(table: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError) as raised:
        parse({"opensearch": table})
    assert raised.value.message.startswith(said)
    assert raised.value.hint


def test_a_table_of_settings_has_defaults() -> None:
    assert parse({"opensearch": {"name": "news"}}).opensearch == OpenSearch(
        "http://localhost:9200", "news", 1, 1, None
    )
    with pytest.raises(SettingsError, match=r"opensearch in searcher\.toml must be a table"):
        parse({"opensearch": "http://localhost:9200"})
