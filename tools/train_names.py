"""Learns which words of a text are names, and writes searcher/metadata/data/lexicon.zst and names-en, -de, -fr.zst.

    python tools/train_names.py            the lexicon, then the models; some ten minutes
    python tools/train_names.py --models   the models only, with the lexicon as it is
    python tools/train_names.py --check    three-fold by document on wikigold, nothing is written

English: wikigold (CC BY 4.0), part of the WNUT 17 training set (CC BY 4.0), made-up newswire (newswire.py). German
and French: WikiANN (Wikipedia, CC BY-SA), silver. How good they are, bench/names.py says.
Needs `pip install -e '.[train]'`.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pycrfsuite
import zstandard

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

import conll
import names
import newswire
import words
from conll import Text

from searcher.metadata import casing
from searcher.metadata.asking import BARE, asked_of, signs_of
from searcher.metadata.learned import LABELS, Model
from searcher.metadata.lexicon import lexicon
from searcher.metadata.tokens import WIDE_GAPS, WIDE_INNER, Token, runs, tokens

DATA = Path(__file__).parents[1] / "searcher/metadata/data"
SOURCES = {
    "en": "wikigold (CC BY 4.0), WNUT 17 (CC BY 4.0), made-up newswire",
    "de": "WikiANN de (Wikipedia, CC BY-SA)",
    "fr": "WikiANN fr (Wikipedia, CC BY-SA)",
}
HELD, ROUNDS = 2.5, 70
"""How strongly weights are held small (L2), and how many rounds L-BFGS has at most."""

LEAST = 2
"""Weights below, in hundredths, are left out."""

TWEETS, NEWSWIRE = 2_400, 40
"""How many sentences of WNUT are learned, and how many made-up texts of each sort."""

APART = "~"
"""Begins the signs that say of what sort of text they are; see `apart`."""

NEVER = -1e4

Run = tuple[list[list[str]], list[str]]
"""The signs of each word of a run, and what each is."""


def sequences(text: Text) -> Iterator[Run]:
    """The runs of a text: the signs of each word, and what it is."""
    found, flat = casing.recased(text.body, tokens(text.body), 0)
    spans = runs(found, WIDE_GAPS, WIDE_INNER)
    labels = _labels(found, text.names)
    asked, at = asked_of(found, spans, flat), 0
    for first, after in spans:
        yield [signs_of(asked, at + index) for index in range(after - first)], labels[first:after]
        at += after - first


def _labels(found: Sequence[Token], marked: Sequence[conll.Marked]) -> list[str]:
    labels = ["O"] * len(found)
    names = iter(sorted(marked))
    name = next(names, None)
    for index, token in enumerate(found):
        while name and name[1] <= token.start:
            name = next(names, None)
        if name and name[0] <= token.start:
            inside = index > 0 and found[index - 1].start >= name[0]
            labels[index] = f"{'I' if inside else 'B'}-{name[2]}"
    return labels


def apart(runs: Iterable[Run], sort: str) -> Iterator[Run]:
    """The runs with each sign doubled as one of this sort of text (Daumé 2007): what holds for tweets, or for lines
    that were made up, is learned there, and the signs themselves learn what holds everywhere. Bare lines, which
    real texts have few of, stay as they are."""
    for rows, labels in runs:
        bare = any(sign.startswith(BARE) for sign in rows[0])
        yield (rows if bare else [[*row, *(f"{APART}{sort}{sign}" for sign in row)] for row in rows]), labels


def learn(runs: Iterable[Run]) -> dict[str, Any]:
    """A model of these runs, as data/names-….zst has it."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for rows, labels in runs:
        trainer.append(rows, labels)
    options = {"c1": 0.0, "c2": HELD, "max_iterations": ROUNDS, "feature.possible_transitions": True}
    trainer.set_params(options)
    with tempfile.TemporaryDirectory() as folder:
        trainer.train(f"{folder}/m")
        tagger = pycrfsuite.Tagger()
        tagger.open(f"{folder}/m")
        return _written(tagger.info())


def _written(info: Any) -> dict[str, Any]:
    signs: dict[str, int] = {}
    places, worth = [], []
    for (sign, label), weight in info.state_features.items():
        if abs(weight) * 100 >= LEAST and not sign.startswith(APART):
            places.append(signs.setdefault(sign, len(signs)) * len(LABELS) + LABELS.index(label))
            worth.append(round(weight * 100))
    moves = [[_move(info.transitions, one, other) for other in LABELS] for one in LABELS]
    return {"signs": list(signs), "places": places, "worth": worth, "scale": 100, "moves": moves}


def _move(transitions: dict[tuple[str, str], float], one: str, other: str) -> float:
    """What a label after another is worth: the inside of a name stands after its beginning only."""
    if other[0] == "I" and one[2:] != other[2:]:
        return NEVER
    return round(transitions.get((one, other), 0.0), 3)


def known(language: str) -> Iterator[Run]:
    """What a language is learned from, without wikigold."""
    if language != "en":
        for document in conll.documents(f"wikiann_{language}/train.conll.zst", 1):
            yield from sequences(conll.text_of(document))
        return
    for text in _tweets():
        yield from apart(sequences(text), "tweet")
    for sorts in (newswire.FORMS, ("report",)):
        for made in newswire.documents(_fillers(), NEWSWIRE, sorts):
            yield from apart(sequences(Text(*made)), "wire")


def _tweets() -> list[Text]:
    """Sentences of WNUT with a name in them."""
    kept = [one for one in conll.sentences("wnut17_en/train.conll.zst") if any(tag != "O" for _, tag in one)]
    random.Random(3).shuffle(kept)
    return [conll.text_of(kept[at : at + 10]) for at in range(0, min(TWEETS, len(kept)), 10)]


def _fillers() -> newswire.Names:
    people = [
        " ".join(parts) for parts, kind in words.wikipedia_names("en") if kind == "P" and len(parts) in (2, 3)
    ]
    given = [name.title() for name in (*words.census("male.first", 300), *words.census("female.first", 300))]
    surnames = [name.title() for name in words.census("all.last", 3000)]
    return newswire.Names(given, surnames, people, *words.places())


def wikigold() -> list[Text]:
    """Its documents."""
    return [conll.text_of(document) for document in conll.documents("wikigold_en/all.conll.zst")]


def write(language: str, model: dict[str, Any]) -> None:
    """Keeps a model, packed."""
    text = json.dumps({"sources": SOURCES[language], **model}, ensure_ascii=False, separators=(",", ":"))
    _pack(f"names-{language}.zst", text)


def _pack(name: str, text: str) -> None:
    packed = zstandard.ZstdCompressor(level=19).compress(text.encode())
    (DATA / name).write_bytes(packed)
    print(f"{name}: {len(packed):,} bytes")


def main() -> None:
    """Learns and writes, or checks."""
    options = sys.argv[1:]
    if "--check" in options:
        print(names.shown(threefold()))
        return
    if "--models" not in options:
        _pack("lexicon.zst", words.written(words.counted()))
        lexicon.cache_clear()
    for language in options[1:] or SOURCES:
        own = wikigold() if language == "en" else []
        write(language, learn([*of(own), *known(language)]))


def of(texts: Iterable[Text]) -> Iterator[Run]:
    """The runs of texts that are learned as they are."""
    for text in texts:
        yield from sequences(text)


def threefold() -> Counter[tuple[str, str]]:
    """Three-fold by document on wikigold, with all else that is learned."""
    more = list(known("en"))
    return names.folded(lambda part: Model(learn([*of(part), *more])))


if __name__ == "__main__":
    main()
