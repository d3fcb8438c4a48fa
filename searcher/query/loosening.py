"""What if any of a query's words will do? The tree with OR between its words, for questions in whole sentences."""

from __future__ import annotations

from typing import NamedTuple

from searcher import fields
from searcher.query.common import common
from searcher.query.tree import And, DateRange, Everything, InField, Node, Not, NumberRange, Or, Word, conj, disj


class Loosened(NamedTuple):
    """A tree with any of its words in the place of all; and the common words that were left out, in order."""

    tree: Node
    left_out: tuple[str, ...]


def loosened(tree: Node) -> Loosened:
    """The tree with any of the words at its top, where it has all of them; its conditions stay as they are.

    Words that do not say what a question is about are left out, as long as others are there: `common` says which.

    >>> from searcher.query.tree import neg
    >>> words = [Word("did"), Word("kerry"), Word("see"), Word("sochi")]
    >>> tree, left_out = loosened(conj([*words, InField("lang", Word("en")), neg(Word("putin"))]))
    >>> str(tree), left_out
    ('(kerry OR see OR sochi) lang:en -putin', ('did',))
    """
    nodes = tree.nodes if isinstance(tree, And) else (tree,)
    words = [node for node in nodes if not is_condition(node)]
    if len(words) < 2:
        return Loosened(tree, ())
    empty = common([node.text if isinstance(node, Word) else "" for node in words])
    kept = [node for node in words if not (isinstance(node, Word) and node.text in empty)]
    left_out = dict.fromkeys(node.text for node in words if isinstance(node, Word) and node.text in empty)
    return Loosened(conj([disj(kept), *filter(is_condition, nodes)]), tuple(left_out))


def is_condition(node: Node) -> bool:
    """Whether a clause says which articles are looked at, and not which words are looked for in them.

    Those are negations, ranges, clauses in a field that is no text (source, person, lang, …), and groups of
    nothing else. All other kinds of node are words.
    """
    match node:
        case Not() | DateRange() | NumberRange() | Everything():
            return True
        case InField(name, inner):
            return fields.BY_NAME[name].kind != "text" or is_condition(inner)
        case And(nodes) | Or(nodes):
            return all(map(is_condition, nodes))
        case _:
            return False
