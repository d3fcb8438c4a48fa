"""Which lines of a text are a paragraph? Plain text to blocks.

A blank line parts paragraphs. Within such a group the line ends are either the author's (each line is a
paragraph of its own) or a typewriter's (lines broken where the next word did not fit): the widths tell which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import parseaddr
from itertools import groupby, pairwise

from searcher.model import Block, Claim, Link, Page, Record, Unread
from searcher.readers import decode, limits, names
from searcher.readers.detect import Head
from searcher.settings import Settings

_BLANK = re.compile(r"\n(?:[ \t\u3000]*\n)+")
_BULLET = re.compile(r"(?:[•▪‣◦·●■]|[-*–](?=\s))\s*(?=\S)")
_QUOTED = re.compile(r"(?:>[ \t]?)+")
_ADDRESS = re.compile(r"https?://[^\s<>\"'\]\)]+[^\s<>\"'\]\).,;:!?]")
_RULE = re.compile(r"[-=*_~#]{3,}|(?:[-*_] ){2,}[-*_]")
_INDENT = re.compile(r" {2,}|\t|\u3000")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CODE = re.compile(r"[{};=<>()\[\]|\\]")
_ENDS = tuple(".!?,;:…»”\"'’)]}。！？；：」』؟।")
_HEADER = re.compile(r"([A-Za-z][A-Za-z -]{1,24}):[ \t]*(.*)")

WIDEST = 100
"""Characters; lines longer than this were not broken by a typewriter."""

_NARROWEST = 40
_SHORT = 90
_SHORT_WORDS = 14
_HEADERS = 30


def looks(head: Head) -> bool:
    """Any text that nothing else wants."""
    return False


def read(record: Record, settings: Settings) -> Iterator[Page | Unread]:
    """The page of one plain text, with what its header lines say as claims."""
    text = decode.text(record.data, record.charset)
    top, claims = header(text)
    blocks = paragraphs(text[top:])
    if top:
        blocks.insert(0, Block(text[:top].strip(), hint="header"))
    yield Page(record.provenance, "plain", tuple(blocks), (*record.claims, *claims))


def header(text: str) -> tuple[int, list[Claim]]:
    """The claims of lines like "Subject: …" at the very top, and where they end; (0, []) if there are none.

    At least two of them must be known (names.USUAL), or they are the beginning of the article.
    """
    found: list[tuple[str, str]] = []
    place = 0
    for line in text.split("\n", _HEADERS)[:_HEADERS]:
        match = _HEADER.fullmatch(line)
        if match:
            found.append((match[1], match[2]))
        elif found and line[:1] in (" ", "\t") and line.strip():
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        else:
            break
        place += len(line) + 1
    known = [(names.field(name), value) for name, value in found]
    if sum(1 for field, _ in known if field and field != "body") < 2:
        return 0, []
    claims = [claim for field, value in known if field and field != "body" for claim in _claimed(field, value)]
    return min(place, len(text)), claims


def _claimed(field: str, value: str) -> list[Claim]:
    value = _words(value)
    if field == "author":
        name, address = parseaddr(value)
        value = name or address if "@" in value else value
    return names.claims(field, value, "header line")


def _words(value: str) -> str:
    """A header's value, with the encoded words of RFC 2047 read."""
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value


def paragraphs(text: str) -> list[Block]:
    """The blocks of a text: paragraphs, headings, items, quotes."""
    groups = [group for group in _BLANK.split(text.strip("\n")) if group.strip()]
    width = _width(groups)
    blocks: list[Block] = []
    for group in groups:
        if len(blocks) >= limits.BLOCKS:
            break
        lines = [line.rstrip() for line in group.split("\n") if line.strip()]
        for quoted, run in groupby(lines, _is_quoted):
            part = list(run)
            blocks += _quotes(part, width) if quoted else _group(part, width, len(groups) > 1)
    return blocks


def is_code(text: str) -> bool:
    """Is this preformatted text a program, a table or a drawing, rather than prose?"""
    signs = len(_CODE.findall(text))
    letters = sum(map(str.isalpha, text[:5000]))
    return signs * 20 > len(text) or letters * 2 < min(len(text), 5000)


def _width(groups: list[str]) -> int | None:
    """The width at which the lines of this text were broken; None if they were not.

    Then nearly every line that another one follows is so long that the first word of that one did not fit.
    """
    pairs = [pair for group in groups for pair in _pairs(group.split("\n"))]
    lengths = sorted(len(line) for line, _ in pairs)
    if len(pairs) < 3:
        return None
    width = lengths[int(len(lengths) * 0.95)]
    if not _NARROWEST <= width <= WIDEST:
        return None
    full = sum(_is_full(line, after, width) for line, after in pairs)
    return width if full * 4 >= len(pairs) * 3 else None


def _pairs(lines: list[str]) -> list[tuple[str, str]]:
    """Each line with the line after it, but for items, quotes and rules."""
    kept = [line.rstrip() for line in lines if line.strip()]
    return [
        (line, after)
        for line, after in pairwise(kept)
        if not (_BULLET.match(after.lstrip()) or _QUOTED.match(line) or _RULE.fullmatch(line.strip()))
    ]


def _is_full(line: str, after: str, width: int) -> bool:
    """Would the first word of the next line not have fitted on this one? Give or take a tenth."""
    word = 1 if _UNSPACED.match(after) else len(after.split(None, 1)[0])
    return len(line) + 1 + word > width * 0.9


def _is_quoted(line: str) -> bool:
    return _QUOTED.match(line) is not None


def _quotes(lines: list[str], width: int | None) -> Iterator[Block]:
    """What somebody answers to, without its marks."""
    lines = [_QUOTED.sub("", line, count=1) for line in lines]
    yield from (_block(text, "quote") for text in _joined([line for line in lines if line.strip()], width))


def _group(lines: list[str], width: int | None, alone: bool) -> Iterator[Block]:
    """The blocks of the lines between two blank lines."""
    bullets = sum(1 for line in lines if _BULLET.match(line.lstrip()))
    lines = [line for line in lines if not _RULE.fullmatch(line.strip())]
    for text in _joined(lines, width, bullets > 1):
        marked = _BULLET.match(text) if bullets > 1 else None
        if marked:
            yield _block(text[marked.end() :], "item")
        else:
            yield _block(text, "heading" if alone and len(lines) == 1 and _is_heading(text) else "paragraph")


def _joined(lines: list[str], width: int | None, bullets: bool = False) -> Iterator[str]:
    """The paragraphs of a group of lines; a line is joined to the one before only if that one was full."""
    parts: list[str] = []
    for number, line in enumerate(lines):
        begins = bullets and _BULLET.match(line.lstrip()) is not None
        begins = begins or (_INDENT.match(line) is not None and not _INDENT.match(lines[number - 1]))
        if parts and (begins or not _continues(lines[number - 1], line, width)):
            yield _together(parts)
            parts = []
        parts.append(" ".join(line.split()))
    if parts:
        yield _together(parts)


def _continues(line: str, after: str, width: int | None) -> bool:
    if width is not None:
        return _is_full(line, after, width) or (after[:1].islower() and not line.endswith((".", "!", "?")))
    return len(line) <= WIDEST and after[:1].islower() and not line.endswith(_ENDS)


def _together(parts: list[str]) -> str:
    pieces = parts[:1]
    for before, part in pairwise(parts):
        close = _UNSPACED.match(before[-1:]) and _UNSPACED.match(part)
        pieces.append(part if close else f" {part}")
    return "".join(pieces)


def _block(text: str, kind: str) -> Block:
    links = tuple(Link(match[0], match[0]) for match in _ADDRESS.finditer(text)) if "://" in text else ()
    match kind:
        case "quote":
            return Block(text, "quote", links=links)
        case "item":
            return Block(text, "item", 1, links)
        case "heading":
            return Block(text, "heading", links=links)
    return Block(text, links=links)


def _is_heading(text: str) -> bool:
    """A short line that stands alone and ends like no sentence."""
    return len(text) <= _SHORT and len(text.split()) <= _SHORT_WORDS and not text.endswith(_ENDS)
