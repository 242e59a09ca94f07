"""a place in a file → a block: a ``.seq`` text within another file, and where its characters are in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Place = Callable[[int, int], tuple[int, int]]
"""Line and column of a block → line and column of the file that holds it."""


class Block(NamedTuple):
    """A ``.seq`` text within another file.

    Attributes:
        text: its rows.
        place: where in the file a line and column of it are.
        ignored: whether it is only shown.
    """

    text: str
    place: Place
    ignored: bool = False
