"""picture → the same, upside down: whether a picture that does not compile would do so if turned over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.layers import Family, find_layer
from seqdsl.picture.grid import scan_row
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.syntax.ast import Picture

_TURNED = str.maketrans("/\\", "\\/")


def is_upside_down(picture: Picture, compiles: Callable[[Picture], bool]) -> bool:
    """Whether a picture's inputs are at its top, and it would compile with its bottom row first.

    Args:
        picture: one that does not compile.
        compiles: whether a picture does.
    """
    rows = picture.rows
    if not _holds_inputs(picture, 0) or _holds_inputs(picture, len(rows) - 1):
        return False
    turned = tuple(
        replace(row, cells=row.cells.translate(_TURNED), line=other.line)
        for row, other in zip(reversed(rows), rows, strict=True)
    )
    return compiles(replace(picture, rows=turned))


def _holds_inputs(picture: Picture, number: int) -> bool:
    """Whether all nodes of a row are declared inputs."""
    row = picture.rows[number]
    letters = {mark for mark in scan_row(row)[0].marks if mark.isupper()}
    defined = {item.letter: item.call.layer for item in picture.definitions}
    names = {row.call.layer} if row.call else {defined.get(letter, "") for letter in letters}
    layers = [find_layer(name) for name in names]
    return bool(letters) and all(item and item.family is Family.SOURCE for item in layers)


def upside_down(picture: Picture) -> Diagnostic:
    """The finding about a picture whose inputs are at its top."""
    row = picture.rows[0]
    column = len(row.cells) - len(row.cells.lstrip()) + 1
    return Diagnostic(
        "SEQ215",
        "this picture is upside down: its inputs are at the top",
        Span.cell(row.line, column),
        "data flows from the bottom to the top: write the rows in the opposite order, the inputs last",
    )
