"""one import of a framework → any number of workers: a process that is forked right after the import.

Each copy is as fresh as a process that has just imported the framework, at none of the time. The frameworks bear
it, as they start no thread before they are first used. Where there is no fork that is safe (macOS) or none at all
(Windows), every worker imports for itself.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
from multiprocessing.connection import wait
from threading import Lock
from typing import IO, TYPE_CHECKING, Literal

from seqdsl.verify.process import spawn
from seqdsl.verify.remote import StartError, Worker

if TYPE_CHECKING:
    from collections.abc import Sequence


_NUMBER = struct.Struct("<i")

STREAMS = 4
"""What a copy is given: its standard streams, and where its number and its exit status are told."""


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

    def worker(self) -> Worker:
        """A worker that is ready to be asked.

        Raises:
            StartError: the framework cannot be imported. This is found out once, not for every worker.
        """
        with self._lock:
            if self._unusable or self._stopped:
                raise StartError(self._unusable or "stopped")
            try:
                return self._next()
            except StartError as problem:
                advice = f'Is it installed? pip install "seqdsl[{self.target}]"'
                self._unusable = f"{problem}\n{advice}"
                raise StartError(self._unusable) from problem

    def _next(self) -> Worker:
        if not can_fork():
            return self._started(Worker(self.target, spawn(self.target, self._threads)))
        if self._origin is None or not self._origin.alive:
            self._begin()
        assert self._line
        worker = Worker(self.target, _fork(self._line))
        return self._started(worker)

    def _begin(self) -> None:
        self._end()
        self._line, theirs = socket.socketpair()
        with theirs:
            self._origin = Worker(self.target, spawn(self.target, self._threads, theirs.fileno()))
        self._started(self._origin)

    def _started(self, worker: Worker) -> Worker:
        try:
            worker.start(self._startup)
        except StartError:
            worker.close()
            raise
        return worker

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


def _fork(line: socket.socket) -> Forked:
    """A copy of the process at the other end of ``line``.

    Raises:
        StartError: that process is gone.
    """
    ins, outs = [], []
    for reads in (True, False, False, False):
        one, other = os.pipe()
        ins.append(one if reads else other)
        outs.append(other if reads else one)
    try:
        socket.send_fds(line, [b"f"], ins)
    except OSError as problem:
        raise StartError(f"its process is gone: {problem}") from problem
    finally:
        for end in ins:
            os.close(end)
    return Forked(*outs)


class Forked:
    """A process that somebody else has forked for us, as if it were a `subprocess.Popen`."""

    def __init__(self, stdin: int, stdout: int, stderr: int, status: int) -> None:
        """Wait for its number; the rest are our ends of its pipes."""
        self.stdin: IO[bytes] | None = os.fdopen(stdin, "wb")
        self.stdout: IO[bytes] | None = os.fdopen(stdout, "rb")
        self.stderr: IO[bytes] | None = os.fdopen(stderr, "rb")
        self._status = os.fdopen(status, "rb", 0)
        self._code: int | None = None
        self._lock = Lock()
        told = self._status.read(_NUMBER.size)
        if not told:
            raise StartError("its process is gone")
        (self.pid,) = _NUMBER.unpack(told)

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
                if not wait([self._status.fileno()], timeout):
                    raise subprocess.TimeoutExpired("worker", timeout or 0)
                told = self._status.read(_NUMBER.size)
                # Nobody is left who could tell.
                self._code = _NUMBER.unpack(told)[0] if told else -signal.SIGKILL
                self._status.close()
            return self._code


def serve_copies(line: int) -> bool:
    """Fork for all who ask on the socket ``line``: true in each copy, false in the origin once nobody asks any more."""
    with _Children(socket.socket(fileno=line)) as children:
        while children.any:
            if children.attend():
                return True
    return False


class _Children:
    """The copies of this process, each with the pipe on which its end is told."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(line, selectors.EVENT_READ)

    @property
    def any(self) -> bool:
        """Whether somebody may still ask, or end."""
        return bool(self._waiting.get_map())

    def __enter__(self) -> _Children:
        return self

    def __exit__(self, *_: object) -> Literal[False]:
        for key in list(self._waiting.get_map().values()):
            if key.fileobj is not self._line:
                for end in (key.fd, key.data[1]):
                    os.close(end)
        self._waiting.close()
        self._line.close()
        return False

    def attend(self) -> bool:
        """Wait for what comes next; true in a copy."""
        for key, _ in self._waiting.select():
            if key.fileobj is not self._line:
                self._reap(key.fd, *key.data)
            elif self._hear():
                return True
        return False

    def _hear(self) -> bool:
        said, ends, _, _ = socket.recv_fds(self._line, 1, STREAMS)
        if not said:
            self._waiting.unregister(self._line)
            return False
        pid = os.fork()
        if not pid:
            os.setpgid(0, 0)
            _take(ends)
            return True
        # Both do it, as either may come first; and a copy that is gone already needs no group.
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        for end in ends[:-1]:
            os.close(end)
        os.write(ends[-1], _NUMBER.pack(pid))
        self._waiting.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, ends[-1]))
        return False

    def _reap(self, handle: int, pid: int, told: int) -> None:
        self._waiting.unregister(handle)
        os.close(handle)
        _, status = os.waitpid(pid, 0)
        # Whoever asked may have gone without waiting for it.
        with contextlib.suppress(BrokenPipeError):
            os.write(told, _NUMBER.pack(os.waitstatus_to_exitcode(status)))
        os.close(told)


def _take(ends: Sequence[int]) -> None:
    """Make three pipes the standard streams of this process."""
    for number, end in enumerate(ends[:-1]):
        os.dup2(end, number)
    for end in ends:
        os.close(end)
    gc.freeze()
