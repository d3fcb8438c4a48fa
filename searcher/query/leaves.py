"""What does one word, phrase or pattern of a query mean? What is repaired in it is a note; a fault is an error."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from searcher import fields, text
from searcher.errors import QueryError
from searcher.fields import Field
from searcher.query import patterns
from searcher.query.lexing import Token
from searcher.query.tree import Everything, Exact, Fuzzy, InField, Loose, Node, Phrase, Regex, Wild, Word, conj

SLACKEST = 9999
"""Other words between those of a loose phrase, at the most."""

UNCLOSED = "a missing closing quotation mark was added"
_NO_OPERATOR = re.compile(
    r"(?:(and|or|not)|(xor|nor|und|oder|nicht|ou|sauf)|((?:atleast|first)\d+))", re.IGNORECASE
)
_ADDRESS = re.compile(r"[A-Za-z]+://[^*]+")
_ESCAPED = re.compile(r"\\[*?]")
_DATES = re.compile(r"\d{4}[\d-]*(?:\.\.+|…)[\d-]*")
_COMPARED = re.compile(r"[a-z]+[<>]=?\d[\d-]*")
_PLAIN = re.compile(r"(?!(?:near|adj|pre|onear|atleast|first)\d)[^\W_][\w'’.&+#-]*")  # nearly all words
_POSSESSIVE = re.compile(r"['’ʼ＇][sS](?!\w)")
_WHY = {
    "+": "every word is looked for anyway",
    **dict.fromkeys("–—", "to leave a word out, write - before it"),
}
_CODES = {name: code for code, name in text.STEMMERS.items() if name != "norwegian"} | {
    "bulgarian": "bg", "chinese": "zh", "croatian": "hr", "czech": "cs", "farsi": "fa", "hebrew": "he",
    "japanese": "ja", "korean": "ko", "persian": "fa", "polish": "pl", "slovak": "sk", "slovene": "sl",
    "slovenian": "sl", "thai": "th", "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the leaves of one query; `note` takes what was repaired."""

    query: str
    note: Callable[[str], None]

    def read(self, token: Token, edits: str | None, name: str | None) -> Node | None:
        """The node of a word, phrase or pattern in a field, or anywhere; None if there is nothing to look for.

        `edits` is what was typed behind a ~, None if there was none. Raises QueryError.
        """
        field = fields.find(name) if name else None
        match token.kind:
            case "phrase":
                return self._phrase(token, edits, field)
            case "exact":
                return self._exact(token, edits, field)
            case "regex":
                return self._regex(token, edits)
        return self._word(token, edits, field)

    def plain(self, typed: str) -> Node | None:
        """Plain words: one, or several in a row."""
        core, around = cored(typed)
        self._ignore(around, core)
        if not core:
            return None
        if operator := _NO_OPERATOR.fullmatch(core):
            self._no_operator(typed if around == "" else core, operator)
        if _DATES.fullmatch(core):
            self.note(f"{core} was read as words; a range of dates is date:{core}")
        elif _COMPARED.fullmatch(core):
            self.note(f"{core} was read as words: there is no such field; `searcher fields` lists them")
        return plain(core)

    def _no_operator(self, typed: str, operator: re.Match[str]) -> None:
        """A note about what looks like an operator and is none."""
        if operator[1]:
            case = " in lower case" if typed.islower() else ""
            self.note(f"{typed}{case} is a word; the operator is {typed.upper()}")
        elif operator[3]:
            self.note(f"{typed} was read as a word; what it counts stands in brackets: {typed}(…)")
        elif typed.isupper():
            self.note(f"{typed} was read as a word; the operators are AND, OR and NOT")

    def _ignore(self, around: str, core: str) -> None:
        if around:
            why = _WHY.get(around) if core else None
            self.note(f"ignored: {around}" + (f" ({why})" if why else ""))

    def _nothing(self, token: Token) -> None:
        self.note(f"nothing to search for in: {self.query[token.start : token.end]}")

    def _fault(self, message: str, token: Token, hint: str) -> QueryError:
        return QueryError(message, self.query, (token.start, token.end), hint)

    def _phrase(self, token: Token, slack: str | None, field: Field | None) -> Node | None:
        content = lowered(unquoted(token.text))
        if not token.closed:
            self.note(UNCLOSED if content else "a quotation mark with nothing behind it was left out")
        if not _searchable(content, field):
            if content or token.closed:
                self._nothing(token)
            return None
        if field and field.kind == "value" and "*" in content:
            self.note(f"* in quotation marks is that sign; a pattern has none: {field.name}:{_pattern(content)}")
        if slack is None:
            return Phrase(content)
        if _is_text(field) and len(list(text.words(content))) > 1 and slack and "*" not in content:
            return Loose(content, self._slack(slack))
        self.note(f"ignored: ~{slack}")
        return Phrase(content)

    def _slack(self, typed: str) -> int:
        if len(typed) > len(str(SLACKEST)):
            self.note(f"~{typed} was read as ~{SLACKEST}, which is the most")
        return int(typed) if len(typed) <= len(str(SLACKEST)) else SLACKEST

    def _exact(self, token: Token, edits: str | None, field: Field | None) -> Node | None:
        """Words as they are written; in a field of names or values, a whole value."""
        content = unquoted(token.text)
        if not _is_text(field) and "»" not in token.text:
            content = " ".join(token.text.split())  # =«Dwayne "The Rock" Johnson» is the whole value
        if not token.closed:
            self.note(UNCLOSED)
        if edits is not None:
            self.note(f"ignored: ~{edits}")
        if not content or (_is_text(field) and not any(text.words(content))):
            self._nothing(token)
            return None
        if not token.quoted and patterns.is_wild(content):
            self.note("= is left out before a wildcard")
            return self._word(token, None, field)
        return Exact(content)

    def _regex(self, token: Token, edits: str | None) -> Node:
        if edits is not None:
            self.note(f"ignored: ~{edits}")
        if fault := patterns.fault(token.text):
            raise self._fault(fault[0], token, fault[1])
        return Regex(token.text)

    def _word(self, token: Token, edits: str | None, field: Field | None) -> Node | None:
        typed = token.text
        if field and field.name == "url" and token.suffix:  # addresses have such signs
            typed, edits = typed + token.suffix, None
        if typed in ("*", "*:*") and edits is None:
            return InField("has", Word(field.name)) if field else Everything()
        if self._is_pattern(typed, field):
            if edits is not None:
                self.note(f"ignored: ~{edits}")
            return self._wild(typed, token, field)
        if field and field.name in ("has", "is"):
            return Word(self._known(lowered(typed), field.name, token))
        if edits is not None:
            return self._fuzzy(typed, edits, field)
        if field and field.kind == "value":
            return self._value(lowered(typed), field)
        return self.plain(typed)

    def _is_pattern(self, typed: str, field: Field | None) -> bool:
        """Whether a word has a wildcard that is meant as one: not in \\*, nor the ? of an address."""
        if not patterns.is_wild(typed):
            return False
        in_text = field is None or field.kind != "value"
        return not in_text or not (_ADDRESS.fullmatch(typed) or not patterns.is_wild(_ESCAPED.sub("", typed)))

    def _value(self, typed: str, field: Field) -> Node:
        """A whole value; a language may be named."""
        code = _CODES.get(typed) if field.name == "lang" else None
        if code:
            self.note(f"{typed} is {code}")
        return plain(code or typed)

    def _fuzzy(self, typed: str, edits: str, field: Field | None) -> Node | None:
        """A word with room for typing errors: one up to five letters, else two, or as many as were given."""
        whole = field is not None and field.kind == "value"
        core, around = (lowered(typed), "") if whole else cored(typed)
        bare = re.sub("(?:['’ʼ＇]s)+$", "", core)
        if not whole and bare != core and cored(bare)[0] == bare:
            core, around = bare, f"{around} {typed[len(bare) :]}".strip()
        self._ignore(around if core else f"{around}~{edits}", core)
        if not core:
            return None
        if not whole and (len(list(text.words(core))) > 1 or not _reads_as_word(core)):
            self.note(f"~{edits} is for one word, and was left out")
            return plain(core)
        number = int(edits[:3]) if edits else 1 if len(core) <= 5 else 2
        if number > 2:
            self.note(f"~{edits} was read as ~2, which is the most")
        return Fuzzy(core, min(number, 2)) if number else Phrase(core)

    def _known(self, typed: str, name: str, token: Token) -> str:
        """What `has:` or `is:` asks for; a field's alias is the field."""
        of_field = fields.find(typed) if name == "has" else None
        if of_field or (name == "is" and typed in fields.FLAGS):
            return of_field.name if of_field else typed
        near = fields.nearest(typed) if name == "has" else None
        known = f"known: {', '.join(fields.FLAGS)}" if name == "is" else "`searcher fields` lists what there is"
        raise self._fault(f"unknown after {name}: {typed}", token, f"did you mean has:{near}?" if near else known)

    def _wild(self, typed: str, token: Token, field: Field | None) -> Node | None:
        whole_values = field is not None and field.kind == "value"
        pattern = patterns.canonical(lowered(typed), whole_values)
        letters = sum(char.isalnum() for char in pattern)
        if not letters and not whole_values:
            self.note(f"ignored: {typed}")
            return None
        if letters < 2:
            raise self._fault(f"a wildcard that is too wide: {typed}", token, "give at least two letters")
        if typed.endswith("?") and typed.count("?") == 1 and "*" not in typed:
            self.note(f"{typed} is a wildcard: the ? stands for one letter")
        elif pattern != lowered(typed):
            self.note(f"{typed} was read as the pattern {pattern}")
        return Wild(pattern)


def plain(piece: str) -> Node:
    """The piece as a word; as a phrase where its text would be read as something else than a word."""
    return Word(piece) if _reads_as_word(piece) else Phrase(unquoted(piece))


def says_nothing(token: Token) -> bool:
    """Whether a token is a comma, a dash or another sign that is no word, not even as a part of one."""
    if token.kind != "word" or token.text[:1].isalnum() or token.text in ("*", "*:*"):
        return False
    return not any(text.words(token.text))


def literal(query: str) -> Node | None:
    """Every word of a text, all signs taken as part of it; None if it has none."""
    pieces = [cored(piece)[0] for piece in query.split()]
    nodes = [plain(piece) for piece in pieces if piece]
    return conj(nodes) if nodes else None


def cored(piece: str) -> tuple[str, str]:
    """The piece in lower case, from its first word to its last, and what stands around them."""
    typed, piece = piece, lowered(piece)
    found = list(text.words(piece))
    if not found:
        return "", typed
    start, end = found[0].start, found[-1].end
    if belongs := _POSSESSIVE.match(piece, end):
        end = belongs.end()
    around = piece[:start] + " " + piece[end:]
    return piece[start:end], around.strip()


def lowered(piece: str) -> str:
    """The piece in lower case, in Unicode NFC."""
    return unicodedata.normalize("NFC", piece.lower())


def unquoted(piece: str) -> str:
    """The piece without double quotation marks, with single spaces."""
    return " ".join(piece.replace('"', " ").split())


def _reads_as_word(piece: str) -> bool:
    if _PLAIN.fullmatch(piece):
        return True
    return patterns.is_one_token(piece) and not patterns.is_wild(piece)


def _is_text(field: Field | None) -> bool:
    """Whether words are looked for in a text here, and not among names or whole values."""
    return field is None or field.kind == "text"


def _searchable(content: str, field: Field | None) -> bool:
    whole = field is not None and field.kind == "value"
    return bool(content) and (whole or any(text.words(content)))


def _pattern(content: str) -> str:
    return re.sub(r"[\s()|]", "?", content)
