"""What does Whoosh read of a document in our segments? Lengths, columns, what is stored; and where the arrays lie.

Segments that Whoosh wrote with our codec have all that in Whoosh's own files. Those that our writer wrote have
lengths and columns as arrays, and nothing stored.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3PerDocReader
from whoosh.columns import ColumnReader
from whoosh.filedb.filestore import FileStorage

from searcher.engines.ranking import LENGTHS
from searcher.engines.whoosh.arrays import Array, Arrays
from searcher.engines.whoosh.lexicon import Lexicon
from searcher.engines.whoosh.schema import SEPARATOR
from searcher.engines.whoosh.segments import EXTENSION

_LENGTHS = np.array(LENGTHS, np.int64)


def file_name(segment: Any) -> str:
    """The name of a segment's file of arrays."""
    name: str = segment.make_filename(EXTENSION)
    return name


def open_arrays(storage: Any, segment: Any) -> Arrays:
    """A segment's arrays: mapped if the storage is a folder, else read.

    Raises OSError for a file that is not there, since Whoosh then looks for a newer table of contents.
    """
    name = file_name(segment)
    if isinstance(storage, FileStorage):
        path = Path(storage.folder, name)
        path.stat()
        return Arrays.open(path)
    with storage.open_file(name) as stream:
        return Arrays(stream.read(), name)


class ArrayPerDocReader(W3PerDocReader):
    """Whoosh's reader of documents, for a segment of either writer.

    `arrays` are the segment's, if they are open already. While Whoosh writes a segment they are not there yet.
    """

    def __init__(self, storage: Any, segment: Any, arrays: Arrays | None = None) -> None:
        super().__init__(storage, segment)
        self._given = arrays
        self._by_field: dict[str, Array | None] = {}

    @cached_property
    def _ours(self) -> Arrays | None:
        """The arrays, if our writer wrote them."""
        arrays = self._given
        if arrays is None and self._storage.file_exists(file_name(self._segment)):
            arrays = open_arrays(self._storage, self._segment)
        return arrays if arrays is not None and arrays.facts["writer"] == "searcher" else None

    # Lengths

    def lengths(self, fieldname: str) -> Array | None:
        """The length of a field in every document as Whoosh rounds it; None if the field has no lengths."""
        if fieldname not in self._by_field:
            self._by_field[fieldname] = self._lengths(fieldname)
        return self._by_field[fieldname]

    def _lengths(self, fieldname: str) -> Array | None:
        if self._ours is not None:
            exact = self._exact(fieldname)
            return None if exact is None else _LENGTHS[np.searchsorted(_LENGTHS[:-1], exact)]
        name = W3Codec.column_filename(self._segment, f"_{fieldname}_len")
        if not self._storage.file_exists(name):
            return None
        with self._storage.open_file(name) as stream:
            held = np.frombuffer(stream.read(), np.uint8)
        lengths = np.zeros(self._doccount, np.int64)  # the column ends behind the last document that has a length
        lengths[: len(held)] = _LENGTHS[held]
        return lengths

    def _exact(self, fieldname: str) -> Array | None:
        assert self._ours is not None
        return self._ours.get(f"{self._ours.facts['words'].get(fieldname)}/length")

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int | None:
        """As Whoosh's, which has None for a document without the field, and `default` where none has it."""
        if self._ours is None:
            length: int | None = super().doc_field_length(docnum, fieldname, default)
            return length
        lengths = self.lengths(fieldname)
        return default if lengths is None else int(lengths[docnum]) or None

    def doc_field_length_reader(self, fieldname: str, default: int = 0) -> Callable[[int], int | None]:
        return lambda docnum: self.doc_field_length(docnum, fieldname, default)

    def field_length(self, fieldname: str) -> int:
        """How many words all documents have, deleted ones included; exact."""
        if self._ours is None:
            return int(super().field_length(fieldname))
        exact = self._exact(fieldname)
        return 0 if exact is None else int(exact.sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        lengths = self.lengths(fieldname)
        return 0 if lengths is None else int(lengths.min(initial=LENGTHS[-1]))

    def max_field_length(self, fieldname: str) -> int:
        lengths = self.lengths(fieldname)
        return 0 if lengths is None else int(lengths.max(initial=0))

    # Columns and stored fields

    def has_column(self, fieldname: str) -> bool:
        return self._own_column(fieldname) is not None or super().has_column(fieldname)

    def column_reader(self, fieldname: str, column: Any) -> Any:
        own = self._own_column(fieldname)
        return super().column_reader(fieldname, column) if own is None else own

    def _own_column(self, fieldname: str) -> ColumnReader | None:
        arrays = self._ours
        if arrays is None:
            return None
        if f"{fieldname}/codes" in arrays:
            return ValuesColumn(arrays, fieldname, self._doccount)
        if f"{fieldname}/numbers" in arrays:
            return NumbersColumn(arrays[f"{fieldname}/numbers"])
        return None

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        stored: dict[str, Any] = {} if self._ours is not None else super().stored_fields(docnum)
        return stored


class ValuesColumn(ColumnReader):
    """The whole values of a document as they are shown, SEPARATOR between them; b"" for none."""

    def __init__(self, arrays: Arrays, name: str, docs: int) -> None:
        self._doccount = docs
        self._shown = Lexicon(arrays, f"{name}/shown")
        self._codes = arrays[f"{name}/codes"]
        self._at = arrays.get(f"{name}/codes.at")

    def __getitem__(self, docnum: int) -> bytes:
        return SEPARATOR.encode().join(map(self._shown.__getitem__, self._of(docnum)))

    def _of(self, docnum: int) -> list[int]:
        if self._at is None:
            code = int(self._codes[docnum])
            return [code - 1] if code else []
        codes: list[int] = self._codes[int(self._at[docnum]) : int(self._at[docnum + 1])].tolist()
        return codes


class NumbersColumn(ColumnReader):
    """A number for every document."""

    def __init__(self, numbers: Array) -> None:
        self._doccount = len(numbers)
        self._numbers = numbers
        self._sign = 1

    def __getitem__(self, docnum: int) -> int:
        return int(self._numbers[docnum])

    def sort_key(self, docnum: int) -> int:
        return self._sign * self[docnum]

    def set_reverse(self) -> None:
        self._sign = -1

    def load(self) -> array[int]:
        return array("i", self._numbers.tolist())
