"""lengths and widths → small pictures: what to draw for data of a given shape.

Every sketch is a picture that compiles and has exactly those shapes; its recurrent layer is the one that is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layout.picture import Bus, Ellipsis, Node, Picture, Ref, Row, Side
from seqdsl.layout.write import layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.layout.picture import Mark, Wire

WIDEST = 30
"""So many nodes are drawn one by one; in longer rows an ellipsis replaces the middle."""

_INPUTS, _CELLS, _UNROLLED = range(3)
"""The rows of a sketch, bottom row first."""


def aligned(steps: int, features: int, width: int, cell: str = "") -> str:
    """A value for each step."""
    return _three_rows(steps, steps, features, width, cell)


def last(steps: int, count: int, features: int, width: int, cell: str = "") -> str | None:
    """Values for the last ``count`` steps; too many of them are not drawn."""
    if count > WIDEST or count >= steps or (steps > WIDEST and count + 2 > steps):
        return None
    return _three_rows(steps, count, features, width, cell)


def one(steps: int, features: int, width: int, cell: str = "") -> str:
    """One value for the whole sequence."""
    return _three_rows(steps, 1, features, width, cell)


def padded(steps: int, count: int, features: int, width: int, cell: str = "") -> str | None:
    """A row that runs on after the last input step, read at all its ``count`` steps."""
    if count > WIDEST or count <= steps:
        return None
    # Y Y Y Y      two steps go in, four come out: the row runs on, and nothing enters its last two nodes
    # | | | |
    # H H H H
    # | |
    # X X
    inputs = _marks("X", steps, "steps")
    cells: list[Mark] = [_over("H", Ref(_INPUTS, at)) for at in range(steps)]
    cells += [Node("H") for _ in range(count - steps)]
    rows = (
        Row(tuple(inputs), call=f"input({features})"),
        Row(tuple(cells), call=cell or _cell(steps, count)),
        _above("Y", _CELLS, cells, f"dense({width})"),
    )
    return _text(Picture(rows))


def encoder_decoder(steps: int, count: int, features: int, width: int, cell: str = "") -> str:
    """One value of the whole input, unrolled into ``count`` steps: any two lengths.

          Y Y
          D D     each step of `D` reads the last value of `E`
        +-+-+
    E E E
    """
    inputs = _marks("X", steps, "steps")
    value = Bus((Ref(_CELLS, len(inputs) - 1),))
    decoder = _marks("D", count, "n", wire=value, stretch=1)
    rows = (
        Row(tuple(inputs), call=f"input({features})"),
        _above("E", _INPUTS, inputs, cell or _cell(steps, count)),
        Row(tuple(decoder), call=cell or _cell(steps, count)),
        _above("Y", _UNROLLED, decoder, f"dense({width})"),
    )
    return _text(Picture(rows, parameters=(*_named(inputs, steps), *_named(decoder, count))))


def _three_rows(steps: int, read: int, features: int, width: int, cell: str) -> str:
    #     Y Y      4 steps of which the last 2 are read; of 40, `..steps..` replaces all but the first, the two that
    #     | |      are read, and one before these
    # H H H H
    # | | | |
    # X X X X
    whole = read == steps
    inputs = _marks("X", steps, "steps", ending=1 if whole else read)
    rows = (
        Row(tuple(inputs), call=f"input({features})"),
        _above("H", _INPUTS, inputs, cell or _cell(steps)),
        _above("Y", _CELLS, inputs, f"dense({width})", first=0 if whole else len(inputs) - read),
    )
    return _text(Picture(rows, parameters=_named(inputs, steps)))


def _cell(*lengths: int) -> str:
    """A recurrent layer whose units are not one of the lengths: that would look like a mistake."""
    return f"lstm({64 if 32 in lengths else 32})"


def _marks(
    letter: str,
    steps: int,
    name: str,
    *,
    ending: int = 1,
    wire: Wire | None = None,
    stretch: int = 0,
) -> list[Mark]:
    """The marks of a row, of which an ellipsis elides the middle if it is long."""
    node = Node(letter, ((Side.BELOW, wire),) if wire is not None else ())
    if steps <= WIDEST:
        return [node] * steps
    return [node, Ellipsis(stretch, name), *[node] * (ending + 1)]


def _above(letter: str, row: int, below: Sequence[Mark], call: str, first: int = 0) -> Row:
    """A row over another one, from one of its marks on: each node reads the one below it."""
    marks = [
        mark if isinstance(mark, Ellipsis) else _over(letter, Ref(row, at))
        for at, mark in enumerate(below)
    ]
    return Row(tuple(marks[first:]), call=call)


def _over(letter: str, ref: Ref) -> Node:
    return Node(letter, ((Side.BELOW, ref),))


def _named(marks: Sequence[Mark], steps: int) -> tuple[tuple[str, str], ...]:
    """The length that the ellipsis of a row needs."""
    return tuple((mark.name, str(steps)) for mark in marks if isinstance(mark, Ellipsis))


def _text(picture: Picture) -> str:
    return layout(picture).rstrip("\n")
