"""recurrent layer → whether the frameworks' fast kernels compute it: cuDNN's, and those of PyTorch's own modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import layer_def

if TYPE_CHECKING:
    from collections.abc import Mapping


def has_kernel(kind: str, arguments: Mapping[str, object]) -> bool:
    """Whether all frameworks' fast kernels have a recurrent layer's equations and activations.

    Args:
        kind: the layer's kind.
        arguments: the layer's arguments.
    """
    definition = layer_def(kind)
    # No kernel knows the equations of a file, and none drops part of a state from step to step.
    if definition.is_equations or arguments.get("recurrent_dropout"):
        return False
    given = definition.given(arguments)
    # The fast kernels have both functions for the cell without gates.
    supported = ("tanh",) if "recurrent_activation" in given else ("tanh", "relu")
    gates = given.get("recurrent_activation", "sigmoid")
    return given.get("activation", "tanh") in supported and gates == "sigmoid"
