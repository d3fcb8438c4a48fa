"""Are pages that are no single article told from those that are?"""

from __future__ import annotations

from pathlib import Path

import pytest
from kinds_pages import ARTICLES, ENGLISH, ERRORS, GALLERIES, INDEXES, TEASERS, TEXT, cards, made
from readers_kit import page

from searcher.cleaning import clean
from searcher.model import Article
from searcher.reading import read
from searcher.settings import Settings


def kind(markup: str) -> str:
    return clean(page(markup, "a.html")).kind


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_is_told(name: str) -> None:
    assert kind(ERRORS[name]) == "error"


@pytest.mark.parametrize("name", INDEXES)
def test_an_index_page_is_told(name: str) -> None:
    assert kind(INDEXES[name]) == "index"


@pytest.mark.parametrize("name", GALLERIES)
def test_a_gallery_is_told(name: str) -> None:
    assert kind(GALLERIES[name]) == "gallery"


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_is_an_article_whatever_it_is_about(name: str) -> None:
    assert kind(ARTICLES[name]) == ""


def test_a_page_of_teasers_is_an_index_only_if_no_text_of_its_own_stands_between() -> None:
    teasers = cards(ENGLISH, TEASERS)
    assert kind(made("Coast", f"<main>{teasers}</main>")) == "index"
    assert kind(made("Coast", f"<main><article>{TEXT}</article>{teasers}</main>")) == ""


def test_a_page_with_the_title_of_an_error_is_one_only_without_a_text_of_its_own() -> None:
    refusal = "<p>The page you are looking for does not exist.</p>"
    assert kind(made("Page not found", refusal)) == "error"
    assert kind(made("Page not found", refusal + TEXT)) == ""
    assert kind(made("Page not found", f"<p>{TEASERS[0]}</p>")) == ""


def test_a_page_that_says_when_it_was_published_is_an_error_only_without_a_text() -> None:
    head = '<meta property="article:published_time" content="2019-05-04">'
    brief = f"<p>{TEASERS[3]}</p><p>The page you are looking for does not exist.</p>"
    assert kind(made("Page not found", brief)) == "error"
    assert kind(made("Page not found", brief, head)) == ""


@pytest.mark.parametrize(
    "text", ["404 Not Found\n\nnginx/1.14.2\n", "# Page not found\n\nThe page you requested could not be found.\n"]
)
def test_a_text_can_be_an_error_page_too(text: str) -> None:
    assert clean(page(text, "a.md")).kind == "error"


def test_what_index_pages_repeat_of_an_article_is_not_furniture(tmp_path: Path) -> None:
    own = " ".join(f"Word{number} went over the hill{number}" for number in range(30))
    markup = f"<article><h1>{ENGLISH[0]}</h1><p>{TEASERS[0]}</p><p>{own}. And so it was.</p></article>"
    (tmp_path / "a.html").write_text(made(ENGLISH[0], markup))
    for tag in range(3):
        gates = [f"{tag}{gate}" for gate in range(7)]
        titles = [ENGLISH[0], *(f"Town {gate} has opened its gate {gate[::-1]} again" for gate in gates)]
        teasers = [
            f"People{gate} of town{gate} walked{gate} through gate{gate} twice{gate} and sang{gate} about rivers{gate} there."
            for gate in gates
        ]
        shown = f"<main>{cards(titles, [TEASERS[0], *teasers])}</main>"
        (tmp_path / f"{tag}.html").write_text(made(f"Tag{tag}", shown, classes="archive"))
    found = [one for one in read([tmp_path], Settings()) if isinstance(one, Article)]
    assert [one.flags for one in found].count(("index",)) == 3
    (article,) = [one for one in found if not one.flags]
    assert article.body.startswith(TEASERS[0])
