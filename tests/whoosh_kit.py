"""What the tests of the codec share: a schema with every format, random documents, histories of an index, what it answers.

Left out, since Whoosh itself is wrong there (3.53 and 3.54), whatever the codec:

    AndNot                      does not look at the first document of its left side
    Require                     fails when the best few are asked for
    scoring.DFree               asks searchers for what no searcher has
    CharacterBoosts             encodes to a pair, where bytes are wanted
    spelling=True               puts every word of a document that is not the first into the first
    NGRAMWORDS(queryor=True)    makes a query that cannot be copied
    MultiReader.cursor          asks cursors for what no cursor has
    min_field_length            fails where no document of a segment has the field; max_field_length too
    cursors of DATETIME         decode the coarser numbers of ranges as dates, and fail
    columns of MultiReader      are out of step behind a segment that has not got the column
    groups by DATETIME          fail for a document without a date
    iter_prefix of DATETIME     fails, since no text is no date
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from hypothesis import strategies as st
from whoosh import columns, fields, formats, query, sorting
from whoosh.analysis import RegexTokenizer, SpaceSeparatedTokenizer, StemmingAnalyzer
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import RamStorage
from whoosh.query import spans

from searcher.engines.whoosh.codec import ArrayCodec

WORDS = ["alfa", "bravo", "charlie", "alfas", "alpine", "été", "北京", "x"]
DAYS = [datetime(2013, 12, 31), datetime(2014, 2, 7), datetime(2014, 2, 8, 12, 30), datetime(2015, 6, 1)]


def schema() -> fields.Schema:
    """A field of every kind and every format that works."""
    spaces = SpaceSeparatedTokenizer()
    return fields.Schema(
        id=fields.ID(unique=True, stored=True, sortable=True),
        text=fields.TEXT(spaces, stored=True),
        frequency=fields.TEXT(spaces, phrase=False),
        characters=fields.TEXT(spaces, chars=True),
        boosted=fields.TEXT(spaces, field_boost=2.5),
        boosts=fields.FieldType(formats.PositionBoosts(), spaces, scorable=True),
        stemmed=fields.TEXT(StemmingAnalyzer(), vector=True),
        grams=fields.NGRAM(2, 3),
        tag=fields.KEYWORD(commas=True, scorable=True, sortable=True),
        label=fields.ID(analyzer=RegexTokenizer("[^\x1f]+"), sortable=columns.RefBytesColumn()),
        number=fields.NUMERIC(int, sortable=True),
        price=fields.NUMERIC(float, sortable=True),
        day=fields.DATETIME(sortable=True, stored=True),
        flag=fields.BOOLEAN(stored=True),
        note=fields.STORED(),
        column=fields.COLUMN(columns.NumericColumn("i", default=-1)),
    )


texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


def documents(identities: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Documents in which most fields may be absent."""
    return st.fixed_dictionaries(
        {"id": identities},
        optional={
            **dict.fromkeys(("text", "frequency", "characters", "boosted", "boosts", "stemmed", "grams"), texts),
            "tag": st.lists(st.sampled_from(WORDS), max_size=3).map(",".join),
            "label": st.lists(st.sampled_from(WORDS), max_size=3).map("\x1f".join),
            "number": st.integers(-3, 300),
            "price": st.floats(-2, 2),
            "day": st.sampled_from(DAYS),
            "flag": st.booleans(),
            "note": st.text(max_size=3),
            "column": st.integers(-1, 5),
            "_boost": st.sampled_from([0.5, 1.0, 3.0]),
        },
    )


Step = tuple[str, Any, bool, bool]
"""What is done, with what, whether segments may be merged, and whether the codec is used where it is to be tried."""


def histories() -> st.SearchStrategy[list[Step]]:
    """What is done to an index, step by step; a few ids, so that updates meet what they update."""
    some = st.lists(documents(st.sampled_from("abcdefghij")), min_size=1, max_size=6)
    step = st.one_of(
        st.tuples(st.just("add"), some),
        st.tuples(st.just("add"), some),
        st.tuples(st.just("update"), some),
        st.tuples(st.just("delete"), st.sampled_from(WORDS)),
        st.tuples(st.just("optimize"), st.none()),
        st.tuples(st.just("nothing"), st.none()),
    )
    steps = st.tuples(step, st.booleans(), st.sampled_from([True, True, True, False]))
    return st.lists(steps.map(lambda both: (*both[0], *both[1:])), min_size=1, max_size=7)


def lived(history: Iterable[Step], codec: Callable[[bool], W3Codec], storage: Any = None) -> Any:
    """An index with this history; `codec` makes the codec of a step, from whether it is to be ours."""
    index = (storage or RamStorage()).create_index(schema())
    for what, given, merge, ours in history:
        writer = index.writer(codec=codec(ours))
        _do(writer, what, given)
        writer.commit(merge=merge, optimize=what == "optimize")
    return index


def _do(writer: Any, what: str, given: Any) -> None:
    if what == "add":
        for document in given:
            writer.add_document(**document)
    elif what == "update":
        for document in given:
            writer.update_document(**document)
    elif what == "delete":
        writer.delete_by_term("text", given)


def stock(_: bool) -> W3Codec:
    return W3Codec()


def ours(use: bool) -> W3Codec:
    return ArrayCodec() if use else W3Codec()


# What an index answers


def everything(index: Any) -> dict[str, Any]:
    """All that Whoosh can be asked of an index, segment by segment and as a whole, as plain values."""
    with index.searcher() as searcher:
        reader = searcher.reader()
        leaves = [leaf for leaf, _ in reader.leaf_readers()]
        return {
            "whole": of_reader(reader),
            "leaves": [of_reader(leaf) | of_leaf(leaf) for leaf in leaves],
            "found": {repr(one): found(searcher, one) for one in QUERIES},
            "sorted": {
                name: list(searcher.search(query.Every(), limit=None, **how).items()) for name, how in SORTS.items()
            },
            "grouped": {name: groups(searcher, how) for name, how in GROUPS.items()},
            "documents": sorted(map(repr, searcher.documents())),
            "suggested": [searcher.suggest("text", word) for word in ("alfo", "brvo", "zz")] if leaves else [],
        }


def of_reader(reader: Any) -> dict[str, Any]:
    """The words and documents of any reader."""
    names = sorted(reader.indexed_field_names())
    docs = [doc for doc in range(reader.doc_count_all()) if not reader.is_deleted(doc)]
    return {
        "counts": (
            reader.doc_count(),
            reader.doc_count_all(),
            reader.has_deletions(),
            docs,
            list(reader.all_doc_ids()),
        ),
        "names": names,
        "terms": list(reader.all_terms()),
        "infos": [(term, info(reader.term_info(*term))) for term in reader.all_terms()],
        "items": [(term, info(one)) for term, one in reader],
        "from": [(term, info(one)) for term, one in reader.iter_from("frequency", "bravo")] if names else [],
        "terms from": list(reader.terms_from("stemmed", b"b")) if names else [],
        "postings": {term: postings(reader, *term) for term in reader.all_terms()},
        "lexicons": {name: list(reader.lexicon(name)) for name in names},
        "prefixes": [list(reader.expand_prefix("text", prefix)) for prefix in ("", "al", "alfa", "zz")]
        if names
        else [],
        "frequent": {name: reader.most_frequent_terms(name, 3) for name in names if reader.schema[name].spellable},
        "often": [
            (reader.frequency("text", word), reader.doc_frequency("text", word)) for word in [*WORDS, "absent"]
        ],
        "held": [(("text", word) in reader, ("absent", word) in reader) for word in [*WORDS, "absent"]],
        "lengths": {name: lengths(reader, name) for name in names},
        "stored": [reader.stored_fields(doc) for doc in docs],
        "within": [sorted(reader.terms_within("text", word, 1)) for word in ("alfa", "bravi", "zzzz")]
        if names
        else [],
    }


def of_leaf(reader: Any) -> dict[str, Any]:
    """What only the reader of one segment is asked for, or can say."""
    indexed = [name for name, field in reader.schema.items() if field.indexed]
    textual = [name for name in indexed if reader.schema[name].spellable]
    docs = [doc for doc in range(reader.doc_count_all()) if not reader.is_deleted(doc)]
    return {
        "cursors": {name: walked(reader.cursor(name)) for name in textual},
        "found by cursors": {name: sought(reader.cursor(name)) for name in textual},
        "columns": {name: column(reader, name) for name in reader.schema.names()},
        "iterated": [(*one[:4], one[4] or b"") for one in reader.iter_postings()],
        "extremes": {name: extremes(reader, name) for name in indexed if reader.field_length(name)},
        "vectors": [
            list(reader.vector_as("positions", doc, "stemmed")) for doc in docs if reader.has_vector(doc, "stemmed")
        ],
        "first ids": [first(reader, *term) for term in reader.all_terms()],
    }


def extremes(reader: Any, name: str) -> tuple[int, int]:
    return reader.min_field_length(name), reader.max_field_length(name)


def info(one: Any) -> tuple[Any, ...]:
    """The numbers of a word."""
    return (
        *(one.weight(), one.doc_frequency(), one.max_weight()),
        *(one.min_length(), one.max_length(), one.min_id(), one.max_id()),
    )


def postings(reader: Any, name: str, text: bytes) -> list[Any]:
    """Documents, weights, values and all that values can be read as."""
    matcher, found = reader.postings(name, text), []
    kinds = [
        kind
        for kind in ("positions", "characters", "position_boosts", "frequency", "weight")
        if reader.schema[name].format.supports(kind)
    ]
    while matcher.is_active():
        found.append(
            (matcher.id(), matcher.weight(), matcher.value() or b"", [matcher.value_as(kind) for kind in kinds])
        )
        matcher.next()
    return found


def first(reader: Any, name: str, text: bytes) -> Any:
    found = reader.postings(name, text)
    return reader.first_id(name, text) if found.is_active() else None


def lengths(reader: Any, name: str) -> tuple[int, list[Any]]:
    """The length of a field in all documents, and in each."""
    docs = range(reader.doc_count_all())
    return reader.field_length(name), [reader.doc_field_length(doc, name, 7) for doc in docs]


def column(reader: Any, name: str) -> Any:
    if not reader.has_column(name):
        return None
    raw = reader.column_reader(name, translate=False)
    return [(raw[doc], raw.sort_key(doc)) for doc in range(reader.doc_count_all())]


def walked(cursor: Any) -> list[Any]:
    """Every word of a cursor, and back to the first."""
    found = []
    while cursor.is_valid():
        found.append((cursor.text(), info(cursor.term_info())))
        cursor.next()
    return [
        *found,
        cursor.text(),
        cursor.term_info(),
        cursor.next(),
        cursor.is_valid(),
        cursor.first(),
        cursor.text(),
    ]


def sought(cursor: Any) -> list[Any]:
    """Where a cursor goes if it is sent somewhere, forwards and backwards."""
    found: list[Any] = []
    for word in (*WORDS, "zzz", "", b"bravo", "alf", "\U0010ffff", "alfa"):
        found += [cursor.find(word), cursor.is_valid(), cursor.text(), cursor.next()]
    return found


def found(searcher: Any, asked: query.Query) -> dict[str, Any]:
    """All that a query finds, and the first three, which may be found with less reading."""
    hits = searcher.search(asked, limit=None, terms=True)
    return {
        "hits": list(hits.items()),
        "terms": {hit.docnum: sorted(hit.matched_terms()) for hit in hits},
        "best": [score for _, score in searcher.search(asked, limit=3).items()],
        "docs": sorted(searcher.docs_for_query(asked)),
    }


def groups(searcher: Any, how: dict[str, Any]) -> Any:
    return searcher.search(query.Every(), limit=None, **how).groups()


def _queries() -> list[query.Query]:
    term = query.Term
    alfa, bravo, charlie = (term("text", word) for word in WORDS[:3])
    return [
        *(term(name, word) for name in ("text", "frequency", "characters", "boosted", "boosts", "stemmed") for word in WORDS[:3]),
        *(term("tag", "alfa"), term("label", "bravo"), term("grams", "al"), term("id", "a"), term("flag", True), term("text", "absent")),
        *(term("number", 7), term("day", DAYS[1])),
        *(query.And([alfa, bravo]), query.And([alfa, bravo, charlie]), query.Or([alfa, bravo]), query.Or([alfa, bravo, charlie], scale=0.9)),
        *(query.And([alfa, query.Not(bravo)]), query.And([query.Every(), query.Not(alfa)]), query.Or([alfa, query.And([bravo, charlie])])),
        *(query.AndMaybe(alfa, bravo), query.DisjunctionMax([alfa, bravo]), query.ConstantScoreQuery(alfa, 2.0)),
        *(query.Phrase(name, WORDS[:2]) for name in ("text", "characters", "boosted", "boosts")),
        *(query.Phrase("text", ["alfa", "alfa"]), query.Phrase("text", WORDS[:3], slop=3)),
        *(spans.SpanNear(alfa, bravo, slop=2, ordered=False), spans.SpanFirst(alfa, 2), spans.SpanNot(alfa, charlie), spans.SpanOr([alfa, bravo])),
        *(query.Prefix("text", "al"), query.Prefix("label", ""), query.Wildcard("text", "a*a"), query.Regex("text", "^(alfa|x)$")),
        *(query.FuzzyTerm("text", "alfo"), query.TermRange("text", "alfas", "charlie", startexcl=True), query.Variations("stemmed", "alfa")),
        *(query.NumericRange("number", 3, 200), query.NumericRange("number", None, 5), query.NumericRange("price", -1, 1.5)),
        *(query.DateRange("day", DAYS[1], None), query.DateRange("day", DAYS[0], DAYS[2])),
        *(query.Every(), query.Every("text"), query.Every("number")),
    ]  # fmt: skip


QUERIES: Sequence[query.Query] = _queries()

SORTS: dict[str, dict[str, Any]] = {
    **{
        f"{name} {way}": {"sortedby": name, "reverse": way == "falling"}
        for name in ("id", "number", "price", "day", "tag")
        for way in ("rising", "falling")
    },
    "number falling by field": {"sortedby": sorting.FieldFacet("number", reverse=True)},
    "two": {
        "sortedby": [sorting.FieldFacet("flag"), sorting.FieldFacet("day", reverse=True), sorting.ScoreFacet()]
    },
}

GROUPS: dict[str, dict[str, Any]] = {
    **{name: {"groupedby": name} for name in ("id", "tag", "label", "number", "flag", "text")},
    "several labels": {"groupedby": sorting.FieldFacet("label", allow_overlap=True)},
    "several words": {"groupedby": sorting.FieldFacet("text", allow_overlap=True)},
    "ranges": {"groupedby": sorting.RangeFacet("number", 0, 300, 50)},
    "counted": {"groupedby": sorting.FieldFacet("tag", maptype=sorting.Count)},
}


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two answers differ; numbers by more than a millionth."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        found = (more for key in one for more in differences(one[key], other[key], f"{path}/{key}"))
        return list(islice(found, 5))
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return list(islice((more for at, pair in pairs for more in differences(*pair, f"{path}/{at}")), 5))
    if (
        isinstance(one, (int, float))
        and isinstance(other, (int, float))
        and math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    ):
        return []
    return [] if one == other and type(one) is type(other) else [f"{path}: {one!r} is not {other!r}"]
