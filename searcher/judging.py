"""Whose copy is an article, of which story is it, which day do its copies lend it, and what are its names?

Copies are found again only where articles came, changed or left: a group that nobody touched stays. Stories are
told anew from the outlines of all, which takes seconds for a hundred thousand articles. So what is decided depends
on which articles there are, never on the order they came in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

import numpy as np

from searcher import copies, stories, text
from searcher.calling import Called, called
from searcher.model import STORY, Article, When
from searcher.store import Batch, Store, Told
from searcher.verdicts import LENT, Verdict

BATCH = 2_000
"""How many articles one transaction changes."""

UNDATED = "9999-12-31"
"""When an article came whose date is not known: behind all others."""

Tags = Mapping[str, tuple[str, ...]]
"""The id of an article → what people tagged it with."""

NO_TAGS: Tags = {}

Tell = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and of how much."""


def moment(article: Article) -> str:
    """When it came, as a text that sorts: its last possible day; an agency's own first; then by the hour."""
    when = own_date(article)
    day = when.last().isoformat() if when else UNDATED
    owned = article.agency and article.source and text.value(article.agency) == text.value(article.source)
    time = when.time() if when else None
    return f"{day} {'0' if owned else '1'} {time.isoformat() if time else '~'}"


def own_date(article: Article) -> When | None:
    """The date that it has not from a copy."""
    return article.date if article.date and article.date.origin != STORY else None


def judge(store: Store, tags: Tags) -> None:
    """Decides anew of all articles, and writes what has changed."""
    told = list(store.told())
    if touched := store.unsettled("copy"):
        verdicts = _verdicts(told, _copies(store, told, touched), called(store, told), tags)
    else:
        verdicts = (one.verdict._replace(tags=tags.get(one.id, ())) for one in told)
    changed = ((one.id, verdict) for one, verdict in zip(told, verdicts, strict=True) if one.verdict != verdict)
    while some := dict(islice(changed, BATCH)):
        store.write(Batch(verdicts=some))


def _copies(store: Store, told: Sequence[Told], touched: frozenset[str]) -> list[int]:
    """A number for each article: the same for those of nearly the same text.

    Of those of equal text one is compared.
    """
    changed = _changed(told, touched)
    last = {_wording(one): at for at, one in enumerate(told)}
    alone, node_of = list(last.values()), {words: node for node, words in enumerate(last)}
    found = copies.groups(
        [told[at].signature for at in alone],
        lambda node: copies.text_of(_own(store, told[alone[node]].id)),
        np.array([changed[at] for at in alone], np.bool_),
        _equal(None if changed[at] else _copy(told[at]) for at in alone),
    )
    return [found[node_of[_wording(one)]] for one in told]


def _wording(one: Told) -> str:
    return one.wording or one.id


def _own(store: Store, identity: str) -> Article:
    return store.own([identity])[identity]


def _equal(names: Iterable[str | None]) -> Iterator[tuple[int, int]]:
    """The numbers of those of one name, as pairs that join them; None is like nothing."""
    first: dict[str, int] = {}
    for at, name in enumerate(names):
        if name is not None and first.setdefault(name, at) != at:
            yield first[name], at


def _copy(one: Told) -> str:
    return one.verdict.copy or one.id


def _changed(told: Sequence[Told], touched: frozenset[str]) -> list[bool]:
    """Which articles are to be compared again: all that were among copies of which one came, changed or left, and
    those that one which came is equal to."""
    wording = {one.wording for one in told if one.wording and _copy(one) in touched}
    touched |= {_copy(one) for one in told if one.wording in wording}
    return [_copy(one) in touched for one in told]


def _verdicts(
    told: Sequence[Told], groups: Sequence[int], named: Sequence[Called], tags: Tags
) -> Iterator[Verdict]:
    """The verdicts, in the order of the articles: the first of a group gives it its name."""
    copied: dict[int, list[int]] = {}
    for at in sorted(range(len(told)), key=lambda at: (told[at].moment, told[at].id)):
        copied.setdefault(groups[at], []).append(at)
    tale = _stories(told, [members[0] for members in copied.values()])
    for at, one in enumerate(told):
        members = copied[groups[at]]
        copy, story = told[members[0]].id, told[tale[members[0]]].id
        lent = None if one.date else _earliest(told[other].date for other in members)
        yield Verdict(_other(copy, one), _other(story, one), lent, tags.get(one.id, ()), named[at])


def _other(identity: str, one: Told) -> str:
    return "" if identity == one.id else identity


def _earliest(days: Iterable[str | None]) -> str | None:
    """The earliest day, or else month or year: the one that is over first."""
    known = (day for day in days if day)
    return min(known, key=lambda day: (When(day, STORY, LENT).last(), day), default=None)


def _stories(told: Sequence[Told], firsts: Sequence[int]) -> dict[int, int]:
    """The first of each story, by the first of each group of copies, which come in order. A text of which the day
    is not known is of no other story."""
    dated = [at for at in firsts if len(told[at].date or "") == 10 and told[at].traits]
    nodes = [stories.Text(_day(told[at]), told[at].source, told[at].traits) for at in dated]
    tale = {at: at for at in firsts}
    for group in stories.grouped(nodes):
        tale |= {dated[member]: dated[group[0]] for member in group}
    return tale


def _day(one: Told) -> int:
    return date.fromisoformat(one.date or "").toordinal()
