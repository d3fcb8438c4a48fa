"""Which words does a pattern fit? Wildcards, regular expressions, typing errors; none of them can run away.

Regular expressions are matched by RE2 (https://github.com/google/re2), in time that grows with the words and not
with the possibilities; typing errors by the optimal string alignment distance: two swapped letters are one error.
Both libraries are loaded when a query needs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from searcher import text
from searcher.errors import QueryError
from searcher.query import lexing

_WILD = re.compile(r"[*?]")
_SIGNS = re.compile(r"[:：,;，；、،'‘<>=]")
_LARGEST = 1 << 22
"""Bytes that a compiled regular expression may take."""

Fits = Callable[[Iterable[str]], Iterator[str]]
"""Words or folded values → those of them that fit."""


def is_wild(typed: str) -> bool:
    """Whether there is a wildcard in a word."""
    return _WILD.search(typed) is not None


def canonical(typed: str, whole_values: bool) -> str:
    """A pattern whose text is read as the same pattern: in text, what parts words becomes a dash."""
    if whole_values:
        return typed if is_one_token(typed) else _SIGNS.sub("?", typed).lstrip("-!=/@+−－‐‑") or "?"
    return re.sub(r"[^\w*?]+", "-", typed).strip("-")


def is_one_token(typed: str) -> bool:
    """Whether this is read as one word of the same text wherever it stands, also before a bracket."""
    if not typed.strip("-!−－‐‑") or typed.startswith("~"):
        return False
    try:
        return all(
            [(token.kind, token.text) for token in lexing.tokens(before + typed + behind)]
            == [*first, ("word", typed), *last]
            for before, first in (("", []), ("url:", [("field", "url")]))
            for behind, last in ((")", [("close", ")")]), (" (", [("open", "(")]), (" 5", [("word", "5")]))
        )
    except QueryError:
        return False


def wild(pattern: str, fold: Callable[[str], str]) -> tuple[str, Fits]:
    """What the words that a wildcard fits begin with, and the test of a word."""
    pieces = [piece if piece in "*?" else fold(piece) for piece in re.split(r"([*?])", pattern)]
    expression = "".join({"*": ".*", "?": "."}.get(piece, re.escape(piece)) for piece in pieces)
    prefix = pieces[0] if pieces[0] not in ("*", "?") else ""
    if not prefix:  # all words of a field must be looked at
        return prefix, regex(expression)
    wanted = re.compile(expression, re.DOTALL)
    return prefix, lambda words: (word for word in words if wanted.fullmatch(word))


def fuzzy(word: str, edits: int) -> Fits:
    """The words that are at most so many edits away."""

    def near(words: Iterable[str]) -> Iterator[str]:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        likely = regex(_one_edit(word))(words) if edits == 1 else words  # which is four times as fast
        found = process.extract(word, list(likely), scorer=OSA.distance, score_cutoff=edits, limit=None)
        return (other for other, _, _ in found)

    return near


def _one_edit(word: str) -> str:
    """A regular expression for the words that are one edit away, and the word itself."""
    letters = list(map(re.escape, word))
    cuts = range(len(letters) + 1)
    other = ["".join([*letters[:at], ".?", *letters[at + 1 :]]) for at in cuts[:-1]]
    more = ["".join([*letters[:at], ".", *letters[at:]]) for at in cuts]
    swapped = ["".join([*letters[:at], *letters[at : at + 2][::-1], *letters[at + 2 :]]) for at in cuts[:-2]]
    return "|".join([*other, *more, *swapped])


def distance(word: str, other: str) -> int:
    """How many edits lie between two words."""
    from rapidfuzz.distance import OSA

    return int(OSA.distance(word, other))


def regex(pattern: str) -> Fits:
    """The words that a regular expression fits whole. It must have no fault().

    One pass over all words, a line each: a call for every word would take a hundred times as long.
    """
    compiled = _compiled(pattern)

    def fit(words: Iterable[str]) -> Iterator[str]:
        lines = (words if isinstance(words, text.Lines) else text.Lines(words)).text.encode("utf-8", "replace")
        return (match.group().decode("utf-8") for match in compiled.finditer(lines) if match.group())

    return fit


def fault(pattern: str) -> tuple[str, str] | None:
    """What is wrong with a regular expression, and what to do about it."""
    import re2

    try:
        re2.compile(pattern, _options())  # by itself: "a)|(b" would be whole only within other brackets
        _compiled(pattern)
    except re2.error as error:
        said = error.args[0] if error.args else b""
        why = (said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)).lower()
        hint = "look-around and references to groups are not possible; \\ before a sign takes it as it is"
        return f"bad regular expression, {why}: {pattern}", hint
    return None


def _compiled(pattern: str) -> Any:
    import re2

    return re2.compile(f"(?m)^(?:{_folded(pattern)})$", _options())


def _options() -> Any:
    import re2

    options = re2.Options()
    options.max_mem = _LARGEST
    options.log_errors = False
    options.case_sensitive = False
    options.never_nl = True  # nothing fits more than its line
    return options


def _folded(pattern: str) -> str:
    """The pattern with plain letters for those with accents, as words are indexed."""
    return "".join(char if char.isascii() else text.fold(char) or char for char in pattern)
