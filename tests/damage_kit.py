"""What may happen to the files of an index, and what comes of it? For the tests of damage, and run by them.

    python damage_kit.py FOLDER WORK '["cut_off"]' SEED TIMES

damages the index in FOLDER in WORK, that many times, and prints what came of it. It is a process of its own, with
little memory: damaged numbers must not ask for gigabytes, nor end it.
"""

from __future__ import annotations

import json
import random
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from engine_kit import PLANS, SORTS, answers, differences, entry, files, held, some, whoosh

from searcher.engines.whoosh.arrays import Arrays
from searcher.errors import IndexDamaged
from searcher.query.plan import EVERYTHING, Close, Near, Places, Plan, Row, Spot, Term, Terms

MEMORY = 4 << 30
"""Bytes that a damaged index may ask the system for."""

TAKEN = 1 << 30
"""Bytes that it may then use."""

ENTRIES = some(1, 50)

Files = dict[str, bytes]


class Turn(random.Random):
    """What is random in one of many turns, the same each time that it is the turn of this number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


Damage = Callable[[Turn, Files], None]


def build(folder: Path) -> None:
    """An index of three segments, two of which have deleted entries."""
    engine = whoosh(folder, write=True)
    for last, (first, after) in enumerate(((0, 20), (20, 40), (40, 50)), 1):
        engine.write(ENTRIES[first:after], [], last)
    engine.write([], ["id3", "id4", "id30"], 4)
    assert sorted(held(folder).values()) == [10, 20, 20]


def build_wide(folder: Path) -> None:
    """An index with offsets, counts, positions and codes of four bytes each."""
    text = [f"w{number % 66_000}" for number in range(132_500)] + ["a", "b"] * 66_000
    values = {"tag": tuple(f"t{number}" for number in range(66_000)), "source": ("BBC",)}
    whole = range(0, len(text), 3)
    engine = whoosh(folder, write=True)
    engine.write([entry("wide", text, ["a"], values, {"date": 3}, whole, whole), *some(2, 8)], [], 1)
    engine.write([entry("gone", ["a", "b"])], ["id1"], 2)


WIDE: list[Plan] = [
    *(EVERYTHING, Terms(tuple(Term("body", word) for word in ("a", "b", *(f"w{number}" for number in range(0, 66_000, 5000)))))),
    *(Row("body", ("a", "b")), Row("body", ("w7", "w8")), Close("body", ("a", "b", "w9"), 70_000)),
    Places((Spot((Row("body", ("a",)),), (Near((Spot((Row("body", ("b",)),)),), "sentence"), Near((Spot((Row("body", ("w1",)),)),), 9, "any", True))),)),
]  # fmt: skip


def ask(engine: Any) -> dict[Any, Any]:
    return answers(engine, PLANS[::2])


def ask_wide(engine: Any) -> dict[Any, Any]:
    """Little of every kind: there is much of all."""
    got: dict[Any, Any] = {("terms",): list(engine.terms("body", "w65"))}
    for number, plan in enumerate(WIDE):
        counts = engine.count(plan, ["tag"])["tag"]
        got[number, "counts"] = len(counts), counts.most_common(3), counts.get("t7", 0)
        for sort in SORTS:
            found = engine.search(plan, sort, 0, 10)
            got[number, sort], got[number, sort, "scores"] = (found.ids, found.total), found.scores
    return got


# What may happen to files


def cut_off(chance: Turn, held: Files) -> None:
    name = chance.choice(sorted(held))
    held[name] = held[name][: chance.randrange(len(held[name]))]


def flip_anywhere(chance: Turn, held: Files) -> None:
    name = chance.choice(sorted(held))
    held[name] = flipped(chance, held[name], 0, len(held[name]), chance.choice([1, 1, 2, 10, 1000]))


def flip_in_an_array(chance: Turn, held: Files) -> None:
    name, at, size, _ = an_array(chance, held)
    held[name] = flipped(chance, held[name], at, at + size, chance.choice([1, 1, 1, 2, 10]))


def flip_a_high_bit(chance: Turn, held: Files) -> None:
    """Of the last number, or any, of one of the arrays of large numbers, of each in turn."""
    arrays = list(arrays_of(held, 4))
    name, at, size, width = arrays[chance.number % len(arrays)]
    numbers = size // width
    at += chance.choice([numbers - 1, chance.randrange(numbers)]) * width + width - 1
    held[name] = held[name][:at] + bytes([held[name][at] ^ chance.choice([0x80, 0x10])]) + held[name][at + 1 :]


def overwrite_an_array(chance: Turn, held: Files) -> None:
    name, at, size, _ = an_array(chance, held)
    data = chance.choice([bytes(size), b"\xff" * size, chance.randbytes(size)])
    held[name] = held[name][:at] + data + held[name][at + size :]


def flipped(chance: random.Random, data: bytes, first: int, after: int, number: int) -> bytes:
    changed = bytearray(data)
    for _ in range(number):
        changed[chance.randrange(first, after)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def shuffle_an_array(chance: Turn, held: Files) -> None:
    """Its numbers are all there, in another order."""
    name, at, size, width = an_array(chance, held)
    numbers = [held[name][place : place + width] for place in range(at, at + size, width)]
    chance.shuffle(numbers)
    held[name] = held[name][:at] + b"".join(numbers) + held[name][at + size :]


def an_array(chance: Turn, held: Files) -> tuple[str, int, int, int]:
    return chance.choice(list(arrays_of(held)))


def arrays_of(held: Files, least: int = 1) -> Iterator[tuple[str, int, int, int]]:
    """The arrays of numbers of `least` bytes or more: file, place and size in it, size of a number."""
    for name in sorted(held):
        rows = Arrays(held[name], name)._rows if name.endswith(".arr") else {}
        for kind, at, length, _ in rows.values():
            if length and int(kind[2:]) >= least:
                yield name, at, length * int(kind[2:]), int(kind[2:])


DAMAGES: dict[str, Damage] = {
    one.__name__: one
    for one in (cut_off, flip_anywhere, flip_in_an_array, flip_a_high_bit, overwrite_an_array, shuffle_an_array)
}


# A process that does it, over and over


def _peak() -> int:
    """The most bytes that this process has held. What getrusage() says begins with the parent's, from before exec."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) << 10


def suffer(sound: Path, work: Path, names: list[str], seed: int, times: int) -> dict[str, Any]:
    """Damages the files and asks, many times: what came of it, and what must not have."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    asking = ask_wide if sound.name == "wide" else ask
    expected, whole, outcomes, wrong = asking(whoosh(sound)), files(sound), Counter[str](), []
    for turn in range(seed, seed + times):
        chance, damaged = Turn(turn), dict(whole)
        name = names[turn % len(names)]
        DAMAGES[name](chance, damaged)
        for path, data in damaged.items():
            (work / path).write_bytes(data)
        outcome = came_of(work, expected, asking, damaged == whole)
        outcomes[outcome.partition(":")[0]] += 1
        if outcome.startswith("wrong"):
            wrong.append(f"{name} {turn}: {outcome}")
    return {"outcomes": outcomes, "wrong": wrong, "taken": _peak()}


def came_of(work: Path, expected: dict[Any, Any], asking: Callable[[Any], dict[Any, Any]], same: bool) -> str:
    """What an index answers, of which it is known what it should."""
    try:
        engine = whoosh(work)
        named = engine.check()
        got = asking(engine)
    except IndexDamaged as error:
        return "refused" if "--rebuild" in (error.hint or "") and not same else f"wrong: no hint: {error}"
    except BaseException as error:
        return f"wrong: {type(error).__name__}: {error}"
    if named:
        return "named" if not same and all("damaged" in line for line in named) else f"wrong: {named}"
    return "unharmed" if not (found := differences(expected, got)) else f"wrong: {found[0]}"


if __name__ == "__main__":
    folder, work, names, *numbers = sys.argv[1:]
    print(json.dumps(suffer(Path(folder), Path(work), json.loads(names), *map(int, numbers))))
