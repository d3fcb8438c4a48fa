"""What do people call the fields of an article? For dumps, front matter and the header lines of texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from searcher.model import Claim

USUAL: dict[str, tuple[str, ...]] = {
    what: tuple(usual.split())
    for what, usual in {
        "title": "title headline head heading subject name webtitle article_title title_text",
        "body": """body text content article article_text articlebody article_body full_text fulltext maintext
            main_text body_text bodytext story content_text content_html html raw_text raw_content description
            summary abstract message""",
        "date": """date published published_at publishedat pub_date pubdate publish_date publication_date
            date_published datepublished date_publish published_date publisheddate webpublicationdate
            publication_time publish_time posted posted_at created_at createdat created datetime timestamp time
            seendate day""",
        "modified": "modified updated updated_at modified_at date_modified datemodified lastmod",
        "source": """source publisher site site_name sitename source_name outlet publication newspaper media
            source_domain domain feed feed_title journal organization""",
        "author": "author authors byline by creator writer writers reporter from dc:creator",
        "url": "url link permalink canonical_url canonical web_url weburl page_url uri href",
        "language": "lang language lang_code locale inlanguage",
        "id": "id _id guid uuid article_id articleid doc_id docid uid message_id",
        "section": "section category section_name rubric desk sectionname channel newsgroups",
        "tag": "tags keywords tag topics labels categories keyword subjects terms",
        "description": "description summary abstract standfirst lead subtitle excerpt dek",
        "image": "image image_url top_image thumbnail cover img",
        "retrieved": "retrieved retrieved_at date_download crawled crawled_at fetched downloaded",
        "agency": "agency wire news_agency newswire",
        "person": "people persons person per",
        "place": "places locations location geo loc",
        "org": "orgs organizations organisations companies org",
        "entity": "entities named_entities mentions",
    }.items()
}
"""A claim's field, or "body" → the names it usually has, the likeliest first, as key() makes them."""

_BY_NAME = {name: what for what in reversed(list(USUAL)) for name in USUAL[what]}
_PLURAL = {
    "authors": "author",
    "tags": "tag",
    "lang": "language",
    "images": "image",
    "people": "person",
    "places": "place",
    "orgs": "org",
}


def key(name: str) -> str:
    """A name as the table has it.

    >>> key(" Pub-Date ")
    'pub_date'
    """
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def field(name: str) -> str | None:
    """The field that something of this name is, "body" among them; None for an unusual name.

    >>> field("Headline"), field("Published-At"), field("xyz")
    ('title', 'date', None)
    """
    return _BY_NAME.get(key(name))


def guess(names: list[str], given: Mapping[str, str]) -> dict[str, str]:
    """Which field of an article each name of a record is: {field: name}.

    `given` are the owner's words for it (settings.jsonl) and come first; a field is given by its name here or by
    the plural that Article has. The rest is guessed from USUAL, each name used once.
    """
    known = {key(name): name for name in reversed(names)}
    chosen = {_PLURAL.get(field, field): name for field, name in given.items() if name in names or "." in name}
    for field, usual in USUAL.items():
        taken = set(chosen.values())
        free = [known[name] for name in usual if name in known and known[name] not in taken]
        if field not in chosen and free:
            chosen[field] = free[0]
    return chosen


def values(field: str, value: Any) -> Iterator[str]:
    """The plain values of a field of a record: of a list each, of an object its name."""
    if isinstance(value, str):
        yield from (part for part in (value.split(",") if field == "tag" else [value]) if part.strip())
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int | float):
        yield str(value)
    elif isinstance(value, list):
        for item in value[:100]:
            if not isinstance(item, list):
                yield from values(field, item)
    elif isinstance(value, dict):
        named = next(
            (
                value[name]
                for name in ("name", "title", "text", "value", "url", "$date", "rendered")
                if name in value
            ),
            None,
        )
        if isinstance(named, str | int | float):
            yield str(named)


def claims(field: str, value: Any, origin: str) -> list[Claim]:
    """The claims that one field of a record makes, each value trimmed to one line."""
    return [Claim(field, " ".join(part.split()), origin) for part in values(field, value)]
