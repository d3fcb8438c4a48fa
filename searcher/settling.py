"""What does the archive as a whole say of an article? What on its page is its site's, and of which day it is.

Each article was made of its page alone. When all are in the store, the paragraphs that are furniture leave the
bodies they stand in, and a weekday without a year gets the year that its source shows. Then it is judged which are
copies, and of which stories. All is taken back when the pages that showed it have left: what an article is depends
on which articles there are, never on the order they came in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import NamedTuple

from searcher import copies, entities, furniture, judging, metadata, stories, text
from searcher.corpus import digest
from searcher.judging import NO_TAGS, Tags, Tell
from searcher.metadata import dates, years
from searcher.model import OPEN, WEEKDAY, Article, Stripped, Unread, When
from searcher.settings import OWN
from searcher.store import Batch, Outline, Packed, Shown, Store, Use, decode, packed
from searcher.workers import ALONE, Workers

REASON = "on other pages of its source"
"""Why furniture is stripped."""

SURE_LINE, SURE_RUNNING = 0.9, 0.7
"""How sure it is that a short line, or running text, is furniture: as judged by eye on press releases."""

FITTING, AGREED = 0.7, 0.75
"""The confidence of a date whose year the source shows, and of one that the text shows as well."""

FAULT = "a fault in searcher, please report it"
"""How the reason begins where this program, and not the page, is at fault."""

BATCH = 300
"""How many articles one transaction changes."""


class Change(NamedTuple):
    """What an article is to become: without the paragraphs of these marks, and dated `fitting` if the weekday alone
    says when it was written."""

    article: Packed
    cut: bytes
    fitting: str | None


def settle(
    store: Store, workers: Workers = ALONE, tags: Tags = NO_TAGS, names: str = OWN, tell: Tell = lambda *_: None
) -> tuple[Unread, ...]:
    """Makes every article what the others say it is, with people's tags. To be called when all files are read.
    `names` is the setting that says who tells names.

    Only sources, copies and days with articles that came, changed or left are looked at. May be stopped at any
    moment: the next call goes on. Articles in which this program fails stay as they are, and are
    named.
    """
    failed = _change(store, _by_source(store, workers), workers, names, tell)
    store.settled("source")
    judging.judge(store, tags, tell, workers)
    return failed


def outline(article: Article, cut: bytes = b"") -> Outline:
    """What is remembered of an article to compare it with others, but for the sketch of its page."""
    when = article.date
    day = when.value if when else None
    own, fitting = (None, day) if when and when.origin == WEEKDAY else (day, None)
    days = next((claim.value for claim in article.claims if claim.origin == OPEN), "")
    return Outline(
        article.id, article.source or "", own, days, fitting, judging.moment(article), wording(article),
        copies.signature(article), b"" if "index" in article.flags else stories.traits(article), cut,
        names=tuple(
            Use(key, form.kind, form.name)
            for form, aliases in entities.forms(article).items()
            for key in entities.keys(form, aliases)
        ),
    )  # fmt: skip


def outlined(article: Article) -> Outline:
    """The outline of an article as its page alone makes it."""
    return outline(article)._replace(sketch=sketch(article))


def sketch(article: Article) -> bytes:
    """What `furniture` remembers of an article as its page alone makes it.

    Nothing of an index page: it repeats how articles begin, and they would lose their leads.
    """
    return furniture.sketch(() if "index" in article.flags else _paragraphs(article))


def wording(article: Article) -> str:
    """The same for articles of the same words, whatever their headlines, unless there is little below them."""
    words = text.surfaces(article.body)
    headline = [] if len(words) >= furniture.RUNNING else text.surfaces(article.title)
    return digest(" ".join([*headline, "", *words]).encode())


def _by_source(store: Store, workers: Workers) -> Iterator[Shown]:
    """The articles that are to be others than they are, by what their sources say."""
    return chain.from_iterable(workers.nearby(partial(_of_source, store), sorted(store.unsettled("source"))))


def _of_source(store: Store, source: str) -> list[Shown]:
    pages = store.shown(source)
    cuts = furniture.found([page.sketch for page in pages])
    known = years.span(page.date for page in pages if page.date and not page.open)
    days = (years.within(page.open.strip("[]").split(","), known) if page.open else None for page in pages)
    found = zip(pages, cuts, days, strict=True)
    return [
        page._replace(cut=cut, fitting=day) for page, cut, day in found if (page.cut, page.fitting) != (cut, day)
    ]


def _change(store: Store, wanted: Iterable[Shown], workers: Workers, names: str, tell: Tell) -> tuple[Unread, ...]:
    done = workers.spread(_changed, _changes(store, wanted), names)
    failed: list[Unread] = []
    while some := list(islice(done, BATCH)):
        store.write(Batch(edits=tuple(item for item in some if not isinstance(item, Unread))))
        failed += (item for item in some if isinstance(item, Unread))
    return tuple(failed)


def _changes(store: Store, wanted: Iterable[Shown]) -> Iterator[Change]:
    """The articles are read from the store when their turn comes: there may be a hundred thousand."""
    for page in wanted:
        yield Change(store.packed(page.id), page.cut, page.fitting)


def _changed(change: Change, names: str) -> Iterator[tuple[Packed, Outline] | Unread]:
    own = decode(change.article.data)
    try:
        article = _dated(_without(own, furniture.marks(change.cut), names), change.fitting)
        yield packed(article), outline(article, change.cut)
    except Exception as error:
        place = own.provenance
        yield Unread(place.file, f"{FAULT}: {type(error).__name__}: {error}", place.member)


def _without(article: Article, marks: frozenset[int], names: str) -> Article:
    """The article of its page without the paragraphs of these marks; with all of them if nothing would be left."""
    whole = _paragraphs(article)
    cut = [furniture.mark(paragraph) in marks for paragraph in whole]
    cut = [False] * len(whole) if all(cut) else cut
    body = "\n\n".join(paragraph for paragraph, gone in zip(whole, cut, strict=True) if not gone)
    pieces = (_piece(paragraph, at) for at, paragraph in enumerate(whole) if cut[at])
    stripped = (*(piece for piece in article.stripped if piece.at is None), *pieces)
    if body == article.body:
        return article
    return metadata.rebody(replace(article, stripped=stripped), body, names)


def _piece(paragraph: str, at: int) -> Stripped:
    running = text.count(paragraph) >= furniture.RUNNING
    return Stripped(paragraph, REASON, SURE_RUNNING if running else SURE_LINE, at)


def _paragraphs(article: Article) -> list[str]:
    """The paragraphs of its page, those among them that were found to be furniture."""
    paragraphs = article.body.split("\n\n") if article.body else []
    for piece in sorted((piece.at, piece.text) for piece in article.stripped if piece.at is not None):
        paragraphs.insert(*piece)
    return paragraphs


def _dated(article: Article, fitting: str | None) -> Article:
    """The article with the day that its source shows, or else its own date, or none."""
    own = dates.alone(article)
    when = _fitted(fitting, own) if fitting else own
    origins = {name: origin for name, origin in article.origins.items() if name != "date"}
    return replace(article, date=when, origins=origins | {"date": when.origin} if when else origins)


def _fitted(day: str, own: When | None) -> When:
    return When(day, WEEKDAY, AGREED if own and own.value == day else FITTING)
