"""What must an engine find? A plan: the few things that every engine can look up. `lowering` makes it of a tree.

An index field `body` holds surfaces, `body.stem` stems, and `body.exact` words as they are written, as
text.written() gives them; all have the same positions. Places in a text are [start, end) in these positions; a gap
between two pieces of a field takes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

STEM = ".stem"
"""What is added to a text field's name for its stems."""

EXACT = ".exact"
"""What is added to a text field's name for its words as they are written."""

ANY = "*"
"""In a row of surfaces, any one position: a word, or a gap."""

WEIGHTS: Mapping[str, float] = {"title": 2.0, "lead": 0.25, "body": 1.0}
"""How many times a place of a word counts for the ranking, by where it is. The lead is a part of title and body, so
what stands in it counts a quarter more. Decision 8 has the figures."""

SURFACE_WEIGHT = 0.25
"""How much more a word counts if it stands there in the form that was typed."""

WIDEST = 1000
"""The most words that one pattern may stand for."""


class Term(NamedTuple):
    """A word of an index field, and how many times each place of it counts."""

    field: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Terms:
    """Articles with any of these words: the forms of one word, in the fields where it may stand.

    They count as one word that stands as often as all of them together, each so many times as its weight says, and
    that is as rare as the commonest of them. `weight` is how much that word counts.
    """

    terms: tuple[Term, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """Articles with these words of one field in a row."""

    field: str
    texts: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Places in one text field: where any of these rows of words stands and every condition holds.

    All rows, and those of the conditions' spots, are of one field, in any of its forms ("body", "body.stem",
    "body.exact"); their weights do not count. Equal places, of several rows, are one place.
    """

    rows: tuple[Row, ...]
    where: tuple[Near | First, ...] = ()
    weight: float = 1.0

    @property
    def field(self) -> str:
        """The field; "" where there is no row, and so no place."""
        return base(self.rows[0].field) if self.rows else ""


@dataclass(frozen=True, slots=True)
class Near:
    """Holds for a place if some place of any of the spots that does not overlap it is near; negated: if none is.

    Near is: at most `within` positions lie between the two, or the first words of both stand in the same sentence,
    or paragraph. Order "after": the other place comes after this one; "before": before it.
    """

    spots: tuple[Spot, ...]
    within: int | Literal["sentence", "paragraph"]
    order: Literal["any", "before", "after"] = "any"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class First:
    """Holds for a place that ends within the first `words` positions of its field: its end is at most `words`."""

    words: int


@dataclass(frozen=True, slots=True)
class Places:
    """Articles with at least `times` places of the spots together; no two spots are equal.

    Each spot scores by its weight as a word which stands as often as the spot has places, and is as rare as the
    rarest of its rows: the largest of the rows' sums of their words' rarities. No rows, no score.
    """

    spots: tuple[Spot, ...]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Close:
    """Articles where these words of one field lie, in any order, in a stretch with at most `slack` other positions.

    A word given twice must stand twice. The score is that of a row of the words; it occurs once for each position
    where one of the words stands and the shortest stretch from there on that holds them all has at most `slack`
    others.
    """

    field: str
    texts: tuple[str, ...]
    slack: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Value:
    """Articles with any of these whole values, folded as text.value() does. Does not count for the ranking."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Articles whose number is from `low` to `high`, both included; None is open. Does not count either."""

    field: str
    low: int | None
    high: int | None


class Part(NamedTuple):
    """A node, and what matching it scores besides what the node scores."""

    node: Plan
    weight: float


@dataclass(frozen=True, slots=True)
class Several:
    """Articles that match at least `least` of the parts.

    Scores what those that match score, each with its weight, times its own.
    """

    parts: tuple[Part, ...]
    least: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class And:
    """Articles that match every node: all articles if there is none."""

    nodes: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Articles that match any node: no article if there is none."""

    nodes: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that do not match the node."""

    node: Plan


Plan: TypeAlias = Terms | Row | Places | Close | Value | Range | Several | And | Or | Not

EVERYTHING: Plan = And(())
NOTHING: Plan = Or(())

LAST = ".last"
"""What is added to a date field's name for the last day that the date can be."""


def base(name: str) -> str:
    """The field of an index field: `body` of `body`, `body.stem` and `body.exact`."""
    return name.partition(".")[0]
