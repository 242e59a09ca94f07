"""a width in print → how close together things are drawn, so that the labels of a wide drawing can be read in a paper.

The type has the same size in all drawings, in pixels, and is scaled down with a drawing that is printed in a column.
So a wide picture is drawn closer together, and with the notes on its layers below it, until its labels can be read.
"""

from __future__ import annotations

from typing import Literal

from seqdsl.records import record

Fit = Literal["column", "page"]
FITS = ("column", "page")

LABEL_TYPE, WORD_TYPE = 12.0, 10.5
"""The sizes, in pixels, of the smallest type in notes and in the words within nodes."""

LINE = 15.0
"""From a line of text to the next, in pixels."""

_LEAST_TYPE = 6.0
# In points: a column is 3.4 inches wide and a page of text 7, in most journals of two columns.
_WIDTHS: dict[Fit, float] = {"column": 244.8, "page": 504.0}


@record(frozen=True)
class Density:
    """Distances in pixels.

    Attributes:
        node: the width of a usual node.
        height: its height.
        word_edge: how much wider than a word in it a node is.
        around: from a node to the end of its room: two of these are between two nodes.
        row: from a row of nodes to the next, if no row of wires were between.
        connector: what each row of wires between them adds.
        passed: between nodes of which one passes its state to the other, so that it can be named.
        cut: between the nodes beside columns that are left out, so that it can be said how many.
        edge: around the whole drawing.
        gap: from a node to the note beside it.
        widest: how many times the usual step two nodes are apart at most.
        least_column: the width of a column of characters where nothing needs more.
        fold: the letters of a layer's call beside its row before it goes on in the next line.
        notes_below: whether the notes on the layers are below the drawing.
    """

    node: float
    height: float
    word_edge: float
    around: float
    row: float
    connector: float
    passed: float
    cut: float
    edge: float
    gap: float
    widest: float
    least_column: float
    fold: int
    notes_below: bool

    @property
    def half(self) -> float:
        """Half the width of a usual node."""
        return self.node / 2


USUAL = Density(36, 32, 10, 10, 54, 22, 46, 68, 24, 22, 1.5, 9, 44, notes_below=False)
_CLOSE = Density(30, 28, 8, 7, 48, 20, 42, 62, 14, 14, 1.35, 7.5, 30, notes_below=False)
_BELOW = Density(28, 28, 7, 6, 44, 20, 40, 60, 12, 14, 1.25, 7, 44, notes_below=True)
_CLOSEST = Density(22, 24, 6, 5, 40, 18, 38, 58, 10, 12, 1.2, 5.5, 44, notes_below=True)

DENSITIES = (USUAL, _CLOSE, _BELOW, _CLOSEST)
"""From the one that is best to look at to the one that takes the least room."""


def most_width(fit: Fit, smallest: float) -> float:
    """How wide a drawing may be, in pixels, so that type of ``smallest`` pixels is at least 6 points in print."""
    # A column is 244.8 points: a drawing of 489.6 pixels is scaled by half, and 12 pixels are 6 points.
    return _WIDTHS[fit] * smallest / _LEAST_TYPE
