"""Are title, authors and date of a page the right ones? python bench/metadata.py [--errors title|authors|date]

On the development pages of WCXB, beside htmldate and trafilatura where they are installed: titles and authors exact
and folded (case, accents and marks ignored), days right, wrong, not given, and given where the truth has none;
which origin errs; and whether the confidence of a date means something. Pages are parted by site into two halves:
rules are made on the first, the second says whether they hold.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import re
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from common import DATA, table
from gold import described, f1, pages

from searcher.cleaning import clean
from searcher.model import Article

FIELDS = ("title", "authors", "date")
PEERS = ("htmldate", "trafilatura")


class Answer(NamedTuple):
    """What one program says of one page; `origins` and `confidence` are known of ours only."""

    title: str = ""
    authors: tuple[str, ...] = ()
    date: str | None = None
    seconds: float = 0.0
    origins: Mapping[str, str] = {}
    confidence: float = 0.0


class Case(NamedTuple):
    """One page: what is true of it, and what each program says. `half` is 0 or 1, the same for a whole site."""

    row: Mapping[str, Any]
    half: int
    answers: Mapping[str, Answer]


def main() -> None:
    """Reads every page with each program, compares, prints the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--errors", choices=FIELDS, help="list what we get wrong of one field, and nothing else")
    options.add_argument("--alone", action="store_true", help="without the peers")
    chosen = options.parse_args()
    peers = {} if chosen.alone or chosen.errors else _peers()
    cases = list(_cases(peers))
    if chosen.errors:
        _errors(cases, chosen.errors)
        return
    _tables(cases, ["ours", *peers])


def _tables(cases: list[Case], programs: list[str]) -> None:
    packages = ["searcher", *(name for name in PEERS if any(name in program for program in programs))]
    table("metadata", f"Metadata on {len(cases)} pages", summary(cases, programs), packages)
    table("metadata-origins", "Metadata: which origin is right how often", by_origin(cases), ["searcher"])
    table(
        "metadata-confidence", "Metadata: what the confidence of a date means", by_confidence(cases), ["searcher"]
    )


def _cases(peers: Mapping[str, Callable[[str], Answer]]) -> Iterator[Case]:
    for row, page in pages():
        answers = {"ours": _ours(page)}
        html = gzip.decompress((DATA / "html" / "wcxb-dev" / row["html"]).read_bytes()).decode("utf-8", "replace")
        answers |= {name: _timed(peer, html) for name, peer in peers.items()}
        host = (urlsplit(row["url"]).hostname or "").removeprefix("www.")
        yield Case(row, hashlib.sha256(host.encode()).digest()[0] % 2, answers)


def _ours(page: Any) -> Answer:
    verdicts = clean(page).verdicts
    start = time.process_time()
    article = described(page, verdicts)
    return answered(article)._replace(seconds=time.process_time() - start)


def answered(article: Article | None) -> Answer:
    """What an article says of its page."""
    if article is None:
        return Answer()
    day = article.date
    found = (day.value if day else None, 0.0, article.origins, day.confidence if day else 0.0)
    return Answer(article.title, article.authors, *found)


def _timed(peer: Callable[[str], Answer], html: str) -> Answer:
    start = time.process_time()
    answer = peer(html)
    return answer._replace(seconds=time.process_time() - start)


def _peers() -> dict[str, Callable[[str], Answer]]:
    """The peers that are installed; says how to get those that are not."""
    missing = [name for name in PEERS if find_spec(name) is None]
    if missing:
        print(
            f"not installed, left out: {', '.join(missing)}\nhint: pip install -c constraints.txt -e '.[bench]'\n"
        )
    found: dict[str, Callable[[str], Answer]] = {}
    if "htmldate" not in missing:
        find_date = import_module("htmldate").find_date
        for name, extensive in (("htmldate, fast", False), ("htmldate, extensive", True)):
            found[name] = lambda html, extensive=extensive: Answer(
                date=find_date(html, extensive_search=extensive, original_date=True)
            )
    if "trafilatura" not in missing:
        found["trafilatura"] = _trafilatura
    return found


def _trafilatura(html: str) -> Answer:
    found = import_module("trafilatura.metadata").extract_metadata(html)
    if found is None:
        return Answer()
    return Answer(found.title or "", tuple((found.author or "").split("; ")) if found.author else (), found.date)


_CREDENTIAL = re.compile(r"(?:[A-Z][A-Za-z]?\.?){1,4}[A-Z]?|[A-Z]{2,6}(?:-[A-Z]+)?|Jr\.?|Ph\.?D\.?")
_SEVERAL = re.compile(r"\s*[,;&]\s*(?:and\s)?|\s+and\s+")


def persons(authors: Sequence[str]) -> frozenset[str]:
    """The names in a list of authors, each alone, without degrees.

    >>> sorted(persons(["Jane Doe, MS, RD", "Max Mustermann and John Roe"]))
    ['Jane Doe', 'John Roe', 'Max Mustermann']
    """
    parts = [part for author in authors for part in _SEVERAL.split(" ".join(author.split()))]
    return frozenset(part for part in parts if part and not _CREDENTIAL.fullmatch(part))


def folded(text: str) -> str:
    """A text without case, accents, spaces and marks."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(ch for ch in letters if ch.isalnum())


_QUOTES = str.maketrans("‘’‚“”„«»–—", '\'\'\'"""""--')


def alike(text: str) -> str:
    """A text with straight quotation marks and one kind of dash: the truth has often not what pages show."""
    return " ".join(text.translate(_QUOTES).split())


def right(row: Mapping[str, Any], answer: Answer, what: str) -> bool:
    """Whether one program is right about one field of one page, where the truth has one."""
    if what == "date":
        return answer.date == row["date"]
    if what == "title, exact":
        return " ".join(answer.title.split()) == " ".join(row["title"].split())
    if what == "title, quotes alike":
        return alike(answer.title) == alike(row["title"])
    if what == "title, folded":
        return folded(answer.title) == folded(row["title"])
    if what == "title, words":
        return f1(answer.title, row["title"]) >= 0.8
    one, other = persons(answer.authors), persons([row["author"]])
    if what == "authors, exact":
        return one == other
    return {*map(folded, one)} == {*map(folded, other)}


_WANTED = {
    "title, exact": "0.87",
    "title, quotes alike": "",
    "title, folded": "",
    "title, words": "",
    "authors, exact": "0.75",
    "authors, folded": "",
    "date": "",
}
_GOLD = {"title": "title", "authors": "author", "date": "date"}


def _known(cases: Sequence[Case], what: str) -> list[Case]:
    return [case for case in cases if case.row[_GOLD[what.split(",")[0]]]]


def summary(cases: list[Case], programs: list[str]) -> list[list[str]]:
    """A row a figure, a column a program; ours on each half too."""
    halves = [[case for case in cases if case.half == half] for half in (0, 1)]
    columns = [(cases, name) for name in programs] + [(half, "ours") for half in halves]
    rows = [["what", "goal", *programs, "ours, first half", "ours, second half"]]
    rows += [
        [f"{what}, right", goal, *(_share(part, name, what) for part, name in columns)]
        for what, goal in _WANTED.items()
    ]
    rows += [[what, "", *(_days(part, name)[what] for part, name in columns)] for what in _days(cases, "ours")]
    rows.append(["pages a CPU second", "", *(_speed(part, name) for part, name in columns)])
    return rows


def _share(cases: Sequence[Case], program: str, what: str) -> str:
    known = _known(cases, what)
    if not any(getattr(case.answers[program], what.split(",")[0]) for case in cases):
        return "–"
    return f"{sum(right(case.row, case.answers[program], what) for case in known) / len(known):.3f}"


def _days(cases: Sequence[Case], program: str) -> dict[str, str]:
    """Of pages that have a day and of those that have none: what is given."""
    answers = [(case.row["date"], case.answers[program].date) for case in cases]
    wrong = sum(bool(true and given and true != given) for true, given in answers)
    silent = sum(bool(true and not given) for true, given in answers)
    invented = sum(bool(not true and given) for true, given in answers)
    given = sum(bool(true and given) for true, given in answers)
    return {
        "date, wrong": str(wrong),
        "date, none given": str(silent),
        "date, right where given": f"{1 - wrong / max(1, given):.3f}",
        "date, given where the truth has none": str(invented),
        "authors, given where the truth has none": str(
            sum(bool(not case.row["author"] and case.answers[program].authors) for case in cases)
        ),
    }


def _speed(cases: Sequence[Case], program: str) -> str:
    return f"{len(cases) / max(1e-9, sum(case.answers[program].seconds for case in cases)):.0f}"


def by_origin(cases: list[Case]) -> list[list[str]]:
    """For each field the origins of what we give: how often, how often right, and where the truth has none."""
    rows = [["field", "origin", "given", "right", "share", "truth has none"]]
    for field, what in (("title", "title, exact"), ("authors", "authors, exact"), ("date", "date")):
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for case in cases:
            known = bool(case.row[_GOLD[field]])
            origin = case.answers["ours"].origins.get(field, "–")
            found[origin]["given" if known else "none"] += 1
            found[origin]["right"] += known and right(case.row, case.answers["ours"], what)
        rows += [
            [field, origin, str(count["given"]), str(count["right"]), _part(count["right"], count["given"]),
             str(count["none"])]
            for origin, count in sorted(found.items(), key=lambda item: -item[1].total())
        ]  # fmt: skip
    return rows


def by_confidence(cases: list[Case]) -> list[list[str]]:
    """For each confidence that we give a date: how often that is right."""
    found: dict[float, Counter[bool]] = defaultdict(Counter)
    for case in _known(cases, "date"):
        answer = case.answers["ours"]
        if answer.date:
            found[round(answer.confidence, 2)][answer.date == case.row["date"]] += 1
    rows = [["confidence", "given", "right", "share"]]
    for confidence, count in sorted(found.items(), reverse=True):
        rows.append([f"{confidence:.2f}", str(count.total()), str(count[True]), _part(count[True], count.total())])
    return rows


def _part(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


def _errors(cases: list[Case], field: str) -> None:
    """What we get wrong of one field on the first half, a page a line: the other half is not to be looked at."""
    what = {"title": "title, exact", "authors": "authors, exact", "date": "date"}[field]
    for case in cases:
        answer = case.answers["ours"]
        given = getattr(answer, field)
        if case.half == 0 and (case.row[_GOLD[field]] or given) and not _matches(case, what):
            origin = answer.origins.get(field, "–")
            print(f"{case.row['html']} {case.row['url'][:80]}\n  true {case.row[_GOLD[field]]!r}\n"
                  f"  ours {given!r} ({origin})")  # fmt: skip


def _matches(case: Case, what: str) -> bool:
    return bool(case.row[_GOLD[what.split(",")[0]]]) and right(case.row, case.answers["ours"], what)


if __name__ == "__main__":
    main()
