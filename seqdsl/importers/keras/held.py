"""a weight that a custom layer uses itself, and the symbol in its place while the layer is called."""

from __future__ import annotations

from typing import Any

import keras


class Held:
    """A weight that a custom layer uses itself.

    Attributes:
        variable: the weight.
        owner: the layer that has it: the layer itself, or an embedding within.
        attribute: what it is called there.
        symbol: what stands in its place.
    """

    def __init__(self, variable: Any, owner: Any, attribute: str) -> None:
        """Note a weight, and the attribute of its owner that it is."""
        self.variable, self.owner, self.attribute = variable, owner, attribute
        self.symbol = keras.Input(batch_shape=tuple(variable.shape))
