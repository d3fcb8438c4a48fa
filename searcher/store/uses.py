"""How many articles use a name, and what is it called? Counted as articles come and leave, under all keys that may
make names one entity; what the archive calls a name stands with the first of its keys."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from searcher.entities import keys
from searcher.entities.spelling import Form
from searcher.store.rows import Use

SCHEMA = """
    CREATE TABLE IF NOT EXISTS uses (
        number INTEGER PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
        articles INTEGER NOT NULL, touched INTEGER NOT NULL, as_kind TEXT, as_name TEXT
    );
    CREATE UNIQUE INDEX IF NOT EXISTS uses_by_key ON uses (key, name, kind);
    CREATE INDEX IF NOT EXISTS uses_by_name ON uses (name);
    CREATE INDEX IF NOT EXISTS uses_touched ON uses (touched) WHERE touched;
    CREATE INDEX IF NOT EXISTS uses_renamed ON uses (number) WHERE as_name IS NOT NULL;
"""

KNOWN = 200_000
"""Of how many uses the numbers are remembered."""


def numbers(data: bytes) -> list[int]:
    """The numbers of an article's uses, as they are kept."""
    found: list[int] = np.frombuffer(data, "<u4").tolist()
    return found


class Uses:
    """The uses of one store, within its transactions."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[Use, int] = {}

    def count(self, came: Iterable[Iterable[Use]], left: Iterable[bytes]) -> list[bytes]:
        """Counts the uses of articles that came, and of others that left; gives the numbers of the former."""
        found = [[self._number(use) for use in uses] for uses in came]
        changes = Counter(number for some in found for number in some)
        changes.subtract(number for data in left for number in numbers(data))
        rows = ((change, number) for number, change in sorted(changes.items()) if change)
        self._db.executemany("UPDATE uses SET articles = articles + ?, touched = 1 WHERE number = ?", rows)
        return [np.array(some, "<u4").tobytes() for some in found]

    def _number(self, use: Use) -> int:
        if use not in self._known:
            if len(self._known) >= KNOWN:
                self._known.clear()
            self._db.execute("INSERT OR IGNORE INTO uses VALUES (NULL, ?, ?, ?, 0, 0, NULL, NULL)", use)
            query = "SELECT number FROM uses WHERE key = ? AND kind = ? AND name = ?"
            self._known[use] = self._db.execute(query, use).fetchone()[0]
        return self._known[use]

    def touched(self) -> set[str]:
        """The keys under which counts have changed since called()."""
        return {key for (key,) in self._db.execute("SELECT key FROM uses WHERE touched")}

    def call(self, names: Mapping[Form, Form]) -> list[int]:
        """Notes what the archive calls these forms, and gives their numbers."""
        return [self._call(form, name) for form, name in names.items()]

    def called(self) -> None:
        """Notes that all others are called as before."""
        self._db.execute("DELETE FROM uses WHERE touched AND articles = 0")
        self._db.execute("UPDATE uses SET touched = 0 WHERE touched")
        self._known.clear()

    def _call(self, form: Form, name: Form) -> int:
        number = self._number(Use(keys(form)[0], *form))
        renamed = name if name != form else (None, None)
        self._db.execute("UPDATE uses SET as_kind = ?, as_name = ? WHERE number = ?", (*renamed, number))
        return number

    def renamed(self) -> dict[int, tuple[Form, Form]]:
        """The forms that the archive calls otherwise than they are, by number, and what it calls them."""
        rows = self._db.execute("SELECT number, kind, name, as_kind, as_name FROM uses WHERE as_name IS NOT NULL")
        return {number: (Form(kind, name), Form(*called)) for number, kind, name, *called in rows}

    def having(self, key: str) -> dict[Form, int]:
        """The forms that have a key, and in how many articles."""
        rows = self._db.execute("SELECT kind, name, articles FROM uses WHERE key = ? AND articles > 0", (key,))
        return {Form(kind, name): articles for kind, name, articles in rows}

    def keys_of(self, form: Form) -> list[str]:
        """All the keys that a form has in any article."""
        rows = self._db.execute("SELECT key FROM uses WHERE name = ? AND kind = ?", (form.name, form.kind))
        return [key for (key,) in rows]

    def forget(self) -> None:
        """Lets go of numbers that a transaction gave which was taken back."""
        self._known.clear()
