"""Which encoding is it, when nobody says or what is said is wrong? Tables, and one measure of plausibility.

Each row of GUESSES is an encoding and the letters that a language written in it uses beyond ASCII. A text is
decoded with every row; the row whose letters cover most of it wins. Names of encodings are read as browsers
read them (https://encoding.spec.whatwg.org): "iso-8859-1" means windows-1252.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from functools import cache
from typing import NamedTuple

_ALIASES = {
    label: codec
    for codec, labels in {
        "utf-8": "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
        "utf-16-le": "utf-16 utf-16le ucs-2 unicode csunicode iso-10646-ucs-2 unicodefeff",
        "utf-16-be": "utf-16be unicodefffe",
        "cp1252": "ascii us-ascii ansi-x3.4-1968 iso-8859-1 iso8859-1 latin1 latin-1 l1 cp819 cp1252 x-cp1252 ansi",
        "gb18030": "gb2312 gb-2312 gb-2312-80 gbk x-gbk gb18030 chinese csgb2312 iso-ir-58 cp936 ms936 windows-936",
        "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5 csbig5 cp950 windows-950",
        "cp932": "shift-jis shift_jis sjis x-sjis ms-kanji windows-31j csshiftjis ms932 cp932",
        "euc_jp": "euc-jp x-euc-jp eucjp cseucpkdfmtjapanese",
        "iso2022_jp": "iso-2022-jp csiso2022jp",
        "cp949": "euc-kr euckr ks-c-5601-1987 ks-c-5601-1989 ksc5601 ksc-5601 korean windows-949 cp949",
        "iso2022_kr": "iso-2022-kr csiso2022kr",
        "hz": "hz-gb-2312 hz",
        "koi8_r": "koi8-r koi8 koi cskoi8r",
        "koi8_u": "koi8-u koi8-ru",
        "cp866": "cp866 ibm866 866 csibm866",
        "cp874": "windows-874 cp874 tis-620 iso-8859-11 iso8859-11 dos-874",
        "cp1254": "windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 latin5 l5",
        "mac_roman": "macintosh mac x-mac-roman csmacintosh",
        "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    }.items()
    for label in labels.split()
}
_PATTERNS = (
    (re.compile(r"(?:windows|x-cp|cp|win)-?(125[0-8])"), "cp{}"),
    (re.compile(r"(?:iso-?)?8859-?(\d{1,2})(?:-[ei])?"), "iso8859_{}"),
)


def codec(label: str | None) -> str | None:
    """The Python codec that a browser would use for this label; None for an unknown one.

    >>> codec("ISO-8859-1"), codec(" GB2312 "), codec("windows-1251"), codec("rot13")
    ('cp1252', 'gb18030', 'cp1251', None)
    """
    name = (label or "").strip(" \t\r\n\"';").lower().replace("_", "-")
    if name in _ALIASES:
        return _ALIASES[name]
    for pattern, form in _PATTERNS:
        match = pattern.fullmatch(name)
        if match and _exists(form.format(match[1])):
            return form.format(match[1])
    return None


def _exists(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


class Guess(NamedTuple):
    """An encoding and a language: its `frequent` letters beyond ASCII and its `other` ones.

    `script` says how they stand: "latin" letters stand among ASCII letters, those of an "own" script do not,
    "han" text has far more letters than the frequent ones listed.
    """

    codec: str
    frequent: str
    other: str = ""
    script: str = "latin"


_RUSSIAN = ("оеаинтсрвлкмдпу", "яыьгзбчйхжшюцщэфъё", "own")
_UKRAINIAN = ("оаиніветрслкудмп", "яьзгбчйхїжшюцщєфґ’", "own")
_SERBIAN = ("аоиенрјстукв", "дплмзбгчшцљњжћђхфџ", "own")
_BULGARIAN = ("аоиентрсвлкдпм", "зяъбгучйхжшющцфь", "own")
_GREEK = ("αοιετσνηυρπκμλς", "άέήίόύώγδβζθξφχψωϊϋΐΰ", "own")
_ARABIC = ("اليمنتروةعدبفسكهح", "قأجشصطخضزذثظغئءىؤإآپچژگکیں،؛؟ًٌٍَُِّْ", "own")
_HEBREW = ("יוהלאתרבמשנ", "כדחעקפטגסזצםןךףץ", "own")
_THAI = ("านรอกเงมยลวดทส", "".join(map(chr, range(0xE01, 0xE5C))), "own")
_CZECH = ("áíéěřčšžýůúďťňó", "")
_POLISH = ("ąćęłńóśźż", "")
_HUNGARIAN = ("áéíóöőúüű", "")
_CROATIAN = ("čćšžđ", "")
_ROMANIAN = ("ăâîşţ", "")
_TURKISH = ("çğıöşü", "âîûİ")
_BALTIC = ("āčēģīķļņšūžąęėįų", "äöüõ")
_SIMPLIFIED = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日"
    "，。、：；“”《》"
)
_TRADITIONAL = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡"
    "用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前開但因只從想實日"
    "，。、：；「」《》"
)
_KANA = "".join(map(chr, [*range(0x3041, 0x3094), *range(0x30A1, 0x30F7)])) + "ー、。「」・"
_KOREAN = "이다는의에가을를하고은한로지사도기대서리어자들인정으시일나해부제수보전그원라장주여과국아중"

GUESSES = (
    Guess("cp1252", "éèàêçùôîâïëûœ", "æÿ"),
    Guess("cp1252", "äöüß", "éèà"),
    Guess("cp1252", "áéíóúñ¿¡ü", "çª"),
    Guess("cp1252", "ãõçáéíóúêâà", "ôü"),
    Guess("cp1252", "àèìòùé", "íóú"),
    Guess("cp1252", "åäöøæé", "ü"),
    Guess("cp1252", "áðéíóúýþæö"),
    Guess("cp1251", *_RUSSIAN),
    Guess("cp1251", *_UKRAINIAN),
    Guess("cp1251", *_SERBIAN),
    Guess("cp1251", *_BULGARIAN),
    Guess("koi8_r", *_RUSSIAN),
    Guess("koi8_u", *_UKRAINIAN),
    Guess("iso8859_5", *_RUSSIAN),
    Guess("iso8859_5", *_SERBIAN),
    Guess("cp866", *_RUSSIAN),
    Guess("gb18030", _SIMPLIFIED, script="han"),
    Guess("big5hkscs", _TRADITIONAL, script="han"),
    Guess("cp932", _KANA, script="han"),
    Guess("euc_jp", _KANA, script="han"),
    Guess("cp949", _KOREAN, script="han"),
    Guess("cp1250", *_POLISH),
    Guess("cp1250", *_CZECH),
    Guess("cp1250", *_HUNGARIAN),
    Guess("cp1250", *_CROATIAN),
    Guess("cp1250", *_ROMANIAN),
    Guess("iso8859_2", *_POLISH),
    Guess("iso8859_2", *_CZECH),
    Guess("iso8859_2", *_HUNGARIAN),
    Guess("iso8859_2", *_CROATIAN),
    Guess("iso8859_2", *_ROMANIAN),
    Guess("cp1253", *_GREEK),
    Guess("iso8859_7", *_GREEK),
    Guess("cp1254", *_TURKISH),
    Guess("cp1255", *_HEBREW),
    Guess("iso8859_8", *_HEBREW),
    Guess("cp1256", *_ARABIC),
    Guess("iso8859_6", *_ARABIC),
    Guess("cp1257", *_BALTIC),
    Guess("iso8859_4", *_BALTIC),
    Guess("cp874", *_THAI),
)

SAMPLE = 6_000
"""Bytes decoded with every row, from the first one beyond ASCII on."""

TRUSTED = 0.95
"""A declared encoding this plausible needs no rival."""

_DECLARED = 0.05
_FEW = 4
_PUNCTUATION = "«»“”„‚‘’–—…•·°§©®™№€£\u00a0！？（）"
_HAN_SHARE = 0.22
_HIGH = re.compile(rb"[\x80-\xff]")
_AMONG_HIGH = re.compile(r"(?<=[^\x00-\x7f])[^\W\x00-\x7f]")
_AMONG_ASCII = re.compile(r"(?<=[A-Za-z])[^\W\x00-\x7f]|[^\W\x00-\x7f](?=[A-Za-z])")


def best(data: bytes, declared: str | None) -> str:
    """The codec, of GUESSES or the declared one, that makes most sense of bytes that are not UTF-8.

    Where there is too little to tell, the declared one; without one, windows-1252.
    """
    first = _HIGH.search(data)
    sample = data[first.start() : first.start() + SAMPLE] if first else b""
    known = {guess.codec for guess in GUESSES}
    if declared and (declared not in known or len(_HIGH.findall(sample)) < _FEW):
        return declared
    if declared and _plausible(sample, declared) >= TRUSTED:
        return declared
    return max(_by_row(known), key=lambda name: _plausible(sample, name) + _DECLARED * (name == declared))


def _by_row(known: set[str]) -> list[str]:
    """The codecs in the order of their rows: the first of equals wins."""
    return sorted(known, key=[guess.codec for guess in GUESSES].index)


def _plausible(sample: bytes, name: str) -> float:
    text = codecs.getincrementaldecoder(name)("replace").decode(sample)
    counts = Counter(text)
    high = sum(count for char, count in counts.items() if char > "\x7f")
    if not high:
        return 0.0
    rows = [guess for guess in GUESSES if guess.codec == name]
    return max(_covered(text, counts, guess) for guess in rows) / high


def _covered(text: str, counts: Counter[str], guess: Guess) -> float:
    weights = _weights(guess)
    good = sum(count * weights.get(char, _else(char)) for char, count in counts.items() if char > "\x7f")
    if guess.script == "han":
        return good
    misplaced = _AMONG_HIGH if guess.script == "latin" else _AMONG_ASCII
    return good - len(misplaced.findall(text)) / 2


@cache
def _weights(guess: Guess) -> dict[str, float]:
    frequent = 1 / _HAN_SHARE if guess.script == "han" else 1.0
    weights = {char.upper(): 0.3 for char in guess.frequent + guess.other if len(char.upper()) == 1}
    weights |= dict.fromkeys(_PUNCTUATION, 0.9)
    weights |= dict.fromkeys(guess.other, 0.5) | dict.fromkeys(guess.frequent, frequent)
    if guess.script == "han":
        weights |= dict.fromkeys("，。、：；“”《》「」・ー", 0.9)
    return weights


def _else(char: str) -> float:
    """What a character counts that the row does not have: nothing, or less if no text has it."""
    code = ord(char)
    if code == 0xFFFD or 0x80 <= code < 0xA0 or 0xE000 <= code < 0xF900:
        return -2.0
    return -0.5 if 0x2500 <= code < 0x2600 or 0xFF61 <= code < 0xFFA0 else 0.0
