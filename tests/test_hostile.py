"""Does every file that was made to do harm end: in bounded memory, as articles or with a reason, and without a fault?

Each is read in a process of its own, which may not ask for more memory than MEMORY. Nothing is timed: the work is
bounded by structure (blocks, tags, depth, sizes), and PATIENCE only keeps a file that hangs from holding up the rest.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hostile_kit import MAKERS, STORY, page

from searcher import tables
from searcher.cleaning import clean, trees, zones
from searcher.model import Page
from searcher.readers import elements, limits, read
from searcher.readers.limits import MB
from searcher.settings import Settings

MEMORY = 1_500 * MB
PATIENCE = 60

CHILD = """
import json, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
except ImportError:  # no such limits on Windows
    pass
from pathlib import Path
from searcher.model import Article
from searcher.reading import read
from searcher.settings import Settings
found = list(read([Path(sys.argv[1])], Settings()))
articles = [item for item in found if isinstance(item, Article)]
notes = [claim.value for item in articles for claim in item.claims if claim.field == "note"]
reasons = [item.reason for item in found if not isinstance(item, Article)]
story = any(sys.argv[3] in item.body for item in articles)
print(json.dumps({"articles": len(articles), "notes": notes, "reasons": reasons, "story": story}))
"""

UNPACKS = "unpacks to more than 200 times its size"
FIRST = f"only the first {limits.BLOCKS} blocks were read"
DEEP = "tags nested too deeply, read without their structure"

REASONS = {
    "NULs in all places": "binary data",
    "random bytes": "binary data",
    "control characters": "binary data",
    "a gzip bomb": UNPACKS,
    "a zstd bomb": UNPACKS,
    "a gzip of blanks": UNPACKS,
}
"""What gives no article, and why."""

NOTES = {
    "100,000 nested divs": DEEP,
    "100,000 nested divs with classes": DEEP,
    "100,000 links within links": DEEP,
    "50,000 tables in one another": DEEP,
    "100,000 flat paragraphs": FIRST,
    "a row of 100,000 cells": FIRST,
    "a million class names": FIRST,
    "200,000 attributes of one tag": "too many attributes in a tag, read without their structure",
    "2 million opening tags": "only the first 1000000 tags were read",
}
"""What is read in part, and what the article says of it."""


OTHER = ("only a title of 5 MB", "a page of JSON-LD alone, its body 2 MB")
"""Pages without the paragraph that the others have before and after what was made to hurt."""


def run(name: str, folder: Path) -> dict[str, Any]:
    file, make = MAKERS[name]
    path = folder / file
    path.write_bytes(make())
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(MEMORY), STORY.strip()],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert child.returncode == 0, child.stderr[-2000:]
    found: dict[str, Any] = json.loads(child.stdout)
    return found


@pytest.mark.parametrize("name", MAKERS)
def test_a_hostile_file_ends_as_articles_or_with_a_reason(name: str, tmp_path: Path) -> None:
    found = run(name, tmp_path)
    assert not [reason for reason in found["reasons"] if "fault" in reason]
    if name in REASONS:
        assert found["articles"] == 0
        assert REASONS[name] in found["reasons"][0]
    else:
        assert (found["articles"], found["reasons"]) == (1, [])
        assert NOTES.get(name, "") in "\n".join(found["notes"])
        assert found["story"] == (MAKERS[name][0] == "a.html" and name not in OTHER)


@pytest.mark.parametrize("length", [20, 700])
def test_what_is_remembered_from_page_to_page_is_bounded(
    length: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "REMEMBERED", 1_000)
    monkeypatch.setattr(zones.Telling, "LIMIT", 1_000)
    names = (f"{'n' * length}{count}" for count in range(19_000))
    path = tmp_path / "a.html"
    path.write_bytes(page("".join(f'<p class="{name}">x</p>' for name in names)))
    (only,) = read(path, path.name, Settings())
    assert isinstance(only, Page)
    model = trees.Model({**json.loads(tables.read("searcher.cleaning", "blocks.json"))})
    clean(only, model)
    assert len(model._worths) <= 1_000
    assert all(len(name) <= trees.SHORT for names in model._worths for name in names)
    assert max(map(len, elements.LOOKS)) < 1_000 >= len(elements.LOOKS)
    assert len(model._telling) <= 1_000
    assert all(len(name) <= zones.LONGEST for name in model._telling)
