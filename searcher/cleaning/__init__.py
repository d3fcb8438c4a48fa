"""Which blocks of a page are the article, and why are the others not? By the page itself.

Pages with markup are judged by `markup`, texts and Markdown by `lines`. Whatever they say, the headline that a page
claims is kept, and something is always kept. What a byline or a date line says, and whether a headline is repeated,
metadata reads; what stands on many pages of one site, only those who see the whole archive can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from searcher.cleaning import lexicon, lines, markup, sections
from searcher.cleaning.shape import Shape
from searcher.cleaning.trees import Model
from searcher.cleaning.trees import model as learned
from searcher.model import Page

__all__ = ["Cleaned", "clean"]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The verdicts on a page's blocks, in their order: None for the article, else why a block is none; and how sure
    each is, 0.5..1."""

    verdicts: tuple[str | None, ...]
    sure: tuple[float, ...]


def clean(page: Page, model: Model | None = None) -> Cleaned:
    """The verdict on every block of a page, by this model for pages with markup, or else the one that ships.

    Every headline that the page claims and some text are kept, if it has any: where all would go, the longest run
    of sentences stays.
    """
    shapes = [Shape(block) for block in page.blocks]
    if page.format == "html":
        verdicts, sure = markup.judged(page, shapes, model or learned("blocks"))
    else:
        verdicts, sure = lines.judged(page, shapes, markup.fragment(page))
    _keep_headline(page, verdicts)
    if not any(verdict is None and shape.text for shape, verdict in zip(shapes, verdicts, strict=True)):
        _keep_run(shapes, verdicts)
    return Cleaned(tuple(verdicts), tuple(sure))


def _keep_headline(page: Page, verdicts: list[str | None]) -> None:
    """The heading that is the headline by the page's own claims is kept wherever it stands."""
    claimed = {lexicon.folded(claim.value) for claim in page.claimed("title")}
    for index, block in enumerate(page.blocks):
        if block.kind == "heading" and block.level == 1 and lexicon.folded(block.text) in claimed:
            verdicts[index] = None


def _keep_run(shapes: Sequence[Shape], verdicts: list[str | None]) -> None:
    """Keep the longest run of sentences, or all that is no known line where there are none."""
    best: list[int] = []
    run: list[int] = []
    best_weight = weight = 0
    for index, shape in enumerate(shapes):
        if shape.sentence:
            run.append(index)
            weight += shape.weight
            if weight > best_weight:
                best, best_weight = list(run), weight
        elif shape.size > sections.SHORT:
            run, weight = [], 0
    for index in best or [i for i, shape in enumerate(shapes) if verdicts[i] not in _KNOWN]:
        verdicts[index] = None


_KNOWN = ("picture", "site search", "comments", "share buttons", "newsletter", "cookie notice", "advertisement")
