"""bytes → a file, whole or not at all: every file that is written for a user goes through here.

What is written is put beside its place first and renamed at the end, so that a full disk, a crash or a second
writer never leaves half a file where a whole one was.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from errno import EACCES
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = ".seqdsl-"


@contextmanager
def whole(file: Path, *, replace: bool = True) -> Iterator[BinaryIO]:
    """A stream whose content becomes the file's when the block ends; if it raises, all stays as it was.

    A link is followed, and stays a link; the mode and the owner of a file that is replaced stay. A device or a pipe,
    which nothing can be renamed to, is written to directly.

    Args:
        file: the file to write, in a folder that exists.
        replace: whether a file that exists may be replaced.

    Raises:
        FileExistsError: the file exists, and may not be replaced.
        OSError: it cannot be written.
    """
    old = _status(file)
    if old is not None and not replace:
        raise FileExistsError(str(file))
    if old is not None and not stat.S_ISREG(old.st_mode):
        # By its own name: where `/dev/stdout` is a pipe, it leads to `pipe:[123]`, which no path opens.
        with file.open("wb") as stream:
            yield stream
        return
    if old is not None and not os.access(file, os.W_OK):
        # A rename asks the folder alone: it would take the place of a file that is closed to writing.
        raise PermissionError(EACCES, os.strerror(EACCES), str(file))
    place = Path(os.path.realpath(file))
    handle, name = mkstemp(prefix=_PREFIX, dir=place.parent)
    part = Path(name)
    try:
        with open(handle, "wb") as stream:
            yield stream
            stream.flush()
            # Without this, the rename may reach the disk before the data does.
            os.fsync(stream.fileno())
        _take_over(part, old)
        if replace or not _linked(part, place):
            part.replace(place)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:
        return None


def _take_over(part: Path, old: os.stat_result | None) -> None:
    """Give a new file the owner and mode of the old one, or those that any new file has."""
    if old is None:
        # `mkstemp` closes its files to all others; the mask can only be read by setting it.
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        return
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(part, old.st_uid, old.st_gid)
    # After the owner: changing that clears some of the mode.
    part.chmod(stat.S_IMODE(old.st_mode))


def _linked(part: Path, place: Path) -> bool:
    """Whether a link could take the place: it is made only where no other file has come meanwhile."""
    try:
        os.link(part, place)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        # Some file systems have no links.
        return False
    part.unlink()
    return True
