"""Are the names of a text found, and how fast? python bench/names.py

On wikigold three-fold by document (models learned from the other two thirds, where pycrfsuite is installed), on the
test sets of WNUT 17 and of WikiANN: precision, recall and F1 of persons, places and organisations, a name being
right if its kind and both of its ends are. What the sets call MISC (wikigold) or products and works (WNUT) is no
kind of ours: it is not scored. Seconds are of press releases, with all that names.find does.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import conll
from common import news, table
from conll import Marked, Text

from searcher.metadata import learned, names
from searcher.metadata.tables import words

KINDS = ("person", "place", "org")

SETS = {
    "WNUT 17 test": ("wnut17_en/test.conll", "en"),
    "WikiANN en test": ("wikiann_en/test.conll.zst", "en"),
    "WikiANN de test": ("wikiann_de/test.conll.zst", "de"),
    "WikiANN fr test": ("wikiann_fr/test.conll.zst", "fr"),
}
WIKIGOLD = "wikigold_en/all.conll.zst"

RULES = {
    "wikigold": ".90 .56 .69 | .72 .46 .56 | .84 .21 .33 | .81 .41 .55",
    "WNUT 17 test": ".63 .07 .13 | .58 .30 .40 | .43 .07 .11 | .56 .11 .19",
    "WikiANN en test": ".73 .49 .59 | .37 .29 .33 | .60 .11 .19 | .55 .30 .38",
    "WikiANN de test": ".74 .43 .54 | .55 .34 .42 | .51 .05 .09 | .63 .29 .39",
    "WikiANN fr test": ".86 .52 .65 | .44 .25 .32 | .45 .03 .06 | .64 .28 .39",
}
"""What the rules alone reached before there was a model (commit 7b22042, the same measure)."""

Finder = Callable[[str], Iterable[Marked]]


def found(body: str, language: str | None = "en", by: str = "own") -> Iterator[Marked]:
    """What we find; a form of address is no part of a name in the sets."""
    for name in names.find(body, "", language=language, by=by).mentions:
        first, _, rest = name.text.partition(" ")
        addressed = name.kind == "person" and rest and first.lower() in words("people", "address")
        yield name.start + (len(first) + 1 if addressed else 0), name.end, name.kind


def compared(texts: Iterable[Text], find: Finder) -> Counter[tuple[str, str]]:
    """How many names of each kind are right, are given, and are true."""
    counts: Counter[tuple[str, str]] = Counter()
    for text in texts:
        true, given = set(text.names), set(find(text.body))
        for what, marked in (("true", true), ("given", given), ("right", true & given)):
            counts.update((kind, what) for _, _, kind in marked if kind in KINDS)
    return counts


def scores(counts: Counter[tuple[str, str]]) -> list[tuple[float, float, float]]:
    """Precision, recall and F1 of each kind, and of all names together."""
    sums = [{what: counts[kind, what] for what in ("true", "given", "right")} for kind in KINDS]
    sums.append({what: sum(one[what] for one in sums) for what in ("true", "given", "right")})
    return [
        (
            one["right"] / max(1, one["given"]),
            one["right"] / max(1, one["true"]),
            2 * one["right"] / max(1, one["given"] + one["true"]),
        )
        for one in sums
    ]


def shown(counts: Counter[tuple[str, str]]) -> str:
    """The same for a table."""
    parts = [" ".join(f"{figure:.3f}".lstrip("0") for figure in one) for one in scores(counts)]
    return " | ".join(parts)


def texts(file: str) -> list[Text]:
    """The documents of a set."""
    return [conll.text_of(document) for document in conll.documents(file)]


def folded(learn: Callable[[Sequence[Text]], learned.Model]) -> Counter[tuple[str, str]]:
    """wikigold three-fold: each third judged by a model of the other two, with all that names.find does."""
    every = texts(WIKIGOLD)
    counts: Counter[tuple[str, str]] = Counter()
    own = learned.model
    try:
        for fold in conll.folds(every):
            model = learn([text for index, text in enumerate(every) if index not in fold])
            learned.model = lambda language, model=model: model
            counts += compared([every[index] for index in fold], found)
    finally:
        learned.model = own
    return counts


def speed(number: int = 500) -> float:
    """Press releases a CPU second."""
    articles = [article for article in islice(news(), 2 * number) if article.get("text")][:number]
    names.find("Jane Doe of Harbour Town said no to the plan.", "", language="en")
    start = time.process_time()
    for article in articles:
        names.find(article["text"], article.get("title", ""), language="en")
    return number / (time.process_time() - start)


def main() -> None:
    """Measures and prints."""
    rows = [["set", "who", "person P R F1", "place P R F1", "org P R F1", "all P R F1"]]
    if find_spec("pycrfsuite"):
        sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
        import train_names

        rows.append(["wikigold, three-fold", "ours", *shown(train_names.threefold()).split(" | ")])
    else:
        print("pycrfsuite is not installed, wikigold three-fold is left out\nhint: pip install -e '.[train]'\n")
    rows.append(["wikigold", "rules", *RULES["wikigold"].split(" | ")])
    for name, (file, language) in SETS.items():
        counts = compared(texts(file), lambda body, language=language: found(body, language))
        rows += [[name, "ours", *shown(counts).split(" | ")], [name, "rules", *RULES[name].split(" | ")]]
    table("names", f"Names; {speed():.0f} press releases a CPU second", rows, ["searcher"])


if __name__ == "__main__":
    main()
