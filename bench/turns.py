"""How long does each engine take for the same questions? In turns, so that a busy machine is busy for all.

A turn is one query, or a block of some. Query by query, an engine finds the processor's caches as another has left
them: that adds a tenth of a millisecond to each query of a fast engine that comes after a slow one, and hides most
of what two fast engines differ by. In blocks, each engine is warm. Turns rotate. Rings of garbage are looked for
between blocks, never while time is taken.

Time is CPU time of all threads: on a busy machine the clock stretches the long searches of slow engines, and not
the short ones of fast engines, which end before anyone interrupts them.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

from asking import Query
from contenders import Answer, Searching, contender

What = Literal["top", "facets"]
Seconds = dict[str, list[float]]
"""By contender, a number for each query in order."""

BLOCK = 25
"""How many queries a block has; garbage is looked for after as many."""

AGAIN = 3
"""How many queries warm an engine anew before its block."""


class Round(NamedTuple):
    """What is asked: queries that warm, queries that count, and how many of these an engine is asked in a turn."""

    warming: Sequence[Query]
    counting: Sequence[Query]
    what: What
    block: int = BLOCK


def timed(work: Callable[[], Any], clock: Callable[[], float]) -> tuple[float, Any]:
    """Seconds that a call takes, and what it gives."""
    began = clock()
    found = work()
    return clock() - began, found


def spread(seconds: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th percentile, in milliseconds."""
    return statistics.median(seconds) * 1000, statistics.quantiles(seconds, n=20)[-1] * 1000


def take_turns(folder: Path, names: Sequence[str], asked: Round) -> tuple[Seconds, dict[str, int]]:
    """The seconds of the queries that count; and how many answers of each engine have other numbers than ours.

    The indexes are opened anew: what an earlier round left in memory helps nobody.
    """
    with ExitStack() as stack:
        opened = {name: stack.enter_context(closing(contender(name).open(folder / name))) for name in names}
        for name in names:
            _ask(opened[name], asked.warming, asked.what)
        gc.collect()
        gc.freeze()
        gc.disable()
        try:
            return _rounds(opened, asked)
        finally:
            gc.enable()
            gc.unfreeze()


def _rounds(opened: Mapping[str, Searching], asked: Round) -> tuple[Seconds, dict[str, int]]:
    seconds: Seconds = {name: [] for name in opened}
    different = dict.fromkeys(opened, 0)
    for start in range(0, len(asked.counting), asked.block):
        block = asked.counting[start : start + asked.block]
        answers = {}
        for name in _rotated(list(opened), start // asked.block):
            if asked.block > 1:
                _ask(opened[name], asked.warming[:AGAIN], asked.what)
            taken = _ask(opened[name], block, asked.what)
            seconds[name] += [passed for passed, _ in taken]
            answers[name] = [answer for _, answer in taken]
        for name, found in answers.items():
            different[name] += sum(map(partial(_differs, name), block, found, answers["ours"]))
        if start % BLOCK == 0:
            gc.collect()
    return seconds, different


def _rotated(names: list[str], first: int) -> list[str]:
    first %= len(names)
    return names[first:] + names[:first]


def _ask(searching: Searching, queries: Sequence[Query], what: What) -> list[tuple[float, Any]]:
    """Seconds and answer of each query; the questions are made ready before."""
    calls = [partial(getattr(searching, what), searching.ready(query.asked)) for query in queries]
    return [timed(call, time.process_time) for call in calls]


def _differs(name: str, query: Query, answer: Any, ours: Any) -> bool:
    """Whether totals, or the counts of facets, are not those of our engine; says so."""
    one, other = (found.total if isinstance(found, Answer) else found.numbers() for found in (answer, ours))
    if one != other:
        shown = f": {one:,} articles, ours {other:,}" if isinstance(answer, Answer) else " in its facets"
        print(f"warning: {name} differs{shown}: {str(query)[:200]}", file=sys.stderr)
    return bool(one != other)
