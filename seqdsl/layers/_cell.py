"""units → the signature, the weights and the settings that recurrent cells have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import IN, OUT, Argument, Kind, Role, Setting, Weight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.layers._functions import Array

UNITS = Argument("units", Kind.SIZE)
ACTIVATION = Argument("activation", Kind.ACTIVATION, "tanh")
GATES = Argument("recurrent_activation", Kind.ACTIVATION, "sigmoid")
BIAS = Argument("bias", Kind.BOOL, True)
DROPOUT = Argument("dropout", Kind.RATE, 0.0)

MERGED = Setting("merge_mode", "concat", needs="bidirectional")
"""Both directions' values stand side by side."""


def weights(gates: int, biases: int = 1) -> tuple[Weight, ...]:
    """The weights of a cell: its gates stand side by side, and of several biases each is a row."""
    wide = gates * OUT
    bias = (wide,) if biases == 1 else (OUT * 0 + biases, wide)
    return (
        Weight("kernel", Role.KERNEL, (IN, wide)),
        Weight("recurrent_kernel", Role.RECURRENT_KERNEL, (OUT, wide)),
        Weight("bias", Role.BIAS, bias, needs="bias"),
    )


def gates(x: Array, h: Array, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """All gates of a step, side by side, before their activations."""
    bias = weights["bias"] if given["bias"] else 0.0
    found: Array = x @ weights["kernel"] + h @ weights["recurrent_kernel"] + bias
    return found
