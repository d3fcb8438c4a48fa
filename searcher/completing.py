"""How may what is being typed go on? Fields, their values and names, words of this archive: the likeliest first.

Where a field is named, its values; behind an @, saved searches; else fields that begin so, then words that do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from searcher import fields, text
from searcher.engines import Engine
from searcher.fields import FLAGS, Field
from searcher.query import patterns
from searcher.query.lexing import PERIODS
from searcher.query.plan import EVERYTHING, Term, Terms
from searcher.saved import Saved, key

LOOKED_AT = 200
"""Of how many words, the shortest, it is asked how frequent they are."""

VALUES = 50_000
"""Among how many values of a field, the most frequent, is looked."""

LEAST = 2
"""From how many letters on a word is completed: one letter begins far too many."""

TEXTS = ("title", "body")
"""Where the words of the archive are; the lead is a part of both."""

_TYPED = re.compile(
    r"(?P<sign>[-!(]*)(?:(?P<field>[A-Za-z_]+):)?(?P<exact>=?)(?P<quote>[\"“”„«]?)(?P<value>.*)", re.DOTALL
)
_QUOTES = '"“”„«»'

Kind = Literal["field", "value", "name", "word", "date", "saved"]


@dataclass(frozen=True, slots=True)
class Completion:
    """What may stand instead of `start`..`end` of the text: `text`, which is a `kind`, and what it means.

    `about` is the help of a field and empty elsewhere; `count` in how many articles the value or the word stands,
    None for fields.
    """

    text: str
    kind: Kind
    about: str
    count: int | None
    start: int
    end: int


def complete(
    engine: Engine, typed: str, cursor: int | None = None, limit: int = 20, saved: Iterable[Saved] = ()
) -> list[Completion]:
    """How the word or the field's value at the cursor may go on; nothing for what cannot be completed.

    Without a cursor the text is completed at its end. Values come as they are shown, in quotation marks where they
    need them, the most frequent first: those that begin so, then those of which a word does.
    """
    end = len(typed) if cursor is None else max(0, min(cursor, len(typed)))
    start = _start(typed[:end])
    match = _TYPED.fullmatch(typed[start:end])
    assert match is not None  # every part of it may be empty
    begun = start + len(match["sign"])
    at_name = match["field"] is None and match["value"].startswith("@")
    found = _named(match["value"][1:], saved) if at_name else _completions(engine, match, limit)
    made = islice(dict.fromkeys(found), max(0, limit))
    return [Completion(one.text, one.kind, one.about, one.count, begun, end) for one in made]


@dataclass(frozen=True, slots=True)
class _Made:
    text: str
    kind: Kind
    about: str = ""
    count: int | None = None


def _named(begun: str, saved: Iterable[Saved]) -> Iterator[_Made]:
    """The saved searches whose names begin so."""
    names = sorted(one.name for one in saved if key(one.name).startswith(key(begun)))
    yield from (_Made(f"@{name}", "saved") for name in names)


def _start(typed: str) -> int:
    """Where the word begins that ends here; one with an opening quotation mark may hold spaces."""
    start, quoted = 0, False
    for at, char in enumerate(typed):
        if char in _QUOTES:
            quoted = not quoted
        elif not quoted and (char.isspace() or char in "()|"):
            start = at + 1
    return start


def _completions(engine: Engine, match: re.Match[str], limit: int) -> Iterator[_Made]:
    named, value = match["field"], match["value"]
    if named is None:
        if not match["exact"] and not match["quote"]:
            yield from _fields(value)
            yield from _words(engine, value, TEXTS, limit)
        return
    before = f"{named}:{match['exact']}"
    for made in _in_field(engine, named.lower(), match, limit):
        yield replace(made, text=before + made.text)


def _in_field(engine: Engine, named: str, match: re.Match[str], limit: int) -> Iterable[_Made]:
    """What may stand behind the colon of a field, or of since, until, after and before."""
    field, value = fields.find(named), match["value"]
    if named in PERIODS or (field and (field.name == "date" or field.name in fields.PERIODS)):
        return _dates(engine, value)
    if field and field.kind == "text" and not match["quote"]:
        return _words(engine, value, (field.name,), limit)
    if field and field.name in ("has", "is"):
        counts = engine.count(EVERYTHING, (field.name,))[field.name]
        known = FLAGS if field.name == "is" else tuple(one.name for one in fields.FIELDS)
        some = [name for name in known if name.startswith(value.lower()) and counts.get(name)]
        return [_Made(name, "value", "", counts[name]) for name in some]
    if field and field.kind in ("value", "name"):
        return _values(engine, field, match)
    return ()


def _fields(typed: str) -> Iterator[_Made]:
    """The fields of which the name, or else an alias, begins so."""
    low = typed.lower()
    if not low.isalpha():
        return
    for field in fields.FIELDS:
        name = next((one for one in (field.name, *field.aliases) if one.startswith(low)), None)
        if name:
            yield _Made(f"{name}:", "field", field.help)
    yield from (
        _Made(f"{name}:", "field", "a date: 2015, 2015-05, 2015-05-12") for name in PERIODS if name.startswith(low)
    )


def _words(engine: Engine, typed: str, names: tuple[str, ...], limit: int) -> Iterator[_Made]:
    """The words that begin so, by the number of articles; only the shortest ones where very many do."""
    prefix = text.fold(typed) if typed.isalnum() else ""
    if len(prefix) < LEAST:
        return
    known = {word for name in names for word in engine.terms(name, prefix)}
    counted = [
        (_having(engine, word, names), word)
        for word in sorted(known, key=lambda word: (len(word), word))[:LOOKED_AT]
    ]
    best = sorted(counted, key=lambda pair: (-pair[0], pair[1]))[:limit]
    yield from (_Made(word, "word", "", count) for count, word in best if patterns.is_one_token(word))


def _having(engine: Engine, word: str, names: Iterable[str]) -> int:
    return engine.search(Terms(tuple(Term(name, word) for name in names)), "newest", 0, 0).total


def _values(engine: Engine, field: Field, match: re.Match[str]) -> Iterator[_Made]:
    """The values that begin so, then those of which a later word does; of names, any word."""
    begins = text.value(match["value"])
    later = re.compile(rf"\b{re.escape(begins)}")
    seconds = []
    for value, count in engine.count(EVERYTHING, (field.name,))[field.name].most_common(VALUES):
        folded = text.value(value)
        if folded.startswith(begins) or (field.kind == "name" and later.search(folded)):
            yield _made(value, count, field, match)
        elif later.search(folded):
            seconds.append((value, count))
    yield from (_made(value, count, field, match) for value, count in seconds)


def _made(value: str, count: int, field: Field, match: re.Match[str]) -> _Made:
    """A whole value as it is typed: in quotation marks where they are needed; with = where a part would do, too."""
    named = field.kind == "name"
    whole = "=" if named and not match["exact"] and not match["quote"] else ""
    plain = not match["quote"] and not patterns.is_wild(value) and patterns.is_one_token(value)
    shown = value if plain else '"' + " ".join(value.replace('"', " ").split()) + '"'
    return _Made(whole + shown, "name" if named else "value", "", count)


def _dates(engine: Engine, typed: str) -> Iterator[_Made]:
    """The years, the months of a year or the days of a month in which there are articles, the latest first."""
    if not re.fullmatch(r"[\d-]*", typed):
        return
    period = "year" if len(typed) < 4 else "month" if len(typed) < 7 else "day"
    counts = engine.count(EVERYTHING, (period,))[period]
    for value in sorted(counts, reverse=True):
        if value.startswith(typed):
            yield _Made(value, "date", "", counts[value])
