"""Which capitalised words are names, by rule? For languages that no model was learned for.

Titles, verbs of speech, known given names, gazetteers and the words that make a name an organisation's. Careful:
what is not shown to be a name is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from searcher.metadata import orgs, persons
from searcher.metadata.cast import Piece
from searcher.metadata.persons import Uses
from searcher.metadata.places import LONGEST as PLACE_WORDS
from searcher.metadata.places import gazetteer
from searcher.metadata.tables import words
from searcher.metadata.tokens import Token, runs
from searcher.model import Span


class _Before(NamedTuple):
    """The title before a point of a run, and whether "of" stands between them ("Minister of Defence …")."""

    title: str
    linked: bool = False


def pieces(found: list[Token], headline: int) -> list[Piece]:
    """Every run of capitalised words, taken apart; what stands before `headline` shows persons only with a post."""
    spans = runs(found)
    # a surname stands alone in a run of one word, or of two with a title
    alone = {found[after - 1].text.lower() for first, after in spans if after - first <= 2}
    used = Uses(alone, {token.text for token in found if not token.capital})
    taken = (piece for span in spans for piece in _run(found, span, used))
    return [piece._replace(tells=piece.around.post or found[piece.first].start >= headline) for piece in taken]


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
