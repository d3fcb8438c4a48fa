"""How does an article lie in a cluster? The mapping of an index, and an entry as a document of it.

Words are cut by us: the cluster parts a field at spaces and knows nothing of languages. A gap is a word that it
leaves out and counts, so that positions hold. Nothing but the article itself is kept as it came.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import chain
from typing import Any

from searcher import text
from searcher.engines.port import ABOUT, MAIN, NAMES, NUMBERS, PERIODS, TEXTS, VALUES, Entry, period
from searcher.model import Article
from searcher.query.matching import written
from searcher.query.plan import EXACT, STEM, base
from searcher.store import decode, encode

GAP = "␣"
"""Stands where no word is; never a word itself, as it is no letter."""

LONGEST_WORD, LONGEST_VALUE = 120, 4000
"""Characters. The cluster cuts longer words in two and refuses longer values: those end in a hash here."""

GROUPS = ("copy", "story")
"""Fields whose value is the id of the first of a group: most articles are alone in theirs."""

_FORMS = {"": "words.", STEM: "stems.", EXACT: "written."}


def word_field(name: str) -> str:
    """Where the words of an index field lie: of `body.stem`, in `stems.body`."""
    return _FORMS[name.removeprefix(base(name))] + base(name)


def folded_field(name: str) -> str:
    """Where whole values lie as they are looked for."""
    return f"folded.{name}"


def shown_field(name: str) -> str:
    """Where whole values, periods, and values that articles are about, lie as they are shown."""
    return f"shown.{name.replace('.', '-')}"


def number_field(name: str) -> str:
    """Where a number lies."""
    return f"numbers.{name.replace('.', '-')}"


def later_field(name: str) -> str:
    """Where the value of one of GROUPS lies if the article is not the first of its group, by its id."""
    return f"later.{name}"


def word(given: str) -> str:
    """The word as the cluster holds it."""
    return given if len(given) <= LONGEST_WORD else given[:80] + "…" + _hash(given)


def value(given: str) -> str:
    """The value as the cluster holds it."""
    return given if len(given) <= LONGEST_VALUE else given[:2000] + "…" + _hash(given)


def _hash(given: str) -> str:
    return blake2b(given.encode("utf-8", "replace"), digest_size=20).hexdigest()


def settings(shards: int) -> dict[str, Any]:
    """The settings of a new index: no replicas while it is loaded; what is written is seen when we say so."""
    words = {"type": "custom", "tokenizer": "whitespace", "filter": ["gaps"]}
    return {
        "index": {
            "number_of_shards": shards,
            "number_of_replicas": 0,
            "refresh_interval": "-1",
            "codec": "best_compression",
        },
        "analysis": {"analyzer": {"words": words}, "filter": {"gaps": {"type": "stop", "stopwords": [GAP]}}},
    }


def mapping(meta: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping; `meta` is kept with it."""
    keyword, words = {"type": "keyword"}, {"type": "text", "analyzer": "words"}
    counted = (*VALUES, *PERIODS, *(name + MAIN for name in ABOUT))
    parts = {
        **{word_field(name): words for name in (*TEXTS, *NAMES)},
        **{word_field(name + form): words for name in TEXTS for form in (STEM, EXACT)},
        **{folded_field(name): keyword for name in VALUES},
        **{shown_field(name): keyword for name in counted},
        **{number_field(name): {"type": "integer"} for name in NUMBERS},
        **{later_field(name): keyword for name in GROUPS},
    }
    whole = {"id": keyword, "by_source": keyword, "article": {"type": "binary"}}
    held = {"dynamic": "strict", "_source": {"includes": ["article"]}, "_meta": dict(meta)}
    return held | {"properties": whole | _nested(parts)}


def _nested(parts: Mapping[str, Any]) -> dict[str, Any]:
    objects: dict[str, Any] = {}
    for path, held in parts.items():
        outer, _, inner = path.partition(".")
        objects.setdefault(outer, {"properties": {}})["properties"][inner] = held
    return objects


def document(entry: Entry) -> dict[str, Any]:
    """An entry as a document."""
    parts: dict[str, Any] = dict(chain(_words(entry), _values(entry), _periods(entry), _groups(entry)))
    parts |= {number_field(name): number for name, number in entry.numbers.items()}
    held: dict[str, Any] = {"id": entry.id}
    for path, part in parts.items():
        outer, _, inner = path.partition(".")
        held.setdefault(outer, {})[inner] = part
    source = text.value(next(iter(entry.values.get("source", ())), ""))
    if source:
        held["by_source"] = value(source)
    if entry.article:
        held["article"] = b64encode(encode(entry.article)).decode("ascii")
    return held


def article(source: Mapping[str, Any]) -> Article:
    """The article that a document keeps."""
    return decode(b64decode(source["article"]))


def _words(entry: Entry) -> Iterator[tuple[str, str]]:
    for name, words in entry.words.items():
        yield word_field(name), _spaced(words.surfaces)
        if name in TEXTS:
            yield word_field(name + STEM), _spaced(words.stems)
            yield word_field(name + EXACT), _spaced(written(words))


def _spaced(words: Sequence[str]) -> str:
    joined = " ".join(each or GAP for each in words)
    return joined if len(max(words, key=len)) <= LONGEST_WORD else " ".join(word(each or GAP) for each in words)


def _values(entry: Entry) -> Iterator[tuple[str, list[str]]]:
    for name, values in entry.values.items():
        yield folded_field(name), [value(text.value(shown)) for shown in values]
        yield shown_field(name), list(map(value, values))
        if name in ABOUT:
            yield shown_field(name + MAIN), list(map(value, values[: entry.numbers.get(name + MAIN)]))


def _periods(entry: Entry) -> Iterator[tuple[str, str]]:
    for shown in entry.values.get("date", ()):
        for name in PERIODS:
            if held := period(name, shown):
                yield shown_field(name), held


def _groups(entry: Entry) -> Iterator[tuple[str, str]]:
    for name in GROUPS:
        for shown in entry.values.get(name, ()):
            if shown != entry.id:
                yield later_field(name), shown
