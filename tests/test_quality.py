"""Has a figure of quality that was reached been lost? Measured on the development pages, pinned in floors.json.

The block model has learned these very pages, so the figure of the body says only whether something broke: how good
it is on other sites, bench/cleaning.py says. The model of English names has learned wikigold, too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import mean

import pytest
from conftest import data

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

import chrome
import copies
import gold
import metadata
import names

from searcher.cleaning import clean

FLOORS: dict[str, float] = json.loads(Path(__file__).with_name("floors.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    data("html/wcxb-dev")
    return {**_pages(), **_written(), **dict(_clean()), **_named(), **_copied()}


def _pages() -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for row, page in gold.pages():
        article = gold.described(page, clean(page).verdicts)
        if row["text"]:
            found.setdefault("body, word F1", []).append(gold.f1(article.body if article else "", row["text"]))
        answer = metadata.answered(article)
        for what, field in (("title, exact", "title"), ("authors, exact", "author"), ("date", "date")):
            if row[field]:
                found.setdefault(what, []).append(metadata.right(row, answer, what))
    return {what: mean(values) for what, values in found.items()}


def _written() -> dict[str, float]:
    tally, heads = chrome.written("Markdown")
    return {
        "Markdown: chrome removed": tally.share(False),
        "Markdown: article kept": 1 - tally.share(True),
        "Markdown: headlines kept": mean(heads),
    }


def _clean() -> Iterator[tuple[str, float]]:
    for name, texts in chrome.clean_texts():
        sizes = [chrome.lost_of(text, ".txt") for text in islice(texts, 300)]
        yield f"clean text kept: {name}", 1 - sum(lost for lost, _ in sizes) / sum(total for _, total in sizes)


def _named() -> dict[str, float]:
    sets = {"wikigold": (names.WIKIGOLD, "en"), **names.SETS}
    found = {}
    for name, (file, language) in sets.items():
        texts = names.texts(file)[:300]
        counts = names.compared(texts, lambda body, language=language: names.found(body, language))
        found[f"names, F1: {name}"] = names.scores(counts)[-1][-1]
    return found


def _copied() -> dict[str, float]:
    texts, make = copies.origins(40, ("20newsgroups",), every=5)
    archive = copies.planted(texts, (0.1, 0.3), make)
    return {
        "copies: planted reprints, F1": copies.scores(copies.grouped(archive.texts), archive.origins)[-1],
        "copies: form letters kept apart": copies.kept_apart(copies.letters(texts, 3, make)),
    }


@pytest.mark.parametrize("figure", FLOORS)
def test_a_figure_that_was_reached_is_not_lost(figure: str, figures: dict[str, float]) -> None:
    assert figures[figure] >= FLOORS[figure], f"{figure}: {figures[figure]:.4f}"


def test_every_figure_has_a_floor_not_far_below_it(figures: dict[str, float]) -> None:
    assert figures.keys() == FLOORS.keys()
    assert [name for name, value in figures.items() if value > FLOORS[name] + 0.01] == []
