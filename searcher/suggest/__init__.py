"""Why was nothing found, and what was perhaps meant? Numbers that are counts, suggestions that find something.

`reasons` counts the parts of a query; `instead` changes one part, or all words that this archive does not have;
their likes are in `spelling`. What both ask the index is in `asking`, and is bounded.
"""

from __future__ import annotations

from collections.abc import Callable

from searcher.engines import Engine
from searcher.query.plan import Plan
from searcher.query.tree import Node
from searcher.suggest.asking import Asked
from searcher.suggest.instead import instead
from searcher.suggest.reasons import why_nothing


def explain(tree: Node, engine: Engine, plan: Callable[[Node], Plan]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """For a query that found nothing: the reasons, a line each, and queries that find something, the best first.

    `plan` is what the engine must find for a tree. Each number is the exact count of what stands before it.
    """
    asked = Asked(engine, plan)
    reasons = tuple(why_nothing(tree, asked))
    asked.allow()
    return reasons, tuple(instead(tree, asked))


__all__ = ["Asked", "explain", "instead", "why_nothing"]
