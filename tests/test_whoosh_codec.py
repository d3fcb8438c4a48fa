"""Does Whoosh answer the same from arrays as from its own files? And what do the arrays hold?"""

from __future__ import annotations

import pickle
import random
import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from whoosh import fields, formats, query, scoring
from whoosh import index as whoosh_index
from whoosh.codec.base import OutOfOrderError
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage, RamStorage, copy_to_ram
from whoosh.matching import ReadTooFar
from whoosh.reading import TermNotFound
from whoosh_kit import (
    QUERIES,
    WORDS,
    Step,
    differences,
    everything,
    found,
    histories,
    lived,
    ours,
    schema,
    stock,
)

from searcher.engines.whoosh.codec import ArrayCodec, ArraySegment
from searcher.engines.whoosh.perdoc import open_arrays
from searcher.errors import IndexDamaged

# The same as Whoosh


@settings(max_examples=40)
@given(histories())
def test_whatever_happened_to_an_index_it_answers_as_one_of_whooshs_own_files(history: list[Step]) -> None:
    expected, got = lived(history, stock), lived(history, ours)
    assert differences(everything(expected), everything(got)) == []


@settings(max_examples=10)
@given(histories())
def test_it_does_so_in_a_folder_too_and_when_it_is_opened_again(history: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        lived(history, ours, FileStorage(folder))
        got = everything(whoosh_index.open_dir(folder))
    assert differences(everything(lived(history, stock)), got) == []


@settings(max_examples=25)
@given(histories(), st.booleans())
def test_optimizing_into_either_codec_gives_the_answers_that_whooshs_own_would(
    history: list[Step], into_arrays: bool
) -> None:
    expected, got = lived(history, stock), lived(history, ours)
    for index in (expected, got):
        index.optimize(codec=ArrayCodec() if into_arrays and index is got else W3Codec())
    assert differences(everything(expected), everything(got)) == []
    kinds = {type(segment) for segment in got._segments() if segment.doc_count_all()}
    assert (ArraySegment in kinds) <= into_arrays


def many(seed: int, number: int) -> list[dict[str, Any]]:
    """Documents of two fields, in which some words stand in hundreds and often."""
    chance = random.Random(seed)
    weights = [2 ** (len(WORDS) - rank) for rank in range(len(WORDS))]
    return [
        {
            "id": str(doc),
            "text": " ".join(chance.choices(WORDS, weights, k=chance.randint(1, 60))),
            "number": doc % 7,
        }
        for doc in range(number)
    ]


@pytest.fixture(scope="module")
def large() -> tuple[Any, Any]:
    """An index of several segments in which words have several of Whoosh's blocks, in its codec and in ours."""
    parts = [("add", many(1, 700), False, True), ("add", many(2, 300), False, True), ("delete", "x", False, True)]
    return lived(parts, stock), lived(parts, ours)


@pytest.mark.parametrize("asked", QUERIES, ids=repr)
def test_the_best_of_hundreds_are_found_by_skipping_as_by_reading_all(
    large: tuple[Any, Any], asked: query.Query
) -> None:
    with large[0].searcher() as expected, large[1].searcher() as got:
        assert differences(found(expected, asked), found(got, asked)) == []
        all_hits = [score for _, score in got.search(asked, limit=None).items()]
        for limit in (1, 10, 50):
            best = [score for _, score in got.search(asked, limit=limit).items()]
            assert differences(best, all_hits[:limit]) == []


@pytest.mark.parametrize("model", [scoring.TF_IDF(), scoring.Frequency(), scoring.BM25F(B=0.2, K1=2.0), scoring.PL2()], ids=repr)  # fmt: skip
def test_every_way_to_score_gives_the_same_scores(large: tuple[Any, Any], model: Any) -> None:
    asked = query.Or([query.Term("text", word) for word in WORDS[:4]])
    with large[0].searcher(weighting=model) as expected, large[1].searcher(weighting=model) as got:
        for limit in (10, None):
            hits = [list(one.search(asked, limit=limit).items()) for one in (expected, got)]
            assert differences(*hits) == []


@pytest.mark.parametrize("multisegment", [False, True])
def test_several_processes_may_write(tmp_path: Path, multisegment: bool) -> None:
    given = [document | {"characters": "alfa"} for document in many(3, 250)]
    index = whoosh_index.create_in(str(tmp_path), schema())
    writer = index.writer(procs=2, codec=ArrayCodec(), multisegment=multisegment)
    for document in given:
        writer.add_document(**document)
    writer.commit()
    assert {type(segment) for segment in index._segments()} == {ArraySegment}
    with index.searcher() as searcher:
        assert searcher.doc_count() == 250
        asked = query.And([query.Term("text", "alfa"), query.Term("text", "bravo")])
        hits = sorted(hit["id"] for hit in searcher.search(asked, limit=None))
    assert hits == sorted(one["id"] for one in given if {"alfa", "bravo"} <= set(one["text"].split()))
    for segment in index._segments():
        assert open_arrays(index.storage, segment).facts["docs"] == segment.doc_count_all()


# Any postings

values = st.one_of(
    st.just(b""),
    st.binary(max_size=9),
    st.lists(st.integers(0, 2**32 - 1), max_size=4, unique=True).map(sorted).map(formats.Positions().encode),
    st.lists(st.integers(-3, 9), max_size=4).map(formats.Positions().encode),
    st.lists(st.tuples(*[st.integers(0, 9)] * 3), max_size=3).map(formats.Characters().encode),
)
weights = st.one_of(
    st.integers(0, 5).map(float), st.floats(width=32, allow_nan=False, allow_infinity=False), st.just(2.0**24)
)
posting_lists = st.dictionaries(
    st.tuples(st.sampled_from(["text", "frequency", "id", "characters"]), st.binary(max_size=4)),
    st.dictionaries(st.integers(0, 70_000), st.tuples(weights, values), min_size=1, max_size=5),
    max_size=8,
)


def written(items: Iterable[Any], storage: Any = None, docs: int = 70_001) -> tuple[Any, Any]:
    """A terms reader of a segment that was written from these postings, and the segment."""
    storage, segment = storage or RamStorage(), ArraySegment("MAIN", docs)
    writer = ArrayCodec().field_writer(storage, segment)
    writer.add_postings(schema(), None, items)
    writer.close()
    return ArrayCodec().terms_reader(storage, segment), open_arrays(storage, segment)


@given(posting_lists)
@example({("text", b"a"): {1: (2.0, formats.Positions().encode([5, 3]))}})
@example({("text", b"a"): {1: (2.0, formats.Positions().encode([3, 3]))}})
@example({("text", b"a"): {1: (1.0, formats.Positions().encode([2**32]))}})
@example({("text", b"a"): {1: (1.0, formats.Positions().encode([-1]))}})
@example({("text", b"a"): {1: (0.0, formats.Positions().encode([]))}})
@example({("text", b"a"): {1: (1.0, formats.Positions().encode([7])), 2: (1.5, formats.Positions().encode([7]))}})
@example({("text", b"a"): {1: (1.0, b"\xff" * 7)}})
@example({("text", b""): {0: (0.0, b"\x00\x00\x00\x00)")}})  # positions, but not as they are written
def test_any_postings_come_back_as_they_were_given(given: dict[Any, dict[int, tuple[float, bytes]]]) -> None:
    items = [(*term, doc, *given[term][doc]) for term in sorted(given) for doc in sorted(given[term])]
    reader, _ = written(items)
    assert list(reader.terms()) == sorted(given)
    got = []
    for name, text in reader.terms():
        matcher = reader.matcher(name, text, schema()[name].format)
        while matcher.is_active():
            got.append((name, text, matcher.id(), matcher.weight(), matcher.value()))
            matcher.next()
    assert got == [(*item[:3], float(np.float32(item[3])), item[4]) for item in items]


def parts(name: str, items: list[Any]) -> dict[str, Any]:
    """The arrays of a field with one word, written from these weights and values; how words are looked up left out."""
    _, arrays = written([(name, b"a", doc, weight, value) for doc, (weight, value) in enumerate(items)])
    return {key.removeprefix(f"{name}/"): arrays[key] for key in arrays if not key.endswith(".heads")}


def test_positions_are_kept_as_numbers_and_nothing_else_of_them_is() -> None:
    encode = formats.Positions().encode
    held = parts("text", [(2.0, encode([1, 300])), (1.0, encode([0]))])
    assert {name: array.tolist() for name, array in held.items()} == {
        **{"text": [97], "text.at": [0, 1], "at": [0, 2], "docs": [0, 1]},
        **{"often": [2, 1], "places": [1, 300, 0], "places.at": [0, 3]},
    }
    assert (held["docs"].dtype, held["often"].dtype, held["places"].dtype) == (np.uint8, np.uint8, np.uint16)


def test_a_field_that_notes_only_that_a_word_is_there_has_documents_alone() -> None:
    assert set(parts("id", [(1.0, b""), (1.0, b"")])) == {"text", "text.at", "at", "docs"}


def test_other_formats_keep_weights_and_the_bytes_of_their_values() -> None:
    held = parts("frequency", [(2.0, b"\0\0\0\2"), (1.0, b"\0\0\0\1")])
    assert (held["often"].tolist(), held["often"].dtype) == ([2, 1], np.uint8)
    assert (held["values"].tobytes(), held["values.at"].tolist()) == (b"\0\0\0\2\0\0\0\1", [0, 4, 8])
    assert parts("id", [(0.5, b""), (1.0, b"")])["often"].tolist() == [0.5, 1.0]
    assert "values" not in parts("id", [(0.5, b"")])


@pytest.mark.parametrize(
    ("weight", "positions"), [(3.0, [1, 2]), (2.5, [1, 2]), (2.0, [2, 1]), (2.0, [1, 1]), (1.0, [-1])]
)
def test_positions_that_do_not_rise_or_are_not_the_weight_are_kept_as_bytes(
    weight: float, positions: list[int]
) -> None:
    value = formats.Positions().encode(positions)
    held = parts("text", [(1.0, formats.Positions().encode([1])), (weight, value)])
    assert "places" not in held
    assert held["values"].tobytes().endswith(value)


def test_postings_out_of_order_are_refused() -> None:
    for items in ([("text", b"b"), ("text", b"a")], [("text", b"a"), ("frequency", b"a")]):
        with pytest.raises(OutOfOrderError):
            written([(*term, 0, 1.0, b"") for term in items])


def test_the_file_says_who_wrote_it_and_of_what() -> None:
    _, arrays = written(
        [("frequency", b"a", 0, 1.0, b"1"), ("text", b"a", 0, 1.0, b""), ("text", b"b", 0, 1.0, b"")]
    )
    assert arrays.facts == {
        **{"docs": 70_001, "writer": "whoosh"},
        "terms": {"frequency": {"words": 1}, "text": {"words": 2}},
    }
    assert arrays.check() == []


# The matcher


def matcher(large: tuple[Any, Any], word: str = "alfa", weighting: Any = None) -> Any:
    """The matcher of a word in the first segment."""
    searcher = large[1].searcher(weighting=weighting or scoring.BM25F())
    leaf, _ = searcher.leaf_searchers()[0]
    text = leaf.schema["text"].to_bytes(word)
    scorer = leaf.weighting.scorer(leaf, "text", text)
    return leaf.reader()._terms.matcher("text", text, leaf.schema["text"].format, scorer)


def rest(one: Any) -> list[Any]:
    """What is left in a matcher, which is read to its end."""
    got = []
    while one.is_active():
        got.append((one.id(), one.weight(), one.value(), one.score()))
        one.next()
    return got


def test_a_matcher_goes_to_any_document_and_never_back(large: tuple[Any, Any]) -> None:
    everything_in = rest(matcher(large, "charlie"))
    for target in (-1, 0, 1, 100, 333, 334, 699):
        one = matcher(large, "charlie")
        one.skip_to(target)
        assert rest(one) == [posting for posting in everything_in if posting[0] >= target]
    one = matcher(large, "charlie")
    one.skip_to(500)
    at = one.id()
    one.skip_to(100)
    assert one.id() == at


def test_a_copy_of_a_matcher_goes_its_own_way_and_reset_begins_again(large: tuple[Any, Any]) -> None:
    one = matcher(large)
    everything_in = rest(one.copy())
    one.skip_to(400)
    other = one.copy()
    assert list(one.all_ids()) == [posting[0] for posting in everything_in if posting[0] >= 400]
    left = rest(other)
    assert left
    assert one.id() >= 400
    assert rest(one) == left
    one.reset()
    assert rest(one) == everything_in


def test_a_matcher_that_is_at_its_end_says_so(large: tuple[Any, Any]) -> None:
    one = matcher(large)
    rest(one)
    for beyond in (one.next, lambda: one.skip_to(5)):
        with pytest.raises(ReadTooFar):
            beyond()
    one.reset()
    one.skip_to(10**6)
    assert not one.is_active()


def test_no_posting_is_better_than_its_block_is_said_to_be(large: tuple[Any, Any]) -> None:
    for word in WORDS[:5]:
        one = matcher(large, word)
        quality = one.block_quality()
        assert one.supports_block_quality()
        postings = rest(one)
        assert max(score for *_, score in postings) <= quality <= one.max_quality() + 1e-9
        assert (one.block_min_id(), one.block_max_id()) == (postings[0][0], postings[-1][0])
        assert one.block_max_weight() == max(weight for _, weight, *_ in postings)
        reader = large[1].reader()
        of_docs = [reader.doc_field_length(doc, "text") for doc, *_ in postings]
        assert (one.block_min_length(), one.block_max_length()) == (min(of_docs), max(of_docs))


def test_skipping_for_quality_leaves_what_may_be_better_and_skips_what_cannot(large: tuple[Any, Any]) -> None:
    one = matcher(large)
    assert one.skip_to_quality(one.block_quality() * 0.99) == 0
    assert one.id() == one.block_min_id()
    assert one.skip_to_quality(one.block_quality()) == 1
    assert not one.is_active()
    assert one.skip_to_quality(10**6) == 0


def test_without_a_scorer_there_is_no_quality(large: tuple[Any, Any]) -> None:
    reader = large[1].reader().leaf_readers()[0][0]
    assert reader._terms.matcher("text", b"alfa", schema()["text"].format).supports_block_quality() is False


def test_a_word_that_is_not_there_is_not_found(large: tuple[Any, Any]) -> None:
    terms = large[1].reader().leaf_readers()[0][0]._terms
    for name, text in (("text", b"absent"), ("absent", b"alfa"), ("text", b"")):
        assert (name, text) not in terms
        for asked in (terms.term_info, lambda *term: terms.matcher(*term, formats.Existence())):
            with pytest.raises(TermNotFound):
                asked(name, text)
        for asked in (terms.frequency, terms.doc_frequency):
            with pytest.raises(KeyError):
                asked(name, text)
    assert list(terms.terms_from("absent", b"")) == list(terms.items_from("absent", b"")) == []
    assert terms.cursor("absent", fields.TEXT()).is_valid() is False


# Segments and files


@given(st.integers(0, 10**6), st.sets(st.integers(0, 10**6)), st.dictionaries(st.text(), st.integers(0, 10**12)))
def test_a_segment_is_itself_again_after_pickling(docs: int, deleted: set[int], lengths: dict[str, int]) -> None:
    one = ArraySegment("MAIN", docs, None, deleted, lengths)
    other = pickle.loads(pickle.dumps(one))
    assert one == other
    assert (other.doc_count_all(), set(other.deleted_docs()), other._fieldlengths) == (docs, deleted, lengths)
    assert (other.is_compound(), other.should_assemble(), type(other.codec())) == (False, False, ArrayCodec)
    assert len(pickle.dumps(ArraySegment("MAIN", 10**6, None, range(10**4)))) < 60_000


def test_what_was_deleted_can_be_brought_back() -> None:
    index = lived([("add", many(1, 5), False, True)], ours)
    for number, delete in ((1, True), (3, True), (1, False), (1, False), (0, False)):
        with index.writer(codec=ArrayCodec()) as writer:
            writer.merge = False
            writer.delete_document(number, delete=delete)
    with index.searcher() as searcher:
        assert list(searcher.reader().all_doc_ids()) == [0, 1, 2, 4]
        assert searcher.doc_count() == 4
        assert sorted(hit.docnum for hit in searcher.search(query.Every("id"))) == [0, 1, 2, 4]


def test_a_writer_that_adds_nothing_or_is_cancelled_leaves_no_arrays(tmp_path: Path) -> None:
    index = lived([("add", many(1, 5), False, True)], ours, FileStorage(str(tmp_path)))
    files = sorted(tmp_path.glob("*.arr"))
    writer = index.writer(codec=ArrayCodec())
    writer.add_document(id="a", text="alfa")
    writer.cancel()
    index.writer(codec=ArrayCodec()).commit()
    assert sorted(tmp_path.glob("*.arr")) == files
    assert len(files) == 1


def test_documents_without_a_word_are_a_segment_too() -> None:
    index = lived([("add", [{"id": "a", "note": "x"}], False, True)], ours)
    with index.writer(codec=ArrayCodec()) as writer:
        writer.merge = False
        writer.add_document(note="y")
    with index.searcher() as searcher:
        assert [hit.fields() for hit in searcher.search(query.Every())] == [{"id": "a", "note": "x"}, {"note": "y"}]


def test_a_file_that_is_gone_is_an_error_that_whoosh_tries_again_and_a_broken_one_is_damage(tmp_path: Path) -> None:
    index = lived([("add", many(1, 5), False, True)], ours, FileStorage(str(tmp_path)))
    [path] = tmp_path.glob("*.arr")
    sound = path.read_bytes()
    for broken in (sound[:-1], sound[:10], b"", b"\0" * 200):
        path.write_bytes(broken)
        with pytest.raises(IndexDamaged):
            index.searcher()
    path.unlink()
    with pytest.raises(FileNotFoundError):
        index.searcher()
    path.write_bytes(sound)
    with index.searcher() as searcher:
        assert searcher.doc_count() == 5


def test_the_arrays_of_a_folder_are_mapped_and_read_on_while_the_index_is_written(tmp_path: Path) -> None:
    index = lived([("add", many(1, 50), False, True)], ours, FileStorage(str(tmp_path)))
    with index.searcher() as searcher:
        before = found(searcher, query.Term("text", "alfa"))
        with index.writer(codec=ArrayCodec()) as writer:
            writer.delete_by_term("text", "bravo")
            writer.optimize = True
        assert found(searcher, query.Term("text", "alfa")) == before


def test_an_index_may_be_copied_into_memory_and_moved(tmp_path: Path) -> None:
    index = lived([("add", many(1, 50), False, True)], ours, FileStorage(str(tmp_path / "one")).create())
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    expected = everything(index)
    assert differences(expected, everything(whoosh_index.open_dir(str(tmp_path / "two")))) == []
    assert differences(expected, everything(copy_to_ram(FileStorage(str(tmp_path / "two"))).open_index())) == []
