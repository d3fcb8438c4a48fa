"""Random archives, random trees and random plans, small enough that everything meets everything."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from searcher import fields, text
from searcher.model import Article, Provenance, Quote, When
from searcher.query.plan import (
    EXACT,
    LAST,
    STEM,
    And,
    Close,
    First,
    Near,
    Not,
    Or,
    Part,
    Places,
    Plan,
    Range,
    Row,
    Several,
    Spot,
    Term,
    Terms,
    Value,
)
from searcher.query.tree import (
    AtLeast,
    DateRange,
    Everything,
    Exact,
    Fuzzy,
    InField,
    Loose,
    Node,
    NumberRange,
    Phrase,
    Regex,
    Wild,
    Word,
    boosted,
    conj,
    disj,
    neg,
)
from searcher.query.tree import (
    First as Within,
)
from searcher.query.tree import (
    Near as Nearby,
)

WORDS = [
    "kerry",
    "kerry's",
    "visits",
    "visiting",
    "sochi",
    "the",
    "of",
    "Zürich",
    "al-Assad",
    "U.S.",
    "6,000",
    "北京",
    "talks",
]
COMMON = ["kerry", "sochi"]
"""Words that stand nearly everywhere, often twice: what must meet does."""

NAMES = ["John Kerry", "Bob Kerrey", "Sochi", "NATO", "Jean-Claude Juncker", "北京"]
SOURCES = ["BBC", "BBC News", "Harbour Courier"]
VALUES = ["2015", "2015-05", "2015-05-12", "2015-06-01", "2016-02", "2014-12-31"]

GROUPS = [("a", "a"), ("b", "a"), ("c", "c"), ("d", "d"), ("", "")]
"""Copies of a text, and the stories they lie in; nobody has looked for those of the last."""

sentences = st.lists(st.sampled_from(WORDS + COMMON * 4), min_size=1, max_size=7).map(" ".join)
# A full stop ends a sentence only before a capital.
texts = st.lists(sentences, max_size=4).map(lambda some: ". ".join(one[:1].upper() + one[1:] for one in some))
dates = st.none() | st.sampled_from(VALUES).map(lambda value: When(value, "meta", 0.9))


@st.composite
def articles(draw: st.DrawFn, identity: str) -> Article:
    """An article of a few words and names."""
    body = "\n\n".join(draw(st.lists(texts, max_size=4)))
    people = tuple(draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True)))
    copy, story = draw(st.sampled_from(GROUPS))
    return Article(
        identity, draw(texts), body, Provenance("corpus/a.txt", identity),
        lead=body.split("\n\n")[0], date=draw(dates), source=draw(st.none() | st.sampled_from(SOURCES)),
        language=draw(st.sampled_from(["en", "de", None])), people=people,
        places=tuple(draw(st.lists(st.sampled_from(NAMES), max_size=1))),
        quotes=tuple(Quote(text, None, 0, 0) for text in draw(st.lists(texts, max_size=1))),
        flags=draw(st.sampled_from([(), ("transcript",)])), copy=copy, story=story,
        salient=tuple(draw(st.lists(st.sampled_from([*NAMES, "SOCHI"]), max_size=2))),
        words=draw(st.integers(0, 20)), ingested="2020-01-01",
    )  # fmt: skip


@st.composite
def archives(draw: st.DrawFn) -> list[Article]:
    """Up to eight articles with different ids."""
    number = draw(st.integers(0, 8))
    return [draw(articles(f"id{place}")) for place in range(number)]


words = st.sampled_from(WORDS).map(lambda word: Word(word.lower().removesuffix("'s")))
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda some: Phrase(" ".join(some).lower()))
fuzzies = st.sampled_from([Fuzzy("kery", 1), Fuzzy("zurch", 2), Fuzzy("sohci", 1), Fuzzy("usa", 2)])
regexes = st.sampled_from(["kerr.*", "s(o|a)chi", "z[üu]rich", ".{2}", "[^a-s]+"]).map(Regex)
exacts = st.lists(st.sampled_from([*WORDS, "Kerry", "Sochi", "THE", "The"]), min_size=1, max_size=2).map(
    lambda some: Exact(" ".join(some))
)
gapped = st.sampled_from(["kerry * sochi", "ker* sochi", "* of the", "the *"]).map(Phrase)
looses = st.builds(
    Loose, st.lists(st.sampled_from(WORDS + COMMON * 3), min_size=2, max_size=3).map(lambda some: " ".join(some).lower()),
    st.integers(1, 8),
).filter(lambda loose: len(list(text.words(loose.text))) > 1)  # fmt: skip
wilds = st.sampled_from(["ker*", "visit*", "*chi", "s?chi", "zü*", "al-ass*", "k?rr*"]).map(Wild)
days = st.none() | st.dates(date(2014, 1, 1), date(2016, 12, 31))


@st.composite
def ranges(draw: st.DrawFn) -> Node:
    """A range of dates or of numbers with an end at least."""
    if draw(st.booleans()):
        first, last = sorted([draw(days), draw(days)], key=lambda day: day or date(2015, 6, 1))
        return DateRange(draw(st.sampled_from(["date", "ingested"])), first, last or date(2016, 12, 31))
    low = draw(st.integers(0, 10))
    return NumberRange("words", low, draw(st.none() | st.integers(low, 20)))


placed_leaves = words | phrases | wilds | fuzzies | regexes | exacts
placed: st.SearchStrategy[Node] = st.recursive(
    placed_leaves,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(disj)
        | st.builds(
            Nearby,
            inner,
            inner,
            st.sampled_from([0, 1, 3, 8, "sentence", "paragraph"]),
            st.booleans(),
            st.booleans(),
        )
        | st.builds(Within, st.sampled_from([1, 3, 8]), inner)
    ),
    max_leaves=4,
)
calls = st.builds(AtLeast, st.integers(1, 3), placed)
in_text = st.tuples(st.sampled_from(["title", "lead", "body", "quote"]), placed | calls | looses)
in_names = st.tuples(
    st.sampled_from(["person", "place", "entity"]),
    st.sampled_from(NAMES).map(Exact)
    | st.sampled_from([Word("kerry"), Phrase("john kerry"), Word("北京"), Wild("ker*")]),
)
in_values = st.tuples(
    st.just("source"), st.sampled_from([Word("bbc"), Phrase("bbc news"), Wild("bbc*"), Exact("Harbour Courier")])
)
in_flags = st.sampled_from(
    [
        ("has", Word("date")),
        ("has", Word("person")),
        ("is", Word("transcript")),
        ("lang", Word("de")),
        ("is", Word("duplicate")),
    ]
)
in_fields = (in_text | in_names | in_values | in_flags).map(lambda pair: InField(*pair))


def _counts(tree: Node) -> bool:
    """Whether a boost of the node says something, so that it is kept when it is read."""
    return not (isinstance(tree, InField) and tree.field not in fields.TEXT)


leaves: st.SearchStrategy[Node] = (
    words | phrases | wilds | looses | gapped | placed | calls | ranges() | in_fields | st.just(Everything())
)
trees: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(conj)
        | st.lists(inner, min_size=1, max_size=3).map(disj)
        | inner.map(neg)
        | st.builds(boosted, inner.filter(_counts), st.sampled_from([0.5, 1.0, 3.0]))
    ),
    max_leaves=6,
)


FORMS = {language: text.terms(" ".join(WORDS), language) for language in ("en", "de", None)}
SURFACES = sorted(set(FORMS[None][0]))
STEMS = sorted({stem for _, stems in FORMS.values() for stem in stems})
NAMED = sorted({word.surface for name in NAMES for word in text.words(name)})
RUNS = [("al", "assad"), ("北", "京"), ("of", "the"), ("john", "kerry"), ("jean", "claude", "juncker")]
"""Rows that stand somewhere more often than words drawn one by one."""

weights = st.sampled_from([0.5, 1.0, 4.0])
text_fields = st.sampled_from(["body", "body", "body", "title", "lead"])
index_fields = st.sampled_from(["body", "body", "title", "lead", "person"]).flatmap(
    lambda name: st.just(name) if name == "person" else st.sampled_from([name, name + STEM, name + EXACT])
)


def vocabulary(field: str) -> st.SearchStrategy[str]:
    """A word that an index field may hold, as it is indexed."""
    if field == "person":
        return st.sampled_from(NAMED)
    if field.endswith(EXACT):
        return st.sampled_from(
            [text.written(word) for word in [*WORDS, "Kerry", "Sochi", "The", "the", *COMMON * 4]]
        )
    return st.sampled_from(STEMS + ["kerri", *COMMON] * 5 if field.endswith(STEM) else SURFACES + COMMON * 7)


def rows(field: str) -> st.SearchStrategy[Row]:
    """One to three words of an index field in a row, mostly one."""
    sizes = st.sampled_from([1, 1, 1, 1, 2, 3, 0])
    drawn = sizes.flatmap(lambda size: st.tuples(*[vocabulary(field)] * size) if size else st.sampled_from(RUNS))
    return st.builds(Row, st.just(field), drawn, weights)


def spots(field: str, depth: int) -> st.SearchStrategy[Spot]:
    """Places in a text field, with conditions on their conditions down to `depth`."""
    either = st.sampled_from([field, field + STEM, field + EXACT]).flatmap(rows)
    one = conditions(field, depth - 1) if depth else st.nothing()
    where = st.just(()) | st.tuples(one) | st.tuples(one, one)
    return st.builds(Spot, st.lists(either, min_size=1, max_size=3).map(tuple), where, weights)


def conditions(field: str, depth: int) -> st.SearchStrategy[Near | First]:
    """What may be asked of a place."""
    within = st.sampled_from([0, 1, 2, 4, 8]) | st.sampled_from(["sentence", "paragraph"])
    several = st.lists(spots(field, depth), min_size=1, max_size=2).map(tuple)
    near = st.builds(Near, several, within, st.sampled_from(["any", "before", "after"]), st.booleans())
    return near | st.builds(First, st.sampled_from([0, 1, 2, 3, 5, 8, 13, 21]))


times = st.sampled_from([1, 1, 1, 2, 3])
places = st.builds(
    Places,
    st.lists(text_fields.flatmap(lambda field: spots(field, 2)), min_size=1, max_size=2, unique=True).map(tuple),
    times,
)
closes = (
    text_fields.flatmap(lambda name: st.sampled_from([name, name + STEM]))
    .flatmap(lambda field: st.tuples(st.just(field), st.lists(vocabulary(field), min_size=1, max_size=3)))
    .flatmap(lambda pair: st.builds(Close, st.just(pair[0]), st.just(tuple(pair[1])), st.integers(0, 8), weights))
)
terms = index_fields.flatmap(lambda field: st.builds(Term, st.just(field), vocabulary(field), weights))
whole_values = st.sampled_from(
    [("source", SOURCES), ("person", NAMES), ("entity", NAMES), ("lang", ["en", "de"]), ("has", ["date", "lead"])]
).flatmap(
    lambda pair: st.builds(
        Value, st.just(pair[0]), st.lists(st.sampled_from(pair[1]).map(text.value), max_size=2).map(tuple)
    )
)
spans = st.tuples(st.sampled_from(["date", "date" + LAST, "ingested"]), days, days).map(
    lambda drawn: Range(drawn[0], *(day and day.toordinal() for day in drawn[1:]))
)
lengths = st.builds(Range, st.just("words"), st.none() | st.integers(0, 10), st.none() | st.integers(5, 20))

plan_leaves: st.SearchStrategy[Plan] = (
    st.builds(Terms, st.lists(terms, max_size=4).map(tuple), weights)
    | index_fields.flatmap(rows)
    | places
    | closes
    | whole_values
    | spans
    | lengths
)
plans: st.SearchStrategy[Plan] = st.recursive(
    plan_leaves,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda nodes: And(tuple(nodes)))
        | st.lists(inner, max_size=3).map(lambda nodes: Or(tuple(nodes)))
        | inner.map(Not)
        | st.builds(
            Several, st.lists(st.builds(Part, inner, weights), max_size=4).map(tuple), st.integers(0, 3), weights
        )
    ),
    max_leaves=6,
)
