"""How long does it take until a hundred articles more are found? python bench/adding.py [--articles 110000]

The archive is built first if it has not been; that of `growth.py` is taken, as it is kept in bench/work. The real
command adds a dump of a hundred articles, and is run again when the dump is gone: of days from all the years of the
archive, and of one day, as news come. They are real ones as long as there are enough (up to 110,518 articles), and
beyond that made ones, of sentences that the archive has already: one in ten is a copy, of articles of all years.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from building import dump, indexed
from common import table
from dumps import Row, archive, rows

FEW, TIMES = 100, 3


def main() -> None:
    """Builds the archive, adds and takes away, prints the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=110_000)
    options.add_argument("--archive", type=Path, help="another archive, with an index, and so many articles")
    given = options.parse_args()
    folder = given.archive or archive(given.articles)
    indexed(folder)
    spare = list(rows(given.articles, given.articles + 2 * FEW))
    added = {"of all the years": spare[:FEW], "of one day": same_day(spare[FEW:])}
    head = ["what", "seconds", "of CPU", "taken away again: seconds", "goal"]
    found = [[f"{FEW} articles {name}", *times(folder, some), "3"] for name, some in added.items()]
    table(f"adding-{given.articles}", f"Articles that come to {given.articles:,}", [head, *found], ["searcher"])


def same_day(some: Sequence[Row]) -> list[Row]:
    """These articles as if they had come on the day on which most of them came."""
    day = Counter(row["date"] for row in some if len(row.get("date") or "") == 10).most_common(1)[0][0]
    return [{**row, "date": day} for row in some]


def times(folder: Path, some: Sequence[Row]) -> Iterator[str]:
    """The best of some times: other work on the machine makes it slower, never faster."""
    added, gone = [], []
    for _ in range(TIMES):
        dump(folder, "added", some)
        added.append(indexed(folder))
        (folder / "corpus" / "added.jsonl").unlink()
        gone.append(indexed(folder))
    best = min(added)
    return iter([f"{best.clock:.1f}", f"{best.cpu:.1f}", f"{min(gone).clock:.1f}"])


if __name__ == "__main__":
    main()
