"""What is a query made of? The tree, and its canonical text: `parse(str(tree)).tree == tree` for every tree.

Build And, Or and Not with `conj`, `disj` and `neg`: they keep a tree in the one form that has one text.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, assert_never


@dataclass(frozen=True, slots=True)
class Word:
    """A word, stemmed. `text` is in lower case and may hold several ("al-assad"): then they stand in a row."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Surface forms in a row, in lower case; in a field of whole values, the value."""

    text: str

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Wild:
    """A pattern for one word: `*` is any letters, `?` is one."""

    pattern: str

    def __str__(self) -> str:
        return self.pattern


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole value of a field, as it is shown; case is ignored."""

    text: str

    def __str__(self) -> str:
        return f'="{self.text}"'


@dataclass(frozen=True, slots=True)
class InField:
    """The node, looked for in one field (canonical name) only; a field named further in wins."""

    field: str
    node: Node

    def __str__(self) -> str:
        return f"{self.field}:{_atom(self.node)}"


@dataclass(frozen=True, slots=True)
class DateRange:
    """Dates from `first` to `last`, both included; None is open."""

    field: str
    first: date | None
    last: date | None

    def __str__(self) -> str:
        return f"{self.field}:{_period(self.first, self.last)}"


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers from `low` to `high`, both included; None is open."""

    field: str
    low: int | None
    high: int | None

    def __str__(self) -> str:
        if self.low == self.high and self.low is not None:
            return f"{self.field}:{self.low}"
        low, high = ("" if end is None else end for end in (self.low, self.high))
        return f"{self.field}:{low}..{high}"


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article."""

    def __str__(self) -> str:
        return "*"


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more nodes, none of them an And."""

    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(_atom(node) for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Or:
    """One of two or more nodes, none of them an Or."""

    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(_atom(node) for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Not:
    """Articles without the node, which is no Not."""

    node: Node

    def __str__(self) -> str:
        return f"-{_atom(self.node)}"


Node: TypeAlias = Word | Phrase | Wild | Whole | InField | DateRange | NumberRange | Everything | And | Or | Not


def conj(nodes: Iterable[Node]) -> Node:
    """All of the nodes: nested Ands are made one; one node is itself; none is everything."""
    return _join(And, nodes) or Everything()


def disj(nodes: Iterable[Node]) -> Node:
    """One of the nodes, of which there must be at least one."""
    joined = _join(Or, nodes)
    if joined is None:
        raise ValueError("disj() of no nodes")
    return joined


def neg(node: Node) -> Node:
    """Not the node; two negations cancel out."""
    return node.node if isinstance(node, Not) else Not(node)


def _join(kind: type[And] | type[Or], nodes: Iterable[Node]) -> Node | None:
    flat: list[Node] = []
    for node in nodes:
        flat += node.nodes if isinstance(node, kind) else [node]
    return kind(tuple(flat)) if len(flat) > 1 else flat[0] if flat else None


def _atom(node: Node) -> str:
    match node:
        case And() | Or():
            return f"({node})"
        case Not() | InField() | DateRange() | NumberRange() | Everything() | Word() | Phrase() | Wild() | Whole():
            return str(node)
        case _:
            assert_never(node)


def _period(first: date | None, last: date | None) -> str:
    """The shortest text of a range: a year, a month, a day, or two of them around two dots."""
    left = "" if first is None else _shortest(first, 1, 1)
    if last is None:
        return f"{left}.."
    month_end = calendar.monthrange(last.year, last.month)[1]
    right = _shortest(last, 12, month_end)
    return left if left == right else f"{left}..{right}"


def _shortest(day: date, month: int, month_day: int) -> str:
    """The day as a year or a month where it stands at the edge of one that is named by these numbers."""
    if day.day != month_day:
        return day.isoformat()
    return f"{day.year:04}" if day.month == month else f"{day.year:04}-{day.month:02}"
