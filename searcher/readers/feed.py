"""Which articles are in a feed? RSS (0.9x, 1.0, 2.0) and Atom: a page for each entry.

Parsed by expat without any document type: an entity that XML itself does not know is text, so none can
expand. A feed that is not well-formed is taken apart at its entries, and each is read alone.
"""

from __future__ import annotations

import hashlib
import html as entities
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from searcher.errors import Unreadable
from searcher.model import Claim, Page, Provenance, Record, Unread
from searcher.readers import html, limits, plain
from searcher.readers.decode import clean, decode
from searcher.readers.detect import Head
from searcher.settings import FILE, Settings

_LOOKS = re.compile(
    r"\s*(?>(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?>\s*)*)"
    r"<(?:rss|feed|(?:\w+:)?RDF|channel)\b",
    re.DOTALL | re.IGNORECASE,
)
_NAMESPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
_BODIES = (
    "content:encoded",
    "content",
    "xhtml:body",
    "body",
    "fulltext",
    "description",
    "summary",
    "media:description",
)
_ENTRY: Mapping[str, str] = {
    "title": "title",
    "pubDate": "date",
    "published": "date",
    "issued": "date",
    "created": "date",
    "dc:date": "date",
    "dcterms:issued": "date",
    "dcterms:created": "date",
    "updated": "modified",
    "modified": "modified",
    "dcterms:modified": "modified",
    "dc:creator": "author",
    "author": "author",
    "source": "source",
    "dc:publisher": "source",
    "category": "tag",
    "dc:subject": "tag",
    "media:keywords": "tag",
    "dc:language": "language",
    "language": "language",
}
_FEED: Mapping[str, str] = {"title": "source", "language": "language", "dc:language": "language"}
_ENTRIES = ("item", "entry")
_CUT = re.compile(r"<((?:\w+:)?(?:item|entry))\b(?!s).*?(?:</\1\s*>|(?=<\1\b)|\Z)", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(\w{2,31};)?")
_OPENS, _CLOSES = "<![CDATA[", "]]>"
_PERSON = re.compile(r"\S+@\S+\s+\((.+)\)")


@dataclass(slots=True)
class _Element:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: list[_Element | str] = field(default_factory=list)

    @property
    def children(self) -> list[_Element]:
        return [part for part in self.content if not isinstance(part, str)]

    def text(self) -> str:
        """All its text, that of its children too."""
        parts = (part if isinstance(part, str) else part.text() for part in self.content)
        return "".join(parts).strip()

    def all(self, name: str) -> list[_Element]:
        """Its children of this name."""
        return [child for child in self.children if child.name == name]


def looks(head: Head) -> bool:
    """Does it begin with the root of a feed?"""
    return _LOOKS.match(head.text.lstrip("\ufeff")) is not None


def read(record: Record, settings: Settings) -> Iterator[Page | Unread]:
    """A page for each entry of a feed; an Unread for an entry, or a feed, that cannot be read."""
    text = _mended(decode(record.data, record.charset))
    where = record.provenance
    try:
        root = _parse(text)
    except expat.ExpatError as error:
        yield from _apart(record, settings, text, expat.errors.messages.get(error.code, "") or str(error))
        return
    channel = next((child for child in root.children if child.name == "channel"), root)
    about = _about(channel)
    parents = (channel,) if channel is root else (channel, root)
    entries = [child for parent in parents for child in parent.children if child.name in _ENTRIES]
    if not entries:
        yield Unread(where.file, "a feed without entries", where.member)
    for number, entry in enumerate(entries, 1):
        yield _page(record, settings, entry, (number, about))


def _apart(record: Record, settings: Settings, text: str, why: str) -> Iterator[Page | Unread]:
    """The entries of a feed that is not well-formed, each read alone."""
    where = record.provenance
    pieces = list(_CUT.finditer(text))
    title = re.search(r"<title[^>]*>(.*?)</title>", text[: pieces[0].start()], re.DOTALL) if pieces else None
    about = _source(title[1].replace("<![CDATA[", "").replace("]]>", "")) if title else []
    for number, piece in enumerate(pieces, 1):
        try:
            yield _page(record, settings, _parse(piece[0]), (number, about))
        except expat.ExpatError as error:
            reason = expat.errors.messages.get(error.code, str(error))
            member = f"{where.member}!#{number}" if where.member else f"#{number}"
            yield Unread(where.file, f"not well-formed: {reason}", member)
    if not pieces:
        yield Unread(where.file, f"a feed that is not well-formed: {why}", where.member)


def _mended(text: str) -> str:
    """The feed without its document type and illegal characters, every stray ampersand escaped."""
    text = text.lstrip("\ufeff")
    top, rest = text[: limits.HEAD], text[limits.HEAD :]
    text = _DOCTYPE.sub("", _DECLARATION.sub("", top, count=1), count=1) + rest
    first, *others = _ILLEGAL.sub("", text).split(_OPENS)
    parts = [_AMPERSAND.sub(_escaped, first)]
    for part in others:
        inside, end, after = part.partition(_CLOSES)
        parts += [_OPENS, inside, end, _AMPERSAND.sub(_escaped, after)]
    return "".join(parts).strip()


def _escaped(match: re.Match[str]) -> str:
    known = entities.unescape(match[0]) if match[1] else ""
    return known if known and known != match[0] and known not in "<>&" else f"&amp;{match[1] or ''}"


def _parse(text: str) -> _Element:
    """The root of a document; raises expat.ExpatError, with the place, where it is not well-formed."""
    root = _Element("")
    open_: list[tuple[_Element, Mapping[str, str]]] = [(root, {})]

    def start(name: str, attributes: dict[str, str]) -> None:
        parent, prefixes = open_[-1]
        spaces = {key[6:]: value for key, value in attributes.items() if key.startswith("xmlns")}
        if spaces:
            prefixes = {**prefixes, **{key: _NAMESPACES.get(value, key) for key, value in spaces.items()}}
        if len(open_) > limits.TAG_DEPTH:
            raise Unreadable(f"nested too deeply: more than {limits.TAG_DEPTH} levels")
        element = _Element(_named(name, prefixes), attributes)
        parent.content.append(element)
        open_.append((element, prefixes))

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: open_.pop()
    parser.CharacterDataHandler = lambda data: open_[-1][0].content.append(data)
    parser.Parse(text.encode("utf-8"), True)
    return root.children[0]


def _named(name: str, prefixes: Mapping[str, str]) -> str:
    """A name with the usual prefix of its namespace, whatever prefix this document uses."""
    prefix, _, local = name.rpartition(":")
    usual = prefixes.get(prefix, prefix)
    return f"{usual}:{local}" if usual else local


def _about(channel: _Element) -> list[Claim]:
    """What the feed says of all its entries."""
    found = [Claim(what, child.text(), "feed") for child in channel.children if (what := _FEED.get(child.name))]
    language = channel.attributes.get("xml:lang")
    titles = [claim for claim in found if claim.field == "source"][:1]
    rest = [claim for claim in found if claim.field != "source"]
    return [claim for claim in (*titles, *rest, Claim("language", language or "", "feed")) if claim.value]


def _source(title: str) -> list[Claim]:
    name = " ".join(entities.unescape(title).split())
    return [Claim("source", name, "feed")] if name else []


def _page(record: Record, settings: Settings, entry: _Element, place: tuple[int, list[Claim]]) -> Page | Unread:
    """The page of an entry; `place` is its number, and what its feed claims."""
    number, about = place
    where = record.provenance
    identity = next((child.text() for name in ("guid", "id") for child in entry.all(name)), "")
    name = identity[:200] or f"#{number}"
    member = f"{where.member}!{name}" if where.member else name
    known = [*record.claims, *_claims(entry, identity)]
    text = clean(_body(entry))
    blocks, inner = (
        html.ruled(text, where.file, known, settings) if _is_markup(text) else (plain.paragraphs(text), [])
    )
    claims = [*known, *about, *(claim for claim in inner if claim.origin == FILE)]
    if not blocks and not any(claim.field == "title" for claim in claims):
        return Unread(where.file, "an entry without text", member)
    sha256 = hashlib.sha256(_whole(entry).encode("utf-8", "replace")).hexdigest()
    return Page(Provenance(where.file, member, sha256=sha256), "feed", tuple(blocks), tuple(claims))


def _whole(entry: _Element) -> str:
    """An entry as one text, for its digest: another entry in the feed does not change it."""
    attributes = (str(sorted(child.attributes.items())) for child in entry.children)
    return "\n".join((*attributes, *(f"{child.name}: {child.text()}" for child in entry.children)))


def _claims(entry: _Element, identity: str) -> list[Claim]:
    found = [Claim("id", identity, "feed")] if identity else []
    for child in entry.children:
        what = _ENTRY.get(child.name)
        for value in _values(child) if what else ():
            text = " ".join(clean(html_text(value)).split())[: limits.CLAIM]
            if what and text:
                found.append(Claim(what, text, "feed"))
    if not any(claim.field == "date" for claim in found):
        found += [claim._replace(field="date") for claim in found if claim.field == "modified"]
    url = _address(entry)
    return [*found, Claim("url", url, "feed")] if url else found


def _values(child: _Element) -> list[str]:
    """What an element says: an Atom person's name, a category's term, else its text."""
    named = [inner.text() for inner in child.all("name") or child.all("title")]
    said = child.attributes.get("label") or child.attributes.get("term") or child.text()
    person = _PERSON.fullmatch(said)
    return named or [person[1] if person else said]


def html_text(value: str) -> str:
    """A title as it reads: feeds write it as text, as escaped HTML or as HTML."""
    if html.holds_markup(value):
        return " ".join(block.text for block in html.blocks_of(value)[0])
    return entities.unescape(value)


def _address(entry: _Element) -> str:
    """Its link: RSS writes it as text, Atom as an attribute; else a guid that is one."""
    links = entry.all("link")
    for link in links:
        if link.attributes.get("rel", "alternate") == "alternate" and (link.attributes.get("href") or link.text()):
            return link.attributes.get("href") or link.text()
    guid = next((child for child in entry.all("guid") if child.attributes.get("isPermaLink") != "false"), None)
    return guid.text() if guid is not None and guid.text().startswith("http") else ""


def _body(entry: _Element) -> str:
    """The text or markup of the fullest element that holds any."""
    for name in _BODIES:
        for child in entry.all(name):
            markup = child.attributes.get("type") == "xhtml" or name == "xhtml:body"
            text = _markup(child) if markup else child.text()
            if text:
                return text
    return ""


def _is_markup(text: str) -> bool:
    return html.holds_markup(text) or re.search(r"&(?:#?\w{2,8});", text) is not None


def _markup(element: _Element) -> str:
    """XHTML that stood in a feed, as markup again."""
    name = element.name.removeprefix("xhtml:")
    inner = "".join(entities.escape(part) if isinstance(part, str) else _markup(part) for part in element.content)
    attributes = "".join(f' {key}="{entities.escape(value)}"' for key, value in element.attributes.items())
    return f"<{name}{attributes}>{inner}</{name}>"
