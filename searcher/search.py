"""What is the answer to a query? Tree, plan, ids, articles, passages, counts: Search → Results."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Literal

from searcher import fields, snippets
from searcher.engines import Counts, Entry, entry_of
from searcher.engines.memory import matches
from searcher.errors import IndexDamaged, SearcherError
from searcher.generations import Generation
from searcher.model import Article, Bucket, Count, Hit, Period, Results, Search, When
from searcher.query import Query, edits, parse
from searcher.query import plan as plans
from searcher.query.dates import Calendar
from searcher.query.lowering import lower
from searcher.query.plan import LAST, Plan, Range
from searcher.query.tree import And, Boost, DateRange, Everything, InField, Node, Not, NumberRange, Or, conj
from searcher.settings import Settings

SHARE = 0.01
"""The share of the archive from which on its language's stems are looked for."""

STEP = 200
"""How many ids an engine is asked for at once where all are wanted."""


def run(generation: Generation, settings: Settings, search: Search) -> Results:
    """The answer to one search of one generation.

    Raises QueryError for a query that cannot be read, SearcherError for a facet that does not exist, IndexDamaged
    if an article that the engine found is not in the store.
    """
    began = time.perf_counter()
    query = read(settings, search)
    asked = _Asked(generation, query)
    counts = asked.count(query.tree, ("story", "date"))
    total, span = asked.total(query.tree), _span(counts["date"])
    hits = tuple(islice(_hits(asked, search, counts["story"]), search.limit))
    reasons, suggestions = ((), ()) if total else _explained(asked)
    return Results(
        search.query, str(query), (*query.notes, *_vague_dates(asked)), total, len(counts["story"]), hits,
        facets=_facets(asked, search.facets),
        timeline=_timeline(asked, span, search.timeline) if search.timeline else (),
        span=span,
        reasons=reasons, suggestions=suggestions,
        engine=generation.meta.engine, generation=generation.number,
        took_ms=(time.perf_counter() - began) * 1000,
    )  # fmt: skip


def _explained(asked: _Asked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Why nothing was found, and what finds something."""
    from searcher import suggest  # a search that finds something need not wait for it

    return suggest.explain(asked.query.tree, asked.generation.engine, asked.plan)


def hits(generation: Generation, settings: Settings, search: Search) -> Iterator[Hit]:
    """The hits of a search, one after the other; raises as run() does."""
    query = read(settings, search)
    asked = _Asked(generation, query)
    return islice(_hits(asked, search, asked.count(query.tree, ("story",))["story"]), search.limit)


def read(settings: Settings, search: Search) -> Query:
    """The query of a search, narrowed by its since, until and source. Raises QueryError."""
    today = calendar(settings)
    query = parse(search.query, today, strict=search.strict, literal=search.literal)
    tree = query.tree
    for name in ("since", "until", "source"):
        value: str | None = getattr(search, name)
        if value is not None:
            pattern = name == "source" and "*" in value  # a space in it is any one letter
            quoted = re.sub(r"[\s()|\"]", "?", value) if pattern else '"' + value.replace('"', " ") + '"'
            tree = conj([tree, parse(f"{name}:{quoted}", today).tree])
    return replace(query, tree=tree)


def calendar(settings: Settings) -> Calendar:
    """Today in the archive's time zone, and the order of day and month there."""
    zone: tzinfo = UTC
    if settings.timezone != "UTC":
        from zoneinfo import ZoneInfo

        zone = ZoneInfo(settings.timezone)
    return Calendar(datetime.now(zone).date(), settings.day_first)


@dataclass(slots=True)
class _Asked:
    """A query put to a generation; trees are lowered once."""

    generation: Generation
    query: Query
    _plans: dict[Node, Plan]

    def __init__(self, generation: Generation, query: Query) -> None:
        self.generation = generation
        self.query = query
        self._plans = {}

    def plan(self, tree: Node) -> Plan:
        if tree not in self._plans:
            self._plans[tree] = lower(tree, self.generation.engine.terms, languages(self.generation))
        return self._plans[tree]

    def total(self, tree: Node) -> int:
        return self.generation.engine.search(self.plan(tree), "newest", 0, 0).total

    def count(self, tree: Node, names: tuple[str, ...]) -> Mapping[str, Counts]:
        return self.generation.engine.count(self.plan(tree), names)


def languages(generation: Generation) -> tuple[str, ...]:
    """The languages that the archive holds in earnest; English if none is known."""
    counts = generation.store.languages()
    least = SHARE * sum(counts.values())
    return tuple(sorted(language for language, count in counts.items() if count >= least)) or ("en",)


def _hits(asked: _Asked, search: Search, stories: Mapping[str, int]) -> Iterator[Hit]:
    """The hits from `offset` on; with `group` only the first of each story."""
    plan = asked.plan(asked.query.tree)
    seen: set[str] = set()
    skip = search.offset
    for article, score in _articles(asked, search, plan):
        if search.group == "story" and article.story in seen:
            continue
        seen.add(article.story)
        if search.group == "story" and skip:
            skip -= 1
            continue
        yield _hit(asked, article, score, search.passages, stories.get(article.story, 1))


def _hit(asked: _Asked, article: Article, score: float, number: int, copies: int) -> Hit:
    """A hit with the passages, or the reasons, that made it match."""
    entries: list[Entry] = []  # of this article, made when a branch of an OR is asked for

    def holds(plan: Plan) -> bool:
        if not entries:
            entries.append(entry_of(article))
        return matches(plan, entries[0])

    found = snippets.passages(article, asked.plan(asked.query.tree), number, holds)
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


def _articles(asked: _Asked, search: Search, plan: Plan) -> Iterator[tuple[Article, float]]:
    """The articles in order, asked for in steps; without groups from `offset` on."""
    at = 0 if search.group == "story" else search.offset
    step = STEP if search.limit is None else max(1, min(STEP, search.limit + search.limit // 2))
    while True:
        found = asked.generation.engine.search(plan, search.sort, at, step)
        held = asked.generation.store.get(found.ids)
        for article, score in zip(found.ids, found.scores, strict=True):
            if article not in held:
                raise IndexDamaged(f"an article is missing: {article}", "`searcher doctor --fix`")
            yield held[article], score
        at += step
        if at >= found.total:
            return


def _facets(asked: _Asked, names: tuple[str, ...]) -> dict[str, tuple[Count, ...]]:
    """The counts of each facet, of the query without its own clauses: a facet does not narrow itself."""
    wanted = tuple(map(facet, names))
    trees: dict[Node, list[str]] = {}
    for name in wanted:
        trees.setdefault(edits.without(asked.query.tree, name), []).append(name)
    facets: dict[str, tuple[Count, ...]] = {}
    for tree, together in trees.items():
        counts = asked.count(tree, tuple(together))
        facets |= {name: tuple(_ordered(name, counts[name])) for name in together}
    return {name: facets[name] for name in wanted}


def facet(name: str) -> str:
    """The facet of this name or alias; SearcherError with the nearest one if there is none."""
    field = fields.find(name)
    if field is None or not field.facet:
        hint = f"facets are {', '.join(fields.FACETS)}"
        raise SearcherError(f"no such facet: {name}", hint)
    return field.name


def _ordered(name: str, counts: Mapping[str, int]) -> list[Count]:
    """By count, then by name; periods by time."""
    if name in fields.PERIODS:
        return [Count(value, number) for value, number in sorted(counts.items())]
    return [Count(value, number) for value, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def _span(dates: Iterable[str]) -> tuple[date, date] | None:
    """The first and the last day among the dates found."""
    known = list(dates)
    latest = {len(value): value for value in sorted(known)}  # of days, of months and of years
    return (When(min(known), "", 1.0).first(), max(map(_last, latest.values()))) if known else None


def _last(value: str) -> date:
    return When(value, "", 1.0).last()


def _vague_dates(asked: _Asked) -> Iterator[str]:
    """A note about articles that may lie in a range, but whose date is known only to the month or the year."""
    tree = asked.query.tree
    clauses = tree.nodes if isinstance(tree, And) else (tree,)
    ranges = [node for node in clauses if isinstance(node, DateRange)]
    if not ranges:
        return
    bounds = [asked.plan(conj(node for node in clauses if not isinstance(node, DateRange)))]
    for span in ranges:
        low, high = (None if day is None else day.toordinal() for day in (span.first, span.last))
        bounds += [Range(span.field + LAST, low, None), Range(span.field, None, high)]
    overlapping = asked.generation.engine.search(plans.And(tuple(bounds)), "newest", 0, 0).total
    missed = overlapping - asked.total(tree)
    if missed > 0:
        known = "its date is" if missed == 1 else "their dates are"
        yield f"{missed:,} more may be in this range: {known} known only to the month or the year"


def _timeline(
    asked: _Asked, span: tuple[date, date] | None, period: Period | Literal["auto"]
) -> tuple[Bucket, ...]:
    """The articles by period, as far as their dates are known to it; periods without articles are left out."""
    chosen = _chosen(span) if period == "auto" else period
    counts = asked.count(asked.query.tree, (chosen,))[chosen]
    return tuple(Bucket(*_days(value, chosen), number) for value, number in sorted(counts.items()))


def _chosen(span: tuple[date, date] | None) -> Period:
    """The period that draws some ten to sixty bars."""
    days = (span[1] - span[0]).days if span else 0
    return "day" if days <= 62 else "month" if days <= 365 * 6 else "year"


def _days(value: str, period: Period) -> tuple[date, date]:
    """The first and the last day of a period, which is named as engines count it."""
    when = When(value, "", 1.0)
    return when.first(), when.first() + timedelta(days=6) if period == "week" else when.last()
