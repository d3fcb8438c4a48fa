"""What of a name tells it from others, and what does not? Names as single articles make them, by their words.

A name has the same spelling as another if they differ in case, accents, hyphens, spaces, forms of address, and what
stands behind the name of a company. Initials and "Jr" are kept beside it: they may be of another person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple, get_args

from searcher import text
from searcher.model import NameKind
from searcher.tables import table

KINDS: tuple[NameKind, ...] = get_args(NameKind)


class Form(NamedTuple):
    """A name as one article alone makes it."""

    kind: NameKind
    name: str


class Spelling(NamedTuple):
    """The words that tell a name from others; initials and "jr" among them; whether it ends as a company's does."""

    words: tuple[str, ...]
    initials: str
    generation: str
    company: bool

    @property
    def key(self) -> str:
        """The words put together: Wal-Mart is Walmart. But Robert S. is not Roberts."""
        cut_short = len(self.words) == 2 and len(self.words[0]) > 1 == len(self.words[1])
        return (" " if cut_short else "").join(self.words)


@lru_cache(maxsize=100_000)
def spelling(form: Form) -> Spelling:
    """How a name is spelled, without what does not tell it from others.

    >>> spelling(Form("person", "Mr John F. Kerry Jr."))
    Spelling(words=('john', 'kerry'), initials='f', generation='jr', company=False)
    >>> [spelling(Form("org", name)).key for name in ("The Harbour & Quay Co.", "Harbor Quay")]
    ['harborquay', 'harborquay']
    """
    names = [name for name in _phrases().sub(_phrase, _MAC.sub("Mc", form.name)).split() if _folded(name)]
    names = [name for name in names if _folded(name) not in _words("small")] or names or [form.name]
    while len(names) > 2 and _folded(names[0]) in _words("honorifics"):
        del names[0]
    cut = dict.fromkeys(("generations", "degrees", "companies"), "")
    while len(names) > 1 and (ending := _ending(form.kind, names)):
        cut[ending] = _folded(names.pop())
    initials = _initials(form.kind, names)
    kept = [name for at, name in enumerate(names) if at not in initials]
    inside = (name for name in kept[1:-1] if _folded(name) not in _words("inside"))
    parts = [kept[0], *(_PARTICLE.sub("", name) for name in (*inside, *kept[1:][-1:]))]
    marks = "".join(_folded(names[at]) for at in initials)
    folded = tuple(_folded(name) or text.value(name) for name in parts)
    return Spelling(folded, marks, cut["generations"], bool(cut["companies"]))


@lru_cache(maxsize=50_000)
def _folded(name: str) -> str:
    """A word in the form in which words are the same; "" for a sign."""
    folded = "".join(word.surface for word in text.words(name))
    same: Mapping[str, str] = _table()["same"]
    return same.get(folded, folded)


def _ending(kind: NameKind, names: Sequence[str]) -> str:
    """The list in which the last word is, if it does not belong to the name."""
    last = _folded(names[-1])
    if kind != "person" and (last in _words("companies") or (last in _words("legal") and not names[-1].istitle())):
        return "companies"
    return next((of for of in ("generations", "degrees") if len(names) > 2 and last in _words(of)), "")


def _initials(kind: NameKind, names: Sequence[str]) -> list[int]:
    """Where initials stand inside a name that does not begin with one: Channel 4 and Class A are no such names."""
    pattern = _INITIAL if kind == "person" else _DOTTED
    if _INITIAL.fullmatch(names[0]):
        return []
    return [at for at in range(1, len(names) - 1) if pattern.fullmatch(names[at])]


_MAC = re.compile(r"\bMac(?=[A-Z])")
_PARTICLE = re.compile(r"^(?:al|el)[-‐‑](?=\w)", re.IGNORECASE)
_INITIAL = re.compile(r"(?:[A-Z]\.){1,3}|[A-Z]")
_DOTTED = re.compile(r"[A-Z]\.")


def _table() -> Mapping[str, Any]:
    return table("searcher.entities", "names")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_table()[name])


@cache
def _phrases() -> re.Pattern[str]:
    every = map(re.escape, _table()["phrases"])
    return re.compile(rf"\b(?:{'|'.join(every)})\b", re.IGNORECASE)


def _phrase(match: re.Match[str]) -> str:
    short: str = _table()["phrases"][match[0].lower()]
    return short


def acronym(name: str) -> bool:
    """Whether a name, or a mention, is an acronym.

    >>> [acronym(name) for name in ("ICC", "U.N.", "AT&T", "ACME Harbour", "Nato")]
    [True, True, True, False, False]
    """
    return _ACRONYM.fullmatch(name) is not None


_ACRONYM = re.compile(r"(?=.{2,9}$)[A-Z](?:[.&/-]?[A-Zs]){1,7}\.?")
