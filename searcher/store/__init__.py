"""Where are the cleaned articles kept? In one SQLite file, which is also the log that engines follow.

Every write takes the next number of the log, in one transaction; an engine remembers the last number it holds, so
what it has missed can always be given to it. Nothing of value lives here alone: all comes from corpus/.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from searcher import verdicts
from searcher.errors import IndexDamaged, IndexFull
from searcher.model import Article
from searcher.store.articles import Articles
from searcher.store.codec import decode, decodes, encode
from searcher.store.rows import Batch, FileRow, Kind, Outline, Told, Use
from searcher.store.uses import SCHEMA as USES
from searcher.store.uses import Uses

__all__ = ["Articles", "Batch", "FileRow", "Outline", "Store", "Told", "Use", "decode", "encode"]

HINT = "`searcher doctor` says what is wrong; `searcher index --rebuild` builds it again from corpus/"

_SCHEMA = """
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
        id TEXT PRIMARY KEY, source TEXT NOT NULL, date TEXT, open TEXT NOT NULL, fitting TEXT,
        moment TEXT NOT NULL, wording TEXT NOT NULL, signature BLOB NOT NULL, traits BLOB NOT NULL,
        names BLOB NOT NULL, cut BLOB NOT NULL, sketch BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS outlines_by_source ON outlines (source, id);
    CREATE TABLE IF NOT EXISTS verdicts (id TEXT PRIMARY KEY, copy TEXT NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS unsettled (kind TEXT, name TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dropped (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, data BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


_UNSETTLE: Mapping[Kind, str] = {
    "source": "INSERT OR IGNORE INTO unsettled SELECT 'source', source FROM outlines WHERE id = ?",
    "copy": """INSERT OR IGNORE INTO unsettled SELECT 'copy', COALESCE(NULLIF(copy, ''), id)
               FROM outlines LEFT JOIN verdicts USING (id) WHERE id = ?""",
}


class Store(Articles):
    """The articles of one generation. Readers in any number of threads and processes; one writer."""

    def __init__(self, path: Path, write: bool = False) -> None:
        """Opens the file, and makes it if `write` is set. Raises IndexDamaged if it is missing or broken."""
        self._path = path
        self._lock = threading.RLock()
        if not write and not path.exists():
            raise IndexDamaged(f"a file of the index is missing: {path}", HINT)
        with _faults(path):
            self._db = _connect(path, write)
            self.uses = Uses(self._db)
            self.last()

    def write(self, batch: Batch) -> int:
        """Puts a batch, all or nothing, and gives its number in the log. Raises IndexFull."""
        try:
            with self._lock, _faults(self._path), self._db:
                return self._write(batch)
        except BaseException:
            self.uses.forget()  # the numbers that were given are taken back
            raise

    def _write(self, batch: Batch) -> int:
        seq = self.last() + 1
        keep = {article.id for article in batch.articles} | batch.kept
        for path in [*batch.gone, *(row.path for row in batch.files)]:
            self._drop_file(path, keep, seq)
        self._db.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in batch.gone))
        self._db.executemany(
            "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?)",
            map(_file_values, (*batch.files, *batch.touched)),
        )
        self._put(batch, seq)
        self._edit(batch, seq)
        self._judge(batch, seq)
        self._db.executemany("DELETE FROM dropped WHERE id = ?", ((article,) for article in keep))
        self._fact("seq", seq)
        self._fact("languages", self._count_languages())
        return seq

    def _put(self, batch: Batch, seq: int) -> None:
        ids = [article.id for article in batch.articles]
        rows = ((a.id, seq, a.provenance.file, a.language, encode(a)) for a in batch.articles)
        self._unsettle(ids)
        self._db.executemany("INSERT OR REPLACE INTO articles VALUES (?,?,?,?,?)", rows)
        outlines = [batch.outlines.get(a.id) or Outline(a.id, a.source or "") for a in batch.articles]
        names = self._use(outlines)
        held = ((*one[:-3], used, *one[-3:-1]) for one, used in zip(outlines, names, strict=True))
        self._db.executemany("INSERT OR REPLACE INTO outlines VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", held)
        self._unsettle(ids)

    def _edit(self, batch: Batch, seq: int) -> None:
        """What a source says does not change with what is cut from its pages; of what they are copies may."""
        rows = ((seq, encode(article), article.id) for article, _ in batch.edits)
        self._db.executemany("UPDATE articles SET seq = ?, data = ? WHERE id = ?", rows)
        names = self._use([outline for _, outline in batch.edits])
        changed = ((*one[4:-2], used, one.id) for (_, one), used in zip(batch.edits, names, strict=True))
        query = """UPDATE outlines SET fitting = ?, moment = ?, wording = ?, signature = ?, traits = ?, cut = ?,
                   names = ? WHERE id = ?"""
        self._db.executemany(query, changed)
        self._unsettle([article.id for article, _ in batch.edits], kinds=("copy",))

    def _use(self, outlines: Sequence[Outline]) -> list[bytes]:
        """Counts the names of these articles in the place of those they had, which are called as they are again."""
        ids = [outline.id for outline in outlines]
        used = self.uses.count((outline.names for outline in outlines), self._used(ids))
        for identity in ids:
            self._uncall(identity)
        return used

    def _uncall(self, identity: str) -> None:
        for (data,) in self._db.execute("SELECT data FROM verdicts WHERE id = ?", (identity,)).fetchall():
            own = verdicts.decode(data)._replace(called=()).encode()
            self._db.execute("UPDATE verdicts SET data = ? WHERE id = ?", (own, identity))

    def _used(self, ids: Iterable[str]) -> list[bytes]:
        query = "SELECT names FROM outlines WHERE id = ?"
        return [row[0] for one in ids for row in self._db.execute(query, (one,))]

    def _judge(self, batch: Batch, seq: int) -> None:
        self._db.executemany("DELETE FROM verdicts WHERE id = ?", ((article,) for article in batch.verdicts))
        held = ((name, one.copy, one.encode()) for name, one in batch.verdicts.items() if one != verdicts.NONE)
        self._db.executemany("INSERT INTO verdicts VALUES (?,?,?)", held)
        self._db.executemany("UPDATE articles SET seq = ? WHERE id = ?", ((seq, name) for name in batch.verdicts))

    def _unsettle(self, ids: Sequence[str], kinds: Sequence[Kind] = ("source", "copy")) -> None:
        """Notes the sources of these articles, and the copies that they are among, as they are now."""
        for kind in kinds:
            self._db.executemany(_UNSETTLE[kind], ((article,) for article in ids))

    def _drop_file(self, path: str, keep: set[str], seq: int) -> None:
        """What is dropped can still be read until forget(): searches that began before may ask for it."""
        rows = self._db.execute("SELECT id, data FROM articles WHERE file = ?", (path,)).fetchall()
        gone = [(article, seq, data) for article, data in rows if article not in keep]
        self._db.executemany("INSERT OR REPLACE INTO dropped VALUES (?,?,?)", gone)
        self._unsettle([article for article, _, _ in gone])
        self.uses.count((), self._used(article for article, _, _ in gone))
        for table in ("articles", "outlines", "verdicts"):
            self._db.executemany(f"DELETE FROM {table} WHERE id = ?", ((article,) for article, _, _ in gone))

    def forget(self) -> None:
        """Lets go of what was dropped before the last call of this: a search that began then may still go on."""
        with self._lock, _faults(self._path), self._db:
            self._db.execute("DELETE FROM dropped WHERE seq <= ?", (int(self.fact("forgotten") or 0),))
            self._fact("forgotten", self.last())

    def settle(self) -> None:
        """Brings everything into the one file and onto the disk."""
        with self._lock, _faults(self._path):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def last(self) -> int:
        """The number of the newest write; 0 before the first."""
        return int(self.fact("seq") or 0)

    def since(self, seq: int) -> tuple[list[str], Iterator[Article]]:
        """What was changed after `seq` and still holds: ids that were dropped, and articles that were put."""
        with self._lock, _faults(self._path):
            dropped = self._db.execute("SELECT id FROM dropped WHERE seq > ?", (seq,)).fetchall()
        return [article for (article,) in dropped], self._put_since(seq)

    def _put_since(self, seq: int) -> Iterator[Article]:
        with self._lock, _faults(self._path):
            query = "SELECT articles.data, verdicts.data FROM articles LEFT JOIN verdicts USING (id)"
            rows = self._db.execute(f"{query} WHERE seq > ? ORDER BY seq, id", (seq,))
            while some := rows.fetchmany(200):
                yield from (_article(*row) for row in some)

    def get(self, ids: Iterable[str]) -> dict[str, Article]:
        """The articles of these ids, as far as they are held."""
        held = "SELECT articles.data, verdicts.data FROM articles LEFT JOIN verdicts USING (id) WHERE id = ?"
        found: dict[str, Article] = {}
        with self._lock, _faults(self._path):
            for article in ids:
                for query in (held, "SELECT data, NULL FROM dropped WHERE id = ?"):
                    row = self._db.execute(query, (article,)).fetchone()
                    if row:
                        found[article] = _article(*row)
                        break
        return found

    def own(self, ids: Iterable[str]) -> dict[str, Article]:
        """The held ones of these articles as their pages and sources make them, without any verdict."""
        found: dict[str, Article] = {}
        with self._lock, _faults(self._path):
            for article in ids:
                row = self._db.execute("SELECT data FROM articles WHERE id = ?", (article,)).fetchone()
                if row:
                    found[article] = decode(row[0])
        return found

    def ids(self) -> list[str]:
        """Every id, sorted."""
        with self._lock, _faults(self._path):
            return [row[0] for row in self._db.execute("SELECT id FROM articles ORDER BY id")]

    def begins(self, prefix: str, limit: int = 10) -> list[str]:
        """Ids that begin so, sorted."""
        query = "SELECT id FROM articles WHERE id >= ? AND id < ? ORDER BY id LIMIT ?"
        with self._lock, _faults(self._path):
            return [row[0] for row in self._db.execute(query, (prefix, prefix + "\U0010ffff", limit))]

    def files(self) -> dict[str, FileRow]:
        """Every file that was read, by path."""
        with self._lock, _faults(self._path):
            rows = self._db.execute("SELECT * FROM files")
            return {row[0]: FileRow._make((*row[:5], tuple(json.loads(row[5])))) for row in rows}

    def scanned(self) -> tuple[int, tuple[str, ...]]:
        files = self.files().values()
        return len(files), tuple(line for row in files for line in row.unread)

    def count(self) -> int:
        """How many articles are held."""
        with self._lock, _faults(self._path):
            return int(self._db.execute("SELECT COUNT(*) FROM articles").fetchone()[0])

    def is_settled(self) -> bool:
        """Whether nothing was put or dropped since settled() was called."""
        with self._lock, _faults(self._path):
            return not self._db.execute("SELECT 1 FROM unsettled LIMIT 1").fetchone()

    def settled(self, kind: Kind) -> None:
        """Notes that all articles are what the others of their source, or their copies, make of them; with the
        copies, that their names are what the archive calls them."""
        with self._lock, _faults(self._path), self._db:
            self._db.execute("DELETE FROM unsettled WHERE kind = ?", (kind,))
            if kind == "copy":
                self.uses.settled()

    def unsettled(self, kind: Kind) -> frozenset[str]:
        """The sources, or the copies by the id of the first, of which some were put or dropped since settled()."""
        with self._lock, _faults(self._path):
            rows = self._db.execute("SELECT name FROM unsettled WHERE kind = ?", (kind,))
            return frozenset(name for (name,) in rows)

    def outlines(self) -> Iterator[Outline]:
        """The outlines of the unsettled sources: one source after the other, and by id within it."""
        query = f"""SELECT {", ".join(f"outlines.{name}" for name in Outline._fields[:-1])}
                    FROM unsettled JOIN outlines ON outlines.source = unsettled.name
                    WHERE unsettled.kind = 'source' ORDER BY unsettled.name, outlines.id"""
        with self._lock, _faults(self._path):
            yield from (Outline(*row) for row in self._db.execute(query))

    def told(self) -> Iterator[Told]:
        """What is held of every article to tell copies and stories, by id."""
        query = """SELECT id, source, COALESCE(fitting, date), moment, wording, signature, traits, names, data
                   FROM outlines LEFT JOIN verdicts USING (id) ORDER BY id"""
        with self._lock, _faults(self._path):
            for row in self._db.execute(query):
                yield Told._make((*row[:-1], verdicts.decode(row[-1])))

    def by_source(self) -> Iterator[tuple[str | None, Article]]:
        """All articles with their sources, one source after the other."""
        with self._lock, _faults(self._path):
            ids = self._db.execute("SELECT source, id FROM outlines ORDER BY source, id").fetchall()
        for source, identity in ids:
            yield from ((source or None, article) for article in self.get([identity]).values())

    def languages(self) -> Mapping[str, int]:
        """Articles by language; those of unknown language are not counted."""
        counts: dict[str, int] = json.loads(self.fact("languages") or "{}")
        return counts

    def fact(self, name: str) -> str | None:
        """A fact about the whole archive that was noted."""
        with self._lock, _faults(self._path):
            row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
            return row[0] if row else None

    def note(self, name: str, value: object) -> None:
        """Notes a fact about the whole archive."""
        with self._lock, _faults(self._path), self._db:
            self._fact(name, value)

    def _fact(self, name: str, value: object) -> None:
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, str(value)))

    def _count_languages(self) -> str:
        query = "SELECT language, COUNT(*) FROM articles WHERE language IS NOT NULL GROUP BY language"
        return json.dumps(dict(self._db.execute(query).fetchall()))

    def check(self) -> list[str]:
        """What is wrong with the file, a line each; reads all of it."""
        with self._lock, _faults(self._path):
            found = [row[0] for row in self._db.execute("PRAGMA integrity_check")]
            unreadable = [a for a, data in self._db.execute("SELECT id, data FROM articles") if not decodes(data)]
        wrong = [] if found == ["ok"] else [f"damaged: {self._path}: {line}" for line in found]
        return wrong + [f"damaged: {self._path}: article {article}" for article in unreadable]

    def close(self) -> None:
        with self._lock:
            self._db.close()


def _connect(path: Path, write: bool) -> sqlite3.Connection:
    if write:
        db = sqlite3.connect(path, timeout=30, check_same_thread=False)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.executescript(_SCHEMA + USES)
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
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, zlib.error, UnicodeDecodeError) as error:
        if "full" in str(error):
            hint = "make room and run the same command again: nothing is lost"
            raise IndexFull("the disk is full", hint) from error
        raise IndexDamaged(f"cannot read {path}: {error}", HINT) from error


def _article(data: bytes, verdict: str | None) -> Article:
    return verdicts.applied(decode(data), verdicts.decode(verdict))


def _file_values(row: FileRow) -> tuple[Any, ...]:
    return (*row[:5], json.dumps(row.unread))
