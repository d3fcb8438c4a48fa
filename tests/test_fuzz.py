"""Is every text read as promised? Random texts and mutated real queries, the same at every run.

A share of them runs in the suite; `make fuzz` runs all of them, and then a fuzzer that is led by coverage.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from query_kit import PIECES, golden, promises, read

from searcher.engines import entry_of
from searcher.engines.memory import MemoryEngine, matches
from searcher.errors import QueryError
from searcher.model import Article, Provenance, Quote, When
from searcher.query.lowering import lower

NUMBER = int(os.environ.get("SEARCHER_FUZZ", "1500"))
"""Texts of each kind; `make fuzz` takes 100,000."""

REAL = [row.typed for row in golden()]
UNICODE = ["\u0000", "\u0009", "\u00ad", "\u0301", "\u0345", "\u05d0", "\u0627\u064f", "\u0e01\u0e34", "\u200d", "\u202e",
           "\u2028", "\u3000", "\u3042", "\uac00", "\ufb01", "\uff08", "\uff1a", "\ufffd", "\U0001f600", "\U0001f1e9\U0001f1ea",
           "\U0010ffff", "\ud800", "\udc80", "İ", "ß", "ǆ", "ﬃ", "Ω", "½", "²", "①", "٣", "३"]  # fmt: skip


def random_text(chance: random.Random) -> str:
    """Pieces of queries, any characters, or both; now and then many."""
    size = chance.choice([1, 2, 3, 5, 8, 13, 40]) if chance.random() < 0.995 else 2_000
    draws: list[Callable[[], str]] = [
        lambda: chance.choice(PIECES),
        lambda: chance.choice(PIECES) + " ",
        lambda: chr(chance.randrange(0x20, 0x7F)),
        lambda: chr(chance.choice([0x100, 0x800, 0x3000, 0x11000, 0x110000]) - 1 - chance.randrange(0xFF)),
        lambda: chance.choice(UNICODE),
    ]
    weights = chance.choice([(9, 9, 1, 1, 1), (0, 1, 0, 0, 0), (0, 0, 1, 0, 0), (1, 0, 5, 2, 2)])
    return "".join(draw() for draw in chance.choices(draws, weights, k=size))


def mutated(chance: random.Random) -> str:
    """A real query with up to four changes: a part left out, doubled or moved, something put in, another's end."""
    text = chance.choice(REAL)
    for _ in range(chance.randint(1, 4)):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice([1, 1, 2, 5]))
        before, part, behind = text[:start], text[start:end], text[end:]
        text = chance.choice(
            [
                before + behind,
                before + part + part + behind,
                part + before + behind,
                before + chance.choice(PIECES) + part + behind,
                before + chance.choice(UNICODE) + part + behind,
                f"{before} {chance.choice(PIECES)} {part}{behind}",
                before + chance.choice(REAL)[-start:],
            ]
        )
    return text


def texts(make: Callable[[random.Random], str], seed: str) -> Iterator[str]:
    """NUMBER texts, the same for the same seed."""
    chance = random.Random(seed)
    return (make(chance) for _ in range(NUMBER))


@pytest.mark.parametrize("make", [random_text, mutated], ids=["random", "mutated"])
def test_nothing_that_is_typed_breaks_a_promise(
    make: Callable[[random.Random], str], capsys: pytest.CaptureFixture[str]
) -> None:
    counts: Counter[str] = Counter()
    for typed in texts(make, make.__name__):
        found = promises(typed)
        counts["refused" if isinstance(found, QueryError) else "noted" if found.notes else "read"] += 1
    assert min(counts["refused"], counts["noted"], counts["read"]) > NUMBER // 100
    if "SEARCHER_FUZZ" in os.environ:
        with capsys.disabled():
            print(f"\n{NUMBER:,} texts, {make.__name__}: {dict(counts)}")


def article(identity: str, title: str, body: str, day: str, source: str, language: str) -> Article:
    """An article with something in most fields."""
    return Article(
        identity, title, body, Provenance(f"corpus/{identity}.txt", identity), lead=body.split("\n\n")[0],
        date=When(day, "meta", 0.9), source=source, language=language, people=("John Kerry",), places=("Sochi",),
        quotes=(Quote("frank meeting", None, 0, 0),), flags=("transcript",), story=identity, words=len(body.split()),
        ingested="2024-01-01",
    )  # fmt: skip


ARTICLES = [
    article("a", "Kerry in Sochi", "John Kerry had a frank meeting.\n\nThe Secretary of State said so.", "2015-05-12", "BBC", "en"),
    article("b", "C++ and AT&T", "U.S. talks about 6,000 of Kerry's friends, Zürich, al-Assad.", "2015-05", "BBC News", "de"),
    article("c", "北京", "北京 سوتشي Сочи İstanbul kery 3:30 COVID-19 O'Brien", "2016", "Courier", "ru"),
]  # fmt: skip


def test_what_is_read_can_be_searched_for() -> None:
    entries = [entry_of(one) for one in ARTICLES]
    engine = MemoryEngine()
    engine.write(entries, [], 1)
    found: Counter[int] = Counter()
    for typed in [*REAL, *texts(mutated, "searched")][: NUMBER + len(REAL)]:
        query = read(typed)
        if isinstance(query, QueryError):
            continue
        plan = lower(query.tree, engine.terms, ("de", "en"))
        total = engine.search(plan, "relevance", 0, None).total
        assert total == sum(matches(plan, entry) for entry in entries), typed
        found[total] += 1
    assert len(found) == len(ARTICLES) + 1


def test_the_seeds_of_the_fuzzer_keep_the_promises() -> None:
    corpus = sorted((Path(__file__).parent.parent / "fuzz" / "corpus").iterdir())
    assert len(corpus) > 30
    for path in corpus:
        promises(path.read_bytes().decode("utf-8", "surrogateescape"))
