"""How do bytes become text? Whatever was declared, the text that was meant, in Unicode NFC.

Which encoding it is where UTF-8 does not fit is for charsets; what the text says is for others.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from searcher.readers import charsets

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]+)
       | <meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([\w.:-]+)
       | ^@charset\s+["']([\w.:-]+)""",
    re.VERBOSE | re.IGNORECASE,
)
_DECLARED_WITHIN = 8192
_CONTROLS = bytes(code for code in range(1, 32) if code not in b"\t\n\r\x0c\x1a\x1b")
_ESCAPES = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp_ext"))

# Unicode's control characters but tab and newline, the soft hyphen, the zero-width space, the word joiner,
# the byte order mark, and halves of surrogate pairs (JSON can hold them; no file can).
_NOTHING = "\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ud800-\udfff"
_LINE = "\x0c\r\x85\u2028\u2029"
_SPACE = "\u00a0\u2007\u202f"
_ODD = re.compile(f"[{_NOTHING}{_LINE}{_SPACE}]")
_DROPPED = re.compile(f"[{_NOTHING}]+")
_LINE_END = re.compile(f"\r\n|[{_LINE}]")
_FIXED_SPACE = re.compile(f"[{_SPACE}]")


def decode(data: bytes, charset: str | None = None) -> str:
    """The text that `data` was meant to be; `charset` is what its container declares.

    In this order: a byte order mark; UTF-8 where it is valid, whatever was declared; UTF-8 with stray bytes of
    windows-1252, which are repaired; the encoding that is declared (by the container, a meta tag, an XML
    declaration), unless another makes far more sense. Never fails: what has no meaning is U+FFFD.

    >>> decode("Быстрый ответ".encode("cp1251"), "iso-8859-1")
    'Быстрый ответ'
    """
    marked = _by_mark(data)
    if marked is not None:
        return marked
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(data) - error.start < 4:
            return data[: error.start].decode("utf-8")
    declared = charsets.codec(charset) or charsets.codec(_declared(data))
    return _mixed(data) or _as(data, charsets.best(data, declared if declared not in _UNICODE else None))


_UNICODE = ("utf-8", "utf-16-le", "utf-16-be")


def clean(text: str) -> str:
    """`text` in NFC, with newlines and spaces of one kind each, without control and invisible characters.

    >>> clean("a\\u0308\\r\\nb\\u00adc\\u00a0d\\x00")
    'ä\\nbc d'
    """
    if _ODD.search(text):
        text = _DROPPED.sub("", _FIXED_SPACE.sub(" ", _LINE_END.sub("\n", text)))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def text(data: bytes, charset: str | None = None) -> str:
    """decode() and clean() in one: for formats whose markup cannot be hurt by it."""
    return clean(decode(data, charset))


def binary(head: bytes) -> bool:
    """Is this beginning of a file no text at all? NULs mean so, unless they stand as in UTF-16 or UTF-32."""
    if _by_mark(head) is not None:
        return False
    if head.count(0) > max(2, len(head) // 1000):
        return True
    return (len(head) - len(head.translate(None, _CONTROLS))) * 20 > len(head)


def _by_mark(data: bytes) -> str | None:
    """The text, if a byte order mark, the places of the NULs or an escape sequence tell the encoding."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    wide = _wide(data[:4096])
    if wide:
        return data.decode(wide, "replace")
    if data.isascii():
        for escape, name in _ESCAPES:
            if escape in data:
                return data.decode(name, "replace")
    return None


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of Western text is a NUL, and hardly any other one."""
    half = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if half < 2 or max(even, odd) < half * 0.3 or min(even, odd) > half * 0.02:
        return None
    name = "utf-16-le" if odd > even else "utf-16-be"
    controls = sum(char < " " and char not in "\t\n\r\x0c" for char in head.decode(name, "replace"))
    return name if controls * 50 <= half else None


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:_DECLARED_WITHIN])
    return next(group for group in match.groups() if group).decode("ascii") if match else None


_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")

_HIGH = re.compile(rb"[\x80-\xff]")
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")


def _mixed(data: bytes) -> str | None:
    """UTF-8 with a few bytes of windows-1252 among it; None if the stray bytes are not few."""
    rest, proper = _SEQUENCE.subn(b"a", data)
    stray, alone = len(_HIGH.findall(rest)), len(_ALONE.findall(rest))
    mixed = stray <= proper or (stray == alone and stray <= proper * 10)
    return data.decode("utf-8", "searcher.stray") if mixed else None


def _stray(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "ignore"), error.end


codecs.register_error("searcher.stray", _stray)


def _as(data: bytes, name: str) -> str:
    """Bytes that have no meaning in a one-byte encoding are dropped, elsewhere they are U+FFFD."""
    one_byte = name.startswith(("cp12", "iso8859", "koi8", "cp866", "cp874", "mac"))
    return data.decode(name, "ignore" if one_byte else "replace")
