"""Learns which lines of a text without markup are furniture, and writes searcher/cleaning/data/lines.json.

    python tools/train_lines.py            cross-validates by site, then learns and writes
    python tools/train_lines.py --check    cross-validates only

Pages: the development pages of WCXB (CC BY 4.0) in the measuring data, but for the fifth of sites on which
bench/chrome.py measures. Each is written down as people save pages: in full, cut around the article, in small
letters (as a script without capitals has them), and its known text alone. What its lines are, bench/chrome.py says.
Needs `pip install -e '.[train]'`.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import oblivious

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from chrome import Labelled, as_page, block_labels, held_out, labelled
from gold import fold_of, plain, rows_of
from saved import WAYS, Piece, lowered

from searcher.cleaning import lines
from searcher.cleaning.line_features import NAMES, features
from searcher.cleaning.shape import Shape

TREES, RATE = 260, 0.08
USEFUL = 0.1
"""Features that carry less of the gain, in per cent, are left out."""

HEADLINE = 8
"""How many other lines a headline is worth: it must not be lost."""

BEFORE, AFTER = (0, 0, 1, 2, 3, 5, 8), (0, 1, 2, 4, 8, 15, 30)
"""How many lines before and after the article somebody copies with it."""

SOURCE = "WCXB development pages (CC BY 4.0, Murrough Foley), the sites that bench/chrome.py does not measure"
TARGET = Path(__file__).parents[1] / "searcher/cleaning/data/lines.json"


class Sample(NamedTuple):
    """One page in one way: the features of its blocks, how many words of each are the article's and how many are
    not, which blocks a rule knows, and which are the headline."""

    fold: int
    rows: np.ndarray
    good: np.ndarray
    bad: np.ndarray
    known: np.ndarray
    head: np.ndarray


def samples() -> Iterator[Sample]:
    """All pages in all ways."""
    rng = random.Random(5)
    plain = [name for name in WAYS if name != "Markdown"]
    for number, row in enumerate(rows_of()):
        made = labelled(row)
        if made is None or held_out(row):
            continue
        jobs = [(plain[number % 3], made), ("Markdown", made), (rng.choice(list(WAYS)), _around(made, rng))]
        jobs.append((rng.choice(list(WAYS)), _alone(row)))
        jobs += [("lowered", made)] if number % 3 == 0 else []
        found = (_sample(way, one, fold_of(row["url"], row["id"])) for way, one in jobs)
        yield from (one for one in found if one is not None)


def _around(made: Labelled, rng: random.Random) -> Labelled:
    good = [index for index, label in enumerate(made.labels) if label]
    start, end = max(0, good[0] - rng.choice(BEFORE)), good[-1] + 1 + rng.choice(AFTER)
    return Labelled(made.pieces[start:end], made.labels[start:end])


def _alone(row: dict[str, Any]) -> Labelled:
    texts = [row["title"] or "", *row["text"].split("\n")]
    found = [Piece(text, "p" if number else "h1", text) for number, text in enumerate(texts) if text.strip()]
    return Labelled(found, [True] * len(found))


def _sample(way: str, made: Labelled, number: int) -> Sample | None:
    page = as_page((WAYS.get(way) or lowered)(made.pieces), ".md" if way == "Markdown" else ".txt")
    if page is None:
        return None
    shapes = [Shape(block) for block in page.blocks]
    verdicts = lines.by_rule(page, shapes, [None for _ in shapes])
    labels = block_labels(page, made)
    good, bad = (np.array([sum(label is kind for label in one) for one in labels]) for kind in (True, False))
    heads = {plain(piece.text) for piece, label in zip(*made, strict=True) if label and piece.tag == "h1"}
    head = np.array([plain(block.text) in heads for block in page.blocks])
    known = np.array([verdict is not None for verdict in verdicts])
    return Sample(number, features(page, shapes, verdicts), good, bad, known, head)


def learn(found: Sequence[Sample], names: Sequence[str]) -> Any:
    """A model of these features, learned from these pages."""
    places = [NAMES.index(name) for name in names]
    good, bad = (np.concatenate([getattr(one, side) for one in found]) for side in ("good", "bad"))
    told = good + bad > 0
    rows = np.vstack([one.rows[:, places] for one in found])[told]
    shares, weights = bad / np.maximum(1, good + bad), np.sqrt(np.minimum(good + bad, 100))
    weights *= np.where(np.concatenate([one.head for one in found]), HEADLINE, 1)
    return oblivious.learner(rows, shares[told], weights[told], TREES, RATE)


def useful(found: Sequence[Sample]) -> list[str]:
    """The features that carry the gain, in their order."""
    gains = dict(zip(NAMES, learn(found, NAMES).get_feature_importance(), strict=True))
    return [name for name in NAMES if gains[name] >= USEFUL]


def check(found: Sequence[Sample], names: Sequence[str]) -> None:
    """Says what models remove that were learned without the sites on which they are asked."""
    places = [NAMES.index(name) for name in names]
    gone, all_ = np.zeros(2), np.zeros(2)
    for number in sorted({one.fold for one in found}):
        model = learn([one for one in found if one.fold != number], names)
        for one in (one for one in found if one.fold == number):
            cut = (model.predict_proba(one.rows[:, places])[:, 1] > lines.FURNITURE) | one.known
            gone += [(one.bad * cut).sum(), (one.good * cut).sum()]
            all_ += [one.bad.sum(), one.good.sum()]
    removed, lost = gone / all_
    print(
        f"on sites that were not learned: {removed:.1%} of chrome words removed, {lost:.1%} of article words lost"
    )


def main() -> None:
    """Learns, says how well, writes."""
    found = list(samples())
    names = useful(found)
    print(f"{len(found)} texts, {sum(len(one.good) for one in found):,} lines, {len(names)} features")
    if "--quick" not in sys.argv[1:]:
        check(found, names)
    if "--check" not in sys.argv[1:]:
        data = oblivious.exported(learn(found, names), list(names))
        oblivious.write(TARGET, {"learned from": SOURCE, **data})


if __name__ == "__main__":
    main()
