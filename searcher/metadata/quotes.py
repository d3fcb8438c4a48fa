"""What is said, and by whom? The words inside quotation marks of every style, with the speaker that stands beside.

Quotations of one word ("scare quotes") are none. A quotation that is not closed ends with its paragraph, as papers
do when the next one goes on. Transcripts are for transcripts.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from searcher.metadata.tables import words
from searcher.model import Name, Quote, Span
from searcher.text import words as cut

MOST = 500
SHORTEST = 2
"""The fewest words of a quotation."""

NEAR = 12
"""How far behind its quotation, in characters, the words that name the speaker may begin."""

FAR = 160
"""How far from its quotation they may end, or stand before it."""

MENTIONS = 8
"""How many persons are looked at beside one quotation."""

# An opening mark, and the marks that close it. German closes with what English opens with.
_STYLES: tuple[tuple[str, str], ...] = (
    ("„", '“”"'),
    ("“", "”"),
    ("«", "»"),
    ("»", "«"),
    ("「", "」"),
    ("『", "』"),
    ('"', '"'),
)
_OPENS = dict(_STYLES)
_MARK = re.compile("|".join(map(re.escape, _OPENS)))
_BESIDE_WORD = re.compile(r"\w")


class _Span(NamedTuple):
    start: int
    end: int
    outer_start: int
    outer_end: int


def find(body: str, mentions: Sequence[Name]) -> tuple[Quote, ...]:
    """The quotations of a text in order; their speakers are persons among the mentions, or None.

    >>> name = Name("Jane Doe", "person", "Doe", 26, 29)
    >>> find('"It rains in Sochi," said Doe.', [name])
    (Quote(text='It rains in Sochi,', speaker='Jane Doe', start=1, end=19),)
    """
    people = [name for name in mentions if name.kind == "person"]
    found: list[Quote] = []
    for first, after in _paragraphs(body):
        for span in _spans(body, first, after):
            speaker = _speaker(body, span, people, (first, after))
            found.append(Quote(body[span.start : span.end], speaker, span.start, span.end))
    return tuple(found[:MOST])


def _paragraphs(body: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in re.finditer(r"\n\s*\n|\Z", body):
        yield start, match.start()
        start = match.end()


def _spans(body: str, first: int, after: int) -> Iterator[_Span]:
    """The quotations of one paragraph, outer ones only."""
    done = first
    for match in _MARK.finditer(body, first, after):
        position = match.start()
        if position < done or not _opening(body, position, first):
            continue
        end = _close(body, position + 1, after, _OPENS[match[0]])
        start, stop = _trim(body, position + 1, end)
        if sum(1 for _ in cut(body[start:stop])) >= SHORTEST:
            yield _Span(start, stop, position, min(end + 1, after))
        done = end + 1


def _opening(body: str, position: int, first: int) -> bool:
    """Whether a mark that can close, too, opens here: nothing of a word before it, something after it."""
    mark = body[position]
    before = body[position - 1] if position > first else " "
    after = body[position + 1 : position + 2]
    if mark == "»":
        return not before.isalnum() and before not in ".,!?…" and bool(_BESIDE_WORD.match(after))
    return mark != '"' or (not before.isalnum() and after not in ("", " ", "\n"))


def _close(body: str, start: int, after: int, closing: str) -> int:
    """Where the quotation ends: at its closing mark, or with the paragraph."""
    places = [place for mark in closing if (place := body.find(mark, start, after)) >= 0]
    return min(places, default=after)


def _trim(body: str, start: int, end: int) -> tuple[int, int]:
    piece = body[start:end]
    left = len(piece) - len(piece.lstrip())
    return start + left, start + left + len(piece.strip())


def _speaker(body: str, span: _Span, people: Sequence[Name], paragraph: Span) -> str | None:
    """Who says it: the subject of a verb of speech that follows the quotation at once, or comes before it."""
    stop = min(paragraph[1], span.outer_end + FAR)
    after = _END.split(body[span.outer_end : stop])[0]
    start = max(paragraph[0], span.outer_start - FAR)
    before = _END.split(body[start : span.outer_start])[-1]
    subject = _subject(body, people, (span.outer_end, span.outer_end + len(after)), close=True)
    subject = subject or _subject(body, people, (span.outer_start - len(before), span.outer_start), close=False)
    if subject is None and (_HE_AFTER.match(after) or _HE_BEFORE.search(before)):
        return _latest(body, people, span.outer_start)
    return subject


# The end of a sentence or another quotation; "M." and "J." end none.
_END = re.compile(r"(?<!\b[A-ZÀ-ÝА-Я])(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)[.!?;]\s|[。“”\"„«»]")


def _latest(body: str, people: Sequence[Name], position: int) -> str | None:
    """Whom "he said" means: the last person before it who said something."""
    index = bisect_left(people, position, key=lambda name: name.start)
    back = reversed(people[max(0, index - 5 * MENTIONS) : index])
    return next((name.name for name in back if _says(body, name, 0, len(body))), None)


def _says(body: str, name: Name, start: int, stop: int) -> bool:
    return _verb_after(body, name.end, stop) or _verb_before(body, name, start) is not None


def _subject(body: str, people: Sequence[Name], window: Span, *, close: bool) -> str | None:
    """The person in the window who stands right beside a verb of speech; the first if it must be close to the
    window's beginning, else the last."""
    first = bisect_left(people, window[0], key=lambda name: name.start)
    found: str | None = None
    for name in people[first : first + MENTIONS]:
        if name.end > window[1]:
            break
        led = _verb_before(body, name, window[0])
        begins = (name.start if led is None else led) - window[0]
        if _says(body, name, *window) and (not close or begins <= NEAR):
            found = name.name
            if close:
                break
    return found


def _verb_after(body: str, start: int, stop: int) -> bool:
    return _VERB_AFTER.match(body, start, min(stop + 1, len(body))) is not None


def _verb_before(body: str, name: Name, start: int) -> int | None:
    """Where the verb before a name stands; None if there is none, or it has another subject ("Doe said Roe …")."""
    match = _VERB_BEFORE.search(body, max(start, name.start - FAR), name.start)
    if match is None or body[name.end : name.end + 2] in ("'s", "’s"):
        return None
    subject = re.search(r"[^\W\d_]+\s(?:has\s|had\s)?$", body[max(0, match.start() - 30) : match.start()])
    return match.start() if subject is None or not subject[0][0].isupper() else None


def _alternatives(name: str) -> str:
    return "|".join(sorted(map(re.escape, words("people", name)), key=len, reverse=True))


_SAID = rf"(?:(?:{_alternatives('said')})\b|{_alternatives('han_said')})"
_HELPS = r"(?:(?:has|have|had|also|then|later|hat|habe|a|ha|также)\s)?"
_HE = rf"(?:{_alternatives('pronouns')})"
# "Doe said", "Doe, the envoy, said", "Doe was quoted as saying"
_VERB_AFTER = re.compile(
    rf"(?:,[^,.\n]{{1,60}},)?\s?{_HELPS}(?:{_SAID}|(?:was|were|is)\s(?:quoted|cited)\sas\ssaying)", re.I
)
# "said Doe", "said the Russian envoy Doe": posts and nations between, no other words
_SMALL = r"[\w-]+['’]s|the|a|der|die|le|la|l['’]|el|[A-ZА-Я][\w.’'-]*"
_BETWEEN = rf"(?:(?:{_SMALL}|{_alternatives('post')}|{_alternatives('address')})\s){{0,6}}"
_VERB_BEFORE = re.compile(rf"\b{_SAID}\s{_BETWEEN}$")
_HE_AFTER = re.compile(rf"[,\s]*(?:{_HE}\s{_HELPS}{_SAID}|{_SAID}\s{_HE}\b)", re.I)
_HE_BEFORE = re.compile(rf"\b{_HE}\s{_HELPS}{_SAID}[^.!?]{{0,100}}$", re.I)
