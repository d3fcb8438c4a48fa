"""How does a file become articles? Gather: it is read into pages, alone. Settle: each page becomes an article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from searcher import cleaning, metadata, readers, settling
from searcher.corpus import File, article_id, file_at, printable, tags_file, walk
from searcher.errors import ArchiveError, Unreadable
from searcher.model import Article, Page, Unread
from searcher.settings import Settings
from searcher.settling import FAULT
from searcher.store import Batch, FileRow, Outline, Packed, Store, packed
from searcher.workers import ALONE, Workers

PART = 300
"""How many articles of one file are handed on at once."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """A part of what a file gave, and how many of its bytes were read. The last part has the row for the store, all
    ids, and what cannot be read."""

    articles: tuple[Packed, ...]
    row: FileRow | None = None
    unread: tuple[Unread, ...] = ()
    kept: frozenset[str] = frozenset()
    outlines: Mapping[str, Outline] = field(default_factory=dict)
    read: int = 0


class Known(NamedTuple):
    """What is said of a page beside itself: of which file it is, by which settings it is made an article."""

    file: File
    settings: Settings


class Named(NamedTuple):
    """A page, or why there is none, and the id of its article; None if that is held already."""

    id: str
    page: Page | Unread | None


class Made(NamedTuple):
    """What a page became: an article with its outline, or why it gave none; neither if it is held already."""

    id: str
    start: int
    article: Packed | None = None
    outline: Outline | None = None
    unread: Unread | None = None


def gather(file: File, settings: Settings) -> Iterator[Page | Unread]:
    """The first pass: the pages of one file, and what in it cannot be read. Knows nothing of other files.

    Raises SettingsError for settings that it cannot work with.
    """
    cleaning.ready(settings.cleaning)
    metadata.ready(settings.names)
    return readers.read(file.path, file.name, settings)


def pages(paths: Sequence[Path], settings: Settings, root: Path | None = None) -> Iterator[Page | Unread]:
    """The pages of these files and folders, before anything is decided; named, and raises, as read() does."""
    _check(paths)
    files = chain.from_iterable(_files(path) for path in paths)
    gathered = (
        iter((file,)) if isinstance(file, Unread) else gather(_placed(file, settings, root), settings)
        for file in files
    )  # fmt: skip
    return chain.from_iterable(gathered)


def settle(page: Page, file: File, identity: str, settings: Settings) -> Article | Unread:
    """The second pass: the article of a page, as far as the page alone can say, or why it is none."""
    cleaned = cleaning.clean(page)
    if cleaned.kind == "error":
        return Unread(page.provenance.file, f"an error page: {cleaned.says}", page.provenance.member)
    folder = file.folder
    context = metadata.Context(settings, folder, file.day(), identity)
    try:
        article = metadata.describe(page, cleaned.verdicts, context, cleaned.sure)
    except Unreadable as error:
        return Unread(page.provenance.file, error.message, page.provenance.member)
    return replace(article, flags=(*article.flags, cleaned.kind) if cleaned.kind else article.flags)


def _settled(page: Page, file: File, identity: str, settings: Settings) -> Article | Unread:
    """settle(), with a fault of this program in one page made a line of the report: it must not stop an archive."""
    try:
        return settle(page, file, identity, settings)
    except Exception as error:
        reason = f"{FAULT}: {type(error).__name__}: {error}"
        return Unread(page.provenance.file, reason, page.provenance.member)


def read_file(
    file: File,
    settings: Settings,
    workers: Workers = ALONE,
    held: Callable[[FileRow], frozenset[str]] = lambda row: frozenset(),
) -> Iterator[FileRead]:
    """Both passes over one file, its articles in parts; the last part has the row for the store.

    Pages are read here, and made articles by the `workers`. `held` says which articles of the file, as it is now, a
    build that was killed has put already. A file that cannot be opened gives a part without a row: what was read of
    it before stays. One in which this program failed, or that changed while it was read, is looked at again by the
    next build.
    """
    try:
        row = file.row()
    except OSError as error:
        yield FileRead((), None, (Unread(file.name, f"cannot be opened: {error.strerror}"),))
        return
    pages = _named(gather(file, settings), held(row))
    made = workers.spread(_made, pages, Known(file, settings))
    kept, unread, failed = set[str](), list[Unread](), False
    while some := list(islice(made, PART)):
        refused = [one.unread for one in some if one.unread]
        faults = {one.id for one in some if one.unread and one.unread.reason.startswith(FAULT)}
        kept |= {one.id for one in some if not one.unread} | faults
        unread, failed = unread + refused, failed or bool(faults)
        yield _part(some)
    row = row._replace(articles=len(kept), unread=tuple(map(str, unread)))
    if failed or not file.is_as_it_was():
        row = row._replace(mtime=0, sha256="")
    yield FileRead((), row, tuple(unread), frozenset(kept), read=file.size)


def _part(made: Sequence[Made]) -> FileRead:
    articles = tuple(one.article for one in made if one.article)
    outlines = {one.id: one.outline for one in made if one.outline}
    return FileRead(articles, outlines=outlines, read=max(one.start for one in made))


def _named(pages: Iterable[Page | Unread], held: frozenset[str]) -> Iterator[Named]:
    places = Counter[str]()
    for page in pages:
        identity = "" if isinstance(page, Unread) else _identity(page, places)
        yield Named(identity, None if identity in held else page)


def _made(named: Named, known: Known) -> Iterator[Made]:
    identity, page = named
    if page is None:
        yield Made(identity, 0)
    elif isinstance(page, Unread):
        yield Made(identity, 0, unread=page)
    else:
        start, article = page.provenance.start or 0, _settled(page, known.file, identity, known.settings)
        if isinstance(article, Unread):
            yield Made(identity, start, unread=article)
        else:
            yield Made(identity, start, packed(article), settling.outlined(article))


def read(paths: Sequence[Path], settings: Settings, root: Path | None = None) -> Iterator[Article | Unread]:
    """What would be indexed from these files and folders, taken together as one archive; nothing is written.

    What lies in the archive at `root` has the name, and so the id, that an index gives it. All is read before the
    first article is given: what is furniture, the others show. Raises ArchiveError for a path that does not exist.
    """
    _check(paths)
    return _together(chain.from_iterable(_read_path(path, settings, root) for path in paths), settings)


def _check(paths: Sequence[Path]) -> None:
    for path in paths:
        if not path.exists():
            raise ArchiveError(f"no such file: {path}", "name files or folders to read")


def _files(path: Path) -> Iterator[File | Unread]:
    return walk(path, printable(str(path))) if path.is_dir() else iter((file_at(path),))


def _read_path(path: Path, settings: Settings, root: Path | None) -> Iterator[FileRead]:
    for file in _files(path):
        if isinstance(file, Unread):
            yield FileRead((), unread=(file,))
        elif (placed := _placed(file, settings, root)).name != tags_file(settings.corpus):
            yield from read_file(placed, settings)


def _together(parts: Iterator[FileRead], settings: Settings) -> Iterator[Article | Unread]:
    """The articles of an archive that is kept only until they are given."""
    order: list[str | Unread] = []
    with (
        TemporaryDirectory(prefix="searcher-") as folder,
        closing(Store(Path(folder) / "a.db", write=True)) as store,
    ):
        for part in parts:
            store.write(Batch(articles=part.articles, outlines=part.outlines))
            order += [*(article.id for article in part.articles), *part.unread]
        order += settling.settle(store, names=settings.names)
        for item in order:
            yield item if isinstance(item, Unread) else store.get([item])[item]


def _placed(file: File, settings: Settings, root: Path | None) -> File:
    for folder in settings.corpus if root else ():
        top = (root / folder).resolve() if root else Path()
        place = file.path.resolve()
        if top in place.parents:
            inner = place.relative_to(top)
            return replace(
                file, name=f"{folder}/{inner.as_posix()}", folder=inner.parts[0] if len(inner.parts) > 1 else None
            )
    return file


def _identity(page: Page, places: Counter[str]) -> str:
    """An id that stays the same from build to build: of the file's name and the place in it, not of the words.

    Records of one name in one file are told apart by their order.
    """
    file, member = page.provenance.file, page.provenance.member
    place = f"{file}\n{member or ''}"
    places[place] += 1
    return article_id(file, member, places[place])
