"""Which engines are there? One row each; an engine's module is imported when an index of its kind is opened."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import NamedTuple, cast

from searcher.engines.port import ABOUT, MAIN, Counts, Engine, Entry, Found, Shared, entry_of
from searcher.errors import SettingsError
from searcher.settings import OpenSearch

__all__ = [
    "ABOUT", "ENGINES", "MAIN", "Counts", "Engine", "Entry", "Found", "Shared", "create", "entry_of", "resolve",
]  # fmt: skip


class Row(NamedTuple):
    """Where an engine lives, and what it is for. Its module has `open_engine(path, write) -> Engine`.

    `ours` says whether it ranks as `ranking` defines it. Another has scores of its own: its order by relevance is
    another one, over the same articles; ties are the same.
    One that is `shared` lies in a cluster, which `open_engine(path, write, cluster)` is told.
    """

    module: str
    help: str
    ours: bool = True
    shared: bool = False


ENGINES = {
    "whoosh": Row("searcher.engines.whoosh", "the default: a Whoosh index, in process"),
    "tantivy": Row("searcher.engines.tantivy", "quick to the first hits, slow at nearness", ours=False),
    "opensearch": Row(
        "searcher.engines.opensearch",
        "a cluster: for archives, and users, beyond one machine",
        ours=False,
        shared=True,
    ),
    "memory": Row("searcher.engines.memory", "no files, read anew at each start: for a few hundred articles"),
}


def resolve(name: str) -> str:
    """The engine that a setting names; "auto" is Whoosh. Raises SettingsError for one that does not exist."""
    chosen = "whoosh" if name == "auto" else name
    if chosen not in ENGINES:
        raise SettingsError(f"unknown engine: {name}", f"known: auto, {', '.join(ENGINES)}")
    return chosen


def create(name: str, path: Path, write: bool = False, cluster: OpenSearch | None = None) -> Engine:
    """Opens the engine's files in the folder `path`; `write` makes them if there are none.

    Raises IndexDamaged if a file is missing or has the wrong size.
    """
    row = ENGINES[name]
    module = importlib.import_module(row.module)
    where = (cluster,) if row.shared else ()
    return cast("Engine", module.open_engine(path, write, *where))
