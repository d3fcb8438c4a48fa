"""Which parts of this site's pages are the article, as searcher.toml says? CSS selectors to marks on blocks.

BeautifulSoup finds the elements, in the text of the page, and each gets a class of our own there, so that the page
is parsed and walked as it always is. What a block's zone then says becomes its hint, which no page can write.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from searcher.errors import SettingsError
from searcher.model import DROP, KEEP, Block, Claim
from searcher.readers import limits
from searcher.settings import FILE, Settings

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

LONGEST, MOST = 8 * limits.MB, 100_000
"""Characters and tags of a page up to which rules are used: BeautifulSoup is slow."""
UNUSED = Claim("note", "too large or too broken a page for the rules of its site", FILE)


class Rule(NamedTuple):
    """One selector, and whether it keeps or drops; `site` is the name of its table."""

    hint: str
    selector: str
    site: str

    def __str__(self) -> str:
        return f'{self.hint} "{self.selector}" of {self.site}'


def check(settings: Settings) -> None:
    """Raises SettingsError for a selector that is not CSS."""
    for rule in _rules(settings):
        _compiled(rule)


def rules(settings: Settings, file: str, addresses: Iterable[str]) -> list[Rule]:
    """The rules for a page of this file, by its first folder under corpus/, and by the first of its addresses."""
    if not settings.sites:
        return []
    host = next(filter(None, map(_host, addresses)), "")
    folder = next((_folder(file, name) for name in settings.corpus if file.startswith(f"{name}/")), "")
    return [rule for rule in _rules(settings) if _is_of(rule.site, host, folder)]


def _rules(settings: Settings) -> Iterator[Rule]:
    for name, site in settings.sites.items():
        for hint, selectors in ((KEEP, site.keep), (DROP, site.drop)):
            yield from (Rule(hint, selector, name) for selector in selectors)


def _is_of(site: str, host: str, folder: str) -> bool:
    name = site.lower().removeprefix("www.")
    return site == folder or host == name or host.endswith(f".{name}")


def _host(address: str) -> str:
    try:
        return (urlsplit(address.strip()).hostname or "").rstrip(".")
    except ValueError:  # a broken address has none
        return ""


def _folder(file: str, top: str) -> str:
    first, parted, _ = file[len(top) + 1 :].partition("/")
    return first if parted else ""


@cache
def _compiled(rule: Rule) -> Any:
    import soupsieve  # only archives with such rules pay for it

    try:
        return soupsieve.compile(rule.selector)
    except (soupsieve.SelectorSyntaxError, NotImplementedError) as error:
        reason = str(error).partition("\n")[0]
        hint = f'{reason[:1].lower()}{reason[1:]}; e.g. {rule.hint} = [".article-body", "#comments"]'
        raise SettingsError(f"not a CSS selector in {FILE}, sites.{rule.site}: {rule.selector}", hint) from error


class Marked(NamedTuple):
    """A page with our classes in it, by hint, and what there is to say about the rules."""

    text: str
    classes: Mapping[str, str]
    claims: tuple[Claim, ...]

    def hinted(self, blocks: Sequence[Block]) -> list[Block]:
        """The blocks with what their zones say as their hints; what is dropped within what is kept is dropped."""
        return [_hinted(block, self.classes) for block in blocks]


def marked(text: str, rules: Sequence[Rule]) -> Marked:
    """The page with every element marked that a rule is about.

    Each rule is a claim: a "rule" that found something on the page, or "unused". A page that is too large, or that
    BeautifulSoup cannot read, is as it was, and a note says so.
    """
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    classes = {hint: f"{hint}-{digest}" for hint in (DROP, KEEP)}  # no page holds its own digest
    soup = _soup(text)
    if soup is None:
        return Marked(text, classes, (UNUSED,))
    starts: dict[int, tuple[Tag, list[str]]] = {}
    claims = []
    for rule in rules:
        places = _places(text, soup, rule)
        for place, tag in places:
            starts.setdefault(place, (tag, []))[1].append(rule.hint)
        claims.append(Claim("rule", str(rule), FILE) if places else Claim("unused", str(rule), FILE))
    return Marked(_written(text, starts, classes), classes, tuple(claims))


def _soup(text: str) -> BeautifulSoup | None:
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    if len(text) > LONGEST or text.count("<") > MOST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of pages that look like XML or like the name of a file
            return BeautifulSoup(text, "html.parser")
    except (ParserRejectedMarkup, RecursionError):
        return None


def _places(text: str, soup: BeautifulSoup, rule: Rule) -> list[tuple[int, Tag]]:
    """The elements that a rule is about, each with where its tag begins in the text."""
    found = []
    lines = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    for tag in _compiled(rule).select(soup):
        place = lines[(tag.sourceline or 1) - 1] + (tag.sourcepos or 0)
        if text.startswith("<", place) and text[place + 1 :][: len(tag.name)].lower() == tag.name.lower():
            found.append((place, tag))
    return found


def _written(text: str, starts: Mapping[int, tuple[Tag, Sequence[str]]], classes: Mapping[str, str]) -> str:
    """The text with our classes before those that a tag has: of two attributes of one name the first counts.

    What is dropped is hidden as well, and so stands apart from the line that it is in.
    """
    parts, done = [], 0
    for place, (tag, hints) in sorted(starts.items(), key=lambda item: item[0]):
        end = place + 1 + len(tag.name)
        own = tag.get("class") or ()
        names = [*(classes[hint] for hint in dict.fromkeys(hints)), *([own] if isinstance(own, str) else own)]
        hidden = " hidden" if DROP in hints else ""
        parts += [text[done:end], f'{hidden} class="{escape(" ".join(names))}"']
        done = end
    return "".join([*parts, text[done:]])


def _hinted(block: Block, classes: Mapping[str, str]) -> Block:
    hint = next((hint for hint, name in classes.items() if name in block.zone), None)
    if hint is None:
        return block
    ours = set(classes.values())
    return block._replace(hint=hint, zone=tuple(name for name in block.zone if name not in ours))
