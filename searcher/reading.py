"""How does a file become articles? Gather: it is read into pages, alone. Settle: each page becomes an article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from searcher import cleaning, metadata, readers, settling
from searcher.corpus import File, article_id, file_at, printable, tags_file, walk
from searcher.errors import ArchiveError, Unreadable
from searcher.model import Article, Page, Unread
from searcher.settings import Settings
from searcher.settling import FAULT
from searcher.store import Batch, FileRow, Outline, Store

PART = 300
"""How many articles of one file are handed on at once."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """A part of what a file gave. The last part has the row for the store, all ids, and what cannot be read."""

    articles: tuple[Article, ...]
    row: FileRow | None = None
    unread: tuple[Unread, ...] = ()
    kept: frozenset[str] = frozenset()
    outlines: Mapping[str, Outline] = field(default_factory=dict)


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


def read_file(file: File, settings: Settings, size: int = PART) -> Iterator[FileRead]:
    """Both passes over one file, its articles in parts of `size`; the last part has the row for the store.

    A file that cannot be opened gives a part without a row: what was read of it before stays. One in which this
    program failed, or that changed while it was read, is looked at again by the next build.
    """
    try:
        row = file.row()
    except OSError as error:
        yield FileRead((), None, (Unread(file.name, f"cannot be opened: {error.strerror}"),))
        return
    articles: list[Article] = []
    unread: list[Unread] = []
    kept: set[str] = set()
    places = Counter[str]()
    for page in gather(file, settings):
        identity = "" if isinstance(page, Unread) else _identity(page, places)
        found = page if isinstance(page, Unread) else _settled(page, file, identity, settings)
        if isinstance(found, Unread):
            unread.append(found)
            kept |= {identity} if found.reason.startswith(FAULT) else set()
            continue
        kept.add(found.id)
        articles.append(found)
        if len(articles) >= size:
            yield _part(articles)
            articles = []
    failed = any(item.reason.startswith(FAULT) for item in unread)
    row = row._replace(articles=len(kept), unread=tuple(map(str, unread)))
    if failed or not file.is_as_it_was():
        row = row._replace(mtime=0, sha256="")
    yield replace(_part(articles), row=row, unread=tuple(unread), kept=frozenset(kept))


def _part(articles: Sequence[Article]) -> FileRead:
    return FileRead(tuple(articles), outlines={article.id: settling.outlined(article) for article in articles})


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
        order += settling.settle(store, workers=1, names=settings.names)
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
