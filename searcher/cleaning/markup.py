"""Which blocks of a page with markup are the article?

A page that holds its text twice (for phones, for print) is read once. A model, learned from pages whose text is
known, says how likely each block is article text; the names of the places around it, and the lines that sites
print, say what it is if it is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from searcher.cleaning import lexicon, sections, zones
from searcher.cleaning.columns import TOO_MUCH, Columns, columns
from searcher.cleaning.shape import Shape
from searcher.cleaning.trees import Model
from searcher.cleaning.verdict import BY_RULE, OUTSIDE, Judged
from searcher.model import Block, Page

REPEATED = "repeated on its page"

SHORT = 80
"""Characters; a longer line is none that is believed before the model."""

LONG = 10
"""From so many words on, a text that stands twice is a repeat wherever it stands."""

SURE, PART, WORDS = 0.8, 0.6, 150
"""Where the likeliest WORDS of a page, or a third of its words, are less likely than SURE, PART of their likelihood
is enough: a page unlike those that were learned is judged by its own best."""

PLAIN_NAMES = frozenset(
    ("comments", "footer", "newsletter", "about the author", "related links", "share buttons", "notice", "tags",
     "cookie notice")
)  # fmt: skip
PLAIN_LINES = frozenset(
    (
        "share buttons",
        "newsletter",
        "cookie notice",
        "advertisement",
        "ornament",
        "site search",
        "comments",
        "footer",
    )
)
"""What the name of a place, and a whole line, say so plainly that it is believed before the model."""


def judged(page: Page, shapes: Sequence[Shape], model: Model) -> Judged:
    """The verdicts on the blocks of a web page, by the model; then the lists that a heading says are none of it."""
    verdicts: list[str | None] = ["picture" if block.kind == "image" else None for block in page.blocks]
    for index in repeats(page.blocks):
        verdicts[index] = REPEATED
    sure = [1.0] * len(verdicts)
    rows = [index for index, verdict in enumerate(verdicts) if verdict is None]
    if rows:
        blocks = [page.blocks[index] for index in rows]
        measured = columns(page, blocks, model.worth)
        chances = model.chances(measured.matrix(model.features))
        reasons = _reasons(blocks, measured, kept(chances, blocks).tolist())
        for index, reason, chance in zip(rows, reasons, chances.tolist(), strict=True):
            plain = BY_RULE if reason in PLAIN_LINES | PLAIN_NAMES else 0.0
            verdicts[index], sure[index] = reason, round(max(plain, 1 - chance) if reason else chance, 2)
    for index, reason in sections.reasons(shapes, verdicts).items():
        if verdicts[index] is None:
            verdicts[index], sure[index] = reason, BY_RULE
    return Judged(verdicts, sure)


def kept(chances: NDArray[np.float64], blocks: Sequence[Block]) -> NDArray[np.bool_]:
    """Which blocks are likely enough."""
    words = np.array([block.text.count(" ") + 1 for block in blocks])
    order = np.argsort(-chances, kind="stable")
    sums = np.cumsum(words[order])
    best = float(chances[order][np.searchsorted(sums, min(WORDS, 0.3 * sums[-1]))])
    return chances >= (0.5 if best >= SURE else min(0.5, PART * best))


def repeats(blocks: Sequence[Block]) -> list[int]:
    """The blocks whose text stood before: long ones, and short ones in runs that repeat a run."""
    texts = [index for index, block in enumerate(blocks) if block.text and block.kind != "image"]
    first: dict[str, int] = {}
    steps = [row - first.setdefault(blocks[index].text, row) for row, index in enumerate(texts)]
    found = []
    for row, step in enumerate(steps):
        if step and (blocks[texts[row]].text.count(" ") >= LONG - 1 or _in_run(steps, row)):
            found.append(texts[row])
    return found


def _in_run(steps: Sequence[int], row: int) -> bool:
    """Whether it and two blocks beside it, without a gap, stood at the same distance before."""
    first = last = row
    while first and row - first < 2 and steps[first - 1] == steps[row]:
        first -= 1
    while last + 1 < len(steps) and last - row < 2 and steps[last + 1] == steps[row]:
        last += 1
    return last - first >= 2


def _reasons(blocks: Sequence[Block], measured: Columns, kept: Sequence[bool]) -> list[str | None]:
    """What each block is that is not the article. A heading such as "Read also" says it of what follows, too."""
    places = _furniture(measured)
    reasons: list[str | None] = []
    listed: str | None = None
    for block, leaf, is_kept in zip(blocks, measured.places.leaves.tolist(), kept, strict=True):
        if is_kept:
            listed = None
            reasons.append(_plainly(block, places[leaf]))
            continue
        if block.kind == "heading":
            listed = lexicon.heading(block.text)
        hidden = "hidden" if block.hint == "hidden" else OUTSIDE
        reasons.append(listed or places[leaf] or lexicon.reason(block.text) or hidden)
    return reasons


def _plainly(block: Block, place: str | None) -> str | None:
    """What a block that the model would keep is, where its place or its line says so plainly."""
    if place in PLAIN_NAMES:
        return place
    line = lexicon.reason(block.text) if len(block.text) <= SHORT else None
    return line if line in PLAIN_LINES else None


def _furniture(measured: Columns) -> list[str | None]:
    """What each place is, by the outermost name that says so."""
    places, shares = measured.places, measured.shares.tolist()
    reasons: list[str | None] = [None]
    for place in range(1, len(places)):
        own = places.worths[place].reason if shares[place] <= TOO_MUCH else None
        reasons.append(reasons[places.parents[place]] or own)
    return reasons


def fragment(page: Page) -> list[str | None]:
    """What the names of its places say of each block of a piece of a page, as feeds and dumps have it; nothing of a
    text."""
    if not any(block.zone for block in page.blocks):
        return [None] * len(page.blocks)
    measured = columns(page, page.blocks, partial(zones.worth, odds={}))
    places = _furniture(measured)
    return [places[leaf] for leaf in measured.places.leaves.tolist()]
