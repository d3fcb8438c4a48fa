"""The command `searcher tag`: which articles belong together, in people's own words."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from searcher import wire
from searcher.archive import Archive
from searcher.cli import last, listing
from searcher.cli.arguments import Folder, Json, Quiet
from searcher.cli.listing import plural
from searcher.cli.terminal import Progress, clean, note
from searcher.errors import SearcherError
from searcher.query import leaves
from searcher.query.tree import Exact, InField

if TYPE_CHECKING:
    from searcher.tagging import Tagged

_ID = re.compile(r"[a-z2-7]{13}")
_DONE = {
    "tag": ("tagged", "to tag", "had it already"),
    "remove": ("taken from it", "to take from it", "did not have it"),
    "rename": ("renamed", "to rename", ""),
}
"""What is said of the articles that changed, or would change, and of the others."""


def tag(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME QUERY|ID…", help="A query, or articles."),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the tag from them.")] = False,
    rename: Annotated[bool, typer.Option("--rename", help="Give a tag another name: OLD NEW.")] = False,
    merge: Annotated[bool, typer.Option("--merge", help="--rename to a name that is taken.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many; write nothing.")] = False,
    archive: Folder = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tag all that a query finds, or articles by id or number of a hit (- reads ids); alone, list the tags.

    Tags are lines of tags.txt in corpus/, which you may edit. Exit status: 0 found, 1 nothing found, 2 error.
    """
    if (remove and rename) or (merge and not rename):
        raise SearcherError("flags that exclude each other", "--remove, or --rename; --merge goes with --rename")
    with Archive(archive) as opened:
        if not words and not remove and not rename:
            raise typer.Exit(_list(opened, json))
        what = "remove" if remove else "rename" if rename else "tag"
        with _options(dry_run, quiet) as options:
            change = _renamed if rename else _changed
            done = change(opened, words or [], merge or remove, options)
        if json:
            print(wire.dumps(wire.report(done)))
        elif done.found:
            _say(done, what, dry_run)
        if not quiet:
            _notes(opened, done, what, words or [])
    raise typer.Exit(0 if done.found else 1)


def _changed(opened: Archive, words: Sequence[str], remove: bool, options: dict[str, Any]) -> Tagged:
    if len(words) < 2:
        said = f": {words[0]}" if words else ""
        hint = "searcher tag NAME QUERY|ID…; '*' is all"
        raise SearcherError(f"no articles, and no query that finds them{said}", hint)
    name, *wanted = words
    ids = named(opened, wanted)
    change = opened.untag if remove else opened.tag
    return change(name, " ".join(wanted) if ids is None else ids, **options)


def _renamed(opened: Archive, words: Sequence[str], merge: bool, options: dict[str, Any]) -> Tagged:
    if len(words) != 2:
        raise SearcherError(f"--rename takes two names, here are {len(words)}", "searcher tag --rename OLD NEW")
    return opened.rename_tag(words[0], words[1], merge, **options)


def named(opened: Archive, words: Sequence[str]) -> list[str] | None:
    """The ids that were typed: whole ids, numbers of hits in the last list, - for lines of standard input.

    None if the words are a query: one of them is none of these. Raises ArchiveError for a number of no hit,
    SearcherError where ids of articles stand among other words.
    """
    typed = [word.strip() for word in _typed(words)]
    known = _known(opened, [word for word in typed if _ID.fullmatch(word)])
    numbers = [word for word in typed if word.isdecimal() and len(word) < 4]
    if len(known) + len(numbers) == len(typed):
        return [last.meant(opened.root, word) for word in typed]
    if "-" in words:
        unknown = next(word for word in typed if word not in known and word not in numbers)
        raise SearcherError(f"no such article: {unknown}", "`search --ids QUERY` prints the ids of articles")
    if known:
        hint = f"articles are named by ids alone; in a query it is id:{known[0]}"
        raise SearcherError(f"the id of an article among other words: {known[0]}", hint)
    return None


def _typed(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield from filter(str.strip, sys.stdin) if word == "-" else (word,)


def _known(opened: Archive, words: Sequence[str]) -> list[str]:
    """Those of the words that are ids of articles, in their order."""
    known: set[str] = set()
    for at in range(0, len(words), 1000):
        query = f"id:({' | '.join(words[at : at + 1000])})"
        known.update(hit.article.id for hit in opened.hits(query, passages=0))
    return [word for word in words if word in known]


@contextmanager
def _options(dry_run: bool, quiet: bool) -> Iterator[dict[str, Any]]:
    """How it is done, and what the building of the index is to tell of itself."""
    line = Progress(quiet)
    waiting = None if quiet else lambda holder: note(f"waiting for {holder}, who is writing the index")
    yield {"dry_run": dry_run, "progress": line.step, "waiting": waiting}
    line.end()


def _say(done: Tagged, what: str, dry_run: bool) -> None:
    changed, would, others = _DONE[what]
    said = f"{clean(done.name)}: {plural(done.changed, 'article')} {would if dry_run else changed}"
    left = done.found - done.changed
    print(said + (f", {left:,} {others}" if left else ""))


def _notes(opened: Archive, done: Tagged, what: str, words: Sequence[str]) -> None:
    for line in done.notes:
        note(f"note: {line}")
    if done.keyword:
        of = "of them" if what == "remove" else plural(done.keyword, "other").partition(" ")[2]
        has = "has it as a keyword of its page" if done.keyword == 1 else "have it as a keyword of their pages"
        note(f"note: {done.keyword:,} {of} {has}; {clause(done.name)} finds both")
    if not done.found:
        listing.nothing_found(opened.search(" ".join(words[1:]), limit=0), "search")
    elif what != "remove":
        note(f"`search {listing.quoted(clean(clause(done.name)))}` finds them")


def clause(name: str) -> str:
    """What finds a tag in a query.

    >>> clause("Climate change"), clause('the "Rock"')
    ('tag:"climate change"', 'tag:=«the "Rock"»')
    """
    node = Exact(name) if '"' in name else leaves.plain(leaves.lowered(name))
    return str(InField("tag", node))


def _list(opened: Archive, json: bool) -> int:
    tags = opened.tags()
    found = tags.articles()
    faults = tags.faults()
    if json:
        rows = [{"name": name, "count": len(ids)} for name, ids in found.items()]
        print(wire.dumps({"schema_version": wire.SCHEMA_VERSION, "tags": rows,
                          "faults": [fault._asdict() for fault in faults]}))  # fmt: skip
    for name, ids in () if json else found.items():
        print(f"{len(ids):>7,}  {clean(name)}")
    for fault in faults:
        note(f"searcher: {tags.path}, {clean(str(fault))}")
    if not (json or found or faults):
        note("nothing is tagged yet; `searcher tag NAME QUERY` tags what a query finds")
    return 2 if faults else 0
