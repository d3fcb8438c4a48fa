"""What is known of a word: how it is mostly written, what it is like, in which names it stands? data/lexicon.zst.

Counted by tools/train_names.py on open texts and lists of names; the file's head names them and their licences.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    """Words in lower case; names of several words → their kind; the first words of those."""

    words: Mapping[str, Word]
    phrases: Mapping[str, str]
    first: frozenset[str]

    def of(self, word: str) -> Word:
        """What is known of a word in whatever case."""
        return self.words.get(word.lower(), UNKNOWN)


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once."""
    words: dict[str, Word] = {}
    phrases: dict[str, str] = {}
    known: dict[str, Word] = {}
    for line in tables.unpacked(PACKAGE, "lexicon.zst").splitlines():
        if line.startswith("#"):
            continue
        name, _, rest = line.partition("\t")
        if len(rest) == 1:
            phrases[name] = rest
        else:
            words[name] = known.get(rest) or known.setdefault(rest, _word(rest))
    return Lexicon(words, phrases, frozenset(name.partition(" ")[0] for name in phrases))


def _word(rest: str) -> Word:
    case, groups, lists = rest.split("\t")
    return Word(case, tuple(groups.split()), lists)
