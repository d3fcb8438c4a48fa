"""Are Whoosh's tables of contents read right, and is nothing done that they say?"""

from __future__ import annotations

import builtins
import collections
import contextlib
import copyreg
import functools
import importlib
import io
import operator
import os
import pickle
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.util.varints import varint

from searcher.engines.whoosh import pickles, toc
from searcher.engines.whoosh.codec import ArrayCodec, ArraySegment
from searcher.engines.whoosh.schema import schema
from searcher.engines.whoosh.toc import Held
from searcher.errors import IndexDamaged

SCHEMA = pickle.dumps(schema(), 2)


def table(
    schema_pickle: bytes = SCHEMA, segments: bytes = b"\x80\x04].", generation: int = 3, version: int = -111
) -> bytes:
    """A table of contents as Whoosh writes it, of these pickles."""
    head = varint(4) + varint(8) + varint(4) + (-12345).to_bytes(4, "big", signed=True)
    head += version.to_bytes(4, "big", signed=True) + varint(3) + varint(54) + varint(0)
    return head + varint(len(schema_pickle)) + schema_pickle + generation.to_bytes(4, "big") + bytes(4) + segments


def read(folder: Path, data: bytes, generation: int = 3) -> toc.Contents:
    """What is read from a table of contents of these bytes, the only one in the folder."""
    (folder / f"_MAIN_{generation}.toc").write_bytes(data)
    return toc.read(folder)


def stated(state: object) -> ArraySegment:
    """A segment that is pickled with this as its state."""
    one = ArraySegment("MAIN")
    one.__getstate__ = lambda: state  # type: ignore[method-assign]
    return one


segids = st.text("0123456789abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=16)


@st.composite
def held(draw: st.DrawFn) -> Held:
    docs = draw(st.integers(0, 70_000))
    deleted = draw(st.sets(st.integers(0, docs - 1), max_size=8)) if docs else set()
    lengths = draw(st.dictionaries(st.sampled_from(["body", "title.stem", "été"]), st.integers(0, 10**10)))
    return Held(f"MAIN_{draw(segids)}", docs, tuple(sorted(deleted)), True, lengths)


segment_lists = st.lists(held(), max_size=4, unique_by=lambda one: one.identity)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(segments=segment_lists, generation=st.integers(0, 2**31 - 1))
def test_what_was_written_is_read_again_by_us_and_by_whoosh(
    tmp_path: Path, segments: list[Held], generation: int
) -> None:
    name = toc.write(tmp_path, generation, segments)
    assert toc.read(tmp_path) == (generation, name, tuple(segments))
    found = whoosh_index.open_dir(str(tmp_path))._read_toc()
    assert found.generation == generation
    assert found.schema.names() == schema().names()
    assert [(one.segment_id(), one.doc_count_all(), sorted(one.deleted_docs())) for one in found.segments] == [
        (one.identity, one.docs, list(one.deleted)) for one in segments
    ]
    assert [one._fieldlengths for one in found.segments] == [one.lengths for one in segments]
    (tmp_path / name).unlink()


@pytest.mark.parametrize("codec", [ArrayCodec(), W3Codec()])
def test_what_whoosh_itself_wrote_is_read_right_whichever_the_codec(tmp_path: Path, codec: W3Codec) -> None:
    index = whoosh_index.create_in(str(tmp_path), schema())
    for _ in range(3):
        with index.writer(codec=codec) as writer:
            writer.merge = False
            writer.add_document(body="one two", title="one", source="a\x1fb", date=7)
            writer.add_document(body="three")
    with index.writer(codec=codec) as writer:
        writer.merge = False
        writer.delete_document(1)
        writer.delete_document(5)
    first, second, third = (one.segment_id() for one in index._segments())
    ours, lengths = isinstance(codec, ArrayCodec), {"body": 3, "title": 1}
    assert toc.read(tmp_path) == (
        4,
        "_MAIN_4.toc",
        (
            Held(first, 2, (1,), ours, lengths),
            Held(second, 2, (), ours, lengths),
            Held(third, 2, (1,), ours, lengths),
        ),
    )


def test_the_newest_of_several_holds_and_names_that_only_look_alike_do_not(tmp_path: Path) -> None:
    for generation in (2, 10, 9):
        toc.write(tmp_path, generation, [Held(f"MAIN_g{generation}", 1)])
    for name in (
        "_MAIN_11.toc.1700000000.5",
        "_MAIN_012.toc",
        "_OTHER_13.toc",
        "_MAIN_x.toc",
        "_MAIN_14_toc",
        "a_MAIN_15.toc",
    ):
        (tmp_path / name).write_bytes(b"")
    assert toc.read(tmp_path) == (10, "_MAIN_10.toc", (Held("MAIN_g10", 1),))


def test_a_folder_without_a_table_of_contents_has_none_and_is_not_damaged(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(FileNotFoundError):
            toc.read(folder)


def test_a_table_that_is_replaced_while_it_is_opened_is_looked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toc.write(tmp_path, 1, [])
    read_bytes = Path.read_bytes

    def replaced(path: Path) -> bytes:
        if path.name == "_MAIN_1.toc":
            toc.write(tmp_path, 2, [Held("MAIN_new", 1)])
            path.unlink()
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", replaced)
    assert toc.read(tmp_path) == (2, "_MAIN_2.toc", (Held("MAIN_new", 1),))


def test_a_table_that_cannot_be_opened_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "_MAIN_1.toc").mkdir()
    with pytest.raises(IndexDamaged):
        toc.read(tmp_path)


def test_a_generation_is_not_written_twice_and_only_segments_of_ours_are(tmp_path: Path) -> None:
    toc.write(tmp_path, 1, [])
    with pytest.raises(FileExistsError):
        toc.write(tmp_path, 1, [])
    with pytest.raises(ValueError, match="MAIN_stock"):
        toc.write(tmp_path, 2, [Held("MAIN_stock", 1, ours=False)])
    assert [path.name for path in tmp_path.iterdir()] == ["_MAIN_1.toc"]


def test_reading_does_not_import_whoosh(tmp_path: Path) -> None:
    toc.write(tmp_path, 1, [Held("MAIN_a", 3, (1,))])
    code = (
        "import sys; from pathlib import Path; from searcher.engines.whoosh import toc;"
        "print(len(toc.read(Path(sys.argv[1])).segments), any(m.split('.')[0] == 'whoosh' for m in sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["1", "False"]


class Names(pickle.Unpickler):
    """Reads a pickle as the standard library does, and remembers the names that it has."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self.found: set[str] = set()
        self.load()

    def find_class(self, module: str, name: str) -> Any:
        self.found.add(f"{module}.{name}")
        return super().find_class(module, name)


def test_the_names_that_are_expected_are_those_that_our_pickles_have_and_no_more(tmp_path: Path) -> None:
    stock = whoosh_index.create_in(str(tmp_path), schema())
    with stock.writer() as writer:
        writer.add_document(body="one")
    assert Names(SCHEMA).found == toc.IN_SCHEMA
    ours = pickle.dumps([ArraySegment("MAIN", 5, "abc", [1], {"body": 7})], -1)
    assert Names(ours).found | Names(pickle.dumps(stock._segments(), -1)).found == toc.IN_SEGMENTS


# What a stranger may have put in


class Call:
    """Pickles as a call of a function; as a function itself it can be what another calls."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.parts = function, arguments

    def __reduce__(self) -> Any:
        return self.parts

    def __call__(self) -> None:
        raise NotImplementedError


def attacks(marker: Path) -> dict[str, Any]:
    """Objects whose unpickling makes the file `marker`."""
    code, shell = f"open({str(marker)!r}, 'w').close()", f"touch '{marker}'"
    module = Call(importlib.import_module, "os")
    return {
        "a call": Call(os.system, shell),
        "a call deep in containers": [1, {"a": [(Call(os.system, shell),)]}],
        "a call in the state of a segment": stated({"segid": Call(os.system, shell)}),
        "a call as the state of a segment": stated(Call(os.system, shell)),
        "a call among the arguments of a call": Call(list, Call(eval, f"[{code}]")),
        "a call of what a call returned": Call(Call(getattr, module, "system"), shell),
        "eval": Call(eval, code),
        "exec": Call(exec, code),
        "an import": Call(builtins.__import__, Call(eval, f"{code} or 'os'")),
        "a partial function": Call(functools.partial(os.system, shell)),
        "a caller of methods": Call(operator.methodcaller("system", shell), module),
        "a process": Call(subprocess.call, ["touch", str(marker)]),
        "a reconstructor": Call(copyreg._reconstructor, object, object, Call(eval, code)),  # type: ignore[attr-defined]
    }


def in_segments(evil: Any, protocol: int) -> bytes:
    """A table whose list of segments has this, behind a sound segment."""
    return table(segments=pickle.dumps([ArraySegment("MAIN", 5, "abc"), evil], protocol))


def in_schema(evil: Any, protocol: int) -> bytes:
    """A table whose schema has this as one of its fields."""
    bad = schema()
    bad._fields["body"] = evil
    return table(pickle.dumps(bad, protocol))


KINDS = list(attacks(Path()))
REFUSED = re.compile(r"the table of contents names something that no index of ours has: (\w[\w.]*)")


@pytest.mark.parametrize("kind", KINDS)
def test_the_attacks_of_these_tests_are_real(tmp_path: Path, kind: str) -> None:
    marker = tmp_path / "was here"
    with contextlib.suppress(Exception):  # what was called returns nothing of use to what comes then
        pickle.loads(pickle.dumps(attacks(marker)[kind]))
    assert marker.exists()


@pytest.mark.parametrize("place", [in_segments, in_schema])
@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("kind", KINDS)
def test_a_call_in_a_pickle_is_refused_by_name_and_not_made(
    tmp_path: Path, kind: str, protocol: int, place: Callable[[Any, int], bytes]
) -> None:
    marker = tmp_path / "was here"
    with pytest.raises(IndexDamaged) as caught:
        read(tmp_path, place(attacks(marker)[kind], protocol))
    refused = REFUSED.fullmatch(caught.value.message)
    assert refused
    assert refused[1] not in (toc.IN_SEGMENTS if place is in_segments else toc.IN_SCHEMA)
    assert caught.value.hint
    assert not marker.exists()


def test_the_error_names_the_function(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=rf"no index of ours has: {os.system.__module__}\.system$"):
        read(tmp_path, in_segments(Call(os.system, "true"), 4))
    with pytest.raises(IndexDamaged, match=r"no index of ours has: builtins\.eval$"):
        read(tmp_path, in_segments(Call(eval, "1"), 4))


BY_HAND = {
    "a name with dots": b"\x80\x04\x8c\x0ewhoosh.formats\x8c\x1aPositions.__init__.__call__\x93.",
    "what an expected module imports": b"\x80\x02cwhoosh.fields\nsys\n.",
    "an expected name in another module": b"\x80\x02cos\nSchema\n.",
    "a persistent id in a line": b"\x80\x02Pabc\n.",
    "a persistent id on the stack": b"\x80\x02U\x03abcQ.",
    "an extension code": b"\x80\x02\x82\x01.",
    "an instance of protocol 0": b"(S'true'\nios\nsystem\n.",
    "an object of protocol 1": b"(cos\nsystem\nU\x04trueo.",
    "keywords": b"\x80\x04\x8c\x02os\x8c\x06system\x93)}\x92.",
    "a name that is no text": b"\x80\x04K\x01K\x02\x93.",
    "a buffer out of band": b"\x80\x05\x97.",
    "nothing": b"",
    "no value": b"\x80\x02.",
    "two values": b"\x80\x02NN.",
    "more behind the end": b"\x80\x02].N",
    "a mark that is left": b"\x80\x02(].",
    "no mark": b"\x80\x02]e.",
    "a value from an empty stack": b"\x80\x02a.",
    "a call of a list": b"\x80\x02])R.",
    "arguments that are no tuple": b"\x80\x02cbuiltins\nint\n]R.",
    "items for a list": b"\x80\x02]X\x01\0\0\0aNs.",
    "members for a list": b"\x80\x04](K\x01\x90.",
    "a key without a value": b"\x80\x02}(X\x01\0\0\0au.",
    "a key that is a tuple": b"\x80\x02}K\x01\x85K\x01s.",
    "a member that is a tuple": b"\x80\x04\x8f(K\x01\x85\x90.",
    "a member that is negative": b"\x80\x04\x8f(J\xff\xff\xff\xff\x90.",
    "a state for a list": b"\x80\x02]Nb.",
    "two states": b"\x80\x02cbuiltins\nint\n)R}b}b.",
    "something kept that is not there": b"\x80\x02h\x05.",
    "keeping what is not there": b"\x80\x02q\x05.",
    "a text longer than the file": b"\x80\x02X\xff\xff\xff\xffabc.",
    "a name without an end": b"\x80\x02cos",
    "a text that is no UTF-8": b"\x80\x04\x8c\x01\xff.",
}


@pytest.mark.parametrize("kind", BY_HAND)
def test_a_pickle_that_does_anything_else_is_damaged(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ValueError):
        pickles.read(BY_HAND[kind], toc.IN_SEGMENTS)
    for data in (table(segments=BY_HAND[kind]), table(BY_HAND[kind])):
        with pytest.raises(IndexDamaged):
            read(tmp_path, data)


def test_a_great_number_in_a_pickle_takes_no_memory(tmp_path: Path) -> None:
    kept = b"\x80\x04]r\xff\xff\xff\x7f."
    tracemalloc.start()
    assert read(tmp_path, table(segments=kept)).segments == ()
    for opcode in (b"X", b"B", b"\x8d", b"\x8e", b"\x96", b"\x95", b"\x8b"):
        with pytest.raises(IndexDamaged):
            read(tmp_path, table(segments=b"\x80\x04" + opcode + b"\xff\xff\xff\x7f\0\0\0\0."))
    with pytest.raises(IndexDamaged):
        read(tmp_path, table()[:20] + b"\xff\xff\xff\xff\x7f")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize(
    "data", [b"]" * 10**5 + b"a" * (10**5 - 1), b"(" * 10**5 + b"t" * 10**5, b")" + b"\x85" * 10**5]
)
def test_lists_in_lists_without_end_are_no_recursion(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(IndexDamaged):
        read(tmp_path, table(segments=b"\x80\x04" + data + b"."))


GOOD = {
    "indexname": "MAIN",
    "segid": "abc",
    "doccount": 5,
    "deleted": "1 3",
    "compound": False,
    "fieldlengths": {"body": 7},
}

WRONG = [
    {"indexname": "OTHER"},
    {"indexname": None},
    {"segid": "../abc"},
    {"segid": "ABC"},
    {"segid": "abc\n"},
    {"segid": ""},
    {"segid": "a" * 65},
    {"segid": 5},
    {"doccount": -1},
    {"doccount": True, "deleted": ""},
    {"doccount": 5.0},
    {"doccount": None},
    {"deleted": "1 5"},
    {"deleted": "-1 3"},
    {"deleted": "3 1"},
    {"deleted": "1 1"},
    {"deleted": "1 x"},
    {"deleted": "9" * 5000},
    {"deleted": [1, 3]},
    {"deleted": {1, 5}},
    {"deleted": {}},
    {"fieldlengths": [1]},
    {"fieldlengths": {"body": "7"}},
    {"fieldlengths": ArraySegment("MAIN")},
]


@pytest.mark.parametrize("change", WRONG, ids=lambda change: repr(change)[:40])
def test_a_segment_that_cannot_be_is_damaged(tmp_path: Path, change: dict[str, Any]) -> None:
    sound = read(tmp_path, table(segments=pickle.dumps([stated(GOOD)], 4)))
    assert sound.segments == (Held("MAIN_abc", 5, (1, 3), True, {"body": 7}),)
    with pytest.raises(IndexDamaged):
        read(tmp_path, table(segments=pickle.dumps([stated(GOOD | change)], 4)))


@pytest.mark.parametrize(
    "value",
    [
        {},
        None,
        [1],
        [[]],
        "text",
        [schema()],
        [W3Codec()],
        [stated(None)],
        [stated([])],
        [stated(GOOD), stated(GOOD)],
    ],
    ids=str.split("dict none numbers list text schema codec stateless listed twice"),
)
def test_what_is_no_list_of_different_segments_is_damaged(tmp_path: Path, value: Any) -> None:
    with pytest.raises(IndexDamaged):
        read(tmp_path, table(segments=pickle.dumps(value, 4)))


def test_what_is_no_schema_is_damaged(tmp_path: Path) -> None:
    for value in (None, [], schema()["body"]):
        with pytest.raises(IndexDamaged, match="in the wrong place"):
            read(tmp_path, table(pickle.dumps(value, 2)))


def test_another_version_or_generation_or_order_of_bytes_is_damaged(tmp_path: Path) -> None:
    assert read(tmp_path, table()) == (3, "_MAIN_3.toc", ())
    with pytest.raises(IndexDamaged, match="another format"):
        read(tmp_path, table(version=-110))
    with pytest.raises(IndexDamaged, match="the name of another"):
        read(tmp_path, table(generation=4))
    with pytest.raises(IndexDamaged, match="not one"):
        read(
            tmp_path,
            table().replace((-12345).to_bytes(4, "big", signed=True), (-12345).to_bytes(4, "little", signed=True)),
        )
    with pytest.raises(IndexDamaged, match="no end"):
        read(tmp_path, b"\xff" * 20)


# Damage


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A table with a stock segment and one of ours."""
    folder = tmp_path_factory.mktemp("real")
    index = whoosh_index.create_in(str(folder), schema())
    for codec in (W3Codec(), ArrayCodec(), W3Codec()):
        with index.writer(codec=codec) as writer:
            writer.merge = False
            writer.add_document(body="one")
            writer.add_document(body="two")
    with index.writer(codec=ArrayCodec()) as writer:
        writer.merge = False
        writer.delete_document(1)
        writer.delete_document(2)
    assert [one.ours for one in toc.read(folder).segments] == [False, True, False]
    return (folder / "_MAIN_4.toc").read_bytes()


def test_a_table_that_is_cut_off_anywhere_is_damaged(tmp_path: Path, real: bytes) -> None:
    assert len(read(tmp_path, real, 4).segments) == 3
    for size in range(len(real)):
        with pytest.raises(IndexDamaged):
            read(tmp_path, real[:size], 4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=1500)
@given(flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), min_size=1, max_size=4))
def test_flipped_bits_give_contents_or_damage_and_nothing_else(
    tmp_path: Path, real: bytes, flips: list[tuple[float, int]]
) -> None:
    data = bytearray(real)
    for place, bit in flips:
        data[int(place * len(data))] ^= 1 << bit
    try:
        contents = read(tmp_path, bytes(data), 4)
    except IndexDamaged:
        return
    for one in contents.segments:
        assert re.fullmatch("MAIN_[0-9a-z]+", one.identity)
        assert all(0 <= number < one.docs for number in one.deleted)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=1000)
@given(data=st.binary(max_size=60))
def test_any_bytes_in_the_place_of_a_pickle_give_contents_or_damage(tmp_path: Path, data: bytes) -> None:
    for whole in (table(segments=data), table(segments=b"\x80\x04" + data + b"."), table(data), data):
        with contextlib.suppress(IndexDamaged):
            read(tmp_path, whole)


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**200), 2**200) | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(), inner)
        | st.tuples(inner, inner)
        | st.lists(inner).map(tuple)
        | st.sets(st.integers(0, 2**32 - 1))
    ),
)


@given(value=plain, protocol=st.sampled_from([4, 5]))
def test_plain_values_are_read_as_the_standard_library_reads_them(value: Any, protocol: int) -> None:
    data = pickle.dumps([value, value, ["again", "again"]], protocol)
    assert pickles.read(data, ()) == pickle.loads(data)


@given(value=st.dictionaries(st.text(), st.lists(st.integers(-(2**40), 2**40) | st.text() | st.none())))
def test_plain_values_of_an_old_protocol_are_read_too(value: Any) -> None:
    data = pickle.dumps(value, 2)
    assert pickles.read(data, ()) == pickle.loads(data)


def test_an_object_is_described_with_arguments_state_and_items() -> None:
    numbers = collections.defaultdict(int, {"a": 1})
    thing = pickles.read(pickle.dumps(numbers, 4), {"collections.defaultdict", "builtins.int"})
    assert (thing.name, thing.arguments, thing.items) == ("collections.defaultdict", (("builtins.int",),), {"a": 1})
    segment = pickles.read(pickle.dumps(W3Segment(None, "MAIN", 3, "abc"), 4), {"whoosh.codec.whoosh3.W3Segment"})
    assert (segment.name, segment.arguments, segment.state["_doccount"]) == (
        "whoosh.codec.whoosh3.W3Segment",
        (),
        3,
    )
