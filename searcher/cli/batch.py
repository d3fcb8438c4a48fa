"""Many queries, one a line: what does `search --batch` print? A block for each, kept apart in every form.

for people      a line ==> QUERY <== before each block
--json          one answer a line, with the query in it
--jsonl         a hit a line, with the query in it
--csv           a hit a line, the query in a first column; one header
--count         the number, a tab, the query
any other       an empty line behind each block, for people too; with -0 an empty record
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from searcher.cli.terminal import failure
from searcher.errors import IndexFault, SearcherError

One = Callable[[str], bool]
"""Prints the block of a query, and says whether something was found."""


def run(source: str, one: One) -> int:
    """Asks the queries of a file, or of standard input for "-"; gives the exit status.

    Lines are read as they come. Empty ones and those that begin with # are passed over; one that cannot be read as
    a query is reported with its number, and the others are asked all the same.
    """
    bad = found = False
    with _opened(source) as lines:
        for number, query in _queries(lines):
            try:
                found = one(query) or found
            except IndexFault:
                raise
            except SearcherError as error:
                bad = True
                failure(f"search: line {number}", error)
            sys.stdout.flush()
    return 2 if bad else 0 if found else 1


@contextmanager
def _opened(source: str) -> Iterator[TextIO]:
    if source == "-":
        if sys.stdin is None:
            raise SearcherError("standard input is closed", "search --batch FILE")
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="surrogateescape")  # type: ignore[union-attr]
        yield sys.stdin
        return
    with Path(source).open(encoding="utf-8-sig", errors="surrogateescape") as lines:
        yield lines


def _queries(lines: TextIO) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, 1):
        query = line.strip()
        if query and not query.startswith("#"):
            yield number, query
