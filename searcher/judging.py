"""Whose copy is an article, of which story is it, which day do its copies lend it, and what are its names?

Copies are found again only where articles came, changed or left: a group that nobody touched stays. Stories are
told anew in the eras of which a day was touched. So what is decided depends on which articles there are, never on
the order they came in; and little is decided anew where little has changed. Copies are settled before stories: what
they change is noted as days that were touched, so that a build which was killed between the two goes on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import chain, compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from searcher import copies, stories, text
from searcher.calling import Calling, call
from searcher.model import STORY, Article, When
from searcher.store import Batch, First, Store, Told
from searcher.verdicts import LENT, Verdict
from searcher.workers import ALONE, Workers

BATCH = 2_000
"""How many articles one transaction changes."""

ERAS = 12
"""In how many eras stories are told at once: memory is bounded."""

SHARES = 10
"""In how many lots at most stories are told that two processes share: of more, more is read twice."""

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


def judge(store: Store, tags: Tags, tell: Tell = lambda *_: None, workers: Workers = ALONE) -> None:
    """Decides anew of all that may have changed, and writes what has."""
    copied = workers.meanwhile(_copies, store)
    tell("names", 0, 0)
    call(store)
    calling = Calling(store)
    called = calling.changed()
    tell("copies", 0, 0)
    groups = copied()
    near = {*called, *tags, *store.tagged()}.difference(chain.from_iterable(groups))
    for some in _lots([*groups, *([name] for name in near)]):
        told = store.told(chain.from_iterable(some))
        changed = _changed(told, some, near, calling, tags)
        if changed:
            store.write(Batch(verdicts=changed))
    store.settled("copy")
    store.settled("name")
    _tell_stories(store, tell, workers)
    store.settled("day")


def _lots(groups: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    """The groups in lots of about BATCH articles."""
    some, size = list[Sequence[str]](), 0
    for group in groups:
        some.append(group)
        size += len(group)
        if size >= BATCH:
            yield some
            some, size = [], 0
    yield some


def _changed(
    told: Mapping[str, Told], groups: Iterable[Sequence[str]], near: set[str], calling: Calling, tags: Tags
) -> dict[str, Verdict]:
    """The verdicts that are others than before. Whose copy those are that are only `near`, stays."""
    found: dict[str, Verdict] = {}
    for group in groups:
        held = sorted((told[name] for name in group if name in told), key=lambda one: (one.moment, one.id))
        for one, verdict in [(one, one.verdict) for one in held] if group[0] in near else _of_copies(held):
            verdict = verdict._replace(tags=tags.get(one.id, ()), called=calling.called(one.names))
            if verdict != one.verdict:
                found[one.id] = verdict
    return found


def _of_copies(held: Sequence[Told]) -> Iterator[tuple[Told, Verdict]]:
    """The verdicts on copies of one text, which are in order: the first gives the group its name. Its story is as
    before if it was the first before; which is settled later."""
    first = held[0]
    story = first.verdict.story if first.tells and not first.verdict.copy else ""
    for one in held:
        lent = None if one.date else _earliest(other.date for other in held)
        copy, tale = _other(first.id, one), _other(story or first.id, one)
        yield one, one.verdict._replace(copy=copy, story=tale, date=lent)


def _other(identity: str, one: Told | First) -> str:
    return "" if identity == one.id else identity


def _earliest(days: Iterable[str | None]) -> str | None:
    """The earliest day, or else month or year: the one that is over first."""
    known = (day for day in days if day)
    return min(known, key=lambda day: (When(day, STORY, LENT).last(), day), default=None)


class _Row(NamedTuple):
    """What tells an article from its copies before it is read; the first of those that it was among; whether it is
    to be compared again. One that is like none of those has no signature."""

    id: str
    wording: str
    signature: bytes
    copy: str
    changed: bool


def _copies(store: Store) -> list[list[str]]:
    """The groups of nearly the same text of which a member came, changed or left."""
    touched = store.unsettled("copy")
    if not touched:
        return []
    rows = _rows(store, touched)
    found = _grouped(store, rows)
    numbers = {number for number, row in zip(found, rows, strict=True) if row.changed}
    groups = defaultdict[int, list[str]](list)
    for number, row in zip(found, rows, strict=True):
        if number in numbers:
            groups[number].append(row.id)
    return list(groups.values())


def _rows(store: Store, touched: frozenset[str]) -> list[_Row]:
    """The articles that are to be compared again, and what they may be copies of, with all copies of these."""
    ids, wordings, signatures = store.columns("id", "wording", "signature")
    named = store.copies()
    copy = [named.get(identity, identity) for identity in ids]
    changed = _touched(wordings, copy, touched)
    near = copies.near(signatures, changed).tolist()
    names = set(compress(copy, near))
    return [
        _Row(ids[at], wordings[at], signatures[at] if near[at] else b"", name, bool(changed[at]))
        for at, name in enumerate(copy)
        if name in names
    ]


def _touched(wordings: Sequence[str], copy: Sequence[str], touched: frozenset[str]) -> NDArray[np.bool_]:
    """Which articles are to be compared again: all that were among copies of which one came, changed or left, and
    those that one which came is equal to."""
    equal = {wording for wording, name in zip(wordings, copy, strict=True) if wording and name in touched}
    more = {name for wording, name in zip(wordings, copy, strict=True) if wording in equal}
    return np.array([name in touched or name in more for name in copy], np.bool_)


def _grouped(store: Store, rows: Sequence[_Row]) -> list[int]:
    """A number for each article: the same for those of nearly the same text. Of those of equal text one is
    compared."""
    alone = {row.wording or row.id: row for row in rows}
    nodes = list(alone.values())
    node_of = {words: node for node, words in enumerate(alone)}
    found = copies.groups(
        [row.signature for row in nodes],
        lambda node: copies.text_of(_own(store, nodes[node].id)),
        np.array([row.changed for row in nodes], np.bool_),
        _equal(None if row.changed else row.copy for row in nodes),
    )
    return [found[node_of[row.wording or row.id]] for row in rows]


def _own(store: Store, identity: str) -> Article:
    return store.own([identity])[identity]


def _equal(names: Iterable[str | None]) -> Iterator[tuple[int, int]]:
    """The numbers of those of one name, as pairs that join them; None is like nothing."""
    first: dict[str, int] = {}
    for at, name in enumerate(names):
        if name is not None and first.setdefault(name, at) != at:
            yield first[name], at


def _tell_stories(store: Store, tell: Tell, workers: Workers) -> None:
    """Tells the stories of all eras anew of which a day was touched, some eras at a time."""
    touched = store.unsettled("day")
    if not touched:
        return
    days = {_ordinal(day): number for day, number in store.days().items()}
    length = stories.era(days)
    anew = store.fact("era") != str(length)
    eras = sorted({day // length for day in (days if anew else map(_ordinal, touched))})
    size = min(ERAS, 2 + len(eras) // SHARES) if workers.is_shared else ERAS
    lots = [_Lot(store, eras[at : at + size], length) for at in range(0, len(eras), size)]
    tell("stories", 0, len(lots))
    for at, changed in enumerate(workers.nearby(_told, lots), 1):
        if changed:
            store.write(Batch(stories=changed))
        tell("stories", at, len(lots))
    store.note("era", length)


class _Lot(NamedTuple):
    """Eras of which the stories are told at once, and how many days each has."""

    store: Store
    eras: Sequence[int]
    length: int


def _told(lot: _Lot) -> dict[str, str]:
    """The firsts that are of another story than before, with the first of that one."""
    store, eras, length = lot
    inside = sorted({era + step for era in eras for step in (-1, 0, 1)})
    spans = (range(era * length, (era + 1) * length) for era in inside)
    firsts = [first for span in spans for first in store.firsts(_day(span[0]), _day(span[-1]))]
    texts = [stories.Text(_ordinal(first.date), first.source, first.traits) for first in firsts]
    story = {first.id: first.id for first in firsts}
    for group in stories.grouped(texts, length):
        members = [firsts[at] for at in group]
        name = min(members, key=lambda one: (one.moment, one.id)).id
        story |= dict.fromkeys((one.id for one in members), name)
    wanted, changed = set(eras), dict[str, str]()
    for first, one in zip(firsts, texts, strict=True):
        if {(one.day + step) // length for step in (-stories.REACH, 0, stories.REACH)} & wanted:
            tale = _other(story[first.id], first)
            if tale != first.story:
                changed[first.id] = tale
    return changed


@cache
def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _day(ordinal: int) -> str:
    """The day as ISO 8601; what sorts before or behind all days where there is none."""
    if ordinal < 1:
        return ""
    return date.fromordinal(ordinal).isoformat() if ordinal <= date.max.toordinal() else "~"
