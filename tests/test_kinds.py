"""Are pages that are no single article told from those that are?"""

from __future__ import annotations

import pytest
from kinds_pages import ARTICLES, ERRORS, GALLERIES, INDEXES
from readers_kit import page

from searcher.cleaning import clean


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
