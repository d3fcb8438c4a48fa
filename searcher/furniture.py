"""Which paragraphs are the site's, and not the article's? Those that stand on several pages of one source.

A page is known by a *sketch*: a few numbers for each of its paragraphs. What the sketches of one source say depends
on nothing but which pages there are, so it is the same in whatever order they came. Decision 11.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import islice, pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from searcher.text import Piece, pieces

PAGES = 3
"""On how many pages, copies counted once, a paragraph stands that is furniture."""

SHARE = 0.005
"""On which share of the articles of its source it stands at least: in thousands, chance repeats a line."""

RUNNING, RUNNING_SHARE = 12, 0.1
"""A paragraph of so many words may be the background that a paper repeats from day to day: it is furniture only if
it stands on this share."""

OWN = 0.15
"""The share of its words by which a page is known: those that stand on the fewest pages of its source."""

ALIKE, SAME = 0.2, 0.6
"""Pages are copies, or versions, of one article if so much of what is their own is alike, or so much of all their
running text is the same."""

SHINGLE, LEAST = 3, 6
"""How many words make a shingle, and how many shingles stand for a paragraph: those with the smallest hashes."""

_ROW = np.dtype([("text", "<u8"), ("words", "<u2"), ("least", "<u4", LEAST)])
_STEP = np.uint64(0x9E3779B97F4A7C15)

Rows = NDArray[np.void]
Ints = NDArray[np.int64]


def mark(paragraph: str) -> int:
    """The same number for paragraphs that differ in case and spaces alone."""
    folded = " ".join(paragraph.casefold().split())
    return int.from_bytes(blake2b(folded.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def sketch(paragraphs: Sequence[str]) -> bytes:
    """What is remembered of a page: for each of its paragraphs the mark, the length and a few shingles.

    Numbers and single letters are left out: those of a list, or of who asks and who answers, are no furniture.
    """
    told = zip(paragraphs, _hashes(paragraphs), strict=True)
    found = {mark(paragraph): hashes for paragraph, hashes in told if _telling(paragraph)}
    held = {number: hashes for number, hashes in found.items() if hashes}
    sizes = np.array([len(hashes) // 4 for hashes in held.values()], np.int64)
    rows = np.zeros(len(held), _ROW)
    rows["text"] = list(held)
    rows["words"] = np.minimum(sizes, 65_535)
    rows["least"] = _least(np.frombuffer(b"".join(held.values()), "<u4").astype(np.uint64), sizes)
    return rows.tobytes()


def _telling(paragraph: str) -> bool:
    return (len(paragraph) > 1 and paragraph[:2].isalpha()) or sum(map(str.isalpha, islice(paragraph, 100))) > 1


def _hashes(paragraphs: Sequence[str]) -> Iterator[bytes]:
    """The CRC-32 of each word, four bytes, for each paragraph."""
    ahead = iter(pieces("\n\n".join(paragraphs)))
    for paragraph in paragraphs:
        own = islice(ahead, len(paragraph.split()))
        yield b"".join([piece.hashes or _hashed(piece) for piece in own])


def _hashed(piece: Piece) -> bytes:
    numbers = (crc32(word.encode("utf-8", "replace")) for word in piece.surfaces)
    piece.hashes = b"".join(number.to_bytes(4, "little") for number in numbers)
    return piece.hashes


def _least(hashes: NDArray[np.uint64], sizes: Ints) -> Ints:
    """The least shingles of paragraphs of so many words, a row each; where there are fewer, the first again. A
    paragraph of fewer words than make a shingle is one."""
    counts = np.maximum(sizes - SHINGLE + 1, 1)
    owner, first = np.repeat(np.arange(len(sizes)), sizes), np.cumsum(sizes) - sizes
    within = np.arange(len(hashes)) - first[owner]
    mixed = np.zeros(len(hashes), np.uint64)
    for at in range(SHINGLE):
        more = within + at < sizes[owner]
        step = (mixed ^ np.concatenate([hashes[at:], hashes[:at]])) * _STEP
        mixed = np.where(more, step ^ (step >> np.uint64(29)), mixed)
    begins = within < counts[owner]
    ordered = np.sort((owner[begins].astype(np.uint64) << np.uint64(32)) | (mixed[begins] >> np.uint64(32)))
    rank = np.arange(LEAST)
    places = (np.cumsum(counts) - counts)[:, None] + np.where(rank < counts[:, None], rank, 0)
    least: Ints = ordered[places].astype(np.int64)
    return least


def learn(sketches: Sequence[bytes]) -> frozenset[int]:
    """The marks of the paragraphs that are furniture, from the sketches of all pages of one source."""
    sketches = sorted(sketches)  # which pages are compared with which must not depend on the order they come in
    rows, page = _stacked(sketches)
    marks, which, pages = np.unique(rows["text"], return_inverse=True, return_counts=True)
    if not len(marks) or pages.max() < PAGES:
        return frozenset()
    article = _articles(rows, page, pages[which], len(sketches))
    counts = np.bincount(_unique(which * len(sketches) + article[page]) // len(sketches))
    running = np.zeros(len(marks), np.bool_)
    running[which] = rows["words"] >= RUNNING
    enough = np.where(running, RUNNING_SHARE, SHARE) * len(np.unique(article))
    return frozenset(marks[counts >= np.maximum(enough, PAGES)].tolist())


def found(sketches: Sequence[bytes]) -> list[bytes]:
    """For each page of one source, the marks of those of its paragraphs that are furniture, in one order."""
    rows, page = _stacked(sketches)
    cut = np.isin(rows["text"], np.array(sorted(learn(sketches)), np.uint64))
    ends = np.cumsum(np.bincount(page[cut], minlength=len(sketches))).tolist()
    texts = rows["text"][cut]
    return [texts[start:end].tobytes() for start, end in pairwise([0, *ends])]


def _stacked(sketches: Sequence[bytes]) -> tuple[Rows, Ints]:
    """The paragraphs of all pages, and of which page each of them is."""
    sizes = [len(held) // _ROW.itemsize for held in sketches]
    return np.frombuffer(b"".join(sketches), _ROW), np.repeat(np.arange(len(sketches)), sizes)


def marks(cut: bytes) -> frozenset[int]:
    """The marks that found() put together."""
    return frozenset(np.frombuffer(cut, "<u8").tolist())


def _articles(rows: Rows, page: Ints, pages: Ints, number: int) -> Ints:
    """The article that each page shows: copies and versions have the same number."""
    own = _own(rows["words"].astype(np.int64), page, pages)
    pairs, shared, sizes = _shared(rows[own], page[own], number)
    smaller = sizes.min(axis=1)
    alike = pairs[(shared > ALIKE * smaller) & (shared >= np.minimum(smaller, 2))]
    running = rows["words"] >= RUNNING
    pairs, shared, sizes = _shared(rows[running], page[running], number)
    same = pairs[(shared > SAME * sizes.max(axis=1)) & (shared > LEAST)]  # one paragraph may be a notice
    return _joined(np.concatenate([alike, same]), number)


def _own(words: Ints, page: Ints, pages: Ints) -> NDArray[np.bool_]:
    """The paragraphs by which a page is known.

    They are counted off from those that stand on the fewest pages: where every article stands three times, those
    that stand on three.
    """
    order = np.lexsort((pages, page))
    so_far = np.cumsum(words[order])
    totals = np.bincount(page, words)
    before = (np.cumsum(totals) - totals)[page]
    reached = so_far - before[order] >= OWN * totals[page[order]]
    limit = np.full(len(totals), np.iinfo(np.int64).max)
    np.minimum.at(limit, page[order][reached], pages[order][reached])
    return pages <= limit[page]


def _shared(rows: Rows, page: Ints, number: int) -> tuple[Ints, Ints, Ints]:
    """Pairs of pages, how many shingles both have, and how many each has. Each page is compared with the next that
    has a shingle, which is enough to hold copies together."""
    entries = _unique((rows["least"].astype(np.int64) * number + page[:, None]).ravel())
    value, page = np.divmod(entries, number)
    near = value[1:] == value[:-1]
    codes, shared = np.unique(page[:-1][near] * number + page[1:][near], return_counts=True)
    pairs = np.stack(np.divmod(codes, number), axis=1)
    return pairs, shared, np.bincount(page, minlength=number)[pairs]


def _unique(numbers: Ints) -> Ints:
    """As np.unique(), which is several times slower with millions of numbers."""
    numbers = np.sort(numbers)
    return numbers[np.concatenate([[True], numbers[1:] != numbers[:-1]])] if len(numbers) else numbers


def _joined(links: Ints, number: int) -> Ints:
    """A number for each page, the same for pages that are linked, be it by others."""
    group = list(range(number))
    for first, second in links.tolist():
        group[_top(group, first)] = _top(group, second)
    return np.array([_top(group, page) for page in range(number)], np.int64)


def _top(group: list[int], page: int) -> int:
    while group[page] != page:
        group[page] = group[group[page]]
        page = group[page]
    return page
