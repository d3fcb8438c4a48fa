"""What the tests of the query language share: the golden table, and the check that nothing is read silently."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from searcher import fields
from searcher.errors import QueryError
from searcher.query import Query, parse
from searcher.query.dates import Calendar

TODAY = Calendar(date(2026, 11, 21))
GOLDEN = Path(__file__).parent / "golden_queries.toml"


PIECES = (
    *'" “ » ( ) （ | || & && - ! − = * ? ~ ~1 ~10 ^ ^2 [ ] { } TO .. … , ; : ： / // \\ \' ‘ ’ # @ % < > >= _'.split(),
    *"AND OR NOT ANDNOT and or not XOR NEAR ADJ SAME w/5 w/ W/5 pre/3 /s +5 NEAR/5 AROUND(5) NOT".split(),
    *"atleast2( first9( atleast0( date: source: url: title: words: lang: has: is: since: nofield: hd= DATE(".split(),
    *"2015 2015-05 2015..2016 may-2015 7d kerry sochi Kerry's =Kerry al-assad U.S. 6,000 C++ AT&T ker* k?rry k*".split(),
    *"@a /a+/ http://a.b/c?d=e 北京 سوتشي İ \u0301 😀 \u200f \x00 \ud800".split(),
    " ", " ", " ", "\t", "\n",
)  # fmt: skip
"""What queries are made of: operators, fields, words, signs."""


class Row(NamedTuple):
    """A row of the golden table: what is typed, and either its echo with its notes or an error with its place."""

    section: str
    typed: str
    echo: str | None = None
    notes: tuple[str, ...] = ()
    error: str | None = None
    at: str | None = None
    hint: str | None = None


def golden() -> Iterator[Row]:
    """The rows of golden_queries.toml, in order. A row without an echo comes back as it was typed."""
    for section, rows in tomllib.loads(GOLDEN.read_text("utf-8")).items():
        for row in rows:
            yield Row(section, **row | {"notes": tuple(row.get("notes", ()))})


def read(typed: str, literal: bool = False, strict: bool = False) -> Query | QueryError:
    """The query, or why it cannot be read."""
    try:
        return parse(typed, TODAY, literal=literal, strict=strict)
    except QueryError as error:
        return error


_PERIODS = ("since", "until", "after", "before")
_RANGED = [name for name, field in fields.BY_NAME.items() if field.kind in ("date", "number")]
_NAME = f"(?:{'|'.join([*fields.BY_NAME, *_PERIODS])})"
_EDGE = r"""[\s()（）|"“”„«»「」『』＂]"""
_VALUE = (
    rf"""(?:["“”„«»「『＂].*?(?:["“”„«»」』＂]|$)|['‘].*?['’]|[\[{{].*?(?:[\]}}]|$)|[<>]?=?\s*(?:(?!{_EDGE}).)+)"""
)
_ALONE, _ENDS = rf"(?:(?<={_EDGE})|(?<=[-!−－‐‑:：=.])|^)", rf"(?={_EDGE}|[,;，；、،]|$)"
_UNIT = r"(?:(?=\d)|s|p|sent|sentence|para|paragraph)"
_SUFFIX = re.compile(
    rf"(?<=[)）\"”“»«」』＂/])(?:[~^][0-9.]*)+|[~^][0-9.]*(?=[~^]|(?![0-9])\d|{_EDGE}|[,;，；、،]|$)"
)
_READ_APART = re.compile(
    rf"""(?<![^\W0-9])(?:{"|".join([*_RANGED, *_PERIODS])})\s*(?:[:：]|=|(?=[<>(]))\s*     # dates: the echo has other ones
             [-!]*(?:(?:[(（|]|\s*(?-i:AND|OR|NOT)\b).*|(?:\.\.+|…){_VALUE}|{_VALUE}(?:(?:\.\.+|…)(?:{_VALUE})?)?)
       | \bhas:\s*{_NAME}\b(?!\s*[:：=]) | (?<![^\W0-9]){_NAME}(?::\*(?!\w)|(?=\s*[:：=]|\())            # fields: the echo has the first name
       | {_ALONE}(?-i:AND|TO){_ENDS}
       | (?<!\w)(?:atleast|first)\d+(?=\s*[(（])
       | {_ALONE}(?:(?:w|within|near|pre|onear|adj|around)\s*[/(]?\s*|[/+]){_UNIT}(?!\d*[^\W\d])
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def accounted(query: Query) -> set[str]:
    """What was typed and is nowhere said: runs of letters and digits that neither echo nor notes have, and signs.

    Promise 1 of the language, checked without its parser: the set must be empty. Dates, numbers, operators and
    names of fields are left out, as they have another form in the echo; case, accents and width do not count.
    """
    said = f"{query} " + " ".join(query.notes)
    said += "*" if "has:" in said else ""  # source:* is has:source
    typed = _bare(re.sub("[\ud800-\udfff]", "\ufffd", query.text))
    unseen = {char for char in typed if f"U+{ord(char):04X}" in said}
    typed = _SUFFIX.sub(" ", "".join(char for char in typed if char not in unseen))  # ~ is ~1, ^2.0 is ^2
    typed = _READ_APART.sub(" ", typed)
    said += " NOT" if "-" in said or "negations" in said else ""
    return (_runs(typed) - _runs(said)) | (_signs(typed) - set(_bare(said)))


def _runs(content: str) -> set[str]:
    """Runs of letters, and of digits; the signs that are shown as letters in a circle are none."""
    runs = re.findall(r"[^\W\d_]+|[0-9]+|(?:(?![0-9])\d)+", _bare(content))
    return {unicodedata.normalize("NFKC", run.casefold()).casefold().lstrip("0") for run in runs}


def _bare(content: str) -> str:
    """The text without accents."""
    plain = (char for char in unicodedata.normalize("NFD", content) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", "".join(plain))


def _signs(content: str) -> set[str]:
    """The signs that are no operators: those may stand in the tree alone."""
    return {char for char in content if not char.isalnum() and not char.isspace()} - set(_SYNTAX)


_SYNTAX = "()（）|\"“”„«»「」『』＂'‘’&!-−－‐‑:：=@"


def promises(typed: str) -> Query | QueryError:
    """What is read of a text, when all that the language promises of any text was seen to hold."""
    found = read(typed)
    if isinstance(found, QueryError):
        _explains(found)
    else:
        _is_whole(found)
    literal = read(typed, literal=True)
    if isinstance(literal, QueryError):
        assert literal.message == "a query with nothing in it" or len(typed) > 100_000, typed
    else:
        assert not literal.notes, typed
        assert parse(str(literal), TODAY).tree == literal.tree, typed
    return found


def _explains(error: QueryError) -> None:
    assert error.message, error.query
    assert error.hint, error.query
    assert 0 <= error.span[0] <= error.span[1] <= len(error.query), error.query
    assert error.caret().count("\n") == 1, error.query


def _is_whole(query: Query) -> None:
    again = parse(str(query), TODAY)
    assert (again.tree, str(again)) == (query.tree, str(query)), query.text
    assert not accounted(query), (
        f"{accounted(query)} is not accounted for in: {query.text!r} → {query} {query.notes}"
    )
    strict = read(query.text, strict=True)
    assert isinstance(strict, QueryError) == bool(query.notes), query.text
