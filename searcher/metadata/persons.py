"""Which capitalised words are a person? Titles before names, verbs of speech beside them, known given names.

Candidates come from runs of capitalised words; whom a lone surname means, names.py decides with the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from searcher.metadata.bylines import PARTICLES
from searcher.metadata.places import gazetteer
from searcher.metadata.tables import lines, words
from searcher.metadata.tokens import Token

MOST = 5
"""The most words of a name."""

LONGEST_TITLE = 4


class Uses(NamedTuple):
    """How a text uses words, in lower case: capitalised ones that stand alone, and small ones."""

    alone: Collection[str] = frozenset()
    small: Collection[str] = frozenset()


class Evidence(NamedTuple):
    """What stands around a candidate: a post before it, `high` enough for a surname alone, or an address ("Mr"); a
    verb of speech beside it."""

    post: bool = False
    high: bool = False
    address: str = ""
    speaks: bool = False


@cache
def _titles() -> Mapping[int, frozenset[str]]:
    """Posts and addresses by their number of words."""
    every = words("people", "post") | words("people", "address")
    sizes = range(1, LONGEST_TITLE + 1)
    return {size: frozenset(title for title in every if title.count(" ") == size - 1) for size in sizes}


def title(names: Sequence[str]) -> int:
    """How many words at the start are a post or an address.

    >>> title(["Secretary", "of", "State", "Jane", "Doe"]), title(["Jane", "Doe"])
    (3, 0)
    """
    for size in range(min(LONGEST_TITLE, len(names)), 0, -1):
        if " ".join(names[:size]).lower() in _titles()[size]:
            return size
    return 0


def is_title(names: Sequence[str]) -> bool:
    """Whether words are a post and no name: "President", but not "King", which is both.

    >>> is_title(["Prime", "Minister"]), is_title(["King"])
    (True, False)
    """
    return title(names) == len(names) and names[-1].lower() not in _SURNAMES_TOO


def is_post(word: str) -> bool:
    """Whether a word in lower case is a post or an address by itself."""
    return word in _titles()[1]


def title_before(found: Sequence[Token], index: int) -> str:
    """The post or address that ends right before a token, in lower case; "" if there is none."""
    for size in range(min(LONGEST_TITLE, index), 0, -1):
        if all(token.gap == " " for token in found[index - size + 1 : index + 1]):
            phrase = " ".join(token.text for token in found[index - size : index]).lower()
            if phrase in _titles()[size]:
                return phrase
    return ""


def is_surname_after(found: Sequence[Token], index: int) -> bool:
    """Whether a word stands after "Mr", or after a post high enough for a surname alone, and may be one."""
    if not index or found[index].gap != " " or found[index - 1].text.lower() not in _ends():
        return False
    before = title_before(found, index)
    if before not in words("people", "address") and before not in words("people", "alone"):
        return False
    word = found[index].text
    return _surname_like(word) and length([word]) == 1


@cache
def _ends() -> frozenset[str]:
    """The last words of posts and addresses."""
    return frozenset(title.rpartition(" ")[2] for titles in _titles().values() for title in titles)


def evidence(found: Sequence[Token], first: int, after: int, before: str) -> Evidence:
    """What stands around the tokens `first`..`after`, with the title `before` them."""
    address = before if before in words("people", "address") else ""
    high = before in words("people", "alone")
    return Evidence(bool(before) and not address, high, address, _speaks(found, first, after))


def _speaks(found: Sequence[Token], first: int, after: int) -> bool:
    verbs = words("people", "said")
    if after < len(found) and found[after].gap in (" ", ", ") and found[after].text.lower() in verbs:
        return True
    before = found[first - 1] if first else None
    return before is not None and found[first].gap == " " and before.text.lower() in verbs


def length(names: Sequence[str]) -> int:
    """How many words at the start of a run may be one person's name: capitalised, with particles inside."""
    size = 0
    for index, name in enumerate(names[:MOST]):
        if index and name.lower() in PARTICLES and not name[:1].isupper():
            continue
        if not _part(name, index) or _titled(names, index) or (index and _goes_on(names[index:])):
            break
        size = index + 1
    return size


_PART = re.compile(r"(?:[^\W\d_]\.)|(?:[^\W\d_]+['’ʼ-])*[^\W\d_]{2,}\.?")

# What comes after a person's name in the name of something else.
_TAILS = frozenset(
    """street avenue road square airport station stadium bridge university hospital prize award
    awards cup house park hotel school schools rink casino county center centre hall theater theatre
    river lake mountain mountains island islands bay beach hills valley field dock diocese air books
    press building tower church cemetery foundation act law bill day week year""".split()
)


def _part(name: str, index: int) -> bool:
    """Whether a word can stand in a person's name; small words only inside it ("Un", "Al")."""
    lowered = name.lower()
    if lowered in words("people", "no_name") and (index == 0 or len(name) > 2):
        return False
    if lowered in words("people", "offices") or lowered in _TAILS or lowered in words("orgs", "tails"):
        return False
    return _PART.fullmatch(name) is not None and not (name.isupper() and len(name) < 4 and "." not in name)


# Posts that are surnames as well.
_SURNAMES_TOO = frozenset("king prince bishop pope dean major judge duke father coach cardinal page sheikh".split())


def _titled(names: Sequence[str], index: int) -> bool:
    """Whether a post begins here: after "Mr" ("Mr President"), or inside a run with a name still to come."""
    if names[index].lower() in _SURNAMES_TOO:
        return False
    size = title(names[index:])
    return size > 0 and (index == 0 or size > 1 or index + size < len(names))


def _goes_on(names: Sequence[str]) -> bool:
    """Whether a run goes on with a country or region of several words, which no name does."""
    return any(gazetteer().find(" ".join(names[:size])) for size in (3, 2) if len(names) >= size)


def given(name: str) -> bool:
    """Whether a word is a given name, in the case endings of Russian too; of "Jean-Claude" the first half counts.

    >>> given("Владимиром"), given("Jean-Claude"), given("Sochi")
    (True, True, False)
    """
    lowered = name.lower()
    if lowered in lines("given") or lowered.partition("-")[0] in lines("given"):
        return True
    return "\u0400" <= lowered[:1] <= "\u04ff" and root(lowered) in _cyrillic()


@cache
def _cyrillic() -> frozenset[str]:
    return frozenset(root(name) for name in lines("given") if "\u0400" <= name[0] <= "\u04ff")


_ENDING = re.compile(r"(?<=\w\w)(?:ого|его|ому|ему|ем|ём|ом|ым|им|ых|их|[аяйьуюеёиыо])+$")


def root(word: str) -> str:
    """A Cyrillic name in lower case without its case endings; any other word as it is.

    >>> root("сергеем") == root("сергей"), root("ивановым"), root("doe")
    (True, 'иванов', 'doe')
    """
    return _ENDING.sub("", word) if "\u0400" <= word[:1] <= "\u04ff" else word


def is_person(names: Sequence[str], around: Evidence, used: Uses) -> bool:
    """Whether words of the shape of a name are a person, with what stands around them and how the text uses them.

    A post is enough for a full name, a high one or "Mr" for a surname. A given name is enough if the other is no
    small word of the text; a verb of speech if the surname comes again alone. A place is no person without "Mr".
    """
    place = gazetteer().find(" ".join(names))
    if place is not None and not around.address:
        return False
    if around.post or around.address:
        return len(names) > 1 or bool(around.address) or (around.high and _surname_like(names[0]))
    if len(names) < 2 or gazetteer().find(names[-1], exact=True) or names[-1].lower() in used.small:
        return False
    if given(names[0]) or family_first(names):
        return True
    nation = gazetteer().find(names[0])
    return around.speaks and (nation is None or not nation.sure) and surname(names) in used.alone


_DEMONYM = re.compile(r"(?:ian|ians|ish|ese|ans)$")


def _surname_like(name: str) -> bool:
    if len(name) < 3 or _DEMONYM.search(name) or (name.isupper() and len(name) < 5):
        return False
    return gazetteer().find(name) is None


def family_first(names: Sequence[str]) -> bool:
    """ "Wang Yi", "Kim Jong-un": a Chinese or Korean family name, and one or two short words."""
    if names[0].lower() not in words("people", "family_first") or not 2 <= len(names) <= 3:
        return False
    return all(_SYLLABLES.fullmatch(name) for name in names[1:])


_SYLLABLES = re.compile(
    r"(?:[BCDFGHJKLMNPQRSTWXYZ]?[hrl]?[aeiouy]{1,3}(?:ng|n|r|k|l|p|m|t)?[-']?){1,2}",
    re.IGNORECASE,
)
_JUNIOR = ("jr", "sr", "ii", "iii")


def surname(names: Sequence[str]) -> str:
    """The part of a full name that stands for it, in lower case: the last word, without "al-", "Jr".

    >>> surname(["Bashar", "al-Assad"]), surname(["Wang", "Yi"])
    ('assad', 'wang')
    """
    kept = [name for name in names if name.lower().strip(".") not in _JUNIOR] or list(names)
    if family_first(kept):
        return kept[0].lower()
    return re.sub(r"^(?:al|el|ad|ash|as|an|ar|at)-", "", kept[-1].lower())
