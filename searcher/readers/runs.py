"""Which pieces of a page's text are one block, and what in it is links? Text is a run until it ends as a block."""

from __future__ import annotations

from typing import NamedTuple

from searcher.model import Block, Link
from searcher.readers import plain
from searcher.readers.decode import clean
from searcher.readers.elements import Node

_BREAK = "\x00"
"""A line's end that the page shows; lexbor writes no such character."""

_CELL = 160
"""Characters; a longer cell is a paragraph laid out in a table."""


class _Waiting(NamedTuple):
    """A run that goes on once a hidden element inside it has ended."""

    parts: list[str]
    links: list[Link]
    anchor: str | None
    anchored: int
    low: Node | None
    level: int
    floor: int


class Run:
    """Text that will be one block, as far as it has been read; when it ends the block is added to `blocks`.

    `parts` are its pieces; the list stays the same. `around` are the elements that are open, outermost first.
    `_low` is the innermost one around all of the run, at the depth `_level`, and `_floor` the least depth since the
    last piece: if that is less, `_low` has ended.
    """

    def __init__(self, around: list[Node]) -> None:
        self.parts: list[str] = []
        self.blocks: list[Block] = []
        self._around = around
        self._links: list[Link] = []
        self._anchor: str | None = None
        self._anchored = 0
        self._low: Node | None = None
        self._level = self._floor = 0
        self._waiting: list[_Waiting] = []

    def text(self, text: str) -> None:
        """Add a piece that is more than white space."""
        around = self._around
        node, depth = around[-1], len(around)
        if self._low is None:
            self._low, self._level = node, depth
        elif self._floor < self._level:
            self._low, self._level = around[self._floor - 1], self._floor
        self._floor = depth
        self.parts.append(text.replace("\n", _BREAK) if node.setting.kind == "code" else text)

    def space(self, text: str) -> None:
        """Add white space, to a run that has begun."""
        self.parts.append(text.replace("\n", _BREAK) if self._around[-1].setting.kind == "code" else " ")

    def rise(self, depth: int) -> None:
        """So few elements are open now."""
        if depth < self._floor:
            self._floor = depth

    def link(self, address: str) -> None:
        """What comes is a link."""
        self._end_link()
        self._anchor, self._anchored = address, len(self.parts)

    def unlink(self) -> None:
        """What comes is none."""
        self._end_link()
        self._anchor = None

    def _end_link(self) -> None:
        if self._anchor is None:
            return
        text = joined(self.parts[self._anchored :])
        if text:
            self._links.append(Link(text, self._anchor))
        self._anchored = len(self.parts)

    def line_break(self) -> None:
        """One is a line's end; a second one, with nothing between, ends the block.

        So does one after a line all of which stands in an element that has ended, a bold line, a link: pages of old
        have no other headings, bylines and menus.
        """
        for part in reversed(self.parts):
            if part == _BREAK:
                self.end()
                return
            if not part.isspace():
                break
        if self._low is not None and not self._low.look.block and self._floor < self._level:
            self.end()
        elif self.parts:
            self.parts.append(_BREAK)

    def end(self) -> None:
        """What comes is another block."""
        low = self._low
        if low is None:
            return
        if self._anchor is not None:
            self._end_link()
        kind, level, _, hint, _, _ = low.setting
        if kind == "code":
            self.blocks += _preformatted("".join(self.parts), low, tuple(self._links))
        elif (text := joined(self.parts)) and low.look.element.tag != "title":
            kind = "paragraph" if kind == "table" and len(text) > _CELL else kind
            self.blocks.append(Block(text, kind, level, tuple(self._links), low.zone, hint))
        self._begin(self._anchor)

    def _begin(self, anchor: str | None) -> None:
        self.parts.clear()
        self._links = []
        self._anchor, self._anchored, self._low = anchor, 0, None

    def suspend(self) -> None:
        """What comes, being hidden, is a block of its own, and the run goes on after it."""
        self._waiting.append(
            _Waiting(self.parts[:], self._links, self._anchor, self._anchored, self._low, self._level, self._floor)
        )
        self._begin(None)

    def resume(self) -> None:
        """Go on with the run that was suspended last."""
        self.end()
        run = self._waiting.pop()
        self.parts[:] = run.parts
        _, self._links, self._anchor, self._anchored, self._low, self._level, self._floor = run


def joined(parts: list[str]) -> str:
    """The text of a run: single spaces, a newline where the page breaks the line."""
    text = "".join(parts)
    if _BREAK in text:
        lines = (" ".join(line.split()) for line in text.split(_BREAK))
        text = "\n".join(line for line in lines if line)
    else:
        text = " ".join(text.split())
    return text if text.isascii() else clean(text)


def _preformatted(text: str, node: Node, links: tuple[Link, ...]) -> list[Block]:
    """What stands in <pre>: code, or, on old pages, prose with its line ends."""
    text = clean(text.replace(_BREAK, "\n")).strip("\n")
    hint = node.setting.hint
    if "code" in node.zone or plain.is_code(text):
        return [Block(text, "code", 0, links, node.zone, hint)] if text.strip() else []
    prose = plain.paragraphs(text)
    if len(prose) == 1:
        prose = [prose[0]._replace(links=links)]
    return [part._replace(zone=node.zone, hint=hint or part.hint) for part in prose]
