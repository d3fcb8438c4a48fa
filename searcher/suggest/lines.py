"""What is a reason? A line of parts of a query, each with its count, and perhaps a word on what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from searcher.query.tree import Node
from searcher.suggest.asking import Asked


class Part(NamedTuple):
    """What is counted, and what it is called."""

    label: str
    tree: Node


class Counted(NamedTuple):
    """A part, and how many articles match it."""

    label: str
    tree: Node
    total: int

    def __str__(self) -> str:
        return f"{self.label} {self.total:,}"


class Line(NamedTuple):
    """A reason. `str()` is what people read."""

    parts: tuple[Counted, ...]
    said: str = ""

    def __str__(self) -> str:
        return " · ".join([*map(str, self.parts), *([self.said] if self.said else [])])


def line(asked: Asked, nodes: Iterable[Node], parts: Iterable[Part] = (), said: str = "") -> Iterator[Line]:
    """One line of nodes, under their own text, and of parts; none where there is nothing to say.

    A pattern that is too wide to be counted alone is left out.
    """
    counted = []
    for part in [*(Part(str(node), node) for node in nodes), *parts]:
        total = asked.total(part.tree)
        if total is not None:
            counted.append(Counted(*part, total))
    if counted or said:
        yield Line(tuple(dict.fromkeys(counted)), said)
