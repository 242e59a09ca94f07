"""values, weights and numbers of a cell's step → what one operation makes of them."""

from __future__ import annotations

from functools import reduce
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seqdsl.importers.cells.values import (
    Applied,
    Bias,
    Both,
    Held,
    Normal,
    Plain,
    Product,
    Scaled,
    Values,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

EPSILON = 1e-5
"""What a normalization of the language has."""


class Features(NamedTuple):
    """A tensor of features: values side by side, of each sample (and step)."""

    parts: tuple[int, ...]
    lead: tuple[int, ...]


class Weights(NamedTuple):
    """A tensor of weights, by their numbers."""

    numbers: Numbers


class NoCell(Exception):
    """What a step computes cannot be written as equations.

    Attributes:
        reason: why, a sentence.
        way: what to do instead, a sentence.
    """

    def __init__(self, reason: str, way: str) -> None:
        """Tell why, and what to do."""
        super().__init__(reason)
        self.reason, self.way = reason, way


_EQUATIONS = "write the cell as equations in the picture's file"


def refused(why: str, way: str = _EQUATIONS) -> NoCell:
    """A reason, in the words of all of them."""
    return NoCell(f"it runs a cell of its own, {why}", way)


def refused_in_training() -> NoCell:
    """A cell that drops, or keeps, a part of its values while it is trained."""
    # Which of the two it is, and at which rate, its code does not tell.
    return refused(
        "which computes something else in training, such as dropout",
        "import it without that, and write it into the equations of the picture: `dropout(h, 0.2)`, or "
        "`h = zoneout(h, new, 0.1)`",
    )


class Arithmetic:
    """Computes with the values of one cell.

    Attributes:
        values: what was read.
    """

    def __init__(self, values: Values) -> None:
        """Begin with values that are there already, such as the states."""
        self.values = values

    def both(self, sign: str, one: Any, other: Any) -> Features:
        """Two values, or a value and weights or a number, element by element."""
        features = [item for item in (one, other) if isinstance(item, Features)]
        weights = [item for item in (one, other) if isinstance(item, Weights)]
        if not features:
            raise refused("which computes with weights alone")
        if weights:
            is_first = weights[0] is one
            return self._with_weights(sign, features[0], weights[0].numbers, is_first=is_first)
        left, right = self._parts(one), self._parts(other)
        ends = self._pieces(left, right)
        # c meets a part of i, f, g, o as it meets a whole value: both are cut where one of them is.
        pairs = zip(self._cut(left, ends), self._cut(right, ends), strict=True)
        made = [
            self.values.add(Both(sign, *pair), stop - start)
            for pair, start, stop in zip(pairs, [0, *ends], ends, strict=False)
        ]
        return Features(tuple(made), features[0].lead)

    def _pieces(self, left: Sequence[int], right: Sequence[int]) -> list[int]:
        """Where the pieces end that both sides have; one feature, or a number, is spread over all."""
        widths = {self._width(left), self._width(right)} - {1}
        if len(widths) > 1:
            raise refused("which combines values of different widths")
        wide = [side for side in (left, right) if self._width(side) > 1]
        return sorted({end for side in wide for end in self._ends(side)}) or [1]

    def _width(self, parts: Sequence[int]) -> int:
        return sum(self.values.widths[at] for at in parts)

    def _parts(self, item: Any) -> tuple[int, ...]:
        if isinstance(item, Features):
            return item.parts
        # A constant of the configuration, or a number of Python's.
        number = np.asarray(getattr(item, "values", item))
        if number.size != 1 or number.dtype.kind not in "iuf" or not np.isfinite(number).all():
            raise refused("which computes with numbers of its own")
        plain = number.item()
        plain = int(plain) if plain == int(plain) else plain
        return (self.values.add(Plain(plain), 1),)

    def _ends(self, parts: Sequence[int]) -> list[int]:
        return list(accumulate(self.values.widths[at] for at in parts))

    def _cut(self, parts: Sequence[int], ends: Sequence[int]) -> list[int]:
        if self._width(parts) == 1:
            return [parts[0]] * len(ends)
        columns = self.values.columns(parts)
        starts = [0, *ends[:-1]]
        return [
            self.values.joined(self.values.gathered(columns[start:stop]))
            for start, stop in zip(starts, ends, strict=True)
        ]

    def _with_weights(
        self, sign: str, value: Features, numbers: Numbers, *, is_first: bool
    ) -> Features:
        vector = numbers.reshape(-1)
        width = self._width(value.parts)
        # (8,) and (1, 8) are one vector; (8, 1) is none.
        if numbers.shape[-1:] != vector.shape or len(vector) != width:
            raise refused("which combines a value with weights of another width")
        ends = self._ends(value.parts)
        found = []
        for at, start, stop in zip(value.parts, [0, *ends], ends, strict=False):
            held = Held.of(vector[start:stop])
            # A bias waits for the product that it belongs to: the sums of a cell are written at the end.
            if sign == "+":
                sides = (self.values.add(Bias(held), stop - start), at)[:: 1 if is_first else -1]
                found.append(self.values.add(Both("+", *sides), stop - start))
            elif sign == "*":
                found.append(self.values.add(Scaled(at, held), stop - start))
            else:
                raise refused(f"which combines a value with weights by `{sign}`")
        return Features(tuple(found), value.lead)

    def applied(self, word: str, value: Any) -> Features:
        """An activation of a value."""
        if not isinstance(value, Features):
            raise refused("which computes with weights alone")
        if word == "linear":
            return value
        parts = value.parts
        # All others act on each feature by itself.
        if word in ("softmax", "log_softmax"):
            parts = (self.values.joined(parts),)
        return Features(
            tuple(self.values.add(Applied(word, at), self.values.widths[at]) for at in parts),
            value.lead,
        )

    def product(self, value: Any, matrix: Any) -> Features:
        """A value times a matrix; of values side by side each meets its own rows."""
        if not (isinstance(value, Features) and isinstance(matrix, Weights)):
            raise refused("which multiplies values by other values as matrices")
        # concatenate([x, h]) @ w is x @ w[:5] + h @ w[5:]
        # A convolution has such a matrix for each place of its window: (height, width, in, out).
        numbers, found, row = matrix.numbers, list[int](), 0
        if numbers.ndim not in (2, 4):
            raise refused("whose matrices have more than two axes")
        width = numbers.shape[-1]
        for at in value.parts:
            below = row + self.values.widths[at]
            held = Held.of(numbers[..., row:below, :])
            found.append(self.values.add(Product(at, held), width))
            row = below
        whole = reduce(lambda one, other: self.values.add(Both("+", one, other), width), found)
        return Features((whole,), value.lead)

    def normal(self, value: Any, scale: Any, shift: Any, epsilon: float) -> Features:
        """A value normalized over its features."""
        if not all(isinstance(item, Weights) for item in (scale, shift)):
            raise refused("whose normalization has no scale or no shift")
        if abs(epsilon / EPSILON - 1) > 1e-3:
            raise refused(f"whose normalization has `epsilon={epsilon}`, and the language's 1e-5")
        # It looks at all features: what was beside each other stays so.
        at = self.values.joined(value.parts)
        made = Normal(at, Held.of(scale.numbers), Held.of(shift.numbers))
        return Features((self.values.add(made, self.values.widths[at]),), value.lead)
