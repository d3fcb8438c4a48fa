"""What are the things this program talks about? The nouns: frozen values without I/O.

Spans are `(start, end)` character offsets, never markup. A value that is not known is None.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

Span = tuple[int, int]
Precision = Literal["day", "month", "year"]
NameKind = Literal["person", "place", "org"]

STORY = "story"
"""The origin of a date that an article has from a copy."""

WEEKDAY = "weekday, within the years of its source"
"""The origin of a date whose day and weekday stand on the page, and whose year the others of its source show."""

OPEN = "dateline without a year"
"""The origin of a claim of all the days that one with a weekday can be, as EDTF has it: [2009-05-12,2015-05-12]."""


class Claim(NamedTuple):
    """Something a page says about itself. `origin` is where it stood, e.g. "JSON-LD", "meta", "byline"."""

    field: str
    value: str
    origin: str


class Link(NamedTuple):
    """A link inside a block: its text as it stands in the block's text, and where it leads."""

    text: str
    url: str


class Name(NamedTuple):
    """A mention: `text` at `start`..`end` of the body is the entity called `name`."""

    name: str
    kind: NameKind
    text: str
    start: int
    end: int


class Quote(NamedTuple):
    """Words inside quotation marks (or a transcript's turn), at `start`..`end` of the body."""

    text: str
    speaker: str | None
    start: int
    end: int


class Stripped(NamedTuple):
    """A piece of the page that is not the article, why it was taken out, and how sure that is (0..1).

    `at` is the paragraph it was of the body, for what left it when the whole archive was seen: it may come back.
    """

    text: str
    reason: str
    sure: float = 0.9
    at: int | None = None


class Related(NamedTuple):
    """Another article that a page points to."""

    title: str
    url: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an article came from. `file` is relative to the archive; `start` and `length` are bytes."""

    file: str
    member: str | None = None
    start: int | None = None
    length: int | None = None
    sha256: str = ""

    def __str__(self) -> str:
        return f"{self.file}!{self.member}" if self.member else self.file


@dataclass(frozen=True, slots=True)
class Record:
    """Bytes and where they came from: a file, a member of a zip, one response of a WARC.

    `claims` are what the container says of it (the address and the retrieval time in a WARC); `kind`
    names the reader if the container knows it (a media type or a file name's ending), else "".
    """

    data: bytes
    provenance: Provenance
    kind: str = ""
    charset: str | None = None
    claims: tuple[Claim, ...] = ()


KEEP, DROP = "keep", "drop"
"""The hints of blocks that searcher.toml says are the article, and of those it says are not."""

BlockKind = Literal["heading", "paragraph", "item", "quote", "table", "caption", "code", "image"]


class Block(NamedTuple):
    """One paragraph-like piece of a page.

    `text` has single spaces, but keeps line breaks that the page shows. `level` is a heading's 1..6 or a
    list item's depth. `zone` holds, outermost first, the lower-case tag names, classes, ids and roles around
    it (HTML only): evidence for cleaning. `hint` is what a reader knows of it already, e.g. "navigation" or KEEP.
    """

    text: str
    kind: BlockKind = "paragraph"
    level: int = 0
    links: tuple[Link, ...] = ()
    zone: tuple[str, ...] = ()
    hint: str = ""

    @property
    def link_share(self) -> float:
        """The share, 0..1, of the text's characters that are links."""
        return min(1.0, sum(len(link.text) for link in self.links) / max(1, len(self.text)))


@dataclass(frozen=True, slots=True)
class Page:
    """A record read: blocks and claims in the order of the page, before anything is decided.

    `markup` is the text of a web page where another program is to judge it, else "".
    """

    provenance: Provenance
    format: str
    blocks: tuple[Block, ...]
    claims: tuple[Claim, ...] = ()
    markup: str = ""

    def claimed(self, name: str) -> list[Claim]:
        """The claims about one field, in the order of the page."""
        return [claim for claim in self.claims if claim.field == name]


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or a member of one, that gave no article, and why."""

    file: str
    reason: str
    member: str | None = None

    def __str__(self) -> str:
        where = f"{self.file}!{self.member}" if self.member else self.file
        return f"{where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class When:
    """A date with its precision: `value` is "2015-05-12", "2015-05" or "2015".

    `instant` is the full time in ISO 8601 where the page gave one. `confidence` is 0..1.

    >>> When("2015-02", "meta", 0.9).last()
    datetime.date(2015, 2, 28)
    """

    value: str
    origin: str
    confidence: float
    instant: str | None = None

    @property
    def precision(self) -> Precision:
        """How much of the date is known."""
        match len(self.value):
            case 4:
                return "year"
            case 7:
                return "month"
        return "day"

    def time(self) -> datetime | None:
        """The instant, in UTC; one without a zone is taken to be. None if it is not known."""
        if self.instant is None:
            return None
        read = datetime.fromisoformat(self.instant)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)

    def first(self) -> date:
        """The first day it can be."""
        return date.fromisoformat(self.value + "-01-01"[len(self.value) - 4 :][: 10 - len(self.value)])

    def last(self) -> date:
        """The last day it can be."""
        first = self.first()
        if self.precision == "day":
            return first
        month = 12 if self.precision == "year" else first.month
        return date(first.year, month, calendar.monthrange(first.year, month)[1])


@dataclass(frozen=True, slots=True)
class Article:
    """What is searched: a page with its furniture taken out and its metadata weighed.

    `body` is paragraphs parted by an empty line, the title not among them. `lead` is its first two paragraphs.
    `salient` are the names, of any kind, that it is about; `flags` are kinds of it ("transcript", "index").
    `copy` is the same for articles of nearly the same text, `story` for articles about one event, copies among
    them: the id of the first of them.
    `origins` says where each metadata value came from; `ingested` is the day its file came into corpus/.
    """

    id: str
    title: str
    body: str
    provenance: Provenance
    lead: str = ""
    date: When | None = None
    source: str | None = None
    agency: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    url: str | None = None
    names: tuple[Name, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
    salient: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    related: tuple[Related, ...] = ()
    images: tuple[str, ...] = ()
    stripped: tuple[Stripped, ...] = ()
    claims: tuple[Claim, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    copy: str = ""
    story: str = ""
    words: int = 0
    ingested: str = ""

    def claimed(self, name: str) -> list[str]:
        """What its page, or its reader, claims about one field."""
        return [claim.value for claim in self.claims if claim.field == name]


class Passage(NamedTuple):
    """A piece of an article's `field` from `start` on; `spans` are the matches, as offsets into `text`."""

    text: str
    field: str
    start: int
    spans: tuple[Span, ...]

    def marked(self, before: str, after: str) -> str:
        """The text with each match between `before` and `after`.

        >>> Passage("Kerry in Sochi", "title", 0, ((0, 5),)).marked("<b>", "</b>")
        '<b>Kerry</b> in Sochi'
        """
        parts, done = [], 0
        for start, end in self.spans:
            parts += [self.text[done:start], before, self.text[start:end], after]
            done = end
        return "".join([*parts, self.text[done:]])


class Alike(NamedTuple):
    """What an article shares with the one of this id, as that one shows it, what weighs most first.

    A word that is a part of one of the names is not among the words.

    `days` is how long after that one it is dated, negative if before; None unless both dates are known to the day.
    """

    id: str
    names: tuple[str, ...]
    words: tuple[str, ...]
    days: int | None


class Hit(NamedTuple):
    """One article found, with the passages that made it match.

    `copies` is how many of the articles found have its text, itself included, and `in_story` how many are in its
    story. Where no passage has a span, `matched` says what made it match: "source", "date", "without sochi",
    "everything". `alike` says for each like: of the query that it fulfils what makes it so.
    """

    article: Article
    score: float
    passages: tuple[Passage, ...]
    copies: int = 1
    matched: tuple[str, ...] = ()
    in_story: int = 1
    alike: tuple[Alike, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """A value of a facet, how many of the articles found have it, and in how many stories these are."""

    value: str
    count: int
    stories: int


Sort = Literal["relevance", "newest", "oldest", "source"]
Period = Literal["year", "month", "week", "day"]
Match = Literal["all", "any"]
Group = Literal["story", "copy", "none"]


@dataclass(frozen=True, slots=True)
class Bucket:
    """One period of a time line: its first and last day, the articles found in it, and their stories.

    A story that goes on counts in every period in which articles of it were found. `of` is how many articles the
    archive holds of the period. Where it is 0, finding nothing says nothing, and `vague` is how many articles may
    be of the period all the same: their dates are too coarse.
    """

    start: date
    end: date
    count: int
    of: int = 0
    vague: int = 0
    stories: int = 0

    @property
    def share(self) -> float | None:
        """The share of the period's articles that were found, 0..1; None where the archive holds none."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The articles found by period: every period from the first that has any to the last, the empty ones too.

    `coarse` articles have a date that is not known as well as a period, `undated` ones have none: with them the
    counts of the buckets add up to the total. `period` is None if no time line was asked for.
    """

    period: Period | None = None
    buckets: tuple[Bucket, ...] = ()
    coarse: int = 0
    undated: int = 0

    def __iter__(self) -> Iterator[Bucket]:
        return iter(self.buckets)

    def __len__(self) -> int:
        return len(self.buckets)

    def label(self, bucket: Bucket) -> str:
        """The name of a bucket: 2015, 2015-05, 2015-05-12; a week as ISO 8601 counts it.

        >>> Timeline("week").label(Bucket(date(2014, 12, 29), date(2015, 1, 4), 3))
        '2015-W01'
        """
        if self.period == "week":
            year, week, _ = bucket.start.isocalendar()
            return f"{year:04}-W{week:02}"
        length = {"year": 4, "month": 7}.get(self.period or "day", 10)
        return bucket.start.isoformat()[:length]


@dataclass(frozen=True, slots=True)
class Search:
    """What to find and how to show it. `limit` None is all; `passages` is how many a hit.

    `since`, `until` and `source` narrow the query as the fields of these names do; the echo shows them.
    `match` "any" looks for any of the query's words, and not for all: the echo shows it. `literal` takes the query
    as plain words; `strict` makes every note of the parser an error. A facet has its `facet_limit` largest values;
    None is all. With `group` the first hit of a text ("copy"), or of a story, stands for all of them.
    """

    query: str
    sort: Sort = "relevance"
    offset: int = 0
    limit: int | None = 10
    facets: tuple[str, ...] = ()
    facet_limit: int | None = 100
    timeline: Period | Literal["auto"] | None = None
    group: Group = "none"
    passages: int = 2
    strict: bool = False
    literal: bool = False
    match: Match = "all"
    since: str | None = None
    until: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """The answer: `total` articles with `texts` different texts in `stories` stories; `hits` are those asked for.

    `echo` is the query as it was read: it parses back to the same tree. `span` is the first and last day among the
    articles found. If nothing was found, `reasons` say why and each of the `suggestions` finds something.
    `timezone` is where the days of the query's dates are days; None if it has no dates.

    A facet's values come by count, then by name; years, months and days by time. `facet_totals` says how many
    values each has in all. Of people, places and organisations there are those that one article found at least is
    about; counted are all that name them.
    """

    query: str
    echo: str
    notes: tuple[str, ...]
    total: int
    texts: int
    stories: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[Count, ...]] = field(default_factory=dict)
    facet_totals: Mapping[str, int] = field(default_factory=dict)
    timeline: Timeline = Timeline()
    span: tuple[date, date] | None = None
    reasons: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    engine: str = ""
    generation: int = 0
    took_ms: float = 0.0
    timezone: str | None = None

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)
