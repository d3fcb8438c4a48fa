"""Which hits were listed last? `searcher show 3` means the third of them."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from searcher.errors import ArchiveError
from searcher.files import replace_text


def _file() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "searcher" / "last.json"


def remember(root: Path, ids: Sequence[str], passed: int = 0) -> None:
    """Notes the ids of a list, for this user, of which `passed` hits came before the first.

    A cache that cannot be written, or a user without a home, is no reason to fail a search.
    """
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        held = {"archive": str(root.resolve()), "ids": list(ids), "passed": passed}
        replace_text(_file(), json.dumps(held), durable=False)
    except (OSError, RuntimeError):
        return


def recall(root: Path, number: int) -> str | None:
    """The id of a hit, from 1, of the list that was shown last of this archive; None if there is none."""
    try:
        held = json.loads(_file().read_text("utf-8"))
        ids: list[str] = held["ids"] if held["archive"] == str(root.resolve()) else []
        at = number - 1 - int(held["passed"])
    except (OSError, RuntimeError, ValueError, KeyError, TypeError):
        return None
    return ids[at] if 0 <= at < len(ids) else None


def meant(root: Path, typed: str) -> str:
    """The id that was typed, or its beginning; a number is that of a hit. Raises ArchiveError if there is none."""
    if not (typed.isdecimal() and len(typed) < 4):
        return typed
    listed = recall(root, int(typed))
    if listed is None:
        hint = "`search QUERY` lists hits; then a number means one of them"
        raise ArchiveError(f"no hit of that number in the last list: {typed}", hint)
    return listed
