"""Which blocks of a page are the article, and why are the others not? By the page itself.

For pages with markup, where a block stands says most (zones); for all, whole lines that sites print (lexicon),
lists that are not the article (sections), and shapes (shape). A headline and running text are kept when in doubt,
and something is always kept. What a byline or a date line says, and whether a headline is repeated, metadata
reads; what stands on many pages of one site, only those who see the whole archive can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from searcher.cleaning import lexicon, sections
from searcher.cleaning.shape import Shape
from searcher.cleaning.zones import Places
from searcher.model import Page

__all__ = ["Cleaned", "clean"]

MAIN = 0.9
"""The main part of a page is the deepest place with this share of its running text."""

OUTSIDE = "outside the article"

LINKS = 0.8
"""A block with a larger share of links is a list of them, if it is no running text."""

HINTS = {
    "navigation": "navigation",
    "header": "mail header",
    "hidden": "hidden",
}
"""What readers know of a block already → the reason."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The verdicts on a page's blocks, in their order: None for the article, else why a block is none."""

    verdicts: tuple[str | None, ...]


def clean(page: Page) -> Cleaned:
    """The verdict on every block of a page.

    Every headline that the page claims and some text are kept, if it has any: where all would go, the longest run
    of sentences stays.
    """
    shapes = [Shape(block) for block in page.blocks]
    marked_up = any(block.zone for block in page.blocks)
    verdicts: list[str | None] = _by_place(page, shapes) if marked_up else [None for _ in shapes]
    for index, shape in enumerate(shapes):
        if verdicts[index] is None:
            verdicts[index] = _by_itself(shape)
    for index, reason in sections.reasons(shapes, verdicts).items():
        verdicts[index] = verdicts[index] or lexicon.reason(page.blocks[index].text) or reason
    for index, shape in enumerate(shapes):
        if verdicts[index] is None and _only_links(shape):
            verdicts[index] = "links"
    _by_lines(shapes, verdicts)
    _keep_headline(page, verdicts)
    if not any(verdict is None and shape.text for shape, verdict in zip(shapes, verdicts, strict=True)):
        _keep_run(shapes, verdicts)
    return Cleaned(tuple(verdicts))


def _by_place(page: Page, shapes: Sequence[Shape]) -> list[str | None]:
    """Furniture by what is around it; then what stands before or after all of the main part."""
    weights = [shape.weight for shape in shapes]
    places = Places([block.zone for block in page.blocks], weights)
    verdicts = [places.furniture(index) for index in range(len(shapes))]
    left = [weight if verdict is None else 0 for weight, verdict in zip(weights, verdicts, strict=True)]
    inside = places.inside_main(left, MAIN)
    running = [index for index, weight in enumerate(left) if weight and inside[index]]
    first, last = (running[0], running[-1]) if running else (0, len(shapes))
    for index in range(len(shapes)):
        if verdicts[index] is None and not first <= index <= last and not inside[index]:
            verdicts[index] = OUTSIDE
    return _without_repeats(shapes, verdicts)


def _without_repeats(shapes: Sequence[Shape], verdicts: list[str | None]) -> list[str | None]:
    """A page that holds its text twice (for phones, for print) is read once."""
    seen: set[str] = set()
    for index, shape in enumerate(shapes):
        if verdicts[index] is None and shape.sentence:
            if shape.text in seen:
                verdicts[index] = "repeated on its page"
            seen.add(shape.text)
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
    furniture, or before and after all running text."""
    running = [i for i, shape in enumerate(shapes) if verdicts[i] is None and shape.sentence]
    first, last = (running[0], running[-1]) if running else (len(shapes), -1)
    doubtful: list[tuple[int, str]] = []
    for index, shape in enumerate(shapes):
        reason = lexicon.reason(shape.text) if verdicts[index] is None and shape.text else None
        if reason == "navigation" and first < index < last:
            doubtful.append((index, reason))
        elif reason is not None:
            verdicts[index] = reason
    for index, reason in doubtful:
        if verdicts[index - 1] is not None or verdicts[index + 1] is not None:
            verdicts[index] = reason


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
