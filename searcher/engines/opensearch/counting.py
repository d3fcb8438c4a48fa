"""In how many of the articles found does each value stand? Exact, on any number of shards.

The cluster gives the largest counts, and says what may be missing. Where nothing may, they are all; else the rest
is asked for when it is needed, page by page. So counts of values that are many are not read to show the first ten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from searcher.engines.opensearch.cluster import MOST, Json
from searcher.engines.opensearch.documents import GROUPS, later_field, shown_field, value
from searcher.engines.port import MAIN, PERIODS, Counts
from searcher.query.plan import base

FEW = 2000
"""How many values of a field are asked for at once: of most fields and results that is all."""

DAYS = 20_000
"""How many dates: those of fifty years."""

PAGE = 20_000
"""How many values one page has where all are read."""


class Asking(NamedTuple):
    """What is counted: `ask` sends a request body about the articles of `query`."""

    ask: Callable[[Json], Json]
    query: Json

    def within(self, *filters: Json) -> Asking:
        """The same articles, as far as they match these as well."""
        return self._replace(query={"bool": {"filter": [self.query, *filters]}})

    def aggregated(self, parts: Mapping[str, Json]) -> Json:
        """The named aggregations."""
        body = {"size": 0, "query": self.query, "aggs": dict(parts), "track_total_hits": False}
        held: Json = self.ask(body)["aggregations"]
        return held

    def total(self) -> int:
        """How many articles there are."""
        answer = self.ask({"size": 0, "query": self.query, "track_total_hits": True})
        return int(answer["hits"]["total"]["value"])

    def every(self, *fields: str) -> Iterator[tuple[tuple[str, ...], int]]:
        """Every combination of values of these fields, and in how many articles; those without one are left out."""
        sources = [{str(at): {"terms": {"field": field}}} for at, field in enumerate(fields)]
        page: Json = {"size": PAGE, "sources": sources}
        while True:
            held = self.aggregated({"page": {"composite": page}})["page"]
            for bucket in held["buckets"]:
                yield tuple(bucket["key"][str(at)] for at in range(len(fields))), bucket["doc_count"]
            if len(held["buckets"]) < PAGE:
                return
            page = page | {"after": held["after_key"]}


def count(asking: Asking, names: Sequence[str], by: str | None) -> Mapping[str, Counts]:
    """The counts of each of these names."""
    wanted = {name for name in names if name not in GROUPS}
    wanted |= {base(name) for name in wanted if name.endswith(MAIN)}
    parts = {name.replace(".", "-"): _largest(name) for name in sorted(wanted)}
    held = asking.aggregated(parts) if parts else {}
    first = {name: First.of(held[name.replace(".", "-")]) for name in wanted}
    return {name: _counts(asking, name, by, first) for name in names}


def _largest(name: str) -> Json:
    few = DAYS if name in ("date", *PERIODS) else FEW
    size = {"size": few, "shard_size": few, "show_term_doc_count_error": True}
    return {"terms": {"field": shown_field(name), **size}}


class First(NamedTuple):
    """The largest counts; a value that is missing has at most `missing`: None if none is.

    `errors` says of some by how much more they may have.
    """

    counts: dict[str, int]
    missing: int | None
    errors: Mapping[str, int]

    @classmethod
    def of(cls, held: Json) -> First:
        """What the cluster answered."""
        counts = {bucket["key"]: bucket["doc_count"] for bucket in held["buckets"]}
        errors = {one["key"]: more for one in held["buckets"] if (more := one.get("doc_count_error_upper_bound"))}
        whole = not held["sum_other_doc_count"] and not held["doc_count_error_upper_bound"]
        return cls(counts, None if whole else held["doc_count_error_upper_bound"], errors)


def _counts(asking: Asking, name: str, by: str | None, first: Mapping[str, First]) -> Counts:
    if name in GROUPS:
        return Grouped(asking, name, by)
    if not name.endswith(MAIN):
        return Valued(asking, name, by, first[name])
    main, own = first[name], first[base(name)]
    if main.missing is None and own.missing is None:
        return Valued(asking, base(name), by, First({each: own.counts[each] for each in main.counts}, None, {}))
    return Main(asking, base(name), by, own)


class Valued(Counts):
    """The counts of a field, as many of them as were asked for."""

    def __init__(self, asking: Asking, name: str, by: str | None, first: First) -> None:
        self._asking = asking
        self._name = name
        self._field = shown_field(name)
        self._by = by
        self._first = first
        self._held: dict[str, int] | None = first.counts if first.missing is None else None
        self._known: dict[str, int] = {}

    def all(self) -> dict[str, int]:
        """Every value and its count."""
        if self._held is None:
            self._held = self._every()
        return self._held

    def _every(self) -> dict[str, int]:
        return {key: number for (key,), number in self._asking.every(self._field)}

    def __getitem__(self, shown: str) -> int:
        if self._held is None and shown not in self._known:
            self._known |= {shown: 0} | self._of([shown])
        number = (self._known if self._held is None else self._held).get(value(shown), 0)
        if not number:
            raise KeyError(shown)
        return number

    def __iter__(self) -> Iterator[str]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def most_common(self, n: int) -> list[tuple[str, int]]:
        if n <= 0:
            return []
        largest = _sorted(self.all() if self._held is not None else self._some(n))[:n]
        self._known |= dict(largest)
        return largest

    def _some(self, n: int) -> dict[str, int]:
        """All that may be among the `n` largest, or more."""
        counts, missing, errors = self._first
        if missing:
            at_least = _nth(counts, n)
            likely = [each for each, number in counts.items() if number + errors.get(each, 0) >= at_least]
            sure = {each: counts[each] for each in likely if each not in errors}
            counts = sure | self._of([each for each in likely if each in errors])
        return counts if len(counts) >= n and _nth(counts, n) > (missing or 0) else self.all()

    def _of(self, values: Sequence[str]) -> dict[str, int]:
        """The counts of these values, without those that are 0."""
        found: dict[str, int] = {}
        for at in range(0, len(values), FEW):
            some = list(map(value, values[at : at + FEW]))
            part: Json = {"terms": {"field": self._field, "include": some, "size": FEW, "shard_size": FEW}}
            found |= First.of(self._asking.aggregated({"some": part})["some"]).counts
        return found

    def groups(self, values: Iterable[str]) -> dict[str, int]:
        wanted = list(values)
        held = list(dict.fromkeys(map(value, wanted)))
        if not held:
            return {}
        counts = self.all() if self._held is not None else self._of(held)
        fewer = self._fewer(held) if self._by and any(counts.get(each, 0) > 1 for each in held) else {}
        return {each: counts.get(value(each), 0) - fewer.get(value(each), 0) for each in wanted}

    def _fewer(self, values: Collection[str]) -> Mapping[str, int]:
        """Of each value how many more articles there are than groups."""
        assert self._by
        few = self._asking if len(values) > MOST else self._asking.within({"terms": {self._field: list(values)}})
        key = later_field(self._by) if self._by in GROUPS else shown_field(self._by)
        fewer, followed = Counter[str](), set[tuple[str, str]]()
        for (group, each), number in few.every(key, self._field):
            fewer[each] += number - 1
            followed.add((group, each))
        if self._by in GROUPS:
            fewer.update(each for group, each in _firsts(few, followed, self._by, self._field))
        return fewer


def _firsts(
    asking: Asking, followed: Collection[tuple[str, str]], by: str, field: str
) -> Iterator[tuple[str, str]]:
    """Those of the groups and values that the first article of the group has as well."""
    alone = {"bool": {"must_not": [{"exists": {"field": later_field(by)}}]}}
    keys = sorted({group for group, _ in followed})
    for at in range(0, len(keys), MOST):
        firsts = asking.within(
            {"terms": {"id": keys[at : at + MOST]}}, {"exists": {"field": shown_field(by)}}, alone
        )
        yield from ((key, each) for (key, each), _ in firsts.every("id", field) if (key, each) in followed)


class Main(Valued):
    """The counts of those values that an article at least is about."""

    def _every(self) -> dict[str, int]:
        main = {key for (key,), _ in self._asking.every(shown_field(self._name + MAIN))}
        return {key: number for (key,), number in self._asking.every(self._field) if key in main}

    def _of(self, values: Sequence[str]) -> dict[str, int]:
        main = Valued(self._asking, self._name + MAIN, None, First({}, 0, {}))._of(values)
        return {key: number for key, number in super()._of(values).items() if key in main}

    def _some(self, n: int) -> dict[str, int]:
        largest = _sorted(self._first.counts)
        for size in (5 * n + 50, len(largest)):
            counts = self._of([each for each, _ in largest[:size]])
            rest = largest[:size][-1][1] if largest else 0  # those that come after have no more than the last
            if len(counts) >= n and _nth(counts, n) > rest + (self._first.missing or 0):
                return counts
        return self.all()


class Grouped(Valued):
    """The counts of a field of groups: most values are of one article, the first, whose id they are."""

    def __init__(self, asking: Asking, name: str, by: str | None) -> None:
        super().__init__(asking, name, by, First({}, 0, {}))
        self._several: dict[str, int] | None = None
        self._number: int | None = None

    def several(self) -> dict[str, int]:
        """The groups that hold others than the first, and how many articles are in each."""
        if self._several is None:
            counts = Counter({key: number for (key,), number in self._asking.every(later_field(self._name))})
            pairs = {(key, key) for key in counts}
            counts.update(key for key, _ in _firsts(self._asking, pairs, self._name, "id"))
            self._several = dict(counts)
        return self._several

    def __len__(self) -> int:
        if self._number is None:
            having = self._asking.within({"exists": {"field": self._field}}).total()
            self._number = having - sum(self.several().values()) + len(self.several())
        return self._number

    def __getitem__(self, shown: str) -> int:
        return self.several().get(shown) or super().__getitem__(shown)

    def get(self, shown: str, default: Any = None) -> Any:
        """A group of which nobody follows the first has one article or none: who takes 1 for none need not ask."""
        return self.several().get(shown, 1) if default == 1 else super().get(shown, default)

    def _some(self, n: int) -> dict[str, int]:
        held = self.several()
        return held if sum(number > 1 for number in held.values()) >= n else self.all()


def _nth(counts: Mapping[str, int], n: int) -> int:
    """The n-th largest count; 0 if there are fewer."""
    return sorted(counts.values(), reverse=True)[n - 1] if 0 < n <= len(counts) else 0


def _sorted(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
