"""What may stand beside a nearness operator, or in atleast3(…) and first50(…)? And what is made of the rest.

Those ask for places in one text: words and phrases, patterns, any of several, other nearness. A field, AND and NOT
are moved outwards where that means the same, or the only thing that can be meant; the reading is a note. What has
no place at all (a date, a source) is joined by AND, with a note too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from searcher import fields
from searcher.query.tree import (
    And,
    AtLeast,
    Boost,
    Exact,
    First,
    Fuzzy,
    InField,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Regex,
    Wild,
    Word,
    boosted,
    conj,
    neg,
)

CHAIN = 8
"""Nearness operators that may stand in each other: the work doubles with each."""

MOST = 64
"""Pairs that one operator between groups may stand for."""

Note = Callable[[str], None]


def shown(node: Node) -> str:
    """The text of a node as a note says it."""
    text = str(node)
    return text if len(text) <= 300 else text[:299] + "…"


def is_placed(node: Node) -> bool:
    """Whether the node is found at places of a text."""
    match node:
        case Word() | Phrase() | Exact() | Wild() | Fuzzy() | Regex():
            return True
        case Or(nodes):
            return all(map(is_placed, nodes))
        case Near(left, right):
            return is_placed(left) and is_placed(right)
        case First(_, inner):
            return is_placed(inner)
        case _:
            return False


def near(shape: Near, note: Note) -> Node:
    """The nearness that is meant by one that was typed, whatever stands on its sides."""
    why = "needs words on both sides"
    if _chain(shape) > CHAIN:
        why = f"is one of more than {CHAIN} in a chain"
    elif _width(shape.left) * _width(shape.right) > MOST:
        why = f"stands for more than {MOST} pairs"
    elif (made := _near(shape)) is not None:
        return _told(shape, made, note)
    note(f"{shape.operator} {why}: read as AND")
    return conj([shape.left, neg(shape.right) if shape.negated else shape.right])


def _told(shape: Near, made: Node, note: Note) -> Node:
    if made != shape and not isinstance(made, Boost) and not _same_field(shape):
        note(f"{shape.operator} stands between words: read as {shown(made)}")
    return made


def _width(node: Node) -> int:
    """How many nodes stand side by side in the Ands of a node."""
    match node:
        case And(nodes):
            return sum(map(_width, nodes))
        case InField(_, inner) | Boost(inner) | Not(inner):
            return _width(inner)
        case _:
            return 1


def _chain(node: Node) -> int:
    match node:
        case Near(left, right):
            return 1 + _chain(left) + _chain(right)
        case Or(nodes) | And(nodes):
            return max(map(_chain, nodes))
        case InField(_, inner) | First(_, inner) | AtLeast(_, inner) | Boost(inner) | Not(inner):
            return _chain(inner)
        case _:
            return 0


def _same_field(shape: Near) -> bool:
    left, right = shape.left, shape.right
    return isinstance(left, InField) and isinstance(right, InField) and left.field == right.field


def _near(shape: Near) -> Node | None:
    match shape.left, shape.right:
        case (And(nodes), _):
            return _each([replace(shape, left=node) for node in nodes])
        case (_, And(nodes)):
            return _each([replace(shape, right=node) for node in nodes])
        case (Not(node), right) if not isinstance(right, Not):
            inner = _near(replace(shape, left=node))
            return neg(inner) if inner else None
        case (_, Not(node)) if not shape.negated:
            return _near(replace(shape, right=node, negated=True))
        case (Boost(node, factor), _):
            inner = _near(replace(shape, left=node))
            return boosted(inner, factor) if inner else None
        case (_, Boost(node, factor)):
            inner = _near(replace(shape, right=node))
            return boosted(inner, factor) if inner else None
        case (InField(), _) | (_, InField()):
            return _in_one_field(shape)
    return shape if is_placed(shape) else None


def _each(shapes: list[Near]) -> Node | None:
    made = [_near(shape) for shape in shapes]
    return conj(node for node in made if node) if all(made) else None


def _in_one_field(shape: Near) -> Node | None:
    """Nearness is within one text: the field of one side is that of both."""
    sides = (shape.left, shape.right)
    named = {side.field for side in sides if isinstance(side, InField)}
    if len(named) > 1 or fields.BY_NAME[min(named)].kind != "text":
        return None
    left, right = (side.node if isinstance(side, InField) else side for side in sides)
    inner = _near(replace(shape, left=left, right=right))
    return InField(min(named), inner) if inner else None


def within(call: AtLeast | First, note: Note) -> Node:
    """What is meant by atleast3(…) or first50(…) of this node; the node alone where they have no meaning."""
    made = _within(call)
    if made is None:
        note(f"{_name(call)} needs words in its brackets and was left out")
        return call.node
    if made != call and not isinstance(call.node, InField | AtLeast | Boost):
        note(f"{_name(call)} is asked of each: read as {shown(made)}")
    return made


def _name(call: AtLeast | First) -> str:
    return f"atleast{call.times}" if isinstance(call, AtLeast) else f"first{call.words}"


def _within(call: AtLeast | First) -> Node | None:
    match call.node:
        case And(nodes):
            made = [_within(replace(call, node=node)) for node in nodes]
            return conj(node for node in made if node) if all(made) else None
        case Boost(node, factor):
            inner = _within(replace(call, node=node))
            return boosted(inner, factor) if inner else None
        case InField(field, node) if fields.BY_NAME[field].kind == "text":
            inner = _within(replace(call, node=node))
            return InField(field, inner) if inner else None
        case AtLeast(times, node) if isinstance(call, First):
            inner = _within(replace(call, node=node))
            return AtLeast(times, inner) if inner else None
        case node if is_placed(node):
            return call
    return None
