"""Who and what is mentioned, and where in the text? Persons, places and organisations, each by its full name.

Two passes over the runs of capitalised words: the first finds full names, the second says for every mention which
of them it means ("Mr Doe" and "Doe" are Jane Doe within one article). Two persons of one surname: a lone surname
then means neither, and is left out. What has no capitals is for scripts.py. A first honest version, without a
model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from searcher.metadata import orgs, persons, scripts
from searcher.metadata.bylines import tidy
from searcher.metadata.persons import Evidence, Uses, root
from searcher.metadata.places import LONGEST as PLACE_WORDS
from searcher.metadata.places import gazetteer
from searcher.metadata.tables import words
from searcher.metadata.tokens import Token, runs, tokens
from searcher.model import Name, NameKind, Span
from searcher.text import sentences

MOST = 2_000
"""How many mentions of one article are kept."""

FURTHEST = 1_000_000
"""How many characters of an article are looked at."""

IN_TEXT, IN_LEAD, IN_DATELINE = 1, 2, 3
"""What a mention adds to the salience of a name: anywhere, in the headline or first sentence, in the dateline."""


@dataclass(frozen=True, slots=True)
class Names:
    """The mentions in the body in order, and the names of each kind by salience."""

    mentions: tuple[Name, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()

    def by_surname(self) -> dict[str, str]:
        """Surnames in lower case → the persons, the most salient of a surname."""
        return {persons.surname(name.split()): name for name in reversed(self.people)}


def find(body: str, title: str, known: Iterable[str] = ()) -> Names:
    """The names of an article. `known` are full names that are persons whatever the text shows (speakers).

    >>> found = find("US President Jane Doe flew to Sochi. Mrs Doe said no.", "")
    >>> found.people, found.places, [name.text for name in found.mentions if name.kind == "person"]
    (('Jane Doe',), ('United States', 'Sochi'), ['Jane Doe', 'Mrs Doe'])
    """
    headline = title + ".\n\n"
    text, shift = headline + body[:FURTHEST], len(headline)
    found = tokens(text)
    pieces = _pieces(found)
    cast = _cast(_telling(pieces, found, shift if _title_case(title) else 0), known)
    mentions = _apart([*_resolved(text, found, pieces, cast), *scripts.find(text, found)])
    inside = (name for name in mentions if name.start >= shift)
    shifted = tuple(name._replace(start=name.start - shift, end=name.end - shift) for name in inside)
    return Names(shifted[:MOST], *_ranked(mentions, body, shift))


def is_full_name(text: str) -> bool:
    """Whether a name by itself is a person's: a given name and more, and no place.

    >>> is_full_name("Jane Doe"), is_full_name("Harbour Town")
    (True, False)
    """
    parts = text.split()
    return len(parts) > 1 and persons.length(parts) == len(parts) and persons.is_person(parts, Evidence(), Uses())


class Piece(NamedTuple):
    """A mention before it is resolved: tokens `first`..`after` are `name`, of a kind, as written or canonical."""

    kind: NameKind
    first: int
    after: int
    name: str
    around: Evidence = Evidence()


class _Before(NamedTuple):
    """The title before a point of a run, and whether "of" stands between them ("Minister of Defence …")."""

    title: str
    linked: bool = False


def _pieces(found: list[Token]) -> list[Piece]:
    """Every run of capitalised words, taken apart."""
    spans = runs(found)
    # a surname stands alone in a run of one word, or of two with a title
    alone = {found[after - 1].text.lower() for first, after in spans if after - first <= 2}
    used = Uses(alone, {token.text for token in found if not token.capital})
    return [piece for span in spans for piece in _run(found, span, used)]


def _run(found: list[Token], span: Span, used: Uses) -> Iterator[Piece]:
    """The names in one run, from left to right: an organisation, a title, a place or a person at each point."""
    index, after = span
    before = _Before(persons.title_before(found, index))
    while index < after:
        names = [token.text for token in found[index:after]]
        if not found[index].capital:
            before = _Before(before.title, bool(before.title))
            index += 1
        elif found[index].opens and not before.title and names[0].lower() in words("people", "no_name"):
            index += 1
        elif piece := _at(found, (index, after), before, used):
            yield piece
            before = before if piece.kind == "place" else _Before("")
            index = piece.after
        elif titled := persons.title(names):
            before = _Before(" ".join(names[:titled]).lower())
            index += titled
        else:
            before = before if before.linked else _Before("")
            index += 1


def _at(found: list[Token], span: Span, before: _Before, used: Uses) -> Piece | None:
    """The name that begins at a point of a run; None if a title or no name does."""
    index, after = span
    names = [token.text for token in found[index:after]]
    titled = persons.title(names)
    if not titled and (size := orgs.length(names)):
        return _body(index, names[:size])
    if 0 < titled < len(names):
        return None
    if size := _person(found, span, before, used):
        around = persons.evidence(found, index, index + size, before.title)
        return Piece("person", index, index + size, " ".join(names[:size]), around)
    if place := _place(found, span):
        return place
    # a capitalised word by itself: the second pass knows whether it is somebody's surname
    return Piece("person", index, after, names[0]) if len(names) == 1 else None


def _body(index: int, names: list[str]) -> Piece:
    name = " ".join(names)
    if place := gazetteer().find(name):
        return Piece("place", index, index + len(names), place.name)
    return Piece("org", index, index + len(names), orgs.bodies().get(name, name.removeprefix("The ")))


def _person(found: list[Token], span: Span, before: _Before, used: Uses) -> int:
    """How many words here are a person, with all that stands around them; 0 if none are."""
    index, after = span
    names = [token.text for token in found[index:after]]
    size = persons.length(names)
    nation = gazetteer().find(names[0])
    named = size > 1 and persons.given(names[0])
    if not named and (before.linked or (size > 1 and nation and nation.sure)):
        return 0  # what the post is of, until a given name begins
    while size > 1 or (size and before.title):
        around = persons.evidence(found, index, index + size, before.title)
        if persons.is_person(names[:size], around, used):
            return size
        size = size - 1 if before.title and size > 3 else 0
    return 0


def _place(found: list[Token], span: Span) -> Piece | None:
    """The longest place at the start of a run. One that is not sure needs a preposition of place before it, and a
    place before another unknown capitalised word is none ("Lincoln Doe")."""
    index, after = span
    prepositions = words("places", "prepositions")
    located = index > 0 and found[index].gap == " " and found[index - 1].text.lower() in prepositions
    for size in range(min(PLACE_WORDS, after - index), 0, -1):
        name = " ".join(token.text for token in found[index : index + size])
        place = gazetteer().find(name, exact=found[index].opens)
        if place and (place.sure or (located and index + size == after)):
            return Piece("place", index, index + size, place.name)
    return None


def _title_case(title: str) -> bool:
    """A headline That Is Written Like This says of no word that it is a name."""
    long = [word for word in title.split() if len(word) > 3 and word[0].isalpha()]
    return len(long) > 3 and sum(word[0].isupper() for word in long) > 0.7 * len(long)


def _telling(pieces: list[Piece], found: list[Token], start: int) -> list[Piece]:
    """The persons that show full names; from before `start` only those with a title."""
    people = [piece for piece in pieces if piece.kind == "person"]
    return [piece for piece in people if found[piece.first].start >= start or piece.around.post]


@dataclass(slots=True)
class _Cast:
    """The full names of one article: surnames → the persons who bear them, acronyms → organisations."""

    people: dict[tuple[str, ...], str] = field(default_factory=dict)
    surnames: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    acronyms: dict[str, str] = field(default_factory=dict)

    def add(self, full: str) -> None:
        """One more form of a name: the shortest is shown, which in Russian is the nominative."""
        parts = full.split()
        key = _key(parts)
        if key not in self.people or len(full) < len(self.people[key]):
            self.people[key] = full
        self.surnames.setdefault(root(persons.surname(parts)), set()).add(key)

    def meant(self, name: str) -> str | None:
        """The person of that full name, the one of that surname, or else of that given name."""
        parts = tidy(name).split() or [name]
        if (key := _key(parts)) in self.people:
            return self.people[key]
        last = parts[-1]
        bearers = self.surnames.get(root(persons.surname([last])), set())
        if not bearers and len(parts) == 1 and persons.given(last):
            bearers = {full for full in self.people if full[0] == root(last.lower()) and len(full) > 1}
        return self.people[next(iter(bearers))] if len(bearers) == 1 else None


def _cast(people: list[Piece], known: Iterable[str]) -> _Cast:
    """The full names: of two words and more; a surname alone only where a title stood before it and no full name
    has it."""
    cast = _Cast()
    full = [tidy(piece.name) for piece in people if " " in piece.name]
    for name in (*known, *full):
        cast.add(name)
    for piece in people:
        titled = piece.around.high or piece.around.address
        if " " not in piece.name and titled and root(persons.surname([piece.name])) not in cast.surnames:
            cast.add(tidy(piece.name))
    return cast


def _resolved(text: str, found: list[Token], pieces: list[Piece], cast: _Cast) -> Iterator[Name]:
    """The pieces that mean something, with the full name each means."""
    for piece in pieces:
        start, end = found[piece.first].start, found[piece.after - 1].end
        if piece.kind == "org" and (short := orgs.acronym(text, piece.name, end)):
            cast.acronyms[short] = piece.name
        kind: NameKind = piece.kind
        name: str | None = piece.name
        if kind == "person":
            name = cast.meant(piece.name)
            start = _with_address(text, start, piece.around.address)
            if name is None and piece.name in cast.acronyms:
                kind, name = "org", cast.acronyms[piece.name]
        if name is not None:
            yield Name(name, kind, text[start:end], start, end)


def _with_address(text: str, start: int, address: str) -> int:
    """ "Mr Doe" is one mention."""
    left = max(0, start - len(address) - 1)
    return left if address and text[left:start].lower() == f"{address} " else start


def _key(parts: Sequence[str]) -> tuple[str, ...]:
    """What two forms of one full name have in common: no middle initials, no case endings."""
    kept = [part for index, part in enumerate(parts) if not 0 < index < len(parts) - 1 or len(part.strip(".")) > 1]
    return tuple(root(part.lower()) for part in kept)


def _apart(mentions: list[Name]) -> list[Name]:
    """The mentions in order, of two that overlap the one that begins first, or is longer."""
    kept: list[Name] = []
    for mention in sorted(mentions, key=lambda name: (name.start, -name.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _ranked(mentions: list[Name], body: str, shift: int) -> tuple[tuple[str, ...], ...]:
    """The names of each kind, the most salient first."""
    spans = sentences(body[:2_000])
    lead = shift + (spans[0][1] if spans else 0)
    scores: Mapping[NameKind, Counter[str]] = {"person": Counter(), "place": Counter(), "org": Counter()}
    for name in mentions:
        opens = shift <= name.start < shift + 60 and _DATELINE.match(body, name.end - shift)
        scores[name.kind][name.name] += IN_DATELINE if opens else IN_LEAD if name.start < lead else IN_TEXT
    return tuple(tuple(name for name, _ in scores[kind].most_common()) for kind in ("person", "place", "org"))


# What follows the place of a dateline: a date or a country, the agency in brackets, the dash.
_DATELINE = re.compile(r"[^.!?\n]{0,40}?(?:\([^)\n]{2,30}\)\s?)?\s?[-–—]\s")
