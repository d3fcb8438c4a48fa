"""Pages that were made to do harm, or that no one meant to be read: one maker of a file each."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable

from searcher.readers.limits import MB

STORY = "The ferry left the harbour at noon with nine hundred letters aboard, its captain said on the quay. "
END = f"<p>{STORY}</p></body></html>"


def page(body: str, head: str = "") -> bytes:
    """A page whose article is one paragraph before, and one after, what was made to hurt."""
    top = f"<!doctype html><html><head><title>The ferry leaves</title>{head}</head><body><h1>The ferry leaves</h1>"
    return f"{top}<p>{STORY}</p>{body}{END}".encode("utf-8", "surrogatepass")


def _prose(size: int) -> str:
    """So many characters of words, hardly any twice in the same order."""
    chance = random.Random(1)
    words = STORY.split()
    some = " ".join(" ".join(chance.choices(words, k=12)) + "." for _ in range(5000))
    return (some * (size // len(some) + 1))[:size]


def _zstd(data: bytes) -> bytes:
    import zstandard

    return zstandard.compress(data)


def _graph(count: int) -> str:
    things = [
        {"@type": "Thing", "name": f"thing {number}", "url": f"https://a.example/{number}"}
        for number in range(count)
    ]
    return json.dumps(
        {"@context": "https://schema.org", "@graph": [*things, {"@type": "Article", "headline": "Ferry"}]}
    )


def _ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def _nested_tables(count: int) -> str:
    """Cells in tables in cells, twelve deep, again and again."""
    deep = "<table><tr><td>cell</td><td>" * 12 + "inmost" + "</td></tr></table>" * 12
    return deep * (count // 24)


MAKERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "100,000 nested divs": ("a.html", lambda: page("<div>" * 100_000 + "deep")),
    "100,000 nested bold tags": ("a.html", lambda: page("<b>x" * 100_000)),
    "100,000 nested divs with classes": (
        "a.html",
        lambda: page("".join(f'<div class="c{n}">' for n in range(100_000)) + "deep"),
    ),
    "100,000 flat paragraphs": ("a.html", lambda: page("<p>x</p>" * 100_000)),
    "100,000 flat divs with classes": (
        "a.html",
        lambda: page("".join(f'<div class="c{n}">line {n}</div>' for n in range(100_000))),
    ),
    "100,000 flat bold words": ("a.html", lambda: page("<b>x</b> " * 100_000)),
    "100,000 breaks": ("a.html", lambda: page("x<br>" * 100_000)),
    "50 MB of one paragraph": ("a.html", lambda: page(f"<p>{_prose(50 * MB)}</p>")),
    "50 MB of one word": ("a.html", lambda: page(f"<p>{'x' * (50 * MB)}</p>")),
    "50 MB of paragraphs": ("a.html", lambda: page(f"<p>{STORY}</p>" * (50 * MB // 108))),
    "50 MB of scripts": ("a.html", lambda: page("<script>var a = '<p>no';</script>" * (50 * MB // 33))),
    "50 MB of one script": ("a.html", lambda: page(f"<script>{'a<b&&' * (10 * MB)}</script>")),
    "50 MB of comments": ("a.html", lambda: page("<!-- <p>no -->" * (50 * MB // 14))),
    "a script without an end": ("a.html", lambda: page("<script>" + "a<b&&" * MB)),
    "2 million signs less": ("a.html", lambda: page("<" * 2_000_000)),
    "2 million opening tags": ("a.html", lambda: page("<p>" * 2_000_000)),
    "2 million end tags": ("a.html", lambda: page("</b>" * 2_000_000)),
    "an attribute of 10 MB": ("a.html", lambda: page(f'<div title="{"x" * 10 * MB}">a</div>')),
    "a class of 10 MB": ("a.html", lambda: page(f'<div class="{"x" * 10 * MB}"><p>{STORY}</p></div>')),
    "an image address of 10 MB": (
        "a.html",
        lambda: page(f'<img alt="a" src="data:image/png;base64,{"A" * 10 * MB}">'),
    ),
    "a link of 10 MB": ("a.html", lambda: page(f'<a href="/{"a/" * 5 * MB}">a</a>')),
    "200,000 attributes of one tag": (
        "a.html",
        lambda: page("<div " + " ".join(f"a{n}=b" for n in range(200_000)) + ">a</div>"),
    ),
    "200,000 classes of one tag": (
        "a.html",
        lambda: page('<div class="' + " ".join(f"c{n}" for n in range(200_000)) + f'"><p>{STORY}</p></div>'),
    ),
    "a million entities": ("a.html", lambda: page("<p>" + "&amp;&eacute;&#x1F600;&bogus;" * 250_000 + "</p>")),
    "a million half entities": ("a.html", lambda: page("<p>" + "&a" * 1_000_000 + "</p>")),
    "100,000 links": ("a.html", lambda: page("".join(f'<a href="/{n}">link {n}</a> ' for n in range(100_000)))),
    "100,000 links in a list": (
        "a.html",
        lambda: page("<ul>" + "".join(f'<li><a href="/{n}">link {n}</a></li>' for n in range(100_000)) + "</ul>"),
    ),
    "100,000 links within links": ("a.html", lambda: page('<a href="/">x' * 100_000)),
    "50,000 cells in nested tables": ("a.html", lambda: page(_nested_tables(50_000))),
    "50,000 tables in one another": ("a.html", lambda: page("<table><tr><td>x" * 50_000)),
    "a row of 100,000 cells": ("a.html", lambda: page("<table><tr>" + "<td>x</td>" * 100_000 + "</tr></table>")),
    "a million class names": (
        "a.html",
        lambda: page("".join(f'<p class="n{n} m{n}">x</p>' for n in range(500_000))),
    ),
    "a million class names, fifty an element": (
        "a.html",
        lambda: page(
            "".join(f'<p class="{" ".join(f"n{n}x{k}" for k in range(50))}">{STORY}</p>' for n in range(19_000))
        ),
    ),
    "a title of 5 MB": ("a.html", lambda: page("", f"<title>{_prose(5 * MB)}</title>")),
    "only a title of 5 MB": (
        "a.html",
        lambda: f"<html><title>{_prose(5 * MB)}</title><body></body></html>".encode(),
    ),
    "a headline of 5 MB": ("a.html", lambda: page(f"<h1>{_prose(5 * MB)}</h1>")),
    "100,000 headlines": ("a.html", lambda: page("".join(f"<h1>Headline {n}</h1>" for n in range(100_000)))),
    "100,000 menus": ("a.html", lambda: page("<nav><p>x</p></nav>" * 100_000)),
    "a thousand menus in one another": ("a.html", lambda: page("<nav>x" * 1_000 + "</nav>" * 1_000)),
    "100,000 meta tags": (
        "a.html",
        lambda: page("", "".join(f'<meta property="article:tag" content="tag {n}">' for n in range(100_000))),
    ),
    "a description of 10 MB": (
        "a.html",
        lambda: page("", f'<meta name="description" content="{_prose(10 * MB)}">'),
    ),
    "100,000 times": (
        "a.html",
        lambda: page("".join(f'<time datetime="2015-05-{n % 28 + 1:02}">{n}</time> ' for n in range(100_000))),
    ),
    "JSON-LD of 20 MB": ("a.html", lambda: page("", _ld(_graph(300_000)))),
    "JSON-LD body of 20 MB": (
        "a.html",
        lambda: page(
            "", _ld(json.dumps({"@type": "Article", "headline": "Ferry", "articleBody": _prose(20 * MB)}))
        ),
    ),
    "a page of JSON-LD alone, its body 2 MB": (
        "a.html",
        lambda: (
            "<!doctype html><html><head><title>Ferry</title>"
            + _ld(json.dumps({"@type": "Article", "headline": "Ferry", "articleBody": _prose(2 * MB)}))
            + "</head><body></body></html>"
        ).encode(),
    ),
    "JSON-LD of 100,000 nested lists": ("a.html", lambda: page("", _ld("[" * 100_000 + "]" * 100_000))),
    "JSON-LD of 100,000 nested things": ("a.html", lambda: page("", _ld('{"a":' * 100_000 + "1" + "}" * 100_000))),
    "100,000 scripts of JSON-LD": (
        "a.html",
        lambda: page("", _ld('{"@type":"Article","headline":"Ferry"}') * 100_000),
    ),
    "UTF-16 without a mark": ("a.html", lambda: page(f"<p>{STORY}</p>" * 20_000).decode().encode("utf-16-le")),
    "UTF-8 and Latin-1 in turns": (
        "a.html",
        lambda: page("").replace(
            b"</body>", "<p>Übermäßig schön, sagte er.</p>".encode() + "<p>Übermäßig.</p>".encode("latin-1")
        ),
    ),
    "5 MB of UTF-8 and Latin-1 in turns": (
        "a.html",
        lambda: (
            page("") + ("<p>Übermäßig schön.</p>".encode() + "<p>Übermäßig.</p>".encode("latin-1")) * (5 * MB // 45)
        ),
    ),
    "lone surrogates": ("a.html", lambda: page("<p>" + "&#xD800; &#xDFFF; \ud800 word " * 50_000 + "</p>")),
    "entities beyond all characters": (
        "a.html",
        lambda: page("<p>" + "&#x110000; &#99999999999; &#0; " * 50_000 + "</p>"),
    ),
    "NULs in all places": ("a.html", lambda: page("<p>a\0b</p><d\0iv cl\0ass='\0'>c</div>" * 50_000)),
    "random bytes": ("a.html", lambda: page("") + random.Random(3).randbytes(5 * MB)),
    "control characters": ("a.html", lambda: page("<p>" + "".join(map(chr, range(1, 32))) * 100_000 + "</p>")),
    "combining marks": ("a.html", lambda: page("<p>a" + "\u0301" * 2_000_000 + "</p>")),
    "a gzip bomb": ("a.html.gz", lambda: gzip.compress(page("<p>x</p>" * (100 * MB // 8)))),
    "a zstd bomb": ("a.html.zst", lambda: _zstd(page("<p>x</p>" * (100 * MB // 8)))),
    "a gzip of blanks": ("a.html.gz", lambda: gzip.compress(page("") + b" " * 300 * MB)),
    "a text of one 20 MB line": ("a.txt", lambda: _prose(20 * MB).encode()),
    "a text of one 20 MB word": ("a.txt", lambda: b"x" * 20 * MB),
    "Markdown of one 20 MB line": ("a.md", lambda: f"# Ferry\n\n{_prose(20 * MB)}\n".encode()),
    "Markdown of a million brackets": ("a.md", lambda: f"# Ferry\n\n{'[' * 1_000_000}\n".encode()),
    "Markdown of a million headings": ("a.md", lambda: b"# Ferry\n\n" * 1_000_000),
}
