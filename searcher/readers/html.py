"""What is in a web page? Its blocks and what it says about itself; not yet which of them are the article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from searcher.model import Block, Claim, Page, Record, Unread
from searcher.readers import limits, plain, sites, walk
from searcher.readers.claims import Claims
from searcher.readers.decode import decode
from searcher.readers.detect import Head
from searcher.settings import Settings

_LOOKS = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?>(?:<!--.*?-->\s*)*)<(?:!doctype\s+html|html|head|body|title|meta|script|frameset)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(
    r"</?(?:p|div|br|td|tr|table|font|center|h[1-6]|ul|li|a|img|span|section|article|nav)\b[^<>]*>", re.I
)
_FRAGMENT = re.compile(
    r"</?(?:p|div|br|b|i|em|strong|span|h[1-6]|ul|ol|li|img|a|table|td|blockquote|figure|section)(?:\s[^<>]*)?/?>",
    re.I,
)
_SAVED = (
    ("saved from", re.compile(r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->"), "url"),
    ("SingleFile", re.compile(r"Page saved with SingleFile\s+url:\s*(\S+)"), "url"),
    ("SingleFile", re.compile(r"Page saved with SingleFile[^>]{0,2000}?saved date:\s*([^\n]+)"), "retrieved"),
    ("HTTrack", re.compile(r"<!-- Mirrored from (\S+) by HTTrack"), "url"),
)
_SAVED_WITHIN = 6_000
_LD = re.compile(r"ld\+json", re.I)

# A parser's work grows with the depth of what is open at each tag. Beyond this sum a page is no page.
_MANY_TAGS = 20_000
_WORK = 100_000_000
_HOSTILE = 8 * limits.MB
_MANY_ATTRIBUTES, _CROWD = 5_000, 100_000
_LONG = re.compile(rf"<([^<]{{{_MANY_ATTRIBUTES + 1},}})")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_TO_ITS_END = re.compile(r"""(?:[^"'>]++|"[^"]*"|'[^']*'|["'])*+""")
_NESTING = re.compile(
    r"<(/?)(?!(?:p|li|td|tr|th|dt|dd|option|br|img|hr|meta|link|input|wbr|source)\b)[a-zA-Z][^<>]*>"
)
_START = re.compile(r"""<(/?[a-zA-Z][^\s/<>]*)((?:[^<>"']|"[^"]*"|'[^']*')*+)>""")
_ATTRIBUTE = re.compile(r"""([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_SIGNS = str.maketrans({'"': "&quot;", "<": "&lt;", ">": "&gt;"})
_ENTITY = re.compile(r"&[^\s&;<>\"']{1,32};?")
_FRAMES = re.compile(r"<frameset\b", re.I)
_XHTML = re.compile(r"\s*<\?xml\b|\s*<!doctype[^>]*\bxhtml\b", re.I)
_CDATA = re.compile(r"(<(script|style)\b.*?</\2\s*>)|<!\[CDATA\[(.*?)\]\]>", re.I | re.S)
_SCRIPTS = re.compile(r"<(script|style|svg|iframe|template)\b.*?(?:</\1\s*>|\Z)", re.I | re.S)
_DEAD = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b(?![^>]{0,200}ld\+json).*?(?:</\1\s*>|\Z)", re.I | re.S)
"""What a page does not show. A tree of millions of them takes a dozen times their size."""

_TOO_DEEP = Claim("note", "tags nested too deeply, read without their structure", "reader")
_CROWDED = Claim("note", "too many attributes in a tag, read without their structure", "reader")
_UNPARSED = frozenset((_TOO_DEEP, _CROWDED))
_UNJUDGED = Claim("note", "too large or too deep a page for trafilatura, cleaned by its blocks", "reader")


def looks(head: Head) -> bool:
    """Does it begin like a page, or hold tags as only pages do?"""
    text = head.text.lstrip("\ufeff")
    if _LOOKS.match(text):
        return True
    tags = len(_TAG.findall(text))
    named = head.ending in (".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".jsp")
    return tags > 0 if named else tags >= 3 and text.lstrip().startswith("<") and tags * 200 > len(text)


def read(record: Record, settings: Settings) -> Iterator[Page | Unread]:
    """The page of one HTML document; nothing but its claims if all of it is made by scripts.

    A set of frames has its text in other files: it is an Unread.
    """
    text = _plain_html(decode(record.data, record.charset))
    head = text[:_SAVED_WITHIN]
    saved = [
        Claim(field, match[1].strip(), "saved page")
        for mark, pattern, field in _SAVED
        if mark in head and (match := pattern.search(head))
    ]
    blocks, claims = ruled(text, record.provenance.file, [*record.claims, *saved], settings)
    where = record.provenance
    if not any(block.text for block in blocks) and _FRAMES.search(text):
        yield Unread(where.file, "a set of frames, whose text is in other files", where.member)
        return
    markup = ""
    if settings.cleaning != "blocks":
        small = len(text) <= sites.LONGEST and _UNPARSED.isdisjoint(claims)
        markup, note = (text, []) if small else ("", [_UNJUDGED])
        claims = [*claims, *note]
    yield Page(record.provenance, "html", tuple(blocks), (*record.claims, *saved, *claims), markup)


def _plain_html(text: str) -> str:
    """XHTML as HTML: a parser of HTML takes its CDATA sections, outside of scripts and styles, for comments."""
    if "<![CDATA[" not in text or not _XHTML.match(text):
        return text
    return _CDATA.sub(lambda match: match[1] or escape(match[3] or "", quote=False), text)


def ruled(text: str, file: str, known: Sequence[Claim], settings: Settings) -> tuple[list[Block], list[Claim]]:
    """The blocks and claims of a page, or a fragment of one, of this file, as searcher.toml has rules for its site.

    `known` are the claims of what holds it; where they say its address, what it calls its own does not count.
    """
    blocks, claims = blocks_of(text)
    if not settings.sites:
        return blocks, claims
    addresses = [claim.value for claim in (*known, *claims) if claim.field == "url"]
    rules = sites.rules(settings, file, addresses)
    if not rules:
        return blocks, claims
    if not _UNPARSED.isdisjoint(claims):
        return blocks, [*claims, sites.UNUSED]
    marked = sites.marked(text, rules)
    blocks, claims = blocks_of(marked.text)
    return marked.hinted(blocks), [*claims, *marked.claims]


def holds_markup(text: str) -> bool:
    """Is this text, of a dump or a feed, HTML?"""
    return "<" in text and _FRAGMENT.search(text) is not None


def blocks_of(text: str) -> tuple[list[Block], list[Claim]]:
    """The blocks and claims of a page or a fragment of one."""
    if len(text) > _HOSTILE:
        text = _DEAD.sub("", text)
    if text.count("<") > _MANY_TAGS and _work(text) > _WORK:
        return _hostile(text, _TOO_DEEP)
    if len(text) > _CROWD and _crowded(text):
        return _hostile(text, _CROWDED)
    try:
        parser = LexborHTMLParser(text)
    except SelectolaxError:
        return _hostile(text, _TOO_DEEP)
    gathered = Claims()
    body = ""
    for script in parser.css("script[type]"):
        if _LD.search(script.attributes.get("type") or ""):
            body = gathered.json_ld(script.text()) or body
    parser.strip_tags(walk.DROPPED, recursive=True)
    _flatten(parser)
    blocks, claims = walk.walk(parser.html or "")
    if body and not any(len(block.text) > 200 for block in blocks):
        blocks += written_by_script(body)
    return blocks, [*gathered.found, *claims]


_MENUS = "nav, select, datalist, footer"
_ARTICLE = frozenset(("article", "main", "section", "blockquote"))
_DEEP = 60
"""No menu stands within more elements."""


def _flatten(parser: LexborHTMLParser) -> None:
    """Makes one text of each menu, and of the footer of the page: a third of its tags, and never the article."""
    menus = [node for node in parser.css(_MENUS) if _is_menu(node)]
    for node in menus:
        node.inner_html = escape(" ".join(node.text(separator=" ").split()), quote=False)


def _is_menu(node: LexborNode) -> bool:
    """Not within another one, which will be gone by then; a footer only of the page, and without a date."""
    footer = node.tag == "footer"
    up = node.parent
    for _ in range(_DEEP):
        if up is None:
            return not footer or node.css_first("time, h1, [rel=author]") is None
        if up.tag in ("nav", "select", "datalist", "footer") or (footer and up.tag in _ARTICLE):
            return False
        up = up.parent
    return False


def written_by_script(body: str) -> list[Block]:
    """The blocks of an article that a page's scripts would have shown: they stand in its JSON-LD."""
    if holds_markup(body):
        return walk.walk(LexborHTMLParser(body).html or "")[0]
    return plain.paragraphs(body)


def _work(text: str) -> int:
    """How much a parser has to look at: the depth at each tag, summed up."""
    depth = work = 0
    for match in _NESTING.finditer(text):
        depth = max(0, depth - 1) if match[1] else depth + 1
        work += depth
        if work > _WORK:
            break
    return work


def _crowded(text: str) -> bool:
    """Has one tag so many attributes that a parser, comparing each with each, would not end soon?"""
    tags = (tag[0] for piece in _LONG.findall("<" + text) if (tag := _TO_ITS_END.match(piece)))
    long = (_QUOTED.sub(" ", tag) for tag in tags if len(tag) > _MANY_ATTRIBUTES)
    return any(len(tag.replace("/", " ").split()) > _MANY_ATTRIBUTES for tag in long)


def _hostile(text: str, why: Claim) -> tuple[list[Block], list[Claim]]:
    """What can be had of a page that is better not parsed: its tags are taken as they come."""
    text = _SCRIPTS.sub(" ", text[:_HOSTILE].replace("\0", ""))
    blocks, claims = walk.walk(_START.sub(_rewritten, _ENTITY.sub(_spelled, text)))
    return blocks, [*claims, why]


def _spelled(match: re.Match[str]) -> str:
    """An entity as lexbor would have written it."""
    return escape(unescape(match[0]), quote=False).replace('"', "&quot;")


def _rewritten(match: re.Match[str]) -> str:
    """A tag as lexbor would have written it."""
    attributes = "".join(
        f' {name.lower()}="{(double or single or bare).translate(_SIGNS)}"'
        for name, double, single, bare in _ATTRIBUTE.findall(match[2])
    )
    return f"<{match[1].lower()}{attributes}>"
