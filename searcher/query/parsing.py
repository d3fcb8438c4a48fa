"""How is a query read? Leniently: what can be repaired is repaired with a note, what cannot is a QueryError.

    query := or (space or)*         all of them; a space binds loosest
    or    := and ("OR" and)*
    and   := unary ("AND" unary)*
    unary := ("-" | "!" | "NOT") unary | field ":" unary | "(" query ")" | phrase | word

To add an operator: a token in `lexing`, a node in `tree`, a line here, a case in `plan`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from searcher import fields, text
from searcher.errors import QueryError
from searcher.query import lexing
from searcher.query.dates import Calendar, DateError
from searcher.query.lexing import Token
from searcher.query.tree import Everything, InField, Node, Phrase, Whole, Wild, Word, conj, disj, neg
from searcher.query.values import date_range, number_range

DEPTH = 60
"""How deep brackets and fields may nest; deeper ones are taken off, with a note."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read: what was typed, the tree, what was repaired or left out. `str()` is the echo."""

    text: str
    tree: Node
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.tree)


def parse(query: str, calendar: Calendar, *, strict: bool = False, literal: bool = False) -> Query:
    """Reads a query. `literal` takes every character as plain text; `strict` makes each note an error.

    Raises QueryError, with the place, for an unknown field, a date that cannot be read, a wildcard that is too
    wide, and a query with nothing in it. Everything else is read, and the notes say what was repaired.

    >>> from datetime import date
    >>> str(parse("Kerry OR Lavrov Sochi", Calendar(date(2020, 1, 1))))
    '(kerry OR lavrov) sochi'
    """
    query = _SURROGATE.sub("\ufffd", query)  # bytes of a command line that were no UTF-8
    parser = _Parser(query, calendar)
    tree = _literal(query) if literal else parser.whole()
    if tree is None:
        hint = "; ".join(parser.notes) or "type a word, a name or a phrase in quotation marks"
        raise QueryError("a query with nothing in it", query, (0, len(query)), hint)
    notes = tuple(dict.fromkeys(parser.notes))
    if strict and notes:
        raise QueryError(notes[0], query, (0, len(query)), "without --strict it is read as: " + str(tree))
    return Query(query, tree, notes)


def _literal(query: str) -> Node | None:
    pieces = [_core(piece)[0] for piece in query.split()]
    nodes = [_plain(piece) for piece in pieces if piece]
    return conj(nodes) if nodes else None


def _plain(piece: str) -> Node:
    """The piece as a word; as a phrase where its text would be read as something else than a word."""
    return Word(piece) if _reads_as_word(piece) else Phrase(_unquoted(piece))


def _reads_as_word(piece: str) -> bool:
    if re.fullmatch(r"[^\W_][\w'’.-]*", piece):
        return True
    return _one_token(piece) and not _WILD.search(piece) and not _SUFFIX.search(piece)


def _unquoted(piece: str) -> str:
    return " ".join(piece.replace('"', " ").split())


def _core(piece: str) -> tuple[str, str]:
    """The piece in lower case, from its first word to its last, and what stands around them."""
    found = list(text.words(piece))
    if not found:
        return "", piece
    start, end = found[0].start, found[-1].end
    around = piece[:start] + " " + piece[end:]
    return piece[start:end].lower(), around.strip()


_SURROGATE = re.compile("[\ud800-\udfff]")
_SUFFIX = re.compile(r"(?:~\d*|\^[\d.]*)+$")
_WILD = re.compile(r"[*?]")


class _Parser:
    def __init__(self, query: str, calendar: Calendar) -> None:
        self.query = query
        self.calendar = calendar
        self.notes: list[str] = []
        self.tokens: list[Token] = []
        self.at = 0
        self.field: str | None = None
        self._explicit = False  # an AND was typed since the last OR: worth a note when both meet

    def whole(self) -> Node | None:
        self.tokens = self._flattened()
        nodes = []
        while self.at < len(self.tokens):
            node = self._sequence(0)
            nodes += [node] if node else []
            if self._take("close"):
                self._note("a closing bracket without an opening one was left out")
        return conj(nodes) if nodes else None

    def _flattened(self) -> list[Token]:
        """The tokens without brackets that nest too deeply."""
        kept, depth = [], 0
        for token in lexing.tokens(self.query):
            depth += (token.kind == "open") - (token.kind == "close" and depth > 0)
            if (token.kind == "open" and depth > DEPTH) or (token.kind == "close" and depth >= DEPTH):
                self._note(f"brackets nested more than {DEPTH} deep were left out")
                continue
            kept.append(token)
        return kept

    def _note(self, note: str) -> None:
        self.notes.append(note)

    def _peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _take(self, *kinds: lexing.Kind) -> Token | None:
        token = self._peek()
        if token is None or token.kind not in kinds:
            return None
        self.at += 1
        return token

    def _sequence(self, depth: int) -> Node | None:
        """Clauses side by side, up to a closing bracket or the end."""
        nodes = []
        while (token := self._peek()) and token.kind != "close":
            node = self._or(depth)
            nodes += [node] if node else []
        return conj(nodes) if nodes else None

    def _or(self, depth: int) -> Node | None:
        nodes = [self._and(depth)]
        while token := self._take("or"):
            before = self.at
            nodes.append(self._and(depth))
            if nodes[-1] is None and self.at == before:
                self._dangling(token)
        found = [node for node in nodes if node]
        if len(found) > 1 and self._explicit:
            self._note(f"AND binds tighter than OR: read as {disj(found)}")
        self._explicit = False
        return disj(found) if found else None

    def _and(self, depth: int) -> Node | None:
        nodes = [self._unary(depth)]
        while token := self._take("and"):
            before = self.at
            nodes.append(self._unary(depth))
            if nodes[-1] is None and self.at == before:
                self._dangling(token)
            elif nodes[-1] and nodes[0]:
                self._explicit = True
        found = [node for node in nodes if node]
        return conj(found) if found else None

    def _dangling(self, token: Token) -> None:
        self._note(f"{token.text} has nothing on its right and was left out")

    def _unary(self, depth: int) -> Node | None:
        negations = 0
        while token := self._take("not"):
            negations += 1
            last = token
        node = self._primary(depth)
        if negations and node is None:
            self._dangling(last)
        if negations > 1:
            self._note("two negations cancel out")
        return neg(node) if node and negations % 2 else node

    def _primary(self, depth: int) -> Node | None:
        token = self._peek()
        if token is None or token.kind in ("close",):
            return None
        if token.kind in ("and", "or"):
            if self.at == 0 or self.tokens[self.at - 1].kind in ("open", "and", "or", "not", "field"):
                self.at += 1
                self._note(f"{token.text} has nothing on its left and was left out")
                return self._primary(depth)
            return None
        self.at += 1
        return self._read(token, depth)

    def _read(self, token: Token, depth: int) -> Node | None:
        match token.kind:
            case "open":
                return self._group(depth)
            case "field":
                return self._in_field(token, depth)
            case "range":
                return self._ranged(token)
            case "phrase":
                return self._phrase(token)
            case "whole":
                return self._whole(token)
            case "later":
                self._note(f"not supported yet, read as AND: {token.text}")
                return None
        return self._word(token)

    def _group(self, depth: int) -> Node | None:
        node = self._sequence(depth + 1)
        if not self._take("close"):
            self._note("a missing closing bracket was added")
        if node is None:
            self._note("empty brackets were left out")
        return node

    def _in_field(self, token: Token, depth: int) -> Node | None:
        if token.spaced and self._peek():
            self._note(f"the space after {token.text}: was left out")
        outer, self.field = self.field, token.text
        node = self._unary(depth + 1) if depth < DEPTH else None
        self.field = outer
        if node is None:
            self._note(f"{token.text}: has nothing behind it and was left out")
        if node is None or lexing.is_ranged(token.text) or node == InField("has", Word(token.text)):
            return node
        return InField(token.text, node)

    def _ranged(self, token: Token) -> Node | None:
        assert self.field is not None
        if token.text == "*" and self.field not in lexing.PERIODS:
            return InField("has", Word(self.field))
        negated = token.text[0] in "-!" and len(token.text) > 1
        value = replace(token, text=token.text[1:], start=token.start + 1) if negated else token
        node = self._range_of(value)
        return neg(node) if negated else node

    def _range_of(self, token: Token) -> Node:
        assert self.field is not None
        field = fields.find(self.field)
        try:
            if field and field.kind == "number":
                return number_range(self.field, token.text)
            return date_range(self.field, token.text, self.calendar)
        except DateError as error:
            raise QueryError(str(error), self.query, (token.start, token.end), error.hint) from error

    def _phrase(self, token: Token) -> Node | None:
        if not token.closed:
            self._note("a missing closing quotation mark was added")
        if self.field and lexing.is_ranged(self.field):
            return self._range_of(token)
        content = _unquoted(token.text).lower()
        if not self._searchable(content):
            self._note(f"nothing to search for in: {self.query[token.start : token.end]}")
            return None
        return Phrase(content)

    def _whole(self, token: Token) -> Node | None:
        content = _unquoted(token.text)
        field = fields.find(self.field or "")
        if field and field.kind in ("value", "name") and content:
            return Whole(content)
        if field and lexing.is_ranged(field.name):
            return self._range_of(token)
        self._note(f"exact words are not supported yet: read without = : {token.text}")
        quoted = self.query[token.start + 1] in lexing.QUOTATION_MARKS
        return self._phrase(token) if quoted else self._word(token)

    def _searchable(self, content: str) -> bool:
        field = fields.find(self.field or "")
        whole = field is not None and field.kind == "value"
        return bool(content) and (whole or any(text.words(content)))

    def _word(self, token: Token) -> Node | None:
        if self.field and lexing.is_ranged(self.field):
            return self._range_of(token)
        typed = token.text
        suffix = _SUFFIX.search(typed)
        if suffix and suffix.start() and (self.field or "") != "url":
            self._note(f"not supported yet, left out: {suffix[0]}")
            typed = typed[: suffix.start()]
        elif suffix and not suffix.start():
            self._note(f"not supported yet, left out: {typed}")
            return None
        if typed == "*":
            return InField("has", Word(self.field)) if self.field else Everything()
        field = fields.find(self.field or "")
        if _WILD.search(typed):
            return self._wild(typed, token, field)
        if field and field.name in ("has", "is"):
            return Word(self._known(typed.lower(), field.name, token))
        if field and field.kind == "value":
            return _plain(typed.lower())
        return self._plain_word(typed)

    def _known(self, typed: str, name: str, token: Token) -> str:
        """What `has:` or `is:` asks for; a field's alias is the field."""
        of_field = fields.find(typed) if name == "has" else None
        if of_field or (name == "is" and typed in fields.FLAGS):
            return of_field.name if of_field else typed
        known = ", ".join(fields.FLAGS) if name == "is" else "the names of fields: `searcher fields` lists them"
        raise QueryError(f"unknown after {name}: {typed}", self.query, (token.start, token.end), f"known: {known}")

    def _plain_word(self, typed: str) -> Node | None:
        core, around = _core(typed)
        if around:
            self._note(f"ignored: {around}")
        if core in ("and", "or", "not") and typed == core:
            self._note(f"{core} in lower case is a word; the operator is {core.upper()}")
        return _plain(core) if core else None

    def _wild(self, typed: str, token: Token, field: fields.Field | None) -> Node | None:
        whole_values = field is not None and field.kind == "value"
        pattern = _pattern(typed.lower(), whole_values)
        letters = sum(char.isalnum() for char in pattern)
        if not letters and not whole_values:
            self._note(f"ignored: {typed}")
            return None
        if letters < 2:
            where = (token.start, token.end)
            raise QueryError(
                f"a wildcard that is too wide: {typed}", self.query, where, "give at least two letters"
            )
        if typed.endswith("?") and typed.count("?") == 1 and "*" not in typed:
            self._note(f"{typed} is a wildcard: the ? stands for one letter")
        return Wild(pattern)


def _pattern(typed: str, whole_values: bool) -> str:
    """A pattern whose text is read as the same pattern: in text, what parts words becomes a dash."""
    if whole_values:
        return typed if _one_token(typed) else typed.replace(":", "?").lstrip("-!=/") or "?"
    return re.sub(r"[^\w*?]+", "-", typed).strip("-")


def _one_token(typed: str) -> bool:
    """Whether this is read as one word of the same text wherever it stands, also before a bracket."""
    try:
        found = [(token.kind, token.text) for token in lexing.tokens(typed + ")")]
        return found == [("word", typed), ("close", ")")]
    except QueryError:
        return False
