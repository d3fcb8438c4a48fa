"""How does Whoosh write our segments? A codec whose postings are arrays; all else of a document stays Whoosh's.

    index.writer(codec=ArrayCodec())      index.optimize(codec=ArrayCodec())

Any schema will do. Whoosh reads such an index wherever this module can be imported: its path is in every table of
contents, and part of the format. A writer without the codec merges what it reads into segments of Whoosh's own.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from itertools import pairwise, starmap
from operator import lt
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
from whoosh.codec.base import FieldWriter
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Positions

from searcher.engines.whoosh.arrays import Array, ArraysWriter, offsets, smallest
from searcher.engines.whoosh.perdoc import ArrayPerDocReader, file_name, open_arrays
from searcher.engines.whoosh.postings import postings_arrays
from searcher.engines.whoosh.reading import ArrayTermsReader
from searcher.engines.whoosh.toc import INDEX, Held


class ArrayCodec(W3Codec):
    """Whoosh's codec with postings in one file of arrays a segment."""

    def field_writer(self, storage: Any, segment: Any) -> ArrayFieldWriter:
        return ArrayFieldWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> ArrayTermsReader:
        arrays = open_arrays(storage, segment)
        return ArrayTermsReader(arrays, ArrayPerDocReader(storage, segment, arrays))

    def per_document_reader(self, storage: Any, segment: Any) -> ArrayPerDocReader:
        return ArrayPerDocReader(storage, segment)

    def new_segment(self, storage: Any, indexname: str) -> ArraySegment:
        return ArraySegment(indexname)


class ArraySegment(W3Segment):
    """A segment, as a table of contents holds it."""

    def __init__(
        self,
        indexname: str,
        doccount: int = 0,
        segid: str | None = None,
        deleted: Iterable[int] = (),
        lengths: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__(None, indexname, doccount, segid, set(deleted))
        self._fieldlengths = dict(lengths or {})

    @classmethod
    def of(cls, held: Held) -> ArraySegment:
        """The segment that a table of contents was read to hold. Raises ValueError for one that is not ours."""
        if not held.ours:
            raise ValueError(f"a segment of another codec: {held.identity}")
        return cls(INDEX, held.docs, held.identity.removeprefix(f"{INDEX}_"), held.deleted, held.lengths)

    def __getstate__(self) -> dict[str, Any]:
        return {
            "indexname": self.indexname,
            "segid": self.segid,
            "doccount": self._doccount,
            "deleted": " ".join(map(str, sorted(self._deleted))),
            "compound": False,
            "fieldlengths": dict(self._fieldlengths),
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        deleted = map(int, state["deleted"].split())
        self.__init__(  # type: ignore[misc]
            state["indexname"], state["doccount"], state["segid"], deleted, state["fieldlengths"]
        )

    def codec(self, **options: Any) -> ArrayCodec:
        return ArrayCodec()

    def should_assemble(self) -> bool:
        """No: a file of arrays is mapped from where it lies."""
        return False

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        if delete:
            self._deleted.add(docnum)
        else:
            self._deleted.discard(docnum)


class ArrayFieldWriter(FieldWriter):
    """Takes postings in order of field, word and document; writes each field when it is over.

    Nothing is written where nothing was begun: a writer that only deletes, or is cancelled, leaves no file.
    """

    def __init__(self, storage: Any, segment: Any) -> None:
        self._storage = storage
        self._segment = segment
        self._file: ArraysWriter | None = None
        self._terms: dict[str, dict[str, int]] = {}
        self._field = _Field(None)
        self._name = ""
        self.is_closed = False

    def add_postings(self, schema: Any, lengths: Any, items: Iterable[Any]) -> None:
        """As Whoosh's, without looking up a length for every posting: readers do that for the words they want."""
        self._begin()
        super().add_postings(schema, None, items)

    def _begin(self) -> ArraysWriter:
        if self._file is None:
            self._file = ArraysWriter(_target(self._storage, file_name(self._segment)))
        return self._file

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        self._name, self._field = fieldname, _Field(fieldobj.format)

    def start_term(self, text: bytes) -> None:
        self._field.texts.append(text)
        self._field.at.append(len(self._field.docs))

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int) -> None:
        self._field.docs.append(docnum)
        self._field.weights.append(weight)
        self._field.values.append(vbytes)

    def finish_term(self) -> None:
        pass

    def finish_field(self) -> None:
        for name, held in self._field.arrays(self._name).items():
            self._begin().add(name, held)
        self._terms[self._name] = {"words": len(self._field.texts)}

    def close(self) -> None:
        if self._file:
            docs = self._segment.doc_count_all()  # Whoosh sets it before postings come
            self._file.finish({"docs": docs, "terms": self._terms, "writer": "whoosh"})
        self.is_closed = True


def _target(storage: Any, name: str) -> Any:
    return Path(storage.folder, name) if isinstance(storage, FileStorage) else storage.create_file(name)


class _Field:
    """The postings of one field, until it is over: words, where the postings of each begin, and the postings."""

    def __init__(self, format_: Any) -> None:
        self.format = format_
        self.texts: list[bytes] = []
        self.at = array("Q")
        self.docs = array("I")
        self.weights = array("f")
        self.values: list[bytes] = []

    def arrays(self, name: str) -> dict[str, Array]:
        docs = np.frombuffer(self.docs, np.uint32)
        at = np.append(np.frombuffer(self.at, np.uint64), len(docs)).astype(np.int64)
        weights = np.frombuffer(self.weights, np.float32)
        places = _places(self.format, self.values, weights)
        if places is not None:
            spread = np.diff(offsets(weights.astype(np.int64))[at])
            return postings_arrays(name, self.texts, np.diff(at), docs, weights.astype(np.uint32), places, spread)
        held = postings_arrays(name, self.texts, np.diff(at), docs)
        return held | {f"{name}/{part}": more for part, more in _values(weights, self.values).items()}


def _places(format_: Any, values: list[bytes], weights: Array) -> Array | None:
    """The positions of all postings, if the values say nothing else and weights are their numbers; else None."""
    if type(format_) is not Positions:
        return None
    places = array("I")
    try:
        for value, weight in zip(values, weights.tolist(), strict=True):
            found = format_.decode_positions(value)
            rising = len(found) == weight and all(starmap(lt, pairwise(found)))
            if not rising or format_.encode(found) != value:
                return None
            places.extend(found)
    except (TypeError, ValueError, OverflowError, EOFError, UnpicklingError):
        return None  # bytes of another format, from before the schema was changed: kept as they are
    return np.frombuffer(places, np.uint32)


def _values(weights: Array, values: list[bytes]) -> dict[str, Array]:
    """Weights and values of any format. A field that notes only that a word is there has neither."""
    sizes = np.fromiter(map(len, values), np.int64, len(values))
    if not sizes.any() and (weights == 1).all():
        return {}
    whole = (weights >= 0) & (weights < 1 << 24) & (weights == np.floor(weights))
    arrays = {"often": smallest(weights.astype(np.uint32)) if whole.all() else weights}
    if sizes.any():
        arrays |= {"values": np.frombuffer(b"".join(values), np.uint8), "values.at": smallest(offsets(sizes))}
    return arrays
