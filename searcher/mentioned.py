"""Who and what is in the articles found, how typical of them, how it is written there, and who appears with whom?

All counts are an engine's, and exact; only how a name is written is looked up in some hundred articles. Names that
differ in case or accents alone are one, as for the fields of names.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from math import log
from typing import Literal, NamedTuple

from searcher import search, text
from searcher.engines import Counts
from searcher.generations import Generation
from searcher.model import Article, NameKind, Results, Search
from searcher.query.lowering import lower
from searcher.query.plan import EVERYTHING, And, Plan, Value
from searcher.settings import Settings

KINDS: tuple[NameKind, ...] = ("person", "place", "org")

TYPICAL, PAIRED = 10.83, 15.13
"""The least G² of a name that is typical of the articles found, and of a pair that is no chance: one of a thousand
and one of ten thousand would have as much by chance, and of pairs there are hundreds."""

COMPARED = 30
"""How many names are looked at in pairs: the first of all kinds together."""

TOGETHER = 3
"""In how many articles a pair stands at least."""

READ, STEP = 300, 50
"""In how many articles, at most, it is looked up how names are written, and how many are held at once."""

ALIASES = 5
"""How many ways to write a name are given."""

By = Literal["typical", "frequent"]


@dataclass(frozen=True, slots=True)
class Alias:
    """A way in which a name is written, and in how many of the articles that were read."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the names in what a query finds, all or of one kind, `limit` of each kind (None is all).

    They come by how typical they are, or by their counts; by None, typical ones first unless all articles
    are found.
    """

    query: str = "*"
    kind: NameKind | None = None
    limit: int | None = 20
    by: By | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A name: `count` of the articles found have it, and `of` those of the archive.

    `times` is how many times as often it stands in the articles found as in the archive, `g2` what speaks against
    chance (G²: Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence", 1993). `aliases` are the
    most frequent other ways to write it, with how many of the articles that were read have them.
    """

    kind: NameKind
    name: str
    count: int
    of: int
    times: float
    g2: float
    aliases: tuple[Alias, ...] = ()

    @property
    def share(self) -> float:
        """The share of all articles with the name that were found."""
        return self.count / self.of

    @property
    def typical(self) -> bool:
        """Whether it stands in the articles found more often than chance would have it."""
        return self.times > 1 and self.g2 >= TYPICAL


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names that stand together in `count` of the articles found; chance would have it in `expected`."""

    one: Entity
    other: Entity
    count: int
    expected: float
    g2: float


@dataclass(frozen=True, slots=True)
class Mentioned:
    """The answer: `found` says of which articles (it has no hits), `archive` how many there are in all.

    `entities` come kind by kind; `names` says how many different names of each kind there are. `pairs` are those of
    the first COMPARED entities that are no chance, the surest first. Aliases are from `read` articles, the newest
    of each name.
    """

    found: Results
    archive: int
    names: Mapping[NameKind, int]
    entities: tuple[Entity, ...]
    pairs: tuple[Pair, ...]
    read: int


class _Key(NamedTuple):
    """What names are the same by: a kind, and a name without case and accents."""

    kind: NameKind
    name: str

    def within(self, plan: Plan) -> Plan:
        """The articles of a plan that have the name."""
        return And((plan, Value(self.kind, (self.name,))))


class _Held(NamedTuple):
    """How many articles have a name, and how it is shown, the most frequent first."""

    number: int
    shown: tuple[str, ...]


def run(generation: Generation, settings: Settings, asked: Asked) -> Mentioned:
    """The names in what a query finds; raises as search.run() does."""
    began = time.perf_counter()
    query = Search(asked.query, limit=0)
    found = search.run(generation, settings, query)
    tree = search.read(settings, query).tree
    plan = lower(tree, generation.engine.terms, search.languages(generation))
    look = _Look(generation, plan, found.total, (asked.kind,) if asked.kind else KINDS)
    ranked = look.ranked(asked.by or ("frequent" if found.total == look.archive else "typical"))
    listed = [key for kind in look.kinds for key in _first(ranked, kind, asked.limit)]
    aliases, read = look.aliases(listed)
    entities = {key: look.entity(key, _commonest(aliases[key])) for key in listed}
    compared = [key for key in ranked if key in entities][:COMPARED]
    return Mentioned(
        replace(found, took_ms=(time.perf_counter() - began) * 1000), look.archive,
        {kind: len(_first(ranked, kind, None)) for kind in look.kinds}, tuple(entities.values()),
        look.pairs({key: entities[key] for key in compared}), read,
    )  # fmt: skip


def _first(ranked: Sequence[_Key], kind: NameKind, limit: int | None) -> list[_Key]:
    return [key for key in ranked if key.kind == kind][:limit]


class _Look:
    """Counts of names, in the articles found and in all."""

    def __init__(self, generation: Generation, plan: Plan, total: int, kinds: tuple[NameKind, ...]) -> None:
        self._store, self._engine = generation.store, generation.engine
        self._plan, self._total = plan, total
        self.kinds = kinds
        self.archive = self._engine.search(EVERYTHING, "newest", 0, 0).total
        self._all = _held(self._engine.count(EVERYTHING, kinds))
        self._found = self._all if total == self.archive else _held(self._engine.count(plan, kinds))

    def entity(self, key: _Key, aliases: tuple[Alias, ...]) -> Entity:
        """A name with its counts."""
        held, of = self._found[key], self._all[key].number
        times = held.number * self.archive / (of * self._total)
        sure = g2(held.number, of, self._total, self.archive)
        return Entity(key.kind, held.shown[0], held.number, of, times, sure, aliases)

    def ranked(self, by: By) -> list[_Key]:
        """All names, those first that have the largest counts, or that are most typical."""
        rank = self._sure if by == "typical" else lambda key: 0.0
        return sorted(self._found, key=lambda key: (-rank(key), -self._found[key].number, key))

    def _sure(self, key: _Key) -> float:
        """How sure it is that a name stands here more often than elsewhere; below 0 for what does less often."""
        count, of = self._found[key].number, self._all[key].number
        sure = g2(count, of, self._total, self.archive)
        return sure if count * self.archive > of * self._total else -sure

    def pairs(self, entities: Mapping[_Key, Entity]) -> tuple[Pair, ...]:
        """Those of these names that stand together more often than chance would have it."""
        found = [pair for pair in self._pairs(entities) if pair.count >= TOGETHER and pair.g2 >= PAIRED]
        more = [pair for pair in found if pair.count > pair.expected]
        return tuple(sorted(more, key=lambda pair: (-pair.g2, pair.one.name, pair.other.name)))

    def _pairs(self, entities: Mapping[_Key, Entity]) -> Iterator[Pair]:
        """Every two of them; but not a person and a place of one name."""
        for at, (key, one) in enumerate(entities.items()):
            beside = self._engine.count(key.within(self._plan), self.kinds)
            for other_key, other in islice(entities.items(), at + 1, None):
                if other_key.name != key.name:
                    count = sum(beside[other.kind].get(shown, 0) for shown in self._found[other_key].shown)
                    expected, sure = (
                        one.count * other.count / self._total,
                        g2(count, one.count, other.count, self._total),
                    )
                    yield Pair(one, other, count, expected, sure)

    def aliases(self, keys: Sequence[_Key]) -> tuple[Mapping[_Key, Counter[str]], int]:
        """How the names are written, other than they are shown, in how many articles; how many were read."""
        each = max(1, READ // max(1, len(keys)))
        newest = (self._engine.search(key.within(self._plan), "newest", 0, each).ids for key in keys[:READ])
        ids = list(dict.fromkeys(chain.from_iterable(newest)))[:READ]
        found: Mapping[_Key, Counter[str]] = {key: Counter() for key in keys}
        for at in range(0, len(ids), STEP):
            for article in self._store.get(ids[at : at + STEP]).values():
                for key, written in _written(article):
                    if key in found:
                        found[key][written] += 1
        return found, len(ids)


def _held(counts: Mapping[str, Counts]) -> dict[_Key, _Held]:
    """The counts of names, by what they are the same by. No article has two that are the same."""
    found: dict[_Key, _Held] = {}
    for kind in KINDS:
        for name, number in counts[kind].most_common(len(counts[kind])) if kind in counts else ():
            key = _Key(kind, text.value(name))
            held = found.get(key, _Held(0, ()))
            found[key] = _Held(held.number + number, (*held.shown, name))
    return found


def _written(article: Article) -> set[tuple[_Key, str]]:
    """How names are written in an article, other than by case."""
    texts = ((_Key(name.kind, text.value(name.name)), " ".join(name.text.split())) for name in article.names)
    return {(key, written) for key, written in texts if text.value(written) != key.name}


def _commonest(aliases: Counter[str]) -> tuple[Alias, ...]:
    """The most frequent; those that differ in case alone are one."""
    sums, shown = Counter[str](), dict[str, str]()
    for written, number in sorted(aliases.items(), key=lambda item: (-item[1], item[0])):
        shown.setdefault(text.value(written), written)
        sums[text.value(written)] += number
    ranked = sorted(sums, key=lambda folded: (-sums[folded], folded))
    return tuple(Alias(shown[folded], sums[folded]) for folded in ranked[:ALIASES])


def g2(both: int, one: int, other: int, total: int) -> float:
    """The log-likelihood ratio of two things among `total` articles, `both` of them in so many; 0 is pure chance.

    >>> round(g2(2, 4, 5, 10), 9), round(g2(4, 4, 5, 10), 2), g2(3, 3, 3, 3)
    (0.0, 8.46, 0.0)
    """
    cells = (
        (both, one, other), (one - both, one, total - other), (other - both, total - one, other),
        (total - one - other + both, total - one, total - other),
    )  # fmt: skip
    return max(0.0, 2 * sum(cell * log(cell * total / (row * column)) for cell, row, column in cells if cell))
