"""Is what was said found, and who said it?"""

from __future__ import annotations

import re

import pytest

from searcher.metadata import names, quotes, transcripts
from searcher.model import Name, Quote


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


def test_words_in_marks_are_found_though_nobody_says_them() -> None:
    text = (
        "Mayor Jane Doe said the “ice” was thin, and a so-called ‘boat’ sank; she read “Ice on the Lake” at home."
    )
    assert quoted(text) == [("ice", None), ("boat", None), ("Ice on the Lake", None)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("‘The ice is thin,’ she said. ‘It’s the dogs’ fault.’", ["The ice is thin,", "It’s the dogs’ fault."]),
        ("'The ice is thin,' she said. 'It's the dogs' fault.'", ["The ice is thin,", "It's the dogs' fault."]),
        ("``The ice is thin,'' she said; `it is'.", ["The ice is thin,", "it is"]),
        ("Hon sa ”isen är tunn” igår.", ["isen är tunn"]),
        ("Il l'a dit : ‹ la glace › et «la mer».", ["la glace", "la mer"]),
        ("„Er sagte: ‚Ja.‘ Dann ging er“, so heißt es.", ["Er sagte: ‚Ja.‘ Dann ging er"]),
        ("«Он сказал: „Лёд тонкий“», — так пишут.", ["Он сказал: „Лёд тонкий“"]),
        ("“She told me, ‘I “will” rest,’ and left.”", ["She told me, ‘I “will” rest,’ and left."]),
        ("他说：“我们很好。”她说『不好』。", ["我们很好。", "不好"]),
        ('It began "in ice.” Then it "went on".', ["in ice.", "went on"]),
        ("“We […] will,” she said, “[Doe] has … gone”", ["We […] will,", "[Doe] has … gone"]),
    ],
)
def test_marks_of_all_styles_nested_and_mixed_hold_what_is_between_them(text: str, found: list[str]) -> None:
    assert [words for words, _ in quoted(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "It's the dogs' own rock 'n' roll of the '90s, isn't it? 'Twas so, get 'em.",
        'The pipes are 6\'2" long and 5" wide.',
        'He said " and no more.',
    ],
)
def test_apostrophes_and_inches_open_nothing(text: str) -> None:
    assert quoted(text) == []


def test_a_mark_that_is_forgotten_ends_with_its_sentence_if_another_quotation_follows() -> None:
    text = "“The ice is thin, said somebody. It was old. “The boat is, too.” So it was."
    assert [words for words, _ in quoted(text)] == ["The ice is thin, said somebody.", "The boat is, too."]


def test_a_quotation_without_new_marks_in_its_next_paragraph_goes_on_to_where_it_closes() -> None:
    text = "Mayor Jane Doe said: “The ice is thin.\n\nThe boat is old.” Then she left."
    assert quoted(text) == [("The ice is thin.", "Jane Doe"), ("The boat is old.", "Jane Doe")]


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


DOE, ROE = "Jane Doe", "John Roe"
SAID: list[tuple[str, list[str | None]]] = [
    ("“The ice is thin,” said Doe, who had seen it. “It will melt.”", [DOE, DOE]),
    (
        "“The ice is thin,” said Doe. She left for the harbour at noon. The boat is old. “It will melt soon.”",
        [DOE, None],
    ),
    ("Doe said: “The ice is thin.” “It will melt.”", [DOE, DOE]),
    ("Doe: “The ice is thin.”", [DOE]),
    ("According to Doe, “the ice is thin”.", [DOE]),
    ("“The ice is thin,” according to Jane Doe, the mayor.", [DOE]),
    ("“The ice is thin,” Jane Doe, the envoy of John Roe, told reporters.", [DOE]),
    ("“The ice is thin,” a spokesman for Jane Doe said.", [None]),
    ("A spokesman for Jane Doe said “the ice is thin”.", [None]),
    ("“The ice is thin,” Doe's lawyer said.", [None]),
    ("Foreign minister Jane Doe came to Sochi.\n\n“The ice is thin,” said the minister.", [DOE]),
    ("Foreign minister Jane Doe met trade minister John Roe.\n\n“The ice is thin,” said the minister.", [None]),
    (
        "Foreign minister Jane Doe met trade minister John Roe.\n\n“The ice is thin,” the foreign minister said.",
        [DOE],
    ),
    ("“The ice is thin,” said the minister.\n\nMinister Jane Doe came later.", [None]),
    ("Jane Doe came to Sochi. “The ice is thin,” she said.", [DOE]),
    ("„Das Eis ist dünn“, so Doe.", [DOE]),
    ("„Das Eis ist dünn“, so Doe am Montag in Sochi.", [DOE]),
    ("Laut Doe ist das Eis „sehr viel dünner“ als sonst.", [DOE]),
    ("« La glace est mince », selon Jane Doe.", [DOE]),
    ("Jane Doe est venue à Sochi. « La glace est mince », dit-elle.", [DOE]),
    ("«La glace est mince», a-t-elle ajouté.", [None]),
    ("«El hielo es fino», ha dicho Jane Doe.", [DOE]),
    ("«Il ghiaccio è sottile», ha detto il sindaco Jane Doe.", [DOE]),
    ("“O gelo é fino”, afirmou Jane Doe.", [DOE]),
    ("“Het ijs is dun”, zei Jane Doe.", [DOE]),
    ("“Het ijs is dun”, aldus Doe.", [DOE]),
    ("«Лёд очень тонкий», — сказал Roe.", [ROE]),
    ("По словам Roe, «лёд очень тонкий».", [ROE]),
    ("Doe said the ice was “very thin today” and the boat “old and leaking”.", [DOE, DOE]),
    ("Doe said the ice was “very thin today” while Roe found it “quite strong still”.", [DOE, None]),
    ("Doe called the plan “a very bad joke”.", [DOE]),
    ("Doe wrote the book “The Long Way Home” in a year.", [None]),
    ("Doe said the so-called “moderates” had left.", [None]),
    ("“No,” said Doe.", [DOE]),
    ("“The ice is thin.” John Roe said it was cold.", [None]),
    ("“The ice is thin.” — Jane Doe", [DOE]),
    ("“The ice is thin.”\n\n— Jane Doe, mayor", [DOE]),
    ("“The ice is thin,\n\n“and the boat is old,” said Doe.", [DOE, DOE]),
    ("Doe said: “The ice is thin,\n\n“and the boat is old.”", [DOE, DOE]),
    ("Jane Doe defended the plan, saying “it works for us”.", [DOE]),
    ("“We […] will not rest,” said Doe.", [DOE]),
    ("“The ice,” said Doe, “is thin.”", [DOE, DOE]),
    ("The Harbour Board said: “The ice is thin.”", ["Harbour Board"]),
    ("“The ice is thin,” the Harbour Board said in a statement.", ["Harbour Board"]),
    ("“The ice is thin,” said Harbour Board chief Jane Doe.", [DOE]),
    ("Doe was told “the ice is thin”.", [None]),
    ("“Is the ice thin?” asked Doe.", [DOE]),
    ("“Is the ice thin?” Doe asked.", [DOE]),
    ("“The ice is thin,” said Sen. Jane Doe (D-Ohio).", [DOE]),
    ("Sen. Jane Doe (D-Ohio) said, “The ice is thin.”", [DOE]),
    ("On Monday, Doe told the Courier that the ice was “thin as paper now”.", [DOE]),
    ("The ice is “thin as paper now”, Doe said.", [DOE]),
    ("Doe said.\n\nNobody came. “The ice is thin.”", [None]),
    ("“The ice is thin,” they said.", [None]),
    ("Doe told Roe: “The ice is thin.”", [DOE]),
    ("Doe said this:\n\n“The ice is thin.”", [DOE]),
    ("Doe and Roe said: “The ice is thin.”", [None]),
    ("‘The ice is thin,’ said Doe. ‘It’s the dogs’ fault.’", [DOE, DOE]),
    ('"It is thin," Doe said Monday in Sochi.', [DOE]),
    ('"It is thin," Roe said of Doe.', [ROE]),
    ("“The ice is thin,” Doe added, “and the boat is old.” Roe replied: “It is not.”", [DOE, DOE, ROE]),
    ("Wie Doe sagte, sei das Eis „dünner als je zuvor“.", [DOE]),
    ("„Das Eis“, sagte Doe der Zeitung, „ist dünn.“", [DOE, DOE]),
    ("Jane Doe came to Sochi, and John Roe stayed. “The ice is thin,” she said.", [None]),
    ("Jane Doe spoke of Roe's boat. “The ice is thin,” she said.", [DOE]),
    ("In Sochi, Doe defended the plan, saying “it works for us”.", [DOE]),
    (
        "Doe, chairwoman of the board, released the following statement:\n\n“The ice is thin, and the boat is old.”",
        [DOE],
    ),
    ("“The ice is thin,” said Doe.\n\n“It will melt in spring, and the boat will leave the harbour.”", [DOE, DOE]),
    (
        "“Is the ice thin?” asked Doe.\n\n“It will melt in spring, and the boat will leave the harbour.”",
        [DOE, None],
    ),
    ("“Is the ice thin?” asked Doe.\n\n“It is.”", [DOE, None]),
    ("The ice is “thin as paper now”, which is rare, said Doe.", [DOE]),
    ("Mayor Jane Doe came. A spokesman for the mayor said “the ice is thin”.", [None]),
    ("Mayor Jane Doe came. On Monday the mayor said “the ice is thin”.", [DOE]),
    ("An envoy said the ice was “thin as paper now” on Doe's boat.", [None]),
]


@pytest.mark.parametrize(("text", "speakers"), SAID, ids=[text[:60] for text, _ in SAID])
def test_each_quotation_has_the_speaker_that_the_words_around_it_tell(
    text: str, speakers: list[str | None]
) -> None:
    assert [quote.speaker for quote in quotes.find(text, mentions(text))] == speakers


def mentions(text: str) -> list[Name]:
    """The mentions of two persons, an organisation and a place."""
    known = {DOE: "person", ROE: "person", "Harbour Board": "org", "Sochi": "place"}
    found = [
        Name(name, kind, match[0], *match.span())  # type: ignore[arg-type]
        for name, kind in known.items()
        for match in re.finditer(rf"(?:Mrs? )?(?:{name}|{name.split()[-1]})\b", text)
        if kind == "person" or match[0] == name
    ]
    return sorted(found, key=lambda name: name.start)


def test_a_name_that_is_no_mention_is_the_speaker_as_it_stands_there() -> None:
    assert quotes.find("“The ice is thin,” said Senator Poe.", [])[0].speaker == "Poe"
    assert quotes.find("“The ice is thin,” said officials in Oslo.", [])[0].speaker is None
    assert quotes.find("“The ice is thin,” said Monday's paper.", [])[0].speaker is None


def test_a_surname_that_was_taken_for_a_place_is_the_person_who_bears_it() -> None:
    text = "Mayor Jane Doe came. “The ice is thin,” said Doe."
    names = [Name("Jane Doe", "person", "Jane Doe", 6, 14), Name("Doe", "place", "Doe", 45, 48)]
    assert quotes.find(text, names)[0].speaker == "Jane Doe"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Mayor Jane Doe came. Laut Doe ist das Eis „sehr viel dünner“ als sonst.", "Jane Doe"),
        ("Mayor Jane Doe came. Doe, who was ill, said “the ice is thin”.", "Jane Doe"),
        ("Mayor Jane Doe came. Mary Doe, who was ill, said “the ice is thin”.", None),
        ("Mayor Jane Doe met Mary Doe. Doe said “the ice is thin”.", None),
    ],
)
def test_a_surname_that_is_no_mention_is_the_only_person_who_bears_it(text: str, speaker: str | None) -> None:
    known = [name for name in mentions(text) if name.text == "Jane Doe"]
    if "met" in text:
        known.append(Name("Mary Doe", "person", "Mary Doe", text.index("Mary"), text.index("Mary") + 8))
    assert quotes.find(text, known)[0].speaker == speaker


def test_no_more_than_so_many_quotations_are_kept() -> None:
    assert len(quotes.find("“a b c” " * 2_000, [])) == quotes.MOST


@pytest.mark.parametrize(
    "piece", ['"', "“", "‘", "''", "“‘\"'«„", '"a b c" ', "“a. ", "it's the dogs' ", "“a b c\n\n"]
)
def test_a_million_marks_are_read_in_one_pass(piece: str) -> None:
    """Steps are counted, not seconds: a pass that began again for each mark would not end."""
    assert len(quotes.find(piece * (1_000_000 // len(piece)), [])) <= quotes.MOST


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
