"""parameters of a cell → numbers for what they hold; numbers → the part of a parameter that they are."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from seqdsl.importers.cells.arithmetic import NoCell, refused
from seqdsl.importers.cells.values import Held
from seqdsl.runtime.scattered_weights import Held as Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

WEIGHTS = 1 << 50
"""Numbers from here on are weights; `float64` holds whole numbers up to 2 ** 53."""


def of_window(numbers: Numbers) -> Numbers:
    """A kernel of PyTorch's, (out, in, height, width), as the language has it: (height, width, in, out)."""
    return numbers.transpose(2, 3, 1, 0)


class CellWeights:
    """The parameters of one cell, each number of which has a number of its own."""

    def __init__(self, module: torch.nn.Module) -> None:
        """Overwrite the parameters of a copy with their numbers."""
        self._held: list[tuple[str, Numbers]] = []
        end = 0
        for path, parameter in module.named_parameters():
            size = parameter.numel()
            numbers = end + np.arange(size, dtype=np.int64).reshape(tuple(parameter.shape))
            self._held.append((path, numbers))
            parameter.data.copy_(torch.from_numpy((WEIGHTS + numbers).astype(np.float64)))
            end += size

    def beside(self, parts: Sequence[Held], within: str) -> Place:
        """Where an array is whose parts may be anywhere.

        Raises:
            NoCell: a part is not beside itself.
        """
        whole = Held.of(np.concatenate([item.numbers for item in parts], axis=-1))
        with contextlib.suppress(NoCell):
            return self.placed(whole, within)
        # nn.Linear(1, 8) has the numbers of (1, 8) in their order, but its features are on its first axis.
        for way in _WAYS:
            with contextlib.suppress(NoCell):
                first, *others = (self.placed(item, within, way) for item in parts)
                return replace(first, beside=tuple(others))
        raise refused("whose gates keep their weights in different ways")

    def placed(self, held: Held, within: str, beside: str | None = None) -> Place:
        """Where weights are.

        Args:
            held: the weights.
            within: the path of the cell.
            beside: the one way in which a parameter may hold them, so that others can be beside them.

        Raises:
            NoCell: they are of several parameters, or not beside each other, or not held in that way.
        """
        numbers = held.numbers
        first = int(numbers.flat[0])
        path, whole = next(
            (path, whole) for path, whole in self._held if whole.flat[0] <= first <= whole.flat[-1]
        )
        box = _box(numbers, whole)
        part = whole[tuple(slice(*side) for side in box)]
        way = _way(numbers, part, beside)
        is_all = part.shape == whole.shape
        return Place(
            f"{within}.{path}" if within else path,
            is_turned=way == _TURNED,
            rows=None if is_all else box[0],
            columns=None if is_all or len(box) == 1 else box[1],
            is_window=way == _WINDOW,
        )


_TURNED, _WINDOW = "is turned", "is a window"
_WAYS = ("", _TURNED, _WINDOW)


def _box(numbers: Numbers, whole: Numbers) -> list[tuple[int, int]]:
    """The rows of a parameter, and the columns if it is no vector, in which numbers are."""
    if int(numbers.max()) > whole.flat[-1] or int(numbers.min()) < whole.flat[0]:
        raise refused("whose weights are mixed before they are used")
    axes = np.unravel_index(numbers - whole.flat[0], whole.shape)
    return [(int(axis.min()), int(axis.max()) + 1) for axis in axes[:2]]


def _way(numbers: Numbers, part: Numbers, beside: str | None) -> str:
    """How a part of a parameter holds weights; with ``beside`` in that way, with the features that it gives apart."""
    for way in _WAYS if beside is None else (beside,):
        view = _view(part, way)
        is_apart = beside is None or view.shape[-1:] == numbers.shape[-1:]
        # (1, units) is a vector, too.
        is_same = view.size == numbers.size and np.array_equal(view.reshape(numbers.shape), numbers)
        if is_apart and is_same:
            return way
    raise refused("whose weights are mixed before they are used")


def _view(part: Numbers, way: str) -> Numbers:
    if way == _WINDOW:
        return of_window(part) if part.ndim == 4 else part
    return part.T if way == _TURNED else part
