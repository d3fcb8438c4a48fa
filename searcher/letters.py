"""Which characters make a word, and which are alike to a reader? The table of scripts; where a word ends; folding.

What is a rule for one script stands here once: the scripts without spaces, the signs that belong to the letter
before them, the letters that are written in several ways. Stems and sentences are for `text`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, Bopomofo, Han, halfwidth kana; without their
# digits, which make numbers as everywhere, and without what parts words and sentences (・, ၊ and ။, ฿).
_UNSPACED = (
    r"\u0e01-\u0e3e\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u104c-\u108f\u109a-\u109f\u1780-\u17d3\u17d7"
    r"\u17dc\u17dd\u3005-\u3007\u3041-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"
    r"\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U000323af"
)
# Their vowels and tones that stand on, under or behind a letter, and the halfwidth signs of voice.
_VOWELS = (
    r"\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u105e-\u1060"
    r"\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\u17b4-\u17d3\u17dd\uff9e\uff9f"
)
# Characters that nobody sees: soft hyphen, zero-width space and joiner, word joiner, byte order mark.
_INVISIBLE = r"\xad\u200b\u200d\u2060\ufeff"
# Signs that belong to the letter before them; `\w` does not know them. For the scripts of India the whole
# blocks but their full stops: their vowel signs stand between letters of one word.
_ACCENTS = rf"\u0300-\u036f{_INVISIBLE}"
_MARKS = (
    rf"{_ACCENTS}\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    r"\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0"
    r"\u0900-\u0963\u0966-\u0dff\u0f71-\u0f84\u0f90-\u0fbc\u3099\u309a\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f"
    r"\U000e0100-\U000e01ef"
)
# Letters to Unicode, apostrophes to whoever types them (obʼєкт, Hawaiʻi): they part words as ' and ’ do.
_APOSTROPHES = r"\u02b9-\u02bf\u02c8"


def _pattern(unspaced: str, marks: str, joined: str = "") -> re.Pattern[str]:
    """One word. The order matters: the first that fits at a place wins. A closing 's belongs to no word."""
    apart = rf"_\u0640{_APOSTROPHES}{unspaced}"  # what begins no word of letters
    any_, letter = rf"[^\W{apart}]", rf"[^\W\d{apart}]"
    run = rf"{any_}+(?:(?:[{marks}]{joined})+{any_}*)*"
    lone = rf"[{unspaced}][{marks}{_VOWELS}]* |" if unspaced else ""
    return re.compile(
        rf"""( {lone}
               (?:(?<![^\W_]){letter}\.){{2,}}(?:{letter}(?![\w.]))?   # U.S.  a.m.  U.S.S.R
             | (?:(?<![^\W_]){letter}\.){letter}(?![\w.])             # U.S  (the full stop ends the sentence)
             | \d+(?:[.,:٫٬]\d+)+                                     # 6,000  3:30  12.05.2015
             | (?<![^\W_]){letter}(?:\+\+|\#)(?![\w+\#])              # C++  C#
             | {run}(?:&{run})*                                       # AT&T, and nearly everything
             )(?:['’ʼ＇][sS](?!\w))?""",
        re.VERBOSE,
    )


# Characters that only the full pattern knows: whoever reads none of them is served by one that compiles, and runs,
# several times faster. In the scripts of India the zero-width non-joiner changes a letter's shape; in Persian it
# parts a word from its ending ("کتاب‌ها"), as a space would.
_RARE = re.compile(r"[^\0-\u0482\u2000-\u20cf\u20f1-\u3004]")
_COMMON_PATTERN = _pattern("", _ACCENTS)
_full_pattern = cache(lambda: _pattern(_UNSPACED, _MARKS, r"|(?<=[\u0900-\u0dff])\u200c"))


def pattern_for(text: str, start: int = 0, end: int | None = None) -> re.Pattern[str]:
    """The pattern of one word for this text, or for a part of it; the word is its first group."""
    found = not text.isascii() and _RARE.search(text, start, len(text) if end is None else end)
    return _full_pattern() if found else _COMMON_PATTERN


def unspaced(text: str) -> bool:
    """Whether this is written in scripts without spaces alone, so that each of its characters is a word."""
    return not text.isascii() and _lone_pattern().fullmatch(text) is not None


_lone_pattern = cache(
    lambda: re.compile(rf"[{_UNSPACED}][{_UNSPACED}{_VOWELS}]*")
)  # a hundredth of a search's start
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:,\d\d)+,\d{3}")  # 6,000,000; in India 60,00,000
# Accents but the breve that makes и another letter; points of Hebrew; vowel signs and hamzas of Arabic; the dot of
# Hindi's borrowed sounds.
_DROPPED = re.compile(
    r"(?<!и)\u0306|[\u0300-\u0305\u0307-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u093c"
    rf"{_INVISIBLE}\u200c\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_ZEROS = (
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20,
    0x1040, 0x1090, 0x17E0, 0x1810,
)  # fmt: skip
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
    | {"ى": "ي", "ة": "ه", "ٱ": "ا", "٫": ".", "٬": ","}
    | {"ی": "ي", "ک": "ك", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۃ": "ه"}  # Persian, Urdu, Kurdish
    | {"ँ": "ं", "ൺ": "ണ്", "ൻ": "ന്", "ർ": "ര്", "ൽ": "ല്", "ൾ": "ള്"}  # Hindi, Malayalam
    | {chr(zero + digit): str(digit) for zero in _ZEROS for digit in range(10)}
)


def _plain(text: str) -> str:
    folded = text.casefold()
    if folded.isascii():  # as most values are, of which all may be read at once
        return folded
    folded = unicodedata.normalize("NFKD", folded).casefold()
    return unicodedata.normalize("NFC", _DROPPED.sub("", folded).translate(_LETTERS))


def fold(word: str) -> str:
    """The surface of a word: no case, no accents, compatibility forms made plain. Never empty for a word.

    Accents are dropped where a reader would drop them (é, ё, Arabic vowel signs), not where they make another
    letter (й, the voiced kana, the vowel signs of India). `6,000` is `6000`; `U.S.` is `us`.

    >>> [fold(word) for word in ("Zürich", "İstanbul", "Straße", "Ёлкой", "أحمد")]
    ['zurich', 'istanbul', 'strasse', 'елкой', 'احمد']
    """
    folded = word.casefold()
    if not folded.isascii():
        folded = _plain(word).replace(" ", "") or folded
    if "." in folded and not folded[0].isdigit():
        return folded.replace(".", "")
    return folded.replace(",", "") if "," in folded and _THOUSANDS.fullmatch(folded) else folded


def value(text: str) -> str:
    """The folded form of a whole value (a source, a tag): as fold(), with single spaces.

    >>> value("  BBC  News ")
    'bbc news'
    """
    return " ".join(_plain(text).split())


def lower(word: str) -> str:
    """The word in lower case with its accents, as its stemmer expects it: "ﬁres" is "fires", "İ" is "i"."""
    if word.isascii():
        return word.lower()
    made = _UNSEEN.sub("", unicodedata.normalize("NFKC", word).lower())
    return made.replace("i\u0307", "i")


_UNSEEN = re.compile(rf"[{_INVISIBLE}\u200c]")
