"""How does a story look to people? Who had it first, and who followed."""

from __future__ import annotations

from typing import Annotated

import typer

from searcher import wire
from searcher.archive import Archive
from searcher.cli import last
from searcher.cli.arguments import Folder, Json
from searcher.cli.listing import plural
from searcher.cli.terminal import Screen, clean
from searcher.model import Article
from searcher.telling import Story, Telling


def story(
    identity: Annotated[str, typer.Argument(metavar="ID", help="Of any of its articles, or the number of a hit.")],
    archive: Folder = None,
    json: Json = False,
) -> None:
    """Show how a story spread: who had it first, who followed and how far behind, and what share was copied."""
    with Archive(archive) as opened:
        found = opened.story(last.meant(opened.root, identity))
        if json:
            print(wire.dumps(wire.story(found)))
        else:
            show(found, Screen())
            last.remember(opened.root, [each.article.id for each in found.tellings])


def show(found: Story, screen: Screen) -> None:
    """Prints a story: its sum in one line, then an article a line, in the order they came."""
    first = found.tellings[0].article
    print(screen.style(clean(first.title), "title"))
    print(_sum(found))
    for number, each in enumerate(found.tellings, 1):
        for line in _lines(each, number, first, screen):
            print(line)
    if found.total > len(found.tellings):
        print(f"and {found.total - len(found.tellings):,} more")


def _sum(found: Story) -> str:
    texts = f", {plural(found.texts, 'text')}" if found.texts < found.total else ""
    parts = [f"{plural(found.total, 'article')}{texts}"]
    if found.sources:
        parts.append(f"{plural(len(found.sources), 'source')}, {clean(found.sources[0])} first")
    if found.total > 1:
        parts.append(f"{found.copied:.0%} of what followed was copied")
    return " · ".join(parts)


def _lines(each: Telling, number: int, first: Article, screen: Screen) -> list[str]:
    article = each.article
    when = article.date.value if article.date else "undated"
    source = clean(article.source or "unknown source")
    agency = f" ({clean(article.agency)})" if article.agency and article.agency != article.source else ""
    head = f"{number:>3}  {when:<10}  {behind(each) if number > 1 else 'first':<9} {source}{agency}"
    copied = f"{each.copied:.0%} copied" if number > 1 else ""
    kind = "same text as the first" if number > 1 and article.copy == first.copy else ""
    tail = " · ".join(filter(None, [kind, copied]))
    title = screen.marked(clean(article.title), "     ")
    return [head + (screen.style(f" · {tail}", "dim") if tail else ""), title]


def behind(each: Telling) -> str:
    """How far an article is behind the first, in the largest unit that says it well.

    >>> [behind(Telling(None, hours, days, 0.0)) for hours, days in ((0.5, 0), (26.0, 1), (None, 0), (None, None))]
    ['+30 min', '+26 h', 'same day', '?']
    """
    if each.hours is not None and abs(each.hours) < 48:
        size = abs(each.hours)
        return ("-" if each.hours < 0 else "+") + (f"{size * 60:.0f} min" if size < 1 else f"{size:.0f} h")
    if each.days is None:
        return "?"
    return "same day" if each.days == 0 else f"{each.days:+} day{'s' if abs(each.days) > 1 else ''}"
