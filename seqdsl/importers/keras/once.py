"""what is the same at all lengths of a model → its reading, made once: that of a cell, or of a model within."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from seqdsl.importers.keras.own_cells import read_cell

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.importers.reading import Reading


class Once:
    """What was read of the parts of one model.

    Attributes:
        read_model: reads a model by itself.
        read_cell: reads the cell that a layer runs (`seqdsl.importers.keras.own_cells.read_cell`).
    """

    def __init__(self, read_model: Callable[[Any], Reading]) -> None:
        """Begin without any.

        Args:
            read_model: reads a model.
        """
        # Layers and models are told apart by their identity.
        self.read_model, self.read_cell = cache(read_model), cache(read_cell)
