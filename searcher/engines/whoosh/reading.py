"""Which words does Whoosh find in our segments? Its terms reader and its cursor, over arrays.

The order is Whoosh's: fields by name, words by their bytes. What Whoosh wants to know of a word, such as its
greatest weight, is computed from its postings when it asks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.codec.base import FieldCursor, TermsReader
from whoosh.reading import TermInfo, TermNotFound

from searcher.engines.ranking import LENGTHS
from searcher.engines.whoosh.arrays import Array, Arrays
from searcher.engines.whoosh.matching import ArrayMatcher
from searcher.engines.whoosh.perdoc import ArrayPerDocReader
from searcher.engines.whoosh.postings import Postings, Run, together

Term = tuple[str, bytes]


class ArrayTermsReader(TermsReader):
    """The words of a segment, by field and then by their bytes, and their postings."""

    def __init__(self, arrays: Arrays, documents: ArrayPerDocReader) -> None:
        facts = arrays.facts
        names = facts["terms"] if "terms" in facts else (*facts["words"], *facts["values"])
        self._names = sorted(name for name in names if f"{name}/text" in arrays)
        self._arrays = arrays
        self._documents = documents
        self._fields: dict[str, Postings] = {}

    def close(self) -> None:
        self._documents.close()

    def _field(self, name: str) -> Postings | None:
        if name not in self._fields and name in self._names:
            self._fields[name] = Postings(self._arrays, name)
        return self._fields.get(name)

    def _find(self, name: str, text: bytes) -> tuple[Postings, int]:
        """The field and the number of a word. Raises KeyError if it is not there."""
        field = self._field(name)
        number = field.lexicon.find(text) if field else -1
        if field is None or number < 0:
            raise KeyError((name, text))
        return field, number

    def __contains__(self, term: Term) -> bool:
        field = self._field(term[0])
        return field is not None and field.lexicon.find(term[1]) >= 0

    def indexed_field_names(self) -> list[str]:
        return list(self._names)

    def cursor(self, fieldname: str, fieldobj: Any) -> ArrayCursor:
        field = self._field(fieldname)
        return ArrayCursor(self, field, fieldobj)

    def _numbers(self, fieldname: str | None = None, prefix: bytes = b"") -> Iterator[tuple[Postings, int]]:
        """All words from a word of a field on, those of the fields behind it too."""
        names = self._names if fieldname is None else self._names[bisect_left(self._names, fieldname) :]
        for name in names if fieldname is None or fieldname in self._names else ():
            field = self._field(name)
            assert field
            first = field.lexicon.before(prefix) if name == fieldname else 0
            yield from ((field, number) for number in range(first, len(field.lexicon)))

    def terms(self) -> Iterator[Term]:
        return ((field.name, field.lexicon[number]) for field, number in self._numbers())

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        return ((field.name, field.lexicon[number]) for field, number in self._numbers(fieldname, prefix))

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        return (self._item(field, number) for field, number in self._numbers())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, TermInfo]]:
        return (self._item(field, number) for field, number in self._numbers(fieldname, prefix))

    def _item(self, field: Postings, number: int) -> tuple[Term, TermInfo]:
        return (field.name, field.lexicon[number]), self.info(field, number)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        try:
            return self.info(*self._find(fieldname, text))
        except KeyError as error:
            raise TermNotFound(f"No term {fieldname}:{text!r}") from error

    def info(self, field: Postings, number: int) -> TermInfo:
        """The numbers of a word, deleted documents included; lengths 0 in a field that has none."""
        run = together(field.runs(number))
        docs = run.docs
        often = np.ones(1) if field.often is None else run.often
        lengths = self._lengths(field.name, docs)
        return TermInfo(
            _weight(field, run),
            len(docs),
            int(lengths.min(initial=LENGTHS[-1])) if len(lengths) else 0,
            int(lengths.max(initial=0)),
            float(often.max()),
            int(docs[0]),
            int(docs[-1]),
        )

    def _lengths(self, name: str, docs: Array) -> Array:
        lengths = self._documents.lengths(name)
        if lengths is None:
            return np.zeros(0, np.int64)
        chosen = lengths[docs]
        return chosen[chosen > 0]

    def frequency(self, fieldname: str, text: bytes) -> float:
        field, number = self._find(fieldname, text)
        return _weight(field, together(field.runs(number)))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        field, number = self._find(fieldname, text)
        return len(together(field.runs(number)).docs)

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ArrayMatcher:
        try:
            field, number = self._find(fieldname, text)
        except KeyError as error:
            raise TermNotFound(f"No term {fieldname}:{text!r}") from error
        return ArrayMatcher(field, number, format_, scorer, lambda: self.info(field, number))


def _weight(field: Postings, run: Run) -> float:
    return float(len(run.docs) if field.often is None else run.often.sum(dtype=np.float64))


class ArrayCursor(FieldCursor):
    """A place among the words of a field; behind the last one it is not valid."""

    def __init__(self, reader: ArrayTermsReader, field: Postings | None, fieldobj: Any) -> None:
        self._reader = reader
        self._field = field
        self._words = field.lexicon if field else ()
        self._fieldobj = fieldobj
        self._go(0)

    def _go(self, number: int) -> Any:
        self._number = number
        self._text = self._fieldobj.from_bytes(self._words[self._number]) if self.is_valid() else None
        return self._text

    def first(self) -> Any:
        return self._go(0)

    def find(self, string: Any) -> Any:
        text = string if isinstance(string, bytes) else self._fieldobj.to_bytes(string)
        return self._go(self._field.lexicon.before(text) if self._field else 0)

    def next(self) -> Any:
        return self._go(self._number + 1)

    def text(self) -> Any:
        return self._text

    def term_info(self) -> TermInfo | None:
        return self._reader.info(self._field, self._number) if self._field and self.is_valid() else None

    def is_valid(self) -> bool:
        return self._number < len(self._words)
