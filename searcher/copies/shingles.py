"""What is an article made of, when it is compared with others? Of shingles: pairs of telling words in a row.

Words come from `text.py`. Short ones of letters that have case are left out: most say nothing of what a text is
about, so that pairs of the others tell as much as five words in a row do, and survive more edits.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from searcher.model import Article
from searcher.text import Piece, pieces, unspaced

SIGNS = 64
"""How many numbers make a signature: each is the least hash of all shingles under a hash function of its own. The
share of them that two have in common is about that of their shingles (MinHash, Broder 1997)."""

FEWEST = 6
"""A text of fewer shingles has no signature."""

BEGINNING = 5
"""How many letters of a word count: its forms are the same."""

LONGEST = 50_000
"""How many words of an article are looked at."""

NUMBER, NAME = 1, 2
"""Kinds of words: what has a digit, and what is written with a capital."""

_KEPT, _WIDE, _BITS = 4, 8, 8  # more that is known of a word, in the low bits of its number
_UTF = "utf-32-le", "surrogatepass"
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FUNCTIONS = np.random.default_rng(15).integers(1 << 62, 1 << 63, (SIGNS, 1), np.uint64) | np.uint64(1)

Hashes: TypeAlias = NDArray[np.uint32]
Numbers: TypeAlias = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Text:
    """What is compared of an article, as hashes.

    `shingles` are each there once, ascending. `words` are the telling words in their order, each as one character:
    so they are put side by side in a moment. `kinds` says which of them are numbers and names.
    """

    shingles: Hashes
    words: str
    kinds: NDArray[np.uint8]
    url: str | None = None

    @cached_property
    def facts(self) -> Hashes:
        """The words, with the numbers that stand in a row as one: what is "1.5" in one copy is "1 5" in another."""
        facts = np.frombuffer(bytearray(self.words, *_UTF), "<u4")
        number = self.kinds == NUMBER
        at = np.flatnonzero(number)
        if len(at):
            begins = np.flatnonzero(~number[at - 1] | (at == 0))
            ends = [*begins[1:].tolist(), len(at)]
            facts[at] = np.repeat(np.add.reduceat(facts[at], begins), ends - begins)
        return facts

    @cached_property
    def known(self) -> Hashes:
        """All facts and other words, each once, ascending."""
        return np.unique(self.facts)

    def packed(self) -> bytes:
        """The text as bytes."""
        words, url = self.words.encode(*_UTF), (self.url or "").encode("utf-8", "surrogatepass")
        sizes = np.array([self.shingles.nbytes, len(words), len(self.kinds)], "<u4")
        return b"".join([sizes.tobytes(), self.shingles.tobytes(), words, self.kinds.tobytes(), url])

    @classmethod
    def unpacked(cls, held: bytes) -> Text:
        """The text that was packed() so."""
        words, kinds, url = (12 + np.cumsum(np.frombuffer(held, "<u4", 3))).tolist()
        return cls(
            np.frombuffer(held[12:words], "<u4"),
            held[words:kinds].decode(*_UTF),
            np.frombuffer(held[kinds:url], np.uint8),
            held[url:].decode("utf-8", "surrogatepass") or None,
        )


def signature(article: Article) -> bytes:
    """What is kept of an article to find its copies: 256 bytes, or b"" where there is hardly a word."""
    shingles = _shingles(_telling(article)).astype(np.uint64)
    if len(shingles) < FEWEST:
        return b""
    least = np.full(SIGNS, np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(shingles), 4096):
        np.minimum(least, (shingles[start : start + 4096] * _FUNCTIONS).min(axis=1), out=least)
    return (least >> np.uint64(32)).astype("<u4").tobytes()


def text_of(article: Article) -> Text:
    """What alike() needs of an article. One without a body is its title."""
    telling = _telling(article)
    kinds = (telling & np.uint64(NUMBER | NAME)).astype(np.uint8)
    words = (_words(telling) % np.uint32(sys.maxunicode + 1)).tobytes().decode(*_UTF)
    return Text(_shingles(telling), words, kinds, article.url)


def _telling(article: Article) -> Numbers:
    """The telling words as numbers: a hash, and below it what is known of the word."""
    found = pieces(article.body or article.title)[:LONGEST]
    numbers = np.frombuffer(b"".join([piece.numbers or _numbered(piece) for piece in found]), "<u8")[:LONGEST]
    return numbers[(numbers & np.uint64(_KEPT)) > 0]


def _words(telling: Numbers) -> Hashes:
    return (telling >> np.uint64(_BITS)).astype(np.uint32)


def _shingles(telling: Numbers) -> Hashes:
    """Pairs of words; four characters where no space stands between words."""
    words = _words(telling)
    wide = (telling & np.uint64(_WIDE)) > 0
    two = _mixed(words[:-1], words[1:])
    four = _mixed(two[:-2], two[2:])
    return np.unique(np.concatenate([two[~wide[:-1]], four[wide[: len(four)]]]))


def _mixed(first: Hashes, second: Hashes) -> Hashes:
    mixed = (first * _STEP) ^ second
    mixed *= _STEP
    return (mixed >> np.uint64(32)).astype(np.uint32)


def _numbered(piece: Piece) -> bytes:
    piece.numbers = b"".join(_numbers(surface, written) for surface, _, written in piece.forms)
    return piece.numbers


@lru_cache(maxsize=50_000)
def _numbers(surface: str, written: str) -> bytes:
    """A word as a number; one of digits in threes, as "6,000" and "6 000" are the same."""
    if any(map(str.isdigit, surface)):
        threes = (digits[max(0, end - 3) : end] for digits in re.findall(r"\d+", surface) for end in _ends(digits))
        return b"".join(_number(digits, NUMBER | _KEPT) for digits in threes)
    kept = len(surface) > 3 or not surface.islower()
    name = kept and written[len(surface) + 1 :][:1].isupper()
    wide = len(surface) == 1 and unspaced(surface)
    return _number(surface[:BEGINNING], NAME * name | _KEPT * kept | _WIDE * wide)


def _ends(digits: str) -> range:
    return range(len(digits) % 3 or 3, len(digits) + 1, 3)


def _number(letters: str, known: int) -> bytes:
    return bytes([known]) + blake2b(letters.encode("utf-8", "replace"), digest_size=4).digest() + bytes(3)
