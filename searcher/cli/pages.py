"""How do an article, a report and the numbers of an archive look to people?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from searcher import building, inspection
from searcher.cli.listing import plural
from searcher.cli.terminal import Screen, clean, note
from searcher.fields import FIELDS
from searcher.model import Article, Unread
from searcher.settings import FILE

SHOWN_UNREAD = 10
SHOWN_VALUES = 8


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
        print(screen.style(f"cut from the page: {plural(len(article.stripped), 'piece')}", "title"))
        for piece in article.stripped:
            print(screen.marked(f"[{piece.reason}] {clean(piece.text)}", "  "))


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
    print(f"{plural(found.articles, 'article')} in {plural(len(found.values['story']), 'story')}{span}")
    undated = found.articles - sum(found.values["date"].values())
    without = plural(len(found.unread), "piece")
    print(f"{plural(found.files, 'file')} read, {without} without an article, {undated:,} undated")
    for name in inspection.COUNTED:
        if name in ("date", "story") or not found.values[name]:
            continue
        ranked = sorted(found.values[name].items(), key=lambda item: (-item[1], item[0]))
        shown = " · ".join(f"{clean(value)} {number:,}" for value, number in ranked[:SHOWN_VALUES])
        more = f" · and {len(ranked) - SHOWN_VALUES:,} more" if len(ranked) > SHOWN_VALUES else ""
        print(f"{name:<8} {shown}{more}")
    sizes = f"articles {found.store_bytes / 1e6:.1f} MB, engine {found.engine_bytes / 1e6:.1f} MB"
    print(f"index    {found.engine}, generation {found.generation}, {sizes}")


def show_fields() -> None:
    """Prints the table of fields."""
    for field in FIELDS:
        aliases = f" ({', '.join(field.aliases)})" if field.aliases else ""
        print(f"{field.name + aliases:<32} {field.help:<48} {field.example}")
