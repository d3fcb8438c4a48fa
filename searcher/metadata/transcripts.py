"""Is it a transcript, and who speaks when? Turns that begin with a speaker and a colon.

    President of Harbour Jane Doe: Good morning.
    MR MUSTERMANN: Thank you.
    Q: Why now?

A text is one if at least two speakers have at least three turns between them, and each label is a name with its
post, in capitals, or comes back; so "Price: 3 euros" lists are none. A turn runs to the next label.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from searcher.metadata import persons
from searcher.metadata.bylines import PARTICLES, personal, tidy
from searcher.metadata.places import gazetteer
from searcher.model import Quote

SPEAKERS, TURNS = 2, 3
"""How many of each a transcript has at least."""

SHARE = 0.5
"""How much of the text comes after its first label."""

LONGEST = 156
"""How many characters a label has at most, with what stands in brackets behind it and its colon."""

_LABEL = re.compile(
    r"(?P<label>[^\W\d_][^:：\n\"“”„«»?!]{0,90}?)(?:\s?\([^()\n]{1,60}\))?\s?[:：](?=\s|[\u4e00-\u9fff])"
)
_COLON = re.compile("[:：]")
_BREAK = re.compile(r"\n\s*\n")


class Turn(NamedTuple):
    """A turn: the label, the person it names (None for "Q", "Question"), and the words at `start`..`end`."""

    label: str
    speaker: str | None
    start: int
    end: int


def turns(body: str) -> tuple[Turn, ...]:
    """The turns of a transcript, in order; nothing where the text is none.

    >>> text = "Jane Doe: Good morning.\\n\\nMax Mustermann: Hello.\\n\\nIt rains.\\n\\nJane Doe: Goodbye."
    >>> [(turn.speaker, text[turn.start:turn.end]) for turn in turns(text)][1]
    ('Max Mustermann', 'Hello.\\n\\nIt rains.')
    """
    labels = [(match, named) for match in _labels(body) if (named := _named(match["label"])) is not None]
    counts = Counter(_voice(match, named) for match, named in labels)
    repeated = max(counts.values(), default=0) > 1
    labels = [
        (match, named)
        for match, named in labels
        if not named or counts[_voice(match, named)] > 1 or _posted(match["label"]) or (repeated and " " in named)
    ]
    voices = {_voice(match, named) for match, named in labels}
    if len(labels) < TURNS or len(voices) < SPEAKERS or not any(named for _, named in labels):
        return ()
    if len(body) - labels[0][0].start() < SHARE * len(body):
        return ()
    ends = [match.start() for match, _ in labels[1:]] + [len(body)]
    return tuple(_turn(body, match, named, end) for (match, named), end in zip(labels, ends, strict=True))


def _labels(body: str) -> list[re.Match[str]]:
    starts = [0, *(match.end() for match in _BREAK.finditer(body))]
    near = (start for start in starts if _COLON.search(body, start, start + LONGEST))
    return [match for start in near if (match := _LABEL.match(body, start))]


def _turn(body: str, match: re.Match[str], named: str, end: int) -> Turn:
    start = match.end() + len(body[match.end() : end]) - len(body[match.end() : end].lstrip())
    return Turn(match["label"], named or None, min(start, end), max(min(start, end), len(body[:end].rstrip())))


def _voice(match: re.Match[str], named: str) -> str:
    return persons.surname(named.split()) if named else match["label"].lower()


_ANONYMOUS = frozenset(
    """q a question answer moderator interviewer host operator reporter journalist participant audience speaker
    voice staff frage antwort moderatorin question réponse pregunta respuesta вопрос ответ реплика ведущий سؤال
    جواب 问 答 记者 主持人""".split()
)


def _named(label: str) -> str | None:
    """The person a label names, "" for a voice without a name; None if it is no speaker's label."""
    names = label.split()
    if not names or len(names) > 14 or len(label) > 90:
        return None
    if label.lower().strip(". ") in _ANONYMOUS:
        return ""
    name = _after_post(names)
    posted = _posted(label)
    shape = personal(name) and (posted or persons.given(name.split()[0]))
    shape = shape or ((posted or label.isupper()) and _is_surname(name))
    if not shape or gazetteer().find(name) is not None:
        return None
    return name.title() if label.isupper() else tidy(name)


def _is_surname(name: str) -> bool:
    return (
        bool(name) and " " not in name and name[0].isupper() and name.replace("-", "").isalpha() and len(name) > 2
    )


def _after_post(names: Sequence[str]) -> str:
    """The label's last words that are a name: what follows its last post or nation, particles included."""
    first = 0
    for index in range(len(names)):
        if size := persons.title(names[index:]):
            first = max(first, index + size)
    rest = list(names[first:]) if first < len(names) else []
    of_office = bool(rest) and rest[0].lower() in _LINKS
    while len(rest) > 1 and (rest[0].lower() in _LINKS or _nation(rest[0], rest)):
        rest.pop(0)
    if (
        of_office and len(rest) > 2
    ):  # "Minister of Public Works Jane Doe": the office ends where a given name begins
        rest = rest[next((at for at, word in enumerate(rest) if persons.given(word)), 0) :]
    return " ".join(rest)


_LINKS = frozenset("of the de la du des for and der von für россии of,".split()) - PARTICLES | {"of", "the"}


def _nation(word: str, rest: Sequence[str]) -> bool:
    place = gazetteer().find(word)
    return place is not None and len(rest) > 2 and not persons.given(word)


def _posted(label: str) -> bool:
    """Whether a post or an address stands in the label before its last word."""
    names = label.split()
    return any(persons.title(names[index:]) for index in range(len(names) - 1))


def quotes(body: str, found: Sequence[Turn], names: dict[str, str]) -> tuple[Quote, ...]:
    """The turns as quotes; `names` are surnames → the full names by which the speakers are known."""
    return tuple(
        Quote(body[turn.start : turn.end], full(turn.speaker, names), turn.start, turn.end)
        for turn in found
        if turn.end > turn.start
    )


def full(speaker: str | None, names: dict[str, str]) -> str | None:
    """The full name of a speaker of whom the label gives the surname alone."""
    if speaker is None or " " in speaker:
        return speaker
    return names.get(speaker.lower(), speaker)
