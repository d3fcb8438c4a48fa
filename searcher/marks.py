"""Where in what an article shows does a plan match? Characters of its title, its text, and what was stripped.

Positions are found by `matching`, the definition that engines follow too: what is marked is what matched. A word
near another is marked only where it is; a branch of the query that this article does not fulfil marks nothing; a
name is marked wherever the text mentions it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from searcher import text
from searcher.model import Article, Name, Span
from searcher.query import matching
from searcher.query.plan import EXACT, STEM, And, Close, Near, Or, Places, Plan, Row, Spot, Terms, Value, base

Holds: TypeAlias = Callable[[Plan], bool]
"""Whether the article matches a part of the plan."""

Leaf: TypeAlias = Terms | Row | Places | Close | Value

_KINDS = {"person": ("person",), "place": ("place",), "org": ("org",), "entity": ("person", "place", "org")}
"""Which mentions the fields of names speak of."""


class Match(NamedTuple):
    """A leaf of the plan, found at these characters of a text."""

    leaf: int
    start: int
    end: int


@dataclass(slots=True)
class Marks:
    """The matches in each text, in order, longer ones first; `stripped` by the number of the piece."""

    title: list[Match] = field(default_factory=list)
    body: list[Match] = field(default_factory=list)
    stripped: dict[int, list[Match]] = field(default_factory=dict)


class _Piece(NamedTuple):
    """A text of an index field: what it is shown in, and from which character on."""

    shown: list[Match]
    content: str
    offset: int = 0


def marks(article: Article, plan: Plan, holds: Holds) -> Marks:
    """Every place where a leaf of the plan matches in what the article shows."""
    return _Marking(article).all(list(_leaves(plan, holds)))


def _leaves(plan: Plan, holds: Holds) -> Iterator[Leaf]:
    """The parts that make the article match: of an OR only the branches that do."""
    match plan:
        case Terms() | Row() | Places() | Close() | Value():
            yield plan
        case And(nodes):
            for node in nodes:
                yield from _leaves(node, holds)
        case Or(nodes):
            for node in nodes:
                if not isinstance(node, And | Or) or holds(node):
                    yield from _leaves(node, holds)


class _Marking:
    def __init__(self, article: Article) -> None:
        self.article = article
        self.marks = Marks()
        self._texts: dict[str, text.Words] = {}
        self._spans: dict[str, list[tuple[list[Match], Span] | None]] = {}

    def all(self, leaves: Sequence[Leaf]) -> Marks:
        self._words(leaves)
        for number, leaf in _numbered(leaves):
            match leaf:
                case Terms() | Value():
                    self._names(number, leaf)
                case Row(name) if base(name) in _KINDS:
                    self._names(number, leaf)
                case Row(name, texts):
                    words = matching.tokens(self.texts(base(name)), name)
                    self._mark(number, base(name), matching.standing(words, texts))
                case Places():
                    self._places(number, leaf)
                case Close():
                    self._close(number, leaf)
        for found in (self.marks.title, self.marks.body, *self.marks.stripped.values()):
            found.sort(key=lambda match: (match.start, -match.end))
        return self.marks

    def _pieces(self, name: str) -> Iterator[_Piece]:
        """The texts of a field that are shown somewhere."""
        article, shown = self.article, self.marks
        match name:
            case "title":
                yield _Piece(shown.title, article.title)
            case "body":
                yield _Piece(shown.body, article.body)
            case "lead":
                yield _Piece(shown.title, article.title)
                if article.body.startswith(article.lead):
                    yield _Piece(shown.body, article.lead)
            case "quote":
                for quote in article.quotes:
                    at = article.body.find(quote.text, quote.start, quote.end)
                    yield _Piece(shown.body if at >= 0 else [], quote.text, max(at, 0))
            case "boilerplate":
                for number, piece in enumerate(article.stripped):
                    yield _Piece(shown.stripped.setdefault(number, []), piece.text)

    def _words(self, leaves: Iterable[Leaf]) -> None:
        """Marks single words, field by field; the lead only for what is not looked for in title and body too."""
        needles: dict[str, _Needles] = {}
        for number, leaf in _numbered(leaves):
            for term in leaf.terms if isinstance(leaf, Terms) else ():
                needles.setdefault(base(term.field), _Needles()).add(term.field, term.text, number)
        if "lead" in needles and all(needles["lead"].in_(needles.get(name)) for name in ("title", "body")):
            del needles["lead"]
        for name, wanted in needles.items():
            for piece in self._pieces(name):
                piece.shown.extend(_scan(piece, wanted, self.article.language))

    def texts(self, name: str) -> Mapping[str, text.Words]:
        """The words of a field, by position, and where each stands."""
        if name not in self._texts:
            pieces = list(self._pieces(name))
            words = [text.cut(piece.content, self.article.language) for piece in pieces]
            self._texts[name] = text.joined(one for one in words if one.surfaces)
            places: list[tuple[list[Match], Span] | None] = []
            for piece, cut in zip(pieces, words, strict=True):
                if cut.surfaces:
                    places += [None] if places else []
                    spans = text.spans(piece.content)
                    places += [(piece.shown, (start + piece.offset, end + piece.offset)) for start, end in spans]
            self._spans[name] = places
        return self._texts

    def _mark(self, number: int, name: str, places: Iterable[Span]) -> None:
        """Marks places in positions of a field, from the first character to the last."""
        spans = self._spans[name]
        for start, end in places:
            first, last = spans[start], spans[end - 1]
            if first and last and first[0] is last[0]:
                first[0].append(Match(number, first[1][0], last[1][1]))

    def _places(self, number: int, leaf: Places) -> None:
        texts: Mapping[str, text.Words] = {}
        for spot in leaf.spots:
            texts = self.texts(spot.field)
        if len(matching.all_places(leaf, texts)) < leaf.times:
            return
        for spot in leaf.spots:
            self._spot(number, spot, matching.places(spot, texts), texts)

    def _spot(self, number: int, spot: Spot, places: Iterable[Span], texts: Mapping[str, text.Words]) -> None:
        """Marks places of a spot, and what had to be near each."""
        for place in places:
            self._mark(number, spot.field, [place])
            for condition in spot.where:
                if isinstance(condition, Near) and not condition.negated:
                    for other, near in matching.partners(condition, place, spot.field, texts):
                        self._spot(number, other, [near], texts)

    def _close(self, number: int, leaf: Close) -> None:
        texts = self.texts(base(leaf.field))
        words, wanted = matching.tokens(texts, leaf.field), set(leaf.texts)
        for start, end in matching.near_together(leaf, texts):
            at = [place for place in range(start, min(end, len(words))) if words[place] in wanted]
            self._mark(number, base(leaf.field), [(place, place + 1) for place in at])

    def _names(self, number: int, leaf: Terms | Value | Row) -> None:
        """Marks the mentions of the names that were asked for."""
        for name in self.article.names:
            if _is_meant(name, leaf):
                self.marks.body.append(Match(number, name.start, name.end))


def _numbered(leaves: Iterable[Leaf]) -> Iterator[tuple[int, Leaf]]:
    """The leaves; a row that is looked for in several fields has one number."""
    numbers: dict[object, int] = {}
    for leaf in leaves:
        yield numbers.setdefault(leaf.texts if isinstance(leaf, Row | Close) else leaf, len(numbers)), leaf


def _is_meant(name: Name, leaf: Terms | Value | Row) -> bool:
    match leaf:
        case Value(field, values):
            return name.kind in _KINDS.get(field, ()) and text.value(name.name) in values
        case Row(field, texts):
            return name.kind in _KINDS[field] and bool(matching.standing(_surfaces(name), texts))
        case Terms(terms):
            wanted = {term.text for term in terms if name.kind in _KINDS.get(term.field, ())}
            return bool(wanted) and not wanted.isdisjoint(_surfaces(name))


def _surfaces(name: Name) -> list[str]:
    return [word.surface for word in text.words(name.name)]


class _Needles:
    """What to look for in a field: surfaces, stems and written forms, each with the leaves that ask for it."""

    def __init__(self) -> None:
        self.forms: tuple[dict[str, set[int]], ...] = ({}, {}, {})

    def add(self, name: str, word: str, leaf: int) -> None:
        """A word of an index field; one that is written as its surface is known by both being the same."""
        form = 1 if name.endswith(STEM) else 2 if name.endswith(EXACT) else 0
        self.forms[form].setdefault(word, set()).add(leaf)

    def in_(self, other: _Needles | None) -> bool:
        """Whether the other looks for all of this as well."""
        pairs = zip(self.forms, other.forms, strict=True) if other else ()
        return other is not None and all(
            leaves <= theirs.get(word, set()) for mine, theirs in pairs for word, leaves in mine.items()
        )


def _scan(piece: _Piece, needles: _Needles, language: str | None) -> Iterator[Match]:
    """The words of a piece that are looked for. Offsets are made only for sentences that have one."""
    surfaces, stems, written = needles.forms
    for start, end, forms in text.sentence_forms(piece.content, language):
        found = [
            (at, surface, stem, form)
            for at, (surface, stem, form) in enumerate(forms)
            if surface in surfaces or stem in stems or (written and (form or f"{surface}/{surface}") in written)
        ]
        if found:
            spans = text.spans(piece.content, start, end)
            for at, surface, stem, form in found:
                leaves = {*surfaces.get(surface, ()), *stems.get(stem, ())}
                leaves |= written.get(form or f"{surface}/{surface}", set()) if written else set()
                first, last = spans[at]
                yield from (Match(leaf, first + piece.offset, last + piece.offset) for leaf in leaves)
