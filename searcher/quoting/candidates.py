"""Which articles may carry a quote? A plan that finds all of them, and few others.

Of any d + t of its words a text that lacks at most d of them has t, in their order and no farther apart than the
stretch is long: so the rarest words are asked for, each with others behind it, t in a row. Of a long quote one of
its parts must fulfil the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from searcher.engines import Engine
from searcher.query.plan import STEM, Near, Or, Places, Plan, Row, Spot, Term, Terms
from searcher.quoting.aligning import SHARE, Asked

CHAIN = 6
"""How many words in order are asked for. More find fewer articles, and take longer."""

PART = 24
"""How many words are asked for together."""

FIELD = "body"


def plan(quote: Asked, engine: Engine) -> Plan:
    """What finds every article whose text may carry a quote."""
    if quote.is_plain:
        return Row(FIELD, tuple(word.surface for word in quote.words))
    rows = [_rows(quote, at) for at in range(len(quote.words))]
    often = [_often(every, engine) for every in rows]
    return Or(tuple(_part(quote, rows, often, part) for part in _parts(len(rows))))


def _rows(quote: Asked, at: int) -> tuple[Row, ...]:
    """A word of the quote in any of its forms."""
    stems = (Row(FIELD + STEM, (stem,)) for stem in quote.stems[at])
    return (Row(FIELD, (quote.words[at].surface,)), *stems)


def _often(rows: Sequence[Row], engine: Engine) -> int:
    words = Terms(tuple(Term(row.field, row.texts[0]) for row in rows))
    return engine.search(words, "newest", 0, 0).total


def _parts(number: int) -> list[range]:
    """The places of a quote's words, in parts of equal size."""
    parts = -(-number // PART)
    return [range(number * part // parts, number * (part + 1) // parts) for part in range(parts)]


def _part(quote: Asked, rows: Sequence[tuple[Row, ...]], often: Sequence[int], part: range) -> Plan:
    """Some of the rarest words of a part, in order: as many as a text must have of them."""
    least = quote.least if len(part) == len(rows) else -(-len(part) * SHARE // 100)
    chain = min(least, CHAIN)
    rarest = sorted(sorted(part, key=lambda at: (often[at], at))[: len(part) - least + chain])
    return _chained([rows[at] for at in rarest], chain, quote.window - 2)


def _chained(rows: Sequence[tuple[Row, ...]], chain: int, within: int) -> Plan:
    """Articles in which `chain` of the words stand in order, each near the next. The spots of a step are shared by
    those of the step before, so that an engine looks them up once."""
    spots: dict[int, Spot] = {at: Spot(every) for at, every in enumerate(rows)}
    for _ in range(chain - 1):
        longer: dict[int, Spot] = {}
        for at, every in enumerate(rows):
            behind = tuple(spot for other, spot in spots.items() if other > at)
            if behind:
                longer[at] = Spot(every, (Near(behind, within, "after"),))
        spots = longer
    return Places(tuple(dict.fromkeys(spots.values())))
