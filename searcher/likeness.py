"""Which articles are like this one, and what makes them so? Names, rare words, and how near in time they are.

The names and words that tell most of an article are its features: in few articles of the archive, and often in this
one. Alike is what has several of them; what tells more, and is nearer in time, comes first. All of it is a plan, so
every engine gives the same articles, and what an article shares is asked of the engine as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from searcher import text
from searcher.engines import Engine
from searcher.engines.ranking import rarity, saturated
from searcher.model import Alike, Article, When
from searcher.query.common import common
from searcher.query.plan import (
    EVERYTHING,
    LAST,
    NOTHING,
    STEM,
    And,
    Not,
    Or,
    Part,
    Plan,
    Range,
    Several,
    Term,
    Terms,
    Value,
)

FEATURES = 48
"""How many names and words are looked for, at the most."""

SHARE = 16
"""Of so many features one must be shared; of few, and of all numbers of them, LEAST."""

LEAST = 2

NAME = 0.75
"""How many times a whole name counts what a word does that is as rare: its words count besides."""

COMMON, FEW = 0.1, 10
"""What more than this share of the articles has tells nothing, if that is more than so many articles, or half."""

COUNTED = 150
"""How many words of an article are counted in the archive: those that stand there most often, then the longest."""

READ = 50_000
"""Characters of a text in which words are looked for."""

STEPS = (1, 7, 30, 180, 720)
"""Days: an article within more of these is nearer in time."""

NEAR = 0.2
"""What an article of the same day has for that: a share of what all features weigh."""

_FIELDS = ("title", "body")

Kind = Literal["person", "place", "org", "word"]


class Feature(NamedTuple):
    """A name or a word of an article, as it is shown; what finds it, and how much it tells of the article."""

    kind: Kind
    shown: str
    node: Plan
    weight: float

    @property
    def part(self) -> Part:
        """What it scores: a word as in any search, more where it stands more often; a name what it tells."""
        return Part(self.node, 0.0 if self.kind == "word" else self.weight)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What articles like this one have, the weightiest first, and the plan that finds them, but for its copies."""

    article: Article
    features: tuple[Feature, ...]
    plan: Plan

    def shared(self, engine: Engine, articles: Collection[Article]) -> Mapping[str, Alike]:
        """What each of these articles that are like it shares with it, by id."""
        among = Value("id", tuple(text.value(article.id) for article in articles))
        alike = _ids(engine, And((self.plan, among)))
        having = [(feature, _ids(engine, And((feature.node, among)))) for feature in self.features if alike]
        return {
            article.id: self._alike(article, [feature for feature, ids in having if article.id in ids])
            for article in articles
            if article.id in alike
        }

    def copies(self, engine: Engine) -> int:
        """How many copies of the article there are, itself not among them."""
        return len(_ids(engine, _itself(self.article))) - 1

    def _alike(self, other: Article, features: Sequence[Feature]) -> Alike:
        """Words that are parts of names that are shared as well are not shown beside them."""
        names = tuple(dict.fromkeys(feature.shown for feature in features if feature.kind != "word"))
        parts = {word.raw for name in names for word in text.words(name)}
        words = (feature.shown for feature in features if feature.kind == "word" and feature.shown not in parts)
        return Alike(self.article.id, names, tuple(words), _days(self.article.date, other.date))


def likeness(article: Article, engine: Engine) -> Likeness:
    """What articles like this one have; those that have nothing that tells are like no other."""
    asked = _Asked(engine)
    told = [*_names(article, asked), *_words(article, asked)]
    found = sorted(told, key=lambda one: (-one.weight, one.kind, one.shown))
    features = tuple(found[:FEATURES])
    least = min(len(features), max(LEAST, round(len(features) / SHARE)))
    alike = Several(tuple(one.part for one in features), least) if features else NOTHING
    near = _near(article.date, sum(one.weight for one in features)) if article.date else ()
    return Likeness(article, features, And((alike, *near, Not(_itself(article)))))


def _itself(article: Article) -> Plan:
    """The article and its copies."""
    return Or((Value("id", (text.value(article.id),)), Value("copy", (text.value(article.copy),))))


class _Asked:
    """What the archive says of a feature."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._articles = self.number(EVERYTHING)
        self._most = max(self._articles * COMMON, min(self._articles / 2, FEW))

    def number(self, plan: Plan) -> int:
        return self._engine.search(plan, "newest", 0, 0).total

    def feature(self, kind: Kind, shown: str, node: Plan, often: float) -> Iterator[Feature]:
        """The feature, if another article has it, and not too many do."""
        having = self.number(node)
        if 1 < having <= self._most:
            weight = rarity(self._articles, having) * saturated(often) * (1 if kind == "word" else NAME)
            yield Feature(kind, shown, node, weight)


def _names(article: Article, asked: _Asked) -> Iterator[Feature]:
    often = Counter((name.kind, text.value(name.name)) for name in article.names)
    kinds: Mapping[Kind, tuple[str, ...]] = {"person": article.people, "place": article.places, "org": article.orgs}
    known = [(often[kind, text.value(name)], kind, name) for kind, names in kinds.items() for name in names]  # type: ignore[index]
    known.sort(key=lambda one: -one[0])
    for number, kind, name in known[:COUNTED]:
        yield from asked.feature(kind, name, Value(kind, (text.value(name),)), max(1, number))


def _words(article: Article, asked: _Asked) -> Iterator[Feature]:
    """The words, those of names among them, by their stems."""
    shown, often = dict[str, str](), Counter[str]()
    for stem, word in _stems(article):
        shown.setdefault(stem, word)
        often[stem] += 1
    empty = common(shown.values())
    known = [stem for stem in often if shown[stem] not in empty and _has_letter(stem)]
    known.sort(key=lambda stem: (-often[stem], -len(stem), stem))
    for stem in known[:COUNTED]:
        node = Terms(tuple(Term(name + STEM, stem) for name in _FIELDS), saturated(often[stem]))
        yield from asked.feature("word", shown[stem], node, often[stem])


def _has_letter(word: str) -> bool:
    return any(map(str.isalpha, word))


def _stems(article: Article) -> Iterator[tuple[str, str]]:
    """Every word of headline and text with its stem, as it is written but in lower case."""
    headline = "" if article.origins.get("title") == "first sentence" else article.title
    for content in (headline, article.body[:READ]):
        words, spans = text.located(content, article.language)
        for stem, (start, end) in zip(words.stems, spans, strict=True):
            yield stem, content[start:end].lower()


def _near(when: When, weight: float) -> Iterator[Plan]:
    """What is near in time weighs more; what is not is found as well."""
    first, last = when.first().toordinal(), when.last().toordinal()
    spans = (And((Range("date", first - days, None), Range("date" + LAST, None, last + days))) for days in STEPS)
    yield Several(tuple(Part(span, weight * NEAR / len(STEPS)) for span in spans), 0)


def _days(one: When | None, other: When | None) -> int | None:
    if one is None or other is None or not one.precision == other.precision == "day":
        return None
    return (other.first() - one.first()).days


def _ids(engine: Engine, plan: Plan) -> frozenset[str]:
    return frozenset(engine.search(plan, "newest", 0, None).ids)
