"""what keeps a layer from being read → why, and what to do: raised where it is noticed, collected by the walk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Refused(Exception):
    """A layer or an operation that cannot be read.

    Attributes:
        reason: why, a sentence.
        way: what to do instead, a sentence; empty: there is nothing to say.
        line: the line of the model's source that is to blame, as ``file:line``; empty: the layer's.
    """

    def __init__(self, reason: str, way: str = "", line: str = "") -> None:
        """Tell why, what to do, and where."""
        super().__init__(reason)
        self.reason, self.way, self.line = reason, way, line


class Computes(Refused):
    """A function computes new values: what it gives is not a rearrangement of what it is given."""

    def __init__(self, operations: Sequence[str] = ()) -> None:
        """Tell why, and which operations it calls that cannot be read."""
        what = f" by {', '.join(f'`{item}`' for item in operations)}" if operations else ""
        super().__init__(
            f"it computes new values{what}, and only functions that move values can be read",
            "write it with layers, such as Activation, Add or Multiply, or with keras.ops",
        )


class Again(Exception):
    """The model has to be read once more, with a layer in another way.

    Attributes:
        layer: the path of the layer.
        how: what it is: a word of `seqdsl.importers.keras.hints`.
    """

    def __init__(self, layer: str, how: str) -> None:
        """Tell which layer, and how."""
        super().__init__(f"{layer}: {how}")
        self.layer, self.how = layer, how
