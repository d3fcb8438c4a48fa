"""Are two articles copies of one text? By what is the same in both, and by what was exchanged.

Texts about different facts are no copies: the same form letter with other numbers and names, the price table of
another day. Put side by side, a number stands in the place of a number there, and a name in the place of a name; in
a text that was edited, any word stands in the place of any.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from searcher.copies.shingles import Hashes, Text

ALIKE = 0.33
"""The share of all shingles of two texts that copies have in common: a reprint of the first two fifths has a little
more, an article in which another stands as a quotation of a third has not."""

ALIGNED, ALIGNED_ALIKE = 0.5, 0.08
"""Or so little where so many words of the longer stand in the other in one order: word after word was edited."""

SHORT, SHORT_ALIKE = 24, 0.7
"""Texts of no more shingles must be so much alike."""

FACTS, OF_FACTS, OF_CHANGES = 2, 0.01, 0.4
"""Facts are different if so many were exchanged, if they are so large a share of all facts, and so large a share of
all that was exchanged. In short texts one is enough."""

PLACE = 6
"""How many words may stand between two that both texts have, and still be in the place of others."""

ALIGNABLE = 5_000
"""How many words are put side by side."""

Own: TypeAlias = dict[int, tuple[int, int]]
"""Where a text has words that the other has nowhere: their kind, and themselves."""


def alike(a: Text, b: Text) -> bool:
    """Whether two articles are copies of one text: whole or cut, word for word or edited.

    Under one address, articles about other facts are copies as well: versions, corrected or updated.
    """
    shared = int(np.count_nonzero(_within(a.shingles, b.shingles)))
    short = min(len(a.shingles), len(b.shingles)) <= SHORT
    if not shared or not _near(a, b, shared, short):
        return False
    first, second = sorted((a, b), key=_order)
    return (a.url is not None and a.url == b.url) or not _differ(first, second, short)


def _within(some: Hashes, others: Hashes) -> NDArray[np.bool_]:
    """Which of them are among others, which ascend."""
    if not len(others):
        return np.zeros(len(some), np.bool_)
    at = np.searchsorted(others, some)
    at[at == len(others)] = 0
    found: NDArray[np.bool_] = others[at] == some
    return found


def _near(a: Text, b: Text, shared: int, short: bool) -> bool:
    share = shared / (len(a.shingles) + len(b.shingles) - shared)
    if short:
        return share >= SHORT_ALIKE
    return share >= ALIKE or (share >= ALIGNED_ALIKE and _aligned(a, b))


def _aligned(a: Text, b: Text) -> bool:
    """Whether so many of the words of the longer stand in the other in one order."""
    from rapidfuzz.distance import LCSseq

    enough = math.ceil(ALIGNED * min(ALIGNABLE, max(len(a.words), len(b.words))))
    return LCSseq.similarity(a.words[:ALIGNABLE], b.words[:ALIGNABLE], score_cutoff=enough) >= enough


def _order(text: Text) -> tuple[int, str]:
    """Which is the first must not depend on who asks: two texts can be put side by side in several ways."""
    return len(text.words), text.words


def _differ(a: Text, b: Text, short: bool) -> bool:
    mine, theirs = _own(a, b), _own(b, a)
    enough = max(1 if short else FACTS, OF_FACTS * min(np.count_nonzero(text.kinds) for text in (a, b)))
    if min(len({word for word in own.values() if word[0]}) for own in (mine, theirs)) < enough:
        return False  # most copies: there is no need to put them side by side
    exchanges = list(_exchanges(mine, theirs, _gaps(a, b)))
    facts = [(ones, others) for ones, others in exchanges if ones]
    sides = [set[int]().union(*side) for side in zip(*facts, strict=True)]
    return min([len(facts), *map(len, sides)]) >= enough and len(facts) >= OF_CHANGES * len(exchanges)


def _own(text: Text, other: Text) -> Own:
    at = np.flatnonzero(~_within(text.facts, other.known))
    kinds, facts = text.kinds[at].tolist(), text.facts[at].tolist()
    return dict(zip(at.tolist(), zip(kinds, facts, strict=True), strict=True))


def _gaps(a: Text, b: Text) -> Iterator[tuple[range, range]]:
    """What stands in both between two words that they have in common, in one order.

    What comes before the first of these, and behind the last, is what an outlet puts there.
    """
    from rapidfuzz.distance import LCSseq

    for left, right in pairwise(LCSseq.editops(a.words[:ALIGNABLE], b.words[:ALIGNABLE]).as_matching_blocks()[:-1]):
        one, other = range(left.a + left.size, right.a), range(left.b + left.size, right.b)
        if 0 < len(one) <= PLACE and 0 < len(other) <= PLACE:
            yield one, other


def _exchanges(mine: Own, theirs: Own, gaps: Iterator[tuple[range, range]]) -> Iterator[tuple[set[int], set[int]]]:
    """What was exchanged in each gap in which both have words of their own: the facts of one kind, if any."""
    for left, right in gaps:
        one, other = [mine[at] for at in left if at in mine], [theirs[at] for at in right if at in theirs]
        if one and other:
            kinds = {kind for kind, _ in one} & {kind for kind, _ in other} - {0}
            yield {fact for kind, fact in one if kind in kinds}, {fact for kind, fact in other if kind in kinds}
