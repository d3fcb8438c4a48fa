"""How are small files replaced so that nothing is ever seen half written?"""

from __future__ import annotations

import os
from pathlib import Path


def replace_text(path: Path, content: str) -> None:
    """Writes a small file so that a reader, or a crash, sees the old one or the new one and nothing between."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
