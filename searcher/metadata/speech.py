"""Who says it, in the words beside a quotation? The subject of a verb of speech: a name, a pronoun or a post.

The words are read as a row, before a quotation from right to left, behind it from left to right. A subject that
is there and has no name ("an envoy said") is NOBODY: nobody else is looked for then. Whom "he" or "the minister"
means is for quotes.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from searcher.metadata.tables import table
from searcher.metadata.tables import words as listed
from searcher.model import Name
from searcher.tables import table as table_of

PHRASE = 8
"""How many words of a subject are read."""

APPOSITION = 30
"""How many words may stand between a name and its verb."""

AHEAD = 12
"""Within how many words behind a quotation a verb of speech shows that somebody without a name says it."""


class Word(NamedTuple):
    """A word, a name or a mark; `text` is in lower case."""

    text: str
    start: int
    capital: bool
    name: Name | None = None

    @property
    def is_mark(self) -> bool:
        """Whether it is punctuation."""
        return self.name is None and not self.text[0].isalnum()


class Subject(NamedTuple):
    """Who says it: a person or an organisation; or "he" at a place; or the words of a post. `close` says that
    nothing stands between the verb, or a colon, and the quotation."""

    name: Name | None = None
    pronoun: str = ""
    post: tuple[str, ...] = ()
    at: int = 0
    close: bool = False

    def __bool__(self) -> bool:
        return bool(self.name or self.pronoun or self.post)


NOBODY = Subject()


@cache
def _list(key: str) -> frozenset[str]:
    found = table("speech")[key]
    return frozenset(found.split() if isinstance(found, str) else found)


@cache
def _blocked() -> frozenset[str]:
    """Common words that no name's own phrase has."""
    every = (word for words in table_of("searcher.query", "common").values() for word in words.split())
    return frozenset(every) - _list("articles") - _heads()


@cache
def _heads() -> frozenset[str]:
    """The last words of posts."""
    return frozenset(post.split()[-1] for post in listed("people", "post"))


@cache
def _phrases() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in table("speech")["according"])


@cache
def _token() -> re.Pattern[str]:
    short = {post for key in ("post", "address") for post in listed("people", key) if post.endswith(".")}
    dotted = "|".join(sorted((re.escape(post[:-1]) for post in short if " " not in post), key=len, reverse=True))
    return re.compile(
        rf"(?i:{dotted})\.|(?:[^\W\d_]\.){{2,}}|[A-ZÀ-ÞА-Я]\.(?=\s?[A-ZÀ-ÞА-Я])|['’]s\b"
        r"|[^\W_]+(?:(?!['’]s\b)['’-][^\W_]+)*|[^\w\s]"
    )


def read(body: str, start: int, end: int, names: Sequence[Name], starts: Sequence[int]) -> list[Word]:
    """The words of a stretch; `names` are in order, `starts` is where they start."""
    found: list[Word] = []
    for name in names[bisect_left(starts, start) :]:
        if name.end > end:
            break
        if name.start >= start:
            found += _plain(body, start, name.start)
            found.append(Word(name.text.lower(), name.start, True, name))
            start = name.end
    return [*found, *_plain(body, start, end)]


def _plain(body: str, start: int, end: int) -> Iterator[Word]:
    for match in _token().finditer(body, start, end):
        text = match[0]
        yield Word(text.lower(), match.start(), text[0].isupper())


def first_sentence(words: Sequence[Word]) -> Sequence[Word]:
    """The words up to where a sentence ends."""
    return words[: next((at for at in range(len(words)) if _ends(words, at)), len(words))]


def last_sentence(words: Sequence[Word]) -> Sequence[Word]:
    """The words behind where the last sentence ends."""
    return words[next((at + 1 for at in range(len(words) - 1, -1, -1) if _ends(words, at)), 0) :]


def _ends(words: Sequence[Word], at: int) -> bool:
    if words[at].text not in (".", "!", "?", "…", "。", ";"):
        return False
    return at + 1 == len(words) or words[at + 1].capital or not words[at + 1].text[0].islower()


def _is_verb(word: Word, opens: bool = False) -> bool:
    return word.name is None and (opens or not word.capital) and word.text in _list("said")


def _is_person(word: Word) -> bool:
    return word.name is not None and word.name.kind == "person"


def _is_place(word: Word) -> bool:
    return word.name is not None and word.name.kind == "place"


def _is_helper(word: Word) -> bool:
    return word.text in _list("helps") or (word.text.endswith("ly") and not word.capital)


def is_subject(words: Sequence[Word], at: int) -> bool:
    """Whether the name at a place begins its sentence, or is the subject of a verb of speech."""
    if at + 1 < len(words) and words[at + 1].text in ("'s", "’s"):
        return False
    first = at + 1 - len(last_sentence(words[: at + 1]))
    found = subject(words, first)
    opens = found is not None and found[1] == at + 1 and found[0].name is words[at].name
    return opens or (verb_behind(words, at + 1) is not None and _leads(words, at))


def subject(words: Sequence[Word], at: int) -> tuple[Subject, int] | None:
    """The subject that begins at a word, and where it ends."""
    first = at
    body: Subject | None = None
    while at < min(len(words), first + PHRASE):
        word = words[at]
        owner = at + 1 < len(words) and words[at + 1].text in ("'s", "’s")
        if word.name and not _is_place(word) and not owner:
            if word.name.kind == "person":
                return Subject(word.name, at=word.start), at + 1
            body = Subject(word.name, at=word.start)
        elif not word.name and word.text not in ("'s", "’s") and not _modifies(words, at, first):
            break
        else:
            body = None
        at += 1
    if body:
        return body, at
    return _unnamed(words, first, at)


def _unnamed(words: Sequence[Word], first: int, after: int) -> tuple[Subject, int] | None:
    """A pronoun, or a post by itself."""
    if first >= len(words):
        return None
    texts = tuple(word.text for word in words[first:after])
    if len(texts) > 1 and texts[0] in _list("definite") and texts[-1] in _heads():
        return Subject(post=texts[1:], at=words[first].start), after
    if words[first].text in _pronouns():
        return Subject(pronoun=words[first].text, at=words[first].start), first + 1
    return None


@cache
def _pronouns() -> frozenset[str]:
    return _list("he") | _list("she") | _list("they")


def _modifies(words: Sequence[Word], at: int, first: int) -> bool:
    """Whether a word may stand before a name in its own phrase: "the town's former mayor", "Minister of Trade"."""
    word = words[at]
    if word.is_mark:
        return word.text == "-"
    if word.text in _list("of") and at > first and _is_post(words, at - 1) and at + 1 < len(words):
        return words[at + 1].capital or words[at + 1].text in _list("of")
    if word.capital:
        return at > first or not _is_verb(word, opens=True)
    if word.text in _blocked() or _is_verb(word):
        return False
    return word.text not in _pronouns() or word.text in _list("articles")


def _is_post(words: Sequence[Word], at: int) -> bool:
    return at >= 0 and words[at].capital and words[at].name is None


def verb_behind(words: Sequence[Word], at: int) -> int | None:
    """Where the verb of speech stands whose subject ends before `at`: at once, or behind an apposition."""
    direct = _verb_at(words, at)
    if direct is not None or at >= len(words):
        return direct
    mark, last = words[at].text, min(len(words), at + APPOSITION)
    if mark == "(":
        ends = [place for place in range(at, last) if words[place].text == ")"][:1]
        return verb_behind(words, ends[0] + 1) if ends else None
    if mark in (",", "-", "–", "—"):
        ends = [place for place in range(at + 1, last) if words[place].text == mark]
        found = (_verb_at(words, place + 1) for place in ends)
        return next((verb for verb in found if verb is not None), None)
    if words[at].text in _blocked():
        for place in range(at, min(last, at + PHRASE)):
            if words[place].is_mark or _is_person(words[place]):
                return None
            if _verb_at(words, place) == place:
                return place
    return None


def _verb_at(words: Sequence[Word], at: int) -> int | None:
    for place in range(at, min(len(words), at + 4)):
        if _is_verb(words[place]):
            return place
        if words[place].text in _list("passive"):
            quoted = place + 1 < len(words) and words[place + 1].text in ("quoted", "cited")
            return place + 1 if quoted else None
        if not _is_helper(words[place]):
            return None
    return None


def behind(words: Sequence[Word], last: str) -> Subject | None:
    """Who says the quotation before these words, which ends with the character `last`; None if they do not tell."""
    words = first_sentence(words)
    at = 0
    while at < min(2, len(words)) and words[at].text in (",", "-", "–", "—", "―"):
        at += 1
    if at == len(words):
        return None
    dash = at > 0 and words[at - 1].text != ","
    found = _verb_first(words, at) or _name_first(words, at, dash, last in ".!?") or _trailing(words, at)
    if found:
        return found
    clause = at > 0 or last in ",?!-–—"
    until = next((place for place in range(at, len(words)) if words[place].text == ","), len(words))
    spoken = any(_is_verb(word) for word in words[at : min(until, at + AHEAD)])
    return NOBODY if clause and spoken else None


def _verb_first(words: Sequence[Word], at: int) -> Subject | None:
    """said Doe; a déclaré Doe; dit-il; according to Doe; so Doe."""
    if width := _according(words, at):
        found = subject(words, at + width)
        return found[0] if found else NOBODY
    if words[at].text in _list("closing"):
        found = subject(words, at + 1)
        return found[0] if found and _stands_alone(words, found[1] - 1) else None
    inverted = _inverted(words[at])
    if inverted:
        return inverted
    verb = _verb_at(words, at)
    found = subject(words, verb + 1) if verb is not None else None
    if found and found[0].pronoun and found[1] < len(words) and not words[found[1]].is_mark:
        return None if words[found[1]].text in _heads() else found[0]
    return found[0] if found else None


def _inverted(word: Word) -> Subject | None:
    """dit-il, a-t-elle ajouté."""
    first, *_, last = word.text.replace("’", "'").split("-") if "-" in word.text else ("", "")
    if last in _list("he") | _list("she") and (first in _list("said") or first in _list("helps")):
        return Subject(pronoun=last, at=word.start)
    return None


def _name_first(words: Sequence[Word], at: int, dash: bool, ended: bool) -> Subject | None:
    """Doe said; Doe, the envoy, told reporters; — Doe. Behind the end of a sentence no more may be said."""
    found = subject(words, at)
    if not found:
        return None
    who, after = found
    verb = verb_behind(words, after)
    if verb is not None:
        return who if not ended or _stands_alone(words, verb) else None
    signed = dash and who.name and (after == len(words) or words[after].text in (",", "("))
    return who if signed and len(words) - at <= APPOSITION else None


def _stands_alone(words: Sequence[Word], verb: int) -> bool:
    if verb + 1 >= len(words):
        return True
    following = words[verb + 1]
    return words[verb].text in ("told", "tells") or following.is_mark or following.text in _list("aside")


def _trailing(words: Sequence[Word], at: int) -> Subject | None:
    """…, Doe said."""
    for place in range(at, len(words)):
        if words[place].text != ",":
            continue
        found = subject(words, place + 1)
        verb = _verb_at(words, found[1]) if found else None
        if found and verb is not None and _stands_alone(words, verb):
            return found[0]
    return None


def _according(words: Sequence[Word], at: int) -> int:
    """How many words at a place stand in the place of a verb: "according to"."""
    for phrase in _phrases():
        if tuple(word.text for word in words[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def before(words: Sequence[Word]) -> Subject | None:
    """Who says the quotation behind these words; None if they do not tell."""
    words = list(last_sentence(words))
    while words and words[0].is_mark:
        words.pop(0)
    colon = False
    while words and (words[-1].is_mark or words[-1].text in _list("subordinate")):
        colon = colon or words[-1].text in (":", "：")
        words.pop()
    if not words:
        return None
    if not colon and any(word.text in _list("named") for word in words[-1:]):
        return NOBODY
    found = _labelled(words) if colon else None
    return found or _by_verb(words, colon)


def _labelled(words: Sequence[Word]) -> Subject | None:
    """Doe: "…"; Doe, the envoy: "…"."""
    found = subject(words, 0)
    if not found or not found[0].name:
        return None
    who, after = found
    rest = words[after:]
    alone = not rest or (rest[0].text in (",", "(") and not any(_is_verb(word) for word in rest))
    return who._replace(close=True) if alone else None


def _by_verb(words: Sequence[Word], colon: bool) -> Subject | None:
    """The subject of the last verb of speech."""
    for at in range(len(words) - 1, -1, -1):
        word = words[at]
        if word.name:
            continue
        if width := _according(words, at):
            found = subject(words, at + width)
            return found[0] if found else NOBODY
        if word.text in _list("saying"):
            return _of_sentence(words[:at])
        if _is_verb(word, at == 0) or (word.text in _list("calls") and not word.capital):
            close = colon or at == len(words) - 1
            return _subject_of(words, at)._replace(close=close)
        if word.text in _list("han"):
            return _subject_of(words, at)._replace(close=True)
    return None


def _of_sentence(words: Sequence[Word]) -> Subject | None:
    """Who the sentence begins with, or goes on with behind a comma ("In Sochi, Doe …"), if it has no other."""
    begins = [0, *(at + 1 for at, word in enumerate(words) if word.text == ",")] if words else []
    found = next((one for at in begins if (one := subject(words, at)) and not one[0].post), None)
    if not found:
        return NOBODY if words else None
    owned = {at for at, word in enumerate(words) if word.text in ("'s", "’s")}
    people = ((at, word.name) for at, word in enumerate(words) if word.name and word.name.kind == "person")
    others = {name.name for at, name in people if at + 1 not in owned}
    return found[0] if others <= {found[0].name.name if found[0].name else ""} else NOBODY


def _subject_of(words: Sequence[Word], verb: int) -> Subject:
    """The subject of the verb at a place: before it, or behind it where its clause begins with it."""
    at = verb - 1
    while at >= 0 and _is_helper(words[at]):
        at -= 1
    if at >= 0 and words[at].text in _list("passive"):
        return NOBODY
    if at < 0 or words[at].text in _list("subordinate") or words[at].text in (":", ";"):
        found = subject(words, verb + 1)
        return found[0] if found else NOBODY
    return _left(words, at) or NOBODY


def _left(words: Sequence[Word], at: int) -> Subject | None:
    """The subject whose phrase ends at a word."""
    word = words[at]
    if word.name and word.name.kind != "place":
        return Subject(word.name, at=word.start) if _leads(words, at) else None
    if word.text in _pronouns():
        return Subject(pronoun=word.text, at=word.start)
    if word.text == ")":
        opens = next((place for place in range(at, -1, -1) if words[place].text == "("), 0)
        return _left(words, opens - 1) if opens else None
    if word.text in _list("who"):
        return _left(words, at - 1 - (at > 0 and words[at - 1].text == ",")) if at > 1 else None
    if word.text in _list("conjunctions"):
        return _of_sentence(words[:at])
    if word.text == ",":
        return _apposed(words, at)
    return _post_left(words, at) or _modified(words, at)


def _apposed(words: Sequence[Word], comma: int) -> Subject | None:
    """Doe, deputy of Roe, …: the name before the apposition that ends at a comma."""
    for place in range(comma, max(0, comma - APPOSITION), -1):
        name = words[place - 1].name
        if words[place].text == "," and name and name.kind != "place" and _leads(words, place - 1):
            return Subject(name, at=words[place - 1].start)
    return None


def _modified(words: Sequence[Word], at: int) -> Subject | None:
    """Doe of the council …: the only person of the clause, with a preposition behind."""
    for place in range(at, max(-1, at - PHRASE), -1):
        word = words[place]
        if word.is_mark:
            return None
        if word.name and word.name.kind == "person":
            fits = words[place + 1].text in _blocked() and _leads(words, place)
            return Subject(word.name, at=word.start) if fits else None
    return None


def _post_left(words: Sequence[Word], at: int) -> Subject | None:
    """the foreign minister …"""
    if words[at].text not in _heads():
        return None
    for place in range(at - 1, max(-1, at - 5), -1):
        if words[place].text in _list("definite"):
            texts = tuple(word.text for word in words[place + 1 : at + 1])
            return Subject(post=texts, at=words[place].start)
        if words[place].is_mark or words[place].text in _blocked():
            return None
    return None


def _leads(words: Sequence[Word], at: int) -> bool:
    """Whether the phrase of a name is the subject of its clause: no preposition governs it, and it is no second of
    two. In "on Monday Doe", "in Sochi Doe" the preposition has its own."""
    place = at - 1
    while place >= 0 and at - place < PHRASE and words[place].name is None and _modifies(words, place, -1):
        if words[place].text in _list("days") or words[place].text[0].isdigit():
            return True
        place -= 1
    if place < 0 or words[place].is_mark:
        return True
    if words[place].name:
        return _is_place(words[place]) or place < at - 1
    joint = words[place].text in _list("conjunctions") and place > 0 and words[place - 1].name is not None
    starts = _list("subordinate") | _list("said") | _list("conjunctions")
    return not joint and words[place].text in starts
