"""Which names of an archive are one person, place or organisation? Of what articles call them, one name for all.

A *form* is a name as one article alone makes it. Forms that may be one entity share a key, and what a form becomes
depends on nothing but the forms that share its keys and on how many articles have each: so it is the same in
whatever order articles came, and can be worked out anew for a few keys. Two steps, each of its own keys:

1. Spelling. John F. Kerry and John Kerry, Acme Inc. and ACME have one key; the archive takes the name that most
   articles have, and the kind (a company that a few articles take for a person).
2. Short forms. An article that has ICC, or Kerry, and no more: they stand for the one full name that they have in
   nearly all other articles. What that full name becomes by its spelling, the short form becomes, and so does what
   is spelled as it.

Two persons of one full name cannot be told apart. Decision 18.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from searcher import text
from searcher.entities.spelling import KINDS, Form, Spelling, acronym, spelling
from searcher.model import Article, Name, NameKind

SPELLED, ACRONYM, SURNAME = "name:", "org:", "surname:"
"""How keys begin: those of one spelling, of what an acronym may stand for, of all who have a surname."""

KIND, KIND_OF_ONE = 0.8, 0.98
"""The share of articles that decides the kind of a name, and of a name of one word: it may well be both."""

READING = 0.9
"""The share of the articles in which a short form, or a name without an initial, has one meaning, so that it has it
in the others."""

ENOUGH: Mapping[str, tuple[int, float]] = {ACRONYM: (1, 0.5), SURNAME: (3, 1.0)}
"""In how many articles a full name must stand at least, and so many times the square root of those with the short
form alone. That an article says what an acronym means is more than that somebody has a surname."""

ALIKE = 0.5
"""Two full names of one short form that have more of their words in common are one."""

Counts = Mapping[Form, int]
"""The forms that share a key, and how many articles have each under that key."""


def forms(article: Article) -> dict[Form, tuple[str, ...]]:
    """The forms of an article, as its page alone made it, each with the acronyms that stand for it there."""
    found: dict[Form, dict[str, None]] = {form: {} for _, form in _ranked(article)}
    for name in article.names:
        form = Form(name.kind, name.name)
        if name.kind == "org" and form in found and name.text != name.name and acronym(name.text):
            found[form][name.text] = None
    return {form: tuple(aliases) for form, aliases in found.items()}


def keys(form: Form, aliases: Iterable[str] = ()) -> tuple[str, ...]:
    """What the form has in common with those that may be the same entity; `aliases` are acronyms of it.

    >>> keys(Form("person", "John F. Kerry"))
    ('name:johnkerry', 'surname:kerry')
    >>> keys(Form("org", "International Criminal Court"), ["ICC"]), keys(Form("org", "ICC"))
    (('name:internationalcriminalcourt', 'org:icc'), ('name:icc', 'org:icc'))
    """
    found = {SPELLED + spelling(form).key: None}
    if form.kind == "person":
        found[SURNAME + spelling(form).words[-1]] = None
    if form.kind == "org":
        short = [form.name] if acronym(form.name) else aliases
        found |= dict.fromkeys(ACRONYM + text.fold(alias) for alias in short)
    return tuple(found)


def agreed(wanted: Iterable[Form], having: Callable[[str], Counts]) -> dict[Form, Form]:
    """What the archive calls these forms, as far as it is something else.

    `having` gives, for a key, all the forms that have it and in how many articles.
    """
    canonical_of = cache(lambda key: canonical(key, having(key)))

    def spelled(form: Form) -> Form:
        return canonical_of(keys(form)[0]).get(form, form)

    def called(form: Form) -> Form:
        near = spelled(form)
        if near.kind != form.kind and _is_short(form):  # Mr England is not England, if he is somebody
            near = form
        for key in keys(near)[1:] if _is_short(near) else ():
            full = spelled(canonical_of(key).get(near, near))
            if full.kind == near.kind:  # Mr Stanley is not Morgan Stanley
                return full
        return spelled(near)

    return {form: name for form in wanted if (name := called(form)) != form}


def affected(
    touched: Collection[str], having: Callable[[str], Counts], keys_of: Callable[[Form], Iterable[str]]
) -> set[str]:
    """The spellings, as keys, of the forms that agreed() may call otherwise than before, after articles with these
    keys came or left.

    They are those among these keys, those of the short forms with another such key, and those of the short forms of
    what is spelled so. `keys_of` gives all the keys that a form has in any article.
    """
    own = {key for key in touched if key.startswith(SPELLED)}
    more = {key for spelled in own for form in having(spelled) for key in keys_of(form)}
    return own | {_spelling(key) for key in more.union(touched) if not key.startswith(SPELLED)}


def _spelling(key: str) -> str:
    """The key of those that are spelled as the short forms with this key."""
    kind, name = key.split(":", 1)
    return SPELLED + spelling(Form("person" if f"{kind}:" == SURNAME else "org", name)).key


def canonical(key: str, group: Counts) -> dict[Form, Form]:
    """What the forms of a group become, as far as they become another one; `key` is what they share."""
    kind = key[: key.index(":") + 1]
    return _spelled(group) if kind == SPELLED else _meant(group, *ENOUGH[kind])


def _spelled(group: Counts) -> dict[Form, Form]:
    """Of each form the name that most articles have for it, and the kind."""
    kinds = Counter[NameKind]()
    for form, number in group.items():
        kinds[form.kind] += number
    moved = {form: Form(_kind(form, kinds), form.name) for form in group}
    counts = Counter[Form]()
    for form, number in group.items():
        counts[moved[form]] += number
    best = {form: one for alike in _alike(counts) for one in [_commonest(alike, counts)] for form in alike}
    return {form: best[moved[form]] for form in group if best[moved[form]] != form}


def _kind(form: Form, kinds: Mapping[NameKind, int]) -> NameKind:
    if spelling(form).company:  # Maryland Inc. is no place
        return form.kind
    first = max(kinds, key=lambda kind: (kinds[kind], kind))
    share = KIND if len(spelling(form).words) > 1 else KIND_OF_ONE
    return first if kinds[first] >= share * (kinds[first] + kinds[form.kind]) else form.kind


def _alike(counts: Counts) -> Iterator[list[Form]]:
    """The forms of one kind that are one entity: fathers and sons, and those with other initials, are apart."""
    for alike in _parted(list(counts), lambda form: form.kind):
        for family in _united(alike, counts, lambda how: how.generation, 1.0):
            yield from _united(family, counts, lambda how: how.initials, 0.0)


def _parted(every: Iterable[Form], by: Callable[[Form], str]) -> Iterator[list[Form]]:
    parts = defaultdict[str, list[Form]](list)
    for form in every:
        parts[by(form)].append(form)
    return iter(parts.values())


def _united(
    every: Sequence[Form], counts: Counts, of: Callable[[Spelling], str], least: float
) -> Iterator[list[Form]]:
    """The forms by what `of` says of their spelling. Those without are put to one of the others, if it is nearly
    alone and stands in so many articles (`least`, as a share of theirs)."""
    sums = Counter[str]()
    for form in every:
        sums[of(spelling(form))] += counts[form]
    without = sums.pop("", 0)
    first = min(sums, key=lambda mark: (-sums[mark], mark), default="")
    joins = sums[first] >= max(READING * sums.total(), least * without)
    return _parted(every, lambda form: of(spelling(form)) or (first if joins else ""))


def _commonest(alike: Iterable[Form], counts: Counts) -> Form:
    """The form that most articles have; a line IN CAPITALS does not say how a name of several words is written."""
    shown = {form: form.name.isupper() and " " in form.name for form in alike}
    return min(shown, key=lambda form: (shown[form], -counts[form], len(form.name), form.name.swapcase()))


def _meant(group: Counts, least: int, root: float) -> dict[Form, Form]:
    """Of each short form the full name that it has in nearly all articles, if there is one."""
    short = [form for form in group if _is_short(form)]
    full = (form for form in group if len(spelling(form).words) > 1 and not _is_short(form))
    readings = _parted(full, lambda form: spelling(form).key)
    sums = {_commonest(reading, group): sum(group[form] for form in reading) for reading in readings}
    if not short or not sums:
        return {}
    first = min(sums, key=lambda form: (-sums[form], form))
    alike = sum(number for form, number in sums.items() if _nearly(form, first))
    enough = max(least, root * sum(group[form] for form in short) ** 0.5, READING * sum(sums.values()))
    return dict.fromkeys(short, first) if alike >= enough else {}


def _nearly(one: Form, other: Form) -> bool:
    """Whether two full names of one short form have most of their words in common: acronyms are often misquoted."""
    words, others = set(spelling(one).words), set(spelling(other).words)
    return len(words & others) > ALIKE * len(words | others)


def _is_short(form: Form) -> bool:
    return acronym(form.name) if form.kind == "org" else len(spelling(form).words) == 1


def renamed(article: Article, mapping: Mapping[Form, Form]) -> Article:
    """The article, as its page alone made it, with the names that the archive has for its forms.

    Of each kind the most salient come first, as they did; what is of another kind than it was keeps its rank.
    """
    if not mapping:
        return article
    called = [(at, mapping.get(form, form)) for at, form in _ranked(article)]
    of = {kind: _unique(form.name for _, form in sorted(called) if form.kind == kind) for kind in KINDS}
    quotes = tuple(quote._replace(speaker=_speaker(quote.speaker, mapping)) for quote in article.quotes)
    return replace(
        article, people=of["person"], places=of["place"], orgs=of["org"], salient=_salient(article, mapping),
        speakers=_unique(_speaker(name, mapping) for name in article.speakers), quotes=quotes,
        names=tuple(_mention(name, mapping) for name in article.names),
    )  # fmt: skip


def _ranked(article: Article) -> Iterator[tuple[int, Form]]:
    """The forms, with the place of each among those of its kind."""
    for kind, names in zip(KINDS, (article.people, article.places, article.orgs), strict=True):
        yield from ((at, Form(kind, name)) for at, name in enumerate(names))


def _salient(article: Article, mapping: Mapping[Form, Form]) -> tuple[str, ...]:
    """A name may be a person's and a place's."""
    named = defaultdict[str, list[str]](list)
    for _, form in _ranked(article):
        named[form.name].append(mapping.get(form, form).name)
    return _unique(called for name in article.salient for called in named.get(name, [name]))


def _speaker(name: str | None, mapping: Mapping[Form, Form]) -> str | None:
    forms = (Form(kind, name) for kind in KINDS) if name else ()
    return next((mapping[form].name for form in forms if form in mapping), name)


def _mention(name: Name, mapping: Mapping[Form, Form]) -> Name:
    called = mapping.get(Form(name.kind, name.name))
    return name._replace(name=called.name, kind=called.kind) if called else name


def _unique(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
