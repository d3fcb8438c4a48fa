"""What does a short line around a headline say: dates, authors, an agency, a source; and does it say anything else?

`By Jane Doe | Published: 12 May 2015, 10:30 GMT | Reuters` says only that and is no article text. The labels are
in data/lines.toml. Which line counts, and for what, is for dates.py, authors.py and sources.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from searcher.metadata.agencies import agency
from searcher.metadata.bylines import is_role, parse, personal, tidy
from searcher.metadata.persons import given
from searcher.metadata.stamps import Stamp, scan, weekdays
from searcher.metadata.tables import words
from searcher.tables import any_of

LONGEST = 200
ROLES = ("updated", "retrieved", "published")
SHORTEST_LABEL = 5
"""How many Latin letters a label has at least: "on", "from" and "vom" stand before other dates too."""


class Dated(NamedTuple):
    """A date of a line and what its label says of it: "published" (or nothing), "updated" or "retrieved".

    `labelled` if there is such a label, and not only a preposition.
    """

    role: str
    stamp: Stamp
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says; `whole` if it says nothing else."""

    dates: tuple[Dated, ...] = ()
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    whole: bool = False

    @property
    def reason(self) -> str:
        """Why such a line is no article text."""
        return "byline" if self.authors or self.agencies else "date line" if self.dates else "source line"


_CLOCK = re.compile(
    r"(?<![\d.])\d{1,2}(?:[:.h]\d\d(?::\d\d)?\s*(?:[ap]\.?m\b\.?|uhr|h\b|时|分)?"
    r"|\s*(?:[ap]\.?m\b\.?|uhr\b|h\d{0,2}\b))"
    r"|(?<!\d)\d{1,2}[时:]\d{1,2}分?",
    re.I,
)
_HOUR = re.compile(rf"(?:{_CLOCK.pattern})\s?(?:[A-Z]{{2,4}}\b)?[\s,]*\Z", re.I)
_OFFSET = re.compile(r"(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d\d)?\b")
_READ_TIME = re.compile(
    r"(?:reading time|lesezeit|temps de lecture|lectura|время чтения)?[:\s]*\d+\s*-?\s*"
    r"(?:minutes|minuten|minutos|minute|mins|min|мин)\b\.?"
    r"(?:\s*(?:read|lesezeit|de lecture|de lectura|чтения))?(?:ing time)?",
    re.I,
)
_DIGIT, _COLON = re.compile(r"\d"), re.compile("[:：]")
_SEPARATOR = re.compile(r"[|•·⋅∙;\n\x00*●■▪–—\s](?>(?<=[|•·⋅∙;\n\x00*●■▪–—])|[-–—/:]\s|\s{2,})")
_BEGINS = re.compile(rf"(?:\A|{_SEPARATOR.pattern}|\s[-–—/:])[\s(\[]*\Z")
_EDGE = " \t,.:;()[]（）【】<>-–—/|\"'“”،："


@cache
def _label(name: str, *, end: bool = False) -> re.Pattern[str]:
    """A label at the start of a part (or at its end), with the colon it may have."""
    names = any_of(words("lines", name))
    if end:
        return re.compile(rf"(?:^|(?<=[\W\d_])|(?<=[\u4e00-\u9fff]))(?:{names})\s*[:：]?\s*$", re.I)
    return re.compile(
        rf"(?P<label>{names})(?P<colon>\s*[:：/／])?(?P<rest>(?:\s|(?<=[:：/／])|(?<=[\u4e00-\u9fff])).*)",
        re.I | re.S,
    )


@cache
def aside() -> re.Pattern[str]:
    """A label, anywhere in a text, before names that are not the author's: "Reviewed by", "Photo:"."""
    names = any_of(words("lines", "other"))
    return re.compile(
        rf"(?<!\w)(?:{names})(?:\s*[:：]|(?<=\bby)\s|(?<=\bfrom)\s|(?<=\bvon)\s|(?<=\bpar)\s|\s*$)", re.I
    )


@cache
def _inner_label() -> re.Pattern[str]:
    """A label with its colon in the middle of a part: "来源：… 作者：…" holds two."""
    every = {
        word for name in ("author", "other", "source", "published", "updated") for word in words("lines", name)
    }
    names = any_of(every - {"by"})  # "Edited by:" holds one label
    return re.compile(rf"(?<=[\s)）])(?=(?:{names})\s*[:：])", re.I)


def read(text: str) -> Line:
    """What one short line says. A line of more than LONGEST characters says nothing.

    >>> line = read("By Jane Doe | Published: 12 May 2015, 10:30 GMT | Reuters")
    >>> line.authors, line.agencies, line.dates[0].stamp.value(), line.whole
    (('Jane Doe',), ('Reuters',), '2015-05-12', True)
    """
    if len(text) > LONGEST or not text.strip():
        return Line()
    dates, rest = _without(text, list(scan(text)))
    parts = _SEPARATOR.split(_plain(rest))
    if _COLON.search(rest):
        parts = [part for piece in parts for part in _inner_label().split(piece)]
    return _join(tuple(dates), [_part(part.strip(_EDGE), bool(dates)) for part in parts if part.strip(_EDGE)])


@lru_cache(maxsize=4_000)
def block(text: str) -> Line:
    """What a block of one or more lines says; whole if each of its lines is."""
    return read(" | ".join(line for line in text.split("\n") if line.strip()))


def _without(text: str, stamps: list[Stamp]) -> tuple[list[Dated], str]:
    """The dates with their roles, and the text with a break in the place of each date and its label."""
    dates, pieces, done, role, label = [], [], 0, "", ""
    for stamp in stamps:
        before = text[done : stamp.start]
        found, named, rest = _labelled(before)
        if found or before.strip(_EDGE):
            role, label = found, named
        pieces.append(rest if found else before)
        done = stamp.end
        if stamp.month or stamp.year:
            dates.append(Dated(role or "published", stamp, len(label) >= SHORTEST_LABEL or not label.isascii()))
    return dates, "\x00".join([*pieces, text[done:]])


def _labelled(before: str) -> tuple[str, str, str]:
    """The role that a label at the end of a text gives, that label if a part begins with it, the text before it.

    Between label and date may stand the time: "Published: 10:30 GMT, 12 May". "A book published on" is no label.
    """
    text = _HOUR.sub("", before).rstrip(_EDGE + "'")
    for role in ROLES:
        if match := _label(role, end=True).search(text):
            rest = text[: match.start()]
            return role, match[0] if _BEGINS.search(rest) else "", rest
    return "", "", before


def _plain(text: str) -> str:
    """The text without times, which all have a number."""
    if not _DIGIT.search(text):
        return text
    return _READ_TIME.sub("\x00", _OFFSET.sub(" ", _CLOCK.sub("\x00", text)))


def _part(part: str, dated: bool) -> Line | None:
    """What a part says; None if it says something else than such lines do."""
    lowered = part.lower()
    if _is_filler(lowered):
        return Line(whole=True)
    if found := agency(part):
        return Line(agencies=(found,), whole=True)
    labelled = _label("author").fullmatch(part)
    byline = parse(labelled["rest"] if labelled else part)
    if byline.whole and (labelled or (byline.authors and byline.agencies)):
        return Line(authors=byline.authors, agencies=byline.agencies, whole=True)
    if is_role(part):
        return Line(whole=True)
    if (match := _label("source").fullmatch(part)) and match["colon"]:
        return _source(match["rest"].strip(_EDGE))
    if (match := _label("other").fullmatch(part)) and (match["colon"] or parse(match["rest"]).whole):
        return Line(whole=True)
    if labelled and labelled["colon"] and _capitalised(labelled["rest"].strip(_EDGE)):
        return Line(authors=(labelled["rest"].strip(_EDGE),), whole=True)
    if dated and personal(part) and given(part.split()[0]):
        return Line(authors=(tidy(part),), whole=True)
    return Line(whole=True) if dated and _bare(part) else None


def _capitalised(text: str) -> bool:
    tokens = text.split()
    return 0 < len(tokens) <= 5 and all(token[0].isupper() for token in tokens)


def _source(name: str) -> Line | None:
    if found := agency(name):
        return Line(agencies=(found,), whole=True)
    return Line(sources=(name,), whole=True) if 0 < len(name) <= 60 and not name.endswith((".", "。")) else None


@cache
def _fillers() -> frozenset[str]:
    return (
        words("lines", "filler") | words("lines", "published") | words("lines", "updated") | frozenset(weekdays())
    )


def _is_filler(lowered: str) -> bool:
    known = _fillers()
    if lowered in known or all(not ch.isalpha() for ch in lowered):
        return True
    return all(word.strip(_EDGE) in known or not any(map(str.isalpha, word)) for word in lowered.split())


def _bare(part: str) -> bool:
    """A name without a label beside a date: an author, a town or a paper, nobody says which."""
    tokens = part.split()
    return personal(part) or (len(tokens) <= 2 and all(token[0].isupper() for token in tokens))


def _join(dates: tuple[Dated, ...], parts: list[Line | None]) -> Line:
    known = [part for part in parts if part is not None]
    authors = tuple(name for part in known for name in part.authors)
    agencies = tuple(name for part in known for name in part.agencies)
    sources = tuple(name for part in known for name in part.sources)
    whole = len(known) == len(parts) and bool(dates or authors or agencies or sources)
    return Line(dates, authors, agencies, sources, whole)
