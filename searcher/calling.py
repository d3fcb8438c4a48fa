"""What does the archive call those whom its articles name? Decided anew for names that came or left, and kin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from searcher.entities import affected, agreed
from searcher.entities.spelling import Form
from searcher.store import Store, Told
from searcher.store.uses import numbers

Called = tuple[tuple[Form, Form], ...]


def called(store: Store, told: Sequence[Told]) -> list[Called]:
    """For each article those of its names that the archive has others for, with these."""
    uses = store.uses
    near = affected(uses.touched(), uses.having, uses.keys_of)
    names, others = uses.of(near), agreed(near, uses.having)
    found = [one.verdict.called for one in told]
    for at in _using(told, names):
        kept = {form: name for form, name in found[at] if form not in near}
        found[at] = tuple(sorted((kept | _renamed(told[at], names, others)).items()))
    return found


def _using(told: Sequence[Told], names: Mapping[int, Form]) -> Iterator[int]:
    """The articles that have such a name."""
    every = np.concatenate([np.zeros(0, "<u4"), *(np.frombuffer(one.names, "<u4") for one in told)])
    owners = np.repeat(np.arange(len(told)), [len(one.names) // 4 for one in told])
    yield from np.unique(owners[np.isin(every, list(names))]).tolist()


def _renamed(one: Told, names: Mapping[int, Form], others: Mapping[Form, Form]) -> dict[Form, Form]:
    forms = (names[number] for number in numbers(one.names) if number in names)
    return {form: others[form] for form in forms if form in others}
