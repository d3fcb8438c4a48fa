"""What has the owner of this archive decided? searcher.toml, read once and checked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from searcher.errors import SettingsError

FILE = "searcher.toml"

CLEANING = ("blocks", "trafilatura")
"""What may decide which parts of a web page are its article."""

OWN, RULES, SPACY = "own", "rules", "spacy:"
"""What may say which words of a text are names: the models of this program, its lists and rules alone, which are
several times faster and miss more, or a spaCy pipeline, by its name."""


class Site(NamedTuple):
    """CSS selectors for the pages of one site: what is in `keep` is the article, what is in `drop` is not."""

    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


class OpenSearch(NamedTuple):
    """Where the engine "opensearch" keeps an archive: the URLs of nodes, commas between them, with user and
    password if they are needed; the name of the archive there, an alias of the index that answers."""

    url: str = "http://localhost:9200"
    name: str = "searcher"
    shards: int = 1
    replicas: int = 1
    ca_certs: str | None = None


def shown(urls: str | Path) -> str:
    """URLs without users and passwords, also one that was taken for a path.

    >>> shown("https://me:secret@host:9200/news")
    'https://host:9200/news'
    """
    return re.sub(r"//?[^/,]*@", "//", str(urls))


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one archive, each with a default that suits most.

    engine      "auto", "whoosh", "tantivy", "opensearch" or "memory"
    timezone    an IANA name; dates of queries and of pages with a time in UTC are days in it
    day_first   how 05/06/2015 is meant: True 5 June, False 6 May, None nobody knows
    corpus      folders that hold the archive, relative to searcher.toml
    sources     a host name, a first folder under corpus/ or what pages call it → the name of a publisher
    jsonl       a field of Article → the name it has in a JSONL dump ({"body": "content"})
    cleaning    "blocks", or "trafilatura" to let that decide what of a web page is its article
    names       "own"; "rules" for lists and rules alone; or "spacy:" and the name of a pipeline to let that say
                which words of a text are names
    sites       a host name or a first folder under corpus/ → which parts of its pages are the article
    opensearch  where the cluster is, for the engine "opensearch"
    root        the archive's folder, where its saved searches lie; no key of searcher.toml
    """

    engine: str = "auto"
    timezone: str = "UTC"
    day_first: bool | None = None
    corpus: tuple[str, ...] = ("corpus",)
    sources: Mapping[str, str] = field(default_factory=dict)
    jsonl: Mapping[str, str] = field(default_factory=dict)
    cleaning: str = "blocks"
    names: str = OWN
    sites: Mapping[str, Site] = field(default_factory=dict)
    opensearch: OpenSearch | None = None
    root: Path | None = None


_TYPES: Mapping[str, tuple[type, str]] = {
    "engine": (str, "a name in quotes"),
    "timezone": (str, "a name in quotes"),
    "day_first": (bool, "true or false"),
    "corpus": (list, "a list of folders"),
    "sources": (dict, "a table"),
    "jsonl": (dict, "a table"),
    "cleaning": (str, "a name in quotes"),
    "names": (str, "a name in quotes"),
    "sites": (dict, "a table of tables"),
    "opensearch": (dict, "a table"),
}
_CLUSTER = '[opensearch] url = "http://localhost:9200" name = "news" shards = 1 replicas = 1'
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_EXAMPLE = '[sites."example.org"] keep = [".article-body"] drop = [".newsletter"]'


def load(root: Path) -> Settings:
    """The settings beside `root`/corpus, the defaults where there is no searcher.toml.

    Raises SettingsError for a file that is not TOML, an unknown key (with the nearest known one), a value of
    the wrong type or a time zone that does not exist. Whether a selector is CSS, those say who read pages.
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
    if "sites" in values:
        values["sites"] = {name: _site(name, rules) for name, rules in values["sites"].items()}
    if "opensearch" in values:
        values["opensearch"] = _cluster(values["opensearch"])
    settings = Settings(**values)
    _check_zone(settings.timezone)
    return settings


def _check(key: str, value: Any) -> None:
    _known("setting", key, list(_TYPES))
    wanted, words = _TYPES[key]
    if not isinstance(value, wanted):
        raise SettingsError(f"{key} in {FILE} must be {words}: {value!r}")
    if key == "cleaning" and value not in CLEANING:
        raise SettingsError(f"unknown cleaning in {FILE}: {value}", f"known: {', '.join(CLEANING)}")
    if key == "names" and value not in (OWN, RULES) and not _is_pipeline(str(value)):
        raise SettingsError(f"unknown names in {FILE}: {value}", f"known: {OWN}, {RULES}, {SPACY}en_core_web_sm")
    parts = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    if key not in ("sites", "opensearch") and not all(isinstance(part, str) for part in parts):
        raise SettingsError(f"{key} in {FILE} may hold only text: {value!r}")


def _is_pipeline(value: str) -> bool:
    return value.startswith(SPACY) and bool(value.removeprefix(SPACY).strip())


def _known(what: str, key: str, known: list[str]) -> None:
    if key not in known:
        near = difflib.get_close_matches(key, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
        raise SettingsError(f"unknown {what} in {FILE}: {key}", hint)


def _site(name: str, rules: Any) -> Site:
    where = f"sites.{name} in {FILE}"
    if not isinstance(rules, dict) or not name.strip():
        raise SettingsError(f"{where} must be a table of keep and drop: {rules!r}", _EXAMPLE)
    for key, selectors in rules.items():
        _known(f"rule for {name}", key, list(Site._fields))
        if not isinstance(selectors, list) or not all(isinstance(one, str) for one in selectors):
            raise SettingsError(f"{key} of {where} must be a list of CSS selectors: {selectors!r}", _EXAMPLE)
    return Site(**{key: tuple(dict.fromkeys(selectors)) for key, selectors in rules.items()})


def _cluster(table: Mapping[str, Any]) -> OpenSearch:
    for key, value in table.items():
        _known("setting of opensearch", key, list(OpenSearch._fields))
        if type(value) is not (int if key in ("shards", "replicas") else str):
            words = "a number" if key in ("shards", "replicas") else "text in quotes"
            raise SettingsError(f"{key} of opensearch in {FILE} must be {words}: {value!r}", _CLUSTER)
    held = OpenSearch(**table)
    if not _NAME.fullmatch(held.name):
        raise SettingsError(f"name of opensearch in {FILE} must be of a-z, 0-9, -, _ and .: {held.name}", _CLUSTER)
    if held.shards < 1 or held.replicas < 0:
        raise SettingsError(
            f"too few shards or replicas of opensearch in {FILE}: {held.shards}, {held.replicas}", _CLUSTER
        )
    if not all(url.strip().startswith(("http://", "https://")) for url in held.url.split(",")):
        raise SettingsError(f"url of opensearch in {FILE} must begin with http:// or https://", _CLUSTER)
    return held


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
