"""How is an article cited? A reference: what is known of it, and nothing guessed. `formats` writes it.

Decision 9 says what each format is given, and why no library writes them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from searcher.citing.names import Author, author, line
from searcher.metadata import stamps
from searcher.model import Article

Kind = Literal["web", "press", "other"]
"""At an address; without one, but from a publication; neither."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a citation says. Every text is one line; dates are "2015-05-12", "2015-05" or "2015", as is known.

    `authors` are the agency where nobody is named. `key` is made of the article alone and has its id in it: it is
    the same in every run, and no other article has it.
    """

    id: str
    key: str
    title: str
    authors: tuple[Author, ...]
    date: str | None
    source: str | None
    agency: str | None
    section: str | None
    language: str | None
    url: str | None
    retrieved: str | None
    sha256: str
    file: str

    @property
    def kind(self) -> Kind:
        """What it is, as far as formats have types for it."""
        return "web" if self.url else "press" if self.source else "other"

    @property
    def note(self) -> str:
        """What formats have no field of their own for: what the text can be proved and found by."""
        known = {"agency": self.agency, "sha256": self.sha256, "searcher id": self.id, "file": self.file}
        undated = [] if self.date else ["undated"]
        return "; ".join([*undated, *(f"{name}: {value}" for name, value in known.items() if value)])


def reference(article: Article) -> Reference:
    """The reference of an article. `retrieved` is what its page or its WARC says, else the day it was ingested."""
    agency = line(article.agency) or None
    authors = tuple(filter(None, map(author, article.authors))) or ((Author(agency),) if agency else ())
    when = article.date.value if article.date else None
    title = line(article.title) or "Untitled"
    return Reference(
        article.id, _key(article.id, title, authors, when), title, authors, when,
        line(article.source) or None, agency, line(article.section) or None, article.language,
        line(article.url).replace(" ", "%20") or None, _retrieved(article),
        article.provenance.sha256, line(str(article.provenance)),
    )  # fmt: skip


def _retrieved(article: Article) -> str | None:
    for claim in article.claims:
        stamp = stamps.read(claim.value) if claim.field == "retrieved" else None
        if stamp and (value := stamp.value()):
            return value
    return article.ingested or None


def _key(identity: str, title: str, authors: tuple[Author, ...], when: str | None) -> str:
    """ "doe2015kerry-oog4nlt7ppydw": who, when, the first long word of the title, and the id."""
    who = _plain(authors[0].family)[:20] if authors else ""
    word = next((plain for plain in map(_plain, title.split()) if len(plain) > 3), "")[:20]
    return "-".join(filter(None, (who + (when or "")[:4] + word, identity)))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", text).lower())
