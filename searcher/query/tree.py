"""What is a query made of? The tree, and its canonical text: `parse(str(tree)).tree == tree` for every tree.

Build And, Or, Not and Boost with `conj`, `disj`, `neg` and `boosted`: they keep a tree in the one form that has one
text. What may stand beside a nearness operator, or in atleast3(…), is in `nearness`.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, assert_never


@dataclass(frozen=True, slots=True)
class Word:
    """A word, stemmed. `text` is in lower case and may hold several ("al-assad"): then they stand in a row."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Surface forms in a row, in lower case; a word may have `*` in it, and `*` alone is any one word.

    In a field of whole values, the value.
    """

    text: str

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Loose:
    """The words of a phrase in any order, with at most `slack` other words between the first and the last."""

    text: str
    slack: int

    def __str__(self) -> str:
        return f'"{self.text}"~{self.slack}'


@dataclass(frozen=True, slots=True)
class Exact:
    """Words in a row exactly as they are written: case and accents count.

    In a field of whole values or names, a whole value as it is shown, case ignored.
    """

    text: str

    def __str__(self) -> str:
        return f"=«{self.text}»" if '"' in self.text else f'="{self.text}"'


@dataclass(frozen=True, slots=True)
class Wild:
    """A pattern for one word: `*` is any letters, `?` is one."""

    pattern: str

    def __str__(self) -> str:
        return self.pattern


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words that are at most `edits` (1 or 2) edits away: a letter more, less or another one, or two swapped."""

    text: str
    edits: int

    def __str__(self) -> str:
        return f"{self.text}~{self.edits}"


@dataclass(frozen=True, slots=True)
class Regex:
    """Words that a regular expression fits from their first letter to their last; case and accents are ignored."""

    pattern: str

    def __str__(self) -> str:
        return f"/{self.pattern}/"


@dataclass(frozen=True, slots=True)
class InField:
    """The node, looked for in one field (canonical name) only; a field named further in wins."""

    field: str
    node: Node

    def __str__(self) -> str:
        return f"{self.field}:{_tight(self.node)}"


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


Within: TypeAlias = int | Literal["sentence", "paragraph"]
"""How near is near: the most words that may lie between, or what both must stand in."""


@dataclass(frozen=True, slots=True)
class Near:
    """`left` with `right` near it, in one text; `ordered`: behind it; `negated`: with no `right` near it."""

    left: Node
    right: Node
    within: Within
    ordered: bool = False
    negated: bool = False

    @property
    def operator(self) -> str:
        """The operator as it is typed."""
        unit = self.within if isinstance(self.within, int) else self.within[0]
        plain = "pre/" if self.ordered else "/" if isinstance(unit, str) else "w/"
        return f"{'NOT ' if self.negated else ''}{plain}{unit}"

    def __str__(self) -> str:
        return f"{_operand(self.left)} {self.operator} {_operand(self.right)}"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Articles that mention the node so many times, headline and text together."""

    times: int
    node: Node

    def __str__(self) -> str:
        return f"atleast{self.times}({self.node})"


@dataclass(frozen=True, slots=True)
class First:
    """The node within the first `words` words of the headline, or of the text."""

    words: int
    node: Node

    def __str__(self) -> str:
        return f"first{self.words}({self.node})"


@dataclass(frozen=True, slots=True)
class Boost:
    """The node, which counts `factor` times as much in the ranking; 0.001 to 9999, at most three decimals."""

    node: Node
    factor: float

    def __str__(self) -> str:
        return f"{_operand(self.node)}^{f'{self.factor:.3f}'.rstrip('0').rstrip('.')}"


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
        return f"-{_tight(self.node)}"


Leaf: TypeAlias = Word | Phrase | Loose | Exact | Wild | Fuzzy | Regex
"""What one or several words in a text are."""

Node: TypeAlias = (
    Leaf | InField | DateRange | NumberRange | Near | AtLeast | First | Boost | Everything | And | Or | Not
)


def walk(tree: Node) -> Iterator[Node]:
    """The tree, and every node in it."""
    yield tree
    match tree:
        case And(nodes) | Or(nodes):
            inner: tuple[Node, ...] = nodes
        case Near(left, right):
            inner = (left, right)
        case Not(node) | InField(_, node) | Boost(node) | AtLeast(_, node) | First(_, node):
            inner = (node,)
        case _:
            return
    for node in inner:
        yield from walk(node)


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


def boosted(node: Node, factor: float) -> Node:
    """The node, which counts so many times as much; negations and ranges do not count and stay as they are."""
    if isinstance(node, Boost):
        return boosted(node.node, node.factor * factor)
    factor = min(max(round(factor, 3), 0.001), 9999.0)
    if factor == 1 or isinstance(node, Not | DateRange | NumberRange | Everything):
        return node
    return Boost(node, factor)


def _join(kind: type[And] | type[Or], nodes: Iterable[Node]) -> Node | None:
    flat: list[Node] = []
    for node in nodes:
        flat += node.nodes if isinstance(node, kind) else [node]
    return kind(tuple(flat)) if len(flat) > 1 else flat[0] if flat else None


def _atom(node: Node) -> str:
    """The node as it stands behind a field or a dash, or beside others."""
    return f"({node})" if isinstance(node, And | Or) else str(node)


def _tight(node: Node) -> str:
    """As _atom(), where nearness would not hold together either."""
    return f"({node})" if isinstance(node, And | Or | Near) else str(node)


def _operand(node: Node) -> str:
    """As _tight(), where a field or a boost would not either."""
    match node:
        case And() | Or() | Near() | InField() | Boost() | Not() | DateRange() | NumberRange() | Everything():
            return f"({node})"
        case Word() | Phrase() | Loose() | Exact() | Wild() | Fuzzy() | Regex() | AtLeast() | First():
            return str(node)
        case _:
            assert_never(node)


def _period(first: date | None, last: date | None) -> str:
    """The shortest text of a range: a year, a month, a day, or two of them around two dots."""
    if first and last and (first == last or _is_month(first, last)):
        return first.isoformat()[: 10 if first == last else 7]
    left = "" if first is None else _shortest(first, 1, 1)
    if last is None:
        return f"{left}.."
    month_end = calendar.monthrange(last.year, last.month)[1]
    right = _shortest(last, 12, month_end)
    return left if left == right else f"{left}..{right}"


def _is_month(first: date, last: date) -> bool:
    return first.day == 1 and last == first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _shortest(day: date, month: int, month_day: int) -> str:
    """The day as a year or a month where it stands at the edge of one that is named by these numbers."""
    if day.day != month_day:
        return day.isoformat()
    return f"{day.year:04}" if day.month == month else f"{day.year:04}-{day.month:02}"
