"""What does the archive call those whom its articles name? Decided anew for names that came or left, and kin.

What it calls whom is kept with the uses of names: so articles are looked at only if they came, or have a name that
is called otherwise than before. Which names these are is noted before the first article is changed, so that a build
which was killed in between goes on with the same.
"""

from __future__ import annotations

import numpy as np

from searcher.entities import affected, agreed
from searcher.entities.spelling import Form
from searcher.store import Store
from searcher.store.uses import numbers

Called = tuple[tuple[Form, Form], ...]


LOT = 50_000
"""Of how many spellings it is decided at once what they are called: memory is bounded."""


def call(store: Store) -> None:
    """Decides what names are called, and notes those that are called otherwise than before."""
    uses = store.uses
    before, spelled = dict(uses.renamed().values()), sorted(affected(uses.touched(), uses.having, uses.keys_of))
    for at in range(0, len(spelled), LOT):
        near = [form for key in spelled[at : at + LOT] for form in uses.having(key)]
        now = agreed(near, uses.having)
        store.call({form: now.get(form, form) for form in near if now.get(form) != before.get(form)})
    store.called()


class Calling:
    """What the names of articles are called, by what call() has noted."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = store.uses.renamed()

    def changed(self) -> set[str]:
        """The articles with a name that is called otherwise than before."""
        changed, found = np.array([*map(int, self._store.unsettled("name"))], np.uint32), set[str]()
        for ids, every in self._store.columns("id", "names") if len(changed) else ():
            owners = np.repeat(np.arange(len(ids)), [len(names) // 4 for names in every])
            having = owners[np.isin(np.frombuffer(b"".join(every), "<u4"), changed)]
            found.update(ids[at] for at in np.unique(having).tolist())
        return found

    def called(self, names: bytes) -> Called:
        """Those of these names of an article that the archive has others for, with these."""
        return tuple(sorted(self._names[number] for number in numbers(names) if number in self._names))
