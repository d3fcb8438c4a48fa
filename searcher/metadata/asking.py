"""What is asked of the words in the runs of a text? For each a key in each table of signs.

Most keys are a word, or a gap: what their signs are worth is looked up once and not once a mention (learned.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import filterfalse, islice, pairwise
from operator import add

from searcher.metadata import signs
from searcher.metadata.lexicon import LONGEST, lexicon
from searcher.metadata.tokens import CAPITAL, GAP, WORD, Token
from searcher.model import Span

EDGE = "<s>"
"""What stands beside a word that begins or ends a sentence."""

BARE = "\x02"
"""Begins the keys of words on lines that are no sentences: tables, headlines, datelines, lists."""

FEW = 3
"""A line with fewer small words is no sentence."""


def _pair(key: str) -> list[str]:
    return [f"k={key}"]


def _place(key: str) -> list[str]:
    return [*key.split(","), key] if key else []


def _listed(key: str) -> list[str]:
    return [f"in={key}"] if key else []


SIGNS: Mapping[str, Callable[[str], Sequence[str]]] = {
    "own": signs.own, "before": signs.near, "after": signs.near, "gap": signs.gap, "next_gap": signs.gap,
    "left": _pair, "right": _pair, "place": _place, "listed": _listed,
}  # fmt: skip
"""What is asked of a word in its place: a key for each of these tables, and what signs a key stands for."""

Asked = Mapping[str, Sequence[str]]
"""The keys of words, a column for each table."""


def signs_of(asked: Asked, at: int) -> list[str]:
    """All signs of one word in its place, for learning; on a bare line each counts as one of such lines, too."""
    keys = {table: column[at] for table, column in asked.items()}
    found = [f"{table}:{sign}" for table, key in keys.items() for sign in SIGNS[table](key.removeprefix(BARE))]
    return [*found, *(BARE + sign for sign in found)] if keys["own"].startswith(BARE) else found


def asked_of(found: Sequence[Token], spans: Sequence[Span], flat: frozenset[int] = frozenset()) -> Asked:
    """What is asked of each word of these runs, in order. `flat` are those of lines whose capitals say nothing."""
    at = [index for first, after in spans for index in range(first, after)]
    edge = Token(EDGE, 0, 0, "\n", True, False)
    padded = [edge, *found, edge]
    asked, next_ = [found[index] for index in at], [padded[index + 2] for index in at]
    own, gaps, next_gaps = list(map(WORD, asked)), list(map(GAP, asked)), list(map(GAP, next_))
    before = [EDGE if token.opens else padded[index].text for index, token in zip(at, asked, strict=True)]
    after = [EDGE if token.opens else token.text for token in next_]
    kinds, sorts, kinds_after = (list(map(signs.kind, column)) for column in (before, own, after))
    marks, next_marks = (["" if gap == " " else gap.strip()[:1] for gap in column] for column in (gaps, next_gaps))
    columns = {
        "own": own,
        "before": before,
        "after": after,
        "gap": gaps,
        "next_gap": next_gaps,
        "left": [f"{one}{mark}|{sort}" for one, mark, sort in zip(kinds, marks, sorts, strict=True)],
        "right": [f"{sort}|{mark}{one}" for one, mark, sort in zip(kinds_after, next_marks, sorts, strict=True)],
        "place": _stands(found, spans, flat),
        "listed": _in_lists(found, spans),
    }
    bare = _bare(found, flat)
    if not bare:
        return columns
    inside = [BARE if index in bare else "" for index in at]
    return {table: list(map(add, inside, keys)) for table, keys in columns.items()}


def _bare(found: Sequence[Token], flat: frozenset[int]) -> set[int]:
    """The words of lines that are no sentences: few of their words are small, or their capitals say nothing."""
    bare = set(flat)
    starts = [index for index, gap in enumerate(map(GAP, found)) if gap != " " and "\n" in gap]
    for start, after in pairwise([0, *starts, len(found)]):
        small = (True for token in found[start:after] if not token.capital and len(token.text) > 1)
        if len(list(islice(small, FEW))) < FEW:
            bare.update(range(start, after))
    return bare


def _stands(found: Sequence[Token], spans: Sequence[Span], flat: frozenset[int]) -> list[str]:
    """Where each word stands in its run and sentence, and how else the text writes it."""
    small = set(map(WORD, filterfalse(CAPITAL, found)))
    inside = {token.text for token in filter(CAPITAL, found) if not token.opens}
    stands = []
    for first, after in spans:
        tail = f",{min(after - first, 4)}"
        for index in range(first, after):
            word, opens = found[index].text, found[index].opens
            ends = ("f" if index == first else "") + ("l" if index == after - 1 else "")
            how = (",low" if word.lower() in small else "") + (",mid" if opens and word in inside else "")
            stands.append(f"{'o' if opens else 'i'}{ends}{tail}{how}{',flat' if index in flat else ''}")
    return stands


def _in_lists(found: Sequence[Token], spans: Sequence[Span]) -> list[str]:
    listed: list[str] = []
    for first, after in spans:
        listed += _phrases(found, first, after) if after - first > 1 else [""]
    return listed


def _phrases(found: Sequence[Token], first: int, after: int) -> list[str]:
    """For each word of a run its place in a listed name of several words: B, I or E with the kind."""
    known = lexicon()
    low = [token.text.lower() for token in found[first:after]]
    marks = [""] * len(low)
    at = 0
    while at < len(low) - 1:
        size = _longest(low, at, known.phrases) if low[at] in known.first else 1
        if size > 1:
            kind = known.phrases[" ".join(low[at : at + size])]
            marks[at : at + size] = [f"B{kind}", *[f"I{kind}"] * (size - 2), f"E{kind}"]
        at += size
    return marks


def _longest(low: Sequence[str], at: int, phrases: Mapping[str, str]) -> int:
    sizes = range(min(LONGEST, len(low) - at), 1, -1)
    return next((size for size in sizes if " ".join(low[at : at + size]) in phrases), 1)
