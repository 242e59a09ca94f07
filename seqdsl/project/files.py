"""paths → texts: the texts that ``FILE|DIR|-...`` names."""

from __future__ import annotations

import os
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from seqdsl.syntax.limits import LARGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "<stdin>"
"""What messages call standard input."""

PICTURES = ("*.seq",)
MARKDOWN = (".md", ".markdown")
PYTHON = (".py", ".pyi")
_PIECE = 1 << 20
_PASSED_OVER = frozenset({"__pycache__", "node_modules"})


class Text(NamedTuple):
    """The bytes of a file, and the name under which messages speak of it."""

    name: str
    data: bytes


def holds_blocks(name: str) -> bool:
    """Whether pictures are blocks of a file of this name, not the whole of it."""
    return name.lower().endswith(MARKDOWN + PYTHON)


class Unreadable(Exception):
    """A path that cannot be read: no picture is at fault."""


def read_all(
    paths: Iterable[str],
    include: Sequence[str] = PICTURES,
    exclude: Sequence[str] = (),
    root: Path | None = None,
    skipped: Callable[[Unreadable], object] | None = None,
) -> Iterator[Text]:
    """The texts of all paths, folders with every file in them that counts.

    Args:
        paths: files, folders, and ``-`` for standard input.
        include: patterns of the files of a folder that are read.
        exclude: patterns of what is passed over in a folder: names, or paths below ``root``.
        root: the folder that patterns with a ``/`` are relative to; default: the working folder.
        skipped: called with the reason why a file or folder cannot be read, after which the others are read.

    Raises:
        Unreadable: there is no such file, or it cannot be read, and ``skipped`` is left out.
    """
    skip = skipped or _refuse
    for path in paths:
        if path == STANDARD_INPUT:
            # No more than is needed to refuse it, as of a file below.
            yield Text(STANDARD_INPUT_NAME, sys.stdin.buffer.read(LARGEST_TEXT + 1))
            continue
        try:
            files = _files(Path(path), include, exclude, root or Path.cwd(), skip)
        except Unreadable as error:
            skip(error)
            continue
        for file in files:
            try:
                text = Text(str(file), _read(file))
            except Unreadable as error:
                skip(error)
            else:
                yield text


def read_end(path: str, most: int) -> str:
    """The last characters of a file, or of standard input: of what a program printed, the end matters.

    Args:
        path: a file, or ``-``.
        most: how many characters of it.

    Raises:
        Unreadable: there is no such file, or it cannot be read.
    """
    try:
        if path == STANDARD_INPUT:
            data = _end(sys.stdin.buffer, most)
        else:
            with open(path, "rb") as file:
                data = _end(file, most)
    except OSError as error:
        raise Unreadable(f"{path}: {reason(error)}") from error
    return data.decode("utf-8", "replace")[-most:]


def _end(file: IO[bytes], most: int) -> bytes:
    # A pipe cannot be read from its end. A character has four bytes at most.
    kept = b""
    while piece := file.read(_PIECE):
        kept = (kept + piece)[-4 * most :]
    return kept


def _refuse(error: Unreadable) -> None:
    raise error


def _files(
    path: Path,
    include: Sequence[str],
    exclude: Sequence[str],
    root: Path,
    skip: Callable[[Unreadable], object],
) -> list[Path]:
    # `Path.is_dir` raises for a name that is too long for the system.
    if not os.path.isdir(path):
        return [path]
    files = sorted(_walk(path, include, exclude, root, skip))
    if not files:
        kinds = "no .seq files" if tuple(include) == PICTURES else f"no {' or '.join(include)}"
        raise Unreadable(f"{path}: {kinds} in this folder")
    return files


def _is_passed_over(folder: Path) -> bool:
    """Whether a folder is not looked into: what tools store holds no pictures, and a link may lead in a circle."""
    return folder.name.startswith(".") or folder.name in _PASSED_OVER or folder.is_symlink()


def _walk(
    folder: Path,
    include: Sequence[str],
    exclude: Sequence[str],
    root: Path,
    skip: Callable[[Unreadable], object],
) -> Iterator[Path]:
    try:
        items = list(folder.iterdir())
    except OSError as error:
        skip(Unreadable(f"{folder}: {reason(error)}"))
        return
    for item in items:
        # Before a folder is looked into: what is excluded need not be readable.
        if exclude and matches(item, exclude, root):
            continue
        if os.path.isdir(item):
            if not _is_passed_over(item):
                yield from _walk(item, include, exclude, root, skip)
        elif matches(item, include, root) and os.path.isfile(item):
            yield item


def matches(path: Path, patterns: Sequence[str], root: Path) -> bool:
    """Whether the name of ``path``, or where it is below ``root``, is like one of ``patterns``."""
    return any(fnmatch(_subject(path, pattern, root), pattern.rstrip("/")) for pattern in patterns)


def _subject(path: Path, pattern: str, root: Path) -> str:
    """What a pattern is compared with: the name, or with a ``/`` in it the path below ``root``."""
    # `old` and `old/` fit a name, `data/old` a path below the root, as in .gitignore; but `*` takes a `/`, too.
    if "/" not in pattern.rstrip("/"):
        return path.name
    absolute = path.absolute()
    return (absolute.relative_to(root) if absolute.is_relative_to(root) else path).as_posix()


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more is enough for the reader to refuse it, however large it is.
            return file.read(LARGEST_TEXT + 1)
    except OSError as error:
        raise Unreadable(f"{path}: {reason(error)}") from error


def reason(error: OSError) -> str:
    """Why the system refused, in its own words."""
    return (error.strerror or str(error)).lower()
