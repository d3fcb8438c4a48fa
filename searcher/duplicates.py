"""Which groups of copies must be decided again? Those of which a member came, changed or left, and no other.

All articles are known by numbers, of which a million take some hundred megabytes; few are compared again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from searcher import copies
from searcher.store import Store


class _Known(NamedTuple):
    """What tells articles from their copies before they are read, in one order: the same number for those of equal
    text in `words`, and for those that were among copies of one in `first`."""

    ids: list[str]
    words: copies.Ints
    first: copies.Ints
    signs: copies.Signs


def touched(store: Store) -> list[list[str]]:
    """The groups of nearly the same text, by id, of which a member came, changed or left."""
    unsettled = _numbers(store.unsettled("copy"))
    if not len(unsettled):
        return []
    known, changed = _near(_known(store), unsettled)
    found = _grouped(store, known, changed)
    groups = defaultdict[int, list[str]](list)
    for at in np.flatnonzero(np.isin(found, found[changed])).tolist():
        groups[found[at]].append(known.ids[at])
    return list(groups.values())


def _known(store: Store) -> _Known:
    """All articles. Numbers are hashes, so long that those of different texts are different."""
    copy, ids, words, first = store.copies(), list[str](), [_numbers(())], [_numbers(())]
    signs = np.empty((store.count(), copies.SIGNS), np.uint32)
    for some, wordings, signatures in store.columns("id", "wording", "signature"):
        signs[len(ids) : len(ids) + len(some)] = copies.signs(signatures)
        words.append(_numbers(wording or name for name, wording in zip(some, wordings, strict=True)))
        first.append(_numbers(copy.get(name, name) for name in some))
        ids += some
    return _Known(ids, np.concatenate(words), np.concatenate(first), signs)


def _numbers(names: Iterable[str]) -> copies.Ints:
    return np.fromiter(map(hash, names), np.int64)


def _near(known: _Known, unsettled: copies.Ints) -> tuple[_Known, copies.Flags]:
    """The articles that are to be compared again, and what they may be copies of, with all copies of these; which
    of them are the former: all that were among copies of which one came, changed or left, and those that one which
    came is equal to. One that is like none of those has no signature."""
    equal = np.isin(known.words, known.words[np.isin(known.first, unsettled)])
    changed = np.isin(known.first, known.first[equal])
    if changed.all():
        return known, changed
    near = copies.near(known.signs, changed)
    which = np.flatnonzero(np.isin(known.first, known.first[near]))
    signs = known.signs[which]
    signs[~near[which]] = 0
    ids = [known.ids[at] for at in which.tolist()]
    return _Known(ids, known.words[which], known.first[which], signs), changed[which]


def _grouped(store: Store, known: _Known, changed: copies.Flags) -> copies.Ints:
    """A number for each article: the same for those of nearly the same text. Of those of equal text one is
    compared."""
    _, alone, node = np.unique(known.words, return_index=True, return_inverse=True)
    others = np.ones(len(node), np.bool_)
    others[alone] = False
    known.signs[others] = 0
    as_before = _equal(known.first, np.flatnonzero(~changed))
    with store.scratch() as file:
        found = copies.groups(known.signs, lambda at: _text(store, known.ids[at]), changed, as_before, file)
    return found[alone][node]


def _text(store: Store, identity: str) -> copies.Text:
    return copies.text_of(store.own([identity])[identity])


def _equal(numbers: copies.Ints, which: copies.Ints) -> Iterator[tuple[int, int]]:
    """Those of these places where the same number stands, as pairs that join them."""
    order = which[np.argsort(numbers[which])]
    same = numbers[order[1:]] == numbers[order[:-1]]
    return zip(order[:-1][same].tolist(), order[1:][same].tolist(), strict=True)
