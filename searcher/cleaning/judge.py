"""What would trafilatura say is the article? Its text, aligned with our blocks: an option, and a judge of ours.

Only archives that ask for it pay for it, and need it installed: `pip install 'searcher[trafilatura]'`.
"""

from __future__ import annotations

import logging
from functools import cache
from types import ModuleType

from searcher.cleaning.aligning import aligned
from searcher.errors import SettingsError
from searcher.model import Page
from searcher.settings import FILE
from searcher.text import terms

NAME = "trafilatura"
"""What `cleaning` in searcher.toml calls it."""

ENOUGH = 0.5
"""The share of a block that must stand in its text."""


def ready(cleaning: str) -> None:
    """Raises SettingsError if this way of cleaning asks for trafilatura, and it cannot be used."""
    if cleaning == NAME:
        _program()


@cache
def _program() -> ModuleType:
    try:
        import trafilatura
    except ImportError as error:
        hint = f"pip install 'searcher[trafilatura]', or remove `cleaning` from {FILE}"
        raise SettingsError(f"trafilatura cannot be used: {error}", hint) from error
    logging.getLogger(NAME).addHandler(logging.NullHandler())  # else its warnings go to the terminal
    return trafilatura


def kept(page: Page) -> list[bool]:
    """Whether each block of a page that has its markup stands in the text that trafilatura makes of it."""
    text = _program().extract(page.markup, include_comments=False, output_format="txt") or ""
    blocks = [terms(block.text, None)[0] if block.kind != "image" else [] for block in page.blocks]
    return [bool(share >= ENOUGH) for share in aligned(blocks, terms(text, None)[0])]
