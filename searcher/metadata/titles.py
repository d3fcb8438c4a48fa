"""What is the headline? What the page claims, checked against what it shows; and which blocks repeat it.

A block that repeats the headline exactly is taken out of the body; a first sentence that only begins like it stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from searcher.metadata.sheet import Found, Sheet, key
from searcher.metadata.urls import host
from searcher.model import Block, Claim

LONGEST = 300
RUNNING = 100
"""From how many characters on a paragraph is running text: a heading below it is one of the text's own."""

SHARED = 3
"""How many words, and at least half, a heading shares with a claim that means the same headline."""

CLAIMED = ("JSON-LD", "microdata", "meta", "record", "title element")
"""Where a title is claimed, the most trusted first; "record" is any other origin."""

FIRST = 6
"""How many blocks of a text may come before its headline."""


class Title(NamedTuple):
    """The headline and where it came from; `block` is the index of its block, if it is one."""

    text: str
    origin: str
    block: int | None
    found: Found


def find(sheet: Sheet) -> Title:
    """The headline of a page. Empty, with an empty origin, where nothing is one."""
    claims = sorted(sheet.claimed("title"), key=lambda claim: _rank(claim.origin))
    claims = [Claim(claim.field, _flat(claim.value), claim.origin) for claim in claims if key(claim.value)]
    shown = [(index, _flat(block.text)) for index, block in _headings(sheet)]
    text, origin = (
        _claimed(claims, shown, _hosts(sheet), _begins(sheet)) or _shown(shown) or _first_line(sheet) or ("", "")
    )
    return _placed(sheet, text, origin)


def _rank(origin: str) -> int:
    return CLAIMED.index(origin if origin in CLAIMED else "record")


def _flat(text: str) -> str:
    return " ".join(text.split())


def _headings(sheet: Sheet) -> Iterator[tuple[int, Block]]:
    """The top headings that a reader sees, without such as are a date or a byline."""
    for index, block in enumerate(sheet.page.blocks):
        line = sheet.lines.get(index)
        top = block.kind == "heading" and block.level == 1 and block.hint != "hidden"
        if top and not (line and line.whole) and len(block.text) <= LONGEST and key(block.text):
            yield index, block


def _begins(sheet: Sheet) -> int:
    """The index of the first paragraph of running text."""
    kept = (index for index, block in sheet.kept() if block.kind != "heading" and len(block.text) >= RUNNING)
    return next(kept, len(sheet.page.blocks))


def _claimed(claims: list[Claim], shown: list[tuple[int, str]], hosts: str, begins: int) -> tuple[str, str] | None:
    """A heading that agrees with a claim, or the only one, if it stands above the text; else the best claim. None
    has the name of its site."""
    headings = [text for _, text in shown if not _is_site(text, claims, hosts)]
    above = [text for index, text in shown if index < begins and text in headings]
    agreed = [text for text in headings if any(_agree(text, claim.value) for claim in claims)]
    values = [claim.value for claim in claims]
    known = {key(value) for value in values}
    if agreed:
        text = bare(max(agreed, key=lambda text: (key(text) in known, len(key(text)))), values, hosts)
        return (_lowered(text, values) if text.isupper() else text), "heading"
    only_title = bool(claims) and all(claim.origin == "title element" for claim in claims)
    if len(headings) == 1 and claims and (only_title or (above and _says(above[0]))):
        return headings[0], "heading"
    if not claims:
        return None
    return _uncut(bare(values[0], values[1:], hosts), [bare(value, values, hosts) for value in values]), claims[
        0
    ].origin


def _says(heading: str) -> bool:
    """Whether a heading that no claim confirms has the length of a headline."""
    return len(heading.split()) >= SHARED and len(heading) <= LONGEST // 2


def _lowered(text: str, claimed: list[str]) -> str:
    """The form that a claim has of a headline in capitals, where one is the same."""
    return next((value for value in claimed if key(value) == key(text) and not value.isupper()), text)


CUT = 90
"""From how many characters on a claimed title may have been cut: search engines want no more than 110."""


def _uncut(title: str, others: list[str]) -> str:
    """The title, or the longer one of which it is the beginning, if it is so long that it may have been cut."""
    own = key(title.rstrip(" .…"))
    longer = (other for other in others if len(other) > len(title) and key(other).startswith(own))
    return next(longer, title) if len(title) >= CUT else title


def _is_site(heading: str, claims: list[Claim], hosts: str) -> bool:
    """A heading that is the name of the site: it stands alone at the edge of a longer title."""
    own = key(heading)
    if own in hosts.split() or (len(own) > 3 and own.removeprefix("the") in hosts):
        return True
    parts = [part for claim in claims for part in _PARTED.split(claim.value)[1:]]
    known = {key(claim.value) for claim in claims}
    longer = any(len(one) > 2 * len(own) for one in known)
    return longer and (own in {key(part) for part in parts} or any(_rest(one, own) in known for one in known))


def _rest(title: str, part: str) -> str:
    """What a title has besides a part at its beginning or end; empty if that is not there."""
    if title.startswith(part):
        return title.removeprefix(part)
    return title.removesuffix(part) if title.endswith(part) else ""


def _agree(heading: str, claimed: str) -> bool:
    """Whether the heading is the claim, or the claim with a site's name taken off."""
    one, other = key(heading), key(claimed)
    if one == other or (len(one) >= 12 and one in other):
        return True
    words, claimed_words = set(heading.lower().split()), set(claimed.lower().split())
    shared = len(words & claimed_words)
    return shared >= SHARED and shared >= 0.5 * min(len(words), len(claimed_words))


_PARTED = re.compile(r"\s+[|•·»›—–-]\s+|\s*[|｜_]\s*|\s*::\s*")


def bare(title: str, others: list[str], hosts: str = "") -> str:
    """A title without the name of its site, where another claim or the host shows that it is one.

    >>> bare("Ice melts early | Harbour Courier", ["Harbour Courier"])
    'Ice melts early'
    >>> bare("Half-time - a report", [])
    'Half-time - a report'
    """
    places = [match.span() for match in _PARTED.finditer(title)]
    known = {key(other) for other in others}
    for start, end in places:
        if key(title[:start]) in known or _site(title[end:], known, hosts):
            return title[:start].strip()
    if places and _site(title[: places[0][0]], known, hosts):
        return title[places[0][1] :].strip()
    return _before_bar(title)


_BAR = re.compile(r"\s+[|｜]\s+(?=[^|｜]*$)")


def _before_bar(title: str) -> str:
    """No headline has a bar in it: after the last one stands the site, if that is the shorter part."""
    match = _BAR.search(title)
    if match is None:
        return title
    before, after = title[: match.start()].strip(), title[match.end() :]
    shorter = after.count(" ") < 5 and before.count(" ") > max(1, after.count(" "))
    return _before_bar(before) if shorter else title


def _site(part: str, known: set[str], hosts: str) -> bool:
    name = key(part)
    return bool(name) and (name in known or (len(name) >= 3 and name.removeprefix("the") in hosts))


def _hosts(sheet: Sheet) -> str:
    """What names the site: its hosts and the names it claims, each without spaces."""
    hosts = [host(claim.value) or "" for claim in sheet.claimed("url")]
    return " ".join(key(value) for value in (*hosts, *(claim.value for claim in sheet.claimed("source"))))


def _shown(shown: list[tuple[int, str]]) -> tuple[str, str] | None:
    return (shown[0][1], "heading") if shown else None


def _first_line(sheet: Sheet) -> tuple[str, str] | None:
    """The first short block of a text that is no date, byline or paragraph; a repeated one before any other."""
    blocks = [(i, block) for i, block in sheet.kept() if block.kind in ("heading", "paragraph") and key(block.text)]
    blocks = [(i, block) for i, block in blocks if not (i in sheet.lines and sheet.lines[i].whole)]
    keys = [key(block.text) for _, block in blocks[:FIRST]]
    for (_, block), own in zip(blocks, keys, strict=False):
        if keys.count(own) > 1 and len(block.text) <= LONGEST:
            return _flat(block.text), "repeated headline"
    if blocks and len(blocks) > 1 and _headline_like(blocks[0][1]):
        return _flat(blocks[0][1].text), "first line"
    return next(((_flat(b.text), "heading") for _, b in blocks[:FIRST] if b.kind == "heading"), None)


def _headline_like(block: Block) -> bool:
    text = block.text
    if block.kind == "heading" and len(text) <= LONGEST:
        return True
    return len(text) <= 200 and "\n" not in text and not re.search(r"[.;:,。；：，][\"”’»)]*$", text)


def _placed(sheet: Sheet, text: str, origin: str) -> Title:
    """The title with its block; the other blocks that say the same are taken as repeats."""
    own = key(text)
    if not own:
        return Title("", "", None, Found())
    longest = 2 * len(text) + 20
    blocks = [
        (i, block.text) for i, block in enumerate(sheet.page.blocks) if len(own) <= len(block.text) <= longest
    ]
    same = [index for index, shown in blocks if key(shown) == own]
    kept = [index for index in same if sheet.verdicts[index] is None]
    index = next(iter(kept or same), None)
    taken = {other: "repeated headline" for other in kept if other != index}
    return Title(text, origin, index, Found((Claim("title", text, origin),), taken))
