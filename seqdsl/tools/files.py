"""paths → texts: what ``FILE|DIR|-...`` stands for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STANDARD_INPUT = "-"


class Text(NamedTuple):
    """The bytes of a file, and the name under which messages speak of it."""

    name: str
    data: bytes


class Unreadable(Exception):
    """A path that cannot be read: nobody's picture is at fault."""


def read_all(paths: Iterable[str]) -> Iterator[Text]:
    """The texts of all paths, folders with every ``.seq`` file in them.

    Raises:
        Unreadable: there is no such file, or it cannot be read.
    """
    for path in paths:
        if path == STANDARD_INPUT:
            yield Text("<stdin>", sys.stdin.buffer.read())
            continue
        for file in _files(Path(path)):
            yield Text(str(file), _read(file))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(item for item in path.rglob("*.seq") if item.is_file())
    if not found:
        raise Unreadable(f"{path}: no .seq files in this folder")
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path}: {(error.strerror or str(error)).lower()}") from error
