"""What can go wrong, as a tree with one root; every leaf says what to do next.

    SearcherError                 exit status 2
    ├── QueryError                the query cannot be read: where, and what was meant perhaps
    ├── SettingsError             searcher.toml cannot be read
    ├── ArchiveError              there is no archive here, or no such article
    ├── SavedError                a saved search cannot be kept, found or read
    ├── TagsError                 a tag cannot be given, taken or renamed
    ├── RunnerError               the machines that a build is spread over cannot be reached
    ├── IndexFault
    │   ├── IndexMissing          nothing has been built yet
    │   ├── IndexOutdated         built in another format
    │   ├── IndexDamaged          a file of index/ is missing or broken
    │   ├── IndexBusy             another process is writing
    │   ├── IndexFull             no room on the disk
    │   └── ClusterFault          the OpenSearch cluster is away, refuses, or answers in part only
    └── Unreadable                one file cannot be read: a line in the report, never the end of a run

A message is lower-case without a full stop, the value last; `hint` names the command that helps.
"""

from __future__ import annotations

import errno
import unicodedata

ROOM = "make room and run the same command again: nothing is lost"
"""What to do when the disk is full."""

WIDTH = 76
"""Columns of a query that an error shows; of a longer one, those around the fault."""


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

        On one line: what is no printable character is a space. Of a long query the part around the fault is shown.

        >>> print(QueryError("unknown field: sorce", "a sorce:b", (2, 7)).caret())
          a sorce:b
            ^^^^^
        """
        shown = "".join(char if char.isprintable() else " " for char in self.query)
        first, last = _window(shown, *self.span)
        before, fault = shown[first : self.span[0]], shown[max(first, self.span[0]) : min(last, self.span[1])]
        left, right = "…" if first else "", "…" if last < len(shown) else ""
        carets = " " * columns(left + before) + "^" * max(1, columns(fault))
        return f"  {left}{shown[first:last]}{right}\n  {carets}"


def columns(text: str) -> int:
    """How many columns a terminal needs for a text."""
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """The part of a text that is shown: all of it, or about WIDTH columns with the fault in them."""
    if columns(text) <= WIDTH:
        return 0, len(text)
    first, last, room = start, start, WIDTH - 2
    while room > 0 and (first > 0 or last < len(text)):
        if last < len(text) and (last < end or start - first >= last - end or first == 0):
            room -= _columns(text[last])
            last += 1
        else:
            first -= 1
            room -= _columns(text[first])
    return first, last


class SettingsError(SearcherError):
    """searcher.toml cannot be read, or says something that has no meaning."""


class ArchiveError(SearcherError):
    """There is no archive where one was looked for, or no such article in it."""


class SavedError(SearcherError):
    """A saved search, or what is noted of it, cannot be kept, found or read."""


class TagsError(SearcherError):
    """A tag cannot be given, taken or renamed."""


class RunnerError(SearcherError):
    """The machines that a build is to be spread over cannot be reached."""


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

    def __init__(self, message: str = "the disk is full", hint: str | None = ROOM) -> None:
        super().__init__(message, hint)

    @staticmethod
    def is_said_by(error: BaseException) -> bool:
        """Whether the system says so."""
        return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


class ClusterFault(IndexFault):
    """The OpenSearch cluster is away, refuses, or answers in part only. `status` is that of HTTP, 0 without one.

    `refused` are articles that it did not take: id and reason.
    """

    status = 0
    refused: tuple[tuple[str, str], ...] = ()


class Unreadable(SearcherError):
    """One file, or one member of one, cannot be read. The run goes on; the report has the reason."""
