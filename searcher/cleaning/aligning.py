"""How much of each block of a page stands in a text that was made of the page? By words, in the order of both."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

Words = Sequence[str]
Numbers = NDArray[np.int64]

LARGEST = 400_000_000
"""Words of the blocks times words of the text: aligning costs a bit of memory for each. Beyond it, runs of words
alone must do, and nothing is asked of the order."""


def aligned(blocks: Sequence[Words], text: Words) -> NDArray[np.float64]:
    """The share, 0..1, of each block that stands in the text: by runs of four words; of shorter blocks by place."""
    ends = np.cumsum([0, *map(len, blocks)])
    places = _places([word for block in blocks for word in block], text)
    found = [places[start:end] for start, end in pairwise(ends)]
    runs = set(zip(*(text[start:] for start in range(4)), strict=False))
    shares = np.array([_share(block, own, runs) for block, own in zip(blocks, found, strict=True)], np.float64)
    for index, own in enumerate(found):
        if 0 < len(own) < 4 and _between(index, own, found, shares, len(text)):
            shares[index] = 1.0
    return shares


def _places(words: Words, text: Words) -> Numbers:
    """Where each word stands in the text, -1 for nowhere: a longest common subsequence."""
    if len(words) * len(text) > LARGEST:
        return np.zeros(len(words), np.int64)
    places = np.full(len(words), -1)
    for step in LCSseq.opcodes(words, text):
        if step.tag == "equal":
            places[step.src_start : step.src_end] = np.arange(step.dest_start, step.dest_end)
    return places


def _share(block: Words, places: Numbers, runs: set[tuple[str, ...]]) -> float:
    if len(block) < 4:
        return 0.0
    own = list(zip(*(block[start:] for start in range(4)), strict=False))
    share = sum(run in runs for run in own) / len(own)
    in_order = float((places >= 0).mean())
    return share if in_order >= 0.5 else min(share, in_order)


def _between(index: int, own: Numbers, found: Sequence[Numbers], shares: NDArray[np.float64], end: int) -> bool:
    """Whether a block of few words stands in the text right beside what is around it on the page."""
    if (own < 0).any() or own[-1] - own[0] != len(own) - 1:
        return False
    before = next((found[i].max() for i in range(index - 1, -1, -1) if shares[i] >= 0.5), -1)
    after = next((found[i][found[i] >= 0].min() for i in range(index + 1, len(found)) if shares[i] >= 0.5), end)
    return bool(own[0] - before <= 4 or after - own[-1] <= 4)
