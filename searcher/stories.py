"""Which articles are about one event? By the names and the rare words of their beginnings, and by time.

A story holds texts that are alike, weighed by how rare a word is in the archive, and that came within days of one
another. Texts are joined two by two, the most alike first, as long as what they become is still of one mind:
average links (Sokal and Michener 1958) keep a running war from becoming one story a year long. What one source
always writes says nothing of its own articles: a grant for one town and a grant for the next are two events.

How rare a word is, is counted within an *era*: some months, or years, of so many articles that numbers mean
something. What is told of an era depends on it and on the next on both sides alone, so that of a large archive
little is told anew when a few articles come.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from searcher import text
from searcher.model import Article

WORDS, NAMES = 32, 12
"""How many words of a beginning, and how many names, tell what an article is about."""

FEWEST = 12
"""Of fewer features nobody can tell what a text is about."""

BEGINNING = 600
"""How many characters of the lead are looked at, behind the headline."""

NAME = 1.5
"""What a name weighs against a word as rare."""

SMALL, NAMED = 300, 2
"""A name is as rare as it would be among so many articles more, and so many more that have it: an archive about one
war names its leaders in every article."""

DAYS = 3
"""How far apart two articles about one event are at most; and the longest story is twice as long."""

ALIKE, OWN, LATER = 0.33, 0.62, 0.07
"""How alike two texts of one event are at least, as a cosine: of two sources, of one, and more for each day between
them: wars and markets repeat themselves."""

MEAN = 0.3
"""How alike the texts of two parts of a story are at least, in the mean."""

HEAVY = 12
"""By how many of its weightiest features an article looks for others."""

CROWD = 40
"""How many articles of those days may share a feature that others are looked for by."""

BLOCK = 7
"""Within how many days it is counted what a source always writes."""

SHORTEST, MANY = 4 * BLOCK, 2_000
"""How many days an era has at least, and in how many articles a feature's rarity is counted in the mean."""

WHOLE = 1 << 22
"""Days: an era so long holds every day there is."""

REACH = 2 * DAYS
"""How far from the border of its own era the story of a text may depend on the next one."""

NAME_BIT = 1 << 21
"""Hashes below it are of words, those above it of names; so few that how often each stands is one array, so many
that of two texts hardly ever two features meet that are not the same."""

BARE = 2 * NAME_BIT
"""What is no feature."""

Array = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]


class Text(NamedTuple):
    """A text as it was told first: on which day (date.toordinal()), of which source, and its traits."""

    day: int
    source: str
    traits: bytes


def traits(article: Article) -> bytes:
    """What is kept of an article to tell its event: hashes of its names and of the words it begins with, ascending,
    32 bits each; b"" if it has hardly a word."""
    names = {NAME_BIT + _hash(text.value(name)) for name in _names(article)[:NAMES]}
    beginning = dict.fromkeys(_words(f"{article.title}\n\n{article.lead[:BEGINNING]}", article.language))
    words = {_hash(word) for word in [word for word in beginning if len(word) > 1][:WORDS]}
    features = sorted(names | words)
    return np.array(features, "<u4").tobytes() if len(features) >= FEWEST else b""


def _hash(feature: str) -> int:
    return zlib.crc32(feature.encode("utf-8", "surrogatepass")) % NAME_BIT


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


def era(days: Mapping[int, int]) -> int:
    """How many days an era has, where on each of these days so many articles came: twice as many until there are
    enough in it, in the mean of all articles. It changes about when the archive has doubled."""
    length = SHORTEST
    while True:
        eras = Counter[int]()
        for day, number in days.items():
            eras[day // length] += number
        if sum(number * number for number in eras.values()) >= MANY * eras.total():
            return length
        if len(eras) < 2:
            return WHOLE
        length *= 2


def grouped(texts: Sequence[Text], length: int = WHOLE) -> list[list[int]]:
    """The stories of two texts and more, as numbers of texts, ascending. Whatever order texts come in, the same are
    put together. `length` is that of an era, in days."""
    if len(texts) < 2:
        return []
    order = sorted(range(len(texts)), key=lambda number: texts[number])
    sheet = _Sheet([texts[number] for number in order], length)
    return [sorted(order[number] for number in part.texts) for part in _parts(sheet, *sheet.alike())]


def _parts(sheet: _Sheet, first: Array, second: Array, likeness: Weights) -> Iterator[_Part]:
    """What becomes of pairs that are alike, put together two by two, the most alike first; and then pairs across
    the border of two eras."""
    part = {number: _Part.of(sheet, number) for number in {*first.tolist(), *second.tolist()}}
    for at in np.lexsort((second, first, -likeness, sheet.eras[first] != sheet.eras[second])).tolist():
        one, other = part[int(first[at])], part[int(second[at])]
        if one is not other and one.fits(other):
            small, large = sorted((one, other), key=lambda each: len(each.texts))
            large.take(small)
            part |= dict.fromkeys(small.texts, large)
    yield from (each for number, each in part.items() if each.texts[0] == number and len(each.texts) > 1)


@dataclass(slots=True)
class _Part:
    """A story so far: its texts, its first and last day, and the sum of its texts' unit vectors."""

    texts: list[int]
    first: int
    last: int
    sum: dict[int, float]

    @classmethod
    def of(cls, sheet: _Sheet, number: int) -> _Part:
        day, row = int(sheet.days[number]), sheet.rows[number]
        vector = dict(zip(row.tolist(), sheet.weights[number].tolist(), strict=True))
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
    """The features of all texts, which are in order of their days, a row each: ascending, with BARE behind the
    last."""

    def __init__(self, texts: Sequence[Text], length: int) -> None:
        sizes = np.array([len(one.traits) // 4 for one in texts])
        self.rows = np.full((len(texts), WORDS + NAMES), BARE, np.int32)
        self.rows[np.arange(self.rows.shape[1]) < sizes[:, None]] = np.frombuffer(
            b"".join(one.traits for one in texts), "<u4"
        )
        numbers = {name: number for number, name in enumerate(sorted({one.source for one in texts}))}
        self.sources = np.array([numbers[one.source] for one in texts])
        self.days = np.array([one.day for one in texts])
        self.eras = self.days // length
        _, era, sizes = np.unique(self.eras, return_inverse=True, return_counts=True)
        self.often = _often(self.rows, sizes)
        self.rare = self._rare(sizes[era, None])
        self.weights = _unit(self.rare)

    def _rare(self, whole: Array) -> Weights:
        """What each feature weighs in its text: 0 if all of the era have it. `whole` is how many these are."""
        word = np.log((whole + 1) / self.often)
        name = NAME * np.log((whole + SMALL) / (self.often + NAMED))
        rare = np.where(self.rows < NAME_BIT, word, np.where(self.rows < BARE, name, 0))
        return rare.astype(np.float32)

    def alike(self) -> tuple[Array, Array, Weights]:
        """The pairs that are alike enough to be of one story, and how alike."""
        first, second = self._candidates()
        same = self.sources[first] == self.sources[second]
        likeness = self._cosines(first, second, self.weights)
        likeness[same] = self._cosines(first[same], second[same], self._own(np.unique([first[same], second[same]])))
        apart = np.abs(self.days[first] - self.days[second])
        enough = likeness >= np.where(same, OWN, ALIKE) + LATER * apart
        return first[enough], second[enough], likeness[enough]

    def _candidates(self) -> tuple[Array, Array]:
        """Pairs within days of one another that share two of their weightiest features."""
        shared = np.where(self.often > 1, self.weights, 0)
        heavy = np.argpartition(-shared, min(HEAVY, shared.shape[1] - 1), axis=1)[:, :HEAVY]
        chosen = np.take_along_axis(shared, heavy, 1) > 0
        owners = np.nonzero(chosen)[0]
        keys = np.sort(np.take_along_axis(self.rows, heavy, 1)[chosen].astype(np.int64) * len(self.days) + owners)
        features, owners = np.divmod(keys, len(self.days))
        pairs = [np.zeros(0, np.int64)]
        for step in range(1, CROWD):
            close = features[step:] == features[:-step]
            close &= self.days[owners[step:]] - self.days[owners[:-step]] <= DAYS
            if not close.any():
                break
            pairs.append(owners[:-step][close] * len(self.days) + owners[step:][close])
        ordered = np.sort(np.concatenate(pairs))
        twice = ordered[1:][ordered[1:] == ordered[:-1]]
        return np.divmod(np.unique(twice), len(self.days))

    def _own(self, some: Array) -> Weights:
        """What features weigh among articles of one source, for some texts: no more than they are rare in what that
        source prints in these days."""
        blocks = self.sources * (int(self.days.max()) // BLOCK + 1) + self.days // BLOCK
        near = np.flatnonzero(np.isin(blocks, blocks[some]))
        _, block, sizes = np.unique(blocks[near], return_inverse=True, return_counts=True)
        usual = np.log((sizes[block, None] + 5) / _together(self.rows[near], block)).clip(0)
        weights = np.zeros_like(self.weights)
        weights[near] = _unit(np.minimum(self.rare[near], usual))
        return weights

    def _cosines(self, first: Array, second: Array, weights: Weights) -> Weights:
        """The cosines of pairs: of the features of both, side by side and sorted, those that stand twice."""
        found = np.zeros(len(first), np.float32)
        for begin in range(0, len(first), 20_000):
            one, other = first[begin : begin + 20_000], second[begin : begin + 20_000]
            both, order = _sorted(np.concatenate([self.rows[one], self.rows[other]], axis=1))
            weight = np.take_along_axis(np.concatenate([weights[one], weights[other]], axis=1), order, 1)
            twice = both[:, 1:] == both[:, :-1]
            found[begin : begin + 20_000] = (weight[:, 1:] * weight[:, :-1] * twice).sum(axis=1)
        return found


def _often(rows: npt.NDArray[np.int32], sizes: Array) -> Array:
    """How often each feature stands in its era. Texts are in order of their eras, so many in each, and all eras are
    counted in one table, one after the other."""
    often, table = np.empty(rows.shape, np.int64), np.zeros(BARE + 1, np.int32)
    for start, end in pairwise([0, *np.cumsum(sizes).tolist()]):
        era = rows[start:end]
        np.add.at(table, era.ravel(), np.int32(1))
        often[start:end] = table[era]
        table[era] = 0
    return often


def _together(rows: npt.NDArray[np.int32], block: Array) -> Array:
    """How often each feature stands in its block."""
    keys = (block[:, None] * (BARE + 1) + rows).ravel()
    order = np.argsort(keys)
    sizes = np.diff(np.flatnonzero(np.diff(keys[order], prepend=-1)), append=rows.size)
    together = np.empty(rows.size, np.int64)
    together[order] = np.repeat(sizes, sizes)
    return together.reshape(rows.shape)


def _sorted(rows: npt.NDArray[np.int32]) -> tuple[Array, Array]:
    """Each row in order, and where its numbers stood; with the place in their low bits, which is quicker than
    np.argsort()."""
    bits = rows.shape[1].bit_length()
    packed = np.sort(rows.astype(np.int64) << bits | np.arange(rows.shape[1]), axis=1)
    return packed >> bits, packed & ((1 << bits) - 1)


def _unit(weights: Weights) -> Weights:
    lengths = np.sqrt((weights**2).sum(axis=1, keepdims=True))
    unit: Weights = (weights / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit
