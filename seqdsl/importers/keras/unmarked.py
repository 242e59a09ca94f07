"""masks that Keras keeps with tensors → which tensors have lost theirs to a layer that only reads them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from seqdsl.importers.keras.values import Value, values_in


class Unmarked:
    """Values without the masks that they had: `MultiHeadAttention` takes them from what it reads when it runs.

    ::

        a = attend(x, x)        x has no mask from here on
        y = x + a               so this has none
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._ids: dict[int, Any] = {}

    def note(self, kind: str, arguments: Any) -> None:
        """Note what a layer reads, if layers of its class take the masks."""
        if kind == "MultiHeadAttention":
            for item in values_in(arguments):
                # The array is held, so that no other has its identity.
                self._ids[id(item.ids)] = item.ids

    def seen(self, item: Any) -> Any:
        """A value as a later call finds it."""
        is_noted = isinstance(item, Value) and id(item.ids) in self._ids
        return replace(item, mask=None) if is_noted else item
