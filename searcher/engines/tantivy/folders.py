"""Which files is a state of the Tantivy index? A folder for each, that is whole or not there, and never changes.

Every write makes a new folder, out of links to the files of the one before; who reads that one keeps it.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from pathlib import Path
from typing import Any

from searcher.errors import IndexDamaged
from searcher.files import replace_text

HELD = "held.json"
"""The note of which files there are."""


def linked(before: Path, folder: Path) -> None:
    """A new folder with the files of another one; where a file system has no links, with copies of them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in _files(before):
        try:
            os.link(path, folder / path.name)
        except OSError:
            shutil.copyfile(path, folder / path.name)


def _files(folder: Path) -> list[Path]:
    """The files that belong to the index, without its locks and what was about to be one."""
    other = (".tantivy-", ".tmp", HELD)
    return sorted(path for path in folder.iterdir() if not path.name.startswith(other))


def only_used(folder: Path) -> None:
    """Removes the files of segments that were merged, and of deletions that others followed."""
    held = json.loads((folder / "meta.json").read_bytes())["segments"]
    deletions = {_stem(one): one["deletes"] and f"{_stem(one)}.{one['deletes']['opstamp']}.del" for one in held}
    for path in _files(folder):
        segment = path.name.partition(".")[0]
        stale = path.suffix == ".del" and path.name != deletions.get(segment)
        if path.suffix != ".json" and (stale or segment not in deletions):
            path.unlink()


def _stem(segment: dict[str, Any]) -> str:
    return str(segment["segment_id"]).replace("-", "")


def note(folder: Path) -> None:
    """Notes the sizes of all files, the sum of the table of contents, and a sum of the note."""
    replace_text(folder / HELD, json.dumps(_summed(_state(folder)), indent=1))
    _synced(folder)


def _synced(folder: Path) -> None:
    """Waits until the names in a folder lie on the disk, as Tantivy does with the files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _state(folder: Path) -> dict[str, Any]:
    sizes = {path.name: path.stat().st_size for path in _files(folder) if path.name != ".managed.json"}
    return {"files": sizes, "meta": zlib.crc32((folder / "meta.json").read_bytes())}


def _summed(state: dict[str, Any]) -> dict[str, Any]:
    return {**state, "sum": zlib.crc32(json.dumps(state, sort_keys=True).encode())}


def verify(folder: Path) -> None:
    """Raises IndexDamaged if a file is missing, has another size, or the table of contents is another one."""
    try:
        noted = json.loads((folder / HELD).read_bytes())
        held = _summed(_state(folder))
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"cannot read the index: {folder / HELD}: {error}") from error
    if noted != held:
        raise IndexDamaged(f"damaged: {folder / _first_wrong(noted, held)}")


def _first_wrong(noted: Any, held: dict[str, Any]) -> str:
    files = noted.get("files") if isinstance(noted, dict) else None
    if not isinstance(files, dict) or _summed({"files": files, "meta": noted.get("meta")}) != noted:
        return HELD
    wrong = [name for name in sorted({*files, *held["files"]}) if files.get(name) != held["files"].get(name)]
    return wrong[0] if wrong else "meta.json"


def check(folder: Path) -> list[str]:
    """The files whose content is not what Tantivy wrote: each ends with a checksum of what is before."""
    paths = (path for path in _files(folder) if path.suffix != ".json")
    return [f"damaged: {path}" for path in paths if not _sound(path)]


def _sound(path: Path) -> bool:
    """Content, a line of JSON with its CRC-32, the length of the line, and 1337; numbers in four bytes."""
    data = path.read_bytes()
    length = int.from_bytes(data[-8:-4], "little")
    try:
        crc = json.loads(data[-8 - length : -8])["crc"]
    except (ValueError, KeyError, TypeError):
        return False
    return bool(zlib.crc32(memoryview(data)[: len(data) - 8 - length]) == crc)
