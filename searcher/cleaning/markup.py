"""Which blocks of a page with markup are the article? Where a block stands says most."""

from __future__ import annotations

from collections.abc import Sequence

from searcher.cleaning import lines
from searcher.cleaning.shape import Shape
from searcher.cleaning.zones import Places
from searcher.model import Page

MAIN = 0.9
"""The main part of a page is the deepest place with this share of its running text."""

OUTSIDE = "outside the article"


def verdicts(page: Page, shapes: Sequence[Shape]) -> list[str | None]:
    """The verdict on each block: by its place, then as on any line."""
    return lines.judged(page, shapes, _by_place(page, shapes))


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
