"""Which articles are one story, how sure is that, and how long does it take? python bench/stories.py

News items of a sentence or two, with the events that people put them under: of pairs that are called one story, how
many are of one event; of pairs of one event that came on one day, or on two, how many are called one story. An
event may be a whole war, so that most of these are not one happening. Time and memory of 100,000 press releases.
"""

from __future__ import annotations

import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import NamedTuple

from common import news, table

from searcher import metadata, stories
from searcher.model import Article, Provenance

MANY = 100_000


class Item(NamedTuple):
    """A news item: its events, and what a story is told by."""

    events: frozenset[str]
    text: stories.Text


def main() -> None:
    """Measures, prints the table."""
    rows = [*judged(list(items())), *timed(list(releases()))]
    table("stories", "Stories: texts about one event", [["", ""], *rows], ["searcher", "numpy"])


def items() -> Iterator[Item]:
    """The news items that are dated and put under an event."""
    for row in news("wikipedia_current_events"):
        if row.get("text") and row.get("events") and len(row.get("date", "")) == 10:
            yield Item(frozenset(row["events"]), text_of(row, names=True))


def text_of(row: Mapping[str, str], names: bool) -> stories.Text:
    """A row as a story sees it, with the names that are found in it or without."""
    plain = Article("a", row.get("title", ""), "", Provenance("a"), language="en")
    article = metadata.rebody(plain, row["text"]) if names else replace(plain, lead=row["text"][:1000])
    return stories.Text(date.fromisoformat(row["date"]).toordinal(), row.get("source", ""), stories.traits(article))


def judged(found: Sequence[Item]) -> Iterator[list[str]]:
    """Precision over joined pairs, recall over pairs of one event within two days."""
    groups = grouped([item.text for item in found])
    joined = [pair for group in groups for pair in combinations(group, 2)]
    right = sum(bool(found[one].events & found[other].events) for one, other in joined)
    yield ["news items under an event", f"{len(found):,}"]
    yield ["pairs that are called one story", f"{len(joined):,}"]
    yield ["of these of one event", f"{right / max(1, len(joined)):.3f}"]
    of = {at: -at for at in range(len(found))} | {at: group[0] + 1 for group in groups for at in group}
    for days in (0, 1):
        same = list(_same_event(found, days))
        told = sum(of[one] == of[other] for one, other in same)
        yield [f"pairs of one event {days} days apart: called one story", f"{told / max(1, len(same)):.3f}"]


def grouped(texts: Sequence[stories.Text]) -> list[list[int]]:
    """As in an archive of these texts."""
    return stories.grouped(texts, stories.era(Counter(text.day for text in texts)))


def _same_event(found: Sequence[Item], days: int) -> Iterator[tuple[int, int]]:
    order = sorted(range(len(found)), key=lambda at: found[at].text.day)
    for place, one in enumerate(order):
        for other in order[place + 1 :]:
            apart = found[other].text.day - found[one].text.day
            if apart > days:
                break
            if apart == days and found[one].events & found[other].events:
                yield one, other


def releases() -> Iterator[stories.Text]:
    """MANY texts: press releases, some of them more than once."""
    dice = random.Random(1)
    rows = [row for row in news() if row.get("text") and _dated(row)]
    yield from (text_of(row, names=False) for row in dice.choices(rows, k=MANY))


def _dated(row: Mapping[str, str]) -> bool:
    try:
        return bool(date.fromisoformat(row.get("date", "")))
    except ValueError:
        return False


def timed(texts: Sequence[stories.Text]) -> Iterator[list[str]]:
    """CPU seconds and peak memory of telling all stories anew."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    number = sum(len(group) - 1 for group in grouped(texts))
    yield [f"{len(texts):,} press releases: stories told, CPU seconds", f"{time.process_time() - began:.1f}"]
    yield ["joined two by two", f"{number:,}"]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    yield ["memory more than for the outlines, MB", f"{grown / 1024:.0f}"]


if __name__ == "__main__":
    main()
