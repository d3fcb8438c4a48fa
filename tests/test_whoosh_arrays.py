"""Does a file of arrays give back what was written, and does it tell of every damage?"""

from __future__ import annotations

import errno
import io
import json
import random
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from searcher.engines.whoosh import arrays as format_of
from searcher.engines.whoosh.arrays import Arrays, ArraysWriter, lengths, offsets, ranges, smallest
from searcher.errors import IndexDamaged

DTYPES = [
    "?",
    *(f"{sign}{size}" for sign in "iu" for size in (1, 2, 4, 8)),
    "f2",
    "f4",
    "f8",
    "c16",
    "S3",
    "U2",
    "M8[D]",
]
HEADER = 64
CHECKED = 40
"""Bytes of the header that are used; the rest of it is empty."""


class Kept(io.BytesIO):
    """A stream whose bytes can be had after it was closed."""

    data = b""

    def close(self) -> None:
        self.data = self.data or self.getvalue()
        super().close()


def made(held: Mapping[str, Any], facts: Mapping[str, Any] | None = None) -> bytes:
    """A file of these arrays."""
    stream = Kept()
    writer = ArraysWriter(stream)
    for name, array in held.items():
        writer.add(name, array)
    writer.finish(facts or {})
    return stream.data


def directory(data: bytes) -> Any:
    """Name, type, place, length and checksum of every array of a file."""
    at, size = struct.unpack_from("<QI", data, 20)
    return json.loads(data[at : at + size])["arrays"]


def headed(data: bytes, **change: int) -> bytes:
    """The file with another header, whose checksum is right."""
    names = ("version", "size", "at", "length", "crc")
    values = dict(zip(names, struct.unpack_from("<IQQII", data, 8), strict=True)) | change
    header = data[:8] + struct.pack("<IQQII", *(values[name] for name in names))
    return header + struct.pack("<I", zlib.crc32(header)) + data[len(header) + 4 :]


any_arrays = st.sampled_from(DTYPES).flatmap(
    lambda kind: arrays_of.arrays(
        st.sampled_from(["<", ">"]).map(lambda order: np.dtype(kind).newbyteorder(order)), st.integers(0, 70)
    )
)


@given(
    st.dictionaries(st.text(max_size=5), any_arrays, max_size=5),
    st.dictionaries(st.text(), st.text() | st.integers()),
)
def test_arrays_of_every_type_and_facts_come_back_as_they_were_given(
    held: dict[str, Any], facts: dict[str, Any]
) -> None:
    read = Arrays(made(held, facts), "x")
    assert read.facts == facts
    assert list(read) == list(held)
    assert len(read) == len(held)
    assert read.check() == []
    for name, array in held.items():
        assert read[name].dtype == array.dtype.newbyteorder("<")
        assert read[name].tobytes() == array.astype(array.dtype.newbyteorder("<")).tobytes()


@pytest.mark.parametrize("kind", DTYPES)
def test_every_type_is_little_endian_in_the_file_whatever_it_was(kind: str) -> None:
    given = np.arange(3).astype(kind)
    big, little = given.astype(given.dtype.newbyteorder(">")), given.astype(given.dtype.newbyteorder("<"))
    data = made({"big": big, "little": little})
    assert data[64 : 64 + big.nbytes] == data[128 : 128 + big.nbytes] == little.tobytes()
    assert (Arrays(data, "x")["big"] == given).all()


def test_arrays_may_be_parts_of_others_and_cannot_be_written_to_when_they_are_read(tmp_path: Path) -> None:
    table = np.arange(30, dtype=np.uint16).reshape(5, 6)
    table.flags.writeable = False
    with ArraysWriter(tmp_path / "x") as writer:
        for name, array in (("column", table[:, 2]), ("every third", table[1, ::3]), ("backwards", table[0, ::-1])):
            writer.add(name, array)
        writer.finish({})
    read = Arrays.open(tmp_path / "x")
    assert [read[name].tolist() for name in read] == [[2, 8, 14, 20, 26], [6, 9], [5, 4, 3, 2, 1, 0]]
    with pytest.raises(ValueError):
        read["column"][0] = 1
    with pytest.raises(ValueError):
        read["column"].flags.writeable = True


def test_every_array_begins_at_a_multiple_of_64_bytes_in_the_file_and_in_memory(tmp_path: Path) -> None:
    held = {str(size): np.ones(size, np.uint8) for size in (0, 1, 63, 64, 65, 0, 128, 7)} | {"last": np.ones(3)}
    path = tmp_path / "x"
    path.write_bytes(made(held))
    assert [row[2] % 64 for row in directory(path.read_bytes())] == [0] * len(held)
    read = Arrays.open(path)
    assert [read[name].ctypes.data % 64 for name in read if len(read[name])] == [0] * 7
    assert {name: array.tolist() for name, array in read.items()} == {
        name: array.tolist() for name, array in held.items()
    }


def test_a_file_may_have_no_arrays_or_only_empty_ones() -> None:
    assert (dict(Arrays(made({}), "x")), Arrays(made({}, {"a": 1}), "x").facts) == ({}, {"a": 1})
    read = Arrays(made({kind: np.zeros(0, kind) for kind in DTYPES}), "x")
    assert [(len(read[kind]), read[kind].dtype) for kind in DTYPES] == [(0, np.dtype(kind)) for kind in DTYPES]
    assert read.check() == []


def test_an_array_that_is_not_there_is_absent_as_in_any_mapping() -> None:
    read = Arrays(made({"a": np.ones(1)}), "x")
    assert ("a" in read, "b" in read, read.get("b")) == (True, False, None)
    with pytest.raises(KeyError):
        read["b"]


@pytest.mark.parametrize(
    "array", [np.array([None]), np.array(3), np.ones((2, 2)), np.zeros(2, [("a", "O")]), np.zeros((0, 3))], ids=repr
)
def test_what_is_no_plain_array_is_refused_and_the_file_can_go_on(array: Any) -> None:
    stream = Kept()
    writer = ArraysWriter(stream)
    writer.add("a", np.ones(2))
    with pytest.raises(ValueError, match="not an array for a file: b"):
        writer.add("b", array)
    with pytest.raises(ValueError, match="not an array for a file: a"):
        writer.add("a", np.ones(1))
    writer.finish({})
    assert {name: held.tolist() for name, held in Arrays(stream.data, "x").items()} == {"a": [1, 1]}


# Damage

SMALL = made(
    {"a/at": np.arange(9, dtype=np.uint16), "ü": np.ones(3), "empty": np.zeros(0)}, {"docs": 8, "é": ["b"]}
)


def test_every_flipped_bit_of_an_array_is_named_and_every_other_one_keeps_the_file_shut_or_changes_nothing() -> (
    None
):
    sound = Arrays(SMALL, "x")
    expected = {name: array.tolist() for name, array in sound.items()}
    places = {
        at: name
        for name, kind, start, size, _ in directory(SMALL)
        for at in range(start, start + size * np.dtype(kind).itemsize)
    }
    last = directory(SMALL)[-1][2]
    for bit in range(len(SMALL) * 8):
        data, at = bytearray(SMALL), bit // 8
        data[at] ^= 1 << bit % 8
        if at < CHECKED or at >= last:
            with pytest.raises(IndexDamaged):
                Arrays(bytes(data), "x")
            continue
        read = Arrays(bytes(data), "x")
        assert read.check() == ([places[at]] if at in places else [])
        assert at in places or {name: array.tolist() for name, array in read.items()} == expected


def test_a_file_that_is_cut_off_anywhere_or_goes_on_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "x.arr"
    for data in (*(SMALL[:size] for size in range(len(SMALL))), SMALL + b"\0", SMALL * 2):
        path.write_bytes(data)
        with pytest.raises(IndexDamaged, match=r"x\.arr"):
            Arrays.open(path)
    path.unlink()
    with pytest.raises(IndexDamaged, match=r"missing or empty: .*x\.arr"):
        Arrays.open(path)


def test_a_folder_in_the_place_of_a_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises((IndexDamaged, OSError)):
        Arrays.open(tmp_path)


def test_another_version_is_told_from_damage() -> None:
    with pytest.raises(IndexDamaged, match=r"has version 2 of the format, this program reads 1: x\.arr"):
        Arrays(headed(SMALL, version=2), "x.arr")
    assert list(Arrays(headed(SMALL, version=1), "x.arr")) == list(Arrays(SMALL, "x.arr"))


@pytest.mark.parametrize(
    "change", [{"size": 1}, {"size": 2**64 - 1}, {"at": 2**64 - 1}, {"at": 0}, {"length": 0}, {"crc": 0}], ids=repr
)
def test_a_header_that_is_whole_and_says_what_is_not_so_is_damaged(change: dict[str, int]) -> None:
    with pytest.raises(IndexDamaged):
        Arrays(headed(SMALL, **change), "x")


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_no_file_of_arrays(data: bytes, begins: bool) -> None:
    with pytest.raises(IndexDamaged):
        Arrays(format_of.MAGIC + data if begins else data, "x")


def test_what_was_removed_while_it_is_mapped_can_still_be_read(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(SMALL)
    read = Arrays.open(path)
    path.unlink()
    assert (read.check(), read["a/at"].tolist()) == ([], list(range(9)))


# Unfinished files


class Full(io.FileIO):
    """A file on a disk that has no room from its n-th write on."""

    def __init__(self, path: Path, room: int) -> None:
        super().__init__(path, "w")
        self.room = room

    def write(self, data: Any) -> int:
        self.room -= 1
        if self.room < 0:
            raise OSError(errno.ENOSPC, "no room")
        return super().write(data)


def unfinished(path: Path, error: Exception) -> None:
    with ArraysWriter(path) as writer:
        writer.add("a", np.ones(1000))
        raise error


def test_a_file_that_was_not_finished_is_removed_whatever_went_wrong(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with pytest.raises(RuntimeError):
        unfinished(path, RuntimeError())
    assert not path.exists()
    with pytest.raises(TypeError), ArraysWriter(path) as writer:
        writer.finish({"what JSON cannot hold": np.ones(1)})
    assert not path.exists()
    with ArraysWriter(path):
        pass
    assert not path.exists()
    with ArraysWriter(path) as writer:
        writer.finish({})
    assert dict(Arrays.open(path)) == {}


def test_a_file_for_which_there_is_no_room_is_removed_at_whichever_write_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, held = tmp_path / "x", {"a": np.ones(40), "b": np.arange(3), "c": np.arange(200)}
    failed = set()
    for room in range(100):
        monkeypatch.setattr(Path, "open", lambda self, mode, room=room: io.BufferedWriter(Full(self, room), 100))
        try:
            with ArraysWriter(path) as writer:
                for name, array in held.items():
                    writer.add(name, array)
                writer.finish({"docs": 1})
        except OSError as error:
            failed.add((error.errno, path.exists()))
        else:
            break
    assert room > 4
    assert failed == {(errno.ENOSPC, False)}
    monkeypatch.undo()
    assert {name: array.tolist() for name, array in Arrays.open(path).items()} == {
        name: array.tolist() for name, array in held.items()
    }


# Numbers


@pytest.mark.parametrize(
    ("most", "kind"),
    [(0, "u1"), (255, "u1"), (256, "u2"), (65_535, "u2"), (65_536, "u4"), (2**32 - 1, "u4"), (2**32, "u8")],
)
def test_numbers_are_kept_in_the_smallest_type_that_holds_them(most: int, kind: str) -> None:
    kept = smallest(np.array([0, most]))
    assert (kept.dtype, kept.tolist()) == (np.dtype(kind), [0, most])
    assert smallest(np.zeros(0, np.int64)).dtype == np.uint8


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 9)), max_size=20), st.sampled_from(["u1", "u2", "i8"])
)
def test_runs_are_cut_and_counted_as_lists_are(runs: list[tuple[int, int]], kind: str) -> None:
    starts, counts = (np.array([run[side] for run in runs], np.int64) for side in (0, 1))
    assert ranges(starts, counts).tolist() == [
        number for start, count in runs for number in range(start, start + count)
    ]
    at = offsets(counts.astype(kind))
    assert at.tolist() == [sum(counts[:end].tolist()) for end in range(len(runs) + 1)]
    assert lengths(smallest(at)).tolist() == counts.tolist()


def test_offsets_go_beyond_what_their_counts_could_hold() -> None:
    counts = np.full(random.Random(1).randint(300, 400), 255, np.uint8)
    assert offsets(counts)[-1] == 255 * len(counts)
