"""How is the file of the store opened, and what is wrong when it cannot be read?"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from searcher.errors import IndexDamaged, IndexFull
from searcher.store.uses import SCHEMA as USES

HINT = "`searcher doctor` says what is wrong; `searcher index --rebuild` builds it again from corpus/"

CACHE = 64_000
"""How many kB of the file a writer holds: names are counted all over it, and a transaction without room for what it
changed writes the same pages again and again."""

PAGE = 1 << 14
"""Bytes in a page of the file: of 4,096 an article of 1,600 leaves a fifth empty."""

_TABLES = """
    CREATE TABLE IF NOT EXISTS files (
        path TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, sha256 TEXT, articles INTEGER, unread TEXT
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS articles (
        id TEXT PRIMARY KEY, seq INTEGER NOT NULL, file TEXT NOT NULL, language TEXT, data BLOB NOT NULL
    );
    CREATE INDEX IF NOT EXISTS articles_by_file ON articles (file);
    CREATE INDEX IF NOT EXISTS articles_by_seq ON articles (seq);
    CREATE INDEX IF NOT EXISTS articles_by_language ON articles (language);
    CREATE TABLE IF NOT EXISTS outlines (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, date TEXT, open TEXT NOT NULL,
        fitting TEXT, moment TEXT NOT NULL, wording TEXT NOT NULL, signature BLOB NOT NULL, traits BLOB NOT NULL,
        names BLOB NOT NULL, cut BLOB NOT NULL
    );
    CREATE INDEX IF NOT EXISTS outlines_by_source ON outlines (source);
    CREATE INDEX IF NOT EXISTS outlines_by_day ON outlines (COALESCE(fitting, date));
    CREATE TABLE IF NOT EXISTS sketches (number INTEGER PRIMARY KEY, sketch BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS verdicts (
        id TEXT PRIMARY KEY, copy TEXT NOT NULL, story TEXT NOT NULL, date TEXT, tags TEXT, called TEXT
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS verdicts_by_copy ON verdicts (copy) WHERE copy <> '';
    CREATE INDEX IF NOT EXISTS verdicts_tagged ON verdicts (id) WHERE tags IS NOT NULL;
    CREATE TABLE IF NOT EXISTS unsettled (kind TEXT, name TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dropped (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, data BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS begun (path TEXT PRIMARY KEY, mtime INTEGER, sha256 TEXT, seq INTEGER) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


def connect(path: Path, write: bool) -> sqlite3.Connection:
    """The file, with its tables if `write` is set."""
    if write:
        db = sqlite3.connect(path, timeout=30, check_same_thread=False)
        db.execute(f"PRAGMA page_size={PAGE}")
        db.execute(f"PRAGMA cache_size=-{CACHE}")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.executescript(_TABLES + USES)
        return db
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=30, check_same_thread=False)
        db.execute("SELECT 1 FROM facts").fetchone()
    except sqlite3.OperationalError:  # on a medium that cannot be written there is no room for SQLite's lock file
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        db.execute("SELECT 1 FROM facts").fetchone()
    return db


@contextmanager
def faults(path: Path) -> Iterator[None]:
    """Whatever SQLite stumbles over is a damaged index, and a full disk is a full disk."""
    try:
        yield
    except (sqlite3.DatabaseError, zlib.error, UnicodeDecodeError, OSError) as error:
        full = IndexFull.is_said_by(error) if isinstance(error, OSError) else "full" in str(error)
        if full:
            raise IndexFull from error
        raise IndexDamaged(f"cannot read {path}: {error}", HINT) from error
