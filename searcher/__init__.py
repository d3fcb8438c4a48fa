"""Full-text search for an archive of articles.

from searcher import Archive

with Archive("path/to/archive") as archive:
    print(archive.search('"frank meeting" after:2015-05').total)
"""

from searcher.archive import Archive
from searcher.errors import ArchiveError, IndexFault, QueryError, SearcherError
from searcher.model import Article, Hit, Passage, Results, Search, Unread, When

__all__ = [
    "Archive", "ArchiveError", "Article", "Hit", "IndexFault", "Passage", "QueryError", "Results", "Search",
    "SearcherError", "Unread", "When",
]  # fmt: skip
__version__ = "0.1.0"
