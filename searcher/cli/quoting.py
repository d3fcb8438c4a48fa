"""Who carries a quote? The command `searcher quote`: of a text every article, of an article each of its quotes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from searcher import wire
from searcher.archive import Archive
from searcher.cli import last
from searcher.cli.arguments import Color, Colored, Folder, Json
from searcher.cli.listing import day, plural, quoted
from searcher.cli.terminal import END, EXTRA, MISSING, Screen, clean, note
from searcher.errors import ArchiveError, SearcherError
from searcher.model import Article

if TYPE_CHECKING:
    from searcher.quoting import Carrier, Quoted, Traced

SHOWN = 160
"""How many characters of a quote of an article are shown."""


def quote(
    words: Annotated[list[str], typer.Argument(metavar="TEXT…|ID", help="Three words or more; or an article.")],
    number: Annotated[int | None, typer.Option("-n", min=1, help="How many articles to list.")] = None,
    every: Annotated[bool, typer.Option("--all", help="List every copy of a text.")] = False,
    archive: Folder = None,
    json: Json = False,
    color: Colored = Color.auto,
) -> None:
    """List every article that carries a quote, the oldest first, with what differs there: [-gone-] {+added+}.

    Of an article (an id, or the number of a hit), list its quotes, and of each who had it first.
    Exit status: 0 found, 1 nothing found, 2 error.
    """
    typed = " ".join(words)
    with Archive(archive) as opened:
        if len(typed.split()) == 1:
            found = _trace(opened, _article(opened, typed), json, Screen(color.value))
        else:
            found = _find(opened, typed, number, every, json, Screen(color.value))
    raise typer.Exit(0 if found else 1)


def _article(archive: Archive, typed: str) -> Article:
    """The article that one word names. Raises SearcherError if it is none: it is no quote either."""
    identity = last.meant(archive.root, typed)
    try:
        return archive.article(identity)
    except ArchiveError as error:
        hint = "`searcher quote 'three words or more'`; `search 'quote:word'` finds single words in quotation marks"
        raise SearcherError(f"neither an article nor a quote of three words: {typed}", hint) from error


def _find(archive: Archive, typed: str, number: int | None, every: bool, json: bool, screen: Screen) -> bool:
    found = archive.quote(typed, fold=not every)
    shown = found.carriers[:number]
    last.remember(archive.root, [carrier.article.id for carrier in shown])
    if json:
        print(wire.dumps(wire.quoted(found, shown)))
    elif found.total:
        _show(found, shown, screen)
    if not found.total:
        _nothing(found)
    return bool(found.total)


def _nothing(found: Quoted) -> None:
    asked = found.asked
    few = f"{asked.least} of its {len(asked.words)} words" if asked.least < len(asked.words) else "its words"
    row = "in a row" if asked.is_plain else f"in their order, within {asked.window} words"
    note(f"no article carries it: {clean(asked.text)}")
    note(f"  looked for: {few}, {row}")
    note(f"hint: search {quoted(clean(asked.text))}")


def _show(found: Quoted, shown: tuple[Carrier, ...], screen: Screen) -> None:
    print(screen.style(clean(found.asked.text), "dim"))
    print(_totals(found), end="\n\n")
    for number, carrier in enumerate(shown, 1):
        print("\n".join(_carrier(number, carrier, screen)), end="\n\n")
    if len(shown) < len(found.carriers):
        print(f"and {len(found.carriers) - len(shown):,} more")


def _totals(found: Quoted) -> str:
    line = plural(found.total, "article")
    if len(found.carriers) < found.total:
        line += f" with {plural(len(found.carriers), 'text')}"
    dates = [carrier.article.date for carrier in found.carriers if carrier.article.date]
    if dates:
        first, latest = min(one.first() for one in dates), max(one.last() for one in dates)
        line += f", {day(first)}" + (f" – {day(latest)}" if latest != first else "")
    marks = sum(carrier.quoted for carrier in found.carriers)
    return line + ("" if marks == len(found.carriers) else f"; {marks:,} in quotation marks")


def _carrier(number: int, carrier: Carrier, screen: Screen) -> Iterator[str]:
    """An article: number, date, days after the first, source, speaker; title; the words; copies."""
    article = carrier.article
    about = [article.date.value if article.date else "undated", _later(carrier.days), article.source]
    about += [article.agency, f"said by {carrier.speaker}" if carrier.speaker else None]
    about += [None if carrier.quoted else "not in quotation marks"]
    first = f"{number:>3}  " + " · ".join(clean(part) for part in about if part)
    yield screen.style(first, "number")
    yield screen.marked(clean(article.title), "     ", "title")
    yield screen.compared(_marked(carrier, screen.colour), "     ")
    if carrier.copies > 1:
        yield screen.style(f"     +{plural(carrier.copies - 1, 'copy')}", "dim")


def _later(days: int | None) -> str | None:
    return f"+{days:,} {'day' if days == 1 else 'days'}" if days else None


def _marked(carrier: Carrier, colour: bool) -> str:
    """The words with what differs: between marks for colours, or as wdiff prints it."""
    extra, extra_end, missing, missing_end = (EXTRA, END, MISSING, END) if colour else ("{+", "+}", "[-", "-]")
    text, stretch = carrier.text, carrier.stretch
    pieces = [(piece.at, -1, f"{missing}{clean(piece.text)}{missing_end} ") for piece in stretch.removed]
    pieces += [(end, end, f"{extra}{clean(text[start:end])}{extra_end}") for start, end in stretch.added]
    starts = {end: start for start, end in stretch.added}
    parts, done = list[str](), 0
    for at, end, piece in sorted(pieces, key=lambda one: (starts.get(one[1], one[0]), one[1])):
        begin = starts.get(end, at)
        space = " " if begin == len(text) and end < 0 else ""
        parts += [clean(text[done:begin]), space + (piece.rstrip() if space else piece)]
        done = max(done, begin, end)
    return "".join([*parts, clean(text[done:])])


def _trace(archive: Archive, article: Article, json: bool, screen: Screen) -> bool:
    traced = archive.quotes(article)
    if json:
        plain = wire.traced(traced, article)
        print(wire.dumps(plain))
        return bool(plain["quotes"])
    number = 0
    for number, one in enumerate(traced, 1):
        print("\n".join(_traced(number, one, article, screen)), end="\n\n")
    if not number:
        note(f"no quotes of three words or more: {clean(article.title)}")
    return number > 0


def _traced(number: int, one: Traced, article: Article, screen: Screen) -> Iterator[str]:
    """A quote of an article: who says it; how many others carry it, and who had it first."""
    text = one.quote.text
    yield screen.marked(f"{number:>3}  {clean(text[:SHOWN])}" + (" …" if len(text) > SHOWN else ""), "")
    yield screen.style(f"     {clean(' · '.join(_fate(one, article)))}", "dim")


def _fate(one: Traced, article: Article) -> Iterator[str]:
    if one.quote.speaker:
        yield f"said by {one.quote.speaker}"
    if one.total is None:
        yield "too many articles may carry it"
    elif not one.others:
        yield "in no other article"
    else:
        yield f"in {plural(one.others, 'other article')}"
        first = one.first.article if one.first else article
        where = [first.date.value if first.date else "undated", first.source or "", first.id]
        yield "first here" if first.id == article.id else f"first: {', '.join(filter(None, where))}"
