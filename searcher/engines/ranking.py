"""In what order do articles come? BM25, and the ties; one definition for the engines that rank in Python."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from math import log
from typing import Any

from searcher import text
from searcher.model import Sort

K1 = 1.2
B = 0.75

LENGTHS = tuple(round((1.033**n - 1) * 27) for n in range(256))
"""The lengths that fields are taken to have: those that Whoosh keeps, in a byte, ascending."""


def rarity(articles: int, having: int) -> float:
    """The weight of a word that `having` of `articles` articles have, as Whoosh defines it."""
    return log(articles / (having + 1)) + 1 if articles else 0.0


def rounded(length: int) -> int:
    """The length that a field of `length` words, gaps left out, is taken to have: the next of LENGTHS.

    >>> rounded(10), rounded(11), rounded(1_000_000)
    (10, 12, 106374)
    """
    return LENGTHS[min(bisect_left(LENGTHS, length), len(LENGTHS) - 1)]


def bm25(often: float, length: float, average: float) -> float:
    """How much a word counts that stands `often` times in a field `length` words long, as rounded() gives it.

    Okapi BM25 (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009) with k1 1.2 and b 0.75;
    multiply it by the word's rarity. `average` is exact: the words of the field in all articles, by the number of
    articles, those without the field included.
    """
    return often * (K1 + 1) / (often + K1 * (1 - B + B * length / (average or 1)))


def sort_key(
    sort: Sort, score: float, article: str, numbers: Mapping[str, int], values: Mapping[str, tuple[str, ...]]
) -> tuple[Any, ...]:
    """What to sort by, ascending. Ties go to the newer article, then to the smaller id; the unknown comes last."""
    day = numbers.get("date", 0)
    match sort:
        case "relevance":
            return -round(score, 9), -day, article
        case "newest":
            return -day, article
        case "oldest":
            return not day, day, article
        case "source":
            source = text.value(next(iter(values.get("source", ())), ""))
            return not source, source, -day, article
