"""The one object that front ends hold: it opens an archive and delegates, no more."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from searcher.errors import ArchiveError, IndexDamaged, IndexMissing
from searcher.generations import Generation, Index, Local
from searcher.model import Article, Hit, Results, Search, Unread
from searcher.query import Query
from searcher.saved import Searches, locked
from searcher.settings import FILE, Settings, load, shown

if TYPE_CHECKING:
    from searcher.alerts import Alerts
    from searcher.completing import Completion
    from searcher.mentioned import Mentioned
    from searcher.quoting import Quoted, Traced
    from searcher.remote import RemoteIndex
    from searcher.tagging import Tagged, Tagging
    from searcher.tags import Tags

VARIABLE = "SEARCHER_ARCHIVE"

LOCAL = "do it where searcher.toml and corpus/ are"


def find_root(start: str | Path | None = None) -> Path:
    """The folder of an archive: `start`, else $SEARCHER_ARCHIVE, else the nearest folder upwards with a corpus/.

    Raises ArchiveError if there is none, or if a URL is named: there lies no corpus/.
    """
    named = start if start is not None else os.environ.get(VARIABLE)
    if named is not None and is_url(named):
        raise ArchiveError(f"this needs the corpus, which no URL has: {shown(named)}", LOCAL)
    if named is not None:
        root = Path(named).expanduser()
        if _is_archive(root):
            return root
        raise ArchiveError(f"no archive in {root}", "an archive is a folder with a corpus/ in it")
    here = Path.cwd()
    for root in (here, *here.parents):
        if _is_archive(root):
            return root
    hint = f"make a folder corpus/ and put article files there, or name the archive: --archive DIR, or {VARIABLE}"
    raise ArchiveError(f"no archive in {here}", hint)


def is_url(named: str | Path) -> bool:
    """Whether an archive is named by the URL of a cluster; pathlib leaves one / of two."""
    return str(named).lower().startswith(("http:/", "https:/"))


def _is_archive(root: Path) -> bool:
    return (root / "corpus").is_dir() or (root / FILE).is_file()


class Archive:
    """An archive of articles: `root`/corpus, and `root`/index, which is made from it. Or one in a cluster, for
    reading, by its URL: https://host:9200/NAME; what needs the corpus raises ArchiveError there.

    Safe for searching from many threads; each search sees the newest finished index. Nothing is printed.

        with Archive("path/to/archive") as archive:
            for hit in archive.search("Kerry Sochi"):
                print(hit.article.date, hit.article.title)
    """

    def __init__(self, root: str | Path | None = None) -> None:
        """Finds the archive, as find_root() does, and reads its settings; opens nothing yet.

        Raises ArchiveError and SettingsError; of a URL, ClusterFault and IndexMissing as well.
        """
        self._lock = threading.Lock()
        self._open: Generation | None = None
        named = root if root is not None else os.environ.get(VARIABLE)
        self._url: str | None = None
        """Where a cluster has it, without user and password."""
        if named is not None and is_url(named):
            self._open_url(str(named))
            return
        self.root = find_root(root)
        self.settings: Settings = load(self.root)
        self._index: Index | RemoteIndex = Index(self.root / "index", self.settings)

    def _open_url(self, url: str) -> None:
        from searcher.remote import RemoteIndex

        self._index = RemoteIndex(url)
        self._url = str(self._index.address)
        self.root = Path("/", self._url)  # nothing lies there: it is a name
        self.settings = self._index.settings()

    def search(self, query: str | Search, **options: Any) -> Results:
        """The answer to a query; `options` are the fields of Search (sort, limit, facets, …).

        Raises QueryError for a query that cannot be read, IndexMissing before the first build, IndexDamaged.
        """
        from searcher import search

        asked = _asked(query, options)
        try:
            return search.run(self._generation(), self.settings, asked)
        except IndexDamaged:  # or a writer took files away that this view had not opened yet
            return search.run(self._generation(anew=True), self.settings, asked)

    def hits(self, query: str | Search, **options: Any) -> Iterator[Hit]:
        """The hits alone, one after the other with bounded memory, however many there are; raises as search()."""
        from searcher import search

        asked = _asked(query, options if isinstance(query, Search) else {"limit": None} | options)
        return search.hits(self._generation(), self.settings, asked)

    def entities(self, query: str = "*", **options: Any) -> Mentioned:
        """Who and what is in the articles found, or in all: a mentioned.Mentioned; `options` are the fields of
        mentioned.Asked (kind, limit, by). Raises as search()."""
        from searcher import mentioned

        return mentioned.run(self._generation(), self.settings, mentioned.Asked(query, **options))

    def article(self, identity: str) -> Article:
        """The article of this id, or of the only id that begins so (four characters at least).

        Raises ArchiveError if there is none, or more than one.
        """
        return self._generation().store.find(identity)

    def like(self, identity: str, query: str = "", **options: Any) -> Results:
        """The articles like the one of this id, or of the only id that begins so, that a query finds as well.

        Each hit's `alike` says what makes it so. Raises ArchiveError if there is no such article, and as search().
        """
        return self.search(f"like:{self.article(identity).id} {query}", **options)

    def story(self, identity: str) -> Any:
        """The story that an article is of: a telling.Story. Raises ArchiveError as article() does."""
        from searcher import telling

        return telling.story(self._generation(), self.article(identity))

    def read(self, paths: Iterable[str | Path]) -> Iterator[Article | Unread]:
        """What would be indexed from these files and folders, read as one archive; nothing is written."""
        from searcher import reading

        return reading.read(list(map(Path, paths)), self.settings, self.root)

    def build(self, **options: Any) -> Any:
        """Builds or updates the index and gives a building.Report; `options` are the fields of building.Options."""
        self._needs_corpus()
        from searcher import building

        return building.build(self.root, self.settings, building.Options(**options))

    def ingest(self, paths: Iterable[str | Path], source: str | None = None) -> Any:
        """Copies files and folders into corpus/ and gives an ingest.Report; the same bytes are not taken twice."""
        self._needs_corpus()
        from searcher import ingest

        return ingest.ingest(self.root / self.settings.corpus[0], list(map(Path, paths)), source)

    def quote(self, text: str, fold: bool = True) -> Quoted:
        """The articles that carry a quote, word for word or nearly so, the oldest first; copies of one text are
        folded unless `fold` is false.

        Raises QueryError for less than three words, or for words that too many articles may have in this order.
        """
        from searcher import quoting

        return quoting.find(self._generation(), text, fold)

    def quotes(self, article: Article) -> Iterator[Traced]:
        """The quotes of an article, and of each how many others carry it and which had it first."""
        from searcher import quoting

        return quoting.trace(self._generation(), article)

    def stats(self) -> Any:
        """What the archive holds: an inspection.Stats."""
        from searcher import inspection

        return inspection.stats(self._generation())

    def cleaned(self) -> Any:
        """What was cut from the pages of each source, and how sure that was: a list of inspection.Cleaned."""
        from searcher import inspection

        return inspection.cleaned(self._local())

    def doctor(self) -> list[str]:
        """What is wrong with the index, a line each; empty if it is whole and up to date with corpus/."""
        from searcher import inspection

        if self._url:
            return self._generation().engine.check()
        return inspection.examine(self.root, self.settings)

    def parse(self, query: str | Search, **options: Any) -> Query:
        """How a query is read: its tree and notes; `str()` of it is the echo. Raises QueryError."""
        from searcher import search

        return search.read(self.settings, _asked(query, options))

    def choose(self, query: str, facet: str, value: str) -> str | None:
        """The query with this value of a facet chosen, which finds as many articles as the facet counts.

        None if no query says it, as for values with both " and » in them. Raises QueryError for a query that cannot
        be read, SearcherError for a facet that does not exist.
        """
        from searcher import search
        from searcher.query import edits

        chosen = edits.choose(self.parse(query).tree, search.facet(facet), value)
        return str(chosen) if self.parse(str(chosen)).tree == chosen else None

    def complete(self, typed: str, cursor: int | None = None, limit: int = 20) -> list[Completion]:
        """How a query may go on at the cursor, or at its end: fields, values, names, words, the likeliest first."""
        from searcher import completing

        return completing.complete(self._generation().engine, typed, cursor, limit, self.searches())

    def searches(self) -> Searches:
        """The saved searches, as they are now. Raises SavedError if their file cannot be read."""
        return Searches.load(self.root)

    @contextmanager
    def alerts(self, peek: bool = False) -> Iterator[Alerts]:
        """The saved searches, to be changed, and what came in for them.

        Only one at a time, in any process: waits for another, and raises SavedError if that takes too long. `peek`
        waits for nobody; nothing may be changed then.
        """
        self._needs_corpus()
        from searcher.alerts import Alerts

        with nullcontext() if peek else locked(self.root):
            yield Alerts(self.root, self.settings, self._generation_if_any())

    def tags(self) -> Tags:
        """The tags that people gave, as they are now. Raises OSError if their file cannot be read."""
        return self._tagging().load()

    def tag(self, name: str, articles: str | Sequence[str], dry_run: bool = False, **options: Any) -> Tagged:
        """Gives a tag to all that a query finds, or to the articles of these ids, and updates the index.

        `dry_run` only says how many; `options` are the fields of building.Options. Raises QueryError, ArchiveError
        for an id that is not there, TagsError for what is no name of a tag.
        """
        return self._built(self._tagging().give(name, articles, dry_run), options)

    def untag(self, name: str, articles: str | Sequence[str], dry_run: bool = False, **options: Any) -> Tagged:
        """Takes a tag from articles, as tag() gives it; raises TagsError if there is no such tag."""
        return self._built(self._tagging().take(name, articles, dry_run), options)

    def rename_tag(self, old: str, new: str, merge: bool = False, dry_run: bool = False, **options: Any) -> Tagged:
        """Gives a tag another name, and updates the index.

        Raises TagsError if there is none of the old name, or one of the new one already and not `merge`.
        """
        return self._built(self._tagging().rename(old, new, merge, dry_run), options)

    def mistagged(self) -> list[str]:
        """What is to be mended by hand in the file of tags, a line each: what cannot be read, or has no article."""
        return [] if self._url else list(self._tagging().wrong())

    def _tagging(self) -> Tagging:
        from searcher.tagging import Tagging

        self._needs_corpus()
        return Tagging(self.root, self.settings, self._local_if_any())

    def _built(self, done: Tagged, options: dict[str, Any]) -> Tagged:
        if done.written:
            self.build(**options)
        return done

    def _needs_corpus(self) -> None:
        """Raises ArchiveError where there is a URL and no corpus."""
        if self._url:
            raise ArchiveError(f"this needs the corpus, which no URL has: {self._url}", LOCAL)

    def _local(self) -> Local:
        self._needs_corpus()
        generation = self._generation()
        assert isinstance(generation, Local)
        return generation

    def _local_if_any(self) -> Local | None:
        try:
            return self._local()
        except IndexMissing:
            return None

    def _generation_if_any(self) -> Generation | None:
        try:
            return self._generation()
        except IndexMissing:
            return None

    def _generation(self, anew: bool = False) -> Generation:
        """The generation that answers now. What a search still uses is let go of when that search is done."""
        with self._lock:
            if anew or self._open is None or self._index.has_moved_on(self._open):
                self._open = self._index.open()
            return self._open

    def close(self) -> None:
        """Lets go of all files; a later search opens them again."""
        with self._lock:
            if self._open:
                self._open.close()
            self._open = None

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _asked(query: str | Search, options: dict[str, Any]) -> Search:
    facets = {"facets": tuple(options["facets"])} if "facets" in options else {}
    return replace(query, **options | facets) if isinstance(query, Search) else Search(query, **options | facets)
