"""Which articles are hits, and what made each match? Ids in order, articles from the store, passages or reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Protocol

from searcher import snippets, text
from searcher.errors import IndexDamaged
from searcher.generations import Generation
from searcher.marks import Marker
from searcher.model import Article, Hit, Search
from searcher.query import Query
from searcher.query.plan import And as AllOf
from searcher.query.plan import Plan, Value
from searcher.query.tree import And, Boost, DateRange, Everything, InField, Node, Not, NumberRange, Or

STEP = 200
"""How many ids an engine is asked for first where all are wanted, and how many articles are held at once."""

GROWTH = 3
"""How many times what came before an engine is asked for next: it orders again all that came before."""


class Asked(Protocol):
    """A query that is put to a generation, and what it means there."""

    generation: Generation
    query: Query

    def plan(self, tree: Node) -> Plan:
        """What an engine must find for a tree."""


def in_order(asked: Asked, search: Search, stories: Mapping[str, int]) -> Iterator[Hit]:
    """The hits from `offset` on; with `group` only the first of each story."""
    plan = asked.plan(asked.query.tree)
    marker, found = Marker(plan), _articles(asked, search, plan)
    if search.group == "story":
        found = islice(_firsts(found), search.offset, None)
    for article, score in found:
        yield _hit(asked, marker, article, score, search.passages, stories.get(article.story, 1))


def chosen(asked: Asked, wanted: Sequence[str], passages: int, stories: Mapping[str, int]) -> Iterator[Hit]:
    """The hits of these ids, which match, in their order, one after the other with bounded memory; scores are 0."""
    marker = Marker(asked.plan(asked.query.tree))
    for article, score in _held(asked.generation, wanted, [0.0] * len(wanted)):
        yield _hit(asked, marker, article, score, passages, stories.get(article.story, 1))


def _hit(asked: Asked, marker: Marker, article: Article, score: float, number: int, copies: int) -> Hit:
    """A hit with the passages, or the reasons, that made it match; without either where no passage is asked for."""
    if not number:
        return Hit(article, score, (), copies)
    itself = Value("id", (text.value(article.id),))

    def holds(plan: Plan) -> bool:
        return asked.generation.engine.search(AllOf((plan, itself)), "newest", 0, 0).total > 0

    found = snippets.passages(article, marker, number, holds)
    if any(passage.spans for passage in found):
        return Hit(article, score, found, copies)
    reasons = _reasons(asked.query.tree, lambda tree: holds(asked.plan(tree)))
    return Hit(article, score, found, copies, tuple(dict.fromkeys(reasons)))


def _reasons(tree: Node, holds: Callable[[Node], bool]) -> Iterator[str]:
    """What made an article match of which no text did."""
    match tree:
        case And(nodes):
            for node in nodes:
                yield from _reasons(node, holds)
        case Or(nodes):
            for node in filter(holds, nodes):
                yield from _reasons(node, holds)
        case Not(node):
            yield f"without {node}"
        case Boost(node):
            yield from _reasons(node, holds)
        case InField(field) | DateRange(field) | NumberRange(field):
            yield field
        case Everything():
            yield "everything"
        case _:
            yield str(tree)


def _firsts(found: Iterable[tuple[Article, float]]) -> Iterator[tuple[Article, float]]:
    """The first article of each story."""
    seen: set[str] = set()
    for article, score in found:
        if article.story not in seen:
            seen.add(article.story)
            yield article, score


def _articles(asked: Asked, search: Search, plan: Plan) -> Iterator[tuple[Article, float]]:
    """The articles in order; without groups from `offset` on, and no more than `limit`."""
    for ids, scores in _ids(asked, search, plan):
        yield from _held(asked.generation, ids, scores)


def _held(generation: Generation, ids: Sequence[str], scores: Sequence[float]) -> Iterator[tuple[Article, float]]:
    """The articles of these ids from the store, STEP at a time."""
    for at in range(0, len(ids), STEP):
        held = generation.store.get(ids[at : at + STEP])
        for article, score in zip(ids[at : at + STEP], scores[at : at + STEP], strict=True):
            if article not in held:
                raise _missing(article, generation)
            yield held[article], score


def _ids(asked: Asked, search: Search, plan: Plan) -> Iterator[tuple[tuple[str, ...], tuple[float, ...]]]:
    """The ids and scores in order, asked for in steps that grow with what came before."""
    grouped = search.group == "story"
    at = 0 if grouped else search.offset
    end = None if grouped or search.limit is None else at + search.limit
    step = STEP if search.limit is None else max(1, min(STEP, search.limit + search.limit // 2))
    while end is None or at < end:
        found = asked.generation.engine.search(plan, search.sort, at, step if end is None else min(step, end - at))
        yield found.ids, found.scores
        at += step
        if at >= found.total:
            return
        step = max(step, GROWTH * at)


def _missing(article: str, generation: Generation) -> IndexDamaged:
    """Damage, unless two builds have ended since the search began: then it was let go of."""
    late = generation.behind()
    hint = "the index was built anew meanwhile: search again" if late else "`searcher doctor --fix`"
    return IndexDamaged(f"an article is missing: {article}", hint)
