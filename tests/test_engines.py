"""What does every engine promise? One contract, run on each row of ENGINES."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from engine_kit import put

from searcher import engines
from searcher.engines import Engine, entry_of
from searcher.engines.ranking import LENGTHS, rounded
from searcher.errors import IndexDamaged, SettingsError
from searcher.model import Article, Provenance, When
from searcher.query import parse
from searcher.query.dates import Calendar
from searcher.query.lowering import lower
from searcher.query.plan import EVERYTHING, NOTHING

from datetime import date  # isort: skip

TODAY = Calendar(date(2020, 1, 1))


def article(identity: str, title: str = "", body: str = "", day: str | None = None, **more: object) -> Article:
    when = When(day, "meta", 0.9) if day else None
    return Article(identity, title, body, Provenance("corpus/a"), date=when, language="en", story=identity, **more)  # type: ignore[arg-type]


ON_DISK = ("whoosh", "tantivy")

ARTICLES = [
    article("a", "Kerry in Sochi", "Talks on the Black Sea.", "2015-05-12", source="BBC", people=("John Kerry",)),
    article("b", "Talks", "Kerry flew home. Nothing about the resort of Sochi but this.", "2015-05", source="AP"),
    article("c", "A comet", "Philae landed.", "2014-11-12", source="bbc", people=("John Kerry", "Bob Kerrey")),
    article("d", "Kerry", "County Kerry, and Kerry again", None),
]


@pytest.fixture(params=list(engines.ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path, create_engine: Callable[[str, Path], Engine]) -> Engine:
    opened = create_engine(request.param, tmp_path / "engine")
    opened.write([entry_of(one) for one in ARTICLES], [], 7)
    return opened


def find(engine: Engine, query: str, sort: str = "newest") -> list[str]:
    return list(engine.search(lower(parse(query, TODAY).tree, engine.terms), sort, 0, None).ids)  # type: ignore[arg-type]


def test_words_phrases_and_fields_are_found(engine: Engine) -> None:
    assert find(engine, "kerry sochi") == ["a", "b"]
    assert find(engine, "talk") == ["a", "b"], "stems"
    assert find(engine, '"kerry in sochi"') == ["a"]
    assert find(engine, '"in kerry"') == []
    assert find(engine, "title:kerry") == ["a", "d"]
    assert find(engine, "kerry -sochi") == ["d"]
    assert find(engine, "comet OR county") == ["c", "d"]
    assert find(engine, "ker*") == ["a", "b", "d"]


def test_whole_values_ignore_case_and_names_are_found_by_their_words(engine: Engine) -> None:
    assert find(engine, "source:bbc") == ["a", "c"]
    assert find(engine, "source:bb*") == ["a", "c"]
    assert find(engine, "person:kerry") == ["a", "c"]
    assert find(engine, 'person:="bob kerrey"') == ["c"]
    assert find(engine, 'person:"kerry bob"') == [], "a phrase does not run from one name into the next"


def test_a_date_known_to_the_month_lies_in_the_month_and_not_in_a_day(engine: Engine) -> None:
    assert find(engine, "date:2015-05") == ["a", "b"]
    assert find(engine, "date:2015-05-12") == ["a"]
    assert find(engine, "date:..2014") == ["c"]
    assert find(engine, "-has:date") == ["d"]


def test_everything_and_nothing(engine: Engine) -> None:
    assert engine.search(EVERYTHING, "newest", 0, None).total == 4
    assert engine.search(NOTHING, "newest", 0, None).total == 0
    assert find(engine, "unheardof") == []


def test_undated_articles_come_last_in_both_directions(engine: Engine) -> None:
    assert find(engine, "*", "newest") == ["a", "b", "c", "d"]
    assert find(engine, "*", "oldest") == ["c", "b", "a", "d"]
    assert find(engine, "*", "source") == ["b", "a", "c", "d"]


def test_titles_count_more_than_text(engine: Engine) -> None:
    found = engine.search(lower(parse("kerry", TODAY).tree, engine.terms), "relevance", 0, None)
    assert found.ids[-1] == "b"
    assert list(found.scores) == sorted(found.scores, reverse=True)
    assert found.scores[-1] > 0


def test_pages_of_hits_are_parts_of_one_order(engine: Engine) -> None:
    whole = engine.search(EVERYTHING, "relevance", 0, None)
    parts = [engine.search(EVERYTHING, "relevance", at, 1) for at in range(5)]
    assert [part.ids for part in parts] == [(one,) for one in whole.ids] + [()]
    assert {part.total for part in parts} == {4}


def test_counts_are_exact_and_keep_values_as_they_are_shown(engine: Engine) -> None:
    counts = engine.count(EVERYTHING, ["source", "person", "date", "agency"])
    assert counts["source"] == {"BBC": 1, "bbc": 1, "AP": 1}
    assert counts["person"] == {"John Kerry": 2, "Bob Kerrey": 1}
    assert counts["date"] == {"2015-05-12": 1, "2015-05": 1, "2014-11-12": 1}
    assert counts["agency"] == {}


def test_the_most_common_values_come_first_and_ties_in_the_order_of_values(engine: Engine) -> None:
    counts = engine.count(EVERYTHING, ["source", "person", "agency"])
    assert counts["person"].most_common(5) == [("John Kerry", 2), ("Bob Kerrey", 1)]
    assert counts["source"].most_common(2) == [("AP", 1), ("BBC", 1)]
    assert counts["source"].most_common(0) == counts["agency"].most_common(3) == []
    assert (len(counts["source"]), counts["source"].get("ITN", 0), counts["source"]["bbc"]) == (3, 0, 1)
    assert sorted(counts["source"]) == ["AP", "BBC", "bbc"]
    with pytest.raises(KeyError):
        counts["source"]["ITN"]


def test_a_group_counts_once_for_each_value_and_period_in_which_it_has_an_article(engine: Engine) -> None:
    told = [
        ("a", "s", "2015-05-12", ("John Kerry", "Bob Kerrey")),
        ("b", "s", "2015-05-13", ("John Kerry",)),
        ("c", "s", "2015-06-01", ("John Kerry",)),
        ("d", "t", "2015-06-01", ("John Kerry",)),
        ("e", "", "2015-06-02", ()),
    ]
    articles = [replace(article(one, day=day, people=people), story=story) for one, story, day, people in told]
    engine.write(map(entry_of, articles), [], 8)
    counts = engine.count(EVERYTHING, ["person", "month", "year", "story"], by="story")
    assert (counts["person"]["John Kerry"], counts["person"].groups(["John Kerry"])) == (4, {"John Kerry": 2})
    assert counts["month"].groups(["2015-05", "2015-06", "2015-07"]) == {"2015-05": 1, "2015-06": 3, "2015-07": 0}
    assert (counts["year"]["2015"], counts["year"].groups(["2015"])["2015"]) == (5, 3), "one has a story of its own"
    assert counts["story"].groups(["s", "t", "nobody's"]) == {"s": 1, "t": 1, "nobody's": 0}
    apart = engine.count(lower(parse("id:a OR id:d", TODAY).tree, engine.terms), ["person"], "story")["person"]
    assert (apart["John Kerry"], apart.groups(apart)) == (2, {"John Kerry": 2, "Bob Kerrey": 1})
    assert engine.count(EVERYTHING, ["person"])["person"].groups(["John Kerry"]) == {"John Kerry": 4}, "of articles"


def test_names_that_no_article_is_about_are_not_among_the_main_ones_but_all_who_name_them_are_counted(
    engine: Engine,
) -> None:
    told = [
        ("a", ("John Kerry", "Bob Kerrey"), ("JOHN KERRY", "Sochi")),
        ("b", ("John Kerry", "Ann Onym"), ("Sochi",)),
        ("c", ("John Kerry", "Don Joe"), ()),
        ("d", (), ("Sochi",)),
    ]
    articles = [
        article(one, people=people, salient=salient, places=("Sochi", "Minsk")) for one, people, salient in told
    ]
    engine.write(map(entry_of, articles), [], 8)
    counts = engine.count(EVERYTHING, ["person", "person.main", "place.main", "entity.main"])
    assert counts["person"] == {"John Kerry": 3, "Bob Kerrey": 1, "Ann Onym": 1, "Don Joe": 1}
    assert counts["person.main"] == {"John Kerry": 3, "Don Joe": 1}
    assert counts["entity.main"] == {"John Kerry": 3, "Don Joe": 1, "Sochi": 4, "Minsk": 4}
    apart = engine.count(lower(parse("-id:c", TODAY).tree, engine.terms), ["place.main", "person.main"])
    assert (apart["place.main"], apart["person.main"]) == ({"Sochi": 3}, {"John Kerry": 2})
    assert apart["place.main"].most_common(9) == [("Sochi", 3)]


def test_words_are_listed_in_order(engine: Engine) -> None:
    assert list(engine.terms("body", "h")) == ["home"]
    assert list(engine.terms("source", "")) == ["ap", "bbc"]
    assert list(engine.terms("person", "k")) == ["kerrey", "kerry"]


def test_writing_replaces_drops_and_remembers(engine: Engine) -> None:
    assert engine.last() == 7
    engine.write([entry_of(article("b", "Replaced", "without the name"))], ["c", "unknown"], 9)
    assert engine.last() == 9
    assert find(engine, "*") == ["a", "b", "d"]
    assert find(engine, "kerry") == ["a", "d"]
    assert engine.count(EVERYTHING, ["source"])["source"] == {"BBC": 1}


def test_entries_are_taken_as_they_come_and_the_last_of_one_id_holds(engine: Engine) -> None:
    given = (
        entry_of(article(name, title))
        for name, title in (("b", "First"), ("e", "New"), ("b", "Second"), ("c", "Put"))
    )
    engine.write(given, ["c", "d"], 9)
    assert find(engine, "*") == ["a", "b", "c", "e"]
    assert [find(engine, title) for title in ("first", "second", "put")] == [[], ["b"], ["c"]]


@pytest.mark.parametrize("name", engines.ENGINES)
def test_an_empty_engine_answers(name: str, tmp_path: Path, create_engine: Callable[[str, Path], Engine]) -> None:
    empty = create_engine(name, tmp_path)
    assert find(empty, "kerry -sochi") == []
    assert empty.count(EVERYTHING, ["source"]) == {"source": {}}
    assert list(empty.terms("body", "")) == []
    assert empty.last() == 0


def test_many_threads_search_at_once(engine: Engine) -> None:
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(20):
            answer = (find(engine, "kerry sochi"), engine.count(EVERYTHING, ["person"])["person"])
            if answer != (["a", "b"], {"John Kerry": 2, "Bob Kerrey": 1}):
                wrong.append(answer)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_lengths_are_rounded_as_whoosh_rounds_them() -> None:
    from whoosh.util import numeric

    assert tuple(numeric._length_byte_cache) == LENGTHS
    edges = {max(0, length + step) for length in LENGTHS for step in (-1, 0, 1)} | {10**6}
    for length in edges:
        assert rounded(length) == numeric.byte_to_length(numeric.length_to_byte(length))


def test_an_engine_that_does_not_exist_is_refused() -> None:
    assert engines.resolve("auto") == "whoosh"
    with pytest.raises(SettingsError, match="unknown engine: sphinx"):
        engines.resolve("sphinx")


def written(name: str, path: Path) -> Engine:
    opened = engines.create(name, path, write=True)
    opened.write([entry_of(one) for one in ARTICLES], [], 7)
    return opened


def test_the_whoosh_index_is_one_that_whoosh_itself_opens(tmp_path: Path) -> None:
    written("whoosh", tmp_path).close()
    from whoosh.index import open_dir
    from whoosh.query import Phrase, Term

    with open_dir(str(tmp_path)).searcher() as searcher:
        assert searcher.doc_count() == 4
        assert len(searcher.search(Term("title", "kerry"))) == 2
        assert len(searcher.search(Phrase("title", ["kerry", "in", "sochi"]))) == 1


PARTS = (".arr", ".toc", ".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm", ".del")
"""What the names of files end in that hold articles; each has one at least here."""


def parts(name: str, path: Path) -> list[Path]:
    """The files of an index with a deleted article."""
    engine = written(name, path)
    engine.write([entry_of(article("e", "Kerry"))], ["c"], 8)
    engine.close()
    return [found for found in sorted(path.rglob("*.*")) if found.suffix in PARTS]


@pytest.mark.parametrize("name", ON_DISK)
def test_a_missing_or_truncated_file_is_found_when_the_index_is_opened(name: str, tmp_path: Path) -> None:
    found = parts(name, tmp_path)
    assert {path.suffix for path in found} == set(PARTS if name == "tantivy" else PARTS[:2])
    for path in found:
        data = path.read_bytes()
        put(path, data[:-1])
        with pytest.raises(IndexDamaged, match=path.name):
            engines.create(name, tmp_path)
        path.unlink()
        with pytest.raises(IndexDamaged):
            engines.create(name, tmp_path)
        put(path, data)
    assert engines.create(name, tmp_path).check() == []


@pytest.mark.parametrize("name", ON_DISK)
def test_a_flipped_bit_is_found_by_check(name: str, tmp_path: Path) -> None:
    for segment in (path for path in parts(name, tmp_path) if path.suffix != ".toc"):
        sound = segment.read_bytes()
        data = bytearray(sound)
        data[0] ^= 1
        put(segment, bytes(data))
        (wrong,) = opened_or_not(name, tmp_path)
        assert str(segment) in wrong
        put(segment, sound)


def opened_or_not(name: str, path: Path) -> list[str]:
    """What check() finds, or why there is nothing to check."""
    try:
        return engines.create(name, path).check()
    except IndexDamaged as error:
        return [error.message]


@pytest.mark.parametrize("name", ON_DISK)
def test_a_reader_keeps_its_view_while_a_writer_goes_on(name: str, tmp_path: Path) -> None:
    writer = written(name, tmp_path)
    reader = engines.create(name, tmp_path)
    for number in range(12):
        writer.write([entry_of(article(f"n{number}", "Kerry"))], [], 8 + number)
        assert find(reader, "title:kerry") == ["a", "d"]
    assert len(find(engines.create(name, tmp_path), "title:kerry")) == 14


def test_words_of_which_one_is_frequent_and_which_never_meet_are_found_together_nowhere(engine: Engine) -> None:
    """The places of the frequent word are then empty, and those of the rare one are not."""
    often = [article(f"n{at}", body="often") for at in range(1500)]
    engine.write(map(entry_of, [*often, article("m", body="seldom")]), [], 8)
    assert find(engine, '"often seldom"~5') == []
    assert find(engine, '"often seldom"') == []


def test_any_word_between_two_does_not_lie_between_two_articles(engine: Engine) -> None:
    bodies = ("Kerry", "Sochi", "Kerry saw Sochi", "Kerry, Sochi", "Sochi saw Kerry")
    engine.write([entry_of(article(f"n{at}", body=body)) for at, body in enumerate(bodies)], [], 9)
    assert find(engine, '"kerry * sochi"') == ["a", "n2"]
