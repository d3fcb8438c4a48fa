"""What does a pickle say? Read without doing any of it: nothing is imported, looked up or called.

A pickle is a program that may name any function and have it called; one damaged number in it makes the unpickler of
the standard library claim gigabytes. Here objects stay descriptions, and names that are not expected are refused.
Of the opcodes there are those that protocols 2 to 5 write for instances, containers, texts and numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from struct import Struct
from typing import Any, NamedTuple


class Unexpected(ValueError):
    """The pickle names something that was not expected: `name`, with its module before a dot."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Name(NamedTuple):
    """A class or function, with its module before a dot."""

    name: str


class Thing:
    """What would be an object: what would make it, of what, the state it would get, its items if it were a dict."""

    __slots__ = ("arguments", "items", "name", "state")

    def __init__(self, name: str, arguments: tuple[Any, ...]) -> None:
        self.name = name
        self.arguments = arguments
        self.state: Any = None
        self.items: dict[str, Any] = {}


def read(data: bytes, expected: Collection[str]) -> Any:
    """The value of a pickle that fills `data` to its end: built-in values, and a Thing for every other object.

    Takes time and memory in proportion to the data. Raises Unexpected for a name that is not among the expected,
    ValueError for anything else that cannot be read.
    """
    machine = _Machine(data, expected)
    while (opcode := machine.opcode()) != _STOP:
        action = _ACTIONS.get(opcode)
        if action is None:
            raise ValueError(f"not an opcode of instances and containers: {opcode:#x}")
        action(machine)
    if len(machine.stack) != 1 or machine.below or machine.at != len(data):
        raise ValueError("not one value")
    return machine.stack[0]


class _Machine:
    """The stack, what lies below each mark on it, and the numbered values that may be had again."""

    def __init__(self, data: bytes, expected: Collection[str]) -> None:
        self._data = data
        self._expected = expected
        self._memo: dict[int, Any] = {}
        self.at = 0
        self.stack: list[Any] = []
        self.below: list[list[Any]] = []

    def opcode(self) -> int:
        if self.at == len(self._data):
            raise ValueError("cut off")
        self.at += 1
        return self._data[self.at - 1]

    def take(self, size: int) -> bytes:
        """The next bytes of the pickle."""
        taken = self._data[self.at : self.at + size]
        if len(taken) != size:
            raise ValueError("cut off")
        self.at += size
        return taken

    def number(self, kind: Struct) -> Any:
        return kind.unpack(self.take(kind.size))[0]

    def line(self) -> str:
        """The next bytes up to a line feed, which is left out."""
        line = self.take(self._data.index(b"\n", self.at) - self.at)
        self.at += 1
        return line.decode()

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def pop(self) -> Any:
        if not self.stack:
            raise ValueError("nothing on the stack")
        return self.stack.pop()

    def popped(self, number: int) -> tuple[Any, ...]:
        return tuple(reversed([self.pop() for _ in range(number)]))

    def mark(self) -> None:
        self.below.append(self.stack)
        self.stack = []

    def marked(self) -> list[Any]:
        """What was pushed since the last mark."""
        if not self.below:
            raise ValueError("no mark")
        values, self.stack = self.stack, self.below.pop()
        return values

    def top(self, kind: type[Any]) -> Any:
        """The value on top of the stack, which must be of exactly this type."""
        if not self.stack or type(self.stack[-1]) is not kind:
            raise ValueError(f"not a {kind.__name__}")
        return self.stack[-1]

    def keep(self, number: int) -> None:
        if not self.stack:
            raise ValueError("nothing to keep")
        self._memo[number] = self.stack[-1]

    def keep_next(self) -> None:
        self.keep(len(self._memo))

    def kept(self, number: int) -> None:
        if number not in self._memo:
            raise ValueError("nothing was kept")
        self.push(self._memo[number])

    def name(self, module: Any, name: Any) -> None:
        full = f"{module}.{name}"
        if full not in self._expected:
            raise Unexpected(full)
        self.push(Name(full))

    def make(self) -> None:
        made, arguments = self.popped(2)
        if type(made) is not Name or type(arguments) is not tuple:
            raise ValueError("not a call")
        self.push(Thing(made.name, arguments))

    def build(self) -> None:
        state = self.pop()
        thing = self.top(Thing)
        if thing.state is not None:
            raise ValueError("a second state")
        thing.state = state

    def append(self, values: Iterable[Any]) -> None:
        self.top(list).extend(values)

    def add(self, values: Iterable[Any]) -> None:
        self.top(set).update(map(_member, values))

    def put(self, flat: Iterable[Any]) -> None:
        """Puts keys and values, which follow each other, into the dict, or what would be one."""
        pairs = iter(flat)
        held = self.stack[-1] if self.stack else None
        items = held.items if type(held) is Thing else self.top(dict)
        items.update((_key(key), value) for key, value in zip(pairs, pairs, strict=True))


# Keys are texts, members small numbers: the hash of a tuple of tuples, or of numbers made for it, takes for ever.


def _key(value: Any) -> str:
    if type(value) is not str:
        raise ValueError("a key that is no text")
    return value


def _member(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 32:
        raise ValueError("a member that is no number of a document")
    return value


_BYTE, _WORD, _INT, _SIGNED, _FLOAT = (Struct(kind) for kind in ("<B", "<H", "<I", "<i", ">d"))

_STOP = ord(".")

_BY_BYTE: dict[bytes, Callable[[_Machine], None]] = {
    b"\x80": lambda m: _ignore(m.take(1)),  # the protocol
    b"\x95": lambda m: _ignore(m.take(8)),  # the length of a frame
    b"(": _Machine.mark,
    b"N": lambda m: m.push(None),
    b"\x88": lambda m: m.push(True),
    b"\x89": lambda m: m.push(False),
    b"K": lambda m: m.push(m.number(_BYTE)),
    b"M": lambda m: m.push(m.number(_WORD)),
    b"J": lambda m: m.push(m.number(_SIGNED)),
    b"\x8a": lambda m: m.push(int.from_bytes(m.take(m.number(_BYTE)), "little", signed=True)),
    b"G": lambda m: m.push(m.number(_FLOAT)),
    b"X": lambda m: m.push(m.take(m.number(_INT)).decode("utf-8", "surrogatepass")),
    b"\x8c": lambda m: m.push(m.take(m.number(_BYTE)).decode("utf-8", "surrogatepass")),
    b"}": lambda m: m.push({}),
    b"]": lambda m: m.push([]),
    b"\x8f": lambda m: m.push(set()),
    b")": lambda m: m.push(()),
    b"\x85": lambda m: m.push(m.popped(1)),
    b"\x86": lambda m: m.push(m.popped(2)),
    b"\x87": lambda m: m.push(m.popped(3)),
    b"t": lambda m: m.push(tuple(m.marked())),
    b"a": lambda m: m.append(m.popped(1)),
    b"e": lambda m: m.append(m.marked()),
    b"\x90": lambda m: m.add(m.marked()),
    b"s": lambda m: m.put(m.popped(2)),
    b"u": lambda m: m.put(m.marked()),
    b"q": lambda m: m.keep(m.number(_BYTE)),
    b"r": lambda m: m.keep(m.number(_INT)),
    b"\x94": _Machine.keep_next,
    b"h": lambda m: m.kept(m.number(_BYTE)),
    b"j": lambda m: m.kept(m.number(_INT)),
    b"c": lambda m: m.name(m.line(), m.line()),
    b"\x93": lambda m: m.name(*m.popped(2)),
    b"R": _Machine.make,
    b"\x81": _Machine.make,
    b"b": _Machine.build,
}

_ACTIONS = {opcode[0]: action for opcode, action in _BY_BYTE.items()}


def _ignore(_: bytes) -> None:
    pass
