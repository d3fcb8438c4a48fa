"""Whom do "he", "the minister" and a bare surname mean? The persons of a text, and what each is called in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

from searcher.metadata import phrases, speech
from searcher.metadata.phrases import Subject, Word
from searcher.metadata.quotation import Quotation
from searcher.metadata.tables import table
from searcher.model import Name

BACK = 800
"""How far back, in characters, "he" may mean somebody."""

SENTENCE = 300
"""How many characters of a sentence are looked at before a name."""

MENTIONS = 16
"""How many mentions are looked at for that."""

MANY = 50
"""So many surnames are not counted one by one, to see which of them stand outside of the names."""

_WORD = re.compile(r"[^\W\d_][^\W_]+\b")

Said: TypeAlias = tuple[Quotation, str | None]


def completed(body: str, names: Sequence[Name]) -> list[Name]:
    """The names, and every other place where the surname that only one person has stands by itself: "Laut Doe"."""
    bearers: dict[str, set[str]] = {}
    for name in names:
        if name.kind == "person" and " " in name.name:
            bearers.setdefault(name.name.split()[-1], set()).add(name.name)
    if len(bearers) < MANY:
        inside = "\n".join(name.text for name in names)
        bearers = {surname: who for surname, who in bearers.items() if body.count(surname) > inside.count(surname)}
    known = {surname: full for surname, (full, *more) in bearers.items() if not more and surname[0].isupper()}
    if not known:
        return list(names)
    starts = [name.start for name in names]
    found = list(names)
    before: re.Match[str] | None = None
    for match in _WORD.finditer(body):
        if (
            match[0] in known
            and not _is_within(names, starts, match.start())
            and not _has_given(body, before, match)
        ):
            found.append(Name(known[match[0]], "person", match[0], *match.span()))
        before = match
    return sorted(found, key=lambda name: name.start)


def _is_within(names: Sequence[Name], starts: Sequence[int], place: int) -> bool:
    at = bisect_right(starts, place) - 1
    return at >= 0 and names[at].end > place


def _has_given(body: str, before: re.Match[str] | None, match: re.Match[str]) -> bool:
    """Whether the word before, or after, belongs to another name: "Mary Doe", "Doe Street"."""
    first, then = (
        before is not None and body[before.end() : match.start()] == " ",
        body[match.end() : match.end() + 2],
    )
    if len(then) == 2 and then[0] == " " and then[1].isupper():
        return True
    return first and before is not None and before[0][0].isupper() and phrases.may_be_name(before[0])


class Speakers:
    """The names of a text. `said` are always the quotations before, with their speakers."""

    def __init__(self, body: str, names: Sequence[Name], starts: Sequence[int]) -> None:
        self._body = body
        self._names = names
        self._starts = starts

    def _words(self, start: int, end: int) -> list[Word]:
        return phrases.read(self._body, max(0, start), end, self._names, self._starts)

    def full(self, name: Name) -> str | None:
        """The name as it is known: a surname that was taken for a place is the one person's who bears it."""
        known = self._surnames.get(name.name.split()[-1].lower(), [])
        if name.name in self._people or name.kind == "org":
            return name.name
        if len(known) == 1:
            return known[0]
        return None if known or name.kind == "place" else name.name

    @cached_property
    def _surnames(self) -> dict[str, list[str]]:
        """Last words of names, in lower case → the persons."""
        found: dict[str, list[str]] = {}
        for name in self._people:
            found.setdefault(name.split()[-1].lower(), []).append(name)
        return found

    def antecedent(self, pronoun: str, position: int, said: Sequence[Said]) -> str | None:
        """Whom "he" means: the last person named outside of quotations, if a subject or the last speaker."""
        spoken, speaker = said[-1] if said else (None, None)
        last = bisect_left(self._starts, position)
        for at in range(last - 1, max(-1, last - 1 - MENTIONS), -1):
            name = self._names[at]
            if spoken and speaker and spoken.outer > name.start:
                return speaker if self._can_be(pronoun, speaker) else None
            if name.start < position - BACK:
                return None
            if name.kind != "place" and self._can_be(pronoun, name.name) and not self._is_aside(name, said):
                sure = name.name == speaker or (self._is_subject(at) and not self._has_rival(at, pronoun))
                return name.name if sure else None
        return None

    def _has_rival(self, at: int, pronoun: str) -> bool:
        """Whether another who can be meant is named before in the sentence of a mention."""
        name = self._names[at]
        far = max(0, name.start - SENTENCE)
        begin = max(far, *(self._body.rfind(end, far, name.start) for end in (". ", "\n", "! ", "? ", "”", '"')))
        before = (self._names[other] for other in range(max(0, at - MENTIONS), at))
        return any(
            one.start >= begin
            and one.name != name.name
            and one.kind == "person"
            and self._can_be(pronoun, one.name)
            for one in before
        )

    def _is_aside(self, name: Name, said: Sequence[Said]) -> bool:
        """Whether a mention stands in a quotation, or only says whose something is."""
        if self._body[name.end : name.end + 2] in ("'s", "’s"):
            return True
        recent = said[-MENTIONS:]
        around = bisect_left([one.outer for one, _ in recent], name.start) - 1
        return around >= 0 and recent[around][0].after > name.start

    def _is_subject(self, at: int) -> bool:
        """Whether a mention is the subject of its sentence, or says something."""
        name = self._names[at]
        words = self._words(name.start - 80, name.end + 80)
        place = next((place for place, word in enumerate(words) if word.name is name), None)
        return place is not None and speech.is_subject(words, place)

    def _can_be(self, pronoun: str, name: str) -> bool:
        """Whether nothing speaks against it: "they" are organisations, "she" is not called Mr."""
        if name not in self._people:
            return pronoun in _list("they")
        if pronoun in _list("they") and pronoun not in _list("she"):
            return False
        other = "women" if pronoun in _list("he") else "men"
        return pronoun in _list("he") & _list("she") or not (self._called.get(name, frozenset()) & _list(other))

    def holder(self, subject: Subject) -> str | None:
        """The only person who was called by a post before."""
        found: str | None = None
        for name in self._bearers.get(subject.post[-1], ()):
            if self._people[name] < subject.at and self._called[name].issuperset(subject.post):
                if found:
                    return None
                found = name
        return found

    @cached_property
    def _people(self) -> dict[str, int]:
        """The persons, and where each is mentioned first."""
        return {name.name: name.start for name in reversed(self._names) if name.kind == "person"}

    @cached_property
    def _called(self) -> dict[str, frozenset[str]]:
        """What every person is called in the text: the words before the name, and in the apposition behind it."""
        found: dict[str, set[str]] = {}
        for name in self._names:
            if name.kind == "person":
                words = self._words(name.start - 60, name.end + 60)
                at = next((place for place, word in enumerate(words) if word.name is name), None)
                titles = [] if at is None else _titles(words, at)
                found.setdefault(name.name, set()).update(titles, name.text.lower().split()[:1])
        return {name: frozenset(words) for name, words in found.items()}

    @cached_property
    def _bearers(self) -> dict[str, list[str]]:
        """Words → the persons who are called so."""
        found: dict[str, list[str]] = {}
        for name, words in self._called.items():
            for word in words:
                found.setdefault(word, []).append(name)
        return found


def _titles(words: Sequence[Word], at: int) -> list[str]:
    """The words before a name in its own phrase, and those of its apposition."""
    first = at
    while first > 0 and words[first - 1].name is None and phrases.modifies(words, first - 1, -1):
        first -= 1
    after = at + 2 if at + 1 < len(words) and words[at + 1].text == "," else len(words)
    end = after
    while end < len(words) and not words[end].is_mark:
        end += 1
    closed = end < len(words) or end - after <= phrases.PHRASE
    return [word.text for word in (*words[first:at], *(words[after:end] if closed else ()))]


def _list(key: str) -> frozenset[str]:
    return frozenset(table("speech")[key].split())
