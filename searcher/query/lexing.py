"""Which tokens does a query text hold? Nothing is thrown away here but space; every token knows its place.

What a word, a phrase or a date means is not decided here; what people type for other search engines is in `habits`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from searcher import fields
from searcher.errors import QueryError
from searcher.query import habits
from searcher.query.tree import Within

Kind = Literal[
    "word", "phrase", "exact", "regex", "range", "field", "open", "close", "and", "or", "not", "near", "call",
    "saved",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A token at `start`..`end` of the query. `text` is its content: a phrase without its quotation marks, a
    field's canonical name. `suffix` is what hangs on it without a space: "~2", "^3", "~2^3".

    `closed` is False for a phrase whose closing mark is missing; `quoted` is for exact words in quotation marks;
    `note` says what was read otherwise than it was typed.
    """

    kind: Kind
    text: str
    start: int
    end: int
    suffix: str = ""
    closed: bool = True
    quoted: bool = False
    note: str = ""


PERIODS = habits.PERIODS

FARTHEST = 99_999
"""Words that may lie between, at the most."""

_CLOSERS = {
    '"': '"', "“": '”“"', "”": '”"', "„": '“”"', "«": "»", "»": "«", "「": "」", "『": "』", "＂": '＂"',
}  # fmt: skip
_MARKS = "".join(_CLOSERS)
_CLOSING = {opener: re.compile(f"[{closers}]") for opener, closers in _CLOSERS.items()}
_BRACKETS: dict[str, Kind] = {"(": "open", "（": "open", ")": "close", "）": "close"}
_BEHIND = rf"(?=[\s()（）|{_MARKS}]|$)"
_RUN = re.compile(rf"[^\s()（）|{_MARKS}]+")
_WORD = re.compile(rf"[^\s()（）|{_MARKS}](?:[^\s()（）|{_MARKS},;，；、،]|(?<=\d)[,;，；、،](?=\d))*")
_NAMED = re.compile(r"([A-Za-z_]+)([:：])(?!//)(\s*)")
_DRIVE = re.compile(r"[A-Za-z]:\\")
_OPERATORS: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not", "&&": "and", "ANDNOT": "not"}
_NEGATION = re.compile(r"[-!−－‐‑]++(?=[^\s)）|,;，；、،])")
_BRACKETED = re.compile(r"[\[{][^\]}]{0,80}[\]}]")
_COMPARED = re.compile(rf"[<>]=?\s+[^\s()（）|{_MARKS}]+")
_REGEX = re.compile(r"/((?:\\[^\s]|[^\s/\\])+)/(?=[\s)^]|$)")
_SUFFIX = re.compile(r"(?:~[0-9.]*|\^[0-9.]*)+")
_SPACED_SUFFIX = re.compile(r"\s+(~[0-9]+)(?=[\s)]|$)")
_CALL = re.compile(r"((?:atleast|first)[0-9]{1,6})(\s*)(?=\()", re.IGNORECASE)
_NEAR = re.compile(
    rf"""(?: (?: (?:w/|within/|near/?|/) | (?P<ordered>pre/?|onear/?|adj/?|\+) ) (?P<words>[0-9]+)
           | (?: (?:w/|within/|near/|/) | (?P<behind>pre/|onear/|adj/|\+) )
             (?P<unit>s|sent|sentence|p|para|paragraph)
           | around\((?P<around>[0-9]+)\) )
         {_BEHIND}""",
    re.IGNORECASE | re.VERBOSE,
)


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query, in order. Raises QueryError for a field that does not exist."""
    at, name = 0, ""
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        token = (_range(query, at) if name and habits.is_ranged(name) else None) or _next(query, at, name)
        yield token
        at = token.end
        name = token.text if token.kind == "field" else ""


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


def _next(query: str, at: int, name: str) -> Token:
    """The token at a place; `name` is the field that it belongs to if that stands right before it."""
    char = query[at]
    if char in _BRACKETS:
        token = Token(_BRACKETS[char], char, at, at + 1)
        return _suffixed(query, token) if token.kind == "close" else token
    if char == "|":
        return Token("or", "|", at, at + (2 if query.startswith("||", at) else 1))
    if char in _CLOSERS:
        return _phrase(query, at, at)
    if char == "=" and query[at + 1 : at + 2] in _CLOSERS and at + 1 < len(query):
        return _phrase(query, at, at + 1)
    if signs := _NEGATION.match(query, at):
        odd = "".join(dict.fromkeys(signs[0])).replace("-", "").replace("!", "")
        return Token("not", signs[0], at, signs.end(), note=f"{odd} was read as -" if odd else "")
    if char in "'‘" and (single := habits.quoted(query, at, bool(name))):
        return Token("phrase", single.text, at, single.end, quoted=True, note=single.note)
    return _sign(query, at) or _field(query, at) or _run(query, at, name)


def _sign(query: str, at: int) -> Token | None:
    """A regular expression, nearness, a call such as atleast3(."""
    if match := _REGEX.match(query, at):
        return _suffixed(query, Token("regex", match[1], at, match.end()))
    if match := _NEAR.match(query, at):
        return _near(match[0], at, match.end())
    if match := _CALL.match(query, at):
        note = f"the space after {match[1]} was left out" if match[2] else ""
        return Token("call", match[1].lower(), at, match.end(), note=note)
    if meant := habits.near(query, at):
        return _near(meant.text, at, meant.end, meant.note)
    return None


def _near(typed: str, at: int, end: int, note: str = "") -> Token:
    number = re.search("[0-9]+", typed)
    if number and len(number[0]) > len(str(FARTHEST)):
        near = number[0].lstrip("0") or "0"
        nearer = typed.replace(number[0], near if len(near) <= len(str(FARTHEST)) else str(FARTHEST))
        return Token("near", nearer, at, end, note=f"{typed} was read as {nearer}")
    return Token("near", typed, at, end, note=note)


def as_word(token: Token, query: str) -> Token | None:
    """A nearness operator with nothing beside it as the word that it may be: +44, the NEAR probe; None if none."""
    typed = query[token.start : token.end]
    if re.fullmatch(r"[+/]\d+|[A-Z]+", typed):
        return Token("word", typed, token.start, token.end)
    return None


def _suffixed(query: str, token: Token) -> Token:
    """The token with what hangs on it."""
    match = _SUFFIX.match(query, token.end)
    if match:
        return replace(token, end=match.end(), suffix=match[0])
    spaced = _SPACED_SUFFIX.match(query, token.end) if token.kind == "phrase" else None
    if spaced:
        return replace(token, end=spaced.end(), suffix=spaced[1], note=f"the space before {spaced[1]} was left out")
    return token


def _phrase(query: str, at: int, opening: int) -> Token:
    kind: Kind = "phrase" if at == opening else "exact"
    closer = _CLOSING[query[opening]].search(query, opening + 1)
    if not closer:
        return Token(kind, query[opening + 1 :], at, len(query), closed=False, quoted=True)
    return _suffixed(query, Token(kind, query[opening + 1 : closer.start()], at, closer.end(), quoted=True))


def _field(query: str, at: int) -> Token | None:
    if meant := habits.field(query, at):
        return Token("field", meant.text, at, meant.end, note=meant.note)
    match = _NAMED.match(query, at)
    if not match or _DRIVE.match(query, at):
        return None
    typed, colon, space = match.groups()
    name, last = habits.name(typed), match.end() == len(query)
    if name is None and (space or last or colon != ":"):
        return None  # "Breaking: Kerry" is a word with a colon
    if name is None:
        near = fields.nearest(typed)
        hint = f"did you mean {near}:?" if near else "`searcher fields` lists them; in quotes it is plain text"
        raise QueryError(f"unknown field: {typed}", query, (at, at + len(typed)), hint)
    note = f"the space after {typed}: was left out" if space and not last else ""
    return Token("field", name, at, match.end(), note=note)


def _range(query: str, at: int) -> Token | None:
    """The raw value of a date or a number; None for a group or a phrase, which are read as everywhere."""
    match = _BRACKETED.match(query, at)
    if not match and (meant := habits.span(query, at)):
        return Token("range", meant.text, at, meant.end, note=meant.note)
    if habits.quoted(query, at, whole=True):
        return None
    match = match or _COMPARED.match(query, at) or _RUN.match(query, at)
    return Token("range", match[0], at, match.end()) if match else None


def _run(query: str, at: int, name: str) -> Token:
    """A word, or what looks like one. `kerry,sochi` is two words; 6,000 is one, and so is a whole value."""
    field = fields.find(name)
    match = (_RUN if field and field.kind == "value" else _WORD).match(query, at)
    assert match is not None  # every other character was dealt with before
    text, end = match[0], match.end()
    if text in _OPERATORS:
        note = "" if text != "ANDNOT" else "ANDNOT was read as NOT"
        return Token(_OPERATORS[text], text, at, end, note=note)
    if text[0] == "@" and is_saved_name(text[1:]):
        return Token("saved", text[1:], at, end)
    kind: Kind = "word"
    if text[0] == "=" and len(text) > 1:
        kind, text = "exact", text[1:]
    content = _without_suffix(text)
    return Token(kind, content, at, end, text[len(content) :])


def _without_suffix(text: str) -> str:
    """A word without the ~2 and ^3 behind it; what holds nothing else stays."""
    tail = len(text.rstrip("~^.-0123456789"))
    signs = [at for at in (text.find("~", tail), text.find("^", tail)) if at > 0]
    return text[: min(signs)] if signs else text
