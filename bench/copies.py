"""Are reprints found, and texts about other facts kept apart? And how fast? python bench/copies.py

Reprints planted among articles of sources on which no threshold was chosen; all pairs of 20,000 articles compared,
one by one; pairs of press releases that were listed before; 100,000 articles grouped in a process of its own.
datasketch does the same beside it: 128 permutations, shingles of five words, its LSH, and exact Jaccard behind it.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, islice
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import numpy as np
from common import DATA, WORK, cpu, run, table
from numpy.typing import NDArray
from reprints import EDITS, FILES, RATES, WORDS, Maker, Row, form_letter, half, maker, printed, rows

from searcher import copies
from searcher.model import Article, Provenance
from searcher.text import terms

ORIGINS, SAMPLE, ALL = 300, 20_000, 100_000
EXCHANGED = (2, 3, 5, 10)
LIMITS = (0.35, 0.5, 0.7)

Shingles = NDArray[np.uint64]
Head = ("what", "searcher", "datasketch .5", "datasketch .35")


class Planted(NamedTuple):
    """An archive whose copies are known: texts, and the number of the text each is a copy of."""

    texts: list[str]
    origins: list[int]


def main() -> None:
    """Plants, groups, compares, prints the tables."""
    table("copies-planted", "Reprints planted among articles", [Head, *_planted()], ["datasketch", "numpy"])
    table("copies", "Copies: against brute force, and speed", [("what", "measured"), *_real()], ["datasketch"])


def article(text: str, url: str | None = None) -> Article:
    """An article of that text."""
    return Article("", "", text, Provenance("corpus/a"), url=url)


def grouped(texts: Sequence[str]) -> list[int]:
    """For each text the number of its group, by searcher."""
    articles = [article(text) for text in texts]
    signs = copies.signs(map(copies.signature, articles))
    return copies.groups(signs, lambda at: copies.text_of(articles[at])).tolist()


def scores(groups: Sequence[int], origins: Sequence[int]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs that groups make."""
    both = _pairs(Counter(zip(groups, origins, strict=True)))
    found, true = _pairs(Counter(groups)), _pairs(Counter(origins))
    return both / max(1, found), both / max(1, true), 2 * both / max(1, found + true)


def _pairs(sizes: Counter[int] | Counter[tuple[int, int]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def planted(texts: Sequence[str], rates: Sequence[float], make: Maker) -> Planted:
    """Each text with a reprint for each kind of edit at each of these rates."""
    found = Planted([], [])
    for number, text in enumerate(texts):
        edits = [edit(text, rate, make) for rate in rates for edit in EDITS.values()]
        found.texts.extend([text, *(printed(edited, make) for edited in edits)])
        found.origins.extend([number] * (len(edits) + 1))
    return found


def origins(count: int, files: Sequence[str] = FILES, every: int = 23) -> tuple[list[str], Maker]:
    """Texts of the sources that are kept apart, no copies of each other, and what reprints are made with."""
    some = [row for name in files for row in islice(rows(name), 0, None, every) if half(row) == 1]
    make = maker(some[::7], seed=6)
    long = [row["text"] for row in some if len(row["text"].split()) >= WORDS]
    texts = make.dice.sample(long, min(len(long), 2 * count))
    return [texts[at] for at in _unlike(texts)][:count], make


def _unlike(texts: Sequence[str]) -> list[int]:
    """Those that have hardly a shingle in common with one before."""
    alike = {second for _, second, share in brute([five(text) for text in texts]) if share >= 0.1}
    return [at for at in range(len(texts)) if at not in alike]


def _planted() -> Iterator[tuple[str, ...]]:
    texts, make = origins(ORIGINS)
    for rate in RATES:
        yield from _compared(f"{rate:.0%} edited", planted(texts, [rate], make))
    yield from _compared("0 to 40 % edited, all together", planted(texts, RATES, make))
    for count in EXCHANGED:
        pairs = letters(texts, count, make)
        apart = (kept_apart(pairs, each) for each in (grouped, *_PEERS))
        yield (f"form letters kept apart, {count} facts exchanged", *(f"{share:.3f}" for share in apart))


def letters(texts: Sequence[str], count: int, make: Maker) -> list[tuple[str, str]]:
    """Texts, and the same with so many facts exchanged."""
    made = ((text, form_letter(text, count, make)) for text in texts)
    return [(text, letter) for text, letter in made if letter]


def kept_apart(pairs: Sequence[tuple[str, str]], each: Callable[[Sequence[str]], list[int]] = grouped) -> float:
    """Of which share of these pairs the two are in different groups."""
    return mean(each(pair)[1] != 0 for pair in pairs)


def _compared(what: str, archive: Planted) -> Iterator[tuple[str, ...]]:
    found = [scores(each(archive.texts), archive.origins) for each in (grouped, *_PEERS)]
    for name, at in (("precision", 0), ("recall", 1), ("F1", 2)):
        yield (f"{what}: {name}", *(f"{each[at]:.3f}" for each in found))


def five(text: str) -> Shingles:
    """The shingles of five words of a text, as hashes, ascending."""
    words = terms(text, None)[0]
    held = {hash(tuple(words[at : at + 5])) for at in range(max(1, len(words) - 4))} if words else set()
    return np.array(sorted(held), np.int64).view(np.uint64)


def brute(sets: Sequence[Shingles], least: float = 0.05) -> Iterator[tuple[int, int, float]]:
    """All pairs, the first before the second, of that Jaccard similarity at least, and how much it is."""
    sizes = np.array([len(each) for each in sets])
    values, which = np.unique(np.concatenate(sets), return_inverse=True)
    who = np.repeat(np.arange(len(sets)), sizes)[np.argsort(which, kind="stable")]
    ends = np.cumsum(np.bincount(which, minlength=len(values)))
    begins = np.concatenate([[0], ends[:-1]])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    for one in range(len(sets)):
        mine = [value for value in which[starts[one] : starts[one + 1]].tolist() if ends[value] - begins[value] > 1]
        others = np.concatenate([who[begins[value] : ends[value]] for value in mine]) if mine else who[:0]
        shared = np.bincount(others[others < one], minlength=1)
        for other in np.flatnonzero(shared).tolist():
            share = shared[other] / (sizes[one] + sizes[other] - shared[other])
            if share >= least:
                yield other, one, float(share)


def _datasketch(limit: float) -> Callable[[Sequence[str]], list[int]]:
    def grouped_so(texts: Sequence[str]) -> list[int]:
        from datasketch import MinHash, MinHashLSH  # tests of quality measure ours alone

        sets = [five(text) for text in texts]
        lsh, group = MinHashLSH(threshold=limit, num_perm=128), list(range(len(texts)))
        for at, held in enumerate(sets):
            made = MinHash(num_perm=128)
            made.update_batch(map(int.to_bytes, held.tolist(), [8] * len(held), ["little"] * len(held)))
            for other in lsh.query(made):
                if group[other] != group[at] and _jaccard(sets[other], held) >= limit:
                    old, new = sorted((group[other], group[at]), reverse=True)
                    group = [new if number == old else number for number in group]
            lsh.insert(at, made)
        return group

    return grouped_so


def _jaccard(a: Shingles, b: Shingles) -> float:
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / max(1, len(a) + len(b) - shared)


_PEERS = tuple(_datasketch(limit) for limit in (0.5, 0.35))


def _real() -> Iterator[tuple[str, str]]:
    some = _sample()
    yield from _against(some)
    yield from _listed()
    yield from _speed([row["text"] for row in some[::10]])
    child = json.loads(run([sys.executable, __file__, str(ALL)], WORK.parent).output)
    yield from ((f"{ALL:,} articles: {what}", value) for what, value in child.items())


def _sample() -> list[Row]:
    """Blocks of a thousand articles that follow each other in time, from all files."""
    every = sorted(
        (row for name in FILES for row in rows(name)), key=lambda row: (row.get("date") or "", row["id"])
    )
    return [row for at, row in enumerate(every) if (at // 1000) % 11 in (0, 5)][:SAMPLE]


def _against(some: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """What signatures miss of what comparing all pairs finds, and how what is found stands to Jaccard alone."""
    articles = [article(row["text"], row.get("url")) for row in some]
    texts = [copies.text_of(each) for each in articles]
    signs = copies.signs(map(copies.signature, articles))
    close = {(a, b): share for a, b, share in brute([five(row["text"]) for row in some])}
    met = set(copies.candidates(signs))
    found = {pair for pair in met | close.keys() if copies.alike(texts[pair[0]], texts[pair[1]])}
    known = copies.groups(signs, texts.__getitem__).tolist()
    exact = _joined(len(some), found)
    for name, value in zip(("precision", "recall", "F1"), scores(known, exact), strict=True):
        yield f"{len(some):,} articles, groups against those of all pairs compared: {name}", f"{value:.3f}"
    for limit in LIMITS:
        true = {pair for pair, share in close.items() if share >= limit}
        kept = {pair for pair in true if pair in found}
        yield f"pairs of Jaccard {limit} of five words", f"{len(true):,}"
        yield "… that meet by their signatures", f"{len(true & met) / len(true):.4f}"
        yield (
            "… that are copies: the others are about different facts, or too short",
            f"{len(kept) / len(true):.3f}",
        )
        yield "… of which are in one group", f"{mean(known[a] == known[b] for a, b in kept):.4f}"
    shares = [close.get(pair, 0.0) for pair in found & met]
    for limit in (0.2, *LIMITS):
        yield f"copies found of Jaccard {limit} and more", f"{mean(share >= limit for share in shares):.3f}"


def _joined(size: int, pairs: set[tuple[int, int]]) -> list[int]:
    group = list(range(size))

    def top(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    for first, second in pairs:
        group[top(second)] = top(first)
    return [top(at) for at in range(size)]


def _listed() -> Iterator[tuple[str, str]]:
    """The pairs of press releases in neardup/: of how many the signatures meet."""
    lines = _lines()
    wanted = {name for line in lines for name in line[2:4]}
    signatures = {
        row["id"]: copies.signature(article(row["text"])) for row in rows(FILES[0]) if row["id"] in wanted
    }
    names = list(signatures)
    at = {name: number for number, name in enumerate(names)}
    met = set(copies.candidates(copies.signs(signatures[name] for name in names)))
    for limit in LIMITS:
        pairs = [tuple(sorted((at[a], at[b]))) for share, _, a, b in lines if float(share) >= limit]
        yield (
            f"listed pairs of Jaccard {limit} that meet",
            f"{mean(pair in met for pair in pairs):.4f} of {len(pairs):,}",
        )


def _lines() -> list[list[str]]:
    import zstandard

    packed = (DATA / "neardup" / "silver_pairs_senate.tsv.zst").read_bytes()
    text = zstandard.ZstdDecompressor().decompressobj().decompress(packed).decode()
    return [line.split("\t")[:4] for line in text.splitlines()[1:]]


def _speed(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    from datasketch import MinHash

    def theirs(text: str) -> None:
        words = terms(text, None)[0]
        made = MinHash(num_perm=128)
        made.update_batch([" ".join(words[at : at + 5]).encode() for at in range(max(1, len(words) - 4))])

    for name, sign in (("searcher", lambda text: copies.signature(article(text))), ("datasketch", theirs)):
        began = time.process_time()
        for text in texts:
            sign(text)
        yield f"signatures a CPU second, {name}", f"{len(texts) / (time.process_time() - began):,.0f}"


def _sign(text: str) -> bytes:
    return copies.signature(article(text))


def _child(number: int) -> dict[str, str]:
    """Groups articles whose texts stand in a file, as they do in a store."""
    WORK.mkdir(parents=True, exist_ok=True)
    path, ends = WORK / "copies.txt", [0]
    with path.open("wb") as stream:
        for row in islice(chain.from_iterable(map(rows, FILES)), number):
            stream.write(row["text"].encode("utf-8", "replace"))
            ends.append(stream.tell())
    began, busy = time.perf_counter(), cpu()
    with path.open("rb") as stream:

        def text(at: int) -> str:
            stream.seek(ends[at])
            return stream.read(ends[at + 1] - ends[at]).decode()

        with ProcessPoolExecutor(2) as pool:
            signs = copies.signs(chain.from_iterable(pool.map(_signed, _portions(len(ends) - 1, text))))
        signed, spent = time.perf_counter(), cpu()
        found = copies.groups(signs, lambda at: copies.text_of(article(text(at)))).tolist()
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return {
        "signed, seconds in two processes": f"{signed - began:.1f}",
        "signed, CPU seconds": f"{spent - busy:.1f}",
        "grouped, seconds in one process": f"{time.perf_counter() - signed:.1f}",
        "grouped, CPU seconds": f"{cpu() - spent:.1f}",
        "memory in MB: the process, and the largest of those that sign": f"{_peak()}, {largest}",
        "in groups": f"{sum(size for size in Counter(found).values() if size > 1):,}",
    }


def _peak() -> int:
    """The most memory this process ever had, in MB; getrusage counts that of the process it came from as well."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024


def _portions(number: int, text: Callable[[int], str]) -> Iterator[list[str]]:
    for start in range(0, number, 2000):
        yield [text(at) for at in range(start, min(number, start + 2000))]


def _signed(texts: list[str]) -> list[bytes]:
    return [_sign(text) for text in texts]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_child(int(sys.argv[1]))))
    else:
        main()
