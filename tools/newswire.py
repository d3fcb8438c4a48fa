"""Made-up newswire with its names marked: the lines of newswire.toml filled with names, drawn always alike."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))

KINDS = {
    "per": "person", "sur": "person", "given": "person", "init": "person",
    "city": "place", "country": "place", "state": "place",
    "club": "org", "team": "org", "company": "org", "body": "org", "paper": "org", "agency": "org",
    "made_company": "org", "made_body": "org", "orgcity": "org", "orgteam": "org",
    "dem": "misc", "event": "misc",
}  # fmt: skip
"""What each slot of a line is a name of; the others are none."""

Marked = tuple[int, int, str]

Made = tuple[str, tuple[Marked, ...]]
"""A text, and its names: start, end, kind."""

FORMS = ("headline", "byline", "dateline", "table")
"""Sorts of lines that stand in newswire only, and show by their form what is a name in them."""

ROWS = {"headline": (1, 2), "byline": (0, 1), "dateline": (1, 1), "table": (0, 6), "report": (5, 8)}
"""How many lines of each sort a text has, from and to."""

_SLOT = re.compile(r"\{(\w+)\}")


class Names(NamedTuple):
    """What slots are filled with beside the lists of newswire.toml."""

    given: Sequence[str]
    surnames: Sequence[str]
    people: Sequence[str]
    cities: Sequence[str]
    countries: Sequence[str]
    states: Sequence[str]


def documents(names: Names, number: int, sorts: Sequence[str], seed: int = 1) -> Iterator[Made]:
    """Texts of lines of these sorts, with their names: start, end, kind."""
    filler = _Filler(names, random.Random(seed))
    for _ in range(number):
        yield _document(filler, sorts)


class _Filler:
    def __init__(self, names: Names, rng: random.Random) -> None:
        self.names, self.rng = names, rng
        self.lists = {name: value.split("|") for name, value in LISTS["lists"].items()}
        self.lines = {name: value.split("\n") for name, value in LISTS["lines"].items()}
        self.posts = LISTS["lines"]["post"].split("|")

    def pick(self, values: Sequence[str]) -> str:
        return self.rng.choice(values)

    def name(self, slot: str) -> str:
        names, rng = self.names, self.rng
        if slot in self.lists and slot != "country":
            return self.pick(self.lists[slot])
        match slot:
            case "per":
                return self.pick(names.people) if rng.random() < 0.5 else f"{self.pick(names.given)} {self.sur()}"
            case "sur":
                return self.sur()
            case "given":
                return self.pick(names.given)
            case "init":
                return f"{rng.choice('ABCDGHJKMNPRSW')}."
            case "city" | "orgcity":
                # the large ones come first, and more often
                return names.cities[int(len(names.cities) * rng.random() ** 2)]
            case "orgteam":
                return self.pick(self.lists["team"]).split()[-1]
            case "country":
                return self.pick(names.countries)
            case "state":
                return self.pick(names.states)
            case "made_company":
                return f"{self.made()} {self.pick(self.lists['company_tail'])}"
            case "made_body":
                first = self.pick([self.made(), self.pick(names.cities), self.pick(names.countries)])
                return f"{first} {self.pick(self.lists['body_tail'])}"
            case "date":
                return f"{rng.randint(1987, 2024)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
            case "month":
                return self.pick("Jan Feb. March April May June July Aug September October Nov. December".split())
            case "day":
                return str(rng.randint(1, 30))
            case "digit":
                return str(rng.randint(0, 5))
            case "number":
                return str(rng.randint(50, 400))
            case "score":
                return f"{rng.randint(0, 4)}-{rng.randint(0, 3)}"
            case "post":
                return self.pick(self.posts)
        raise KeyError(slot)

    def sur(self) -> str:
        if self.rng.random() < 0.5:
            return self.pick(self.names.people).split()[-1]
        return self.pick(self.names.surnames)

    def made(self) -> str:
        parts = [self.sur() for _ in range(self.rng.choice((1, 1, 1, 2)))]
        return " ".join(parts)


def _document(filler: _Filler, sorts: Sequence[str]) -> Made:
    """Lines of these sorts, some of each; rows of a table are mostly alike."""
    text = ""
    marks: list[Marked] = []
    for sort in sorts:
        lines = filler.lines[sort]
        same = filler.pick(lines)
        for _ in range(filler.rng.randint(*ROWS[sort])):
            row = same if sort == "table" and filler.rng.random() < 0.7 else filler.pick(lines)
            text, found = _filled(filler, row, text)
            marks += found
    return text, tuple(marks)


def _filled(filler: _Filler, line: str, text: str) -> tuple[str, list[Marked]]:
    """A text with one more line, and the names in that. "{init} {sur}" is one name."""
    marks: list[Marked] = []
    done = 0
    for match in _SLOT.finditer(line):
        text += line[done : match.start()]
        slot, done = match[1], match.end()
        value = _cased(filler.name(slot.lower()), slot)
        kind = KINDS.get(slot.lower())
        goes_on = slot == "sur" and line[: match.start()].endswith(("{given} ", "{init} "))
        start = marks.pop()[0] if goes_on else len(text)
        text += value
        if kind:
            marks.append((start, len(text), kind))
    return text + line[done:] + "\n", marks


def _cased(value: str, slot: str) -> str:
    """A name in capitals, or with a capital, where its slot is."""
    return value.upper() if slot.isupper() else value[:1].upper() + value[1:] if slot[0].isupper() else value
