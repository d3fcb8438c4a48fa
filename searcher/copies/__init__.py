"""Which articles are copies of one text? Signatures say which may be, and their texts which are.

Whether two articles are copies depends on these two alone, never on which others there are, so that an update of an
archive gives what a full build gives. Copies of copies are copies: a group is all that pairs hold together.
Decision 15.
"""

from searcher.copies.comparing import alike
from searcher.copies.grouping import Flags, Ints, Signs, candidates, groups, near, signs
from searcher.copies.shingles import SIGNS, Text, signature, text_of

__all__ = [
    "SIGNS",
    "Flags",
    "Ints",
    "Signs",
    "Text",
    "alike",
    "candidates",
    "groups",
    "near",
    "signature",
    "signs",
    "text_of",
]
