"""How much may one file ask for? The bounds of reading, all in one place, and the budget that counts against them.

An archive is full of files nobody has looked at for years, and some that were made to do harm. Every reader
works within these numbers; a file that asks for more is reported and left.
"""

from __future__ import annotations

from searcher.errors import SearcherError

MB = 1 << 20

ARTICLE = 64 * MB
"""Bytes of one article, one line of a dump, one entry of a feed."""

MEMBERS = 100_000
"""Members of one file, those of the bundles inside it counted."""

UNPACKED = 4096 * MB
"""Bytes that may come out of one file …"""

UNPACKED_TIMES = 20
"""… or this many times its own size, if that is more: a large honest archive is read to its end."""

RATIO = 200
"""Bytes that may come out for each byte on the disk …"""

RATIO_FROM = 50 * MB
"""… looked at once so many came out: a small file of blanks is no bomb."""

DEPTH = 3
"""Bundles within bundles."""

IN_MEMORY = 256 * MB
"""A zip inside another file must be held whole, for its table of contents stands at its end."""

BLOCKS = 20_000
"""Blocks of one page; what follows is left out, with a note."""

CLAIMS = 400
"""Claims of one page."""

CLAIM = 2_000
"""Characters of one claim."""

HEAD = 64 << 10
"""Bytes looked at to tell what a file is."""

TAG_DEPTH = 256
"""Levels of a page's tags that are told apart; deeper ones count as the last of them."""


class TooMuch(SearcherError):
    """A file asks for more than the bounds allow: the rest of it is not read."""


class Budget:
    """What one file has used up. `packed` is its size on the disk."""

    def __init__(self, packed: int) -> None:
        self.packed = max(1, packed)
        self.unpacked = 0
        self.members = 0

    def take(self, count: int) -> None:
        """Count bytes that came out; raises TooMuch beyond UNPACKED or RATIO."""
        self.unpacked += count
        if self.unpacked > RATIO_FROM and self.unpacked > self.packed * RATIO:
            raise TooMuch(
                f"unpacks to more than {RATIO} times its size, the rest is not read: {self.unpacked >> 20} MB"
            )
        if self.unpacked > max(UNPACKED, self.packed * UNPACKED_TIMES):
            raise TooMuch(f"unpacks to too much, the rest is not read: {self.unpacked >> 20} MB")

    def member(self) -> None:
        """Count one more member; raises TooMuch beyond MEMBERS."""
        self.members += 1
        if self.members > MEMBERS:
            raise TooMuch(f"too many members, the rest is not read: more than {MEMBERS}")


def size(count: int) -> str:
    """A number of bytes as people say it.

    >>> size(200 << 20), size(3)
    ('200 MB', '3 bytes')
    """
    return f"{count >> 20} MB" if count >= MB else f"{count} bytes"
