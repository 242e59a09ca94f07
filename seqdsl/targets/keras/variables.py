"""expression → what the variable is called that its value gets in a Keras model.

last_steps = ops.take_along_axis(x, last[..., None], axis=1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatPlaces,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    Flatten,
    Gather,
    LastSteps,
    LastValid,
    Pad,
    Repeat,
    RepeatSteps,
    Slice,
    ValidFirst,
    Zeros,
)
from seqdsl.targets.keras.reshaping import is_cropped

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.targets.keras.emitter import KerasEmitter


def variable(expression: Expression, to: KerasEmitter) -> str:
    """The name of the variable that an expression gets; empty: none."""
    if isinstance(expression, Slice):
        if is_cropped(expression, to.graph):
            return "cropped"
        return "" if expression.stride > 0 else "reversed_steps"
    return _NAMES.get(type(expression), "")


_NAMES: dict[type, str] = {
    ConcatFeatures: "joined",
    ConcatPlaces: "places",
    ConcatTime: "joined",
    DynamicSlice: "between",
    Elementwise: "combined",
    Flatten: "flat",
    Gather: "gathered",
    LastSteps: "last_steps",
    LastValid: "held",
    Pad: "padded",
    Repeat: "repeated",
    RepeatSteps: "upsampled",
    ValidFirst: "valid_first",
    Zeros: "zeros",
}
"""What the variable is called that a value gets."""
