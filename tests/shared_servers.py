"""program → the fork server that all tests of a process share: PyTorch and TensorFlow are imported once, not per test.

`verify` starts a server for each framework and ends it: two to five seconds of processor time for every test that calls
it. A worker forked from a server that others have used is as fresh as the first one, so tests may share it, unless
they change what a process inherits, or what its import may take.
"""

from __future__ import annotations

import os
import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import walk_packages

from seqdsl.sandbox.fork_server import ForkServer
from seqdsl.sandbox.program import Program
from seqdsl.sandbox.worker_client import STARTUP

# What pytest itself says of the test that runs.
OF_PYTEST = "PYTEST_CURRENT_TEST"


class SharedServer(ForkServer):
    """A fork server that stays when whoever borrowed it is done."""

    @property
    def usable(self) -> bool:
        """Whether more workers may come of it: nobody has stopped it, and its program can be imported."""
        return not (self._stopped or self._unusable)

    def close(self) -> None:
        """Nothing: the next test goes on with it."""

    def end(self) -> None:
        """End its process."""
        super().close()


class SharedServers:
    """Stands in for `ForkServer`: a shared one for the same program, one of its own where anything differs."""

    def __init__(self) -> None:
        """Remember what a process inherits now."""
        self._inherited = inherited()
        self._servers: dict[str, SharedServer] = {}

    def __call__(self, program: Program, startup: float) -> ForkServer:
        """A server for a program."""
        import_writers()
        if startup != STARTUP or inherited() != self._inherited:
            return ForkServer(program, startup)
        # A program holds a dictionary, so it is no key itself.
        found = self._servers.get(repr(program))
        if found is None or not found.usable:
            if found is not None:
                found.end()
            found = self._servers[repr(program)] = SharedServer(program, startup)
        return found

    def close(self) -> None:
        """End them all."""
        while self._servers:
            self._servers.popitem()[1].end()


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


@cache
def import_writers() -> tuple[str, ...]:
    """Import what writes source, before threads of `verify` do; the names of the modules.

    pytest parses what it imports, and threads parse what they write: CPython bears one at a time (see
    `seqdsl.python_syntax`), and pytest knows nothing of our lock. In a whole run all modules have been collected, in
    a part of it a thread may be the first that imports one.
    """
    found = []
    for name in WRITING:
        for item in walk_packages(import_module(name).__path__, f"{name}."):
            spec = find_spec(item.name)
            assert spec is not None and spec.origin is not None
            if not FRAMEWORK.search(Path(spec.origin).read_text("utf-8")):
                import_module(item.name)
                found.append(item.name)
    return tuple(found)


def inherited() -> tuple[Path, dict[str, str]]:
    """What a process that is started now takes from this one: its folder and its environment."""
    variables = {name: value for name, value in os.environ.items() if name != OF_PYTEST}
    return Path.cwd(), variables
