"""What asks for a little less? Nearness further off, words only near others, fewer mentions: the closest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from searcher import fields, text
from searcher.query.tree import (
    AtLeast,
    Exact,
    First,
    Fuzzy,
    InField,
    Loose,
    Near,
    Node,
    Phrase,
    Wild,
    Within,
    Word,
)
from searcher.suggest.asking import Asked

WORDS = (20, 100)
"""Within how many words is tried where it is not within as many already."""

LOOSE = 9
"""How many other words may lie between those of a phrase that are only near each other."""

SHORTER = 3
"""How many letters a pattern loses."""

LONGEST = 10
"""Of how many words, at the most, a phrase is taken apart."""

DOUBLED = 10
"""How often the beginning of a text is doubled."""


class Wider(NamedTuple):
    """What a node asks for instead, and how that is said."""

    said: str
    node: Node


def at(node: Node, field: str | None) -> Node:
    """The node in its field, if it has one."""
    return InField(field, node) if field else node


def found(node: Node, field: str | None, asked: Asked) -> Wider | None:
    """The least that is to be given up so that something is found; None if nothing helps."""
    if isinstance(node, AtLeast):
        return _fewer(node, field, asked)
    return next((one for one in wider(node, field) if asked.total(at(one.node, field))), None)


def wider(node: Node, field: str | None) -> Iterator[Wider]:
    """What asks for less than the node, ever less."""
    match node:
        case Near():
            yield from _further(node)
        case Loose(content, slack):
            yield from (Wider(distance(words), Loose(content, words)) for words in WORDS if words > slack)
        case Phrase(content) if _is_text(field):
            if len(list(text.words(content))) > 1 and "*" not in content:
                yield Wider(distance(LOOSE), Loose(content, LOOSE))
        case Exact(content) if _is_text(field):
            yield Wider("in any writing", plain(Phrase(" ".join(word.raw for word in text.words(content)))))
        case Fuzzy(content, 1):
            yield Wider("with two errors", Fuzzy(content, 2))
        case Wild(pattern) if re.fullmatch(r"\w{4,}\*", pattern):
            for end in range(len(pattern) - 2, max(1, len(pattern) - 2 - SHORTER), -1):
                yield Wider(f"{pattern[:end]}*", Wild(pattern[:end] + "*"))
        case First(words):
            for factor in (1 << power for power in range(1, DOUBLED + 1)):
                if words * factor < 1_000_000:
                    yield Wider(beginning(words * factor), replace(node, words=words * factor))


def _is_text(field: str | None) -> bool:
    return field is None or fields.BY_NAME[field].kind == "text"


def _further(node: Near) -> Iterator[Wider]:
    if node.negated:  # to give something up here is to let the other come nearer
        if node.within != 0:
            yield Wider(f"not {distance(0)}", replace(node, within=0))
        return
    if node.ordered:
        yield Wider("in any order", replace(node, ordered=False))
    for words in WORDS:
        if isinstance(node.within, int) and words > node.within:
            yield Wider(distance(words), replace(node, within=words, ordered=False))
    if node.within != "paragraph":
        yield Wider(distance("paragraph"), replace(node, within="paragraph", ordered=False))


def distance(within: Within) -> str:
    """How near, in words."""
    if isinstance(within, int):
        return "side by side" if not within else f"within {within:,} word{'s' * (within > 1)}"
    return f"in one {within}"


def beginning(words: int) -> str:
    """How far from the beginning, in words."""
    return f"in the first {words:,} word{'s' * (words > 1)}"


def mentions(times: int) -> str:
    """How often, in words."""
    return "once" if times == 1 else f"{times:,} times"


def _fewer(node: AtLeast, field: str | None, asked: Asked) -> Wider | None:
    """As many mentions as some article has: found by halving, since fewer are in more articles."""
    low, high = 0, node.times
    while high - low > 1:
        middle = (low + high) // 2
        if asked.total(at(replace(node, times=middle), field)):
            low = middle
        else:
            high = middle
    return Wider(mentions(low), replace(node, times=low)) if low else None


def longest_run(content: str, field: str | None, asked: Asked) -> Node | None:
    """The longest part of a phrase, of two words at least and half of them, that is found; the first of them."""
    words = [word.raw for word in text.words(content)]
    if "*" in content or not 3 < len(words) <= LONGEST:
        return None
    for length in range(len(words) - 1, max(1, len(words) // 2 - 1), -1):
        for start in range(len(words) - length + 1):
            part = Phrase(" ".join(words[start : start + length]))
            if asked.total(at(part, field)):
                return part
    return None


def words_of(content: str) -> list[Node]:
    """The different words of a phrase, each as it stands there; any word between them is left out."""
    pieces = content.split() if "*" in content else [word.raw for word in text.words(content)]
    wanted = [piece for piece in pieces if set(piece) != {"*"} and any(text.words(piece))]
    return [Phrase(piece) for piece in dict.fromkeys(wanted)]


def plain(node: Node) -> Node:
    """A single word in any form, of a phrase of one."""
    if isinstance(node, Phrase) and "*" not in node.text and len(list(text.words(node.text))) == 1:
        return Word(node.text)
    return node
