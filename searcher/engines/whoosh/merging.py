"""How do several segments become one? Array by array: every word's runs are copied behind each other.

Nothing is sorted again but the words, and nothing is cut again. What was deleted is left out, with the words and
values that stood in it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from searcher.engines.whoosh.arrays import Array, Arrays, lengths, offsets, ranges, smallest
from searcher.engines.whoosh.buffer import segment_facts, unit_arrays, value_arrays
from searcher.engines.whoosh.lexicon import Lexicon
from searcher.engines.whoosh.postings import UNITS, UNKNOWN, Forms, form_arrays, forms_of
from searcher.engines.whoosh.segments import Part
from searcher.query.plan import STEM

BLOCK = 1 << 20
"""How many numbers are moved at once: bounds the memory that a merge takes beside what it writes."""


class Source(NamedTuple):
    """A segment to merge: its arrays, and, if something was deleted, for each document whether it is left."""

    arrays: Arrays
    live: Array | None
    docs: int

    def kept(self, by_document: Array) -> Array:
        """The numbers of the documents that are left."""
        return by_document if self.live is None else by_document[self.live]


def merge(parts: Sequence[Part], add: Callable[[str, Array], None]) -> dict[str, Any]:
    """Hands the arrays of the merged segment to `add`, and returns its facts. Documents keep their order."""
    sources = [Source(part.arrays, part.live(), part.left) for part in parts]
    facts = [source.arrays.facts for source in sources]
    words: dict[str, str] = {}
    for held in facts:
        words |= held["words"]
    values = {name for held in facts for name in held["values"]}
    numbers = {name for held in facts for name in held["numbers"]}
    for name, base in sorted(words.items()):
        if name != base + STEM:  # stems come with their surfaces
            _add(add, _postings(sources, name))
        if name == base:
            _add(add, _lengths(sources, name))
    for name in sorted(values):
        _add(add, _values(sources, name))
    for name in sorted(numbers):
        add(f"{name}/numbers", _by_document(sources, f"{name}/numbers", UNKNOWN))
    return segment_facts(sum(source.docs for source in sources), words, values, numbers)


def _add(add: Callable[[str, Array], None], arrays: dict[str, Array]) -> None:
    for name, array in arrays.items():
        add(name, array)


def _by_document(sources: Sequence[Source], name: str, absent: int) -> Array:
    """An array with a number for every document, of all sources; `absent` where a source does not have it."""
    parts = []
    for source in sources:
        held = source.arrays.get(name)
        parts.append(np.full(source.docs, absent, np.int32) if held is None else source.kept(held))
    return np.concatenate(parts)


def _lengths(sources: Sequence[Source], name: str) -> dict[str, Array]:
    whole = [f"{name}/extent", f"{name}/length"]
    parts = {part: smallest(_by_document(sources, part, 0)) for part in whole}
    for unit in UNITS:
        lists = [_lists(source, f"{name}/{unit}") for source in sources]
        starts, counts = (np.concatenate(both) for both in zip(*lists, strict=True))
        if len(starts):
            parts |= unit_arrays(f"{name}/{unit}", starts, counts)
    return parts


def _lists(source: Source, name: str) -> tuple[Array, Array]:
    """A list of numbers for every document that is left: all of them, and how many each document has."""
    flat, at = source.arrays.get(name), source.arrays.get(f"{name}.at")
    if flat is None or at is None:
        return np.zeros(0, np.uint8), np.zeros(source.docs, np.int64)
    counts = lengths(at)
    if source.live is not None:
        flat = flat[np.repeat(source.live, counts)]
    return flat, source.kept(counts)


class _Run(NamedTuple):
    """The postings of a field in one source, as far as they are left, in numbers of the merged segment."""

    forms: Forms
    counts: Array
    docs: Array
    often: Array
    places: Array
    spread: Array


def _postings(sources: Sequence[Source], name: str) -> dict[str, Array]:
    bases = offsets(np.array([source.docs for source in sources]))
    held = zip(sources, bases, strict=False)
    runs = [_run(source, name, int(base)) for source, base in held if f"{name}/at" in source.arrays]
    forms, targets = _forms([run.forms for run in runs])
    counts, spread = np.zeros(len(forms.word), np.int64), np.zeros(len(forms.word), np.int64)
    for target, run in zip(targets, runs, strict=True):
        counts[target] += run.counts
        spread[target] += run.spread
    by_posting = [(target, run.counts) for target, run in zip(targets, runs, strict=True)]
    by_place = [(target, run.spread) for target, run in zip(targets, runs, strict=True)]
    docs = _joined(by_posting, [run.docs for run in runs], counts)
    often = _joined(by_posting, [run.often for run in runs], counts)
    places = _joined(by_place, [run.places for run in runs], spread)
    return form_arrays(name, forms, counts, docs, often, places, spread)


def _run(source: Source, name: str, base: int) -> _Run:
    arrays = source.arrays
    docs, often, places = (arrays[f"{name}/{part}"] for part in ("docs", "often", "places"))
    forms, counts = forms_of(arrays, name), lengths(arrays[f"{name}/at"])
    if source.live is None:
        return _Run(forms, counts, docs + np.uint32(base), often, places, lengths(arrays[f"{name}/places.at"]))
    keep = source.live[docs]
    terms = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)[keep]
    places, often = places[np.repeat(keep, often)], often[keep]
    number = (np.cumsum(source.live) - 1 + base).astype(np.uint32)
    counts = np.bincount(terms, minlength=len(counts))
    spread = np.bincount(terms, often, len(counts)).astype(np.int64)
    left = np.flatnonzero(counts)
    forms = forms._replace(word=forms.word[left], stem=forms.stem[left])
    return _Run(forms, counts[left], number[docs[keep]], often, places, spread[left])


def _forms(sources: Sequence[Forms]) -> tuple[Forms, list[Array]]:
    """The forms of all sources, and for each source their numbers among these."""
    words, word = _joint([forms.words for forms in sources])
    stems, stem = _joint([[b""], *(forms.stems for forms in sources)])
    of = [a[one.word] * len(stems) + b[one.stem] for a, b, one in zip(word, stem[1:], sources, strict=True)]
    pairs = np.unique(np.concatenate([np.zeros(0, np.int64), *of]))
    return Forms.of(words, stems, pairs), [pairs.searchsorted(each) for each in of]


def _joint(sources: Sequence[Sequence[bytes]]) -> tuple[list[bytes], list[Array]]:
    """The words of all sources, sorted, and for each source their numbers among these."""
    words = sorted(set[bytes]().union(*sources))
    numbers = {word: number for number, word in enumerate(words)}
    return words, [np.fromiter(map(numbers.__getitem__, each), np.int64, len(each)) for each in sources]


def _joined(targets: Sequence[tuple[Array, Array]], parts: Sequence[Array], counts: Array) -> Array:
    """The runs of all sources, word by word. `targets` are a source's words and how long its run of each is."""
    at = offsets(counts)
    free, joined = at[:-1].copy(), np.empty(at[-1], np.result_type(np.uint8, *parts))
    for (target, sizes), part in zip(targets, parts, strict=True):
        starts = offsets(sizes)
        for block in _blocks(starts):
            where = ranges(free[target[block]], sizes[block])
            joined[where] = part[starts[block.start] : starts[block.stop]]
        free[target] += sizes
    return joined


def _blocks(starts: Array) -> Iterator[slice]:
    """Parts of as many runs as hold BLOCK numbers together, or of one that is longer."""
    first, last = 0, len(starts) - 1
    while first < last:
        after = max(first + 1, int(np.searchsorted(starts, starts[first] + BLOCK, "right")) - 1)
        yield slice(first, after)
        first = after


def _values(sources: Sequence[Source], name: str) -> dict[str, Array]:
    lists = [_coded(source, name) for source in sources]
    shown, numbers = _joint([words for words, _, _ in lists])
    codes = [number[codes] for number, (_, codes, _) in zip(numbers, lists, strict=True)]
    counts = np.concatenate([counts for _, _, counts in lists])
    used, ranks = np.unique(np.concatenate(codes), return_inverse=True)
    texts = [shown[at].decode("utf-8", "surrogatepass") for at in used]
    return value_arrays(name, texts, ranks, counts)


def _coded(source: Source, name: str) -> tuple[list[bytes], Array, Array]:
    """The different values of a field as they are shown, the codes of all that are left, how many by document."""
    arrays = source.arrays
    if f"{name}/codes" not in arrays:
        return [], np.zeros(0, np.int64), np.zeros(source.docs, np.int64)
    shown = Lexicon(arrays, f"{name}/shown")[:]
    if f"{name}/codes.at" in arrays:
        return shown, *_lists(source, f"{name}/codes")
    codes = source.kept(arrays[f"{name}/codes"].astype(np.int64))
    return shown, codes[codes > 0] - 1, (codes > 0).astype(np.int64)
