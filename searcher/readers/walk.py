"""Which pieces of text does a page show, and where do they stand? HTML to blocks, in the order of the page.

The page arrives as lexbor writes it after parsing: every tag closed, every sign of markup in values and texts an
entity. So it is cut at each "<", and walked as a stream of tags with the text after each, without a tree: fast, and
of any depth. A stream that is not balanced (a page too hostile to be parsed) is walked as well as it can be. What is
the article is decided in cleaning; what the page says about itself is gathered in claims.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

from searcher.model import Block, Claim, Link
from searcher.readers import limits, plain
from searcher.readers.claims import Claims
from searcher.readers.decode import clean
from searcher.readers.elements import (
    BLOCKS,
    LOOKS,
    VOID,
    Look,
    Node,
    attributes,
    look,
    root,
    tokens_of,
    unescaped,
)

_LONG = 4 * limits.MB
"""Characters; a longer page's pieces are not held all at once."""

DROPPED = [
    "script",
    "style",
    "svg",
    "iframe",
    "template",
    "video",
    "audio",
    "canvas",
    "object",
    "noembed",
    "noframes",
]
"""Elements whose content is no text of the page."""

_META = re.compile(' (property|name|http-equiv|itemprop|content)="([^"]*)"')
_LINK = re.compile(' (rel|href)="([^"]*)"')
_IMAGE = re.compile(
    ' (src|srcset|data-src|data-original|data-lazy-src|alt|width|height|class|id|role|itemprop)="([^"]*)"'
)
_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")
_PIXEL = frozenset("01")
_PIECE = re.compile("<([^<]*)")
_BREAK = "\x00"
_CELL = 160
"""Characters; a longer cell is a paragraph laid out in a table."""


class _Waiting(NamedTuple):
    """A run of text that goes on once a hidden element inside it has ended."""

    parts: list[str]
    links: list[Link]
    anchor: str | None
    anchored: int
    low: Node | None
    level: int
    floor: int


class Walker:
    """One page's walk. `blocks` and `claims` are its result.

    A run is text that will be one block, as far as it has been read: `_parts`, and `_links` in it. `_low` is the
    innermost element around all of it, at the depth `_level`. `_floor` is the least depth since its last text: if that
    is less, `_low` has ended.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.claims = Claims()
        self._open = [root()]
        self._pieces: Iterator[str] = iter(())
        self._parts: list[str] = []
        self._links: list[Link] = []
        self._anchor: str | None = None
        self._anchored = 0
        self._low: Node | None = None
        self._level = self._floor = 0
        self._waiting: list[_Waiting] = []
        self._rows: list[int] = []

    def walk(self, page: str) -> None:
        """Read `page`, as far as BLOCKS allows."""
        around, parts, known = self._open, self._parts, LOOKS
        node = around[-1]
        first, self._pieces = _pieces(page)
        if first and not first.isspace():
            self._text(node, first)
        for piece in self._pieces:
            head, closed, text = piece.partition(">")
            if not closed:
                head, text = self._further(node, head)
            if head == node.ending:
                if parts or node.watched:
                    self._end(node)
                around.pop()
                node = around[-1]
            else:
                seen = known.get(head) or look(head)
                if not seen.act:
                    if seen.block and parts:
                        self._flush()
                    node = node.kids.get(seen) or self._enter(node, seen)
                    if node.watched:
                        self._begin(node, head)
                    around.append(node)
                elif seen.act == "/":
                    node = self._close(head[1:])
                else:
                    text = _ACTS[seen.act](self, node, head, text)
            if text:
                if not text.isspace():
                    self._text(node, text)
                elif parts:
                    self._space(node, text)
        self._flush()
        del self.blocks[limits.BLOCKS :]

    def _further(self, node: Node, head: str) -> tuple[str, str]:
        """The head, and the text behind it, of a tag that "<" stands in; text with such a sign is no tag."""
        if not head[:1].isalpha() and head[:1] not in ("/", "!", "?"):
            self._text(node, "<" + head)
            return "!", ""
        heads = [head]
        for piece in self._pieces:
            heads.append(piece)
            if ">" in piece:
                break
        head, _, text = "<".join(heads).partition(">")
        return head, text

    def _text(self, node: Node, text: str) -> None:
        if "&" in text:
            text = unescaped(text)
        if self._low is None:
            self._low, self._level = node, len(self._open)
        elif self._floor < self._level:
            self._low, self._level = self._open[self._floor - 1], self._floor
        self._floor = len(self._open)
        self._parts.append(text.replace("\n", _BREAK) if node.setting.kind == "code" else text)
        if self.claims.open:
            self.claims.text(text)

    def _space(self, node: Node, text: str) -> None:
        self._parts.append(text.replace("\n", _BREAK) if node.setting.kind == "code" else " ")
        if self.claims.open:
            self.claims.text(" ")

    def _enter(self, node: Node, seen: Look) -> Node:
        """A new place; or the same once more, deeper than places are told apart."""
        if len(self._open) > limits.TAG_DEPTH:
            return node
        entered = node.enter(seen)
        if len(self._open) == limits.TAG_DEPTH:
            entered.bottom()
        return entered

    def _begin(self, node: Node, head: str) -> None:
        """Open an element that has more to it than its text."""
        if node.suspends:
            self._suspend()
        if node.look.claims:
            self.claims.opened(node, self._open[-1].setting)
        match node.look.tag:
            case "a":
                self._link_begin(head)
            case "option":
                self._line_break(node, head, "")
            case "tr":
                self._rows.append(len(self.blocks))
            case "table" if self._rows:
                self._rows[-1] = -1  # a row that holds a table is a layout and stays as it is

    def _suspend(self) -> None:
        """What is hidden within a paragraph is a block of its own, and the paragraph goes on after it."""
        run = _Waiting(self._parts[:], self._links, self._anchor, self._anchored, self._low, self._level, self._floor)
        self._waiting.append(run)
        self._empty(None)

    def _resume(self) -> None:
        self._flush()
        run = self._waiting.pop()
        self._parts[:] = run.parts
        _, self._links, self._anchor, self._anchored, self._low, self._level, self._floor = run

    def _close(self, tag: str) -> Node:
        """The place after an end tag that is not the innermost element's: it ends all inside its own."""
        around = self._open
        if tag in BLOCKS:
            self._flush()
        if len(around) > limits.TAG_DEPTH + 1:
            around.pop()
            self._floor = min(self._floor, len(around))
        elif any(node.look.tag == tag for node in around[1:]):
            ended = ""
            while ended != tag:
                self._end(around[-1])
                ended = around.pop().look.tag
        return around[-1]

    def _end(self, node: Node) -> None:
        """Close the innermost element."""
        if self._parts:
            if node.look.block:
                self._flush()
            elif len(self._open) <= self._floor:
                self._floor = len(self._open) - 1
        if node.watched:
            self._settle(node)

    def _settle(self, node: Node) -> None:
        """Close an element that has more to it than its text."""
        match node.look.tag:
            case "a":
                self._link_end()
                self._anchor = None
            case "tr" if self._rows:
                self._merge_row(self._rows.pop())
        if node.look.claims:
            self.claims.closed(node)
        if node.suspends:
            self._resume()

    def _link_begin(self, head: str) -> None:
        _, given, rest = head.partition(' href="')
        if given:
            self._link_end()
            address = rest.partition('"')[0]
            self._anchor = (unescaped(address) if "&" in address else address).strip()
            self._anchored = len(self._parts)

    def _link_end(self) -> None:
        if self._anchor is None:
            return
        text = _joined(self._parts[self._anchored :])
        if text:
            self._links.append(Link(text, self._anchor))
        self._anchored = len(self._parts)

    def _flush(self) -> None:
        """End the block that is being read."""
        low = self._low
        if low is None:
            return
        if self._anchor is not None:
            self._link_end()
        kind, level, _, hint, _, _ = low.setting
        links = tuple(self._links)
        if kind == "code":
            self.blocks += _preformatted("".join(self._parts), low, links)
        elif (text := _joined(self._parts)) and low.look.tag != "title":
            kind = "paragraph" if kind == "table" and len(text) > _CELL else kind
            self.blocks.append(Block(text, kind, level, links, low.zone, hint))
        self._empty(self._anchor)
        if len(self.blocks) >= limits.BLOCKS:
            self._pass_over()

    def _empty(self, anchor: str | None) -> None:
        """Begin a run."""
        self._parts.clear()
        self._links = []
        self._anchor, self._anchored = anchor, 0
        self._low = None

    def _pass_over(self) -> None:
        """The rest of the page is not read."""
        for _ in self._pieces:
            pass

    def _merge_row(self, first: int) -> None:
        """The short cells of one row are one block: a result or a price reads as a line."""
        cells = self.blocks[first:] if first >= 0 else []
        if len(cells) < 2 or any(cell.kind != "table" for cell in cells):
            return
        links = tuple(link for cell in cells for link in cell.links)
        zone = cells[0].zone
        self.blocks[first:] = [
            Block(" | ".join(cell.text for cell in cells), "table", 0, links, zone, cells[0].hint)
        ]

    def _line_break(self, node: Node, head: str, text: str) -> str:
        """One is a line's end; a second one, with nothing between, ends the paragraph.

        So does one after a line all of which stands in an element that has ended, a bold line, a link: pages of old
        have no other headings, bylines and menus.
        """
        for part in reversed(self._parts):
            if part == _BREAK:
                self._flush()
                return text
            if not part.isspace():
                break
        if self._low is not None and not self._low.look.block and self._floor < self._level:
            self._flush()
        elif self._parts:
            self._parts.append(_BREAK)
        return text

    def _rule(self, node: Node, head: str, text: str) -> str:
        self._flush()
        return text

    def _meta(self, node: Node, head: str, text: str) -> str:
        self.claims.meta(attributes(head, _META), node.setting)
        return text

    def _reference(self, node: Node, head: str, text: str) -> str:
        if "canonical" in head.lower():
            self.claims.link(attributes(head, _LINK))
        return text

    def _image(self, node: Node, head: str, text: str) -> str:
        found = attributes(head, _IMAGE)
        if found.get("width", "").strip("px ") in _PIXEL or found.get("height", "").strip("px ") in _PIXEL:
            return text
        address = next((found[name] for name in _SOURCES if not found.get(name, "data:").startswith("data:")), "")
        address = address or found.get("srcset", "").split(" ")[0]
        alt = _joined([found.get("alt", "")])
        if (address or alt) and "noscript" not in node.zone:
            zone = node.zone + tokens_of("img", found)
            self.blocks.append(Block(alt, "image", 0, (Link(alt, address),), zone, node.setting.hint))
            if len(self.blocks) >= limits.BLOCKS:
                self._pass_over()
        return text

    def _comment(self, node: Node, head: str, text: str) -> str:
        """A comment (or a declaration); it may hold signs of markup."""
        if not head.startswith("!--") or head.endswith("--"):
            return text
        for piece in chain((f"{head}>{text}",), self._pieces):
            _, ended, text = piece.partition("-->")
            if ended:
                break
        return text

    def _sign(self, node: Node, head: str, text: str) -> str:
        """A "<" that begins no tag."""
        return f"<{head}>{text}"

    def _nothing(self, node: Node, head: str, text: str) -> str:
        return text


_ACTS: dict[str, Callable[[Walker, Node, str, str], str]] = {
    **dict.fromkeys(VOID, Walker._nothing),
    "br": Walker._line_break,
    "hr": Walker._rule,
    "img": Walker._image,
    "meta": Walker._meta,
    "link": Walker._reference,
    "!": Walker._comment,
    "<": Walker._sign,
}


def _joined(parts: list[str]) -> str:
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


def _pieces(page: str) -> tuple[str, Iterator[str]]:
    """What stands before the first "<", and after each."""
    if len(page) < _LONG:
        pieces = iter(page.split("<"))
        return next(pieces), pieces
    return page.partition("<")[0], (match[1] for match in _PIECE.finditer(page))


def walk(page: str) -> tuple[list[Block], list[Claim]]:
    """The blocks, BLOCKS at most, and the claims of a page."""
    walker = Walker()
    walker.walk(page)
    return walker.blocks, walker.claims.found
