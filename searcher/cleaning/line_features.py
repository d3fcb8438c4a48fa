"""What can be measured of a line, and of the lines around it? Numbers for the model, no judgement.

A row for each block of a page, a column for each name in NAMES. First what a line shows by itself (`line_signs`),
then its neighbours, its place in the page, and the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from searcher.cleaning.line_signs import OWN, signs, words_of
from searcher.cleaning.shape import Shape
from searcher.model import Page

Matrix = npt.NDArray[np.float32]

LONG = 25
"""From this many words on, a paragraph is surely one."""

NEAR = ("size", "ends", "links", "chrome share", "titled", "item")
OFFSETS = (-2, -1, 1, 2)
WINDOWS = (4, 12)
WINDOWED = ("sentence words", "sentence", "known", "chrome share", "size", "links", "lower")
PLACED = (
    "index", "index from end", "place", "words before", "words after", "running before", "running after",
    "running share", "to running before", "to running after", "run of short", "run of running",
    "heading distance", "heading list", "heading level", "heading known", "alike before", "alike after",
    "in running", "in next", "first of running", "main before", "main after", "in main", "known before",
    "known after", "markers since text", "lines since marker", "running since marker", "running until marker",
    "lines to marker", "running to marker",
)  # fmt: skip
WHOLE = ("share of known", "marked")
NAMES = (
    *OWN,
    *(f"{name} {offset:+}" for offset in OFFSETS for name in NEAR),
    *(f"{name} in {side} {width}" for width in WINDOWS for side in ("before", "after") for name in WINDOWED),
    *PLACED,
    *WHOLE,
)


def features(page: Page, shapes: Sequence[Shape], verdicts: Sequence[str | None]) -> Matrix:
    """The numbers of each block; `verdicts` are those of the rules."""
    words = [words_of(shape.text) for shape in shapes]
    own = np.array(signs(shapes, words, verdicts), np.float32).reshape(len(shapes), len(OWN))
    known = np.array([verdict is not None for verdict in verdicts], np.float32)
    base = {name: own[:, place] for place, name in enumerate(OWN)} | {"known": known}
    base["sentence words"] = base["sentence"] * base["size"]
    columns = [own, _near(base), _windows(base), _placed(base, shapes, words), _whole(page, base)]
    return np.hstack(columns).astype(np.float32)


def _shifted(column: Matrix, offset: int) -> Matrix:
    moved = np.full_like(column, -1)
    if offset < 0:
        moved[-offset:] = column[:offset]
    else:
        moved[:-offset] = column[offset:]
    return moved


def _near(base: Mapping[str, Matrix]) -> Matrix:
    """The lines just before and after; -1 beyond the page."""
    columns = []
    for offset in OFFSETS:
        columns += [
            _shifted(base[name], offset) if abs(offset) < len(base[name]) else np.full_like(base[name], -1)
            for name in NEAR
        ]
    return np.stack(columns, 1)


def _windows(base: Mapping[str, Matrix]) -> Matrix:
    """Means over the lines before and after."""
    columns = []
    for width in WINDOWS:
        for side in (-1, 1):
            columns += [_mean(base[name], width, side) for name in WINDOWED]
    return np.stack(columns, 1)


def _mean(column: Matrix, width: int, side: int) -> Matrix:
    sums = np.concatenate([[0.0], np.cumsum(column, dtype=np.float64)])
    at = np.arange(len(column))
    start, end = (np.maximum(0, at - width), at) if side < 0 else (at + 1, np.minimum(len(column), at + 1 + width))
    return np.asarray((sums[end] - sums[start]) / np.maximum(1, end - start), np.float32)


def _placed(base: Mapping[str, Matrix], shapes: Sequence[Shape], words: Sequence[list[str]]) -> Matrix:
    count = len(shapes)
    at = np.arange(count, dtype=np.float32)
    running = base["sentence"] > 0
    size, mass = np.cumsum(base["size"]), np.cumsum(base["sentence words"])
    total, weight = max(1.0, float(size[-1])), max(1.0, float(mass[-1]))
    before, after = _since(running), _since(running[::-1])[::-1]
    first, last = main_run(base["sentence words"])
    columns = [at, count - 1 - at, at / max(1, count), (size - base["size"]) / total, (total - size) / total]
    columns += [(mass - base["sentence words"]) / weight, (weight - mass) / weight, base["sentence words"] / weight]
    columns += [before, after, _runs(~running), _runs(running), *_headed(base)]
    columns += [*_alike(base), *_overlap(base, words), (mass == base["sentence words"]) & running]
    columns += [np.maximum(0, first - at), np.maximum(0, at - last), (at >= first) & (at <= last)]
    hits = np.cumsum(base["known"])
    columns += [hits - base["known"], hits[-1] - hits, *_marked(base, mass)]
    return np.stack([np.asarray(column, np.float32) for column in columns], 1)


def _marked(base: Mapping[str, Matrix], mass: Matrix) -> list[Matrix]:
    """How far the lines that stand at an article's end are: markers since the last long paragraph; the last one,
    and the next, in lines and in words of running text."""
    marks = base["marker"] > 0
    since, lines, words = [], [], []
    count, last, at = 0, -99, 0.0
    for index, (mark, size) in enumerate(zip(marks.tolist(), base["sentence words"].tolist(), strict=True)):
        count = 0 if size >= LONG else count
        since.append(count)
        lines.append(min(99, index - last))
        words.append(float(mass[index]) - at if last >= 0 else -1.0)
        if mark:
            count, last, at = count + 1, index, float(mass[index])
    ahead = _ahead(marks, mass)
    until = [0.0 if value < 0 else float(mass[index]) - value for index, value in enumerate(words)]
    return [np.array(column, np.float32) for column in (since, lines, words, until, *ahead)]


def _ahead(marks: npt.NDArray[np.bool_], mass: Matrix) -> tuple[list[float], list[float]]:
    """Lines, and words of running text, to the next marker."""
    lines, words = [], []
    next_, at = len(marks) + 99, float(mass[-1])
    for index in range(len(marks) - 1, -1, -1):
        lines.append(float(min(99, next_ - index)))
        words.append(at - float(mass[index]))
        if marks[index]:
            next_, at = index, float(mass[index])
    return lines[::-1], words[::-1]


def main_run(mass: Matrix) -> tuple[int, int]:
    """The first and last line of the stretch with most running text, in which each other line costs some words."""
    best = (0.0, 0, -1)
    start, sum_ = 0, 0.0
    for index, words in enumerate(mass.tolist()):
        sum_ += words if words else -12.0
        if sum_ <= 0:
            start, sum_ = index + 1, 0.0
        elif sum_ > best[0]:
            best = (sum_, start, index)
    return best[1], best[2]


def _since(flags: npt.NDArray[np.bool_]) -> Matrix:
    """How many lines ago the last flag was, itself not counted; 99 if none was."""
    found, last = [], -99
    for index, flag in enumerate(flags.tolist()):
        found.append(min(99, index - last))
        if flag:
            last = index
    return np.array(found, np.float32)


def _runs(flags: npt.NDArray[np.bool_]) -> Matrix:
    """How long the run of flagged lines is in which a line stands."""
    found = np.zeros(len(flags), np.float32)
    start = 0
    for index in range(1, len(flags) + 1):
        if index == len(flags) or flags[index] != flags[start]:
            found[start:index] = index - start if flags[start] else 0
            start = index
    return found


def _headed(base: Mapping[str, Matrix]) -> list[list[float]]:
    """The last heading before each line: how far, whether it opens a list, its level, whether it is known."""
    rows: list[list[float]] = [[], [], [], []]
    last, listed, level, known = -99, 0.0, 0.0, 0.0
    opens = base["list"]
    for index in range(len(opens)):
        for row, value in zip(rows, (min(99, index - last), listed, level, known), strict=True):
            row.append(value)
        if base["heading"][index] or opens[index]:
            last, listed, level, known = (
                index,
                float(opens[index]),
                float(base["level"][index]),
                float(base["known"][index]),
            )
    return rows


def _alike(base: Mapping[str, Matrix]) -> list[Matrix]:
    """How many of the three lines before, and after, are alike in kind, links and length."""
    size, links, item = np.log1p(base["size"]), base["links"], base["item"]
    found = []
    for side in (-1, 1):
        alike = np.zeros(len(size), np.float32)
        for offset in (1, 2, 3):
            if offset < len(size):
                near = np.abs(_shifted(size, side * offset) - size) < 0.5
                same = (np.abs(_shifted(links, side * offset) - links) < 0.2) & (
                    _shifted(item, side * offset) == item
                )
                alike += near & same
        found.append(alike)
    return found


def _overlap(base: Mapping[str, Matrix], words: Sequence[list[str]]) -> list[list[float]]:
    """The share of a line's longer words that stand in the running text elsewhere, and in the next five lines."""
    longer = [{word.lower() for word in found[:120] if len(word) > 3} for found in words]
    counts = Counter(
        word for found, running in zip(longer, base["sentence"], strict=True) if running for word in found
    )
    all_, next_ = [], []
    for index, found in enumerate(longer):
        own = 1 if base["sentence"][index] else 0
        all_.append(sum(counts[word] > own for word in found) / max(1, len(found)))
        after = set[str]().union(*longer[index + 1 : index + 6])
        next_.append(len(found & after) / max(1, len(found)))
    return [all_, next_]


def _whole(page: Page, base: Mapping[str, Matrix]) -> Matrix:
    """The same for all lines."""
    row = [base["known"].mean(), page.format == "markdown"]
    return np.tile(np.array(row, np.float32), (len(base["size"]), 1))
