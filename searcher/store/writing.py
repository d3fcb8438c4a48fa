"""What does one transaction change in the store? Articles, outlines, verdicts, and what is to be settled anew."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from searcher import verdicts
from searcher.model import Article
from searcher.store.codec import decode, packed
from searcher.store.rows import Batch, FileRow, Kind, Outline, Packed
from searcher.store.uses import Uses

_UNSETTLE: Mapping[Kind, str] = {
    "source": "INSERT OR IGNORE INTO unsettled SELECT 'source', source FROM outlines WHERE id = ?",
    "copy": """INSERT OR IGNORE INTO unsettled SELECT 'copy', COALESCE(NULLIF(copy, ''), id)
               FROM outlines LEFT JOIN verdicts USING (id) WHERE id = ?""",
    "day": """INSERT OR IGNORE INTO unsettled SELECT 'day', COALESCE(fitting, outlines.date)
              FROM outlines WHERE id = ? AND LENGTH(COALESCE(fitting, outlines.date)) = 10""",
}

_TABLES = ("articles", "outlines", "verdicts")
_PAGE = ", ".join(Outline._fields[:-2])
_PUT_OUTLINE = f"""
    INSERT INTO outlines ({_PAGE}, names) VALUES ({", ".join("?" * (len(Outline._fields) - 1))}) ON CONFLICT (id) DO
    UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in (*Outline._fields[1:-2], "names"))}"""
_PUT_SKETCH = "INSERT OR REPLACE INTO sketches SELECT number, ? FROM outlines WHERE id = ?"


class Writing:
    """One transaction, which has the number `seq` in the log."""

    def __init__(self, db: sqlite3.Connection, uses: Uses, seq: int) -> None:
        self._db, self._uses, self._seq = db, uses, seq

    def write(self, batch: Batch) -> Counter[str]:
        """Puts a batch, and gives how many articles there are more, or fewer, of each language."""
        keep = {article.id for article in batch.articles} | batch.kept
        languages = Counter[str]()
        for path in [*batch.gone, *(row.path for row in batch.files)]:
            languages.subtract(self._drop_file(path, keep))
        self._db.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in batch.gone))
        self._db.executemany("DELETE FROM begun WHERE path = ?", ((row.path,) for row in batch.files))
        self._db.executemany(
            "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?)",
            map(_file_values, (*batch.files, *batch.touched)),
        )
        languages.update(self._put(batch))
        self._edit(batch)
        self._judge(batch)
        self._tell(batch)
        self._db.executemany("DELETE FROM dropped WHERE id = ?", ((article,) for article in keep))
        return languages

    def _put(self, batch: Batch) -> Counter[str]:
        """Gives how many more articles there are of each language."""
        ids = [article.id for article in batch.articles]
        rows = [(one.id, self._seq, one.file, one.language, one.data) for one in map(packed, batch.articles)]
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

    def _edit(self, batch: Batch) -> None:
        """What a source says does not change with what is cut from its pages. Of what they are copies may, and of
        what story, if they came on another day or begin otherwise."""
        ids = [outline.id for _, outline in batch.edits]
        moved = [outline.id for _, outline in batch.edits if self._tells_otherwise(outline)]
        self._unsettle(moved, ("day",))
        rows = ((self._seq, one.data, one.id) for one in (packed(article) for article, _ in batch.edits))
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
        return self._uses.count((outline.names for outline in outlines), left)

    def _used(self, ids: Iterable[str]) -> list[bytes]:
        query = "SELECT names FROM outlines WHERE id = ?"
        return [row[0] for one in ids for row in self._db.execute(query, (one,))]

    def _judge(self, batch: Batch) -> None:
        """Stories are told of firsts: who becomes one, or is none any more, changes those of its days."""
        moved = [name for name, one in batch.verdicts.items() if bool(one.copy) != bool(self._copy(name))]
        self._unsettle(moved, ("day",))
        self._db.executemany("DELETE FROM verdicts WHERE id = ?", ((article,) for article in batch.verdicts))
        held = ((name, *one.row()) for name, one in batch.verdicts.items() if one != verdicts.NONE)
        self._db.executemany("INSERT INTO verdicts VALUES (?,?,?,?,?,?)", held)
        self._db.executemany(
            "UPDATE articles SET seq = ? WHERE id = ?", ((self._seq, name) for name in batch.verdicts)
        )

    def _copy(self, identity: str) -> str:
        row = self._db.execute("SELECT copy FROM verdicts WHERE id = ?", (identity,)).fetchone()
        return row[0] if row else ""

    def _tell(self, batch: Batch) -> None:
        """A first that its story ties to others has a verdict, if it had none before."""
        told = [(story, name) for name, story in batch.stories.items()]
        query = """INSERT INTO verdicts VALUES (?2, '', ?1, NULL, NULL, NULL)
                   ON CONFLICT (id) DO UPDATE SET story = ?1"""
        self._db.executemany(query, told)
        self._db.executemany("UPDATE articles SET seq = ? WHERE id = ?", ((self._seq, name) for _, name in told))
        query = "UPDATE verdicts SET story = COALESCE(NULLIF(?1, ''), ?2) WHERE copy = ?2 AND copy <> ''"
        self._db.executemany(query, told)  # without <> '' SQLite does not use the index, which holds no other
        query = "UPDATE articles SET seq = ? WHERE id IN (SELECT id FROM verdicts WHERE copy = ? AND copy <> '')"
        self._db.executemany(query, ((self._seq, name) for _, name in told))
        query = """DELETE FROM verdicts
                   WHERE id = ? AND (copy, story) = ('', '') AND COALESCE(date, tags, called) IS NULL"""
        self._db.executemany(query, ((name,) for _, name in told))

    def _unsettle(self, ids: Sequence[str], kinds: Sequence[Kind] = ("source", "copy", "day")) -> None:
        """Notes the sources and days of these articles, and the copies that they are among, as they are now."""
        for kind in kinds:
            self._db.executemany(_UNSETTLE[kind], ((article,) for article in ids))

    def _languages(self, ids: Iterable[str]) -> Counter[str]:
        query = "SELECT language FROM articles WHERE id = ? AND language IS NOT NULL"
        return Counter(language for one in ids for (language,) in self._db.execute(query, (one,)))

    def _drop_file(self, path: str, keep: set[str]) -> Counter[str]:
        """What is dropped can still be read until forget(): searches that began before may ask for it. Gives how
        many there were of each language."""
        rows = self._db.execute("SELECT id FROM articles WHERE file = ?", (path,)).fetchall()
        gone = [identity for (identity,) in rows if identity not in keep]
        languages = self._languages(gone)
        held = "INSERT OR REPLACE INTO dropped SELECT id, ?, data FROM articles WHERE id = ?"
        self._db.executemany(held, ((self._seq, identity) for identity in gone))
        self._unsettle(gone)
        self._uses.count((), self._used(gone))
        sketch = "DELETE FROM sketches WHERE number = (SELECT number FROM outlines WHERE id = ?)"
        for query in (sketch, *(f"DELETE FROM {table} WHERE id = ?" for table in _TABLES)):
            self._db.executemany(query, ((identity,) for identity in gone))
        return languages


def _plain(one: Article | Packed) -> Outline:
    """What is remembered of an article that came without an outline."""
    article = decode(one.data) if isinstance(one, Packed) else one
    return Outline(article.id, article.source or "")


def _file_values(row: FileRow) -> tuple[Any, ...]:
    return (*row[:5], json.dumps(row.unread))
