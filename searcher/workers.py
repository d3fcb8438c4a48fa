"""How is work spread over the cores? Results come back in order, and never more than a few wait."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import connection, get_context, parent_process
from typing import TypeVar

File = TypeVar("File")
Context = TypeVar("Context")
Part = TypeVar("Part")

WORTH = 200
"""From how many files on the start of other processes pays."""

AHEAD = 48
"""How many lumps may wait: enough to read on while this process gives a thousand articles to the engine."""

LUMP = 16
"""How many files a process is given at once."""


def spread(
    work: Callable[[File, Context], Iterator[Part]], files: Sequence[File], context: Context, workers: int | None
) -> Iterator[Part]:
    """work(file, context) for every file, in order.

    With `workers` 1 it is done here, with more in that many processes. None takes every core; where there is little
    to do, or one core, all is done here.
    """
    here = workers == 1 or len(files) < 2 or (workers is None and (len(files) < WORTH or os.cpu_count() == 1))
    if here:
        for file in files:
            yield from work(file, context)
    else:
        yield from _pooled(work, files, context, workers or os.cpu_count() or 1)


def _pooled(
    work: Callable[[File, Context], Iterator[Part]], files: Sequence[File], context: Context, number: int
) -> Iterator[Part]:
    lumps = (files[at : at + LUMP] for at in range(0, len(files), LUMP))
    pool = ProcessPoolExecutor(number, mp_context=get_context("spawn"), initializer=_start_worker)
    try:
        waiting: deque[Future[list[Part]]] = deque()
        for lump in lumps:
            waiting.append(pool.submit(_lump, work, lump, context))
            if len(waiting) > AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _lump(work: Callable[[File, Context], Iterator[Part]], files: Sequence[File], context: Context) -> list[Part]:
    return [part for file in files for part in work(file, context)]


def _start_worker() -> None:
    """A worker whose parent was killed would wait for work for ever. Pages are trees of small objects, none of
    which goes round: looking for rings of garbage less often saves a twentieth of the time."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who waits for them
    gc.set_threshold(50_000, 20, 20)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (connection.wait([parent.sentinel]), os._exit(1)), daemon=True).start()
