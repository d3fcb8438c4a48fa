"""What can be measured of the blocks of a page? One row a block, one column a feature, for the block model.

Text by its characters, counted for the whole page at once; where the block stands, and what else stands there; what
is before and after it. Nothing here depends on a language or a site but the worth of names, which was learned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.cleaning.places import Names, Places, Worth
from searcher.model import Block, Page

Column = NDArray[np.float64]

KINDS = {"paragraph": 0, "heading": 1, "item": 2, "quote": 3, "table": 4, "caption": 5, "code": 6, "image": 7}
MAINS = (0.4, 0.75, 0.9)
"""Shares of the running text: the deepest place that holds one is a main part of the page."""

TOO_MUCH = 0.4
"""A place with more of the running text is no furniture, whatever it is called."""

FAR = 50
"""Distances, in blocks, are no longer than this."""

_SPACE, _UPPER, _DIGIT, _COMMA, _END, _MARK, _WIDE, _LINE = range(1, 9)
_CLOSING = "\"'”’»」』)] \n"
_ENDS = frozenset(".!?…。！？؟।:;；")


@cache
def _classes() -> NDArray[np.uint8]:
    """The class of each character of the basic plane."""
    table = np.zeros(0x10000, np.uint8)
    tests = ((_LINE, "\n"), (_COMMA, ",;:，、；：،؛"), (_END, ".!?…。！？؟।"))
    for code, char in enumerate(map(chr, range(0x10000))):
        named = next((kind for kind, chars in tests if char in chars), 0)
        shape = _SPACE if char.isspace() else _UPPER if char.isupper() else _DIGIT if char.isdigit() else 0
        table[code] = named or shape or (0 if char.isalnum() else _MARK)
    for first, last in ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0x0E01, 0x0E5B)):
        table[first : last + 1] = _WIDE
    return table


def counted(texts: Sequence[str]) -> tuple[Column, Column]:
    """How many characters each text has, and how many of each class: (texts, 9)."""
    lengths = np.array([len(text) for text in texts], np.int64)
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _classes()[np.minimum(codes, 0xFFFF)]
    owners = np.repeat(np.arange(len(texts)), lengths)
    sums = np.bincount(owners * 9 + kinds, minlength=9 * len(texts)).reshape(-1, 9)
    return lengths.astype(float), sums.astype(float)


class Columns:
    """The features of one page, by name, in the order in which they were put.

    `places` are where its blocks stand, `shares` how much of the running text is in each place.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self.shares: Column = np.zeros(len(places))
        self.values: dict[str, NDArray[Any] | float] = {}

    def put(self, name: str, value: NDArray[Any] | float) -> None:
        """A feature of every block, or of the page."""
        self.values[name] = value

    def matrix(self, names: Sequence[str]) -> NDArray[np.float32]:
        """These features, (features, blocks)."""
        found = np.empty((len(names), len(self.places.leaves)), np.float32)
        for row, name in enumerate(names):
            found[row] = self.values[name]
        return found


def columns(page: Page, blocks: Sequence[Block], worth: Callable[[Names], Worth]) -> Columns:
    """The features of these blocks of a page."""
    found = Columns(Places([block.zone for block in blocks], worth))
    texts = [block.text for block in blocks]
    lengths, sums = counted(texts)
    words = np.where(lengths > 0, sums[:, _SPACE] + sums[:, _LINE] + 1 + sums[:, _WIDE] // 2, 0.0)
    links = np.array([sum(len(link.text) for link in block.links) if block.links else 0 for block in blocks], float)
    links = np.minimum(links, lengths)
    running = _text(found, blocks, lengths, sums, words, links)
    _titles(found, page, blocks, texts)
    _around(found, running, words, lengths, links)
    _placed(found, running, np.stack((running, words, links, lengths, np.ones(len(blocks))), 1))
    return found


def _text(
    found: Columns, blocks: Sequence[Block], lengths: Column, sums: Column, words: Column, links: Column
) -> Column:
    """The shape of each text; returns the words of those that are running text."""
    kinds = np.array([KINDS[block.kind] for block in blocks], float)
    tails = [block.text.rstrip(_CLOSING)[-1:] for block in blocks]
    ends = np.array([tail in _ENDS and tail != "" for tail in tails], float)
    share = links / np.maximum(lengths, 1)
    whole = (words >= 8) & (share <= 0.5) & (kinds != KINDS["code"]) & (kinds != KINDS["heading"])
    whole &= (ends > 0) | (sums[:, _END] > 1) | ((words > 24) & (sums[:, _COMMA] > 0))
    found.put("words", np.log1p(words))
    found.put("letters", lengths / np.maximum(words, 1))
    found.put("link", share)
    found.put("links", np.array([len(block.links) for block in blocks], float))
    found.put("ends", ends)
    found.put("colon", np.array([tail in (":", "：") for tail in tails], float))
    found.put("running", whole)
    for name, kind in (("upper", _UPPER), ("digit", _DIGIT), ("comma", _COMMA), ("stop", _END), ("mark", _MARK)):
        found.put(name, sums[:, kind] / np.maximum(words, 1))
    found.put("lines", sums[:, _LINE])
    found.put("level", np.array([block.level for block in blocks], float))
    for name in ("paragraph", "heading", "item", "quote", "table", "caption", "code"):
        found.put(name, kinds == KINDS[name])
    found.put("hidden", np.array([block.hint == "hidden" for block in blocks], float))
    heads = kinds == KINDS["heading"]
    found.put("headed", _since(heads))
    levels = np.array([block.level for block in blocks], float)
    last = np.maximum.accumulate(np.where(heads, np.arange(len(blocks)), -1))
    found.put("under", np.where(last >= 0, levels[last], 0))
    return np.where(whole, words, 0.0)


def _since(marks: NDArray[np.bool_]) -> Column:
    """How many blocks ago the last mark was; FAR where there was none."""
    order = np.arange(len(marks))
    return np.minimum(order - np.maximum.accumulate(np.where(marks, order, -FAR)), FAR).astype(float)


def _until(marks: NDArray[np.bool_]) -> Column:
    return _since(marks[::-1])[::-1]


def _titles(found: Columns, page: Page, blocks: Sequence[Block], texts: Sequence[str]) -> None:
    """Where the headline is, and what repeats it or the description."""
    claims = [claim.value.casefold() for claim in page.claims if claim.field == "title"]
    title = np.array([_is_title(text, claims) for text in texts], bool)
    heads = [index for index, block in enumerate(blocks) if title[index] and block.kind == "heading"]
    heads = heads or [index for index, block in enumerate(blocks) if block.kind == "heading" and block.level == 1]
    told = " ".join(claim.value for claim in page.claims if claim.field == "description")
    order = np.arange(len(blocks), dtype=float)
    found.put("title", title)
    found.put("told", np.array([len(text) > 20 and text[:60] in told for text in texts], float))
    found.put("after title", np.clip(order - (heads[0] if heads else 0), -FAR, 2 * FAR))
    found.put("headline", bool(heads))


def _is_title(text: str, claims: Sequence[str]) -> bool:
    if not 5 < len(text) < 300:
        return False
    folded = text.casefold()
    return any(folded in claim for claim in claims) if len(text) > 12 else folded in claims


def _around(found: Columns, running: Column, words: Column, lengths: Column, links: Column) -> None:
    """How much of the running text is before and after, how far it is, and what is beside the block."""
    size, total = len(running), max(1.0, running.sum())
    sums = np.cumsum(running)
    found.put("place", np.arange(size) / size)
    found.put("before", (sums - running) / total)
    found.put("after", 1 - sums / total)
    found.put("blocks", np.log1p(size))
    found.put("total", np.log1p(total))
    found.put("share", running / total)
    for name, marks in (("sentence", running > 0), ("paragraph", running >= 20)):
        found.put(f"since {name}", _since(marks))
        found.put(f"until {name}", _until(marks))
    share = links / np.maximum(lengths, 1)
    logs = np.log1p(words)
    for step in (-2, -1, 1, 2):
        found.put(f"words {step:+}", _shifted(logs, step))
        found.put(f"link {step:+}", _shifted(share, step))
    order = np.arange(size)
    edges = [np.concatenate(([0.0], np.cumsum(value))) for value in (running, links, lengths)]
    for reach in (5, 10):
        first, last = np.maximum(order - reach, 0), np.minimum(order + reach + 1, size)
        near = [edge[last] - edge[first] for edge in edges]
        found.put(f"running {reach}", near[0] / (last - first))
        found.put(f"link {reach}", near[1] / np.maximum(near[2], 1))


def _shifted(values: Column, step: int) -> Column:
    """The value of another block; -1 where there is none."""
    out = np.full(len(values), -1.0)
    if abs(step) < len(values):
        if step > 0:
            out[:-step] = values[step:]
        else:
            out[-step:] = values[:step]
    return out


def _placed(found: Columns, running: Column, weights: Column) -> None:
    """What is in the places of a block, and what they are called."""
    places, total = found.places, max(1.0, running.sum())
    sums, leaves = places.sums(weights), places.leaves
    found.shares = sums[:, 0] / total
    parents, boxes = np.array(places.parents), _boxes(places)[leaves]
    for name, at in (
        ("leaf", leaves),
        ("box", boxes),
        ("box 1", parents[boxes]),
        ("box 2", parents[parents[boxes]]),
    ):
        words, chars, blocks = sums[at, 1], sums[at, 3], sums[at, 4]
        found.put(f"{name}: share", found.shares[at])
        found.put(f"{name}: link", sums[at, 2] / np.maximum(chars, 1))
        found.put(f"{name}: length", words / np.maximum(blocks, 1))
        found.put(f"{name}: blocks", np.log1p(blocks))
        found.put(f"{name}: running", sums[at, 0] / np.maximum(words, 1))
    _called(found, parents)
    known: dict[int, tuple[Column, Column, Column]] = {}
    for share in MAINS:
        main = _main(found, share)
        known[main] = known[main] if main in known else _apart(places, main)
        _from_main(found, str(share), running, main, known[main])


def _called(found: Columns, parents: NDArray[np.int64]) -> None:
    """What the names around a block are worth: the least, the greatest, the sum, and the innermost places' own."""
    places, leaves = found.places, found.places.leaves
    low, high, whole, named = [0.0], [0.0], [0.0], [0.0]
    for place in range(1, len(places)):
        up, worth = places.parents[place], places.worths[place]
        named.append(named[up] + (worth.reason is not None and found.shares[place] <= TOO_MUCH))
        low.append(min(low[up], worth.low))
        high.append(max(high[up], worth.high))
        whole.append(whole[up] + worth.total)
    for name, values in (("low", low), ("high", high), ("sum", whole), ("named", named)):
        found.put(name, np.array(values)[leaves])
    own = np.array([worth.total for worth in places.worths])
    for up, at in enumerate((leaves, parents[leaves], parents[parents[leaves]])):
        found.put(f"own {up}", own[at])


def _main(found: Columns, share: float) -> int:
    """The deepest place with this share of the running text, the page if there is none."""
    enough = np.flatnonzero(~np.array(found.places.text) & (found.shares >= share))
    return int(enough[np.argmax(np.array(found.places.depths)[enough])]) if len(enough) else 0


def _from_main(
    found: Columns, share: str, running: Column, main: int, apart: tuple[Column, Column, Column]
) -> None:
    """Where a block is as seen from a main part of the page: how many steps up the two meet (0 inside it), how much
    deeper it is, how far before or after it, and what the names are worth that are around the block alone."""
    leaves, depths = found.places.leaves, np.array(found.places.depths)
    away, low, whole = (values[leaves] for values in apart)
    found.put(f"away {share}", away)
    found.put(f"low {share}", low)
    found.put(f"sum {share}", whole)
    found.put("depth", depths[leaves])
    found.put(f"deeper {share}", depths[leaves] - depths[main])
    inside = np.flatnonzero((away == 0) & (running > 0))
    order = np.arange(len(running))
    first, last = (inside[0], inside[-1]) if len(inside) else (0, len(running))
    found.put(f"outside {share}", np.clip(order - np.clip(order, first, last), -FAR, FAR))


def _boxes(places: Places) -> NDArray[np.int64]:
    """The innermost place around each that is no text."""
    boxes = list(range(len(places)))
    for place in range(1, len(places)):
        if places.text[place]:
            boxes[place] = boxes[places.parents[place]]
    return np.array(boxes)


def _apart(places: Places, main: int) -> tuple[Column, Column, Column]:
    """Of each place: how many steps up from the main part the two meet (0 inside it), and the least and the summed
    worth of the names that are around the place and not around the main part."""
    steps = {main: 0}
    at = main
    while at:
        at = places.parents[at]
        steps[at] = len(steps)
    away, low, total = [float(steps[0])], [0.0], [0.0]
    for place in range(1, len(places)):
        up, worth = places.parents[place], places.worths[place]
        on = place in steps
        away.append(float(steps[place]) if on else away[up])
        low.append(0.0 if on else min(low[up], worth.low))
        total.append(0.0 if on else total[up] + worth.total)
    return np.array(away), np.array(low), np.array(total)
