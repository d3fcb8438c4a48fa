"""Where does each word stand? The words of one field and their postings, as arrays of one segment.

    F/text, …             the words, a Lexicon
    F/at                  where the postings of each form begin
    F/docs                the documents of the postings, rising within a form
    F/often               how often the form stands in the document
    F/places, F/places.at the positions of every form, by document; where those of each form begin
    F/forms.at            where the forms of each word begin, unless each word is one form
    F.stem/text, …        the stems, a Lexicon; F.stem/forms, forms.at: the numbers in F of the forms of each
    F/values, F/values.at instead of places: what another Whoosh format keeps with a posting, as bytes
    F/length, F/extent    by document: words of the field, and positions that it takes, gaps included

A form is a surface with a stem: `a` is one in English and another one in French. So every place of a text is kept
once, and a word, as a surface or as a stem, stands wherever one of its forms does (decision 28). A field without
`often` notes only that a word is there. A field of stems has the lengths of its surfaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from searcher.engines.port import NAMES
from searcher.engines.whoosh.arrays import Array, Arrays, lengths, offsets, smallest, tallied
from searcher.engines.whoosh.lexicon import Lexicon, lexicon_arrays
from searcher.query.plan import STEM

WHOLE = ".whole"
"""What is added to a name field, whose words have its own name, for its whole values; and to the date."""

UNKNOWN = -1
"""What a column of numbers holds for an article that has none."""

UNITS = ("sentences", "paragraphs")

REMEMBERED = 1000
"""Of how many words a field remembers where their postings are."""


def whole(name: str) -> str:
    """The index field that holds the whole values of one of our fields."""
    return name + WHOLE if name in _WITH_WHOLE else name


_WITH_WHOLE = (*NAMES, "date")


class Run(NamedTuple):
    """Postings: the documents, rising, how often a word stands in each, and where, by document."""

    docs: Array
    often: Array
    places: Array

    def owners(self) -> Array:
        """The document of each place."""
        return self.docs.repeat(self.often)

    def numbered(self) -> Array:
        """The places, each with its document, as numbers that rise."""
        return (self.owners().astype(np.int64) << 32) + self.places

    def starts(self, starts: Array) -> Array:
        """The places, counted on from where the documents start."""
        return starts[self.docs].repeat(self.often) + self.places

    def parted(self, borders: Sequence[int] | Array) -> list[Run]:
        """What is of documents from the first border to the second, from there to the third, …"""
        ends = self.docs.searchsorted(borders).tolist()
        places = offsets(self.often)[ends].tolist()
        parts = zip(pairwise(ends), pairwise(places), strict=True)
        return [Run(self.docs[a:b], self.often[a:b], self.places[c:d]) for (a, b), (c, d) in parts]


def together(runs: Sequence[Run]) -> Run:
    """The postings of several forms, one at least, as those of one word. No two stand at one place."""
    if len(runs) == 1:
        return runs[0]
    places = np.concatenate([run.numbered() for run in runs])
    places.sort(kind="stable")  # which is quick with numbers that rise run by run
    return Run(*tallied(places >> 32), places.astype(np.uint32))  # without the documents


class Postings:
    """One field of one segment, as it was written."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        self.name = name
        self.lexicon = Lexicon(arrays, f"{name}/text")
        self._forms = arrays.get(f"{name}/forms")
        self._forms_at = arrays.get(f"{name}/forms.at")
        field = name if self._forms is None else name.removesuffix(STEM)
        self._at = arrays[f"{field}/at"]
        self._docs = arrays[f"{field}/docs"]
        self.often = arrays.get(f"{field}/often")
        self.places = arrays.get(f"{field}/places")
        self._places_at = arrays.get(f"{field}/places.at")
        self.values = arrays.get(f"{field}/values")
        self.values_at = arrays.get(f"{field}/values.at")
        self._known: dict[str, Sequence[Run]] = {}

    def of(self, word: str) -> Sequence[Run]:
        """The postings of each form of a word; none if it is not here. The last few asked for are remembered."""
        try:
            return self._known[word]
        except KeyError:
            pass
        if len(self._known) >= REMEMBERED:
            self._known = {}
        number = self.lexicon.find(word.encode("utf-8", "surrogatepass"))
        runs = self._known[word] = () if number < 0 else self.runs(number)
        return runs

    def runs(self, number: int) -> Sequence[Run]:
        """The postings of each form of the word of a number."""
        return [self._run(form) for form in self._forms_of(number)]

    def _forms_of(self, number: int) -> Sequence[int]:
        if self._forms_at is None:
            return (number,)
        first, after = int(self._forms_at[number]), int(self._forms_at[number + 1])
        if self._forms is None:
            return range(first, after)
        forms: list[int] = self._forms[first:after].tolist()
        return forms

    def _run(self, form: int) -> Run:
        run, none = self.run(form), self._docs[:0]
        often = none if self.often is None else self.often[run]
        return Run(self._docs[run], often, none if self.places is None else self._places(form))

    def run(self, form: int) -> slice:
        """Where the postings of a form lie."""
        return slice(int(self._at[form]), int(self._at[form + 1]))

    def _places(self, form: int) -> Array:
        assert self.places is not None
        assert self._places_at is not None
        return self.places[int(self._places_at[form]) : int(self._places_at[form + 1])]

    def living(self, live: Array, numbers: range) -> list[int]:
        """Which of these words, one at least, stand in a document that a mask says: the first of them is 0."""
        at = np.arange(len(self.lexicon) + 1) if self._forms_at is None else self._forms_at
        border = at[numbers.start : numbers.stop + 1].astype(np.int64)
        if self._forms is None:
            left = self._alive(live, int(border[0]), int(border[-1]))
        else:
            left = self._alive(live, 0, len(self._at) - 1)[self._forms[border[0] : border[-1]]]
        some = np.logical_or.reduceat(left, border[:-1] - border[0])
        living: list[int] = some.nonzero()[0].tolist()
        return living

    def _alive(self, live: Array, first: int, after: int) -> Array:
        """Of the forms from one number to another whether they stand in such a document."""
        at = self._at[first : after + 1].astype(np.int64)
        return np.logical_or.reduceat(live[self._docs[at[0] : at[-1]]], at[:-1] - at[0])


def postings_arrays(
    name: str,
    words: Iterable[bytes],
    counts: Array,
    docs: Array,
    often: Array | None = None,
    places: Array | None = None,
    places_counts: Array | None = None,
) -> dict[str, Array]:
    """The arrays of a field in the types they are kept in; `counts` and `places_counts` are by form."""
    arrays = {**lexicon_arrays("text", words), "at": smallest(offsets(counts)), "docs": smallest(docs)}
    if often is not None:
        arrays["often"] = smallest(often)
    if places is not None and places_counts is not None:
        arrays |= {"places": smallest(places), "places.at": smallest(offsets(places_counts))}
    return {f"{name}/{part}": array for part, array in arrays.items()}


class Forms(NamedTuple):
    """The forms of a field, sorted: surfaces and stems, sorted, and the numbers of both by form.

    The first of the stems is b"", which is none.
    """

    words: list[bytes]
    stems: list[bytes]
    word: Array
    stem: Array

    @classmethod
    def plain(cls, words: list[bytes]) -> Forms:
        """Those of words without stems."""
        return cls(words, [b""], np.arange(len(words)), np.zeros(len(words), np.int64))

    @classmethod
    def of(cls, words: Sequence[bytes], stems: Sequence[bytes], pairs: Array) -> Forms:
        """Forms from rising pairs: the number of a word, times that of all stems, plus that of its stem. Words and
        stems that none has are left out."""
        used, word = np.unique(pairs // len(stems), return_inverse=True)
        having, stem = np.unique(np.append(pairs % len(stems), 0), return_inverse=True)
        return cls([words[at] for at in used.tolist()], [stems[at] for at in having.tolist()], word, stem[:-1])


def form_arrays(name: str, forms: Forms, *postings: Array) -> dict[str, Array]:
    """The arrays of a field from its forms, and what postings_arrays() takes."""
    arrays = postings_arrays(name, forms.words, *postings)
    if len(forms.words) < len(forms.word):
        arrays[f"{name}/forms.at"] = smallest(offsets(np.bincount(forms.word)))
    if len(forms.stems) > 1:
        counts = np.bincount(forms.stem, minlength=len(forms.stems))
        order = np.argsort(forms.stem, kind="stable")[counts[0] :]
        arrays |= lexicon_arrays(f"{name}{STEM}/text", forms.stems[1:])
        arrays |= {f"{name}{STEM}/forms": smallest(order), f"{name}{STEM}/forms.at": smallest(offsets(counts[1:]))}
    return arrays


def forms_of(arrays: Arrays, name: str) -> Forms:
    """The forms of a field, as form_arrays() took them."""
    forms = Forms.plain(Lexicon(arrays, f"{name}/text")[:])
    if f"{name}/forms.at" in arrays:
        counts = lengths(arrays[f"{name}/forms.at"])
        forms = forms._replace(word=forms.word.repeat(counts), stem=forms.stem.repeat(counts))
    if f"{name}{STEM}/forms" in arrays:
        forms.stems.extend(Lexicon(arrays, f"{name}{STEM}/text")[:])
        counts = lengths(arrays[f"{name}{STEM}/forms.at"])
        forms.stem[arrays[f"{name}{STEM}/forms"]] = np.arange(1, len(forms.stems)).repeat(counts)
    return forms
