"""one import of a framework → any number of workers: a process that is forked right after the import.

Each copy is as fresh as a process that has just imported the framework, at none of the time. The frameworks bear
it, as they start no thread before they are first used; a process that has threads all the same is not forked. Then, and
where there is no fork that is safe (macOS) or none at all (Windows), every worker imports for itself.
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

from seqdsl.verify.copies import NUMBER
from seqdsl.verify.process import spawn
from seqdsl.verify.remote import Lost, StartError, Worker

FORKING = 30.0
"""Seconds that a fork may take, which takes milliseconds; who does not answer by then has been stopped."""

REAPING = 1.0
"""Seconds after the end of a copy in which its exit status must have been told."""

ATTEMPTS = 3
"""How often a process is started anew before its framework counts as unusable."""


class Zygote:
    """A process with its framework imported, of which workers are copies; it starts with the first of them."""

    def __init__(self, target: str, startup: float, threads: int = 1) -> None:
        """Nothing yet.

        Args:
            target: the framework.
            startup: seconds that its import may take.
            threads: that each worker may use.
        """
        self.target, self._startup, self._threads = target, startup, threads
        self._lock = Lock()
        self._origin: Worker | None = None
        self._line: socket.socket | None = None
        self._unusable = ""
        self._stopped = False
        self._forks = can_fork()

    def worker(self) -> Worker:
        """A worker that is ready to be asked.

        Raises:
            StartError: the framework cannot be imported. This is found out once, not for every worker.
        """
        with self._lock:
            if self._unusable or self._stopped:
                raise StartError(self._unusable or "stopped")
            try:
                return self._first_of_several(ATTEMPTS)
            except StartError as problem:
                self._unusable = f"{problem}\n{advice(self.target)}"
                raise StartError(self._unusable) from problem

    def _first_of_several(self, attempts: int) -> Worker:
        """A worker, also if what it is to be a copy of is killed or stopped meanwhile, as a model can do that."""
        try:
            return self._next()
        except Lost:
            self._end()
            if attempts <= 1 or self._stopped:
                raise
            return self._first_of_several(attempts - 1)

    def _next(self) -> Worker:
        if self._forks and (self._origin is None or not self._origin.alive):
            self._begin()
        if not self._forks:
            worker = Worker(self.target, spawn(self.target, self._threads))
            worker.start(self._startup)
            return worker
        assert self._line
        worker = Worker(self.target, _fork(self._line))
        try:
            worker.start(FORKING)
        # It has imported everything already: that it does not get along is no fault of the framework's.
        except StartError as problem:
            raise Lost(str(problem)) from problem
        return worker

    def _begin(self) -> None:
        self._end()
        self._line, theirs = socket.socketpair()
        with theirs:
            self._origin = Worker(self.target, spawn(self.target, self._threads, theirs.fileno()))
        self._origin.start(self._startup)
        self._forks = self._origin.forks
        if not self._forks:
            self._end()

    def stop(self) -> None:
        """Let no more workers begin, from another thread."""
        self._stopped = True
        if self._origin:
            self._origin.kill()

    def close(self) -> None:
        """End the process; its copies, whom others end, are nothing to it."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._line:
            self._line.close()
        if self._origin:
            self._origin.close()
        self._line = self._origin = None


def can_fork() -> bool:
    """Whether a process that has imported a framework can be forked here."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


def advice(target: str) -> str:
    """What to do where a framework cannot be imported."""
    backend = os.environ.get("KERAS_BACKEND", "") if target == "keras" else ""
    wanted = {"jax": '"seqdsl[jax]"', "torch": '"seqdsl[torch]" keras'}
    what = wanted.get(backend, f'"seqdsl[{target}]"')
    return f"Is it installed? pip install {what}"


def _fork(line: socket.socket) -> Forked:
    """A copy of the process at the other end of ``line``.

    Raises:
        Lost: that process has ended, or does not answer.
    """
    ins, outs = [], []
    for reads in (True, False, False, False):
        one, other = os.pipe()
        ins.append(one if reads else other)
        outs.append(other if reads else one)
    try:
        line.settimeout(FORKING)
        socket.send_fds(line, [b"f"], ins)
    except OSError as problem:
        for end in outs:
            os.close(end)
        raise Lost(f"its process has ended: {problem}") from problem
    finally:
        for end in ins:
            os.close(end)
    return Forked(*outs)


class Forked:
    """A process that somebody else has forked for us, as if it were a `subprocess.Popen`."""

    def __init__(self, stdin: int, stdout: int, stderr: int, status: int) -> None:
        """Wait for its number; the rest are our ends of its pipes.

        Raises:
            Lost: nobody tells the number.
        """
        self.stdin: IO[bytes] | None = os.fdopen(stdin, "wb")
        self.stdout: IO[bytes] | None = os.fdopen(stdout, "rb")
        self.stderr: IO[bytes] | None = os.fdopen(stderr, "rb")
        self._status = os.fdopen(status, "rb", 0)
        self._code: int | None = None
        self._lock = Lock()
        try:
            self.pid = self._number(FORKING)
        except Lost:
            for pipe in (self.stdin, self.stdout, self.stderr, self._status):
                pipe.close()
            raise
        self._handle = _handle(self.pid)

    def _number(self, seconds: float) -> int:
        """What is told next: the process's number, later its exit status."""
        told = self._status.read(NUMBER.size) if wait([self._status.fileno()], seconds) else None
        if not told:
            raise Lost(
                "its process has ended" if told is not None else "its process does not answer"
            )
        return int(NUMBER.unpack(told)[0])

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
                    self._code = self._number(REAPING)
                except Lost:
                    self._code = -signal.SIGKILL
                self._close()
            return self._code

    def _close(self) -> None:
        self._status.close()
        if self._handle is not None:
            os.close(self._handle)


def _handle(pid: int) -> int | None:
    """What tells when a process has ended; ``None`` if it has."""
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None
