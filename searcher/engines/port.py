"""What does every engine do? The port: as small as its callers need. And the entry: an article as engines see it.

Highlighting, "more like this" and raw requests are not in it, on purpose: those need the article or the query
language, which an engine does not know.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol, runtime_checkable

from searcher import fields, text
from searcher.model import Article, Sort
from searcher.query.plan import LAST, Plan
from searcher.text import Words


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as an engine sees it: words by position, whole values as they are shown, numbers.

    Dates are days since 0001-01-01 (date.toordinal()); `date` is the first and `date.last` the last day that the
    article's date can be. Of the values of `person`, and so of the other ABOUT, the first `person.main` are those
    that the article is about; without that number, all. No field has a value twice. A field that is not known is
    absent. `article` is for engines that keep the articles themselves.
    """

    id: str
    words: Mapping[str, Words]
    values: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    article: Article | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """The ids asked for, in order, their scores, and how many articles match in all."""

    ids: tuple[str, ...]
    scores: tuple[float, ...]
    total: int


class Counts(Mapping[str, int]):
    """Values, and in how many articles each stands."""

    @abstractmethod
    def most_common(self, n: int) -> list[tuple[str, int]]:
        """The `n` largest counts, or all if there are fewer: by count, falling, then by value, rising."""

    @abstractmethod
    def groups(self, values: Iterable[str]) -> dict[str, int]:
        """Of each of these values in how many groups the articles are in which it stands; 0 if it is in none."""


class Tallied(Counts):
    """Counts that are all at hand."""

    def __init__(self, counts: Mapping[str, int], groups: Mapping[str, int]) -> None:
        self._counts = counts
        self._groups = groups

    def __getitem__(self, value: str) -> int:
        return self._counts[value]

    def __iter__(self) -> Iterator[str]:
        return iter(self._counts)

    def __len__(self) -> int:
        return len(self._counts)

    def most_common(self, n: int) -> list[tuple[str, int]]:
        return sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))[:n]

    def groups(self, values: Iterable[str]) -> dict[str, int]:
        return {value: self._groups.get(value, 0) for value in values}


PERIODS = ("year", "month", "week", "day")
"""What dates are counted by, beside the fields."""

ABOUT = ("person", "place", "org", "entity")
"""The fields of names of which an article may be about some, and only mention the others."""

MAIN = ".main"
"""What is added to the name of one of ABOUT for those that articles are about."""


def period(name: str, value: str) -> str | None:
    """The period that a date lies in; None if the date is not known as well as that. A week is its Monday.

    >>> [period(name, "2015-05-12") for name in PERIODS], period("day", "2015-05")
    (['2015', '2015-05', '2015-05-11', '2015-05-12'], None)
    """
    known = fields.PERIODS["day" if name == "week" else name]
    if len(value) < known:
        return None
    if name != "week":
        return value[:known]
    day = date.fromisoformat(value)
    return (day - timedelta(days=day.weekday())).isoformat()


class Engine(Protocol):
    """One index of one engine. Searches may run in several threads; writes in one."""

    def write(self, put: Iterable[Entry], drop: Iterable[str], last: int) -> None:
        """Adds or replaces entries and drops ids, all or nothing, and remembers `last` as the newest one seen.

        `put` is consumed once, as it comes: it may be a generator over a whole archive. Of entries with one id the
        last holds; an id that is put and dropped is held. Raises IndexFull, and leaves the index as it was, if
        there is no room.
        """

    def last(self) -> int:
        """What the newest write() was told to remember; 0 before the first."""

    def search(self, plan: Plan, sort: Sort, offset: int, limit: int | None) -> Found:
        """The articles that match, in an order that never changes between equal calls.

        Ties of relevance go to the newer article, then to the smaller id; undated articles come last when
        sorted by date, those without a source last when sorted by source. Raises IndexDamaged if a file cannot
        be read: never an empty answer instead.
        """

    def count(self, plan: Plan, names: Sequence[str], by: str | None = None) -> Mapping[str, Counts]:
        """For each field of whole values or names: its values among the matching articles, and in how many.

        The values of `date` are "2015-05-12", "2015-05" or "2015", as much as is known; PERIODS are names too, and
        count the dates as period() puts them together. Of `person.main`, and so of the other ABOUT, the values are
        those that one matching article at least is about, counted as those of `person` are.

        `by` is a field of which articles have one value at the most: those with the same one are a group. An
        article without one, and every article where nothing is given, is a group of its own.
        """

    def terms(self, name: str, prefix: str) -> Iterable[str]:
        """The words, or folded whole values, of an index field that begin with `prefix`, sorted.

        Of words as they are written ("body.exact") only those that are not written as their surface.
        """

    def check(self) -> list[str]:
        """What is wrong with the engine's files, a line each; reads every byte."""

    def close(self) -> None:
        """Lets go of the files."""


@runtime_checkable
class Shared(Protocol):
    """An engine whose index lies where others find it by a name."""

    def size(self) -> int:
        """How many bytes it has there."""

    def publish(self, **facts: Any) -> None:
        """Lets this index answer under its name from now on, with what readers must know; removes the others."""


NAMES = tuple(field.name for field in fields.FIELDS if field.kind == "name")
TEXTS = tuple(field.name for field in fields.FIELDS if field.kind == "text")
VALUES = ("date", *(field.name for field in fields.FIELDS if field.kind in ("value", "name")))
NUMBERS = ("date", "date" + LAST, "words", "ingested", "ingested" + LAST, *(name + MAIN for name in ABOUT))


def entry_of(article: Article) -> Entry:
    """The article as engines see it. `has` names every field that it has something in."""
    salient = frozenset(map(text.value, article.salient))
    values = {name: _unique(shown) for name, shown in _values(article).items() if shown}
    values |= {name: _main_first(values[name], salient) for name in ABOUT if name in values}
    words = {name: _words(pieces, article.language) for name, pieces in _texts(article)}
    words = {name: cut for name, cut in words.items() if cut.surfaces}
    words |= {name: Words(_named(values[name])) for name in NAMES if name in values}
    numbers = _numbers(article)
    if salient:
        numbers |= {name + MAIN: _main(values[name], salient) for name in ABOUT if name in values}
    values["has"] = tuple(sorted({*values, *words, *numbers} & fields.BY_NAME.keys()))
    return Entry(article.id, words, values, numbers, article)


def _texts(article: Article) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A first sentence shown for want of a headline is no title: it stands in the body, and would count twice."""
    headline = () if article.origins.get("title") == "first sentence" else (article.title,)
    yield "title", headline
    yield "lead", (*headline, article.lead)
    yield "body", (article.body,)
    yield "quote", tuple(quote.text for quote in article.quotes)
    yield "boilerplate", tuple(piece.text for piece in article.stripped)


def _words(pieces: Iterable[str], language: str | None) -> Words:
    """The words of a field's pieces, a gap between two; each piece begins a sentence and a paragraph."""
    return text.joined(words for piece in pieces if (words := text.cut(piece, language)).surfaces)


def _named(values: Iterable[str]) -> list[str]:
    surfaces: list[str] = []
    for value in values:
        surfaces += ["", *(word.surface for word in text.words(value))]
    return surfaces


def _values(article: Article) -> dict[str, tuple[str, ...]]:
    return {
        "source": _one(article.source),
        "agency": _one(article.agency),
        "author": article.authors,
        "person": article.people,
        "place": article.places,
        "org": article.orgs,
        "entity": (*article.people, *article.places, *article.orgs),
        "speaker": article.speakers,
        "lang": _one(article.language),
        "section": _one(article.section),
        "tag": article.tags,
        "url": _one(article.url),
        "id": (article.id,),
        "copy": _one(article.copy),
        "story": _one(article.story),
        "is": _kinds(article),
        "date": _one(article.date.value if article.date else None),
    }


def _kinds(article: Article) -> tuple[str, ...]:
    """The first of its copies is no duplicate."""
    return (*article.flags, "duplicate") if article.copy not in ("", article.id) else article.flags


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    """Values that differ in case alone are one, shown as the first of them."""
    return tuple({text.value(value): value for value in reversed(values)}.values())[::-1]


def _main_first(values: tuple[str, ...], salient: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(values, key=lambda value: text.value(value) not in salient))


def _main(values: tuple[str, ...], salient: frozenset[str]) -> int:
    return sum(text.value(value) in salient for value in values)


def _numbers(article: Article) -> dict[str, int]:
    numbers = {"words": article.words}
    if article.date:
        numbers |= {"date": article.date.first().toordinal(), "date" + LAST: article.date.last().toordinal()}
    if article.ingested:
        day = date.fromisoformat(article.ingested).toordinal()
        numbers |= {"ingested": day, "ingested" + LAST: day}
    return numbers
