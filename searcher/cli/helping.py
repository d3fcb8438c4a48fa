"""What may a query hold, on one page? The text of `search --help-query`: the table in data/ and the fields."""

from __future__ import annotations

from searcher import tables
from searcher.fields import FIELDS

WIDTH = 80


def query_page() -> str:
    """The page, in lines of at most WIDTH columns."""
    return tables.read("searcher.cli", "query.txt").rstrip("\n").replace("{fields}", "\n".join(_fields()))


def _fields() -> list[str]:
    rows = [
        (field.example, field.help + (f" ({', '.join(field.aliases)})" if field.aliases else ""))
        for field in FIELDS
    ]
    return [f"  {example:<27} {text}"[:WIDTH] for example, text in rows]
