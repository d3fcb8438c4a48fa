"""Which articles are hits, and what made each match? Ids in order, articles from the store, passages or reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal, NamedTuple, Protocol

from searcher import snippets, text
from searcher.errors import IndexDamaged
from searcher.generations import Generation
from searcher.marks import Marker
from searcher.model import Article, Hit, Passage, Search
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


class Sizes(NamedTuple):
    """How many of the articles found have each text, by its `copy`, and how many are in each `story`."""

    copies: Mapping[str, int]
    stories: Mapping[str, int]


def in_order(asked: Asked, search: Search, sizes: Sizes) -> Iterator[Hit]:
    """The hits from `offset` on; with `group` only the first of each."""
    plan = asked.plan(asked.query.tree)
    found = _articles(asked, search, plan)
    if search.group != "none":
        found = islice(_firsts(found, search.group), search.offset, None)
    return _hits(asked, found, search.passages, sizes)


def chosen(asked: Asked, wanted: Sequence[str], passages: int, sizes: Sizes) -> Iterator[Hit]:
    """The hits of these ids, which match, in their order, one after the other with bounded memory; scores are 0."""
    return _hits(asked, _held(asked.generation, wanted, [0.0] * len(wanted)), passages, sizes)


def _hits(asked: Asked, found: Iterable[tuple[Article, float]], passages: int, sizes: Sizes) -> Iterator[Hit]:
    """Hits with the passages, or the reasons, that made them match; without both where no passage is asked for."""
    marker = Marker(asked.plan(asked.query.tree))
    for article, score in found:
        shown, reasons = _shown(asked, marker, article, passages) if passages else ((), ())
        copies, in_story = sizes.copies.get(article.copy, 1), sizes.stories.get(article.story, 1)
        yield Hit(article, score, shown, copies, reasons, in_story)


def _shown(
    asked: Asked, marker: Marker, article: Article, number: int
) -> tuple[tuple[Passage, ...], tuple[str, ...]]:
    """The best passages of an article, and, where nothing in them is marked, the reasons why it matches."""
    itself = Value("id", (text.value(article.id),))

    def holds(plan: Plan) -> bool:
        return asked.generation.engine.search(AllOf((plan, itself)), "newest", 0, 0).total > 0

    found = snippets.passages(article, marker, number, holds)
    if any(passage.spans for passage in found):
        return found, ()
    reasons = _reasons(asked.query.tree, lambda tree: holds(asked.plan(tree)))
    return found, tuple(dict.fromkeys(reasons))


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


def _firsts(
    found: Iterable[tuple[Article, float]], group: Literal["copy", "story"]
) -> Iterator[tuple[Article, float]]:
    """The first article of each text, or of each story."""
    seen: set[str] = set()
    for article, score in found:
        one = article.copy if group == "copy" else article.story
        if one not in seen:
            seen.add(one)
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
    grouped = search.group != "none"
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
