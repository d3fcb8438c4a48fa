"""Which articles get a tag, or lose it? Ids, or all that a query finds; the file says it from then on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from searcher import search
from searcher.corpus import tags_file
from searcher.errors import ArchiveError
from searcher.generations import Local, needed
from searcher.model import Article, Search
from searcher.query.plan import Value
from searcher.settings import Settings
from searcher.tags import Tags, changing
from searcher.text import value

STEP = 200
"""How many articles are held at once."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """What was done, or, if nothing was `written`, would be done: the tag as it is written, how many articles were
    `found`, and how many of them changed.

    `keyword` is how many have it as a keyword of their page alone: of those it was taken from, or, where it was
    given, of all others. `notes` are those of the query.
    """

    name: str
    found: int
    changed: int
    written: bool
    keyword: int = 0
    notes: tuple[str, ...] = ()


class Tagging:
    """The tags of an archive, and the index that says which articles there are."""

    def __init__(self, root: Path, settings: Settings, generation: Local | None) -> None:
        self._settings = settings
        self._folder = root / settings.corpus[0]
        self._held = generation

    def load(self) -> Tags:
        """The tags as they are now. Raises OSError if their file cannot be read."""
        return Tags.load(self._folder)

    def give(self, name: str, articles: str | Sequence[str], dry_run: bool = False) -> Tagged:
        """Gives a tag to all that a query finds, or to the articles of these ids.

        Raises QueryError, ArchiveError for an id that is not there, TagsError for what is no name, IndexMissing.
        """
        ids, notes = self._chosen(articles)
        with changing(self._folder) as tags:
            have = tags.having(name)
            new = [identity for identity in ids if identity not in have]
            name = tags.put(name, () if dry_run else self._articles(new))
            written = _write(tags, bool(new), dry_run)
        keyword = len(self._tagged(name) - have - set(ids))
        return Tagged(name, len(ids), len(new), written, keyword, notes)

    def take(self, name: str, articles: str | Sequence[str], dry_run: bool = False) -> Tagged:
        """Takes a tag from articles; raises as give(), and TagsError if there is no such tag."""
        ids, notes = self._chosen(articles)
        with changing(self._folder) as tags:
            name = tags.needed(name)
            have = tags.having(name)
            gone = have.intersection(ids)
            tags.take(name, gone)
            written = _write(tags, bool(gone), dry_run)
        keyword = len((self._tagged(name) - have).intersection(ids))
        return Tagged(name, len(ids), len(gone), written, keyword, notes)

    def rename(self, old: str, new: str, merge: bool = False, dry_run: bool = False) -> Tagged:
        """Gives a tag another name; raises as Tags.rename() does."""
        with changing(self._folder) as tags:
            number = len(tags.having(old))
            name = tags.rename(old, new, merge)
            written = _write(tags, True, dry_run)
        return Tagged(name, number, number, written)

    def wrong(self) -> Iterator[str]:
        """What is to be mended in the file, a line each: lines that cannot be read, lines without their article.

        Of the latter with the file that may be meant, if just one is called so.
        """
        tags, name = self.load(), tags_file(self._settings.corpus)
        yield from (f"{name}, {fault}" for fault in tags.faults())
        absent = tags.absent(set(self._held.store.ids())) if self._held else []
        moved = self._files() if absent else {}
        for line in absent:
            file, sign, member = line.article.partition("!")
            others = [other for other in moved.get(file.rpartition("/")[2], []) if other != file]
            meant = f"; is it {others[0]}{sign}{member}?" if len(others) == 1 else ""
            yield f"{name}, line {line.number}: no such article: {line.article} ({line.name}){meant}"

    def _files(self) -> dict[str, list[str]]:
        """The files of the corpus by their last names."""
        files: dict[str, list[str]] = {}
        for path in self._generation.store.files():
            files.setdefault(path.rpartition("/")[2], []).append(path)
        return files

    @property
    def _generation(self) -> Local:
        return needed(self._held)

    def _chosen(self, articles: str | Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids that are meant, each once, and the notes of the query that found them."""
        if isinstance(articles, str):
            query = search.read(self._settings, Search(articles))
            return search.ids(self._generation, query), query.notes
        wanted = tuple(dict.fromkeys(articles))
        held = self._having("id", wanted)
        for identity in wanted:
            if identity not in held:
                hint = "`search --ids QUERY` prints the ids of articles"
                raise ArchiveError(f"no such article: {identity}", hint)
        return wanted, ()

    def _articles(self, ids: Sequence[str]) -> Iterator[Article]:
        for at in range(0, len(ids), STEP):
            yield from self._generation.store.get(ids[at : at + STEP]).values()

    def _tagged(self, name: str) -> frozenset[str]:
        """The articles that have such a tag in the index: one that people gave, or a keyword of their page."""
        return self._having("tag", (name,))

    def _having(self, field: str, values: Sequence[str]) -> frozenset[str]:
        plan = Value(field, tuple(map(value, values)))
        return frozenset(self._generation.engine.search(plan, "newest", 0, None).ids)


def _write(tags: Tags, changed: bool, dry_run: bool) -> bool:
    """Writes what has changed, unless it is only a trial; says whether it was written."""
    if changed and not dry_run:
        tags.write()
        return True
    return False
