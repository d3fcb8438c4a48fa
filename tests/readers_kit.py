"""What the tests of the readers share: a file with these bytes, and what comes out of it."""

from __future__ import annotations

import io
import tarfile
import tempfile
import zipfile
from pathlib import Path

from searcher.model import Block, Page, Unread
from searcher.readers import read
from searcher.settings import Settings

STORY = (
    "<!doctype html><html><head><title>Harbour reopens</title></head><body><h1>Harbour reopens</h1><p>%s</p></html>"
)
"""A page that is surely one; its paragraph is filled in."""


def items(data: bytes | str, name: str = "file.txt", settings: Settings | None = None) -> list[Page | Unread]:
    """All that comes out of a file of this name that holds `data`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
        return list(read(path, name, settings or Settings()))


def pages(data: bytes | str, name: str = "file.txt", settings: Settings | None = None) -> list[Page]:
    """The pages that come out; no test that asks for pages wants a reason."""
    found = items(data, name, settings)
    assert [item for item in found if isinstance(item, Unread)] == []
    return [item for item in found if isinstance(item, Page)]


def page(data: bytes | str, name: str = "file.txt", settings: Settings | None = None) -> Page:
    """The one page that comes out."""
    (only,) = pages(data, name, settings)
    return only


def reasons(data: bytes | str, name: str = "file.txt") -> list[str]:
    """The reasons for whatever gave no page, each with where it was: "file!member: reason"."""
    return [str(item) for item in items(data, name) if isinstance(item, Unread)]


def texts(found: Page, kind: str | None = None) -> list[str]:
    """The texts of a page's blocks, of one kind or of all."""
    return [block.text for block in found.blocks if kind is None or block.kind == kind]


def block(found: Page, text: str) -> Block:
    """The one block that has this text."""
    (only,) = [block for block in found.blocks if block.text == text]
    return only


def claims(found: Page, field: str) -> list[tuple[str, str]]:
    """Value and origin of each claim about a field."""
    return [(claim.value, claim.origin) for claim in found.claimed(field)]


def zipped(members: dict[str, bytes | str]) -> bytes:
    """A zip with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in members.items():
            bundle.writestr(name, data)
    return out.getvalue()


def tarred(members: dict[str, bytes | str], *more: tarfile.TarInfo) -> bytes:
    """A tar with these members, and headers without contents."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as bundle:
        for name, data in members.items():
            content = data.encode("utf-8") if isinstance(data, str) else data
            info = tarfile.TarInfo(name)
            info.size = len(content)
            bundle.addfile(info, io.BytesIO(content))
        for info in more:
            bundle.addfile(info)
    return out.getvalue()
