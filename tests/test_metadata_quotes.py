"""Is what was said found, and who said it?"""

from __future__ import annotations

import pytest

from searcher.metadata import names, quotes, transcripts
from searcher.model import Quote


def quoted(body: str) -> list[tuple[str, str | None]]:
    found = quotes.find(body, names.find(body, "").mentions)
    return [(quote.text, quote.speaker) for quote in found]


@pytest.mark.parametrize(
    "text",
    [
        'He saw "ice on water" there.',
        "He saw “ice on water” there.",
        "Er sah „ice on water“ dort.",
        "Il a vu « ice on water » ici.",
        "Er sah »ice on water« dort.",
        "他看到「ice on water」。",
    ],
)
def test_quotation_marks_of_every_style_are_known(text: str) -> None:
    assert [words for words, _ in quoted(text)] == ["ice on water"]


def test_a_single_word_in_marks_is_no_quotation() -> None:
    assert quoted('The "ice" was thin, a so-called “boat” sank.') == []


def test_a_quotation_that_goes_on_in_the_next_paragraph_ends_with_its_own() -> None:
    assert quoted("“The ice is thin,\n\n“and the boat is old.”") == [
        ("The ice is thin,", None),
        ("and the boat is old.", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“The ice is thin,” said Mayor Jane Doe.",
        "“The ice is thin,” Mayor Jane Doe said.",
        "“The ice is thin,” said the town's mayor Jane Doe. “It is,” he thought.",
        "Mayor Jane Doe said: “The ice is thin.”",
        "Mayor Jane Doe, a sailor, said the “ice is thin” there.",
        "Mayor Jane Doe was quoted as saying “the ice is thin”.",
        "„Das Eis ist dünn“, sagte Bürgermeisterin Jane Doe.",
        "« La glace est mince », a déclaré la présidente Jane Doe.",
        "«El hielo es fino», dijo la alcaldesa Jane Doe.",
    ],
)
def test_the_speaker_stands_beside_a_verb_of_speech(text: str) -> None:
    assert quoted(text)[0][1] == "Jane Doe"


def test_a_pronoun_means_who_spoke_last() -> None:
    text = "Mayor Jane Doe said the boat was old.\n\nShe said that “the ice is thin” there."
    assert quoted(text) == [("the ice is thin", "Jane Doe")]


@pytest.mark.parametrize(
    "text",
    [
        "Mayor Jane Doe came. The town's envoy said “the ice is thin”.",
        "“The ice is thin,” an envoy told reporters on Mayor Jane Doe's boat.",
        "“The ice is thin,” it says on a sign that Mayor Jane Doe has seen.",
    ],
)
def test_somebody_else_who_is_near_is_not_the_speaker(text: str) -> None:
    assert quoted(text)[0][1] is None


def test_who_speaks_of_another_is_the_speaker() -> None:
    text = "Envoy John Roe said Mayor Jane Doe's boat was “made of thin ice”."
    assert quoted(text) == [("made of thin ice", "John Roe")]


TRANSCRIPT = (
    "They met at noon.\n\nPresident of France Jane Doe: Mr Mayor, welcome.\n\nIt is cold today.\n\n"
    "Mayor John Roe: Thank you.\n\nJane Doe: Let us begin."
)


def test_a_transcript_has_turns_of_several_paragraphs() -> None:
    found = [(turn.speaker, TRANSCRIPT[turn.start : turn.end]) for turn in transcripts.turns(TRANSCRIPT)]
    assert found == [
        ("Jane Doe", "Mr Mayor, welcome.\n\nIt is cold today."),
        ("John Roe", "Thank you."),
        ("Jane Doe", "Let us begin."),
    ]


def test_speakers_in_capitals_get_their_full_names_and_questions_get_none() -> None:
    body = "MS. DOE: Good morning.\n\nQUESTION: Is the ice thin?\n\nMS. DOE: It is.\n\nSECRETARY ROE: It is not."
    found = transcripts.quotes(body, transcripts.turns(body), {"doe": "Jane Doe"})
    assert [quote.speaker for quote in found] == ["Jane Doe", None, "Jane Doe", "Roe"]
    assert found[0] == Quote("Good morning.", "Jane Doe", 9, 22)


@pytest.mark.parametrize(
    "text",
    [
        "Price: three euros.\n\nColour: blue.\n\nPrice: four euros.\n\nWeight: a pound.",
        "NOTE: The ice is thin.\n\nHOME: It is warm.\n\nFAX: It is gone.",
        "Mayor Jane Doe: The ice is thin.\n\nNobody else spoke, and that was all that was said on the day.",
        "Jane Doe said: It is cold.\n\nJohn Roe said: It is not.\n\nJane Doe said: It is.",
    ],
)
def test_a_list_with_colons_is_no_transcript(text: str) -> None:
    assert transcripts.turns(text) == ()
