"""Which other articles does the page point to? The links of what cleaning stripped as related, with their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from searcher.metadata.sheet import Found, Sheet
from searcher.metadata.urls import date_in
from searcher.model import Block, Claim, Related

RELATED = "related links"
"""The verdict of cleaning on such blocks."""

MOST = 100
_CONTEXT = re.compile(r"\b(?:Context|Kontext|Contexte|Contexto|Контекст)\s*:\s*(?P<names>[^\n]{2,400})$")
ABOUT_OTHERS, OWN = "context of a related link", "context line"


class Pointers(NamedTuple):
    """The related articles and the claims that their lines make."""

    related: tuple[Related, ...]
    found: Found


def find(sheet: Sheet) -> Pointers:
    """The related articles, in the order of the page, each address once."""
    found: dict[str, Related] = {}
    claims: list[Claim] = []
    for _, block in sheet.cut(RELATED):
        for item in _items(block):
            found.setdefault(item.url or item.title, item)
        claims += [Claim("entity", name, ABOUT_OTHERS) for name in context(block.text)]
    return Pointers(tuple(found.values())[:MOST], Found(tuple(dict.fromkeys(claims))))


def _items(block: Block) -> Iterator[Related]:
    for link in block.links:
        title = " ".join(link.text.split())
        if title and not link.url.startswith(("#", "javascript:", "mailto:")):
            yield Related(title, link.url or None, date_in(link.url))


def entities(sheet: Sheet) -> Found:
    """The names that a line of the article's own gives ("Context: Harbour Town, Jane Doe"): no text, but claims."""
    lines = [(index, block.text) for index, block in sheet.kept() if _CONTEXT.fullmatch(block.text.strip())]
    claims = [Claim("entity", name, OWN) for _, text in lines for name in context(text)]
    return Found(tuple(dict.fromkeys(claims)), {index: OWN for index, _ in lines})


def context(text: str) -> list[str]:
    """The names after "Context:" at the end of a line.

    >>> context("A fire spreads. Context: Harbour Town, Jane Doe")
    ['Harbour Town', 'Jane Doe']
    """
    match = _CONTEXT.search(text)
    return [name.strip(" .") for name in match["names"].split(",") if name.strip(" .")] if match else []
