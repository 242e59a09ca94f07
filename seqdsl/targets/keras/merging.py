"""operands that are combined element by element → the same in an order in which Keras adds them up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.compare import ONE
from seqdsl.layers import Combination

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.shapes import Shapes
    from seqdsl.targets.code import Code
    from seqdsl.targets.keras.emitter import KerasEmitter

_ADDS = (Combination.ADD, Combination.MEAN)
"""What `layers.Add` and `layers.Average` compute; products and maxima are right in any order."""


def addable(
    how: Combination, operands: Sequence[Expression], values: Sequence[Code], to: KerasEmitter
) -> list[Code]:
    """The values of ``operands``, one feature before several where they are added up.

    Keras's `ops.add(x, y)` on TensorFlow, which `x + y` and the layers come to, takes ``y`` for a bias if one of its
    axes alone is longer than 1, and as long as the second or the last axis of ``x``. It does not ask which axis::

        x (3, 3)      y (3, 1)       a sample's number is added to a feature of all samples
        x (1, 4, 4)   y (1, 4, 1)    the same with steps
        x (3, 1)      y (3, 3)       right: what is wider than x is no bias of it

    So values of one feature come first, and a width by a parameter, which may be set to 1, before a fixed one.
    """
    if how not in _ADDS:
        return list(values)
    shapes = to.shapes()
    # Sorting is stable: what is equally wide stays as drawn.
    order = sorted(range(len(values)), key=lambda place: _width_class(operands[place], shapes))
    return [values[place] for place in order]


def _width_class(operand: Expression, shapes: Shapes) -> int:
    """How surely an operand has several features: not, by a parameter's default, always."""
    width = shapes.of(operand).features
    if shapes.sizes.same(width, ONE):
        return 0
    return 1 if width.names else 2
