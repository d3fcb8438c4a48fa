"""What does learning from the archive cut that is no furniture, and what does it miss? python bench/furniture.py

Texts that are clean but for the lines of a press office, all of them and in small archives; and lines of real menus
and footers put around them: how much is cut of those that stand on three pages.
"""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from common import news, table
from gold import pages

from searcher.cleaning import clean
from searcher.furniture import PAGES, RUNNING, found, mark, marks, sketch
from searcher.text import spans

SMALL, PAGES_OF, TRIALS = (5, 10, 20, 40), (3, 6, 12), 60
FURNITURE = ("navigation", "footer", "sidebar", "cookie notice", "newsletter")

Text = list[str]


def main() -> None:
    """Learns, counts, prints the table."""
    dice = random.Random(11)
    sources: dict[str, list[Text]] = defaultdict(list)
    for row in sorted(news(), key=lambda row: (row.get("date") or "", row["id"])):
        sources[row["source"]].append([line for line in row.get("text", "").split("\n") if line.strip()])
    rows = [
        ("what", "measured"),
        *_whole(list(sources.values())),
        *_small(list(sources.values()), dice),
        *_planted(sources, dice),
    ]
    table("furniture", "Furniture learned from the archive", rows, ["searcher"])


def _whole(sources: Sequence[list[Text]]) -> Iterator[tuple[str, str]]:
    began = time.process_time()
    held = [[sketch(text) for text in texts] for texts in sources]
    sketched = time.process_time()
    cuts = [found(sketches) for sketches in held]
    number = sum(map(len, sources))
    yield "sketches, ms an article", f"{(sketched - began) / number * 1000:.2f}"
    yield f"learning from all {number:,} articles, CPU seconds", f"{time.process_time() - sketched:.1f}"
    yield from _shares(
        "all articles",
        (pair for texts, cut in zip(sources, cuts, strict=True) for pair in zip(texts, cut, strict=True)),
    )


def _small(sources: Sequence[list[Text]], dice: random.Random) -> Iterator[tuple[str, str]]:
    for size in SMALL:
        chosen = []
        for _ in range(10 * TRIALS):
            texts = dice.choice([texts for texts in sources if len(texts) >= size])
            start = dice.randrange(len(texts) - size + 1)
            some = texts[start : start + size]
            chosen += zip(some, found([sketch(text) for text in some]), strict=True)
        yield from _shares(f"archives of {size} articles of one source", chosen)


def _shares(what: str, pairs: Iterator[tuple[Text, bytes]] | list[tuple[Text, bytes]]) -> Iterator[tuple[str, str]]:
    words = Counter[str]()
    for text, cut in pairs:
        known = marks(cut)
        for paragraph in text:
            size = len(spans(paragraph))
            words["all"] += size
            words["running" if size >= RUNNING else "lines"] += size * (mark(paragraph) in known)
    for kind in ("lines", "running"):
        yield f"{what}: words cut, {kind}", f"{words[kind] / words['all']:.3%}"


def _planted(sources: dict[str, list[Text]], dice: random.Random) -> Iterator[tuple[str, str]]:
    """Half of a menu before each text, half behind it, a line within; long texts have more of it."""
    texts = [text for texts in sources.values() for text in texts]
    menus = [menu for menu in _menus() if len(menu) > 10]
    for number in PAGES_OF:
        words = Counter[str]()
        for _ in range(TRIALS):
            menu = dice.choice(menus)
            archive = [_around(text, menu) for text in dice.sample(texts, number)]
            seen = Counter(mark(line) for page, _ in archive for line in set(page))
            for (page, planted), cut in zip(archive, found([sketch(page) for page, _ in archive]), strict=True):
                known = marks(cut)
                for line in page:
                    size, gone = len(spans(line)), mark(line) in known
                    kind = "planted" if line in planted else "text"
                    words[kind] += size * (kind == "text" or seen[mark(line)] >= PAGES)
                    words[kind + " cut"] += size * gone
        yield f"menus around {number} texts: words found", f"{words['planted cut'] / words['planted']:.1%}"
        yield (
            f"menus around {number} texts: words of the texts lost",
            f"{words['text cut'] / words['text']:.3%}",
        )


def _menus() -> Iterator[Text]:
    for _, page in pages():
        verdicts = clean(page).verdicts
        pieces = zip(page.blocks, verdicts, strict=True)
        yield [" ".join(block.text.split()) for block, why in pieces if why in FURNITURE and block.text.strip()]


def _around(text: Text, menu: Text) -> tuple[Text, set[str]]:
    room, taken = sum(len(spans(line)) for line in text), 0
    lines: Text = []
    for line in menu:
        if taken <= room:
            lines.append(line)
            taken += len(spans(line))
    half, middle = len(lines) // 2, len(text) // 2
    page = [*lines[:half], *text[:middle], *lines[half : half + 1], *text[middle:], *lines[half + 1 :]]
    return page, set(lines)


if __name__ == "__main__":
    main()
