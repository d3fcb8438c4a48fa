"""Which words are a subject? A stretch of text as a row of words, and the names, pronouns and posts in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from searcher.metadata.tables import table
from searcher.metadata.tables import words as listed
from searcher.model import Name
from searcher.query.common import lists

PHRASE = 8
"""How many words of a subject are read."""


class Word(NamedTuple):
    """A word, a name or a mark, `raw` as it stands there; `text` is in lower case."""

    raw: str
    text: str
    start: int
    name: Name | None = None

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.name is not None or self.raw[0].isupper()

    @property
    def is_mark(self) -> bool:
        """Whether it is punctuation."""
        return self.name is None and not self.text[0].isalnum()


class Subject(NamedTuple):
    """Who says it: a person or an organisation; or "he" at a place; or the words of a post. `close` says that
    nothing stands between the verb, or a colon, and the quotation."""

    name: Name | None = None
    pronoun: str = ""
    post: tuple[str, ...] = ()
    at: int = 0
    close: bool = False

    def __bool__(self) -> bool:
        return bool(self.name or self.pronoun or self.post)


NOBODY = Subject()


@cache
def known(key: str) -> frozenset[str]:
    """A list of data/speech.toml."""
    found = table("speech")[key]
    return frozenset(found.split() if isinstance(found, str) else found)


@cache
def blocked() -> frozenset[str]:
    """Common words that no name's own phrase has."""
    return frozenset().union(*lists().values()) - known("articles") - heads()


@cache
def heads() -> frozenset[str]:
    """The last words of posts."""
    return frozenset(post.split()[-1] for post in listed("people", "post"))


@cache
def pronouns() -> frozenset[str]:
    """The pronouns of the third person."""
    return known("he") | known("she") | known("they")


@cache
def _token() -> re.Pattern[str]:
    short = {post for key in ("post", "address") for post in listed("people", key) if post.endswith(".")}
    dotted = "|".join(sorted((re.escape(post[:-1]) for post in short if " " not in post), key=len, reverse=True))
    return re.compile(
        rf"(?=[^\W\d_]+\.)(?:(?i:{dotted})\.|(?:[^\W\d_]\.){{2,}})|[A-ZÀ-ÞА-Я]\.(?=\s?[A-ZÀ-ÞА-Я])|['’]s\b"
        r"|[^\W_]+(?:(?!['’]s\b)['’-][^\W_]+)*|[^\w\s]"
    )


def read(body: str, start: int, end: int, names: Sequence[Name], starts: Sequence[int]) -> list[Word]:
    """The words of a stretch; `names` are in order, `starts` is where they start."""
    found: list[Word] = []
    for at in range(bisect_left(starts, start), bisect_left(starts, end)):
        name = names[at]
        if start <= name.start and name.end <= end:
            found += _plain(body, start, name.start)
            found.append(Word(name.text, name.text.lower(), name.start, name))
            start = name.end
    return [*found, *_plain(body, start, end)]


def _plain(body: str, start: int, end: int) -> Iterator[Word]:
    for match in _token().finditer(body, start, end):
        yield Word(match[0], match[0].lower(), match.start())


def first_sentence(words: Sequence[Word]) -> Sequence[Word]:
    """The words up to where a sentence ends."""
    return words[: next((at for at in range(len(words)) if _ends(words, at)), len(words))]


def last_sentence(words: Sequence[Word]) -> Sequence[Word]:
    """The words behind where the last sentence ends."""
    return words[next((at + 1 for at in range(len(words) - 1, -1, -1) if _ends(words, at)), 0) :]


def _ends(words: Sequence[Word], at: int) -> bool:
    if words[at].text not in (".", "!", "?", "…", "。", ";"):
        return False
    return at + 1 == len(words) or words[at + 1].capital or not words[at + 1].text[0].islower()


def is_verb(word: Word, opens: bool = False) -> bool:
    """Whether a word is a verb of speech; `opens` admits one with a capital letter."""
    return word.name is None and (opens or not word.capital) and word.text in known("said")


def is_person(word: Word) -> bool:
    """Whether it is a person's name."""
    return word.name is not None and word.name.kind == "person"


def is_place(word: Word) -> bool:
    """Whether it is a place's name."""
    return word.name is not None and word.name.kind == "place"


def is_helper(word: Word) -> bool:
    """Whether it may stand between a subject and its verb."""
    return word.text in known("helps") or (word.text.endswith("ly") and not word.capital)


def subject(words: Sequence[Word], at: int) -> tuple[Subject, int] | None:
    """The subject that begins at a word, and where it ends."""
    first = at
    body: Subject | None = None
    while at < min(len(words), first + PHRASE):
        word = words[at]
        owner = at + 1 < len(words) and words[at + 1].text in ("'s", "’s")
        if word.name and not owner:
            if word.name.kind == "person":
                return Subject(word.name, at=word.start), at + 1
            body = Subject(word.name, at=word.start)
        elif not word.name and word.text not in ("'s", "’s") and not modifies(words, at, first):
            break
        else:
            body = None
        at += 1
    if body:
        return body, at
    return _unnamed(words, first, at)


def _unnamed(words: Sequence[Word], first: int, after: int) -> tuple[Subject, int] | None:
    """A pronoun, or a post by itself."""
    if first >= len(words):
        return None
    texts = tuple(word.text for word in words[first:after])
    if len(texts) > 1 and texts[0] in known("definite") and texts[-1] in heads():
        return Subject(post=texts[1:], at=words[first].start), after
    if words[first].text in pronouns():
        return Subject(pronoun=words[first].text, at=words[first].start), first + 1
    return None


def unknown(words: Sequence[Word], at: int) -> tuple[Subject, int] | None:
    """The last capitalised words of a phrase that begins at a word, and where they end, where no name is known in
    it: "Senator Doe"."""
    after = at
    while after < min(len(words), at + PHRASE) and words[after].name is None and modifies(words, after, at):
        after += 1
    begin = after
    while begin > at and may_be_name(words[begin - 1].raw):
        begin -= 1
    run = words[begin:after]
    if not run or len(run) > 3 or (after < len(words) and not words[after].is_mark and not is_verb(words[after])):
        return None
    text = " ".join(word.raw for word in run)
    return Subject(
        Name(text, "person", text, run[0].start, run[-1].start + len(run[-1].raw)), at=run[0].start
    ), after


def may_be_name(raw: str) -> bool:
    """Whether a word by itself may be a name: it has a capital letter, and is no common word, post or day."""
    return raw[0].isupper() and len(raw) > 1 and raw.lower() not in _no_names()


@cache
def _no_names() -> frozenset[str]:
    lists = (known(key) for key in ("days", "articles", "said", "according"))
    return frozenset().union(blocked(), heads(), listed("people", "address"), *lists)


def modifies(words: Sequence[Word], at: int, first: int) -> bool:
    """Whether a word may stand before a name in its own phrase: "the town's former mayor", "Minister of Trade"."""
    word = words[at]
    if word.is_mark:
        return word.text == "-"
    if word.text in known("of") and at > first and _is_post(words, at - 1) and at + 1 < len(words):
        return words[at + 1].capital or words[at + 1].text in known("of")
    if word.capital:
        return at > first or not (is_verb(word, opens=True) or word.text in blocked())
    if word.text in blocked() or is_verb(word):
        return False
    return word.text not in pronouns() or word.text in known("articles")


def _is_post(words: Sequence[Word], at: int) -> bool:
    return at >= 0 and words[at].capital and words[at].name is None
