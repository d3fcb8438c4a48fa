"""What is asked for? One language, one tree: `parse` reads it, `str` prints it, `plan` says what to find.

The language is written down in docs/query-language.md. Front ends never build queries as strings: they edit
the tree (`edits`) and print it.
"""

from searcher.query.parsing import Query, parse
from searcher.query.tree import Node

LANGUAGE = 1
"""The version of the language; raised when an old text would be read differently."""

__all__ = ["LANGUAGE", "Node", "Query", "parse"]
