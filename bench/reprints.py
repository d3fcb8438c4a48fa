"""What do reprints look like? Edited by words or by sentences, cut, in another order, with an outlet's own first
and last lines. And form letters, in which facts were exchanged and nothing else?"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from common import news

FILES = ("senate_press_releases", "20newsgroups", "wikipedia_current_events", "public_zh")
WORDS = 60
"""How many words an article has at least of which reprints are made: below it copies must be nearly the same."""

RATES = (0.0, 0.1, 0.2, 0.3, 0.4)

Row = dict[str, str]


class Maker(NamedTuple):
    """What reprints are made with: dice, and words, sentences, numbers and names of other articles."""

    dice: random.Random
    words: Sequence[str]
    sentences: Sequence[str]
    numbers: Sequence[str]
    names: Sequence[str]


def rows(name: str) -> Iterator[Row]:
    """The articles of one file that have a text."""
    yield from (row for row in news(name) if row.get("text"))


def half(row: Row) -> int:
    """0 for the sources that thresholds were chosen on, 1 for those that figures are of."""
    return crc32((row.get("source") or "").encode()) % 2


def maker(some: Iterable[Row], seed: int) -> Maker:
    """Material from articles."""
    texts = [row["text"] for row in some]
    words = [word for text in texts for word in text.split()]
    bare = [_bare(word) for word in words]
    names = [word for word in bare if re.fullmatch(r"[A-Z][a-z]{3,}", word)]
    numbers = [word for word in bare if re.fullmatch(r"\d[\d,.]*", word)]
    return Maker(random.Random(seed), words, [s for text in texts for s in sentences(text)], numbers, names)


def sentences(text: str) -> list[str]:
    """The sentences of a text, long ones in pieces of 25 words: many press releases have no full stops."""
    pieces = (piece.split() for piece in re.split(r"(?<=[.!?])\s+|\n+", text))
    return [" ".join(words[at : at + 25]) for words in pieces for at in range(0, len(words), 25)]


def exchanged(text: str, rate: float, make: Maker) -> str:
    """That share of the words exchanged for others."""
    return " ".join(make.dice.choice(make.words) if make.dice.random() < rate else word for word in text.split())


def mended(text: str, rate: float, make: Maker) -> str:
    """That share of the words exchanged, taken out, or followed by another."""
    return " ".join(_mended(word, make) if make.dice.random() < rate else word for word in text.split())


def _mended(word: str, make: Maker) -> str:
    other = make.dice.choice(make.words)
    return make.dice.choice(["", other, f"{word} {other}"])


def rewritten(text: str, rate: float, make: Maker) -> str:
    """That share of the sentences exchanged for others."""
    dice = make.dice
    return " ".join(dice.choice(make.sentences) if dice.random() < rate else one for one in sentences(text))


def shortened(text: str, rate: float, make: Maker) -> str:
    """That share of the sentences taken out, here and there."""
    return " ".join(sentence for sentence in sentences(text) if make.dice.random() >= rate)


def cut(text: str, rate: float, make: Maker) -> str:
    """That share cut off at the end."""
    words = text.split()
    return " ".join(words[: round(len(words) * (1 - rate))])


def reordered(text: str, rate: float, make: Maker) -> str:
    """Paragraphs of a few sentences in another order, and half of that share of the words edited."""
    pieces = sentences(text)
    size = max(1, len(pieces) // 6)
    paragraphs = [" ".join(pieces[at : at + size]) for at in range(0, len(pieces), size)]
    make.dice.shuffle(paragraphs)
    return mended("\n\n".join(paragraphs), rate / 2, make)


def chained(text: str, rate: float, make: Maker) -> str:
    """Edited three times, a third of that share each time."""
    for edit in (rewritten, shortened, mended):
        text = edit(text, rate / 3, make)
    return text


EDITS: dict[str, Callable[[str, float, Maker], str]] = {
    "words exchanged": exchanged,
    "words edited": mended,
    "sentences exchanged": rewritten,
    "sentences taken out": shortened,
    "cut at the end": cut,
    "another order": reordered,
    "three edits": chained,
}


def printed(text: str, make: Maker) -> str:
    """With an outlet's own first and last line."""
    first, last = (" ".join(make.dice.choices(make.words, k=10)) for _ in range(2))
    return f"{first}\n\n{text}\n\n{last}"


def form_letter(text: str, count: int, make: Maker) -> str | None:
    """With so many numbers and names exchanged for others of their kind, wherever they stand; None if there are not
    so many that are surely facts."""
    facts = sorted(_facts(text))
    if len(facts) < count:
        return None
    others = {fact: _other(fact, text, make) for fact in make.dice.sample(facts, count)}
    return " ".join(others.get(_bare(word), word) for word in text.split())


def _facts(text: str) -> set[str]:
    words = text.split()
    low = {word[:5] for word in words if word.islower()}
    pairs = pairwise(words)
    inner = {_bare(word) for before, word in pairs if before[-1] not in '.!?:"'}
    names = {word for word in inner if re.fullmatch(r"[A-Z][a-z]{3,}", word) and word[:5].lower() not in low}
    heads = [name[:5] for name in names]
    alone = {name for name in names if heads.count(name[:5]) == 1}
    return alone | {word for word in inner if re.fullmatch(r"\d[\d,.]*\d", word) and len(word) > 2}


def _other(fact: str, text: str, make: Maker) -> str:
    kind = make.numbers if fact[0].isdigit() else make.names
    free = (other for other in iter(lambda: make.dice.choice(kind), None) if other[:5].lower() not in text.lower())
    return next(free)


def _bare(word: str) -> str:
    return word.strip(".,;:()\"'$“”’?!-")
