"""How does a tree become a plan? What needs the language, the words of the index or the fields is resolved here.

A word becomes the stems it may have, a pattern the words it fits, nearness the places that it means, a field its
names in the index. It happens once, so engines and snippets need no knowledge of the language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice, product
from typing import TypeAlias, assert_never

from searcher import fields, text
from searcher.errors import QueryError
from searcher.query import patterns
from searcher.query import tree as t
from searcher.query.plan import (
    ANY,
    EVERYTHING,
    EXACT,
    LAST,
    STEM,
    SURFACE_WEIGHT,
    WEIGHTS,
    WIDEST,
    And,
    Close,
    First,
    Near,
    Not,
    Or,
    Places,
    Plan,
    Range,
    Repeated,
    Row,
    Spot,
    Term,
    Terms,
    Value,
)

Lookup: TypeAlias = Callable[[str, str], Iterable[str]]
"""(index field, prefix) → the words or folded values of that field that begin so."""

PLACED = ("title", "body")
"""Where nearness without a field is looked for: the lead is a part of both."""


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
            case t.Boost(node, factor):
                return scaled(self.node(node, field), factor)
            case t.Everything():
                return EVERYTHING
            case t.DateRange(name, first, last):
                return _dates(name, first, last)
            case t.NumberRange(name, low, high):
                return Range(name, low, high)
            case t.Near() | t.First():
                return self.places(tree, field, 1, counted=False)
            case t.AtLeast(times, node):
                return self.places(node, field, times, counted=True)
            case _:
                return self.leaf(tree, field)

    def leaf(self, leaf: t.Leaf, field: fields.Field | None) -> Plan:
        if field and field.name == "is" and leaf == t.Word("duplicate"):
            return Repeated("story")
        if field and (field.kind == "value" or (field.kind == "name" and isinstance(leaf, t.Exact))):
            return Value(field.name, tuple(self.values(leaf, field.name)))
        names = (field.name,) if field else fields.TEXT
        match leaf:
            case t.Word(content):
                return self.word(content, names, stemmed=field is None or field.kind == "text")
            case t.Loose(content, slack):
                texts = tuple(word.surface for word in text.words(content))
                placed = names if field else PLACED
                return _either(Close(name, texts, slack, WEIGHTS.get(name, 1.0)) for name in placed)
            case t.Fuzzy(content, edits):
                return self.fuzzy(content, edits, names)
            case _:
                gapped = isinstance(leaf, t.Phrase) and "*" in leaf.text  # the lead has a gap behind the headline
                rows = (self.rows(leaf, name) for name in (PLACED if gapped and not field else names))
                return _any_row(list(chain.from_iterable(rows)))

    def values(self, leaf: t.Leaf, name: str) -> Iterable[str]:
        """The folded whole values that a leaf stands for."""
        match leaf:
            case t.Wild(pattern):
                return self.fitting(pattern, *patterns.wild(pattern, text.value), (name,))
            case t.Regex(pattern):
                return self.fitting(f"/{pattern}/", "", patterns.regex(pattern), (name,))
            case t.Fuzzy(content, edits):
                near = patterns.fuzzy(text.value(content), edits)
                return self.fitting(str(leaf), "", near, (name,))
            case t.Word(content) | t.Phrase(content) | t.Exact(content) | t.Loose(content):
                return (text.value(content),)
            case _:
                assert_never(leaf)

    def word(self, content: str, names: Sequence[str], stemmed: bool) -> Plan:
        found = list(text.words(content))
        if len(found) != 1:
            return _any_row([row for name in names for row in self.rows(t.Phrase(content), name)])
        surface, raw = found[0].surface, found[0].raw
        if text.grouped(surface):
            return _any_row([row for name in names for row in self.rows(t.Word(content), name)])
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

    def fuzzy(self, content: str, edits: int, names: Sequence[str]) -> Plan:
        """The nearer a word is to what was typed, the more it counts."""
        typed = text.fold(content)
        found = self.fitting(f"{content}~{edits}", "", patterns.fuzzy(typed, edits), names)
        worth = {word: 1 / (1 + patterns.distance(typed, word)) ** 2 for word in found}
        return Terms(
            tuple(Term(name, word, WEIGHTS.get(name, 1.0) * worth[word]) for word in found for name in names)
        )

    def places(self, tree: t.Node, field: fields.Field | None, times: int, counted: bool) -> Plan:
        names = (field.name,) if field else PLACED
        spots = chain.from_iterable(self.spots(tree, name, counted) for name in names)
        return Places(tuple(dict.fromkeys(spots)), times)

    def spots(self, tree: t.Node, name: str, counted: bool = False) -> tuple[Spot, ...]:
        """The places of a tree in a text. Nearness is found on both sides, or, to be counted, on its left."""
        match tree:
            case t.Or(nodes):
                return _merged(chain.from_iterable(self.spots(node, name, counted) for node in nodes))
            case t.First(words, node):
                return tuple(_with(spot, First(words)) for spot in self.spots(node, name, counted))
            case t.Near(left, right, within, ordered, negated):
                ones, others = self.spots(left, name), self.spots(right, name)
                behind = Near(others, within, "after" if ordered else "any", negated)
                found = tuple(_with(spot, behind) for spot in ones)
                if negated or counted:
                    return found
                before = Near(ones, within, "before" if ordered else "any")
                return (*found, *(_with(spot, before) for spot in others))
            case t.Word() | t.Phrase() | t.Loose() | t.Exact() | t.Wild() | t.Fuzzy() | t.Regex():
                return (Spot(tuple(self.rows(tree, name)), weight=WEIGHTS.get(name, 1.0)),)
            case _:
                raise ValueError(f"not a place in a text: {tree}")

    def rows(self, leaf: t.Leaf, name: str) -> Iterator[Row]:
        """The rows of words that a leaf stands for in a field of words."""
        weight = WEIGHTS.get(name, 1.0)
        match leaf:
            case t.Word(content):
                yield from self.rows(t.Phrase(content), name)
                found = list(text.words(content))
                if len(found) == 1 and fields.BY_NAME[name].kind == "text":
                    yield from (
                        Row(name + STEM, (stem,), weight) for stem in text.stems(found[0].raw, self.languages)
                    )
                    yield from (Row(name, words, weight) for words in text.grouped(found[0].surface))
            case t.Exact(content):
                yield Row(
                    name + EXACT,
                    tuple(text.written(content[word.start : word.end]) for word in text.words(content)),
                    weight,
                )
            case t.Phrase(content) if "*" not in content:
                yield from _row(name, [word.surface for word in text.words(content)], weight)
            case t.Phrase(content):
                yield from self.product(content, [self.slot(piece, name) for piece in content.split()], name)
            case t.Wild(pattern):
                pieces = [piece for piece in re.split(r"[^\w*?]+", pattern) if piece]
                yield from self.product(pattern, [self.slot(piece, name, "*?") for piece in pieces], name)
            case t.Regex(pattern):
                fitting = self.fitting(f"/{pattern}/", "", patterns.regex(pattern), (name,))
                yield from (Row(name, (word,), weight) for word in fitting)
            case t.Fuzzy(content, edits):
                near = patterns.fuzzy(text.fold(content), edits)
                yield from (
                    Row(name, (word,), weight) for word in self.fitting(f"{content}~{edits}", "", near, (name,))
                )
            case t.Loose(content):
                yield from self.rows(t.Phrase(content), name)
            case _:
                assert_never(leaf)

    def slot(self, piece: str, name: str, wild: str = "*") -> list[tuple[str, ...]]:
        """What may stand in the place of one piece of a phrase or pattern."""
        if not any(sign in piece for sign in wild):
            return [tuple(word.surface for word in text.words(piece))]
        if set(piece) == {"*"}:
            return [(ANY,)]
        if text.unspaced(bare := piece.strip("*")):  # 北京*: each character is a word, and more may follow anyway
            return [tuple(word.surface for word in text.words(bare))]
        return [(word,) for word in self.fitting(piece, *patterns.wild(piece, text.fold), (name,))]

    def product(self, typed: str, slots: Sequence[Sequence[tuple[str, ...]]], name: str) -> Iterator[Row]:
        """Every row that the slots allow."""
        rows = list(islice(product(*slots), WIDEST + 1))
        if len(rows) > WIDEST:
            message = f"wildcards that fit more than {WIDEST:,} rows of words: {typed}"
            raise QueryError(message, typed, (0, len(typed)), "add letters")
        for row in rows:
            yield from _row(name, list(chain.from_iterable(row)), WEIGHTS.get(name, 1.0))

    def fitting(self, typed: str, prefix: str, fits: patterns.Fits, names: Sequence[str]) -> list[str]:
        """The words of these fields that fit a pattern, sorted."""
        found = {word for name in names for word in fits(self.lookup(name, prefix))}
        if len(found) > WIDEST:
            message = f"a pattern that fits {len(found):,} words: {typed}"
            raise QueryError(message, typed, (0, len(typed)), f"add letters: at most {WIDEST:,} are searched")
        return sorted(found)


def scaled(plan: Plan, factor: float) -> Plan:
    """The plan, with so many times the weight."""
    match plan:
        case Terms() | Row() | Close():
            return replace(plan, weight=plan.weight * factor)
        case Places(spots):
            return replace(plan, spots=tuple(replace(spot, weight=spot.weight * factor) for spot in spots))
        case And(nodes) | Or(nodes):
            return replace(plan, nodes=tuple(scaled(node, factor) for node in nodes))
        case Not() | Value() | Range() | Repeated():
            return plan
        case _:
            assert_never(plan)


def _row(name: str, words: list[str], weight: float) -> Iterator[Row]:
    """A row of words; any word before the first that is given, or behind the last, says nothing."""
    while words and words[0] == ANY:
        del words[0]
    while words and words[-1] == ANY:
        del words[-1]
    if words:
        yield Row(name, tuple(words), weight)


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
