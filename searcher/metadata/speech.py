"""Who says it, in the words beside a quotation? The subject of a verb of speech: a name, a pronoun or a post.

The words are read as a row, before a quotation from right to left, behind it from left to right. A subject that
is there and has no name ("an envoy said") is NOBODY: nobody else is looked for then. Whom "he" or "the minister"
means is for speakers.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from searcher.metadata.phrases import (
    NOBODY,
    PHRASE,
    Subject,
    Word,
    blocked,
    first_sentence,
    heads,
    is_helper,
    is_person,
    is_place,
    is_verb,
    known,
    last_sentence,
    modifies,
    pronouns,
    subject,
    unknown,
)
from searcher.metadata.tables import table

APPOSITION = 30
"""How many words may stand between a name and its verb."""

AHEAD = 12
"""Within how many words behind a quotation a verb of speech shows that somebody without a name says it."""


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
    if words[at].text in blocked():
        for place in range(at, min(last, at + PHRASE)):
            if words[place].is_mark or is_person(words[place]):
                return None
            if _verb_at(words, place) == place:
                return place
    return None


def _verb_at(words: Sequence[Word], at: int) -> int | None:
    for place in range(at, min(len(words), at + 4)):
        if is_verb(words[place]):
            return place
        if words[place].text in known("passive"):
            quoted = place + 1 < len(words) and words[place + 1].text in ("quoted", "cited")
            return place + 1 if quoted else None
        if not is_helper(words[place]):
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
    spoken = any(is_verb(word) for word in words[at : min(until, at + AHEAD)])
    return NOBODY if clause and spoken else None


def _verb_first(words: Sequence[Word], at: int) -> Subject | None:
    """said Doe; a déclaré Doe; dit-il; according to Doe; so Doe."""
    if width := _according(words, at):
        found = subject(words, at + width)
        return found[0] if found else NOBODY
    if words[at].text in known("closing"):
        found = subject(words, at + 1)
        return found[0] if found and _stands_alone(words, found[1] - 1) else None
    inverted = _inverted(words[at])
    if inverted:
        return inverted
    verb = _verb_at(words, at)
    found = (subject(words, verb + 1) or unknown(words, verb + 1)) if verb is not None else None
    if found and found[0].pronoun and found[1] < len(words) and not words[found[1]].is_mark:
        return None if words[found[1]].text in heads() else found[0]
    return found[0] if found else None


def _inverted(word: Word) -> Subject | None:
    """dit-il, a-t-elle ajouté."""
    first, *_, last = word.text.replace("’", "'").split("-") if "-" in word.text else ("", "")
    if last in known("he") | known("she") and (first in known("said") or first in known("helps")):
        return Subject(pronoun=last, at=word.start)
    return None


def _name_first(words: Sequence[Word], at: int, dash: bool, ended: bool) -> Subject | None:
    """Doe said; Doe, the envoy, told reporters; — Doe. Behind the end of a sentence no more may be said."""
    found = subject(words, at) or (None if ended else unknown(words, at))
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
    return words[verb].text in ("told", "tells") or following.is_mark or following.text in known("aside")


def _trailing(words: Sequence[Word], at: int) -> Subject | None:
    """…, Doe said; …, said Doe."""
    for place in range(at, len(words)):
        if words[place].text != ",":
            continue
        found = subject(words, place + 1)
        verb = _verb_at(words, found[1]) if found else None
        if found and verb is not None and _stands_alone(words, verb):
            return found[0]
        found = subject(words, place + 2) if is_verb(words[min(place + 1, len(words) - 1)]) else None
        if found and found[0].name and _stands_alone(words, found[1] - 1):
            return found[0]
    return None


@cache
def _phrases() -> Mapping[str, Sequence[tuple[str, ...]]]:
    """What stands in the place of a verb, in the order of the list, by its first word."""
    found = defaultdict[str, list[tuple[str, ...]]](list)
    for phrase in table("speech")["according"]:
        found[phrase.split()[0]].append(tuple(phrase.split()))
    return dict(found)


def _according(words: Sequence[Word], at: int) -> int:
    """How many words at a place stand in the place of a verb: "according to"."""
    for phrase in _phrases().get(words[at].text, ()) if at < len(words) else ():
        if tuple(word.text for word in words[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def announced(words: Sequence[Word]) -> Subject | None:
    """Who says the quotation that these words, the end of the paragraph before it, announce."""
    words = list(words)
    while words and words[-1].text in (".", ":"):
        words.pop()
    return before([*words, Word(":", ":", 0)])


def before(words: Sequence[Word]) -> Subject | None:
    """Who says the quotation behind these words; None if they do not tell."""
    words = list(last_sentence(words))
    while words and words[0].is_mark:
        words.pop(0)
    colon = False
    while words and (words[-1].is_mark or words[-1].text in known("subordinate")):
        colon = colon or words[-1].text in (":", "：")
        words.pop()
    if not words:
        return None
    if not colon and any(word.text in known("named") for word in words[-1:]):
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
    alone = not rest or (rest[0].text in (",", "(") and not any(is_verb(word) for word in rest))
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
        announced = word.text == "following" and words[min(at + 1, len(words) - 1)].text in known("announced")
        if word.text in known("saying") or announced:
            return _of_sentence(words[:at])
        if is_verb(word, at == 0) or (word.text in known("calls") and not word.capital):
            close = colon or at == len(words) - 1
            return _subject_of(words, at)._replace(close=close)
        if word.text in known("han"):
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
    while at >= 0 and is_helper(words[at]):
        at -= 1
    if at >= 0 and words[at].text in known("passive"):
        return NOBODY
    if at < 0 or words[at].text in known("subordinate") or words[at].text in (":", ";"):
        found = subject(words, verb + 1)
        return found[0] if found else NOBODY
    return _left(words, at) or NOBODY


def _left(words: Sequence[Word], at: int) -> Subject | None:
    """The subject whose phrase ends at a word."""
    word = words[at]
    if word.name:
        return Subject(word.name, at=word.start) if _leads(words, at) else None
    if word.text in pronouns():
        return Subject(pronoun=word.text, at=word.start)
    if word.text == ")":
        opens = next((place for place in range(at, -1, -1) if words[place].text == "("), 0)
        return _left(words, opens - 1) if opens else None
    if word.text in known("who"):
        return _left(words, at - 1 - (at > 0 and words[at - 1].text == ",")) if at > 1 else None
    if word.text in known("conjunctions"):
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
            fits = words[place + 1].text in blocked() and _leads(words, place)
            return Subject(word.name, at=word.start) if fits else None
    return None


def _post_left(words: Sequence[Word], at: int) -> Subject | None:
    """the foreign minister …"""
    if words[at].text not in heads():
        return None
    for place in range(at - 1, max(-1, at - 5), -1):
        if words[place].text in known("definite"):
            texts = tuple(word.text for word in words[place + 1 : at + 1])
            return Subject(post=texts, at=words[place].start) if _leads(words, place) else None
        if words[place].is_mark or words[place].text in blocked():
            return None
    return None


def _leads(words: Sequence[Word], at: int) -> bool:
    """Whether the phrase of a name is the subject of its clause: no preposition governs it, and it is no second of
    two. In "on Monday Doe", "in Sochi Doe" the preposition has its own."""
    place = at - 1
    while place >= 0 and at - place < PHRASE and words[place].name is None and modifies(words, place, -1):
        if words[place].text in known("days") or words[place].text[0].isdigit():
            return True
        place -= 1
    if place < 0 or words[place].is_mark:
        return True
    if words[place].name:
        return is_place(words[place]) or place < at - 1
    joint = words[place].text in known("conjunctions") and place > 0 and words[place - 1].name is not None
    starts = known("subordinate") | known("said") | known("conjunctions")
    return not joint and words[place].text in starts


def is_subject(words: Sequence[Word], at: int) -> bool:
    """Whether the name at a place begins its sentence, or says something in it."""
    if at + 1 < len(words) and words[at + 1].text in ("'s", "’s"):
        return False
    first = at + 1 - len(last_sentence(words[: at + 1]))
    for begin in (first, *(place + width for place in range(first, at) if (width := _according(words, place)))):
        found = subject(words, begin)
        if found and found[1] == at + 1 and found[0].name is words[at].name:
            return True
    does = at + 1 < len(words) and words[at + 1].text[0].islower() and words[at + 1].text not in blocked()
    return (does or verb_behind(words, at + 1) is not None) and _leads(words, at)
