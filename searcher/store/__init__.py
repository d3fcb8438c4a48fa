"""Where are the cleaned articles kept? In one SQLite file, which is also the log that engines follow.

Every write takes the next number of the log, in one transaction; an engine remembers the last number it holds, so
what it has missed can always be given to it. Nothing of value lives here alone: all comes from corpus/.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Literal

from searcher import verdicts
from searcher.entities.spelling import Form
from searcher.errors import IndexDamaged
from searcher.model import Article
from searcher.store.articles import Articles
from searcher.store.codec import decode, decodes, encode, packed
from searcher.store.file import HINT, connect, faults
from searcher.store.rows import Batch, FileRow, First, Kept, Kind, Outline, Packed, Shown, Told, Use
from searcher.store.uses import Uses
from searcher.store.writing import Writing

__all__ = [
    "Articles", "Batch", "FileRow", "First", "Kept", "Outline", "Packed", "Shown", "Store", "Told", "Use",
    "decode", "encode", "packed", "unpacked",
]  # fmt: skip

COLUMN = 10_000
"""How many articles' columns are read at once."""

_VERDICT = "verdicts.copy, verdicts.story, verdicts.date, verdicts.tags, verdicts.called"
_HELD = f"SELECT articles.data, {_VERDICT} FROM articles LEFT JOIN verdicts USING (id)"


class Store(Articles):
    """The articles of one generation. Readers in any number of threads and processes; one writer."""

    def __init__(self, path: Path, write: bool = False) -> None:
        """Opens the file, and makes it if `write` is set. Raises IndexDamaged if it is missing or broken."""
        self._path = path
        self._lock = threading.RLock()
        if not write and not path.exists():
            raise IndexDamaged(f"a file of the index is missing: {path}", HINT)
        with faults(path):
            self._db = connect(path, write)
            self.uses = Uses(self._db)
            self.last()

    def __reduce__(self) -> tuple[type[Store], tuple[Path]]:
        """In another process it is opened to be read."""
        return Store, (self._path,)

    def write(self, batch: Batch) -> int:
        """Puts a batch, all or nothing, and gives its number in the log. Raises IndexFull."""
        try:
            with self._lock, faults(self._path), self._db:
                seq, languages = self.last() + 1, Counter(self.languages())
                languages.update(Writing(self._db, self.uses, seq).write(batch))
                self._fact("seq", seq)
                self._fact("languages", json.dumps({name: count for name, count in languages.items() if count}))
                return seq
        except BaseException:
            self.uses.forget()  # the numbers that were given are taken back
            raise

    def call(self, names: Mapping[Form, Form]) -> None:
        """Notes what the archive calls these names, others than before, and that articles have them."""
        with self._lock, faults(self._path), self._db:
            rows = ((number,) for number in self.uses.call(names))
            self._db.executemany("INSERT OR IGNORE INTO unsettled VALUES ('name', ?)", rows)

    def called(self) -> None:
        """Notes that all other names are called as before."""
        with self._lock, faults(self._path), self._db:
            self.uses.called()

    def forget(self) -> None:
        """Lets go of what was dropped before the last call of this: a search that began then may still go on."""
        with self._lock, faults(self._path), self._db:
            self._db.execute("DELETE FROM dropped WHERE seq <= ?", (int(self.fact("forgotten") or 0),))
            self._fact("forgotten", self.last())

    def settle(self) -> None:
        """Brings everything into the one file and onto the disk."""
        with self._lock, faults(self._path):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def scratch(self) -> Iterator[IO[bytes]]:
        """A file beside this one, for as long as it is needed. Raises IndexFull."""
        with faults(self._path), TemporaryFile(dir=self._path.parent) as file:
            yield file

    def last(self) -> int:
        """The number of the newest write; 0 before the first."""
        return int(self.fact("seq") or 0)

    def since(self, seq: int) -> tuple[list[str], Iterator[Kept]]:
        """What was changed after `seq` and still holds: ids that were dropped, and articles that were put, as they
        are kept: unpacked() is for who has the time."""
        with self._lock, faults(self._path):
            dropped = self._db.execute("SELECT id FROM dropped WHERE seq > ?", (seq,)).fetchall()
        return [article for (article,) in dropped], self._put_since(seq)

    def _put_since(self, seq: int) -> Iterator[Kept]:
        with self._lock, faults(self._path):
            rows = self._db.execute(f"{_HELD} WHERE seq > ? ORDER BY seq, id", (seq,))
            while some := rows.fetchmany(200):
                yield from (Kept(row[0], row[1:]) for row in some)

    def get(self, ids: Iterable[str]) -> dict[str, Article]:
        """The articles of these ids, as far as they are held."""
        dropped = f"SELECT data{', NULL' * len(verdicts.NONE)} FROM dropped WHERE id = ?"
        found: dict[str, Article] = {}
        with self._lock, faults(self._path):
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
        with self._lock, faults(self._path):
            for article in ids:
                row = self._db.execute("SELECT data FROM articles WHERE id = ?", (article,)).fetchone()
                if row:
                    found[article] = decode(row[0])
        return found

    def packed(self, identity: str) -> Packed:
        """An article that is held, without any verdict, as it is kept."""
        with self._lock, faults(self._path):
            query = "SELECT id, file, language, data FROM articles WHERE id = ?"
            return Packed(*self._db.execute(query, (identity,)).fetchone())

    def ids(self) -> list[str]:
        """Every id, sorted."""
        with self._lock, faults(self._path):
            return [row[0] for row in self._db.execute("SELECT id FROM articles ORDER BY id")]

    def begins(self, prefix: str, limit: int = 10) -> list[str]:
        """Ids that begin so, sorted."""
        query = "SELECT id FROM articles WHERE id >= ? AND id < ? ORDER BY id LIMIT ?"
        with self._lock, faults(self._path):
            return [row[0] for row in self._db.execute(query, (prefix, prefix + "\U0010ffff", limit))]

    def files(self) -> dict[str, FileRow]:
        """Every file that was read, by path."""
        with self._lock, faults(self._path):
            rows = self._db.execute("SELECT * FROM files")
            return {row[0]: FileRow._make((*row[:5], tuple(json.loads(row[5])))) for row in rows}

    def scanned(self) -> tuple[int, tuple[str, ...]]:
        files = self.files().values()
        return len(files), tuple(line for row in files for line in row.unread)

    def count(self, seq: int = -1) -> int:
        """How many articles are held; how many of them were changed after `seq`."""
        with self._lock, faults(self._path):
            return int(self._db.execute("SELECT COUNT(*) FROM articles WHERE seq > ?", (seq,)).fetchone()[0])

    def begin(self, row: FileRow, mtime: int) -> frozenset[str]:
        """Notes that a file is read now, part by part. Gives the ids of its articles that were put already, by a
        build that was killed, of the same file."""
        same = "SELECT seq FROM begun WHERE path = ? AND mtime = ? AND sha256 = ?"
        with self._lock, faults(self._path), self._db:
            begun = self._db.execute(same, (row.path, mtime, row.sha256)).fetchone()
            seq = begun[0] if begun else self.last()
            self._db.execute("INSERT OR REPLACE INTO begun VALUES (?,?,?,?)", (row.path, mtime, row.sha256, seq))
            found = self._db.execute("SELECT id FROM articles WHERE file = ? AND seq > ?", (row.path, seq))
            return frozenset(identity for (identity,) in found)

    def is_settled(self) -> bool:
        """Whether nothing was put or dropped since settled() was called."""
        with self._lock, faults(self._path):
            return not self._db.execute("SELECT 1 FROM unsettled LIMIT 1").fetchone()

    def settled(self, kind: Kind) -> None:
        """Notes that all articles are what the others of their source, or their copies, make of them, or that their
        names are what the archive calls them."""
        with self._lock, faults(self._path), self._db:
            self._db.execute("DELETE FROM unsettled WHERE kind = ?", (kind,))
            self._db.execute("DELETE FROM begun")

    def unsettled(self, kind: Kind) -> frozenset[str]:
        """The sources, the days, or the copies by the id of the first, of which some were put or dropped since
        settled(); the numbers of the names that are called otherwise."""
        with self._lock, faults(self._path):
            rows = self._db.execute("SELECT name FROM unsettled WHERE kind = ?", (kind,))
            return frozenset(name for (name,) in rows)

    def shown(self, source: str) -> list[Shown]:
        """What is compared of the articles of one source, as they lie beside one another."""
        columns = ", ".join(Shown._fields)
        query = f"SELECT {columns} FROM outlines JOIN sketches USING (number) WHERE source = ? ORDER BY number"
        with self._lock, faults(self._path):
            return [Shown(*row) for row in self._db.execute(query, (source,))]

    def columns(self, *names: Literal["id", "wording", "signature", "names"]) -> Iterator[tuple[Any, ...]]:
        """What is remembered of every article, of some thousand at a time: a tuple for each thing, in one order."""
        query = f"SELECT number, {', '.join(names)} FROM outlines WHERE number > ? ORDER BY number LIMIT ?"
        last = -1
        while rows := self._rows(query, last, COLUMN):
            last = rows[-1][0]
            yield tuple(zip(*rows, strict=True))[1:]

    def _rows(self, query: str, *values: int) -> list[tuple[Any, ...]]:
        with self._lock, faults(self._path):
            return self._db.execute(query, values).fetchall()

    def copies(self) -> dict[str, str]:
        """All articles that are copies of another one: its id."""
        with self._lock, faults(self._path):
            return dict(self._db.execute("SELECT id, copy FROM verdicts WHERE copy <> ''").fetchall())

    def tagged(self) -> set[str]:
        """The articles that people's tags are put on."""
        with self._lock, faults(self._path):
            return {name for (name,) in self._db.execute("SELECT id FROM verdicts WHERE tags IS NOT NULL")}

    def told(self, ids: Iterable[str]) -> dict[str, Told]:
        """What tells these articles from copies, as far as they are held."""
        query = f"""SELECT id, COALESCE(fitting, outlines.date), moment, LENGTH(traits) > 0, names,
                    {_VERDICT}
                    FROM outlines LEFT JOIN verdicts USING (id) WHERE id = ?"""
        with self._lock, faults(self._path):
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
        with self._lock, faults(self._path):
            return [First(*row) for row in self._db.execute(query, (first, last))]

    def days(self) -> dict[str, int]:
        """On each day that is known, how many articles came."""
        day = "COALESCE(fitting, date)"
        with self._lock, faults(self._path):
            rows = self._db.execute(f"SELECT {day}, COUNT(*) FROM outlines GROUP BY {day}")
            return {day: number for day, number in rows if len(day or "") == 10}

    def by_source(self) -> Iterator[tuple[str | None, Article]]:
        """All articles with their sources, one source after the other."""
        with self._lock, faults(self._path):
            ids = self._db.execute("SELECT source, id FROM outlines ORDER BY source, id").fetchall()
        for source, identity in ids:
            yield from ((source or None, article) for article in self.get([identity]).values())

    def languages(self) -> Mapping[str, int]:
        """Articles by language; those of unknown language are not counted."""
        counts: dict[str, int] = json.loads(self.fact("languages") or "{}")
        return counts

    def fact(self, name: str) -> str | None:
        """A fact about the whole archive that was noted."""
        with self._lock, faults(self._path):
            row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
            return row[0] if row else None

    def note(self, name: str, value: object) -> None:
        """Notes a fact about the whole archive."""
        with self._lock, faults(self._path), self._db:
            self._fact(name, value)

    def _fact(self, name: str, value: object) -> None:
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, str(value)))

    def check(self) -> list[str]:
        """What is wrong with the file, a line each; reads all of it."""
        with self._lock, faults(self._path):
            found = [row[0] for row in self._db.execute("PRAGMA integrity_check")]
            unreadable = [a for a, data in self._db.execute("SELECT id, data FROM articles") if not decodes(data)]
        wrong = [] if found == ["ok"] else [f"damaged: {self._path}: {line}" for line in found]
        return wrong + [f"damaged: {self._path}: article {article}" for article in unreadable]

    def close(self) -> None:
        with self._lock:
            self._db.close()


def _article(data: bytes, *verdict: str | None) -> Article:
    return verdicts.applied(decode(data), verdicts.of_row(*verdict))


def unpacked(kept: Kept, path: Path) -> Article:
    """The article that the store at `path` keeps so. Raises IndexDamaged."""
    with faults(path):
        return _article(kept.data, *kept.verdict)
