"""target → process: one that imports a framework and then serves on its standard streams."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

# `python -m` would let a keras.py in the user's folder, quite possibly written by us, hide Keras.
_START = """
import sys
sys.path[:] = [*filter(None, sys.path), sys.argv[1]]
from seqdsl.verify.worker import main
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


def spawn(target: str, threads: int = 1, line: int | None = None) -> subprocess.Popen[bytes]:
    """Start a worker for ``target``.

    Args:
        target: a framework, or `seqdsl.verify.worker.REFERENCE`.
        threads: that a framework may use.
        line: a socket to inherit, by which it is asked for copies of itself (see `seqdsl.verify.zygote`).
    """
    root = str(Path(__file__).resolve().parents[2])
    kept: Sequence[int] = () if line is None else (line,)
    return subprocess.Popen(
        [sys.executable, "-c", _START, root, target, *map(str, kept)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(threads),
        start_new_session=True,
        pass_fds=kept,
    )


def environment(threads: int) -> dict[str, str]:
    """The environment of a worker: quiet, on the processor, with so many threads.

    What the user has set stays, so that another Keras backend or a GPU can be asked for.
    """
    count = str(threads)
    wanted = {
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "OMP_NUM_THREADS": count,
        "MKL_NUM_THREADS": count,
        # It starts its threads when numpy is imported; a process with threads is not forked.
        "OPENBLAS_NUM_THREADS": "1",
        "JAX_PLATFORMS": "cpu",
        # A model is compiled more often than it is called.
        "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
        "TF_NUM_INTRAOP_THREADS": count,
        "TF_NUM_INTEROP_THREADS": count,
    }
    return {**wanted, **os.environ}
