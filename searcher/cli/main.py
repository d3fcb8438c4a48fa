"""The command `searcher`: everything but finding."""

from __future__ import annotations

import gc
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from searcher import __version__, wire
from searcher.archive import Archive, find_root
from searcher.cli import comparing, drawing, entities, last, like, quoting, story, tagging, taking
from searcher.cli.arguments import Color, Colored, Folder, Json, Quiet, WithQuery
from searcher.cli.pages import show_article, show_cleaned, show_fields, show_report, show_stats, watched
from searcher.cli.terminal import Progress, Screen, clean, ending, hush, note
from searcher.errors import ArchiveError
from searcher.fields import FIELDS
from searcher.model import Unread

HELP = """Keep an archive of articles, and its index.

\b
  searcher ingest ~/saved-pages --source BBC   copy files into corpus/
  searcher index                               build or update index/ from corpus/
  search Kerry Sochi                           find articles (see `search --help`)
  searcher timeline Kerry                      draw how many there are over time
  searcher entities Sochi                      who and what is in the articles found, and who with whom
  searcher show 1 --stripped                   read a hit; see what was cut from its page, and why
  searcher quote 'we will not rest'            every article that carries these words, and who had them first
  searcher cite 1 --as bibtex                  a reference to it
  searcher story 1                             who had its story first, who followed, what was copied
  searcher save talks 'kerry sochi'            keep a search; `search @talks` asks it again
  searcher new                                 what came in for the saved searches since you last asked
  searcher like 1 after:2015                   more like it, and what makes each so
  searcher tag climate flood* drought          give all that a query finds a tag; `search tag:climate` finds them
  searcher compare                             the pages on which our cleaning and trafilatura disagree most
  searcher doctor                              is the index whole and up to date?"""


class Commands(TyperGroup):
    """The commands. One whose reader has gone has done its work; in Typer it has the status of nothing found."""

    def invoke(self, ctx: Any) -> Any:
        """Runs what was typed."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            hush()
            raise typer.Exit from None


app = typer.Typer(
    cls=Commands, help=HELP, rich_markup_mode=None, add_completion=False, no_args_is_help=True,
    pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip

Paths = Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files and folders.")]


class Runner(StrEnum):
    """What a build may be spread over."""

    processes = "processes"
    ray = "ray"


class Engine(StrEnum):
    """The engines that --engine may name."""

    auto = "auto"
    whoosh = "whoosh"
    tantivy = "tantivy"
    opensearch = "opensearch"
    memory = "memory"


class Shell(StrEnum):
    """The shells that complete words."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"


@app.command(epilog="Example: searcher ingest ~/Downloads/articles dump.jsonl --source BBC")
def ingest(
    paths: Paths,
    source: Annotated[str | None, typer.Option(help="The folder of corpus/, and the publisher's name.")] = None,
    archive: Folder = None,
    json: Json = False,
) -> None:
    """Copy files, folders, archives, feeds or dumps into corpus/; the same bytes are not taken twice."""
    root = archive or Path.cwd()
    if archive is None:
        try:
            root = find_root()
        except ArchiveError:
            (root / "corpus").mkdir()
            note(f"a new archive: {root}")
    with Archive(root) as opened:
        done = opened.ingest(paths, source)
    for item in done.unread:
        note(f"not taken: {item}")
    if json:
        print(wire.dumps(wire.report(done)))
    else:
        print(f"{len(done.taken):,} taken, {len(done.known):,} already there. Next: searcher index")
    raise typer.Exit(2 if done.unread else 0)


@app.command(epilog="Example: searcher index --rebuild")
def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build a new index beside the old one.")] = False,
    engine: Annotated[Engine | None, typer.Option(help="Another engine than searcher.toml says.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default as many as pay.")] = None,
    runner: Annotated[
        Runner, typer.Option(help="ray: the machines of a Ray cluster make the articles.")
    ] = Runner.processes,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read; write nothing.")] = False,
    archive: Folder = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Build index/ from corpus/, or bring it up to date: only files that are new or changed are read."""
    gc.set_threshold(50_000, 20, 20)  # word lists and pages are large and hold no rings
    with Archive(archive) as opened:
        progress = Progress(quiet)
        try:
            done = opened.build(
                rebuild=rebuild, engine=engine.value if engine else None, workers=workers,
                runner=runner.value, dry_run=dry_run, progress=progress.step,
                waiting=lambda holder: note(f"waiting for {holder}, who is writing the index"),
            )  # fmt: skip
        except KeyboardInterrupt:
            progress.end()
            note("searcher: stopped; what was finished is kept, and the next `searcher index` goes on from there")
            raise typer.Exit(130) from None
        progress.end()
    gc.freeze()  # at its end Python would look through all of them once more: 0.4 s
    if json:
        print(wire.dumps(wire.report(done)))
    else:
        show_report(done, quiet)


@app.command(epilog="Example: searcher read page.html --jsonl | jq .title")
def read(
    paths: Paths,
    archive: Folder = None,
    json: Json = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="An article a line, as JSON.")] = False,
) -> None:
    """Show what would be indexed from these files, read together as one archive; nothing is written."""
    from searcher import reading, settings

    try:
        root = find_root(archive)
    except ArchiveError:
        if archive is not None:
            raise
        root = None
    found = watched(reading.read(paths, settings.load(root) if root else settings.Settings(), root))
    screen = Screen()
    if json:
        print(wire.dumps({"schema_version": wire.SCHEMA_VERSION, "articles": [wire.read(one) for one in found]}))
        return
    for one in found:
        if jsonl:
            print(wire.dumps(wire.read(one)))
        elif isinstance(one, Unread):
            note(f"no article: {one}")
        else:
            show_article(one, screen, stripped=True)


app.command(epilog="Example: searcher compare corpus/courier --blocks")(comparing.compare)


@app.command(epilog="Example: searcher show 1 --stripped")
def show(
    identity: Annotated[str, typer.Argument(metavar="ID", help="An id, its beginning, or the number of a hit.")],
    stripped: Annotated[bool, typer.Option("--stripped", help="What was cut from its page, and why.")] = False,
    archive: Folder = None,
    json: Json = False,
) -> None:
    """Show one article: its metadata, each with where it came from, and its text."""
    with Archive(archive) as opened:
        found = opened.article(last.meant(opened.root, identity))
    if json:
        print(wire.dumps(wire.article(found)))
    else:
        show_article(found, Screen(), stripped)


app.command(epilog="Example: searcher story 1")(story.story)
app.command(cls=WithQuery, epilog="Example: searcher quote 'the ice will hold until spring'")(quoting.quote)
app.command(epilog="Example: searcher export 'kerry after:2015' -o kerry.csv")(taking.export)
app.command(epilog="Example: search --ids kerry | searcher cite - --as ris > kerry.ris")(taking.cite)
app.command(cls=WithQuery, epilog="Example: searcher timeline 'kerry OR lavrov' -sochi --by month --share")(
    drawing.timeline
)
app.command(cls=WithQuery, epilog="Example: searcher entities 'sochi date:2015' --kind person")(entities.entities)


@app.command(epilog="Example: searcher stats --cleaning")
def stats(
    cleaning: Annotated[
        bool, typer.Option("--cleaning", help="What is cut most, by source, and how sure.")
    ] = False,
    archive: Folder = None,
    json: Json = False,
) -> None:
    """Count what the archive holds: articles, sources, dates, languages, names, sizes; or what was cut."""
    with Archive(archive) as opened:
        found = opened.cleaned() if cleaning else opened.stats()
    if json:
        print(wire.dumps(wire.cleaned(found) if cleaning else wire.report(found)))
    elif cleaning:
        show_cleaned(found, Screen())
    else:
        show_stats(found)


@app.command(epilog="Example: searcher doctor --fix")
def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend it: update, or build it again if it is damaged.")
    ] = False,
    archive: Folder = None,
    json: Json = False,
) -> None:
    """Is index/ whole, and up to date with corpus/? Reads every byte; exit status 1 if something is wrong.

    Lines of the file of tags that cannot be read, or whose article is not there, are listed; --fix leaves them.
    """
    with Archive(archive) as opened:
        wrong = opened.doctor()
        if wrong and fix:
            late = all(line.startswith("not up to date") for line in wrong)
            opened.close()
            opened.build(rebuild=not late)
            note("mended: " + "; ".join(wrong))
            wrong = opened.doctor()
        tags = opened.mistagged()
    if json:
        print(wire.dumps({"schema_version": wire.SCHEMA_VERSION, "wrong": wrong, "tags": tags}))
    else:
        print("\n".join(wrong) or "the index is whole and up to date")
        print("".join(f"{clean(line)}\n" for line in tags), end="")
    if wrong and not fix:
        note("hint: `searcher doctor --fix` mends it from corpus/")
    raise typer.Exit(1 if wrong else 0)


@app.command(epilog="Example: searcher fields")
def fields(json: Json = False) -> None:
    """List every field that can be searched, with its aliases and an example."""
    if json:
        rows = [field._asdict() | {"aliases": list(field.aliases)} for field in FIELDS]
        print(wire.dumps({"schema_version": wire.SCHEMA_VERSION, "fields": rows}))
    else:
        show_fields()


@app.command(
    epilog="Example: searcher save frank '\"frank meeting\"' -sanctions",
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
def save(
    words: Annotated[list[str] | None, typer.Argument(metavar="NAME QUERY…", help="As `search` takes it.")] = None,
    remove: Annotated[str | None, typer.Option("--remove", metavar="NAME", help="Remove a saved search.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Another query under a name that is taken.")] = False,
    archive: Folder = None,
    json: Json = False,
) -> None:
    """Save a search under a name, to ask it as @NAME and to be told what comes in; alone, list the saved ones."""
    from searcher.cli import saved

    with Archive(archive) as opened:
        raise typer.Exit(saved.save(opened, words or [], remove, replace, json))


@app.command(epilog="Example, for cron: searcher index -q && searcher new frank")
def new(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME…", help="Saved searches; else all.")] = None,
    peek: Annotated[bool, typer.Option("--peek", help="Show it again the next time.")] = False,
    archive: Folder = None,
    json: Json = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="A hit a line, as JSON.")] = False,
    color: Colored = Color.auto,
    quiet: Quiet = False,
) -> None:
    """Show what came in for saved searches since this was last asked, the newest first, and nothing else.

    Exit status: 0 something came in, 1 nothing did, 2 error.
    """
    from searcher.cli import saved

    with Archive(archive) as opened:
        asked = saved.Asked(tuple(names or ()), peek, "json" if json else "jsonl" if jsonl else "text", quiet)
        raise typer.Exit(saved.new(opened, asked, Screen(color.value)))


app.command(cls=WithQuery, epilog="Example: searcher like 3 after:2015 -source:bbc")(like.like)
app.command(cls=WithQuery, epilog="Example: searcher tag 'climate change' 'flood* OR drought' after:2015")(
    tagging.tag
)


@app.command(epilog="Example: searcher completion bash >> ~/.bashrc")
def completion(shell: Annotated[Shell, typer.Argument(help="bash, zsh or fish.")]) -> None:
    """Print what lets a shell complete `search` and `searcher`: commands, flags, fields, values, saved searches."""
    from searcher.cli.completion import script

    print(script(shell.value), end="")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"searcher {__version__}")
        raise typer.Exit


@app.callback()
def _start(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Its version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """The entry point of `searcher`."""
    with ending("searcher"):
        app(args=sys.argv[1:] or ["--help"], prog_name="searcher")
