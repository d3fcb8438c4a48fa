"""On which pages do our cleaning and trafilatura disagree most? Each judges the page; their texts are compared."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

from searcher import cleaning, reading
from searcher.cleaning.judge import NAME
from searcher.model import Page, Unread
from searcher.settings import Settings
from searcher.text import terms


@dataclass(frozen=True, slots=True)
class Differing:
    """A block that only one of the two keeps; `reason` is what the other says it is."""

    text: str
    kept_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One page: the word F1 of the two texts (1 for the same words), the words that only one has, and the blocks on
    which they differ, in the order of the page."""

    file: str
    member: str | None
    title: str
    f1: float
    only_ours: int
    only_theirs: int
    differing: tuple[Differing, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The `rows` that differ most, the most first; how many `pages` were compared, how many have the `same` words,
    and the mean F1; `passed` counts what is no web page, or gave none."""

    rows: tuple[Compared, ...]
    pages: int
    same: int
    f1: float
    passed: int


def compare(
    paths: Sequence[Path], settings: Settings, root: Path | None = None, limit: int | None = 20
) -> Comparison:
    """The pages of these files and folders, or else of the archive at `root`, on which the two disagree most.

    No more than `limit` pages are held; None is all of them. Raises ArchiveError for a path that does not exist,
    SettingsError where trafilatura is not installed.
    """
    asked = replace(settings, cleaning=NAME)
    cleaning.ready(NAME)
    tally = _Tally()
    found = tally.counted(reading.pages(paths or _corpus(root, settings), asked, root))
    rows = heapq.nsmallest(limit, found, key=_rank) if limit is not None else sorted(found, key=_rank)
    return Comparison(tuple(rows), tally.pages, tally.same, tally.total / max(1, tally.pages), tally.passed)


def _corpus(root: Path | None, settings: Settings) -> list[Path]:
    return [root / folder for folder in settings.corpus] if root else []


def _rank(row: Compared) -> tuple[float, str, str]:
    return row.f1, row.file, row.member or ""


class _Tally:
    """Counts the pages that go by."""

    def __init__(self) -> None:
        self.pages = self.same = self.passed = 0
        self.total = 0.0

    def counted(self, pages: Iterable[Page | Unread]) -> Iterator[Compared]:
        """The pages on which the two differ."""
        for page in pages:
            if isinstance(page, Unread) or not page.markup:
                self.passed += 1
                continue
            row = compared(page)
            self.pages += 1
            self.total += row.f1
            self.same += row.f1 == 1
            if row.f1 < 1 or row.differing:
                yield row


def compared(page: Page) -> Compared:
    """What the two make of a page with its markup. Where both keep nothing, they agree."""
    ours = cleaning.clean(replace(page, markup="")).verdicts
    theirs = cleaning.clean(page).verdicts
    one, other = _words(page, ours), _words(page, theirs)
    shared = (one & other).total()
    title = next((unescape(claim.value) for claim in page.claimed("title")), "")
    return Compared(
        page.provenance.file, page.provenance.member, title,
        2 * shared / (one.total() + other.total()) if one or other else 1.0,
        one.total() - shared, other.total() - shared, tuple(_differing(page, ours, theirs)),
    )  # fmt: skip


def _words(page: Page, verdicts: Sequence[str | None]) -> Counter[str]:
    kept = (block.text for block, verdict in zip(page.blocks, verdicts, strict=True) if verdict is None)
    return Counter(word for text in kept for word in terms(text, None)[0])


def _differing(page: Page, ours: Sequence[str | None], theirs: Sequence[str | None]) -> Iterator[Differing]:
    for block, one, other in zip(page.blocks, ours, theirs, strict=True):
        if block.text and (one is None) != (other is None):
            yield Differing(block.text, "ours" if one is None else NAME, one or other or "")
