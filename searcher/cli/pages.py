"""How do an article, a report and the numbers of an archive look to people?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice

from searcher import building, inspection
from searcher.cli.listing import counted, grouped, plural
from searcher.cli.terminal import Screen, clean, note, wrap
from searcher.fields import FIELDS
from searcher.model import Article, Count, Unread
from searcher.settings import FILE
from searcher.text import count

SHOWN_UNREAD = 10
SHOWN_VALUES = 8
SHOWN_LINES = 3
"""How much is shown of a piece that was cut; --json has all of it."""
SHOWN_SOURCES, SHOWN_PIECES = 20, 5
"""How many sources, and pieces of each, are shown of what was cut."""


def show_article(article: Article, screen: Screen, stripped: bool = False) -> None:
    """Prints an article: title, metadata with their origins, text; and what was cut from its page."""
    print(screen.style(clean(article.title), "title"))
    for name, value, origin in _metadata(article):
        print(
            f"{screen.style(f'{name:<9}', 'dim')} {clean(value)}"
            + screen.style(f"  ({origin})" if origin else "", "dim")
        )
    print()
    for paragraph in article.body.split("\n\n"):
        print(screen.marked(clean(paragraph), ""), end="\n\n")
    if stripped:
        for line in _stripped(article, screen):
            print(line)


def _stripped(article: Article, screen: Screen) -> Iterator[str]:
    """What was cut: a line for each reason, and below it the beginning of each piece."""
    words = [count(piece.text) for piece in article.stripped]
    whole = article.words + sum(words)
    yield screen.style(f"cut from the page: {sum(words):,} of {plural(whole, 'word')}", "title")
    for reason, run in groupby(zip(article.stripped, words, strict=True), lambda item: item[0].reason):
        pieces = list(run)
        of = plural(sum(size for _, size in pieces), "word")
        yield screen.style(f"  {clean(reason)}, sure to {_range([piece.sure for piece, _ in pieces])}, {of}", "dim")
        for piece, _ in pieces:
            yield from _begun(clean(piece.text), "    ", screen)


def _range(shares: Sequence[float]) -> str:
    """The least and the largest share, in per cent.

    >>> _range([0.9, 0.724]), _range([0.9])
    ('72 to 90%', '90%')
    """
    least, most = round(100 * min(shares)), round(100 * max(shares))
    return f"{least} to {most}%" if least < most else f"{most}%"


def _begun(content: str, indent: str, screen: Screen) -> Iterator[str]:
    """The first lines of a text, with a mark where it goes on."""
    lines = list(islice(wrap(content, screen.width - len(indent) - 2), SHOWN_LINES + 1))
    more = " …" if len(lines) > SHOWN_LINES else ""
    shown = lines[:SHOWN_LINES]
    yield from (indent + line + (more if at == len(shown) else "") for at, line in enumerate(shown, 1))


def _metadata(article: Article) -> Iterator[tuple[str, str, str]]:
    """Name, value and origin of all that is known."""
    when = article.date
    yield "date", when.value if when else "undated", f"{when.origin}, sure to {when.confidence:.0%}" if when else ""
    known: Mapping[str, str | None] = {
        "source": article.source, "agency": article.agency, "authors": "; ".join(article.authors),
        "language": article.language, "section": article.section, "tags": "; ".join(article.tags),
        "url": article.url, "people": "; ".join(article.people), "places": "; ".join(article.places),
        "orgs": "; ".join(article.orgs), "speakers": "; ".join(article.speakers), "is": "; ".join(article.flags),
        "related": "; ".join(related.title for related in article.related),
        "images": "; ".join(article.images), "note": "; ".join(_notes(article)),
        "file": str(article.provenance), "id": article.id,
    }  # fmt: skip
    for name, value in known.items():
        if value:
            yield name, value, article.origins.get(name, "")


def _notes(article: Article) -> list[str]:
    unused = [f"nothing on the page matches: {rule}" for rule in article.claimed("unused")]
    return [*article.claimed("note"), *unused]


def watched(found: Iterable[Article | Unread]) -> Iterator[Article | Unread]:
    """The same, one by one; at their end, the rules of searcher.toml that matched nothing on any page are noted."""
    used, unused = set[str](), set[str]()
    for one in found:
        if isinstance(one, Article):
            used.update(one.claimed("rule"))
            unused.update(one.claimed("unused"))
        yield one
    for rule in sorted(unused - used):
        note(f"{FILE}: matches nothing on any page that was read: {clean(rule)}")


def show_report(done: building.Report, quiet: bool) -> None:
    """Prints what a build did, and on standard error what could not be read."""
    for item in () if quiet else done.unread[:SHOWN_UNREAD]:
        note(f"no article: {clean(str(item))}")
    more = len(done.unread) - SHOWN_UNREAD
    if more > 0 and not quiet:
        note(f"… and {more:,} more; --json lists them all")
    files = f"{done.new:,} new, {done.changed:,} changed, {done.gone:,} gone, {done.unchanged:,} unchanged"
    if done.dry_run:
        print(f"would read: {files}")
        return
    took = f"{done.seconds:.1f} s"
    print(f"{plural(done.total, 'article')} in the {done.engine} index ({files}; {took})")


def show_stats(found: inspection.Stats) -> None:
    """Prints the numbers of an archive."""
    dates = sorted(found.values["date"])
    span = f", {dates[0]} to {dates[-1]}" if dates else ""
    print(grouped(found.articles, found.texts, len(found.values["story"])) + span)
    undated = found.articles - sum(found.values["date"].values())
    without = plural(len(found.unread), "piece")
    print(f"{plural(found.files, 'file')} read, {without} without an article, {undated:,} undated")
    for name in inspection.COUNTED:
        if name in ("date", "story") or not found.values[name]:
            continue
        values = (Count(value, number, found.stories[name][value]) for value, number in found.values[name].items())
        ranked = sorted(values, key=lambda one: (-one.count, one.value))
        shown = " · ".join(counted(ranked[:SHOWN_VALUES]))
        more = f" · and {len(ranked) - SHOWN_VALUES:,} more" if len(ranked) > SHOWN_VALUES else ""
        print(f"{name:<8} {shown}{more}")
    sizes = f"articles {found.store_bytes / 1e6:.1f} MB, engine {found.engine_bytes / 1e6:.1f} MB"
    print(f"index    {found.engine}, generation {found.generation}, {sizes}")


def show_cleaned(found: Sequence[inspection.Cleaned], screen: Screen) -> None:
    """Prints what was cut from the pages of each source: how much, for which reasons, and the commonest pieces."""
    cut, words = sum(one.cut for one in found), sum(one.words for one in found)
    print(f"cut: {_share(cut, words)}, {plural(sum(one.articles for one in found), 'page')}")
    _show_reasons(sum((Counter(one.reasons) for one in found), Counter()), screen)
    for one in found[:SHOWN_SOURCES]:
        name = screen.style(clean(one.source or "of unknown source"), "title")
        sure = f", sure to {one.sure:.0%}" if one.cut else ""
        print(f"\n{name}: {_share(one.cut, one.words)}, {plural(one.articles, 'page')}{sure}")
        _show_reasons(one.reasons, screen)
        for piece in one.pieces[:SHOWN_PIECES]:
            print(_piece(piece, screen))
    if len(found) > SHOWN_SOURCES:
        print(f"\nand {plural(len(found) - SHOWN_SOURCES, 'source')} more; --json lists them all")


def _show_reasons(words: Mapping[str, int], screen: Screen) -> None:
    ranked = sorted(words.items(), key=lambda item: (-item[1], item[0]))
    line = " · ".join(f"{clean(reason)} {number:,}" for reason, number in ranked)
    if line:
        print(screen.marked(line, "  ", "dim"))


def _piece(piece: inspection.Cut, screen: Screen) -> str:
    begin = f"{piece.articles:>6,} × {piece.sure:>4.0%}  "
    why = f"  ({clean(piece.reason)})"
    room = screen.width - len(begin) - len(why) - 2
    lines = list(islice(wrap(clean(piece.text), room), 2))
    return begin + "".join(lines[:1]) + (" …" if len(lines) > 1 else "") + screen.style(why, "dim")


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {plural(whole, 'word')} ({part / max(1, whole):.0%})"


def show_fields() -> None:
    """Prints the table of fields."""
    for field in FIELDS:
        aliases = f" ({', '.join(field.aliases)})" if field.aliases else ""
        print(f"{field.name + aliases:<32} {field.help:<48} {field.example}")
