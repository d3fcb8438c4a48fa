"""Which blocks belong to a list that is not the article? "Related", "Source:", "Comments" and what follows them.

A list ends where running text, or a heading of another kind, begins. Comments go on to the end of the page if
more of the article stands before them than after, or if each has a button to reply. One line can be a list of one:
"Read also: another headline".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from searcher.cleaning import lexicon
from searcher.cleaning.shape import Shape
from searcher.model import Block

RELATED, COMMENTS, SOURCES = "related links", "comments", "source list"

SHORT = 25
"""How many words one line of a list may have that is no link."""

REPLIES = 3
"""So many buttons to reply mean that readers wrote what stands between them."""

_LED = re.compile(r"(?P<lead>[^:：|\n>»]{3,40}?)\s?(?:[:：|>»]+|\s[-–—])\s?(?P<rest>\S.*)", re.S)


def reasons(shapes: Sequence[Shape], verdicts: Sequence[str | None]) -> dict[int, str]:
    """The blocks of such lists, by index, and what each list is. Blocks with a verdict end no list."""
    found: dict[int, str] = {}
    index = 0
    while index < len(shapes):
        reason = opens(shapes[index].block) if verdicts[index] is None else None
        if reason is None:
            if verdicts[index] is None and _one_line(shapes[index]):
                found[index] = RELATED
            index += 1
            continue
        end = _end(shapes, verdicts, index, reason)
        if end > index + 1 or shapes[index].block.kind == "heading":
            found.update((place, reason) for place in range(index, end))
        index = max(end, index + 1)
    return found


def opens(block: Block) -> str | None:
    """What kind of list the block is the heading of; None if of none."""
    if block.kind in ("image", "code", "table") or "\n" in block.text:
        return None
    return lexicon.heading(block.text)


def _end(shapes: Sequence[Shape], verdicts: Sequence[str | None], start: int, reason: str) -> int:
    """The index after the list's last block."""
    if reason == COMMENTS:
        before = sum(
            shape.weight for shape, verdict in zip(shapes[:start], verdicts, strict=False) if verdict is None
        )
        after = sum(
            shape.weight for shape, verdict in zip(shapes[start:], verdicts[start:], strict=True) if verdict is None
        )
        if not before:  # a link to them, above the text
            return start + 1
        if 0 < after < before or _replies(shapes[start + 1 :]) >= REPLIES:
            return len(shapes)
    behind = reason == RELATED and not any(
        shape.sentence and verdict is None for shape, verdict in zip(shapes[start:], verdicts[start:], strict=True)
    )
    end = start + 1
    while end < len(shapes) and (
        verdicts[end] is not None
        or _belongs(shapes[start], shapes[end], reason)
        or (behind and _plain_headline(shapes[end]))
    ):
        end += 1
    while end > start + 1 and verdicts[end - 1] is not None:
        end -= 1
    return end


def _replies(shapes: Sequence[Shape]) -> int:
    """How many lines there are that a widget prints below each comment."""
    return sum(shape.size <= 4 and lexicon.reason(shape.text) == COMMENTS for shape in shapes)


def _belongs(head: Shape, shape: Shape, reason: str) -> bool:
    """Whether a block goes on with the list that `head` opened."""
    block = shape.block
    if block.kind == "image":
        return True
    if block.kind == "heading" and head.block.kind == "heading":
        return shape.links > 0.5 and block.level > 0
    if block.kind == "item" or shape.links > 0.5:
        return shape.links > 0.2 or not shape.sentence or reason == SOURCES
    return not shape.sentence and shape.size <= SHORT and opens(block) is None and _listed(shape, reason)


def _plain_headline(shape: Shape) -> bool:
    """A headline in text without markup. Behind all running text, under "Read also", it is another article's."""
    block = shape.block
    return block.kind == "heading" and block.level == 0 and not shape.ends and opens(block) is None


def _listed(shape: Shape, reason: str) -> bool:
    """Whether a line without a link can be a headline or the name of a source."""
    if reason == SOURCES:
        return shape.size <= 8
    return not shape.ends or bool(shape.block.links)


def _one_line(shape: Shape) -> bool:
    """ "Read also: another headline": the phrase, and then a link, or words without an end."""
    match = _LED.fullmatch(shape.text) if len(shape.text) < 300 else None
    if match is None or lexicon.heading(match["lead"]) != RELATED or shape.block.kind == "heading":
        return False
    return shape.links > 0.5 or (shape.size <= SHORT and not shape.ends)
