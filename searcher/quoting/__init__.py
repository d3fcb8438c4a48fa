"""Which articles carry a quote, who had it first, and what has become of its words?

Candidates come from the engine, and each is verified in its text: so the list is exact, by the definition in
aligning.py. A quote counts wherever its words stand in the text below the headline; whether that is in quotation
marks, and who says it there, is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from searcher import search, text
from searcher.errors import IndexDamaged, QueryError
from searcher.generations import Generation
from searcher.model import Article, Quote
from searcher.query.plan import EVERYTHING
from searcher.quoting import aligning, candidates
from searcher.quoting.aligning import FEWEST, Asked, Removed, Stretch

__all__ = ["Asked", "Carrier", "Quoted", "Removed", "Stretch", "Traced", "find", "trace"]

FEW = 300
"""Up to how many articles there must be for all to be looked at."""

MOST = 5_000
"""How many articles are looked at for one quote."""

STEP = 200
"""How many articles are held at once."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """An article that carries a quote: `text` is the stretch as it stands there, `stretch` says what differs.

    `quoted` says whether it stands in quotation marks, or in the turn of a transcript; `speaker` is who says it
    there. `days` is how long after the first it came, None where a day is not known. `copies` counts the articles
    of this text that are folded in it, itself included.
    """

    article: Article
    text: str
    stretch: Stretch
    quoted: bool
    speaker: str | None
    days: int | None = None
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Quoted:
    """The articles that carry a quote, the oldest first, undated ones last; `total` counts folded copies too."""

    asked: Asked
    carriers: tuple[Carrier, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Traced:
    """A quote of an article: `others` carry it too, `first` is the oldest of all that do. `total` is None for
    a quote that too many articles may carry to be looked at."""

    quote: Quote
    total: int | None
    others: int = 0
    first: Carrier | None = None


def find(generation: Generation, content: str, fold: bool = True) -> Quoted:
    """The articles that carry a quote. `fold` shows only the first of those that are copies of one text.

    Raises QueryError for less than FEWEST words, and where more than MOST articles would have to be looked at;
    IndexDamaged.
    """
    quote = aligning.asked(content, search.languages(generation))
    found = _dated(list(_carriers(generation, quote)))
    return Quoted(quote, tuple(_folded(found)) if fold else tuple(found), len(found))


def trace(generation: Generation, article: Article) -> Iterator[Traced]:
    """The quotes of an article that have words enough, each with where else it stands; one after the other."""
    for quote in article.quotes:
        if len(list(text.words(quote.text))) >= FEWEST:
            yield _traced(generation, article, quote)


def _traced(generation: Generation, article: Article, quote: Quote) -> Traced:
    try:
        found = find(generation, quote.text, fold=False)
    except QueryError:  # nearly every article has its words
        return Traced(quote, None)
    others = sum(carrier.article.id != article.id for carrier in found.carriers)
    return Traced(quote, found.total, others, next(iter(found.carriers), None))


def _carriers(generation: Generation, quote: Asked) -> Iterator[Carrier]:
    few = generation.store.count() <= FEW
    plan = EVERYTHING if few else candidates.plan(quote, generation.engine)
    total = generation.engine.search(plan, "oldest", 0, 0).total
    if total > MOST:
        hint = "add more of its words; `search 'quote:\"…\"'` finds a row of words in quotation marks"
        raise QueryError(f"too many articles may carry it: {total:,}", quote.text, (0, len(quote.text)), hint)
    ids = generation.engine.search(plan, "oldest", 0, None).ids
    for at in range(0, len(ids), STEP):
        held = generation.store.get(ids[at : at + STEP])
        for identity in ids[at : at + STEP]:
            if identity not in held:
                raise IndexDamaged(f"an article is missing: {identity}", "`searcher doctor --fix`")
            article = held[identity]
            stretch = aligning.find(quote, article.body, article.language)
            if stretch:
                yield _carrier(article, stretch)


def _carrier(article: Article, stretch: Stretch) -> Carrier:
    """With the quotation that holds most of the stretch, if it holds half of it."""
    overlaps = [(min(one.end, stretch.end) - max(one.start, stretch.start), one) for one in article.quotes]
    shared, quote = max(overlaps, key=lambda pair: pair[0], default=(0, None))
    quoted = quote is not None and 2 * shared >= stretch.end - stretch.start
    speaker = quote.speaker if quote and quoted else None
    return Carrier(article, article.body[stretch.start : stretch.end], stretch, quoted, speaker)


def _dated(found: Sequence[Carrier]) -> list[Carrier]:
    """With the days since the first one that has a day."""
    days = [_day(carrier.article) for carrier in found]
    first = next((day for day in days if day is not None), 0)
    pairs = zip(found, days, strict=True)
    return [replace(carrier, days=None if day is None else day - first) for carrier, day in pairs]


def _day(article: Article) -> int | None:
    when = article.date
    return when.first().toordinal() if when and when.precision == "day" else None


def _folded(found: Sequence[Carrier]) -> Iterator[Carrier]:
    """The first article of each text, in order, with how many there are."""
    numbered = sorted(enumerate(found), key=lambda pair: (pair[1].article.copy or pair[1].article.id, pair[0]))
    groups = groupby(numbered, key=lambda pair: pair[1].article.copy or pair[1].article.id)
    firsts = [(members[0], len(members)) for _, group in groups if (members := list(group))]
    for (_, carrier), copies in sorted(firsts, key=lambda first: first[0][0]):
        yield replace(carrier, copies=copies)
