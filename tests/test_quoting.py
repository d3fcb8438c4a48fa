"""Is every article found that carries a quote, and no other; and is it told what differs, and who had it first?"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from cli_kit import put, run

from searcher import Archive, quoting
from searcher.engines import entry_of
from searcher.engines.memory import MemoryEngine
from searcher.engines.whoosh import open_engine
from searcher.errors import QueryError
from searcher.model import Article, Provenance
from searcher.quoting import aligning, candidates

ASKED = "we will not rest until the harbour is free of ice"


def shown(asked: str, body: str, language: str | None = "en") -> str | None:
    """The stretch of a text that carries a quote, its differences as the terminal shows them; None if none does."""
    from searcher.cli.quoting import _marked

    found = aligning.find(aligning.asked(asked, ("en", "de")), body, language)
    if found is None:
        return None
    article = Article("a", "", body, Provenance(""))
    return _marked(quoting.Carrier(article, body[found.start : found.end], found, False, None), colour=False)


@pytest.mark.parametrize(
    ("body", "stretch"),
    [
        ("He said we will not rest until the harbour is free of ice, and left.", ASKED),
        ("We WILL not rest until the harbour is free of ice", "We WILL not rest until the harbour is free of ice"),
        (
            "We [the town] will not rest until the harbour is free of all ice.",
            "We [{+the town+}] will not rest until the harbour is free of {+all+} ice",
        ),
        ("We will […] rest until the harbour is free of ice.", "We will […] [-not-] rest until the harbour is free of ice"),
        (
            "we will not be resting until the harbour is free",
            "we will not [-rest-] {+be resting+} until the harbour is free [-of ice-]",
        ),
        (
            "We will never rest till the harbour is free of ice",
            "We will [-not-] {+never+} rest [-until-] {+till+} the harbour is free of ice",
        ),
    ],
)  # fmt: skip
def test_a_quote_is_found_with_what_was_left_out_and_put_in(body: str, stretch: str) -> None:
    assert shown(ASKED, body) == stretch


@pytest.mark.parametrize(
    "body",
    [
        "Nothing of it stands here.",
        "ice of free is harbour the until rest not will we",
        "We will not go until the market is full of fish.",
        "We will not rest. " + "The boat came late that day. " * 5 + "Until the harbour is free of ice.",
    ],
)
def test_other_words_other_orders_and_words_far_apart_carry_no_quote(body: str) -> None:
    assert shown(ASKED, body) is None


def test_an_ellipsis_in_the_quote_stands_for_words_that_it_does_not_name() -> None:
    body = "We will not rest, and I say this to all of you who are here tonight, until the harbour is free of ice."
    assert shown(ASKED, body) is None
    assert shown("we will not rest […] until the harbour is free of ice", body) is not None


def test_common_words_alone_must_stand_in_a_row() -> None:
    assert shown("it is what it is", "And it is what it is.") == "it is what it is"
    assert shown("it is what it is", "It is not what it is.") is None


def test_common_words_are_not_enough_where_there_are_others() -> None:
    assert shown("we will not rest until it is done", "we will not know until it is over") is None


def test_up_to_four_words_must_all_be_there() -> None:
    assert shown("lives fortunes and honour", "lives, their fortunes and honour") is not None
    assert shown("lives fortunes and honour", "lives, fortunes and so on") is None


@pytest.mark.parametrize("text", ["", "rest", "not rest", "“not … rest!”"])
def test_less_than_three_words_are_refused_with_a_hint(text: str) -> None:
    with pytest.raises(QueryError, match="at least three words") as caught:
        aligning.asked(text, ("en",))
    assert "searcher quote" in str(caught.value.hint)


# Against the definition


def longest(quote: Sequence[frozenset[str]], words: Sequence[frozenset[str]]) -> int:
    """The longest common subsequence, by its recurrence."""
    row = [0] * (len(words) + 1)
    for one in quote:
        before = row[:]
        for at, other in enumerate(words):
            row[at + 1] = before[at] + 1 if one & other else max(before[at + 1], row[at])
    return row[-1]


def carries(asked: aligning.Asked, content: str) -> bool:
    """The definition, word by word and stretch by stretch."""
    surfaces, stems = aligning.text.terms(content, "en")
    words = [frozenset({f"={a}", f"~{b}"}) for a, b in zip(surfaces, stems, strict=True)]
    if asked.is_plain:
        row = [word.surface for word in asked.words]
        return any(surfaces[at : at + len(row)] == row for at in range(len(surfaces)))
    quote = [
        frozenset({f"={word.surface}", *(f"~{stem}" for stem in stems)})
        for word, stems in zip(asked.words, asked.stems, strict=True)
    ]
    telling = [one for at, one in enumerate(quote) if asked.telling >> at & 1]
    stretches = (words[at : at + asked.window] for at in range(len(words)))
    return any(
        longest(quote, some) >= asked.least and 2 * longest(telling, some) >= len(telling) for some in stretches
    )


WORDS = "the of we it is not harbour boats boat ice frozen spring mayor rests rest waits told sea".split()


def articles(seed: int, number: int) -> list[Article]:
    """Articles of few different words, so that parts of quotes stand everywhere."""
    rnd = random.Random(seed)
    bodies = (" ".join(rnd.choices(WORDS, k=rnd.randint(4, 60))) for _ in range(number))
    return [Article(f"a{at:03}", f"T{at}", body, Provenance("f"), language="en") for at, body in enumerate(bodies)]


@pytest.mark.parametrize("seed", range(12))
def test_the_candidates_hold_all_that_carry_a_quote_and_the_list_is_that_of_the_definition(
    seed: int, tmp_path: Path
) -> None:
    rnd = random.Random(seed)
    held = articles(seed, 60)
    engines = [MemoryEngine(), open_engine(tmp_path, True)]
    for engine in engines:
        engine.write(map(entry_of, held), (), 1)
    for _ in range(6):
        words = rnd.choice(held).body.split()
        start = rnd.randrange(max(1, len(words) - 3))
        content = " ".join(words[start : start + rnd.choice((3, 4, 5, 7, 9, 12, 30))])
        try:
            asked = aligning.asked(content, ("en",))
        except QueryError:
            continue
        wanted = {article.id for article in held if carries(asked, article.body)}
        assert {article.id for article in held if aligning.find(asked, article.body, "en")} == wanted, content
        for engine in engines if len(asked.words) < 8 else engines[1:]:
            found = engine.search(candidates.plan(asked, engine), "oldest", 0, None).ids
            assert wanted <= set(found), content


@pytest.mark.parametrize("seed", range(40))
def test_lengths_and_aligned_words_are_those_of_the_table(seed: int) -> None:
    rnd = random.Random(seed)
    number = rnd.randint(1, 70)
    fits = [rnd.getrandbits(number) & rnd.getrandbits(number) for _ in range(rnd.randint(1, 40))]
    quote = [frozenset({str(at)}) for at in range(number)]
    words = [frozenset(str(at) for at in range(number) if bits >> at & 1) for bits in fits]
    assert aligning.lengths(fits, number) == [longest(quote, words[:end]) for end in range(1, len(words) + 1)]
    pairs = aligning.aligned(fits, number)
    assert len(pairs) == longest(quote, words)
    assert all(fits[at] >> word & 1 for word, at in pairs)
    assert pairs == sorted(set(pairs))
    assert len({at for _, at in pairs}) == len(pairs)


# The archive


FIRST = f"Ice\n\n12 May 2015\n\nJane Doe, the mayor, came to the harbour. “{ASKED.capitalize()},” said Doe."
LATER = "Ice again\n\n14 May 2015\n\nMayor Jane Doe said they “will not rest until the harbour is free” of ice."
PLAIN = f"Speech\n\n13 May 2015\n\nThe town was told that {ASKED}, and everybody went home in the rain."
UNDATED = f"Undated\n\nSomebody had heard it before: {ASKED}. It was not clear who had said it first of all."
OTHER = "Boats\n\n12 May 2015\n\nA boat left the harbour in the morning, and came back in the evening with fish."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive of four articles that carry a quote, and one that does not."""
    texts = {"gazette/a": FIRST, "courier/b": LATER, "herald/c": PLAIN, "herald/d": UNDATED, "gazette/e": OTHER}
    put(tmp_path, {f"{name}.txt": text for name, text in texts.items()})
    return tmp_path


def found(root: Path, asked: str = ASKED) -> list[tuple[str, bool, str | None, int | None]]:
    with Archive(root) as archive:
        carriers = archive.quote(asked).carriers
        return [(one.article.title, one.quoted, one.speaker, one.days) for one in carriers]


WANTED = [
    ("Ice", True, "Jane Doe", 0),
    ("Speech", False, None, 1),
    ("Ice again", True, "Jane Doe", 2),
    ("Undated", False, None, None),
]


def test_articles_come_oldest_first_with_who_says_it_and_the_days_since(root: Path) -> None:
    assert found(root) == WANTED


def test_few_articles_are_all_looked_at_and_many_asked_for_with_the_same_result(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quoting, "FEW", 0)
    assert found(root) == WANTED


def test_what_too_many_may_carry_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quoting, "FEW", 0)
    monkeypatch.setattr(quoting, "MOST", 1)
    with pytest.raises(QueryError, match="too many articles may carry it: 4"):
        found(root)


def test_copies_of_one_text_are_folded_with_their_number_unless_all_are_wanted(root: Path) -> None:
    put(root, {"observer/a.txt": FIRST})
    with Archive(root) as archive:
        folded, every = archive.quote(ASKED), archive.quote(ASKED, fold=False)
    assert (len(folded.carriers), folded.carriers[0].copies, folded.total) == (4, 2, 5)
    assert [one.copies for one in every.carriers] == [1] * 5


def test_the_quotes_of_an_article_say_how_many_others_have_them_and_who_was_first(root: Path) -> None:
    with Archive(root) as archive:
        last = next(hit.article for hit in archive.hits("title:again"))
        (traced,) = archive.quotes(last)
    assert (traced.total, traced.others) == (4, 3)
    assert traced.first is not None
    assert traced.first.article.title == "Ice"


def test_the_command_prints_differences_between_marks_and_numbers_for_show(root: Path) -> None:
    done = run("searcher", "quote", *ASKED.split(), root=root)
    assert done.returncode == 0
    assert "4 articles, 12 May 2015 – 14 May 2015; 2 in quotation marks" in done.stdout
    assert "+2 days" in done.stdout
    assert "said by Jane Doe" in done.stdout
    assert "[-we-] will not rest until the harbour is free” of ice" in done.stdout
    assert "Speech" in run("searcher", "show", "2", root=root).stdout
    coloured = run("searcher", "quote", ASKED, "--color", "always", root=root).stdout
    assert "\x1b[31;9mwe\x1b[0m will not rest" in coloured
    assert "[-" not in coloured


def test_the_command_shows_the_quotes_of_the_hit_of_a_number(root: Path) -> None:
    run("search", "title:again", root=root)
    done = run("searcher", "quote", "1", root=root)
    assert done.returncode == 0
    assert "will not rest until the harbour is free" in done.stdout
    assert "said by Jane Doe · in 3 other articles · first: 2015-05-12" in done.stdout


def test_what_no_article_carries_has_status_one_and_says_what_was_looked_for(root: Path) -> None:
    done = run("searcher", "quote", "the mayor has never seen such a summer", root=root)
    assert (done.returncode, done.stdout) == (1, "")
    assert "looked for: 6 of its 8 words, in their order, within 12 words" in done.stderr
    assert "hint: search 'the mayor has never seen such a summer'" in done.stderr


@pytest.mark.parametrize("typed", ["rest", "not rest"])
def test_too_short_a_quote_has_status_two(root: Path, typed: str) -> None:
    done = run("searcher", "quote", typed, root=root)
    assert done.returncode == 2
    assert "three words" in done.stderr
    assert "hint:" in done.stderr


def test_without_an_index_the_command_says_so(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    done = run("searcher", "quote", ASKED, root=tmp_path)
    assert done.returncode == 2
    assert "searcher index" in done.stderr


def test_programs_read_spans_of_the_differences(root: Path) -> None:
    plain = json.loads(run("searcher", "quote", ASKED, "--json", root=root).stdout)
    assert (plain["total"], plain["words"], plain["least"]) == (4, 11, 8)
    last = plain["carriers"][2]
    assert (last["quoted"], last["speaker"], last["days"], last["copies"]) == (True, "Jane Doe", 2, 1)
    assert last["removed"] == [{"at": 0, "text": "we"}]
    assert [last["text"][start:end] for start, end in last["added"]] == []
    traced = json.loads(run("searcher", "quote", last["id"], "--json", root=root).stdout)
    assert [(one["others"], one["first"]["title"]) for one in traced["quotes"]] == [(3, "Ice")]
