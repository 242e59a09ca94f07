"""layers → parameter counts: the number of weights of each layer in each framework.

The formulas are those of the frameworks' guides. PyTorch's recurrent cells keep a second bias, and its
batch normalization counts the moving statistics as buffers, not as parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.graph import Layer

GATES = {"lstm": 4, "gru": 3, "rnn": 1}
TARGETS = ("keras", "torch")


def layer_counts(layer: Layer) -> dict[str, Size]:
    """The number of weights of a layer in each framework."""
    return count_weights(layer.kind, layer.width, layer.units, layer.arguments)


def has_weights(layer: Layer | None) -> bool:
    """Whether a layer has weights in any framework."""
    return layer is not None and any(size.terms for size in layer_counts(layer).values())


def count_weights(
    kind: str, width: Size, units: Size, arguments: Mapping[str, object]
) -> dict[str, Size]:
    """The number of weights of a layer.

    Args:
        kind: the layer.
        width: features that it sees.
        units: features that it gives.
        arguments: its other arguments.
    """
    bias = 0 if arguments.get("bias") is False else 1
    if kind in GATES:
        return _recurrent(kind, width, units, bias, 2 if arguments.get("bidirectional") else 1)
    if kind == "batchnorm":
        return {"keras": 4 * width, "torch": 2 * width}
    total = {
        "dense": width * units + bias * units,
        "conv": Size.of(_int(arguments, "kernel")) * width * units + bias * units,
        "embedding": _size(arguments, "vocabulary") * units,
        "attention": _attention(width, _size(arguments, "memory"))
        if arguments.get("heads") is not None
        else Size.of(0),
        "layernorm": 2 * width,
    }.get(kind, Size.of(0))
    return dict.fromkeys(TARGETS, total)


def _int(arguments: Mapping[str, object], name: str) -> int | Size:
    value = arguments.get(name, 0)
    assert isinstance(value, int | Size)
    return value


def _size(arguments: Mapping[str, object], name: str) -> Size:
    value = arguments.get(name, Size.of(0))
    assert isinstance(value, Size)
    return value


def _recurrent(kind: str, width: Size, units: Size, bias: int, directions: int) -> dict[str, Size]:
    gates = GATES[kind]
    # Each gate has a kernel for the input, one for the state, and a bias: (in, units), (units, units), (units,).
    kernels = (width * units + units * units) * gates
    # Keras's GRU has two biases as well: its default, reset_after=True, is cuDNN's cell.
    keras_biases = 2 if kind == "gru" else 1
    return {
        "keras": (kernels + units * (gates * bias * keras_biases)) * directions,
        "torch": (kernels + units * (gates * bias * 2)) * directions,
    }


def _attention(query: Size, memory: Size) -> Size:
    """Multi-head attention (Vaswani et al. 2017): projections of queries, keys, values and the result."""
    return query * query * 2 + query * memory * 2 + query * 4
