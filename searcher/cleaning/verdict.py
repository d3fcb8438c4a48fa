"""What cleaning says of the blocks of a page."""

from __future__ import annotations

from typing import NamedTuple

OUTSIDE = "outside the article"
"""What a block is of which no more is known than that it is not the article."""

BY_RULE = 0.9
"""How sure a rule is."""


class Judged(NamedTuple):
    """The verdict on each block (None for the article, else what it is), and how sure it is, 0..1."""

    verdicts: list[str | None]
    sure: list[float]
