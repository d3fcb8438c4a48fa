"""How are files replaced so that nothing is ever seen half written?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


def replace_text(path: Path, content: str, durable: bool = True) -> None:
    """Writes a small file so that a reader, or a crash, sees the old one or the new one and nothing between.

    Where it need not be `durable` the disk is not waited for: after a power failure it may be empty.
    """
    replace_bytes(path, content.encode("utf-8"), durable)


def replace_bytes(path: Path, content: bytes, durable: bool = True) -> None:
    """The same for bytes."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with beside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        if durable:
            os.fsync(stream.fileno())
    beside.replace(path)


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """A stream for a file of any size, which takes the place of `path` when all is written; line ends as written.

    If it fails or is stopped before, what was at `path` stays. A device or a pipe is written to as it comes.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
