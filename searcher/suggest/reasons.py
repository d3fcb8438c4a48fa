"""Why does a query find nothing? The counts of its parts, a line each: "kerry 12 · sochi 3 · both 0".

Lines go as deep as there is something to say: a clause that rules everything out by itself is taken apart in the
next line. Fields are first moved to the leaves, so that `title:(kerry sochi)` has two clauses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations, islice

from searcher.query.tree import (
    And,
    AtLeast,
    Boost,
    DateRange,
    Everything,
    First,
    InField,
    Near,
    Node,
    Not,
    NumberRange,
    Or,
    Word,
    conj,
    disj,
    neg,
)
from searcher.suggest import leaves
from searcher.suggest.asking import Asked, span
from searcher.suggest.lines import Line, Part, line
from searcher.suggest.widening import at, beginning, distance, found, mentions

LINES = 4
"""The most that is said about one query."""

SHOWN = 6
"""How many clauses a line names; of more, those that find least."""

TAKEN = 6
"""How many clauses are left out in turn, or tried in pairs."""

FARTHEST = 999_999
"""Words between two that need only stand in the same text."""


def why_nothing(tree: Node, asked: Asked) -> Iterator[str]:
    """Why a query finds nothing, a line each; every number is the count of a query."""
    yield from map(str, why(tree, asked))


def why(tree: Node, asked: Asked) -> list[Line]:
    """As why_nothing(), with the trees that were counted."""
    if not asked.total(Everything()):
        return [Line((), "the archive holds no articles")]
    return list(islice(_new(_of(spread(tree), asked)), LINES))


def _new(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines that say what none before them has said."""
    seen = set[Node]()
    for one in lines:
        fresh = [part for part in one.parts if part.tree not in seen]
        repeats = len(fresh) < len(one.parts) and not any(part.total for part in fresh)
        if not repeats or one.said not in ("", leaves.NOWHERE):
            yield one
        seen |= {part.tree for part in fresh}


def spread(tree: Node, field: str | None = None) -> Node:
    """The tree without boosts, and with the fields of groups given to their clauses."""
    match tree:
        case And(nodes):
            return conj(spread(node, field) for node in nodes)
        case Or(nodes):
            return disj(spread(node, field) for node in nodes)
        case Not(node):
            return neg(spread(node, field))
        case Boost(node):
            return spread(node, field)
        case InField(name, node):
            return spread(node, name)
        case DateRange() | NumberRange() | Everything():
            return tree
    return at(tree, field)


def _of(tree: Node, asked: Asked) -> Iterator[Line]:
    """What is to be said about a part that finds nothing."""
    match tree:
        case And(nodes):
            yield from _all(nodes, asked)
        case Or(nodes):
            yield from line(asked, nodes)
            for node in nodes:
                yield from _of(node, asked)
        case Not(node):
            yield from line(asked, [node], [Part("all articles", Everything())])
        case DateRange() | NumberRange():
            yield from _range(tree, asked)
        case InField(field, node):
            yield from _placed(node, field, asked)
        case _:
            yield from _placed(tree, None, asked)


def _placed(node: Node, field: str | None, asked: Asked) -> Iterator[Line]:
    """What is to be said about words, or nearness, in a field or in none."""
    elsewhere = list(leaves.in_field(node, field, asked)) if field else []
    if elsewhere:
        yield from elsewhere
        return
    match node:
        case Near():
            yield from _near(node, field, asked)
        case AtLeast(times, inner):
            yield from _called(node, inner, mentions(times), field, asked)
        case First(words, inner):
            yield from _called(node, inner, beginning(words), field, asked)
        case _:
            yield from leaves.leaf(node, field, asked)


def _all(nodes: Sequence[Node], asked: Asked) -> Iterator[Line]:
    """Clauses: how many each finds; those that find nothing by themselves, or whatever one of them rules out."""
    number = f"all {len(nodes)} together" if len(nodes) > SHOWN else "all"
    together = Part("both" if len(nodes) == 2 else number, conj(nodes))
    counted = [(asked.total(node), node) for node in nodes]
    chosen = nodes
    if len(nodes) > SHOWN:
        least = sorted((total, at_) for at_, (total, _) in enumerate(counted) if total is not None)[:SHOWN]
        chosen = [nodes[at_] for _, at_ in sorted(least, key=lambda pair: pair[1])]
    yield from line(asked, chosen, [together])
    missing = [node for total, node in counted if total == 0]
    for node in missing:
        yield from _of(node, asked)
    if not missing:
        yield from _without_one(nodes[:TAKEN], nodes, asked)


def _without_one(tried: Sequence[Node], nodes: Sequence[Node], asked: Asked) -> Iterator[Line]:
    """What the others find without one clause; the dates of what a date rules out; or two that never meet."""
    rests = [(node, conj(other for other in nodes if other is not node)) for node in tried]
    helps = [(node, rest) for node, rest in rests if asked.total(rest)]
    helps.sort(key=lambda pair: -(asked.total(pair[1]) or 0))
    parts = [Part(f"without {node}", rest) for node, rest in helps if not isinstance(node, DateRange)]
    if len(nodes) > 2 and parts:
        yield from line(asked, [], parts[:3])
    for node, rest in helps:
        if isinstance(node, DateRange) and node.field == "date":
            yield from line(asked, [], [Part(f"without {node}", rest)], _dated(rest, asked))
    if not helps:
        pairs = (conj(pair) for pair in combinations(tried, 2))
        yield from line(asked, list(islice((pair for pair in pairs if asked.total(pair) == 0), 3)))


def _dated(tree: Node, asked: Asked, said: str = "dated") -> str:
    days = span(asked.dates(tree))
    return f"{said} {_from_to(days)}" if days else "none of these has a date"


def _from_to(days: tuple[date, date]) -> str:
    return " to ".join(dict.fromkeys(day.isoformat() for day in days))


def _range(node: DateRange | NumberRange, asked: Asked) -> Iterator[Line]:
    """Dates and numbers: what the archive holds, before the range and behind it."""
    if not asked.total(InField("has", Word(node.field))):
        yield from line(asked, [node], said=f"{node.field} is empty in this archive")
    elif isinstance(node, DateRange) and node.field == "date":
        yield from line(asked, [node], said=_dated(Everything(), asked, "this archive goes from"))
    else:
        yield from line(asked, [node, *_beside(node)])


def _beside(node: DateRange | NumberRange) -> Iterator[Node]:
    match node:
        case DateRange(field, first, last):
            if first and first > date.min:
                yield DateRange(field, None, first - timedelta(days=1))
            if last and last < date.max:
                yield DateRange(field, last + timedelta(days=1), None)
        case NumberRange(field, low, high):
            if low:
                yield NumberRange(field, None, low - 1)
            if high is not None:
                yield NumberRange(field, high + 1, None)


def _near(node: Near, field: str | None, asked: Asked) -> Iterator[Line]:
    """Both sides, both together, as near as was asked, and as near as they come."""
    left, right = at(node.left, field), at(node.right, field)
    missing = [side for side in ([left] if node.negated else [left, right]) if asked.total(side) == 0]
    both = Part("both", conj([left, right]))
    if missing or not asked.total(both.tree):
        yield from line(asked, [left, right], [] if missing else [both])
        for side in missing:
            yield from _of(spread(side), asked)
        return
    nearer = found(node, field, asked)
    farthest = Near(node.left, node.right, FARTHEST)
    last = [Part(nearer.said, at(nearer.node, field))] if nearer else []
    if not nearer and not node.negated:
        last = [Part("in one text", at(farthest, field))]
    yield from line(asked, [left, right], [both, Part(_asked_for(node), at(node, field)), *last])


def _asked_for(node: Near) -> str:
    said = ("not " if node.negated else "") + distance(node.within)
    return f"{said} in this order" if node.ordered else said


def _called(call: Node, inner: Node, said: str, field: str | None, asked: Asked) -> Iterator[Line]:
    """So many mentions, or in the beginning: how many have it at all, and what is nearest to it."""
    node = at(inner, field)
    if asked.total(node) == 0:
        yield from _of(spread(node), asked)
        return
    less = found(call, field, asked)
    more = [Part(less.said, at(less.node, field))] if less else []
    yield from line(asked, [node], [Part(said, at(call, field)), *more])
