"""What is said, and by whom? All words inside quotation marks, with the speaker of those that somebody says.

Where quotations are is for quotation.py, who is beside them for speech.py; here the two are put together: a
quotation that goes on has one speaker, "he" is the subject of what was told last, "the minister" the only one who
was called so before. A title or one or two words in the middle of a sentence have no speaker, and whoever is not
told is None: never a guess. Transcripts are for transcripts.py; what is said without marks is no quotation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from searcher.metadata import phrases, speech
from searcher.metadata.phrases import Subject, Word
from searcher.metadata.quotation import Quotation, paragraphs
from searcher.metadata.speakers import Speakers, completed
from searcher.model import Name, Quote, Span

MOST = 500
"""How many quotations of an article are kept."""

FAR = 240
"""How far from a quotation, in characters, is looked for its speaker."""

LONG = 8
"""How many words a quotation that is a paragraph by itself has, if who spoke before it goes on: lines of a dialogue
are shorter."""

FEW = 2
"""So many words in marks are a way of speaking, unless they stand as a sentence does."""


def find(body: str, mentions: Sequence[Name]) -> tuple[Quote, ...]:
    """The quotations of a text in order; their speakers are persons or organisations among the mentions, or None.

    >>> name = Name("Jane Doe", "person", "Doe", 26, 29)
    >>> find('"It rains in Sochi," said Doe.', [name])
    (Quote(text='It rains in Sochi,', speaker='Jane Doe', start=1, end=19),)
    """
    parts = list(paragraphs(body))
    if not any(found for _, found in parts):
        return ()
    telling = _Telling(body, mentions)
    for span, found in parts:
        telling.add(span, found)
        if len(telling.said) >= MOST:
            break
    return tuple(
        Quote(body[one.start : one.end], speaker, one.start, one.end) for one, speaker in telling.said[:MOST]
    )


class _Gap(NamedTuple):
    """The words between two quotations, or between one and the edge of its paragraph: those that begin it, and
    those that end it."""

    head: Sequence[Word]
    tail: Sequence[Word]

    @property
    def sentences(self) -> int:
        """How many sentences it holds, 2 for more than one."""
        first = len(phrases.first_sentence(self.head))
        return 2 if len(self.tail) > first + 1 or self.head != self.tail else 1 if self.head else 0


class _Telling:
    """A text as it is read, paragraph by paragraph: `said` are its quotations with their speakers."""

    def __init__(self, body: str, mentions: Sequence[Name]) -> None:
        self.said: list[tuple[Quotation, str | None]] = []
        self._body = body
        self._names = completed(body, mentions)
        self._starts = [name.start for name in self._names]
        self._cast = Speakers(body, self._names, self._starts)
        self._announced: Sequence[Word] = ()  # what ends the paragraph before, with a colon
        self._signed = -1  # the quotation that was a whole paragraph: the next may be its signature
        self._running: str | None = None  # who goes on if the next paragraph is nothing but a quotation

    def add(self, span: Span, found: Sequence[Quotation]) -> None:
        """One more paragraph, with its quotations."""
        if found:
            self._paragraph(span, found)
        else:
            self._sign(span)
            self._running = None
        self._announced = self._read(span[1] - FAR, span[1], span[0]) if self._announces(span) else ()

    def _announces(self, span: Span) -> bool:
        """Whether a paragraph leads to a quotation in the next."""
        tail = self._body[max(span[0], span[1] - FAR) : span[1]].rstrip()
        return tail.endswith((":", "：")) or " following " in tail

    def _read(self, start: int, end: int, first: int = 0) -> list[Word]:
        return phrases.read(self._body, max(first, start), end, self._names, self._starts)

    def _gap(self, start: int, end: int) -> _Gap:
        if end - start <= FAR:
            words = self._read(start, end)
            return _Gap(words, words)
        return _Gap(self._read(start, start + FAR), self._read(end - FAR, end))

    def _sign(self, span: Span) -> None:
        """A short paragraph behind a quotation that was one by itself: — Jane Doe."""
        if self._signed >= 0 and self._body[span[0]] in "-–—―~" and span[1] - span[0] < FAR:
            subject = speech.behind(self._read(*span), ",")
            one, speaker = self.said[self._signed]
            self.said[self._signed] = one, speaker or self._resolved(subject, span[0])
        self._signed = -1

    def _paragraph(self, span: Span, found: Sequence[Quotation]) -> None:
        edges = [span[0], *(one.after for one in found)]
        gaps = [self._gap(*pair) for pair in zip(edges, [*(one.outer for one in found), span[1]], strict=True)]
        told = [self._told(one, gaps[at : at + 2], at == 0) for at, one in enumerate(found)]
        whole = len(found) == 1 and not gaps[0].head and not gaps[1].head
        speakers: list[str | None] = []
        for at, (one, (subject, _)) in enumerate(zip(found, told, strict=True)):
            if subject is not None:
                speaker = self._resolved(subject, one.outer)
            else:
                speaker = self._carried(found, told, speakers, gaps[at], at)
                if whole and not speaker and len(self._body[one.start : one.end].split()) >= LONG:
                    speaker = self._running
            speakers.append(speaker)
            self.said.append((one, speaker))
        self._settle(found, told, gaps)
        self._signed = len(self.said) - 1 if whole else -1
        ended = gaps[-1].sentences < 2 and self._body[found[-1].end - 1] != "?"
        self._running = self.said[-1][1] if ended and not self._announces(span) else None

    def _told(self, one: Quotation, gaps: Sequence[_Gap], opens: bool) -> tuple[Subject | None, bool]:
        """Whom the words around a quotation name, and whether those behind it do."""
        text = self._body[one.start : one.end]
        before = speech.announced(self._announced) if opens and not gaps[0].tail else speech.before(gaps[0].tail)
        if before is not None and before.close:
            return before, False
        behind = speech.behind(gaps[1].head, text[-1])
        if behind is not None:
            return behind, True
        return before, False

    def _carried(
        self, found: Sequence[Quotation], told: Sequence[tuple[Subject | None, bool]],
        speakers: Sequence[str | None], gap: _Gap, at: int,
    ) -> str | None:  # fmt: skip
        """The speaker of the quotation before, where nothing that comes between is of another."""
        if found[at].goes_on and self.said:
            return self.said[-1][1]
        if at == 0:
            return None
        if told[at - 1][1]:
            return speakers[-1] if gap.sentences < 2 else None
        others = any(word.name and word.name.kind == "person" for word in gap.head)
        return speakers[-1] if gap.sentences < 2 and not others and len(gap.head) <= phrases.PHRASE else None

    def _settle(
        self, found: Sequence[Quotation], told: Sequence[tuple[Subject | None, bool]], gaps: Sequence[_Gap]
    ) -> None:
        """What the end of a quotation says holds for its beginning; what nobody says has no speaker."""
        first = len(self.said) - len(found)
        for at in range(len(found) - 2, -1, -1):
            if told[at][0] is None and self.said[first + at][1] is None and not gaps[at + 1].head:
                self.said[first + at] = found[at], self.said[first + at + 1][1]
        at = first
        while at > 0 and self.said[at][0].goes_on and self.said[at - 1][1] is None:
            self.said[at - 1] = self.said[at - 1][0], self.said[at][1]
            at -= 1
        for at, one in enumerate(found, first):
            if not _is_speech(self._body, one, told[at - first][1]):
                self.said[at] = one, None

    def _resolved(self, subject: Subject | None, position: int) -> str | None:
        """The name of who is meant."""
        if not subject:
            return None
        if subject.name:
            return self._cast.full(subject.name)
        if subject.post:
            return self._cast.holder(subject)
        return self._cast.antecedent(subject.pronoun, min(subject.at, position), self.said)


def _is_speech(body: str, one: Quotation, told_behind: bool) -> bool:
    """Whether somebody says these words in marks, and not only uses them: no title, no single word."""
    text = body[one.start : one.end]
    stands = text[-1] in ".,!?…" or body[max(0, one.outer - 2) : one.outer].strip().endswith((":", "："))
    stands = stands or (told_behind and body[one.after : one.after + 1] == ",")
    words = text.split()
    if len(words) <= FEW and not _unspaced(text):
        return stands
    long = [word for word in words if len(word) > 3 and word[0].isalpha()]
    title = len(long) > 1 and not any(word[0].islower() for word in long)
    return not title or told_behind or (stands and text[-1] != ",")


def _unspaced(text: str) -> bool:
    return any(char > "\u2e80" for char in text)
