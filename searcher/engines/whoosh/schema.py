"""Which fields has the index? A schema of Whoosh's own field types alone: any Whoosh opens, searches, rewrites it.

Words are cut before they come here, so a field of words splits at spaces and nothing else. Whole values are
separated by SEPARATOR, in the column too; the words of the index are their folded forms.
"""

from __future__ import annotations

from whoosh.analysis import RegexTokenizer
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, TEXT, Schema

from searcher.engines.port import NAMES, NUMBERS, TEXTS, VALUES
from searcher.engines.whoosh.postings import UNKNOWN, whole
from searcher.query.plan import EXACT, STEM

SEPARATOR = "\x1f"
"""Between the whole values of one article."""


def schema() -> Schema:
    """The schema of every index: text in three forms, names as words and whole values, columns of numbers.

    Words have positions and lengths; of whole values it is known only which article has them, and a column holds
    them as they are shown. Fields of one kind are one object, which keeps the table of contents short.
    """
    words = TEXT(RegexTokenizer(r"[^ ]+"))
    values = ID(sortable=True, analyzer=RegexTokenizer(f"[^{SEPARATOR}]+"))
    numbers = COLUMN(NumericColumn("i", default=UNKNOWN))
    forms = (name + form for name in TEXTS for form in ("", STEM, EXACT))
    types = dict.fromkeys((*forms, *NAMES), words)
    types |= dict.fromkeys(map(whole, VALUES), values)
    types |= dict.fromkeys(NUMBERS, numbers)
    return Schema(**types)
