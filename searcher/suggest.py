"""Why was nothing found, and what was perhaps meant? Every suggestion offered has at least one hit."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator

from searcher import fields, text
from searcher.engines import Engine
from searcher.query.tree import And, Everything, InField, Node, Or, Phrase, Word, conj

Total = Callable[[Node], int]
"""How many articles match a tree."""


def why_nothing(tree: Node, total: Total) -> Iterator[str]:
    """The counts of the clauses of a query that found nothing, a line: "kerry 12 · sochi 3 · both 0"."""
    if not isinstance(tree, And):
        return
    parts = [f"{node} {total(node):,}" for node in tree.nodes]
    together = "both" if len(tree.nodes) == 2 else "all"
    yield " · ".join([*parts, f"{together} 0"])


def instead(tree: Node, engine: Engine, total: Total, most: int = 3) -> list[str]:
    """Queries with a word of this archive in the place of one that it does not have, or with a clause left out."""
    found: list[str] = []
    for other in [*_respelled(tree, engine, total), *_without_one(tree)]:
        if len(found) < most and str(other) not in found and total(other):
            found.append(str(other))
    return found


def _respelled(tree: Node, engine: Engine, total: Total) -> Iterator[Node]:
    for leaf in _leaves(tree):
        if not total(leaf):
            for word in _near(leaf, engine):
                yield _replaced(tree, leaf, word)


def _leaves(tree: Node) -> Iterator[Node]:
    match tree:
        case And(nodes) | Or(nodes):
            for node in nodes:
                yield from _leaves(node)
        case Word() | InField(_, Word() | Phrase()):
            yield tree


def _near(leaf: Node, engine: Engine) -> Iterator[Node]:
    """The words, or values, of the archive that are spelled most like the leaf's and begin with the same letter."""
    if isinstance(leaf, InField) and isinstance(leaf.node, Word | Phrase):
        field = fields.BY_NAME[leaf.field]
        typed = text.value(leaf.node.text)
        known = engine.terms(leaf.field, "" if field.kind == "value" else typed[:1])
        for near in difflib.get_close_matches(typed, known, 2, 0.6):
            yield InField(leaf.field, Phrase(near) if " " in near else Word(near))
    elif isinstance(leaf, Word):
        typed = text.fold(leaf.text)
        words = {word for name in ("title", "body") for word in engine.terms(name, typed[:1])}
        for near in difflib.get_close_matches(typed, sorted(words), 2, 0.75):
            yield Word(near)


def _replaced(tree: Node, old: Node, new: Node) -> Node:
    match tree:
        case _ if tree == old:
            return new
        case And(nodes):
            return conj(_replaced(node, old, new) for node in nodes)
        case Or(nodes):
            return Or(tuple(_replaced(node, old, new) for node in nodes))
    return tree


def _without_one(tree: Node) -> Iterator[Node]:
    if isinstance(tree, And):
        for left_out in tree.nodes:
            rest = conj(node for node in tree.nodes if node is not left_out)
            if not isinstance(rest, Everything):
                yield rest
