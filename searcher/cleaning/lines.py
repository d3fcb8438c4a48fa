"""Which lines of a text without markup are the article?

Whole lines that sites print (lexicon) and lists that are not the article (sections) are told by rule. Where there
are so many of them that a whole page must have been copied, a model says which others belong to them; any other
text loses nothing else. A headline is kept.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from searcher.cleaning import lexicon, sections
from searcher.cleaning.line_features import NAMES, Matrix, features
from searcher.cleaning.shape import Shape
from searcher.cleaning.trees import model
from searcher.cleaning.verdict import BY_RULE, OUTSIDE, Judged
from searcher.model import Page

LINKS = 0.8
"""A block with a larger share of links is a list of them, if it is no running text."""

HINTS = {
    "navigation": "navigation",
    "header": "mail header",
    "hidden": "hidden",
}
"""What readers know of a block already → the reason."""


FURNITURE = 0.5
"""From what chance on a line is furniture to the model."""

SURE = 0.7
"""The same for a paragraph right behind one that stays."""

SIGNS, DENSE, WHOLE_PAGE, SHORT = 3, 0.01, 12, 12
"""So many lines that a rule knows, such a share of all lines, and so many short lines of furniture in all, are
signs that a text was copied with all that stood around it."""

ABOVE = 20
"""How many lines above the text may hold its headline."""

_NO_SIGN = (None, "picture", "mail header", "ornament", "source list")


def judged(page: Page, shapes: Sequence[Shape], known: Sequence[str | None]) -> Judged:
    """The verdict on each block of a page without markup; `known` are those that its places have given already."""
    found = by_rule(page, shapes, list(known))
    sure = [BY_RULE] * len(found)
    told = sum(verdict not in _NO_SIGN for verdict in found)
    if told >= max(SIGNS, DENSE * len(found)):
        measured = features(page, shapes, found)
        chances = furniture(measured)
        unlike = [index for index, chance in enumerate(chances) if found[index] is None and chance > FURNITURE]
        if told + sum(shapes[index].size <= SHORT for index in unlike) >= WHOLE_PAGE:
            _cut(shapes, found, unlike, chances)
            _keep_headline(shapes, found, measured, chances)
            sure = [
                round(float(chance), 2) if verdict == OUTSIDE else BY_RULE
                for chance, verdict in zip(chances, found, strict=True)
            ]
    return Judged(found, sure)


def _cut(
    shapes: Sequence[Shape], verdicts: list[str | None], unlike: Sequence[int], chances: NDArray[np.float64]
) -> None:
    for index in unlike:
        goes_on = index > 0 and shapes[index].sentence and shapes[index - 1].sentence and not verdicts[index - 1]
        if chances[index] > (SURE if goes_on else FURNITURE):
            verdicts[index] = OUTSIDE


def furniture(measured: Matrix) -> NDArray[np.float64]:
    """How likely each line is furniture, 0..1, from its features."""
    learned = model("lines")
    return learned.chances(measured[:, [NAMES.index(name) for name in learned.features]].T)


def _keep_headline(
    shapes: Sequence[Shape], verdicts: list[str | None], measured: Matrix, chances: NDArray[np.float64]
) -> None:
    """Of the lines above the running text, the one that is most like a headline stays."""
    first = next((index for index, shape in enumerate(shapes) if verdicts[index] is None and shape.sentence), 0)
    above = [index for index in range(max(0, first - ABOVE), first) if verdicts[index] in (None, OUTSIDE)]
    heads = [index for index in above if shapes[index].block.kind == "heading" and shapes[index].block.level == 1]
    shared = measured[:, NAMES.index("in running")]
    like = {index: _like(shapes[index], float(shared[index]), float(chances[index])) for index in heads or above}
    fit = [index for index in like if 2 <= shapes[index].size <= sections.SHORT]
    if fit:
        verdicts[max(fit, key=lambda index: like[index])] = None


def _like(shape: Shape, shared: float, chance: float) -> float:
    """How much like a headline a line is: no furniture to the model, its words are the text's, no mere name."""
    odds = math.log((1.0001 - chance) / (chance + 0.0001))
    apart = sum(mark in shape.text for mark in "|»›")
    return 0.7 * odds + 3 * shared + min(shape.size, 12) / 4 - 3 * shape.ends - 2 * apart


def by_rule(page: Page, shapes: Sequence[Shape], verdicts: list[str | None]) -> list[str | None]:
    """These verdicts, and those that hints, lists and lines add to them."""
    for index, shape in enumerate(shapes):
        if verdicts[index] is None:
            verdicts[index] = _by_itself(shape)
    for index, reason in sections.reasons(shapes, verdicts).items():
        verdicts[index] = verdicts[index] or lexicon.reason(page.blocks[index].text) or reason
    for index, shape in enumerate(shapes):
        if verdicts[index] is None and _only_links(shape):
            verdicts[index] = "links"
    _by_lines(shapes, verdicts)
    return verdicts


def _by_itself(shape: Shape) -> str | None:
    """What a block's hint and its own text say."""
    block = shape.block
    if block.kind == "image":
        return "picture"
    hint = HINTS.get(block.hint)
    return None if block.hint == "hidden" and shape.sentence else hint


def _only_links(shape: Shape) -> bool:
    """Links that stand for themselves. A headline may be a link, and so may be a line of Markdown."""
    block = shape.block
    if shape.sentence or not block.links or not block.zone or block.kind == "heading":
        return False
    return shape.links > LINKS


def _by_lines(shapes: Sequence[Shape], verdicts: list[str | None]) -> None:
    """Lines that sites print. Words that could be a heading of the article ("Politics") count only beside other
    furniture, or before and after all running text; words that could be a label ("Contact:") only beside it."""
    running = [i for i, shape in enumerate(shapes) if verdicts[i] is None and shape.sentence]
    first, last = (running[0], running[-1]) if running else (len(shapes), -1)
    doubtful: list[tuple[int, str]] = []
    for index, shape in enumerate(shapes):
        reason = lexicon.reason(shape.text) if verdicts[index] is None and shape.text else None
        if reason == "navigation" and (first < index < last or shape.text.endswith((":", "："))):
            doubtful.append((index, reason))
        elif reason is not None:
            verdicts[index] = reason
    for index, reason in doubtful:
        if any(verdicts[max(0, index - 1) : index + 2]):
            verdicts[index] = reason
