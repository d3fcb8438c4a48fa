"""Which articles do benchmarks of whole builds get? JSONL of real news, and beyond that of real paragraphs.

The real ones are the news of the measuring data that have a text: some 110,000, in an order that is mixed once. A
made one has headline, source and date of one of them and paragraphs of three, so that words and names stay real.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from common import DATA, WORK, news

SEED = 20150512
PARENTS = 3
"""Of how many articles a made one has paragraphs."""

PART = 10_000
"""How many articles a file of a corpus holds."""

Row = dict[str, str]


@cache
def real() -> list[Row]:
    """The news of the measuring data, mixed."""
    names = sorted(path.name.removesuffix(".jsonl.zst") for path in (DATA / "news").glob("*.jsonl.zst"))
    rows = [row for name in names for row in news(name) if (row.get("text") or "").strip()]
    random.Random(SEED).shuffle(rows)
    return rows


def rows(first: int, last: int) -> Iterator[Row]:
    """The articles of these numbers, the last not included."""
    held = real()
    for number in range(first, last):
        yield held[number] if number < len(held) else _made(held, number)


def _made(held: list[Row], number: int) -> Row:
    """As many paragraphs as the first parent has, of all parents."""
    chance = random.Random(SEED + number)
    parents = [held[chance.randrange(len(held))] for _ in range(PARENTS)]
    pool = [paragraph for parent in parents for paragraph in parent["text"].split("\n") if paragraph.strip()]
    size = max(1, sum(1 for paragraph in parents[0]["text"].split("\n") if paragraph.strip()))
    text = "\n".join(chance.sample(pool, min(size, len(pool))))
    return parents[0] | {"id": f"made-{number}", "url": "", "text": text}


def archive(number: int, folder: Path | None = None) -> Path:
    """An archive of so many articles, without an index unless it has been built; kept in bench/work."""
    folder = folder or WORK / f"news-{number}"
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    for first in range(0, number, PART):
        path = folder / "corpus" / f"{first // PART:04}.jsonl"
        if not path.exists():
            write(path, first, min(first + PART, number))
    return folder


def write(path: Path, first: int, last: int) -> None:
    """A file of a corpus with the articles of these numbers; it is there when it is whole."""
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(first, last))
    part.rename(path)


def text_bytes(folder: Path) -> int:
    """Bytes of the headlines and texts of an archive that was made here, in UTF-8."""
    size = 0
    for path in sorted((folder / "corpus").glob("*.jsonl")):
        with path.open(encoding="utf-8") as stream:
            for row in map(json.loads, stream):
                size += len(f"{row.get('title') or ''}{row['text']}".encode())
    return size
