"""Which articles are in a dump? JSON Lines, a JSON list, or one JSON object: a page for each record.

What a record calls its title, its text and its date is given by settings.jsonl, or guessed from names.USUAL and
told in a claim of the page ("mapping"). A record that cannot be read is reported; the rest goes on.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from searcher.errors import Unreadable
from searcher.model import Claim, Page, Provenance, Unread
from searcher.readers import html, limits, names, plain
from searcher.readers.decode import clean, decode
from searcher.readers.detect import Head
from searcher.readers.source import Source, reason, too_large

_LOOKS = re.compile(r"\s*(?:\[\s*)?\{\s*(?:\"(?:[^\"\\]|\\.)*\"\s*:|\})")
_LISTS = tuple(
    """articles items results docs documents data entries posts stories news records hits response rows""".split()
)
_HOPELESS = 100
"""Bad lines, with no good one before them: the file is no dump."""


def looks(head: Head) -> bool:
    """Does it begin with an object, or a list of objects?"""
    return _LOOKS.match(head.text.lstrip("\ufeff")) is not None


def open_(source: Source) -> Iterator[Page | Unread]:
    """The pages of a dump, in its order. A dump by lines, or one long list, may be of any length."""
    beginning = source.stream.peek(limits.HEAD)[: limits.HEAD]
    if (
        beginning[1:4:2] == b"\0\0"
        or beginning[0:3:2] == b"\0\0"
        or beginning.startswith((b"\xff\xfe", b"\xfe\xff"))
    ):
        yield from _whole(source)
    elif beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        yield from _listed(source)
    elif _by_lines(beginning):
        yield from _lines(source)
    else:
        yield from _whole(source)


def _by_lines(beginning: bytes) -> bool:
    """Is a record a line? Not if all is one line, or the first line is only the beginning of one object."""
    line, _, rest = beginning.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    if not rest.strip():
        return len(beginning) >= limits.HEAD
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return rest.lstrip().startswith(b"{") or not line.strip().endswith((b"{", b",", b"["))
    return True


def _lines(source: Source) -> Iterator[Page | Unread]:
    number = bad = good = 0
    place = source.start
    while line := source.stream.readline(limits.ARTICLE + 1):
        number += 1
        length = len(line)
        if len(line) > limits.ARTICLE:
            length += _skip_line(source, line)
            yield source.unread(too_large("a line over " + limits.size(limits.ARTICLE)), f"#{number}")
        elif line.strip(b" \t\r\n\xef\xbb\xbf\x1e"):
            for page in _line(source, line, f"#{number}", place):
                good, bad = good + isinstance(page, Page), bad + isinstance(page, Unread)
                yield page
        if bad >= _HOPELESS and not good:
            yield source.unread(f"no record in the first {bad} lines, the rest is not read")
            return
        place = None if place is None else place + length


def _skip_line(source: Source, line: bytes) -> int:
    """Read on to the end of a line that is too long; how many bytes that was."""
    length = 0
    while not line.endswith(b"\n") and (line := source.stream.readline(limits.MB)):
        length += len(line)
    return length


def _line(source: Source, line: bytes, label: str, place: int | None) -> Iterator[Page | Unread]:
    """The record of one line, or the records in it where all of a dump is one long line."""
    try:
        value = _value(decode(line.lstrip(b"\x1e")))
    except Unreadable as error:
        yield source.unread(error.message, label)
        return
    line = line.rstrip(b"\r\n")
    where = (place, len(line)) if place is not None else (None, None)
    page = _page(source, value, label, (hashlib.sha256(line).hexdigest(), *where))
    inner = _records(value) if isinstance(page, Unread) and isinstance(value, dict) else None
    if inner:
        yield from _each(source, inner, f"{label}.")
    else:
        yield page


def _value(text: str) -> Any:
    """The value of a JSON text; raises Unreadable with the reason."""
    try:
        return json.loads(text.strip("\ufeff \t\r\n"), strict=False)
    except RecursionError as error:
        raise Unreadable("bad JSON: nested too deeply") from error
    except ValueError as error:
        raise Unreadable(f"bad JSON: {reason(error)}") from error


_BETWEEN = re.compile(r"[ \t\r\n,\[\ufeff]*")
_NEXT = re.compile(r"\}\s*,\s*(?=\{)")


def _listed(source: Source) -> Iterator[Page | Unread]:
    """The records of one long list, taken one by one as they come: it need not fit into memory.

    A record that cannot be read is one reason; the next begins where one object ends and another begins.
    """
    decoder = json.JSONDecoder(strict=False)
    text, at, number = "", 0, 0
    while True:
        at = _end_of(_BETWEEN, text, at)
        if at >= len(text):
            text, at = _more(source, limits.HEAD), 0
            if not text:
                return
            continue
        if text[at] == "]":
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            rest = len(text) - at
            more = _more(source, max(limits.HEAD, rest)) if rest <= limits.ARTICLE else ""
            if more:
                text, at = text[at:] + more, 0
                continue
            number += 1
            following = _NEXT.search(text, at)
            what = "bad JSON" if following else "bad JSON, the rest of the list is not read"
            yield source.unread(f"{what}: {reason(error)}", f"#{number}")
            if following is None:
                return
            at = following.end()
            continue
        number += 1
        yield _page(source, value, f"#{number}", (_digest(text[at:end]), None, None))
        at = end


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _more(source: Source, count: int) -> str:
    """The next part of a text, cut at a character's end."""
    data = source.stream.read(count)
    while data and data[-1] >= 0x80 and (byte := source.stream.peek(1)[:1]) and 0x80 <= byte[0] < 0xC0:
        data += source.stream.read(1)
    return decode(data) if data else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _whole(source: Source) -> Iterator[Page | Unread]:
    """The records of one value: a list, an object with a list of them in it, or an object."""
    record = source.load()
    value = _value(decode(record.data, record.charset))
    found = _records(value)
    if found is None:
        yield _page(source, value, "", (record.provenance.sha256, None, None))
        return
    yield from _each(source, found, "#")


def _each(source: Source, found: list[Any], label: str) -> Iterator[Page | Unread]:
    for number, item in enumerate(found, 1):
        try:
            digest = _digest(json.dumps(item, ensure_ascii=False, sort_keys=True))
        except RecursionError:
            yield source.unread("bad JSON: nested too deeply", f"{label}{number}")
            continue
        yield _page(source, item, f"{label}{number}", (digest, None, None))


def _records(value: Any) -> list[Any] | None:
    """The list of records inside a value, one or two levels down; None if it is a record itself."""
    for _ in range(3):
        if isinstance(value, list):
            return value
        if not isinstance(value, dict):
            return None
        inner = [value[name] for name in _LISTS if isinstance(value.get(name), dict | list)]
        value = next(
            (item for item in inner if not isinstance(item, list) or (item and isinstance(item[0], dict))), None
        )
    return None


def _page(source: Source, value: Any, label: str, where: tuple[str, int | None, int | None]) -> Page | Unread:
    """The page of one record; `where` is the digest of its bytes, their place and their length.

    `label` stands for it where it has no id of its own; "" where it is all of its file.
    """
    if not isinstance(value, dict):
        return source.unread("not a record with fields", label)
    chosen = names.guess([str(name) for name in value], source.settings.jsonl)
    identity = next(names.values("id", _at(value, chosen.get("id"))), "").strip()[:200]
    member = source.inside(identity or label) if identity or label else source.member
    text = "\n\n".join(names.values("body", _at(value, chosen.get("body"))))
    if not text.strip():
        return Unread(source.file, f"no text in the record's fields: {', '.join(map(str, value))[:200]}", member)
    known = [*source.claims, *_claims(value, chosen)]
    text = clean(text)
    markup = html.holds_markup(text)
    blocks, inner = (
        html.ruled(text, source.file, known, source.settings) if markup else (plain.paragraphs(text), [])
    )
    claims = [*known, *inner]
    sha256, start, length = where
    return Page(Provenance(source.file, member, start, length, sha256), "jsonl", tuple(blocks), tuple(claims))


def _at(value: dict[str, Any], path: str | None) -> Any:
    """The field of a record, or of an object inside it: "source.name"."""
    if path is None or path in value:
        return value.get(path) if path else None
    found: Any = value
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _claims(value: dict[str, Any], chosen: dict[str, str]) -> list[Claim]:
    mapping = ", ".join(f"{field}={name}" for field, name in chosen.items())
    found = [
        Claim(field, clean(text)[: limits.CLAIM], "record")
        for field, name in chosen.items()
        if field != "body"
        for text in (" ".join(part.split()) for part in names.values(field, _at(value, name)))
    ]
    return [Claim("mapping", mapping, "record"), *found]
