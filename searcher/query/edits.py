"""How is a query narrowed or widened? By editing its tree: the only way a facet, a flag or a slider filters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from searcher import fields
from searcher.model import When
from searcher.query.common import common
from searcher.query.tree import (
    And,
    AtLeast,
    Boost,
    DateRange,
    Everything,
    Exact,
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
)


def narrow(tree: Node, field: str, value: str) -> Node:
    """The tree, and the whole `value` in `field`; a year, a month or a day narrows the date.

    No query says it if the value has both " and » in it: the tree has no text then that means the same.

    >>> from searcher.query.tree import Word
    >>> str(narrow(Word("kerry"), "person", "John Kerry"))
    'kerry person:="John Kerry"'
    """
    if field in fields.PERIODS:
        when = When(value, "", 1.0)
        return between(tree, when.first(), when.last())
    return _both(tree, InField(field, Exact(" ".join(value.split()))))


def between(tree: Node, first: date, last: date) -> Node:
    """The tree, and a date from `first` to `last`, both included.

    >>> from searcher.query.tree import Word
    >>> str(between(Word("kerry"), date(2015, 5, 11), date(2015, 5, 17)))
    'kerry date:2015-05-11..2015-05-17'
    """
    return _both(tree, DateRange("date", first, last))


def choose(tree: Node, field: str, value: str) -> Node:
    """The tree with this value of a facet in place of what it chose there before: what the facet counts.

    >>> from searcher.query.tree import Word
    >>> str(choose(narrow(Word("kerry"), "source", "BBC"), "source", "CNN"))
    'kerry source:="CNN"'
    """
    return narrow(without(tree, field), field, value)


def without(tree: Node, field: str) -> Node:
    """The tree without what it chooses of a facet; everything if nothing else is left.

    A choice is a clause at the top that names values of `field` alone, or an OR of such clauses. What is excluded
    stays excluded: `-source:bbc` is no choice. The choices of years, months and days are ranges of dates; a range
    of whole longer periods stays, so that the months of `date:2015` are those of 2015.
    """
    nodes = tree.nodes if isinstance(tree, And) else (tree,)
    return conj(node for node in nodes if not _chooses(node, field))


def _both(tree: Node, clause: Node) -> Node:
    return clause if isinstance(tree, Everything) else conj([tree, clause])


def _chooses(clause: Node, field: str) -> bool:
    """Whether a clause says which values of a facet are wanted, and nothing else."""
    match clause:
        case Or(nodes):
            return all(_chooses(node, field) for node in nodes)
        case Boost(node):
            return _chooses(node, field)
        case InField(name, node):
            return not isinstance(node, Not) and {name, *_fields(node)} == {field}
        case DateRange("date"):
            return field in fields.PERIODS and not _longer(clause, field)
    return False


def _fields(node: Node) -> Iterator[str]:
    """The fields that are named in a node."""
    match node:
        case And(nodes) | Or(nodes):
            for one in nodes:
                yield from _fields(one)
        case Near(left, right):
            yield from (*_fields(left), *_fields(right))
        case Not(node=inner) | Boost(node=inner) | AtLeast(node=inner) | First(node=inner):
            yield from _fields(inner)
        case InField(name, inner):
            yield name
            yield from _fields(inner)
        case DateRange(name) | NumberRange(name):
            yield name


def _longer(dates: DateRange, period: str) -> bool:
    """Whether a range is made of whole years (for months), of whole years and months (for days)."""
    after = dates.last and (dates.last + timedelta(days=1) if dates.last < date.max else date(1, 1, 1))
    starts = [day for day in (dates.first, after) if day]
    of_months, of_years = all(day.day == 1 for day in starts), all(day.month == 1 for day in starts)
    return of_months and (period == "day" or (period == "month" and of_years))


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
