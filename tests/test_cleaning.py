"""Does cleaning keep the article, strip what is around it, and say why?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.cleaning import clean, lexicon
from searcher.cleaning.markup import repeats
from searcher.cleaning.zones import named
from searcher.model import Block, BlockKind, Claim, Link, Page, Provenance

SENTENCE = "The ferry left the harbour at noon, and the council watched it go from the old stone pier."
OTHER = "Nobody had expected the ice to melt so early, the harbour master told the people who had come."
THIRD = "The next boat is due in a week, weather permitting, and it will carry mail, flour and two doctors."


def page(*blocks: Block | str, claims: tuple[Claim, ...] = ()) -> Page:
    made = tuple(Block(block) if isinstance(block, str) else block for block in blocks)
    return Page(Provenance("a.txt"), "html" if any(block.zone for block in made) else "plain", made, claims)


def kept(page: Page) -> list[str]:
    verdicts = clean(page).verdicts
    return [block.text for block, verdict in zip(page.blocks, verdicts, strict=True) if verdict is None]


def link(text: str, url: str = "/a.html") -> Block:
    return Block(text, "item", 1, (Link(text, url),))


def boxed(text: str, *names: str, kind: BlockKind = "paragraph") -> Block:
    return Block(text, kind, zone=("html", "body", *names))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Site-wide search", "site search"),
        ("Seite durchsuchen", "site search"),
        ("站内搜索", "site search"),
        ("There are currently no comments.", "comments"),
        ("23 Kommentare", "comments"),
        ("Оставить комментарий", "comments"),
        ("أضف تعليقا", "comments"),
        ("Partager sur Facebook", "share buttons"),
        ("Facebook | Twitter | WhatsApp", "share buttons"),
        ("分享到", "share buttons"),
        ("Suscríbete a nuestra newsletter", "newsletter"),
        ("Cookie-Einstellungen", "cookie notice"),
        ("ADVERTISEMENT", "advertisement"),
        ("© 2015 Harbour Courier. All rights reserved.", "footer"),
        ("Home > World > Europe > Harbour", "navigation"),
        ("412 captures", "archive toolbar"),
        ("The Wayback Machine - https://web.archive.org/web/2011/http://a.example/", "archive toolbar"),
        ("Questo sito utilizza i cookie", "cookie notice"),
        ("Tümünü kabul et", "cookie notice"),
        ("Schrijf je in voor onze nieuwsbrief", "newsletter"),
        ("Zapisz się do newslettera", "newsletter"),
        ("Compartilhar no WhatsApp", "share buttons"),
        ("この記事をシェア", "share buttons"),
        ("Přidat komentář", "comments"),
        ("댓글쓰기", "comments"),
        ("חיפוש באתר", "site search"),
        ("About the author", "author box"),
    ],
)
def test_a_line_that_sites_print_is_known_in_many_languages(line: str, reason: str) -> None:
    assert lexicon.reason(line) == reason


@pytest.mark.parametrize(
    "sentence",
    [
        "A site-wide search of the harbour found two comments carved into the pier.",
        "The council will share the cost of the advertisement with its neighbours.",
        "We use cookies as bait, the angler said, and nobody has complained so far.",
        "Subscribe or starve was the choice that the paper's founder gave to its readers.",
    ],
)
def test_a_sentence_that_only_contains_such_words_is_kept(sentence: str) -> None:
    assert kept(page("A headline", sentence, SENTENCE)) == ["A headline", sentence, SENTENCE]


def test_chrome_before_and_after_a_text_goes_and_its_headings_stay() -> None:
    made = page(
        "Site-wide search", "Ferry leaves", SENTENCE, Block("Open questions", "heading"), OTHER, "Share this"
    )
    assert kept(made) == ["Ferry leaves", SENTENCE, "Open questions", OTHER]


def test_a_word_of_navigation_inside_the_article_is_a_heading_of_it() -> None:
    made = page("Home", SENTENCE, Block("Politics", "heading"), OTHER)
    assert kept(made) == [SENTENCE, "Politics", OTHER]


def test_a_comment_widget_goes_with_what_readers_wrote() -> None:
    made = page(
        "Ferry leaves", SENTENCE, OTHER, "Comments", "It is a shame that nobody told us about it, is it not?"
    )
    verdicts = clean(made).verdicts
    assert verdicts == (None, None, None, "comments", "comments")


@pytest.mark.parametrize(
    "heading",
    [
        "Related",
        "Mehr zum Thema:",
        "À lire aussi",
        "Lea también",
        "Читайте также",
        "اقرأ أيضا",
        "相关新闻",
        "Leggi anche",
        "Leia também",
        "Lees ook",
        "Läs också",
        "Czytaj także",
        "Čtěte také",
        "Kapcsolódó cikkek",
        "Citește și",
        "Читайте також",
        "İlgili haberler",
        "بیشتر بخوانید",
        "קראו גם",
        "関連記事",
        "관련기사",
    ],
)
def test_a_list_of_related_links_goes_to_its_end(heading: str) -> None:
    made = page(
        SENTENCE,
        Block(heading, "heading", 3),
        link("Ice comes"),
        link("Ice goes"),
        Block("Next", "heading", 3),
        OTHER,
    )
    verdicts = clean(made).verdicts
    assert verdicts[1:4] == ("related links",) * 3
    assert verdicts[0] is verdicts[4] is verdicts[5] is None or verdicts[4] == "navigation"
    assert OTHER in kept(made)


def test_a_related_list_without_links_ends_where_running_text_begins() -> None:
    made = page(SENTENCE, "Related stories", "Ice comes early", "Ice goes late", OTHER)
    assert kept(made) == [SENTENCE, OTHER]


def test_one_line_can_be_a_list_of_one() -> None:
    made = page(SENTENCE, "Read also: How the ice was measured", OTHER)
    assert kept(made) == [SENTENCE, OTHER]


def test_a_list_of_sources_has_its_own_reason() -> None:
    made = page(
        "Ferry leaves", SENTENCE, Block("Source:", "heading", 3), link("Courier", "https://courier.example/1")
    )
    assert clean(made).verdicts[2:] == ("source list", "source list")


def test_a_quotation_that_names_its_source_is_no_list() -> None:
    made = page(SENTENCE, "Source: a person who knows the harbour well and did not want to be named in this paper.")
    assert len(kept(made)) == 2


MENU = ("Home", "News", "Weather", "Sport", "Obituaries", "Harbour guide", "Jobs", "Contact us", "Log in", "Search")
FOOT = (
    "Share this",
    "Related stories",
    "Ice comes early",
    "Subscribe to our newsletter",
    "Privacy policy",
    "Terms of use",
)


def test_what_stands_around_an_article_in_a_page_copied_whole_goes_though_no_rule_knows_it() -> None:
    made = page(*MENU, "Ferry leaves the harbour", SENTENCE, OTHER, THIRD, *FOOT, "A Saltmarsh Group company")
    assert kept(made) == ["Ferry leaves the harbour", SENTENCE, OTHER, THIRD]


def test_the_same_lines_stay_where_nothing_says_that_a_page_was_copied() -> None:
    made = page("Harbour guide", "Ferry leaves the harbour", SENTENCE, OTHER, THIRD, "A Saltmarsh Group company")
    assert len(kept(made)) == 6


def test_comments_with_a_button_to_reply_go_even_if_they_are_longer_than_the_article() -> None:
    said = (OTHER, "Reply", THIRD, "Reply", f"{OTHER} Again!", "Reply", f"{THIRD} Again!", "Reply")
    made = page("Ferry leaves", SENTENCE, "4 comments", *said)
    assert kept(made) == ["Ferry leaves", SENTENCE]


def test_a_count_of_comments_above_the_text_is_only_a_link_to_them() -> None:
    assert kept(page("Ferry leaves", "4 comments", "A subtitle without an end", SENTENCE, OTHER))[1:] == [
        "A subtitle without an end",
        SENTENCE,
        OTHER,
    ]


def test_a_label_is_no_menu_and_a_year_no_pager() -> None:
    made = page("Contact:", "Max Mustermann", SENTENCE, Block("2013", "heading"), OTHER)
    assert len(kept(made)) == 5


def test_a_picture_is_no_text() -> None:
    made = page(SENTENCE, Block("A ferry in the ice", "image", links=(Link("A ferry in the ice", "/f.jpg"),)))
    assert clean(made).verdicts == (None, "picture")


def test_markup_says_where_the_article_is() -> None:
    made = page(
        boxed("World", "nav", "ul", "li"),
        boxed("Ferry leaves", "main", "article", "h1", kind="heading"),
        boxed(SENTENCE, "main", "article", "p"),
        boxed(OTHER, "main", "article", "p"),
        boxed("Ten more ferries that you will not believe left their harbours.", "aside", "div", "p"),
        boxed("I was there, and it was all quite different from what they say.", "div", "comments-area", "p"),
        boxed("Imprint of the Harbour Courier, a paper for the harbour.", "footer", "p"),
    )
    assert clean(made).verdicts == (
        "navigation", None, None, None, "sidebar", "comments", "footer"
    )  # fmt: skip


def test_a_name_that_holds_most_of_the_page_says_how_it_is_laid_out() -> None:
    made = page(
        boxed(SENTENCE, "div", "sidebar-right-layout", "p"),
        boxed(OTHER, "div", "sidebar-right-layout", "p"),
        boxed(THIRD, "div", "sidebar-right-layout", "p"),
    )
    assert len(kept(made)) == 3


@pytest.mark.parametrize("name", ["has-sidebar", "no-comments", "entry-content", "how-to-shop-for-a-cheap-boat"])
def test_names_of_layouts_and_headlines_say_nothing(name: str) -> None:
    assert named(name) is None


def test_a_page_that_holds_its_text_twice_is_read_once() -> None:
    twice = (boxed(SENTENCE, "div", "p"), boxed(OTHER, "div", "p"))
    assert kept(page(*twice, *twice)) == [SENTENCE, OTHER]


def test_the_headline_that_a_page_claims_is_kept_in_its_masthead() -> None:
    made = page(
        boxed("Ferry leaves", "header", "masthead", "h1", kind="heading"),
        boxed(SENTENCE, "article", "p"),
        claims=(Claim("title", "Ferry leaves", "meta"),),
    )
    first = Page(
        made.provenance,
        "html",
        (Block("Ferry leaves", "heading", 1, zone=made.blocks[0].zone), made.blocks[1]),
        made.claims,
    )
    assert clean(first).verdicts == (None, None)


def test_hidden_words_of_a_text_go_but_hidden_sentences_stay() -> None:
    made = page(Block("Close", hint="hidden"), Block(SENTENCE, hint="hidden"))
    assert clean(made).verdicts == ("hidden", None)


def test_a_short_text_that_stands_twice_is_a_repeat_only_in_a_run_that_repeats_a_run() -> None:
    heads = [boxed(f"Part {number}", "div", "h2", kind="heading") for number in "abc"]
    body = [piece for head in heads for piece in (head, boxed(f"{SENTENCE} {head.text}", "div", "p"))]
    assert repeats([*heads, *body]) == []
    assert repeats([*body, *body]) == [6, 7, 8, 9, 10, 11]


def test_something_is_kept_even_if_all_of_a_page_looks_like_furniture() -> None:
    made = page(boxed(SENTENCE, "select"), boxed(OTHER, "select"), boxed("Home", "nav"))
    assert kept(made) == [SENTENCE, OTHER]


def test_an_empty_page_has_no_verdicts() -> None:
    assert clean(page()).verdicts == ()


words = st.text(st.sampled_from("ab .,!?:\n|©中文 Ж"), max_size=60)
names = st.sampled_from(["div", "nav", "comments", "related", "main", "p", "select", "sidebar", "article-body"])
blocks = st.builds(
    Block,
    words,
    st.sampled_from(["heading", "paragraph", "item", "image", "table", "code", "quote", "caption"]),
    st.integers(0, 6),
    st.lists(st.builds(Link, words, words), max_size=2).map(tuple),
    st.lists(names, max_size=4).map(tuple),
    st.sampled_from(["", "hidden", "navigation", "header"]),
)


@given(st.lists(blocks, max_size=12))
def test_every_block_of_any_page_has_one_verdict(made: list[Block]) -> None:
    verdicts = clean(page(*made)).verdicts
    assert len(verdicts) == len(made)
    assert all(verdict is None or verdict.strip() for verdict in verdicts)


@given(st.lists(blocks, max_size=12))
def test_a_page_with_a_sentence_keeps_some_text(made: list[Block]) -> None:
    assert kept(page(*made, SENTENCE))
