"""What is asked of a word to say whether it is a name: its letters, its neighbours, the marks between them.

The signs of a word are strings; what each is worth has been learned (learned.py). All but those of the place a word
stands in depend on one word alone, or on two classes: they are looked up once a word and not once a mention.
"""

from __future__ import annotations

import re
from functools import lru_cache

from searcher.metadata import persons
from searcher.metadata.lexicon import LOWER, lexicon
from searcher.metadata.stamps import months, weekdays
from searcher.metadata.tables import words

REMEMBERED = 30_000
"""How many words' signs are remembered."""

_DIGITS = re.compile(r"\d+")


def shape(word: str) -> str:
    """A word's letters as kinds, repeated ones once: "McDonald" is "AaAa", "G-20" is "A-0".

    >>> shape("McDonald"), shape("U.S."), shape("G20")
    ('AaAa', 'A.A.', 'A0')
    """
    found: list[str] = []
    for letter in word:
        kind = "A" if letter.isupper() else "a" if letter.isalpha() else "0" if letter.isdigit() else letter
        if not found or found[-1] != kind:
            found.append(kind)
    return "".join(found[:8])


def own(word: str) -> list[str]:
    """The signs of a word that may be a name."""
    low, known, sort = word.lower(), lexicon().of(word), kind(word)
    signs = ["b", f"w={low}", f"s={shape(word)}", f"n={min(len(word), 8)}", f"c={known.case}"]
    signs += [f"<{size}={low[:size]}" for size in (2, 3, 4) if len(low) > size]
    signs += [f">{size}={low[-size:]}" for size in (1, 2, 3, 4, 5) if len(low) > size]
    signs += [f"g{depth}={group}" for depth, group in enumerate(known.groups)]
    signs += [f"in={letter}" for letter in known.lists]
    signs += [f"k={sort}", f"ck={known.case}{sort}", f"li={known.lists}"]
    if word.isupper() and len(word) > 1:
        signs.append(f"up={min(len(word), 6)}")
    return signs


@lru_cache(REMEMBERED)
def near(word: str) -> tuple[str, ...]:
    """The signs of a word as the neighbour of one that may be a name."""
    known = lexicon().of(word)
    signs = [f"w={word.lower()}", f"k={kind(word)}"]
    signs += [f"g{depth}={group}" for depth, group in enumerate(known.groups)]
    if word[:1].isupper():
        signs += [f"in={letter}" for letter in known.lists]
        signs.append(f"s={shape(word)}")
    return tuple(signs)


def gap(text: str) -> list[str]:
    """The signs of what stands between two words: marks, numbers, a new line."""
    key = gap_key(text)
    signs = [f"is={key}", f"^={key[:1]}", f"$={key[-1:]}"]
    signs += ["line"] if "⏎" in key else []
    return [*signs, "number"] if "0" in key else signs


def gap_key(text: str) -> str:
    """A gap without its spaces at the ends, numbers as 0, long ones by their ends.

    >>> gap_key(" "), gap_key(" , "), gap_key(" 16 10 4 2\\n")
    ('', ',', '0 0…0⏎')
    """
    key = _DIGITS.sub("0", text.strip(" \u00a0").replace("\n", "⏎"))
    return key if len(key) <= 6 else f"{key[:3]}…{key[-3:].strip()}"


@lru_cache(REMEMBERED)
def kind(word: str) -> str:
    """The one class of a word that counts together with its neighbour's."""
    low = word.lower()
    known = lexicon().of(word)
    if not word[:1].isupper():
        if persons.is_post(low):
            return "post"
        if low in words("people", "said"):
            return "said"
        return f"l{known.groups[-1]}" if known.groups else "l"
    if low in weekdays() or low in months():
        return "day"
    if low in words("people", "address"):
        return "Mr"
    if persons.is_post(low):
        return "Post"
    if len(word) < 3 and (len(word) == 1 or word[1] == "."):
        return "A."
    if low in words("orgs", "tails"):
        return "Tail"
    if known.case == LOWER and not set("gnp") & set(known.lists):
        return "Low"
    if "n" in known.lists:
        return "Nation"
    if "d" in known.lists:
        return "Demonym"
    if persons.given(low):
        return "Given"
    if word.isupper() and len(word) > 1:
        return "AA"
    letters = "".join(letter for letter in "gspLOPT" if letter in known.lists)
    return f"X{letters}"
