"""a file → its versions: what is there now, and again after every save.

The file's time, size and identity are looked at a few times a second: that needs no library and works on every
file system, network and container mounts included. An editor may save in place, rename a new file over the old
one, or remove the old one first; each changes one of the three.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from seqdsl.syntax.limits import LARGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INTERVAL = 0.2
"""Seconds between two looks."""

_SETTLE = 0.05
"""Seconds for which a file does not change before it is read: half a save is no version."""

Signature = tuple[int, int, int]


def versions(path: Path, interval: float = INTERVAL) -> Iterator[bytes | None]:
    """The bytes of a file, now and after every save; ``None`` while it is not there. Never ends."""
    last = _signature(path)
    yield _read(path)
    # 0.00 s   a   the file, read
    # 0.20 s   b   changed; after _SETTLE it is c: still being written, so look again
    # 0.45 s   c   changed; after _SETTLE it is c: read
    while True:
        time.sleep(interval)
        current = _signature(path)
        if current == last:
            continue
        time.sleep(_SETTLE)
        if current == _signature(path):
            last = current
            yield _read(path)


def _signature(path: Path) -> Signature | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_TEXT + 1)
    except OSError:
        return None
