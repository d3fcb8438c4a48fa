"""What does the archive call those whom its articles name? Decided anew for names that came or left, and kin."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from searcher.entities import affected, agreed
from searcher.entities.spelling import Form
from searcher.store import Store
from searcher.store.uses import numbers

Called = tuple[tuple[Form, Form], ...]


class Calling:
    """The names that the archive may call otherwise than before."""

    def __init__(self, store: Store) -> None:
        uses = store.uses
        self._near = affected(uses.touched(), uses.having, uses.keys_of)
        self._names: Mapping[int, Form] = uses.of(self._near)
        self._others: Mapping[Form, Form] = agreed(self._near, uses.having)

    def is_needed(self) -> bool:
        """Whether any name may be called otherwise."""
        return bool(self._names)

    def using(self, names: list[bytes]) -> list[int]:
        """The places of those articles that have such a name; `names` are the numbers of the names of all."""
        every = np.frombuffer(b"".join(names), "<u4")
        owners = np.repeat(np.arange(len(names)), np.fromiter(map(len, names), np.int64, len(names)) // 4)
        found: list[int] = np.unique(owners[np.isin(every, list(self._names))]).tolist()
        return found

    def called(self, before: Called, names: bytes) -> Called:
        """Those names of an article that the archive has others for, with these."""
        kept = {form: name for form, name in before if form not in self._near}
        forms = (self._names[number] for number in numbers(names) if number in self._names)
        renamed = {form: self._others[form] for form in forms if form in self._others}
        return tuple(sorted((kept | renamed).items()))
