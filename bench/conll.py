"""Texts whose names are known: the measuring data's wikigold, WNUT 17 and WikiANN, as running text with spans."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from common import DATA

KINDS = {
    "PER": "person", "LOC": "place", "ORG": "org", "MISC": "misc",
    "person": "person", "location": "place", "corporation": "org", "group": "org",
    "product": "misc", "creative-work": "misc",
}  # fmt: skip
"""What the sets call a kind → what we call it; "misc" is no kind of ours and not scored."""

FOLDS = 3

Marked = tuple[int, int, str]
"""A name: its start, its end, its kind."""


class Text(NamedTuple):
    """A document: sentences a line each, and the names in it."""

    body: str
    names: tuple[Marked, ...]


Sentence = Sequence[tuple[str, str]]


def sentences(name: str) -> Iterator[list[tuple[str, str]]]:
    """The sentences of one file: words with their tags."""
    path = DATA / "ner" / name
    if path.suffix == ".zst":
        import zstandard

        text = zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read().decode()
    else:
        text = path.read_text("utf-8")
    for part in text.split("\n\n"):
        rows = [line.split("\t") for line in part.split("\n") if "\t" in line]
        if rows:
            yield [(row[0], row[-1]) for row in rows if row[0].strip()]


def names_in(sentence: Sentence) -> Iterator[tuple[list[str], str]]:
    """The names of a sentence: their words, and the kind as the set calls it."""
    parts: list[str] = []
    kind = ""
    for word, tag in [*sentence, ("", "O")]:
        if parts and not tag.startswith("I-"):
            yield parts, kind
            parts = []
        if tag != "O":
            parts, kind = [*parts, word], tag[2:]


def documents(name: str, lines: int = 20) -> list[list[list[tuple[str, str]]]]:
    """The documents of a file; where it does not part them, each `lines` sentences are one."""
    found: list[list[list[tuple[str, str]]]] = [[]]
    known = name.startswith("wikigold")
    for sentence in sentences(name):
        if sentence[0][0] == "-DOCSTART-":
            found.append([])
            sentence = sentence[1:]
        elif not known and len(found[-1]) >= lines:
            found.append([])
        if sentence:
            found[-1].append(sentence)
    return [document for document in found if document]


_CLOSING = frozenset(", . ; : ! ? ) ] % 's n't 'm 're 've 'll 'd ' ’s".split())
_OPENING = frozenset("( [ $ £ #".split())


def text_of(document: Iterable[Sentence]) -> Text:
    """A document as people write it, a sentence a line: no space before a comma, none inside brackets."""
    text = ""
    names: list[Marked] = []
    for sentence in document:
        before, quoted = "(", False
        for word, tag in sentence:
            quoted = quoted != (word == '"')
            closes = word in _CLOSING or (word == '"' and not quoted)
            text += "" if closes or before in _OPENING or (before == '"' and quoted) else " "
            before = word
            if tag.startswith("B-"):
                names.append((len(text), 0, KINDS[tag[2:]]))
            text += word
            if tag != "O":
                names[-1] = (names[-1][0], len(text), names[-1][2])
        text += "\n"
    return Text(text, tuple(names))


def folds(documents: Sequence[object], number: int = FOLDS) -> list[list[int]]:
    """Which documents each fold holds: shuffled, always alike."""
    order = list(range(len(documents)))
    random.Random(7).shuffle(order)
    return [order[start::number] for start in range(number)]
