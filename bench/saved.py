"""How do people save a page as text? The visible pieces of a page, and four ways to write them down."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

UNSEEN = frozenset(
    "head script style noscript template svg iframe object select textarea input audio video canvas math link "
    "meta".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr html label legend li main nav ol p pre section summary table "
    "tbody td tfoot th thead tr ul".split()
)
TIGHT = frozenset("li td th tr dt dd button div label summary option span a".split())
"""Tags that a browser parts by no empty line when it copies them."""

WIDTH = 78


class Piece(NamedTuple):
    """One line as it is seen; `marked` has its links and pictures as Markdown, `box` tells what holds the block."""

    text: str
    tag: str
    marked: str
    box: int = 0


def pieces(data: bytes) -> list[Piece]:
    """The visible pieces of a page, in its order."""
    root = LexborHTMLParser(data).root
    walk = _Walk()
    if root is not None:
        walk.into(root, "p", 0)
    walk.end("p", 0)
    return walk.found


class _Walk:
    def __init__(self) -> None:
        self.found: list[Piece] = []
        self.text: list[str] = []
        self.marked: list[str] = []

    def into(self, node: LexborNode, tag: str, box: int) -> None:
        """The pieces in a node; `tag` is that of the block around it, `box` what holds that block."""
        for child in node.iter(include_text=True):
            name = child.tag or ""
            if name == "-text":
                self.text.append(child.text_content or "")
                self.marked.append(child.text_content or "")
            elif name == "br":
                self.end(tag, box)
            elif name == "img":
                self.marked.append(_picture(child))
            elif name in BLOCKS:
                self.end(tag, box)
                held = box if name == "li" else node.mem_id
                if _seen(child):
                    self.into(child, _named(name, tag), held)
                self.end(_named(name, tag), held)
            elif name not in UNSEEN and not name.startswith(("-", "_", "!")) and _seen(child):
                self._inline(child, name, tag, box)

    def _inline(self, node: LexborNode, name: str, tag: str, box: int) -> None:
        start = len(self.marked)
        before = len(self.found)
        self.into(node, tag, box)
        href = node.attributes.get("href") if name == "a" else None
        inner = _single("".join(self.marked[start:]))
        if href and inner and before == len(self.found):
            self.marked[start:] = [f" [{inner}]({href.strip().replace(' ', '%20')}) "]

    def end(self, tag: str, box: int) -> None:
        """End the piece that is open."""
        text, marked = _single("".join(self.text)), _single("".join(self.marked))
        if text or marked:
            self.found.append(Piece(text, tag, marked, box))
        self.text, self.marked = [], []


def _single(text: str) -> str:
    return " ".join(text.split())


def _named(name: str, tag: str) -> str:
    return tag if name in ("div", "p") and tag in ("li", "blockquote", "figcaption", "td", "th") else name


def _seen(node: LexborNode) -> bool:
    held = node.attributes
    style = (held.get("style") or "").replace(" ", "").lower()
    return "hidden" not in held and "display:none" not in style and "visibility:hidden" not in style


def _picture(node: LexborNode) -> str:
    source = (node.attributes.get("src") or "").strip().replace(" ", "%20")
    alt = _single(node.attributes.get("alt") or "").replace("[", "(").replace("]", ")")
    return f" ![{alt}]({source}) " if source and not source.startswith("data:") else ""


def lines(found: Sequence[Piece]) -> str:
    """Every visible line below the other."""
    return "\n".join(piece.text for piece in found if piece.text)


def copied(found: Sequence[Piece]) -> str:
    """As a browser copies a page: empty lines around paragraphs and headings, none between the rows of a menu."""
    return "\n".join(_spaced([(piece.text, piece.tag in TIGHT) for piece in found if piece.text]))


def wrapped(found: Sequence[Piece]) -> str:
    """As a text browser shows a page: indented, wrapped, items with a star."""
    made = []
    for piece in found:
        if piece.text:
            mark = "     * " if piece.tag == "li" else "" if piece.tag[:1] == "h" else "   "
            after = " " * len(mark)
            made.append(
                (textwrap.fill(piece.text, WIDTH, initial_indent=mark, subsequent_indent=after), bool(mark[3:]))
            )
    return "\n".join(_spaced(made))


def lowered(found: Sequence[Piece]) -> str:
    """Every visible line, as in a script without capitals."""
    return lines(found).lower()


def markdown(found: Sequence[Piece]) -> str:
    """As converters from HTML to Markdown write a page."""
    made = []
    for piece in found:
        if piece.marked:
            level = int(piece.tag[1]) if piece.tag[:1] == "h" and piece.tag[1:].isdigit() else 0
            mark = (
                "#" * level + " "
                if level
                else "- "
                if piece.tag == "li"
                else "> "
                if piece.tag == "blockquote"
                else ""
            )
            made.append((mark + piece.marked, mark == "- "))
    return "\n".join(_spaced(made))


def _spaced(made: Sequence[tuple[str, bool]]) -> Iterator[str]:
    """Lines, with an empty one between two that are not both tight."""
    was_tight = True
    for text, tight in made:
        if not (tight and was_tight):
            yield ""
        yield text
        was_tight = tight


WAYS: dict[str, Callable[[Sequence[Piece]], str]] = {
    "lines": lines,
    "copied": copied,
    "wrapped": wrapped,
    "Markdown": markdown,
}
