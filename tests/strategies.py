"""Random archives and random trees, small enough that everything meets everything."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from searcher.model import Article, Provenance, Quote, When
from searcher.query.tree import (
    DateRange,
    Everything,
    InField,
    Node,
    NumberRange,
    Phrase,
    Whole,
    Wild,
    Word,
    conj,
    disj,
    neg,
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
NAMES = ["John Kerry", "Bob Kerrey", "Sochi", "NATO", "Jean-Claude Juncker", "北京"]
SOURCES = ["BBC", "BBC News", "Harbour Courier"]
VALUES = ["2015", "2015-05", "2015-05-12", "2015-06-01", "2016-02", "2014-12-31"]

texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
dates = st.none() | st.sampled_from(VALUES).map(lambda value: When(value, "meta", 0.9))


@st.composite
def articles(draw: st.DrawFn, identity: str) -> Article:
    """An article of a few words and names."""
    body = "\n\n".join(draw(st.lists(texts, max_size=3)))
    people = tuple(draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True)))
    return Article(
        identity, draw(texts), body, Provenance("corpus/a.txt", identity),
        lead=body.split("\n\n")[0], date=draw(dates), source=draw(st.none() | st.sampled_from(SOURCES)),
        language=draw(st.sampled_from(["en", "de", None])), people=people,
        places=tuple(draw(st.lists(st.sampled_from(NAMES), max_size=1))),
        quotes=tuple(Quote(text, None, 0, 0) for text in draw(st.lists(texts, max_size=1))),
        flags=draw(st.sampled_from([(), ("transcript",)])), story=draw(st.sampled_from("abc")),
        words=draw(st.integers(0, 20)), ingested="2020-01-01",
    )  # fmt: skip


@st.composite
def archives(draw: st.DrawFn) -> list[Article]:
    """Up to eight articles with different ids."""
    number = draw(st.integers(0, 8))
    return [draw(articles(f"id{place}")) for place in range(number)]


words = st.sampled_from(WORDS).map(lambda word: Word(word.lower().removesuffix("'s")))
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda some: Phrase(" ".join(some).lower()))
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


in_text = st.tuples(st.sampled_from(["title", "lead", "body", "quote"]), words | phrases | wilds)
in_names = st.tuples(
    st.sampled_from(["person", "place", "entity"]),
    st.sampled_from(NAMES).map(Whole)
    | st.sampled_from([Word("kerry"), Phrase("john kerry"), Word("北京"), Wild("ker*")]),
)
in_values = st.tuples(
    st.just("source"), st.sampled_from([Word("bbc"), Phrase("bbc news"), Wild("bbc*"), Whole("Harbour Courier")])
)
in_flags = st.sampled_from(
    [("has", Word("date")), ("has", Word("person")), ("is", Word("transcript")), ("lang", Word("de"))]
)
in_fields = (in_text | in_names | in_values | in_flags).map(lambda pair: InField(*pair))

leaves: st.SearchStrategy[Node] = words | phrases | wilds | ranges() | in_fields | st.just(Everything())
trees: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(conj)
        | st.lists(inner, min_size=1, max_size=3).map(disj)
        | inner.map(neg)
    ),
    max_leaves=6,
)
