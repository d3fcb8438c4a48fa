"""How is a query read? Leniently: what can be repaired is repaired with a note, what cannot is a QueryError.

    query := or (space or)*         all of them; a space binds loosest
    or    := and ("OR" and)*
    and   := near ("AND" near)*
    near  := unary (["NOT"] "w/5" unary)*
    unary := ("-" | "!" | "NOT") unary | field ":" unary | atom
    atom  := "(" query ")" | "atleast3(" query ")" | phrase | word | regex | "@" name, each with ~2 or ^3 behind it

To add an operator: a token in `lexing`, a node in `tree`, a line here, a case in `plan`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from searcher import fields, text
from searcher.errors import QueryError
from searcher.query import lexing, nearness, patterns
from searcher.query.dates import Calendar, DateError
from searcher.query.lexing import Token
from searcher.query.tree import (
    AtLeast,
    Everything,
    Exact,
    First,
    Fuzzy,
    InField,
    Loose,
    Near,
    Node,
    Phrase,
    Regex,
    Wild,
    Word,
    boosted,
    conj,
    disj,
    neg,
)
from searcher.query.values import date_range, number_range

DEPTH = 60
"""How deep brackets and fields may nest; deeper ones are taken off, with a note."""

LONGEST = 100_000
"""Characters of a query, at the most."""

Saved = Callable[[str], str | None]
"""The text of the saved search of a name; None if there is none."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read: what was typed, the tree, what was repaired or left out. `str()` is the echo."""

    text: str
    tree: Node
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.tree)


def parse(
    query: str, calendar: Calendar, *, strict: bool = False, literal: bool = False, saved: Saved | None = None
) -> Query:
    """Reads a query. `literal` takes every character as plain text; `strict` makes each note an error.

    `saved` gives the text that stands for @name. Raises QueryError, with the place, for an unknown field, a date or
    a regular expression that cannot be read, a wildcard that is too wide, a saved search that holds itself, a query
    with nothing in it, or a longer one than LONGEST. Everything else is read, and the notes say what was repaired.

    >>> from datetime import date
    >>> str(parse("Kerry OR Lavrov w/5 Sochi", Calendar(date(2020, 1, 1))))
    'kerry OR lavrov w/5 sochi'
    """
    query = unicodedata.normalize(
        "NFC", _SURROGATE.sub("\ufffd", query)
    )  # bytes of a command line that were no UTF-8
    if len(query) > LONGEST:
        raise QueryError(f"a query of {len(query):,} characters", query[:60] + "…", (0, 61), f"at most {LONGEST:,}")
    parser = _Parser(query, calendar, saved or (lambda name: None))
    tree = _literal(query) if literal else parser.whole()
    if tree is None:
        hint = "; ".join(dict.fromkeys(parser.notes)) or "type a word, a name or a phrase in quotation marks"
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
    return patterns.is_one_token(piece) and not patterns.is_wild(piece)


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
_BOOST = re.compile(r"(?=[\d.]*[1-9])\d{0,4}(?:\.\d{1,3})?")


class _Parser:
    def __init__(self, query: str, calendar: Calendar, saved: Saved, within: tuple[str, ...] = ()) -> None:
        self.query = query
        self.calendar = calendar
        self.saved = saved
        self.within = within  # the saved searches whose text this is
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

    def _peek(self, ahead: int = 0) -> Token | None:
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else None

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
        nodes = [self._near(depth)]
        while token := self._take("and"):
            before = self.at
            nodes.append(self._near(depth))
            if nodes[-1] is None and self.at == before:
                self._dangling(token)
            elif nodes[-1] and nodes[0]:
                self._explicit = True
        found = [node for node in nodes if node]
        return conj(found) if found else None

    def _near(self, depth: int) -> Node | None:
        left = self._unary(depth)
        while left and (operator := self._nearness()):
            right = self._unary(depth)
            if right is None:
                self._note(f"{operator.text} has nothing on its right and was left out")
                return left
            left = self._joined(left, right, operator)
        return left

    def _nearness(self) -> Token | None:
        """A nearness operator, with the NOT before it."""
        token, after = self._peek(), self._peek(1)
        negated = token is not None and token.kind == "not" and after is not None and after.kind == "near"
        if not (negated or (token and token.kind == "near")):
            return None
        self.at += 1 + negated
        found = self.tokens[self.at - 1]
        return replace(found, text=f"NOT {found.text}") if negated else found

    def _joined(self, left: Node, right: Node, operator: Token) -> Node:
        negated = operator.text.startswith("NOT ")
        within, ordered = lexing.nearness(operator.text.removeprefix("NOT "))
        field = fields.find(self.field or "body")
        if field is None or field.kind != "text":
            self._note(f"{operator.text} has no meaning in {self.field}: and was read as AND")
            return conj([left, neg(right) if negated else right])
        return nearness.near(Near(left, right, within, ordered, negated), self._note)

    def _dangling(self, token: Token) -> None:
        self._note(f"{token.text} has nothing on its right and was left out")

    def _unary(self, depth: int) -> Node | None:
        negations = 0
        while (token := self._peek()) and token.kind == "not":
            after = self._peek(1)
            if after and after.kind == "near":
                break
            self.at += 1
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
        if token is None or token.kind == "close":
            return None
        if token.kind in ("and", "or"):
            if self.at == 0 or self.tokens[self.at - 1].kind in (
                "open",
                "and",
                "or",
                "not",
                "field",
                "near",
                "call",
            ):
                self.at += 1
                self._note(f"{token.text} has nothing on its left and was left out")
                return self._primary(depth)
            return None
        if operator := self._nearness():
            self._note(f"{operator.text} has nothing on its left and was left out")
            return self._primary(depth)
        self.at += 1
        return self._read(token, depth)

    def _read(self, token: Token, depth: int) -> Node | None:
        match token.kind:
            case "open":
                return self._group(depth)
            case "call":
                return self._call(token, depth)
            case "field":
                return self._in_field(token, depth)
            case "range":
                return self._ranged(token)
            case "saved":
                return self._saved(token)
        if self.field and lexing.is_ranged(self.field):
            if token.quoted and token.suffix:
                self._note(f"ignored: {token.suffix}")
            return self._range_of(token)
        slack, factor = self._suffix(token)
        node = self._leaf(token, slack)
        return self._boosted(node, factor) if node else None

    def _leaf(self, token: Token, edits: str | None) -> Node | None:
        """A word, phrase or pattern; `edits` is what was typed behind a ~, None if there was none."""
        match token.kind:
            case "phrase":
                return self._phrase(token, edits)
            case "exact":
                return self._exact(token, edits)
            case "regex":
                return self._regex(token, edits)
        return self._word(token, edits)

    def _suffix(self, token: Token) -> tuple[str | None, str | None]:
        """What was typed behind ~ and behind ^, if it has a meaning."""
        found = re.fullmatch(r"(?:~(\d?))?(?:\^([\d.]+))?", token.suffix)
        if found and (found[2] is None or _BOOST.fullmatch(found[2])):
            return found[1], found[2]
        if found and found[1] is not None:
            self._note(f"ignored: ^{found[2]}")
            return found[1], None
        self._note(f"ignored: {token.suffix}")
        return None, None

    def _boosted(self, node: Node, factor: str | None) -> Node:
        if factor is None:
            return node
        made = boosted(node, float(factor))
        field = fields.find(self.field or "")
        if (made == node and float(factor) != 1) or (field and field.kind == "value"):
            self._note(f"^{factor} was left out: {node} does not count for the order")
            return node
        return made

    def _group(self, depth: int) -> Node | None:
        node = self._sequence(depth + 1)
        closing = self._take("close")
        if not closing:
            self._note("a missing closing bracket was added")
        if node is None:
            self._note("empty brackets were left out")
            return None
        edits, factor = self._suffix(closing) if closing else (None, None)
        if edits is not None:
            self._note(f"~{edits} belongs behind a word or a phrase, and was left out")
        return self._boosted(node, factor)

    def _call(self, token: Token, depth: int) -> Node | None:
        name, number = re.fullmatch(r"(\D+)(\d+)", token.text).groups()  # type: ignore[union-attr]
        self._take("open")
        node = self._group(depth)
        if node is None:
            return None
        field = fields.find(self.field or "body")
        if int(number) < 1 or field is None or field.kind != "text":
            self._note(f"{token.text}(…) has no meaning here and was left out")
            return node
        count = int(number)
        return nearness.within(AtLeast(count, node) if name == "atleast" else First(count, node), self._note)

    def _saved(self, token: Token) -> Node | None:
        """The tree of a saved search, in the place of its name."""
        name = token.text.casefold()
        content = self.saved(name)
        if content is None:
            self._note(f"there is no saved search of this name: read as a word: @{token.text}")
            return self._plain_word(token.text)
        if name in self.within:
            chain = " → ".join(f"@{one}" for one in (*self.within, name))
            raise QueryError(f"a saved search that holds itself: {chain}", self.query, (token.start, token.end),
                             "`searcher save` lists them")  # fmt: skip
        inner = _Parser(content, self.calendar, self.saved, (*self.within, name))
        inner.field = self.field
        try:
            node = inner.whole()
        except QueryError as error:
            raise QueryError(f"in @{name}: {error.message}", error.query, error.span, error.hint) from error
        self.notes += [f"in @{name}: {note}" for note in inner.notes]
        if node is None:
            self._note(f"@{name} has nothing in it and was left out")
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
        typed = token.text if token.quoted or token.kind == "range" else self.query[token.start : token.end]
        try:
            if field and field.kind == "number":
                return number_range(self.field, typed)
            return date_range(self.field, typed, self.calendar)
        except DateError as error:
            raise QueryError(str(error), self.query, (token.start, token.end), error.hint) from error

    def _phrase(self, token: Token, slack: str | None) -> Node | None:
        if not token.closed:
            self._note("a missing closing quotation mark was added")
        content = _unquoted(token.text).lower()
        if not self._searchable(content):
            self._note(f"nothing to search for in: {self.query[token.start : token.end]}")
            return None
        if slack is None:
            return Phrase(content)
        number = slack or "0"
        if self._is_text() and len(list(text.words(content))) > 1 and slack and "*" not in content:
            return Loose(content, int(number))
        self._note(f"ignored: ~{slack}")
        return Phrase(content)

    def _is_text(self) -> bool:
        """Whether words are looked for in a text here, and not among names or whole values."""
        field = fields.find(self.field or "body")
        return field is not None and field.kind == "text"

    def _exact(self, token: Token, edits: str | None) -> Node | None:
        """Words as they are written; in a field of names or values, a whole value."""
        if not token.closed:
            self._note("a missing closing quotation mark was added")
        if edits is not None:
            self._note(f"ignored: ~{edits}")
        content = _unquoted(token.text)
        if not self._is_text() and "»" not in token.text:
            content = " ".join(token.text.split())  # =«Dwayne "The Rock" Johnson» is the whole value
        if not content or (self._is_text() and not any(text.words(content))):
            self._note(f"nothing to search for in: {self.query[token.start : token.end]}")
            return None
        if not token.quoted and patterns.is_wild(content):
            self._note("= is left out before a wildcard")
            return self._word(token, None)
        return Exact(content)

    def _regex(self, token: Token, edits: str | None) -> Node:
        if edits is not None:
            self._note(f"ignored: ~{edits}")
        fault = patterns.fault(token.text)
        if fault:
            message, hint = fault
            raise QueryError(message, self.query, (token.start, token.end), hint)
        return Regex(token.text)

    def _searchable(self, content: str) -> bool:
        field = fields.find(self.field or "")
        whole = field is not None and field.kind == "value"
        return bool(content) and (whole or any(text.words(content)))

    def _word(self, token: Token, edits: str | None) -> Node | None:
        typed = token.text
        field = fields.find(self.field or "")
        if field and field.name == "url" and token.suffix:  # addresses have such signs
            typed, edits = typed + token.suffix, None
        if typed == "*" and edits is None:
            return InField("has", Word(self.field)) if self.field else Everything()
        if patterns.is_wild(typed):
            if edits is not None:
                self._note(f"ignored: ~{edits}")
            return self._wild(typed, token, field)
        if field and field.name in ("has", "is"):
            return Word(self._known(typed.lower(), field.name, token))
        if edits is not None:
            return self._fuzzy(typed, edits, field)
        if field and field.kind == "value":
            return _plain(typed.lower())
        return self._plain_word(typed)

    def _fuzzy(self, typed: str, edits: str, field: fields.Field | None) -> Node | None:
        """A word with room for typing errors: one up to five letters, else two, or as many as were given."""
        whole = field is not None and field.kind == "value"
        core, around = (typed.lower(), "") if whole else _core(typed)
        if around:
            self._note(f"ignored: {around}")
        if not core:
            return None
        if not whole and (len(list(text.words(core))) > 1 or not _reads_as_word(core)):
            self._note(f"~{edits} is for one word, and was left out")
            return _plain(core)
        number = int(edits) if edits else 1 if len(core) <= 5 else 2
        if number > 2:
            self._note(f"~{number} was read as ~2, which is the most")
        return Fuzzy(core, min(number, 2)) if number else Phrase(core)

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
        pattern = patterns.canonical(typed.lower(), whole_values)
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
