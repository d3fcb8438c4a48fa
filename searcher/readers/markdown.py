"""Which pieces does a Markdown text have? Headings, paragraphs, items, quotes, tables, code, pictures.

Front matter (YAML-like between ---, TOML between +++) becomes claims. Emphasis, escapes and entities are read
away; links keep their text in the block's text. Forgiving, as texts made by converters need it: what is not
well-formed stays text. The rules are CommonMark's (https://spec.commonmark.org) as far as they bear on what is
said; a full parser would give a tree that is then taken apart again, at a tenth of the speed.
"""

from __future__ import annotations

import html as entities
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from searcher.model import Block, BlockKind, Claim, Link, Page, Record, Unread
from searcher.readers import decode, html, limits, names
from searcher.readers.detect import Head
from searcher.settings import Settings

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}")
_ITEM = re.compile(r"([ \t]*)(?:[-*+]|\d{1,9}[.)])(?:[ \t]+(.*)|$)")
_QUOTE = re.compile(r" {0,3}>[ \t]?(.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_TAGGED = re.compile(
    r" {0,3}</?(?:div|p|table|tr|td|ul|ol|li|blockquote|figure|iframe|section|article|aside|center|details|h[1-6]"
    r"|img|script|style|video|pre|header|footer|nav|form)\b|[ ]{0,3}<!--",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r" {0,3}\[([^\]\n]{1,200})\]:[ \t]*<?(\S+?)>?(?:[ \t]+[\"'(].*)?")

_TEXT = r"\[((?:[^\[\]\\\n]|\\.|\[[^\[\]\n]{0,500}\]){0,3000})\]"
_TARGET = r"\([ \t]*<?((?:[^\s<>()]|\([^\s<>()]{0,500}\)){0,3000})>?(?:[ \t]+[\"'(][^\n]{0,500}?[\"')])?[ \t]*\)"
_IMAGE = re.compile(rf"!{_TEXT}(?:{_TARGET}|\[([^\]\n]{{0,200}})\])")
_LINK = re.compile(rf"{_TEXT}(?:{_TARGET}|\[([^\]\n]{{0,200}})\])?")
_AUTOLINK = re.compile(
    r"<((?:https?://|mailto:)[^\s<>]{1,2000})>|(?<![\w/(=\"'])(https?://[^\s<>\[\]()\"']{1,2000}[\w/])"
)
_TAG = re.compile(r"<!--.{0,5000}?-->|</?[a-zA-Z][^<>\n]{0,2000}>", re.DOTALL)
_BR = re.compile(r"<br\s*/?>", re.IGNORECASE)
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)([^`\n]{1,2000})\1(?!`)")
_STARS = re.compile(r"(?<![0-9*])(\*{1,3})(?=[^\s*])([^*\n]{1,2000}?)(?<=[^\s*])\1(?![0-9])")
_UNDERSCORES = re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])((?:[^_\n]|(?<=\w)_(?=\w)){1,2000}?)(?<=[^\s_])\1(?!\w)")
_STRUCK = re.compile(r"~~([^~\n]{1,2000})~~")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?)(?:[?#].*)?\Z", re.IGNORECASE)

_FRONT = re.compile(r"\s*(---|\+\+\+)[ \t]*\n(.*?)\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"([A-Za-z_][\w. -]{0,60}?)[ \t]*:(?:[ \t]+(.*)|[ \t]*)")
_EVIDENCE = (
    (re.compile(r"^#{1,6} +\S", re.MULTILINE), 2),
    (re.compile(r"(?<!!)\[[^\]\n]{1,500}\]\((?:https?:|/|\.|#|mailto:)[^)\n]{0,500}\)"), 2),
    (re.compile(r"!\[[^\]\n]{0,500}\]\([^)\s]{1,500}"), 2),
    (re.compile(r"^(?:`{3}|~{3})", re.MULTILINE), 1),
    (re.compile(r"^\S[^\n]{2,}\n(?:={3,}|-{3,})$", re.MULTILINE), 1),
    (re.compile(r"\*\*[^*\s][^*\n]{1,200}\*\*"), 1),
    (re.compile(r"^\|.+\|\n\|[-:| ]+\|$", re.MULTILINE), 2),
)
_ENOUGH = 4


def looks(head: Head) -> bool:
    """Front matter, or enough signs of at least two kinds (or of headings alone)."""
    text = head.text.replace("\r\n", "\n")
    front = _FRONT.match(text)
    if front is not None and (front[1] == "+++" or any(map(_PAIR.fullmatch, front[2].split("\n")))):
        return True
    return sum(weight * min(2, len(pattern.findall(text))) for pattern, weight in _EVIDENCE) >= _ENOUGH


def read(record: Record, settings: Settings) -> Iterator[Page | Unread]:
    """The page of one Markdown text."""
    text = decode.text(record.data, record.charset)
    claims, text = front_matter(text)
    blocks = _Blocks(text).blocks
    yield Page(record.provenance, "markdown", tuple(blocks), (*record.claims, *claims))


def front_matter(text: str) -> tuple[list[Claim], str]:
    """The claims of the front matter, and the text after it.

    >>> front_matter("---\\ntitle: A day\\ntags: [sea, wind]\\n---\\nText")[0][1]
    Claim(field='tag', value='sea', origin='front matter')
    """
    match = _FRONT.match(text)
    if match is None:
        return [], text
    table = _toml(match[2]) if match[1] == "+++" else _yaml(match[2])
    if not table:
        return [], text
    fields = {name: names.field(name) for name in table}
    found = [(field, table[name]) for name, field in fields.items() if field not in (None, "body")]
    about = [("description", table[name]) for name, field in fields.items() if field == "body"]
    claims = [claim for field, value in found + about for claim in names.claims(str(field), value, "front matter")]
    return claims, text[match.end() :]


def _toml(text: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
    inner = {
        name: value for part in ("params", "extra", "taxonomies") for name, value in table.pop(part, {}).items()
    }
    return {
        name: value if isinstance(value, list | dict) else str(value) for name, value in {**inner, **table}.items()
    }


def _yaml(text: str) -> dict[str, Any]:
    """The pairs and lists of simple YAML; deeper structures are left out. Empty if it is none."""
    table: dict[str, Any] = {}
    name = ""
    for line in text.split("\n"):
        pair = _PAIR.fullmatch(line.rstrip())
        stripped = line.strip()
        if pair is not None:
            name, value = pair[1], (pair[2] or "").strip()
            table[name] = _inline_list(value) if value.startswith("[") else _scalar(value)
        elif not stripped or stripped.startswith("#") or not name:
            continue
        elif stripped.startswith("- "):
            listed = table[name] if isinstance(table[name], list) else []
            table[name] = [*listed, _scalar(stripped[2:])]
        elif isinstance(table[name], str) and line[:1] in " \t":
            table[name] = f"{table[name].lstrip('>|-+ ')} {_scalar(stripped)}".strip()
    return table


def _inline_list(value: str) -> list[str]:
    parts = re.findall(r"\"[^\"]*\"|'[^']*'|[^,\[\]]+", value)
    return [scalar for part in parts if (scalar := _scalar(part))]


def _scalar(value: str) -> str:
    value = value.strip()
    if value[:1] in ("'", '"') and value[-1:] == value[:1] and len(value) > 1:
        return value[1:-1].replace('\\"', '"').replace("''", "'")
    return re.sub(r"(?:^|\s+)#.*", "", value)


class _Blocks:
    """The blocks of one text, read line by line."""

    def __init__(self, text: str) -> None:
        lines = text.split("\n")
        self.references = {
            match[1].lower(): match[2]
            for line in lines
            if line.lstrip()[:1] == "[" and (match := _REFERENCE.fullmatch(line))
        }
        self.blocks: list[Block] = []
        self._open: list[str] = []
        self._kind: BlockKind = "paragraph"
        self._level = 0
        self._read(lines)

    def _read(self, lines: list[str]) -> None:
        number = 0
        while number < len(lines) and len(self.blocks) < limits.BLOCKS:
            line = lines[number]
            if not line.strip():
                self._end()
                number += 1
            elif _FENCE.match(line):
                number = self._fence(lines, number)
            elif _TAGGED.match(line) and not self._open:
                number = self._tagged(lines, number)
            elif "|" in line and number + 1 < len(lines) and "-" in lines[number + 1] and _is_table(lines, number):
                number = self._table(lines, number)
            else:
                self._line(line)
                number += 1
        self._end()

    def _line(self, line: str) -> None:
        heading = _HEADING.fullmatch(line)
        underline = _UNDERLINE.fullmatch(line)
        if heading is not None:
            self._end()
            self._add(heading[2] or "", "heading", len(heading[1]))
        elif underline is not None and len(self._open) == 1 and self._kind == "paragraph":
            self._kind, self._level = "heading", 1 if underline[1][0] == "=" else 2
            self._end()
        elif _RULE.fullmatch(line) or _REFERENCE.fullmatch(line):
            self._end()
        else:
            self._text(line)

    def _text(self, line: str) -> None:
        item, quote = _ITEM.fullmatch(line), _QUOTE.fullmatch(line)
        if item is not None and not (self._open and self._kind == "paragraph" and line.lstrip()[0] not in "-*+1"):
            self._end()
            self._kind, self._level = "item", len(item[1].expandtabs(4)) // 2 + 1
            self._open = [item[2] or ""]
        elif quote is not None:
            if self._kind != "quote" or not quote[1].strip():
                self._end()
            self._kind = "quote"
            if quote[1].strip():
                self._open.append(_QUOTE.sub(r"\1", quote[1]))
        else:
            self._open.append(line)

    def _end(self) -> None:
        """End the block that is open."""
        if self._open:
            lines = [line.lstrip() for line in self._open]
            broken = ["\n" if line.endswith(("  ", "\\")) else " " for line in lines]
            text = "".join(line.rstrip().removesuffix("\\") + end for line, end in zip(lines, broken, strict=True))
            self._add(text, self._kind, self._level)
        self._open, self._kind, self._level = [], "paragraph", 0

    def _add(self, source: str, kind: BlockKind, level: int) -> None:
        images: list[Link] = []
        text, links = self._inline(source, images)
        self.blocks += [Block(image.text, "image", links=(image,)) for image in images]
        if not text:
            return
        if len(links) == 1 and links[0].text == text and _PICTURE.search(links[0].url):
            kind, level = "image", 0
        self.blocks.append(Block(text, kind, level, tuple(links)))

    def _inline(self, source: str, images: list[Link]) -> tuple[str, list[Link]]:
        """The text of a block as it reads, its links in order; its pictures go to `images`."""
        links: list[Link] = []

        def image(match: re.Match[str]) -> str:
            url = match[2] or self.references.get((match[3] or match[1]).lower(), "")
            images.append(Link(_plain(match[1]), url.translate(_SHOW)))
            return ""

        def link(match: re.Match[str]) -> str:
            named = self.references.get((match[3] or match[1]).strip().lower())
            url = match[2] if match[2] is not None else named
            if url is None:
                return match[0]
            links.append(Link(_plain(match[1]), url.translate(_SHOW)))
            return match[1].strip() if match[1].strip() else ""

        def address(match: re.Match[str]) -> str:
            url = match[1] or match[2]
            links.append(Link(url.removeprefix("mailto:"), url))
            return f" {url.removeprefix('mailto:')} " if match[1] else url

        source = _literal(source)
        if "](" in source or "][" in source or self.references:
            source = _LINK.sub(link, _IMAGE.sub(image, source))
        if "://" in source or "<mailto:" in source:
            source = _AUTOLINK.sub(address, source)
        return _plain(source), [one for one in links if one.text]

    def _fence(self, lines: list[str], number: int) -> int:
        """A fenced block; without an end it ends with the text."""
        self._end()
        match = _FENCE.match(lines[number])
        mark = match[1] if match else "```"
        end = number + 1
        while end < len(lines) and not lines[end].strip().startswith(mark):
            end += 1
        text = "\n".join(lines[number + 1 : end]).strip("\n")
        if text.strip():
            self.blocks.append(Block(text, "code"))
        return end + 1

    def _tagged(self, lines: list[str], number: int) -> int:
        """HTML in between, up to a blank line."""
        end = number
        while end < len(lines) and lines[end].strip():
            end += 1
        self.blocks += html.blocks_of("\n".join(lines[number:end]))[0]
        return end

    def _table(self, lines: list[str], number: int) -> int:
        self._end()
        while number < len(lines) and "|" in lines[number]:
            if not _TABLE_RULE.fullmatch(lines[number]):
                cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", lines[number].strip().strip("|"))]
                self._add(" | ".join(cell for cell in cells if cell), "table", 0)
            number += 1
        return number


def _is_table(lines: list[str], number: int) -> bool:
    rule = lines[number + 1]
    return "|" in rule and _TABLE_RULE.fullmatch(rule) is not None


# Signs that stand for themselves wait as characters of a private plane until all others have been read.
_PRIVATE = 0xF0000
_SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_HIDE = str.maketrans({sign: chr(_PRIVATE + ord(sign)) for sign in _SIGNS})
_SHOW = str.maketrans({chr(_PRIVATE + ord(sign)): sign for sign in _SIGNS})


def _literal(source: str) -> str:
    """Inline Markdown with what is escaped, or stands in code, out of the way."""
    if "\\" in source:
        source = _ESCAPED.sub(lambda match: match[1].translate(_HIDE), source)
    if "`" in source:
        source = _CODE.sub(lambda match: match[2].strip().translate(_HIDE), source)
    return source


def _plain(source: str) -> str:
    """Inline Markdown as it reads: no emphasis, no tags, entities decoded, single spaces but for hard breaks."""
    if "<" in source:
        source = _TAG.sub("", _BR.sub("\n", source))
    if "*" in source:
        source = _STARS.sub(r"\2", _STARS.sub(r"\2", source))
    if "_" in source:
        source = _UNDERSCORES.sub(r"\2", source)
    if "~~" in source:
        source = _STRUCK.sub(r"\1", source)
    if "&" in source:
        source = decode.clean(entities.unescape(source))
    if source and max(source) >= chr(_PRIVATE):
        source = source.translate(_SHOW)
    return "\n".join(line for line in (" ".join(line.split()) for line in source.split("\n")) if line)
