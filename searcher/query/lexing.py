"""Which tokens does a query text hold? Nothing is thrown away here but space; every token knows its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from searcher import fields
from searcher.errors import QueryError
from searcher.query.tree import Within

Kind = Literal[
    "word", "phrase", "exact", "regex", "range", "field", "open", "close", "and", "or", "not", "near", "call",
    "saved",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A token at `start`..`end` of the query. `text` is its content: a phrase without its quotation marks, a
    field's canonical name. `suffix` is what hangs on it without a space: "~2", "^3", "~2^3".

    `closed` is False for a phrase whose closing mark is missing; `spaced` is True for a field's name that was typed
    with a space behind its colon; `quoted` for exact words in quotation marks.
    """

    kind: Kind
    text: str
    start: int
    end: int
    suffix: str = ""
    closed: bool = True
    spaced: bool = False
    quoted: bool = False


PERIODS = ("since", "until", "after", "before")
"""Names that stand where a field does and say something about the date."""

_CLOSERS = {'"': '"', "“": '”“"', "”": '”"', "„": '“”"', "«": "»", "»": "«"}
_MARKS = "".join(_CLOSERS)
_RUN = re.compile(rf"[^\s()|{_MARKS}]+")
_FIELD = re.compile(r"([A-Za-z_]+):(?!//)(\s*)")
_OPERATORS: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not", "&&": "and"}
_BRACKETED = re.compile(r"[\[{][^\]}]*[\]}]")
_COMPARED = re.compile(rf"[<>]=?\s+[^\s()|{_MARKS}]+")
_REGEX = re.compile(r"/((?:\\[^\s]|[^\s/\\])+)/(?=[\s)^]|$)")
_SUFFIX = re.compile(r"(?:~\d*|\^[\d.]*)+")
_CALL = re.compile(r"(?:atleast|first)(\d{1,6})(?=\()", re.IGNORECASE)
_NEAR = re.compile(
    rf"""(?: (?: (?:w/|within/|near/?|/) | (?P<ordered>pre/|onear/?|adj/?|\+) ) (?P<words>\d{{1,6}})
           | (?: (?:w/|within/|near/|/) | (?P<behind>pre/|onear/|adj/|\+) )
             (?P<unit>s|sent|sentence|p|para|paragraph)
           | around\((?P<around>\d{{1,6}})\) )
         (?=[\s(){_MARKS}]|$)""",
    re.IGNORECASE | re.VERBOSE,
)


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


def nearness(operator: str) -> tuple[Within, bool]:
    """What a nearness operator asks for: how near, and whether in this order."""
    match = _NEAR.fullmatch(operator)
    assert match is not None  # only such texts are tokens of this kind
    if match["unit"]:
        return ("sentence" if match["unit"][0] in "sS" else "paragraph"), match["behind"] is not None
    return int(match["words"] or match["around"]), match["ordered"] is not None


def is_saved_name(name: str) -> bool:
    """Whether a saved search may have this name: letters and digits of any script, `_` and, not first, `-`.

    >>> [is_saved_name(name) for name in ("sochi-2015", "Größe", "संविधान", "a b", "-a", "")]
    [True, True, True, False, False, False]
    """
    return bool(name) and name[0] != "-" and all(map(_belongs_to_name, name))


def _belongs_to_name(char: str) -> bool:
    return char in "-_" or char.isalnum() or unicodedata.category(char)[0] == "M"


def _next(query: str, at: int) -> Token:
    char = query[at]
    if char == "(":
        return Token("open", char, at, at + 1)
    if char == ")":
        return _suffixed(query, Token("close", char, at, at + 1))
    if char == "|":
        return Token("or", "|", at, at + (2 if query.startswith("||", at) else 1))
    if char in _CLOSERS:
        return _phrase(query, at, at)
    if char == "=" and query[at + 1 : at + 2] in _CLOSERS and at + 1 < len(query):
        return _phrase(query, at, at + 1)
    return _sign(query, at) or _field(query, at) or _run(query, at)


def _sign(query: str, at: int) -> Token | None:
    """A regular expression, nearness, a call such as atleast3(."""
    if match := _REGEX.match(query, at):
        return _suffixed(query, Token("regex", match[1], at, match.end()))
    if match := _NEAR.match(query, at):
        return Token("near", match[0], at, match.end())
    if match := _CALL.match(query, at):
        return Token("call", match[0].lower(), at, match.end())
    return None


def _suffixed(query: str, token: Token) -> Token:
    """The token with what hangs on it."""
    match = _SUFFIX.match(query, token.end)
    if not match:
        return token
    return Token(token.kind, token.text, token.start, match.end(), match[0], quoted=token.quoted)


def _phrase(query: str, at: int, opening: int) -> Token:
    kind: Kind = "phrase" if at == opening else "exact"
    closers = _CLOSERS[query[opening]]
    end = next((i for i in range(opening + 1, len(query)) if query[i] in closers), -1)
    if end < 0:
        return Token(kind, query[opening + 1 :], at, len(query), closed=False, quoted=True)
    return _suffixed(query, Token(kind, query[opening + 1 : end], at, end + 1, quoted=True))


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
    match = _BRACKETED.match(query, at) or _COMPARED.match(query, at) or _RUN.match(query, at)
    return Token("range", match[0], at, match.end()) if match else None


def _run(query: str, at: int) -> Token:
    match = _RUN.match(query, at)
    assert match is not None  # every other character was dealt with before
    text, end = match[0], match.end()
    if text in _OPERATORS:
        return Token(_OPERATORS[text], text, at, end)
    negates = text[0] in "-!" and (len(text) > 1 or query[at + 1 : at + 2] in ("(", *_CLOSERS))
    if negates and at + 1 < len(query):
        return Token("not", text[0], at, at + 1)
    if text[0] == "@" and is_saved_name(text[1:]):
        return Token("saved", text[1:], at, end)
    kind: Kind = "word"
    if text[0] == "=" and len(text) > 1:
        kind, text = "exact", text[1:]
    content = _without_suffix(text)
    return Token(kind, content, at, end, text[len(content) :])


def _without_suffix(text: str) -> str:
    """A word without the ~2 and ^3 behind it; what holds nothing else stays."""
    tail = len(text.rstrip("~^.0123456789"))
    signs = [at for at in (text.find("~", tail), text.find("^", tail)) if at > 0]
    return text[: min(signs)] if signs else text
