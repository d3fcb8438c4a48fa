"""Whom does a mention mean? The full names of one article, and every mention under the one it stands for.

"Mr Doe" and "Doe" are Jane Doe; two persons of one surname: a lone surname then means neither, and stays as it is
written. An acronym means the name that it was set beside in brackets, unless the article sets it beside two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from searcher.metadata import orgs, persons
from searcher.metadata.bylines import tidy
from searcher.metadata.persons import Evidence, root
from searcher.metadata.tables import words
from searcher.metadata.tokens import Token
from searcher.model import Name, NameKind


class Piece(NamedTuple):
    """A mention before it is resolved: tokens `first`..`after` are `name`, of a kind, as written or canonical.

    A person of one word that is not `sure` counts only if the article has a full name for it. One that does not
    `tell`, in a headline That Is Written Like This, shows no full name.
    """

    kind: NameKind
    first: int
    after: int
    name: str
    around: Evidence = Evidence()
    sure: bool = False
    tells: bool = True


@dataclass(slots=True)
class Cast:
    """The full names of one article: surnames → the persons who bear them, short forms → organisations, and
    "Kerry" → "County Kerry"."""

    people: dict[tuple[str, ...], str] = field(default_factory=dict)
    surnames: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    firsts: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    bodies: dict[str, set[str]] = field(default_factory=dict)
    lands: dict[str, str] = field(default_factory=dict)

    def add(self, full: str) -> None:
        """One more form of a person's name: the shortest is shown, which in Russian is the nominative."""
        parts = full.split()
        key = _key(parts)
        if key not in self.people or len(full) < len(self.people[key]):
            self.people[key] = full
        self.surnames.setdefault(root(persons.surname(parts)), set()).add(key)
        if len(key) > 1:
            self.firsts.setdefault(key[0], set()).add(key)

    def stands_for(self, short: str, body: str) -> None:
        """An acronym or short form that the article uses for an organisation."""
        self.bodies.setdefault(short, set()).add(body)

    def meant(self, name: str) -> str | None:
        """The person of that full name, the one of that surname, or else of that given name."""
        parts = tidy(name).split() or [name]
        if (key := _key(parts)) in self.people:
            return self.people[key]
        last = parts[-1]
        bearers = self.surnames.get(root(persons.surname([last])), set())
        if not bearers and len(parts) == 1 and persons.given(last):
            bearers = self.firsts.get(root(last.lower()), set())
        return self.people[next(iter(bearers))] if len(bearers) == 1 else None

    def is_open(self, name: str) -> bool:
        """Whether a name may mean several persons of the article."""
        key = root(persons.surname([name]))
        return " " not in name and len(self.surnames.get(key, ()) or self.firsts.get(key, ())) > 1

    def body(self, name: str) -> str | None:
        """The organisation of that short form, if the article knows one and not two."""
        found = self.bodies.get(name, ())
        return next(iter(found)) if len(found) == 1 else None


def _key(parts: Sequence[str]) -> tuple[str, ...]:
    """What two forms of one full name have in common: no middle initials, no case endings."""
    kept = [part for index, part in enumerate(parts) if not 0 < index < len(parts) - 1 or len(part.strip(".")) > 1]
    return tuple(root(part.lower()) for part in kept)


def cast(text: str, found: Sequence[Token], pieces: Sequence[Piece], known: Iterable[str]) -> Cast:
    """The full names of an article: of two words and more; a surname alone only where a title stood before it, or
    the piece is sure, and no full name has it."""
    made = Cast()
    people = [piece for piece in pieces if piece.kind == "person" and piece.tells]
    for name in (*known, *(tidy(piece.name) for piece in people if " " in piece.name)):
        if name:
            made.add(name)
    for piece in pieces:
        if piece.kind == "org":
            _shorten(made, text, found, piece)
        elif piece.kind == "place" and piece.name.partition(" ")[0].lower() in words("places", "heads"):
            made.lands[piece.name.partition(" ")[2]] = piece.name
    for piece in people:
        alone = piece.sure or piece.around.high or piece.around.address
        if " " not in piece.name and alone and not _is_known(made, piece.name):
            made.add(tidy(piece.name) or piece.name)
    return made


def _is_known(made: Cast, name: str) -> bool:
    last = root(persons.surname([name]))
    return last in made.surnames or last in made.firsts or name in made.bodies or name in made.lands


def _shorten(made: Cast, text: str, found: Sequence[Token], piece: Piece) -> None:
    """What an organisation is called after its full name: the acronym in brackets, "Ford" for "Ford Motor Co"."""
    if short := orgs.acronym(text, piece.name, found[piece.after - 1].end):
        made.stands_for(short, piece.name)
    first, _, rest = piece.name.partition(" ")
    if rest and piece.name.split()[-1].lower() in words("orgs", "companies"):
        made.stands_for(first, piece.name)
        made.stands_for(" ".join(piece.name.split()[:-1]), piece.name)


def resolved(text: str, found: Sequence[Token], pieces: Iterable[Piece], made: Cast) -> Iterator[Name]:
    """The pieces that mean something, with the full name each means."""
    for piece in pieces:
        start, end = found[piece.first].start, found[piece.after - 1].end
        kind, name = _meant(piece, text[start:end], made)
        if kind == "person":
            start = _with_address(text, start, piece.around.address)
        if name:
            yield Name(name, kind, text[start:end], start, end)


def _meant(piece: Piece, written: str, made: Cast) -> tuple[NameKind, str | None]:
    name = made.meant(piece.name) if piece.kind == "person" else None
    if name is None and written in made.bodies and (piece.kind != "place" or written.isupper()):
        return "org", made.body(written) or written
    if name is None and piece.kind != "org" and written in made.lands:
        return "place", made.lands[written]
    if name or piece.kind != "person":
        return piece.kind, name or piece.name
    return "person", (tidy(piece.name) or piece.name) if piece.sure else None


def _with_address(text: str, start: int, address: str) -> int:
    """ "Mr Doe" is one mention."""
    left = max(0, start - len(address) - 1)
    return left if address and text[left:start].lower() == f"{address} " else start
