"""Who published it? What the page claims, its source list, a line of its archive; then the settings, the host, and
the first folder under corpus/ last.

One publisher has one name: what pages call it ("BBC News", "bbc.com") is looked up in the settings' [sources] and
in data/sources.toml. What neither knows stays as the page writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from searcher.metadata.agencies import agency
from searcher.metadata.sheet import Found, Sheet, key
from searcher.metadata.tables import table
from searcher.metadata.urls import host
from searcher.model import Claim

SOURCE_LIST = "source list"
"""The verdict of cleaning on the blocks of such a list ("Source:" and its links)."""

SETTINGS = "searcher.toml"


class Source(NamedTuple):
    """The publisher and where that came from; the address, with its origin, the images and the agency that its
    source list names."""

    name: str | None
    origin: str
    url: str | None
    url_origin: str
    images: tuple[str, ...]
    agency: str | None
    found: Found


def find(sheet: Sheet) -> Source:
    """The publisher of a page; None, with an empty origin, where not even its folder says it."""
    listed = list(_listed(sheet))
    lines, taken = _lines(sheet)
    claims = [*(claim for claim in sheet.claimed("source") if _name(claim.value)), *listed, *lines]
    named = next((claim for claim in claims if claim.field == "source"), None) or _outside(sheet)
    address = next((claim for claim in listed if claim.field == "source url" and claim.value), None)
    images = tuple(claim.value for claim in listed if claim.field == "image")
    return Source(
        shown(named.value, _hosts(sheet), sheet.context.settings.sources) if named else None,
        named.origin if named else "",
        address.value if address else None,
        address.origin if address else "",
        images,
        next((name for claim in listed if claim.field == "source" and (name := agency(claim.value))), None),
        Found((*listed, *lines), taken),
    )


_HOME = re.compile(
    r"\s*[-–—|:»]\s*(?:home\s?page|home|startseite|accueil|inicio|portada|главная|الرئيسية|首页)\s*$", re.I
)


def shown(name: str, hosts: list[str], settings: Mapping[str, str]) -> str:
    """The one name of a publisher that a page calls `name`.

    By the archive's settings, then by the table of known publishers; one at a known host whose name begins with the
    known one ("CNN - Breaking News") is that. Any other loses no more than "- Home".

    >>> shown("BBC News", [], {}), shown("bbc.com", [], {}), shown("Harbour Courier | Home", [], {})
    ('BBC', 'BBC', 'Harbour Courier')
    >>> shown("The Harbour Courier", [], {"Harbour Courier": "Courier"}), shown("BBC News", [], {"bbc": "BBC News"})
    ('Courier', 'BBC News')
    """
    if name in settings.values():
        return name
    name = _HOME.sub("", " ".join(name.split()))
    own = {key(known): value for known, value in settings.items()}
    for form in _forms(name):
        if found := own.get(form) or _known().get(form):
            return found
    at = next((known for one in hosts if (known := publisher(one))), None)
    return at if at and key(name).startswith(key(at)) else name


_ARTICLE = re.compile(r"(?:the|der|die|das|le|la|les|el|los|las|il|de|het)\s+(?=\S+\s)", re.I)


_ONLINE = re.compile(r"(?<=\w\w)\s+online$", re.I)


def _forms(name: str) -> tuple[str, ...]:
    """How a name is looked up: as it is, and a longer one without its article or "Online"."""
    bare = _ONLINE.sub("", _ARTICLE.sub("", name))
    return (key(name), key(bare))


@cache
def _known() -> Mapping[str, str]:
    """Every name and host of the table, without case and marks → the name shown."""
    rows = table("sources").items()
    return {key(form): name for name, row in rows for form in (name, *row, _ARTICLE.sub("", name))}


@cache
def _known_hosts() -> Mapping[str, str]:
    rows = table("sources").items()
    return {form.lower(): name for name, row in rows for form in row if "." in form and " " not in form}


def publisher(host: str) -> str | None:
    """The known publisher at a host or at one above it.

    >>> publisher("news.bbc.co.uk"), publisher("courier.example")
    ('BBC', None)
    """
    parts = host.split(".")
    return next(
        (_known_hosts()[one] for i in range(len(parts)) if (one := ".".join(parts[i:])) in _known_hosts()), None
    )


def _hosts(sheet: Sheet) -> list[str]:
    return [name for claim in sheet.claimed("url") if (name := host(claim.value))]


def _name(value: str) -> bool:
    """Whether a claimed source is a name at all, and no address or handle."""
    return bool(value.strip()) and len(value) <= 100 and not re.match(r"https?:|www\.|@|\d+$", value.strip())


_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:$|[?#])|/(?:jpe?g|png|webp)/", re.I)
_PICTURE = re.compile(r"\b(?:cover\s+)?(?:image|photo|picture|bild|imagen|фото)\b", re.I)


def _listed(sheet: Sheet) -> Iterator[Claim]:
    """The sources of a source list, with their addresses, and the picture it names."""
    for _, block in sheet.cut(SOURCE_LIST):
        for link in block.links:
            name = link.text.strip()
            if _PICTURE.fullmatch(name) or (_IMAGE.search(link.url) and not _name(name)):
                yield Claim("image", link.url, SOURCE_LIST)
            elif name:
                yield Claim("source", name, SOURCE_LIST)
                yield Claim("source url", link.url, SOURCE_LIST)
        if not block.links and block.kind != "heading":
            yield Claim("source", block.text.strip(), SOURCE_LIST)


_ARCHIVE = re.compile(r"(?:The\s)?(?P<name>[^\n.!?:]{2,50}?)\s(?:News\s+)?Archives?", re.I)
_PARTS = re.compile(r"\s[|•»>]\s")


def _lines(sheet: Sheet) -> tuple[list[Claim], dict[int, str]]:
    claims, taken = [], {}
    for index, line in sheet.lines.items():
        if line.whole and line.sources and not line.authors:
            claims += [Claim("source", name, "source line") for name in line.sources]
            taken[index] = line.reason
    for index, block in list(sheet.kept())[:8]:
        if _is_archive(block.text):
            claims.append(Claim("source", block.text.strip(), "archive line"))
            taken[index] = "source line"
    return claims, taken


def _is_archive(text: str) -> bool:
    """A line that is only the name of an archive: "Harbour News Archive", every word a name's."""
    words = text.split()
    return (
        _ARCHIVE.fullmatch(text.strip()) is not None
        and 2 <= len(words) <= 7
        and all(word[0].isupper() or word.lower() in ("of", "the", "and") for word in words)
    )


def _outside(sheet: Sheet) -> Claim | None:
    """What is known of a page that does not name its source."""
    settings, folder = sheet.context.settings, sheet.context.folder
    hosts = _hosts(sheet)
    for name in hosts:
        known = next((settings.sources[form] for form in (name, f"www.{name}") if form in settings.sources), None)
        if known:
            return Claim("source", known, SETTINGS)
    if folder and folder in settings.sources:
        return Claim("source", settings.sources[folder], SETTINGS)
    if hosts:
        return Claim("source", publisher(hosts[0]) or hosts[0], "host")
    return Claim("source", folder, "folder") if folder else None
