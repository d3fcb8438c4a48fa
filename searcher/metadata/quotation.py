"""Where is something in quotation marks? Pairs of every style, apostrophes told apart; the outer ones, in order.

A mark opens where nothing of a word stands before it, and closes where something does; of two pairs that cross, the
one that was opened first holds. A double mark that nothing closes is a quotation to the end of its paragraph, as
papers print it when the next one goes on, or to the end of its sentence if another quotation follows; a single one
is an apostrophe then. Who says it is for quotes.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, zip_longest
from typing import NamedTuple

from searcher.metadata.tables import table
from searcher.model import Span
from searcher.text import sentences

MOST = 20_000
"""How many marks of one paragraph are looked at: what has more is no text."""

# What opens a quotation, and the marks that close it: German closes with what English opens with.
_PAIRS = {
    "“": '”"', "„": '“”"', "‟": "”", "”": "”", '"': '"”', "＂": "＂", "«": "»", "»": "«", "「": "」", "『": "』",
    "〝": "〞〟", "``": ("''", '"', "”"), ",,": ("''", "“", '"'), "‘": "’'", "‚": "‘’'", "'": "'’", "`": "'’´",
    "‹": "›", "›": "‹",
}  # fmt: skip
_CLOSED_BY = {
    mark: tuple(opens for opens, closes in _PAIRS.items() if mark in closes) for mark in "“”\"＂«»」』〞〟‘’'´‹›"
}
_CLOSED_BY["''"] = ("``", ",,")
_SINGLE = frozenset("‘‚'`")
_DIRECTED = frozenset("「『〝„‚«‹``,,") | {"``", ",,"}
"""Marks that open whatever stands beside them."""

# `` and '' and ,, before a word, and single ones; they begin with one set of characters, which is looked for fast.
_MARK = re.compile(r"[“”„‟\"＂«»「」『』〝〞〟‘’‚'`´‹›,](?:(?<=`)`|(?<=')'|(?<=,),(?=\w)|(?<!,))")
_BREAK = re.compile(r"\n\s*\n")
_BEFORE = frozenset("([{<>—–-/=:*_|…").union(_PAIRS)
"""What may stand right before an opening mark, beside a space."""


class Quotation(NamedTuple):
    """Words at `start`..`end`; with their marks at `outer`..`after`. `goes_on` says that they are more of what the
    quotation before holds, which its paragraph has broken."""

    start: int
    end: int
    outer: int
    after: int
    goes_on: bool = False


class _Mark(NamedTuple):
    text: str
    start: int
    end: int
    opens: bool
    closes: bool
    weak: bool  # an apostrophe behind an s, perhaps


def paragraphs(body: str) -> Iterator[tuple[Span, list[Quotation]]]:
    """The paragraphs of a body with their quotations, which have a word each.

    >>> text = "They call it „a ‚thin‘ ice“.\\n\\nIt's the dogs' 'own pond', isn't it?"
    >>> [text[one.start:one.end] for _, found in paragraphs(text) for one in found]
    ['a ‚thin‘ ice', 'own pond']
    """
    open_mark = ""
    breaks = [match.span() for match in _BREAK.finditer(body)]
    for span in zip([0, *(end for _, end in breaks)], [*(start for start, _ in breaks), len(body)], strict=True):
        if span[1] > span[0] and not _MARK.search(body, *span):
            yield span, []
            open_mark = ""
        elif span[1] > span[0]:
            paragraph = _Paragraph(body, span)
            yield span, [one for one in paragraph.quotations(open_mark) if _says(body, one)]
            open_mark = paragraph.left_open


def _says(body: str, one: Quotation) -> bool:
    return any(map(str.isalnum, body[one.start : one.end]))


class _Paragraph:
    def __init__(self, body: str, span: Span) -> None:
        self._body, (self._first, self._end) = body, span
        self._marks = _told(body, span)
        self._ends: dict[int, int] = {}
        self._forgotten: list[int] = []
        self._orphan: int | None = None  # a mark that closes what the paragraph before has opened
        self._pair()
        self.left_open = ""

    def _pair(self) -> None:
        """Finds for every mark that opens the one that closes it."""
        opened: list[int] = []
        counts: dict[str, int] = dict.fromkeys(_PAIRS, 0)
        for at, mark in enumerate(self._marks):
            if mark.closes and self._close(opened, counts, at):
                continue
            if mark.opens:
                opened.append(at)
                counts[mark.text] += 1
            elif mark.closes and not (opened or self._ends or mark.text in "'’´"):
                self._orphan = at if self._orphan is None else self._orphan
        self._forgotten = [at for at in opened if self._marks[at].text not in _SINGLE]

    def _close(self, opened: list[int], counts: dict[str, int], at: int) -> bool:
        openers = _CLOSED_BY[self._marks[at].text]
        if not any(counts[opener] for opener in openers):
            return False
        if self._marks[at].text in "'’´›‹" and self._marks[opened[-1]].text not in openers:
            return False  # no apostrophe ends what a double mark has opened inside
        while True:
            opener = opened.pop()
            counts[self._marks[opener].text] -= 1
            if self._marks[opener].text in openers:
                self._ends[opener] = at
                return True

    def quotations(self, open_mark: str) -> Iterator[Quotation]:
        """The outer quotations, in order; `open_mark` is what the paragraph before has left open."""
        done = self._first
        if open_mark and self._orphan is not None and open_mark in _CLOSED_BY[self._marks[self._orphan].text]:
            last = self._marks[self._orphan]
            yield _trimmed(self._body, (self._first, last.start), (self._first, last.end), True)
            done = last.end
        starts = sorted({*self._ends, *self._forgotten})
        for at, following in zip_longest(starts, starts[1:]):
            mark = self._marks[at]
            if mark.start >= done:
                goes_on = bool(open_mark) and done == self._first and self._is_first(mark)
                one = self._one(at, mark, following, goes_on)
                yield one
                done = one.after

    def _is_first(self, mark: _Mark) -> bool:
        return not self._body[self._first : mark.start].strip()

    def _one(self, at: int, mark: _Mark, following: int | None, goes_on: bool) -> Quotation:
        if at in self._ends:
            last = self._marks[self._ends[at]]
            return _trimmed(self._body, (mark.end, last.start), (mark.start, last.end), goes_on)
        end = self._end
        if following is None:
            self.left_open = mark.text
        else:
            end = self._marks[following].start
            end = mark.end + next((after for _, after in sentences(self._body[mark.end : end])), end - mark.end)
        return _trimmed(self._body, (mark.end, end), (mark.start, end), goes_on)


def _trimmed(body: str, inner: Span, outer: Span, goes_on: bool) -> Quotation:
    piece = body[inner[0] : inner[1]]
    start = inner[0] + len(piece) - len(piece.lstrip())
    return Quotation(start, start + len(piece.strip()), *outer, goes_on)


def _told(body: str, span: Span) -> list[_Mark]:
    """The marks of a paragraph that may open or close something. Of apostrophes behind an s only the last one
    before another opens, and only if nothing plainer closes there."""
    marks = [_mark(body, match, span) for match in islice(_MARK.finditer(body, *span), MOST)]
    kept: list[_Mark] = []
    closed = False
    for mark in reversed(marks):
        if mark.weak and closed:
            continue
        if mark.opens and mark.text in _SINGLE:
            closed = False
        elif mark.closes and mark.text in "'’´":
            closed = True
        if mark.opens or mark.closes:
            kept.append(mark)
    return kept[::-1]


_ELIDED = re.compile(rf"\d|(?:{'|'.join(map(re.escape, table('speech')['elided'].split()))})\b", re.I)


def _mark(body: str, match: re.Match[str], span: Span) -> _Mark:
    mark, start, end = match[0], *match.span()
    before = body[start - 1] if start > span[0] else " "
    after = body[end] if end < span[1] else " "
    opens, closes = mark in _PAIRS, mark in _CLOSED_BY
    clear = before.isspace() or before in _BEFORE
    if opens and mark not in _DIRECTED:
        opens = not after.isspace() and (clear or (mark == "“" and not _latin(before)))
    if mark in ("‘", "'", "`", "‚"):
        opens = opens and clear and not after.isspace() and not _ELIDED.match(body, end, min(end + 8, span[1]))
    if closes and mark not in "”」』〞〟»›":
        closes = not before.isspace() and not (mark in "'’´‘" and after.isalnum())
        closes = closes and not (clear and (after.isalnum() or mark not in _BEFORE))
    weak = closes and mark in "'’" and before in "sSxz" and body[start - 2 : start - 1].isalpha()
    return _Mark(mark, start, end, opens, closes, weak)


def _latin(char: str) -> bool:
    return char.isalnum() and char < "\u2e80"
