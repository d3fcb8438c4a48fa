"""The commands `searcher save` and `searcher new`: searches that are kept, and what came in for them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from searcher import wire
from searcher.alerts import Alerts, News
from searcher.archive import Archive
from searcher.cli import last, listing
from searcher.cli.listing import plural
from searcher.cli.terminal import Screen, clean, failure, note
from searcher.errors import IndexFault, SavedError, SearcherError
from searcher.model import Hit
from searcher.saved import FILE, Searches, key


def save(archive: Archive, words: list[str], remove: str | None, replace: bool, json: bool) -> int:
    """Saves, removes or lists; gives the exit status."""
    if remove is not None:
        return _remove(archive, remove, words)
    if not words:
        return _list(archive.searches(), json)
    name, *query = words
    for word in words:
        if word.startswith("--"):
            raise SearcherError(f"no such option: {word}", "`searcher save --help` lists them")
    if not query:
        raise SavedError(f"nothing to save under the name: {name}", f"searcher save {name} QUERY…")
    return _put(archive, name, " ".join(query), replace)


def _put(archive: Archive, name: str, text: str, replace: bool) -> int:
    with archive.alerts() as alerts:
        old = alerts.searches.find(name)
        if old and old.text != text.strip() and not replace:
            raise SavedError(f"already saved: {old.name}: {old.text}", f"searcher save --replace {name} QUERY…")
        news = alerts.save(name, text)
        query, _ = alerts.read(name)
    for line in query.notes:
        note(f"note: {line}")
    print(clean(f"{alerts.searches.needed(name).name}: {query}"))
    if old and old.text != text.strip():
        print(clean(f"was: {old.text}"))
    print(f"{plural(news.found, 'article')} now; " if news else "", end="")
    print(f"`search @{name}` finds them, `searcher new {name}` tells what comes in")
    return 0


def _remove(archive: Archive, name: str, words: list[str]) -> int:
    if words:
        raise SearcherError(f"--remove takes one name, here is more: {words[0]}", "remove them one by one")
    with archive.alerts() as alerts:
        needing = _needing(alerts, name)
        removed = alerts.remove(name)
    print(clean(f"removed: {removed.name}: {removed.text}"))
    for other in needing:
        note(f"note: @{removed.name} is in {other}, where it is a plain word now")
    return 0


def _needing(alerts: Alerts, name: str) -> list[str]:
    """The saved searches that hold this one."""
    found = []
    for saved in alerts.searches:
        with suppress(SearcherError):  # one that cannot be read holds nothing
            _, texts = alerts.read(saved.name)
            found += [saved.name] if key(name) in texts and key(saved.name) != key(name) else []
    return found


def _list(searches: Searches, json: bool) -> int:
    faults = searches.faults()
    if json:
        print(wire.dumps({"schema_version": wire.SCHEMA_VERSION, "searches": [one._asdict() for one in searches],
                          "faults": [fault._asdict() for fault in faults]}))  # fmt: skip
    width = max((len(saved.name) for saved in searches), default=0)
    for saved in () if json else searches:
        print(clean(f"{saved.name:<{width}}  {saved.text}"))
    if not (json or faults or any(searches)):
        note("nothing is saved yet; `searcher save NAME QUERY…` saves a search")
    return _faulty(searches)


def _faulty(searches: Searches) -> int:
    for fault in searches.faults():
        note(f"searcher: {FILE}, line {fault.line}: {clean(fault.reason)}")
    return 2 if searches.faults() else 0


Form = Literal["text", "json", "jsonl"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What `searcher new` was asked: the names, none for all; whether it is only a look; how to print it."""

    names: tuple[str, ...]
    peek: bool
    form: Form
    quiet: bool


def new(archive: Archive, asked: Asked, screen: Screen) -> int:
    """Prints what came in; gives the exit status. What was printed is noted as shown only after it was flushed."""
    with archive.alerts(asked.peek) as alerts:
        status = 0 if asked.names else _faulty(alerts.searches)
        printed = _Printed(asked, screen)
        for name in asked.names or [saved.name for saved in alerts.searches]:
            status = max(status, _one(name, alerts, asked, printed))
        printed.end()
        for news in () if asked.peek else printed.held:
            alerts.shown(news)
    if screen.is_terminal and asked.form == "text":
        last.remember(archive.root, printed.ids)
    return status or (0 if printed.ids else 1)


def _one(name: str, alerts: Alerts, asked: Asked, printed: _Printed) -> int:
    """Prints what came in for one saved search; one that cannot be read is reported, and the others still run."""
    try:
        news = alerts.news(name)
    except IndexFault:
        raise
    except SearcherError as error:
        failure(f"searcher: {name}", error)
        printed.error(name, error)
        return 2
    printed.add(news, alerts.hits(news))
    if asked.form != "json" and not asked.peek:
        alerts.shown(news)
    return 0


class _Printed:
    """What was printed so far; each block is flushed when it is whole, --json at the end."""

    def __init__(self, asked: Asked, screen: Screen) -> None:
        self._form = asked.form
        self._quiet = asked.quiet
        self._screen = screen
        self.ids: list[str] = []
        self.held: list[News] = []
        self._whole: list[wire.Plain] = []
        self._blocks = 0

    def add(self, news: News, hits: Iterator[Hit]) -> None:
        worth_it = news.ids or news.begun or self._screen.is_terminal  # cron sends a mail for every word
        for line in news.notes() if worth_it and not self._quiet else ():
            note(f"note: {news.saved.name}: {line}")
        if self._form == "json":
            self._whole.append(_plain(news, hits))
            self.held.append(news)
        elif self._form == "jsonl":
            for hit in hits:
                print(wire.dumps({"search": news.saved.name} | wire.hit(hit)))
        elif news.ids:
            self._block(news, hits)
        self.ids += news.ids
        sys.stdout.flush()

    def error(self, name: str, error: SearcherError) -> None:
        self._whole.append({"name": name, "error": error.message, "hint": error.hint})

    def _block(self, news: News, hits: Iterator[Hit]) -> None:
        self._blocks += 1
        print(self._screen.style(clean(f"{news.saved.name}: {len(news.ids):,} new"), "title"))
        print(self._screen.style(clean(news.saved.text), "dim"), end="\n\n")
        for number, hit in enumerate(hits, len(self.ids) + 1):
            print(listing.hit(number, hit, self._screen), end="\n\n")

    def end(self) -> None:
        if self._form == "json":
            plain = {"schema_version": wire.SCHEMA_VERSION, "total": len(self.ids), "searches": self._whole}
            print(wire.dumps(plain))
        elif self._blocks > 1:
            print(f"{len(self.ids):,} new in {self._blocks} saved searches")
        sys.stdout.flush()


def _plain(news: News, hits: Iterator[Hit]) -> wire.Plain:
    return {
        "name": news.saved.name, "query": news.saved.text, "echo": str(news.query), "notes": list(news.notes()),
        "found": news.found, "total": len(news.ids), "hits": [wire.hit(hit) for hit in hits],
    }  # fmt: skip
