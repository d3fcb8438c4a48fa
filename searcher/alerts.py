"""What came in since a saved search was last asked? What it finds, without what is noted as known.

What is known lies in alerts/NAME.gz, beside the saved searches: it outlives index/, and no clock has a part in it.
It is ids, the same from build to build, so an article that changes, or goes and comes again, is told once.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from searcher import search
from searcher.errors import QueryError, SavedError
from searcher.files import replace_bytes
from searcher.generations import Generation, needed
from searcher.model import Hit
from searcher.query import LANGUAGE, Query, parse
from searcher.saved import FOLDER, Saved, Searches, key
from searcher.settings import Settings

ABSENT = 100_000
"""How many known ids are kept that a search does not find now: articles that went away may come again."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a saved search has shown or counts as known, the oldest first.

    `texts` are what it was asked with: its own text first, and those of the saved searches in it, by their names.
    """

    texts: Mapping[str, str]
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """What came in for one saved search: the query as it was read, and the ids, the newest article first.

    `found` is how many articles match in all. `known` is what counted as known before; `begun` says that this has
    just been laid down, because the search was never asked or has another text.
    """

    saved: Saved
    query: Query
    ids: tuple[str, ...]
    found: int
    known: Known
    begun: bool

    def notes(self) -> tuple[str, ...]:
        """What whoever asked should know."""
        notes = list(self.query.notes)
        if self.saved.language < LANGUAGE:
            notes.append(
                f"saved in version {self.saved.language} of the query language, read in version {LANGUAGE}"
            )
        if self.begun:
            notes.append(f"new, or its text has changed: what it finds now ({self.found:,}) counts as known")
        return tuple(notes)


class Alerts:
    """The saved searches of an archive, what they have shown, and what came in. Archive.alerts() gives it."""

    def __init__(self, root: Path, settings: Settings, generation: Generation | None) -> None:
        self.searches = Searches.load(root)
        self._settings = settings
        self._folder = root / FOLDER
        self._held = generation

    def save(self, name: str, text: str) -> News | None:
        """Saves a text under a name, in the place of the one that had it; None before the first build of an index.

        What it finds now is known from then on, but for what came in under the text that it had before, was not
        shown, and is found still. Raises QueryError for a text that cannot be read, SavedError for what is no name;
        nothing is changed then.
        """
        is_new = self.searches.find(name) is None
        self.searches.put(name, text)
        if is_new:
            self.forget(name)
        news = self.news(name) if self._held else None
        stored = self._load(name)
        known = news.known if news else Known(self.read(name)[1], stored.ids if stored else ())
        self.searches.write()
        self._keep(name, known)
        return news

    def remove(self, name: str) -> Saved:
        """Removes a saved search, and what was noted of it; raises SavedError if there is none."""
        removed = self.searches.remove(name)
        self.searches.write()
        self.forget(name)
        return removed

    def forget(self, name: str) -> None:
        """Lets go of what was shown of a search."""
        self._file(name).unlink(missing_ok=True)

    def read(self, name: str) -> tuple[Query, Mapping[str, str]]:
        """How a saved search is read, and the texts that were needed for it.

        Raises QueryError, and SavedError where there is none or its language is newer.
        """
        texts: dict[str, str] = {}

        def get(wanted: str) -> str | None:
            found = self.searches.get(wanted)
            if found is not None:
                texts[key(wanted)] = found
            return found

        get(self.searches.needed(name).name)
        query = parse(texts[key(name)], search.calendar(self._settings), saved=get)
        return query, texts

    def news(self, name: str) -> News:
        """What came in for a saved search since it was last asked; writes nothing.

        Raises as read() does, SavedError if the file of what is known cannot be read, IndexMissing.
        """
        query, texts = self.read(name)
        found = search.ids(self._generation(), query)
        stored = self._load(name)
        known = stored if stored and stored.texts == texts else self._begun(stored, texts, found)
        seen = frozenset(known.ids)
        new = tuple(identity for identity in found if identity not in seen)
        return News(self.searches.needed(name), query, new, len(found), _bounded(known, found), known is not stored)

    def hits(self, news: News) -> Iterator[Hit]:
        """The articles that came in, with the passages that match, one after the other with bounded memory."""
        return search.chosen(self._generation(), news.query, news.ids)

    def shown(self, news: News) -> None:
        """Notes the news as known: to be called once they are written where somebody reads them."""
        if news.ids or news.begun:
            self._keep(news.saved.name, Known(news.known.texts, (*news.known.ids, *reversed(news.ids))))

    def _generation(self) -> Generation:
        return needed(self._held)

    def _begun(self, stored: Known | None, texts: Mapping[str, str], found: tuple[str, ...]) -> Known:
        """What is known where a search is asked for the first time, or has another text than it had."""
        seen = stored.ids if stored else ()
        left_out = self._waiting(stored).union(seen) if stored else set()
        return Known(texts, (*seen, *(identity for identity in reversed(found) if identity not in left_out)))

    def _waiting(self, stored: Known) -> set[str]:
        """What the texts that were asked before find and have not shown."""
        own = next(iter(stored.texts.values()))
        try:
            query = parse(own, search.calendar(self._settings), saved=lambda name: stored.texts.get(key(name)))
            return set(search.ids(self._generation(), query)).difference(stored.ids)
        except QueryError:  # read by another version of this program: nothing is known to wait
            return set()

    def _file(self, name: str) -> Path:
        return self._folder / f"{key(name)}.gz"

    def _keep(self, name: str, known: Known) -> None:
        self._folder.mkdir(exist_ok=True)
        lines = [json.dumps({"texts": dict(known.texts)}, ensure_ascii=False), *known.ids]
        replace_bytes(self._file(name), gzip.compress("\n".join(lines).encode(), 1, mtime=0))

    def _load(self, name: str) -> Known | None:
        path = self._file(name)
        try:
            first, *ids = gzip.decompress(path.read_bytes()).decode().split("\n")
            texts: dict[str, str] = json.loads(first)["texts"]
            return Known(texts, tuple(ids))
        except FileNotFoundError:
            return None
        except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
            hint = f"remove {path}: what {name} finds then counts as known"
            raise SavedError(f"cannot read what was shown of {name}: {error}", hint) from error


def _bounded(known: Known, found: tuple[str, ...]) -> Known:
    """Without the oldest of the ids that are not found now, if these are too many."""
    here = frozenset(found)
    absent = [identity for identity in known.ids if identity not in here]
    if len(absent) <= ABSENT:
        return known
    gone = frozenset(absent[:-ABSENT])
    return Known(known.texts, tuple(identity for identity in known.ids if identity not in gone))
