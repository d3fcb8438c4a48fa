"""In which language is it written? What the page claims where that can be, else what its letters and words say.

Languages are ISO 639-1. The detector (py3langid) is loaded when it is first needed and knows LANGUAGES only:
left alone it takes English for pidgin and Chinese for Wu.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

from searcher.compiled import compiled, package
from searcher.metadata.sheet import Sheet
from searcher.model import Claim
from searcher.query.common import lists

LANGUAGES = (
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko",
    "nl", "no", "pl", "pt", "ro", "ru", "sv", "tr", "uk", "ur", "zh",
)  # fmt: skip
HEAD = 600
"""How many characters of the text are looked at."""

FEWEST = 12
"""Of fewer letters nobody can tell the script."""

WORDS, FULL = 20, 0.25
"""How many words a text has, and which share of them are small ones of a language, if that is to be its own."""

SURE = 200
"""From this length on the detector is believed against a claim."""

# Scripts, the languages written in them, and the one that is meant when nothing else is known.
_SCRIPTS: tuple[tuple[str, str, frozenset[str] | None, str | None], ...] = (
    ("Kana", r"[\u3041-\u30ff]", frozenset({"ja"}), "ja"),
    ("Hangul", r"[\uac00-\ud7a3]", frozenset({"ko"}), "ko"),
    ("Han", r"[\u4e00-\u9fff]", frozenset({"zh", "ja"}), "zh"),
    ("Arabic", r"[\u0621-\u06d3]", frozenset({"ar", "fa", "ur", "ps", "ku", "ug", "sd"}), None),
    ("Hebrew", r"[\u05d0-\u05ea]", frozenset({"he", "yi"}), "he"),
    ("Greek", r"[\u0391-\u03c9]", frozenset({"el"}), "el"),
    ("Devanagari", r"[\u0904-\u0939]", frozenset({"hi", "mr", "ne", "sa"}), None),
    ("Thai", r"[\u0e01-\u0e30]", frozenset({"th"}), "th"),
    ("Armenian", r"[\u0531-\u0587]", frozenset({"hy"}), "hy"),
    ("Georgian", r"[\u10d0-\u10f0]", frozenset({"ka"}), "ka"),
    ("Bengali", r"[\u0985-\u09b9]", frozenset({"bn", "as"}), "bn"),
    ("Tamil", r"[\u0b85-\u0bb9]", frozenset({"ta"}), "ta"),
    (
        "Cyrillic",
        r"[\u0400-\u04ff]",
        frozenset({"ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg", "uz"}),
        None,
    ),
    ("Latin", r"[A-Za-z\u00c0-\u024f]", None, None),
)
_PATTERNS = tuple((name, re.compile(pattern), languages, only) for name, pattern, languages, only in _SCRIPTS)
_LATIN, _OTHER = _PATTERNS[-1][1], re.compile("|".join(row[1] for row in _SCRIPTS[:-1]))
_NOT_LATIN = frozenset().union(*(languages for _, _, languages, _ in _PATTERNS if languages)) - {
    "sr",
    "uz",
    "ku",
    "kk",
}
_ALIASES = {
    "iw": "he",
    "in": "id",
    "nb": "no",
    "nn": "no",
    "cmn": "zh",
    "zho": "zh",
    "eng": "en",
    "deu": "de",
    "fra": "fr",
    "spa": "es",
    "rus": "ru",
    "ara": "ar",
}


def find(sheet: Sheet, text: str) -> Claim | None:
    """The language of `text`, with the claim or "detected" as its origin; None where there is too little text."""
    head = text[:HEAD]
    script = _script(head)
    claims = [
        Claim("language", code, claim.origin) for claim in sheet.claimed("language") if (code := short(claim.value))
    ]
    fitting = next((claim for claim in claims if script is None or _written_in(claim.value, script)), None)
    if script is None:
        return fitting
    languages, only = next((row[2], row[3]) for row in _PATTERNS if row[0] == script)
    if only is not None:
        return fitting or Claim("language", only, "detected")
    if fitting and (len(head) < SURE or fitting.value not in LANGUAGES):
        return fitting
    code = _detect(head, languages)
    if fitting and (code == fitting.value or code is None):
        return fitting
    return Claim("language", code, "detected") if code else None


def short(value: str) -> str | None:
    """ "en" for "en-GB", "en_US", "EN" and "English"; None for anything that is no language.

    >>> short("de_DE"), short("zh-Hans-CN"), short("")
    ('de', 'zh', None)
    """
    code = re.split(r"[-_;, ]", value.strip().lower())[0]
    code = _ALIASES.get(code, _NAMES.get(code, code))
    return code if re.fullmatch(r"[a-z]{2}", code) else None


_NAMES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es", "russian": "ru", "русский": "ru", "arabic": "ar", "العربية": "ar", "chinese": "zh",
    "中文": "zh", "italian": "it", "portuguese": "pt",
}  # fmt: skip


def _script(text: str) -> str | None:
    """The script of most letters; Japanese if a tenth of its letters are kana."""
    if not _OTHER.search(text):
        return "Latin" if len(_LATIN.findall(text)) >= FEWEST else None
    counts = Counter({name: len(pattern.findall(text)) for name, pattern, _, _ in _PATTERNS})
    # a Han letter is a word, a Latin one a fifth of it
    counts["Han"] *= 3
    if counts["Kana"] * 10 > sum(counts.values()) - counts["Kana"]:
        return "Kana"
    name, count = counts.most_common(1)[0]
    return name if count >= FEWEST else None


def _written_in(language: str, script: str) -> bool:
    languages = next(row[2] for row in _PATTERNS if row[0] == script)
    return language in languages if languages is not None else language not in _NOT_LATIN


@cache
def _detector() -> Any:
    return compiled(_identifier, [package("py3langid")])


def _identifier() -> Any:
    """The detector without what it knows of other languages than ours: a third of what it holds."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # half a second with its model: only a build pays

    whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    whole.set_languages(LANGUAGES)
    known = whole.nb_ptc, whole.nb_pc, whole.nb_classes
    return LanguageIdentifier(*known, whole.tk_nextmove, whole.tk_output, tk_row=whole.tk_row)


def plain(text: str) -> str | None:
    """The language whose small words a text is full of; None where that is not plain.

    Ten times cheaper than the detector, which said the same of each of 3,959 texts in which it is.
    """
    found = text.lower().split()
    counts = sorted((sum(map(words.__contains__, found)), language) for language, words in lists().items())
    (second, _), (most, language) = counts[-2:]
    return language if len(found) >= WORDS and most >= max(FULL * len(found), 3 * second) else None


def _detect(text: str, languages: frozenset[str] | None) -> str | None:
    """The likeliest language, of those written in the script. Too short a text is in none."""
    if len(text) < 20:
        return None
    if code := plain(text):
        return code
    code = str(_detector().classify(text)[0])
    if languages is not None and code not in languages:
        return next((language for language, _ in _detector().rank(text) if language in languages), None)
    return code
