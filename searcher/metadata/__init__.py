"""What does a page say about itself? Page and verdicts to Article, each value with where it came from.

Cleaning says which blocks are furniture; here the rest is read: the headline, the lines around it, what its data
claims. Blocks that say only such things (a byline, a date line, a repeated headline)
leave the body too and say why.
One module a noun: titles, dates, authors, sources, addresses, language, related, names, quotes, transcripts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from searcher.errors import Unreadable
from searcher.metadata import (
    addresses,
    authors,
    dates,
    language,
    names,
    quotes,
    related,
    sources,
    titles,
    transcripts,
)
from searcher.metadata.sheet import Context, Found, Sheet
from searcher.metadata.tagging import ready
from searcher.model import Article, Block, Claim, Page, Quote, Stripped, When
from searcher.settings import OWN
from searcher.text import count, sentences

__all__ = ["Context", "describe", "ready", "rebody"]

LEAD = 2
"""How many paragraphs of the body are the lead."""

LONGEST_LEAD = 1_000
"""How many characters it has at most: some texts are one paragraph."""

SHOWN = 120
"""How long a first sentence that stands in for a headline may be."""

TRANSCRIPT = "transcript"
"""The flag of one."""

BY_RULE = 0.9
"""How sure it is that a block which says something about the article says nothing else."""

FIRST = "first sentence"
"""The origin of a title that is one."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What the modules found on one sheet."""

    language: Claim | None
    title: titles.Title
    when: dates.Dated
    credit: authors.Credit
    source: sources.Source
    pointers: related.Pointers
    context: Found


def describe(page: Page, verdicts: Sequence[str | None], context: Context, sure: Sequence[float] = ()) -> Article:
    """The article of a page. `verdicts` has, for each block, None (article text) or why it is none; the verdicts
    "source list", "related links" and "byline" are read for what they say. `sure` says how sure each of them is.

    Raises Unreadable where there is neither a headline nor a body. `story` is left to those who see other articles.
    """
    sheet = Sheet(page, tuple(verdicts), context, tuple(sure))
    found = _read(sheet)
    taken = _taken(found)
    body = body_of(page.blocks[index] for index, _ in sheet.kept() if index not in taken)
    title = found.title if found.title.text or not body else found.title._replace(text=_first(body), origin=FIRST)
    if not title.text:
        raise Unreadable("no article text")
    return rebody(_article(sheet, replace(found, title=title), taken), body, context.settings.names)


def rebody(article: Article, body: str, by: str = OWN) -> Article:
    """The article with this body, and with all that follows from it made anew: lead, names, quotations, words, and
    a title that is the first sentence. `by` says what is a name: `names` of searcher.toml. `story` is left to those
    who see other articles."""
    title = _first(body) if article.origins.get("title") == FIRST else article.title
    turns = transcripts.turns(body)
    who = names.find(body, title, _known(turns, article.claims), article.language, by)
    said = _said(body, turns, who)
    kinds = (flag for flag in article.flags if flag != TRANSCRIPT)
    return replace(
        article, title=title, body=body, lead=lead_of(body), names=who.mentions, people=who.people,
        places=who.places, orgs=who.orgs, salient=who.salient, quotes=said,
        speakers=_unique(quote.speaker for quote in said if quote.speaker),
        flags=(*kinds, TRANSCRIPT) if turns else tuple(kinds),
        words=count(title) + count(body),
    )  # fmt: skip


def _read(sheet: Sheet) -> _Read:
    spoken = language.find(sheet, sheet.text)
    return _Read(
        spoken,
        titles.find(sheet),
        dates.find(sheet, spoken.value if spoken else None),
        authors.find(sheet),
        sources.find(sheet),
        related.find(sheet),
        related.entities(sheet),
    )


def _taken(found: _Read) -> dict[int, str]:
    """The blocks that only said something about the article; the headline's own is "title"."""
    parts = (found.context, found.source.found, found.when.found, found.credit.found, found.title.found)
    taken = {index: reason for part in parts for index, reason in part.taken.items()}
    if found.title.block is not None:
        taken[found.title.block] = "title"
    return taken


def body_of(blocks: Iterable[Block]) -> str:
    """The text of blocks, parted by empty lines; pictures have none."""
    texts = (block.text.strip() for block in blocks if block.kind != "image")
    return "\n\n".join("\n".join(filter(str.strip, text.split("\n"))) for text in texts if text)


def lead_of(body: str) -> str:
    """The first paragraphs of a body; of long ones the first sentences, at most LONGEST_LEAD characters."""
    lead = "\n\n".join(body.split("\n\n", LEAD)[:LEAD])
    if len(lead) <= LONGEST_LEAD:
        return lead
    cut = lead[:LONGEST_LEAD]
    spans = sentences(cut)
    end = spans[-2][1] if len(spans) > 1 else cut.rfind(" ")
    return cut[: end if end > 0 else LONGEST_LEAD]


def _first(body: str) -> str:
    """The first sentence, cut at a word: it stands in for a headline, and stays in the body."""
    start, end = next(iter(sentences(body[:1_000])), (0, len(body)))
    first = " ".join(body[start:end].split())
    if len(first) > SHOWN:
        first = first[:SHOWN].rpartition(" ")[0] or first[:SHOWN]
        first += " …"
    return first


def _article(sheet: Sheet, found: _Read, taken: Mapping[int, str]) -> Article:
    """All but what follows from the body."""
    page, context = sheet.page, sheet.context
    url, url_origin = _url(sheet, found.source)
    section = addresses.section(sheet)
    return Article(
        id=context.id,
        title=found.title.text,
        body="",
        provenance=page.provenance,
        date=found.when.when,
        source=found.source.name,
        agency=found.credit.agency or found.source.agency,
        authors=found.credit.authors,
        language=found.language.value if found.language else None,
        section=section.value if section else None,
        tags=_unique(" ".join(claim.value.split()) for claim in sheet.claimed("tag")),
        url=url,
        related=found.pointers.related,
        images=_images(sheet, found.source),
        stripped=_stripped(sheet, taken),
        claims=_claims(page, found),
        origins=_origins(found, url_origin, section),
        ingested=context.ingested,
    )


def _known(turns: Sequence[transcripts.Turn], claims: Sequence[Claim]) -> list[str]:
    """Full names that are persons for certain: those of a context line, the speakers of a transcript."""
    listed = [claim.value for claim in claims if claim.origin == related.OWN and names.is_full_name(claim.value)]
    return [*listed, *(turn.speaker for turn in turns if turn.speaker and " " in turn.speaker)]


def _said(body: str, turns: Sequence[transcripts.Turn], who: names.Names) -> tuple[Quote, ...]:
    if turns:
        return transcripts.quotes(body, turns, who.by_surname())
    return quotes.find(body, who.mentions)


def _url(sheet: Sheet, source: sources.Source) -> tuple[str | None, str]:
    """The page's own address, else that of its source."""
    own = addresses.find(sheet)
    return (own.value, own.origin) if own else (source.url, source.url_origin)


def _images(sheet: Sheet, source: sources.Source) -> tuple[str, ...]:
    """The pictures: those that the page claims, those of its source list, and those in the article."""
    shown = (link.url for _, block in _pictures(sheet) for link in block.links)
    claimed = (claim.value for claim in sheet.claimed("image"))
    return _unique(url for url in (*claimed, *source.images, *shown) if url and not url.startswith("data:"))


def _pictures(sheet: Sheet) -> list[tuple[int, Block]]:
    blocks = enumerate(sheet.page.blocks)
    return [(i, b) for i, b in blocks if b.kind == "image" and sheet.verdicts[i] in (None, "picture")]


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value.strip()))


def _stripped(sheet: Sheet, taken: Mapping[int, str]) -> tuple[Stripped, ...]:
    """What is not in the body, in the order of the page. The headline is not stripped: it is the title."""
    pieces = []
    for index, block in enumerate(sheet.page.blocks):
        reason = taken.get(index) or sheet.verdicts[index]
        if reason and reason != "title" and block.text.strip():
            known = index not in taken and index < len(sheet.sure)
            pieces.append(Stripped(block.text, reason, round(sheet.sure[index], 2) if known else BY_RULE))
    return tuple(pieces)


def _claims(page: Page, found: _Read) -> tuple[Claim, ...]:
    """The page's claims, and those that its text makes."""
    parts = (found.title, found.when, found.credit, found.source, found.pointers)
    derived = [claim for part in parts for claim in part.found.claims]
    spoken = [found.language] if found.language else []
    return tuple(dict.fromkeys([*page.claims, *derived, *found.context.claims, *spoken]))


def _origins(found: _Read, url_origin: str, section: Claim | None) -> dict[str, str]:
    when: When | None = found.when.when
    origins = {
        "title": found.title.origin,
        "date": when.origin if when else "",
        "source": found.source.origin,
        "agency": found.credit.agency_origin or (sources.SOURCE_LIST if found.source.agency else ""),
        "authors": found.credit.author_origin,
        "language": found.language.origin if found.language else "",
        "url": url_origin,
        "section": section.origin if section else "",
    }
    return {name: origin for name, origin in origins.items() if origin}
