"""What has the owner of this archive decided? searcher.toml, read once and checked."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any

from searcher.errors import SettingsError

FILE = "searcher.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one archive, each with a default that suits most.

    engine      "auto", "whoosh" or "memory"
    timezone    an IANA name; dates of queries and of pages with a time in UTC are days in it
    day_first   how 05/06/2015 is meant: True 5 June, False 6 May, None nobody knows
    corpus      folders that hold the archive, relative to searcher.toml
    sources     a host name, a first folder under corpus/ or what pages call it → the name of a publisher
    jsonl       a field of Article → the name it has in a JSONL dump ({"body": "content"})
    root        the archive's folder, where its saved searches lie; no key of searcher.toml
    """

    engine: str = "auto"
    timezone: str = "UTC"
    day_first: bool | None = None
    corpus: tuple[str, ...] = ("corpus",)
    sources: Mapping[str, str] = field(default_factory=dict)
    jsonl: Mapping[str, str] = field(default_factory=dict)
    root: Path | None = None


_TYPES: Mapping[str, tuple[type, str]] = {
    "engine": (str, "a name in quotes"),
    "timezone": (str, "a name in quotes"),
    "day_first": (bool, "true or false"),
    "corpus": (list, "a list of folders"),
    "sources": (dict, "a table"),
    "jsonl": (dict, "a table"),
}


def load(root: Path) -> Settings:
    """The settings beside `root`/corpus, the defaults where there is no searcher.toml.

    Raises SettingsError for a file that is not TOML, an unknown key (with the nearest known one), a value of
    the wrong type or a time zone that does not exist.
    """
    path = root / FILE
    if not path.exists():
        return Settings(root=root)
    import tomllib  # only archives with a settings file pay for it

    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, RecursionError) as error:
        raise SettingsError(f"cannot read {FILE}: {error}", f"see {path}") from error
    return replace(parse(table), root=root)


def parse(table: Mapping[str, Any]) -> Settings:
    """Settings from a table of searcher.toml; raises SettingsError as load() does."""
    for key, value in table.items():
        _check(key, value)
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    if "corpus" in values:
        values["corpus"] = _folders(values["corpus"])
    settings = Settings(**values)
    _check_zone(settings.timezone)
    return settings


def _check(key: str, value: Any) -> None:
    known = list(_TYPES)
    if key not in known:
        near = difflib.get_close_matches(key, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
        raise SettingsError(f"unknown setting in {FILE}: {key}", hint)
    wanted, words = _TYPES[key]
    if not isinstance(value, wanted):
        raise SettingsError(f"{key} in {FILE} must be {words}: {value!r}")
    parts = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    if not all(isinstance(part, str) for part in parts):
        raise SettingsError(f"{key} in {FILE} may hold only text: {value!r}")


def _folders(named: tuple[str, ...]) -> tuple[str, ...]:
    folders = tuple(dict.fromkeys(PurePath(name).as_posix() for name in named))
    if not folders or "." in folders:
        raise SettingsError(f"corpus in {FILE} must name folders: {list(named)}", 'corpus = ["corpus", "../warcs"]')
    return folders


def _check_zone(name: str) -> None:
    if name == "UTC":
        return
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(f"unknown time zone in {FILE}: {name}", "an IANA name, e.g. Europe/Berlin") from error
