"""What does the archive hold, what was cut from its pages, and is its index whole and up to date?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from searcher.corpus import scan
from searcher.errors import IndexFault
from searcher.generations import Generation, Index, Local
from searcher.model import Article, Stripped
from searcher.query.plan import EVERYTHING
from searcher.settings import Settings
from searcher.tags import Tags
from searcher.text import count

COUNTED = ("source", "agency", "lang", "author", "person", "place", "org", "date", "story")


@dataclass(frozen=True, slots=True)
class Stats:
    """Numbers of one generation: `texts` is how many of the articles are no copies of others; sizes are bytes.

    `values` counts articles by value for each field of COUNTED, `stories` the stories that they are in.
    """

    articles: int
    texts: int
    files: int
    unread: tuple[str, ...]
    values: Mapping[str, Mapping[str, int]]
    stories: Mapping[str, Mapping[str, int]]
    engine: str
    generation: int
    store_bytes: int
    engine_bytes: int


def stats(generation: Generation) -> Stats:
    """The numbers of a generation."""
    files, unread = generation.store.scanned()
    store_bytes, engine_bytes = generation.sizes()
    values = generation.engine.count(EVERYTHING, (*COUNTED, "copy"), "story")
    return Stats(
        articles=generation.store.count(),
        texts=len(values["copy"]),
        files=files,
        unread=unread,
        values={name: values[name] for name in COUNTED},
        stories={name: values[name].groups(values[name]) for name in COUNTED if name != "story"},
        engine=generation.meta.engine,
        generation=generation.number,
        store_bytes=store_bytes,
        engine_bytes=engine_bytes,
    )


MOST, LONGEST = 20, 200
"""How many pieces are named of a source, and how much of the text of each, in characters."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A text that was cut from pages of one source: why, from how many articles, its words there, and how sure."""

    text: str
    reason: str
    articles: int
    words: int
    sure: float


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What cleaning made of one source: of all `words` of its pages, `cut` were cut; `pieces` what was cut most.

    `sure` is the mean over the words that were cut, 1 where there are none; `reasons` counts them by why. Pieces
    come by articles, then by words.
    """

    source: str | None
    articles: int
    words: int
    cut: int
    sure: float
    reasons: Mapping[str, int]
    pieces: tuple[Cut, ...]


def cleaned(generation: Local) -> list[Cleaned]:
    """What was cut from the pages of each source, the one that lost most words first. Reads every article."""
    groups = groupby(generation.store.by_source(), itemgetter(0))
    found = [_cleaned(source, (article for _, article in group)) for source, group in groups]
    return sorted(found, key=lambda one: (-one.cut, one.source or ""))


def _cleaned(source: str | None, articles: Iterable[Article]) -> Cleaned:
    number = kept = 0
    pieces: dict[tuple[str, str], Cut] = {}
    for article in articles:
        number, kept = number + 1, kept + article.words
        for key, piece in _once(article):
            pieces[key] = _added(pieces.get(key), piece)
    cut = sum(piece.words for piece in pieces.values())
    sure = sum(piece.words * piece.sure for piece in pieces.values()) / cut if cut else 1.0
    reasons = Counter[str]()
    for piece in pieces.values():
        reasons[piece.reason] += piece.words
    ranked = sorted(pieces.values(), key=lambda piece: (-piece.articles, -piece.words, piece.text))
    return Cleaned(source, number, kept + cut, cut, sure, dict(reasons), tuple(ranked[:MOST]))


def _once(article: Article) -> Iterator[tuple[tuple[str, str], Cut]]:
    """What was cut from an article, a text that was cut several times once."""
    found: dict[tuple[str, str], list[Stripped]] = {}
    for piece in article.stripped:
        shown = " ".join(piece.text.split())
        found.setdefault((shown.casefold()[:LONGEST], piece.reason), []).append(piece)
    for key, same in found.items():
        shown, words = " ".join(same[0].text.split()), sum(count(piece.text) for piece in same)
        shown = shown if len(shown) <= LONGEST else shown[:LONGEST].rstrip() + " …"
        yield key, Cut(shown, key[1], 1, words, sum(piece.sure for piece in same) / len(same))


def _added(held: Cut | None, more: Cut) -> Cut:
    if held is None:
        return more
    articles = held.articles + more.articles
    sure = (held.sure * held.articles + more.sure * more.articles) / articles
    return Cut(held.text, held.reason, articles, held.words + more.words, sure)


def examine(root: Path, settings: Settings) -> list[str]:
    """What is wrong with the index, a line each: damage first, then what it has missed of corpus/."""
    index = Index(root / "index", settings)
    try:
        generation = index.open()
    except IndexFault as error:
        return [error.message]
    try:
        return [*_damage(generation), *_missed(generation, root, settings)]
    finally:
        generation.close()


def _damage(generation: Local) -> list[str]:
    """Reads every byte of the store and of the engine, and compares what they hold."""
    try:
        wrong = [*generation.store.check(), *generation.engine.check()]
        if wrong:
            return wrong
        number = generation.store.count()
        stored = set(generation.store.ids())
        held = set(generation.engine.search(EVERYTHING, "newest", 0, None).ids)
    except IndexFault as error:
        return [error.message]
    lost, extra = len(stored - held), len(held - stored)
    if lost or extra:
        return [f"of {number:,} articles the engine lacks {lost:,}, and it holds {extra:,} others"]
    return []


def _missed(generation: Local, root: Path, settings: Settings) -> list[str]:
    try:
        found = scan(root, settings.corpus, generation.store.files())
        stopped = not generation.store.is_settled()
        tagged = generation.store.fact("tags") or ""
    except IndexFault:
        return []  # the store itself is damaged, and was named before
    counts = (("new", len(found.new)), ("changed", len(found.changed)), ("gone", len(found.gone)))
    late = [f"{number:,} {what}" for what, number in counts if number]
    late += ["other tags"] if Tags.load(root / settings.corpus[0]).digest != tagged else []
    missed = [f"not up to date: {', '.join(late)} in corpus/"] if late else []
    return [*missed, *(["not up to date: the last build was stopped before its end"] if stopped else [])]
