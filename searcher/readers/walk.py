"""Which pieces of text does a page show, and where do they stand? HTML to blocks, in the order of the page.

The page arrives as lexbor writes it after parsing: every tag closed, every sign of markup in values and texts an
entity. So it is cut at each "<", and walked as a stream of tags with the text behind each, without a tree: fast,
and of any depth. A stream that is not balanced (a page too hostile to be parsed) is walked as well as it can be.
Which text is one block is for runs, what is the article for cleaning; what a page says about itself goes to claims.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain, islice

from searcher.model import Block, Claim, Link
from searcher.readers import limits
from searcher.readers.claims import Claims
from searcher.readers.elements import BLOCKS, LOOKS, VOID, Look, Node, attributes, look, root, tokens_of, unescaped
from searcher.readers.runs import Run, joined

TAGS = 1_000_000
"""Tags and comments of one page; what follows is left out, with a note."""

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


class Walker:
    """One page's walk. `blocks` and `claims` are its result; `_around` are the elements that are open."""

    def __init__(self, page: str) -> None:
        self.claims = Claims()
        self._around = [root()]
        self._run = Run(self._around)
        self.blocks = self._run.blocks
        self._rows: list[int] = []
        self._first, self._pieces = _pieces(page)

    def walk(self) -> None:
        """Read the page, as far as BLOCKS allows. A page has thousands of tags: this is the loop that costs."""
        around, parts, blocks, known = self._around, self._run.parts, self.blocks, LOOKS
        node = around[-1]
        if self._first.strip():
            self._text(self._first)
        for piece in islice(self._pieces, TAGS):
            head, closed, text = piece.partition(">")
            if not closed:
                head, text = self._further(head)
            if head == node.ending:
                if parts or node.watched:
                    self._end(node)
                around.pop()
                node = around[-1]
            else:
                seen = known.get(head) or look(head)
                if not seen.act:
                    if parts and seen.block:
                        self._run.end()
                    node = node.kids.get(seen) or self._enter(node, seen)
                    if node.watched:
                        self._begin(node, head)
                    around.append(node)
                elif seen.act == "/":
                    node = self._close(head[1:])
                else:
                    text = _ACTS[seen.act](self, head, text)
            if text:
                if not text.isspace():
                    self._text(text)
                elif parts:
                    self._space(text)
            if len(blocks) >= limits.BLOCKS:
                return
        self._run.end()
        if next(self._pieces, None) is not None:
            self.claims.add("note", f"only the first {TAGS} tags were read", "reader")

    def _further(self, head: str) -> tuple[str, str]:
        """The head, and the text behind it, of a tag that "<" stands in; a sign that begins no tag is text."""
        if not head[:1].isalpha() and head[:1] not in ("/", "!", "?"):
            return "!", f"<{head}"
        heads = [head]
        for piece in self._pieces:
            heads.append(piece)
            if ">" in piece:
                break
        head, _, text = "<".join(heads).partition(">")
        return head, text

    def _text(self, text: str) -> None:
        if "&" in text:
            text = unescaped(text)
        self._run.text(text)
        if self.claims.open:
            self.claims.text(text)

    def _space(self, text: str) -> None:
        self._run.space(text)
        if self.claims.open:
            self.claims.text(" ")

    def _enter(self, node: Node, seen: Look) -> Node:
        """A new place; or the same once more, deeper than places are told apart."""
        if len(self._around) > limits.TAG_DEPTH:
            return node
        entered = node.enter(seen)
        if len(self._around) == limits.TAG_DEPTH:
            entered.bottom()
        return entered

    def _begin(self, node: Node, head: str) -> None:
        """Open an element that has more to it than its text."""
        seen = node.look.element
        if node.suspends:
            self._run.suspend()
        if seen.claims:
            self.claims.opened(node, self._around[-1].setting)
        match seen.tag:
            case "a":
                self._link(head)
            case "option":
                self._run.line_break()
            case "tr":
                self._rows.append(len(self.blocks))
            case "table" if self._rows:
                self._rows[-1] = -1  # a row that holds a table is a layout and stays as it is

    def _link(self, head: str) -> None:
        _, given, rest = head.partition(' href="')
        if given:
            address = rest.partition('"')[0]
            self._run.link((unescaped(address) if "&" in address else address).strip())

    def _close(self, tag: str) -> Node:
        """The place after an end tag that is not the innermost element's: it ends all inside its own."""
        around = self._around
        if tag in BLOCKS:
            self._run.end()
        if len(around) > limits.TAG_DEPTH + 1:
            around.pop()
            self._run.rise(len(around))
        elif any(node.look.element.tag == tag for node in around[1:]):
            ended = ""
            while ended != tag:
                self._end(around[-1])
                ended = around.pop().look.element.tag
        return around[-1]

    def _end(self, node: Node) -> None:
        """Close the innermost element."""
        if node.look.block:
            self._run.end()
        else:
            self._run.rise(len(self._around) - 1)
        if node.watched:
            self._settle(node)

    def _settle(self, node: Node) -> None:
        """Close an element that has more to it than its text."""
        seen = node.look.element
        if seen.tag == "a":
            self._run.unlink()
        elif seen.tag == "tr" and self._rows:
            self._merge_row(self._rows.pop())
        if seen.claims:
            self.claims.closed(node)
        if node.suspends:
            self._run.resume()

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

    def _line_break(self, head: str, text: str) -> str:
        self._run.line_break()
        return text

    def _rule(self, head: str, text: str) -> str:
        self._run.end()
        return text

    def _meta(self, head: str, text: str) -> str:
        self.claims.meta(attributes(head, _META), self._around[-1].setting)
        return text

    def _reference(self, head: str, text: str) -> str:
        if "canonical" in head.lower():
            self.claims.link(attributes(head, _LINK))
        return text

    def _image(self, head: str, text: str) -> str:
        found, node = attributes(head, _IMAGE), self._around[-1]
        if found.get("width", "").strip("px ") in _PIXEL or found.get("height", "").strip("px ") in _PIXEL:
            return text
        address = next((found[name] for name in _SOURCES if not found.get(name, "data:").startswith("data:")), "")
        address = address or found.get("srcset", "").split(" ")[0]
        alt = joined([found.get("alt", "")])
        if (address or alt) and "noscript" not in node.zone:
            zone = node.zone + tokens_of("img", found)
            self.blocks.append(Block(alt, "image", 0, (Link(alt, address),), zone, node.setting.hint))
        return text

    def _comment(self, head: str, text: str) -> str:
        """What follows a comment, which may hold signs of markup, or a declaration."""
        if head.startswith("!--") and not head.endswith("--"):
            for piece in chain((f"{head}>{text}",), self._pieces):
                _, ended, text = piece.partition("-->")
                if ended:
                    break
        return text

    def _sign(self, head: str, text: str) -> str:
        """A "<" that begins no tag."""
        return f"<{head}>{text}"

    def _nothing(self, head: str, text: str) -> str:
        return text


_ACTS: dict[str, Callable[[Walker, str, str], str]] = {
    **dict.fromkeys(VOID, Walker._nothing),
    "br": Walker._line_break,
    "hr": Walker._rule,
    "img": Walker._image,
    "meta": Walker._meta,
    "link": Walker._reference,
    "!": Walker._comment,
    "<": Walker._sign,
}
"""What is done at a tag that opens no element; each gives the text behind it."""


def _pieces(page: str) -> tuple[str, Iterator[str]]:
    """What stands before the first "<", and behind each."""
    if len(page) < _LONG:
        pieces = iter(page.split("<"))
        return next(pieces), pieces
    return page.partition("<")[0], (match[1] for match in _PIECE.finditer(page))


def walk(page: str) -> tuple[list[Block], list[Claim]]:
    """The blocks, BLOCKS at most, and the claims of a page."""
    walker = Walker(page)
    walker.walk()
    return walker.blocks, walker.claims.found
