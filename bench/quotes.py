"""How many quotes have a speaker, how fast is that, and are changed quotes linked? python bench/quotes.py

Nothing here is labelled by hand. Speakers: of the quotations of three words or more, the share that has one, by kind
of text, and the time it takes beside that of finding names. Linking: quotes of press releases are put into others with
0 to 30 % of their words changed (left out, replaced, or another put in); each is asked for as it was. Recall is the
share of the changed ones that are found; beside it stands what looking at every article finds by the same definition,
which must be the same list. Some ten minutes.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from common import news, table
from gold import described, pages

from searcher import engines, quoting, text
from searcher.building import meta_of
from searcher.cleaning import clean
from searcher.errors import QueryError
from searcher.generations import Generation, Index
from searcher.metadata import names, quotes, rebody
from searcher.model import Article, Provenance
from searcher.quoting import aligning
from searcher.settings import Settings
from searcher.store import Batch

TEXTS = 1_000
"""How many articles of each kind are read for speakers."""

ARTICLES, PLANTED = 20_000, 60
"""The size of the archive, and how many quotes are planted for each share of changed words."""

SHARES = (0, 10, 20, 30)
EVERY = 10
"""Of so many planted quotes one is looked for in every article, too."""


def main() -> None:
    """Measures both and prints the tables."""
    table("quotes-speakers", "Quotes and their speakers", speakers(), ["searcher"])
    table("quotes-linked", f"Changed quotes in {ARTICLES:,} articles", linked(), ["searcher"])


def speakers() -> list[list[str]]:
    """A row a kind of text."""
    kinds = ("senate_press_releases", "wikipedia_current_events", "20newsgroups")
    held = {kind: islice(_articles(kind), TEXTS) for kind in kinds} | {"wcxb-dev pages": islice(_pages(), TEXTS)}
    head = ["text", "articles", "quotes", "with a speaker", "quotes a second", "ms for 400 words", "time / names"]
    return [head, *(_row(kind, list(articles)) for kind, articles in held.items())]


def _row(kind: str, articles: Sequence[Article]) -> list[str]:
    begun = time.process_time()
    mentions = [names.find(article.body, article.title).mentions for article in articles]
    named = time.process_time() - begun
    begun = time.process_time()
    found = [quotes.find(article.body, known) for article, known in zip(articles, mentions, strict=True)]
    took = time.process_time() - begun
    said = [quote for some in found for quote in some if len(quote.text.split()) >= aligning.FEWEST]
    share = sum(quote.speaker is not None for quote in said) / max(1, len(said))
    words = sum(len(article.body.split()) for article in articles)
    rate, pace = sum(map(len, found)) / took, 400_000 * took / max(1, words)
    cells = [f"{len(articles):,}", f"{len(said):,}", f"{share:.2f}", f"{rate:,.0f}", f"{pace:.2f}"]
    return [kind, *cells, f"{took / named:.2f}"]


def _articles(kind: str) -> Iterator[Article]:
    for number, row in enumerate(news(kind)):
        yield _article(f"{kind[:2]}{number:06}", row)


def _article(identity: str, row: dict[str, str]) -> Article:
    body = "\n\n".join(filter(None, (row.get("text") or "").split("\n")))
    bare = Article(identity, row.get("title") or "", "", Provenance("news"), language="en")
    return replace(bare, body=body)


def _pages() -> Iterator[Article]:
    found = (described(page, clean(page).verdicts) for _, page in pages())
    return (article for article in found if article)


class Planted(NamedTuple):
    """A quote, the article that has it changed, and the share of its words that were changed."""

    quote: str
    article: str
    share: int


def linked() -> list[list[str]]:
    """A row a share of changed words."""
    rnd = random.Random(6)
    articles = list(islice(_articles("senate_press_releases"), ARTICLES))
    planted = _plant(rnd, articles)
    with tempfile.TemporaryDirectory() as folder:
        held = _archive(Path(folder), articles)
        rows = [_measured(held, articles, [one for one in planted if one.share == share]) for share in SHARES]
    head = ["words changed", "quotes", "found", "in every article", "same list", "ms a quote"]
    return [head, *([f"{share} %", *row] for share, row in zip(SHARES, rows, strict=True))]


def _plant(rnd: random.Random, articles: list[Article]) -> list[Planted]:
    """Puts changed quotes into articles, a paragraph each."""
    said = [quote.text for article in articles[:3_000] for quote in rebody(article, article.body).quotes]
    said = [quote for quote in dict.fromkeys(said) if 6 <= len(quote.split()) <= 50]
    vocabulary = [word for article in articles[:500] for word in article.body.split()]
    wanted = [(quote, share) for share in SHARES for quote in rnd.sample(said, PLANTED)]
    places = rnd.sample(range(len(articles)), len(wanted))
    found = []
    for (quote, share), at in zip(wanted, places, strict=True):
        changed = _changed(rnd, quote.split(), share, vocabulary)
        articles[at] = replace(articles[at], body=f"{articles[at].body}\n\n“{changed}”")
        found.append(Planted(quote, articles[at].id, share))
    return found


def _changed(rnd: random.Random, words: list[str], share: int, vocabulary: Sequence[str]) -> str:
    """The words, so many in a hundred of them left out, replaced, or with another behind them."""
    for at in rnd.sample(range(len(words)), len(words) * share // 100):
        other = rnd.choice(vocabulary)
        words[at] = rnd.choice(("", other, f"{words[at]} {other}"))
    return " ".join(filter(None, words))


def _archive(folder: Path, articles: Iterable[Article]) -> Generation:
    generation = Index(folder).begin(meta_of(Settings(), "whoosh"))
    generation.store.write(Batch(articles=tuple(articles)))
    generation.roll_forward()
    generation.engine = engines.create("whoosh", generation.path / "engine")
    return generation


def _measured(held: Generation, articles: Sequence[Article], planted: Sequence[Planted]) -> list[str]:
    hits, everywhere, same, took = 0, 0, True, 0.0
    for number, one in enumerate(planted):
        begun = time.process_time()
        found = _carriers(held, one.quote)
        took += time.process_time() - begun
        hits += one.article in found
        if number % EVERY == 0:
            asked = aligning.asked(one.quote, ("en",))
            every = {a.id for a in articles if aligning.find(asked, a.body, a.language)}
            everywhere += one.article in every
            same = same and every == found
    looked = len(planted[::EVERY])
    cells = [f"{hits / len(planted):.3f}", f"{everywhere} of {looked}", "yes" if same else "no"]
    return [str(len(planted)), *cells, f"{1000 * took / len(planted):.0f}"]


def _carriers(held: Generation, quote: str) -> set[str]:
    try:
        return {carrier.article.id for carrier in quoting.find(held, quote, fold=False).carriers}
    except QueryError as error:  # counted as not found, and said
        print(f"not asked: {error.message}: {' '.join(word.raw for word in text.words(quote))}")
        return set()


if __name__ == "__main__":
    main()
