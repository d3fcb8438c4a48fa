"""How is a query narrowed or widened? By editing its tree: the only way a facet, a flag or a slider filters."""

from __future__ import annotations

from collections.abc import Callable

from searcher.query.tree import And, DateRange, InField, Node, Whole, conj


def narrow(tree: Node, field: str, value: str) -> Node:
    """The tree, and the whole `value` in `field`.

    >>> from searcher.query.tree import Word
    >>> str(narrow(Word("kerry"), "person", "John Kerry"))
    'kerry person:="John Kerry"'
    """
    return conj([tree, InField(field, Whole(value.replace('"', " ")))])


def without(tree: Node, field: str) -> Node:
    """The tree without the clauses, at its top, that are about `field` alone; everything if no other is left.

    Years, months and days are about the date.
    """
    dated = field in ("date", "year", "month", "day")
    return _keep(tree, lambda node: not (_is_about(node, field) or (dated and isinstance(node, DateRange))))


def _is_about(node: Node, field: str) -> bool:
    return isinstance(node, InField) and node.field == field


def _keep(tree: Node, wanted: Callable[[Node], bool]) -> Node:
    nodes = tree.nodes if isinstance(tree, And) else (tree,)
    return conj(node for node in nodes if wanted(node))
