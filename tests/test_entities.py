"""Does an archive call one entity by one name, others by others, and the same in whatever order articles came?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher import entities
from searcher.entities import Form
from searcher.model import Article, Name, NameKind, Provenance, Quote

Held = Mapping[Form, Iterable[str]]
"""An article: its forms, each with the acronyms that stand for it there."""


def person(name: str) -> Form:
    return Form("person", name)


def place(name: str) -> Form:
    return Form("place", name)


def org(name: str) -> Form:
    return Form("org", name)


class Archive:
    """What an index holds of names: for each key the forms that have it, in how many articles."""

    def __init__(self, articles: Iterable[Held] = ()) -> None:
        self.groups = defaultdict[str, Counter[Form]](Counter)
        for article in articles:
            self.add(article)

    def add(self, article: Held, times: int = 1) -> set[str]:
        """Adds an article, or takes it away; the keys that are touched."""
        rows = [(key, form) for form, aliases in article.items() for key in entities.keys(form, aliases)]
        for key, form in rows:
            self.groups[key][form] += times
        self.groups = defaultdict(Counter, {key: +held for key, held in self.groups.items() if +held})
        return {key for key, _ in rows}

    def having(self, key: str) -> Mapping[Form, int]:
        return self.groups.get(key, {})

    def keys_of(self, form: Form) -> list[str]:
        return [key for key, held in self.groups.items() if form in held]

    def affected(self, touched: set[str]) -> set[Form]:
        spelled = entities.affected(touched, self.having, self.keys_of)
        return {form for key in spelled for form in self.having(key)}

    def called(self) -> dict[Form, Form]:
        every = {form for held in self.groups.values() for form in held}
        return entities.agreed(every, self.having)


def called(counts: Mapping[Form, int], defined: Iterable[tuple[str, str]] = ()) -> dict[Form, Form]:
    """What each form is called in an archive of so many articles that have it alone, and of some more in which
    an organisation stands with its acronym."""
    articles: list[Held] = [{form: ()} for form, number in counts.items() for _ in range(number)]
    found = Archive([*articles, *({org(name): [short]} for short, name in defined)]).called()
    return {form: found.get(form, form) for form in counts}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("John F. Kerry"), person("John Kerry")), (person("Sir John Kerry"), person("John Kerry")),
        (person("Jean-Claude Juncker"), person("Jean Claude Juncker")), (person("José Núñez"), person("Jose Nunez")),
        (person("Ron MacDonald"), person("Ron McDonald")), (person("Ron O’Brien"), person("Ron O'Brien")),
        (person("Bashar al-Assad"), person("Bashar Assad")), (person("Bashar Al Assad"), person("Bashar el-Assad")),
        (person("J. K. Doe"), person("JK Doe")), (person("Ban Ki-moon"), person("Ban Ki-Moon")),
        (person("Jane Doe PhD"), person("Jane Doe")), (person("George H. W. Doe"), person("George H.W. Doe")),
        (org("Harbour Holding Inc."), org("Harbour Holding")), (org("The Harbor Co., Ltd"), org("Harbour")),
        (org("Wal-Mart"), org("Walmart")), (org("U.S. Coast Guard"), org("United States Coast Guard")),
        (org("Quay GmbH"), org("Quay")), (org("Quay & Sons S.p.A."), org("Quay and Sons")),
        (org("Defence Dept."), org("Defense Department")), (org("N.A.T.O."), org("NATO")), (place("Washington D C"), place("Washington DC")), (place("St. Louis"), place("Saint Louis")),
    ],
)  # fmt: skip
def test_spellings_of_one_name_are_one(one: Form, other: Form) -> None:
    assert set(called({one: 3, other: 2}).values()) == {one}
    assert set(called({one: 2, other: 3}).values()) == {other}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("John Kerry"), person("Bob Kerry")), (person("Bob Kerrey"), person("Bob Kerry")),
        (person("Kerry"), place("Kerry")), (person("John Kerry"), place("County Kerry")),
        (person("Al Gore"), person("Gore Vidal")), (org("Class A League"), org("Class B League")),
        (org("National Spa"), org("National Council")), (org("Channel 4 News"), org("Channel 5 News")),
        (person("Ricardo Sá"), person("Ricardo Co")), (org("U.S. Senate"), org("Senate")), (person("A. A. Doe"), person("A. B. Doe")),
        (place("Maryland"), org("Maryland Inc.")), (person("Mrs Doe"), person("Mr Doe")), (place("北京"), place("南京")), (person("Robert S."), person("Roberts")),
    ],
)  # fmt: skip
def test_other_names_stay_apart(one: Form, other: Form) -> None:
    for counts in ({one: 9, other: 1}, {one: 1, other: 9}, {one: 40, other: 2}):
        assert called(counts) == {one: one, other: other}


def test_the_name_is_what_most_articles_have_then_the_shorter_then_the_first() -> None:
    short, long = person("John Kerry"), person("John F. Kerry")
    assert set(called({short: 2, long: 2}).values()) == {short}
    assert set(called({person("Jean-Luc Doe"): 1, person("Jean Luc Doe"): 1}).values()) == {person("Jean Luc Doe")}


def test_a_headline_in_capitals_names_nobody_but_an_acronym_stays_one() -> None:
    assert set(called({org("HARBOUR COUNCIL"): 9, org("Harbour Council"): 1}).values()) == {org("Harbour Council")}
    assert set(called({org("NATO"): 9, org("Nato"): 1}).values()) == {org("NATO")}
    assert set(called({org("U N"): 9, org("UN"): 1}).values()) == {org("UN")}


def test_fathers_and_sons_are_two_until_the_name_without_is_the_rarer_one() -> None:
    son, plain = person("Dan Doe Jr."), person("Dan Doe")
    assert called({plain: 30, son: 9}) == {plain: plain, son: son}
    assert set(called({plain: 8, son: 9}).values()) == {son}
    assert set(called({person("Dan Doe Jr"): 1, son: 9}).values()) == {son}
    both = {plain: 5, son: 9, person("Dan Doe Sr."): 8}
    assert called(both) == {form: form for form in both}


def test_other_initials_are_other_persons_and_the_name_without_has_those_of_nearly_all() -> None:
    first, second, plain = person("George W. Doe"), person("George H.W. Doe"), person("George Doe")
    assert called({first: 20, second: 2, plain: 30}) == {first: plain, second: second, plain: plain}
    assert called({first: 5, second: 5, plain: 3}) == {first: first, second: second, plain: plain}


def test_the_kind_of_a_name_of_two_words_is_that_of_nearly_all_articles() -> None:
    bank, man = org("Morgan Stanley"), person("Morgan Stanley")
    assert called({bank: 8, man: 2}) == {bank: bank, man: bank}
    assert called({bank: 2, man: 8}) == {bank: man, man: man}
    assert called({bank: 7, man: 3}) == {bank: bank, man: man}
    assert called({bank: 8, person("Morgan W. Stanley"): 2})[person("Morgan W. Stanley")].kind == "org"


def test_a_name_of_one_word_keeps_its_kind_until_hardly_any_article_has_it() -> None:
    town, man = place("Washington"), person("Washington")
    assert called({town: 40, man: 1}) == {town: town, man: man}
    assert called({town: 60, man: 1}) == {town: town, man: town}


def test_an_acronym_alone_is_what_the_archive_says_it_means() -> None:
    court, short = "International Criminal Court", org("ICC")
    assert called({short: 4}, [("ICC", court)]) == {short: org(court)}
    assert called({short: 4, org("The International Criminal Court"): 9}, [("ICC", court)]) == {
        short: org("The International Criminal Court"),
        org("The International Criminal Court"): org("The International Criminal Court"),
    }
    assert called({short: 4, org("Icc"): 2}, [("ICC", court)])[org("Icc")] == org(court)
    assert called({short: 4}) == {short: short}
    assert called({short: 40}, [("ICC", court)]) == {short: short}, "one article does not speak for forty"
    assert called({person("ICC"): 4}, [("ICC", court)]) == {person("ICC"): person("ICC")}


def test_an_acronym_with_two_readings_stays_one_unless_nearly_all_have_the_same() -> None:
    court, council, short = "International Criminal Court", "International Cricket Council", org("ICC")
    assert called({short: 2}, [("ICC", court)] * 5 + [("ICC", council)] * 5) == {short: short}
    assert called({short: 2}, [("ICC", court)] * 8 + [("ICC", council)]) == {short: short}
    assert called({short: 2}, [("ICC", court)] * 9 + [("ICC", council)]) == {short: org(court)}
    misquoted = [("HSMA", "Harbour Safety Management Agency")] * 3 + [
        ("HSMA", "Harbour Safety Management Administration")
    ] * 2
    assert called({org("HSMA"): 2}, misquoted) == {org("HSMA"): org("Harbour Safety Management Agency")}


def test_a_surname_alone_is_the_one_person_who_has_it_in_nearly_all_articles() -> None:
    john, bob, alone = person("John Kerry"), person("Bob Kerry"), person("Kerry")
    assert called({john: 9, bob: 1, alone: 4})[alone] == john
    assert called({john: 8, bob: 1, alone: 4})[alone] == alone
    assert called({john: 2, alone: 4})[alone] == alone, "two articles are too few"
    assert called({john: 3, alone: 40})[alone] == alone, "or three, for forty"
    assert called({john: 9, person("John F. Kerry"): 12, alone: 4})[alone] == person("John F. Kerry")


def test_a_surname_does_not_become_a_company() -> None:
    forms = {person("Morgan Stanley"): 4, org("Morgan Stanley"): 90, person("Stanley"): 3}
    assert called(forms)[person("Stanley")] == person("Stanley")


def test_a_surname_of_somebody_is_not_the_place_of_that_name() -> None:
    forms = {person("England"): 1, place("England"): 90, person("Gordon England"): 3}
    assert called(forms)[person("England")] == person("Gordon England")
    assert called({**forms, person("Gordon England"): 2})[person("England")] == place("England")


def test_no_name_is_too_odd() -> None:
    odd = [
        Form(kind, name)
        for kind in entities.KINDS
        for name in ("", "&", "-", "The", "Inc.", "Jr", "A", "…", "😀", "Mac")
    ]
    assert set(called(dict.fromkeys(odd, 1))) == set(odd)


NAMES: dict[NameKind, list[str]] = {
    "person": [
        "John Kerry",
        "John F. Kerry",
        "John G. Kerry",
        "Kerry",
        "John Kerry Jr.",
        "Ian Court",
        "Court",
        "Wal-Mart",
        "Walmart",
        "Bob Mart",
    ],
    "place": ["Kerry", "Ian Court", "Harbour", "Walmart"],
    "org": [
        "U.N.",
        "UN",
        "ICC",
        "ICC Inc",
        "Inner City Court",
        "The Inner City Court",
        "Ian Court",
        "Iron Cricket Club",
        "Harbour",
    ],
}
forms = st.sampled_from([Form(kind, name) for kind in entities.KINDS for name in NAMES[kind]])
aliases = st.sampled_from([(), ("ICC",), ("ICC", "IC"), ("U.N.",)])
held = st.dictionaries(forms, aliases, max_size=3)


@settings(max_examples=300)
@given(st.lists(held, max_size=30), st.randoms())
def test_names_do_not_depend_on_the_order_of_articles(articles: list[Held], chance: object) -> None:
    shuffled = list(articles)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Archive(shuffled).called() == Archive(articles).called()


@settings(max_examples=300)
@given(st.lists(held, max_size=30), st.lists(held, max_size=2), st.integers(0, 2))
@example([{org("ICC"): ()}, {org("Inner City Court"): ("ICC",)}], [{org("The Inner City Court"): ()}] * 2, 0)
def test_an_update_of_what_is_affected_is_a_full_build(before: list[Held], more: list[Held], gone: int) -> None:
    archive = Archive(before)
    names = archive.called()
    left = min(gone, len(before))
    touched = {key for article in before[:left] for key in archive.add(article, -1)}
    touched |= {key for article in more for key in archive.add(article)}
    looked_at = archive.affected(touched)
    anew = entities.agreed(looked_at, archive.having)
    every = {form for group in archive.groups.values() for form in group}
    updated = {form: name for form, name in names.items() if form not in looked_at} | anew
    assert {form: name for form, name in updated.items() if form in every} == archive.called()


def test_who_shares_a_surname_is_affected_only_if_that_is_all_the_name() -> None:
    archive = Archive([{person("John Kerry"): (), place("Kerry"): (), org("Kerry Inc"): ()}, {person("Kerry"): ()}])
    touched = archive.add({person("Bob Kerry"): ()})
    assert archive.affected(touched) == {person("Bob Kerry"), person("Kerry"), place("Kerry"), org("Kerry Inc")}


@settings(max_examples=300)
@given(st.lists(held, max_size=30))
@example([{org("ICC Inc"): (), org("Inner City Court"): ("ICC",)}, {org("ICC"): ()}])
def test_what_a_name_becomes_becomes_nothing_else(articles: list[Held]) -> None:
    found = Archive(articles).called()
    assert not found.keys() & set(found.values())


ARTICLE = Article(
    "a", "Talks", "Mr Kerry met the HSC. Ian Court did not. Kerry left Court.", Provenance("corpus/a.txt"),
    names=(
        Name("Kerry", "person", "Mr Kerry", 0, 8), Name("Harbour Safety Council", "org", "HSC", 17, 20),
        Name("Ian Court", "person", "Ian Court", 22, 31), Name("Court", "place", "Court", 53, 58),
    ),
    people=("Kerry", "Ian Court"), places=("Court",), orgs=("Harbour Safety Council",), salient=("Kerry", "Court"),
    speakers=("Kerry", "Nobody"), quotes=(Quote("No", "Kerry", 0, 2), Quote("Yes", None, 3, 5)),
)  # fmt: skip


def test_the_forms_of_an_article_know_the_acronyms_that_stand_for_them() -> None:
    assert entities.forms(ARTICLE) == {
        person("Kerry"): (), person("Ian Court"): (), place("Court"): (), org("Harbour Safety Council"): ("HSC",)
    }  # fmt: skip


def test_an_article_is_renamed_throughout() -> None:
    mapping = {
        person("Kerry"): person("John Kerry"),
        person("Ian Court"): org("Ian Court"),
        org("Elsewhere"): org("X"),
    }
    done = entities.renamed(ARTICLE, mapping)
    assert (done.people, done.places, done.orgs) == (
        ("John Kerry",),
        ("Court",),
        ("Harbour Safety Council", "Ian Court"),
    )
    assert [(name.name, name.kind) for name in done.names][::2] == [("John Kerry", "person"), ("Ian Court", "org")]
    assert [name._replace(name="", kind="org") for name in done.names] == [
        name._replace(name="", kind="org") for name in ARTICLE.names
    ]
    assert (done.salient, done.speakers) == (("John Kerry", "Court"), ("John Kerry", "Nobody"))
    assert [quote.speaker for quote in done.quotes] == ["John Kerry", None]
    changed = {"people", "orgs", "names", "salient", "speakers", "quotes"}
    assert replace(done, **{name: getattr(ARTICLE, name) for name in changed}) == ARTICLE
    assert entities.renamed(ARTICLE, {}) is ARTICLE


def test_two_forms_of_one_article_that_are_one_entity_stand_once() -> None:
    article = replace(
        ARTICLE, people=("Ian Court", "John Kerry", "John F. Kerry"), salient=("John F. Kerry", "John Kerry")
    )
    done = entities.renamed(article, {person("John F. Kerry"): person("John Kerry")})
    assert (done.people, done.salient) == (("Ian Court", "John Kerry"), ("John Kerry",))
