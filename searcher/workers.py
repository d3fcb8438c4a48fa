"""How is work spread over the cores? Results come back in order, and never more than a few wait."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from itertools import chain, islice
from multiprocessing import connection, parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any, Protocol, TypeVar

Item = TypeVar("Item")
Context = TypeVar("Context")
Part = TypeVar("Part")

WORTH = 200
"""For how many files or articles the start of other processes pays."""

LUMP = 16
"""How many files or articles a process is given at once."""

SHARES, NEXT = 64, 2
"""In how many parts a little work is shared with one process beside this one, and how many of them wait for it."""


class Pending(Protocol[Part]):
    """Work that was given away."""

    def result(self) -> list[Part]:
        """What it gave, when it is done; raises what it raised."""


class Workers:
    """The processes of one build: they start when there is enough to do, and all its work is spread over them.

    `number` None takes every core, where that pays; with 1 everything is done in this process. A little work is
    done here, and by one process beside this one where begin() has started it.
    """

    ahead = 24
    """How many lumps may wait: enough to work on while this process writes some hundred articles."""

    def __init__(self, number: int | None = None) -> None:
        self._number = number
        self._pool: ProcessPoolExecutor | None = None
        self._beside: _Beside | None = None

    def begin(self) -> None:
        """Starts one process for a little work: before there is any, as this process has lists to read as well."""
        if self._number is None and os.cpu_count() != 1:
            self._beside = _Beside()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        for pool in (self._pool, self._beside and self._beside.pool):
            if pool:
                running = [] if kind is None else list(pool._processes.values())
                pool.shutdown(wait=kind is None, cancel_futures=True)
                for process in running:
                    process.terminate()  # what it is at may take minutes, and nobody wants it any more

    def rest(self) -> None:
        """Ends the processes: what they hold of memory is free. Others start when there is more to do."""
        if self._pool:
            self._pool.shutdown()
            self._pool = None

    def spread(
        self, work: Callable[[Item, Context], Iterator[Part]], items: Iterable[Item], context: Context
    ) -> Iterator[Part]:
        """What work(item, context) gives for every item, in order; items are taken when they are needed."""
        ahead = iter(items)
        first = list(islice(ahead, WORTH if self._number is None else 2))
        if self._pays(len(first)):
            yield from self._pooled(work, chain(first, ahead), context)
        elif self._beside and len(first) >= LUMP:
            yield from self._beside.share(partial(lump, work, context=context), first)
        else:
            for item in chain(first, ahead):
                yield from work(item, context)

    @property
    def is_shared(self) -> bool:
        """Whether there is a process beside this one."""
        return self._beside is not None

    def meanwhile(self, work: Callable[[Item], Part], item: Item) -> Callable[[], Part]:
        """Gives what gives work(item): another process is at it from now on, or this one when asked."""
        pool = self._beside.pool if self._beside else self._pool
        return pool.submit(work, item).result if pool else partial(work, item)

    def nearby(self, work: Callable[[Item], Part], items: Sequence[Item]) -> Iterator[Part]:
        """What work(item) gives for every item, in order: here, and in the process beside this one."""
        return self._beside.share(partial(_each, work), items) if self._beside else map(work, items)

    def _pays(self, number: int) -> bool:
        if self._number is None:
            return number >= (WORTH if self._pool is None else 2 * LUMP) and os.cpu_count() != 1
        return self._number > 1 and number > 1

    def _pooled(
        self, work: Callable[[Item, Context], Iterator[Part]], items: Iterator[Item], context: Context
    ) -> Iterator[Part]:
        waiting: deque[Pending[Part]] = deque()
        while some := list(islice(items, LUMP)):
            waiting.append(self._submit(work, some, context))
            if len(waiting) > self.ahead:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()

    def _submit(
        self, work: Callable[[Item, Context], Iterator[Part]], items: Sequence[Item], context: Context
    ) -> Pending[Part]:
        if self._pool is None:
            self._pool = _processes(self._number or os.cpu_count() or 1)
        return self._pool.submit(lump, work, items, context)


class _Beside:
    """One process beside this one."""

    def __init__(self) -> None:
        self.pool = _processes(1)
        self.pool.submit(os.getpid)  # it starts with the first it is given

    def give(self, work: Callable[[Item], Part], item: Item) -> Future[Part]:
        return self.pool.submit(work, item)

    def share(self, work: Callable[[Sequence[Item]], list[Part]], items: Sequence[Item]) -> Iterator[Part]:
        """This process takes from the front; the one beside it, whenever it has little left, from the end."""
        size = -(-len(items) // SHARES)
        left = deque(items[at : at + size] for at in range(0, len(items), size))
        given = deque[Future[list[Part]]]()
        while left:
            while sum(not each.done() for each in given) < min(NEXT, len(left) - 1):
                given.appendleft(self.give(work, left.pop()))
            yield from work(left.popleft())
        for pending in given:
            yield from pending.result()


def _processes(number: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(number, mp_context=_Spawn(), initializer=_start_worker)


ALONE = Workers(1)
"""No other processes."""


def lump(work: Callable[[Item, Context], Iterator[Part]], items: Sequence[Item], context: Context) -> list[Part]:
    """What all these items give: what is done elsewhere at once."""
    return [part for item in items for part in work(item, context)]


def _each(work: Callable[[Item], Part], items: Sequence[Item]) -> list[Part]:
    return list(map(work, items))


class _Process(SpawnProcess):
    """A process that does not run the user's script again: nothing of it is needed, and a script that builds would
    build again, and wait for the lock that its parent holds."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: N802  # the name is multiprocessing's
        script = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            return SpawnProcess._Popen(process_obj)
        finally:
            sys.modules["__main__"] = script


class _Spawn(SpawnContext):
    Process = _Process


def _start_worker() -> None:
    """A worker whose parent was killed would wait for work for ever. Pages are trees of small objects, none of
    which goes round: looking for rings of garbage less often saves a twentieth of the time. When it ends nothing of
    it is looked through."""
    atexit.register(os._exit, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who waits for them
    gc.set_threshold(50_000, 20, 20)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (connection.wait([parent.sentinel]), os._exit(1)), daemon=True).start()
