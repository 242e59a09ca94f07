"""what is the same at all lengths of a model → its reading, made once: of a cell, a model within, a layer's calls."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.importers.keras.within import Within


class Once:
    """What was read of the parts of one model.

    Attributes:
        read_model: reads a model by itself, whose input has a mask or none.
        read_cell: reads the cell that a layer runs.
        gathered: models that were made of layers over each step (see `seqdsl.importers.keras.gathered`).
    """

    def __init__(
        self, read_model: Callable[[Any, bool], Within], read_cell: Callable[..., Any]
    ) -> None:
        """Begin without any.

        Args:
            read_model: reads a model.
            read_cell: reads a cell.
        """
        # Layers and models are told apart by their identity.
        self.read_model, self.read_cell = cache(read_model), cache(read_cell)
        self.gathered: dict[Any, Any] = {}
        self._traced: dict[Any, Any] = {}

    def traced(self, key: Any, trace: Callable[[], Any]) -> Any:
        """What a layer calls for tensors of the same shapes; ``None`` is no key."""
        if key is None:
            return trace()
        if key not in self._traced:
            self._traced[key] = trace()
        return self._traced[key]
