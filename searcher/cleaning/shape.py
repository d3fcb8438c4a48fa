"""Does a block look like sentences, or like a button? Numbers and no judgement."""

from __future__ import annotations

import re
from functools import cached_property

from searcher.model import Block

SENTENCE_WORDS = 8
"""From this many words on, a block that ends like a sentence is one."""

_ENDS = re.compile(r"[.!?…。！？؟।:;；][\"'”’»」』)\]]*(?:\s*\[\d+\])*\s*$")
_INNER = re.compile(r"[.!?…。！？؟][\"'”’»」』)\]]*(?:\s+(?=\S)|(?<=[。！？]))")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e01-\u0e5b]")
_MARKS = re.compile(r"[,;:，、；：،؛—–]")


class Shape:
    """The shape of one block. `size` counts words, two letters of an unspaced script as one."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.text = block.text

    @cached_property
    def size(self) -> int:
        unspaced = len(_UNSPACED.findall(self.text)) if not self.text.isascii() else 0
        return len(self.text.split()) + unspaced // 2

    @cached_property
    def links(self) -> float:
        """The share of its text that is links."""
        return self.block.link_share

    @cached_property
    def ends(self) -> bool:
        """Whether it ends as a sentence does."""
        return _ENDS.search(self.text) is not None

    @cached_property
    def sentence(self) -> bool:
        """Whether it is running text: long enough, ended or with a sentence's marks inside, and not a link."""
        if self.block.kind in ("image", "code", "heading") or self.links > 0.5:
            return False
        if self.size < SENTENCE_WORDS:
            return False
        return (
            self.ends or _INNER.search(self.text) is not None or (self.size > 24 and bool(_MARKS.search(self.text)))
        )

    @cached_property
    def weight(self) -> int:
        """How much it says for the place where it stands: its words, if it is running text."""
        return self.size if self.sentence else 0
