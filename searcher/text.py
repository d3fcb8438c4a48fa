"""What is a word? Words with offsets, folding, stems, sentences: the only place that cuts text.

Every word has three forms: the *surface*, with case and accents folded; the *stem*, by the Snowball stemmer of the
article's language (https://snowballstem.org); and how it is *written*, where that is not its surface.
Engines, phrases, snippets and stories all use the words cut here, so they agree on what a word is.

Text is expected in Unicode NFC, as the readers give it. A script that puts no spaces between words (Chinese,
Japanese, Thai, …) gives one word a character; a query's "北京" is then a phrase of two.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from searcher.model import Span


class Word(NamedTuple):
    """A word at `start`..`end` of its text: its folded surface, and as written but in lower case."""

    surface: str
    raw: str
    start: int
    end: int


# Scripts written without spaces: kana, Han, Bopomofo, Thai, Lao, Myanmar, Khmer. Halfwidth kana too.
_UNSPACED = (
    r"\u0e01-\u0eff\u1000-\u109f\u1780-\u17d3\u3005-\u3007\u3041-\u30ff\u3105-\u312f"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
)
_VOWELS = r"\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u102b-\u103e\u17b4-\u17d3"
# Signs that belong to the letter before them; `\w` does not know them. For the scripts of India the whole
# blocks but their full stops: their vowel signs stand between letters of one word.
_MARKS = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    r"\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0"
    r"\u0900-\u0963\u0966-\u0dff\u0f71-\u0f84\u0f90-\u0fbc\u3099\u309a\u20d0-\u20f0\ufe20-\ufe2f"
)


def _pattern(unspaced: str, marks: str) -> re.Pattern[str]:
    """One word. The order matters: the first that fits at a place wins. A closing 's belongs to no word."""
    any_, letter = rf"[^\W_{unspaced}]", rf"[^\W\d_{unspaced}]"
    run = rf"{any_}+(?:[{marks}]+{any_}*)*"
    lone = rf"[{unspaced}][{marks}{_VOWELS}]* |" if unspaced else ""
    return re.compile(
        rf"""( {lone}
               (?:(?<![^\W_]){letter}\.){{2,}}(?:{letter}(?![\w.]))?   # U.S.  a.m.  U.S.S.R
             | (?:(?<![^\W_]){letter}\.){letter}(?![\w.])             # U.S  (the full stop ends the sentence)
             | \d+(?:[.,:]\d+)+                                       # 6,000  3:30  12.05.2015
             | (?<![^\W_]){letter}(?:\+\+|\#)(?![\w+\#])              # C++  C#
             | {run}(?:&{run})*                                       # AT&T, and nearly everything
             )(?:['’ʼ＇][sS](?!\w))?""",
        re.VERBOSE,
    )


# Characters that only the full pattern knows: whoever reads none of them is served by one that compiles, and runs,
# several times faster.
_RARE = re.compile(r"[\u0483-\u1fff\u20d0-\u20f0\u3005-\uffff\U00010000-\U0010ffff]")
_COMMON_PATTERN = _pattern("", r"\u0300-\u036f")
_full_pattern = cache(lambda: _pattern(_UNSPACED, _MARKS))


def _pattern_for(text: str) -> re.Pattern[str]:
    return _full_pattern() if _RARE.search(text) else _COMMON_PATTERN


_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_DROPPED = re.compile(
    r"(?<!и)\u0306|[\u0300-\u0305\u0307-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]"
)
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
    | {"ى": "ي", "ة": "ه", "ٱ": "ا", "ی": "ي", "ک": "ك"}
    | {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0, 0x966) for digit in range(10)}
)

STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish",
}  # fmt: skip
"""Language, as ISO 639-1, → the name of its Snowball stemmer. Other languages are indexed by surface alone."""

_PLAIN = frozenset({"en", "id"})  # to these stemmers ê is no vowel: "crêpes" would keep its s


def words(text: str) -> Iterator[Word]:
    """The words of `text` in order, with offsets into it.

    >>> [word.surface for word in words("O'Brien's U.S. visit — 6,000 in Zürich, AT&T")]
    ['o', 'brien', 'us', 'visit', '6000', 'in', 'zurich', 'at&t']
    """
    forms = _FORMS[None]
    for match in _pattern_for(text).finditer(text):
        raw = match[1]
        start, end = match.span(1)
        yield Word(forms[raw][0], raw.lower(), start, end)


class Words(NamedTuple):
    """The words of a text by position: surfaces, stems, and how words are written that are not as their surface.

    A surface that is "" is a gap: no row of words crosses it. `sentences` and `paragraphs` are the positions where
    one begins, ascending: the first is 0, and a gap belongs to what stands before it. A sentence without a word has
    no beginning. Fields of names have surfaces alone.
    """

    surfaces: Sequence[str]
    stems: Sequence[str] = ()
    sentences: Sequence[int] = ()
    paragraphs: Sequence[int] = ()
    written: Sequence[str] = ()


def terms(text: str, language: str | None) -> tuple[list[str], list[str]]:
    """The surfaces and the stems of the words of `text`, two lists of one length.

    >>> terms("Talks in Sochi", "en")
    (['talks', 'in', 'sochi'], ['talk', 'in', 'sochi'])
    """
    forms = _forms_of(_pattern_for(text).findall(text), language)
    return [form[0] for form in forms], [form[1] for form in forms]


def cut(text: str, language: str | None) -> Words:
    """The words of a text in lists, with the sentences and paragraphs that have a word. The hot path of indexing.

    >>> cut("Talks in Sochi. Nothing else.\\n\\nA comet", "en")[2:]
    ([0, 3, 5], [0, 5], ['talks/Talks', '', 'sochi/Sochi', 'nothing/Nothing', '', 'a/A', ''])
    """
    found: list[str] = []
    sentences: list[int] = []
    paragraphs: list[int] = []
    words_of, start, fresh = _pattern_for(text).findall, 0, True
    for end, blank in _ends_of(text):
        if more := words_of(text, start, end):
            sentences.append(len(found))
            if fresh:
                paragraphs.append(len(found))
            found += more
            fresh = False
        start, fresh = end, fresh or blank
    forms = _forms_of(found, language)
    surfaces, stems, written = ([form[at] for form in forms] for at in range(3))
    return Words(surfaces, stems, sentences, paragraphs, written)


def joined(pieces: Iterable[Words]) -> Words:
    """The words of several texts as those of one, with a gap between two."""
    surfaces, stems, written = list[str](), list[str](), list[str]()
    sentences, paragraphs = list[int](), list[int]()
    for piece in pieces:
        gap = [""] if surfaces else []
        behind = len(surfaces) + len(gap)
        surfaces += [*gap, *piece.surfaces]
        stems += [*gap, *piece.stems]
        written += [*gap, *piece.written]
        sentences += (start + behind for start in piece.sentences)
        paragraphs += (start + behind for start in piece.paragraphs)
    return Words(surfaces, stems, sentences, paragraphs, written)


def located(text: str, language: str | None) -> tuple[Words, list[Span]]:
    """As cut(), without sentences and paragraphs; and where each word stands."""
    found = [(match[1], match.span(1)) for match in matches(text)]
    forms = _forms_of([raw for raw, _ in found], language)
    surfaces, stems, written = ([form[at] for form in forms] for at in range(3))
    return Words(surfaces, stems, written=written), [span for _, span in found]


def _forms_of(found: list[str], language: str | None) -> list[tuple[str, str, str]]:
    forms = _FORMS[language]
    return [forms[raw] for raw in found]


def matches(text: str) -> Iterator[re.Match[str]]:
    """The words of a text as they stand there: group 1 of each match. As cut() cuts them."""
    return _pattern_for(text).finditer(text)


def forms(language: str | None) -> Mapping[str, tuple[str, str, str]]:
    """A word as it stands in a text → surface, stem, and how it is written, "" where that is its surface."""
    return _FORMS[language]


def spans(text: str) -> list[Span]:
    """Where the words stand, in the order of cut()."""
    return [match.span(1) for match in matches(text)]


def written(word: str) -> str:
    """The written form of a word, as it is indexed: behind its surface.

    >>> written("Kerry"), written("sochi")
    ('kerry/Kerry', 'sochi/sochi')
    """
    return f"{fold(word)}/{word}"


def fold(word: str) -> str:
    """The surface of a word: no case, no accents, compatibility forms made plain.

    Accents are dropped where a reader would drop them (é, ё, Arabic vowel signs), not where they make another
    letter (й, the voiced kana, the vowel signs of India). `6,000` is `6000`; `U.S.` is `us`.

    >>> [fold(word) for word in ("Zürich", "İstanbul", "Straße", "Ёлкой", "أحمد")]
    ['zurich', 'istanbul', 'strasse', 'елкой', 'احمد']
    """
    folded = word.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded).casefold()
        folded = _DROPPED.sub("", folded).translate(_LETTERS)
        folded = unicodedata.normalize("NFC", folded)
    if "." in folded and not folded[0].isdigit():
        return folded.replace(".", "")
    return folded.replace(",", "") if _THOUSANDS.fullmatch(folded) else folded


def value(text: str) -> str:
    """The folded form of a whole value (a source, a tag): as fold(), with single spaces.

    >>> value("  BBC  News ")
    'bbc news'
    """
    folded = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return " ".join(unicodedata.normalize("NFC", _DROPPED.sub("", folded).translate(_LETTERS)).split())


def stems(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Every stem that `word` may have in these languages, with its accents and without; sorted.

    >>> stems("visits", ("en", "fr"))
    ('visit',)
    """
    plain = fold(word)
    found = {_FORMS[language][form][1] for language in languages for form in (word.lower(), plain)}
    return tuple(sorted(found or {plain}))


class _Forms(dict[str, tuple[str, str, str]]):
    """A word as it stands in the text → surface, stem in one language, written form. Bounded; thread-safe."""

    LIMIT = 100_000

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._stemmer = None
        self._plain = language in _PLAIN
        if language in STEMMERS:
            import Stemmer  # a tenth of a search's start; only who stems pays

            self._stemmer = Stemmer.Stemmer(STEMMERS[language], 0)

    def __missing__(self, word: str) -> tuple[str, str, str]:
        surface = fold(word)
        stem = surface
        if self._stemmer is not None and surface.isalpha():
            with self._lock:  # a Snowball stemmer serves one thread at a time
                stem = fold(self._stemmer.stemWord(surface if self._plain else word.lower())) or surface
        if len(self) >= self.LIMIT:
            self.clear()
        forms = self[word] = surface, stem, "" if word == surface else f"{surface}/{word}"
        return forms


class _Languages(dict[str | None, _Forms]):
    def __missing__(self, language: str | None) -> _Forms:
        key = language if language in STEMMERS else None
        forms = self.setdefault(key, _Forms(key)) if key is not language else _Forms(key)
        return self.setdefault(language, forms)


_FORMS = _Languages()

# Words whose full stop does not end a sentence, in the languages of the sample archive.
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof st gen sen rep gov lt col sgt maj capt rev hon jr sr vs etc inc ltd corp co no vol
    fig jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun approx dept est
    bzw usw ca z.b u.a d.h nr abs bd hr fr frau herr m mm mme mlle sra srta sr dra ud uds av р г гг им тыс млн
    млрд руб т.е т.д т.п""".split()
)
# One set of characters comes first: the others are then skipped several times faster than by alternatives alone.
_END = re.compile(
    r"""[.!?…؟۔。！？\n](?:
          (?<=[.!?…؟۔])[.!?…؟۔]*["'”’»)\]]*(?=\s)
        | (?<=[。！？])[”’」』）]*
        | (?<=\n)\s*\n
        )""",
    re.VERBOSE,
)
_OPENS_LOW = re.compile(r"\s*[\"'“‘«„(\[]*[a-zа-яё]")


def sentences(text: str) -> list[Span]:
    """The sentences of `text` as spans without the space around them; a paragraph's end ends one.

    >>> [t[a:b] for t in ["Mr. Kerry came. He met Mr. Lavrov."] for a, b in sentences(t)]
    ['Mr. Kerry came.', 'He met Mr. Lavrov.']
    """
    ends = [end for end, _ in _ends_of(text)]
    return [span for start, end in pairwise([0, *ends]) for span in _stripped(text, start, end)]


def _ends_of(text: str) -> Iterator[tuple[int, bool]]:
    """Where each sentence ends, and whether a paragraph ends there; the end of the text is the last."""
    start = 0
    for match in _END.finditer(text):
        blank = match[0][0] == "\n"
        if blank or _ends(text, start, match):
            start = match.end()
            yield start, blank
    yield len(text), True


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    if match[0][0] != ".":
        return match[0][0] in "。！？" or not _OPENS_LOW.match(text, match.end())
    last = text[start : match.start()].rpartition(" ")[2].lstrip("(\"'“‘«„[")
    if last.lower() in _ABBREVIATIONS or (len(last) == 1 and last.isalpha() and last.isupper()):
        return False
    return not _OPENS_LOW.match(text, match.end())


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    stripped = piece.strip()
    if stripped:
        yield start + left, start + left + len(stripped)
