"""What was perhaps meant by a query that finds nothing? Other queries, near to it, each of which finds something.

First what may be misspelled is spelled as this archive does; then a little less is asked for in one place
(nearness, writing, a field, the date); then one clause is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, pairwise
from typing import TypeAlias

from searcher import fields
from searcher.errors import QueryError
from searcher.model import When
from searcher.query import parse
from searcher.query.dates import Calendar
from searcher.query.tree import (
    And,
    AtLeast,
    Boost,
    DateRange,
    Everything,
    Exact,
    First,
    Fuzzy,
    InField,
    Loose,
    Near,
    Node,
    Not,
    NumberRange,
    Or,
    Phrase,
    Regex,
    Wild,
    Word,
    boosted,
    conj,
    disj,
)
from searcher.suggest import spelling
from searcher.suggest.asking import Asked
from searcher.suggest.leaves import elsewhere
from searcher.suggest.widening import at, found, longest_run, words_of

MOST = 3
"""How many queries are suggested."""

TRIED = 60
"""How many queries are tried."""

SAME = 20
"""Queries that find as many articles, and the same so many newest, find the same."""

MISSPELLED = 6
"""How many words of a query may be misspelled."""

RARE = 3
"""In how many articles a misspelled word may stand, and how many times as frequent is the right one."""

COMMONER = 20

CLAUSES = 8
"""How many clauses are left out in turn."""

_LEAVES = (Word, Phrase, Loose, Exact, Fuzzy, Wild)
"""What may be misspelled."""


_RANGES = (Regex, DateRange, NumberRange, Not)
"""What else a clause may be."""


def instead(tree: Node, asked: Asked, most: int = MOST) -> Iterator[str]:
    """Queries that find something where `tree` does not, the likeliest first; no two find the same articles."""
    seen, worded = set[object](), _has_words(tree)
    for other in islice(_candidates(tree, asked), TRIED):
        if len(seen) >= most or asked.spent:
            return
        if other == tree or (worded and not _has_words(other)) or not _reads_back(other):
            continue
        if asked.total(other):
            finds = asked.total(other), asked.newest(other, SAME)
            if finds not in seen:
                seen.add(finds)
                yield str(other)


def _has_words(tree: Node) -> bool:
    """Whether something is looked for, and not only narrowed by a date or a source."""
    kinds = [fields.BY_NAME[one.field].kind if one.field else "text" for one in _places(tree) if _is_leaf(one)]
    return any(kind in ("text", "name") for kind in kinds)


def _is_leaf(place: _Place) -> bool:
    return isinstance(place.node, (*_LEAVES, Regex))


def _reads_back(tree: Node) -> bool:
    """Whether the query's text is read as the same query, and as no other than is meant."""
    if isinstance(tree, Everything):
        return False
    try:
        return parse(str(tree), Calendar(date.min)).tree == tree
    except QueryError:
        return False


def _candidates(tree: Node, asked: Asked) -> Iterator[Node]:
    best = _likes(tree, asked)
    spelled = _swapped(tree, {key: some[0] for key, some in best.items()})
    yield spelled
    seconds = ((key[0], some[0], some[1]) for key, some in best.items() if len(some) > 1)
    for field, first, second in islice(seconds, 1):
        yield _swapped(spelled, {(field, first): second})
    yield from _joined(tree)
    bases = [tree] if spelled == tree or asked.total(spelled) else [spelled, tree]
    for base in bases:
        yield from _less(base, asked)
        yield from _dated(base, asked)
    yield from _shorter(bases, asked)
    for base in bases:
        yield from _as_many(base, asked)


Key: TypeAlias = tuple[str | None, Node]
"""A leaf, and the field it is looked for in."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A node of a tree, the field it is looked for in, and the tree with another in its place."""

    node: Node
    field: str | None
    put: Callable[[Node], Node]


def _places(
    tree: Node, field: str | None = None, put: Callable[[Node], Node] = lambda node: node
) -> Iterator[_Place]:
    """Every node of a tree but what is negated, from the top down."""
    yield _Place(tree, field, put)
    match tree:
        case And(nodes) | Or(nodes):
            join = conj if isinstance(tree, And) else disj
            for number, node in enumerate(nodes):

                def swap(new: Node, number: int = number) -> Node:
                    return put(join([*nodes[:number], new, *nodes[number + 1 :]]))

                yield from _places(node, field, swap)
        case InField(name, node):
            yield from _places(node, name, lambda new: put(InField(name, new)))
        case Boost(node, factor):
            yield from _places(node, field, lambda new: put(boosted(new, factor)))
        case AtLeast(_, node) | First(_, node):
            yield from _places(node, field, lambda new: put(replace(tree, node=new)))
        case Near(left, right):
            yield from _places(left, field, lambda new: put(replace(tree, left=new)))
            if not tree.negated:
                yield from _places(right, field, lambda new: put(replace(tree, right=new)))


def _is_doubtful(place: _Place, asked: Asked) -> bool:
    """Whether a leaf may be misspelled: the archive does not have it, or hardly, as it misspells some words too."""
    rare = isinstance(place.node, Word) and not place.field and 0 < (asked.total(place.node) or 0) <= RARE
    return rare or _is_unknown(place, asked)


def _is_unknown(place: _Place, asked: Asked) -> bool:
    """Whether a leaf finds nothing by itself; a word that stands in another field is none."""
    if not isinstance(place.node, _LEAVES) or asked.total(at(place.node, place.field)) != 0:
        return False
    if place.field and fields.BY_NAME[place.field].kind == "text":
        return not asked.total(place.node)
    return True


def _likes(tree: Node, asked: Asked) -> dict[Key, list[Node]]:
    """What may be meant by each leaf that finds nothing, or hardly anything where others find much."""
    meant: dict[Key, list[Node]] = {}
    for place in islice(filter(lambda place: _is_doubtful(place, asked), _places(tree)), MISSPELLED):
        key = (place.field, place.node)
        if _is_unknown(place, asked) and isinstance(place.node, _LEAVES):
            less = found(place.node, place.field, asked)
            likes = spelling.likes(place.node, place.field, asked)
            meant[key] = likes or ([less.node] if less else [])
        elif isinstance(place.node, Word):
            meant[key] = [Word(word) for word in spelling.commoner(place.node.text, RARE * COMMONER, asked)]
    return {key: some for key, some in meant.items() if some}


def _swapped(tree: Node, others: Mapping[Key, Node]) -> Node:
    """The tree with other leaves."""
    for place in list(_places(tree)):
        other = others.get((place.field, place.node))
        if other is not None:
            return _swapped(place.put(other), others)
    return tree


def _joined(tree: Node) -> Iterator[Node]:
    """Two words that stand side by side, written as one: "foot ball"."""
    for place in _places(tree):
        nodes = place.node.nodes if isinstance(place.node, And) else ()
        for number, (one, other) in enumerate(pairwise(nodes)):
            if isinstance(one, Word) and isinstance(other, Word):
                yield place.put(conj([*nodes[:number], Word(one.text + other.text), *nodes[number + 2 :]]))


def _less(tree: Node, asked: Asked) -> Iterator[Node]:
    """The tree with a little less asked for in one place; where that is not enough, with the words alone."""
    for place in _places(tree):
        less = found(place.node, place.field, asked)
        if less:
            yield place.put(less.node)
        match place.node:
            case InField(field, node):
                yield from (place.put(part.tree) for part in elsewhere(node, field) if asked.total(part.tree))
            case Near(left, right, negated=False):
                yield place.put(conj([left, right]))
            case Word(content) | Phrase(content) | Loose(content) if len(words_of(content)) > 1:
                run = longest_run(content, place.field, asked)
                if run:
                    yield place.put(run)
                yield place.put(conj(words_of(content)))
        if isinstance(place.node, Word | Phrase) and place.field is None and not asked.total(place.node):
            yield place.put(InField("boilerplate", place.node))


def _dated(tree: Node, asked: Asked) -> Iterator[Node]:
    """The tree with a range of dates that reaches as far as the nearest article that the rest finds."""
    for place in _places(tree):
        if isinstance(place.node, DateRange) and place.node.field == "date":
            dates = asked.dates(place.put(Everything()))
            days = [(when.first(), when.last()) for when in (When(value, "", 1.0) for value in dates)]
            wider = [_reaching(place.node, *one) for one in days]
            if wider:
                yield place.put(min(wider, key=lambda node: _added(place.node, node)))  # type: ignore[arg-type]


def _reaching(span: DateRange, first: date, last: date) -> DateRange:
    """The range with these days in it."""
    start = span.first and min(span.first, first)
    end = span.last and max(span.last, last)
    return DateRange(span.field, start, end)


def _added(span: DateRange, wider: DateRange) -> int:
    """How many days a range has more than another."""
    before = (span.first - wider.first).days if span.first and wider.first else 0
    behind = (wider.last - span.last).days if span.last and wider.last else 0
    return before + behind


def _rests(node: Node) -> Iterator[Node]:
    """A node without one of its clauses, or of its sides."""
    match node:
        case And(nodes):
            for number in range(min(len(nodes), CLAUSES)):
                yield conj([*nodes[:number], *nodes[number + 1 :]])
        case Near(left, right, negated=False):
            yield from (left, right)


def _shorter(trees: list[Node], asked: Asked) -> Iterator[Node]:
    """The trees without one clause, or without what should be near; of those as long those that find most first."""
    made = dict.fromkeys(
        place.put(node) for tree in trees for place in _places(tree) for node in _rests(place.node)
    )
    yield from sorted(islice(made, CLAUSES), key=lambda node: (-_length(node), -(asked.total(node) or 0)))


def _length(tree: Node) -> int:
    return sum(isinstance(place.node, _LEAVES + _RANGES) for place in _places(tree))


def _as_many(tree: Node, asked: Asked) -> Iterator[Node]:
    """As many clauses as go together, in their order."""
    kept: list[Node] = []
    for node in tree.nodes if isinstance(tree, And) else ():
        if asked.total(conj([*kept, node])):
            kept.append(node)
    yield conj(kept)
