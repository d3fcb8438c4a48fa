"""What was made of data is kept as Python keeps compiled modules: beside them, for who starts next.

To read sixteen megabytes of cities takes twenty times as long as to read what becomes of them. It is made anew when
a file that it was made of has another time or size, or another Python runs, and when it is damaged; and each time
where Python keeps no compiled modules, or nothing can be written. Who can write there can change the program: a
pickle is no more of a risk than a .pyc is.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.util import cache_from_source, find_spec
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

from searcher.files import replace_bytes

Made = TypeVar("Made")

LEVEL = 3
"""How hard zstd tries: higher levels make it a tenth smaller, and ten times slower to write."""


class _Stamp(NamedTuple):
    """By which a file is known to be as it was."""

    path: str
    size: int
    time: int


def compiled(make: Callable[[], Made], sources: Iterable[Path]) -> Made:
    """What make(), a function of a module, gives now, or gave another process; it can be pickled. `sources` are the
    files that it is made of, beside the module itself."""
    module = Path(make.__code__.co_filename)
    kept_at = Path(cache_from_source(str(module))).with_suffix(f".{make.__name__.strip('_')}")
    stamps = [_stamp(path) for path in (module, *sources)]
    with suppress(Exception):  # not there, older, damaged, of another version of a class: it is made again
        return cast(Made, _kept(kept_at, stamps))
    made = make()
    with suppress(OSError):
        _keep(kept_at, stamps, made)
    return made


def package(name: str) -> Path:
    """The first file of an installed package: each version comes with another."""
    spec = find_spec(name)
    return Path((spec and spec.origin) or name)


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:  # inside a zip, where nothing is kept
        return _Stamp(str(path), 0, 0)
    return _Stamp(str(path), found.st_size, found.st_mtime_ns)


def _kept(kept_at: Path, stamps: list[_Stamp]) -> object:
    import zstandard

    held, made = pickle.loads(zstandard.ZstdDecompressor().decompress(kept_at.read_bytes()))
    if held != stamps:
        raise LookupError("made of other files")
    return made


def _keep(kept_at: Path, stamps: list[_Stamp], made: object) -> None:
    import zstandard

    packed = zstandard.ZstdCompressor(LEVEL, write_checksum=True).compress(pickle.dumps((stamps, made), 5))
    replace_bytes(kept_at, packed, durable=False)
