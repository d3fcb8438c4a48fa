"""Which segments has the index? Whoosh's table of contents, read without Whoosh, quickly, and without trusting it.

    3 varints   the sizes of an int, a long and a float
    2 ints      -12345, for the order of bytes; the version of the format
    3 varints   the version of the Whoosh that wrote it
    string      the schema, pickled; its length comes first, as a varint
    2 ints      the generation; unused
    the rest    the list of segments, pickled

Ints are signed, of four bytes, the highest first; a varint has seven bits a byte, the lowest first. The generation
is part of the file's name: the newest file holds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from operator import lt
from pathlib import Path
from typing import Any, NamedTuple

from searcher.engines.whoosh.pickles import Thing, Unexpected
from searcher.engines.whoosh.pickles import read as unpickle
from searcher.errors import IndexDamaged

INDEX = "MAIN"
"""What Whoosh calls an index that was given no name."""

HINT = "`searcher doctor` says what is wrong; `searcher index --rebuild` builds it again from corpus/"

_TRIES = 10
_VERSION = -111
_FILE = re.compile(rf"_{INDEX}_(0|[1-9][0-9]*)\.toc")
_SEGMENT = re.compile(r"[0-9a-z]{1,64}")

_OURS = "searcher.engines.whoosh.codec.ArraySegment"
_STOCK = "whoosh.codec.whoosh3.W3Segment"
_SCHEMA = "whoosh.fields.Schema"
_LENGTHS = "collections.defaultdict"

IN_SCHEMA = frozenset(
    {
        _SCHEMA,
        "re._compile",
        "whoosh.analysis.tokenizers.RegexTokenizer",
        "whoosh.columns.NumericColumn",
        "whoosh.columns.VarBytesColumn",
        "whoosh.fields.COLUMN",
        "whoosh.fields.ID",
        "whoosh.fields.TEXT",
        "whoosh.formats.Existence",
        "whoosh.formats.Positions",
    }
)
"""All that the pickle of our schema names."""

IN_SEGMENTS = frozenset({_OURS, _STOCK, _LENGTHS, "builtins.int", "whoosh.codec.whoosh3.W3Codec"})
"""All that pickles of segments name: ours, and those that a stock Whoosh writes into an index of ours."""


class Held(NamedTuple):
    """A segment of the index. Its files begin with `identity` and a dot.

    deleted   the numbers of its documents that were deleted, rising
    ours      whether its postings are arrays; if not, only Whoosh can read it
    lengths   words of each field, in all documents, as far as the table of contents says
    """

    identity: str
    docs: int
    deleted: tuple[int, ...] = ()
    ours: bool = True
    lengths: Mapping[str, int] = {}


class Contents(NamedTuple):
    """A table of contents: its generation, the name of its file, and the segments in their order."""

    generation: int
    name: str
    segments: tuple[Held, ...]


def read(folder: Path) -> Contents:
    """The newest table of contents of a folder. Raises FileNotFoundError if it has none.

    Raises IndexDamaged for one that cannot be read, or whose pickles name what no index of ours has: Whoosh would
    import and call it.
    """
    for _ in range(_TRIES):
        generation = _newest(folder)
        name = _name(generation)
        try:
            data = (folder / name).read_bytes()
        except FileNotFoundError:  # a writer has put the next one in its place since
            continue
        except OSError as error:
            raise IndexDamaged(f"the table of contents cannot be read: {error}", HINT) from error
        return Contents(generation, name, _contents(data, generation, folder / name))
    raise IndexDamaged(f"a table of contents is named and not there: {folder / name}", HINT)


def _name(generation: int) -> str:
    return f"_{INDEX}_{generation}.toc"


def _newest(folder: Path) -> int:
    found = filter(None, (_FILE.fullmatch(item.name) for item in folder.iterdir()))
    generation = max((int(match[1]) for match in found), default=None)
    if generation is None:
        raise FileNotFoundError(f"no table of contents: {folder}")
    return generation


def _contents(data: bytes, generation: int, path: Path) -> tuple[Held, ...]:
    try:
        return _parsed(_Stream(data), generation)
    except Unexpected as error:
        message = f"the table of contents names something that no index of ours has: {error.name}"
        raise IndexDamaged(message, HINT) from error
    except ValueError as error:
        raise IndexDamaged(f"the table of contents cannot be read, {error}: {path}", HINT) from error


def _parsed(stream: _Stream, generation: int) -> tuple[Held, ...]:
    if [stream.varint() for _ in range(3)] != [4, 8, 4] or stream.number() != -12345:
        raise ValueError("it is not one")
    if stream.number() != _VERSION:
        raise ValueError("it has another format")
    for _ in range(3):
        stream.varint()
    _thing(unpickle(stream.take(stream.varint()), IN_SCHEMA), (_SCHEMA,))
    if stream.number() != generation:
        raise ValueError("it has the name of another")
    stream.number()
    return _segments(unpickle(stream.rest(), IN_SEGMENTS))


class _Stream:
    """What follows each other in the file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        if len(taken) != size:
            raise ValueError("it is cut off")
        self._at += size
        return taken

    def rest(self) -> bytes:
        return self.take(len(self._data) - self._at)

    def number(self) -> int:
        return int.from_bytes(self.take(4), "big", signed=True)

    def varint(self) -> int:
        number = shift = 0
        while True:
            [byte] = self.take(1)
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number
            if shift > 63:
                raise ValueError("a number has no end")


def _thing(value: Any, names: Collection[str]) -> Thing:
    if type(value) is not Thing or value.name not in names:
        raise ValueError("it has something in the wrong place")
    return value


def _segments(value: Any) -> tuple[Held, ...]:
    if type(value) is not list:
        raise ValueError("it has no segments")
    segments = tuple(_held(_thing(one, (_OURS, _STOCK))) for one in value)
    if len({segment.identity for segment in segments}) != len(segments):
        raise ValueError("it has a segment twice")
    return segments


def _held(thing: Thing) -> Held:
    """A segment from its state; Whoosh's own attributes have a line before their name."""
    if type(thing.state) is not dict:
        raise ValueError("it has a segment without a state")
    state = {str(name).removeprefix("_"): value for name, value in thing.state.items()}
    segid, docs = state.get("segid"), state.get("doccount")
    if state.get("indexname") != INDEX or type(segid) is not str or not _SEGMENT.fullmatch(segid):
        raise ValueError("it has a segment without a name")
    if type(docs) is not int or docs < 0:
        raise ValueError("it has a segment without a number of documents")
    deleted = _deleted(state.get("deleted"), docs)
    return Held(f"{INDEX}_{segid}", docs, deleted, thing.name == _OURS, _lengths(state.get("fieldlengths")))


def _deleted(value: Any, docs: int) -> tuple[int, ...]:
    """Numbers of documents: ours are a text, since tens of thousands of pickled numbers take a while to read."""
    numbers = tuple(map(int, value.split()) if type(value) is str else sorted(_set(value)))
    rising = all(map(lt, numbers, numbers[1:]))
    if numbers and not (rising and numbers[0] >= 0 and numbers[-1] < docs):
        raise ValueError("it has impossible numbers of deleted documents")
    return numbers


def _set(value: Any) -> set[int]:
    if value is not None and type(value) is not set:
        raise ValueError("it has no numbers of deleted documents")
    return value or set()


def _lengths(value: Any) -> dict[str, int]:
    lengths = _thing(value, (_LENGTHS,)).items if type(value) is Thing else value or {}
    if type(lengths) is not dict or any(type(item) is not int for item in lengths.values()):
        raise ValueError("it has impossible lengths")
    return {str(name): length for name, length in lengths.items()}


def write(folder: Path, generation: int, segments: Iterable[Held]) -> str:
    """Writes a table of contents, as Whoosh does: under another name, then renamed. Returns the name.

    The segments must be ours: raises ValueError for another. Raises FileExistsError if the generation is taken.
    """
    # Not above: reading must not wait for Whoosh.
    from whoosh.filedb.filestore import FileStorage
    from whoosh.index import TOC

    from searcher.engines.whoosh.codec import ArraySegment
    from searcher.engines.whoosh.schema import schema

    name = _name(generation)
    if (folder / name).exists():
        raise FileExistsError(f"there is a table of contents of this generation: {folder / name}")
    parts = [ArraySegment.of(held) for held in segments]
    TOC(schema(), parts, generation).write(FileStorage(str(folder)), INDEX)
    return name
