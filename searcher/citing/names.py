"""How is the name in a byline cited? Family name first if it is a person's; any other name is kept whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from searcher.metadata import orgs, persons
from searcher.metadata.bylines import PARTICLES, personal, tidy


class Author(NamedTuple):
    """A person; or, with `family` alone, a name that is kept whole: of a body, or in a script without capitals."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""

    @property
    def surname(self) -> str:
        """The family name with what stands before it: "van Beethoven"."""
        return f"{self.particle} {self.family}".strip()

    @property
    def natural(self) -> str:
        """The name as it is spoken: "Ludwig van Beethoven"."""
        return " ".join(filter(None, (self.given, self.surname, self.suffix)))


_BY = re.compile(r"by\s+(?=\w)", re.I)
_SUFFIXES = frozenset("jr jr. sr sr. ii iii iv".split())
_JOINING = frozenset("y e i".split())
"""What stands between the two family names of a person: "Ortega y Gasset"."""

_OF_BODIES = frozenset(
    """international watch rights today online project initiative campaign monitor observer digest wire report
    reports associates center centre communications digital global house editorial public
    national committee""".split()
)
"""Words that no person is called by, beside those in which metadata knows an organisation."""


def line(text: str | None) -> str:
    """The text as one line, without control characters and half characters.

    >>> line(" Kerry \\n in\\x07 Sochi")
    'Kerry in Sochi'
    """
    kept = (char for char in " ".join((text or "").split()) if unicodedata.category(char) not in ("Cc", "Cs"))
    return " ".join("".join(kept).split())


def author(written: str) -> Author | None:
    """The name in a byline; None if there is none. A name in capitals gets small letters if it is a person's.

    >>> author("By Ludwig van Beethoven")
    Author(family='Beethoven', given='Ludwig', particle='van', suffix='')
    >>> author("JANE DOE, JR.").natural
    'Jane Doe Jr.'
    >>> author("Ortega y Gasset, José").family, author("Human Rights Watch").family, author("张三").family
    ('Ortega y Gasset', 'Human Rights Watch', '张三')
    """
    name = _BY.sub("", line(written), count=1)
    if inverted := _inverted(name):
        return inverted
    tokens = [token.rstrip(",") for token in tidy(name).split()]
    suffix = tokens.pop() if len(tokens) > 2 and tokens[-1].lower() in _SUFFIXES else ""
    if not _is_person(tokens):
        return Author(name) if name else None
    at = _family(tokens)
    return _parted(tokens[:at], tokens[at:], suffix) if at else _parted(tokens[1:], tokens[:1], suffix)


def _inverted(name: str) -> Author | None:
    """A person's name that has its family name first already: "Doe, Jane"."""
    family, _, given = (part.split() for part in name.partition(", "))
    if not given or given[-1].lower() in _SUFFIXES or orgs.length([*family, *given]):
        return None
    return _parted(given, family) if _is_person([*given, *family]) else None


def _is_person(tokens: Sequence[str]) -> bool:
    """The shape of a full name in a script with capitals, and no word of an organisation's."""
    if not personal(" ".join(tokens)) or not tokens[0][0].isupper():
        return False
    return not orgs.length(tokens) and not _OF_BODIES & {token.lower() for token in tokens}


def _family(tokens: Sequence[str]) -> int:
    """Where the family name begins: at the last word, or the particles before it; 0 for "Xi Jinping"."""
    if persons.family_first(tokens):
        return 0
    at = len(tokens) - 1
    while at > 1 and tokens[at - 1].lower() in PARTICLES:
        at -= 1
    return at - 1 if at > 1 and tokens[at] in _JOINING else at


def _parted(given: Sequence[str], family: Sequence[str], suffix: str = "") -> Author:
    """With the small words before the family name as its particle."""
    small = next((at for at, token in enumerate(family) if not token[0].islower()), 0)
    return Author(" ".join(family[small:]), " ".join(given), " ".join(family[:small]), suffix)
