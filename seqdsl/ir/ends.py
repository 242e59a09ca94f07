"""what enters and leaves a graph: arguments, results, and the states that pass from call to call."""

from __future__ import annotations

from enum import Enum
from typing import Literal

from seqdsl.records import record
from seqdsl.size import Size

Shape = tuple["Size", ...]
"""Without the batch: ``(features,)`` for a vector, ``(steps, features)`` for a sequence."""


@record(frozen=True)
class Feedback:
    """What an input is when the model runs free: what a node gave one step before.

    Attributes:
        block: the node.
        is_chosen: whether it is the one-hot code of the feature that is chosen by its value, and not the value itself.
    """

    block: int
    is_chosen: bool = False


@record(frozen=True)
class Input:
    """An argument of the generated model.

    Attributes:
        name: its name in the generated code.
        block: the node that holds it.
        shape: ``(features,)``, ``(steps, features)``; for token ids ``()`` or ``(steps,)``.
        dtype: ``"float32"`` or ``"int32"``.
        vocabulary: how many ids there are, for token ids.
        feedback: what it is when the model runs free; ``None``: it is always given.
    """

    name: str
    block: int
    shape: Shape
    dtype: Literal["float32", "int32"]
    vocabulary: Size | None = None
    feedback: Feedback | None = None


# input(8, lengths=true), named `x`: model(x, x_lengths)
@record(frozen=True)
class Lengths:
    """How many steps of an input are valid in each sample: an argument of the generated model, whole numbers.

    Attributes:
        name: its name in the generated code: ``x_lengths``.
        block: the node that holds the input.
    """

    name: str
    block: int

    @property
    def shape(self) -> Shape:
        """Without the batch: one number for each sample."""
        return ()

    @property
    def dtype(self) -> Literal["int32"]:
        """The type of its numbers."""
        return "int32"


# %s = call @block(%x, masks=[%x]): block(x, mask)
@record(frozen=True)
class Mask:
    """Which steps of an input are valid: an argument of a model that is called with a masked sequence.

    Attributes:
        name: its name in the generated code: ``mask``.
        block: the node that holds the input.
        shape: without the batch: the input's steps.
    """

    name: str
    block: int
    shape: Shape

    @property
    def dtype(self) -> Literal["bool"]:
        """The type of its values."""
        return "bool"


@record(frozen=True)
class Output:
    """A result of the generated model; ``n`` is its number of steps, 1 for a vector."""

    name: str
    block: int
    shape: Shape
    n: Size


class Holds(Enum):
    """What of a node passes from call to call."""

    STATE = "state"
    # Of `Y Y Y` the last value, which `y y y` reads in the next call, is no state of its layer; it may be an id.
    VALUE = "value"
    IDS = "ids"


@record(frozen=True)
class State:
    """One array of state that passes from call to call: an argument of the model, a result of it, or both.

    Attributes:
        name: its name in the generated code: ``h_state``, or ``h_state_h`` and ``h_state_c`` of an LSTM.
        block: the node whose state it is.
        part: its place among the node's states.
        shape: ``(units,)``; of a convolution ``(steps, features)``: the last steps that it reads; ``()``: a whole
            number for each sample.
        is_taken: whether it is an argument.
        is_given: whether it is a result.
        holds: what of the node it is.
    """

    name: str
    block: int
    part: int
    shape: Shape
    is_taken: bool
    is_given: bool
    holds: Holds = Holds.STATE

    @property
    def dtype(self) -> Literal["float32", "int32"]:
        """``"float32"``, or ``"int32"`` of the number of a step, or of ids."""
        # Vectors have an axis of features; what has none counts or names something.
        return "float32" if self.shape and self.holds is not Holds.IDS else "int32"

    @property
    def steps(self) -> Size | None:
        """How many steps it has; ``None`` for a vector, or a number for each sample."""
        axes = 2 if self.dtype == "float32" else 1
        return self.shape[0] if len(self.shape) == axes else None
