"""one import of a program → any number of workers: a process that is forked right after the import.

Each child is as fresh as a process that has just imported the program, at none of the time. Large libraries bear
it, as they start no thread before they are first used; a process that has threads all the same is not forked. Then, and
where there is no fork that is safe (macOS) or none at all (Windows), every worker imports for itself.

    we ── asks on a socket, with the ends of four pipes ──▶ origin: has imported, waits
    │                                                         │ fork
    └────── requests, answers, last words, exit status ──── worker: serves, dies of it, is replaced
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from multiprocessing.connection import wait
from threading import Lock
from typing import IO

from seqdsl.sandbox.fork_child import NUMBER
from seqdsl.sandbox.process import spawn
from seqdsl.sandbox.program import Program
from seqdsl.sandbox.worker_client import StartError, WorkerClient, WorkerLost

FORK_TIMEOUT = 30.0
"""Seconds that a fork may take, which takes milliseconds; who does not answer by then has been stopped."""

REAP_TIMEOUT = 1.0
"""Seconds after the end of a child in which its exit status must have arrived."""

ATTEMPTS = 3
"""How often a process is started anew before its program counts as unusable."""


class ForkServer:
    """A process with its program imported, from which workers are forked; it starts with the first of them."""

    def __init__(self, program: Program, startup: float) -> None:
        """Nothing yet.

        Args:
            program: what its workers run.
            startup: seconds that its import may take.
        """
        self.program, self._startup = program, startup
        self._lock = Lock()
        self._origin: WorkerClient | None = None
        self._line: socket.socket | None = None
        self._unusable = ""
        self._stopped = False
        self._forks, self._begun = can_fork(), False

    def prepare(self) -> None:
        """Start the process, and do not wait until it has imported its program: there will be a worker soon."""
        with self._lock:
            if self._forks and self._origin is None and not self._stopped:
                self._spawn()

    def worker(self) -> WorkerClient:
        """A worker that is ready to be asked.

        Raises:
            StartError: the program cannot be imported. This is found out once, not for every worker.
        """
        with self._lock:
            if self._unusable or self._stopped:
                raise StartError(self._unusable or "stopped")
            try:
                return self._worker_within(ATTEMPTS)
            except StartError as problem:
                self._unusable = (
                    f"{problem}\n{self.program.advice}" if self.program.advice else str(problem)
                )
                raise StartError(self._unusable) from problem

    def _worker_within(self, attempts: int) -> WorkerClient:
        """A worker, also if what it is to be forked from is killed or stopped meanwhile, as a job can do that."""
        try:
            return self._next()
        except WorkerLost:
            self._end()
            if attempts <= 1 or self._stopped:
                raise
            return self._worker_within(attempts - 1)

    def _next(self) -> WorkerClient:
        if self._forks and (self._origin is None or not self._origin.alive):
            self._spawn()
        if self._origin and not self._begun:
            self._begin(self._origin)
        if not self._forks:
            worker = WorkerClient(self.program, spawn(self.program))
            worker.start(self._startup)
            return worker
        assert self._line
        worker = WorkerClient(self.program, _fork(self._line))
        try:
            worker.start(FORK_TIMEOUT)
        # It has imported everything already: that it does not get along is no fault of the program's.
        except StartError as problem:
            raise WorkerLost(str(problem)) from problem
        return worker

    def _spawn(self) -> None:
        self._end()
        self._line, theirs = socket.socketpair()
        with theirs:
            self._origin = WorkerClient(self.program, spawn(self.program, theirs.fileno()))

    def _begin(self, origin: WorkerClient) -> None:
        """Wait until it has imported its program."""
        origin.start(self._startup)
        self._forks, self._begun = origin.forks, True
        if not self._forks:
            self._end()

    def stop(self) -> None:
        """Let no more workers begin, from another thread."""
        self._stopped = True
        if self._origin:
            self._origin.kill()

    def close(self) -> None:
        """End the process; its children, whom others end, are nothing to it."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._line:
            self._line.close()
        if self._origin:
            self._origin.close()
        self._line = self._origin = None
        self._begun = False


def can_fork() -> bool:
    """Whether a process that has imported large libraries can be forked here."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


def _fork(line: socket.socket) -> Forked:
    """A child of the process at the other end of ``line``.

    Raises:
        WorkerLost: that process has ended, or does not answer.
    """
    # Four pipes: we write to its standard input, and read its output, its last words, and on the fourth its process
    # number and exit status, which whoever has forked it tells. `ins` are its ends, `outs` ours.
    ins, outs = [], []
    for reads in (True, False, False, False):
        one, other = os.pipe()
        ins.append(one if reads else other)
        outs.append(other if reads else one)
    try:
        line.settimeout(FORK_TIMEOUT)
        socket.send_fds(line, [b"f"], ins)
    except OSError as problem:
        for end in outs:
            os.close(end)
        raise WorkerLost(f"its process has ended: {problem}") from problem
    finally:
        # It has ends of its own now; with ours open, its death would not end what we read.
        for end in ins:
            os.close(end)
    return Forked(*outs)


class Forked:
    """A process that another one has forked for us, as if it were a `subprocess.Popen`."""

    def __init__(self, stdin: int, stdout: int, stderr: int, status: int) -> None:
        """Wait for its number; the rest are our ends of its pipes.

        Raises:
            WorkerLost: no number arrives.
        """
        self.stdin: IO[bytes] | None = os.fdopen(stdin, "wb")
        self.stdout: IO[bytes] | None = os.fdopen(stdout, "rb")
        self.stderr: IO[bytes] | None = os.fdopen(stderr, "rb")
        self._status = os.fdopen(status, "rb", 0)
        self._code: int | None = None
        self._lock = Lock()
        try:
            self.pid = self._number(FORK_TIMEOUT)
        except WorkerLost:
            for pipe in (self.stdin, self.stdout, self.stderr, self._status):
                pipe.close()
            raise
        self._handle = _handle(self.pid)

    def _number(self, seconds: float) -> int:
        """What arrives next: the process's number, later its exit status."""
        number = self._status.read(NUMBER.size) if wait([self._status.fileno()], seconds) else None
        if not number:
            raise WorkerLost(
                "its process has ended" if number is not None else "its process does not answer"
            )
        return int(NUMBER.unpack(number)[0])

    def poll(self) -> int | None:
        """The exit status; ``None`` while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once it has ended.

        Raises:
            subprocess.TimeoutExpired: it has not.
        """
        with self._lock:
            if self._code is None:
                # It is asked after itself: who has forked it may have died before it, or be stopped.
                if self._handle is not None and not wait([self._handle], timeout):
                    raise subprocess.TimeoutExpired("worker", timeout or 0)
                try:
                    self._code = self._number(REAP_TIMEOUT)
                except WorkerLost:
                    self._code = -signal.SIGKILL
                self._close()
            return self._code

    def _close(self) -> None:
        self._status.close()
        if self._handle is not None:
            os.close(self._handle)


def _handle(pid: int) -> int | None:
    """A descriptor that is ready when a process has ended; ``None`` if it has."""
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None
