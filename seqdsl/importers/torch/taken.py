"""what an operation reads of a tensor → data: rows of steps, and where in the tensor they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.importers.torch.nodes import Kind
from seqdsl.records import record

if TYPE_CHECKING:
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.nodes import Row


@record(frozen=True)
class Taken:
    """A tensor that an operation reads, by samples and steps.

    Attributes:
        rows: what each step reads.
        ids: the labels of the first sample, (steps, features).
        order: which of the folded rows each step of each sample is, (samples, steps).
        lead: the sizes of all axes but that of the features.
        axis: the axis of the features; ``None``: each number is a step of one feature.
        columns: in which column of the tensor each feature is; ``None``: they are in order.
    """

    rows: tuple[Row, ...]
    ids: Ids
    order: Ids
    lead: tuple[int, ...]
    axis: int | None
    columns: Ids | None = None

    @property
    def steps(self) -> int:
        """How many steps it has for each sample."""
        return len(self.rows)


PARTS = {
    Kind.SCORES: "its scores are read by something else than a softmax and a sum of values",
    Kind.WEIGHTS: "its weights are read by something else than a sum of values",
    Kind.WEIGHTED: "weighted values are read by something else than their sum",
    Kind.SCALED: "a value times a number is not in the language",
}
"""What no layer gives by itself, and why it cannot be read."""

MIXED = "it reads a grid that is flattened in another order than height, width, channels"
"""Of layers that have no weights which could be in that order."""

GRID = "it reads steps that hold grids"
"""Of layers that read features alone."""
