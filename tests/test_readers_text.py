"""Which blocks and claims do plain texts and Markdown give?"""

from __future__ import annotations

import pytest
from conftest import data as beside
from hypothesis import given
from hypothesis import strategies as st
from readers_kit import block, claims, page, texts

from searcher.model import Link
from searcher.readers import plain


def markdown(text: str) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, block.text) for block in page(text, "a.md").blocks]


def test_blank_lines_part_paragraphs_and_a_line_end_of_the_author_does_too() -> None:
    found = page(
        "The ferry that was out of service since the storm of last winter runs again, the port said on Monday.\n"
        "Tickets are sold on the pier.\n \nA second boat, larger and newer than the first one, follows in the summer.\n"
    )
    assert texts(found) == [
        "The ferry that was out of service since the storm of last winter runs again, the port said on Monday.",
        "Tickets are sold on the pier.",
        "A second boat, larger and newer than the first one, follows in the summer.",
    ]


def test_lines_broken_by_a_typewriter_are_joined() -> None:
    found = page(
        "The ferry that was out of service since the storm of last\nwinter runs again, the port said on Monday. Tickets"
        " are\nsold on the pier, as they were before, at the old price\nof two crowns.\n\nA second boat follows in summer,"
        " larger and newer than\nthe first one, which will then be repaired in the yard\nbehind the harbour.\n"
    )
    assert [text[:18] for text in texts(found)] == ["The ferry that was", "A second boat foll"]
    assert "last winter runs" in texts(found)[0]


def test_chinese_lines_are_joined_without_a_space() -> None:
    line = "渡轮从昨天起恢复每天开行港口方面表示船票可以在码头购买孩子们不要钱大家都很高兴也很期待夏天的到来"
    found = page(f"{line}\n{line}\n{line}\n{line}一\n")
    assert texts(found) == [line * 4 + "一"]


def test_short_lines_that_stand_alone_are_headings() -> None:
    found = page("Ferry runs again\n\nThe port said so on Monday.\n\nTimes\n\nIt leaves at eight, noon and six.\n")
    assert [(block.kind, block.text) for block in found.blocks if block.kind == "heading"] == [
        ("heading", "Ferry runs again"),
        ("heading", "Times"),
    ]


def test_a_line_above_another_one_stays_apart() -> None:
    found = page("Port News Service\nFerry runs again after the long winter storm\n\nThe port said so on Monday.\n")
    assert texts(found)[:2] == ["Port News Service", "Ferry runs again after the long winter storm"]


def test_bullets_are_items_and_marks_of_an_answer_are_quotes() -> None:
    found = page(
        "We need:\n- rope\n- tar and\n- nails\n\nJane wrote:\n> when does it leave?\n> and from where?\nAt eight.\n"
    )
    assert texts(found, "item") == ["rope", "tar and", "nails"]
    assert texts(found, "quote") == ["when does it leave?", "and from where?"]
    assert texts(found)[-1] == "At eight."


def test_addresses_in_a_text_are_links() -> None:
    found = page("Read https://example.org/ferry. Then go.")
    assert found.blocks[0].links == (Link("https://example.org/ferry", "https://example.org/ferry"),)


def test_header_lines_at_the_top_are_claims_and_no_body() -> None:
    found = page(
        "From: Jane Doe <jane@example.org>\nSubject: =?utf-8?B?RsOkaHJl?= f=\n  continued\nDate: Tue, 12 May 2015\n"
        "X-Unknown: y\n\nThe ferry runs again."
    )
    assert claims(found, "author") == [("Jane Doe", "header line")]
    assert claims(found, "title") == [("Fähre f= continued", "header line")]
    assert claims(found, "date") == [("Tue, 12 May 2015", "header line")]
    assert [block.hint for block in found.blocks] == ["header", ""]


def test_one_line_with_a_colon_is_no_header() -> None:
    found = page("Subject: a ferry\n\nIt runs again.")
    assert found.claims == ()
    assert texts(found) == ["Subject: a ferry", "It runs again."]


def test_code_and_prose_are_told_apart() -> None:
    assert plain.is_code("for (i = 0; i < n; i++) { sum += a[i]; }")
    assert not plain.is_code("The ferry runs again, the port said (on Monday).")


@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]) | st.sampled_from(" \n"),
        max_size=300,
    )
)
def test_no_word_of_a_text_is_lost(text: str) -> None:
    kept = "".join("".join(block.text.split()) for block in plain.paragraphs(text))
    for word in text.split():
        if word.strip(">•▪‣◦·●■-*–=_~#"):
            assert word.strip(">•▪‣◦·●■-*–=_~#") in kept


def test_markdown_has_headings_lists_quotes_tables_code() -> None:
    assert markdown(
        "Top\n===\n\nSome *soft*\nand **hard** text.  \nNew line.\n\n## Second ##\n- one\n- two\n  more\n  1. inner\n\n"
        "> said\n> aloud\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n\n```py\nx = *1*\n```\n***\nEnd"
    ) == [
        ("heading", 1, "Top"),
        ("paragraph", 0, "Some soft and hard text.\nNew line."),
        ("heading", 2, "Second"),
        ("item", 1, "one"),
        ("item", 1, "two more"),
        ("item", 2, "inner"),
        ("quote", 0, "said aloud"),
        ("table", 0, "a | b"),
        ("table", 0, "1 | 2"),
        ("code", 0, "x = *1*"),
        ("paragraph", 0, "End"),
    ]


def test_markdown_links_keep_their_text_in_the_block() -> None:
    found = page(
        'See [the *map*](/map "A map"), [this][r], [r], <https://example.org/a>, https://example.org/b and [none].\n\n'
        "[r]: https://example.org/r 'Title'\n",
        "a.md",
    )
    assert texts(found) == ["See the map, this, r, https://example.org/a , https://example.org/b and [none]."]
    assert found.blocks[0].links == (
        Link("the map", "/map"),
        Link("this", "https://example.org/r"),
        Link("r", "https://example.org/r"),
        Link("https://example.org/a", "https://example.org/a"),
        Link("https://example.org/b", "https://example.org/b"),
    )


def test_pictures_are_images_and_no_text() -> None:
    found = page("A ![pier](/pier.jpg) view.\n\n1. [Cover](https://example.org/c.JPG?w=2)\n2. [Page](/p)\n", "a.md")
    assert [(block.kind, block.text) for block in found.blocks] == [
        ("image", "pier"),
        ("paragraph", "A view."),
        ("image", "Cover"),
        ("item", "Page"),
    ]
    assert block(found, "pier").links == (Link("pier", "/pier.jpg"),)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&quot;Tea&quot; &amp; caf&eacute;", '"Tea" & café'),
        ("\\*not soft\\* \\[no link\\]", "*not soft* [no link]"),
        ("<b>bold</b> and<br>below", "bold and\nbelow"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("`a_b_c` and `*x*` but _so_ and __so__", "a_b_c and *x* but so and so"),
        ("***all*** **hard *and soft***", "all hard and soft"),
        ("~~gone~~ but ~here~", "gone but ~here~"),
    ],
)
def test_a_line_of_markdown_reads_as_it_is_shown(source: str, text: str) -> None:
    assert markdown(source) == [("paragraph", 0, text)]


def test_html_within_markdown_is_read_as_html() -> None:
    assert markdown("Before\n\n<div><p>One</p><p>Two &amp; three</p></div>\n\nAfter") == [
        ("paragraph", 0, "Before"),
        ("paragraph", 0, "One"),
        ("paragraph", 0, "Two & three"),
        ("paragraph", 0, "After"),
    ]


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: \"Ferry: again\"\nDate: 2015-05-12\nauthors:\n  - Jane Doe\n  - Max Mustermann\ntags: [sea, 'pier']\n"
        "# a comment\nsummary: >\n  two\n  lines\nnested:\n  deep: 1\n---\n",
        '+++\ntitle = "Ferry: again"\ndate = 2015-05-12\nauthors = ["Jane Doe", "Max Mustermann"]\n'
        'description = "two lines"\n[taxonomies]\ntags = ["sea", "pier"]\n+++\n',
    ],
)
def test_front_matter_is_claims(front: str) -> None:
    found = page(front + "\nText.\n", "a.md")
    assert texts(found) == ["Text."]
    assert claims(found, "title") == [("Ferry: again", "front matter")]
    assert claims(found, "date") == [("2015-05-12", "front matter")]
    assert claims(found, "author") == [("Jane Doe", "front matter"), ("Max Mustermann", "front matter")]
    assert claims(found, "tag") == [("sea", "front matter"), ("pier", "front matter")]
    assert claims(found, "description") == [("two lines", "front matter")]


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert markdown("---\nJust text.\n---\nMore.") == [("heading", 2, "Just text."), ("paragraph", 0, "More.")]


@pytest.mark.parametrize("bomb", ["*a ", "_a ", "[a", "[a](", "![a](", "`a ", "<a ", "~~a", "[a]", "|a", "&a"])
def test_unclosed_marks_cost_no_more_than_their_length(bomb: str) -> None:
    found = page("# Top\n\n" + bomb * 100_000, "a.md")
    assert found.blocks[0].text == "Top"


@pytest.mark.seeds
def test_the_five_seeds_are_told_and_cut_as_they_should_be() -> None:
    found = {path.name[:3]: page(path.read_bytes(), path.name) for path in beside("seeds").iterdir()}
    assert {number: one.format for number, one in found.items()} == {
        "000": "markdown", "001": "plain", "002": "plain", "003": "plain", "004": "plain"
    }  # fmt: skip
    assert [one.kind for one in found["000"].blocks] == (
        ["heading"] * 2 + ["paragraph", "heading", "item", "image", "heading"] + ["item"] * 5
    )
    assert found["000"].blocks[0].links == (Link("2015-05-12", "/news/2015/05/12/index.md"),)
    assert len(found["002"].blocks) == 19
    assert texts(found["003"]).count(texts(found["003"])[0]) == 2
