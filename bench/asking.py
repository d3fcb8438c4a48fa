"""What are the engines asked? Plans of eleven kinds, drawn by a seeded lot from words and texts of the articles.

A word is what lowering makes of it, over title and body alone: its surface and its stem, in both. Bands are of
document frequency: a common word stands in a tenth of the articles or more, a rare one in less than a hundredth.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain, cycle, islice, pairwise
from typing import NamedTuple, TypeAlias

from articles import SEED, Article, Articles

from searcher import text
from searcher.query.plan import (
    LAST,
    STEM,
    SURFACE_WEIGHT,
    WEIGHTS,
    WIDEST,
    And,
    Not,
    Or,
    Plan,
    Range,
    Row,
    Term,
    Terms,
    Value,
)

FIELDS = {name: WEIGHTS[name] for name in ("title", "body")}
SAMPLE = 20_000
"""How many articles are read to draw from; frequencies are shares of these."""

BANDS = {"common": (0.1, 1.0), "medium": (0.01, 0.1), "rare": (0.0, 0.01)}
STOPS = 30
"""How many of the most frequent words are stop words here. No engine drops them."""

MONTHS = (30, 90, 365)
"""The lengths of date ranges, in days."""


class Prefix(NamedTuple):
    """Words of title or body that begin so."""

    text: str


Asked: TypeAlias = Plan | Prefix


class Query(NamedTuple):
    """What is asked, and of which kind it is."""

    kind: str
    asked: Asked


class Sample:
    """The articles that are drawn from, and their words by band."""

    def __init__(self, articles: Articles, number: int) -> None:
        self.articles = list(articles.first(min(number, SAMPLE)))
        self.stem = dict(zip(articles.surfaces, articles.stems, strict=True))
        self.vocabulary = sorted(articles.surfaces)
        self.having = Counter(chain.from_iterable(map(_words, self.articles)))
        self.stops = frozenset(word for word, _ in self.having.most_common(STOPS))
        self.bands = defaultdict[str, list[str]](list)
        for word in sorted(self.having):
            if self.having[word] > 1 and word.isalnum() and len(word) > 1:
                self.bands[self.band(word)].append(word)

    def band(self, word: str) -> str:
        share = self.having[word] / len(self.articles)
        return next(name for name, (least, most) in BANDS.items() if least <= share <= most)

    def fitting(self, prefix: str) -> int:
        """How many words begin so."""
        return bisect_left(self.vocabulary, prefix + "\U0010ffff") - bisect_left(self.vocabulary, prefix)


def _words(article: Article) -> set[str]:
    return {*article.title.surfaces, *article.body.surfaces}


class Draw:
    """One lot after the other."""

    def __init__(self, sample: Sample, seed: int) -> None:
        self.sample = sample
        self.chance = random.Random(seed)

    def word(self, *bands: str) -> Terms:
        """A word of one of these bands, whatever it is."""
        return self._terms(self.chance.choice(self.sample.bands[self.chance.choice(bands)]))

    def article(self) -> Article:
        return self.chance.choice(self.sample.articles)

    def words(self, article: Article, number: int) -> list[Terms]:
        """Different words of one article, each of a band by lot; fewer, if it has not so many."""
        found: list[str] = []
        by_band = defaultdict[str, list[str]](list)
        for word in sorted(_words(article)):
            if self.sample.having[word] > 1 and word.isalnum():
                by_band[self.sample.band(word)].append(word)
        while len(found) < number and (bands := [band for band in by_band.values() if band]):
            band = self.chance.choice(bands)
            found.append(band.pop(self.chance.randrange(len(band))))
        return list(map(self._terms, found))

    def row(self, number: int) -> Asked | None:
        """Words that follow each other in a body, not all of them stop words."""
        surfaces = self.article().body.surfaces
        start = self.chance.randrange(max(1, len(surfaces) - number))
        words = tuple(surfaces[start : start + number])
        return rows(words) if len(words) == number and not self.sample.stops.issuperset(words) else None

    def two(self) -> Asked | None:
        both = self.words(self.article(), 2)
        return And(tuple(both)) if len(both) == 2 else None

    def three(self) -> Asked:
        return Or(tuple(self.word(*BANDS) for _ in range(3)))

    def without(self) -> Asked:
        return And((self.word("common", "medium"), Not(self.word("common", "medium"))))

    def prefix(self) -> Asked | None:
        word = self.chance.choice(self.sample.bands[self.chance.choice(("medium", "rare"))])
        prefix = word[: self.chance.randint(3, 5)]
        fits = len(prefix) > 2 and word.isalpha() and self.sample.fitting(prefix) <= WIDEST
        return Prefix(prefix) if fits else None

    def dated(self) -> Asked | None:
        article = self.article()
        if not article.day or not (word := self.words(article, 1)):
            return None
        last = article.day + timedelta(self.chance.choice(MONTHS))
        low, high = article.day.toordinal(), last.toordinal()
        return And((*word, And((Range("date", low, None), Range("date" + LAST, None, high)))))

    def sourced(self) -> Asked | None:
        article = self.article()
        source = Value("source", (text.value(article.values["source"][0]),))
        return And((*word, source)) if (word := self.words(article, 1)) else None

    def _terms(self, word: str) -> Terms:
        surfaces = [Term(name, word, weight * SURFACE_WEIGHT) for name, weight in FIELDS.items()]
        return Terms((*surfaces, *(Term(name + STEM, self.sample.stem[word], FIELDS[name]) for name in FIELDS)))


def rows(words: tuple[str, ...]) -> Plan:
    """The words in a row, in the title or the body."""
    return Or(tuple(Row(name, words, weight) for name, weight in FIELDS.items()))


KINDS: dict[str, Callable[[Draw], Asked | None]] = {
    "a common word": lambda draw: draw.word("common"),
    "a medium word": lambda draw: draw.word("medium"),
    "a rare word": lambda draw: draw.word("rare"),
    "two words": Draw.two,
    "any of three words": Draw.three,
    "a word without another": Draw.without,
    "phrase of two words": lambda draw: draw.row(2),
    "phrase of three words": lambda draw: draw.row(3),
    "prefix of 3 to 5 letters": Draw.prefix,
    "a word, a date range": Draw.dated,
    "a word, a source": Draw.sourced,
}
STOP_PHRASE = "phrase of two stop words"


def queries(sample: Sample, number: int, seed: int = SEED) -> list[Query]:
    """So many different queries, of all kinds in turn."""
    draw, found = Draw(sample, seed), dict[Asked, Query]()
    for kind in islice(cycle(KINDS), number):
        asked = next(asked for asked in _lots(draw, kind) if asked not in found)
        found[asked] = Query(kind, asked)
    return list(found.values())


def _lots(draw: Draw, kind: str) -> Iterator[Asked]:
    while True:
        if asked := KINDS[kind](draw):
            yield asked


def stop_phrases(sample: Sample, number: int) -> list[Query]:
    """The most frequent pairs of stop words that follow each other: "of the", "in the", …"""
    pairs = Counter(
        pair
        for article in sample.articles[:2000]
        for pair in pairwise(article.body.surfaces)
        if sample.stops.issuperset(pair)
    )
    return [Query(STOP_PHRASE, rows(pair)) for pair, _ in pairs.most_common(number)]
