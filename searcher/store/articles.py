"""What can be asked of the articles of an archive, wherever they are kept?"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping

from searcher.errors import ArchiveError
from searcher.model import Article


class Articles(ABC):
    """The articles of one generation, for reading, in any number of threads."""

    @abstractmethod
    def get(self, ids: Iterable[str]) -> dict[str, Article]:
        """The articles of these ids, as far as they are held."""

    @abstractmethod
    def begins(self, prefix: str, limit: int = 10) -> list[str]:
        """Ids that begin so, sorted."""

    @abstractmethod
    def count(self) -> int:
        """How many articles are held."""

    @abstractmethod
    def languages(self) -> Mapping[str, int]:
        """Articles by language; those of unknown language are not counted."""

    @abstractmethod
    def scanned(self) -> tuple[int, tuple[str, ...]]:
        """How many files were read, and what of them gave no article, a line each."""

    @abstractmethod
    def close(self) -> None:
        """Lets go of what is open."""

    def find(self, typed: str) -> Article:
        """The article of this id, or of the only id that begins so (four characters at least).

        Raises ArchiveError if there is none, or more than one.
        """
        found = [typed] if self.get([typed]) else self.begins(typed) if len(typed) >= 4 else []
        if not found:
            raise ArchiveError(f"no such article: {typed}", "`search --ids QUERY` prints the ids of articles")
        if len(found) > 1:
            raise ArchiveError(f"more than one article begins so: {typed}", ", ".join(found))
        return self.get(found)[found[0]]
