"""How does Tantivy hold the words of articles? Its schema, the documents, and a folder for each state of its index.

Every write makes a new folder, out of links to the files of the one before: a state is whole or it is not there,
and who reads another keeps it. Words are cut already: Tantivy splits at spaces, and leaves out GAP, but counts its
place. ALL is for words without a field: title, lead and body as one text in which the title stands twice, so that
BM25 adds up what stands in several fields (decision 23). An article has a number, which stands in the arrays too;
`slot` and `bit` say it so that sums, which Tantivy makes quickly, say of many articles which they are.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Document, Filter, Query, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from searcher.engines.port import NAMES, NUMBERS, TEXTS, VALUES, Entry
from searcher.engines.tantivy.kept import packed
from searcher.errors import IndexDamaged
from searcher.fields import TEXT
from searcher.files import replace_text
from searcher.query.matching import tokens
from searcher.query.plan import EXACT, STEM
from searcher.text import Words, value

ALL = "all"
NUMBER, SLOT, BIT, KEPT = "number", "slot", "bit", "kept."
BITS = 52
"""How many articles share a slot: so many different powers of two add up exactly as floats."""

HEAP = 128_000_000
"""Bytes that are written to memory before they become a segment."""

LONGEST = 16_000
"""Characters of a word or value that count: Tantivy takes no more than 65,530 bytes."""

GAP = "\x1f"
HELD = "held.json"

_ANALYSER = "words"
_SURROGATES = re.compile("[\ud800-\udfff]")
_PLANE = 0xF0000 - 0xD800
_LONG = re.compile(rf"(\S{{{LONGEST}}})\S+")


def whole(name: str) -> str:
    """The field of the whole values, folded, of a field."""
    return f"value.{name}"


def number(name: str) -> str:
    """The field of a number."""
    return f"number.{name}"


def fields() -> frozenset[str]:
    """The names of the fields of words."""
    return frozenset([*(name + form for name in TEXTS for form in ("", STEM, EXACT)), *NAMES])


def schema() -> tantivy.Schema:
    """A field for each form of words, for whole values and for each number; and what says which article it is."""
    builder = SchemaBuilder()
    for name in sorted(fields()):
        builder.add_text_field(name, tokenizer_name=_ANALYSER, index_option="position")
    for name in (ALL, ALL + STEM):
        builder.add_text_field(name, tokenizer_name=_ANALYSER, index_option="freq")
    for name in VALUES:
        builder.add_text_field(whole(name), tokenizer_name="raw", index_option="basic")
    for name in NUMBERS:
        builder.add_integer_field(number(name), fast=True)
    for name in TEXTS:
        builder.add_bytes_field(KEPT + name, stored=True)
    builder.add_unsigned_field(NUMBER, indexed=True, fast=True)
    builder.add_unsigned_field(SLOT, fast=True)
    builder.add_float_field(BIT, fast=True)
    return builder.build()


def safe(text: str) -> str:
    """A text as Tantivy can hold it: halves of characters, which are none in Rust, lie in a private plane."""
    if not text.isascii() and _SURROGATES.search(text):
        text = _SURROGATES.sub(lambda match: chr(ord(match[0]) + _PLANE), text)
    return _LONG.sub(r"\1", text) if len(text) > LONGEST else text


def restored(text: str) -> str:
    """The text that safe() was given, if it was not too long.

    >>> restored(safe("\\ud83d!")) == "\\ud83d!"
    True
    """
    if text.isascii():
        return text
    return "".join(chr(ord(char) - _PLANE) if 0xF0000 <= ord(char) < 0xF0800 else char for char in text)


def document(entry: Entry, identity: int) -> Document:
    """An article with its number."""
    made = Document()
    for name, words in entry.words.items():
        for form, standing in _forms(words):
            made.add_text(name + form, _text(standing))
        if name in TEXTS:
            made.add_bytes(KEPT + name, packed(words))
    for form in ("", STEM):
        made.add_text(ALL + form, _text(_everywhere(entry, form)))
    for name, shown in entry.values.items():
        for one in shown:
            made.add_text(whole(name), safe(value(one))[:LONGEST])
    for name, held in entry.numbers.items():
        made.add_integer(number(name), held)
    made.add_unsigned(NUMBER, identity)
    made.add_unsigned(SLOT, identity // BITS)
    made.add_float(BIT, float(1 << identity % BITS))
    return made


def _text(tokens: Iterable[str]) -> str:
    return safe(" ".join([token or GAP for token in tokens]))


def _everywhere(entry: Entry, form: str) -> list[str]:
    """The words of title, title and body; and of the lead, which is a part of both, what they have not."""
    title, lead, body = (tokens(entry.words, name + form) for name in TEXT)
    return [*title, *title, *body, *{*lead}.difference(title, body)]


def _forms(words: Words) -> Iterable[tuple[str, Sequence[str]]]:
    yield "", words.surfaces
    if words.stems:
        yield STEM, words.stems
    if any(words.written):
        yield EXACT, _written(words)


def _written(words: Words) -> list[str]:
    """How words are written that are not as their surface; and, where a word stands both ways, those that are."""
    both = {form.partition("/")[0] for form in words.written if form}
    pairs = zip(words.surfaces, words.written, strict=True)
    return [form or (f"{surface}/{surface}" if surface in both else "") for surface, form in pairs]


class Writer:
    """One write, into a folder of its own."""

    def __init__(self, before: Path, folder: Path) -> None:
        self._folder = folder
        linked(before, folder)
        index = tantivy.Index.open(str(folder))
        words = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.custom_stopword([GAP])).build()
        index.register_tokenizer(_ANALYSER, words)
        self._schema = index.schema
        self._writer = index.writer(HEAP, num_threads=1)

    def add(self, entry: Entry, identity: int) -> None:
        """Adds an article."""
        self._writer.add_document(document(entry, identity))

    def abandon(self) -> None:
        """Ends the threads that write, so that the folder can be removed. They may have failed before."""
        with suppress(ValueError):
            self._writer.rollback()
            self._writer.wait_merging_threads()

    def commit(self, gone: Sequence[int]) -> None:
        """Drops the articles of these numbers, ends all merges, and notes which files there are."""
        for at in range(0, len(gone), 1000):
            self._writer.delete_documents_by_query(
                Query.term_set_query(self._schema, NUMBER, list(gone[at : at + 1000]))
            )
        self._writer.commit()
        self._writer.wait_merging_threads()
        _only_used(self._folder)
        _note(self._folder)


def create(folder: Path) -> None:
    """A new empty index in a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tantivy.Index(schema(), str(folder))
    _note(folder)


def linked(before: Path, folder: Path) -> None:
    """A new folder with the files of another one; where a file system has no links, with copies of them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in _files(before):
        try:
            os.link(path, folder / path.name)
        except OSError:
            shutil.copyfile(path, folder / path.name)


def _files(folder: Path) -> list[Path]:
    """The files that belong to the index, without its locks and what was about to be one."""
    other = (".tantivy-", ".tmp", HELD)
    return sorted(path for path in folder.iterdir() if not path.name.startswith(other))


def _only_used(folder: Path) -> None:
    """Removes the files of segments that were merged, and of deletions that others followed."""
    held = json.loads((folder / "meta.json").read_bytes())["segments"]
    deletions = {_stem(one): one["deletes"] and f"{_stem(one)}.{one['deletes']['opstamp']}.del" for one in held}
    for path in _files(folder):
        segment = path.name.partition(".")[0]
        stale = path.suffix == ".del" and path.name != deletions.get(segment)
        if path.suffix != ".json" and (stale or segment not in deletions):
            path.unlink()


def _stem(segment: dict[str, Any]) -> str:
    return str(segment["segment_id"]).replace("-", "")


def _note(folder: Path) -> None:
    """Notes the sizes of all files, the sum of the table of contents, and a sum of the note."""
    replace_text(folder / HELD, json.dumps(_summed(_state(folder)), indent=1))
    _synced(folder)


def _synced(folder: Path) -> None:
    """Waits until the names in a folder lie on the disk, as Tantivy does with the files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _state(folder: Path) -> dict[str, Any]:
    sizes = {path.name: path.stat().st_size for path in _files(folder) if path.name != ".managed.json"}
    return {"files": sizes, "meta": zlib.crc32((folder / "meta.json").read_bytes())}


def _summed(state: dict[str, Any]) -> dict[str, Any]:
    return {**state, "sum": zlib.crc32(json.dumps(state, sort_keys=True).encode())}


def verify(folder: Path) -> None:
    """Raises IndexDamaged if a file is missing, has another size, or the table of contents is another one."""
    try:
        noted = json.loads((folder / HELD).read_bytes())
        held = _summed(_state(folder))
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"cannot read the index: {folder / HELD}: {error}") from error
    if noted != held:
        raise IndexDamaged(f"damaged: {folder / _first_wrong(noted, held)}")


def _first_wrong(noted: Any, held: dict[str, Any]) -> str:
    files = noted.get("files") if isinstance(noted, dict) else None
    if not isinstance(files, dict) or _summed({"files": files, "meta": noted.get("meta")}) != noted:
        return HELD
    wrong = [name for name in sorted({*files, *held["files"]}) if files.get(name) != held["files"].get(name)]
    return wrong[0] if wrong else "meta.json"


def check(folder: Path) -> list[str]:
    """The files whose content is not what Tantivy wrote: each ends with a checksum of what is before."""
    paths = (path for path in _files(folder) if path.suffix != ".json")
    return [f"damaged: {path}" for path in paths if not _sound(path)]


def _sound(path: Path) -> bool:
    """Content, a line of JSON with its CRC-32, the length of the line, and 1337; numbers in four bytes."""
    data = path.read_bytes()
    length = int.from_bytes(data[-8:-4], "little")
    try:
        crc = json.loads(data[-8 - length : -8])["crc"]
    except (ValueError, KeyError, TypeError):
        return False
    return bool(zlib.crc32(memoryview(data)[: len(data) - 8 - length]) == crc)
