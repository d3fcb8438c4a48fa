"""Are people, places and organisations found, told apart, and called by their full names?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.metadata import quotes, transcripts
from searcher.metadata.names import find
from searcher.metadata.places import gazetteer


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


pieces = st.sampled_from(
    ["Mr ", "Jane", " ", " Doe", "President of ", "Moscow", "’s", ". ", "“", "” ", "said ", "UN", " (ICC)", "\n\n", "Иван ",
     "Иванов", "总统张三", "，", "موسكو ", "الرئيس ", "al-", "O'", "-", ": ", "“x", " y”", "SECRETARY DOE", "«", "»", "II", "Jr. "]
)  # fmt: skip


@given(st.lists(pieces, max_size=30).map("".join), st.lists(pieces, max_size=5).map("".join))
def test_every_mention_and_quotation_points_at_its_text(body: str, title: str) -> None:
    found = find(body, title)
    assert all(body[name.start : name.end] == name.text for name in found.mentions)
    assert all(one.end <= other.start for one, other in zip(found.mentions, found.mentions[1:], strict=False))
    for quote in quotes.find(body, found.mentions):
        assert body[quote.start : quote.end] == quote.text
    for turn in transcripts.turns(body):
        assert 0 <= turn.start <= turn.end <= len(body)
