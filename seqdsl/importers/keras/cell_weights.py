"""a cell's variables → numbers for what they hold; numbers → the part of a variable that they are."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seqdsl.importers.keras.refusals import Refused
from seqdsl.runtime.parted_weights import PartOf

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seqdsl.importers.cells.values import Held

    Numbers = NDArray[np.int64]


class Placed(NamedTuple):
    """An array of a layer, and the part of a variable that holds it."""

    name: str
    variable: Any
    part: PartOf


class CellWeights:
    """The variables of one cell, each number of which has a number of its own."""

    def __init__(self) -> None:
        """Begin without any."""
        self._variables: list[Any] = []
        self._starts: list[int] = []
        self._end = 1

    def numbers(self, variable: Any) -> Numbers:
        """The numbers of all that a variable holds."""
        shape = tuple(variable.shape)
        # By identity: variables are compared number by number.
        known = [at for at, item in enumerate(self._variables) if item is variable]
        if known:
            start = self._starts[known[0]]
        else:
            start = self._end
            self._variables.append(variable)
            self._starts.append(start)
            self._end += int(np.prod(shape))
        return start + np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)

    def placed(self, name: str, held: Held) -> Placed:
        """Where weights are.

        Raises:
            Refused: they are of several variables, or not beside each other.
        """
        block = held.numbers.reshape(-1, held.shape[-1])
        at = bisect_right(self._starts, int(block.flat[0])) - 1
        variable, start = self._variables[at], self._starts[at]
        width = int(variable.shape[-1])
        last = start + int(np.prod(variable.shape)) - 1
        # A part of rows and columns, or a part that is transposed, such as a tied matrix.
        for is_turned, view in ((False, block), (True, block.T)):
            row, column = divmod(int(view.flat[0]) - start, width)
            rows, columns = view.shape
            wanted = start + (row + np.arange(rows))[:, None] * width + column + np.arange(columns)
            fits = column + columns <= width and int(wanted.flat[-1]) <= last
            if fits and np.array_equal(view, wanted):
                where = (row, row + rows), (column, column + columns)
                return Placed(name, variable, PartOf(*where, is_turned=is_turned))
        raise Refused("it runs a cell of its own, whose weights are mixed before they are used")
