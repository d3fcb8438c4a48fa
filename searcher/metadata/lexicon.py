"""What is known of a word: how it is mostly written, what it is like, in which names it stands? data/lexicon.zst.

Counted by tools/train_names.py on open texts and lists of names; the file's head names them and their licences.
Then come words, and then names of several words, both sorted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from searcher import tables

PACKAGE = "searcher.metadata"

LOWER, TITLE, UPPER, MIXED = "l", "t", "u", "m"
"""How a word is mostly written inside sentences."""

LONGEST = 6
"""The most words of a phrase."""


class Word(NamedTuple):
    """How it is mostly written ("" if that is not known), its groups of words used alike, fine to coarse, and a
    letter for each list of names that it stands in."""

    case: str = ""
    groups: tuple[str, ...] = ()
    lists: str = ""


UNKNOWN = Word()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The lines of words in lower case, sorted; names of several words → their kind; the first words of those."""

    words: Sequence[str]
    phrases: Mapping[str, str]
    first: frozenset[str]

    def of(self, word: str) -> Word:
        """What is known of a word in whatever case."""
        key = f"{word.lower()}\t"
        at = bisect_left(self.words, key)
        found = self.words[at] if at < len(self.words) else ""
        return _word(found) if found.startswith(key) else UNKNOWN


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once: few of its words are asked for, so that it is not taken apart."""
    lines = tables.unpacked(PACKAGE, "lexicon.zst").splitlines()
    head = bisect_left(lines, True, key=lambda line: not line.startswith("#"))
    after = bisect_left(lines, True, head, key=lambda line: line.count("\t") == 1)
    phrases = dict(line.split("\t") for line in lines[after:])
    return Lexicon(lines[head:after], phrases, frozenset(name.partition(" ")[0] for name in phrases))


def _word(line: str) -> Word:
    _, case, groups, lists = line.split("\t")
    return Word(case, tuple(groups.split()), lists)
