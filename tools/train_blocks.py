"""Learns which blocks of a page are its article, and writes searcher/cleaning/data/blocks.json.

    python tools/train_blocks.py            cross-validates by site, then learns from all pages and writes
    python tools/train_blocks.py --check    cross-validates only

Pages: the development pages of WCXB (CC BY 4.0) in the measuring data. What a block should be is read off the known
text of its page: the two are aligned word by word, and a block is the article as far as its runs of four words
stand in the text. What the names of places are worth to a page is learned from pages of other sites alone, so
that the trees learn how far to trust names. Needs `pip install -e '.[train]'`.
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import oblivious

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from gold import FOLDS, Gold, described, f1, fold_of, golds

from searcher.cleaning import clean, markup, zones
from searcher.cleaning.aligning import aligned
from searcher.cleaning.columns import columns
from searcher.cleaning.places import TAGS
from searcher.cleaning.trees import Model
from searcher.model import Block
from searcher.text import terms

TREES, RATE = 160, 0.1
PRIOR, STRENGTH, SEEN = 0.3, 2.0, 3
"""The share of article text under any name; how many pages that is worth; names on fewer pages say nothing."""

TELLING, OFTEN = 0.5, 5
"""By how much a name must differ from its parts, and on how many pages it must stand, to be kept."""

SHORT, NAMELESS, LESS = 0.4, 0.2, 0.5
"""The shares of pages that are learned again with most blocks left out, and without classes and ids, and what those
weigh: archives hold shorter and plainer pages than these."""

SOURCE = "WCXB development pages (CC BY 4.0, Murrough Foley), 791 pages of 768 hosts"
TARGET = Path(__file__).parents[1] / "searcher/cleaning/data/blocks.json"


class Sample(NamedTuple):
    """A page to learn from: its blocks but pictures and repeats, and for each, how much of it is the article,
    0..1, and its words."""

    gold: Gold
    blocks: tuple[Block, ...]
    shares: np.ndarray
    words: np.ndarray
    names: Mapping[str, float]
    fold: int


def sample(gold: Gold) -> Sample:
    """What is to be learned of one page."""
    again = set(markup.repeats(gold.page.blocks))
    blocks = tuple(b for i, b in enumerate(gold.page.blocks) if b.kind != "image" and i not in again)
    cut = [terms(block.text, None)[0] for block in blocks]
    shares = aligned(cut, terms(gold.text, None)[0])
    words = np.array([len(own) for own in cut])
    return Sample(gold, blocks, shares, words, _names(blocks, shares, words), fold_of(gold.url, gold.id))


def _names(blocks: Sequence[Block], shares: np.ndarray, words: np.ndarray) -> dict[str, float]:
    """How much of what stands under each name is the article."""
    all_of, good = defaultdict[str, float](float), defaultdict[str, float](float)
    for block, share, count in zip(blocks, shares, np.sqrt(words), strict=True):
        found = {*block.zone, *(part for name in block.zone for part in zones.parts(name))}
        for name in found if count else ():
            all_of[name] += count
            good[name] += count * share
    return {name: good[name] / total for name, total in all_of.items()}


def odds(samples: Iterable[Sample]) -> dict[str, float]:
    """What each name is worth: the log odds of article text under it, against those of any text."""
    sums, counts = defaultdict[str, float](float), Counter[str]()
    for one in samples:
        counts.update(one.names.keys())
        for name, share in one.names.items():
            sums[name] += share
    base = math.log(PRIOR / (1 - PRIOR))
    return {
        name: math.log((sums[name] + STRENGTH * PRIOR) / (count - sums[name] + STRENGTH * (1 - PRIOR))) - base
        for name, count in counts.items()
        if count >= SEEN
    }


def names(samples: Sequence[Sample]) -> dict[str, float]:
    """The worth of the names that stand on enough pages and say more than their parts do."""
    known, pages = odds(samples), Counter(name for one in samples for name in one.names)
    kept = {}
    for name, value in sorted(known.items()):
        parts = [known[part] for part in zones.parts(name) if part in known and part != name]
        if pages[name] >= OFTEN and abs(value - max(parts, key=abs, default=0.0)) >= TELLING:
            kept[name] = round(value, 1)
    return kept


def learn(samples: Sequence[Sample]) -> dict[str, Any]:
    """The data of a Model, learned from these pages."""
    all_of = [*samples, *varied(samples)]
    features, rows = _rows(all_of, samples)
    shares = np.concatenate([one.shares for one in all_of])
    words = np.concatenate([one.words for one in all_of])
    told = np.random.default_rng(1).random(len(words)) < np.where(words >= 6, 1.0, 0.5 * (words > 0))
    weights = np.concatenate(
        [_weights(one) for one in samples] + [LESS * _weights(one) for one in all_of[len(samples) :]]
    )
    made = oblivious.learner(rows[told], shares[told], weights[told], TREES, RATE)
    return {"names": names(samples), **oblivious.exported(made, features)}


def _weights(one: Sample) -> np.ndarray:
    """What each block counts: a page of many words not as much more as it has more of them."""
    return one.words**0.75 / math.sqrt(max(50, len(one.gold.text.split())))


def varied(samples: Sequence[Sample]) -> Iterator[Sample]:
    """Pages with most blocks left out, and pages without classes and ids."""
    random = np.random.default_rng(5)
    for one in samples:
        if random.random() < SHORT:
            left = random.random(len(one.blocks)) < random.uniform(0.08, 0.5)
            if one.words[left & (one.shares >= 0.5)].sum() > 30:
                blocks = tuple(block for block, is_left in zip(one.blocks, left, strict=True) if is_left)
                yield one._replace(blocks=blocks, shares=one.shares[left], words=one.words[left])
        if random.random() < NAMELESS:
            bare = (tuple(name for name in block.zone if name in TAGS) for block in one.blocks)
            blocks = tuple(block._replace(zone=zone) for block, zone in zip(one.blocks, bare, strict=True))
            yield one._replace(blocks=blocks)


def _rows(all_of: Sequence[Sample], samples: Sequence[Sample]) -> tuple[list[str], np.ndarray]:
    """The features of all blocks, each page's with the worth that names have on other sites."""
    features: list[str] = []
    rows: list[np.ndarray] = [np.empty(0)] * len(all_of)
    for fold in sorted({one.fold for one in samples}):
        known = zones.Telling(names([one for one in samples if one.fold != fold]))
        for index, one in enumerate(all_of):
            if one.fold == fold:
                measured = columns(one.gold.page, one.blocks, partial(zones.worth, telling=known))
                features = list(measured.values)
                rows[index] = measured.matrix(features).T
    return features, np.vstack(rows)


def judged(samples: Sequence[Sample]) -> Iterator[tuple[Sample, float, float]]:
    """Each page with the F1 of its blocks, and of its article as it would be indexed, by a model that was learned
    without the pages of its fold."""
    for fold in range(FOLDS):
        model = Model(learn([one for one in samples if one.fold != fold]))
        for one in samples:
            if one.fold == fold:
                yield one, *_scores(one, model)


def _scores(one: Sample, model: Model) -> tuple[float, float]:
    cleaned = clean(one.gold.page, model)
    kept = (
        block.text for block, verdict in zip(one.gold.page.blocks, cleaned.verdicts, strict=True) if not verdict
    )
    article = described(one.gold.page, cleaned.verdicts)
    return f1("\n".join(kept), one.gold.text), f1(article.body if article else "", one.gold.text)


def best(one: Sample) -> float:
    """The F1 of the best choice of its blocks."""
    chosen = (block.text for block, share in zip(one.blocks, one.shares, strict=True) if share >= 0.5)
    return f1("\n".join(chosen), one.gold.text)


def main() -> None:
    """Learns, says how well, writes."""
    samples = [sample(gold) for gold in golds() if gold.text]
    blocks = sum(len(one.blocks) for one in samples)
    print(f"{len(samples)} pages, {blocks:,} blocks; best choice of blocks {np.mean([*map(best, samples)]):.4f}")
    _, of_blocks, of_articles = zip(*judged(samples), strict=True)
    print("word F1 on sites that were not learned:")
    print(f"blocks {np.mean(of_blocks):.4f}, articles {np.mean(of_articles):.4f}")
    if "--check" not in sys.argv[1:]:
        oblivious.write(TARGET, {"learned from": SOURCE, **learn(samples)})


if __name__ == "__main__":
    main()
