"""Which pieces of text does a page show, and where do they stand? HTML to blocks, in the order of the page.

The page arrives as lexbor writes it after parsing: every tag closed, every attribute in double quotes. So it
is walked as a stream of tags and text, without a tree: fast, and of any depth. A stream that is not balanced
(a page too hostile to be parsed) is walked as well as it can be. What is the article is decided in cleaning;
what the page says about itself is gathered in claims.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from searcher.model import Block, Claim, Link
from searcher.readers import limits, plain
from searcher.readers.claims import Claims
from searcher.readers.decode import clean
from searcher.readers.elements import BLOCKS, VOID, Look, Node, attributes, look, tokens_of

# What lexbor writes: attribute names may hold anything, a quotation mark too, but values stand in double quotes.
_TOKEN = re.compile(
    r"""<(?: (/)? ([a-zA-Z][^\s/>]*) ((?:\s[^\s>/][^\s=>]*(?:="[^"]*")?)*+) [^<>]*>(\s*) | !--.*?--> | [!?][^<>]*> )
      | ([^<]+|<)""",
    re.VERBOSE | re.DOTALL,
)
_LONG = 4 * limits.MB
"""Characters; a longer page's tokens are not held all at once."""

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

_SPECIAL = frozenset(("a", "option", "noscript", "tr", "table"))
_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")
_BREAK = "\x00"
_CELL = 160
"""Characters; a longer cell is a paragraph laid out in a table."""


class _Run:
    """Text that will be one block, as far as it has been read. `low` is the element around all of it."""

    __slots__ = ("anchor", "anchored", "links", "low", "parts")

    def __init__(self, anchor: str | None = None) -> None:
        self.parts: list[str] = []
        self.links: list[Link] = []
        self.anchor = anchor
        self.anchored = 0
        self.low: Node | None = None


class Walker:
    """One page's walk. `blocks` and `claims` are its result."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.claims = Claims()
        self._node = Node(Look("", ""))
        self._run = _Run()
        self._suspended: list[_Run] = []
        self._rows: list[int] = []
        self._deeper = 0

    def walk(self, page: str) -> None:
        """Read `page`, as far as BLOCKS allows."""
        for slash, tag, raw, space, text in _tokens(page):
            if text:
                self._text(text)
                continue
            if tag in VOID:
                if tag in _VOID_HANDLERS and (tag == "br" or not slash):
                    _VOID_HANDLERS[tag](self, raw)
            elif slash:
                self._close(tag)
            elif tag:
                self._open(tag, raw)
            if space and self._run.parts:
                self._run.parts.append(_BREAK * space.count("\n") if self._node.setting.kind == "code" else " ")
            if len(self.blocks) >= limits.BLOCKS:
                return
        self._flush()

    def _text(self, raw: str) -> None:
        text = html.unescape(raw) if "&" in raw else raw
        run, node = self._run, self._node
        if node.setting.kind == "code":
            text = text.replace("\n", _BREAK)
        run.parts.append(text)
        if run.low is None:
            run.low = node
        elif run.low is not node:
            self._lower(run)
        if self.claims.open:
            self.claims.text(text)

    def _lower(self, run: _Run) -> None:
        """Let run.low be the innermost element around both itself and this text."""
        node, low = self._node, run.low or self._node
        while node is not low:
            if node.depth >= low.depth and node.up is not None:
                node = node.up
            elif low.up is not None:
                low = low.up
        run.low = low

    def _open(self, tag: str, raw: str) -> None:
        seen = Look(tag, raw) if tag == "a" else look(tag, raw)  # no two links are alike
        if seen.block and self._run.parts:
            self._flush()
        up = self._node
        if up.depth >= limits.TAG_DEPTH:
            self._deeper += 1
            return
        self._node = node = Node(seen, up)
        if seen.hidden and node.setting.hint != "hidden":
            self._hide(node)
        if seen.claims:
            self.claims.opened(node, seen.found)
        if tag in _SPECIAL:
            self._special(node, seen)

    def _hide(self, node: Node) -> None:
        """What is hidden within a paragraph is a block of its own, and the paragraph goes on after it."""
        node.hint("hidden")
        if node.tag not in BLOCKS:
            node.suspends = True
            self._suspended.append(self._run)
            self._run = _Run()

    def _special(self, node: Node, seen: Look) -> None:
        match node.tag:
            case "a" if "href" in seen.found:
                self._link_end()
                self._run.anchor, self._run.anchored = seen.found["href"].strip(), len(self._run.parts)
            case "option":
                self._line_break("")
            case "noscript":
                node.hint(node.setting.hint or "noscript")
            case "tr" | "table":
                self._row(node.tag)

    def _row(self, tag: str) -> None:
        """Remember where a row's blocks begin; a row that holds a table is a layout and stays as it is."""
        if tag == "tr":
            self._rows.append(len(self.blocks))
        elif self._rows:
            self._rows[-1] = -1

    def _close(self, tag: str) -> None:
        node: Node | None = self._node
        if self._run.parts and tag in BLOCKS:
            self._flush()
        if self._deeper:
            self._deeper -= 1
            return
        while node is not None and node.seen.tag != tag:
            node = node.up
        if node is None or node.up is None:
            return
        while self._node is not node:
            self._leave()
        self._leave()

    def _leave(self) -> None:
        """Close the innermost element."""
        node = self._node
        tag = node.tag
        if tag == "a":
            self._link_end()
            self._run.anchor = None
        elif tag == "tr" and self._rows:
            self._merge_row(self._rows.pop())
        if self.claims.open:
            self.claims.closed(node)
        if node.suspends:
            self._flush()
            self._run = self._suspended.pop()
        if node.up is not None:
            self._node = node.up

    def _link_end(self) -> None:
        run = self._run
        if run.anchor is None:
            return
        text = _joined(run.parts[run.anchored :])
        if text:
            run.links.append(Link(text, run.anchor))
        run.anchored = len(run.parts)

    def _line_break(self, _: str) -> None:
        """One is a line's end; a second one, with nothing between, ends the paragraph."""
        parts = self._run.parts
        for part in reversed(parts):
            if part == _BREAK:
                self._flush()
                return
            if not part.isspace():
                break
        if parts and self._is_set_apart():
            self._flush()
        elif parts:
            parts.append(_BREAK)

    def _is_set_apart(self) -> bool:
        """Does all of the line that ends here stand in an element that is closed: a bold line, a link?

        Pages of old have no other headings, bylines and menus.
        """
        low, node = self._run.low, self._node
        if low is None or low.seen.block:
            return False
        while node.depth > low.depth and node.up is not None:
            node = node.up
        return node is not low

    def _flush(self) -> None:
        """End the block that is being read."""
        run = self._run
        if not run.parts:
            return
        self._link_end()
        node = run.low or self._node
        kind, level, _, hint, _, _ = node.setting
        links = tuple(run.links)
        self._run = _Run(run.anchor)
        if kind == "code":
            self.blocks += _preformatted("".join(run.parts), node, links)
            return
        text = _joined(run.parts)
        if text and node.tag != "title":
            kind = "paragraph" if kind == "table" and len(text) > _CELL else kind
            self.blocks.append(Block(text, kind, level, links, node.zone, hint))

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

    def _rule(self, _: str) -> None:
        self._flush()

    def _meta(self, raw: str) -> None:
        self.claims.meta(attributes(raw), self._node.setting)

    def _reference(self, raw: str) -> None:
        self.claims.link(attributes(raw))

    def _image(self, raw: str) -> None:
        found = attributes(raw)
        if found.get("width", "").strip("px ") in _PIXEL or found.get("height", "").strip("px ") in _PIXEL:
            return
        address = next((found[name] for name in _SOURCES if not found.get(name, "data:").startswith("data:")), "")
        address = address or found.get("srcset", "").split(" ")[0]
        alt = _joined([found.get("alt", "")])
        if not (address or alt) or "noscript" in self._node.zone:
            return
        zone = self._node.zone + tokens_of("img", found)
        self.blocks.append(Block(alt, "image", 0, (Link(alt, address),), zone, self._node.setting.hint))


_PIXEL = frozenset("01")


_VOID_HANDLERS: dict[str, Callable[[Walker, str], None]] = {
    "br": Walker._line_break,
    "hr": Walker._rule,
    "img": Walker._image,
    "meta": Walker._meta,
    "link": Walker._reference,
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
    if "code" in node.zone or plain.is_code(text):
        return [Block(text, "code", 0, links, node.zone, node.setting.hint)] if text.strip() else []
    prose = plain.paragraphs(text)
    if len(prose) == 1:
        prose = [replace(prose[0], links=links)]
    return [replace(part, zone=node.zone, hint=node.setting.hint or part.hint) for part in prose]


def _tokens(page: str) -> Iterable[tuple[str, str, str, str, str]]:
    """Slash, tag, attributes and the space after it of each tag, or a text."""
    page = page.replace(_BREAK, "")
    if len(page) < _LONG:
        return _TOKEN.findall(page)
    return (match.groups("") for match in _TOKEN.finditer(page))  # type: ignore[misc]


def walk(page: str) -> tuple[list[Block], list[Claim]]:
    """The blocks, BLOCKS at most, and the claims of a page."""
    walker = Walker()
    walker.walk(page)
    return walker.blocks, walker.claims.found
