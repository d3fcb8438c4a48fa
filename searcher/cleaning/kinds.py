"""Is a page no single article: an index, a gallery, an error page? By what it claims to be and how it is made.

An index page is headlines that lead elsewhere, each with a teaser at most; a gallery is pictures with captions, and
little else. What a page claims (its address, its type, its classes) only lowers how much of that is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from searcher.cleaning import refusals
from searcher.cleaning.places import TAGS
from searcher.cleaning.shape import Shape
from searcher.model import Page
from searcher.tables import table

INDEX, GALLERY, ERROR = "index", "gallery", "error"

FEW, LONGEST = 4, 30
"""How many words the headline of another article has; Chinese ones, by two letters."""

RUN = 120
"""How many words the longest run of text has at most, on a page that is no single article."""

TEASER = 80
"""How many words a teaser has at most."""

_ARTICLE = re.compile(r"article|.*(?:Article|BlogPosting|Report|Interview)")
_INDEXES = ("collectionpage", "searchresultspage", "itemlist", "blog", "website")
_GALLERIES = ("imagegallery", "mediagallery")
_LISTING = frozenset(("home", "archive", "category", "tag", "search-results", "author", "blog"))
_SINGLE = re.compile(r"single(?:-.*)?|postid-\d+|page-template.*|node-type-(?:article|story).*")
_ASIDE = ("navigation", "footer", "cookie notice", "share buttons", "breadcrumbs", "site search", "comments")


class Kind(NamedTuple):
    """What a page is if it is no single article, else ""; and what an error page says."""

    name: str = ""
    says: str = ""


def kind(page: Page, shapes: Sequence[Shape], verdicts: Sequence[str | None]) -> Kind:
    """The kind of a page, by the final verdicts on its blocks."""
    if says := refusals.said(page, shapes, verdicts):
        return Kind(ERROR, says)
    if not any(block.zone for block in page.blocks):
        return Kind()
    made = _made(shapes, verdicts)
    claimed = _claimed(page)
    if _is_gallery(made, claimed == GALLERY):
        return Kind(GALLERY)
    if claimed != "article" and _is_index(made, claimed == INDEX):
        return Kind(INDEX)
    return Kind()


class Made:
    """What a page is made of, read block by block.

    `headlines` lead elsewhere (addresses), `teased` of them have a teaser; `pictures` have captions (addresses);
    `words` are those of running text, `longest` of its longest run that no headline or picture parts.
    """

    def __init__(self) -> None:
        self.headlines: set[str] = set()
        self.teased: set[str] = set()
        self.pictures: set[str] = set()
        self.words = self.longest = self._run = 0
        self._headline = self._picture = ""  # what waits for its teaser, its caption

    def read(self, shape: Shape) -> None:
        """The next block."""
        block = shape.block
        if block.kind == "image":
            self._run, self._picture = 0, block.links[0].url if block.links else ""
        elif url := _leads(shape):
            if url == self._headline and shape.size >= FEW:
                self.teased.add(url)  # a card that is one link
            elif shape.links < 0.9:
                self.teased.add(url)  # a headline and its teaser on one line
            self.headlines.add(url)
            self._run, self._headline, self._picture = 0, url, ""
        elif shape.links <= 0.5:
            self._text(shape)

    def _text(self, shape: Shape) -> None:
        if self._picture and shape.block.kind != "heading" and 3 <= shape.size <= TEASER // 2:
            self.pictures.add(self._picture)
        if shape.sentence:
            if self._headline and shape.size <= TEASER:
                self.teased.add(self._headline)
            self._run += shape.size
            self.words += shape.size
            self.longest = max(self.longest, self._run)
            self._headline = ""
        if shape.size >= 3:
            self._picture = ""


def _leads(shape: Shape) -> str:
    """Where a block leads that is the headline of another article, alone or with its teaser behind it; else ""."""
    links = shape.block.links
    if not links or not (FEW <= shape.size <= LONGEST + TEASER):
        return ""
    if shape.links >= 0.9:
        return links[0].url if shape.size <= TEASER else ""
    first = links[0].text
    alone = len(links) == 1 and FEW <= len(first.split()) <= LONGEST and shape.text.startswith(first)
    return links[0].url if alone and shape.text[len(first) :].lstrip()[:1] in ("|", "\n", "") else ""


def _made(shapes: Sequence[Shape], verdicts: Sequence[str | None]) -> Made:
    made = Made()
    for shape, verdict in zip(shapes, verdicts, strict=True):
        if verdict not in _ASIDE and (shape.text or shape.block.kind == "image"):
            made.read(shape)
        if made.longest > RUN:
            break  # no kind of page but an article has such a text
    return made


def _is_gallery(made: Made, claimed: bool) -> bool:
    """Pictures with captions, and no run of text between them that is more than a caption or two."""
    least, longest, each = (4, RUN, 45) if claimed else (8, 60, 25)
    captioned = len(made.pictures)
    return captioned >= least and made.longest <= longest and made.words <= each * captioned


def _is_index(made: Made, claimed: bool) -> bool:
    """Headlines that lead elsewhere, and no run of text between them that is more than a teaser."""
    headlines, teased = len(made.headlines), len(made.teased)
    if claimed:
        return headlines >= 5 and made.longest <= TEASER
    if teased >= 6 and made.longest <= 60:
        return teased >= 0.5 * headlines
    return headlines >= 15 and made.words <= 20


def _claimed(page: Page) -> str:
    """What a page claims to be: "article", "index", "gallery", or "" if it does not say."""
    kinds = {claim.value.lower() for claim in page.claimed("kind")}
    classes = set(_classes(page))
    addresses = [claim.value for claim in page.claimed("url")]
    if not kinds.isdisjoint(_GALLERIES) or any(_is_address(url, "gallery") for url in addresses):
        return GALLERY
    if any(_ARTICLE.fullmatch(claim.value) for claim in page.claimed("kind")) or any(
        map(_SINGLE.fullmatch, classes)
    ):
        return "article"
    if any(claim.origin in ("meta", "JSON-LD") for claim in page.claimed("date")):
        return "article"
    named = not kinds.isdisjoint(_INDEXES) or not classes.isdisjoint(_LISTING)
    return INDEX if named or any(_is_address(url, "index") for url in addresses) else ""


def _classes(page: Page) -> Iterator[str]:
    """The classes of the body element: templates write there what they show."""
    zone = next((block.zone for block in page.blocks if "body" in block.zone), ())
    for name in zone[zone.index("body") + 1 :] if zone else ():
        if name in TAGS:
            return
        yield name


def _is_address(url: str, what: str) -> bool:
    """Whether an address is that of a front page, a section, a tag, a search; or of a gallery."""
    try:
        parts = urlsplit(url.lower())
    except ValueError:  # a broken address is none of them
        return False
    steps = [step for step in parts.path.split("/") if step]
    if what == "gallery":
        return not _names("gallery").isdisjoint(steps)
    if any(name in _names("search") and value for name, value in parse_qsl(parts.query)):
        return bool(parts.hostname)
    if steps and re.fullmatch(r"(?:index|default|home)\.\w+", steps[-1]):
        steps.pop()
    while len(steps) > 1 and (steps[-1].isdigit() or steps[-1] in _names("page")):
        steps.pop()
    return not steps or (len(steps) <= 3 and not _names("index").isdisjoint(steps[:2]))


@cache
def _names(what: str) -> frozenset[str]:
    return frozenset(table("searcher.cleaning", "kinds")["addresses"][what])
