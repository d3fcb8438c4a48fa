"""Which fields can be searched? One row each: the parser, the engines, the help and the docs read this table."""

from __future__ import annotations

import difflib
from typing import Literal, NamedTuple

Kind = Literal["text", "name", "value", "date", "number"]


class Field(NamedTuple):
    """One searchable field.

    kind    text    cut into words, surface and stem
            name    several whole values, whose words are searched too ("kerry" finds "John Kerry")
            value   several whole values, case ignored
            date    days; number: integers
    facet   can be counted; sort: results can be ordered by it
    """

    name: str
    kind: Kind
    help: str
    example: str
    aliases: tuple[str, ...] = ()
    facet: bool = False
    sort: bool = False


FIELDS: tuple[Field, ...] = (
    Field("title", "text", "the headline", "title:ceasefire", ("headline", "hd", "intitle")),
    Field("lead", "text", "the headline and the first two paragraphs", "lead:sochi", ("hlead",)),
    Field("body", "text", "the text below the headline", 'body:"frank meeting"', ("text",)),
    Field("source", "value", "who published it", "source:bbc*", ("site", "domain", "pub"), True, True),
    Field("agency", "value", "who wrote it for others", "agency:AFP", ("wire",), True),
    Field("author", "name", "who wrote it", "author:doe", ("by", "byline"), True),
    Field("person", "name", "a person in it", 'person:"John Kerry"', ("who",), True),
    Field("place", "name", "a place in it", "place:Sochi", ("where",), True),
    Field("org", "name", "an organisation in it", "org:NATO", (), True),
    Field("entity", "name", "a person, place or organisation in it", "entity:kerry", (), True),
    Field("speaker", "name", "who is quoted, or speaks in a transcript", "speaker:Kerry", ("said",), True),
    Field("quote", "text", "text inside quotation marks", 'quote:"frank meeting"'),
    Field("date", "date", "when it was published", "date:2015-05", ("published",), sort=True),
    Field("lang", "value", "the language, as two letters", "lang:de", ("language",), True),
    Field("section", "value", "the section of its source", "section:world", (), True),
    Field("tag", "value", "a tag that people gave it, or a keyword of its page", "tag:climate", ("keyword",), True),
    Field("url", "value", "its address", "url:*kerry*", ("inurl",)),
    Field("id", "value", "its id", "id:4ksz5d2ehp6ua"),
    Field("like", "value", "articles like the one of this id: by names, rare words and time", "like:4ksz5d2ehp6ua"),
    Field("copy", "value", "articles of nearly the same text", "copy:4ksz5d2ehp6ua", ("copies",), True),
    Field("story", "value", "articles about one event, copies among them", "story:4ksz5d2ehp6ua", (), True),
    Field("words", "number", "how many words it has", "words:>800"),
    Field("ingested", "date", "when its file came into corpus/", "ingested:2024"),
    Field("has", "value", "fields that are known of it", "has:date"),
    Field("is", "value", "what kind of article it is", "is:transcript"),
    Field("boilerplate", "text", "what was stripped from its page", "boilerplate:cookies"),
    Field("year", "date", "the year of its date", "year:2015", (), True),
    Field("month", "date", "the month of its date", "month:2015-05", (), True),
    Field("day", "date", "the day of its date", "day:2015-05-12", (), True),
)

BY_NAME = {name: field for field in FIELDS for name in (field.name, *field.aliases)}

FLAGS = ("transcript", "duplicate", "index", "gallery")
"""What `is:` may ask for."""

PERIODS = {"year": 4, "month": 7, "day": 10}
"""Facets that are made of the date: how many characters of it they show."""

TEXT = ("title", "lead", "body")
"""Where a word without a field is looked for."""

FACETS = tuple(field.name for field in FIELDS if field.facet)

DEFAULT_FACETS = ("source", "person", "place", "org", "year")


def find(name: str) -> Field | None:
    """The field of this name or alias, case ignored; None if there is none.

    >>> find("Headline").name
    'title'
    """
    return BY_NAME.get(name.lower())


def nearest(name: str) -> str | None:
    """The field name or alias that was probably meant.

    >>> nearest("sorce")
    'source'
    """
    return next(iter(difflib.get_close_matches(name.lower(), BY_NAME, 1, 0.6)), None)
