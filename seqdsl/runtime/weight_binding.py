"""named arrays ⇄ what holds them: how a framework keeps a weight, as plain functions of numpy arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[Any]


class NoSuchWeights(Exception):
    """A model lacks the weights that it should have, or they have other shapes."""


def same(array: Array) -> Array:
    """An array as it is."""
    return array


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a framework keeps a named array, or a part of it.

    Attributes:
        name: the array's whole name.
        tensor: a variable of the framework.
        put: makes of the array what the variable holds.
        take: makes of what the variable holds, or of its gradient, the array; a part that several
            variables share is taken from one of them.
        is_part: whether the variable holds more than the array.
    """

    name: str
    tensor: Any
    put: Callable[[Array], Array] = same
    take: Callable[[Array], Array] | None = same
    is_part: bool = False
