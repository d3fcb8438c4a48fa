"""What is the answer to a query? Tree, plan, ids, articles, passages, counts: Search → Results."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from itertools import islice
from typing import TYPE_CHECKING

from searcher import fields, text, timeline
from searcher.engines import ABOUT, MAIN, Counts
from searcher.errors import QueryError, SearcherError
from searcher.generations import Generation
from searcher.hits import Sizes, in_order
from searcher.hits import chosen as chosen_hits
from searcher.model import Alike, Article, Count, Hit, Results, Search, Timeline
from searcher.query import Query, edits, parse
from searcher.query import plan as plans
from searcher.query.dates import Calendar
from searcher.query.loosening import loosened
from searcher.query.lowering import lower
from searcher.query.plan import LAST, Plan, Range
from searcher.query.tree import And, DateRange, Node, conj, walk
from searcher.saved import lookup
from searcher.settings import Settings

if TYPE_CHECKING:
    from searcher.likeness import Likeness

COMPARED = 20
"""How many hits are compared at once with the articles that they are like."""

SHARE = 0.0005
"""The share of the archive from which on a language's stems are looked for."""

LANGUAGES = 12
"""In how many languages a word is stemmed at the most: those that most articles of the archive are written in."""


def run(generation: Generation, settings: Settings, search: Search) -> Results:
    """The answer to one search of one generation.

    Raises QueryError for a query that cannot be read, SearcherError for a facet that does not exist, IndexDamaged
    if an article that the engine found is not in the store.
    """
    began = time.perf_counter()
    query = read(settings, search)
    asked = _Asked(generation, query)
    total, sizes, ends = asked.total(query.tree), asked.sizes(query.tree), asked.ends(query.tree)
    hits = tuple(_compared(asked, islice(in_order(asked, search, sizes), search.limit)))
    facets = _facets(asked, search.facets)
    reasons, suggestions = ((), ()) if total else _explained(asked)
    return Results(
        search.query, str(query), (*query.notes, *_vague_dates(asked), *_left_out(asked)),
        total, len(sizes.copies), len(sizes.stories), hits,
        facets={name: _largest(name, values, search.facet_limit) for name, values in facets.items()},
        facet_totals={name: len(values) for name, values in facets.items()},
        timeline=_timeline(asked, search, total, ends),
        span=timeline.span(ends),
        reasons=reasons, suggestions=suggestions,
        engine=generation.meta.engine, generation=generation.number,
        took_ms=(time.perf_counter() - began) * 1000,
        timezone=settings.timezone if any(isinstance(node, DateRange) for node in walk(query.tree)) else None,
    )  # fmt: skip


def _explained(asked: _Asked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Why nothing was found, and what finds something."""
    from searcher import suggest  # a search that finds something need not wait for it

    return suggest.explain(asked.query.tree, asked.generation.engine, asked.plan)


def hits(generation: Generation, settings: Settings, search: Search) -> Iterator[Hit]:
    """The hits of a search, one after the other; raises as run() does.

    However many there are, at most STEP articles are held at once. Beside them each hit takes some 110 bytes, its
    id and score, and some 300 while Whoosh orders them; with `group`, its text or story too. An engine is asked for
    four times as many each time, so the time is in step with the number of hits. What is indexed meanwhile is not
    seen, and what is dropped is still given; after a second build, IndexDamaged says to search again.
    """
    query = read(settings, search)
    asked = _Asked(generation, query)
    found = in_order(asked, search, asked.sizes(query.tree))
    return _compared(asked, islice(found, search.limit))


def _compared(asked: _Asked, hits: Iterator[Hit]) -> Iterator[Hit]:
    """The hits, each with what makes it like the articles that the query names."""
    if not asked.likes:
        yield from hits
    while some := list(islice(hits, COMPARED)):
        alike = asked.alike([hit.article for hit in some])
        yield from (hit._replace(alike=alike.get(hit.article.id, ())) for hit in some)


def ids(generation: Generation, query: Query) -> tuple[str, ...]:
    """The ids of all articles that match, the newest first."""
    plan = _Asked(generation, query).plan(query.tree)
    return generation.engine.search(plan, "newest", 0, None).ids


def chosen(generation: Generation, query: Query, wanted: Sequence[str], passages: int = 2) -> Iterator[Hit]:
    """The hits of these ids, which match, in their order, one after the other with bounded memory; scores are 0."""
    asked = _Asked(generation, query)
    return _compared(asked, chosen_hits(asked, wanted, passages, asked.sizes(query.tree)))


def read(settings: Settings, search: Search) -> Query:
    """The query of a search, loosened if it asks for any word, narrowed by its since, until and source.

    Raises QueryError.
    """
    today = calendar(settings)
    saved = lookup(settings.root)
    query = parse(search.query, today, strict=search.strict, literal=search.literal, saved=saved)
    if search.match == "any":
        query = _loosened(query)
    tree = query.tree
    for name in ("since", "until", "source"):
        value: str | None = getattr(search, name)
        if value is not None:
            pattern = name == "source" and "*" in value  # a space in it is any one letter
            quoted = re.sub(r"[\s()|\"]", "?", value) if pattern else '"' + value.replace('"', " ") + '"'
            tree = conj([tree, parse(f"{name}:{quoted}", today).tree])
    return replace(query, tree=tree)


def _loosened(query: Query) -> Query:
    tree, left_out = loosened(query.tree)
    note = (f"common words left out: {', '.join(left_out)}",) if left_out else ()
    return replace(query, tree=tree, notes=(*query.notes, *note))


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
    likes: dict[str, Likeness]

    def __init__(self, generation: Generation, query: Query) -> None:
        self.generation = generation
        self.query = query
        self._plans = {}
        self.likes = {}

    def plan(self, tree: Node) -> Plan:
        if tree not in self._plans:
            try:
                terms = self.generation.engine.terms
                self._plans[tree] = lower(tree, terms, languages(self.generation), self._like)
            except QueryError as error:
                raise error.within(self.query.text) from error
        return self._plans[tree]

    def _like(self, typed: str) -> Plan:
        from searcher.likeness import likeness  # as few searches need it

        if typed not in self.likes:
            article = self.generation.store.find(typed)
            self.likes[typed] = likeness(article, self.generation.engine)
        return self.likes[typed].plan

    def alike(self, articles: Collection[Article]) -> Mapping[str, tuple[Alike, ...]]:
        """What makes each article one that the query calls alike, by id."""
        found: dict[str, tuple[Alike, ...]] = {}
        for like in self.likes.values():
            for identity, shared in like.shared(self.generation.engine, articles).items():
                found[identity] = (*found.get(identity, ()), shared)
        return found

    def total(self, tree: Node) -> int:
        return self.generation.engine.search(self.plan(tree), "newest", 0, 0).total

    def ends(self, tree: Node) -> timeline.Ends:
        return timeline.ends(self.generation.engine.count(self.plan(tree), ("date",))["date"])

    def sizes(self, tree: Node) -> Sizes:
        counts = self.generation.engine.count(self.plan(tree), ("copy", "story"))
        return Sizes(counts["copy"], counts["story"])

    def count(self, tree: Node, names: tuple[str, ...]) -> Mapping[str, Counts]:
        """Of articles, and in groups of stories."""
        return self.generation.engine.count(self.plan(tree), names, "story")


def languages(generation: Generation) -> tuple[str, ...]:
    """The languages with stems that the archive holds in earnest, the most frequent first; English if none.

    A few articles are enough: a stem is found in its own language only, so it does no harm in others. But each is
    looked up for every word, and one article in thousands is as likely of another language than it seems.
    """
    counts = generation.store.languages()
    least = SHARE * sum(counts.values())
    stemmed = [language for language, count in counts.items() if count >= least and text.stemmed(language)]
    return tuple(sorted(stemmed, key=lambda language: (-counts[language], language))[:LANGUAGES]) or ("en",)


def _facets(asked: _Asked, names: tuple[str, ...]) -> dict[str, Counts]:
    """The counts of each facet, of the query without its own choices: a facet does not narrow itself."""
    wanted = {name: name + MAIN if name in ABOUT else name for name in map(facet, names)}
    trees: dict[Node, list[str]] = {}
    for name, counted in wanted.items():
        trees.setdefault(edits.without(asked.query.tree, name), []).append(counted)
    counts: dict[str, Counts] = {}
    for tree, together in trees.items():
        counts |= asked.count(tree, tuple(together))
    return {name: counts[counted] for name, counted in wanted.items()}


def facet(name: str) -> str:
    """The facet of this name or alias; SearcherError with the nearest one if there is none."""
    field = fields.find(name)
    if field is None or not field.facet:
        hint = f"facets are {', '.join(fields.FACETS)}"
        raise SearcherError(f"no such facet: {name}", hint)
    return field.name


def _largest(name: str, counts: Counts, limit: int | None) -> tuple[Count, ...]:
    """The values with the largest counts, by count, then by name; periods by time."""
    largest = counts.most_common(len(counts) if limit is None else limit)
    stories = counts.groups(value for value, _ in largest)
    shown = sorted(largest) if name in fields.PERIODS else largest
    return tuple([Count(value, number, stories[value]) for value, number in shown])


def _timeline(asked: _Asked, search: Search, total: int, ends: timeline.Ends) -> Timeline:
    if search.timeline is None:
        return Timeline()
    return timeline.over(timeline.Asked(asked.query.tree, total, ends, asked.count), search.timeline)


def _left_out(asked: _Asked) -> Iterator[str]:
    """A note about the articles that like: leaves out."""
    for typed, like in asked.likes.items():
        copies = like.copies(asked.generation.engine)
        more = f" and its {copies:,} {'copy' if copies == 1 else 'copies'}" if copies else ""
        yield f"like:{typed} leaves out the article itself{more}"


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
