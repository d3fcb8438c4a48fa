"""Who says which words of a text are names? The model of its language, rules, or a spaCy pipeline.

`names` in searcher.toml is "own"; "rules" for no model in any language; or "spacy:" and the name of a pipeline,
which is loaded when the first text asks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from searcher.errors import SettingsError
from searcher.metadata import casing, marking, patterns
from searcher.metadata.cast import Piece
from searcher.metadata.tokens import Token
from searcher.model import NameKind
from searcher.settings import FILE, RULES, SPACY

LANGUAGES = ("en", "de", "fr")
"""The languages with a model."""

_SMALL = {
    language: frozenset(small.split())
    for language, small in {
        "en": "the of and to at was that with for",
        "de": "der die und das den von ist nicht mit",
        "fr": "le les et du est dans pour une sont",
        "es": "el los las del que y una por",
        "it": "il gli di che della e per",
        "pt": "os do da em que uma com",
        "nl": "het een van en op niet",
    }.items()
}
"""Small words that tell a language."""


def ready(names: str) -> None:
    """Raises SettingsError if this way of finding names cannot be used."""
    if names.startswith(SPACY):
        _pipeline(names.removeprefix(SPACY))


def pieces(text: str, found: list[Token], title: int, language: str | None, names: str) -> list[Piece]:
    """The mentions of a text whose first `title` characters are its headline, before they are resolved."""
    if names.startswith(SPACY):
        return list(_from_spacy(text, found, names.removeprefix(SPACY)))
    language = language or _guess(found)
    if language in LANGUAGES and names != RULES:
        return marking.pieces(text, found, title, language)
    return patterns.pieces(found, title if casing.title_case(text[:title]) else 0)


def _guess(found: Sequence[Token]) -> str | None:
    """The language whose small words a text uses most; None if it uses none of them."""
    used = [token.text for token in found if not token.capital]
    counts = {language: sum(word in small for word in used) for language, small in _SMALL.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] else None


_SPACY_KINDS: dict[str, NameKind] = {
    "PERSON": "person", "PER": "person", "GPE": "place", "LOC": "place", "FAC": "place", "ORG": "org",
}  # fmt: skip


@cache
def _pipeline(name: str) -> Any:
    try:
        import spacy

        return spacy.load(name)
    except (ImportError, OSError) as error:
        hint = f"pip install 'searcher[spacy]' and the pipeline, or remove `names` from {FILE}"
        raise SettingsError(f"the spaCy pipeline cannot be used: {name}", hint) from error


def _from_spacy(text: str, found: Sequence[Token], name: str) -> Iterator[Piece]:
    starts = [token.start for token in found]
    for entity in _pipeline(name)(text).ents:
        kind = _SPACY_KINDS.get(entity.label_)
        first, after = bisect_left(starts, entity.start_char), bisect_left(starts, entity.end_char)
        if kind and first < after and (piece := marking.piece(found, first, after, kind)):
            yield piece
