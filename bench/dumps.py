"""Which articles do benchmarks of whole builds get? JSONL of real news, and beyond that of real sentences.

The real ones are the news of the measuring data that have a text: some 110,000, in an order that is mixed once. A
made one has headline, source and date of one of them and sentences of eight, so that words and names stay real and
hardly any two have much in common; but for one in ten, which is what one of them says, cut short: a reprint.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

from common import DATA, WORK, news

SEED = 20150512
PARENTS, REPRINTS = 8, 0.1
"""Of how many articles a made one has sentences; which share of the made ones has those of one. With paragraphs of
three a third of a million became one text: each has a third in common with the next."""

BETWEEN = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
"""What stands between two sentences."""

TOGETHER = 3
"""How many sentences make a paragraph."""

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
    """As many sentences as the first parent has, of all parents; or the first four fifths of its own."""
    chance = random.Random(SEED + number)
    parents = [held[chance.randrange(len(held))] for _ in range(PARENTS)]
    own, *others = (_sentences(parent["text"]) for parent in parents)
    if chance.random() < REPRINTS:
        chosen = own[: -(-4 * len(own) // 5)]
    else:
        chosen = chance.sample([*own, *chain.from_iterable(others)], len(own))
    text = "\n".join(" ".join(chosen[at : at + TOGETHER]) for at in range(0, len(chosen), TOGETHER))
    return parents[0] | {"id": f"made-{number}", "url": "", "text": text}


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in BETWEEN.split(text.strip()) if sentence]


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
