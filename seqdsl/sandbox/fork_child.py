"""sockets → forks: what a process does that has imported all it needs and is asked to fork itself.

`seqdsl.sandbox.fork_server` asks: with one message for each child, which carries the ends of its pipes.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import struct
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

NUMBER = struct.Struct("<i")
"""How a child's process number, and later its exit status, are sent."""

STREAMS = 4
"""What a child is given: its standard streams, and where these numbers are sent."""


def can_be_forked() -> bool:
    """Whether a fork of this process would lose nothing: no thread but this one."""
    return len(os.listdir("/proc/self/task")) == 1


def serve_forks(line: int) -> bool:
    """Fork at each request on the socket ``line``: true in each child, false in the origin once requests have ended."""
    with _Children(socket.socket(fileno=line)) as children:
        while children.any:
            if children.attend():
                return True
    return False


class _Children:
    """The children of this process, each with the pipe to which its exit status goes."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(line, selectors.EVENT_READ)

    @property
    def any(self) -> bool:
        """Whether there may be another request, or a child that ends."""
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
        """Wait for what comes next; true in a child."""
        # Two kinds of files are waited for: the socket, on which a fork is asked for, and a handle for each child,
        # which can be read once the child has ended.
        for key, _ in self._waiting.select():
            if key.fileobj is not self._line:
                self._reap(key.fd, *key.data)
            elif self._fork():
                return True
        return False

    def _fork(self) -> bool:
        request, ends, _, _ = socket.recv_fds(self._line, 1, STREAMS)
        if not request:
            self._waiting.unregister(self._line)
            return False
        pid = os.fork()
        # From here on there are two of us: the child returns and serves, the origin goes on to wait.
        if not pid:
            os.setpgid(0, 0)
            _take(ends)
            return True
        # Both do it, as either may come first; and a child that has ended already needs no group.
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        for end in ends[:-1]:
            os.close(end)
        os.write(ends[-1], NUMBER.pack(pid))
        self._waiting.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, ends[-1]))
        return False

    def _reap(self, handle: int, pid: int, status_pipe: int) -> None:
        self._waiting.unregister(handle)
        os.close(handle)
        _, status = os.waitpid(pid, 0)
        # Whoever asked may have ended without waiting for it.
        with contextlib.suppress(BrokenPipeError):
            os.write(status_pipe, NUMBER.pack(os.waitstatus_to_exitcode(status)))
        os.close(status_pipe)


def _take(ends: Sequence[int]) -> None:
    """Make three pipes the standard streams of this process."""
    for number, end in enumerate(ends[:-1]):
        os.dup2(end, number)
    for end in ends:
        os.close(end)
