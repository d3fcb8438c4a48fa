"""Who says which words of a text are names? The model of its language, rules, or a spaCy pipeline.

`names` in searcher.toml is "own", or "spacy:" and the name of a pipeline; that is loaded when the first text asks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from searcher.errors import SettingsError
from searcher.metadata import casing, learned, patterns, persons
from searcher.metadata.cast import Piece
from searcher.metadata.learned import Found
from searcher.metadata.orgs import bodies
from searcher.metadata.places import gazetteer
from searcher.metadata.tables import words
from searcher.metadata.tokens import WIDE_GAPS, WIDE_INNER, Token, runs
from searcher.model import NameKind
from searcher.settings import FILE, SPACY

LANGUAGES = ("en", "de", "fr")
"""The languages with a model."""

KNOWN = 6
"""The most words of a name that is known by just these words."""

_SMALL = {
    language: frozenset(small.split())
    for language, small in {
        "en": "the of and to at was that with for",
        "de": "der die und das den von ist nicht mit",
        "fr": "le les et du est dans pour une sont",
        "es": "el los las del que y una por",
        "it": "il gli di che della e per",
        "pt": "os do da em que uma com",
        "nl": "het een van en op niet",
    }.items()
}
"""Small words that tell a language."""


def ready(names: str) -> None:
    """Raises SettingsError if this way of finding names cannot be used."""
    if names.startswith(SPACY):
        _pipeline(names.removeprefix(SPACY))


def pieces(text: str, found: list[Token], title: int, language: str | None, names: str) -> list[Piece]:
    """The mentions of a text whose first `title` characters are its headline, before they are resolved."""
    if names.startswith(SPACY):
        return list(_from_spacy(text, found, names.removeprefix(SPACY)))
    language = language or _guess(found)
    if language in LANGUAGES:
        return _learned(text, found, title, language)
    return patterns.pieces(found, title if casing.title_case(text[:title]) else 0)


def _guess(found: Sequence[Token]) -> str | None:
    """The language whose small words a text uses most; None if it uses none of them."""
    used = [token.text for token in found if not token.capital]
    counts = {language: sum(word in small for word in used) for language, small in _SMALL.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] else None


def _learned(text: str, found: list[Token], title: int, language: str) -> list[Piece]:
    shown, flat = casing.recased(text, found, title)
    spans = runs(shown, WIDE_GAPS, WIDE_INNER)
    marked = list(learned.model(language).find(shown, spans, flat))
    whole = {(each.first, each.after) for each in marked}
    known = [each for span in spans if span not in whole for each in _known(shown, *span)]
    named = [_piece(shown, *each) for each in _joint(marked, known)]
    return [piece for piece in named if piece is not None]


def _joint(marked: Sequence[Found], known: Sequence[Found]) -> list[Found]:
    """The names of the model, and countries and well-known bodies where it saw none, or only parts of them."""
    longer = [each for each in known if all(_holds(each, one) for one in marked)]
    covered = {index for each in longer for index in range(each.first, each.after)}
    return [*longer, *(each for each in marked if each.first not in covered)]


def _holds(outer: Found, inner: Found) -> bool:
    """Whether a name is more than another that it touches."""
    if inner.after <= outer.first or outer.after <= inner.first:
        return True
    smaller = inner.after - inner.first < outer.after - outer.first
    return smaller and outer.first <= inner.first and inner.after <= outer.after


def _known(found: Sequence[Token], first: int, after: int) -> Iterator[Found]:
    """The countries and bodies in a run that are known by just these words, the longest at each point."""
    parts = [token.text for token in found[first:after]]
    at = 0
    while at < len(parts):
        size = 1
        if found[first + at].capital:
            sizes = range(min(KNOWN, len(parts) - at), 0, -1)
            kinds = ((size, _listed(" ".join(parts[at : at + size]))) for size in sizes)
            size, kind = next(((size, kind) for size, kind in kinds if kind), (1, ""))
            if kind:
                yield Found(first + at, first + at + size, kind)
        at += size


def _listed(name: str) -> str:
    if name in bodies() or (" " in name and name.rpartition(" ")[2].lower() in words("orgs", "companies")):
        return "org"
    place = gazetteer().names.get(name)
    return "place" if place and place.sure else ""


def _piece(found: Sequence[Token], first: int, after: int, kind: str) -> Piece | None:
    """A name as it is called, without what stands before it: "The", "Whether the", a title."""
    first = _start(found, first, after)
    parts = [token.text for token in found[first:after]]
    low = parts[0].lower()
    if kind == "misc" or (
        kind == "place" and found[first].opens and len(parts) == 1 and low in words("places", "unsure")
    ):
        return None
    shaped = len(parts) > 1 and (low in words("places", "heads") or parts[-1].lower() in words("orgs", "tails"))
    if kind == "person" and not shaped:
        return _person(found, first, after, parts)
    name = _joined(found, first, after)
    if kind == "org" or (len(parts) > 1 and parts[-1].lower() in words("orgs", "tails")):
        return Piece("org", first, after, bodies().get(name, name))
    place = gazetteer().find(name, exact=True)
    return Piece("place", first, after, place.name if place else name)


def _start(found: Sequence[Token], first: int, after: int) -> int:
    """Where a name begins: not at a small word, nor at the opening word of a sentence before one."""
    start = first
    while start < after - 1 and (not found[start].capital or (found[start].opens and not found[start + 1].capital)):
        start += 1
    return start if found[start].capital else first


def _person(found: Sequence[Token], first: int, after: int, parts: list[str]) -> Piece | None:
    if persons.is_title(parts):
        return None
    titled = persons.title(parts)
    first += titled if titled < len(parts) else 0
    before = persons.title_before(found, first)
    around = persons.evidence(found, first, after, before)
    return Piece("person", first, after, _joined(found, first, after), around, sure=True)


def _joined(found: Sequence[Token], first: int, after: int) -> str:
    parts = [found[first].text]
    for token in found[first + 1 : after]:
        parts += [" " if token.gap.isspace() else token.gap, token.text]
    return "".join(parts)


_SPACY_KINDS: dict[str, NameKind] = {
    "PERSON": "person", "PER": "person", "GPE": "place", "LOC": "place", "FAC": "place", "ORG": "org",
}  # fmt: skip


@cache
def _pipeline(name: str) -> Any:
    try:
        import spacy

        return spacy.load(name)
    except (ImportError, OSError) as error:
        hint = f"pip install 'searcher[spacy]' and the pipeline, or remove `names` from {FILE}"
        raise SettingsError(f"the spaCy pipeline cannot be used: {name}", hint) from error


def _from_spacy(text: str, found: Sequence[Token], name: str) -> Iterator[Piece]:
    starts = [token.start for token in found]
    for entity in _pipeline(name)(text).ents:
        kind = _SPACY_KINDS.get(entity.label_)
        first, after = bisect_left(starts, entity.start_char), bisect_left(starts, entity.end_char)
        if kind and first < after and (piece := _piece(found, first, after, kind)):
            yield piece
