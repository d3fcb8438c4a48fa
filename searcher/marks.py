"""Where in what an article shows does a plan match? Characters of its title, its text, and what was stripped.

Positions are found by `matching`, the definition that engines follow too: what is marked is what matched. A word
near another is marked only where it is; a branch of the query that this article does not fulfil marks nothing; a
name is marked wherever the text mentions it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from searcher import text
from searcher.model import Article, Name, Span
from searcher.needles import Known, Match, Needles
from searcher.query import matching
from searcher.query.plan import (
    And,
    Close,
    Near,
    Or,
    Places,
    Plan,
    Row,
    Several,
    Spot,
    Terms,
    Value,
    base,
)

Holds: TypeAlias = Callable[[Plan], bool]
"""Whether the article matches a part of the plan."""

Leaf: TypeAlias = Terms | Row | Places | Close | Value

_JOINING = And | Or | Several
"""What has parts, of which some may match where the whole does not."""

_KINDS = {"person": ("person",), "place": ("place",), "org": ("org",), "entity": ("person", "place", "org")}
"""Which mentions the fields of names speak of."""


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


class Marker:
    """Finds the places of one plan in one article after the other."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        numbers: dict[object, int] = {}
        self._leaves: list[tuple[int, Leaf]] = []
        for leaf in _leaves(plan, lambda part: True):
            same = (
                leaf.texts if isinstance(leaf, Row | Close) else leaf
            )  # a row that is looked for in several fields
            self._leaves.append((numbers.setdefault(same, len(numbers)), leaf))
        self._leaves = _without_lead(self._leaves)
        self._branched = any(True for _ in _branches(plan))
        self._units = any(isinstance(leaf, Places) for _, leaf in self._leaves)
        self._needles = _needles(self._leaves)
        self._known: dict[tuple[str, str | None], Known] = {}

    def marks(self, article: Article, holds: Holds) -> Marks:
        """Every place where a leaf of the plan matches in what the article shows."""
        leaves = self._leaves
        if self._branched:
            meant = set(map(id, _leaves(self._plan, holds)))
            leaves = [(number, leaf) for number, leaf in leaves if id(leaf) in meant]
        marking = _Marking(article, self._units)
        numbers = {number for number, _ in leaves}
        for name in self._needles:
            for piece in marking.pieces(name):
                piece.shown.extend(_scan(piece, self._words(name, article.language), numbers))
        return marking.all(leaves)

    def _words(self, name: str, language: str | None) -> Known:
        """Which leaves ask for a word of this field, as far as words were met."""
        if (name, language) not in self._known:
            self._known[name, language] = Known(self._needles[name], language)
        return self._known[name, language]


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
                if not isinstance(node, _JOINING) or holds(node):
                    yield from _leaves(node, holds)
        case Several(parts):
            yield from _leaves(Or(tuple(part.node for part in parts)), holds)


def _branches(plan: Plan) -> Iterator[Plan]:
    """The branches that may match in part, where not all have to match."""
    nodes = plan.nodes if isinstance(plan, And | Or) else ()
    nodes = tuple(part.node for part in plan.parts) if isinstance(plan, Several) else nodes
    for node in nodes:
        if isinstance(plan, Or | Several) and isinstance(node, _JOINING):
            yield node
        yield from _branches(node)


def _without_lead(leaves: list[tuple[int, Leaf]]) -> list[tuple[int, Leaf]]:
    """The leaves, without rows of the lead that are looked for in title and body too."""
    fields_of: dict[int, set[str]] = {}
    for number, leaf in leaves:
        if isinstance(leaf, Row | Close):
            fields_of.setdefault(number, set()).add(base(leaf.field))
    both = {number for number, names in fields_of.items() if {"title", "body"} <= names}
    return [(number, leaf) for number, leaf in leaves if number not in both or _field(leaf) != "lead"]


def _field(leaf: Leaf) -> str:
    return base(leaf.field) if isinstance(leaf, Row | Close) else ""


def _needles(leaves: Iterable[tuple[int, Leaf]]) -> dict[str, Needles]:
    """Single words by field; of the lead only if title and body are not searched for the same."""
    needles: dict[str, Needles] = {}
    for number, leaf in leaves:
        for term in leaf.terms if isinstance(leaf, Terms) else ():
            needles.setdefault(base(term.field), Needles()).add(term.field, term.text, number)
    if "lead" in needles and all(needles["lead"].within(needles.get(name)) for name in ("title", "body")):
        del needles["lead"]
    return needles


def _scan(piece: _Piece, known: Known, numbers: set[int]) -> Iterator[Match]:
    """The words of a piece that are looked for by these leaves."""
    for chunk in known.chunks(piece.content):
        wanted = [match for match in known[chunk] if match.leaf in numbers]
        for at in text.standing(piece.content, chunk) if wanted else ():
            for leaf, start, end in wanted:
                yield Match(leaf, start + at + piece.offset, end + at + piece.offset)


class _Marking:
    def __init__(self, article: Article, units: bool) -> None:
        self.article = article
        self._units = units  # whether sentences and paragraphs may be asked for
        self.marks = Marks()
        self._texts: dict[str, text.Words] = {}
        self._located: dict[str, list[tuple[int, _Piece, Sequence[Span]]]] = {}  # from which position on

    def all(self, leaves: Iterable[tuple[int, Leaf]]) -> Marks:
        """What was marked before, with all leaves but single words of texts."""
        for number, leaf in leaves:
            match leaf:
                case Terms(terms):
                    if any(term.field in _KINDS for term in terms):
                        self._names(number, leaf)
                case Value(name):
                    if name in _KINDS:
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

    def pieces(self, name: str) -> Iterator[_Piece]:
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

    def texts(self, name: str) -> Mapping[str, text.Words]:
        """The words of a field by position; where each stands is noted."""
        if name not in self._texts:
            pieces = [(piece, *self._cut(piece.content)) for piece in self.pieces(name)]
            pieces = [each for each in pieces if each[1].surfaces]
            self._texts[name] = text.joined(words for _, words, _ in pieces)
            firsts = accumulate((len(spans) + 1 for _, _, spans in pieces), initial=0)  # a gap behind each
            located = zip(firsts, pieces, strict=False)
            self._located[name] = [(first, piece, spans) for first, (piece, _, spans) in located]
        return self._texts

    def _cut(self, content: str) -> tuple[text.Words, Sequence[Span]]:
        language = self.article.language
        if self._units:
            return text.cut(content, language), text.Spans(content, language)
        return text.located(content, language)

    def _mark(self, number: int, name: str, places: Iterable[Span]) -> None:
        """Marks places in positions of a field, from the first character to the last."""
        for start, end in places:
            first, last = self._place(name, start), self._place(name, end - 1)
            if first and last and first[0] is last[0]:
                first[0].append(Match(number, first[1][0], last[1][1]))

    def _place(self, name: str, position: int) -> tuple[list[Match], Span] | None:
        """Where the word at a position is shown; None for a gap."""
        located = self._located[name]
        first, piece, spans = located[bisect_right(located, position, key=itemgetter(0)) - 1]
        if position - first == len(spans):
            return None
        start, end = spans[position - first]
        return piece.shown, (start + piece.offset, end + piece.offset)

    def _places(self, number: int, leaf: Places) -> None:
        texts: Mapping[str, text.Words] = {}
        for spot in leaf.spots:
            texts = self.texts(spot.field)
        found = [(spot, matching.places(spot, texts)) for spot in leaf.spots]
        if leaf.times == 1 or len(matching.all_places(leaf, texts)) >= leaf.times:
            for spot, places in found:
                self._spot(number, spot, places, texts)

    def _spot(self, number: int, spot: Spot, places: list[Span], texts: Mapping[str, text.Words]) -> None:
        """Marks places of a spot, and what had to be near them."""
        self._mark(number, spot.field, places)
        for condition in spot.where if places else ():
            if isinstance(condition, Near) and not condition.negated:
                for other, near in matching.partners(condition, places, spot.field, texts):
                    self._spot(number, other, near, texts)

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
