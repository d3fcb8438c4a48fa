"""What does an element of a page say of the text in it? Its attributes, its kind of block, its part of a zone."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import NamedTuple

from searcher.model import BlockKind

# lexbor writes a quotation mark inside a value as an entity, so no name="…" can stand inside a value.
_ATTRIBUTE = re.compile(
    r"""\s(class|id|href|role|style|hidden|aria-hidden|aria-level|rel|src|srcset|data-src|data-original|data-lazy-src
        |alt|width|height|lang|xml:lang|itemprop|itemscope|itemtype|datetime|content|name|property|http-equiv)="([^"]*)"
    """,
    re.VERBOSE,
)
_NAMING = ("class", "id", "role", "itemprop")
_CLAIMING = frozenset(("itemprop", "itemscope", "rel", "lang", "xml:lang"))
_CLAIMANTS = frozenset(("title", "time"))

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


class Look:
    """What a start tag says by itself, wherever it stands."""

    __slots__ = ("block", "claims", "found", "hidden", "kind", "level", "lists", "plain", "tag", "tokens")

    def __init__(self, tag: str, raw: str) -> None:
        self.tag = tag
        self.block = tag in BLOCKS
        self.lists = 1 if tag in _LISTS else 0
        self.kind = _KINDS.get(tag)
        self.level = int(tag[1]) if self.kind == "heading" else 0
        self.plain = self.kind is None and not self.lists
        self.claims = tag in _CLAIMANTS
        self.hidden = False
        self.tokens: tuple[str, ...] = (tag,) if tag else ()
        self.found = attributes(raw) if raw else {}
        if self.found:
            self._attributed(self.found)

    def _attributed(self, found: dict[str, str]) -> None:
        self.tokens = tokens_of(self.tag, found)
        self.hidden = _is_hidden(found)
        self.claims = self.claims or not _CLAIMING.isdisjoint(found)
        if self.kind is None and found.get("role") == "heading":
            self.kind, self.level, self.plain = "heading", _LEVELS.get(found.get("aria-level", ""), 2), False


@lru_cache(10_000)
def look(tag: str, raw: str) -> Look:
    """The Look of a start tag; pages, and a site's pages all the more, repeat the same few hundred of them."""
    return Look(tag, raw)


class Setting(NamedTuple):
    """What the elements around a text make of it."""

    kind: BlockKind = "paragraph"
    level: int = 0
    lists: int = 0
    hint: str = ""
    scope: str = ""
    owner: str = ""


class Node:
    """An open element; `suspends` says that a run of text waits until it ends."""

    __slots__ = ("_zone", "depth", "seen", "setting", "suspends", "up")

    def __init__(self, seen: Look, up: Node | None = None) -> None:
        self.seen = seen
        self.up = up
        self.suspends = False
        self._zone: tuple[str, ...] | None = None
        if up is None:
            self.depth: int = 0
            self.setting: Setting = Setting()
            return
        self.depth = up.depth + 1
        self.setting = up.setting
        if not seen.plain or (seen.block and up.setting.kind == "table"):
            self._shape(seen)

    @property
    def tag(self) -> str:
        """Its tag, in lower case."""
        return self.seen.tag

    def _shape(self, seen: Look) -> None:
        kind, level, lists, hint, scope, owner = self.setting
        lists += seen.lists
        if seen.kind is not None:
            kind, level = seen.kind, lists if seen.kind == "item" else seen.level
        elif kind == "table" and seen.block:
            kind = "paragraph"
        self.setting = Setting(kind, level, lists, hint, scope, owner)

    def hint(self, hint: str) -> None:
        """Let this be known of all blocks in this element."""
        self.setting = self.setting._replace(hint=hint)

    def scoped(self, scope: str, owner: str) -> None:
        """Let all in this element be about a thing of this type, whose name `owner` is a claim of."""
        self.setting = self.setting._replace(scope=scope, owner=owner)

    @property
    def zone(self) -> tuple[str, ...]:
        """The tokens of this element and of all around it, outermost first."""
        if self._zone is None:
            self._zone = (self.up.zone if self.up is not None else ()) + self.seen.tokens
        return self._zone


def attributes(raw: str) -> dict[str, str]:
    """The attributes that matter here, as lexbor writes them."""
    found: dict[str, str] = dict(_ATTRIBUTE.findall(raw))
    if "&" in raw:
        found = {name: html.unescape(value) for name, value in found.items()}
    return found


def tokens_of(tag: str, found: dict[str, str]) -> tuple[str, ...]:
    """What an element adds to a zone: its tag, classes, id, role and itemprop, in lower case."""
    names = [found[name] for name in _NAMING if name in found]
    return (tag, *" ".join(names).lower().split()[:_TOKENS]) if names else (tag,)


def _is_hidden(found: dict[str, str]) -> bool:
    if "aria-hidden" in found and found["aria-hidden"].lower() == "true":
        return True
    if "hidden" in found and found["hidden"].lower() != "until-found":
        return True
    return "style" in found and _HIDES.search(found["style"]) is not None
