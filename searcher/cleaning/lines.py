"""Which lines of a text without markup are the article?

Whole lines that sites print (lexicon), lists that are not the article (sections), and shapes (shape). A headline
and running text are kept when in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence

from searcher.cleaning import lexicon, sections
from searcher.cleaning.shape import Shape
from searcher.model import Page

LINKS = 0.8
"""A block with a larger share of links is a list of them, if it is no running text."""

HINTS = {
    "navigation": "navigation",
    "header": "mail header",
    "hidden": "hidden",
}
"""What readers know of a block already → the reason."""


def verdicts(page: Page, shapes: Sequence[Shape]) -> list[str | None]:
    """The verdict on each block of a page without markup."""
    return judged(page, shapes, [None for _ in shapes])


def judged(page: Page, shapes: Sequence[Shape], verdicts: list[str | None]) -> list[str | None]:
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
