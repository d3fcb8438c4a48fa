"""Are the goals of the engine met? Figures of one run beside what was wanted, a column for each size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from contenders import ROOMY

Figures = Mapping[str, float]
"""What was measured at one size: "ours.rate" and the like. What was not measured is absent."""


class Goal(NamedTuple):
    """What is wanted of one figure. `at` is the size that it is wanted at; None: at every size."""

    what: str
    value: Callable[[Figures], float]
    atleast: bool
    limit: float
    unit: str
    at: int | None = None


def ratio(one: str, other: str) -> Callable[[Figures], float]:
    """One figure divided by another."""
    return lambda figures: figures[one] / figures[other]


def figure(name: str) -> Callable[[Figures], float]:
    """One figure as it is."""
    return lambda figures: figures[name]


def _against(part: str) -> Callable[[Figures], float]:
    return ratio(f"ours.{part}", f"tantivy.{part}")


LARGE, HUGE = 110_000, 1_000_000
_WHOLE = "top ten, five facets and time line"

GOALS = (
    Goal("build, articles a CPU second, against stock", ratio("ours.rate", "stock.rate"), True, 8, "×"),
    Goal(
        "build, articles a CPU second, against stock with 4 GB", ratio("ours.rate", f"{ROOMY}.rate"), True, 8, "×"
    ),
    Goal("build, articles a CPU second, against Tantivy", ratio("ours.rate", "tantivy.rate"), True, 0.7, "×"),
    Goal("size against stock", ratio("ours.size", "stock.size"), False, 0.55, "×"),
    *(
        goal
        for how, part in (("", ""), (", query by query", ".each"))
        for goal in (
            Goal(f"top ten, speed against stock{how}", ratio(f"stock.top{part}", f"ours.top{part}"), True, 40, "×"),
            Goal(f"top ten, time against Tantivy{how}", _against("top" + part), False, 2.5, "×"),
            Goal(f"phrase of two stop words, time against Tantivy{how}", _against("stops" + part), False, 3, "×"),
            Goal(f"five facets and months, time against Tantivy{how}", _against("facets" + part), False, 1, "×"),
        )
    ),
    Goal(f"{_WHOLE}, median", figure("ours.alone.median"), False, 5, "ms", LARGE),
    Goal(f"{_WHOLE}, 95th percentile", figure("ours.alone.slow"), False, 20, "ms", LARGE),
    Goal(f"{_WHOLE}, median", figure("ours.alone.median"), False, 40, "ms", HUGE),
    Goal("build, peak memory", figure("ours.memory"), False, 1500, "MB", HUGE),
    Goal("ten articles added, until they are found", figure("ours.add.seconds"), False, 0.5, "s", LARGE),
    Goal("memory of a search process, without mapped files", figure("ours.alone.memory"), False, 300, "MB", LARGE),
)


def rows(measured: Mapping[int, Figures]) -> list[list[str]]:
    """The table of goals; "–" where a figure was not measured, "yes" or "no" where it was wanted."""
    head = ["what", "goal", *(f"{size:,} articles" for size in measured)]
    return [head, *([goal.what, _wanted(goal), *(_cell(goal, *one) for one in measured.items())] for goal in GOALS)]


def _wanted(goal: Goal) -> str:
    sign = "at least" if goal.atleast else "at most"
    where = f" at {goal.at:,}" if goal.at else ""
    return f"{sign} {goal.limit:g} {goal.unit}{where}"


def _cell(goal: Goal, size: int, figures: Figures) -> str:
    try:
        value = goal.value(figures)
    except KeyError:
        return "–"
    shown = f"{value:.3g} {goal.unit}" if value < 1000 else f"{value:,.0f} {goal.unit}"
    if goal.at not in (None, size):
        return shown
    return f"{shown}, {'yes' if (value >= goal.limit) == goal.atleast or value == goal.limit else 'no'}"
