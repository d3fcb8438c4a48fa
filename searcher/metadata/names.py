"""Who and what is mentioned, and where in the text? Persons, places and organisations, each by its full name.

tagging.py says which words are names, cast.py whom each means within the article; what has no capitals is for
scripts.py. Here the mentions are put in order, and the names by how much the article is about them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from searcher.metadata import persons, scripts, tagging
from searcher.metadata.cast import cast, resolved
from searcher.metadata.persons import Evidence, Uses
from searcher.metadata.tokens import tokens
from searcher.model import Name, NameKind
from searcher.settings import OWN
from searcher.text import sentences

MOST = 2_000
"""How many mentions of one article are kept."""

FURTHEST = 1_000_000
"""How many characters of an article are looked at."""

IN_TEXT, IN_LEAD, IN_DATELINE = 1, 3, 4
"""What a mention adds to the salience of a name: anywhere, in the headline or first sentence, in the dateline."""

LEAD = 400
"""How many characters a first sentence has at most: some texts have no full stops."""

SALIENT = 3
"""From which salience on an article is about a name."""


@dataclass(frozen=True, slots=True)
class Names:
    """The mentions in the body in order; the names of each kind by salience; those that the article is about."""

    mentions: tuple[Name, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
    salient: tuple[str, ...] = ()

    def by_surname(self) -> dict[str, str]:
        """Surnames in lower case → the persons, the most salient of a surname."""
        return {persons.surname(name.split()): name for name in reversed(self.people)}


def find(body: str, title: str, known: Iterable[str] = (), language: str | None = None, by: str = OWN) -> Names:
    """The names of an article. `known` are full names that are persons whatever the text shows (speakers); `by` is
    who says what is a name, as in searcher.toml.

    >>> found = find("US President Jane Doe flew to Sochi. Mrs Doe said no.", "")
    >>> found.people, found.places, [name.text for name in found.mentions if name.kind == "person"]
    (('Jane Doe',), ('United States', 'Sochi'), ['Jane Doe', 'Mrs Doe'])
    """
    headline = title + ".\n\n"
    text, shift = headline + body[:FURTHEST], len(headline)
    found = tokens(text)
    pieces = tagging.pieces(text, found, shift if title else 0, language, by)
    made = cast(text, found, pieces, known)
    mentions = _apart([*resolved(text, found, pieces, made), *scripts.find(text, found)])
    inside = (name for name in mentions if name.start >= shift)
    shifted = tuple(name._replace(start=name.start - shift, end=name.end - shift) for name in inside)
    meant = [name for name in mentions if name.kind != "person" or not made.is_open(name.name)]
    scores = _scores(meant, body, shift)
    ranked = {kind: tuple(name for name, _ in score.most_common()) for kind, score in scores.items()}
    return Names(shifted[:MOST], ranked["person"], ranked["place"], ranked["org"], _salient(scores.values()))


def is_full_name(text: str) -> bool:
    """Whether a name by itself is a person's: a given name and more, and no place.

    >>> is_full_name("Jane Doe"), is_full_name("Harbour Town")
    (True, False)
    """
    parts = text.split()
    return len(parts) > 1 and persons.length(parts) == len(parts) and persons.is_person(parts, Evidence(), Uses())


def _apart(mentions: list[Name]) -> list[Name]:
    """The mentions in order, of two that overlap the one that begins first, or is longer."""
    kept: list[Name] = []
    for mention in sorted(mentions, key=lambda name: (name.start, -name.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _scores(mentions: list[Name], body: str, shift: int) -> Mapping[NameKind, Counter[str]]:
    """How much the article is about each name."""
    spans = sentences(body[:LEAD])
    lead = shift + (spans[0][1] if spans else 0)
    scores: Mapping[NameKind, Counter[str]] = {"person": Counter(), "place": Counter(), "org": Counter()}
    for name in mentions:
        opens = shift <= name.start < shift + 60 and _DATELINE.match(body, name.end - shift)
        scores[name.kind][name.name] += IN_DATELINE if opens else IN_LEAD if name.start < lead else IN_TEXT
    return scores


def _salient(scores: Iterable[Counter[str]]) -> tuple[str, ...]:
    """The names of all kinds that the article is about, the most salient first."""
    every = Counter[str]()
    for kind in scores:
        every |= kind
    return tuple(name for name, score in every.most_common() if score >= SALIENT)


# What follows the place of a dateline: a date or a country, the agency in brackets, the dash.
_DATELINE = re.compile(r"[^.!?\n]{0,40}?(?:\([^)\n]{2,30}\)\s?)?\s?[-–—]\s")
