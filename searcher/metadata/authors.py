"""Who wrote it, and for which agency? Bylines around the headline and at the end, datelines, and claims.

Posts without a name ("staff writer"), addresses and handles are no authors. Persons in the text are names.py's.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from searcher.metadata.agencies import agency, dateline, end_mark
from searcher.metadata.bylines import is_role, parse, personal, tidy
from searcher.metadata.lines import read
from searcher.metadata.sheet import Found, Sheet
from searcher.model import Claim

MOST = 12


class Credit(NamedTuple):
    """The authors and the agency, and where each came from."""

    authors: tuple[str, ...]
    author_origin: str
    agency: str | None
    agency_origin: str
    found: Found


def find(sheet: Sheet) -> Credit:
    """Authors and agency by trust: claims of the page's data first, then bylines, then marks in the text."""
    text_claims, taken = _lines(sheet)
    marks = _marks(sheet)
    claims = [*_claimed(sheet), *text_claims, *marks]
    authors, origin = _first(_named_first([claim for claim in claims if claim.field == "author"]))
    agencies, agency_origin = _first([claim for claim in claims if claim.field == "agency"])
    derived = tuple(dict.fromkeys([*text_claims, *marks]))
    return Credit(authors, origin, next(iter(agencies), None), agency_origin, Found(derived, taken))


def _named_first(claims: list[Claim]) -> list[Claim]:
    """The claims without those of an origin that names no person, where another one does."""
    named = {claim.origin for claim in claims if personal(claim.value)}
    return [claim for claim in claims if claim.origin in named] if named else claims


def _first(claims: list[Claim]) -> tuple[tuple[str, ...], str]:
    """The values of the first claim and of those with the same origin."""
    if not claims:
        return (), ""
    origin = claims[0].origin
    values: dict[str, str] = {}
    for claim in claims:
        if claim.origin == origin:
            values.setdefault(claim.value.casefold(), claim.value)
    return tuple(values.values())[:MOST], origin


_NO_NAME = re.compile(r"https?:|www\.|@|\.(?:com|org|net|de|fr|es|ru|cn)\b|^\W*$|^\d+$")
_BY = re.compile(r"^(?:by|von|par|por)\s+(?=[^\W\d_])", re.I)


def _claimed(sheet: Sheet) -> list[Claim]:
    """The claims about author and agency, cleaned; an author who is an agency is one."""
    found = [Claim("agency", agency(claim.value) or claim.value, claim.origin) for claim in sheet.claimed("agency")]
    for claim in sheet.claimed("author"):
        value = _BY.sub("", " ".join(claim.value.split()))
        if not value or len(value) > 200 or _NO_NAME.search(value) or is_role(value):
            continue
        found += _persons(value, claim.origin)
    return found


_INVERTED = re.compile(r"([^\W\d_][\w.'’-]+),\s+([^\W\d_][\w.'’-]*(?:\s[^\W\d_]\.?)?)")


def _persons(value: str, origin: str) -> list[Claim]:
    if inverted := _INVERTED.fullmatch(value):
        value = f"{inverted[2]} {inverted[1]}"
    byline = parse(value)
    if byline.whole:
        agencies = [Claim("agency", name, origin) for name in byline.agencies]
        return agencies + [Claim("author", name, origin) for name in byline.authors]
    return [Claim("author", tidy(value), origin)] if len(value) <= 80 else []


def _lines(sheet: Sheet) -> tuple[list[Claim], dict[int, str]]:
    claims, taken = [], {}
    for index, line in sheet.lines.items():
        if line.whole and (line.authors or line.agencies):
            claims += [Claim("author", name, "byline") for name in line.authors]
            claims += [Claim("agency", name, "byline") for name in line.agencies]
            taken[index] = line.reason
        elif by := _zoned(sheet, index):
            claims += by
            taken[index] = "byline"
    return claims + _hidden_bylines(sheet), taken


def _zoned(sheet: Sheet, index: int) -> list[Claim]:
    """The authors in a block whose class says that it is a byline."""
    block = sheet.page.blocks[index]
    if sheet.verdicts[index] is not None or not any(_BYLINE.search(token) for token in block.zone[-6:]):
        return []
    return _named(block.text)


def _named(text: str) -> list[Claim]:
    first = _BY.sub("", text.split("\n")[0])
    byline = parse(first)
    return [Claim("author", name, "byline") for name in byline.authors] if byline.whole else []


_BYLINE = re.compile(r"(?:^|[-_])(?:byline|author|authors|writer|contributor)(?:$|[-_])(?!bio|box)")


def _hidden_bylines(sheet: Sheet) -> list[Claim]:
    """What cleaning stripped as a byline and is not a line that says it all."""
    blocks = [block for _, block in sheet.cut("byline")][:4]
    return [claim for block in blocks for claim in _named(block.text)]


def _marks(sheet: Sheet) -> list[Claim]:
    """Credits inside paragraphs: in a dateline, and after the last sentence."""
    datelines = [found for text in sheet.leads[:2] if (found := dateline(text))]
    claims = [Claim("agency", name, "dateline") for name, _ in datelines]
    for text in [block.text for _, block in sheet.kept()][-3:]:
        claims += _tail(text)
    return claims


# The end of a last paragraph: a full stop or closing mark, a dash, a name, perhaps an agency.
_SIGNED = re.compile(r"[.!?”\"’»…]\s+[–—-]\s?([^–—\n.!?]{4,80}?)\s*/?\s*$")


def _tail(text: str) -> list[Claim]:
    claims: list[Claim] = []
    if signed := _SIGNED.search(text):
        line = read(signed[1])
        claims += [Claim("author", name, "byline at the end") for name in line.authors]
        claims += [Claim("agency", name, "byline at the end") for name in line.agencies]
    if not claims and (name := end_mark(text)):
        claims.append(Claim("agency", name, "end mark"))
    return claims
