"""Are people, places and organisations found, told apart, and called by their full names?"""

from __future__ import annotations

import sys
from itertools import pairwise, product
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import metadata
from searcher.errors import SettingsError
from searcher.metadata import casing, learned, quotes, tagging, transcripts
from searcher.metadata.names import MOST, find
from searcher.metadata.places import gazetteer
from searcher.metadata.tokens import WIDE_GAPS, WIDE_INNER, runs, tokens
from searcher.model import Block, Page, Provenance
from searcher.settings import Settings, parse


def named(text: str, title: str = "") -> set[tuple[str, str]]:
    return {(name.kind, name.name) for name in find(text, title).mentions}


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("US Secretary of State Jane Doe flew home.", "Jane Doe"),
        ("President of France Jean Dupont flew home.", "Jean Dupont"),
        ("Minister of Defence John Roe flew home.", "John Roe"),
        ("The Kremlin's spokesman Yamada Taro flew home.", "Yamada Taro"),
        ("Mrs Bloggs flew home.", "Bloggs"),
        ("Bundeskanzlerin Erika Mustermann flog nach Hause.", "Erika Mustermann"),
        ("Le président Jean-Claude Dupont est rentré.", "Jean-Claude Dupont"),
        ("El presidente Juan Pérez volvió a casa.", "Juan Pérez"),
        ("Президент России Иван Иванов улетел домой.", "Иван Иванов"),
        ("وصل وزير الخارجية محمد علي إلى المدينة", "محمد علي"),
        ("国家主席张三在北京表示欢迎。", "张三"),
        ("The boat was built by John Roe and his sons.", "John Roe"),
        ("Foreign Minister Wang Yi flew home.", "Wang Yi"),
        ("They met Jane al-Doe in the morning.", "Jane al-Doe"),
        ("SECRETARY BLOGGS: I flew home.", "Bloggs"),
    ],
)
def test_a_person_is_told_by_a_title_or_a_given_name(text: str, person: str) -> None:
    assert ("person", person) in named(text)


def test_a_surname_means_the_person_who_bears_it() -> None:
    found = find("US President Jane Doe flew to Sochi. Mrs Doe said no, and Doe’s aides said so too.", "")
    people = [(name.name, name.text) for name in found.mentions if name.kind == "person"]
    assert people == [("Jane Doe", "Jane Doe"), ("Jane Doe", "Mrs Doe"), ("Jane Doe", "Doe")]
    assert found.people == ("Jane Doe",)


def test_a_surname_that_two_persons_bear_means_neither() -> None:
    found = find("President Jane Doe met Minister John Doe. Later Doe flew home.", "")
    assert [name.text for name in found.mentions if name.kind == "person"] == ["Jane Doe", "John Doe"]


def test_a_middle_initial_makes_no_other_person() -> None:
    assert find("Senator Jane Q. Doe spoke. Senator Jane Doe left.", "").people == ("Jane Doe",)


def test_the_endings_of_russian_make_no_other_person() -> None:
    found = find("Президент Иван Иванов прибыл. С Иваном Ивановым говорили. Иванова проводили.", "")
    assert found.people == ("Иван Иванов",)
    assert len([name for name in found.mentions if name.kind == "person"]) == 3


@pytest.mark.parametrize(
    "text",
    [
        "President Tuesday was the name of the boat.",
        "Mr President, thank you for coming.",
        "In Paris the Monday Market opened at noon.",
        "The student Union met the farmer Association.",
        "The Head Start programme and Lake Victoria Avenue are closed.",
        "Yesterday New York City was cold, and South Korea was not.",
    ],
)
def test_what_only_looks_like_a_person_is_none(text: str) -> None:
    assert not any(kind == "person" for kind, _ in named(text))


def test_a_headline_in_capitals_makes_no_persons() -> None:
    assert find("The vote comes on Friday.", "Grant Amendment Passes After Long Debate").people == ()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("They flew to Moscow.", "Moscow"),
        ("SOCHI, Russia - They came.", "Sochi"),
        ("Sie flogen nach Moskau.", "Moscow"),
        ("Die Häfen Russlands sind frei.", "Russia"),
        ("Ils sont allés en Allemagne.", "Germany"),
        ("La visite de l'Espagne est finie.", "Spain"),
        ("Viajaron a los Estados Unidos.", "United States"),
        ("Они прилетели в Москву.", "Moscow"),
        ("وصلوا إلى روسيا", "Russia"),
        ("他们抵达莫斯科访问。", "Moscow"),
        ("The Democratic Republic of the Congo has a port.", "Democratic Republic of the Congo"),
        ("US-backed forces came.", "United States"),
        ("They left Georgia for home in Georgia", "Georgia"),
    ],
)
def test_a_place_has_its_english_name_in_every_language(text: str, place: str) -> None:
    assert ("place", place) in named(text)


@pytest.mark.parametrize(
    "text", ["Reading is fun.", "It is Nice to be here.", "The Orange boat left.", "A Mobile crane."]
)
def test_a_word_that_is_also_a_town_is_none_without_a_preposition(text: str) -> None:
    assert not any(kind == "place" for kind, _ in named(text))


def test_a_person_called_like_a_town_is_no_place() -> None:
    assert named("Senator Abraham Lincoln spoke, and Lincoln left.") == {("person", "Abraham Lincoln")}


@pytest.mark.parametrize(
    ("text", "org"),
    [
        ("They met at the UN.", "United Nations"),
        ("Die Vereinten Nationen tagten.", "United Nations"),
        ("В НАТО это знают.", "NATO"),
        ("联合国对此表示欢迎。", "United Nations"),
        ("The State Department said no.", "US State Department"),
        ("The Harbour Transport Authority said no.", "Harbour Transport Authority"),
        ("The Ministry of Foreign Affairs said no.", "Ministry of Foreign Affairs"),
        ("Jane Doe of the Harbour University said no.", "Harbour University"),
        ("Harbour Shipping Inc said no.", "Harbour Shipping Inc"),
    ],
)
def test_an_organisation_is_known_or_named_like_one(text: str, org: str) -> None:
    assert ("org", org) in named(text)


def test_an_acronym_in_brackets_means_the_name_before_it() -> None:
    found = find("The Harbour Safety Council (HSC) met. Later HSC said no.", "")
    assert [(name.name, name.text) for name in found.mentions] == [
        ("Harbour Safety Council", "Harbour Safety Council"),
        ("Harbour Safety Council", "HSC"),
        ("Harbour Safety Council", "HSC"),
    ]


def test_what_the_headline_names_comes_first() -> None:
    body = "It rained in France, in France and in Spain." * 1
    assert find(f"It rained. {body}", "Storm over Spain").places == ("Spain", "France")


def test_the_gazetteer_knows_which_moscow_is_meant() -> None:
    place = gazetteer().find("Moscow")
    assert place is not None
    assert place.sure
    assert gazetteer().in_dateline("Davos") == "Davos"


ENGLISH = " It was said in the town that the boats of the harbour were at sea and that the rain had come."
"""Sentences that show a text's language, and name nothing."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Whether the European Union will act is not known.", {("org", "European Union")}),
        ("The Smith Gallery is closed.", {("org", "Smith Gallery")}),
        ("SOCCER - BRAZIL BEAT PERU IN LIMA.\nMore of it tomorrow.", {("place", "Brazil"), ("place", "Peru"), ("place", "Lima")}),
        ("He left for County Kerry on the night boat.", {("place", "County Kerry")}),
        ("Researchers at Harbour University, Jane Doe and Max Mustermann, flew to Lima.",
         {("org", "Harbour University"), ("person", "Jane Doe"), ("person", "Max Mustermann"), ("place", "Lima")}),
        ("Reading is fun, and so is the sea.", set()),
        ("The German flag was red.", set()),
        ("They wrote to Mr Prime Minister John Doe.", {("person", "John Doe")}),
    ],
)  # fmt: skip
def test_an_english_text_is_read_by_its_model(text: str, expected: set[tuple[str, str]]) -> None:
    assert named(text + ENGLISH) == expected


def test_a_surname_of_another_spelling_or_of_a_county_is_another_name() -> None:
    text = "John Kerry spoke. Bob Kerrey flew to County Kerry, but Mr Kerry and Secretary Kerry did not." + ENGLISH
    assert [(name.text, name.name) for name in find(text, "").mentions] == [
        ("John Kerry", "John Kerry"), ("Bob Kerrey", "Bob Kerrey"), ("County Kerry", "County Kerry"),
        ("Mr Kerry", "John Kerry"), ("Kerry", "John Kerry"),
    ]  # fmt: skip


def test_a_company_named_after_a_person_keeps_its_name_when_it_is_called_short() -> None:
    found = find(
        "Ford Motor Co said it would close the plant. Ford was sorry, said the head of Ford." + ENGLISH, ""
    )
    assert found.orgs == ("Ford Motor Co",)
    assert found.people == ()
    assert len(found.mentions) == 3


def test_an_acronym_that_an_article_gives_two_readings_means_neither() -> None:
    text = (
        "The International Cricket Council (ICC) and the International Criminal Court (ICC) met. The ICC said no."
    )
    found = find(text + ENGLISH, "")
    assert [name.name for name in found.mentions if name.text == "ICC"] == ["ICC"] * 3


def test_an_acronym_means_what_the_article_says_even_if_the_world_says_otherwise() -> None:
    found = find("The International Cricket Council (ICC) met. The ICC said no to the plan." + ENGLISH, "")
    assert found.orgs == ("International Cricket Council",)


def test_a_surname_that_two_persons_bear_stays_open_and_counts_for_neither() -> None:
    found = find("Tony Blair and Cherie Blair flew to the sea. Then Mrs Blair spoke of the boats." + ENGLISH, "")
    assert found.people == ("Tony Blair", "Cherie Blair")
    assert [name.text for name in found.mentions] == ["Tony Blair", "Cherie Blair", "Mrs Blair"]


def test_an_article_is_about_its_headline_its_dateline_and_what_it_names_again() -> None:
    body = (
        "LIMA, Peru (AP) - The rain has come. In Spain it rained. In Brazil and in Brazil and in Brazil it did not."
    )
    found = find(body + ENGLISH, "Chile waits for the rain")
    assert set(found.salient) >= {"Lima", "Brazil", "Chile"}
    assert "Spain" not in found.salient
    assert set(found.salient) <= {*found.people, *found.places, *found.orgs}


def test_an_article_carries_what_it_is_about() -> None:
    blocks = (
        Block("Storm over Spain", "heading", 1),
        Block("Rain fell in Spain, and the boats of the harbour stayed at home."),
    )
    article = metadata.describe(Page(Provenance("a.txt"), "plain", blocks), [None, None], metadata.Context())
    assert article.salient == ("Spain",)


@pytest.mark.parametrize(
    "text",
    [
        "word " * 1_000_000,
        "".join(f"Jane Doe{chr(97 + number % 26)}{chr(97 + number // 26 % 26)} of Lima.\n" for number in range(10_000)),
        "Jane Doe " * 100_000,
        "A " * 300_000,
        "JANE DOE OF LIMA\n" * 20_000,
    ],
    ids=["words", "a name on every line", "one run", "letters", "capitals"],
)  # fmt: skip
def test_an_endless_article_has_a_bounded_number_of_mentions(text: str) -> None:
    assert len(find(text, "", language="en").mentions) <= MOST


def test_the_model_forgets_when_it_has_seen_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "REMEMBERED", 100)
    text = "Jane Doe flew to Lima, and Max Mustermann of the Harbour University to Rome." + ENGLISH
    first = find(text, "")
    assert all(find(text + f" Doe{chr(97 + number)}." * number, "").people for number in range(20))
    assert find(text, "") == first


@given(st.lists(st.integers(1, 3), min_size=1, max_size=6), st.integers(0, 10_000))
def test_the_best_labels_of_a_run_are_the_best_of_all(sizes: list[int], seed: int) -> None:
    model = learned.model("en")
    scores = np.random.default_rng(seed).normal(0, 3, (sum(sizes), len(learned.LABELS))).astype(np.float32)
    starts = [sum(sizes[:index]) for index in range(len(sizes))]
    spans = [(start, start + size) for start, size in zip(starts, sizes, strict=True)]
    labels = list(model.labels(scores, spans))
    for start, after in spans:
        paths = product(range(len(learned.LABELS)), repeat=after - start)
        best = max(_worth(model, scores[start:after], path) for path in paths)
        assert _worth(model, scores[start:after], tuple(labels[start:after])) == pytest.approx(best, abs=1e-3)


def _worth(model: learned.Model, scores: learned.Rows, path: tuple[int, ...]) -> float:
    """What a path of labels is worth; the inside of a name does not stand first."""
    first = -1e4 if path[0] and path[0] % 2 == 0 else 0.0
    moves = sum(float(model.moves[one, other]) for one, other in pairwise(path))
    return first + moves + sum(float(row[label]) for row, label in zip(scores, path, strict=True))


def test_a_line_in_capitals_is_read_as_a_sentence() -> None:
    text = "MCDONALD WINS IN LIMA\nThe rest of it is small."
    shown, flat = casing.recased(text, tokens(text), 0)
    assert [token.text for token in shown[:4]] == ["McDonald", "wins", "in", "Lima"]
    assert flat == {0, 1, 2, 3}


def test_a_run_goes_on_over_an_ampersand_and_a_possessive() -> None:
    found = tokens("They sold Marks & Spencer and the People's Daily.")
    spans = [[found[index].text for index in range(*span)] for span in runs(found, WIDE_GAPS, WIDE_INNER)]
    assert spans == [["They"], ["Marks", "Spencer", "and", "the", "People", "Daily"]]


class _Pipeline:
    """What a spaCy pipeline looks like to us: it marks "Doe" as a person, "Oz" as a place, "Doe Inc" as neither."""

    def __call__(self, text: str) -> Any:
        kinds = {"Jane Doe": "PERSON", "Oz": "GPE", "Dutch": "NORP", "Harbour Board": "ORG"}
        found = [(text.find(name), name, kind) for name, kind in kinds.items() if name in text]
        ents = [SimpleNamespace(start_char=at, end_char=at + len(name), label_=kind) for at, name, kind in found]
        return SimpleNamespace(ents=ents)


@pytest.fixture
def spacy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for spaCy, which is too large to install for this."""

    def load(name: str) -> _Pipeline:
        if name != "test":
            raise OSError(f"[E050] Can't find model '{name}'")
        return _Pipeline()

    module = ModuleType("spacy")
    module.load = load  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spacy", module)
    tagging._pipeline.cache_clear()


@pytest.mark.usefixtures("spacy")
def test_a_spacy_pipeline_says_what_is_a_name_where_it_is_asked_to() -> None:
    found = find("A Dutch boat took Jane Doe to Oz for the Harbour Board. Doe slept.", "", by="spacy:test")
    assert (found.people, found.places, found.orgs) == (("Jane Doe",), ("Oz",), ("Harbour Board",))


@pytest.mark.usefixtures("spacy")
def test_a_page_is_described_with_the_pipeline_of_the_settings() -> None:
    page = Page(Provenance("a.txt"), "plain", (Block("Jane Doe flew to Oz."),))
    context = metadata.Context(Settings(names="spacy:test"))
    assert metadata.describe(page, [None], context).places == ("Oz",)


@pytest.mark.usefixtures("spacy")
def test_a_pipeline_that_is_missing_is_an_error_with_a_hint() -> None:
    with pytest.raises(SettingsError) as raised:
        metadata.ready("spacy:nowhere")
    assert raised.value.message == "the spaCy pipeline cannot be used: nowhere"
    assert "pip install 'searcher[spacy]'" in (raised.value.hint or "")


def test_without_spacy_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    tagging._pipeline.cache_clear()
    with pytest.raises(SettingsError):
        metadata.ready("spacy:test")
    metadata.ready("own")


@pytest.mark.parametrize("value", ["spacy", "spacy:", "stanza:en", ""])
def test_an_unknown_way_to_find_names_is_an_error(value: str) -> None:
    with pytest.raises(SettingsError, match="unknown names"):
        parse({"names": value})


pieces = st.sampled_from(
    ["Mr ", "Jane", " ", " Doe", "President of ", "Moscow", "’s", ". ", "“", "” ", "said ", "UN", " (ICC)", "\n\n", "Иван ",
     "Иванов", "总统张三", "，", "موسكو ", "الرئيس ", "al-", "O'", "-", ": ", "“x", " y”", "SECRETARY DOE", "«", "»", "II", "Jr. ",
     "Sen. ", "Majority Leader ", "Prime Minister ", " as "]
)  # fmt: skip


@given(st.lists(pieces, max_size=30).map("".join), st.lists(pieces, max_size=5).map("".join), st.booleans())
def test_every_mention_and_quotation_points_at_its_text(body: str, title: str, english: bool) -> None:
    body += ENGLISH if english else ""
    found = find(body, title)
    assert all(body[name.start : name.end] == name.text for name in found.mentions)
    assert all(one.end <= other.start for one, other in zip(found.mentions, found.mentions[1:], strict=False))
    for quote in quotes.find(body, found.mentions):
        assert body[quote.start : quote.end] == quote.text
    for turn in transcripts.turns(body):
        assert 0 <= turn.start <= turn.end <= len(body)
