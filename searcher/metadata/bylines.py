"""Whose names stand in a byline? "By Jane Doe and Max Mustermann in Moscow, AFP" → two authors and an agency.

Where bylines stand on a page is for lines.py and authors.py to know.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from searcher.metadata.agencies import agency
from searcher.metadata.stamps import months, weekdays
from searcher.metadata.tables import words

PARTICLES = frozenset(
    """de del della der den des di da do dos das du la le las los el al van von vom zu zum zur ter ten te bin ibn
    bint ben abu y e i und o' d' af av ap mac san st st. ul ur""".split()
)
"""Words in lower case that may stand inside a person's name."""

# Words that a byline may hold and a person's name does not.
_NOT_NAMES = frozenset(
    """news press agency staff team desk bureau times post daily weekly magazine editor editors editorial reporter
    reporters correspondent writer writers service services media group network online room newsroom courier herald
    tribune gazette journal radio television tv university institute department ministry office company inc ltd llc
    expert experts specialist manager coordinator director founder co-founder ceo cto cmo marketer columnist analyst
    consultant strategist photographer headshot avatar professor attorney dietitian nutritionist trainer engineer
    developer designer scientist researcher associate assistant reviewer contributor tips travel security marketing
    content product digital technology strategy updated last written photo photos log bio full view posts published
    posted by grader journalism
    the this that these an read more share comments university college school council guide review home contact
    about redaktion redacción rédaction agentur agence agencia our your my how what why when where who is are was
    us""".split()
)

# Months, in any language, that are given names too.
_MONTH_NAMES = frozenset("may april june august jan jun mai juli julio gen mart nisan eylül kasım avril".split())
_SUFFIXES = frozenset("jr jr. sr sr. ii iii iv phd ph.d. ph.d md m.d. ms rd mba esq cfa cpa rn dds".split())
_CREDENTIAL = re.compile(r"(?:[A-Z][A-Za-z]?\.?){1,4}[A-Z.-]{0,4}")
_JUNK = re.compile(
    r"\S+@\S+|(?<!\w)@\w+|https?://\S+|www\.\S+|\bTwitter\b|\bopens in (?:a )?new (?:tab|window)\b", re.I
)
_BRACKET = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")
_BETWEEN = re.compile(r"\s*(?:[,;/、&•|]|\s(?:and|und|et|y|и|e|con|mit|with|avec|sowie|و)\s)\s*", re.I)
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}(?:[·•][\u4e00-\u9fff]{1,6})*")
_ARABIC_NAME = re.compile(r"[\u0621-\u064a\u0670-\u06d3]{2,}(?:[ -][\u0621-\u064a\u0670-\u06d3]{2,}){1,3}")
_PART = re.compile(r"(?:[^\W\d_]\.?)?(?:[^\W\d_]+[’'`ʼ.-])*[^\W\d_]*\.?")


class Byline(NamedTuple):
    """The authors and agencies named; `whole` if nothing else stood there."""

    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    whole: bool = False


def parse(text: str) -> Byline:
    """What a byline says, its "By" already taken off. Posts, addresses and handles are left out.

    >>> parse("Jane Doe and MAX MUSTERMANN in Moscow, AFP")
    Byline(authors=('Jane Doe', 'Max Mustermann'), agencies=('AFP',), whole=True)
    >>> parse("the time they had left the room").whole
    False
    """
    bracketed = [piece for inner in _BRACKET.findall(text) for piece in (agency(inner),) if piece]
    bare = _BRACKET.sub(" ", _JUNK.sub(" ", text)).strip(" \t\n.:-–—|/*")
    authors: list[str] = []
    agencies: list[str] = bracketed
    whole = len(bare) <= 160
    for piece in _pieces(bare):
        name = _cut(piece)
        if found := agency(piece) or agency(piece.rpartition(" ")[0] if is_role(piece) else ""):
            agencies.append(found)
        elif personal(name) or (authors and name.lower() in _SUFFIXES):
            authors += [tidy(name)] if personal(name) else []
        elif not (is_role(piece) or (authors and (_affiliation(piece) or _credentials(piece)))):
            whole = False
    return Byline(
        tuple(dict.fromkeys(authors)), tuple(dict.fromkeys(agencies)), whole and bool(authors or agencies)
    )


def _pieces(text: str) -> list[str]:
    pieces = [piece.strip() for piece in _BETWEEN.split(text) if piece and piece.strip()]
    if pieces and all(_HAN_NAME.fullmatch(part) for piece in pieces for part in piece.split()):
        return [part for piece in pieces for part in piece.split()]
    return pieces[:12]


def _cut(piece: str) -> str:
    """ "Jane Doe in Moscow" → "Jane Doe"; the name is what stands before the first such word."""
    tokens = piece.split()
    for index in range(2, len(tokens)):
        if tokens[index].lower() in words("lines", "cuts"):
            return " ".join(tokens[:index])
    return piece


def personal(text: str) -> bool:
    """Whether the text has the shape of a person's full name, in Latin, Greek, Cyrillic, Arabic or Han letters.

    >>> [personal(name) for name in ("Jane Doe", "Juan de la Cruz", "News Desk", "Monday Morning", "张三")]
    [True, True, False, False, True]
    """
    if _HAN_NAME.fullmatch(text) or _ARABIC_NAME.fullmatch(text):
        return True
    tokens = text.split()
    if not 2 <= len(tokens) <= 5 or not (tokens[0][0].isupper() and tokens[-1][0].isupper()):
        return False
    return all(_name_token(token) for token in tokens) and any(len(token.strip(".")) > 1 for token in tokens)


def _name_token(token: str) -> bool:
    lowered = token.lower()
    if lowered in _NOT_NAMES or lowered in weekdays() or (lowered in months() and lowered not in _MONTH_NAMES):
        return False
    return lowered in PARTICLES or (token[0].isupper() and _PART.fullmatch(token) is not None)


def is_role(text: str) -> bool:
    """Whether the text is a post and no name: "Staff writer", "Political Correspondent"."""
    tokens = text.lower().strip(" .,:").split()
    if not 0 < len(tokens) <= 5:
        return False
    roles = words("lines", "roles")
    return any(" ".join(tokens[first:]) in roles for first in range(len(tokens)))


def _credentials(piece: str) -> bool:
    """Degrees and the like after a name: "MPH RDN"."""
    return all(map(_CREDENTIAL.fullmatch, piece.split()))


def _affiliation(piece: str) -> bool:
    """A capitalised rest after a name: the paper or the town."""
    tokens = piece.split()
    return len(tokens) <= 5 and all(
        token[0].isupper() or token.lower() in ("of", "the", "for", "in") for token in tokens
    )


def tidy(name: str) -> str:
    """A name with single spaces, and not in capitals alone.

    >>> tidy("JANE  O'NEIL-DOE")
    "Jane O'Neil-Doe"
    """
    name = " ".join(name.split()).strip(" ,;:")
    if name.isupper() and len(name) > 4:
        return re.sub(r"[^\W\d_]+", lambda match: match[0].capitalize(), name)
    return name
