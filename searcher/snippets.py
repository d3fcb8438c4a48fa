"""Which passages of an article show why it matches? Text and spans: what is marked is what matched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from searcher import text
from searcher.marks import Holds, Marker
from searcher.model import Article, Passage, Span
from searcher.needles import Match

LONGEST = 320
"""How many characters a passage has at the most; a longer sentence is cut at spaces around its matches."""


def passages(article: Article, marker: Marker, number: int, holds: Holds) -> tuple[Passage, ...]:
    """The title, if it matches, then the best `number` passages of the body, in the order of the article.

    A passage is one sentence or several, of at most LONGEST characters, from anywhere in the article; a phrase
    is one span. Better is what shows more of the query's words, then what shows them earlier. Where no text but
    what was stripped matches, that is shown; an article that matches in no text gives its beginning, without spans.
    `holds` says whether the article matches a part of the marker's plan: other branches of an OR are not marked.
    """
    found = marker.marks(article, holds)
    title = (Passage(article.title, "title", 0, _spans(found.title)),) if found.title else ()
    if not (found.title or found.body) and any(found.stripped.values()):
        return tuple(_stripped(article, found.stripped))[:number]
    return title + _best(article.body, found.body, number)


def _stripped(article: Article, found: dict[int, list[Match]]) -> Iterator[Passage]:
    for piece, matches in found.items():
        for passage in _best(article.stripped[piece].text, matches, 1) if matches else ():
            yield passage._replace(field="boilerplate")


def _spans(matches: Iterable[Match], start: int = 0) -> tuple[Span, ...]:
    """The matches as spans that do not overlap: the longest of those that begin first, then those behind it."""
    spans: list[Span] = []
    for match in matches:
        if not spans or match.start - start >= spans[-1][1]:
            spans.append((match.start - start, match.end - start))
    return tuple(spans)


class _Window(NamedTuple):
    """A stretch of whole sentences, or of a part of a long one, with the matches in it."""

    start: int
    end: int
    matches: list[Match]

    def worth(self) -> float:
        """More of the query's leaves first, then more matches."""
        return len({match.leaf for match in self.matches}) + min(len(self.matches), 5) / 10


def _best(body: str, matches: Sequence[Match], number: int) -> tuple[Passage, ...]:
    if number < 1:
        return ()
    if not matches:
        return tuple(Passage(body[start:end], "body", start, ()) for start, end in _beginning(body))
    leaves = {match.leaf for match in matches}
    chosen: list[_Window] = []
    seen: set[int] = set()
    for window in _ranked(body, matches):
        shown = {match.leaf for match in window.matches}
        if shown - seen or seen == leaves:
            chosen.append(window)
            seen |= shown
        if len(chosen) == number:
            break
    chosen.sort()
    return tuple(Passage(body[w.start : w.end], "body", w.start, _spans(w.matches, w.start)) for w in chosen)


def _ranked(body: str, matches: Sequence[Match]) -> Iterator[_Window]:
    """The windows, the best first. No paragraph is cut into sentences before it may have the next one: together its
    matches are worth as much as one window with all of them.
    """
    waiting: list[tuple[float, int, bool, _Window]] = []
    for paragraph in _paragraphs(body, matches):
        heappush(waiting, (-paragraph.worth(), paragraph.start, False, paragraph))
    while waiting:
        *_, cut, best = heappop(waiting)
        if cut:
            yield best
            continue
        for window in _windows(body, best.matches):
            heappush(waiting, (-window.worth(), window.start, True, window))


def _paragraphs(body: str, matches: Sequence[Match]) -> Iterator[_Window]:
    """The paragraphs in which matches begin; with the next one where a match reaches into that."""
    begin, start, end = 0, 0, 0
    for at, match in enumerate(matches):
        if match.start >= end:
            if at:
                yield _Window(start, end, list(matches[begin:at]))
            begin, start = at, _behind(body, end, match.start)
            end = body.find("\n\n", match.start)
            end = len(body) if end < 0 else end
        end = max(end, match.end)
    yield _Window(start, end, list(matches[begin:]))


def _beginning(body: str) -> list[Span]:
    """The first sentences of the first paragraph, as many as are short enough."""
    first = body.partition("\n\n")[0][: 4 * LONGEST]
    spans = text.sentences(first)
    if not spans:
        return []
    start, end = _cut(body, spans[0], spans[0][:1] * 2)
    for span in spans[1:]:
        if span[1] - start <= LONGEST:
            end = span[1]
    return [(start, end)]


def _windows(body: str, matches: Sequence[Match]) -> list[_Window]:
    """Every stretch with matches in it, none longer than LONGEST, none overlapping, in order."""
    windows: list[_Window] = []
    at = 0
    for sentence in _sentences(body, matches):
        while at < len(matches) and matches[at].start < sentence[1]:
            start, end = _cut(body, sentence, (matches[at].start, matches[at].end))
            if windows:
                start = max(start, windows[-1].end)
            inside: list[Match] = []
            while at < len(matches) and (matches[at].start < end or not inside):
                inside.append(matches[at])
                at += 1
            inside = [match for match in inside if match.end <= end] or inside[:1]
            _extend(windows, _Window(start, max(end, inside[0].end), inside), body)
    return windows


def _behind(body: str, start: int, end: int) -> int:
    """Where the paragraph begins that a place is in, at `start` at the earliest."""
    at = body.rfind("\n\n", start, end)
    return at + 2 if at >= 0 else start


def _sentences(body: str, matches: Sequence[Match]) -> Iterator[Span]:
    """The sentences of the paragraphs in which matches begin; others are not looked for."""
    done = 0
    for match in matches:
        if match.start >= done:
            start = _behind(body, done, match.start)
            end = body.find("\n\n", match.start)
            done = len(body) if end < 0 else end
            yield from ((start + first, start + last) for first, last in text.sentences(body[start:done]))


def _extend(windows: list[_Window], window: _Window, body: str) -> None:
    """Sentences that follow each other in one paragraph make one passage, as long as it stays short."""
    if windows:
        last = windows[-1]
        between = body[last.end : window.start]
        if not between.strip() and "\n\n" not in between and window.end - last.start <= LONGEST:
            windows[-1] = _Window(last.start, window.end, last.matches + window.matches)
            return
    windows.append(window)


def _cut(body: str, sentence: Span, match: Span) -> Span:
    """The sentence, or the part of it around a match that is not too long, from space to space."""
    start, end = sentence
    if end - start <= LONGEST:
        return sentence
    start = max(start, match[0] - LONGEST // 3)
    if start > sentence[0]:
        space = body.find(" ", start, match[0])
        start = space + 1 if space >= 0 else start
    end = min(sentence[1], max(start + LONGEST, match[1]))
    space = body.rfind(" ", match[1], end)
    return start, space if end < sentence[1] and space > start else end
