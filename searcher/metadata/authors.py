"""Who wrote it, and for which agency? Bylines around the headline and at the end, datelines, and claims.

Posts without a name ("staff writer"), addresses and handles are no authors. Persons in the text are names.py's.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from searcher.metadata.agencies import agency, dateline, end_mark
from searcher.metadata.bylines import is_role, parse, personal, tidy
from searcher.metadata.lines import LONGEST, Line, aside, read
from searcher.metadata.persons import given
from searcher.metadata.sheet import AFTER, BEFORE, Found, Sheet, key
from searcher.metadata.urls import host
from searcher.model import Block, Claim

MOST = 12

BYLINE, ABOUT = "byline", "about the author"
"""Verdicts of cleaning on blocks that name the author."""


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
    claims = [*_ordered(_claimed(sheet), text_claims), *marks]
    authors, origin = _first(_named_first(sheet, [claim for claim in claims if claim.field == "author"]))
    agencies, agency_origin = _first([claim for claim in claims if claim.field == "agency"])
    derived = tuple(dict.fromkeys([*text_claims, *marks]))
    return Credit(authors, origin, next(iter(agencies), None), agency_origin, Found(derived, taken))


def _ordered(claimed: list[Claim], shown: list[Claim]) -> list[Claim]:
    """The data's claims before the page's, unless it shows other persons: data often name who published."""
    first = next((claim.origin for claim in claimed if claim.field == "author"), "")
    names = [key(claim.value) for claim in claimed if claim.field == "author" and claim.origin == first]
    persons = [claim.value for claim in shown if claim.field == "author"]
    others = persons and not any(one in key(name) or key(name) in one for one in names for name in persons)
    return [*shown, *claimed] if others and all(given(name.split()[0]) for name in persons) else [*claimed, *shown]


def _named_first(sheet: Sheet, claims: list[Claim]) -> list[Claim]:
    """The claims without those of an origin that names no person, where another one does. A site is no person."""
    site = " ".join(key(name) for name in _site(sheet))
    named = {claim.origin for claim in claims if personal(claim.value) and key(claim.value) not in site}
    return [claim for claim in claims if claim.origin in named] if named else claims


def _site(sheet: Sheet) -> list[str]:
    hosts = [host(claim.value) or "" for claim in sheet.claimed("url")]
    return [*hosts, *(claim.value for claim in sheet.claimed("source"))]


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


_NO_NAME = re.compile(
    r"https?:|www\.|@|\.(?:com|org|net|de|fr|es|ru|cn)\b|^\W*$|^\d+$|^(?:undefined|null)$|^[a-z]*[\d._][a-z\d._]*$"
)
_BY = re.compile(
    r"^(?:(?:(?:written|posted|published|guide|words|text|story|review|report(?:ed|ing)?|view all posts|all posts|"
    r"posts|contributed|authored)\s+)?by|more about|about|von|par|por|di|door|av|af)(?:\s*:\s*|\s+)(?=[^\W\d_])"
    r"|^(?-i:(?:[Ww]ritten )?By(?=[A-ZÀ-Ý][a-zà-ÿ]))",  # "ByJane Doe": two elements side by side
    re.I,
)


def _unlabelled(text: str) -> str:
    """A name without "By" before it."""
    return _BY.sub("", " ".join(text.split())).strip(" »›:|")


def _claimed(sheet: Sheet) -> list[Claim]:
    """The claims about author and agency, cleaned; an author who is an agency is one."""
    found = [Claim("agency", agency(claim.value) or claim.value, claim.origin) for claim in sheet.claimed("agency")]
    for claim in sheet.claimed("author"):
        value = _unlabelled(claim.value)
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
    """The authors of lines around the headline: those that say nothing else, and what is called a byline."""
    claims, taken = [], {}
    for index, piece in sheet.near:
        if index and aside().fullmatch(sheet.page.blocks[index - 1].text.strip()):
            continue  # "Reviewed by" stands above the name
        line = sheet.lines.get(index, Line())
        called = _called(piece, sheet.verdicts[index] == BYLINE) if len(piece.text) <= LONGEST else []
        if line.whole and (line.authors or line.agencies):
            claims += (
                called if piece.links and called else [Claim("author", name, "byline") for name in line.authors]
            )
            claims += [Claim("agency", name, "byline") for name in line.agencies]
            taken[index] = line.reason
        elif called:
            claims += called
            taken[index] = "byline"
    return claims or _elsewhere(sheet), taken


# What elements with an author's name in them are called, and the addresses of pages about authors.
_BYLINE = re.compile(r"author|by-?line|\bwriter|contributor|(?:^|[-_])(?:autor|auteur|autore|redakteur)")
_ASIDE = re.compile(r"bio(?:$|[-_s])|about|comment|avatar|image|photo|related|social|share")
_PROFILE = re.compile(
    r"/(?:authors?|writers?|staff|profiles?|people|person|contributors?|reporters?|journalists?|by|bio|experts?|team|"
    r"columnists?|autor(?:en|es|i)?|auteurs?|autore|redakteur|redaktion|members?|users?)/|[?&]author=", re.I
)  # fmt: skip


def _called(piece: Block, certain: bool) -> list[Claim]:
    """The authors in a block that is certain, or called, to be a byline, or links to a page about one."""
    text = aside().split(piece.text, maxsplit=1)[0].strip()
    zone = piece.zone[-6:]
    called = any(_BYLINE.search(token) for token in zone) and not any(_ASIDE.search(token) for token in zone[-2:])
    named = certain or called
    linked = [link.text for link in piece.links if _PROFILE.search(link.url) and link.text in text]
    linked = [name for name in linked if _is_name(_unlabelled(name))]
    if linked and (named or personal(_unlabelled(linked[0]))):
        return [claim for name in linked for claim in _named(name, named)]
    found = _named(text, named) if named and text else []
    return found if called or _unlabelled(text) != text else [claim for claim in found if _known(claim.value)]


def _known(name: str) -> bool:
    """Whether the name begins with a given name, or is a team's."""
    return given(name.split()[0]) or _TEAM.search(name) is not None


def _is_name(text: str) -> bool:
    return personal(text) or (0 < len(text) <= 40 and not is_role(text) and not _NO_NAME.search(text))


def _named(text: str, certain: bool) -> list[Claim]:
    """The names in a byline; where it is `certain` that this is one, a team's too."""
    lines = [_unlabelled(line) for line in text.split("\n")[:4]]
    bylines = [parse(line) for line in lines]
    if bylines[0].whole:
        return [Claim("author", name, "byline") for byline in bylines if byline.whole for name in byline.authors]
    names = [_ENDED.split(line)[0].strip() for line in lines]
    if persons := [name for name in names if personal(name)]:
        return [Claim("author", tidy(name), "byline") for name in persons]
    name = names[0]
    team = certain and _TEAM.search(name) is not None and len(name.split()) <= 4 and not is_role(name)
    return [Claim("author", name, "byline")] if team else []


_ENDED = re.compile(r"\s*[,|•·⋅●(–—]\s*|\s[-/]\s|\s(?=on\s)|\s(?=(?:Updated|Published|Posted|Last)\b)|\s(?=\d)")
_TEAM = re.compile(r"\b(?:team|staff|editors?)$", re.I)


def _elsewhere(sheet: Sheet) -> list[Claim]:
    """Without a byline near the headline: what cleaning calls one, a portrait, the box about the author."""
    for reason, origin in ((BYLINE, "byline"), (ABOUT, "box about the author")):
        pieces = [piece for _, piece in sheet.cut(reason) if piece.kind != "image" and len(piece.text) <= LONGEST]
        claims = [claim for piece in pieces[:4] for claim in _named(piece.text, False)]
        if claims:
            return [Claim("author", claim.value, origin) for claim in (claims if reason == BYLINE else claims[:1])]
    return _portraits(sheet)


_PORTRAIT = re.compile(
    r"^(?:headshot|photo|picture|portrait|image|avatar)\s(?:of|for)\s"
    r"|(?:['’]s)?\s(?:avatar|headshot|photo|profile (?:image|photo|picture)|portrait)$",
    re.I,
)


def _portraits(sheet: Sheet) -> list[Claim]:
    """The names of the pictures around the headline that are called an author's."""
    pieces = sheet.page.blocks[max(0, sheet.anchor - BEFORE) : sheet.anchor + AFTER]
    shown = [piece for piece in pieces if piece.kind == "image" and any(map(_BYLINE.search, piece.zone[-6:]))]
    names = [_ENDED.split(_PORTRAIT.sub("", piece.text))[0].strip() for piece in shown]
    return [Claim("author", tidy(name), "portrait") for name in names if personal(name)]


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
