"""What are the articles of an archive that lies in a cluster? All that its documents keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from searcher.engines.opensearch import OpenSearchEngine
from searcher.model import Article
from searcher.query.plan import EVERYTHING
from searcher.store import Articles


class ClusterArticles(Articles):
    """The articles of one index. What is dropped can be read until the drop is seen."""

    def __init__(self, engine: OpenSearchEngine) -> None:
        self._engine = engine

    def get(self, ids: Iterable[str]) -> dict[str, Article]:
        return {article.id: article for article in self._engine.articles(list(ids))}

    def begins(self, prefix: str, limit: int = 10) -> list[str]:
        return self._engine.begins(prefix, limit)

    def count(self) -> int:
        return self._engine.search(EVERYTHING, "newest", 0, 0).total

    def languages(self) -> Mapping[str, int]:
        held: dict[str, int] = self._engine.state().get("languages", {})
        return held

    def scanned(self) -> tuple[int, tuple[str, ...]]:
        held = self._engine.state()
        return held.get("files", 0), tuple(held.get("unread", ()))

    def close(self) -> None:
        """There is nothing to let go of: the connections are the engine's."""
