"""What does an address say: its host, the date in its path?"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from searcher.metadata.stamps import Stamp, months

_DAY = (
    re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-](\d{1,2})[/_.-](\d{1,2})(?!\d)"),
    re.compile(r"(?<![\d.])((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)[/-]([a-z]{3,9})[/-](\d{1,2})(?!\d)", re.I),
)
_MONTH = re.compile(r"/((?:19|20)\d\d)[/-](\d{2})(?=/|_|$)")


def date_in(url: str) -> str | None:
    """The day, or at least the month, that the path of an address gives.

    >>> date_in("/news/2015/05/12/index.md"), date_in("https://example.org/2015/05/talks"), date_in("/a/4711")
    ('2015-05-12', '2015-05', None)
    """
    path = _parts(url)[1]
    for pattern in _DAY:
        for match in pattern.finditer(path):
            if value := Stamp(0, 0, int(match[1]), _month(match[2]), int(match[3]) or 99).value():
                return value
    month = _MONTH.search(path)
    return Stamp(0, 0, int(month[1]), _month(month[2])).value() if month else None


def _month(text: str) -> int:
    """1..12; 99, which no date has, for anything else."""
    if text.isdigit():
        return int(text) or 99
    return months().get(text.lower(), 99)


def host(url: str) -> str | None:
    """The host of an address, lower case, without "www." and port.

    >>> host("https://www.Example.org:8080/a"), host("/news/1")
    ('example.org', None)
    """
    return _parts(url)[0].removeprefix("www.") or None


def _parts(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url.strip())
        return (parts.hostname or "").lower(), parts.path
    except ValueError:  # a broken address has neither
        return "", ""
