"""At which places of an article do the parts of a plan stand? The definition: engines and snippets follow it.

A place is [start, end) in positions of a field. `Texts` are the words of the fields of one article, by field.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, assert_never

from searcher.model import Span
from searcher.query.plan import ANY, EXACT, STEM, Close, First, Near, Places, Spot, base
from searcher.text import Words

Texts: TypeAlias = Mapping[str, Words]

_NONE = Words(())


def tokens(texts: Texts, name: str) -> Sequence[str]:
    """The words of an index field by position: surfaces, stems, or words as they are written."""
    words = texts.get(base(name), _NONE)
    if name.endswith(STEM):
        return words.stems
    return written(words) if name.endswith(EXACT) else words.surfaces


def written(words: Words) -> list[str]:
    """How each word is written, also where that is its surface."""
    forms = words.written or [""] * len(words.surfaces)
    pairs = zip(words.surfaces, forms, strict=True)
    return [form or (surface and f"{surface}/{surface}") for surface, form in pairs]


def standing(words: Sequence[str], row: Sequence[str]) -> list[Span]:
    """Where the words of `row`, which begins and ends with a word, stand in a row; ANY fits any word but no gap."""
    found, at, width = [], -1, len(row)
    try:
        while True:
            at = words.index(row[0], at + 1)
            if _fits(words[at : at + width], row):
                found.append((at, at + width))
    except ValueError:
        return found


def _fits(words: Sequence[str], row: Sequence[str]) -> bool:
    if len(words) != len(row):
        return False
    return all(one == other or (other == ANY and one != "") for one, other in zip(words, row, strict=True))


def together(words: Sequence[str], texts: Sequence[str], slack: int) -> list[Span]:
    """The stretches, from each word of `texts` on, of as many positions as are allowed, that hold all `texts`.

    The shortest such stretch is short enough if, and only if, the longest allowed holds them all.
    """
    wanted, longest = Counter(texts), len(texts) + slack
    starts = [at for at, word in enumerate(words) if word in wanted]
    return [(at, at + longest) for at in starts if wanted <= Counter(words[at : at + longest])]


def places(spot: Spot, texts: Texts) -> list[Span]:
    """The places of a spot, each once, in order."""
    found = {place for row in spot.rows for place in standing(tokens(texts, row.field), row.texts)}
    return sorted(place for place in found if all(_holds(one, place, spot.field, texts) for one in spot.where))


def all_places(plan: Places, texts: Texts) -> list[tuple[str, Span]]:
    """The places of all spots, each once, with their fields."""
    found = {(spot.field, place): None for spot in plan.spots for place in places(spot, texts)}
    return list(found)


def _holds(condition: Near | First, place: Span, field: str, texts: Texts) -> bool:
    match condition:
        case First(words):
            return place[1] <= words
        case Near(negated=negated):
            return negated != any(True for _ in partners(condition, place, field, texts))
        case _:
            assert_never(condition)


def partners(condition: Near, place: Span, field: str, texts: Texts) -> Iterator[tuple[Spot, Span]]:
    """The places that are near this one as the condition asks."""
    words = texts.get(field, _NONE)
    for spot in condition.spots:
        yield from ((spot, other) for other in places(spot, texts) if _near(condition, place, other, words))


def _near(condition: Near, place: Span, other: Span, words: Words) -> bool:
    before, after = other[1] <= place[0], place[1] <= other[0]
    in_order = {"any": before or after, "before": before, "after": after}[condition.order]
    return in_order and _within(condition, place, other, words)


def _within(condition: Near, place: Span, other: Span, words: Words) -> bool:
    if isinstance(condition.within, int):
        return max(other[0] - place[1], place[0] - other[1]) <= condition.within
    starts = words.sentences if condition.within == "sentence" else words.paragraphs
    return bisect_right(starts, place[0]) == bisect_right(starts, other[0])


def near_together(plan: Close, texts: Texts) -> list[Span]:
    """The stretches of a field in which the words of the plan stand together."""
    return together(tokens(texts, plan.field), plan.texts, plan.slack)
