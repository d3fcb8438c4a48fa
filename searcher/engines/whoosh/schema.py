"""How do entries become Whoosh documents? Field types of our own, which take words that are already cut."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from whoosh import fields
from whoosh.formats import Existence, Format

from searcher import text
from searcher.engines.port import NAMES, NUMBERS, TEXTS, VALUES, Entry
from searcher.engines.whoosh.columns import SEPARATOR, Labels, Numbers
from searcher.query.plan import STEM

LENGTH = ".length"
"""What is added to a field of words for the column of its lengths, in positions. Whoosh's own are rounded."""

Item = tuple[bytes, int, float, bytes]


class Places(Format):
    """Postings with the positions of a word, as 32-bit numbers: smaller and faster than Whoosh's pickled lists."""

    def __init__(self, field_boost: float = 1.0, **options: Any) -> None:
        self.field_boost = field_boost
        self.options = options

    def encode(self, positions: Sequence[int]) -> bytes:
        return array("I", positions).tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        return array("I", value).tolist()

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // 4

    def decode_weight(self, value: bytes) -> float:
        return self.decode_frequency(value) * self.field_boost


class Words(fields.FieldType):
    """A field that is given its words, by position; "" is a gap. Nothing is analysed again."""

    scorable = True
    indexed = True

    def __init__(self) -> None:
        self.format = Places()
        self.stored = self.unique = self.vector = False

    def index(self, value: Sequence[str], **kwargs: Any) -> Iterator[Item]:
        places: dict[str, list[int]] = {}
        for position, word in enumerate(value):
            places.setdefault(word, []).append(position)
        places.pop("", None)
        for word, positions in places.items():
            yield word.encode(), len(positions), float(len(positions)), self.format.encode(positions)


class Values(fields.FieldType):
    """A field of whole values: found folded, shown from a column as they were given."""

    scorable = False
    indexed = True

    def __init__(self) -> None:
        self.format = Existence()
        self.stored = self.unique = self.vector = False
        self.column_type = Labels()

    def index(self, value: Sequence[str], **kwargs: Any) -> Iterator[Item]:
        for folded in {text.value(shown) for shown in value}:
            yield folded.encode("utf-8", "replace"), 1, 1.0, b""

    def to_column_value(self, value: Sequence[str]) -> bytes:
        return SEPARATOR.join(value).encode("utf-8", "replace")


WHOLE = ".whole"
"""What is added to a name field, whose words have its own name, for its whole values; and to the date."""

_WITH_WHOLE = (*NAMES, "date")


def schema() -> fields.Schema:
    """The schema of every index: text as surfaces and stems, names as words and whole values, number columns."""
    types: dict[str, fields.FieldType] = {}
    lengths = [name + LENGTH for name in (*TEXTS, *NAMES)]
    for name in TEXTS:
        types |= {name: Words(), name + STEM: Words()}
    types |= {name: Words() for name in NAMES}
    types |= {whole(name): Values() for name in VALUES}
    types |= {name: fields.COLUMN(Numbers()) for name in (*NUMBERS, *lengths)}
    return fields.Schema(**types)


def whole(name: str) -> str:
    """The Whoosh field that holds the whole values of one of our fields."""
    return name + WHOLE if name in _WITH_WHOLE else name


def document(entry: Entry) -> dict[str, Any]:
    """The arguments of `add_document`."""
    given: dict[str, Any] = dict(entry.numbers)
    for name, (surfaces, stems) in entry.words.items():
        given |= {name: surfaces, name + LENGTH: len(surfaces)}
        if stems:
            given[name + STEM] = stems
    given |= {whole(name): shown for name, shown in entry.values.items()}
    return given
