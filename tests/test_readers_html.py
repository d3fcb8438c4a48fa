"""Which blocks and claims does a web page give?"""

from __future__ import annotations

import json
import time

import pytest
from readers_kit import STORY, block, claims, items, page, texts

from searcher.model import Link, Page


def body(inner: str) -> Page:
    return page(f"<!doctype html><html><body>{inner}</body></html>", "a.html")


def head(inner: str) -> Page:
    return page(f"<!doctype html><html><head>{inner}</head><body><p>x</p></body></html>", "a.html")


def test_blocks_stand_in_the_order_of_the_page_with_their_kinds() -> None:
    found = body(
        "<h2>Head</h2><p>Para</p><ul><li>One<ol><li>Inner</ol><li>Two</ul><blockquote><p>Said</p></blockquote>"
        "<figure><img src=a.jpg alt=View><figcaption>Below</figcaption></figure><pre><code>x = 1;</code></pre>"
    )
    assert [(block.kind, block.level, block.text) for block in found.blocks] == [
        ("heading", 2, "Head"),
        ("paragraph", 0, "Para"),
        ("item", 1, "One"),
        ("item", 2, "Inner"),
        ("item", 1, "Two"),
        ("quote", 0, "Said"),
        ("image", 0, "View"),
        ("caption", 0, "Below"),
        ("code", 0, "x = 1;"),
    ]


def test_text_has_single_spaces_decoded_entities_and_the_breaks_it_shows() -> None:
    found = body("<p>  Tea &amp;\n  cake,<br>\n  caf&eacute; &#8211; <b>bold</b>ly &lt;p&gt;</p>")
    assert texts(found) == ["Tea & cake,\ncafé – boldly <p>"]


def test_paragraphs_parted_by_two_breaks_are_blocks() -> None:
    assert texts(body("<div>One<br><br>Two<br>\n&nbsp;<br/>Three<br>still three</div>")) == [
        "One",
        "Two",
        "Three\nstill three",
    ]


def test_text_directly_in_containers_and_unclosed_paragraphs_are_blocks() -> None:
    assert texts(body("<div>Loose<p>One<p>Two<div>Three</div>After</div>")) == [
        "Loose",
        "One",
        "Two",
        "Three",
        "After",
    ]


def test_a_line_in_an_element_of_its_own_is_a_block() -> None:
    found = body(
        "<td><font size=5><b>Ferry</b></font><br><font size=2><i>By Jane Doe</i><br>May 3, 2003</font><p>It runs."
        "<div><a href=/a>News</a><br><a href=/b>Ads</a><br></div><div>It <b>runs</b><br>again</div><b>x<br>y</b>"
    )
    assert texts(found) == [
        "Ferry",
        "By Jane Doe",
        "May 3, 2003",
        "It runs.",
        "News",
        "Ads",
        "It runs\nagain",
        "x\ny",
    ]


def test_a_layout_table_gives_its_paragraphs_and_a_data_table_its_rows() -> None:
    long = "A paragraph that fills a cell of an old page, from a time when pages were laid out in tables. " * 2
    found = body(
        f"<table><tr><td><p>Left</p><p>More</p><td>{long}</table><table><tr><th>Team<th>Goals<tr><td>A<td>2</table>"
    )
    assert [(block.kind, block.text) for block in found.blocks] == [
        ("paragraph", "Left"),
        ("paragraph", "More"),
        ("paragraph", long.strip()),
        ("table", "Team | Goals"),
        ("table", "A | 2"),
    ]


def test_links_keep_their_text_as_it_stands_in_the_block() -> None:
    found = body('<p>See <a href=" /map ">the\n <i>map</i></a> or <a href="/x?a=1&amp;b=2">this</a>.</p>')
    assert found.blocks[0].links == (Link("the map", "/map"), Link("this", "/x?a=1&b=2"))
    assert all(link.text in found.blocks[0].text for link in found.blocks[0].links)


def test_a_link_around_blocks_is_a_link_in_each() -> None:
    found = body("<a href=/go><div>Title</div><div>Teaser</div></a><p>After</p>")
    assert [block.links for block in found.blocks] == [(Link("Title", "/go"),), (Link("Teaser", "/go"),), ()]


def test_a_menu_is_one_text_and_so_is_the_footer_of_the_page_without_a_date() -> None:
    menu = "<nav class=top><ul><li><a href=/a>World</a><li>Arts &amp; <b>Ice</b></ul><nav>Inner</nav></nav>"
    foot = "<footer><p>Imprint</p><p>Jobs &lt;new&gt;</p></footer>"
    dated = "<footer><p>Posted</p><time>2015-05-12</time></footer>"
    found = body(f"{menu}<article><p>Text</p><footer><p>By Jane</p><p>Doe</p></footer></article>{dated}{foot}")
    assert [block.text for block in found.blocks] == [
        "World Arts & Ice Inner", "Text", "By Jane", "Doe", "Posted", "2015-05-12", "Imprint Jobs <new>"
    ]  # fmt: skip
    assert found.blocks[0].zone == ("html", "body", "nav", "top")


def test_the_zone_holds_tags_classes_ids_roles_from_outside_in() -> None:
    found = body('<div id="Main" class="Col Wide"><div role=navigation><a class=Go href=x>Home</a></div></div>')
    assert found.blocks[0].zone == ("html", "body", "div", "col", "wide", "main", "div", "navigation", "a", "go")
    apart = body("<p><b class=x>Bold</b> and not</p>")
    assert apart.blocks[0].zone == ("html", "body", "p")


def test_a_comment_is_no_part_of_the_text_whatever_it_holds() -> None:
    found = body(
        "<div><!-- <p>a</p> --> <a class=x href=y>Li<!-- > -->nk</a></div><!--[if IE]><p>b</p><![endif]-->"
    )
    assert texts(found) == ["Link"]
    assert found.blocks[0].zone == ("html", "body", "div", "a", "x")


def test_a_zone_is_what_is_around_all_of_a_line_though_elements_look_alike() -> None:
    assert body("<p><b class=x>A</b>, <b class=x>B</b></p>").blocks[0].zone == ("html", "body", "p")
    assert body("<p><b class=x>A</b><b class=x>B</b></p>").blocks[0].zone == ("html", "body", "p")


def test_blocks_of_one_place_share_one_zone() -> None:
    found = body("<ul class=m><li class=i>A<li class=i>B<li>C</ul><ul class=m><li class=i>D</ul>").blocks
    assert found[0].zone is found[1].zone is found[3].zone
    assert found[2].zone == ("html", "body", "ul", "m", "li")


def test_a_title_attribute_that_says_hidden_hides_nothing() -> None:
    assert body('<p title="the hidden id" data-x="class=y">Shown</p>').blocks[0].hint == ""


@pytest.mark.parametrize(
    "attribute", ["hidden", "aria-hidden=true", 'style="color:red; display : none"', "style='VISIBILITY:hidden'"]
)
def test_what_is_hidden_is_marked_and_stands_apart(attribute: str) -> None:
    found = body(f"<p>Before <span {attribute}>secret</span> after</p><div {attribute}><p>deep</p></div>")
    assert [(block.text, block.hint) for block in found.blocks] == [
        ("secret", "hidden"),
        ("Before after", ""),
        ("deep", "hidden"),
    ]


def test_scripts_styles_templates_and_trackers_give_nothing() -> None:
    found = body(
        "<script>a()</script><style>b{}</style><template><p>c</p></template><noscript><img src=d.gif></noscript>"
        "<iframe>e</iframe><svg><title>f</title></svg><video>g</video><img src=h.gif width=1 height=1><p>Text</p>"
    )
    assert texts(found) == ["Text"]


def test_furniture_is_kept_for_cleaning_to_judge() -> None:
    found = body(
        "<nav><a href=/>Home</a></nav><form><label>Name</label><button>Send</button></form><footer>End</footer>"
    )
    assert texts(found) == ["Home", "Name", "Send", "End"]


def test_a_lazy_picture_has_its_true_address() -> None:
    found = body('<img src="data:image/gif;base64,x" data-src="/big.jpg" alt="A pier">')
    assert found.blocks[0].links == (Link("A pier", "/big.jpg"),)


def test_prose_in_pre_is_paragraphs() -> None:
    assert texts(body("<pre>One line here.\n\nAnother paragraph, of\nmore than one line.</pre>")) == [
        "One line here.",
        "Another paragraph, of more than one line.",
    ]


def test_code_keeps_the_spaces_between_its_words_and_before_its_first_line() -> None:
    found = body("<pre><code>  def <i>f</i> ():\n    <b>return</b>  [1]\n</code></pre>")
    assert [(block.kind, block.text) for block in found.blocks] == [("code", "  def f ():\n    return  [1]")]


def test_meta_tags_are_claims() -> None:
    found = head(
        '<title>Ferry | Coast</title><meta property="og:title" content="Ferry"><meta name=author content="Jane Doe">'
        '<meta property="article:published_time" content="2015-05-12T08:00Z"><meta name=keywords content="sea, pier">'
        '<meta property="og:site_name" content="Coast"><link rel="canonical" href="https://example.org/f">'
        '<meta property="article:modified_time" content="2015-05-13"><meta property="article:section" content="Local">'
    )
    assert claims(found, "title") == [("Ferry | Coast", "title element"), ("Ferry", "meta")]
    assert claims(found, "author") == [("Jane Doe", "meta")]
    assert claims(found, "date") == [("2015-05-12T08:00Z", "meta")]
    assert claims(found, "modified") == [("2015-05-13", "meta")]
    assert claims(found, "tag") == [("sea", "meta"), ("pier", "meta")]
    assert claims(found, "source") == [("Coast", "meta")]
    assert claims(found, "section") == [("Local", "meta")]
    assert claims(found, "url") == [("https://example.org/f", "canonical")]


def ld(value: object) -> Page:
    return head(f"<script type='application/ld+json'>{json.dumps(value)}</script>")


@pytest.mark.parametrize(
    "wrap", [lambda it: it, lambda it: [it], lambda it: {"@graph": [{"@type": "Organization"}, it]}]
)
def test_json_ld_is_claims_wherever_the_article_stands(wrap: object) -> None:
    article = {
        "@type": ["NewsArticle", "Thing"],
        "headline": "Ferry",
        "datePublished": "2015-05-12",
        "author": [{"@type": "Person", "name": "Jane Doe"}, "Max Mustermann"],
        "publisher": {"name": "Coast"},
        "keywords": "sea, pier",
        "mainEntityOfPage": {"@id": "https://example.org/f"},
        "isAccessibleForFree": False,
        "image": [{"@type": "ImageObject", "url": "https://example.org/f.jpg"}],
    }
    assert callable(wrap)
    found = ld(wrap(article))
    assert {(claim.field, claim.value) for claim in found.claims if claim.origin == "JSON-LD"} == {
        ("kind", "NewsArticle"),
        ("title", "Ferry"),
        ("date", "2015-05-12"),
        ("author", "Jane Doe"),
        ("author", "Max Mustermann"),
        ("source", "Coast"),
        ("tag", "sea"),
        ("tag", "pier"),
        ("url", "https://example.org/f"),
        ("image", "https://example.org/f.jpg"),
    }


@pytest.mark.parametrize(
    "script",
    [
        '<!-- {"@type":"Article","headline":"Ferry"} -->',
        '{"@type":"Article","headline":"Ferry",}',
        '{"@type":"Article","headline":"Ferry","description":"two\nlines"};',
        '//<![CDATA[\n{"@type":"Article","headline":"Ferry"}\n//]]>',
    ],
)
def test_slightly_broken_json_ld_is_read(script: str) -> None:
    found = head(f"<script type='application/ld+json'>{script}</script>")
    assert ("Ferry", "JSON-LD") in claims(found, "title")


def test_hopeless_json_ld_costs_only_itself() -> None:
    found = head("<script type='application/ld+json'>{{{</script><meta name=author content='Jane Doe'>")
    assert claims(found, "author") == [("Jane Doe", "meta")]


def test_an_article_that_only_a_script_would_show_is_read_from_json_ld() -> None:
    text = "The ferry runs again. " * 20
    found = ld({"@type": "Article", "headline": "Ferry", "articleBody": f"{text}\n\nTickets are on the pier."})
    assert texts(found)[1:] == [text.strip(), "Tickets are on the pier."]


def test_microdata_is_claims_but_not_that_of_comments() -> None:
    found = body(
        '<article itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Ferry <i>runs</i></h1>'
        '<span itemprop=author itemscope itemtype="https://schema.org/Person">By <b itemprop=name>Jane Doe</b></span>'
        '<meta itemprop=datePublished content="2015-05-12"><div itemprop=comment itemscope '
        'itemtype="https://schema.org/Comment"><i itemprop=author>Troll</i><meta itemprop=datePublished content=2016>'
        "</div><div itemprop=publisher itemscope><meta itemprop=name content=Coast></div></article>"
    )
    assert claims(found, "title") == [("Ferry runs", "microdata")]
    assert claims(found, "author") == [("Jane Doe", "microdata")]
    assert claims(found, "date") == [("2015-05-12", "microdata")]
    assert claims(found, "source") == [("Coast", "microdata")]


def test_a_claim_has_the_spaces_of_its_text() -> None:
    found = body('<h1 itemprop="headline"><b>Ferry</b> <i>runs</i> again</h1>')
    assert claims(found, "title") == [("Ferry runs again", "microdata")]


def test_times_language_and_related_links_are_claims() -> None:
    found = page(
        '<html lang="de"><body><time datetime="2015-05-12T10:00">12. Mai</time><time class=updated datetime=2015-05-13>'
        "</time><time>14. Mai 2015</time><a rel=author href=/j>Jane Doe</a> <a rel=tag href=/t>Hafen</a></body></html>"
    )
    assert claims(found, "date") == [("2015-05-12T10:00", "time"), ("14. Mai 2015", "time")]
    assert claims(found, "modified") == [("2015-05-13", "time")]
    assert claims(found, "language") == [("de", "html lang")]
    assert claims(found, "author") == [("Jane Doe", "rel author")]
    assert claims(found, "tag") == [("Hafen", "rel tag")]


def test_a_saved_page_says_where_it_was_saved_from() -> None:
    saved = "<!-- saved from url=(0025)https://example.org/ferry -->\n" + STORY % "x"
    assert ("https://example.org/ferry", "saved page") in claims(page(saved, "a.html"), "url")
    single = STORY.replace("<html>", "<html><!--\n Page saved with SingleFile \n url: https://example.org/f \n-->")
    assert claims(page(single % "x", "a.html"), "url") == [("https://example.org/f", "saved page")]


def test_an_attribute_with_quotation_marks_astray_costs_only_itself() -> None:
    found = body('<p><a href="/x"" title="y" b"c>Link</a> and text</p><p>Next</p>')
    assert texts(found) == ["Link and text", "Next"]
    assert block(found, "Link and text").links == (Link("Link", "/x"),)


def test_a_tag_with_a_sign_of_markup_in_a_name_is_one_tag() -> None:
    assert texts(body('<p title="x"<b>One</p><div<p>Two</div><p>1 &lt; 2</p><xmp>a < b</xmp>')) == [
        "One",
        "Two",
        "1 < 2",
        "a < b",
    ]


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 50_000,
        "<b>x" * 30_000,
        "<p>x" * 100_000,
        "<table><tr><td>" * 15_000,
        "<a href=x><p>x" * 20_000,
        "<a " * 100_000,
        "<!-- " * 100_000,
        "<ul><li>x" * 20_000,
        "&amp;" * 200_000,
        "x<br>" * 100_000,
        "<p <" * 50_000,
        "<div>" * 50_000 + "<!-- " * 100_000,
        "<div>" * 50_000 + "<a " * 100_000,
        "<div>" * 50_000 + "</b>" * 100_000,
    ],
)
def test_a_page_made_to_hurt_ends_soon(bomb: str) -> None:
    began = time.process_time()
    assert items("<html><body>" + bomb + "<p>end", "a.html")
    assert time.process_time() - began < 10


def test_a_page_too_deep_to_be_parsed_still_gives_its_text() -> None:
    found = page(
        "<html><title>T</title>"
        + "<DIV CLASS='a'>" * 50_000
        + "<P TITLE=x&gt;y>d&eacute;ep <script>no</script>1 < 2",
        "a.html",
    )
    assert texts(found)[-1] == "déep 1 < 2"
    assert found.claimed("note")[0].value == "tags nested too deeply, read without their structure"
    assert claims(found, "title") == [("T", "title element")]
