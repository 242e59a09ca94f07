"""pipe → lines: threads that read and write, so that whoever waits for a process can have a deadline.

A read or write that blocks ends when no process holds the pipe's other end any more. That may be never: what a job
started, and detached, outlives its process and holds what that held. So no pipe is used, or closed, but by its own
thread, and these threads keep no process from ending.
"""

from __future__ import annotations

import contextlib
from collections import deque
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, TYPE_CHECKING

from seqdsl.sandbox.ipc import MARK

if TYPE_CHECKING:
    from collections.abc import Callable

END = b""
"""What is read of a pipe in the end, and what closes one for writing."""


class Receiver:
    """The lines that a process writes."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        """Begin to read."""
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        _start(self._read, pipe)

    def _read(self, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                self._lines.put(line)
        self.end()

    def next(self, seconds: float) -> bytes | None:
        """The next line, or `END`; ``None`` if nothing comes within ``seconds``."""
        with contextlib.suppress(Empty):
            line = self._lines.get(timeout=seconds)
            # Whoever asks again gets it again.
            if line == END:
                self.end()
            return line
        return None

    def end(self) -> None:
        """Wait for no more: whatever comes, there is an end behind what is there."""
        self._lines.put(END)


class Sender:
    """What a process is to read."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        """Nothing yet."""
        self._parts: SimpleQueue[bytes] = SimpleQueue()
        _start(self._write, pipe)

    def _write(self, pipe: IO[bytes]) -> None:
        # A process that has ended reads nothing; that it has is noticed elsewhere.
        with contextlib.suppress(OSError), pipe:
            for part in iter(self._parts.get, END):
                pipe.write(part)
                pipe.flush()

    def send(self, part: bytes) -> None:
        """Write something, soon."""
        self._parts.put(part)

    def close(self) -> None:
        """Write no more."""
        self._parts.put(END)


class Tail:
    """The end of what a process writes to standard error, since the last `MARK`."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        """Begin to read."""
        self._lines: deque[bytes] = deque(maxlen=40)
        self._thread = _start(self._read, pipe)

    def _read(self, pipe: IO[bytes]) -> None:
        with pipe:
            while line := pipe.readline(500):
                self._lines.append(line)
                if line == MARK:
                    self._lines.clear()

    def text(self) -> str:
        """What was written; to be asked for once the process is over."""
        self._thread.join(timeout=1)
        return b"".join(self._lines.copy()).decode(errors="replace").strip()


def _start(work: Callable[[IO[bytes]], None], pipe: IO[bytes] | None) -> Thread:
    assert pipe is not None, "all three pipes were asked for"
    thread = Thread(target=work, args=(pipe,), daemon=True)
    thread.start()
    return thread
