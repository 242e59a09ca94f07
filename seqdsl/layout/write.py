"""picture → text of a `.seq` file: its rows, layers, definitions and parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layout.canvas import render
from seqdsl.layout.draw import draw
from seqdsl.layout.order import with_places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.layout.drawn import Drawn
    from seqdsl.layout.picture import Picture

MARGIN = 3
"""Blanks between the widest row and the layers at the ends of rows."""


def rows(picture: Picture) -> list[str]:
    """The rows of a picture, top row first, each with its layer.

    Raises:
        Unplaceable: no drawing shows what is left of what.
    """
    return _with_calls(picture, draw(with_places(picture)))


def _with_calls(picture: Picture, drawn: Sequence[Drawn]) -> list[str]:
    """The rows of a drawing, each with its layer."""
    lines = render(item.cells for item in drawn)
    width = max(map(len, lines)) + MARGIN
    shown = []
    for line, item in zip(lines, reversed(drawn), strict=True):
        call = picture.rows[item.row].call if item.row is not None else ""
        shown.append(f"{line:<{width}}{call}" if call else line)
    return shown


def layout(picture: Picture) -> str:
    """The text of a picture; it compiles to what the picture says.

    Raises:
        Unplaceable: no drawing shows what is left of what.
    """
    return text_of(picture, draw(with_places(picture)))


def text_of(picture: Picture, drawn: Sequence[Drawn]) -> str:
    """The text of a picture that is drawn."""
    below = [f"{letter} = {call}" for letter, call in picture.definitions]
    below += [f"{name} = {value}" for name, value in picture.parameters]
    head = [f"model {picture.name}", ""] if picture.name else []
    lines = [*head, *_with_calls(picture, drawn)]
    return "\n".join([*lines, "", *below] if below else lines) + "\n"


def renamed(text: str, old: str, new: str) -> str:
    """The text of a file whose last picture has another name."""
    before, head, behind = text.rpartition(f"model {old}\n")
    return f"{before}model {new}\n{behind}" if head else text
