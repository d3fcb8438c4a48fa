"""Where are the cleaned articles kept? In one SQLite file, which is also the log that engines follow.

Every write takes the next number of the log, in one transaction; an engine remembers the last number it holds, so
what it has missed can always be given to it. Nothing of value lives here alone: all comes from corpus/.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from searcher import verdicts
from searcher.entities.spelling import Form
from searcher.errors import IndexDamaged, IndexFull
from searcher.model import Article
from searcher.store.articles import Articles
from searcher.store.codec import decode, decodes, encode, packed
from searcher.store.rows import Batch, FileRow, First, Kept, Kind, Outline, Packed, Shown, Told, Use
from searcher.store.uses import SCHEMA as USES
from searcher.store.uses import Uses

__all__ = [
    "Articles", "Batch", "FileRow", "First", "Kept", "Outline", "Packed", "Shown", "Store", "Told", "Use",
    "decode", "encode", "packed", "unpacked",
]  # fmt: skip

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


_UNSETTLE: Mapping[Kind, str] = {
    "source": "INSERT OR IGNORE INTO unsettled SELECT 'source', source FROM outlines WHERE id = ?",
    "copy": """INSERT OR IGNORE INTO unsettled SELECT 'copy', COALESCE(NULLIF(copy, ''), id)
               FROM outlines LEFT JOIN verdicts USING (id) WHERE id = ?""",
    "day": """INSERT OR IGNORE INTO unsettled SELECT 'day', COALESCE(fitting, outlines.date)
              FROM outlines WHERE id = ? AND LENGTH(COALESCE(fitting, outlines.date)) = 10""",
}

_TABLES = ("articles", "outlines", "verdicts")
_PAGE = ", ".join(Outline._fields[:-2])
_VERDICT = "verdicts.copy, verdicts.story, verdicts.date, verdicts.tags, verdicts.called"
_HELD = f"SELECT articles.data, {_VERDICT} FROM articles LEFT JOIN verdicts USING (id)"


_PUT_OUTLINE = f"""
    INSERT INTO outlines ({_PAGE}, names) VALUES ({", ".join("?" * (len(Outline._fields) - 1))}) ON CONFLICT (id) DO
    UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in (*Outline._fields[1:-2], "names"))}"""
_PUT_SKETCH = "INSERT OR REPLACE INTO sketches SELECT number, ? FROM outlines WHERE id = ?"


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
        languages = Counter(self.languages())
        for path in [*batch.gone, *(row.path for row in batch.files)]:
            languages.subtract(self._drop_file(path, keep, seq))
        self._db.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in batch.gone))
        self._db.executemany("DELETE FROM begun WHERE path = ?", ((row.path,) for row in batch.files))
        self._db.executemany(
            "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?)",
            map(_file_values, (*batch.files, *batch.touched)),
        )
        languages.update(self._put(batch, seq))
        self._edit(batch, seq)
        self._judge(batch, seq)
        self._tell(batch, seq)
        self._db.executemany("DELETE FROM dropped WHERE id = ?", ((article,) for article in keep))
        self._fact("seq", seq)
        self._fact("languages", json.dumps({name: number for name, number in languages.items() if number}))
        return seq

    def _put(self, batch: Batch, seq: int) -> Counter[str]:
        """Gives how many more articles there are of each language."""
        ids = [article.id for article in batch.articles]
        rows = [(one.id, seq, one.file, one.language, one.data) for one in map(packed, batch.articles)]
        languages = Counter(row[3] for row in rows if row[3])
        languages.subtract(self._languages(ids))
        self._unsettle(ids)
        self._db.executemany("INSERT OR REPLACE INTO articles VALUES (?,?,?,?,?)", rows)
        outlines = [batch.outlines.get(one.id) or _plain(one) for one in batch.articles]
        names = self._use(outlines)
        held = ((*one[:-2], used) for one, used in zip(outlines, names, strict=True))
        self._db.executemany(_PUT_OUTLINE, held)
        sketches = ((one.sketch, one.id) for one in outlines)
        self._db.executemany(_PUT_SKETCH, sketches)
        self._unsettle(ids)
        return languages

    def _edit(self, batch: Batch, seq: int) -> None:
        """What a source says does not change with what is cut from its pages. Of what they are copies may, and of
        what story, if they came on another day or begin otherwise."""
        ids = [outline.id for _, outline in batch.edits]
        moved = [outline.id for _, outline in batch.edits if self._tells_otherwise(outline)]
        self._unsettle(moved, ("day",))
        rows = ((seq, one.data, one.id) for one in (packed(article) for article, _ in batch.edits))
        self._db.executemany("UPDATE articles SET seq = ?, data = ? WHERE id = ?", rows)
        names = self._use([outline for _, outline in batch.edits])
        changed = ((*one[4:-2], used, one.id) for (_, one), used in zip(batch.edits, names, strict=True))
        query = """UPDATE outlines SET fitting = ?, moment = ?, wording = ?, signature = ?, traits = ?, cut = ?,
                   names = ? WHERE id = ?"""
        self._db.executemany(query, changed)
        self._unsettle(ids, ("copy",))
        self._unsettle(moved, ("day",))

    def _tells_otherwise(self, one: Outline) -> bool:
        query = "SELECT fitting, moment, traits FROM outlines WHERE id = ?"
        return (one.fitting, one.moment, one.traits) not in self._db.execute(query, (one.id,))

    def _use(self, outlines: Sequence[Outline]) -> list[bytes]:
        """Counts the names of these articles in the place of those they had."""
        left = self._used(outline.id for outline in outlines)
        return self.uses.count((outline.names for outline in outlines), left)

    def _used(self, ids: Iterable[str]) -> list[bytes]:
        query = "SELECT names FROM outlines WHERE id = ?"
        return [row[0] for one in ids for row in self._db.execute(query, (one,))]

    def _judge(self, batch: Batch, seq: int) -> None:
        """Stories are told of firsts: who becomes one, or is none any more, changes those of its days."""
        moved = [name for name, one in batch.verdicts.items() if bool(one.copy) != bool(self._copy(name))]
        self._unsettle(moved, ("day",))
        self._db.executemany("DELETE FROM verdicts WHERE id = ?", ((article,) for article in batch.verdicts))
        held = ((name, *one.row()) for name, one in batch.verdicts.items() if one != verdicts.NONE)
        self._db.executemany("INSERT INTO verdicts VALUES (?,?,?,?,?,?)", held)
        self._db.executemany("UPDATE articles SET seq = ? WHERE id = ?", ((seq, name) for name in batch.verdicts))

    def _copy(self, identity: str) -> str:
        row = self._db.execute("SELECT copy FROM verdicts WHERE id = ?", (identity,)).fetchone()
        return row[0] if row else ""

    def _tell(self, batch: Batch, seq: int) -> None:
        """A first that its story ties to others has a verdict, if it had none before."""
        told = [(story, name) for name, story in batch.stories.items()]
        query = """INSERT INTO verdicts VALUES (?2, '', ?1, NULL, NULL, NULL)
                   ON CONFLICT (id) DO UPDATE SET story = ?1"""
        self._db.executemany(query, told)
        self._db.executemany("UPDATE articles SET seq = ? WHERE id = ?", ((seq, name) for _, name in told))
        query = "UPDATE verdicts SET story = COALESCE(NULLIF(?1, ''), ?2) WHERE copy = ?2"
        self._db.executemany(query, told)
        query = "UPDATE articles SET seq = ? WHERE id IN (SELECT id FROM verdicts WHERE copy = ?)"
        self._db.executemany(query, ((seq, name) for _, name in told))
        self._db.execute("DELETE FROM verdicts WHERE copy = '' AND story = '' AND tags IS NULL AND called IS NULL")

    def _unsettle(self, ids: Sequence[str], kinds: Sequence[Kind] = ("source", "copy", "day")) -> None:
        """Notes the sources and days of these articles, and the copies that they are among, as they are now."""
        for kind in kinds:
            self._db.executemany(_UNSETTLE[kind], ((article,) for article in ids))

    def call(self, names: Mapping[Form, Form]) -> None:
        """Notes what the archive calls these names, others than before, and that articles have them."""
        with self._lock, _faults(self._path), self._db:
            rows = ((number,) for number in self.uses.call(names))
            self._db.executemany("INSERT OR IGNORE INTO unsettled VALUES ('name', ?)", rows)

    def _languages(self, ids: Iterable[str]) -> Counter[str]:
        query = "SELECT language FROM articles WHERE id = ? AND language IS NOT NULL"
        return Counter(language for one in ids for (language,) in self._db.execute(query, (one,)))

    def _drop_file(self, path: str, keep: set[str], seq: int) -> Counter[str]:
        """What is dropped can still be read until forget(): searches that began before may ask for it. Gives how
        many there were of each language."""
        rows = self._db.execute("SELECT id FROM articles WHERE file = ?", (path,)).fetchall()
        gone = [identity for (identity,) in rows if identity not in keep]
        languages = self._languages(gone)
        held = "INSERT OR REPLACE INTO dropped SELECT id, ?, data FROM articles WHERE id = ?"
        self._db.executemany(held, ((seq, identity) for identity in gone))
        self._unsettle(gone)
        self.uses.count((), self._used(gone))
        sketch = "DELETE FROM sketches WHERE number = (SELECT number FROM outlines WHERE id = ?)"
        for query in (sketch, *(f"DELETE FROM {table} WHERE id = ?" for table in _TABLES)):
            self._db.executemany(query, ((identity,) for identity in gone))
        return languages

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

    def since(self, seq: int) -> tuple[list[str], Iterator[Kept]]:
        """What was changed after `seq` and still holds: ids that were dropped, and articles that were put, as they
        are kept: unpacked() is for who has the time."""
        with self._lock, _faults(self._path):
            dropped = self._db.execute("SELECT id FROM dropped WHERE seq > ?", (seq,)).fetchall()
        return [article for (article,) in dropped], self._put_since(seq)

    def _put_since(self, seq: int) -> Iterator[Kept]:
        with self._lock, _faults(self._path):
            rows = self._db.execute(f"{_HELD} WHERE seq > ? ORDER BY seq, id", (seq,))
            while some := rows.fetchmany(200):
                yield from (Kept(row[0], row[1:]) for row in some)

    def get(self, ids: Iterable[str]) -> dict[str, Article]:
        """The articles of these ids, as far as they are held."""
        dropped = f"SELECT data{', NULL' * len(verdicts.NONE)} FROM dropped WHERE id = ?"
        found: dict[str, Article] = {}
        with self._lock, _faults(self._path):
            for article in ids:
                for query in (f"{_HELD} WHERE id = ?", dropped):
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

    def packed(self, identity: str) -> Packed:
        """An article that is held, without any verdict, as it is kept."""
        with self._lock, _faults(self._path):
            query = "SELECT id, file, language, data FROM articles WHERE id = ?"
            return Packed(*self._db.execute(query, (identity,)).fetchone())

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

    def count(self, seq: int = -1) -> int:
        """How many articles are held; how many of them were changed after `seq`."""
        with self._lock, _faults(self._path):
            return int(self._db.execute("SELECT COUNT(*) FROM articles WHERE seq > ?", (seq,)).fetchone()[0])

    def begin(self, row: FileRow, mtime: int) -> frozenset[str]:
        """Notes that a file is read now, part by part. Gives the ids of its articles that were put already, by a
        build that was killed, of the same file."""
        same = "SELECT seq FROM begun WHERE path = ? AND mtime = ? AND sha256 = ?"
        with self._lock, _faults(self._path), self._db:
            begun = self._db.execute(same, (row.path, mtime, row.sha256)).fetchone()
            seq = begun[0] if begun else self.last()
            self._db.execute("INSERT OR REPLACE INTO begun VALUES (?,?,?,?)", (row.path, mtime, row.sha256, seq))
            found = self._db.execute("SELECT id FROM articles WHERE file = ? AND seq > ?", (row.path, seq))
            return frozenset(identity for (identity,) in found)

    def is_settled(self) -> bool:
        """Whether nothing was put or dropped since settled() was called."""
        with self._lock, _faults(self._path):
            return not self._db.execute("SELECT 1 FROM unsettled LIMIT 1").fetchone()

    def settled(self, kind: Kind) -> None:
        """Notes that all articles are what the others of their source, or their copies, make of them, or that their
        names are what the archive calls them."""
        with self._lock, _faults(self._path), self._db:
            self._db.execute("DELETE FROM unsettled WHERE kind = ?", (kind,))
            self._db.execute("DELETE FROM begun")

    def unsettled(self, kind: Kind) -> frozenset[str]:
        """The sources, the days, or the copies by the id of the first, of which some were put or dropped since
        settled(); the numbers of the names that are called otherwise."""
        with self._lock, _faults(self._path):
            rows = self._db.execute("SELECT name FROM unsettled WHERE kind = ?", (kind,))
            return frozenset(name for (name,) in rows)

    def shown(self, source: str) -> list[Shown]:
        """What is compared of the articles of one source, as they lie beside one another."""
        columns = ", ".join(Shown._fields)
        query = f"SELECT {columns} FROM outlines JOIN sketches USING (number) WHERE source = ? ORDER BY number"
        with self._lock, _faults(self._path):
            return [Shown(*row) for row in self._db.execute(query, (source,))]

    def columns(self, *names: Literal["id", "wording", "signature", "names"]) -> list[list[Any]]:
        """What is remembered of every article, a list for each thing, in one order."""
        with self._lock, _faults(self._path):
            rows = self._db.execute(f"SELECT {', '.join(names)} FROM outlines ORDER BY number").fetchall()
        return [[row[at] for row in rows] for at in range(len(names))]

    def copies(self) -> dict[str, str]:
        """All articles that are copies of another one: its id."""
        with self._lock, _faults(self._path):
            return dict(self._db.execute("SELECT id, copy FROM verdicts WHERE copy <> ''").fetchall())

    def tagged(self) -> set[str]:
        """The articles that people's tags are put on."""
        with self._lock, _faults(self._path):
            return {name for (name,) in self._db.execute("SELECT id FROM verdicts WHERE tags IS NOT NULL")}

    def told(self, ids: Iterable[str]) -> dict[str, Told]:
        """What tells these articles from copies, as far as they are held."""
        query = f"""SELECT id, COALESCE(fitting, outlines.date), moment, LENGTH(traits) > 0, names,
                    {_VERDICT}
                    FROM outlines LEFT JOIN verdicts USING (id) WHERE id = ?"""
        with self._lock, _faults(self._path):
            rows = [row for one in ids for row in self._db.execute(query, (one,))]
        return {
            one: Told(one, day, moment, bool(traits and len(day or "") == 10), names, verdicts.of_row(*verdict))
            for one, day, moment, traits, names, *verdict in rows
        }

    def firsts(self, first: str, last: str) -> list[First]:
        """The firsts of their copies that came on these days, ISO dates, and can be of a story."""
        query = """SELECT id, source, COALESCE(fitting, outlines.date) AS day, moment, traits, COALESCE(story, '')
                   FROM outlines LEFT JOIN verdicts USING (id)
                   WHERE COALESCE(fitting, outlines.date) BETWEEN ? AND ?
                   AND LENGTH(day) = 10 AND LENGTH(traits) > 0 AND COALESCE(copy, '') = ''"""
        with self._lock, _faults(self._path):
            return [First(*row) for row in self._db.execute(query, (first, last))]

    def days(self) -> dict[str, int]:
        """On each day that is known, how many articles came."""
        day = "COALESCE(fitting, date)"
        with self._lock, _faults(self._path):
            rows = self._db.execute(f"SELECT {day}, COUNT(*) FROM outlines GROUP BY {day}")
            return {day: number for day, number in rows if len(day or "") == 10}

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


def _article(data: bytes, *verdict: str | None) -> Article:
    return verdicts.applied(decode(data), verdicts.of_row(*verdict))


def unpacked(kept: Kept, path: Path) -> Article:
    """The article that the store at `path` keeps so. Raises IndexDamaged."""
    with _faults(path):
        return _article(kept.data, *kept.verdict)


def _plain(one: Article | Packed) -> Outline:
    """What is remembered of an article that came without an outline."""
    article = decode(one.data) if isinstance(one, Packed) else one
    return Outline(article.id, article.source or "")


def _file_values(row: FileRow) -> tuple[Any, ...]:
    return (*row[:5], json.dumps(row.unread))
