"""What is the address of an article? The one that its page calls its own, without what a reader's visit added.

A relative canonical is resolved; one that is the front page of the site is refused for an article below it; copies
in the Internet Archive and in AMP caches are taken back to the original; parameters of tracking are left out.
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit

from searcher.metadata.sheet import Sheet
from searcher.metadata.tables import words
from searcher.model import Claim

ORIGINS = ("canonical", "og:url", "JSON-LD", "record", "feed", "WARC", "saved page")
"""Where an address is claimed, the most trusted first; other origins come last."""

_OWN = ("record", "feed", "WARC", "saved page")
_COPY = re.compile(
    r"^https?://(?:web\.archive\.org/web/\d+[a-z_]*/|archive\.(?:today|ph|is|org)/(?:o/\w+|\d{8,14})/"
    r"|[\w-]+\.cdn\.ampproject\.org/[cv]/(?P<s>s/)?)",
    re.I,
)


def find(sheet: Sheet) -> Claim | None:
    """The article's address and where it was claimed; None where no whole address is."""
    claims = sorted(sheet.claimed("url"), key=lambda claim: _rank(claim.origin))
    base = next((original(claim.value) for claim in claims if claim.origin in _OWN), None)
    base = base or next((claim.value for claim in claims if _is_whole(claim.value)), "")
    whole = [(claim, original(_joined(base, claim.value))) for claim in claims]
    whole = [(claim, url) for claim, url in whole if _is_whole(url)]
    below = [(claim, url) for claim, url in whole if not _is_front(url)]
    chosen = next(iter(below or whole), None)
    if chosen is None:
        return None
    plain = tidy(chosen[1], amp=chosen[0].origin in _OWN)
    return Claim("url", plain, chosen[0].origin)


def _rank(origin: str) -> int:
    return ORIGINS.index(origin) if origin in ORIGINS else len(ORIGINS)


def _is_whole(url: str) -> bool:
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https"):
        return False
    return "." in parts.netloc and "%" not in parts.netloc


def _is_front(url: str) -> bool:
    """The address of a whole site, or of one of its languages."""
    parts = _split(url)
    return (
        parts is not None
        and not parts.query
        and re.fullmatch(r"/?(?:[a-z]{2}/?|index\.\w+)?", parts.path) is not None
    )


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url.strip())
    except ValueError:  # a broken address stays what it is, and is no whole one
        return url


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def original(url: str) -> str:
    """The address of which this is one of a copy.

    >>> original("https://web.archive.org/web/20150512101010/http://courier.example/ferry")
    'http://courier.example/ferry'
    >>> original("https://courier-example.cdn.ampproject.org/c/s/courier.example/ferry")
    'https://courier.example/ferry'
    """
    match = _COPY.match(url)
    if match is None:
        return url
    rest = url[match.end() :]
    return rest if rest.startswith("http") else f"http{'s' if match['s'] else ''}://{rest}"


def tidy(url: str, *, amp: bool = False) -> str:
    """An address without its fragment, its tracking and, if `amp`, what makes it that of the page for telephones.

    >>> tidy("https://Courier.Example:443/ferry?utm_source=x&id=7#top")
    'https://courier.example/ferry?id=7'
    >>> tidy("https://courier.example/ferry/amp/", amp=True)
    'https://courier.example/ferry/'
    """
    parts = _split(url)
    if parts is None:
        return url
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if not _tracking().fullmatch(pair[0])]
    path = re.sub(r"(?<=.)/amp/?$|(?<=\w)\.amp(?=\.html$)", lambda m: "/" if m[0].endswith("/") else "", parts.path)
    if amp:
        kept = [pair for pair in kept if not {pair[0], "=".join(pair)} & words("addresses", "amp")]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return SplitResult(parts.scheme, _host(parts), path if amp else parts.path, query, fragment).geturl()


def _host(parts: SplitResult) -> str:
    default = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return parts.netloc.lower().removesuffix(default) if default else parts.netloc.lower()


@cache
def _tracking() -> re.Pattern[str]:
    forms = [re.escape(word).replace(r"\*", ".*") for word in words("addresses", "tracking")]
    return re.compile("|".join(forms), re.IGNORECASE)


def section(sheet: Sheet) -> Claim | None:
    """The section of its source that an article stood in; words that any site has for it are none."""
    sites = {name.casefold() for name in (claim.value.strip() for claim in sheet.claimed("source"))}
    for claim in sheet.claimed("section"):
        value = " ".join(claim.value.split()).strip(" /|>»")
        junk = value.casefold() in words("addresses", "no_section") or value.casefold() in sites
        if value and not junk and len(value) <= 60 and "://" not in value and not value.isdigit():
            return Claim("section", value, claim.origin)
    return None
