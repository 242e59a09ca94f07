"""equations → cell: one step of a recurrence as data, so that all targets run the same equations."""

from __future__ import annotations

ACTIVATIONS = (
    "linear",
    "relu",
    "tanh",
    "sigmoid",
    "softmax",
    "log_softmax",
    "gelu",
    "elu",
    "selu",
    "softplus",
    "swish",
    "hard_sigmoid",
    "leaky_relu",
    "relu6",
    "mish",
    "softsign",
)
"""The words of all activations; `seqdsl.cells.activations` has the functions, which need numpy."""
