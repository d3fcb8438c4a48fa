"""What the tests of the array engine share: awkward entries, plans that ask for all of it, and what an engine answers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from math import isclose
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import strategies as st

from searcher import engines
from searcher.engines import Engine, Entry
from searcher.engines import whoosh as engine_of
from searcher.engines.memory import MemoryEngine
from searcher.engines.tantivy import view as tantivy
from searcher.engines.whoosh import (
    evaluation,
    merging,
    nearness,
    places,
    postings,
    table,
    toc,
    view,
    writing,
)
from searcher.engines.whoosh.arrays import Arrays
from searcher.model import Sort
from searcher.query.plan import (
    EVERYTHING,
    NOTHING,
    STEM,
    And,
    Close,
    First,
    Near,
    Not,
    Or,
    Part,
    Places,
    Plan,
    Range,
    Row,
    Several,
    Spot,
    Term,
    Terms,
    Value,
)
from searcher.text import Words

SORTS: tuple[Sort, ...] = get_args(Sort)

LONG = "l" * 70_000
"""A word longer than any offset of two bytes."""

WORDS = [
    "a",
    "b",
    "c",
    "a",
    "b",
    "a",
    "ä",
    "北",
    "𝒳",
    "\ud83d\ude00",
    "\U0010ffff",
    "\x00",
    "nul\x00l",
    " ",
    "ab",
    "abc",
]
SHOWN = ["BBC", "bbc", " B B C", "Zürich", "zurich", "ZÜRICH", "北京", "𝒳", "\udfff", "\x1f", "", " ", "x" * 300]
COUNTED = ("source", "person", "person.main", "tag", "story", "date", "has")
"""Fields of whole values that entries have here; none has the last. Some entries lie in stories."""


def entry(
    identity: str,
    text: Sequence[str] = (),
    title: Sequence[str] = (),
    values: Mapping[str, tuple[str, ...]] | None = None,
    numbers: Mapping[str, int] | None = None,
    sentences: Sequence[int] = (0,),
    paragraphs: Sequence[int] = (0,),
) -> Entry:
    """An entry of words as they are given; their stems are as stemmed() says."""
    begins = ([start for start in unit if start < len(text)] for unit in (sentences, paragraphs))
    words = {
        "body": Words(text, stemmed(text), *begins),
        "title": Words(title, stemmed(title), (0,), (0,)),
    }
    words = {name: held for name, held in words.items() if held.surfaces}
    values = {"id": (identity,)} | dict(values or {})
    if "person" in values:
        words["person"] = Words([word for name in values["person"] for word in ("", *name.split())])
    return Entry(identity, words, values, numbers or {})


def stemmed(words: Sequence[str]) -> list[str]:
    """The stems of some words: their first characters, but of every fourth one the last."""
    return [word[-1:] if at % 4 == 3 else word[:1] for at, word in enumerate(words)]


word_lists = st.lists(st.sampled_from([*WORDS, "", ""]), max_size=12)
starts = st.sets(st.integers(1, 11), max_size=3).map(lambda some: [0, *sorted(some)])
shown_lists = st.lists(st.sampled_from(SHOWN), min_size=1, max_size=3, unique=True).map(tuple)
stories = st.sampled_from(["s", "t", "北"]).map(lambda one: (one,))
value_maps = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("source", "person", "tag"), shown_lists) | {"story": stories}
)
sizes = st.integers(0, 3) | st.just(2**31 - 1)
number_maps = st.fixed_dictionaries(
    {}, optional={"date": st.integers(1, 4) | st.just(2**31 - 1), "words": sizes, "person.main": sizes}
)
IDENTITIES = ["p", "q", "Q", "r", "é", "𝒳", "\ud800", "", " ", "s" * 70]
entries = st.builds(
    entry, st.sampled_from(IDENTITIES), word_lists, word_lists, value_maps, number_maps, starts, starts
)


def some(seed: int, number: int, prefix: str = "id") -> list[Entry]:
    """Entries with different ids, of skewed words and values; the same for the same seed."""
    chance = random.Random(seed)
    weights = [1 / rank for rank in range(1, len(WORDS) + 1)]
    made = []
    for at in range(number):
        text = [
            word if chance.random() < 0.9 else ""
            for word in chance.choices(WORDS, weights, k=chance.randint(0, 40))
        ]
        values = {
            name: tuple(chance.sample(SHOWN, chance.randint(1, 3)))
            for name in ("source", "person", "tag")
            if chance.random() < 0.8
        }
        if chance.random() < 0.8:
            values["story"] = (chance.choice("stuvw"),)
        numbers = {name: chance.randint(1, 5) for name in ("date", "words") if chance.random() < 0.8}
        if chance.random() < 0.8:
            numbers["person.main"] = chance.randint(0, 2)
        begins = [0, *sorted(chance.sample(range(1, 40), 5))]
        made.append(entry(f"{prefix}{at}", text, chance.choices(WORDS, k=3), values, numbers, begins, begins[::2]))
    return made


def _plans() -> list[Plan]:
    a, b, rare = Row("body", ("a",)), Row("body", ("b",)), Row("body", ("北",))
    near = [Near((Spot((b,)),), within, order, negated) for within, order, negated in (
        *((2, "any", False), (0, "after", False), (3, "before", True)),
        *(("sentence", "any", False), ("paragraph", "before", False), ("sentence", "after", True)),
    )]  # fmt: skip
    return [
        *(EVERYTHING, NOTHING, Terms(()), Terms((Term("body", "a"),)), Terms((Term("title", LONG), Term("absent", "a")))),
        Terms(tuple(Term(name, word, 0.5) for name in ("body", "body" + STEM, "title") for word in sorted(set(WORDS)))),
        *(Terms((Term("body", word, 2.0), Term("body" + STEM, word[:1]))) for word in ("ä", "𝒳", "\ud83d\ude00", "\x00", " ")),
        *(Row("body", ("a", "b")), Row("body", ("a", "a")), Row("title" + STEM, ("a", "b", "a")), Row("person", ("B", "B", "C"))),
        *(Places((Spot((a, Row("body" + STEM, ("a", "b"))), (one,)),), times) for one in near for times in (1, 2)),
        Places((Spot((a, b), (First(4), Near((Spot((rare, a), (First(9),)),), 5))),)),
        *(Close("body", ("a", "b"), 2), Close("body", ("a", "a", "c"), 9), Close("body" + STEM, ("a", "北"), 30)),
        *(Value("source", ("bbc", "b b c")), Value("person", ("zürich", "")), Value("tag", ("𝒳", "\udfff")), Value("id", ("q",))),
        *(Range("date", 2, None), Range("words", None, 2), Range("date", 2, 3), Range("absent", None, None)),
        And((Terms((Term("body", "a"),)), Not(Row("body", ("a", "b"))), Or((b, rare, Range("words", 1, 4))))),
        Or((And((Row("body", ("abc",)), Row("title", ("a",)))), And((NOTHING, Or((b, Close("title", ("a", "b"), 3))))))),
        Not(Or((a, Value("source", ("bbc",))))),
        *(Several((Part(a, 0.1), Part(Value("source", ("bbc",)), 2.0), Part(Range("date", 2, 3), 0.3), Part(Not(b), 0.7)), least, 3.0) for least in range(6)),
    ]  # fmt: skip


PLANS = _plans()


def answers(engine: Engine, plans: Iterable[Plan] = PLANS, counted: Sequence[str] = COUNTED) -> dict[Any, Any]:
    """All that an engine can be asked: every plan in every order, pages of it, its counts; and lists of words."""
    got: dict[Any, Any] = {}
    for number, plan in enumerate(plans):
        for sort in SORTS:
            found = engine.search(plan, sort, 0, None)
            got[number, sort] = found.ids, found.total
            got[number, sort, "scores"] = found.scores
            page = engine.search(plan, sort, 1, 2)
            got[number, sort, "page"] = page.ids, page.total
        for name, counts in engine.count(plan, counted, "story").items():
            got[number, "counts", name] = dict(counts), len(counts), counts.most_common(3), counts.get("BBC", 0)
            got[number, "groups", name] = counts.groups([*counts, "BBC", "s"])
    for name in ("body", "body" + STEM, "title", "person", "source", "id", "absent"):
        for prefix in ("", "a", "ab", "北", "\ud83d", "z"):
            got["terms", name, prefix] = list(engine.terms(name, prefix))
    return got


def differences(one: dict[Any, Any], other: dict[Any, Any]) -> list[str]:
    """Where two such answers differ; scores by more than a millionth."""
    assert one.keys() == other.keys()
    return [
        f"{key}: {one[key]!r:.300} is not {other[key]!r:.300}"
        for key in one
        if not _alike(key, one[key], other[key])
    ]


def _alike(key: Any, one: Any, other: Any) -> bool:
    if "scores" not in key:
        return bool(one == other)
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and all(isclose(*pair, rel_tol=1e-6, abs_tol=1e-6) for pair in pairs)


def put(path: Path, data: bytes) -> None:
    """Puts another file in the place of one: whoever has that mapped into memory must not see it shrink."""
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def memory(entries: Iterable[Entry]) -> MemoryEngine:
    """The engine that is right, with these entries."""
    engine = MemoryEngine()
    engine.write(entries, [], 1)
    return engine


def whoosh(folder: Path, write: bool = False) -> Any:
    """The engine in this folder."""
    return engines.create("whoosh", folder, write)


def held(folder: Path) -> dict[str, int]:
    """The segments in a folder: how many documents each has, deleted ones included."""
    return {path.name: Arrays.open(path).facts["docs"] for path in folder.glob("*.arr")}


def only_listed(folder: Path) -> bool:
    """Whether nothing lies in a folder but the index as it is now."""
    contents = toc.read(folder)
    listed = {contents.name, "state.json", *(f"{one.identity}.arr" for one in contents.segments)}
    return {path.name for path in folder.iterdir()} == listed


def files(folder: Path) -> dict[str, bytes]:
    """What lies in a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def little(
    patch: pytest.MonkeyPatch, full: int = 4_000_000, largest: int = 1 << 16, factor: int = 8, emptied: float = 0.4
) -> None:
    """Makes the engine cut and merge segments at other sizes than it does."""
    for name, value in (("FULL", full), ("LARGEST", largest), ("FACTOR", factor), ("EMPTIED", emptied)):
        patch.setattr(writing, name, value)


WAYS: dict[tuple[Any, str], tuple[int, ...]] = {
    **{(places, "STRETCH"): (1, 7, 1 << 18), (places, "SHORT"): (1, 1000), (places, "FEW"): (0, 1, 16)},
    **{(places, "SPARSE"): (1, 10**9, 128), (nearness, "STRETCH"): (1, 7, 1 << 18)},
    (nearness, "FAR"): (-1, 1, 64),
    **{(evaluation, "FEW"): (0, 1, 16), (evaluation, "BATCH"): (1, 10, 1 << 13)},
    **{(table, "FEWER"): (0, 16, 10**9), (table, "DENSE"): (0, 4, 10**9)},
    **{(table, "BLOCK"): (1, 7, 1 << 18), (postings, "REMEMBERED"): (1, 1000), (view, "WORDS"): (1, 10_000)},
    **{(view, "FEW"): (0, 32, 10**9), (view, "EACH"): (0, 112)},
    **{(merging, "BLOCK"): (1, 10, 1 << 20), (engine_of, "REMEMBERED"): (0, 3000, 64_000_000)},
    **{(tantivy, "FEW"): (1, 2000), (tantivy, "BUCKETS"): (1, 50_000), (tantivy, "BATCH"): (1, 1000)},
}
"""From which numbers on the engine goes another way to the same answer: large ones, and such as are reached here."""

ways = st.fixed_dictionaries({key: st.sampled_from(numbers) for key, numbers in WAYS.items()})


def go(patch: pytest.MonkeyPatch, chosen: Mapping[tuple[Any, str], int]) -> None:
    """Makes the engine go these ways."""
    for (module, name), number in chosen.items():
        patch.setattr(module, name, number)
