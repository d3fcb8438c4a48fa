"""What does it mean when Tantivy fails? Damaged files, or no room on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from searcher.engines.whoosh.toc import HINT
from searcher.errors import IndexDamaged, IndexFault, IndexFull

ROOM = 1 << 20
"""Bytes that are left on a disk that is taken to be full: Tantivy's threads end without saying why."""


@contextmanager
def reading() -> Iterator[None]:
    """What is stumbled over in the files is a damaged index, also where Rust panics: that is no Exception."""
    try:
        yield
    except IndexFault:
        raise
    except BaseException as error:
        if not _tantivys(error):
            raise
        raise IndexDamaged(f"cannot read the index: {error}", HINT) from error


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """As reading(), but a full disk is a full disk."""
    try:
        yield
    except IndexFault:
        raise
    except BaseException as error:
        if not _tantivys(error):
            raise
        if _full(error, folder):
            raise IndexFull from error
        raise IndexDamaged(f"cannot write the index: {error}", HINT) from error


def _tantivys(error: BaseException) -> bool:
    return isinstance(error, ValueError | OSError) or type(error).__name__ == "PanicException"


def _full(error: BaseException, folder: Path) -> bool:
    if IndexFull.is_said_by(error):
        return True
    return "os error 28" in str(error) or shutil.disk_usage(folder).free < ROOM
