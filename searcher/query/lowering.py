"""How does a tree become a plan? What needs the language, the words of the index or the fields is resolved here.

A word becomes the stems it may have, a pattern the words it fits, nearness the places that it means, a field its
names in the index. It happens once, so engines and snippets need no knowledge of the language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import TypeAlias, assert_never

from searcher import fields, text
from searcher.errors import ArchiveError, QueryError
from searcher.query import patterns
from searcher.query import tree as t
from searcher.query.expansion import Expansion, Lookup
from searcher.query.plan import (
    EVERYTHING,
    EXACT,
    LAST,
    STEM,
    SURFACE_WEIGHT,
    WEIGHTS,
    And,
    Close,
    First,
    Near,
    Not,
    Or,
    Places,
    Plan,
    Range,
    Row,
    Several,
    Spot,
    Term,
    Terms,
    Value,
)

PLACED = ("title", "body")
"""Where nearness without a field is looked for: the lead is a part of both."""


Like: TypeAlias = Callable[[str], Plan]
"""What is like the article of an id, or of the only one that begins so. Raises ArchiveError if there is none."""


def unknown(identity: str) -> Plan:
    """Where there are no articles, none has this id."""
    raise ArchiveError(f"no such article: {identity}")


def lower(tree: t.Node, lookup: Lookup, languages: Sequence[str] = ("en",), like: Like = unknown) -> Plan:
    """What an engine must find for `tree`. `languages` are those whose stems a word may have.

    Raises QueryError for a pattern that fits more than WIDEST words, with their number, and for like: of none.
    """
    return _Lowering(lookup, tuple(languages), like).node(tree, None)


class _Lowering:
    def __init__(self, lookup: Lookup, languages: tuple[str, ...], like: Like) -> None:
        self.lookup = lookup
        self.articles_like = like
        self.languages = languages
        self.words = Expansion(lookup, languages)

    def all(self, nodes: Iterable[t.Node], field: fields.Field | None) -> tuple[Plan, ...]:
        """The plans of some nodes; what stands there several times is asked once, and counts as often."""
        counts = Counter(nodes)
        plans = ((self.node(node, field), times) for node, times in counts.items())
        return tuple(plan if times == 1 else scaled(plan, times) for plan, times in plans)

    def node(self, tree: t.Node, field: fields.Field | None) -> Plan:
        match tree:
            case t.And(nodes):
                return And(self.all(nodes, field))
            case t.Or(nodes):
                return Or(self.all(nodes, field))
            case t.Not(node):
                return Not(self.node(node, field))
            case t.InField(name, node):
                return self.node(node, fields.BY_NAME[name])
            case t.Boost(node, factor):
                return scaled(self.node(node, field), factor)
            case t.Everything():
                return EVERYTHING
            case t.DateRange(name, first, last):
                return _dates(name, first, last)
            case t.NumberRange(name, low, high):
                return Range(name, low, high)
            case t.Near() | t.First():
                return self.places(tree, field, 1)
            case t.AtLeast(times, node):
                return self.places(node, field, times)
            case _:
                return self.leaf(tree, field)

    def leaf(self, leaf: t.Leaf, field: fields.Field | None) -> Plan:
        if field and field.name == "like":
            return self.like(leaf)
        if field and (field.kind == "value" or (field.kind == "name" and isinstance(leaf, t.Exact))):
            return Value(field.name, tuple(self.words.values(leaf, field.name)))
        names, placed = ((field.name,),) * 2 if field else (fields.TEXT, PLACED)
        match leaf:
            case t.Word(content):
                return self.word(content, names, stemmed=field is None or field.kind == "text")
            case t.Loose(content, slack):
                texts = tuple(word.surface for word in text.words(content))
                return _either(Close(name, texts, slack, WEIGHTS.get(name, 1.0)) for name in placed)
            case t.Fuzzy():
                return self.fuzzy(leaf, names, placed)
            case _:
                gapped = isinstance(leaf, t.Phrase) and "*" in leaf.text  # the lead has a gap behind the headline
                patterned = isinstance(leaf, t.Wild | t.Regex)  # of so many words, where in the text says little
                return self.rows(leaf, placed if gapped or patterned else names, placed)

    def like(self, leaf: t.Leaf) -> Plan:
        """What is like one article; `leaf` is its id."""
        typed = str(leaf)
        if not isinstance(leaf, t.Word | t.Phrase | t.Exact):
            hint = "`search --ids QUERY` prints the ids of articles"
            raise QueryError(f"like: takes the id of one article: {typed}", typed, (0, len(typed)), hint)
        try:
            return self.articles_like(leaf.text)
        except ArchiveError as error:
            raise QueryError(error.message, typed, (0, len(typed)), error.hint) from error

    def rows(self, leaf: t.Leaf, names: Sequence[str], where: tuple[str, ...]) -> Plan:
        """Any of the rows that a leaf stands for in these fields; what fits a pattern is looked for in `where`."""
        return _any_row(list(chain.from_iterable(self.words.rows(leaf, name, where) for name in names)))

    def word(self, content: str, names: tuple[str, ...], stemmed: bool) -> Plan:
        found = list(text.words(content))
        if len(found) != 1:
            return self.rows(t.Phrase(content), names, names)
        surface, raw = found[0].surface, found[0].raw
        if text.grouped(surface):
            return self.rows(t.Word(content), names, names)
        return Terms(tuple(chain.from_iterable(self.forms(surface, raw, name, stemmed) for name in names)))

    def forms(self, surface: str, raw: str, name: str, stemmed: bool) -> Iterator[Term]:
        """A word as it may stand in a field: its surface and its stems; and more for it as it was typed."""
        weight = WEIGHTS.get(name, 1.0)
        yield Term(name, surface, weight * SURFACE_WEIGHT)
        if stemmed:
            for stem in text.stems(raw, self.languages):
                yield Term(name + STEM, stem, weight)
            for written in self.accented(surface, raw, name):
                yield Term(name + EXACT, written, weight * SURFACE_WEIGHT)

    def accented(self, surface: str, raw: str, name: str) -> list[str]:
        """The ways to write a word with just the accents that were typed, where the archive has others too."""
        known = list(self.lookup(name + EXACT, f"{surface}/"))
        alike = [written for written in known if written.partition("/")[2].lower() == raw]
        if raw != surface:
            return alike
        return [f"{surface}/{surface}", *alike] if len(alike) < len(known) else []

    def fuzzy(self, leaf: t.Fuzzy, names: Sequence[str], where: tuple[str, ...]) -> Plan:
        """The nearer a word is to what was typed, the more it counts."""
        found, typed = self.words.fuzzy(leaf, where), text.fold(leaf.text)
        worth = {word: 1 / (1 + patterns.distance(typed, word)) ** 2 for word in found}
        return Terms(
            tuple(Term(name, word, WEIGHTS.get(name, 1.0) * worth[word]) for word in found for name in names)
        )

    def places(self, tree: t.Node, field: fields.Field | None, times: int) -> Plan:
        where = (field.name,) if field else PLACED
        spots = chain.from_iterable(self.spots(tree, name, where, outer=True) for name in where)
        return Places(tuple(dict.fromkeys(spots)), times)

    def spots(self, tree: t.Node, name: str, where: tuple[str, ...], outer: bool = False) -> tuple[Spot, ...]:
        """The places of a tree in a text. Nearness is where its left is; within other nearness, its right too."""
        match tree:
            case t.Or(nodes):
                return _merged(chain.from_iterable(self.spots(node, name, where, outer) for node in nodes))
            case t.First(words, node):
                return tuple(_with(spot, First(words)) for spot in self.spots(node, name, where, outer))
            case t.Near(left, right, within, ordered, negated):
                ones, others = self.spots(left, name, where), self.spots(right, name, where)
                behind = Near(others, within, "after" if ordered else "any", negated)
                found = tuple(_with(spot, behind) for spot in ones)
                if negated or outer:
                    return found
                before = Near(ones, within, "before" if ordered else "any")
                return (*found, *(_with(spot, before) for spot in others))
            case t.Word() | t.Phrase() | t.Loose() | t.Exact() | t.Wild() | t.Fuzzy() | t.Regex():
                return (Spot(tuple(self.words.rows(tree, name, where)), weight=WEIGHTS.get(name, 1.0)),)
            case _:
                raise ValueError(f"not a place in a text: {tree}")


def scaled(plan: Plan, factor: float) -> Plan:
    """The plan, with so many times the weight."""
    match plan:
        case Terms() | Row() | Close() | Several():
            return replace(plan, weight=plan.weight * factor)
        case Places(spots):
            return replace(plan, spots=tuple(replace(spot, weight=spot.weight * factor) for spot in spots))
        case And(nodes) | Or(nodes):
            return replace(plan, nodes=tuple(scaled(node, factor) for node in nodes))
        case Not() | Value() | Range():
            return plan
        case _:
            assert_never(plan)


def _any_row(rows: Sequence[Row]) -> Plan:
    """Any of the rows; those of one word together."""
    single = [Term(row.field, row.texts[0], row.weight) for row in rows if len(row.texts) == 1]
    longer = [row for row in rows if len(row.texts) > 1]
    return _either([*([Terms(tuple(single))] if single else []), *longer])


def _either(plans: Iterable[Plan]) -> Plan:
    nodes = tuple(plans)
    return nodes[0] if len(nodes) == 1 else Or(nodes)


def _merged(spots: Iterable[Spot]) -> tuple[Spot, ...]:
    """The spots, those without conditions as one: equal places are then one place."""
    given = tuple(dict.fromkeys(spots))
    plain = [spot for spot in given if not spot.where]
    if len(plain) < 2:
        return given
    rows = dict.fromkeys(chain.from_iterable(spot.rows for spot in plain))
    return (replace(plain[0], rows=tuple(rows)), *(spot for spot in given if spot.where))


def _with(spot: Spot, condition: Near | First) -> Spot:
    return replace(spot, where=(*spot.where, condition))


def _dates(name: str, first: date | None, last: date | None) -> Plan:
    """An article whose date is known only to the month lies in the range if the whole month does."""
    low = None if first is None else Range(name, first.toordinal(), None)
    high = None if last is None else Range(name + LAST, None, last.toordinal())
    ends = tuple(end for end in (low, high) if end)
    return ends[0] if len(ends) == 1 else And(ends)
