"""What does an element of a page say of the text in it? Its attributes, its kind of block, its part of a zone.

Tags come as lexbor writes them: one space before each attribute, every value in double quotes, and in values and
texts no sign of markup but as one of five entities. A *head* is what stands between "<" and ">".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from searcher.model import BlockKind

_ATTRIBUTE = re.compile(
    " (class|id|role|itemprop|style|hidden|aria-hidden|aria-level|rel|lang|xml:lang|itemscope|itemtype|datetime"
    '|content)="([^"]*)"'
)
_CLAIMING = frozenset(("itemprop", "itemscope", "rel", "lang", "xml:lang"))
_CLAIMANTS = frozenset(("title", "time"))
_TELLING = _CLAIMING | {"hidden", "aria-hidden", "style", "role"}
_WATCHED = frozenset(("a", "option", "tr", "table"))

BLOCKS = frozenset(
    """address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup html label legend li listing main
    menu nav ol optgroup p pre search section select summary table tbody td textarea tfoot th thead title tr ul
    xmp""".split()
)
VOID = frozenset("area base br col embed frame hr img input link meta param source track wbr".split())
_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6"], "heading"),
    **dict.fromkeys(["li", "dd", "dt"], "item"),
    **dict.fromkeys(["td", "th"], "table"),
    **dict.fromkeys(["figcaption", "caption"], "caption"),
    **dict.fromkeys(["pre", "listing", "xmp"], "code"),
    "blockquote": "quote",
}
_LISTS = frozenset(("ul", "ol", "dl", "menu", "dir"))
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LEVELS = {str(level): level for level in range(1, 7)}
_TOKENS = 12
_HELD, _LONG = 500, 1_000
"""Looks that are kept from page to page (more cost more than they save); characters of a head that is not."""


def unescaped(text: str) -> str:
    """`text` with the entities that lexbor writes as what they stand for."""
    text = text.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    return text.replace("&amp;", "&")


def attributes(head: str, pattern: re.Pattern[str]) -> dict[str, str]:
    """The attributes of a tag that `pattern` looks for: it gives pairs of a name and a value."""
    found: dict[str, str] = dict(pattern.findall(head))
    if "&" in head:
        found = {name: unescaped(value) for name, value in found.items()}
    return found


def tokens_of(tag: str, found: dict[str, str]) -> tuple[str, ...]:
    """What an element adds to a zone: its tag, classes, id, role and itemprop, in lower case."""
    names = found.get("class", "")
    for name in ("id", "role", "itemprop"):
        if name in found:
            names = f"{names} {found[name]}"
    return (tag, *names.lower().split()[:_TOKENS])


class Element(NamedTuple):
    """What a tag's name says. `watched`: there is more to it than text; `shapes`: it changes its setting."""

    tag: str
    ending: str
    block: bool = False
    kind: BlockKind | None = None
    level: int = 0
    lists: int = 0
    claims: bool = False
    watched: bool = False
    shapes: bool = False


def _element(tag: str) -> Element:
    kind, lists, claims = _KINDS.get(tag), int(tag in _LISTS), tag in _CLAIMANTS
    level = int(tag[1]) if kind == "heading" else 0
    shapes = kind is not None or lists > 0 or tag == "noscript"
    watched = claims or tag in _WATCHED
    return Element(tag, "/" + tag, tag in BLOCKS, kind, level, lists, claims, watched, shapes)


_ELEMENTS = {tag: _element(tag) for tag in (*BLOCKS, *_KINDS, *_LISTS, *_CLAIMANTS, *_WATCHED, "noscript")}


class Look:
    """What a tag says by itself, wherever it stands.

    `element` is what its name says, and its attributes with it; those are kept in `found` if they say anything.
    `act` names what opens no element and asks for something else: the tag of a void element, "/" for an end, "!"
    for a comment, "<" for a sign that begins no tag.
    """

    __slots__ = ("act", "block", "element", "found", "hidden", "tokens")

    def __init__(self, element: Element, tokens: tuple[str, ...], act: str = "") -> None:
        self.act = act
        self.block = element.block
        self.element = element
        self.tokens = tokens
        self.hidden = False
        self.found = _NOTHING

    def tell(self, found: dict[str, str]) -> None:
        """Let it say what these attributes say."""
        seen = self.element
        self.hidden = _is_hidden(found)
        if seen.kind is None and found.get("role") == "heading":
            seen = seen._replace(kind="heading", level=_LEVELS.get(found.get("aria-level", ""), 2), shapes=True)
        if not _CLAIMING.isdisjoint(found):
            seen = seen._replace(claims=True, watched=True)
        self.element = seen
        self.found = found


def _is_hidden(found: dict[str, str]) -> bool:
    if "aria-hidden" in found and found["aria-hidden"].lower() == "true":
        return True
    if "hidden" in found and found["hidden"].lower() != "until-found":
        return True
    return "style" in found and _HIDES.search(found["style"]) is not None


LOOKS: dict[str, Look] = {}
"""The Looks of heads; pages, and a site's pages all the more, repeat the same few hundred of them."""

_NOTHING: dict[str, str] = {}
_ACTS = {name: Look(Element("", ""), (), name) for name in (*VOID, "/", "!", "<")}


def look(head: str) -> Look:
    """The Look of a head that is not in LOOKS. No two links are alike: theirs are kept without the address."""
    tag = head.partition(" ")[0]
    if tag in _ACTS:
        return _ACTS[tag]
    if not tag[:1].isalpha():
        return _ACTS["!" if tag[:1] == "?" else tag[:1] if tag[:1] in ("/", "!") else "<"]
    if tag == "a":
        before, _, rest = head.partition(' href="')
        head = before + rest.partition('"')[2]
        if head in LOOKS:
            return LOOKS[head]
    seen = _look(tag, head)
    if len(LOOKS) >= _HELD:
        LOOKS.clear()
    if len(head) < _LONG:
        LOOKS[head] = seen
    return seen


def _look(tag: str, head: str) -> Look:
    element = _ELEMENTS.get(tag) or Element(tag, "/" + tag)
    found = attributes(head, _ATTRIBUTE)
    seen = Look(element, tokens_of(tag, found))
    if element.claims or not _TELLING.isdisjoint(found):
        seen.tell(found)
    return seen


class Setting(NamedTuple):
    """What the elements around a text make of it."""

    kind: BlockKind = "paragraph"
    level: int = 0
    lists: int = 0
    hint: str = ""
    scope: str = ""
    owner: str = ""


class Node:
    """A place in a page: an element of this look, inside the ones around it.

    Elements of one look in one place share their node, and so their zone, the very same tuple: what is worked out
    for a zone can be kept by its identity. `ending` is the head that ends it; `suspends` says that a run of text
    waits until then. `kids` are the places in it, by look.
    """

    __slots__ = ("ending", "kids", "look", "setting", "suspends", "watched", "zone")

    def __init__(self, look: Look, zone: tuple[str, ...], setting: Setting) -> None:
        self.look = look
        self.zone = zone
        self.setting = setting
        self.ending = look.element.ending
        self.watched = look.element.watched
        self.suspends = False
        self.kids = _CHILDLESS

    def enter(self, look: Look) -> Node:
        """The place, a new one, of an element of this look in this one."""
        kid = Node(look, self.zone + look.tokens, self.setting)
        if look.element.shapes or look.hidden or (look.block and self.setting.kind == "table"):
            kid._shape(look)
        if self.kids is _CHILDLESS:
            self.kids = {}
        self.kids[look] = kid
        return kid

    def _shape(self, look: Look) -> None:
        kind, level, lists, hint, scope, owner = self.setting
        seen = look.element
        lists += seen.lists
        if seen.kind is not None:
            kind, level = seen.kind, lists if seen.kind == "item" else seen.level
        elif kind == "table" and look.block:
            kind = "paragraph"
        if look.hidden and hint != "hidden":
            hint = "hidden"
            self.suspends = not look.block
            self.watched = self.watched or self.suspends
        elif seen.tag == "noscript":
            hint = hint or "noscript"
        self.setting = Setting(kind, level, lists, hint, scope, owner)

    def scoped(self, scope: str, owner: str) -> None:
        """Let all in this element be about a thing of this type, whose name `owner` is a claim of."""
        self.setting = self.setting._replace(scope=scope, owner=owner)

    def bottom(self) -> None:
        """Let it be as deep as places are told apart: what is in it is only counted, until it ends."""
        self.ending, self.watched, self.suspends = _NEVER, False, False


_CHILDLESS: dict[Look, Node] = {}
_NEVER = "\0"


def root() -> Node:
    """The place around a page."""
    return Node(Look(Element("", ""), ()), (), Setting())
