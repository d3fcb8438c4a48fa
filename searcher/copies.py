"""Which articles are copies of one text? A signature of each says which may be, and their texts whether they are.

Whether two articles are copies depends on these two alone, and never on which others there are: what an update of
an archive says is what a full build says. Copies of copies are copies: a group is all that pairs hold together.
Decision 15.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
import re
from hashlib import blake2b
from itertools import chain
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from searcher.model import Article
from searcher.text import chunk_forms, unspaced

SIGNS = 64
"""How many numbers make a signature, each the least of all grams of a text under another order of them (MinHash,
Broder 1997). Two that stand side by side and are the same in two articles make them candidates."""

FEWEST = 6
"""Texts of fewer grams have no signature."""

ALIKE = 0.42
"""The share of the grams of both that copies have in common."""

PART, PART_ALIKE = 0.75, 0.3
"""It may be so little if the shorter text has so much of its grams from the longer: a cut-down reprint."""

ALIGNED, ALIGNED_ALIKE = 0.55, 0.1
"""Or so little where so many of the telling words of the longer stand in the other in one order: word after word was
edited."""

SHORT, SHORT_ALIKE = 24, 0.75
"""Texts with no more grams must be so much alike."""

FACTS, OF_FACTS, OF_CHANGES = 2, 0.02, 0.3
"""Texts are about different facts if so many numbers or names stand in the place of others, and are so large a share
of all words that stand in the place of others. In a short text one is enough."""

BEGINNING = 5
"""How many letters of a word count."""

LONGEST, ALIGNABLE = 50_000, 5_000
"""How many words of a text are looked at, and how many of them are put side by side."""

_NUMBER, _NAME, _KEPT, _WIDE = 1, 2, 4, 8  # what is known of a word, in the low bits of its number
_BITS = 8
_STEP = np.uint64(0x9E3779B97F4A7C15)
_ORDERS = np.random.default_rng(15).integers(1 << 62, 1 << 63, SIGNS, np.uint64) | np.uint64(1)

Ints: TypeAlias = NDArray[np.int64]
Hashes: TypeAlias = NDArray[np.uint64]


class Text(NamedTuple):
    """What alike() looks at of an article, all as hashes: its grams and its words, each once and ascending; the telling
    words in their order; and for each word between two others the place it stands at, ascending, the word and its
    kind."""

    grams: Hashes
    words: Hashes
    units: Hashes
    places: Hashes
    fillers: Hashes
    kinds: NDArray[np.uint8]
    url: str | None


class _Chunks(dict[str, tuple[int, ...]]):
    """What stands between two spaces → numbers for each of its words. Bounded; thread-safe."""

    LIMIT, KEPT = 100_000, 40

    def __missing__(self, chunk: str) -> tuple[int, ...]:
        words = chunk_forms(None)[chunk]
        found = tuple(number for surface, _, written in words for number in _numbered(surface, written))
        if len(chunk) <= self.KEPT:
            if len(self) >= self.LIMIT:
                self.clear()
            self[chunk] = found
        return found


def _numbered(surface: str, written: str) -> Iterator[int]:
    """A word as a number; those of digits in threes, as "6,000" and "6 000" are written.

    Words are the same that begin with the same letters: forms of a name are. Short words of letters that have case
    are left out of grams: most say nothing of what a text is about.
    """
    if any(map(str.isdigit, surface)):
        for digits in re.findall(r"\d+", surface):
            for end in range(len(digits) % 3 or 3, len(digits) + 1, 3):
                yield _digest(digits[max(0, end - 3) : end]) | _NUMBER | _KEPT
        return
    kept = len(surface) > 3 or not surface.islower()
    name = kept and written[len(surface) + 1 :][:1].isupper()
    wide = len(surface) == 1 and unspaced(surface)
    yield _digest(surface[:BEGINNING]) | _NAME * name | _KEPT * kept | _WIDE * wide


def _digest(letters: str) -> int:
    return int.from_bytes(blake2b(letters.encode("utf-8", "replace"), digest_size=4).digest(), "little") << _BITS


_CHUNKS = _Chunks()


def signature(article: Article) -> bytes:
    """What is kept of an article to find its copies: 256 bytes; b"" if it has hardly a word."""
    grams = _grams(_numbers(article))
    if len(grams) < FEWEST:
        return b""
    least = np.full(SIGNS, np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(grams), 4096):
        np.minimum(least, (grams[start : start + 4096] * _ORDERS[:, None]).min(axis=1), out=least)
    return (least >> np.uint64(32)).astype("<u4").tobytes()


def text_of(article: Article) -> Text:
    """What alike() needs of an article."""
    numbers = _numbers(article)
    words = numbers >> np.uint64(_BITS)
    kinds = (numbers & np.uint64(_NUMBER | _NAME)).astype(np.uint8)
    units = words[(numbers & np.uint64(_KEPT)) > 0][:ALIGNABLE]
    places, order = _places(words, kinds)
    words = _rows(words, kinds)
    return Text(_grams(numbers), np.unique(words), units, places, words[order], kinds[order], article.url)


def _rows(words: Hashes, kinds: NDArray[np.uint8]) -> Hashes:
    """The words, and numbers that stand in a row as one: "1.5" is "1 5" in some copies."""
    at = np.flatnonzero(kinds == _NUMBER)
    if not len(at):
        return words
    begins = np.flatnonzero(np.diff(at, prepend=-2) > 1)
    words = words.copy()
    words[at] = np.repeat(np.add.reduceat(words[at], begins), np.diff(begins, append=len(at)))
    return words


def _numbers(article: Article) -> Hashes:
    chunks = (article.body or article.title).split()
    return np.fromiter(chain.from_iterable(map(_CHUNKS.__getitem__, chunks)), np.uint64)[:LONGEST]


def _grams(numbers: Hashes) -> Hashes:
    """Pairs of telling words that follow each other, as hashes of 32 bits, ascending; four characters where no space
    stands between words."""
    kept = numbers[(numbers & np.uint64(_KEPT)) > 0]
    wide = (kept & np.uint64(_WIDE)) > 0
    words = kept >> np.uint64(_BITS)
    two = _mixed(words[:-1], words[1:])
    four = _mixed(two[:-2], two[2:])
    return np.unique(np.concatenate([two[~wide[:-1]], four[wide[: len(four)]]]))


def _mixed(*columns: Hashes) -> Hashes:
    """One hash of 32 bits for each row."""
    mixed = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        mixed = (mixed ^ column) * _STEP
        mixed ^= mixed >> np.uint64(29)
    return mixed >> np.uint64(32)


def _places(words: Hashes, kinds: NDArray[np.uint8]) -> tuple[Hashes, Ints]:
    """The places of the words that have others before and behind them, ascending, and where those words are.

    A place is known by the kind of the word and by the nearest words on both sides that are no number, or, for a name
    and others, no fact at all: what stands at one place in two texts may be exchanged.
    """
    before, behind = _around(kinds == 0)
    number = kinds == _NUMBER
    if number.any():
        left, right = _around(~number)
        before, behind = np.where(number, left, before), np.where(number, right, behind)
    inner = np.flatnonzero((before >= 0) & (behind < len(words)))
    places = _mixed(words[before[inner]], words[behind[inner]], kinds[inner].astype(np.uint64))
    order = np.argsort(places)
    return places[order], inner[order]


def _around(plain: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """For each word the nearest plain one before and behind it: -1, and the number of words, if there is none."""
    size = len(plain)
    at = np.arange(size)
    before = np.maximum.accumulate(np.where(plain, at, -1))
    behind = np.minimum.accumulate(np.where(plain, at, size)[::-1])[::-1]
    return np.concatenate([[-1], before[:-1]]), np.concatenate([behind[1:], [size]])


def alike(a: Text, b: Text) -> bool:
    """Whether two articles are copies of one text, whole or in part, edited or not.

    Texts about different facts are not: a form letter with other numbers and names. But of one address they are
    versions of one article.
    """
    shared, fewer, all_ = _sizes(a.grams, b.grams)
    if not shared:
        return False
    share = shared / all_
    short = fewer <= SHORT
    if short:
        near = share >= SHORT_ALIKE
    else:
        part = share >= PART_ALIKE and shared >= PART * fewer
        near = share >= ALIKE or part or (share >= ALIGNED_ALIKE and _aligned(a.units, b.units) >= ALIGNED)
    return near and ((a.url is not None and a.url == b.url) or not _differ(a, b, short))


def _sizes(a: Hashes, b: Hashes) -> tuple[int, int, int]:
    """How many numbers both have, how many the smaller has, and how many there are in all."""
    shared = int(np.count_nonzero(_in(a, b)))
    return shared, min(len(a), len(b)), len(a) + len(b) - shared


def _in(some: Hashes, others: Hashes) -> NDArray[np.bool_]:
    """Which of some numbers are among others, that ascend."""
    if not len(others):
        return np.zeros(len(some), np.bool_)
    at = np.searchsorted(others, some)
    at[at == len(others)] = 0
    return others[at] == some


def _aligned(a: Hashes, b: Hashes) -> float:
    """The share of the words of the longer that stand in the other in one order."""
    from rapidfuzz.distance import LCSseq

    return float(LCSseq.similarity(a.tolist(), b.tolist())) / max(len(a), len(b))


def _differ(a: Text, b: Text, short: bool) -> bool:
    """Whether they are about different facts: numbers or names that stand nowhere in the other are in the place of
    others that do not either."""
    own, others = ~_in(a.fillers, b.words), ~_in(b.fillers, a.words)
    places, fillers, kinds = a.places[own], a.fillers[own], a.kinds[own]
    theirs = b.places[others]
    changed = _in(places, theirs)
    facts = changed & (kinds > 0)
    back = _in(theirs, np.sort(places[facts]))
    count = min(len(np.unique(x)) for x in (places[facts], fillers[facts], b.fillers[others][back]))
    changes = len(np.unique(places[changed]))
    enough = max(1 if short else FACTS, OF_FACTS * min(np.count_nonzero(a.kinds), np.count_nonzero(b.kinds)))
    return count >= enough and len(np.unique(places[facts])) >= OF_CHANGES * changes


def candidates(signatures: Sequence[bytes], changed: NDArray[np.bool_] | None = None) -> Iterator[tuple[int, int]]:
    """Pairs of articles that may be copies, of which one at least has changed: the first before the second, each once."""
    held = _Signatures(signatures, changed)
    for first, second in held.pairs(lambda first, second: np.ones(len(first), np.bool_)):
        yield from zip(first.tolist(), second.tolist(), strict=True)


class _Signatures:
    def __init__(self, signatures: Sequence[bytes], changed: NDArray[np.bool_] | None) -> None:
        self.which = np.array([at for at, held in enumerate(signatures) if held], np.int64)
        self.signs = np.frombuffer(b"".join(signatures), "<u4").reshape(-1, SIGNS)
        self.changed = np.ones(len(signatures), np.bool_) if changed is None else changed

    def pairs(self, wanted: Callable[[Ints, Ints], NDArray[np.bool_]]) -> Iterator[tuple[Ints, Ints]]:
        for band in range(SIGNS):
            for first, second in self._neighbours(band):
                one, other = self.which[first], self.which[second]
                chosen = (self.changed[one] | self.changed[other]) & wanted(one, other)
                first, second = first[chosen], second[chosen]
                new = self._new(first, second, band)
                first, second = self.which[first[new]], self.which[second[new]]
                if len(first):
                    yield np.minimum(first, second), np.maximum(first, second)

    def _neighbours(self, band: int) -> Iterator[tuple[Ints, Ints]]:
        key = self.signs[:, band].astype(np.uint64) << np.uint64(32) | self.signs[:, (band + 1) % SIGNS]
        order = np.argsort(key, kind="stable")
        key = key[order]
        ends = np.searchsorted(key, key, side="right")
        at = np.arange(len(key))
        distance = 0
        while True:
            distance += 1
            at = at[at + distance < ends[at]]
            if not len(at):
                return
            yield order[at], order[at + distance]

    def _new(self, first: Ints, second: Ints, band: int) -> NDArray[np.bool_]:
        same = self.signs[first] == self.signs[second]
        both = same & np.roll(same, -1, axis=1)
        return (both.argmax(axis=1) == band) & (same.sum(axis=1) >= LEAST)


LEAST = 5
