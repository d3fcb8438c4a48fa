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
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from searcher.errors import ArchiveError, IndexDamaged, IndexFull
from searcher.model import (
    OPEN,
    STORY,
    WEEKDAY,
    Article,
    Claim,
    Name,
    Provenance,
    Quote,
    Related,
    Stripped,
    When,
)

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
        id TEXT PRIMARY KEY, source TEXT NOT NULL, story TEXT NOT NULL, date TEXT, open TEXT NOT NULL, fitting TEXT,
        given TEXT, cut BLOB NOT NULL, sketch BLOB NOT NULL
    );
    CREATE INDEX IF NOT EXISTS outlines_by_source ON outlines (source, id);
    CREATE INDEX IF NOT EXISTS outlines_by_story ON outlines (story, id);
    CREATE TABLE IF NOT EXISTS unsettled (kind TEXT, name TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dropped (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, data BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class FileRow(NamedTuple):
    """A file of corpus/ as it was when it was read: `mtime` in nanoseconds, 0 if it must be looked at again.

    `unread` are the reasons, a line each, why it or members of it gave no article.
    """

    path: str
    size: int
    mtime: int
    sha256: str
    articles: int = 0
    unread: tuple[str, ...] = ()


class Outline(NamedTuple):
    """What is held of an article to be compared with others: the rest of its source, or its story.

    `date` is its own, `given` the one it has from its story; `open` are the days that it can be where nothing but a
    weekday says which (the claim, or ""), `fitting` is the one of them that its source shows. `sketch` and `cut`
    are what `furniture` makes of its page, and which of its paragraphs have left the body. No source is "".
    """

    id: str
    source: str
    story: str
    date: str | None
    open: str
    fitting: str | None
    given: str | None
    cut: bytes
    sketch: bytes


Kind = Literal["source", "story"]
"""What articles are compared by."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction changes.

    files     read to their end: what they held before and hold no longer is dropped
    articles  of these files, or of one that is still being read
    sketches  of these articles, by id
    kept      ids of these files that were put by batches before
    touched   files that have another time but the same bytes
    gone      paths that are no more, with all that came from them
    edits     articles that are held, as the archive around them has changed them, and what was cut from them
    """

    files: tuple[FileRow, ...] = ()
    articles: tuple[Article, ...] = ()
    sketches: Mapping[str, bytes] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    touched: tuple[FileRow, ...] = ()
    gone: tuple[str, ...] = ()
    edits: tuple[tuple[Article, bytes], ...] = ()


class Store:
    """The articles of one generation. Readers in any number of threads and processes; one writer."""

    def __init__(self, path: Path, write: bool = False) -> None:
        """Opens the file, and makes it if `write` is set. Raises IndexDamaged if it is missing or broken."""
        self._path = path
        self._lock = threading.RLock()
        if not write and not path.exists():
            raise IndexDamaged(f"a file of the index is missing: {path}", HINT)
        with _faults(path):
            self._db = _connect(path, write)
            self.last()

    def write(self, batch: Batch) -> int:
        """Puts a batch, all or nothing, and gives its number in the log. Raises IndexFull."""
        with self._lock, _faults(self._path), self._db:
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
            self._db.executemany("DELETE FROM dropped WHERE id = ?", ((article,) for article in keep))
            self._fact("seq", seq)
            self._fact("languages", self._count_languages())
            return seq

    def _put(self, batch: Batch, seq: int) -> None:
        ids = [article.id for article in batch.articles]
        rows = ((a.id, seq, a.provenance.file, a.language, encode(a)) for a in batch.articles)
        self._unsettle(ids)
        self._db.executemany("INSERT OR REPLACE INTO articles VALUES (?,?,?,?,?)", rows)
        outlines = (_outline(article, b"", batch.sketches.get(article.id, b"")) for article in batch.articles)
        self._db.executemany("INSERT OR REPLACE INTO outlines VALUES (?,?,?,?,?,?,?,?,?)", outlines)
        self._unsettle(ids)

    def _edit(self, batch: Batch, seq: int) -> None:
        """What a source says does not change with what is cut from its pages; of which story they are may."""
        ids = [article.id for article, _ in batch.edits]
        self._unsettle(ids, kinds=("story",))
        rows = ((seq, encode(article), article.id) for article, _ in batch.edits)
        self._db.executemany("UPDATE articles SET seq = ?, data = ? WHERE id = ?", rows)
        outlines = (_outline(article, cut, b"") for article, cut in batch.edits)
        changed = ((row.story, row.fitting, row.given, row.cut, row.id) for row in outlines)
        query = "UPDATE outlines SET story = ?, fitting = ?, given = ?, cut = ? WHERE id = ?"
        self._db.executemany(query, changed)
        self._unsettle(ids, kinds=("story",))

    def _unsettle(self, ids: Sequence[str], kinds: Sequence[Kind] = ("source", "story")) -> None:
        for kind in kinds:
            self._db.executemany(
                f"INSERT OR IGNORE INTO unsettled SELECT '{kind}', {kind} FROM outlines WHERE id = ?",
                ((article,) for article in ids),
            )

    def _drop_file(self, path: str, keep: set[str], seq: int) -> None:
        """What is dropped can still be read until forget(): searches that began before may ask for it."""
        rows = self._db.execute("SELECT id, data FROM articles WHERE file = ?", (path,)).fetchall()
        gone = [(article, seq, data) for article, data in rows if article not in keep]
        self._db.executemany("INSERT OR REPLACE INTO dropped VALUES (?,?,?)", gone)
        self._unsettle([article for article, _, _ in gone])
        for table in ("articles", "outlines"):
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
            rows = self._db.execute("SELECT data FROM articles WHERE seq > ? ORDER BY seq, id", (seq,))
            while some := rows.fetchmany(200):
                yield from (decode(data) for (data,) in some)

    def get(self, ids: Iterable[str]) -> dict[str, Article]:
        """The articles of these ids, as far as they are held."""
        found: dict[str, Article] = {}
        with self._lock, _faults(self._path):
            for article in ids:
                for table in ("articles", "dropped"):
                    row = self._db.execute(f"SELECT data FROM {table} WHERE id = ?", (article,)).fetchone()
                    if row:
                        found[article] = decode(row[0])
                        break
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

    def find(self, typed: str) -> Article:
        """The article of this id, or of the only id that begins so (four characters at least).

        Raises ArchiveError if there is none, or more than one.
        """
        found = [typed] if self.get([typed]) else self.begins(typed) if len(typed) >= 4 else []
        if not found:
            raise ArchiveError(f"no such article: {typed}", "`search --ids QUERY` prints the ids of articles")
        if len(found) > 1:
            raise ArchiveError(f"more than one article begins so: {typed}", ", ".join(found))
        return self.get(found)[found[0]]

    def files(self) -> dict[str, FileRow]:
        """Every file that was read, by path."""
        with self._lock, _faults(self._path):
            rows = self._db.execute("SELECT * FROM files")
            return {row[0]: FileRow._make((*row[:5], tuple(json.loads(row[5])))) for row in rows}

    def count(self) -> int:
        """How many articles are held."""
        with self._lock, _faults(self._path):
            return int(self._db.execute("SELECT COUNT(*) FROM articles").fetchone()[0])

    def is_settled(self) -> bool:
        """Whether nothing was put or dropped since settled() was called."""
        with self._lock, _faults(self._path):
            return not self._db.execute("SELECT 1 FROM unsettled LIMIT 1").fetchone()

    def settled(self, kind: Kind) -> None:
        """Notes that all articles are what the others of their source, or story, make of them."""
        with self._lock, _faults(self._path), self._db:
            self._db.execute("DELETE FROM unsettled WHERE kind = ?", (kind,))

    def outlines(self, kind: Kind) -> Iterator[Outline]:
        """The outlines of the sources, or stories, of which articles were put or dropped since settled() was
        called: one source or story after the other, and by id within it."""
        query = f"""SELECT outlines.* FROM unsettled JOIN outlines ON outlines.{kind} = unsettled.name
                    WHERE unsettled.kind = ? ORDER BY unsettled.name, outlines.id"""
        with self._lock, _faults(self._path):
            yield from map(Outline._make, self._db.execute(query, (kind,)))

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
        """A fact about the whole archive that was noted with the last write."""
        with self._lock, _faults(self._path):
            row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
            return row[0] if row else None

    def _fact(self, name: str, value: object) -> None:
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, str(value)))

    def _count_languages(self) -> str:
        query = "SELECT language, COUNT(*) FROM articles WHERE language IS NOT NULL GROUP BY language"
        return json.dumps(dict(self._db.execute(query).fetchall()))

    def check(self) -> list[str]:
        """What is wrong with the file, a line each; reads all of it."""
        with self._lock, _faults(self._path):
            found = [row[0] for row in self._db.execute("PRAGMA integrity_check")]
            unreadable = [a for a, data in self._db.execute("SELECT id, data FROM articles") if not _decodes(data)]
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
        db.executescript(_SCHEMA)
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


def _outline(article: Article, cut: bytes, sketch: bytes) -> Outline:
    day, origin = (article.date.value, article.date.origin) if article.date else (None, "")
    own, fitting, given = (
        day if it else None for it in (origin not in (WEEKDAY, STORY), origin == WEEKDAY, origin == STORY)
    )
    days = next((claim.value for claim in article.claims if claim.origin == OPEN), "")
    return Outline(article.id, article.source or "", article.story, own, days, fitting, given, cut, sketch)


def _file_values(row: FileRow) -> tuple[Any, ...]:
    return (*row[:5], json.dumps(row.unread))


_PARTS: Mapping[str, type[Any]] = {
    "names": Name, "quotes": Quote, "related": Related, "stripped": Stripped, "claims": Claim
}  # fmt: skip
_FIELDS = tuple(each.name for each in fields(Article))
_DEFAULTS = Article("", "", "", Provenance(""))


def encode(article: Article) -> bytes:
    """The article as compressed JSON, without what has its default."""
    held = {name: getattr(article, name) for name in _FIELDS}
    held = {name: value for name, value in held.items() if value != getattr(_DEFAULTS, name)}
    held["provenance"] = _record(article.provenance)
    if article.date:
        held["date"] = _record(article.date)
    return zlib.compress(json.dumps(held, ensure_ascii=False).encode("utf-8", "replace"), 6)


def decode(data: bytes) -> Article:
    """The article that encode() made these bytes of."""
    held = json.loads(zlib.decompress(data))
    for name, value in held.items():
        if name in _PARTS:
            held[name] = tuple(_PARTS[name](*part) for part in value)
        elif isinstance(value, list):
            held[name] = tuple(value)
    held["provenance"] = Provenance(*held["provenance"])
    if held.get("date"):
        held["date"] = When(*held["date"])
    return replace(_DEFAULTS, **held)


def _record(value: Any) -> list[Any]:
    return [getattr(value, each.name) for each in fields(value)]


def _decodes(data: bytes) -> bool:
    try:
        decode(data)
    except (zlib.error, ValueError, TypeError, KeyError):
        return False
    return True
