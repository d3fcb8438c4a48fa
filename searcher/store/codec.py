"""How is an article kept? As compressed JSON, without what has its default."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from searcher.model import Article, Claim, Name, Provenance, Quote, Related, Stripped, When
from searcher.store.rows import Packed

_PARTS: Mapping[str, type[Any]] = {
    "names": Name, "quotes": Quote, "related": Related, "stripped": Stripped, "claims": Claim
}  # fmt: skip
_FIELDS = tuple(each.name for each in fields(Article))
_DEFAULTS = Article("", "", "", Provenance(""))


def encode(article: Article) -> bytes:
    """The article as compressed JSON, without what has its default."""
    held = {name: getattr(article, name) for name in _FIELDS}
    held = {name: value for name, value in held.items() if value != getattr(_DEFAULTS, name)}
    held["provenance"] = _record(article.provenance)
    if article.date:
        held["date"] = _record(article.date)
    return zlib.compress(json.dumps(held, ensure_ascii=False).encode("utf-8", "replace"), 6)


def packed(article: Article | Packed) -> Packed:
    """The article as it is kept."""
    if isinstance(article, Packed):
        return article
    return Packed(article.id, article.provenance.file, article.language, encode(article))


def decode(data: bytes) -> Article:
    """The article that encode() made these bytes of."""
    held = json.loads(zlib.decompress(data))
    for name, value in held.items():
        if name in _PARTS:
            held[name] = tuple(_PARTS[name](*part) for part in value)
        elif isinstance(value, list):
            held[name] = tuple(value)
    held["provenance"] = Provenance(*held["provenance"])
    if held.get("date"):
        held["date"] = When(*held["date"])
    return replace(_DEFAULTS, **held)


def _record(value: Any) -> list[Any]:
    return [getattr(value, each.name) for each in fields(value)]


def decodes(data: bytes) -> bool:
    """Whether an article can be made of these bytes."""
    try:
        decode(data)
    except (zlib.error, ValueError, TypeError, KeyError):
        return False
    return True
