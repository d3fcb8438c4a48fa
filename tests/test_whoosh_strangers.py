"""Can any Whoosh open what our engine wrote, search it, and write it anew?"""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import archives
from whoosh import index as whoosh_index
from whoosh import query, scoring
from whoosh.codec.whoosh3 import W3Codec
from whoosh.qparser import QueryParser
from whoosh.util.numeric import byte_to_length, length_to_byte
from whoosh_kit import differences, walked

from searcher import engines, text
from searcher.engines import Entry, entry_of
from searcher.engines.port import NAMES, NUMBERS, TEXTS, VALUES
from searcher.engines.whoosh.codec import ArrayCodec
from searcher.engines.whoosh.postings import UNKNOWN, whole
from searcher.engines.whoosh.schema import SEPARATOR, schema
from searcher.model import Article, Provenance
from searcher.query.plan import EXACT, STEM

Places = dict[tuple[str, bytes], dict[str, list[int]]]
"""For each word of a field the ids of the articles it stands in, and where; nowhere for whole values."""


def engine_with(folder: str | Path, *writes: tuple[list[Article], list[str]]) -> dict[str, Entry]:
    """An index in a folder, written by our engine; returns the entries that it holds, by id."""
    engine = engines.create("whoosh", Path(folder), write=True)
    held: dict[str, Entry] = {}
    for number, (put, drop) in enumerate(writes):
        entries = [entry_of(article) for article in put]
        engine.write(entries, drop, number + 1)
        held = {id: entry for id, entry in held.items() if id not in drop} | {entry.id: entry for entry in entries}
    engine.close()
    return held


def places_of(held: dict[str, Entry]) -> Places:
    """The places of all words and values, read off the entries."""
    places: Places = defaultdict(lambda: defaultdict(list))
    for entry in held.values():
        for name, words in entry.words.items():
            for suffix, row in (("", words.surfaces), (STEM, words.stems), (EXACT, words.written)):
                for position, word in enumerate(row):
                    if word:
                        places[name + suffix, word.encode()][entry.id].append(position)
        for name, shown in entry.values.items():
            for value in shown:
                places[whole(name), text.value(value).encode()][entry.id] = []
    return places


def leaves(reader: Any) -> list[tuple[Any, int]]:
    """The readers of the segments; the reader of an empty index has none."""
    return [(leaf, base) for leaf, base in reader.leaf_readers() if leaf.doc_count_all()]


def ids(reader: Any) -> dict[int, str]:
    """The ids of the articles, by their number; deleted ones have none."""
    column = [leaf.column_reader("id") for leaf, _ in leaves(reader)]
    numbered = (id for values in column for id in values)
    return {number: id for number, id in enumerate(numbered) if not reader.is_deleted(number)}


def places_in(reader: Any) -> Places:
    """The same, as Whoosh finds it. Words of which nothing is left are left out."""
    places: Places = {}
    by_number = ids(reader)
    for name, word in reader.all_terms():
        matcher, found = reader.postings(name, word), {}
        positional = reader.schema[name].format.supports("positions")
        while matcher.is_active():
            found[by_number[matcher.id()]] = matcher.value_as("positions") if positional else []
            decoded = reader.schema[name].format.decode_frequency(matcher.value())
            assert matcher.weight() == decoded == (len(found[by_number[matcher.id()]]) if positional else 1)
            matcher.next()
        if found:
            places[name, word] = found
    return places


def columns_in(reader: Any) -> dict[str, dict[str, Any]]:
    """The columns of every article, by its id; only those that have something."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    by_number = ids(reader)
    for leaf, base in leaves(reader):
        for name in (*map(whole, VALUES), *NUMBERS):
            for number, value in enumerate(leaf.column_reader(name)):
                if base + number in by_number and value not in ("", UNKNOWN):
                    found[by_number[base + number]][name] = value
    return found


def columns_of(held: dict[str, Entry]) -> dict[str, dict[str, Any]]:
    """The same, read off the entries."""
    return {
        entry.id: {whole(name): SEPARATOR.join(shown) for name, shown in entry.values.items()} | entry.numbers
        for entry in held.values()
    }


def lengths_in(reader: Any) -> dict[str, dict[str, int]]:
    """The lengths of the fields of every article that has them."""
    names = (*TEXTS, *(name + STEM for name in TEXTS), *NAMES)
    lengths = {
        id: {name: reader.doc_field_length(number, name) for name in names} for number, id in ids(reader).items()
    }
    return {id: {name: length for name, length in one.items() if length} for id, one in lengths.items()}


def length(words: Any) -> int:
    return sum(1 for word in words if word)


def lengths_of(held: dict[str, Entry]) -> dict[str, dict[str, int]]:
    """The same, read off the entries, and rounded."""
    exact = {
        entry.id: {
            name + suffix: length(row)
            for name, words in entry.words.items()
            for suffix, row in (("", words.surfaces), (STEM, words.stems))
        }
        for entry in held.values()
    }
    return {
        id: {name: byte_to_length(length_to_byte(number)) for name, number in one.items() if number}
        for id, one in exact.items()
    }


def assert_holds(reader: Any, held: dict[str, Entry]) -> None:
    """What Whoosh reads is what the entries say."""
    assert sorted(ids(reader).values()) == sorted(held)
    for leaf, _ in leaves(reader):
        assert list(leaf.all_terms()) == sorted(leaf.all_terms())
    assert places_in(reader) == places_of(held)
    assert columns_in(reader) == columns_of(held)
    assert lengths_in(reader) == lengths_of(held)
    assert [reader.stored_fields(number) for number in ids(reader)] == [{}] * len(held)


writes = st.tuples(archives(), st.lists(st.sampled_from([f"id{n}" for n in range(8)]), max_size=3))


@settings(max_examples=60)
@given(st.lists(writes, min_size=1, max_size=3))
def test_whoosh_reads_what_our_engine_wrote(history: list[tuple[list[Article], list[str]]]) -> None:
    with TemporaryDirectory() as folder:
        held = engine_with(folder, *history)
        with whoosh_index.open_dir(folder).searcher() as searcher:
            assert searcher.doc_count() == len(held)
            assert_holds(searcher.reader(), held)


@settings(max_examples=60)
@given(st.lists(writes, min_size=1, max_size=3), st.booleans())
def test_whoosh_rewrites_what_our_engine_wrote_in_its_codec_or_ours_and_nothing_is_lost(
    history: list[tuple[list[Article], list[str]]], into_arrays: bool
) -> None:
    with TemporaryDirectory() as folder:
        held = engine_with(folder, *history)
        index = whoosh_index.open_dir(folder)
        index.optimize(codec=ArrayCodec() if into_arrays else W3Codec())
        with index.searcher() as searcher:
            assert searcher.reader().has_deletions() is False
            assert_holds(searcher.reader(), held)


def article(id: str, body: str, **fields: Any) -> Article:
    return Article(id, "", body, Provenance("corpus/a.txt", id), language="en", words=len(body.split()), **fields)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A written index of three segments, with deletions."""
    first = [
        article("a", "kerry visits sochi", source="BBC News"),
        article("b", "sochi " * 30, people=("John Kerry", "Bob")),
    ]
    second = [article("c", "the talks of kerry in sochi"), article("d", "nothing"), article("f", "what else")]
    engine_with(tmp_path, (first, []), (second, []), ([article("e", "kerry kerry kerry")], ["d"]))
    return tmp_path


def bodies(searcher: Any, asked: Any, **how: Any) -> list[str]:
    """The ids of the articles found, in their order."""
    by_number = ids(searcher.reader())
    return [by_number[number] for number, _ in searcher.search(asked, limit=None, **how).items()]


def test_queries_are_parsed_and_answered(folder: Path) -> None:
    index = whoosh_index.open_dir(str(folder))
    parse = QueryParser("body", index.schema).parse
    with index.searcher() as searcher:
        for asked, found in {
            'kerry sochi': {"a", "c"},
            "kerry OR nothing": {"a", "c", "e"},
            '"in sochi"': {"c"},
            '"sochi in"': set(),
            "ker*": {"a", "c", "e"},
            "person:john": {"b"},
            "source:'bbc news'": {"a"},
            "source:bbc": set(),
            "kerry NOT the": {"a", "e"},
            "id:d": set(),
        }.items():  # fmt: skip
            assert (asked, set(bodies(searcher, parse(asked)))) == (asked, found)
        # Names with a dot cannot be typed in Whoosh's own language.
        assert bodies(searcher, query.Term("body.stem", "visit")) == ["a"]
        assert bodies(searcher, query.Term("person.whole", "john kerry")) == ["b"]


def test_results_are_sorted_and_grouped_by_our_columns(folder: Path) -> None:
    with whoosh_index.open_dir(str(folder)).searcher() as searcher:
        assert bodies(searcher, query.Every(), sortedby="id") == list("abcef")
        assert bodies(searcher, query.Every(), sortedby="id", reverse=True) == list("fecba")
        by_number = ids(searcher.reader())
        groups = searcher.search(query.Every(), groupedby="source").groups()
        found = {name: {by_number[number] for number in numbers} for name, numbers in groups.items()}
        assert found == {"BBC News": {"a"}, "": set("bcef")}


def test_scores_are_those_of_bm25_with_the_lengths_as_whoosh_rounds_them(folder: Path) -> None:
    with whoosh_index.open_dir(str(folder)).searcher() as searcher:
        reader = searcher.reader()
        words = {"a": (1, 3), "c": (1, 6), "b": (30, 30)}  # how often, and the length
        # What was deleted counts until a merge.
        assert (reader.doc_count(), reader.doc_count_all()) == (5, 6)
        assert reader.field_length("body") == 3 + 30 + 6 + 1 + 2 + 3
        rare, average = log(6 / (3 + 1)) + 1, 45 / 6
        by_number = ids(reader)
        got = {by_number[number]: score for number, score in searcher.search(query.Term("body", "sochi")).items()}
        expected = {id: scoring.bm25(rare, often, long, average, 0.75, 1.2) for id, (often, long) in words.items()}
        assert differences(got, {id: expected[id] for id in got}) == []
        assert set(got) == set(expected)


def test_cursors_and_extremes_are_there_too(folder: Path) -> None:
    [first, *_] = whoosh_index.open_dir(str(folder)).reader().leaf_readers()
    reader = first[0]
    assert [one[0] for one in walked(reader.cursor("body"))[:3]] == ["kerry", "sochi", "visits"]
    assert (reader.min_field_length("body"), reader.max_field_length("body")) == (3, 30)
    assert (reader.min_field_length("quote"), reader.max_field_length("quote"), reader.field_length("quote")) == (
        0,
        0,
        0,
    )
    assert (reader.doc_field_length(0, "quote", 7), reader.doc_field_length(0, "person", 7)) == (7, None)
    one = reader.term_info("body", "sochi")
    assert (one.weight(), one.max_weight(), one.min_length(), one.max_length()) == (31, 30, 3, 30)
    one = reader.term_info("source", "bbc news")
    assert (one.weight(), one.doc_frequency(), one.min_length(), one.max_length()) == (1, 1, 0, 0)


def test_a_column_read_backwards_sorts_backwards(folder: Path) -> None:
    reader = whoosh_index.open_dir(str(folder)).reader().leaf_readers()[0][0]
    column = reader.column_reader("words", reverse=True, translate=False)
    assert [column.sort_key(number) for number in range(2)] == [-3, -30]
    assert list(column.load()) == list(column) == [3, 30]
    values = reader.column_reader("person.whole", translate=False)
    assert list(values) == values.load() == [b"", b"John Kerry\x1fBob"]


def test_a_stranger_adds_to_it_with_a_writer_of_his_own(folder: Path) -> None:
    index = whoosh_index.open_dir(str(folder))
    with index.writer() as writer:
        writer.merge = False
        writer.add_document(id="g", body="kerry in town", source="a\x1fb", date=5)
    with index.searcher() as searcher:
        assert set(bodies(searcher, query.Term("body", "kerry"))) == {"a", "c", "e", "g"}
        assert bodies(searcher, query.Term("source", "b")) == ["g"]
    index.optimize()
    with index.searcher() as searcher:
        assert set(bodies(searcher, query.Phrase("body", ["kerry", "in"]))) == {"c", "g"}
        assert set(bodies(searcher, query.Every())) == set("abcefg")


def test_the_schema_splits_words_at_spaces_and_values_at_their_separator_and_nowhere_else() -> None:
    def tokens(name: str, given: str) -> list[str]:
        return [token.text for token in schema()[name].analyzer(given)]

    odd = "U.S.\tal-Assad's\n6,000"
    assert tokens("body", f"{odd} of  the\x1f北京 ") == [odd, "of", "the\x1f北京"]
    assert tokens("person.whole", "John Kerry\x1f\x1fÉté d'été\x1f") == ["John Kerry", "Été d'été"]


def test_the_schema_is_made_of_whooshs_own_types_and_has_every_field() -> None:
    made = schema()
    assert set(made.names()) == {
        *(name + form for name in TEXTS for form in ("", STEM, EXACT)),
        *(*NAMES, *map(whole, VALUES), *NUMBERS),
    }
    for field in made:
        parts = (field, field.format, field.analyzer, field.column_type)
        assert all(part is None or type(part).__module__.startswith("whoosh.") for part in parts)
    assert [bool(made[name].scorable) for name in ("body", "body.stem", "person", "person.whole", "date")] == [
        True
    ] * 3 + [False] * 2


def test_whoosh_opens_the_index_in_a_program_that_has_imported_nothing_of_ours(folder: Path) -> None:
    code = (
        "import sys; from whoosh import index, query; s = index.open_dir(sys.argv[1]).searcher();"
        "print(len(s.search(query.Term('body', 'kerry'))))"
    )
    run = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["3"]
