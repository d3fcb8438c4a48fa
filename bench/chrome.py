"""How much furniture leaves a text that was copied with it, and how much of a clean text is lost? bench/chrome.py

Pages whose text is known, from WCXB in the measuring data, are written down in four ways in which people save them:
every visible line below the other, as a browser copies them, as a text browser wraps them, and as Markdown. Which
of their words are the article's the known text tells: most 4-grams of a line stand there, or, where it has fewer
words, it stands there between its neighbours. Removed is what is neither in the title nor in the body at the end.
Only sites from which the model did not learn are read.
A clean text is what publishers wrote, with a headline; lost is what cleaning takes away.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from common import DATA, news, table
from gold import described, fold_of, plain, rows_of
from saved import WAYS, Piece, pieces

from searcher.cleaning import clean
from searcher.model import Page
from searcher.readers import read
from searcher.settings import Settings
from searcher.text import terms

CLEAN = 1_500
"""How many texts of each source of clean ones are read."""

AHEAD = 60
"""How many words of a text may be missing in a block of it."""


def main() -> None:
    """Writes, reads and compares; prints the tables."""
    found = [["written as", "chrome words removed", "article words lost", "F1, mean of pages", "headlines kept"]]
    found += [["goal", "95 %", "", "", "100 %"]]
    found += [chrome_row(name) for name in WAYS]
    table("chrome", "Text with chrome left in", found, ["searcher"])
    lost = [["clean text", "texts", "words lost", "texts that lose any", "goal"]]
    lost += [clean_row(name, texts) for name, texts in clean_texts()]
    table("chrome-clean", "Text that was clean already", lost, ["searcher"])


@dataclass
class Tally:
    """Words by what they were and what became of them."""

    words: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    f1: list[float] = field(default_factory=list)

    def add(self, words: Counter[tuple[bool, bool]]) -> None:
        """One page: (is it the article's, is it kept) → words."""
        self.words += words
        right = words[True, True]
        self.f1.append(2 * right / max(1, 2 * right + words[True, False] + words[False, True]))

    def share(self, article: bool) -> float:
        """The share of words of one kind that went."""
        gone, kept = self.words[article, False], self.words[article, True]
        return gone / max(1, gone + kept)


def written(name: str) -> tuple[Tally, list[bool]]:
    """What became of held-out pages, written down in one way: their words, and whether each headline is kept."""
    tally, heads = Tally(), []
    for row in filter(held_out, rows_of()):
        made = labelled(row)
        page = as_page(WAYS[name](made.pieces), ".md" if name == "Markdown" else ".txt") if made else None
        if made and page:
            kept = outcome(page)
            tally.add(counted(page, kept, made))
            heads += headlines(page, kept, made)
    return tally, heads


def chrome_row(name: str) -> list[str]:
    """One way of writing pages down."""
    tally, heads = written(name)
    return [
        name,
        f"{tally.share(False):.1%}",
        f"{tally.share(True):.1%}",
        f"{sum(tally.f1) / len(tally.f1):.3f}",
        f"{sum(heads) / len(heads):.1%}",
    ]


def held_out(row: dict[str, Any]) -> bool:
    """Whether a page is of the fifth of sites from which tools/train_lines.py does not learn."""
    return fold_of(row["url"], row["id"]) == 0


class Labelled(NamedTuple):
    """The pieces of a page, and of each whether it is the article's; None where it does not matter."""

    pieces: list[Piece]
    labels: list[bool | None]


def labelled(row: dict[str, Any]) -> Labelled | None:
    """A page as it is seen, with what is known of its lines; None where its text is not known."""
    gold = _words(row["text"] or "")
    if len(gold) < 20:
        return None
    data = gzip.decompress((DATA / "html" / "wcxb-dev" / row["html"]).read_bytes())
    found = pieces(data)
    words = [_words(piece.text) for piece in found]
    heads = [row["title"] or "", *(piece.text for piece in found if piece.tag == "h1")]
    names = {
        " ".join(_words(head)) for head in heads if plain(heads[0]) in plain(head) or plain(head) in plain(heads[0])
    }
    headline = [" ".join(line) in names for line in words]
    labels: list[bool | None] = []
    labels += _in_gold([[] if named else line for line, named in zip(words, headline, strict=True)], gold)
    for index in _unknown(found, words, labels, gold):
        labels[index] = None
    for index, piece in enumerate(found):
        if headline[index]:
            labels[index] = True if piece.tag == "h1" else None
    return Labelled(found, labels) if any(labels) else None


ASIDE = ("figcaption", "td", "th", "pre", "caption")


def _unknown(
    found: Sequence[Piece], words: Sequence[list[str]], labels: Sequence[bool | None], gold: list[str]
) -> Iterator[int]:
    """Lines that the known text leaves out though they may be the article's, and second copies of its text.

    Those are captions, rows of tables and running text inside of it, and what stands there in the same box as its
    paragraphs: known texts leave them out as often as not.
    """
    known = [index for index, label in enumerate(labels) if label]
    if not known:
        return
    boxes = Counter(found[index].box for index in known)
    grams = {tuple(gold[place : place + 4]) for place in range(len(gold) - 3)}
    for index, label in enumerate(labels):
        line = words[index]
        copied = len(line) > 12 and sum(tuple(line[at : at + 4]) in grams for at in range(len(line) - 3)) * 2 > len(
            line
        )
        written = found[index].tag in ASIDE or boxes[found[index].box] > 1 or _running(found[index].text)
        if not label and (copied or (written and known[0] < index < known[-1])):
            yield index


def _running(text: str) -> bool:
    return len(text.split()) > 12 and text.rstrip("\"'”’)")[-1:] in ".!?。"


def _in_gold(lines: Sequence[list[str]], gold: list[str]) -> list[bool]:
    """Whether each line stands in the known text. What stands there once is found once."""
    grams: dict[tuple[str, ...], list[int]] = {}
    for place in range(len(gold) - 3):
        grams.setdefault(tuple(gold[place : place + 4]), []).append(place)
    taken = bytearray(len(gold))
    spans = [_span(words, grams, taken) if len(words) >= 4 else None for words in lines]
    return [
        spans[index] is not None or (0 < len(words) < 4 and _between(words, gold, spans, index))
        for index, words in enumerate(lines)
    ]


def _span(words: list[str], grams: dict[tuple[str, ...], list[int]], taken: bytearray) -> tuple[int, int] | None:
    """Where a line stands in the known text, if half of it does and no line before it stood there."""
    found = []
    for start in range(len(words) - 3):
        places = grams.get(tuple(words[start : start + 4]), ())
        free = next((place for place in places if not taken[place]), None)
        if free is not None:
            found.append(free)
    if len(found) * 2 < len(words) - 3:
        return None
    for place in found:
        taken[place] = 1
    return min(found), max(found) + 4


def _between(words: list[str], gold: list[str], spans: Sequence[tuple[int, int] | None], index: int) -> bool:
    """Whether a few words stand in the known text between its neighbours."""
    before = next((span for span in reversed(spans[:index]) if span), None)
    after = next((span for span in spans[index + 1 :] if span), None)
    if before is None or after is None:
        return False
    part = gold[before[1] - 1 : after[0] + 1]
    return any(part[at : at + len(words)] == words for at in range(len(part) - len(words) + 1))


def as_page(text: str, ending: str) -> Page | None:
    """A text as its reader reads it from a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"saved{ending}")
        path.write_text(text, "utf-8")
        return next((page for page in read(path, path.name, Settings()) if isinstance(page, Page)), None)


def outcome(page: Page) -> list[bool]:
    """Whether each block is kept, as the title or in the body."""
    article = described(page, clean(page).verdicts)
    gone = [piece.text for piece in article.stripped] if article else [block.text for block in page.blocks]
    kept = []
    for block in page.blocks:
        kept.append(not gone or block.text != gone[0])
        if not kept[-1]:
            del gone[0]
    return kept


def headlines(page: Page, kept: Sequence[bool], made: Labelled) -> list[bool]:
    """Whether the headline of the page is kept; empty if none is known."""
    heads = [plain(piece.text) for piece, label in zip(*made, strict=True) if label and piece.tag == "h1"]
    texts = [plain(block.text) for block, stays in zip(page.blocks, kept, strict=True) if stays]
    return [any(heads[0] in text for text in texts)] if heads else []


def counted(page: Page, kept: Sequence[bool], made: Labelled) -> Counter[tuple[bool, bool]]:
    """The words of a page by what they were and what became of them."""
    words: Counter[tuple[bool, bool]] = Counter()
    for labels, stays in zip(block_labels(page, made), kept, strict=True):
        words.update((label, stays) for label in labels if label is not None)
    return words


def block_labels(page: Page, made: Labelled) -> list[list[bool | None]]:
    """For each block of a page what is known of each of its words, found again in the order of the text."""
    source = [(word, label) for piece, label in zip(*made, strict=True) for word in _words(piece.text)]
    place, found = 0, []
    for block in page.blocks:
        labels: list[bool | None] = []
        for word in _words(block.text) if block.kind != "image" else ():
            at = next((at for at in range(place, min(place + AHEAD, len(source))) if source[at][0] == word), None)
            if at is not None:
                labels.append(source[at][1])
                place = at + 1
        found.append(labels)
    return found


def clean_texts() -> Iterator[tuple[str, Iterable[str]]]:
    """The sources of clean texts."""
    for name in ("senate_press_releases", "wikipedia_current_events", "public_zh", "20newsgroups"):
        texts = (row["text"] for row in news(name) if row.get("text", "").strip())
        yield name, islice(texts, 0, CLEAN * 8, 8) if name[0] in "sw" else islice(texts, CLEAN)
    known = [(row["title"] or "", row["text"]) for row in filter(held_out, rows_of()) if row["text"]]
    yield "wcxb-dev", (f"{title}\n\n{text}" for title, text in known)
    yield "wcxb-dev as Markdown", (f"# {title}\n\n{text}" for title, text in known)


def clean_row(name: str, texts: Iterable[str]) -> list[str]:
    """One source of clean texts."""
    sizes = [lost_of(text, ".md" if name.endswith("Markdown") else ".txt") for text in texts]
    lost, total = sum(lost for lost, _ in sizes), sum(total for _, total in sizes)
    losing = sum(lost > 0 for lost, _ in sizes)
    return [name, str(len(sizes)), f"{lost / max(1, total):.2%}", f"{losing / len(sizes):.1%}", "0.30%"]


def lost_of(text: str, ending: str) -> tuple[int, int]:
    """How many words of a clean text cleaning takes away, and how many there are."""
    page = as_page(text, ending)
    blocks = zip(page.blocks, clean(page).verdicts, strict=True) if page else ()
    sizes = [(len(_words(block.text)), verdict) for block, verdict in blocks if block.kind != "image"]
    return sum(size for size, verdict in sizes if verdict), sum(size for size, _ in sizes)


def _words(text: str) -> list[str]:
    return terms(text, None)[0]


if __name__ == "__main__":
    sys.exit(main())
