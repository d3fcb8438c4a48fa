"""What does a line show by itself? Its form, its links, what the lexicon knows of it, its words: numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from searcher.cleaning import lexicon
from searcher.cleaning.shape import Shape
from searcher.model import Link
from searcher.tables import table

MARKERS = ("comments", "share buttons", "newsletter", "footer", "author box")
"""Reasons of lines that stand where an article ends, as the headings of lists do."""

CLASSES = ("share", "account", "legal", "menu", "more", "comments", "advert", "credit", "byline")

LISTS = (None, "related links", "comments", "source list")

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_STOPS = re.compile(r"[.!?…。！？؟।][\"'”’»」』)\]]*(?:\s|$)|[。！？]")
_COMMAS = re.compile(r"[,;:，、；：،؛]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|[年]")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_PARTED = re.compile(r"\s[|/·•›»>–—-]\s|\t")
_SHARED = re.compile(
    r"(?:facebook|twitter|x|linkedin|pinterest|whatsapp|instagram|youtube|t|telegram|reddit|tiktok|threads)\."
    r"(?:com|me|net)\b|^mailto:|^javascript:|^tel:|^#|share",
    re.I,
)
_SHELF = re.compile(
    r"/(?:tags?|topics?|categor\w+|authors?|about|contact|privacy|terms|login|subscribe|search|page)\b", re.I
)

OWN = (
    "heading", "level", "item", "size", "letters", "ends", "stops", "commas", "sentence", "upper",
    "titled", "lower", "first lower", "digits", "year", "clock", "parted", "address", "copyright", "colon",
    "links", "link count", "link shared", "link shelf", "link far", "mean letters", "repeats", "repeated before",
    "list", "marker", "rule",
    *(f"{name} words" for name in CLASSES), "chrome words", "chrome share",
)  # fmt: skip


def words_of(text: str) -> list[str]:
    """The words of a line, as they stand."""
    return _WORD.findall(text)


def signs(shapes: Sequence[Shape], words: Sequence[list[str]], verdicts: Sequence[str | None]) -> list[list[float]]:
    """A row for each line of a page, a column for each name in OWN."""
    texts = [lexicon.folded(shape.text[:200]) for shape in shapes]
    counts = Counter(texts)
    seen: Counter[str] = Counter()
    cased = any(ch.isupper() for shape in shapes for ch in shape.text[:50])
    rows = []
    for shape, found, text, verdict in zip(shapes, words, texts, verdicts, strict=True):
        rows.append([*_form(shape, found, cased), *_linked(shape)])
        rows[-1] += [
            sum(map(len, found)) / max(1, len(found)),
            counts[text] - 1,
            seen[text],
            *_known(shape, verdict),
            *_said(shape, found),
        ]
        seen[text] += 1
    return rows


def _form(shape: Shape, words: Sequence[str], cased: bool) -> list[float]:
    block, text = shape.block, shape.text
    size = max(1, len(words))
    kinds = [block.kind == "heading", block.level if block.kind == "heading" else 0, block.kind == "item"]
    first = next((ch for ch in text if ch.isalpha()), "")
    letters = max(1, sum(word[0].isalpha() for word in words))
    titled = sum(word[0].isupper() for word in words) / letters if cased else -1
    lower = sum(word[0].islower() for word in words) / letters if cased else -1
    return [
        *kinds, shape.size, min(len(text), 2000), shape.ends, len(_STOPS.findall(text)),
        len(_COMMAS.findall(text)) / size, shape.sentence, sum(map(str.isupper, text)) / max(1, len(text)), titled,
        lower, first.islower() if cased else -1,
        sum(map(str.isdigit, text)) / max(1, len(text)), bool(_YEAR.search(text)), bool(_CLOCK.search(text)),
        len(_PARTED.findall(text)), "://" in text or "www." in text,
        "©" in text or "(c)" in text, text.endswith((":", "：")),
    ]  # fmt: skip


def _linked(shape: Shape) -> list[float]:
    links: Sequence[Link] = shape.block.links
    count = max(1, len(links))
    return [
        shape.links,
        len(links),
        sum(bool(_SHARED.search(link.url)) for link in links) / count,
        sum(bool(_SHELF.search(link.url)) for link in links) / count,
        sum("://" in link.url for link in links) / count,
    ]


def _known(shape: Shape, verdict: str | None) -> list[float]:
    """What the lexicon says of it: the kind of list it is the heading of, whether it stands at an article's end."""
    heading = lexicon.heading(shape.text) if "\n" not in shape.text else None
    reason = lexicon.reason(shape.text)
    marker = reason in MARKERS or heading in ("related links", "comments")
    return [LISTS.index(heading), marker, (verdict or reason) is not None]


@cache
def _vocabulary() -> tuple[Mapping[str, int], re.Pattern[str]]:
    """Words → the number of their class; and those of scripts without spaces, wherever they stand."""
    rows = [
        (word, number)
        for number, name in enumerate(CLASSES)
        for word in table("searcher.cleaning", "words")[name].split()
    ]
    spaced = dict(reversed(rows))
    unspaced = sorted((word for word, _ in rows if _UNSPACED.match(word)), key=len, reverse=True)
    return spaced, re.compile("|".join(map(re.escape, unspaced)))


def _said(shape: Shape, words: Sequence[str]) -> list[float]:
    """How many of its words are of each class."""
    known, unspaced = _vocabulary()
    counts = [0] * len(CLASSES)
    for word in words[:200]:
        number = known.get(word.lower().replace("’", "'"))
        if number is not None:
            counts[number] += 1
    if not shape.text.isascii() and _UNSPACED.search(shape.text):
        for word in unspaced.findall(shape.text[:400]):
            counts[known[word]] += 1
    total = sum(counts)
    return [*counts, total, total / max(1, min(200, shape.size))]
