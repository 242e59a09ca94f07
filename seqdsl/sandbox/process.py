"""program → process: one that prepares the program and then serves on its standard streams."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.sandbox.program import Program

# `python -m` would put the user's folder first: a file there, quite possibly written by us, would hide the
# library of the same name. So the folder of seqdsl comes last, and the user's own is not on the path at all.
_START = """
import sys
sys.path[:] = [*filter(None, sys.path), sys.argv[1]]
from seqdsl.sandbox.worker import main
sys.exit(main(*sys.argv[2:]))
"""


class Process(Protocol):
    """What of `subprocess.Popen` is asked of a worker's process; it leads a group of its own."""

    stdin: IO[bytes] | None
    stdout: IO[bytes] | None
    stderr: IO[bytes] | None
    pid: int

    def poll(self) -> int | None:
        """The exit status, below zero for a signal; ``None`` while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once it has ended; `subprocess.TimeoutExpired` if that takes longer."""


def spawn(program: Program, line: int | None = None) -> subprocess.Popen[bytes]:
    """Start a worker.

    Args:
        program: what it runs.
        line: a socket to inherit, on which it is asked to fork itself (see `seqdsl.sandbox.fork_server`).
    """
    root = str(Path(__file__).resolve().parents[2])
    inherited: Sequence[int] = () if line is None else (line,)
    number = "" if line is None else str(line)
    # In a session of its own, so that a Ctrl-C in the terminal is ours to handle, and that whatever the worker
    # starts can be ended with it, as one group.
    return subprocess.Popen(
        [
            *(sys.executable, "-c", _START, root),
            *(program.entry, ",".join(program.preload), number, *program.arguments),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**program.environment, **os.environ},
        start_new_session=True,
        pass_fds=inherited,
    )
