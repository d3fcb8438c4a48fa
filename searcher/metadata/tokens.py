"""Where are the capitalised words of a text? Tokens with what stands between them, and runs of capitalised ones.

Only for finding names: what is a word for searching is for searcher.text to say.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate, compress
from operator import itemgetter
from typing import NamedTuple

from searcher.metadata.bylines import PARTICLES
from searcher.metadata.stamps import months, weekdays

LONGEST_RUN = 24
"""How many words a run has at most: a line in capitals is no name."""

INNER = PARTICLES | {"of", "for", "the", "für", "pour", "para", "&"}
"""The small words that may stand inside a run."""

GAPS = frozenset([" ", "\u00a0", " & ", "-"])
"""What may stand between the words of a run."""

WIDE_INNER = INNER | {"and", "in", "on", "at", "und", "et", "to"}
WIDE_GAPS = GAPS | {"&", "'s ", "’s ", " 's ", " ’s ", "' ", "’ ", "-", "/", "  "}
"""The same where a model decides what of a run is a name."""


class Token(NamedTuple):
    """A word at `start`..`end`, without a closing 's. `gap` is what stands before it; `opens` says that it begins
    a sentence, `capital` that it begins like a name."""

    text: str
    start: int
    end: int
    gap: str
    opens: bool
    capital: bool


WORD, GAP, CAPITAL = itemgetter(0), itemgetter(3), itemgetter(5)
"""What all tokens of a text are asked for: twice as fast as by name."""


# What may be left out is an alternative of nothing: that is tried several times faster than "?" and "*".
_TOKENS = re.compile(
    r"([A-Z]\.[A-Z]\.(?:[A-Z]\.)*|\d(?<![\w.,']\d)\d{0,2}(?:(?:st|nd|rd|th)(?=\s[A-Z])|[A-Z]{2,4}(?!\w))"
    r"|[^\W\d_]+(?:['’ʼ-][^\W\d_]+(?:['’ʼ-][^\W\d_]+)*|)\d{0,2}"
    r"(?:\.(?:(?<=\b(?:Mr|Ms|Dr|St|Sr|Jr|Lt)\.)|(?<=\b(?:Mrs|Gen|Sen|Rep|Gov|Col|Rev|Adm|Sgt|Ltd|Inc|Mme|Sra)\.)"
    r"|(?<=\b(?:Prof|Sens|Reps|Capt)\.)|(?<=\b[^\W\d_]\.)(?=\s[^\W\d_]))|))"
)
_POSSESSIVE = re.compile(r"['’ʼ][sS]?$")
_COMPOUND = re.compile(
    r"(?<=^[A-Z]{2})[A-Z]{0,2}-[a-z].*|(?<=[a-z]{4})-(?:backed|led|based|run|born|wide|held|controlled|style)$"
)
_CUT, _APOSTROPHES = ("s", "S"), ("'", "’", "ʼ")
# The article and "que" of French and Italian, written onto the next word.
_ELIDED = re.compile(r"(?:[lL]|qu|jusqu|dell|nell|all|sull|dall)['’](?=[^\W\d_])")
_SENTENCE = re.compile(r"[.!?…:;\n•\"“”„«»()—–]|^$")
_ARTICLE = re.compile(r"(?:al|el|ad|ash|as|an|ar|at|bin|ibn|d|l|o)['’-](?=[^\W\d_a-z])")


def tokens(text: str) -> list[Token]:
    """The words of a text in order."""
    found: list[Token] = []
    parts = _TOKENS.split(text)
    places = list(accumulate(map(len, parts)))
    end = 0
    for gap, word, start, after in zip(parts[::2], parts[1::2], places[::2], places[1::2], strict=False):
        if gap == " " and end == start - 1 and word.isalpha():
            end = after
            found.append(_new(Token, (word, start, end, gap, False, word[0].isupper())))
        elif token := _token(text, word, start, end):
            end = token.end
            found.append(token)
    return found


def _token(text: str, word: str, start: int, before: int) -> Token | None:
    """A word that is not only letters after a space; `before` is where the word before it ended."""
    if not word.isalpha():
        word, start = _bare(word, start)
    gap = text[before:start]
    if not word or (word in _CUT and gap[-1:] in _APOSTROPHES):
        return None
    capital = word[0].isupper() or word[0].isdigit() or ("-" in word and _ARTICLE.match(word) is not None)
    opens = before == 0 or (gap != " " and _SENTENCE.search(gap) is not None)
    return _new(Token, (word, start, start + len(word), gap, opens, capital))


_new = tuple.__new__  # twice as fast as the constructor of a named tuple, and a text has hundreds


def _bare(word: str, start: int) -> tuple[str, int]:
    """A word without a closing 's and an article written onto it, "US" for "US-backed"; and where it starts."""
    if elided := _ELIDED.match(word):
        word, start = word[elided.end() :], start + elided.end()
    tail = _POSSESSIVE.search(word) or _COMPOUND.search(word)
    return word[: tail.start()] if tail else word, start


def runs(found: list[Token], gaps: frozenset[str] = GAPS, inner: frozenset[str] = INNER) -> list[tuple[int, int]]:
    """The runs of capitalised words, as (first, after the last) indexes: words parted by a single space, with the
    small words of names and bodies ("of", "de", "van") between them. No weekday is in one, nor a date's month."""
    spans: list[tuple[int, int]] = []
    done = 0
    for index in compress(range(len(found)), map(CAPITAL, found)):
        if index >= done and not _calendar(found, index):
            done = _run_end(found, index, gaps, inner)
            spans.append((index, done))
    return spans


def _run_end(found: list[Token], index: int, gaps: frozenset[str], inner: frozenset[str]) -> int:
    end = index + 1
    for look in range(end, min(len(found), index + LONGEST_RUN)):
        word, _, _, gap, _, capital = found[look]
        if gap not in gaps or look - end >= 3:
            break
        if capital and not _calendar(found, look):
            end = look + 1
        elif word not in inner:
            break
    return end


@cache
def _days() -> frozenset[str]:
    """The names of weekdays and months."""
    return frozenset(word for word in (*weekdays(), *months()) if len(word) > 2)


def _calendar(found: list[Token], index: int) -> bool:
    """A weekday, or a month that a number follows or precedes."""
    word = found[index].text.lower().rstrip(".")
    if word not in _days():
        return False
    if word in weekdays():
        return len(word) > 3
    after = found[index + 1].gap if index + 1 < len(found) else ""
    return bool(re.search(r"\d\s*$", found[index].gap) or re.match(r"\.?,?\s*\d", after))
