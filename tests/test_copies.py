"""Are reprints known as copies of one text, and texts about different facts kept apart, in whatever order they come?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.copies import Text, alike, candidates, grouping, groups, near, signature, signs, text_of
from searcher.copies.shingles import FEWEST, SIGNS
from searcher.model import Article, Provenance

WORDS = [
    f"{a}{b}{c}{d}"
    for a in "bdfklmnprst"
    for b in "aeiou"
    for c in ("l", "rn", "st", "ck")
    for d in ("a", "en", "ing")
]
SMALL = ["the", "of", "and", "to", "in", "a", "is", "on"]

STORY = """\
The harbour of Lowmouth was closed on Tuesday after a crane fell across its only entrance and sank a dredger that had
been working there since March. Nobody was hurt.

Pilots said the crane had been leaning for weeks. The port authority, which owns it, answered that engineers had looked
at it twice this year and found nothing that would have kept them from using it until the autumn.

Eleven ships are waiting outside, four of them with fruit that will not keep. Their owners want the authority to pay
for what is lost, and one has asked the court in Farrow to seize a tug.

The minister for transport, Ida Brandt, promised to come on Friday. She said that a port with one entrance and one crane
had been an accident that everybody could see coming, and that nobody had wanted to pay for.

Fishermen have offered to carry the fruit ashore in their own boats. Whether they may is for the customs office to say,
which does not open before Thursday."""

LETTER = """\
Senator {senator} announced today that the fire department of {town} will receive a grant of ${amount} from the
assistance programme for local fire services. The department will use the money for {use}.

Firefighters put themselves at risk for all of us, and it is our duty to give them what they need to do their work
safely, said {senator}. This programme has shown again and again that small departments make the most of what they get.

The programme helps departments to buy equipment, to train volunteers and to teach prevention in schools. Applications
are read by people who have served in a fire department themselves, and the next round begins in the spring."""

GRANTS = [
    ("Mary Hollis", "Danby", "91,297", "two pumps"), ("Peter Voss", "Millbrook", "150,400", "radios"),
    ("Ann Tillman", "Carrow", "38,000", "helmets and boots"), ("Sam Okafor", "Eastfield", "285,150", "a tanker"),
    ("Lena Frank", "Norwick", "51,233", "a training tower"), ("Hugh Penrose", "Saltby", "72,910", "breathing apparatus"),
    ("Rosa Marin", "Greenhithe", "164,075", "a rescue boat"), ("Tom Adair", "Wexcombe", "43,620", "thermal cameras"),
    ("Ellen Sharp", "Oldbridge", "118,845", "a new engine"), ("Carl Jensen", "Pinehurst", "26,340", "hoses"),
]  # fmt: skip


def article(body: str, url: str | None = None, title: str = "A title") -> Article:
    return Article("id", title, body, Provenance("corpus/a.txt"), url=url)


def same(one: str, other: str) -> bool:
    """Whether two texts are found to be copies: their signatures meet, and they are alike."""
    return grouped([one, other])[1] == 0


def grouped(bodies: Sequence[str | Article]) -> list[int]:
    articles = [body if isinstance(body, Article) else article(body) for body in bodies]
    return groups(signs(map(signature, articles)), lambda at: text_of(articles[at])).tolist()


def prose(seed: object, paragraphs: int = 6, words: int = 40) -> str:
    """Paragraphs that nobody else writes, with a name and a number now and then."""
    dice = random.Random(str(seed))
    return "\n\n".join(" ".join(_word(dice) for _ in range(words)) for _ in range(paragraphs))


def _word(dice: random.Random) -> str:
    drawn = dice.random()
    if drawn < 0.1:
        return dice.choice(WORDS).capitalize()
    if drawn < 0.15:
        return str(dice.randrange(2, 90_000))
    return dice.choice(SMALL if drawn < 0.5 else WORDS)


def edited(text: str, share: float, seed: object) -> str:
    """That share of the words taken out, exchanged, or followed by another."""
    dice = random.Random(str(seed))
    edit = lambda word: dice.choice(["", _word(dice), f"{word} {_word(dice)}"])  # noqa: E731
    return "\n\n".join(
        " ".join(edit(word) if dice.random() < share else word for word in paragraph.split())
        for paragraph in text.split("\n\n")
    )


def test_a_wire_story_in_five_outlets_with_a_chain_of_edits_is_one_group() -> None:
    paragraphs = STORY.split("\n\n")
    second = ["LOWMOUTH (Coast Wire) -", *paragraphs[:4]]
    third = [
        *second[:2],
        second[3],
        second[4].replace("promised to come on Friday", "will be there before the weekend"),
    ]
    fourth = ["From our reporter at the coast", *third[1:], "Read more about the port in our Saturday edition."]
    fifth = [*fourth[:2], fourth[3].replace("nobody had wanted to pay for", "no government has paid for")]
    outlets = ["\n\n".join(text) for text in (paragraphs, second, third, fourth, fifth)]
    assert grouped([prose(1), *outlets, prose(2)]) == [0, 1, 1, 1, 1, 1, 6]
    assert not same(outlets[0], outlets[-1]), "only those between hold the first and the last together"


def test_the_first_part_of_a_long_story_is_a_copy_of_it() -> None:
    story = prose("long", 10)
    for share in (0.8, 0.6, 0.4):
        words = story.split()
        assert same(story, " ".join(words[: int(share * len(words))]))


def test_paragraphs_in_another_order_with_lines_of_an_outlet_are_a_copy() -> None:
    first, *others = STORY.split("\n\n")
    assert same(
        STORY, "\n\n".join(["The Farrow Gazette, Wednesday", *reversed(others), first, "© Farrow Gazette 2015"])
    )


def test_nearly_all_copies_with_up_to_three_words_in_ten_edited_are_found() -> None:
    texts = {seed: prose(seed, 8) for seed in range(120)}
    found = sum(same(text, edited(text, seed % 31 / 100, seed)) for seed, text in texts.items())
    assert found >= 0.9 * len(texts)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.floats(0, 0.6))
def test_who_is_asked_first_makes_no_difference(seed: int, other: int, share: float) -> None:
    one, two = prose(seed % 7, 2), edited(prose(other % 7, 2), share, seed)
    a, b = (text_of(article(body)) for body in (one, two))
    assert alike(a, b) is alike(b, a)
    assert alike(a, a)


def test_texts_of_others_are_no_copies() -> None:
    assert grouped([prose(seed) for seed in range(30)]) == list(range(30))


def test_a_form_letter_by_ten_senators_about_ten_grants_is_ten_texts() -> None:
    letters = [LETTER.format(senator=who, town=town, amount=sum_, use=use) for who, town, sum_, use in GRANTS]
    assert grouped(letters) == list(range(10))


def test_a_letter_that_ten_senators_sign_is_one_text() -> None:
    letter = LETTER.format(senator="Mary Hollis", town="Danby", amount="91,297", use="two pumps")
    signed = [f"{letter}\n\nContact: {who}, 202 224 {number}" for number, (who, *_) in enumerate(GRANTS, 4500)]
    assert grouped(signed) == [0] * 10


def test_the_price_tables_of_a_year_are_texts_of_their_own() -> None:
    crops = [
        "Barley",
        "Maize",
        "Oats",
        "Rapeseed",
        "Rye",
        "Soybeans",
        "Sunflower",
        "Triticale",
        "Wheat",
        "Potatoes",
    ]
    intro = (
        "Prices at the exchange of Farrow at noon, in crowns for a hundredweight, as reported by the dealers there."
    )
    dice = random.Random(3)
    tables = [
        "\n\n".join(
            [intro, *(f"{crop} {dice.randrange(900, 9000) / 10} {dice.randrange(-40, 40) / 10}" for crop in crops)]
        )
        for _ in range(60)
    ]
    assert grouped(tables) == list(range(60))
    assert grouped([tables[0], tables[0]]) == [0, 0]


def test_a_corrected_version_under_the_same_address_is_a_copy() -> None:
    first = LETTER.format(senator="Mary Hollis", town="Danby", amount="91,297", use="two pumps")
    second = LETTER.format(senator="Mary Hollis", town="Derby", amount="19,297", use="ten pumps")
    address = "https://example.org/news/danby"
    assert not same(first, second)
    assert grouped([article(first, address), article(second, address)]) == [0, 0]
    assert grouped([article(prose(1), address), article(prose(2), address)]) == [0, 1], "a page that always changes"


def test_one_fact_that_was_corrected_makes_no_other_text() -> None:
    assert same(STORY, STORY.replace("Eleven ships", "Twelve ships").replace("Ida Brandt", "Ida Brand"))
    assert same(STORY, STORY.replace("Farrow", "Harrow"))


def test_how_a_number_or_a_name_is_written_makes_no_other_fact() -> None:
    letter = LETTER.format(senator="Mary Hollis", town="Danby", amount="1,291,297", use="2,500 hoses, 1.5 tons")
    spelled = (
        letter.replace("1,291,297", "1 291 297")
        .replace("2,500", "2500")
        .replace("1.5", "1 5")
        .replace("Danby", "Danby's")
    )
    assert same(letter, spelled.upper())


def test_an_article_that_quotes_another_is_a_copy_only_if_most_of_it_is_the_other() -> None:
    story, quoting = prose("quoted", 6), prose("quoting", 13)
    half = "\n\n".join(story.split("\n\n")[:3])
    assert not same(story, f"{quoting}\n\n{half}")
    assert not same(story, f"{quoting}\n\n{story}")
    assert same(story, f"{prose('comment', 2)}\n\n{story}")


def test_short_texts_are_copies_only_if_they_are_nearly_the_same() -> None:
    item = "At least 41 people were killed when a ferry capsized on Lake Tasso, officials of the district of Morne said."
    assert same(item, item)
    assert same(item, item.replace("officials of the district", "officials from the district"))
    assert not same(item, item.replace("41", "67"))
    assert not same(item, "At least 41 people were killed when a bus left the road near Lake Tasso, police said.")


def test_scripts_without_spaces_are_compared_too() -> None:
    dice = random.Random(8)
    story = "".join(chr(dice.randrange(0x4E00, 0x5E00)) for _ in range(300))
    other = "".join(chr(dice.randrange(0x4E00, 0x5E00)) for _ in range(300))
    changed = "".join(
        chr(dice.randrange(0x4E00, 0x5E00)) if at % 20 == 0 else letter for at, letter in enumerate(story)
    )
    assert same(story, changed)
    assert same(story, f"新华社。{story[:180]}")
    assert not same(story, other)


def test_texts_without_words_have_no_signature_and_a_text_without_a_body_is_its_title() -> None:
    assert [signature(article(body, title="")) for body in ("", "***", "a b c")] == [b"", b"", b""]
    assert len(signature(article(STORY))) == 4 * SIGNS
    assert signature(article("", title=STORY)) == signature(article(STORY))
    assert grouped(["", "", "***", STORY, ""]) == [0, 1, 2, 3, 4]
    assert groups(signs([]), _never).tolist() == []
    assert list(candidates(signs([]))) == []
    words = " ".join(WORDS[: FEWEST + 1])
    assert signature(article(words))
    assert not signature(article(words.rpartition(" ")[0]))


def _never(at: int) -> Text:
    raise AssertionError(at)


class Counted(list[Text]):
    """The texts of articles, and which of them were asked for."""

    def __init__(self, articles: Sequence[Article]) -> None:
        super().__init__(map(text_of, articles))
        self.asked: list[int] = []

    def __getitem__(self, at: int) -> Text:  # type: ignore[override]
        self.asked.append(at)
        return super().__getitem__(at)


def test_texts_that_memory_has_no_room_for_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = [LETTER.format(senator=who, town=town, amount=sum_, use=use) for who, town, sum_, use in GRANTS]
    articles = [article(text, url) for text in letters for url in (None, f"https://a.example/{text[:40]}\ud800")]
    signatures, expected = signs(map(signature, articles)), grouped(articles)
    assert 1 < len(set(expected)) < len(articles)
    texts = Counted(articles)
    monkeypatch.setattr(grouping, "SHELF", 100)
    assert groups(signatures, texts.__getitem__).tolist() == expected
    assert sorted(texts.asked) == list(range(len(articles)))


@given(st.integers(0, 60), st.sampled_from([None, "https://a.example/", "\ud800"]))
def test_a_text_is_what_it_was_when_it_is_unpacked(number: int, url: str | None) -> None:
    before = text_of(replace(archive([number])[0], url=url))
    after = Text.unpacked(before.packed())
    assert (after.words, after.url) == (before.words, url)
    assert (after.shingles.tolist(), after.kinds.tolist()) == (before.shingles.tolist(), before.kinds.tolist())


def test_a_thousand_letters_that_are_nearly_the_same_are_not_compared_each_with_each() -> None:
    letters = [article(edited(STORY, 0.02, seed)) for seed in range(1000)]
    texts = Counted(letters)
    signatures = signs(map(signature, letters))
    assert groups(signatures, texts.__getitem__).tolist() == [0] * 1000
    assert len(texts.asked) <= 1000


def archive(numbers: Sequence[int]) -> list[Article]:
    """Versions of a few texts, and of a few form letters."""
    made = []
    for number in numbers:
        who, town, amount, use = GRANTS[number % 10]
        letter = LETTER.format(senator=who, town=town, amount=amount, use=use)
        made.append(
            article(edited(letter if number % 3 == 0 else prose(number % 4, 3), 0.05 * (number % 5), number))
        )
    return made


def partition(numbers: Sequence[int]) -> set[frozenset[int]]:
    held: dict[int, set[int]] = {}
    for at, number in enumerate(numbers):
        held.setdefault(number, set()).add(at)
    return set(map(frozenset, held.values()))


@given(st.lists(st.integers(0, 60), max_size=25), st.randoms(use_true_random=False))
def test_the_order_of_the_articles_makes_no_difference(numbers: list[int], dice: random.Random) -> None:
    articles = archive(numbers)
    before = partition(grouped(articles))
    order = list(range(len(articles)))
    dice.shuffle(order)
    after = partition(grouped([articles[at] for at in order]))
    assert {frozenset(order[at] for at in group) for group in after} == before


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["stays", "comes", "leaves"])), max_size=25))
def test_an_update_gives_what_a_full_build_gives(drawn: list[tuple[int, str]]) -> None:
    articles = archive([number for number, _ in drawn])
    before = [at for at, (_, fate) in enumerate(drawn) if fate != "comes"]
    old = grouped([articles[at] for at in before])
    broken = {old[at] for at, number in enumerate(before) if drawn[number][1] == "leaves"}

    now = [at for at, (_, fate) in enumerate(drawn) if fate != "leaves"]
    place = {number: at for at, number in enumerate(now)}
    kept = {number: old[at] for at, number in enumerate(before) if number in place and old[at] not in broken}
    changed = np.array([number not in kept for number in now], np.bool_)
    joined = [(place[before[group]], place[number]) for number, group in kept.items()]
    signatures = signs(signature(articles[number]) for number in now)
    updated = groups(signatures, lambda at: text_of(articles[now[at]]), changed, joined)
    assert updated.tolist() == grouped([articles[number] for number in now])


@given(st.lists(st.integers(0, 60), max_size=20), st.data())
def test_every_pair_of_which_one_has_changed_is_given_once(numbers: list[int], data: st.DataObject) -> None:
    signatures = signs(map(signature, archive(numbers)))
    flags = data.draw(st.lists(st.booleans(), min_size=len(numbers), max_size=len(numbers)))
    every = list(candidates(signatures))
    assert len(every) == len(set(every))
    assert all(one < other for one, other in every)
    some = list(candidates(signatures, np.array(flags, np.bool_)))
    assert sorted(some) == sorted(pair for pair in every if flags[pair[0]] or flags[pair[1]])
    kept = near(signatures, np.array(flags, np.bool_))
    assert all(kept[at] for at in chain(np.flatnonzero(flags).tolist(), *some))


def test_what_has_little_in_common_with_what_came_is_left_out() -> None:
    signatures = signs([*(signature(article(prose(number))) for number in range(50)), b""])
    assert near(signatures, np.arange(51) == 7).tolist() == [at == 7 for at in range(51)]
    assert not near(signatures, np.zeros(51, np.bool_)).any()
    assert near(signs([b"", b""]), np.array([True, False])).tolist() == [True, False]


@pytest.mark.parametrize("word", ["wort", "一", "7", "Name"])
def test_a_text_of_a_million_words_is_bounded(word: str) -> None:
    text = text_of(article(f"{word} {STORY} " * 5000))
    assert len(text.words) <= 50_000
    assert alike(text, text)
