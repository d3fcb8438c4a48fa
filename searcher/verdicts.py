"""What does the archive as a whole decide of an article, and what is the article then?

An article is kept as its page makes it. What others decide of it, whose copy it is and of which story, the day that
a copy lends it, what people tagged it with, what its names are called here, is kept beside it, and put on it
whenever it is read: so it can be decided anew without touching the article.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from searcher import entities, text
from searcher.entities.spelling import Form
from searcher.model import STORY, Article, When

LENT = 0.3
"""The confidence of a date that is a copy's."""


class Verdict(NamedTuple):
    """What is decided of one article. `copy` and `story` are "" where it is the first, or the only one, of its own.

    `date` is lent by its copies, and counts if it has none of its own; `tags` are people's; `called` are names that
    the archive has others for, each with the other.
    """

    copy: str = ""
    story: str = ""
    date: str | None = None
    tags: tuple[str, ...] = ()
    called: tuple[tuple[Form, Form], ...] = ()

    def row(self) -> Row:
        """As it is kept: what is seldom there as JSON, or None."""
        return self.copy, self.story, self.date, _short(self.tags), _short(self.called)


NONE = Verdict()
"""The verdict on an article that nothing ties to others."""

Row = tuple[str | None, str | None, str | None, str | None, str | None]


def of_row(copy: str | None, story: str | None, date: str | None, tags: str | None, called: str | None) -> Verdict:
    """The verdict that was kept as this row; NONE if there is no such row."""
    if copy is None:
        return NONE
    pairs = tuple((Form(*form), Form(*name)) for form, name in json.loads(called or "[]"))
    return Verdict(copy, story or "", date, tuple(json.loads(tags or "[]")), pairs)


def _short(values: tuple[object, ...]) -> str | None:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) if values else None


def applied(article: Article, verdict: Verdict) -> Article:
    """The article as its page makes it, with what is decided of it."""
    article = replace(
        entities.renamed(article, dict(verdict.called)),
        copy=verdict.copy or article.id,
        story=verdict.story or article.id,
        tags=_together(article.tags, verdict.tags),
    )
    if verdict.date and not article.date:
        origins = {**article.origins, "date": STORY}
        article = replace(article, date=When(verdict.date, STORY, LENT), origins=origins)
    return article


def _together(own: Iterable[str], given: Iterable[str]) -> tuple[str, ...]:
    """Tags that differ in case alone are one, as its page has it."""
    return tuple({text.value(tag): tag for tag in (*given, *own)}.values()) if given else tuple(own)
