"""Who and what is mentioned where no capitals show it? Chinese has no spaces, Arabic no capitals: gazetteers, known
bodies, and the words after a title speak; a person once found is found again by the last part of the name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from searcher.metadata import orgs
from searcher.metadata.places import gazetteer
from searcher.metadata.tables import table, words
from searcher.metadata.tokens import Token
from searcher.model import Name, NameKind

# The first letter stands by itself: such a beginning is looked for several times faster.
_HAN = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff]{3}")
_ARABIC = re.compile(r"[\u0621-\u064a][\u0621-\u064a]{3}")
WORDS = 3
"""The most words of an Arabic name of a place or a body."""


def find(text: str, found: Sequence[Token]) -> list[Name]:
    """The mentions in the Chinese and Arabic parts of a text; they may overlap."""
    if text.isascii():
        return []
    mentions = list(_han(text)) if _HAN.search(text) else []
    mentions += _arabic(text, found) if _ARABIC.search(text) else []
    return mentions + list(_again(text, mentions))


def _again(text: str, mentions: Sequence[Name]) -> Iterator[Name]:
    people = {name.name.rpartition(" ")[2]: name.name for name in mentions if name.kind == "person"}
    for short, full in people.items():
        edge = r"(?!\w)" if " " in full else ""
        for match in re.finditer(rf"{re.escape(short)}{edge}", text):
            yield Name(full, "person", short, match.start(), match.end())


def _han(text: str) -> Iterator[Name]:
    for start, end, place in gazetteer().in_han(text):
        yield Name(place, "place", text[start:end], start, end)
    for alias, body in orgs.han_bodies():
        for match in re.finditer(re.escape(alias), text):
            yield Name(body, "org", alias, match.start(), match.end())
    for match in _HAN_PERSON.finditer(text):
        if match["name"] not in gazetteer().names:
            yield Name(match["name"], "person", match["name"], match.start("name"), match.end("name"))


def _han_pattern() -> re.Pattern[str]:
    """A title, and right after it a Chinese name of two or three letters, or a foreign one in its usual letters."""
    people = table("people")
    titles = "|".join(sorted(people["chinese"], key=len, reverse=True))
    verbs = "|".join(people["han_said"])
    stop = rf"(?=[，。、（(：:“”\s\d]|{verbs}|[在于将与和对会当周今昨抵访举出就任的向并已还也则及因同为是去]|$)"
    foreign = rf"[{people['han_sounds']}]{{2,6}}?(?:[·•‧][{people['han_sounds']}]{{1,8}}?)*"
    own = rf"[{people['han_family']}][\u4e00-\u9fff]{{1,2}}?"
    return re.compile(rf"(?:{titles})(?P<name>{own}{stop}|{foreign}{stop})")


_HAN_PERSON = _han_pattern()


def _arabic(text: str, found: Sequence[Token]) -> Iterator[Name]:
    """Names of the gazetteer and bodies, without the small words written onto them; two words after a title."""
    for index, token in enumerate(found):
        for size in range(min(WORDS, len(found) - index), 0, -1):
            last = found[index + size - 1]
            together = all(inner.gap == " " for inner in found[index + 1 : index + size])
            named = _known(text[token.start : last.end]) if together else None
            if named:
                kind, name, skipped = named
                start = token.start + skipped
                yield Name(name, kind, text[start : last.end], start, last.end)
                break
    for match in _ARABIC_PERSON.finditer(text):
        yield Name(match["name"], "person", match["name"], match.start("name"), match.end("name"))


def _known(name: str) -> tuple[NameKind, str, int] | None:
    """The place or body of that name, perhaps after "and", "in", "to", which are written onto it."""
    for skipped in (0, 1):
        if skipped and name[0] not in "وبلفك":
            return None
        if place := gazetteer().get(name[skipped:]):
            return "place", place.name, skipped
        if body := orgs.bodies().get(name[skipped:]):
            return "org", body, skipped
    return None


def _arabic_pattern() -> re.Pattern[str]:
    titles = "|".join(sorted(map(re.escape, words("people", "arabic")), key=len, reverse=True))
    small = r"(?!(?:في|من|على|إلى|عن|أن|إن|قال)\s)"
    part = rf"{small}[\u0621-\u064a\u0670-\u06d3]{{2,}}"
    return re.compile(rf"(?<!\w)[وبل]?(?:{titles})\s(?P<name>(?!ال){part}\s{part})(?!\w)")


_ARABIC_PERSON = _arabic_pattern()
