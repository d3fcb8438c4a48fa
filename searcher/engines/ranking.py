"""In what order do articles come? BM25F, and the ties; one definition for the engines that rank in Python.

A word of a query may stand as surface and as stem, in title, lead and body (plan.Terms). All of that is *one* word:
how often it stands is added up over its forms and fields first, by their weights and each by its field's length;
only then comes the curve that says that a tenth mention counts less than a second one (Robertson, Zaragoza, Taylor:
Simple BM25 Extension to Multiple Weighted Fields, 2004). Decision 8 says what that brought.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from math import log
from typing import TYPE_CHECKING, Any, TypeVar

from searcher import text
from searcher.model import Sort

if TYPE_CHECKING:
    from numpy.typing import NDArray

K1 = 1.2
B = 0.75

N = TypeVar("N", float, "NDArray[Any]")
"""A number, or an array of them."""

LENGTHS = tuple(round((1.033**n - 1) * 27) for n in range(256))
"""The lengths that fields are taken to have: those that Whoosh keeps, in a byte, ascending."""


def rarity(articles: int, having: int) -> float:
    """How much a word tells that `having` of `articles` articles have: little where most do, never nothing.

    The inverse document frequency of Robertson and Sparck Jones with the 1 that Lucene adds. Several forms of one
    word are as rare as the commonest of them.
    """
    return log(1 + (articles - having + 0.5) / (having + 0.5))


def rounded(length: int) -> int:
    """The length that a field of `length` words, gaps left out, is taken to have: the next of LENGTHS.

    >>> rounded(10), rounded(11), rounded(1_000_000)
    (10, 12, 106374)
    """
    return LENGTHS[min(bisect_left(LENGTHS, length), len(LENGTHS) - 1)]


def norm(length: N, average: float) -> N:
    """What the number of times that a word stands in a field is divided by: 1 where the field is of average length.

    `length` is as rounded() gives it; `average` is exact: the words of the field in all articles, by the number of
    articles, those without the field included.
    """
    return 1 - B + B * length / (average or 1)


def saturated(often: N) -> N:
    """How much a word counts that stands `often` times, made equal by norm(); multiply it by the word's rarity.

    >>> [round(saturated(often), 2) for often in (0, 1, 2, 10, 1000)]
    [0.0, 1.0, 1.38, 1.96, 2.2]
    """
    return often * (K1 + 1) / (often + K1)


def bm25(often: float, length: float, average: float) -> float:
    """How much a word counts that stands `often` times in one field `length` words long.

    Okapi BM25 (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009) with k1 1.2 and b 0.75.
    """
    return saturated(often / norm(length, average))


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
