"""bytes → files of the user's: never the file that is read, and what was written is printed."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from seqdsl.atomic import whole
from seqdsl.cli.common import CannotRun
from seqdsl.project.files import STANDARD_INPUT, STANDARD_INPUT_NAME, reason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

STANDARD_OUTPUT = "-"
"""What ``-o`` names standard output by; a file of that name is ``./-``."""


def write_whole(file: Path, data: bytes, *, replace: bool = True) -> None:
    """Write a file with this content, or leave everything as it was.

    Args:
        file: the file to write.
        data: its content.
        replace: whether a file that exists may be replaced.

    Raises:
        CannotRun: it cannot be written, in one sentence; or it exists and may not be replaced.
    """
    try:
        with whole(file, replace=replace) as stream:
            stream.write(data)
    except FileExistsError as error:
        raise CannotRun(f"{file} already exists: use --force to overwrite it") from error
    except OSError as error:
        raise CannotRun(f"{file}: {reason(error)}") from error


def print_written(file: Path) -> None:
    """Print which file was written; a device is not printed, as it may be standard output itself."""
    if os.path.isfile(file):
        click.echo(f"wrote {file}")


def refuse_overwrite(read: Iterable[str], files: Iterable[Path], option: str = "-o") -> None:
    """End the run if a file to write is one that is read, by whatever paths the two are named.

    Args:
        read: paths, and ``-`` for standard input, which may be a file as well (``generate - < picture.seq``).
        files: the files to write.
        option: the option that names them.

    Raises:
        click.UsageError: a file is both.
    """
    # Hard links and file systems that ignore case have two paths to one file: only its numbers are the same.
    inputs = {identity for path in read if (identity := _identity(path)) is not None}
    for file in files:
        if _identity(str(file)) in inputs:
            raise click.UsageError(f"{option} {file} is also read: choose another file")


def _identity(path: str) -> tuple[int, int] | None:
    """What identifies a regular file; ``None`` for anything else."""
    with suppress(OSError, ValueError):
        status = os.fstat(0) if path in (STANDARD_INPUT, STANDARD_INPUT_NAME) else os.stat(path)
        # Not of devices and pipes: to read `/dev/null` and write to it loses nothing.
        return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None
    return None
