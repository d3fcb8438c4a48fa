"""How is a query read? Leniently: what can be repaired is repaired with a note, what cannot is a QueryError.

    query := or (space or)*         all of them; a space binds loosest
    or    := and ("OR" and)*
    and   := near ("AND" near)*
    near  := unary (["NOT"] "w/5" unary)*
    unary := ("-" | "!" | "NOT") unary | field ":" unary | atom
    atom  := "(" query ")" | "atleast3(" query ")" | phrase | word | regex | "@" name, each with ~2 or ^3 behind it

What a word, a phrase or a pattern means is in `leaves`, a date in `values`, what stands beside w/5 in `nearness`.
To add an operator: a token in `lexing`, a node in `tree`, a line here, a case in `lowering`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from searcher import fields
from searcher.errors import QueryError
from searcher.query import habits, leaves, lexing, nearness
from searcher.query.dates import Calendar, DateError
from searcher.query.lexing import Token
from searcher.query.nearness import shown
from searcher.query.tree import (
    AtLeast,
    DateRange,
    First,
    InField,
    Near,
    Node,
    Not,
    NumberRange,
    Word,
    boosted,
    conj,
    disj,
    neg,
)
from searcher.query.values import date_range, meant, number_range

DEPTH = 40
"""How deep brackets and fields may nest; deeper ones are taken off, with a note."""

LONGEST = 100_000
"""Characters of a query, at the most."""

Saved = Callable[[str], str | None]
"""The text of the saved search of a name; None if there is none."""

_SURROGATE = re.compile("[\ud800-\udfff]")  # bytes of a command line that were no UTF-8
_INVISIBLE = re.compile(  # what readers leave out of articles, and marks of the direction of writing
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_ANY = re.compile(r"\*|[\[{]\s*\*\s+TO\s+\*\s*[\]}]", re.IGNORECASE)
_TO = re.compile(r"\s+(?:to|TO|-|–|—)\s+(\d{4}[\d-]*)")
_OPENING = ("open", "and", "or", "not", "field", "near", "call")
_BOOST = re.compile(r"(?=[\d.]*[1-9])\d{0,4}(?:\.\d{1,3})?")


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
    if len(query) > LONGEST:
        raise QueryError(f"a query of {len(query):,} characters", query[:60] + "…", (0, 61), f"at most {LONGEST:,}")
    typed, (query, unseen) = query, visible(query)
    parser = _Parser(query, calendar, saved or (lambda name: None), unseen)
    tree = leaves.literal(query) if literal else parser.whole()
    notes = () if literal else tuple(dict.fromkeys(parser.notes))
    if tree is None:
        hint = "; ".join(notes[:3]) or "type a word, a name or a phrase in quotation marks"
        raise QueryError("a query with nothing in it", query, (0, len(query)), hint)
    if strict and notes:
        raise QueryError(notes[0], query, (0, len(query)), "without --strict it is read as: " + str(tree))
    return Query(typed, tree, notes)


def visible(query: str) -> tuple[str, list[str]]:
    """The text in Unicode NFC without invisible characters, as articles are; and a note about those."""
    unseen = sorted(set(_INVISIBLE.findall(query)))
    if unseen:
        query = _INVISIBLE.sub("", query)
    names = " ".join(f"U+{ord(char):04X}" for char in unseen)
    notes = [f"invisible characters were left out: {names}"] if unseen else []
    return unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", query)), notes


class _Parser:
    def __init__(
        self, query: str, calendar: Calendar, saved: Saved, notes: list[str], within: tuple[str, ...] = ()
    ) -> None:
        self.query = query
        self.calendar = calendar
        self.saved = saved
        self.within = within  # the saved searches whose text this is
        self.notes = notes
        self.leaves = leaves.Reader(query, self._note)
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
            if closing := self._take("close"):
                self._note("a closing bracket without an opening one was left out")
                if closing.suffix:
                    self._note(f"ignored: {closing.suffix}")
        return conj(nodes) if nodes else None

    def _flattened(self) -> list[Token]:
        """The tokens without commas and the like, and without brackets, and calls, that nest too deeply."""
        kept, depth = list[Token](), 0
        for token in lexing.tokens(self.query):
            depth += (token.kind == "open") - (token.kind == "close" and depth > 0)
            deep = depth > DEPTH if token.kind == "open" else depth >= DEPTH
            if deep and token.kind in ("open", "close", "call"):
                self._note(f"brackets nested more than {DEPTH} deep were left out")
                continue
            if not (kept and kept[-1].kind == "field") and leaves.says_nothing(token):
                self._note(f"ignored: {token.text}{token.suffix}")
                continue
            if token.note and token.kind != "near":
                self._note(token.note)
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
            nodes.append(self._and(depth))
            self._missing(token, nodes)
            self._glued(token, *nodes[-2:])
        found = [node for node in nodes if node]
        if len(found) > 1 and self._explicit:
            self._note(f"AND binds tighter than OR: read as {shown(disj(found))}")
        self._explicit = False
        return disj(found) if found else None

    def _missing(self, token: Token, nodes: list[Node | None]) -> None:
        """A note if there is nothing on one of the operator's sides, the last two nodes."""
        if nodes[-1] is None:
            self._dangling(token)
        elif not any(nodes[:-1]):
            self._note(f"{token.text} has nothing on its left and was left out")

    def _glued(self, token: Token, left: Node | None, right: Node | None) -> None:
        """A note that the field of `source:bbc|cnn` is that of the first word alone."""
        if not isinstance(left, InField | DateRange | NumberRange) or right is None:
            return
        around = self.query[token.start - 1 : token.start] + self.query[token.end : token.end + 1]
        if not isinstance(right, type(left)) and len(around) == 2 and not any(map(str.isspace, around)):
            self._note(f"{shown(right)} is looked for everywhere; in one field both are {left.field}:(… | …)")

    def _and(self, depth: int) -> Node | None:
        nodes = [self._near(depth)]
        while token := self._take("and"):
            nodes.append(self._near(depth))
            self._missing(token, nodes)
            self._explicit = self._explicit or (nodes[-1] is not None and any(nodes[:-1]))
        found = [node for node in nodes if node]
        return conj(found) if found else None

    def _near(self, depth: int) -> Node | None:
        left, apart, chained = self._unary(depth), list[Node](), 0
        while left and (operator := self._nearness()):
            right = self._unary(depth)
            chained += 1
            if right is None:
                left = self._alone(left, operator)
            elif chained > nearness.CHAIN:
                self._note(f"{operator.text} is one of more than {nearness.CHAIN} in a chain: read as AND")
                apart.append(left)
                left, chained = neg(right) if operator.text.startswith("NOT ") else right, 0
            else:
                left = self._joined(left, right, operator)
        return conj([*apart, left]) if left else None

    def _alone(self, left: Node, operator: Token) -> Node:
        """What is left of nearness with nothing on its right."""
        if lexing.as_word(operator, self.query):
            return conj(filter(None, [left, self._lone(operator)]))
        typed = self.query[operator.start : operator.end]
        negated = "NOT " if operator.text.startswith("NOT ") else ""
        self._note(f"{negated}{typed} has nothing on its right and was left out")
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
        if operator.note:
            self._note(operator.note)
        field = fields.find(self.field or "body")
        if field is None or field.kind != "text":
            self._note(f"{operator.text} has no meaning in {self.field}: and was read as AND")
            return conj([left, neg(right) if negated else right])
        return nearness.near(Near(left, right, within, ordered, negated), self._note)

    def _dangling(self, token: Token) -> None:
        self._note(f"{token.text} has nothing on its right and was left out")

    def _unary(self, depth: int) -> Node | None:
        negations, last = 0, None
        while token := self._peek():
            if token.kind == "not" and not self._is_near(1):
                negations, last = negations + (1 if token.text.isalpha() else len(token.text)), token
                self.at += 1
            elif token.kind in ("and", "or") and self._begins():
                self.at += 1
                self._note(f"{token.text} has nothing on its left and was left out")
            elif self._is_near(token.kind == "not") and not self._is_word(token.kind == "not"):
                self.at += 1 + (token.kind == "not")
                self._note(f"{self._typed(token)} has nothing on its left and was left out")
            else:
                break
        node = self._primary(depth)
        if last and node is None:
            self._dangling(last)
        if negations > 1 or (negations and isinstance(node, Not)):
            self._note("two negations cancel out")
        return neg(node) if node and negations % 2 else node

    def _is_near(self, ahead: int) -> bool:
        token = self._peek(ahead)
        return token is not None and token.kind == "near"

    def _is_word(self, ahead: int) -> bool:
        token = self._peek(ahead)
        return token is not None and lexing.as_word(token, self.query) is not None

    def _typed(self, first: Token) -> str:
        """The query from a token to the last one that was taken."""
        return self.query[first.start : self.tokens[self.at - 1].end]

    def _primary(self, depth: int) -> Node | None:
        token = self._peek()
        if token is None or token.kind in ("close", "and", "or"):
            return None
        if operator := self._nearness():
            return self._lone(operator)
        self.at += 1
        return self._read(token, depth)

    def _lone(self, operator: Token) -> Node | None:
        """A nearness operator with nothing beside it, as the word that it may be."""
        word = lexing.as_word(operator, self.query)
        node = self._read(word, 0) if word else None
        return neg(node) if node and operator.text.startswith("NOT ") else node

    def _begins(self) -> bool:
        """Whether nothing stands before the token that an operator could join."""
        return self.at == 0 or self.tokens[self.at - 1].kind in _OPENING

    def _read(self, token: Token, depth: int) -> Node | None:
        if token.kind == "saved" and self.saved(token.text.casefold()) is None:
            self._note(f"there is no saved search of this name: read as a word: @{token.text}")
            token = replace(token, kind="word")
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
        if self.field and habits.is_ranged(self.field):
            if not token.closed:
                self._note(leaves.UNCLOSED)
            if token.quoted and token.suffix:
                self._note(f"ignored: {token.suffix}")
            return self._range_of(token)
        edits, factor = self._suffix(token)
        node = self.leaves.read(token, edits, self.field)
        return self._boosted(node, factor) if node else None

    def _suffix(self, token: Token) -> tuple[str | None, str | None]:
        """What was typed behind ~ and behind ^, if it has a meaning."""
        if not token.suffix:
            return None, None
        pieces = re.findall(r"([~^])([^~^]*)", token.suffix.rstrip("."))
        signs = dict(pieces)
        if len(signs) < len(pieces):
            self._note(f"ignored: {token.suffix}")
            return None, None
        if token.suffix.endswith("."):
            self._note("ignored: .")
        return self._edits(signs.get("~")), self._factor(signs.get("^"))

    def _edits(self, typed: str | None) -> str | None:
        if typed is None or re.fullmatch(r"\d*", typed):
            return typed
        if re.fullmatch(r"[01]?\.\d+", typed):  # the likeness that Lucene once asked for
            self._note(f"~{typed} was read as ~")
            return ""
        self._note(f"ignored: ~{typed}")
        return None

    def _factor(self, typed: str | None) -> str | None:
        if typed is None or _BOOST.fullmatch(typed):
            return typed
        self._note(f"ignored: ^{typed}")
        return None

    def _boosted(self, node: Node, factor: str | None) -> Node:
        if factor is None:
            return node
        made = boosted(node, float(factor))
        field = fields.find(self.field or "")
        counts = field is None or field.kind != "value" or field.name == "like"
        if (made == node and float(factor) != 1) or not counts:
            self._note(f"^{factor} was left out: {shown(node)} does not count for the order")
            return node
        return made

    def _group(self, depth: int) -> Node | None:
        node = self._sequence(depth + 1)
        closing = self._take("close")
        if not closing:
            self._note("a missing closing bracket was added")
        if node is None:
            self._note("empty brackets were left out")
            if closing and closing.suffix:
                self._note(f"ignored: {closing.suffix}")
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
            self._note(f"{token.text}(…) has nothing in it and was left out")
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
        content = self.saved(name) or ""
        if name in self.within:
            chain = " → ".join(f"@{one}" for one in (*self.within, name))
            raise QueryError(f"a saved search that holds itself: {chain}", self.query, (token.start, token.end),
                             "`searcher save` lists them")  # fmt: skip
        inner = _Parser(*visible(content)[:1], self.calendar, self.saved, [], (*self.within, name))
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
        after = self._peek()
        if depth >= DEPTH and after and after.kind == "field":
            self._note(f"fields nested more than {DEPTH} deep were left out")
            return None
        outer, self.field = self.field, token.text
        node = self._unary(depth + 1)
        self.field = outer
        if node is None:
            self._note(f"{token.text}: has nothing behind it and was left out")
        if node is None or habits.is_ranged(token.text) or node == InField("has", Word(token.text)):
            return node
        return InField(token.text, node)

    def _ranged(self, token: Token) -> Node | None:
        assert self.field is not None
        if _ANY.fullmatch(token.text) and self.field not in habits.PERIODS:
            return InField("has", Word(self.field))
        negated = token.text[0] in "-!" and len(token.text) > 1
        value = replace(token, text=token.text[1:], start=token.start + 1) if negated else token
        node = self._range_of(value)
        if to := _TO.match(self.query, token.end):
            self._note(f"a range is {self.field}:{value.text}..{to[1]}")
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
            better = meant(typed, self.query[token.end : token.end + 40], self.calendar)
            hint = f"did you mean {self.field}:{better}?" if better else error.hint
            raise QueryError(str(error), self.query, (token.start, token.end), hint) from error
