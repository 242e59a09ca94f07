"""program → the processes that all tests of a process share: PyTorch and TensorFlow are imported once, not per test.

`verify` starts a server for each framework and ends it: two to five seconds of processor time for every test that calls
it. A worker forked from a server that others have used is as fresh as the first one, so tests may share it, unless
they change what a process inherits, or what its import may take.

The first model of a worker costs as much as the next three: TensorFlow sets itself up, and memory is copied that was
shared with the server. So the next `verify` goes on with the workers of the last one, as if it had more models.
"""

from __future__ import annotations

import os
import re
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING
from unittest.mock import patch

from seqdsl.sandbox.fork_server import ForkServer
from seqdsl.sandbox.pool import worker_count
from seqdsl.sandbox.program import Program
from seqdsl.sandbox.worker_client import STARTUP
from seqdsl.verify import lane, oracle_worker, pool, transfer
from seqdsl.verify.lane import Lane
from seqdsl.verify.oracle_worker import OracleWorker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.sandbox.worker_client import WorkerClient
    from seqdsl.verify.expected import Expected
    from seqdsl.verify.jobs import Job
    from seqdsl.verify.report import Result

MODELS = 40
"""How many models workers are asked for before others take their place: frameworks keep a part of each."""

ORACLE = "oracle"

Inherited = tuple[Path, dict[str, str]]
"""A folder and an environment."""

# What pytest itself says of the test that runs.
OF_PYTEST = "PYTEST_CURRENT_TEST"


class SharedServer(ForkServer):
    """A fork server that stays when whoever borrowed it is done."""

    def __init__(self, program: Program, startup: float) -> None:
        """A server with no workers yet."""
        super().__init__(program, startup)
        self._idle: list[Team] = []

    @property
    def usable(self) -> bool:
        """Whether more workers may come of it: nobody has stopped it, and its program can be imported."""
        return not (self._stopped or self._unusable)

    def borrow(self) -> Team:
        """Workers that the next `verify` goes on with; none are started here."""
        return self._idle.pop() if self._idle else Team({})

    def give_back(self, team: Team) -> None:
        """Keep workers, or end them: after many models, and when one of them is no more."""
        if (
            team.asked < MODELS
            and self.usable
            and all(item.alive for item in team.workers.values())
        ):
            self._idle.append(team)
        else:
            team.close()

    def close(self) -> None:
        """Nothing: the next test goes on with it."""

    def end(self) -> None:
        """End its processes."""
        while self._idle:
            self._idle.pop().close()
        super().close()


@dataclass
class Team:
    """The workers of a lane, by what they do, and how many models they have been asked for."""

    workers: dict[str, WorkerClient]
    asked: int = 0

    def close(self) -> None:
        """End them."""
        while self.workers:
            self.workers.popitem()[1].close()


class SharedLane(Lane):
    """A lane that goes on with the workers of an earlier one, and leaves its own to a later one."""

    def __init__(self, target: str, timeout: float, memory: int | None, server: ForkServer) -> None:
        """A lane with the workers that are there."""
        super().__init__(target, timeout, memory, server)
        self._team = server.borrow() if isinstance(server, SharedServer) else Team(self._workers)
        self._workers = self._team.workers

    def run(self, job: Job) -> list[Result]:
        """The results of a job."""
        self._team.asked += 1
        return super().run(job)

    def close(self) -> None:
        """Leave the workers to the next one."""
        if isinstance(self._server, SharedServer) and not self.stopped:
            self._server.give_back(self._team)
        else:
            super().close()


class SharedOracle(OracleWorker):
    """An oracle that goes on with the worker of an earlier one, and leaves its own to a later one."""

    def __init__(self, timeout: float, memory: int | None = None) -> None:
        """An oracle with the worker that is there."""
        super().__init__(timeout, memory)
        self._asked = 0
        if isinstance(self._server, SharedServer):
            team = self._server.borrow()
            self._asked, self._worker = team.asked, team.workers.get(ORACLE)

    def __call__(self, model: CompiledModel) -> Expected:
        """The expected results of a model."""
        self._asked += 1
        return super().__call__(model)

    def close(self) -> None:
        """Leave the worker to the next one."""
        if isinstance(self._server, SharedServer) and self._worker and not self._stopped:
            self._server.give_back(Team({ORACLE: self._worker}, self._asked))
            self._worker = None
        super().close()


class SharedServers:
    """Stands in for `ForkServer`: shared ones for the same program, one of its own where a start is limited."""

    def __init__(self) -> None:
        """Remember what a process inherits now."""
        self._inherited = inherited()
        self._servers: dict[str, SharedServer] = {}
        # Of the last test that works in a folder, or with an environment, of its own.
        self._others: dict[str, SharedServer] = {}
        self._others_inherited = self._inherited

    def __call__(self, program: Program, startup: float) -> ForkServer:
        """A server for a program."""
        import_writers()
        if startup != STARTUP:
            return ForkServer(program, startup)
        servers = self._same(inherited())
        # A program holds a dictionary, so it is no key itself.
        found = servers.get(repr(program))
        if found is None or not found.usable:
            if found is not None:
                found.end()
            found = servers[repr(program)] = SharedServer(program, startup)
        return found

    def _same(self, wanted: Inherited) -> dict[str, SharedServer]:
        """The servers that inherit the same."""
        if wanted == self._inherited:
            return self._servers
        if wanted != self._others_inherited:
            _end(self._others)
            self._others_inherited = wanted
        return self._others

    def close(self) -> None:
        """End them all."""
        _end(self._servers)
        _end(self._others)


@contextmanager
def shared() -> Iterator[None]:
    """Within the block whatever verifies models goes on with the same processes."""
    with closing(SharedServers()) as servers, ExitStack() as stack:
        for module in (pool, lane, oracle_worker, transfer):
            stack.enter_context(patch.object(module, "ForkServer", servers))
        stack.enter_context(patch.object(pool, "Lane", SharedLane))
        stack.enter_context(patch.object(pool, "OracleWorker", SharedOracle))
        stack.enter_context(patch.object(pool, "worker_count", one_worker))
        yield


def one_worker(jobs: int, programs: int, workers: int | None = None) -> int:
    """How many workers models have of each framework: one, as each processor runs tests, if no number is given."""
    return worker_count(jobs, programs, workers or 1)


def _end(servers: dict[str, SharedServer]) -> None:
    while servers:
        servers.popitem()[1].end()


WRITING = (
    "seqdsl.ir",
    "seqdsl.layers",
    "seqdsl.lints",
    "seqdsl.lowering",
    "seqdsl.passes",
    "seqdsl.syntax",
    "seqdsl.targets",
)
"""The packages that compile pictures and write source."""

FRAMEWORK = re.compile(r"^(import|from) (torch|keras|tensorflow|jax|h5py)\b", re.MULTILINE)
"""In the text of what runs in a worker alone."""

IMPORTED = re.compile(r"^from (seqdsl[\w.]+) import", re.MULTILINE)
"""What a module takes from another one as it is imported."""


@cache
def import_writers() -> tuple[str, ...]:
    """Import what writes source, before threads of `verify` do; the names of the modules.

    pytest parses what it imports, and threads parse what they write: CPython bears one at a time (see
    `seqdsl.python_syntax`), and pytest knows nothing of our lock. In a whole run all modules have been collected, in
    a part of it a thread may be the first that imports one.
    """
    texts = {}
    for name in WRITING:
        for item in walk_packages(import_module(name).__path__, f"{name}."):
            spec = find_spec(item.name)
            assert spec is not None and spec.origin is not None
            texts[item.name] = Path(spec.origin).read_text("utf-8")
    found = tuple(texts.keys() - with_framework(texts))
    for name in found:
        import_module(name)
    return found


def with_framework(texts: dict[str, str]) -> set[str]:
    """The modules, of some with their texts, that import a framework, or one of themselves that does."""
    found = {name for name, text in texts.items() if FRAMEWORK.search(text)}
    while more := {
        name
        for name in texts.keys() - found
        if any(other in found for other in IMPORTED.findall(texts[name]))
    }:
        found |= more
    return found


def inherited() -> Inherited:
    """What a process that is started now takes from this one: its folder and its environment."""
    variables = {name: value for name, value in os.environ.items() if name != OF_PYTEST}
    return Path.cwd(), variables
