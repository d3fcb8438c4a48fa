"""What does a reference look like in BibTeX, RIS, CSL-JSON and Markdown? Text that their readers read back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from searcher.citing import Kind, Reference
from searcher.citing.names import Author

UNDATED = "n.d."
"""No date, as BibTeX, EndNote and people write it; styles of CSL have words of their own for it."""

Format = Callable[[Iterable[Reference]], Iterator[str]]
"""References → pieces of text, one each, as they come; all of them together are a file of that format."""


# BibTeX: UTF-8, with biblatex's fields beside the classic ones.

_ENTRIES: Mapping[Kind, str] = {"web": "online", "press": "article", "other": "misc"}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_LATEX = str.maketrans(
    {char: rf"\{char}" for char in "&%$#_"}
    | {
        "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}", "<": r"{\textless}", ">": r"{\textgreater}", "|": r"{\textbar}",
    }
)  # fmt: skip
_LIGATURES = re.compile(r"(?<=-)(?=-)|(?<=[`!?])(?=`)|(?<=')(?=')|(?<=,)(?=,)")
_NOT_VERBATIM = re.compile(r"[{}\\\s]")
"""What even a field that is taken as it stands must not hold."""

_BABEL = {
    "ar": "arabic", "bg": "bulgarian", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "es": "spanish", "et": "estonian", "fa": "persian", "fi": "finnish",
    "fr": "french", "he": "hebrew", "hr": "croatian", "hu": "hungarian", "it": "italian", "ja": "japanese",
    "lt": "lithuanian", "lv": "latvian", "nb": "norwegian", "nl": "dutch", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sk": "slovak", "sl": "slovenian", "sr": "serbian",
    "sv": "swedish", "tr": "turkish", "uk": "ukrainian", "zh": "chinese",
}  # fmt: skip
"""Languages as biblatex names them."""


def bibtex(references: Iterable[Reference]) -> Iterator[str]:
    """An entry each, with an empty line behind it."""
    for one in references:
        fields = {name: value for name, value in _bibtex_fields(one).items() if value}
        lines = "".join(f"  {name:<12} = {value},\n" for name, value in fields.items())
        yield f"@{_ENTRIES[one.kind]}{{{one.key},\n{lines}}}\n\n"


def _bibtex_fields(one: Reference) -> dict[str, str]:
    year, month, _ = _parts(one.date)
    site = one.source if one.kind == "web" else None
    return {
        "title": _braced(one.title),
        "author": _braces(" and ".join(map(_bibtex_author, one.authors))),
        "journal": _braced(one.source),
        "organization": _braced(site),
        "year": _braces(year or UNDATED),
        "month": _MONTHS[int(month) - 1] if month else "",
        "date": _braces(one.date),  # behind the others: Zotero takes the last
        "url": _braces(_NOT_VERBATIM.sub(lambda char: quote(char[0]), one.url or "")),
        "urldate": _braces(one.retrieved),
        "langid": _braces(_BABEL.get(one.language or "")),
        "annote": _braced(one.note),
    }


def _latex(text: str) -> str:
    return _LIGATURES.sub("{}", text.translate(_LATEX))


def _braces(value: str | None) -> str:
    return f"{{{value}}}" if value else ""


def _braced(text: str | None) -> str:
    return _braces(_latex(text or ""))


def _bibtex_author(name: Author) -> str:
    """In braces what BibTeX would take apart: a name kept whole, small words inside a family name."""
    if not name.given:
        return _braced(name.family)
    small = any(word[0].islower() for word in name.family.split())
    family = _braced(name.family) if small else _latex(name.family)
    parts = (f"{_latex(name.particle)} {family}".strip(), _latex(name.suffix), _latex(name.given))
    return ", ".join(filter(None, parts))


# RIS: tags of two letters, a line each, ended as its specification says.

_TYPES: Mapping[Kind, str] = {"web": "ELEC", "press": "NEWS", "other": "GEN"}


def ris(references: Iterable[Reference]) -> Iterator[str]:
    """A record each, with an empty line behind it."""
    for one in references:
        lines = "".join(f"{tag}  - {value}\r\n" for tag, value in _ris_lines(one) if value)
        yield f"{lines}ER  - \r\n\r\n"


def _ris_lines(one: Reference) -> Iterator[tuple[str, str | None]]:
    yield "TY", _TYPES[one.kind]
    yield "ID", one.id
    yield "TI", one.title
    for name in one.authors:
        yield "AU", _ris_author(name)
    yield "T2", one.source
    yield "PY", one.date[:4] if one.date else UNDATED
    yield "DA", _ris_date(one.date)
    yield "SE", one.section
    yield "LA", one.language
    yield "UR", one.url and one.url.replace(";", "%3B")  # a semicolon parts two addresses
    yield "Y2", _ris_date(one.retrieved)
    yield "N1", one.note


def _ris_author(name: Author) -> str:
    """A comma would take a name that is kept whole apart, and nothing can protect it."""
    if not name.given:
        return " ".join(name.family.replace(",", " ").split())
    return ", ".join(filter(None, (name.surname, name.given, name.suffix)))


def _ris_date(value: str | None) -> str | None:
    """ "2015/05/12/", "2015/05//" or "2015///": year, month, day, and nothing else to say."""
    return value and "/".join((*_parts(value), ""))


# CSL-JSON, for Zotero, pandoc and every citeproc.

_CSL: Mapping[Kind, str] = {"web": "webpage", "press": "article-newspaper", "other": "document"}


def csl(references: Iterable[Reference]) -> Iterator[str]:
    """One list, an item a line. An undated item has no `issued`: each style has its own words for that."""
    before = "[\n"
    for one in references:
        item = {name: value for name, value in _csl_item(one).items() if value}
        yield before + json.dumps(item, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def _csl_item(one: Reference) -> dict[str, Any]:
    return {
        "id": one.id,
        "type": _CSL[one.kind],
        "title": one.title,
        "author": [_csl_author(name) for name in one.authors],
        "container-title": one.source,
        "section": one.section,
        "issued": _csl_date(one.date),
        "URL": one.url,
        "accessed": _csl_date(one.retrieved),
        "language": one.language,
        "note": one.note,
    }


def _csl_author(name: Author) -> dict[str, str]:
    if not name.given:
        return {"literal": name.family}
    known = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in (known | {"non-dropping-particle": name.particle}).items() if value}


def _csl_date(value: str | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[int(part) for part in _parts(value) if part]]} if value else None


# Markdown: CommonMark.

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>&#~|$^])")


def markdown(references: Iterable[Reference]) -> Iterator[str]:
    """An item of a list each, the title first and linked if there is an address."""
    for one in references:
        yield "- " + "".join(_markdown_parts(one)) + "\n"


def _markdown_parts(one: Reference) -> Iterator[str]:
    title = _marked(one.title)
    yield f"[{title}]({_target(one.url)})" if one.url else f"“{title}”"
    names = ", ".join(_marked(name.natural) for name in one.authors)
    about = (names, f"*{_marked(one.source)}*" if one.source else "", _spoken(one.date) or UNDATED)
    yield ". " + ", ".join(filter(None, about)).rstrip(".") + "."
    if one.retrieved:
        yield f" Retrieved {_spoken(one.retrieved)}."
    yield f" ({_marked(one.note)})"


def _marked(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _target(url: str) -> str:
    """An address; in pointed brackets, where only those, backslashes and entities mean something, if need be."""
    return url if _BARE.fullmatch(url) else "<" + re.sub(r"([\\<>&])", r"\\\1", url) + ">"


_BARE = re.compile(r"[^\s<>()\\&]+")


def _spoken(value: str | None) -> str:
    """As it is read aloud: 12 May 2015, May 2015, 2015."""
    year, month, day = _parts(value)
    named = f"{date(int(year), int(month), 1):%B}" if month else ""
    return " ".join(filter(None, (day.lstrip("0"), named, year)))


def _parts(value: str | None) -> tuple[str, str, str]:
    """Year, month and day, "" for what is not known."""
    year, month, day, *_ = (*(value or "").split("-"), "", "", "")
    return year, month, day


FORMATS: Mapping[str, Format] = {"bibtex": bibtex, "ris": ris, "csl": csl, "markdown": markdown}
