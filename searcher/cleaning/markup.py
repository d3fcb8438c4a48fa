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
from searcher.cleaning.columns import TOO_MUCH, Columns, columns, is_title
from searcher.cleaning.places import TAGS, TEXT
from searcher.cleaning.shape import Shape
from searcher.cleaning.trees import Model
from searcher.cleaning.verdict import BY_RULE, OUTSIDE, Judged
from searcher.model import Block, Page

REPEATED = "repeated on its page"
ANOTHER = "another article"
FORM = "around a form"

SHORT = 80
"""Characters; a longer line is none that is believed before the model."""

LONG = 10
"""From so many words on, a text that stands twice is a repeat wherever it stands."""

FEW = 60
"""Words; what is in a place with a form and no more is about the form: an offer, a letter to be had."""

SURE, PART, WORDS = 0.8, 0.6, 150
"""Where the likeliest WORDS of a page, or a third of its words, are less likely than SURE, PART of their likelihood
is enough: a page unlike those that were learned is judged by its own best."""

NEWS = 15
"""Words; where so many are likelier than SURE, they may be all of the article."""

PLAIN_NAMES = frozenset(
    ("comments", "footer", "newsletter", "about the author", "related links", "share buttons", "notice", "tags",
     "cookie notice", "contents", FORM)
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
    verdicts = beforehand(page)
    sure = [1.0] * len(verdicts)
    rows = [index for index, verdict in enumerate(verdicts) if verdict is None]
    if rows:
        blocks = [page.blocks[index] for index in rows]
        measured = columns(page, blocks, model.worth)
        chances = model.chances(measured.matrix(model.features))
        reasons = _reasons(blocks, measured, kept(chances, blocks).tolist())
        for index, reason, chance in zip(rows, reasons, chances.tolist(), strict=True):
            plain = BY_RULE if reason in PLAIN_NAMES or reason in PLAIN_LINES else 0.0
            verdicts[index], sure[index] = reason, round(max(plain, 1 - chance) if reason else chance, 2)
    for index, reason in sections.reasons(shapes, verdicts).items():
        if verdicts[index] is None:
            verdicts[index], sure[index] = reason, BY_RULE
    return Judged(verdicts, sure)


def beforehand(page: Page) -> list[str | None]:
    """The verdicts that no model is asked for, as such blocks would only mislead it: pictures, repeats, a wall that
    asks for consent at length, and the stories below the first."""
    verdicts: list[str | None] = [None] * len(page.blocks)
    for index in wall(page.blocks):
        verdicts[index] = "cookie notice"
    for index in repeats(page.blocks):
        verdicts[index] = REPEATED
    for index in range(appended(page), len(page.blocks)):
        verdicts[index] = ANOTHER
    return ["picture" if block.kind == "image" else old for block, old in zip(page.blocks, verdicts, strict=True)]


def wall(blocks: Sequence[Block]) -> list[int]:
    """What asks for consent, where it says more than TOO_MUCH of the page: no name would be believed of so much."""
    names = zones.walls()
    found = [index for index, block in enumerate(blocks) if not names.isdisjoint(block.zone)]
    words = sum(_running(blocks[index]) for index in found)
    return found if words and words > TOO_MUCH * sum(map(_running, blocks)) else []


def _running(block: Block) -> int:
    """Its words, if they are enough to be a sentence."""
    words = block.text.count(" ") + 1
    return words if words >= LONG else 0


def appended(page: Page) -> int:
    """Where another story begins below the one whose headline the page claims; the number of blocks if none does.

    It has its headline in a place like the first one's. Headings of sections are of another level, or stand beside
    the text, as headlines with a header of their own do not.
    """
    claims = [claim.value.casefold() for claim in page.claimed("title")]
    first = next((i for i, block in enumerate(page.blocks) if _is_headline(block, claims)), len(page.blocks))
    running = beside = False
    for index in range(first + 1, len(page.blocks)):
        one, block = page.blocks[first], page.blocks[index]
        if block.kind != "heading" and block.text.count(" ") >= LONG:
            running, beside = True, beside or _is_beside(block.zone, one.zone)
        elif running and _is_another(one, block, beside):
            return index
    return len(page.blocks)


def _is_another(one: Block, other: Block, beside: bool) -> bool:
    """Whether a block is the headline of another story; `beside` says that text stands beside the first one's."""
    if other.kind != "heading" or other.text == one.text or "h1" not in other.zone:
        return False
    apart = "article" in one.zone and one.zone != other.zone
    return (apart or not beside) and _alike(one.zone, other.zone)


def _is_headline(block: Block, claims: Sequence[str]) -> bool:
    return block.kind == "heading" and "h1" in block.zone and is_title(block.text, claims)


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two headings are called the same, in the same tags."""
    tags = [name for name in one if name in TAGS] == [name for name in other if name in TAGS]
    return tags and one[one.index("h1") :] == other[other.index("h1") :]


def _is_beside(zone: Sequence[str], headline: Sequence[str]) -> bool:
    """Whether a text stands in the very place that a headline is in, and in no part of the page within it."""
    place = headline[: headline.index("h1")]
    within = set(zone[len(place) :]) & TAGS
    return zone[: len(place)] == place and within <= TEXT


def kept(chances: NDArray[np.float64], blocks: Sequence[Block]) -> NDArray[np.bool_]:
    """Which blocks are likely enough."""
    words = np.array([block.text.count(" ") + 1 for block in blocks])
    if words[chances >= SURE].sum() >= NEWS:
        return chances >= 0.5
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
    forms = {places.parents[place] for place, tag in enumerate(places.tags) if tag == "form"}
    reasons: list[str | None] = [None]
    for place in range(1, len(places)):
        own = places.worths[place].reason or (FORM if place in forms and measured.words[place] <= FEW else None)
        reasons.append(reasons[places.parents[place]] or (own if shares[place] <= TOO_MUCH else None))
    return reasons


_UNTAUGHT = zones.Telling({})


def fragment(page: Page) -> list[str | None]:
    """What the names of its places say of each block of a piece of a page, as feeds and dumps have it; nothing of a
    text."""
    if not any(block.zone for block in page.blocks):
        return [None] * len(page.blocks)
    measured = columns(page, page.blocks, partial(zones.worth, telling=_UNTAUGHT))
    places = _furniture(measured)
    return [places[leaf] for leaf in measured.places.leaves.tolist()]
