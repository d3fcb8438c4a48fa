"""What do the rivals share? How an article looks where fields have plain names and words lie in strings."""

from __future__ import annotations

from articles import FACETS, Article

from searcher.query.plan import STEM

COLUMNS = ("title", "title_stem", "body", "body_stem")
SINGLE, SEVERAL = FACETS[:2], FACETS[2:]
"""Facets with one value an article, and with any number."""


def column(field: str) -> str:
    """The name of an index field where names are plain."""
    return field.replace(STEM, "_stem")


def joined(article: Article) -> dict[str, str]:
    """The words of an article by column, a space between two."""
    forms = (words for cut in (article.title, article.body) for words in (cut.surfaces, cut.stems))
    return dict(zip(COLUMNS, map(" ".join, forms), strict=True))


def month(article: Article) -> int | None:
    """Months since the year 0; None where no day is known."""
    return article.day.year * 12 + article.day.month - 1 if article.day else None


def month_text(number: int) -> str:
    """The month as it is shown.

    >>> month_text(2015 * 12 + 4)
    '2015-05'
    """
    return f"{number // 12:04}-{number % 12 + 1:02}"
