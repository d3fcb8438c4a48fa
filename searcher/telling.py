"""How did a story spread? Who had it first, who followed, how far behind, and what share was copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from searcher import text
from searcher.errors import ArchiveError
from searcher.generations import Generation
from searcher.judging import moment, own_date
from searcher.model import Article, When
from searcher.query.plan import Value

SHINGLE = 5
"""How many words in a row count as copied."""

MOST = 1_000
"""How many articles of a story are told at most: the first ones."""


class Telling(NamedTuple):
    """One article of a story.

    `hours` is how far it is behind the first, where both give the hour; `days` where both give the day. None is not
    known. `copied` is the share of its words, 0..1, that stand in rows of SHINGLE in articles before it.
    """

    article: Article
    hours: float | None
    days: int | None
    copied: float


@dataclass(frozen=True, slots=True)
class Story:
    """A story: its articles in the order they came, at most MOST of them; `total` counts all. `texts` is how many
    different texts there are among them, `copied` the share of the words of all but the first that were copied."""

    id: str
    total: int
    texts: int
    sources: tuple[str, ...]
    tellings: tuple[Telling, ...]
    copied: float


def story(generation: Generation, article: Article) -> Story:
    """The story that an article is of. Raises ArchiveError if the index has changed meanwhile and it is gone."""
    found = generation.engine.search(Value("story", (text.value(article.story),)), "oldest", 0, MOST)
    held = sorted(generation.store.get(found.ids).values(), key=lambda each: (moment(each), each.id))
    if not held:
        raise ArchiveError(f"no such story: {article.story}", "`searcher index` brings the index up to date")
    tellings = tuple(_told(held))
    sources = dict.fromkeys(each.source for each in held if each.source)
    words = [each.article.words for each in tellings[1:]]
    copied = sum(each.copied * each.article.words for each in tellings[1:]) / max(1, sum(words))
    return Story(held[0].story, found.total, len({each.copy for each in held}), tuple(sources), tellings, copied)


def _told(articles: Sequence[Article]) -> Iterator[Telling]:
    first, known = own_date(articles[0]), set[tuple[str, ...]]()
    for article in articles:
        when = own_date(article)
        share = _known(article, known)
        yield Telling(article, _hours(first, when), _days(first, when), share)


def _known(article: Article, known: set[tuple[str, ...]]) -> float:
    """The share of its words that stand in known rows; its own rows are known from then on."""
    words = text.terms(article.body, None)[0]
    size = min(SHINGLE, max(1, len(words)))
    rows = [tuple(words[at : at + size]) for at in range(len(words) - size + 1)]
    copied = bytearray(len(words))
    for at, row in enumerate(rows):
        if row in known:
            copied[at : at + size] = b"\1" * size
    known.update(rows)
    return sum(copied) / max(1, len(words))


def _hours(first: When | None, when: When | None) -> float | None:
    began, came = (one and one.time() for one in (first, when))
    return (came - began).total_seconds() / 3600 if began and came else None


def _days(first: When | None, when: When | None) -> int | None:
    if not (first and when and first.precision == when.precision == "day"):
        return None
    return (when.first() - first.first()).days
