"""Which articles do the engines of the benchmark get? Press releases, cut into words once and kept in bench/work.

Real: titles, words, sentences, sources, authors and dates, of 72,577 releases, in an order that is mixed once.
Made: persons, places and organisations, which are the capitalised words that stand where names stand ("Senator …",
"in …", "… Committee"), so that they are as frequent and as skewed as names are; and every article beyond the real
ones, which has the title, source and date of one release and paragraphs of three, so that words, and what stands
together in a paragraph, stay real. No new words come with made articles, as they would with real ones.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import re
import shutil
import sys
from array import array
from collections.abc import Iterator
from datetime import date
from operator import itemgetter
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from common import WORK, news

from searcher import text
from searcher.engines.port import Entry
from searcher.query.plan import LAST
from searcher.text import Words

FACETS = ("source", "author", "person", "place", "org")
SEED = 20040101
PARENTS = 3
"""Of how many releases a made article has paragraphs."""

_NAME = r"(?:Mc|Mac|O')?[A-Z][a-z]+"
_TITLES = r"Senator|Sen\.|Congress(?:man|woman)|Rep\.|President|Secretary|Governor|Gov\.|Chairman|Judge|Mrs?\.|Dr\."
_BODIES = r"Department|Committee|Agency|Administration|Commission|University|Association|Institute|Council|Center"
_NAMES = (
    re.compile(rf"\b(?:{_TITLES}) ({_NAME}(?: (?:[A-Z]\.|{_NAME})){{0,2}})"),
    re.compile(rf"\b(?:in|from|near|across) ((?:(?:North|South|West|New|San|Los|Fort) )?{_NAME})\b"),
    re.compile(rf"\b((?:{_NAME} ){{1,3}}(?:{_BODIES})|Department of {_NAME}(?: {_NAME})*)\b"),
)
"""Persons, places and organisations: good enough for counting, not for reading."""


class Article(NamedTuple):
    """What every engine is given: words by position, values by field, and the day, unless none is known."""

    id: str
    title: Words
    body: Words
    values: dict[str, tuple[str, ...]]
    day: date | None


class Piece(NamedTuple):
    """A title or a paragraph as it is kept: numbers of words, places where sentences begin, names."""

    words: bytes
    sentences: tuple[int, ...]
    names: tuple[tuple[str, ...], ...]


class Release(NamedTuple):
    """A press release as it is kept; the day is "" where none is given."""

    id: str
    source: str
    author: str
    day: str
    title: Piece
    paragraphs: list[Piece]


def entry(article: Article) -> Entry:
    """The article as our engine sees it: the one place of the benchmark that knows entries."""
    words = {name: cut for name, cut in (("title", article.title), ("body", article.body)) if cut.surfaces}
    values, numbers = {"id": (article.id,), **article.values}, {}
    if article.day:
        values["date"] = (article.day.isoformat(),)
        numbers = {"date": article.day.toordinal(), "date" + LAST: article.day.toordinal()}
    return Entry(article.id, words, values, numbers)


class Articles:
    """The kept articles, read from the disk as they are asked for, so that a build's memory is the engine's."""

    def __init__(self, folder: Path) -> None:
        self.surfaces, self.stems = (
            tuple(forms) for forms in json.loads((folder / "words.json").read_text("utf-8"))
        )
        self._ends = array("Q", (folder / "ends.bin").read_bytes())
        self._file = os.open(folder / "releases.bin", os.O_RDONLY)
        self.real = len(self._ends) - 1

    def __call__(self, number: int) -> Article:
        """The article of a number: the real ones come first, and then there is no end of made ones."""
        release = self.release(number)
        values = {"source": (release.source,), "author": (release.author,)}
        for at, field in enumerate(FACETS[2:]):
            if unique := tuple(dict.fromkeys(name for piece in release.paragraphs for name in piece.names[at])):
                values[field] = unique
        title, body = self._words([release.title]), self._words(release.paragraphs)
        return Article(release.id, title, body, values, date.fromisoformat(release.day) if release.day else None)

    def release(self, number: int) -> Release:
        """What is kept of an article."""
        return self._read(number) if number < self.real else self._made(number)

    def first(self, number: int) -> Iterator[Article]:
        """The first `number` articles."""
        return map(self, range(number))

    def _read(self, number: int) -> Release:
        start, end = self._ends[number], self._ends[number + 1]
        release: Release = pickle.loads(os.pread(self._file, end - start, start))
        return release

    def _made(self, number: int) -> Release:
        """As many paragraphs as the first parent has, of all parents, in a mixed order."""
        chance = random.Random(SEED + number)
        parents = [self._read(chance.randrange(self.real)) for _ in range(PARENTS)]
        pool = [piece for parent in parents for piece in parent.paragraphs]
        chosen = chance.sample(pool, len(parents[0].paragraphs))
        return parents[0]._replace(id=f"made-{number}", paragraphs=chosen)

    def _words(self, pieces: list[Piece]) -> Words:
        numbers, sentences, paragraphs = array("I"), list[int](), list[int]()
        for piece in pieces:
            paragraphs.append(len(numbers))
            sentences += (place + len(numbers) for place in piece.sentences)
            numbers.frombytes(piece.words)
        if not numbers:
            return Words((), (), (), ())
        surfaces, stems = (list(map(forms.__getitem__, numbers)) for forms in (self.surfaces, self.stems))
        return Words(surfaces, stems, sentences, paragraphs)


def kept(number: int) -> Articles:
    """The articles, with at least `number` real ones if there are so many: cut now if that has not been done."""
    folder = WORK / "articles"
    ends, whole = folder / "ends.bin", folder / "all"
    held = ends.stat().st_size // 8 - 1 if ends.exists() else 0
    if held < number and not (held and whole.exists()):
        rows = [row for row in news() if row.get("text", "").strip()]
        random.Random(SEED).shuffle(rows)
        print(f"cutting {min(number, len(rows)):,} articles into words", file=sys.stderr)
        _keep(folder, rows[:number], number >= len(rows))
    return Articles(folder)


def _keep(place: Path, rows: list[dict[str, str]], whole: bool) -> None:
    """Writes the articles beside their place and moves them there: a run that was killed has kept nothing."""
    place.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(dir=place.parent, prefix="articles-"))
    numbers = _Numbers()
    ends = array("Q", [0])
    with (folder / "releases.bin").open("wb") as stream:
        for row in rows:
            stream.write(pickle.dumps(_release(row, numbers), protocol=5))
            ends.append(stream.tell())
    forms = [list(map(itemgetter(at), numbers)) for at in (0, 1)]
    (folder / "words.json").write_text(json.dumps(forms, ensure_ascii=False), "utf-8")
    (folder / "ends.bin").write_bytes(ends.tobytes())
    if whole:
        (folder / "all").touch()
    shutil.rmtree(place, ignore_errors=True)
    folder.rename(place)


class _Numbers(dict[tuple[str, str], int]):
    """Surface and stem of a word → its number, given out as words come."""

    def __missing__(self, forms: tuple[str, str]) -> int:
        return self.setdefault(forms, len(self))


def _release(row: dict[str, str], numbers: _Numbers) -> Release:
    pieces = [_piece(line, row["lang"], numbers) for line in row["text"].split("\n")]
    title = _piece(row.get("title") or "", row["lang"], numbers)
    paragraphs = [piece for piece in pieces if piece.words]
    return Release(row["id"], row["source"], row["author"], _day(row.get("date")), title, paragraphs)


def _day(given: str | None) -> str:
    """The day; "" where none is given, or what is given is none (two releases have "2008-07-2008")."""
    try:
        return date.fromisoformat(given or "").isoformat()
    except ValueError:
        return ""


def _piece(line: str, language: str, numbers: _Numbers) -> Piece:
    cut = text.cut(line, language)
    words = array("I", map(numbers.__getitem__, zip(cut.surfaces, cut.stems, strict=True)))
    names = tuple(tuple(dict.fromkeys(pattern.findall(line))) for pattern in _NAMES)
    return Piece(words.tobytes(), tuple(cut.sentences), names)
