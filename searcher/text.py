"""What is a word? Words with offsets, folding, stems, sentences: the only place that cuts text.

Every word has three forms: the *surface*, with case and accents folded; the *stem*, by the Snowball stemmer of the
article's language (https://snowballstem.org), with that language behind it ("haus/de"; English ones are bare); and
how it is *written*, where that is not its surface. Engines, phrases, snippets and stories all use the words cut
here, so they agree on what a word is.

Text is expected in Unicode NFC, as the readers give it. Which characters make a word is for `letters`. A script
that puts no spaces between words (Chinese, Japanese, Thai, …) gives one word a character; a query's "北京" is then
a phrase of two.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import NamedTuple, TypeAlias, TypeVar, overload

from searcher.letters import fold, lower, pattern_for, unspaced, value
from searcher.model import Span

__all__ = [
    "STEMMERS", "Lines", "Piece", "Spans", "Word", "Words", "chunk_forms", "count", "cut", "fold", "grouped",
    "joined", "located", "pieces", "sentences", "standing", "stemmed", "stems", "surfaces", "terms", "unspaced",
    "value", "words", "written",
]  # fmt: skip

Forms: TypeAlias = tuple[str, str, str]
"""Surface and stem of a word, and how it is written: "" if as its surface."""


class Word(NamedTuple):
    """A word at `start`..`end` of its text: its folded surface, and as written but in lower case."""

    surface: str
    raw: str
    start: int
    end: int


STEMMERS = {
    "ar": "arabic", "bs": "serbian", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hr": "serbian", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali",
    "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""Language, as ISO 639-1, → the name of its Snowball stemmer. Korean has its own here; other languages are indexed
by surface alone."""

_PLAIN = frozenset({"en", "id"})  # to these stemmers ê is no vowel: "crêpes" would keep its s
_UNSTEMMED = re.compile(r"[\d&+#.:,]")
# What Snowball leaves: in Arabic an "and" before the article (but والدته is his mother), in Portuguese the plural
# of what ends in -ão.
_BEFORE = {
    "ar": (re.compile(r"^و(?=ال(?!د[تيكهان])\w{3})"), ""),
    "pt": (re.compile(r"(?<=\w)(?:ões|ães|oes)$"), "ão"),
}
# The particles behind a Korean noun, and the endings of a verb made of it: the longest that leaves two syllables.
_PARTICLES = """은 는 이 가 을 를 의 에 에서 에게 에게서 에는 에도 에만 와 과 도 로 으로 로는 으로는 로서 으로서
    로써 으로써 만 까지 까지는 부터 부터는 께서 한테 이나 나 이라 라 라고 이라고 이다 다 이며 며 처럼 보다 들 들은
    들이 들을 들의 들에게 들도 에서는 에서도 에서의 으로의 로의 와의 과의 하고 하는 하며 하기 한 할 해 했다 했고
    했던 한다 하다 하지 하여 하면 된 된다 되다 되는 됐다 됐고 되고 될 되어 돼""".split()
_PARTICLE = re.compile(rf"(?<=[가-힣]{{2}})(?:{'|'.join(sorted(_PARTICLES, key=len, reverse=True))})$")


def words(text: str) -> Iterator[Word]:
    """The words of `text` in order, with offsets into it.

    >>> [word.surface for word in words("O'Brien's U.S. visit — 6,000 in Zürich, AT&T")]
    ['o', 'brien', 'us', 'visit', '6000', 'in', 'zurich', 'at&t']
    """
    forms = _FORMS[None]
    for match in pattern_for(text).finditer(text):
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


class Lines(Iterable[str]):
    """Many words as one text, a line each: it is a tenth as large, and a pattern is matched against it at once."""

    def __init__(self, words: Iterable[str]) -> None:
        self.text = "\n".join(words)

    def __iter__(self) -> Iterator[str]:
        return iter(self.text.split("\n") if self.text else ())


def terms(text: str, language: str | None) -> tuple[list[str], list[str]]:
    """The surfaces and the stems of the words of `text`, two lists of one length.

    >>> terms("Talks in Sochi", "en")
    (['talks', 'in', 'sochi'], ['talk', 'in', 'sochi'])
    """
    forms = _forms_of(text, language)
    return [form[0] for form in forms], [form[1] for form in forms]


def surfaces(text: str) -> list[str]:
    """The surfaces of the words of `text`.

    >>> surfaces("Talks in Sochi")
    ['talks', 'in', 'sochi']
    """
    return list(chain.from_iterable(map(_SURFACES, pieces(text))))


def count(text: str) -> int:
    """How many words `text` has."""
    return sum(map(len, map(_SURFACES, pieces(text))))


class Piece:
    """What stands between two spaces: the forms and the surfaces of its words; and what others work out of it once
    for all texts, `hashes` for furniture and `numbers` for copies."""

    __slots__ = ("forms", "hashes", "numbers", "surfaces")

    def __init__(self, forms: tuple[Forms, ...]) -> None:
        self.forms = forms
        self.surfaces = tuple([form[0] for form in forms])
        self.hashes = self.numbers = b""


def pieces(text: str) -> Sequence[Piece]:
    """The pieces of `text` in order. The last long text is remembered: of one article many ask."""
    return _remembered(text) if LONG < len(text) < TOO_LONG else _pieces(text)


def _pieces(text: str) -> Sequence[Piece]:
    return list(map(_PIECES.__getitem__, text.split()))


_remembered = lru_cache(maxsize=1)(_pieces)
LONG, TOO_LONG = 500, 1_000_000
"""Between how many characters a text is remembered."""


def cut(text: str, language: str | None) -> Words:
    """The words of a text in lists, with the sentences and paragraphs that have a word. The hot path of indexing.

    >>> cut("Talks in Sochi. Nothing else.\\n\\nA comet", "en")[2:]
    ([0, 3, 5], [0, 5], ['talks/Talks', '', 'sochi/Sochi', 'nothing/Nothing', '', 'a/A', ''])
    """
    found: list[Forms] = []
    sentences: list[int] = []
    paragraphs: list[int] = []
    forms_of, start, fresh = _CHUNKS[language].__getitem__, 0, True
    for end, blank in _ends_of(text):
        before = len(found)
        found += chain.from_iterable(map(forms_of, text[start:end].split()))
        if len(found) > before:
            sentences.append(before)
            if fresh:
                paragraphs.append(before)
            fresh = False
        start, fresh = end, fresh or blank
    surfaces, stems, written = ([form[at] for form in found] for at in range(3))
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


def located(text: str, language: str | None) -> tuple[Words, Spans]:
    """As cut(), without sentences and paragraphs; and where each word stands."""
    forms = _forms_of(text, language)
    surfaces, stems, written = ([form[at] for form in forms] for at in range(3))
    return Words(surfaces, stems, written=written), Spans(text, language)


class Spans(Sequence[Span]):
    """Where the words of a text stand, in the order of cut(). Most are never asked for, and not looked for."""

    def __init__(self, text: str, language: str | None = None) -> None:
        self._text = text
        self._chunks = text.split()  # no word reaches from what stands between two spaces into the next
        self._ends = list(accumulate(map(len, map(_CHUNKS[language].__getitem__, self._chunks))))
        self._last = 0, 0

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, at: int) -> Span: ...
    @overload
    def __getitem__(self, at: slice) -> list[Span]: ...
    def __getitem__(self, at: int | slice) -> Span | list[Span]:
        if isinstance(at, slice):
            return [self[one] for one in range(len(self))[at]]
        number = range(len(self))[at]
        chunk = bisect_right(self._ends, number)
        start, end = _spans_of(self._chunks[chunk])[number - (self._ends[chunk - 1] if chunk else 0)]
        begin = self._start(chunk)
        return begin + start, begin + end

    def _start(self, chunk: int) -> int:
        """Where a chunk starts: those before it are split off, from the one on that was asked for last."""
        at, start = self._last if self._last[0] <= chunk else (0, 0)
        start = len(self._text) - len(self._text[start:].split(None, chunk - at)[-1])
        self._last = chunk, start
        return start


def standing(text: str, chunk: str) -> Iterator[int]:
    """Where a chunk stands between two spaces, or the ends of the text."""
    at = text.find(chunk)
    while at >= 0:
        end = at + len(chunk)
        if (not at or text[at - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield at
        at = text.find(chunk, end)


def chunk_forms(language: str | None) -> Mapping[str, tuple[Forms, ...]]:
    """A chunk, which is what stands between two spaces, → the forms of its words."""
    return _CHUNKS[language]


@lru_cache(maxsize=20_000)
def _spans_of(chunk: str) -> tuple[Span, ...]:
    return tuple(match.span(1) for match in pattern_for(chunk).finditer(chunk))


def _forms_of(text: str, language: str | None) -> list[Forms]:
    return list(chain.from_iterable(map(_CHUNKS[language].__getitem__, text.split())))


def written(word: str) -> str:
    """The written form of a word, as it is indexed: behind its surface.

    >>> written("Kerry"), written("sochi")
    ('kerry/Kerry', 'sochi/sochi')
    """
    return f"{fold(word)}/{word}"


def stems(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Every stem that `word` may have in these languages, with its accents and without; sorted.

    But in English it may be a stem itself: Snowball makes "maraîcher" of the French plural "maraîchers", and
    something shorter of the singular; what looks like a particle may be the end of a Korean name.

    >>> stems("visits", ("en", "fr"))
    ('visit', 'visit/fr', 'visits/fr')
    """
    plain = fold(word)
    found = {_FORMS[language][form][1] for language in languages for form in (word.lower(), plain)}
    found.update(f"{plain}/{language}" for language in languages if stemmed(language) and language != "en")
    return tuple(sorted(found or {plain}))


def stemmed(language: str | None) -> bool:
    """Whether words of this language have stems; elsewhere they are their surfaces."""
    return language in STEMMERS or language == "ko"


def grouped(surface: str) -> tuple[tuple[str, ...], ...]:
    """The other ways to write a whole number of four digits or more, as words in a row: by threes.

    >>> grouped("6000"), grouped("12")
    ((('6.000',), ('6', '000')), ())
    """
    if not re.fullmatch(r"[1-9]\d{3,14}", surface):
        return ()
    threes = tuple(f"{int(surface):,}".split(","))
    return (".".join(threes),), threes


class _Forms(dict[str, Forms]):
    """A word as it stands in the text → its forms in one language. Bounded; thread-safe."""

    LIMIT = 100_000

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._language = language
        self._before = _BEFORE.get(language or "")
        self._stemmer = None
        if language in STEMMERS:
            import Stemmer  # a tenth of a search's start; only who stems pays

            self._stemmer = Stemmer.Stemmer(STEMMERS[language], 0)

    def __missing__(self, word: str) -> Forms:
        surface = fold(word)
        stem = surface if _UNSTEMMED.search(surface) else self._stem(word, surface)
        if len(self) >= self.LIMIT:
            self.clear()
        forms = self[word] = surface, stem, "" if word == surface else f"{surface}/{word}"
        return forms

    def _stem(self, word: str, surface: str) -> str:
        """The stem with its language behind it; English ones are bare.

        A stem is found in its own language only: "notes" is "not" in German, and must not find that in English.
        """
        if self._language == "ko":
            return f"{_PARTICLE.sub('', surface)}/ko"
        if self._stemmer is None:
            return surface
        typed = surface if self._language in _PLAIN else lower(word)
        if self._before:
            typed = self._before[0].sub(self._before[1], typed)
        with self._lock:  # a Snowball stemmer serves one thread at a time
            stem = fold(self._stemmer.stemWord(typed)) or surface
        return stem if self._language == "en" else f"{stem}/{self._language}"


_BESIDE = ".,;:!?\"'()[]“”‘’„«»…"


class _Chunks(dict[str, tuple[Forms, ...]]):
    """What stands between two spaces → the forms of its words, in one language. Bounded; thread-safe.

    No word holds a space and none looks past one, so this is what the pattern finds in the whole text, in half the
    time: most chunks of a text have been seen before.
    """

    LIMIT = 100_000
    LONGEST = 40  # characters; a longer one, a line of Chinese say, is hardly seen twice

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._forms = _FORMS[language]

    def made(self, chunk: str) -> tuple[Forms, ...]:
        """The forms of its words, not remembered. Most chunks are one word, with a mark before or behind it."""
        word = chunk.strip(_BESIDE)
        if word.isascii() and word.isalpha():
            return (self._forms[word],)
        return tuple(map(self._forms.__getitem__, pattern_for(chunk).findall(chunk)))

    def __missing__(self, chunk: str) -> tuple[Forms, ...]:
        found = self.made(chunk)
        if len(chunk) <= self.LONGEST:
            if len(self) >= self.LIMIT:
                self.clear()
            self[chunk] = found
        return found


class _Pieces(dict[str, Piece]):
    """What stands between two spaces → what is known of it. As _Chunks, for who does not ask for stems."""

    def __missing__(self, chunk: str) -> Piece:
        found = Piece(_CHUNKS[None].made(chunk))
        if len(chunk) <= _Chunks.LONGEST:
            if len(self) >= _Chunks.LIMIT:
                self.clear()
            self[chunk] = found
        return found


_Kind = TypeVar("_Kind")


class _Languages(dict[str | None, _Kind]):
    """Language → what is known of its words; all languages without a stemmer are one."""

    def __init__(self, kind: Callable[[str | None], _Kind]) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, language: str | None) -> _Kind:
        key = language if stemmed(language) else None
        held = self.setdefault(key, self._kind(key)) if key is not language else self._kind(key)
        return self.setdefault(language, held)


_FORMS: _Languages[_Forms] = _Languages(_Forms)
_CHUNKS: _Languages[_Chunks] = _Languages(_Chunks)
_PIECES = _Pieces()
_SURFACES = attrgetter("surfaces")

# Words whose full stop does not end a sentence, in the languages of the sample archive.
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof st gen sen rep gov lt col sgt maj capt rev hon jr sr vs etc inc ltd corp co no vol
    fig jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun approx dept est
    bzw usw ca z.b u.a d.h nr abs bd hr fr frau herr m mm mme mlle sra srta sr dra ud uds av р г гг им тыс млн
    млрд руб т.е т.д т.п""".split()
)
# One set of characters comes first: the others are then skipped several times faster than by alternatives alone.
_END = re.compile(
    r"""[.!?…؟۔。！？｡।॥။។։።\n](?:
          (?<=[.!?…؟۔])[.!?…؟۔]*["'”’»)\]]*(?=\s)
        | (?<=[。！？｡।॥။។։።])[”’」』）]*
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
        return match[0][0] in "。！？｡।॥။។։።" or not _OPENS_LOW.match(text, match.end())
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
