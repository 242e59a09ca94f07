"""tensor expressions over steps that hold grids → `keras.ops`, as Keras's layers for steps take features at each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Expression, Pad, Repeat, RepeatSteps
from seqdsl.targets.code import Code, call, tuple_of

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Zeros
    from seqdsl.targets.keras.emitter import KerasEmitter


def steps_of_grids(expression: Expression, value: Code, to: KerasEmitter) -> Code:
    """Steps that are repeated, or padded, of a value."""
    if isinstance(expression, RepeatSteps):
        to.note_read(expression, "`ops.repeat`")
        return call("ops.repeat", value, expression.times, axis=1)
    if isinstance(expression, Repeat):
        to.note_read(expression, "`ops.repeat`")
        return repeated_grid(value, expression.count)
    assert isinstance(expression, Pad)
    # (batch, steps, height, width, features): only the steps are padded.
    nothing = tuple_of(0, 0)
    around = (nothing, tuple_of(expression.before, expression.after))
    to.note_read(expression, "`ops.pad`")
    axes = 1 + len(to.places(expression))
    return call("ops.pad", value, tuple_of(*around, *[nothing] * axes))


def repeated_grid(value: Code, count: object) -> Code:
    """A grid at each of so many steps."""
    return call("ops.repeat", call("ops.expand_dims", value, 1), count, axis=1)


def grids_of_zeros(expression: Zeros, one: Code) -> Code:
    """Zero steps that hold grids, of one zero of each sample, or of each of its steps."""
    sizes = (*expression.grid, expression.width)
    if expression.free:
        return call("ops.tile", one, tuple_of(1, 1, *sizes))
    # Of a sample there is one zero: it gets an axis of steps.
    return call("ops.tile", call("ops.expand_dims", one, 1), tuple_of(1, expression.count, *sizes))
