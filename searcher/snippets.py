"""Which passages of an article show why it matches? Text and spans: what is marked is what matched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from searcher import text
from searcher.model import Article, Passage, Span
from searcher.query.plan import STEM, Plan, Row, Terms, leaves

LONGEST = 320
"""How many characters a passage has at the most; a longer sentence is cut at spaces around its matches."""


class Match(NamedTuple):
    """A leaf of the plan, found at these characters of a text."""

    leaf: int
    start: int
    end: int


def passages(article: Article, plan: Plan, number: int) -> tuple[Passage, ...]:
    """The title, if it matches, then the best `number` passages of the body, in the order of the article.

    A passage is one sentence or several, of at most LONGEST characters, from anywhere in the article; a phrase
    is one span. Better is what shows more of the query's words, then what shows them earlier. An article that
    matches in no text gives its beginning, without spans.
    """
    wanted = list(leaves(plan))
    in_title = _matches(article.title, ("title", "lead"), wanted, article.language)
    in_body = _matches(article.body, ("body", "lead"), wanted, article.language)
    title = (Passage(article.title, "title", 0, _spans(in_title)),) if in_title else ()
    return title + _best(article.body, in_body, number)


class _Needles(NamedTuple):
    """What to look for in some fields: surfaces and stems, each with the leaves that ask for it; rows of either."""

    surfaces: dict[str, set[int]]
    stems: dict[str, set[int]]
    rows: list[tuple[int, Row]]


def _needles(wanted: Sequence[Terms | Row], fields: Sequence[str]) -> _Needles:
    needles = _Needles({}, {}, [])
    for number, leaf in enumerate(wanted):
        if isinstance(leaf, Row):
            if leaf.field.removesuffix(STEM) in fields:
                needles.rows.append((number, leaf))
            continue
        for term in leaf.terms:
            if term.field.removesuffix(STEM) in fields:
                forms = needles.stems if term.field.endswith(STEM) else needles.surfaces
                forms.setdefault(term.text, set()).add(number)
    return needles


def _matches(
    content: str, fields: Sequence[str], wanted: Sequence[Terms | Row], language: str | None
) -> list[Match]:
    """Every place where a leaf matches in this text, whichever of the `fields` it was looked for in."""
    surfaces, stems, rows = _needles(wanted, fields)
    if not (surfaces or stems or rows):
        return []
    none: set[int] = set()
    matches: list[Match] = []
    located: list[_Located] = []
    for surface, stem, start, end in text.located(content, language):
        if surface in surfaces or stem in stems:
            found = surfaces.get(surface, none) | stems.get(stem, none)
            matches += [Match(leaf, start, end) for leaf in found]
        if rows:
            located.append((surface, stem, start, end))
    matches += [match for leaf, row in rows for match in _in_a_row(located, leaf, row)]
    return sorted(matches, key=lambda match: (match.start, -match.end))


_Located = tuple[str, str, int, int]
"""Surface, stem, start and end of a word."""


def _in_a_row(located: Sequence[_Located], leaf: int, row: Row) -> Iterable[Match]:
    form, texts = (1 if row.field.endswith(STEM) else 0), row.texts
    for at, word in enumerate(located):
        if word[form] == texts[0]:
            stretch = located[at : at + len(texts)]
            if tuple(each[form] for each in stretch) == texts:
                yield Match(leaf, word[2], stretch[-1][3])


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
    ranked = sorted(_windows(body, matches), key=lambda window: (-window.worth(), window.start))
    leaves = {match.leaf for match in matches}
    chosen: list[_Window] = []
    seen: set[int] = set()
    for window in ranked:
        shown = {match.leaf for match in window.matches}
        if len(chosen) < number and (shown - seen or seen == leaves):
            chosen.append(window)
            seen |= shown
    chosen.sort()
    return tuple(Passage(body[w.start : w.end], "body", w.start, _spans(w.matches, w.start)) for w in chosen)


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
    for sentence in text.sentences(body):
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
