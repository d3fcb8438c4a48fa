"""Which articles are about one event? By the names and the rare words of their beginnings, and by time.

A story holds texts that are alike, weighed by how rare a word is in the archive, and that came within days of one
another. Texts are joined two by two, the most alike first, as long as what they become is still of one mind:
average links (Sokal and Michener 1958) keep a running war from becoming one story a year long. What one source
always writes says nothing of its own articles: a grant for one town and a grant for the next are two events.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from searcher import text
from searcher.model import Article

WORDS, NAMES = 32, 12
"""How many words of a beginning, and how many names, tell what an article is about."""

BEGINNING = 600
"""How many characters of the lead are looked at, behind the headline."""

NAME = 1.5
"""What a name weighs against a word as rare."""

DAYS = 3
"""How far apart two articles about one event are at most; and the longest story is twice as long."""

ALIKE, OWN, LATER = 0.4, 0.6, 0.07
"""How alike two texts of one event are at least, as a cosine: of two sources, of one, and more for each day between
them: wars and markets repeat themselves."""

MEAN = 0.33
"""How alike the texts of two parts of a story are at least, in the mean."""

RARE = 12
"""By how many of its rarest features an article looks for others."""

CROWD = 40
"""How many articles of those days may share a feature that others are looked for by."""

Array = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]


class Text(NamedTuple):
    """A text as it was told first: of which source, on which day (date.toordinal()), and its traits."""

    source: str
    day: int
    traits: bytes


def traits(article: Article) -> bytes:
    """What is kept of an article to tell its event: hashes of names, then of words, 32 bits each; the first byte
    says how many are names."""
    names = [f"name:{text.value(name)}" for name in _names(article)[:NAMES]]
    beginning = dict.fromkeys(_words(f"{article.title}\n\n{article.lead[:BEGINNING]}", article.language))
    words = [word for word in beginning if len(word) > 1][:WORDS]
    hashes = [zlib.crc32(feature.encode("utf-8", "surrogatepass")) for feature in (*names, *words)]
    return bytes([len(names)]) + np.array(hashes, "<u4").tobytes()


def _names(article: Article) -> list[str]:
    """Its names, the salient ones first."""
    names = dict.fromkeys((*article.people, *article.places, *article.orgs))
    salient = set(article.salient)
    return sorted(names, key=lambda name: name not in salient)


def _words(beginning: str, language: str | None) -> Iterator[str]:
    """The stems; of a script without spaces, two characters at a time."""
    stems = text.terms(beginning, language)[1]
    for this, following in pairwise(chain(stems, [""])):
        yield this + following if following and text.unspaced(this[0]) and text.unspaced(following[0]) else this


def joined(texts: Sequence[Text]) -> Iterator[tuple[int, int]]:
    """Pairs of texts, by number, that are of one story: what they join are the stories. Whatever order they come
    in, the same texts are joined."""
    if len(texts) < 2:
        return
    order = sorted(range(len(texts)), key=lambda number: texts[number])
    sheet = _Sheet([texts[number] for number in order])
    for first, second in _linked(sheet, *sheet.alike()):
        yield order[first], order[second]


def _linked(sheet: _Sheet, first: Array, second: Array, likeness: Weights) -> Iterator[tuple[int, int]]:
    """The pairs that join two parts of a story, the most alike first."""
    part = {number: _Part.of(sheet, number) for number in {*first.tolist(), *second.tolist()}}
    for at in np.lexsort((second, first, -likeness)).tolist():
        one, other = part[int(first[at])], part[int(second[at])]
        if one is not other and one.fits(other):
            yield int(first[at]), int(second[at])
            small, large = sorted((one, other), key=lambda each: len(each.texts))
            large.take(small)
            part |= dict.fromkeys(small.texts, large)


@dataclass(slots=True)
class _Part:
    """A story so far: its texts, its first and last day, and the sum of its texts' unit vectors."""

    texts: list[int]
    first: int
    last: int
    sum: dict[int, float]

    @classmethod
    def of(cls, sheet: _Sheet, number: int) -> _Part:
        held, day = slice(sheet.at[number], sheet.at[number + 1]), int(sheet.days[number])
        vector = dict(zip(sheet.features[held].tolist(), sheet.weights[held].tolist(), strict=True))
        return cls([number], day, day, vector)

    def fits(self, other: _Part) -> bool:
        if max(self.last, other.last) - min(self.first, other.first) > 2 * DAYS:
            return False
        small, large = sorted((self.sum, other.sum), key=len)
        product = sum(weight * large[feature] for feature, weight in small.items() if feature in large)
        return product >= MEAN * len(self.texts) * len(other.texts)

    def take(self, other: _Part) -> None:
        self.texts += other.texts
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        for feature, weight in other.sum.items():
            self.sum[feature] = self.sum.get(feature, 0.0) + weight


class _Sheet:
    """All features of all texts, in two flat arrays: those of text n are at `at[n]`..`at[n + 1]`, rising."""

    def __init__(self, texts: Sequence[Text]) -> None:
        held = [np.frombuffer(one.traits, "<u4", offset=1).astype(np.int64) for one in texts]
        named = [np.arange(len(some)) < one.traits[0] for one, some in zip(texts, held, strict=True)]
        numbers = {name: number for number, name in enumerate(sorted({one.source for one in texts}))}
        self.sources = np.array([numbers[one.source] for one in texts])
        self.days = np.array([one.day for one in texts])
        self.at = np.concatenate([[0], np.cumsum([len(some) for some in held])])
        self.owners = np.repeat(np.arange(len(texts)), np.diff(self.at))
        _, features, self.often = np.unique(np.concatenate(held), return_inverse=True, return_counts=True)
        sorting = np.lexsort((features, self.owners))
        self.features, self.named = features[sorting], np.concatenate(named)[sorting]
        self.weights, self.own = self._weights()

    def _weights(self) -> tuple[Weights, Weights]:
        """What each feature weighs beside other sources, and beside articles of its own: unit vectors both."""
        rare = np.log((len(self.days) + 1) / self.often[self.features]) * np.where(self.named, NAME, 1.0)
        usual = self._of_source()
        return self._unit(rare), self._unit(np.minimum(rare, usual))

    def _of_source(self) -> Weights:
        """How rare a feature is among what its source printed in these days."""
        days = int(self.days.max()) + 2 * DAYS + 2
        place = self.sources * days + self.days + DAYS
        keys = (self.features * (int(self.sources.max()) + 1)) * days + place[self.owners]
        having, all_of_source = np.sort(keys), np.sort(place)
        return np.log((_near(all_of_source, place)[self.owners] + 10) / _near(having, keys))

    def _unit(self, weights: Weights) -> Weights:
        lengths = np.sqrt(np.bincount(self.owners, weights**2, len(self.days)))
        unit: Weights = weights / np.maximum(lengths, 1e-9)[self.owners]
        return unit

    def alike(self) -> tuple[Array, Array, Weights]:
        """The pairs that are alike enough to be of one story, and how alike."""
        first, second = self._candidates()
        same = self.sources[first] == self.sources[second]
        likeness = np.where(
            same, self._cosines(first, second, self.own), self._cosines(first, second, self.weights)
        )
        apart = np.abs(self.days[first] - self.days[second])
        enough = likeness >= np.where(same, OWN, ALIKE) + LATER * apart
        return first[enough], second[enough], likeness[enough]

    def _candidates(self) -> tuple[Array, Array]:
        """Pairs within days of one another that share two of their rarest features."""
        rarest = np.lexsort((self.features, self.often[self.features], self.owners))
        rank = np.arange(len(rarest)) - self.at[self.owners[rarest]]
        chosen = rarest[(rank < RARE) & (self.often[self.features[rarest]] > 1)]
        chosen = chosen[np.lexsort((self.owners[chosen], self.days[self.owners[chosen]], self.features[chosen]))]
        features, owners = self.features[chosen], self.owners[chosen]
        pairs = [np.zeros(0, np.int64)]
        for step in range(1, CROWD):
            close = features[step:] == features[:-step]
            close &= self.days[owners[step:]] - self.days[owners[:-step]] <= DAYS
            if not close.any():
                break
            here, there = owners[step:][close], owners[:-step][close]
            pairs.append(np.minimum(here, there) * len(self.days) + np.maximum(here, there))
        found, often = np.unique(np.concatenate(pairs), return_counts=True)
        return np.divmod(found[often > 1], len(self.days))

    def _cosines(self, first: Array, second: Array, weights: Weights) -> Weights:
        """The cosines of pairs: of each feature of the first, what the second has of it."""
        keys = self.owners * len(self.often) + self.features
        found = np.zeros(len(first))
        for begin in range(0, len(first), 50_000):
            some = slice(begin, begin + 50_000)
            sizes = np.diff(self.at)[first[some]]
            which = np.repeat(np.arange(len(sizes)), sizes)
            mine = np.arange(len(which)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + self.at[first[some]][which]
            wanted = second[some][which] * len(self.often) + self.features[mine]
            place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            both = np.where(keys[place] == wanted, weights[mine] * weights[place], 0.0)
            found[some] = np.bincount(which, both, len(sizes))
        return found


def _near(ordered: Array, keys: Array) -> Array:
    """How many of the sorted keys are within DAYS of each."""
    near: Array = np.searchsorted(ordered, keys + DAYS, "right") - np.searchsorted(ordered, keys - DAYS, "left")
    return near
