"""What does a page say about itself in its markup? Meta tags, microdata, times, links, JSON-LD: to claims.

Only gathers: which claim to believe is for metadata. A claim's `field` is one of

    title date modified retrieved author source agency section tag language url description image id
    person place org entity     (dumps and front matter)
    kind                        (what the page is: "NewsArticle", "CollectionPage", "website")
    rule unused                 (rules of searcher.toml: that found something on the page, that found nothing)
    note mapping                (what the reader has to say: how it read a record, what it left out)

and its origin names the place: here "JSON-LD", "meta", "microdata", "time", "title element", "html lang",
"canonical", "og:url", "rel author", "rel tag"; elsewhere "saved page", "header line", "front matter", "record",
"feed", "WARC", "HTTP", "reader", "searcher.toml".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from searcher.model import Claim
from searcher.readers import limits
from searcher.readers.decode import clean

if TYPE_CHECKING:
    from searcher.readers.elements import Node, Setting

_META = {
    name: field
    for field, names in {
        "title": """og:title twitter:title dc.title dcterms.title citation_title sailthru.title parsely-title
            hdl headline title""",
        "date": """article:published_time article:published og:published_time og:article:published_time
            og:pubdate date pubdate publishdate publish-date publish_date published published-date published_date
            publication_date datepublished date_published date.published dc.date dc.date.issued dc.date.created
            dc.issued dcterms.date dcterms.issued dcterms.created created dcsext.articlefirstpublished
            parsely-pub-date sailthru.date cxenseparse:recs:publishtime cxenseparse:publishtime bt:pubdate
            citation_publication_date citation_date citation_online_date displaydate originalpublicationdate
            article.published article_date_original article:post_date eprints.datestamp prism.publicationdate
            rnews:datepublished shareaholic:article_published_time vr:published_time ptime gentime pdate
            release_date video:release_date w-published-date publishedat published_at published-at publishedtime
            published_on publishedon date-published date_publish date-publish content-date article-date article_date
            article.created pub_date publication-date article_publication_date dateofpublication
            dc.date.publication dcterms.available dcterms.dateaccepted issue_date citation_issue_date post_date
            story.date story_date firstpublished first-published datecreated date_created""",
        "modified": """article:modified_time article:modified og:updated_time og:modified_time modified lastmod
            last-modified last_modified datemodified date_modified dc.date.modified dcterms.modified
            revised updated""",
        "author": """author article:author article:author_name og:author dc.creator dc.contributor dcterms.creator
            citation_author sailthru.author parsely-author cxenseparse:author byl byline creator rbauthors
            shareaholic:article_author_name authors""",
        "source": """og:site_name application-name publisher dc.publisher dcterms.publisher dc.source
            article:publisher_name source citation_journal_title cre parsely-site copyright_owner news_source
            apple-mobile-web-app-title al:android:app_name""",
        "section": """article:section og:section section dc.subject.section parsely-section cxenseparse:category
            category sailthru.section prism.section news-section cg analyticsattributes.section""",
        "tag": """article:tag keywords news_keywords og:tag dc.subject dcterms.subject sailthru.tags parsely-tags
            tags citation_keywords""",
        "language": """og:locale language dc.language dcterms.language content-language citation_language""",
        "url": """og:url twitter:url parsely-link citation_public_url dc.identifier.uri syndication-source
            original-source""",
        "description": """og:description description twitter:description dc.description dcterms.abstract
            sailthru.description""",
        "image": """og:image og:image:url twitter:image twitter:image:src sailthru.image.full""",
        "kind": """og:type""",
        "id": """article:id article_id articleid parsely-post-id cxenseparse:recs:articleid""",
    }.items()
    for name in names.split()
}
_LISTS = frozenset(("keywords", "news_keywords", "sailthru.tags", "parsely-tags", "tags", "citation_keywords"))
_PROPERTIES = {
    "headline": "title",
    "datepublished": "date",
    "datemodified": "modified",
    "author": "author",
    "creator": "author",
    "publisher": "source",
    "sourceorganization": "source",
    "articlesection": "section",
    "keywords": "tag",
    "inlanguage": "language",
}
_OWNERS = frozenset(("author", "source"))
_RELATIONS = {"author": "author", "tag": "tag"}
_ABOUT = re.compile(r"|.*(?:article|posting|webpage|report|blogpost|story|creativework)")
_UPDATED = re.compile(r"modif|updat|edited")
_TYPES = re.compile(
    r"Article|BlogPosting|Posting\b|Report\b|ReviewNews|LiveBlog|WebPage|NewsEvent|CreativeWork|OpinionPiece|Interview"
)
_KINDS = re.compile(
    r"(?:\w*Article|BlogPosting|LiveBlogPosting|CollectionPage|SearchResultsPage|ItemList|\w+Gallery)"
)
_PAGES = frozenset(("collectionpage", "searchresultspage", "imagegallery", "mediagallery"))
_ADDRESSES = {"url": ("@id", "url"), "image": ("url", "contentUrl", "@id")}
_SCHEMA = (
    ("headline", "title"),
    ("alternativeHeadline", "title"),
    ("datePublished", "date"),
    ("dateCreated", "date"),
    ("uploadDate", "date"),
    ("dateModified", "modified"),
    ("author", "author"),
    ("creator", "author"),
    ("publisher", "source"),
    ("sourceOrganization", "source"),
    ("articleSection", "section"),
    ("keywords", "tag"),
    ("inLanguage", "language"),
    ("url", "url"),
    ("mainEntityOfPage", "url"),
    ("description", "description"),
    ("image", "image"),
)


class Claims:
    """The claims of one page, in its order. `open` are elements whose text is still being gathered."""

    def __init__(self) -> None:
        self.found: list[Claim] = []
        self.open: list[tuple[Node, str, str, list[str]]] = []
        self._seen: set[Claim] = set()

    def add(self, field: str, value: str, origin: str) -> None:
        """One claim; said twice in the same place it counts once, and a page's CLAIMS are bounded."""
        value = " ".join(clean(value).split())[: limits.CLAIM]
        claim = Claim(field, value, origin)
        if value and claim not in self._seen and len(self.found) < limits.CLAIMS:
            self._seen.add(claim)
            self.found.append(claim)

    def meta(self, found: dict[str, str], setting: Setting) -> None:
        """A meta tag's, or those of a property that one gives."""
        value = found.get("content", "")
        for kind in ("property", "name", "http-equiv"):
            name = found.get(kind, "").strip().lower()
            field = _META.get(name)
            if field is not None:
                for part in value.split(",") if name in _LISTS else (value,):
                    self.add(field, part, "og:url" if name == "og:url" else "meta")
        field = _property(found, setting)
        if field:
            self.add(field, value, "microdata")

    def link(self, found: dict[str, str]) -> None:
        """A link element's: the address that the page calls its own."""
        if "canonical" in found.get("rel", "").lower().split():
            self.add("url", found.get("href", ""), "canonical")

    def opened(self, node: Node, around: Setting) -> None:
        """Begin to gather what an element's text or attributes claim; `around` is the setting that it stands in."""
        tag, found = node.look.element.tag, node.look.found
        if tag == "html":
            self.add("language", found.get("lang") or found.get("xml:lang", ""), "html lang")
        elif tag == "title":
            self.open.append((node, "title", "title element", []))
        elif tag == "time":
            self._time(node, found)
        if tag == "a":
            for relation in found.get("rel", "").lower().split():
                if relation in _RELATIONS:
                    self.open.append((node, _RELATIONS[relation], f"rel {relation}", []))
        if "itemprop" in found or "itemscope" in found:
            self._microdata(node, found, around)

    def _time(self, node: Node, found: dict[str, str]) -> None:
        words = f"{found.get('class', '')} {found.get('itemprop', '')}".lower()
        field = "modified" if _UPDATED.search(words) else "date"
        if found.get("datetime"):
            self.add(field, found["datetime"], "time")
        else:
            self.open.append((node, field, "time", []))

    def _microdata(self, node: Node, found: dict[str, str], around: Setting) -> None:
        """Microdata: a property of the article, or the name of its author or publisher."""
        field = _property(found, around)
        if "itemscope" in found:
            kind = found.get("itemtype", "").rstrip("/").rpartition("/")[2].lower()
            if kind in _PAGES:
                self.add("kind", kind, "microdata")
            node.scoped(kind, field if field in _OWNERS else "")
        elif field:
            value = found.get("content") or found.get("datetime")
            if value:
                self.add(field, value, "microdata")
            else:
                self.open.append((node, field, "microdata", []))

    def text(self, text: str) -> None:
        """Text of the page, for the elements that are open."""
        for _, _, _, parts in self.open:
            parts.append(text[: limits.CLAIM])

    def closed(self, node: Node) -> None:
        """An element ends: what it claimed is known."""
        ended = [entry for entry in self.open if entry[0] is node]
        self.open = [entry for entry in self.open if entry[0] is not node]
        for _, field, origin, parts in ended:
            self.add(field, "".join(parts), origin)

    def json_ld(self, script: str) -> str:
        """A JSON-LD script's; returns the body of the article, if it has one."""
        body = ""
        graph = _lenient(script)
        for kind in _kinds(graph):
            self.add("kind", kind, "JSON-LD")
        known = _identified(graph)
        for thing in _things(graph):
            for key, field in _SCHEMA:
                for value in _names(_resolved(thing.get(key), known.get(field, {})), field):
                    self.add(field, value, "JSON-LD")
            if isinstance(thing.get("articleBody"), str):
                body = body or thing["articleBody"]
        return body


def _property(found: dict[str, str], setting: Setting) -> str:
    """The field that a microdata property is a claim about; "" for one of a comment, a teaser or a picture."""
    words = found.get("itemprop", "").lower().split()
    if setting.owner and "name" in words:
        return setting.owner
    if not _ABOUT.fullmatch(setting.scope):
        return ""
    return next((_PROPERTIES[word] for word in words if word in _PROPERTIES), "")


_COMMENT = re.compile(
    r"\A\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|(?://|/\*)?\s*\]\]>\s*(?:\*/)?)\s*\Z"
)
_TRAILING = re.compile(r",(\s*[}\]])")


def _lenient(script: str) -> Any:
    """The value of a JSON text; None for what is not even nearly JSON."""
    text = script.strip()
    if "<!" in text or text.endswith((">", "*/")):
        text = _COMMENT.sub("", text).strip()
    text = text.rstrip(";")
    for attempt in (text, _TRAILING.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _things(value: Any) -> Iterator[dict[str, Any]]:
    """The articles (and pages) in a JSON-LD value: in lists, in @graph, as mainEntity; articles first."""
    found: list[dict[str, Any]] = []
    waiting = [value]
    while waiting and len(found) < 50:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting[:0] = item[:200]
        elif isinstance(item, dict):
            if _TYPES.search(str(item.get("@type", ""))[:200]):
                found.append(item)
            waiting += [
                item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed") if key in item
            ]
    yield from sorted(found, key=lambda thing: str(thing.get("@type")) in ("WebPage", "CollectionPage"))


def _kinds(value: Any) -> Iterator[str]:
    """The types of what a JSON-LD value is about: its own, those of its @graph, and what they are mainly about."""
    things = value.get("@graph", value) if isinstance(value, dict) else value
    for thing in things[:100] if isinstance(things, list) else [things]:
        for about in (thing, thing.get("mainEntity")) if isinstance(thing, dict) else ():
            types = about.get("@type") if isinstance(about, dict) else None
            for kind in types[:5] if isinstance(types, list) else [types]:
                if isinstance(kind, str) and _KINDS.fullmatch(kind):
                    yield kind


def _identified(value: Any) -> dict[str, dict[str, str]]:
    """The names of a @graph's persons and others by their @id, as authors and as sources: an article may give no
    more than such an id."""
    graph = value.get("@graph") if isinstance(value, dict) else value
    found: dict[str, dict[str, str]] = {"author": {}, "source": {}}
    for thing in graph[:200] if isinstance(graph, list) else []:
        if isinstance(thing, dict) and isinstance(thing.get("@id"), str) and isinstance(thing.get("name"), str):
            person = "Person" in str(thing.get("@type"))[:200]
            found["author" if person else "source"][thing["@id"]] = thing["name"]
    return found


def _resolved(value: Any, known: dict[str, str]) -> Any:
    """The value with the names of what it gives only the @id of."""
    if known and isinstance(value, list):
        return [_resolved(item, known) if isinstance(item, dict) else item for item in value]
    if isinstance(value, dict) and "name" not in value:
        return known.get(str(value.get("@id")), value)
    return value


def _names(value: Any, field: str) -> list[str]:
    """The plain values of a property: strings, names of persons, addresses."""
    if isinstance(value, str):
        return value.split(",") if field == "tag" else [value]
    if isinstance(value, list):
        return [name for item in value[:100] if not isinstance(item, list) for name in _names(item, field)]
    if isinstance(value, dict):
        keys = _ADDRESSES.get(field, ("name", "alternateName", "@value"))
        return next(([value[key]] for key in keys if isinstance(value.get(key), str)), [])
    return []
