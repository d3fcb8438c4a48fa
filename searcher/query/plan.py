"""What must an engine find? A tree, lowered to the few things that every engine can look up.

Lowering resolves everything that needs the language, the word list or the calendar: a word becomes the stems it
may have, a pattern becomes the words it fits, a field its names in the index. It happens once, here, so engines
(and snippets) need nine cases and no knowledge of the language.

An index field `body` holds surfaces, `body.stem` stems; both have the same positions. Places in a text are
[start, end) in these positions; a gap between two pieces of a field takes one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, TypeAlias, assert_never

from searcher import fields, text
from searcher.errors import QueryError
from searcher.query import tree as t

STEM = ".stem"
"""What is added to a text field's name for its stems."""

WEIGHTS: Mapping[str, float] = {"title": 2.0, "lead": 0.25, "body": 1.0}
"""How many times a place of a word counts for the ranking, by where it is. The lead is a part of title and body, so
what stands in it counts a quarter more. Decision 8 has the figures."""

SURFACE_WEIGHT = 0.25
"""How much more a word counts if it stands there in the form that was typed."""

WIDEST = 1000
"""The most words that one pattern may stand for."""


class Term(NamedTuple):
    """A word of an index field, and how many times each place of it counts."""

    field: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Terms:
    """Articles with any of these words: the forms of one word, in the fields where it may stand.

    They count as one word that stands as often as all of them together, each so many times as its weight says, and
    that is as rare as the commonest of them. `weight` is how much that word counts.
    """

    terms: tuple[Term, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """Articles with these words of one field in a row."""

    field: str
    texts: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Places in one text field: where any of these rows of words stands and every condition holds.

    All rows, and those of the conditions' spots, are of one text field, as surfaces or as stems ("body" and
    "body.stem"); their weights do not count. Equal places, of several rows, are one place.
    """

    rows: tuple[Row, ...]
    where: tuple[Near | First, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """Holds for a place if some place of `spot` that does not overlap it is near; negated: if none is.

    Near is: at most `within` positions lie between the two, or the first words of both stand in the same sentence,
    or paragraph. Order "after": the other place comes after this one; "before": before it.
    """

    spot: Spot
    within: int | Literal["sentence", "paragraph"]
    order: Literal["any", "before", "after"] = "any"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class First:
    """Holds for a place that ends within the first `words` positions of its field: its end is at most `words`."""

    words: int


@dataclass(frozen=True, slots=True)
class Places:
    """Articles with at least `times` places of the spot; `times` is 1 or more.

    The score is that of a word which stands as often as there are places, and is as rare as the rarest row of the
    spot: the largest of the rows' sums of their words' rarities.
    """

    spot: Spot
    times: int = 1
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Close:
    """Articles where these words of one field lie, in any order, in a stretch with at most `slack` other positions.

    A word given twice must stand twice. The score is that of a row of the words; it occurs once for each position
    where one of the words stands and the shortest stretch from there on that holds them all has at most `slack`
    others.
    """

    field: str
    texts: tuple[str, ...]
    slack: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Value:
    """Articles with any of these whole values, folded as text.value() does. Does not count for the ranking."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Articles whose number is from `low` to `high`, both included; None is open. Does not count either."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class And:
    """Articles that match every node: all articles if there is none."""

    nodes: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Articles that match any node: no article if there is none."""

    nodes: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that do not match the node."""

    node: Plan


Plan: TypeAlias = Terms | Row | Places | Close | Value | Range | And | Or | Not

EVERYTHING: Plan = And(())
NOTHING: Plan = Or(())

Lookup: TypeAlias = Callable[[str, str], Iterable[str]]
"""(index field, prefix) → the words or folded values of that field that begin so."""


def lower(tree: t.Node, lookup: Lookup, languages: Sequence[str] = ("en",)) -> Plan:
    """What an engine must find for `tree`. `languages` are those whose stems a word may have.

    Raises QueryError for a pattern that fits more than WIDEST words, with their number.
    """
    return _Lowering(lookup, tuple(languages)).node(tree, None)


class _Lowering:
    def __init__(self, lookup: Lookup, languages: tuple[str, ...]) -> None:
        self.lookup = lookup
        self.languages = languages

    def node(self, tree: t.Node, field: fields.Field | None) -> Plan:
        match tree:
            case t.And(nodes):
                return And(tuple(self.node(node, field) for node in nodes))
            case t.Or(nodes):
                return Or(tuple(self.node(node, field) for node in nodes))
            case t.Not(node):
                return Not(self.node(node, field))
            case t.InField(name, node):
                return self.node(node, fields.BY_NAME[name])
            case t.Everything():
                return EVERYTHING
            case t.DateRange(name, first, last):
                return _dates(name, first, last)
            case t.NumberRange(name, low, high):
                return Range(name, low, high)
            case t.Word(content):
                return self.word(content, field)
            case t.Phrase(content):
                return self.phrase(content, field)
            case t.Wild(pattern):
                return self.wild(pattern, field)
            case t.Whole(content):
                return Value(field.name if field else "title", (text.value(content),))
            case _:
                assert_never(tree)

    def word(self, content: str, field: fields.Field | None) -> Plan:
        if field and field.kind == "value":
            return Value(field.name, (text.value(content),))
        found = list(text.words(content))
        if len(found) != 1:
            return self.phrase(content, field)
        surface, raw = found[0].surface, found[0].raw
        return Terms(tuple(self._forms(surface, raw, field)))

    def _forms(self, surface: str, raw: str, field: fields.Field | None) -> Iterator[Term]:
        stemmed = field is None or field.kind == "text"
        for name in _names(field):
            weight = WEIGHTS.get(name, 1.0)
            yield Term(name, surface, weight * SURFACE_WEIGHT)
            for stem in text.stems(raw, self.languages) if stemmed else ():
                yield Term(name + STEM, stem, weight)

    def phrase(self, content: str, field: fields.Field | None) -> Plan:
        if field and field.kind == "value":
            return Value(field.name, (text.value(content),))
        return _row(tuple(word.surface for word in text.words(content)), _names(field))

    def wild(self, pattern: str, field: fields.Field | None) -> Plan:
        if field and field.kind == "value":
            return Value(field.name, tuple(self._fitting(pattern, text.value, (field.name,))))
        names = _names(field)
        before, word, after = _split(pattern)
        surfaces = self._fitting(word, text.fold, names)
        if not surfaces:
            return NOTHING
        if not (before or after):
            return _any_word(surfaces, names)
        rows = tuple(_row((*before, surface, *after), names) for surface in surfaces)
        return rows[0] if len(rows) == 1 else Or(rows)

    def _fitting(self, pattern: str, fold: Callable[[str], str], names: Sequence[str]) -> list[str]:
        """The words of these fields that fit a pattern, sorted."""
        pieces = [piece if piece in "*?" else fold(piece) for piece in re.split(r"([*?])", pattern)]
        wanted = re.compile("".join({"*": ".*", "?": "."}.get(piece, re.escape(piece)) for piece in pieces))
        prefix = pieces[0] if pieces[0] not in ("*", "?") else ""
        found = {word for name in names for word in self.lookup(name, prefix) if wanted.fullmatch(word)}
        if len(found) > WIDEST:
            message = f"a wildcard that fits {len(found):,} words: {pattern}"
            raise QueryError(message, pattern, (0, len(pattern)), f"add letters: at most {WIDEST:,} are searched")
        return sorted(found)


def _names(field: fields.Field | None) -> tuple[str, ...]:
    return (field.name,) if field else fields.TEXT


def _row(surfaces: tuple[str, ...], names: Sequence[str]) -> Plan:
    if not surfaces:
        return NOTHING
    if len(surfaces) == 1:
        return _any_word(surfaces, names)
    rows = tuple(Row(name, surfaces, WEIGHTS.get(name, 1.0)) for name in names)
    return rows[0] if len(rows) == 1 else Or(rows)


def _any_word(surfaces: Sequence[str], names: Sequence[str]) -> Terms:
    return Terms(tuple(Term(name, surface, WEIGHTS.get(name, 1.0)) for surface in surfaces for name in names))


def _split(pattern: str) -> tuple[list[str], str, list[str]]:
    """A pattern like al-ass*: the words before the one with the wildcard, that one, the words after."""
    pieces = [piece for piece in re.split(r"[^\w*?]+", pattern) if piece]
    wild = [index for index, piece in enumerate(pieces) if "*" in piece or "?" in piece]
    if len(wild) != 1:
        raise QueryError(
            "wildcards in more than one part", pattern, (0, len(pattern)), "search the parts one by one"
        )
    before, after = (
        [word.surface for word in text.words(" ".join(part))] for part in (pieces[: wild[0]], pieces[wild[0] + 1 :])
    )
    return before, pieces[wild[0]], after


def _dates(name: str, first: date | None, last: date | None) -> Plan:
    """An article whose date is known only to the month lies in the range if the whole month does."""
    low = None if first is None else Range(name, first.toordinal(), None)
    high = None if last is None else Range(name + LAST, None, last.toordinal())
    ends = tuple(end for end in (low, high) if end)
    return ends[0] if len(ends) == 1 else And(ends)


LAST = ".last"
"""What is added to a date field's name for the last day that the date can be."""


def leaves(plan: Plan) -> Iterator[Terms | Row]:
    """The words and rows that make an article match: those that are not negated."""
    match plan:
        case Terms() | Row():
            yield plan
        case Places(spot):
            yield from _rows(spot)
        case Close(field, texts):
            yield Terms(tuple(Term(field, word) for word in dict.fromkeys(texts)))
        case And(nodes) | Or(nodes):
            for node in nodes:
                yield from leaves(node)
        case Not() | Value() | Range():
            return
        case _:
            assert_never(plan)


def _rows(spot: Spot) -> Iterator[Row]:
    """The rows of a spot, and of what must be near it."""
    yield from spot.rows
    for condition in spot.where:
        if isinstance(condition, Near) and not condition.negated:
            yield from _rows(condition.spot)
