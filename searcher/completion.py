"""How may a query that is being typed go on? Fields, their values as they are written, saved searches, words.

Only the end of the text is looked at: what stands before it is not read as a query, which may well be unfinished.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from searcher import fields, text
from searcher.engines import Engine
from searcher.generations import Generation
from searcher.query.lexing import PERIODS
from searcher.query.plan import EVERYTHING, Plan, Term, Terms, Value
from searcher.saved import Searches, key

MOST = 60
"""How many completions are given; the most frequent ones if there are more."""

LEAST = 2
"""Letters that must stand before words of the index are offered."""

_SPELLED = re.compile(r"[^\W_][\w.'’-]*")
_VALUED = re.compile(r"(?P<field>[A-Za-z_]+):=?(?P<value>.*)", re.DOTALL)


def complete(begun: str, generation: Callable[[], Generation], searches: Callable[[], Searches]) -> list[str]:
    """The whole text, with its last part completed in each way that this archive offers; the likeliest first.

    `sou` → `source:`, `source:bb` → `source:"BBC News"`, `person:ker`, `@sa`, and words of titles where no field is
    meant. Opens the index and the saved searches only if they are needed; raises as these do.
    """
    start = _start(begun)
    typed = begun[start:]
    valued = _VALUED.fullmatch(typed)
    name = _field(valued["field"]) if valued else None
    if valued and name:
        before = begun[: len(begun) - len(valued["value"])]
        return [before + way for way in _first(_values(name, valued["value"], generation))]
    if typed.startswith("@"):
        names = sorted(saved.name for saved in searches() if key(saved.name).startswith(key(typed[1:])))
        return [f"{begun[:start]}@{name}" for name in names]
    return [] if '"' in typed else [begun[:start] + way for way in _first(_words(typed, generation))]


def _start(begun: str) -> int:
    """Where the last part begins, behind its minus; a phrase that is open belongs to it, spaces and all."""
    start, inside = 0, False
    for at, char in enumerate(begun):
        inside ^= char == '"'
        if not inside and (char.isspace() or char in "()|"):
            start = at + 1
    return start + len(begun[start:]) - len(begun[start:].lstrip("-!"))


def _field(name: str) -> str | None:
    field = fields.find(name)
    return field.name if field else name.lower() if name.lower() in PERIODS else None


def _first(ways: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ways))[:MOST]


def _words(typed: str, generation: Callable[[], Generation]) -> Iterator[str]:
    """Names of fields; words of titles where none begins so. An alias is offered where no name begins so."""
    low = typed.lower()
    names = [*(field.name for field in fields.FIELDS), *PERIODS]
    found = [name for name in names if name.startswith(low)] or [
        name for name in fields.BY_NAME if name.startswith(low)
    ]
    yield from (f"{name}:" for name in found)
    if not found and len(text.fold(typed)) >= LEAST:
        yield from generation().engine.terms("title", text.fold(typed))


def _values(name: str, typed: str, generation: Callable[[], Generation]) -> Iterator[str]:
    """The values of a field that begin so, or of which a word does; quoted where the language needs it."""
    begun = text.value(typed.strip('="'))
    field = fields.find(name)
    if name in ("has", "is") and field:
        known = fields.FLAGS if name == "is" else sorted({one.name for one in fields.FIELDS} - {"has", "is"})
        yield from (one for one in known if one.startswith(begun))
    elif field is None or field.kind == "date":
        yield from _periods(name, begun, generation().engine)
    elif field.kind == "text" and len(begun) >= LEAST:
        yield from generation().engine.terms(field.name, text.fold(begun))
    elif field.facet and field.name != "story":
        yield from map(_quoted, _written(field, begun, generation().engine))


def _periods(name: str, begun: str, engine: Engine) -> Iterator[str]:
    """Years; the months of one that is typed; the days of a month."""
    if name == "ingested":
        return
    by = name if name in fields.PERIODS else "year" if len(begun) < 5 else "month" if len(begun) < 8 else "day"
    counts = engine.count(EVERYTHING, (by,))[by]
    yield from sorted(period for period in counts if period.startswith(begun))


def _written(field: fields.Field, begun: str, engine: Engine) -> Iterator[str]:
    """The values as they stand in articles, by how many these are. Quotation marks cannot be written in a query."""
    counts = engine.count(_having(field, begun, engine), (field.name,))[field.name]
    for value, _ in counts.most_common(len(counts)):
        folded = text.value(value)
        begins = folded.startswith(begun) or (field.kind == "name" and f" {begun}" in folded)
        if begins and '"' not in value:
            yield value


def _having(field: fields.Field, begun: str, engine: Engine) -> Plan:
    """What narrows the counting to articles that may have such a value."""
    if not begun:
        return EVERYTHING
    if field.kind == "value":
        return Value(field.name, tuple(engine.terms(field.name, begun)))
    last = [word.surface for word in text.words(begun)][-1:]
    return Terms(tuple(Term(field.name, word) for word in engine.terms(field.name, last[0] if last else "")))


def _quoted(value: str) -> str:
    return value if _SPELLED.fullmatch(value) and value.lower() not in ("and", "or", "not") else f'"{value}"'
