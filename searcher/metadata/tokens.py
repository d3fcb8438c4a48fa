"""Where are the capitalised words of a text? Tokens with what stands between them, and runs of capitalised ones.

Only for finding names: what is a word for searching is for searcher.text to say.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from searcher.metadata.bylines import PARTICLES
from searcher.metadata.stamps import months, weekdays

LONGEST_RUN = 24
"""How many words a run has at most: a line in capitals is no name."""


class Token(NamedTuple):
    """A word at `start`..`end`, without a closing 's. `gap` is what stands before it; `opens` says that it begins
    a sentence, `capital` that it begins like a name."""

    text: str
    start: int
    end: int
    gap: str
    opens: bool
    capital: bool


_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|(?:[^\W\d_]['’ʼ-](?=[^\W\d_])|[^\W\d_])+\d{0,2}"
    r"(?:\.(?:(?<=\b(?:Mr|Ms|Dr|St|Sr|Jr|Lt)\.)|(?<=\b(?:Mrs|Gen|Sen|Rep|Gov|Col|Rev|Adm|Sgt|Ltd|Inc|Mme|Sra)\.)"
    r"|(?<=\bProf\.)|(?<=\b[^\W\d_]\.)(?=\s[^\W\d_])))?"
)
_POSSESSIVE = re.compile(r"['’ʼ][sS]?$")
_COMPOUND = re.compile(
    r"(?<=^[A-Z]{2})[A-Z]{0,2}-[a-z].*|(?<=[a-z]{4})-(?:backed|led|based|run|born|wide|held|controlled|style)$"
)
# The article and "que" of French and Italian, written onto the next word.
_ELIDED = re.compile(r"(?:[lL]|qu|jusqu|dell|nell|all|sull|dall)['’](?=[^\W\d_])")
_SENTENCE = re.compile(r"[.!?…:;\n•\"“”„«»()—–]|^$")
_ARTICLE = re.compile(r"(?:al|el|ad|ash|as|an|ar|at|bin|ibn|d|l|o)['’-](?=[^\W\d_a-z])")


def tokens(text: str) -> list[Token]:
    """The words of a text in order."""
    found: list[Token] = []
    done = 0
    for match in _TOKEN.finditer(text):
        word, start = match[0], match.start()
        if not word.isalpha():
            elided = _ELIDED.match(word)
            start += elided.end() if elided else 0
            word = _bare(word[elided.end() :] if elided else word)
        if not word:
            continue
        gap = text[done:start]
        done = start + len(word)
        capital = word[0].isupper() or ("-" in word and _ARTICLE.match(word) is not None)
        opens = start == len(gap) or (gap != " " and _SENTENCE.search(gap) is not None)
        found.append(Token(word, start, done, gap, opens, capital))
    return found


def _bare(word: str) -> str:
    """A word without a closing 's, "US" for "US-backed"."""
    tail = _POSSESSIVE.search(word) or _COMPOUND.search(word)
    return word[: tail.start()] if tail else word


def runs(found: list[Token]) -> list[tuple[int, int]]:
    """The runs of capitalised words, as (first, after the last) indexes: words parted by a single space, with the
    small words of names and bodies ("of", "de", "van") between them. No weekday is in one, nor a date's month."""
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(found):
        if not found[index].capital or _calendar(found, index):
            index += 1
            continue
        end = _run_end(found, index)
        spans.append((index, end))
        index = end
    return spans


_INNER = PARTICLES | {"of", "for", "the", "für", "pour", "para", "&"}


def _run_end(found: list[Token], index: int) -> int:
    end = index + 1
    look = end
    while (
        look < min(len(found), index + LONGEST_RUN)
        and look - end < 3
        and found[look].gap in (" ", "\u00a0", " & ", "-")
    ):
        if found[look].capital and not _calendar(found, look):
            end = look + 1
        elif found[look].text not in _INNER:
            break
        look += 1
    return end


def _calendar(found: list[Token], index: int) -> bool:
    """A weekday, or a month that a number follows or precedes."""
    word = found[index].text.lower().rstrip(".")
    if word in weekdays():
        return len(word) > 3
    if word not in months() or len(word) < 3:
        return False
    after = found[index + 1].gap if index + 1 < len(found) else ""
    return bool(re.search(r"\d\s*$", found[index].gap) or re.match(r"\.?,?\s*\d", after))
