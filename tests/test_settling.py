"""Is an article what the archive makes of it, whatever came first, and is that taken back when the others leave?"""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_furniture import CHROME, edited, prose

from searcher import Archive, calling, corpus, judging, metadata, settling, stories, verdicts
from searcher.metadata import dates
from searcher.model import OPEN, WEEKDAY, Article, Claim, Provenance, Stripped, Unread, When
from searcher.store import Batch, FileRow, Store, unpacked


@pytest.fixture(autouse=True)
def _nothing_is_too_recent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "RECENT", -1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "articles.db", write=True)
    yield opened
    opened.close()


def made(identity: str, paragraphs: list[str], source: str | None = "courier", date: str | None = None) -> Article:
    """An article as its page alone makes it."""
    when = When(date, "meta", 0.9) if date else None
    origins = {"date": "meta"} if date else {}
    plain = Article(
        identity, f"About {identity}", "", Provenance(f"{identity}.txt"), date=when, source=source, origins=origins
    )
    article = metadata.rebody(plain, "\n\n".join(paragraphs))
    return replace(article, copy=identity, story=identity, stripped=(Stripped("Menu", "site line"),))


def put(store: Store, *articles: Article) -> None:
    rows = tuple(FileRow(article.provenance.file, 1, 1, "") for article in articles)
    store.write(Batch(rows, articles, {article.id: settling.outlined(article) for article in articles}))


def drop(store: Store, *identities: str) -> None:
    store.write(Batch(gone=tuple(f"{identity}.txt" for identity in identities)))


def settled(store: Store) -> dict[str, Article]:
    assert settling.settle(store) == ()
    assert store.is_settled()
    return store.get(store.ids())


def test_furniture_leaves_the_body_and_says_why_how_sure_and_where_it_stood(store: Store) -> None:
    put(store, *(made(str(number), [CHROME[0], *prose(number), CHROME[2]]) for number in range(3)))
    for number, article in enumerate(map(settled(store).get, "012")):
        assert article is not None
        assert article.body == "\n\n".join(prose(number))
        assert article.lead == "\n\n".join(prose(number)[:2])
        assert article.words == 2 + 5 * 40
        assert article.stripped == (
            Stripped("Menu", "site line"),
            Stripped(CHROME[0], settling.REASON, settling.SURE_LINE, 0),
            Stripped(CHROME[2], settling.REASON, settling.SURE_RUNNING, 6),
        )


def test_names_and_quotations_of_furniture_leave_with_it(store: Store) -> None:
    line = "Edited by Jane Doe in Berlin, who told us: “Write to me whenever you like to do so.”"
    before = made("0", [*prose(0), line])
    assert (before.people, before.places, len(before.quotes)) == (("Jane Doe",), ("Berlin",), 1)
    put(store, before, *(made(str(number), [*prose(number), line]) for number in (1, 2)))
    after = settled(store)["0"]
    assert (after.people, after.places, after.quotes, after.names) == ((), (), (), ())


def test_what_left_comes_back_when_too_few_pages_show_it(store: Store) -> None:
    pages = [made(str(number), [*CHROME, *prose(number)]) for number in range(4)]
    put(store, *pages)
    assert all(CHROME[0] not in article.body for article in settled(store).values())
    drop(store, "3")
    assert all(CHROME[0] not in article.body for article in settled(store).values())
    drop(store, "2")
    assert settled(store) == {"0": pages[0], "1": pages[1]}


def test_pages_of_other_sources_show_nothing(store: Store) -> None:
    pages = {str(at): made(str(at), [*CHROME, *prose(at)], source) for at, source in enumerate("aabbc")}
    put(store, *pages.values())
    assert settled(store) == pages
    put(store, made("4", [*CHROME, *prose(4)], "a"))
    after = settled(store)
    assert [CHROME[0] in after[one].body for one in "01234"] == [False, False, True, True, False]


def test_pages_of_unknown_source_are_compared_with_one_another(store: Store) -> None:
    put(store, *(made(str(number), [*CHROME, *prose(number)], None) for number in range(3)))
    assert all(CHROME[0] not in article.body for article in settled(store).values())


def test_an_article_that_would_lose_all_its_text_keeps_it(store: Store) -> None:
    empty = made("9", CHROME)
    put(store, *(made(str(number), [*CHROME, *prose(number)]) for number in range(3)), empty)
    assert settled(store)["9"] == empty


def test_the_headline_stays_and_a_first_sentence_for_want_of_one_is_made_anew(store: Store) -> None:
    for number in range(3):
        page = made(str(number), [CHROME[2], *prose(number)])
        named = replace(page, title=CHROME[2], origins={"title": "h1" if number else metadata.FIRST})
        put(store, metadata.rebody(named, page.body))
    titles = [article.title for article in settled(store).values()]
    assert titles[1:] == [CHROME[2], CHROME[2]]
    assert prose(0)[0].startswith(titles[0].removesuffix(" …"))


def test_persons_of_a_context_line_are_known_after_the_body_has_changed(store: Store) -> None:
    claim = Claim("entity", "Xerxes Quill", "context line")
    put(store, *(made(str(number), [*CHROME, *prose(number)]) for number in range(2)))
    page = replace(made("2", [*CHROME, "Then Quill left the harbour town.", *prose(2)]), claims=(claim,))
    put(store, metadata.rebody(page, page.body))
    assert settled(store)["2"] == replace(settled(store)["2"], people=metadata.rebody(page, page.body).people)


def test_an_archive_in_which_every_article_stands_twice_or_oftener_loses_nothing(store: Store) -> None:
    texts = [edited(prose(number, 8), copy, 0.2) for number in range(6) for copy in range(3)]
    pages = {f"{at:02}": made(f"{at:02}", text) for at, text in enumerate([*texts, *texts])}
    put(store, *pages.values())
    assert {name: article.body for name, article in settled(store).items()} == {
        name: page.body for name, page in pages.items()
    }


def test_an_article_that_comes_again_under_another_source_is_missed_by_the_first(store: Store) -> None:
    pages = [made(str(number), [*CHROME, *prose(number)]) for number in range(3)]
    put(store, *pages)
    settled(store)
    moved = replace(pages[2], source="gazette")
    put(store, moved)
    assert settled(store) == {"0": pages[0], "1": pages[1], "2": moved}


# --- dates of a story ------------------------------------------------------------------------------------------------


def test_an_undated_copy_has_the_earliest_date_of_its_story_until_the_dated_ones_leave(store: Store) -> None:
    dates = {"a": None, "b": "2015-05-14", "c": "2015-05-12", "d": "2015"}
    put(store, *(made(name, prose("one story"), name, date) for name, date in dates.items()))
    put(store, made("e", prose("another"), "e"))
    first = settled(store)
    assert first["a"].date == When("2015-05-12", "story", verdicts.LENT)
    assert first["a"].origins["date"] == "story"
    assert first["b"].date == When("2015-05-14", "meta", 0.9), "a date of its own stays"
    assert first["e"].date is None
    drop(store, "c")
    assert settled(store)["a"].date == When("2015-05-14", "story", verdicts.LENT)
    drop(store, "b", "d")
    assert settled(store) == {"a": made("a", prose("one story"), "a"), "e": made("e", prose("another"), "e")}


def test_copies_are_known_as_such_when_the_furniture_of_both_sites_is_gone(store: Store) -> None:
    chrome = {
        "a": CHROME[2],
        "b": "The fishermen of the coast print this, and whoever likes it may send them a coin.",
    }
    for name, line in chrome.items():
        put(store, *(made(f"{name}{number}", [*prose(f"{name}{number}"), line], name) for number in range(3)))
        put(store, made(name, [*prose("wire"), line], name, "2016-01-01" if name == "a" else None))
    after = settled(store)
    assert after["a"].story == after["b"].story
    assert after["b"].date == When("2016-01-01", "story", verdicts.LENT)


def test_a_copy_whose_twin_has_another_text_now_has_no_date_from_it(store: Store) -> None:
    put(store, made("a", prose("one story"), "a", "2015-05-12"), made("b", prose("one story"), "b"))
    assert settled(store)["b"].date == When("2015-05-12", "story", verdicts.LENT)
    put(store, made("a", prose("another"), "a", "2015-05-12"))
    after = settled(store)
    assert after["a"].copy != after["b"].copy
    assert after["b"].date is None


def test_a_chain_of_edits_is_one_group_until_a_link_leaves(store: Store) -> None:
    wire = prose("wire", 20)
    texts = [wire[2 * step : 2 * step + 9] for step in range(6)]
    put(store, *(made(str(at), text, f"s{at}", f"2015-05-1{at}") for at, text in enumerate(texts)))
    assert {article.copy for article in settled(store).values()} == {"0"}
    drop(store, "0", "2", "3")
    assert [article.copy for article in settled(store).values()] == ["1", "4", "4"]


# --- years of a source -----------------------------------------------------------------------------------------------

TUESDAYS = "[1998-05-12,2009-05-12,2015-05-12,2020-05-12]"
BY_TEXT = When("2009-05-12", *dates.WORKED_OUT)


def undated(identity: str, source: str = "courier", text: When | None = None, about: str = "") -> Article:
    """An article of Tuesday, May 12, whose year its page does not say, or only its text."""
    claims = (*([Claim("date", text.value, text.origin)] if text else []), Claim("date", TUESDAYS, OPEN))
    plain = made(identity, prose(about or identity), source)
    return replace(plain, date=text, claims=claims, origins={"date": text.origin} if text else {})


def neighbours(*years: int, source: str = "courier") -> list[Article]:
    return [made(f"n{at}", prose(f"n{at}"), source, f"{year}-0{at % 9 + 1}") for at, year in enumerate(years)]


def test_a_weekday_has_the_one_fitting_year_of_its_source_until_too_few_show_it(store: Store) -> None:
    put(store, undated("a"), *neighbours(2014, 2015, 2016))
    article = settled(store)["a"]
    assert article.date == When("2015-05-12", WEEKDAY, settling.FITTING)
    assert article.origins["date"] == WEEKDAY
    drop(store, "n2")
    assert settled(store)["a"] == undated("a"), "two dates are too few"


@pytest.mark.parametrize(
    "years",
    [
        (2010, 2011, 2012, 2013, 2014),  # none of them fits, and the next does
        (2016, 2017, 2018),
        (2009, 2010, 2011, 2012, 2013, 2014, 2015),  # two of them fit
        (2011, 2012, 2013, 2014, 2015, 2016, 2017, 2018, 2019),  # the year after them fits too
        (2011, 2015, 2018),  # too few for so many years
    ],
)
def test_a_weekday_has_no_year_where_its_source_leaves_a_doubt(store: Store, years: tuple[int, ...]) -> None:
    put(store, undated("a"), *neighbours(*years))
    assert settled(store)["a"] == undated("a")


def test_one_wrong_date_among_many_changes_nothing(store: Store) -> None:
    put(store, undated("a"), *neighbours(1970, *[2014, 2015] * 10))
    assert settled(store)["a"].date == When("2015-05-12", WEEKDAY, settling.FITTING)


def test_years_of_other_sources_and_days_that_are_lent_or_worked_out_settle_nothing(store: Store) -> None:
    put(store, undated("a"), *neighbours(2014, 2015, 2016, source="gazette"))
    put(store, *(made(f"s{at}", prose(f"n{at}"), "courier") for at in range(3)))
    put(store, *(undated(f"t{at}", text=When("2015-05-12", *dates.WORKED_OUT)) for at in range(3)))
    after = settled(store)
    assert after["a"] == undated("a")
    assert [after[f"s{at}"].date for at in range(3)] == [
        When(f"{2014 + at}-0{at + 1}", "story", verdicts.LENT) for at in range(3)
    ]


def test_the_years_of_a_source_overrule_the_text_or_agree_with_it(store: Store) -> None:
    put(store, undated("a", text=BY_TEXT), *neighbours(2014, 2015, 2016))
    put(
        store,
        undated("b", "gazette", BY_TEXT),
        *(made(f"g{at}", prose(f"g{at}"), "gazette", "2009") for at in range(3)),
    )
    after = settled(store)
    assert after["a"].date == When("2015-05-12", WEEKDAY, settling.FITTING)
    assert after["b"].date == When("2009-05-12", WEEKDAY, settling.AGREED)
    drop(store, "n0", "g0")
    after = settled(store)
    assert (after["a"], after["b"]) == (undated("a", text=BY_TEXT), undated("b", "gazette", BY_TEXT))


def test_the_weekday_is_believed_before_the_story_and_its_day_is_the_storys(store: Store) -> None:
    copies = [made("b", prose("one story"), "b", "2015-05-20"), made("c", prose("one story"), "c")]
    put(store, undated("a", about="one story"), *copies)
    assert settled(store)["a"].date == When("2015-05-20", "story", verdicts.LENT)
    put(store, *neighbours(2014, 2015, 2016))
    after = settled(store)
    assert after["a"].date == When("2015-05-12", WEEKDAY, settling.FITTING)
    assert after["c"].date == When("2015-05-12", "story", verdicts.LENT)
    drop(store, "n0")
    after = settled(store)
    assert [after[name].date for name in "ac"] == [When("2015-05-20", "story", verdicts.LENT)] * 2


# --- an update is a full build ---------------------------------------------------------------------------------------

PAGES = {
    f"{number:02}": made(
        f"{number:02}",
        [*CHROME[: number % 4], *edited(prose(number % 7, 3, 25), number, 0.4), *([CHROME[2]] if number % 3 else [])],
        source="xyz"[number % 3 % 2],
        date=f"2015-05-{number + 1:02}" if number % 5 == 0 else None,
    )
    for number in range(24)
}  # fmt: skip
PAGES |= {
    f"{name}b": replace(
        page, id=f"{name}b", source="z", date=None, origins={}, provenance=Provenance(f"{name}b.txt")
    )
    for name, page in list(PAGES.items())[::4]
}
PAGES |= {
    f"{number}w": undated(f"{number}w", "xyz"[number % 3], BY_TEXT if number % 2 else None, ["w", "2"][number % 2])
    for number in range(6)
}
NAMED = (
    "The envoys waited while John Kerry spoke in the hall.",
    "The envoys waited while Senator John F. Kerry spoke in the hall.",
    "A letter reached the International Criminal Court (ICC) in the spring.",
    "A letter reached the Inner Circle of Cooks (ICC) in the spring.",
    "Nobody at the ICC wanted to say more about it.",
    "Workers of Morgan Stanley left the bank, and Morgan Stanley Inc. did not comment.",
)
PAGES |= {
    f"{at}n": made(f"{at}n", [*prose(f"n{at}"), NAMED[at % len(NAMED)]], "vxz"[at % 3], f"2016-02-{at + 1:02}")
    for at in range(12)
}


class Killed(Exception):
    pass


def settled_in_part(store: Store, writes: int) -> None:
    """Settles until so many transactions are done, as if the process had been killed then."""
    left = iter(range(writes))

    def counted(really: Callable[..., object]) -> Callable[..., object]:
        def step(*args: Any, **more: Any) -> object:
            if next(left, None) is None:
                raise Killed
            return really(*args, **more)

        return step

    with pytest.MonkeyPatch.context() as patch:
        for name in ("write", "call", "called", "settled", "note"):
            patch.setattr(store, name, counted(getattr(store, name)))
        with contextlib.suppress(Killed):
            settling.settle(store)


KILLED = st.one_of(st.integers(0, 20), st.just(1000))
"""After how many transactions settling is killed; mostly after the last."""


@settings(max_examples=80)
@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(sorted(PAGES)), min_size=1, max_size=9), KILLED), min_size=1, max_size=6
    )
)
def test_updates_in_any_order_killed_anywhere_end_in_the_same_articles_as_a_full_build(
    steps: list[tuple[list[str], int]],
) -> None:
    """A step puts the articles that are not there, and drops those that are; then so many transactions are done."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "BATCH", 3)
        patch.setattr(calling, "LOT", 2)
        patch.setattr("searcher.store.COLUMN", 4)
        patch.setattr(settling, "BATCH", 3)
        updated, full = Store(Path(folder) / "a.db", write=True), Store(Path(folder) / "b.db", write=True)
        there: set[str] = set()
        for step, writes in steps:
            drop(updated, *(there & set(step)))
            put(updated, *(PAGES[name] for name in sorted(set(step) - there)))
            there ^= set(step)
            settled_in_part(updated, writes)
        put(full, *(PAGES[name] for name in sorted(there, reverse=True)))
        assert settled(updated) == settled(full)
        assert settling.settle(updated) == ()
        updated.close()
        full.close()


def event(number: int) -> Article:
    """One of some events as one of three sources tells it, on one of some sixty days, now and then as a copy."""
    dice = random.Random(number)
    plot = dice.randrange(12)
    told = random.Random(plot).sample([f"{a}{b}" for a in "bdfgklmnprst" for b in ("arta", "elven", "osrik")], 16)
    text = [word if dice.random() < 0.8 else f"word{dice.randrange(30)}" for word in told]
    body = [" ".join(text), *prose(f"copy{number // 2}" if number % 5 == 0 else f"event{number}", 2)]
    day = date(2016, 1, 1) + timedelta(5 * plot + dice.randrange(5))
    page = made(f"e{number:02}", body, "xyz"[dice.randrange(3)], day.isoformat())
    names = {"people": (f"Ann Plot{plot}", f"Bo Plot{plot}"), "places": (f"Plot{plot} Town",)}
    return replace(page, title=" ".join(told[:5]), language="en", **names)


EVENTS = {article.id: article for article in map(event, range(60))}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(sorted(EVENTS)), min_size=1, max_size=30), KILLED),
        min_size=2,
        max_size=5,
    )
)
def test_stories_of_short_eras_are_after_updates_what_a_full_build_tells(
    steps: list[tuple[list[str], int]],
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(stories, "MANY", 3)
        patch.setattr(stories, "SHORTEST", 14)
        patch.setattr(judging, "TOLD", 8)
        patch.setattr(judging, "BATCH", 5)
        patch.setattr(calling, "LOT", 3)
        updated, full = Store(Path(folder) / "a.db", write=True), Store(Path(folder) / "b.db", write=True)
        there: set[str] = set()
        for step, writes in steps:
            drop(updated, *(there & set(step)))
            put(updated, *(EVENTS[name] for name in sorted(set(step) - there)))
            there ^= set(step)
            settled_in_part(updated, writes)
        put(full, *(EVENTS[name] for name in sorted(there, reverse=True)))
        assert settled(updated) == settled(full)
        updated.close()
        full.close()


def test_the_random_events_do_make_stories_within_eras_and_across_their_borders(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "MANY", 3)
    monkeypatch.setattr(stories, "SHORTEST", 14)
    put(store, *EVENTS.values())
    after = settled(store)
    assert store.fact("era") == "14"
    days = {
        name: date.fromisoformat(article.date.value).toordinal() for name, article in after.items() if article.date
    }
    pairs = [(name, article.story) for name, article in after.items() if article.story != article.copy]
    across = [pair for pair in pairs if len({days[name] // 14 for name in pair}) == 2]
    assert len(pairs) > len(across) > 0


def test_the_random_archives_do_hold_furniture_and_stories(store: Store) -> None:
    put(store, *PAGES.values())
    after = settled(store)
    assert any(piece.at is not None for article in after.values() for piece in article.stripped)
    named = {name.text for article in after.values() for name in article.names if name.name == "John Kerry"}
    assert "Senator John F. Kerry" in named or "John F. Kerry" in named
    assert len({article.copy for article in after.values()}) < len(after)
    origins = {article.date.origin for article in after.values() if article.date}
    assert origins == {"meta", "story", WEEKDAY, dates.WORKED_OUT[0]}


def named(identity: str, line: str) -> Article:
    return made(identity, [*prose(identity), line], identity)


def test_names_that_are_called_otherwise_are_so_in_articles_that_nobody_touched(store: Store) -> None:
    """Whatever has become of those that changed them when a build goes on that was killed."""
    put(store, *(named(f"a{at}", "The envoys waited while Kerry spoke in the hall.") for at in range(3)))
    before = settled(store)
    envoys = [named(f"b{at}", "The envoys waited while John Kerry spoke in the hall.") for at in range(9)]
    for writes in range(1, 12):
        put(store, *envoys)
        settled_in_part(store, writes)
        drop(store, *(one.id for one in envoys))
        assert settled(store) == before
        put(store, *envoys)
        settled_in_part(store, writes)
        assert {settled(store)[f"a{at}"].people for at in range(3)} == {("John Kerry",)}
        drop(store, *(one.id for one in envoys))
        assert settled(store) == before


def test_articles_that_did_not_change_are_not_written_again(store: Store) -> None:
    put(
        store,
        *(made(str(number), [*CHROME, *prose(number)]) for number in range(9)),
        made("x", prose("x"), "other"),
    )
    settled(store)
    before = store.last()
    put(store, made("9", [*CHROME, *prose(9)]))
    settled(store)
    _, changed = store.since(before)
    assert [unpacked(one, Path()).id for one in changed] == ["9"]


# --- whole archives --------------------------------------------------------------------------------------------------


def write(root: Path, name: str, paragraphs: list[str], title: str = "") -> Path:
    path = root / "corpus" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join([title or f"Report on {path.stem} from the harbour", *paragraphs]) + "\n", "utf-8")
    return path


def articles(archive: Archive) -> dict[str, Article]:
    return {hit.article.provenance.file: hit.article for hit in archive.hits("*")}


HTML = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1>{1}</article></body></html>"


def test_furniture_is_learned_from_html_text_markdown_and_dumps_alike(tmp_path: Path) -> None:
    line = CHROME[2]
    bodies = [[*prose(number), line] for number in range(5)]
    write(tmp_path, "courier/0.txt", bodies[0])
    write(tmp_path, "courier/1.md", bodies[1], "# Report on one")
    page = HTML.format("Report on two", "".join(f"<p>{text}</p>" for text in bodies[2]))
    (tmp_path / "corpus/courier/2.html").write_text(page, "utf-8")
    rows = [json.dumps({"title": f"Report {at}", "text": "\n\n".join(bodies[at])}) for at in (3, 4)]
    (tmp_path / "corpus/courier/dump.jsonl").write_text("\n".join(rows), "utf-8")
    with Archive(tmp_path) as archive:
        assert archive.build(workers=1).total == 5
        found = [hit.article for hit in archive.hits("*")]
        assert all(line not in article.body and prose(0)[0][:4] for article in found)
        assert archive.search('"readers in the harbour"').total == 0
        assert archive.search('boilerplate:"readers in the harbour"').total == 5
        assert archive.doctor() == []


def test_an_update_of_an_archive_ends_in_the_same_articles_and_counts_as_a_full_build(tmp_path: Path) -> None:
    for number in range(4):
        write(tmp_path, f"courier/{number}.txt", [*CHROME, *prose(number)])
    with Archive(tmp_path) as archive:
        for step in range(4):
            write(tmp_path, f"courier/new{step}.txt", [*prose(f"new {step}"), "Greetings from the lighthouse"])
            (tmp_path / f"corpus/courier/{step}.txt").unlink()
            archive.build(workers=1)
            updated = articles(archive)
            count = archive.search('"greetings from the lighthouse"').total
            archive.build(rebuild=True, workers=2)
            assert updated == articles(archive)
            assert count == archive.search('"greetings from the lighthouse"').total
            assert count == (step + 1 if step < 2 else 0)


def test_a_build_that_was_killed_before_it_was_settled_is_settled_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        write(tmp_path, f"courier/{number}.txt", [CHROME[0], *prose(number)])
    with Archive(tmp_path) as archive:
        with monkeypatch.context() as patch:
            patch.setattr(settling, "settle", lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                archive.build(workers=1)
        assert archive.doctor() == ["there is no index yet"]
        assert archive.build(workers=1).unchanged == 4
        write(tmp_path, "courier/4.txt", [CHROME[0], *prose(4)])
        with monkeypatch.context() as patch:
            patch.setattr(settling, "settle", lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                archive.build(workers=1)
        assert "not up to date: the last build was stopped before its end" in archive.doctor()
        assert archive.build(workers=1).unchanged == 5
        assert archive.doctor() == []
        assert all(CHROME[0] not in article.body for article in articles(archive).values())


def test_a_fault_of_this_program_leaves_the_article_as_it_was_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        write(tmp_path, f"courier/{number}.txt", [CHROME[0], *prose(number)])
    with Archive(tmp_path) as archive:
        with monkeypatch.context() as patch:
            patch.setattr(settling, "_piece", lambda paragraph, at: 1 / 0)
            report = archive.build(workers=1)
        assert [item.reason for item in report.unread] == [
            f"{settling.FAULT}: ZeroDivisionError: division by zero"
        ] * 3
        assert all(CHROME[0] in article.body for article in articles(archive).values())
        write(tmp_path, "courier/3.txt", [CHROME[0], *prose(3)])
        archive.build(workers=1)
        assert all(CHROME[0] not in article.body for article in articles(archive).values()), "and is tried again"


def test_files_that_are_read_together_show_one_anothers_furniture(tmp_path: Path) -> None:
    paths = [write(tmp_path, f"courier/{number}.txt", [CHROME[2], *prose(number)]) for number in range(3)]
    (tmp_path / "corpus/courier/x.bin").write_bytes(b"\x00\x01\x02\x03" * 50)
    with Archive(tmp_path) as archive:
        together = list(archive.read([tmp_path / "corpus"]))
        alone = list(archive.read(paths[:1]))
        archive.build(workers=1)
        assert {
            article.provenance.file: article for article in together if isinstance(article, Article)
        } == articles(archive)
    assert [type(item) for item in together] == [Article, Article, Article, Unread]
    assert [CHROME[2] in article.body for article in [*together[:3], *alone] if isinstance(article, Article)] == [
        False
    ] * 3 + [True]


def test_an_archive_dates_by_the_weekday_what_its_pages_leave_open(tmp_path: Path) -> None:
    for number, year in enumerate((2014, 2015, 2016)):
        write(tmp_path, f"courier/{number}.txt", [f"{number + 1} May {year}", *prose(number)])
    text = "LONDON, Tuesday, May 12 (AP) - The ferry left the harbour at noon, and the council watched it go."
    write(tmp_path, "courier/open.txt", [text, *prose("open")])
    with Archive(tmp_path) as archive:
        archive.build(workers=1)
        article = articles(archive)["corpus/courier/open.txt"]
        assert article.date == When("2015-05-12", WEEKDAY, settling.FITTING)
        assert archive.search("date:2015-05-12").total == 1
        (tmp_path / "corpus/courier/0.txt").unlink()
        archive.build(workers=1)
        assert articles(archive)["corpus/courier/open.txt"].date is None


def test_processes_settle_as_one_does(tmp_path: Path) -> None:
    dice = random.Random(5)
    for number in range(30):
        write(tmp_path, f"{dice.choice(['a', 'b'])}/{number}.txt", [*CHROME, *prose(number)])
    with Archive(tmp_path) as archive:
        archive.build(workers=1)
        alone = articles(archive)
        archive.build(rebuild=True, workers=2)
        assert articles(archive) == alone
