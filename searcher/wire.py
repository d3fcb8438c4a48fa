"""What do programs read? One versioned JSON shape for --json, HTTP and agents.

A value that is not known is null. Spans are character offsets into `text`; `start` is an offset into the field.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from searcher.model import Article, Count, Hit, Results, Timeline, Unread, When

if TYPE_CHECKING:
    from searcher.mentioned import Entity, Mentioned
    from searcher.quoting import Carrier, Quoted, Traced

SCHEMA_VERSION = 1

Plain = dict[str, Any]


def dumps(plain: Plain) -> str:
    """The JSON text, on one line, in UTF-8's characters rather than escapes."""
    return json.dumps(plain, ensure_ascii=False)


def results(found: Results) -> Plain:
    """An answer, as `search --json` prints it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "query": found.query,
        "echo": found.echo,
        "notes": list(found.notes),
        "engine": found.engine,
        "generation": found.generation,
        "took_ms": round(found.took_ms, 1),
        "timezone": found.timezone,
        "total": found.total,
        "texts": found.texts,
        "stories": found.stories,
        "hits": [hit(one) for one in found.hits],
        "facets": {name: counts(values) for name, values in found.facets.items()},
        "facet_totals": dict(found.facet_totals),
        "timeline": buckets(found.timeline),
        "timeline_period": found.timeline.period,
        "timeline_coarse": found.timeline.coarse,
        "timeline_undated": found.timeline.undated,
        "reasons": list(found.reasons),
        "suggestions": list(found.suggestions),
    }


def counts(values: Sequence[Count]) -> list[Plain]:
    """The values of a facet."""
    return [asdict(value) for value in values]


def buckets(line: Timeline) -> list[Plain]:
    """The periods of a time line; the share is null where the archive holds no article of the period."""
    return [
        {
            "start": bucket.start.isoformat(),
            "end": bucket.end.isoformat(),
            "count": bucket.count,
            "label": line.label(bucket),
            "of": bucket.of,
            "vague": bucket.vague,
            "share": None if bucket.share is None else round(bucket.share, 6),
            "stories": bucket.stories,
        }
        for bucket in line
    ]


def timeline(found: Results) -> Plain:
    """An answer, as `searcher timeline --json` prints it: without hits and facets."""
    return {name: value for name, value in results(found).items() if name not in ("hits", "facets", "facet_totals")}


def entities(answer: Mentioned) -> Plain:
    """Names, as `searcher entities --json` prints them: with what an answer says of its articles."""
    left_out = (
        "hits",
        "facets",
        "facet_totals",
        "timeline",
        "timeline_period",
        "timeline_coarse",
        "timeline_undated",
    )
    about = {name: value for name, value in results(answer.found).items() if name not in left_out}
    return about | {
        "archive": answer.archive,
        "names": dict(answer.names),
        "entities": [entity(one) for one in answer.entities],
        "pairs": [
            {
                "names": [{"name": one.name, "kind": one.kind} for one in (pair.one, pair.other)],
                "count": pair.count,
                "expected": round(pair.expected, 3),
                "g2": round(pair.g2, 2),
            }
            for pair in answer.pairs
        ],
        "read": answer.read,
    }


def entity(one: Entity) -> Plain:
    """A name with its counts and the other ways to write it."""
    return {
        "name": one.name,
        "kind": one.kind,
        "count": one.count,
        "of": one.of,
        "share": round(one.share, 6),
        "times": round(one.times, 3),
        "g2": round(one.g2, 2),
        "typical": one.typical,
        "aliases": [asdict(alias) for alias in one.aliases],
    }


def hit(found: Hit) -> Plain:
    """One hit, as a line of `search --jsonl`."""
    passages = [
        {"text": part.text, "field": part.field, "start": part.start, "spans": [list(span) for span in part.spans]}
        for part in found.passages
    ]
    groups = {"copies": found.copies, "in_story": found.in_story}
    extra = {"score": round(found.score, 4), "passages": passages, "matched_in": list(found.matched)}
    return head(found.article) | groups | extra | {"alike": [alike._asdict() for alike in found.alike]}


def head(article: Article) -> Plain:
    """What a hit says of its article."""
    return {
        "id": article.id,
        "path": article.provenance.file,
        "url": article.url,
        "title": article.title,
        "lead": article.lead,
        "date": when(article.date),
        "source": article.source,
        "agency": article.agency,
        "authors": list(article.authors),
        "language": article.language,
        "section": article.section,
        "people": list(article.people),
        "places": list(article.places),
        "orgs": list(article.orgs),
        "copy": article.copy,
        "story": article.story,
    }


def when(date: When | None) -> Plain | None:
    """A date with its precision, origin and confidence."""
    if date is None:
        return None
    known = {"value": date.value, "precision": date.precision, "origin": date.origin}
    return known | {"confidence": date.confidence, "instant": date.instant}


def quoted(found: Quoted, shown: Sequence[Carrier]) -> Plain:
    """The articles that carry a quote, as `searcher quote TEXT --json` prints them."""
    quote = found.asked
    return {
        "schema_version": SCHEMA_VERSION,
        "quote": quote.text,
        "words": len(quote.words),
        "least": quote.least,
        "total": found.total,
        "carriers": [carrier(one) for one in shown],
    }


def carrier(found: Carrier) -> Plain:
    """An article that carries a quote. `start` is where `text` stands in its body; `added` and `removed` are words
    there, and words asked for, that have no fellow: as spans of `text`, and where they would stand."""
    stretch = found.stretch
    return head(found.article) | {
        "speaker": found.speaker,
        "quoted": found.quoted,
        "days": found.days,
        "copies": found.copies,
        "share": round(stretch.share, 3),
        "text": found.text,
        "start": stretch.start,
        "added": [list(span) for span in stretch.added],
        "removed": [piece._asdict() for piece in stretch.removed],
    }


def traced(found: Iterable[Traced], of: Article) -> Plain:
    """The quotes of an article, as `searcher quote ID --json` prints them; `total` is null where too many may have
    it."""
    quotes = [
        one.quote._asdict()
        | {"total": one.total, "others": one.others, "first": carrier(one.first) if one.first else None}
        for one in found
    ]
    return {"schema_version": SCHEMA_VERSION, "id": of.id, "quotes": quotes}


def article(found: Article) -> Plain:
    """A whole article, as `searcher show --json` and a line of `searcher read --jsonl` print it."""
    return head(found) | {
        "tags": list(found.tags),
        "speakers": list(found.speakers),
        "flags": list(found.flags),
        "words": found.words,
        "ingested": found.ingested or None,
        "images": list(found.images),
        "body": found.body,
        "names": [name._asdict() for name in found.names],
        "quotes": [quote._asdict() for quote in found.quotes],
        "stripped": [piece._asdict() for piece in found.stripped],
        "claims": [claim._asdict() for claim in found.claims],
        "related": [related._asdict() for related in found.related],
        "origins": dict(found.origins),
        "provenance": asdict(found.provenance),
    }


def story(found: Any) -> Plain:
    """How a story spread, as `searcher story --json` prints it; the articles without their bodies."""
    tellings = [head(each.article) | _behind(each) for each in found.tellings]
    known = {name: getattr(found, name) for name in ("id", "total", "texts", "copied")}
    known["copied"] = round(found.copied, 4)
    return {"schema_version": SCHEMA_VERSION} | known | {"sources": list(found.sources), "articles": tellings}


def _behind(each: Any) -> Plain:
    hours = None if each.hours is None else round(each.hours, 3)
    return {"hours": hours, "days": each.days, "copied": round(each.copied, 4)}


def read(found: Article | Unread) -> Plain:
    """An article, or the reason why a file gave none under "error"."""
    if isinstance(found, Article):
        return article(found)
    return {"path": found.file, "member": found.member, "error": found.reason}


def report(done: Any, **more: Any) -> Plain:
    """A report of a build, an ingest or a look at the index: its fields, with what could not be read as errors."""
    plain = {name: getattr(done, name) for name in done.__dataclass_fields__}
    if "unread" in plain:
        plain["unread"] = [read(item) if isinstance(item, Unread) else item for item in plain["unread"]]
    return {"schema_version": SCHEMA_VERSION} | {name: _listed(value) for name, value in plain.items()} | more


def cleaned(found: Sequence[Any]) -> Plain:
    """What was cut from the pages of each source, as `searcher stats --cleaning --json` prints it."""
    return {"schema_version": SCHEMA_VERSION, "sources": [_rounded(asdict(one)) for one in found]}


def _rounded(plain: Plain) -> Plain:
    pieces = [piece | {"sure": round(piece["sure"], 3)} for piece in plain["pieces"]]
    return plain | {"sure": round(plain["sure"], 3), "pieces": pieces}


def _listed(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return {name: _listed(inner) for name, inner in value.items()} if isinstance(value, Mapping) else value
