"""How is the work of a build spread over several machines? By a Ray cluster that runs (https://ray.io).

The machine that builds reads large files, writes the store and feeds the engine; the others make articles of their
pages, and read small files, so the archive's folder must lie at the same path on all of them. What a machine was
doing when it was lost is done by another one.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from searcher.errors import ArchiveError, RunnerError
from searcher.workers import Pending, Workers, lump

Item = TypeVar("Item")
Context = TypeVar("Context")
Part = TypeVar("Part")

START = "`ray start --head` starts a cluster here, `ray start --address=HOST:PORT` joins it; RAY_ADDRESS names it"


class Machines(Workers):
    """The machines of the Ray cluster that RAY_ADDRESS names, or that runs on this one.

    Raises RunnerError if the extra is not installed or no cluster runs, ArchiveError if one of its machines does
    not see these folders.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__()
        self._folders = [str(folder) for folder in folders]
        self._ray = _ray()

    def __enter__(self) -> Machines:
        try:
            self._ray.init(address="auto", log_to_driver=False, configure_logging=False)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise RunnerError("no Ray cluster answers", START) from error
        self.ahead = 4 * int(self._ray.cluster_resources().get("CPU", 1))
        self._lump = self._ray.remote(lump)
        self._check()
        return self

    def __exit__(self, *_: object) -> None:
        self._ray.shutdown()

    def begin(self) -> None:
        """Starts nothing: there is no little work for a cluster."""

    def _check(self) -> None:
        """Asks every machine whether it sees the archive."""
        missing = self._ray.remote(_missing)
        for node in self._ray.nodes():
            if node["Alive"]:
                here = missing.options(scheduling_strategy=_on(node["NodeID"]))
                if folders := self._ray.get(here.remote(self._folders)):
                    hint = "the archive's folder must lie at the same path on every machine"
                    raise ArchiveError(f"{node['NodeManagerHostname']} does not see {folders[0]}", hint)

    def _pays(self, number: int) -> bool:
        return number > 0

    def _submit(
        self, work: Callable[[Item, Context], Iterator[Part]], items: Sequence[Item], context: Context
    ) -> Pending[Part]:
        return _Pending(self._ray, self._lump.remote(work, items, context))


class _Pending(Pending[Part]):
    def __init__(self, ray: Any, reference: Any) -> None:
        self._ray = ray
        self._reference = reference

    def result(self) -> list[Part]:
        made: list[Part] = self._ray.get(self._reference)
        return made


def _missing(folders: Sequence[str]) -> list[str]:
    return [folder for folder in folders if not Path(folder).is_dir()]


def _on(node: str) -> Any:
    """On this machine and no other."""
    strategies = importlib.import_module("ray.util.scheduling_strategies")
    return strategies.NodeAffinitySchedulingStrategy(node, soft=False)


def _ray() -> Any:
    try:
        return importlib.import_module("ray")
    except ImportError as error:
        raise RunnerError("Ray is not installed", "pip install 'searcher[ray]'") from error
