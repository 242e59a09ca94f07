"""process → how much memory it takes: a model that takes more than its share is ended."""

from __future__ import annotations

import contextlib
import re
import subprocess
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INTERVAL = 0.05
"""Seconds between two looks: a process fills no more than some hundred megabytes meanwhile."""


def parse(text: str) -> int:
    """A size such as ``512MiB``, ``4GB`` or ``4G`` (which is 4 GiB), in bytes.

    Raises:
        ValueError: it is no size, or too small for any model.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT])(i?B?)", text.strip(), re.IGNORECASE)
    if not found:
        raise ValueError(f"{text!r} is no size: write one such as 512MiB or 4GiB")
    number, unit, kind = found.groups()
    base = 1000 if kind.lower() == "b" else 1024
    size = int(float(number) * base ** ("KMGT".index(unit.upper()) + 1))
    if size < 2**20:
        raise ValueError(f"{text!r} is too little for any model")
    return size


def said(size: int) -> str:
    """A size in words."""
    return f"{size / 2**30:.3g} GiB" if size >= 2**30 else f"{size / 2**20:.4g} MiB"


class Watch:
    """Looks at a process until it takes more than it may; then `exceeded` is true."""

    def __init__(self, pid: int, limit: int, end: Callable[[], None]) -> None:
        """Call ``end`` when the process ``pid`` takes ``limit`` bytes more than now."""
        self.exceeded = False
        self._pid, self._end = pid, end
        self._most = resident(pid) + limit
        self._done = Event()

    def look(self) -> None:
        """Look at the process until it is over, or ended."""
        while not self._done.wait(INTERVAL):
            if resident(self._pid) > self._most:
                self.exceeded = True
                self._end()
                return

    def close(self) -> None:
        """Look no more."""
        self._done.set()


@contextlib.contextmanager
def watched(pid: int, limit: int | None, end: Callable[[], None]) -> Iterator[Watch | None]:
    """Watch a process, unless there is no ``limit``, for as long as the block runs."""
    if limit is None:
        yield None
        return
    watch = Watch(pid, limit, end)
    thread = Thread(target=watch.look, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.close()
        thread.join()


def resident(pid: int) -> int:
    """The bytes of memory that a process takes; 0 if it is gone."""
    status = Path(f"/proc/{pid}/status")
    with contextlib.suppress(OSError):
        found = re.search(r"^VmRSS:\s+(\d+) kB", status.read_text("utf-8"), re.MULTILINE)
        return int(found[1]) * 1024 if found else 0
    if Path("/proc/self/status").exists():
        return 0
    return _asked(pid)


def _asked(pid: int) -> int:
    """The same, of a system that has no ``/proc``."""
    command = ["ps", "-o", "rss=", "-p", str(pid)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return int(done.stdout) * 1024 if done.stdout.strip().isdigit() else 0
