"""Whose copy is an article, of which story is it, which day do its copies lend it, and what are its names?

Copies are found again only where articles came, changed or left: a group that nobody touched stays. Stories are
told anew in the eras of which a day was touched. So what is decided depends on which articles there are, never on
the order they came in; and little is decided anew where little has changed. Copies are settled before stories: what
they change is noted as days that were touched, so that a build which was killed between the two goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import chain
from typing import NamedTuple, TypeVar

from searcher import duplicates, stories, text
from searcher.calling import Calling, call
from searcher.model import STORY, Article, When
from searcher.store import Batch, First, Store, Told
from searcher.verdicts import LENT, Verdict
from searcher.workers import ALONE, Workers

BATCH = 2_000
"""How many articles one transaction changes."""

TOLD = 40_000
"""Of how many articles stories are told at once, unless one era has more: memory is bounded."""

SHARES = 10
"""In about how many lots stories are told that two processes share: of more, more is read twice."""

Item = TypeVar("Item")

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
    copied = workers.meanwhile(duplicates.touched, store)
    tell("names", 0, 0)
    call(store)
    calling = Calling(store)
    called = calling.changed()
    tell("copies", 0, 0)
    groups = copied()
    near = {*called, *tags, *store.tagged()}.difference(chain.from_iterable(groups))
    for some in _lots(chain(groups, ([name] for name in near)), len, BATCH):
        told = store.told(chain.from_iterable(some))
        changed = _changed(told, some, near, calling, tags)
        if changed:
            store.write(Batch(verdicts=changed))
    store.settled("copy")
    store.settled("name")
    _tell_stories(store, tell, workers)
    store.settled("day")


def _lots(items: Iterable[Item], size: Callable[[Item], int], enough: int) -> Iterator[list[Item]]:
    """The items in lots that are large enough, but for the last one."""
    some, sizes = list[Item](), 0
    for item in items:
        some.append(item)
        sizes += size(item)
        if sizes >= enough:
            yield some
            some, sizes = [], 0
    if some:
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
    lent = None if all(one.date for one in held) else _earliest(one.date for one in held)
    for one in held:
        copy, tale = _other(first.id, one), _other(story or first.id, one)
        yield one, one.verdict._replace(copy=copy, story=tale, date=None if one.date else lent)


def _other(identity: str, one: Told | First) -> str:
    return "" if identity == one.id else identity


def _earliest(days: Iterable[str | None]) -> str | None:
    """The earliest day, or else month or year: the one that is over first."""
    known = (day for day in days if day)
    return min(known, key=lambda day: (When(day, STORY, LENT).last(), day), default=None)


def _tell_stories(store: Store, tell: Tell, workers: Workers) -> None:
    """Tells the stories of all eras anew of which a day was touched, some eras at a time."""
    touched = store.unsettled("day")
    if not touched:
        return
    days = {_ordinal(day): number for day, number in store.days().items()}
    length = stories.era(days)
    anew = store.fact("era") != str(length)
    eras = _eras(days, days if anew else map(_ordinal, touched), length)
    enough = min(TOLD, sum(eras.values()) // SHARES) if workers.is_shared else TOLD
    lots = [_Lot(store, some, length) for some in _lots(eras, eras.__getitem__, enough)]
    tell("stories", 0, len(lots))
    for at, changed in enumerate(workers.nearby(_told, lots), 1):
        if changed:
            store.write(Batch(stories=changed))
        tell("stories", at, len(lots))
    store.note("era", length)


def _eras(days: Mapping[int, int], touched: Iterable[int], length: int) -> dict[int, int]:
    """The eras of touched days, in order, and how many articles each of them has."""
    eras = dict.fromkeys(sorted(day // length for day in touched), 0)
    for day, number in days.items():
        if day // length in eras:
            eras[day // length] += number
    return eras


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
