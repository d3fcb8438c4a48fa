#!/usr/bin/env python3
"""Does anything that is typed break a promise of the query language? A fuzzer that is led by coverage looks for it.

    make fuzz                                           ten minutes of it, and all of tests/test_fuzz.py
    .venv/bin/python fuzz/parse.py -max_total_time=60   one minute; all flags are those of libFuzzer

It begins with the rows of tests/golden_queries.toml and with fuzz/corpus/: texts that were found to reach what no
row does. What is found anew goes into the first folder that is named.
A text that breaks a promise is written to crash-*; put it into the golden table when it is mended.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path

import atheris

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

with atheris.instrument_imports(include=["searcher.query", "searcher.text", "searcher.fields", "searcher.errors"]):
    from query_kit import golden, promises


def one(data: bytes) -> None:
    """One text: bytes that are no UTF-8 are what a command line makes of them."""
    promises(data.decode("utf-8", "surrogateescape"))


def main() -> None:
    """Runs until it is told to stop, or something breaks."""
    with tempfile.TemporaryDirectory() as folder:
        for row in golden():
            data = row.typed.encode("utf-8", "surrogateescape")
            Path(folder, hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
        seeds = (
            [] if any(argument.startswith("-merge") for argument in sys.argv) else [str(HERE / "corpus"), folder]
        )
        atheris.Setup([*sys.argv, *seeds], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
