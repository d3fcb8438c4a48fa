"""How is a query narrowed or widened? By editing its tree: the only way a facet, a flag or a slider filters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from searcher import fields
from searcher.model import When
from searcher.query.tree import (
    And,
    Boost,
    DateRange,
    Everything,
    Exact,
    InField,
    Node,
    Not,
    NumberRange,
    Or,
    conj,
    walk,
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
    return (one.field for one in walk(node) if isinstance(one, InField | DateRange | NumberRange))


def _longer(dates: DateRange, period: str) -> bool:
    """Whether a range is made of whole years (for months), of whole years and months (for days)."""
    after = dates.last and (dates.last + timedelta(days=1) if dates.last < date.max else date(1, 1, 1))
    starts = [day for day in (dates.first, after) if day]
    of_months, of_years = all(day.day == 1 for day in starts), all(day.month == 1 for day in starts)
    return of_months and (period == "day" or (period == "month" and of_years))
