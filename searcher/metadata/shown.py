"""Which dates does a page show a reader? Lines around the headline, datelines, and elements that are called a date.

How far each is believed, and which is the article's, is for dates.py to say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from searcher.metadata.lines import LONGEST, Dated, Line, block
from searcher.metadata.related import RELATED
from searcher.metadata.sheet import READ_ANYWAY, Sheet
from searcher.metadata.stamps import Stamp, scan
from searcher.metadata.urls import date_in
from searcher.model import Block

INNERMOST = 5
"""How many names of the elements around a block may say that it is a date."""

OPENING, HEADLINE = 80, 150
"""Within how many characters of a paragraph its dateline begins, and how many a headline above it has at most."""

MOST = 2_000
"""How many short blocks with a number are looked at: a page of endless tables must not take for ever."""

COMMENTS = "comments"
"""The verdict of cleaning on what readers wrote."""


class Candidate(NamedTuple):
    """A date that may be the article's, where it stood, and what is said of it: "published" (or nothing),
    "updated" or "retrieved". `block` is the index of its block; `whole` if that says nothing else."""

    stamp: Stamp
    origin: str
    role: str = "published"
    block: int = -1
    whole: bool = False


def lines(sheet: Sheet) -> Iterator[Candidate]:
    """The dates of the lines around the headline and at the end: those that say nothing else, those with a label,
    and that of a byline or of an element that is called a date."""
    for index, line in sheet.lines.items():
        piece = sheet.page.blocks[index]
        if line.whole:
            origin = "heading link" if _is_linked(piece) else "date line"
            yield from (Candidate(one.stamp, origin, one.role, index, True) for one in line.dates)
        else:
            yield from _of_a_part(sheet, index, line)


def _is_linked(piece: Block) -> bool:
    return piece.kind == "heading" and bool(piece.links) and date_in(piece.links[0].url) is not None


def _of_a_part(sheet: Sheet, index: int, line: Line) -> Iterator[Candidate]:
    known = [one for one in line.dates if one.stamp.day]
    named = sheet.verdicts[index] in READ_ANYWAY or _named(sheet.page.blocks[index])
    if named and not any(one.labelled for one in known):
        known = known if len(known) == 1 else []
    else:
        known = [one for one in known if one.labelled]
    yield from (Candidate(one.stamp, "byline", one.role, index) for one in known)


# What elements with a date in them are called, in the words of a class or an id.
_NAMES = re.compile(
    r"(?:^|[-_]|post|article|entry|news|blog|story|publi\w{0,7}|creat\w{0,3}|display|single)(?:date|time)(?:$|[-_s\d])"
    r"|date-?time|date-?line|time-?stamp|by-?line|publish|pub-?date|posted|submitted"
    r"|(?:post|entry|article|news|story|blog|single)[-_]{0,2}(?:meta|info)|meta-?data|datum|fecha|parution|^meta$"
)


def _named(piece: Block) -> bool:
    return any(_NAMES.search(token) for token in piece.zone[-INNERMOST:])


def leads(sheet: Sheet) -> Iterator[Candidate]:
    """The dates of datelines, in the first characters of the first paragraphs. A weekday and a day without a year
    are one in the very first only: of 1,339 press releases .73 were written on it there, and .27 further down."""
    first = True
    for text in sheet.leads:
        place = _PLACE.match(text)
        begins = place.end() if place else 0
        for stamp in scan(text[: begins + OPENING + LONGEST]):
            opens = stamp.start < OPENING and _opens(stamp, text)
            open_ = first and stamp.start - begins < OPENING and _is_open(stamp)
            if stamp.day and (opens or open_):
                yield Candidate(stamp, "dateline")
        first = first and len(text) < HEADLINE and text.rstrip()[-1:].isalnum()


def _opens(stamp: Stamp, text: str) -> bool:
    titled = stamp.start < 2 and stamp.year is not None and _CAPITAL.match(text, stamp.end) is not None
    return titled or _OPENING.match(text, stamp.end) is not None


def _is_open(stamp: Stamp) -> bool:
    return stamp.weekday is not None and stamp.year is None


_PLACE = re.compile(r"[^.!?\n]{2,60}?\s[–—-]\s")  # NANTES, France – The …
# What follows the date of a dateline: the agency in brackets or the dash. A sentence's own date is no dateline.
_CAPITAL = re.compile(r"[\s,.:]*[A-ZÀ-ÝА-Я]")  # "July 1st 2005 Harbour Town The ice …"
_OPENING = re.compile(r"(?:\s?(?:г\.|года?\b))?[\s,.]*(?:\(|（|/[^/]{2,20}/|[-–—]|电)")


def elements(sheet: Sheet) -> list[Candidate]:
    """The dates further away: with a label, or in an element that is called a date and is the only one of its kind.

    Elements of one kind with several dates are a list of other articles, or comments. Labelled ones come first.
    """
    found = [(index, one) for index, piece in islice(_short(sheet), MOST) for one in _alone(piece)]
    kinds = Counter(sheet.page.blocks[index].zone[-INNERMOST:] for index in {index for index, _ in found})
    single = [(index, one) for index, one in found if kinds[sheet.page.blocks[index].zone[-INNERMOST:]] == 1]
    single.sort(key=lambda item: not item[1].labelled)
    return [Candidate(one.stamp, "element", one.role, index) for index, one in single]


_NUMBER = re.compile(r"(?<!\d)(?:19|20)?\d\d(?!\d)")


def _short(sheet: Sheet) -> Iterator[tuple[int, Block]]:
    for index, piece in enumerate(sheet.page.blocks):
        apart = sheet.verdicts[index] in (RELATED, COMMENTS) or index in sheet.lines
        if not apart and len(piece.text) <= LONGEST and _NUMBER.search(piece.text):
            yield index, piece


def _alone(piece: Block) -> list[Dated]:
    """The dates of a short block: those with a label; others where it says nothing else and is called a date."""
    line = block(piece.text)
    named = line.whole and _named(piece)
    return [one for one in line.dates if one.stamp.day and (one.labelled or named)]
