"""Which blocks of a page are the article, and why are the others not? By the page itself.

Pages with markup are judged by `markup`, texts and Markdown by `lines`. Whatever they say, the headline that a page
claims is kept, and something is always kept. What a byline or a date line says, and whether a headline is repeated,
metadata reads; what stands on many pages of one site, only those who see the whole archive can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from searcher.cleaning import judge, kinds, lexicon, lines, markup, sections
from searcher.cleaning.judge import ready
from searcher.cleaning.shape import Shape
from searcher.cleaning.trees import Model
from searcher.cleaning.trees import model as learned
from searcher.cleaning.verdict import BY_RULE, OUTSIDE
from searcher.model import DROP, KEEP, Page
from searcher.settings import FILE

__all__ = ["Cleaned", "clean", "ready"]

TOLD = FILE
"""The reason of what the rules for its site, in searcher.toml, say is not the article."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The verdicts on a page's blocks, in their order: None for the article, else why a block is none; and how sure
    each is, 0..1.

    `kind` is what a page is that is no single article: "index", "gallery", "error"; `says` what an error page says.
    """

    verdicts: tuple[str | None, ...]
    sure: tuple[float, ...]
    kind: str = ""
    says: str = ""


def clean(page: Page, model: Model | None = None) -> Cleaned:
    """The verdict on every block of a page, by this model for pages with markup, or else the one that ships.

    Every headline that the page claims and some text are kept, if it has any: where all would go, the longest run
    of sentences stays. A page with its markup is judged by trafilatura; the rules for its site come first.
    """
    shapes = [Shape(block) for block in page.blocks]
    if page.format == "html":
        verdicts, sure = markup.judged(page, shapes, model or learned("blocks"))
        if page.markup:
            _as_judged(judge.kept(page), verdicts, sure)
    else:
        verdicts, sure = lines.judged(page, shapes, markup.fragment(page))
    _keep_headline(page, verdicts)
    if not any(verdict is None and shape.text for shape, verdict in zip(shapes, verdicts, strict=True)):
        _keep_run(shapes, verdicts)
    _as_told(page, verdicts, sure)
    return Cleaned(tuple(verdicts), tuple(sure), *kinds.kind(page, shapes, verdicts))


def _keep_headline(page: Page, verdicts: list[str | None]) -> None:
    """The heading that is the headline by the page's own claims is kept wherever it stands."""
    claimed = {lexicon.folded(claim.value) for claim in page.claimed("title")}
    for index, block in enumerate(page.blocks):
        if block.kind == "heading" and block.level == 1 and lexicon.folded(block.text) in claimed:
            verdicts[index] = None


def _as_judged(kept: Sequence[bool], verdicts: list[str | None], sure: list[float]) -> None:
    """What is kept is the article; the rest is what it was said to be, or else outside."""
    for index, own in enumerate(kept):
        if own != (verdicts[index] is None):
            verdicts[index], sure[index] = None if own else OUTSIDE, BY_RULE


def _as_told(page: Page, verdicts: list[str | None], sure: list[float]) -> None:
    """The rules for its site: what is dropped is not the article; what is kept is, and then nothing else is."""
    hints = [block.hint for block in page.blocks]
    chosen = KEEP in hints
    for index, block in enumerate(page.blocks):
        if block.hint == DROP or (chosen and block.hint != KEEP and verdicts[index] is None):
            verdicts[index], sure[index] = TOLD, 1.0
        elif block.hint == KEEP and block.kind != "image":
            verdicts[index], sure[index] = None, 1.0


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
