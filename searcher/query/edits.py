"""How is a query narrowed or widened? By editing its tree: the only way a facet, a flag or a slider filters."""

from __future__ import annotations

from searcher import fields
from searcher.model import When
from searcher.query.tree import And, DateRange, Exact, InField, Node, conj


def narrow(tree: Node, field: str, value: str) -> Node:
    """The tree, and the whole `value` in `field`.

    >>> from searcher.query.tree import Word
    >>> str(narrow(Word("kerry"), "person", "John Kerry"))
    'kerry person:="John Kerry"'
    """
    if field in fields.PERIODS:
        when = When(value, "", 1.0)
        return conj([tree, DateRange("date", when.first(), when.last())])
    return conj([tree, InField(field, Exact(value.replace('"', " ")))])


def without(tree: Node, field: str) -> Node:
    """The tree without the clauses, at its top, that are about `field` alone; everything if no other is left.

    Years, months and days are about the date.
    """
    name = "date" if field in fields.PERIODS else field
    nodes = tree.nodes if isinstance(tree, And) else (tree,)
    return conj(node for node in nodes if not (isinstance(node, InField | DateRange) and node.field == name))
