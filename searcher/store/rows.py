"""What does the store keep beside articles? Files, outlines, and what one transaction changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from searcher.model import Article, NameKind
from searcher.verdicts import NONE, Row, Verdict


class FileRow(NamedTuple):
    """A file of corpus/ as it was when it was read: `mtime` in nanoseconds, 0 if it must be looked at again.

    `unread` are the reasons, a line each, why it or members of it gave no article.
    """

    path: str
    size: int
    mtime: int
    sha256: str
    articles: int = 0
    unread: tuple[str, ...] = ()


class Use(NamedTuple):
    """That an article uses a name, under one of its keys."""

    key: str
    kind: NameKind
    name: str


class Outline(NamedTuple):
    """What is held of an article to be compared with others. No source is "".

    date      its own, as its page makes it; `open` are the days that it can be where nothing but a weekday says
              which (the claim, or ""), and `fitting` the one of them that its source shows
    moment    when it came, to be put in order with others: the earliest first, those without a date last
    wording   the same for articles of the same words
    signature, traits   what `copies` and `stories` remember of it
    cut, sketch         which of its paragraphs have left the body, and what `furniture` remembers of its page
    names     what it calls whom; not given with what is read
    """

    id: str
    source: str = ""
    date: str | None = None
    open: str = ""
    fitting: str | None = None
    moment: str = ""
    wording: str = ""
    signature: bytes = b""
    traits: bytes = b""
    cut: bytes = b""
    sketch: bytes = b""
    names: tuple[Use, ...] = ()


class Told(NamedTuple):
    """What tells one article from its copies: its own day, when it came, whether it can be of a story (its day is
    known, and what it is about); the numbers of its names; and what is decided of it so far."""

    id: str
    date: str | None
    moment: str
    tells: bool
    names: bytes
    verdict: Verdict = NONE


class First(NamedTuple):
    """The first of its copies, or the only one, that can be of a story; and the one that it is of now."""

    id: str
    source: str
    date: str
    moment: str
    traits: bytes
    story: str


class Shown(NamedTuple):
    """What of an article is compared with others of its source: see Outline."""

    id: str
    date: str | None
    open: str
    fitting: str | None
    cut: bytes
    sketch: bytes


class Packed(NamedTuple):
    """An article as it is kept: what is asked of it, and the rest compressed. So it travels light."""

    id: str
    file: str
    language: str | None
    data: bytes


class Kept(NamedTuple):
    """An article that is held, as it is kept, and the verdict on it."""

    data: bytes
    verdict: Row


Kind = Literal["source", "copy", "name", "day"]
"""What articles are compared by: those of one source; those that a copy may be among; those with a name, by its
number; those of some days."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction changes.

    files     read to their end: what they held before and hold no longer is dropped
    articles  of these files, or of one that is still being read
    outlines  of these articles, by id
    kept      ids of these files that were put by batches before
    touched   files that have another time but the same bytes
    gone      paths that are no more, with all that came from them
    edits     articles that are held, as their source has changed them, and their outlines, without a sketch
    verdicts  of articles that are held, by id
    stories   of firsts of their copies: the id of the first of the story, "" for its own; copies are of the same
    """

    files: tuple[FileRow, ...] = ()
    articles: tuple[Article | Packed, ...] = ()
    outlines: Mapping[str, Outline] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    touched: tuple[FileRow, ...] = ()
    gone: tuple[str, ...] = ()
    edits: tuple[tuple[Article | Packed, Outline], ...] = ()
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    stories: Mapping[str, str] = field(default_factory=dict)
