"""What can go wrong, as a tree with one root; every leaf says what to do next.

    SearcherError                 exit status 2
    ├── QueryError                the query cannot be read: where, and what was meant perhaps
    ├── SettingsError             searcher.toml cannot be read
    ├── ArchiveError              there is no archive here, or no such article
    ├── SavedError                a saved search cannot be kept, found or read
    ├── IndexFault
    │   ├── IndexMissing          nothing has been built yet
    │   ├── IndexOutdated         built in another format
    │   ├── IndexDamaged          a file of index/ is missing or broken
    │   ├── IndexBusy             another process is writing
    │   └── IndexFull             no room on the disk
    └── Unreadable                one file cannot be read: a line in the report, never the end of a run

A message is lower-case without a full stop, the value last; `hint` names the command that helps.
"""

from __future__ import annotations


class SearcherError(Exception):
    """The root. `message` says what, `hint` what to do about it."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class QueryError(SearcherError):
    """A query that cannot be read. `span` is the part of `query` at fault, in characters."""

    def __init__(self, message: str, query: str, span: tuple[int, int], hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.query = query
        self.span = span

    def within(self, query: str) -> QueryError:
        """The same error, of a part of a query, in the whole of it, if the part stands there as it was read."""
        at = query.lower().find(self.query.lower())
        if at < 0:
            return self
        return QueryError(self.message, query, (at + self.span[0], at + self.span[1]), self.hint)

    def caret(self) -> str:
        """The query with a line of carets under the part at fault, both indented by two.

        >>> print(QueryError("unknown field: sorce", "a sorce:b", (2, 7)).caret())
          a sorce:b
            ^^^^^
        """
        start, end = self.span
        return f"  {self.query}\n  {' ' * start}{'^' * max(1, end - start)}"


class SettingsError(SearcherError):
    """searcher.toml cannot be read, or says something that has no meaning."""


class ArchiveError(SearcherError):
    """There is no archive where one was looked for, or no such article in it."""


class SavedError(SearcherError):
    """A saved search, or what is noted of it, cannot be kept, found or read."""


class IndexFault(SearcherError):
    """index/ cannot be used as it is."""


class IndexMissing(IndexFault):
    """Nothing has been built yet."""


class IndexOutdated(IndexFault):
    """The index was built in a format that this version does not read."""


class IndexDamaged(IndexFault):
    """A file of the index is missing or broken."""


class IndexBusy(IndexFault):
    """Another process is writing the index."""


class IndexFull(IndexFault):
    """The disk is full."""


class Unreadable(SearcherError):
    """One file, or one member of one, cannot be read. The run goes on; the report has the reason."""
