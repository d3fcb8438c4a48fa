"""Are people's tags kept as they write them, through every build, and is a mistake in the file never "no tags"?"""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import pytest
from cli_kit import BIN, put, run
from hypothesis import given
from hypothesis import strategies as st

from searcher import Archive
from searcher.corpus import TAGS
from searcher.errors import ArchiveError, QueryError, TagsError
from searcher.model import Article, Provenance
from searcher.tags import HEADER, LONGEST, Tags, changing, checked, place
from searcher.text import value

TEXTS = {
    "gazette/boat.txt": "A boat leaves\nThe harbour of Oslo saw a boat leave in the early morning of that day.",
    "courier/talks.txt": "Talks go on\nJohn Kerry came to Sochi for talks, and they went on in the evening.",
    "courier/later.txt": "Kerry is back\nJohn Kerry is back in Sochi, and has more to say than he had in the spring.",
    "courier/page.md": "---\ntitle: Floods\ntags: [weather]\n---\nThe river rose by the hour, and the town on its bank was under water.",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive of four articles, one of which has a keyword of its own."""
    put(tmp_path, {name: text for name, text in TEXTS.items() if name.endswith(".txt")})
    (tmp_path / "corpus/courier/page.md").write_text(TEXTS["courier/page.md"], "utf-8")
    with Archive(tmp_path) as archive:
        archive.build(workers=1)
    return tmp_path


def lines(root: Path) -> list[str]:
    """The lines of the file, without the headlines behind them and without the header."""
    held = (root / "corpus" / TAGS).read_text("utf-8").splitlines()
    return ["\t".join(line.split("\t")[:2]) for line in held if line != HEADER]


def write(root: Path, *held: str) -> None:
    (root / "corpus" / TAGS).write_text("".join(f"{line}\n" for line in held), "utf-8")


def of(root: Path) -> dict[str, tuple[str, ...]]:
    """The tags of each file, as they are read."""
    with Archive(root) as archive:
        named = archive.tags().of_articles()
        return {archive.article(identity).provenance.file: names for identity, names in named.items()}


def files(root: Path, query: str) -> list[str]:
    """The files of the articles that a query finds."""
    with Archive(root) as archive:
        return sorted(hit.article.provenance.file for hit in archive.hits(query))


# The command


def test_all_that_a_query_finds_is_tagged_and_stands_in_the_file(root: Path) -> None:
    done = run("searcher", "tag", "peace talks", "kerry", "-spring", root=root)
    assert (done.returncode, done.stdout) == (0, "peace talks: 1 article tagged\n")
    assert (root / "corpus" / TAGS).read_text("utf-8").splitlines() == [
        HEADER,
        "peace talks\tcorpus/courier/talks.txt\tTalks go on",
    ]
    again = run("searcher", "tag", "PEACE talks", "kerry", root=root)
    assert again.stdout == "peace talks: 1 article tagged, 1 had it already\n"
    assert lines(root) == ["peace talks\tcorpus/courier/later.txt", "peace talks\tcorpus/courier/talks.txt"]


def test_articles_are_named_by_their_ids_or_by_the_numbers_of_hits(root: Path) -> None:
    first = run("search", "--ids", "boat", root=root).stdout.strip()
    assert run("searcher", "tag", "sea", first, root=root).stdout == "sea: 1 article tagged\n"
    assert run("search", "--color", "never", "--sort", "source", "kerry", root=root).returncode == 0
    assert run("searcher", "tag", "sea", "1", "2", root=root).stdout == "sea: 2 articles tagged\n"
    assert len(lines(root)) == 3
    piped = subprocess.run(
        ["bash", "-c", f"{BIN}/search --ids '*' | {BIN}/searcher tag all -"],
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert piped.stdout == "all: 4 articles tagged\n"


def test_an_id_among_other_words_is_an_error_and_nothing_is_tagged(root: Path) -> None:
    known = run("search", "--ids", "boat", root=root).stdout.strip()
    wrong = run("searcher", "tag", "sea", known, "harbour", root=root)
    assert wrong.returncode == 2
    assert f"in a query it is id:{known}" in wrong.stderr
    assert run("searcher", "tag", "sea", "999", root=root).returncode == 2
    assert run("searcher", "tag", "sea", "-", root=root, typed="aaaaaaaaaaaaa\n").returncode == 2
    assert not (root / "corpus" / TAGS).exists()


def test_numbers_in_a_query_are_words_of_it(root: Path) -> None:
    put(
        root, {"courier/hours.txt": "A long day\nThe talks went on for 24 hours and nobody slept in all that time."}
    )
    assert run("searcher", "tag", "long", "24", "hours", root=root).stdout == "long: 1 article tagged\n"


def test_a_word_as_long_as_an_id_is_a_word(root: Path) -> None:
    put(
        root, {"courier/word.txt": "A law\nAn international court said that it would hear them in the coming week."}
    )
    assert run("searcher", "tag", "law", "international", root=root).stdout == "law: 1 article tagged\n"


def test_a_dry_run_says_how_many_and_writes_nothing(root: Path) -> None:
    done = run("searcher", "tag", "--dry-run", "sea", "kerry OR boat", root=root)
    assert (done.returncode, done.stdout) == (0, "sea: 3 articles to tag\n")
    assert not (root / "corpus" / TAGS).exists()
    assert run("searcher", "tag", "sea", "kerry OR boat", root=root).returncode == 0
    before = lines(root)
    taken = run("searcher", "tag", "--dry-run", "--remove", "sea", "*", root=root)
    assert taken.stdout == "sea: 3 articles to take from it, 1 did not have it\n"
    assert run("searcher", "tag", "--dry-run", "--rename", "sea", "ocean", root=root).returncode == 0
    assert lines(root) == before


def test_a_tag_is_taken_from_what_a_query_finds(root: Path) -> None:
    run("searcher", "tag", "sea", "kerry OR boat", root=root)
    done = run("searcher", "tag", "--remove", "SEA", "kerry", root=root)
    assert done.stdout == "sea: 2 articles taken from it\n"
    assert lines(root) == ["sea\tcorpus/gazette/boat.txt"]
    wrong = run("searcher", "tag", "--remove", "see", "kerry", root=root)
    assert (wrong.returncode, wrong.stderr) == (2, "searcher: no such tag: see\nhint: did you mean sea?\n")


def test_a_query_that_finds_nothing_says_why_and_tags_nothing(root: Path) -> None:
    done = run("searcher", "tag", "sea", "submarine", root=root)
    assert (done.returncode, done.stdout) == (1, "")
    assert "nothing found: submarine" in done.stderr
    with Archive(root) as archive, pytest.raises(QueryError):
        archive.tag("sea", "sorce:bbc")
    assert not (root / "corpus" / TAGS).exists()


def test_tags_are_listed_with_their_counts(root: Path) -> None:
    assert "nothing is tagged yet" in run("searcher", "tag", root=root).stderr
    run("searcher", "tag", "sea", "boat", root=root)
    run("searcher", "tag", "Ahoi", "kerry OR boat", root=root)
    assert run("searcher", "tag", root=root).stdout.split() == ["3", "Ahoi", "1", "sea"]
    listed = json.loads(run("searcher", "tag", "--json", root=root).stdout)
    assert listed["tags"] == [{"name": "Ahoi", "count": 3}, {"name": "sea", "count": 1}]


def test_a_tag_is_renamed_and_two_are_made_one_only_when_that_is_asked_for(root: Path) -> None:
    run("searcher", "tag", "sea", "kerry OR boat", root=root)
    run("searcher", "tag", "ocean", "boat", root=root)
    wrong = run("searcher", "tag", "--rename", "ocean", "Sea", root=root)
    assert (wrong.returncode, "there is such a tag already: sea" in wrong.stderr) == (2, True)
    assert run("searcher", "tag", "--rename", "--merge", "ocean", "Sea", root=root).returncode == 0
    assert run("searcher", "tag", "--rename", "sea", "SEA", root=root).returncode == 0
    assert {line.split("\t")[0] for line in lines(root)} == {"SEA"}
    assert len(lines(root)) == 3
    assert run("searcher", "tag", "--rename", "lake", "pond", root=root).returncode == 2


def test_json_says_what_was_done(root: Path) -> None:
    done = json.loads(run("searcher", "tag", "--json", "sea", "boat", root=root).stdout)
    assert (done["name"], done["found"], done["changed"], done["written"]) == ("sea", 1, 1, True)


@pytest.mark.parametrize(
    "typed", [["--remove", "--rename", "a", "b"], ["--merge", "a", "b"], ["sea"], ["--rename", "a"], ["--remove"]]
)
def test_what_has_no_meaning_is_refused_with_a_hint(root: Path, typed: list[str]) -> None:
    done = run("searcher", "tag", *typed, root=root)
    assert (done.returncode, "hint: " in done.stderr) == (2, True)


def test_an_unknown_article_is_refused_and_nothing_is_written(root: Path) -> None:
    with Archive(root) as archive, pytest.raises(ArchiveError):
        archive.tag("sea", ["aaaaaaaaaaaaa"])
    assert not (root / "corpus" / TAGS).exists()


def test_a_shell_is_offered_the_tags_and_then_what_a_query_may_hold(root: Path) -> None:
    run("searcher", "tag", "Peace talks", "kerry", root=root)

    def offered(*words: str) -> list[str]:
        return run("search", "--complete", "zsh", "searcher", "tag", *words, root=root).stdout.splitlines()

    assert offered("pea") == offered("--remove", "pea") == offered("--rename", "pea") == ["Peace talks "]
    assert offered("sea", "sourc") == ["source:"]


# Names


@pytest.mark.parametrize("name", ["", " ", "a\tb", "a\nb", "a\x00", "x" * (LONGEST + 1), "a\u2028b", "\udcff"])
def test_what_is_no_name_is_refused(root: Path, name: str) -> None:
    with Archive(root) as archive, pytest.raises(TagsError):
        archive.tag(name, "kerry")
    assert not (root / "corpus" / TAGS).exists()


@pytest.mark.parametrize(
    "name",
    [
        "Größe",
        "#metoo",
        "\\",
        "\\#a",
        "to do: read",
        "<<< later",
        "संविधान",
        "東京",
        'the "Rock"',
        "a#b",
        "  padded ",
    ],
)
def test_any_line_of_text_is_a_name_and_is_read_back_as_it_was_given(root: Path, name: str) -> None:
    with Archive(root) as archive:
        assert archive.tag(name, "boat").name == name.strip()
    assert of(root) == {"corpus/gazette/boat.txt": (name.strip(),)}


# The file


def test_people_write_files_ids_and_comments_and_all_that_is_read(root: Path) -> None:
    boat = run("search", "--ids", "boat", root=root).stdout.strip()
    write(
        root,
        "# what we follow",
        "sea\tcorpus/courier/talks.txt",
        "",
        f"Sea\t{boat}",
        " sea \t corpus/courier/later.txt \tnote\tmore\r",
    )
    assert of(root) == dict.fromkeys(
        ["corpus/courier/talks.txt", "corpus/gazette/boat.txt", "corpus/courier/later.txt"], ("sea",)
    )


def test_new_lines_find_their_place_and_all_others_stay_as_they_are(root: Path) -> None:
    held = [
        "# head",
        "zebra\tcorpus/x.html",
        "? not a line",
        "# tail",
        "apple\tcorpus/gone.txt\tkept",
        "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"),
    ]
    write(root, *held)
    run("searcher", "tag", "mango", "boat", root=root)
    now = (root / "corpus" / TAGS).read_text("utf-8").splitlines()
    assert now == [held[0], "mango\tcorpus/gazette/boat.txt\tA boat leaves", *held[1:]]


MISTAKES = {
    "sea corpus/courier/talks.txt": "no tab between a tag and an article",
    "sea\ttalks.txt": "neither a file of the corpus nor an id: talks.txt",
    "<<<<<<< HEAD": "a merge was not finished",
    "\tcorpus/courier/talks.txt": "no tab between",
    "x" * 101 + "\tcorpus/courier/talks.txt": "not a name for a tag",
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_line_and_spoils_no_other(root: Path, mistake: str) -> None:
    write(root, "sea\tcorpus/courier/talks.txt", mistake, "sea\tcorpus/gazette/boat.txt")
    listed = run("searcher", "tag", root=root)
    assert listed.returncode == 2
    assert listed.stdout.split() == ["2", "sea"]
    assert f"tags.txt, line 2: {MISTAKES[mistake]}" in listed.stderr
    assert f"corpus/tags.txt, line 2: {MISTAKES[mistake]}" in run("searcher", "doctor", root=root).stdout
    assert run("searcher", "tag", "sea", "kerry", root=root).returncode == 0
    assert mistake in (root / "corpus" / TAGS).read_text("utf-8").splitlines()


def test_bytes_that_are_no_utf8_are_one_bad_line_and_stay_as_they_are(root: Path) -> None:
    path = root / "corpus" / TAGS
    path.write_bytes(b"caf\xe9\tcorpus/courier/talks.txt\nsea\tcorpus/gazette/boat.txt\n")
    assert of(root) == {"corpus/gazette/boat.txt": ("sea",)}
    assert str(Tags.load(root / "corpus").faults()[0]).startswith("line 1: not UTF-8")
    run("searcher", "tag", "sea", "talks", root=root)
    assert path.read_bytes().startswith(b"caf\xe9\tcorpus/courier/talks.txt\n")


def test_a_file_that_cannot_be_read_is_an_error_and_never_no_tags(root: Path) -> None:
    (root / "corpus" / TAGS).mkdir()
    for typed in (["tag"], ["tag", "sea", "boat"], ["doctor"]):
        assert run("searcher", *typed, root=root).returncode == 2, typed


def test_lines_whose_article_is_not_there_stay_and_the_doctor_names_them_and_what_may_be_meant(root: Path) -> None:
    run("searcher", "tag", "sea", "boat", root=root)
    (root / "corpus/harbour").mkdir()
    (root / "corpus/gazette/boat.txt").rename(root / "corpus/harbour/boat.txt")
    run("searcher", "index", root=root)
    done = run("searcher", "doctor", root=root)
    assert "line 2: no such article: corpus/gazette/boat.txt (sea); is it corpus/harbour/boat.txt?" in done.stdout
    assert done.returncode == 0
    run("searcher", "tag", "sea", "kerry", root=root)
    assert "sea\tcorpus/gazette/boat.txt" in lines(root)
    assert any(
        "no such article" in line
        for line in json.loads(run("searcher", "doctor", "--json", root=root).stdout)["tags"]
    )


def test_the_file_is_no_article_wherever_it_is_looked_at(root: Path) -> None:
    write(
        root,
        "sea\tcorpus/courier/talks.txt",
        "sea\tcorpus/gazette/boat.txt",
        "a line of words that are like those of an article",
    )
    assert "4 articles" in run("searcher", "index", "--rebuild", root=root).stdout
    assert TAGS not in run("searcher", "read", "--jsonl", "corpus", root=root).stdout
    (root / "corpus/courier" / TAGS).write_text(
        "Tags at sea\n\nA boat has a flag, and tags on its sails, as all boats have.\n"
    )
    assert "5 articles" in run("searcher", "index", root=root).stdout


def test_of_several_folders_the_first_holds_the_tags_of_all(tmp_path: Path) -> None:
    for folder, name in (("corpus", "boat.txt"), ("other", "talks.txt")):
        (tmp_path / folder).mkdir()
        text = next(text for path, text in TEXTS.items() if path.endswith(name)).replace("\n", "\n\n")
        (tmp_path / folder / name).write_text(text, "utf-8")
    (tmp_path / "searcher.toml").write_text('corpus = ["corpus", "other"]\n')
    run("searcher", "index", root=tmp_path)
    assert run("searcher", "tag", "all", "*", root=tmp_path).returncode == 0
    assert lines(tmp_path) == ["all\tcorpus/boat.txt", "all\tother/talks.txt"]


def test_where_the_file_and_the_member_would_not_be_read_back_the_id_stands() -> None:
    from searcher.corpus import article_id

    def named(file: str, member: str | None = None, nth: int = 1) -> str:
        return place(Article(article_id(file, member, nth), "", "", Provenance(file, member)))

    assert named("corpus/a.html") == "corpus/a.html"
    assert named("corpus/a.zip", "in/b.html") == "corpus/a.zip!in/b.html"
    assert named("corpus/a.warc.gz", "http://x.org/#!page") == "corpus/a.warc.gz!http://x.org/#!page"
    for odd in (
        named("corpus/hey!.html"),
        named("corpus/a.jsonl", "7", 2),
        named("corpus/a\tb.html"),
        named("corpus/a.html "),
    ):
        assert len(odd) == 13


# Two at once, and the whole of it


def test_of_two_that_tag_at_once_both_are_kept(root: Path) -> None:
    started = [
        subprocess.Popen([BIN / "searcher", "tag", "-q", f"tag {number}", "*"], cwd=root) for number in range(4)
    ]
    assert [one.wait(120) for one in started] == [0] * 4
    assert len(lines(root)) == 16
    assert run("searcher", "doctor", root=root).stdout == "the index is whole and up to date\n"


def test_whoever_waits_too_long_is_told(root: Path) -> None:
    with changing(root / "corpus"), pytest.raises(TagsError), changing(root / "corpus", wait=0.05):
        pass


names = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20).filter(
    lambda name: bool(value(name))
)


def _is_name(name: str) -> bool:
    try:
        return bool(checked(name))
    except TagsError:
        return False


@given(
    st.lists(
        st.tuples(st.sampled_from(["put", "take"]), names.filter(_is_name), st.sets(st.integers(0, 4))), max_size=8
    ),
    st.randoms(),
)
def test_what_is_put_and_taken_is_what_a_set_of_pairs_would_hold(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, set[int]]], chance: random.Random
) -> None:
    from searcher.corpus import article_id

    folder = tmp_path_factory.mktemp("tags")
    some = [
        Article(article_id(f"corpus/{at}.txt", None), f"Title\t{at}", "", Provenance(f"corpus/{at}.txt"))
        for at in range(5)
    ]
    expected: set[tuple[str, str]] = set()
    for what, name, chosen in steps:
        ids = {some[at].id for at in chosen}
        with changing(folder) as tags:
            if what == "put":
                tags.put(name, [some[at] for at in chosen])
                expected |= {(value(name), identity) for identity in ids}
            else:
                tags.take(name, ids)
                expected -= {(value(name), identity) for identity in ids}
            tags.write()
        if chance.random() < 0.3:  # people move lines about
            held = (folder / TAGS).read_text("utf-8").splitlines()
            chance.shuffle(held)
            (folder / TAGS).write_text("\n".join(held), "utf-8")
    loaded = Tags.load(folder)
    assert {(value(name), identity) for identity, held in loaded.of_articles().items() for name in held} == expected
    assert not loaded.faults()


# What a query finds: as soon as settling gives articles what the file says


def test_a_tag_is_found_excluded_and_counted(root: Path) -> None:
    run("searcher", "tag", "Peace talks", "kerry", root=root)
    assert files(root, 'tag:"peace talks"') == files(root, "kerry")
    assert files(root, "tag:peace*") == files(root, "kerry")
    assert files(root, 'kerry -tag:"peace talks"') == []
    assert files(root, "tag:*") == files(root, "kerry OR river")
    with Archive(root) as archive:
        counted = archive.search("*", facets=["tag"]).facets["tag"]
    assert [(one.value, one.count) for one in counted] == [("Peace talks", 2), ("weather", 1)]


def test_tags_survive_every_build_and_follow_what_people_edit(root: Path) -> None:
    run("searcher", "tag", "sea", "boat", root=root)
    for typed in (["index"], ["index", "--rebuild"], ["index", "--engine", "memory"]):
        run("searcher", *typed, root=root)
        assert files(root, "tag:sea") == ["corpus/gazette/boat.txt"], typed
    write(root, "sea\tcorpus/courier/talks.txt")
    assert "not up to date" in run("searcher", "doctor", root=root).stdout
    run("searcher", "index", root=root)
    assert files(root, "tag:sea") == ["corpus/courier/talks.txt"]
    (root / "corpus" / TAGS).unlink()
    run("searcher", "index", root=root)
    assert files(root, "tag:sea") == []


def test_a_keyword_of_the_page_stays_when_the_tag_of_that_name_is_taken(root: Path) -> None:
    done = run("searcher", "tag", "Weather", "boat", root=root)
    assert "1 other has it as a keyword of its page" in done.stderr
    assert files(root, "tag:weather") == ["corpus/courier/page.md", "corpus/gazette/boat.txt"]
    run("searcher", "tag", "weather", "river", root=root)
    run("searcher", "tag", "--remove", "weather", "*", root=root)
    assert files(root, "tag:weather") == ["corpus/courier/page.md"]


def test_an_article_that_changes_or_goes_and_comes_again_keeps_its_tag(root: Path) -> None:
    run("searcher", "tag", "sea", "boat", root=root)
    path = root / "corpus/gazette/boat.txt"
    held = path.read_text("utf-8")
    path.write_text(held.replace("Oslo", "Bergen"), "utf-8")
    run("searcher", "index", root=root)
    assert files(root, "tag:sea bergen") == ["corpus/gazette/boat.txt"]
    path.unlink()
    run("searcher", "index", root=root)
    path.write_text(held, "utf-8")
    run("searcher", "index", root=root)
    assert files(root, "tag:sea oslo") == ["corpus/gazette/boat.txt"]


def test_a_line_that_cannot_be_read_is_told_by_the_build(root: Path) -> None:
    write(root, "sea corpus/courier/talks.txt", "sea\tcorpus/gazette/boat.txt")
    assert "line 1: no tab" in run("searcher", "index", root=root).stderr
    assert files(root, "tag:sea") == ["corpus/gazette/boat.txt"]
