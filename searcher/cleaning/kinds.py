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
"""How many words the headline of another article has."""

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


class Made(NamedTuple):
    """What a page is made of: headlines that lead elsewhere, and those with a teaser; the words of its longest run
    of text that neither a headline nor a picture parts; pictures with captions; words of text and of links."""

    headlines: int
    teased: int
    longest: int
    captioned: int
    words: int
    linked: int


def _made(shapes: Sequence[Shape], verdicts: Sequence[str | None]) -> Made:
    headlines: set[str] = set()
    pictures: set[str] = set()
    teased = run = longest = words = linked = 0
    before = ""  # what the last headline or picture is still waiting for
    for shape, verdict in zip(shapes, verdicts, strict=True):
        block = shape.block
        if verdict in _ASIDE:
            continue
        if block.kind == "image":
            before, run = block.links[0].url if block.links else "", 0
            continue
        linked += shape.size if shape.links > 0.5 else 0
        if shape.links >= 0.9 and FEW <= shape.size <= LONGEST:
            headlines.add(block.links[0].url)
            before, run = "headline", 0
            continue
        if shape.size >= 3 and before and shape.links <= 0.5:
            if before == "headline":
                teased += shape.sentence and shape.size <= TEASER
            elif shape.size <= TEASER // 2:
                pictures.add(before)
            before = "" if shape.size >= 8 or before != "headline" else before
        if shape.sentence:
            run += shape.size
            words += shape.size
            longest = max(longest, run)
    return Made(len(headlines), teased, longest, len(pictures), words, linked)


def _is_gallery(made: Made, claimed: bool) -> bool:
    """Pictures with captions, and no run of text between them that is more than a caption or two."""
    least, longest, each = (4, 120, 45) if claimed else (8, 60, 25)
    return made.captioned >= least and made.longest <= longest and made.words <= each * made.captioned


def _is_index(made: Made, claimed: bool) -> bool:
    """Headlines that lead elsewhere, and no run of text between them that is more than a teaser."""
    if claimed:
        return made.headlines >= 5 and made.longest <= TEASER
    if made.teased >= 6 and made.longest <= 60:
        return made.teased >= 0.5 * made.headlines
    return made.headlines >= 15 and made.words <= 20 and made.longest <= 20


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
