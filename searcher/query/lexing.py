"""Which tokens does a query text hold? Nothing is thrown away here but space; every token knows its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from searcher import fields
from searcher.errors import QueryError

Kind = Literal["word", "phrase", "whole", "range", "field", "open", "close", "and", "or", "not", "later"]


@dataclass(frozen=True, slots=True)
class Token:
    """A token at `start`..`end` of the query. `text` is its content: a phrase without its quotation marks,
    a field's canonical name. `closed` is False for a phrase whose closing mark is missing; `spaced` is True
    for a field's name that was typed with a space behind its colon."""

    kind: Kind
    text: str
    start: int
    end: int
    closed: bool = True
    spaced: bool = False


PERIODS = ("since", "until", "after", "before")
"""Names that stand where a field does and say something about the date."""

_CLOSERS = {'"': '"', "“": '”“"', "”": '”"', "„": '“”"', "«": "»", "»": "«"}
QUOTATION_MARKS = "".join(_CLOSERS)
_RUN = re.compile(rf"[^\s()|{QUOTATION_MARKS}]+")
_FIELD = re.compile(r"([A-Za-z_]+):(?!//)(\s*)")
_OPERATORS: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not", "&&": "and"}
_BRACKETED = re.compile(r"[\[{][^\]}]*[\]}]")
# Operators of the language that are not built yet: read as a plain AND, with a note.
_LATER = re.compile(r"(?:w|near|pre|adj)?/(?:\d+|[sp])|around\(\d+\)|(?:atleast|first)\d+(?=\()", re.IGNORECASE)


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query, in order. Raises QueryError for a field that does not exist."""
    at, ranged = 0, False
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        token = (_range(query, at) if ranged else None) or _next(query, at)
        yield token
        at = token.end
        ranged = token.kind == "field" and is_ranged(token.text)


def is_ranged(name: str) -> bool:
    """Whether the field's values are dates or numbers, so that `..`, `[ TO ]` and `>` have a meaning."""
    field = fields.find(name)
    return name in PERIODS or (field is not None and field.kind in ("date", "number"))


def _next(query: str, at: int) -> Token:
    char = query[at]
    if char in "()":
        return Token("open" if char == "(" else "close", char, at, at + 1)
    if char == "|":
        return Token("or", "|", at, at + (2 if query.startswith("||", at) else 1))
    if char in _CLOSERS:
        return _phrase(query, at, "phrase")
    if char == "=" and query[at + 1 : at + 2] in _CLOSERS and at + 1 < len(query):
        return _phrase(query, at, "whole")
    later = _LATER.match(query, at)
    if later and (later.end() == len(query) or query[later.end()] in " \t\n()"):
        return Token("later", later[0], at, later.end())
    return _field(query, at) or _run(query, at)


def _phrase(query: str, at: int, kind: Kind) -> Token:
    opening = at + (kind == "whole")
    closers = _CLOSERS[query[opening]]
    end = next((i for i in range(opening + 1, len(query)) if query[i] in closers), -1)
    if end < 0:
        return Token(kind, query[opening + 1 :], at, len(query), closed=False)
    return Token(kind, query[opening + 1 : end], at, end + 1)


def _field(query: str, at: int) -> Token | None:
    match = _FIELD.match(query, at)
    if not match:
        return None
    typed, space = match[1], match[2]
    name = _canonical(typed)
    spaced = bool(space) or match.end() == len(query)
    if name is None and spaced:
        return None  # "Breaking: Kerry" is a word with a colon
    if name is None:
        near = fields.nearest(typed)
        hint = f"did you mean {near}:?" if near else "`searcher fields` lists them; in quotes it is plain text"
        raise QueryError(f"unknown field: {typed}", query, (at, at + len(typed)), hint)
    return Token("field", name, at, match.end(), spaced=spaced)


def _canonical(typed: str) -> str | None:
    if typed.lower() in PERIODS:
        return typed.lower()
    field = fields.find(typed)
    return field.name if field else None


def _range(query: str, at: int) -> Token | None:
    """The raw value of a date or a number; None for a group or a phrase, which are read as everywhere."""
    match = _BRACKETED.match(query, at) or _RUN.match(query, at)
    return Token("range", match[0], at, match.end()) if match else None


def _run(query: str, at: int) -> Token:
    match = _RUN.match(query, at)
    assert match is not None  # every other character was dealt with before
    text = match[0]
    if text in _OPERATORS:
        return Token(_OPERATORS[text], text, at, match.end())
    negates = text[0] in "-!" and (len(text) > 1 or query[at + 1 : at + 2] in ("(", *_CLOSERS))
    if negates and at + 1 < len(query):
        return Token("not", text[0], at, at + 1)
    if text[0] == "=" and len(text) > 1:
        return Token("whole", text[1:], at, match.end())
    return Token("word", text, at, match.end())
