"""Why does a word, a phrase or a pattern find nothing? Its words one by one, and where else it stands."""

from __future__ import annotations

from collections.abc import Iterator

from searcher import fields, text
from searcher.query.tree import Exact, Fuzzy, InField, Loose, Node, Phrase, Regex, Wild, Word, conj
from searcher.suggest.asking import Asked
from searcher.suggest.lines import Line, Part, line
from searcher.suggest.widening import at, distance, found, longest_run, plain, words_of

NAMES = ("person", "place", "org", "author", "speaker")
"""Where else a name may stand."""

LISTED = ("source", "agency", "lang", "section")
"""Fields with few values: the most frequent ones are named."""

VALUES = 3
"""How many values are named."""

NOWHERE = "in no title and no text"
"""What is said of a word that no article has."""

WORDS = 4
"""Of how many words of a phrase each is counted."""


def in_field(node: Node, field: str, asked: Asked) -> Iterator[Line]:
    """What is to be said because it was looked for in a field: that it is empty, or where else it stands."""
    tree = InField(field, node)
    if not asked.total(InField("has", Word(field))) and field not in ("has", "is"):
        yield from line(asked, [tree], said=f"{field} is empty in this archive")
        return
    others = [part for part in elsewhere(node, field) if asked.total(part.tree)]
    known = _known(field, asked) if field in LISTED else ""
    if fields.BY_NAME[field].kind == "value" and not known:
        others.append(Part(f"has:{field}", InField("has", Word(field))))
    if others or known:
        yield from line(asked, [tree], others[:2], known)


def elsewhere(node: Node, field: str) -> Iterator[Part]:
    """The same in other fields: a name that is a place's, a word of a headline anywhere."""
    kind = fields.BY_NAME[field].kind
    others = [name for name in NAMES if name != field] if kind == "name" and field != "entity" else []
    yield from (Part(str(InField(name, node)), InField(name, node)) for name in others)
    if kind == "name" and isinstance(node, Exact):
        inner = InField(field, Phrase(_lowered(node.text)))
        yield Part(str(inner), inner)
    if kind == "text" or field in ("author", "source", *NAMES):
        anywhere = Phrase(_lowered(node.text)) if kind != "text" and isinstance(node, Exact) else node
        yield Part(f"{plain(anywhere)} anywhere", plain(anywhere))


def _lowered(content: str) -> str:
    return " ".join(word.raw for word in text.words(content))


def _known(field: str, asked: Asked) -> str:
    """The most frequent values of a field."""
    values = asked.values(field)
    shown = ", ".join(f"{value} {count:,}" for value, count in values.most_common(VALUES))
    more = len(values) - VALUES
    return f"this archive has {shown}" + (f" and {more:,} more" if more > 0 else "")


def leaf(node: Node, field: str | None, asked: Asked) -> Iterator[Line]:
    """What is to be said about a leaf that finds nothing."""
    match node:
        case Word(content) | Phrase(content) | Loose(content) if len(words_of(content)) > 1:
            yield from _row(node, words_of(content), field, asked)
        case Word() | Phrase() | Loose():
            yield from _word(node, field, asked)
        case Exact(content):
            yield from _exact(node, field, asked)
        case Wild() | Fuzzy() | Regex():
            more = found(node, field, asked)
            parts = [Part(str(at(more.node, field)), at(more.node, field))] if more else []
            said = "" if more else f"fits no word of {field or 'this archive'}"
            yield from line(asked, [at(node, field)], parts, said)


def _row(node: Word | Phrase | Loose, words: list[Node], field: str | None, asked: Asked) -> Iterator[Line]:
    """Several words: each, all of them, in a row, and near each other."""
    placed = [at(word, field) for word in words]
    missing = [word for word in placed if asked.total(word) == 0]
    shown = missing[:WORDS] if len(placed) > WORDS else placed
    run = None if isinstance(node, Loose) else longest_run(node.text, field, asked)
    run_part = [Part(str(at(run, field)), at(run, field))] if run else []
    if missing:
        yield from line(asked, shown, run_part)
        return
    parts = [Part("all words" if len(placed) > 2 else "both", conj(placed))]
    if not asked.total(parts[0].tree):
        parts += run_part
    else:
        parts.append(Part(_together(node), at(node, field)))
        less = found(node if not isinstance(node, Word) else Phrase(node.text), field, asked)
        parts += [Part(less.said, at(less.node, field))] if less else run_part
    yield from line(asked, shown, parts)


def _together(node: Node) -> str:
    return distance(node.slack) if isinstance(node, Loose) else "in a row"


def _word(node: Node, field: str | None, asked: Asked) -> Iterator[Line]:
    """One word: in another form, or in what was stripped; in no text at all."""
    others = [Part(f"{plain(node)} in any form", at(plain(node), field))] if plain(node) != node else []
    if field is None:
        stripped = InField("boilerplate", plain(node))
        others = [part for part in [*others, Part(str(stripped), stripped)] if asked.total(part.tree)]
    else:
        others.append(Part(f"{plain(node)} anywhere", plain(node)))
    yield from line(asked, [at(node, field)], others, "" if others else NOWHERE)


def _exact(node: Exact, field: str | None, asked: Asked) -> Iterator[Line]:
    """Words as they are written: in any writing, or why not even so."""
    less = found(node, field, asked)
    if less:
        label = f"{less.node} {less.said}"
        yield from line(asked, [at(node, field)], [Part(label, at(less.node, field))])
    else:
        yield from leaf(Phrase(_lowered(node.text)), field, asked)
