"""Does the store keep what it is given, all or nothing, and can an engine follow it?"""

from __future__ import annotations

import errno
import re
import sqlite3
import zlib
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from searcher.errors import IndexDamaged, IndexFull
from searcher.model import Article, Claim, Name, Provenance, Quote, Related, Stripped, When
from searcher.store import Batch, FileRow, Outline, Store, Use, decode, encode, packed, unpacked
from searcher.verdicts import Verdict

FULL = Article(
    "id1", "Title", "Body", Provenance("corpus/a.html", "m", 1, 2, "ff"), lead="Body",
    date=When("2015-05", "meta", 0.9, None), source="BBC", agency="AFP", authors=("Jane Doe",), language="en",
    section="World", tags=("x",), url="http://a.example", names=(Name("John Kerry", "person", "Kerry", 0, 5),),
    people=("John Kerry",), places=("Sochi",), orgs=("NATO",), speakers=("John Kerry",),
    quotes=(Quote("q", None, 0, 1),), related=(Related("r", None, "2015-05-12"),), images=("i",),
    stripped=(Stripped("s", "share buttons"),), claims=(Claim("date", "2015", "meta"),), origins={"title": "h1"},
    flags=("transcript",), story="s", words=2, ingested="2020-01-01",
)  # fmt: skip


def article(identity: str, file: str = "corpus/a.txt") -> Article:
    return Article(identity, identity, "text", Provenance(file), language="en")


def row(path: str = "corpus/a.txt", **more: object) -> FileRow:
    return FileRow(path, 1, 2, "ff")._replace(**more)  # type: ignore[arg-type]


def test_an_article_comes_back_with_every_field() -> None:
    assert decode(encode(FULL)) == FULL
    assert decode(encode(Article("", "", "", Provenance("")))) == Article("", "", "", Provenance(""))


def test_mentions_and_quotations_that_stand_in_the_body_come_back_as_those_that_do_not() -> None:
    body = "Doe said: “It rains.”\n\nNobody else."
    names = (
        Name("Jane Doe", "person", "Doe", 0, 3),
        Name("Doe", "org", "Doe", 0, 3),
        Name("Doe", "place", "D", 0, 3),
    )
    quotes = (
        Quote("It rains.", "Jane Doe", 11, 20),
        Quote("It rains.", None, 11, 20),
        Quote("rains", None, 11, 20),
    )
    article = Article("a", "", body, Provenance(""), lead=body[:22], names=names, quotes=quotes)
    assert decode(encode(article)) == article
    assert decode(encode(replace(article, lead="Another"))).lead == "Another"


def test_an_article_that_is_cut_short_is_damaged() -> None:
    with pytest.raises(zlib.error):
        decode(encode(FULL)[:-9])


def test_a_file_read_again_replaces_its_articles_and_drops_those_it_lost(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db", write=True)
    first = store.write(Batch((row(),), (article("a"), article("b"))))
    second = store.write(Batch((row(),), (replace(article("b"), body="new"),)))
    assert (first, second, store.last()) == (1, 2, 2)
    assert store.ids() == ["b"]
    dropped, put = store.since(first)
    assert (dropped, [unpacked(one, tmp_path).id for one in put]) == (["a"], ["b"])
    assert store.get(["a", "b"])["b"].body == "new"
    assert store.get(["a"])["a"].body == "text", "a search that began before may still ask for it"
    store.forget()
    assert store.get(["a"]), "and so may one that goes on while the next build ends"
    store.forget()
    assert store.get(["a"]) == {}


def test_a_file_read_in_parts_keeps_all_of_them(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db", write=True)
    store.write(Batch((row(),), (article("old"),)))
    store.write(Batch((), (article("a"),)))
    store.write(Batch((row(),), (article("b"),), kept=frozenset({"a", "b"})))
    assert store.ids() == ["a", "b"]


def test_files_that_are_gone_take_their_articles_with_them(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db", write=True)
    other = row("corpus/b.txt", unread=("why",))
    store.write(Batch((row(), other), (article("a"), article("b", "corpus/b.txt"))))
    store.write(Batch(gone=("corpus/a.txt",), touched=(other._replace(mtime=9),)))
    assert store.ids() == ["b"]
    assert store.files() == {"corpus/b.txt": other._replace(mtime=9)}


def test_languages_are_counted_with_every_write(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db", write=True)
    german = replace(article("b"), language="de")
    store.write(Batch((row(),), (article("a"), german, replace(article("c"), language=None))))
    assert store.languages() == {"en": 1, "de": 1}


def test_a_batch_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db", write=True)
    store.write(Batch((row(),), (article("a"),)))
    broken = replace(article("b"), provenance=None)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        store.write(Batch((row(),), (broken,)))
    assert (store.ids(), store.last()) == (["a"], 1)


def test_a_full_disk_is_named_and_loses_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db", write=True)
    store.write(Batch((row(),), (article("a"),)))
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(IndexFull) as caught:
        store.write(Batch((row("b"),), tuple(article(f"x{n:04}", "b") for n in range(2000))))
    assert "run the same command again" in (caught.value.hint or "")
    assert store.ids() == ["a"]


def test_readers_beside_a_writer_see_whole_batches(tmp_path: Path) -> None:
    writer = Store(tmp_path / "a.db", write=True)
    writer.write(Batch((row(),), (article("a"),)))
    reader = Store(tmp_path / "a.db")
    writer.write(Batch((row(),), (article("a"), article("b"))))
    assert reader.ids() == ["a", "b"]
    with pytest.raises(IndexDamaged):
        reader.write(Batch(gone=("corpus/a.txt",)))


@pytest.mark.parametrize("damage", ["missing", "truncated", "scrambled"])
def test_a_damaged_file_is_named_and_never_empty(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "a.db"
    store = Store(path, write=True)
    store.write(Batch((row(),), tuple(article(f"x{n}") for n in range(200))))
    store.settle()
    store.close()
    data = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "truncated":
        path.write_bytes(data[: len(data) // 2])
    else:
        path.write_bytes(b"not a database at all" * 200)
    with pytest.raises(IndexDamaged) as caught:
        Store(path).ids()
    assert "a.db" in caught.value.message
    assert "searcher" in (caught.value.hint or "")


def test_check_finds_an_article_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    store = Store(path, write=True)
    store.write(Batch((row(),), (article("a"),)))
    assert store.check() == []
    with sqlite3.connect(path) as other:
        other.execute("UPDATE articles SET data = ? WHERE id = 'a'", (b"x",))
    assert store.check() == [f"damaged: {path}: article a"]
    with pytest.raises(IndexDamaged):
        store.get(["a"])


def test_what_is_done_for_each_article_reads_no_table_from_end_to_end(tmp_path: Path) -> None:
    store, done = Store(tmp_path / "a.db", write=True), list[str]()
    store._db.set_trace_callback(done.append)
    ids = [str(number) for number in range(40)]
    firsts, copies = ids[::2], ids[1::2]
    store.write(Batch((row(),), [article(one) for one in ids]))
    store.write(Batch(verdicts={two: Verdict(one) for one, two in zip(firsts, copies, strict=True)}))
    store.write(Batch(stories=dict.fromkeys(firsts[1:], "0")))
    assert store.get(["3"])["3"].story == "0", "a copy is of the story of its first"
    store.write(Batch(stories=dict.fromkeys(firsts[1:], "")))
    assert store.get(["3"])["3"].story == "2", "which is told anew"
    store.write(Batch(edits=[(packed(article(one)), Outline(one)) for one in ids]))
    store.write(Batch(verdicts=dict.fromkeys(ids, Verdict())))
    store.write(Batch(gone=("corpus/a.txt",)))

    like = defaultdict[str, list[str]](list)
    for statement in done:
        like[re.sub(r"'[^']*'|\d+", "?", statement)].append(statement)
    for form, statements in like.items():
        if len(statements) >= len(copies) - 1 and form.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            plan = [step for *_, step in store._db.execute(f"EXPLAIN QUERY PLAN {statements[0]}")]
            assert not [step for step in plan if step.startswith("SCAN ") and "CONSTANT" not in step], form
    store.close()


@pytest.mark.parametrize(("number", "fault"), [(errno.ENOSPC, IndexFull), (errno.EIO, IndexDamaged)])
def test_a_file_of_texts_that_cannot_be_written_is_a_fault_of_the_index(
    tmp_path: Path, number: int, fault: type[Exception]
) -> None:
    with pytest.raises(fault), Store(tmp_path / "a.db", write=True).scratch():
        raise OSError(number, "no", "/archive/full/a")


def test_names_that_an_edit_leaves_as_they_were_are_not_decided_anew(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db", write=True)
    kerry = Use("name:johnkerry", "person", "John Kerry")
    outline = Outline("a", names=(kerry,))
    store.write(Batch((row(),), (article("a"),), {"a": outline}))
    store.called()
    store.write(Batch(edits=((article("a"), outline),)))
    assert store.uses.touched() == set()
    store.write(Batch(edits=((article("a"), outline._replace(names=())),)))
    assert store.uses.touched() == {kerry.key}
