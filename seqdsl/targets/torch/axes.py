"""expression → the axes of its steps: an image has its channels before height and width, all else its features last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import Attribute, Index, call, listing, method, tuple_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.expressions import Expression, Pad, Zeros
    from seqdsl.size import Size
    from seqdsl.targets.code import Code
    from seqdsl.targets.torch.emitter import TorchEmitter

IMAGE = 2
"""How many axes the grid of an image has."""


def axes_of(expression: Expression, to: TorchEmitter) -> int:
    """How many axes a step of an expression has: one of features, and those of a grid."""
    return 1 + len(to.places(expression))


def features_axis(expression: Expression, to: TorchEmitter) -> int:
    """The axis of the features, counted from the end: an image has them before height and width."""
    return -3 if len(to.places(expression)) == IMAGE else -1


def sizes_of(zeros: Zeros) -> tuple[Size, ...]:
    """The sizes of the axes of each of some zero steps."""
    return axes_sizes(zeros.grid, zeros.width)


def axes_sizes(grid: tuple[Size, ...], features: Size) -> tuple[Size, ...]:
    """The sizes of the axes of a step that holds a grid."""
    return (features, *grid) if len(grid) == IMAGE else (*grid, features)


def padded(expression: Pad, value: Code, to: TorchEmitter) -> Code:
    """A sequence with zero steps before and after it."""
    # `F.pad` begins with the last axis: no features, no places, then the steps.
    nothing = [0, 0] * axes_of(expression, to)
    return call("F.pad", value, tuple_of(*nothing, expression.before, expression.after))


def as_places(parts: Sequence[Code]) -> Code:
    """Values of each step as places of one grid."""
    # (batch, steps, features), or (batch, steps) of ids: the places have the axis after the steps.
    return call("torch.stack", listing(*parts), dim=2)


def repeated_steps(value: Code, times: int) -> Code:
    """Each step in turn so many times."""
    return method(value, "repeat_interleave", times, dim=1)


def size_of(value: Code, axis: str) -> Code:
    """How many there are of what a value has on an axis."""
    return Index(Attribute(value, "shape"), axis)
