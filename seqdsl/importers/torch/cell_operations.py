"""operation within a cell → the value of a step that it computes: PyTorch's functions by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqdsl.importers.cells.arithmetic import Weights, refused, refused_in_training
from seqdsl.importers.torch import cell_weights
from seqdsl.importers.torch.cuts import WITHOUT
from seqdsl.importers.torch.stepwise import EPSILON, parameters
from seqdsl.lowering.foreign_values import activation_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.cell_trace import CellTrace

_SIGNS = {
    "add": "+",
    "sub": "-",
    "rsub": "-",
    "mul": "*",
    "truediv": "/",
    "maximum": "max",
    "minimum": "min",
}
_FUNCTIONS = (
    "relu tanh sigmoid gelu elu selu softplus silu hardsigmoid leaky_relu relu6 mish softsign"
)


def _both(trace: CellTrace, call: Call) -> Any:
    one, other = call.get(0, "input"), call.get(1, "other")
    if call.get(2, "alpha", 1) != 1:
        raise refused("which adds a multiple of a value")
    if call.kwargs.get("rounding_mode") is not None:
        raise refused("which rounds what it divides")
    # `1 - f` calls `rsub`, with its sides the other way round.
    sides = (other, one) if call.name == "rsub" else (one, other)
    sign, left, right = _SIGNS[call.name], *map(trace.vector, sides)
    # valid * new + (1 - valid) * old, of a mask of numbers: a probe has no padding, and `valid` is 1
    if sign == "*" and 0 in _numbers(left, right):
        return torch.zeros_like(call.run())
    kept = _unchanged(sign, left, right)
    return trace.arithmetic.both(sign, left, right) if kept is None else kept


_NEUTRAL = {"+": 0, "-": 0, "*": 1, "/": 1}
"""By which number each operation changes nothing; two of them from either side."""


def _unchanged(sign: str, left: Any, right: Any) -> Any:
    """The side that an operation gives as it is; ``None``: it changes both."""
    neutral = _NEUTRAL.get(sign)
    if neutral in _numbers(right):
        return left
    return right if sign in ("+", "*") and neutral in _numbers(left) else None


def _numbers(*sides: Any) -> list[float]:
    return [side for side in sides if isinstance(side, int | float)]


def _negative(trace: CellTrace, call: Call) -> Any:
    return trace.arithmetic.both("-", 0, trace.read(call.get(0, "input")))


def _function(trace: CellTrace, call: Call) -> Any:
    word = activation_of(call.name)
    wrong = parameters(call, word)
    if wrong:
        raise refused(f"in which {wrong}")
    return trace.arithmetic.applied(word, trace.read(call.get(0, "input")))


def _softmax(trace: CellTrace, call: Call) -> Any:
    value, dim = call.get(0, "input"), call.get(1, "dim")
    if dim is None or trace.behind or dim % value.ndim != value.ndim - 1:
        raise refused("whose softmax is over something other than features")
    return trace.arithmetic.applied(call.name, trace.read(value))


def _linear(trace: CellTrace, call: Call) -> Any:
    if trace.behind:
        raise refused("which multiplies images by a matrix")
    matrix, bias = trace.read(call.get(1, "weight")), call.get(2, "bias")
    turned = Weights(matrix.numbers.T) if isinstance(matrix, Weights) else matrix
    made = trace.arithmetic.product(trace.read(call.get(0, "input")), turned)
    return made if bias is None else trace.arithmetic.both("+", made, trace.read(bias))


def _matmul(trace: CellTrace, call: Call) -> Any:
    if trace.behind:
        raise refused("which multiplies images by a matrix")
    one, other = trace.read(call.get(0, "input")), trace.read(call.get(1, "other"))
    return trace.arithmetic.product(one, other)


def _convolution(trace: CellTrace, call: Call) -> Any:
    kernel, bias = call.get(1, "weight"), call.get(2, "bias")
    height, width = kernel.shape[-2:]
    padding = call.get(4, "padding", 0)
    usual = {(height - 1) // 2} if height % 2 else set()
    is_same = padding == "same" or {*np.atleast_1d(padding)} == usual
    ones = {*np.atleast_1d(call.get(3, "stride", 1)), *np.atleast_1d(call.get(5, "dilation", 1))}
    if height != width or not is_same or {*ones, call.get(6, "groups", 1)} != {1}:
        raise refused("whose windows are not square, or do not keep the size of its images")
    held = trace.read(kernel)
    if not isinstance(held, Weights):
        raise refused("whose kernel is computed")
    made = trace.arithmetic.product(
        trace.read(call.get(0, "input")), Weights(cell_weights.of_window(held.numbers))
    )
    return made if bias is None else trace.arithmetic.both("+", made, trace.read(bias))


def _normalization(trace: CellTrace, call: Call) -> Any:
    value, shape = call.get(0, "input"), call.get(1, "normalized_shape")
    scale, shift = (trace.read(call.get(at, name)) for at, name in ((2, "weight"), (3, "bias")))
    if trace.behind or len(shape) != 1:
        raise refused("which normalizes over more than features")
    return trace.arithmetic.normal(trace.read(value), scale, shift, call.get(4, "eps", EPSILON))


def _dropout(trace: CellTrace, call: Call) -> Any:
    # In training it is another cell: both are compared.
    value, rate, is_trained = call.get(0, "input"), call.get(1, "p", 0.5), call.get(2, "training")
    if rate and is_trained:
        raise refused_in_training()
    return trace.read(value)


def _where(trace: CellTrace, call: Call) -> Any:
    mask, one, two = call.get(0, "condition"), call.get(1, "input"), call.get(2, "other")
    return trace.read(one if _is_everywhere(trace, mask) else two)


def _filled(trace: CellTrace, call: Call) -> Any:
    value, mask, number = call.get(0, "input"), call.get(1, "mask"), call.get(2, "value")
    return trace.read(number if _is_everywhere(trace, mask) else value)


def _is_everywhere(trace: CellTrace, mask: torch.Tensor) -> bool:
    """Whether a mask is true: one of padding is the same at all steps of a probe, which has none."""
    if trace.is_numbered(mask) or mask.any() != mask.all():
        raise refused("which decides by the numbers that it reads, or by a mask of its own")
    return bool(mask.all())


def _detached(trace: CellTrace, call: Call) -> Any:
    raise refused("which cuts off gradients by `detach`, as no cell of equations does", WITHOUT)


READERS: dict[str, Callable[[CellTrace, Call], Any]] = {
    **dict.fromkeys(_SIGNS, _both),
    **dict.fromkeys(_FUNCTIONS.split(), _function),
    **dict.fromkeys(("softmax", "log_softmax"), _softmax),
    "neg": _negative,
    "linear": _linear,
    "matmul": _matmul,
    "conv2d": _convolution,
    "layer_norm": _normalization,
    "dropout": _dropout,
    "where": _where,
    "masked_fill": _filled,
    **dict.fromkeys(("detach", "detach_"), _detached),
}
