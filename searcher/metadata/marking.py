"""What is called by its name in a text that a model reads? The model's names, and what is certain without it.

The model decides; beside it stand countries, well-known bodies, companies by their last word, the name after "Mr"
or a high post, and the surnames of persons found elsewhere in the text, where it saw no name, or part of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import takewhile

from searcher.metadata import casing, learned, orgs, persons
from searcher.metadata.cast import Piece
from searcher.metadata.learned import Found
from searcher.metadata.lexicon import lexicon
from searcher.metadata.orgs import bodies
from searcher.metadata.places import gazetteer
from searcher.metadata.tables import words
from searcher.metadata.tokens import WIDE_GAPS, WIDE_INNER, Token, runs
from searcher.model import NameKind, Span

KNOWN = 6
"""The most words of a name that is known by just these words."""


def pieces(text: str, found: list[Token], title: int, language: str) -> list[Piece]:
    """The mentions of a text in a language with a model; its first `title` characters are the headline."""
    shown, flat = casing.recased(text, found, title)
    spans = runs(shown, WIDE_GAPS, WIDE_INNER)
    marked = list(learned.model(language).find(shown, spans, flat))
    whole = {(each.first, each.after) for each in marked if each.kind != "misc"}
    open_ = [span for span in spans if span not in whole]
    certain = (each for span in open_ for more in (_known, _titled) for each in more(shown, *span))
    marked = _joint(marked, certain)
    marked = _joint(marked, _again(shown, open_, marked))
    return [named for each in marked if (named := piece(shown, *each)) is not None]


def _joint(marked: Sequence[Found], certain: Iterable[Found]) -> list[Found]:
    """The names that were marked, and certain ones that touch none of them, or hold all that they touch."""
    holder = {index: each for each in marked for index in range(each.first, each.after)}
    longer = [each for each in certain if _is_more(each, holder)]
    covered = {index for each in longer for index in range(each.first, each.after)}
    return sorted([*longer, *(each for each in marked if each.first not in covered)])


def _is_more(each: Found, holder: Mapping[int, Found]) -> bool:
    """Whether a name holds all that it touches; a place may be what was taken for something without a name."""
    touched = {holder[index] for index in range(each.first, each.after) if index in holder}
    return all(
        each.first <= one.first
        and one.after <= each.after
        and (one[:2] != each[:2] or (one.kind == "misc" and each.kind == "place"))
        for one in touched
    )


def _known(found: Sequence[Token], first: int, after: int) -> Iterator[Found]:
    """The countries and bodies in a run that are known by just these words, the longest at each point; companies by
    their last word."""
    kinds, firsts = _certain()
    parts = [token.text for token in found[first:after]]
    at = 0
    while at < len(parts):
        size = 0
        if parts[at] in firsts:
            sizes = range(min(KNOWN, len(parts) - at), 0, -1)
            size = next((size for size in sizes if " ".join(parts[at : at + size]) in kinds), 0)
            if size:
                yield Found(first + at, first + at + size, kinds[" ".join(parts[at : at + size])])
        at += size or 1
    for at, part in enumerate(parts):
        if at and part.lower() in words("orgs", "companies"):
            yield Found(first, first + at + 1, "org")


@cache
def _certain() -> tuple[Mapping[str, NameKind], frozenset[str]]:
    """Names that mean one thing wherever they stand → their kind; the first words of these."""
    kinds: dict[str, NameKind] = {name: "place" for name, place in gazetteer().names.items() if place.sure}
    kinds.update(dict.fromkeys(bodies(), "org"))
    return kinds, frozenset(name.partition(" ")[0] for name in kinds)


def _titled(found: Sequence[Token], first: int, after: int) -> Iterator[Found]:
    """The persons of a run after "Mr" or a high post: at least their surnames."""
    for index in range(first, after):
        if found[index].capital and persons.is_surname_after(found, index):
            parts = [token.text for token in takewhile(lambda token: token.capital, found[index:after])]
            if size := persons.length(parts):  # 0 where another post comes: "Mr Prime Minister"
                yield Found(index, index + size, "person")


def _again(found: Sequence[Token], spans: Iterable[Span], marked: Sequence[Found]) -> Iterator[Found]:
    """Single words that are the surname of somebody whose full name was marked."""
    full = (each for each in marked if each.kind == "person" and each.after - each.first > 1)
    surnames = {found[each.after - 1].text for each in full}
    for first, after in spans:
        if after - first == 1 and found[first].text in surnames:
            yield Found(first, after, "person")


def piece(found: Sequence[Token], first: int, after: int, kind: str) -> Piece | None:
    """A name as it is called, without what stands before it, "The", "Whether the", a title; None if it is none of
    ours. Its first and last words may say that it is of another kind."""
    if kind == "misc":
        return None
    first = _start(found, first, after)
    parts = [token.text for token in found[first:after]]
    if _PARTY.match(parts[-1]) or (kind == "place" and _is_unsure(found[first], parts)):
        return None
    kind = _kind(parts, kind) if len(parts) > 1 else kind
    if kind == "person":
        return _person(found, first, after, parts)
    name = _joined(found, first, after)
    if kind == "org":
        return Piece("org", first, after, bodies().get(name, name))
    place = gazetteer().find(name, exact=True)
    return Piece("place", first, after, place.name if place else name)


# Senators are (D-Ohio), (R-OH): the party and the state.
_PARTY = re.compile(r"[DRI]-[A-Z]")


def _is_unsure(token: Token, parts: Sequence[str]) -> bool:
    """A word that is also a place's name, where a sentence begins: "Reading is fun"."""
    return token.opens and len(parts) == 1 and token.text.lower() in words("places", "unsure")


def _kind(parts: Sequence[str], kind: str) -> str:
    """The kind of a name of several words, if its form shows it: "West Bank", "Harbour Bank", "Doe & Co", "The
    Hague", "Lake Doe"."""
    if (kind != "org" or parts[0] == "The") and gazetteer().find(" ".join(parts), exact=True):
        return "place"
    last = parts[-1].lower()
    if last in words("orgs", "tails") or last in words("orgs", "companies"):
        return "org"
    if kind == "person":
        return "place" if parts[0].lower() in words("places", "heads") else kind
    return "person" if 0 < persons.title(parts) < len(parts) and not _is_body(parts) else kind


def _is_body(parts: Sequence[str]) -> bool:
    """Whether words that begin like a post are an organisation: "General Motors", "Justice Department"."""
    return " ".join(parts).lower() in lexicon().phrases or orgs.length(parts) > 0


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
