"""How is an article kept? As compressed JSON, without what has its default, and what its body says as well.

The lead is how many characters of the body it is; mentions and quotations are places in the body.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from itertools import starmap
from typing import Any

from searcher.model import Article, Claim, Name, Provenance, Quote, Related, Stripped, When
from searcher.store.rows import Packed

_PARTS: Mapping[str, type[Any]] = {
    "names": Name, "quotes": Quote, "related": Related, "stripped": Stripped, "claims": Claim
}  # fmt: skip
_COMMON = """
"provenance":["corpus/","id":"","title":"","body":"","lead":"date":["","record","meta","JSON-LD",0.9"language":"en",
"source":"","authors":["origins":{"title":"record","date":"record","source":"record","authors":"record",
"language":"record"},"ingested":"20","words":"names":["people":["places":["orgs":["salient":["speakers":["quotes":[
"stripped":["flags":["index"],["transcript"],"images":["http://www."https://www."url":"section":"tags":["related":[
"agency":""claims":[["mapping","title=title, body=text, date=date, source=source, id=id","record"],["author","
["tag","["url","["entity","["modified","["image","place",["person",["org",["United States","
the of and to in that for is on with as was by said have from are it this not will be has at they we I his who an
their which but he her its or been were more would all about there when no also other than can one after had if
"""
"""What stands in most articles: they are shorter if it need not be said in each of them."""

_DICTIONARY = "".join(_COMMON.split("\n")).encode()

_FIELDS = tuple(each.name for each in fields(Article))
_DEFAULTS = Article("", "", "", Provenance(""))


def encode(article: Article) -> bytes:
    """The article as compressed JSON."""
    held = {name: getattr(article, name) for name in _FIELDS}
    held = {name: value for name, value in held.items() if value != getattr(_DEFAULTS, name)}
    held["provenance"] = _record(article.provenance)
    if article.date:
        held["date"] = _record(article.date)
    _shorten(held, article.body)
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    packing = zlib.compressobj(6, zdict=_DICTIONARY)
    return packing.compress(text.encode("utf-8", "replace")) + packing.flush()


def _shorten(held: dict[str, Any], body: str) -> None:
    if "lead" in held and body.startswith(held["lead"]):
        held["lead"] = len(held["lead"])
    for name in ("names", "quotes"):
        if name in held:
            held[name] = [_short(part, body) for part in held[name]]


def _short(part: Name | Quote, body: str) -> Sequence[Any]:
    """A mention, or a quotation, without its text if that is what stands at its place; without a name that is the
    text."""
    if body[part.start : part.end] != part.text:
        return part
    if isinstance(part, Quote):
        return part.speaker, part.start, part.end
    name = [] if part.name == part.text else [part.name]
    return *name, part.kind, part.start, part.end


def _restore(held: dict[str, Any], body: str) -> None:
    if isinstance(held.get("lead"), int):
        held["lead"] = body[: held["lead"]]
    if "names" in held:
        held["names"] = [_named(part, body) for part in held["names"]]
    if "quotes" in held:
        held["quotes"] = [part if len(part) == 4 else [body[part[1] : part[2]], *part] for part in held["quotes"]]


def _named(part: list[Any], body: str) -> list[Any]:
    if len(part) == 5:
        return part
    *name, kind, start, end = part
    text = body[start:end]
    return [name[0] if name else text, kind, text, start, end]


def packed(article: Article | Packed) -> Packed:
    """The article as it is kept."""
    if isinstance(article, Packed):
        return article
    return Packed(article.id, article.provenance.file, article.language, encode(article))


def decode(data: bytes) -> Article:
    """The article that encode() made these bytes of."""
    unpacking = zlib.decompressobj(zdict=_DICTIONARY)
    text = unpacking.decompress(data)
    if not unpacking.eof:
        raise zlib.error("an article is cut short")
    held = json.loads(text)
    _restore(held, held.get("body", ""))
    for name, value in held.items():
        if name in _PARTS:
            held[name] = tuple(starmap(_PARTS[name], value))
        elif isinstance(value, list):
            held[name] = tuple(value)
    held["provenance"] = Provenance(*held["provenance"])
    if held.get("date"):
        held["date"] = When(*held["date"])
    return Article(**{"id": "", "title": "", "body": "", **held})


def _record(value: Any) -> list[Any]:
    return [getattr(value, each.name) for each in fields(value)]


def decodes(data: bytes) -> bool:
    """Whether an article can be made of these bytes."""
    try:
        decode(data)
    except (zlib.error, ValueError, TypeError, KeyError):
        return False
    return True
