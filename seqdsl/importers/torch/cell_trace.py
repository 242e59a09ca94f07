"""call of a module on numbers of columns → values of a step: PyTorch moves the columns, a table reads what computes.

As in a whole model (`seqdsl.importers.torch.trace`), PyTorch itself runs the module. Each number of a tensor says which
feature of which value it is, and of which sample and place::

    x = _VALUES + feature + apart * place          (samples, features) or (samples, features, height, width)

Weights have numbers of their own: of `torch.cat([self.i.weight, self.f.weight])` as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

from seqdsl.importers.cells.arithmetic import (
    Arithmetic,
    Features,
    Weights,
    refused,
    refused_in_training,
)
from seqdsl.importers.torch import cell_weights
from seqdsl.importers.torch.calls import Call, tensors
from seqdsl.importers.torch.cell_weights import WEIGHTS
from seqdsl.importers.torch.cuts import WITHOUT
from seqdsl.importers.torch.stepwise import EPSILON, parameters
from seqdsl.lowering.foreign_values import activation_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from seqdsl.importers.cells.values import Values

    Numbers = NDArray[np.int64]

_VALUES = 1 << 40
"""Numbers from here on are columns; no number of a model is as large."""

_APART = 1 << 20
"""How far apart the numbers of two samples, or places, are."""

_CUTS = "chunk split tensor_split hsplit cat concat concatenate stack getitem setitem unbind narrow select"
_TURNS = """
    unsqueeze squeeze view view_as reshape reshape_as transpose permute flatten unflatten contiguous expand expand_as
    movedim moveaxis swapaxes swapdims t get
"""
_ASKS = """
    size dim numel new_zeros new_ones new_empty zeros_like ones_like empty_like is_contiguous is_floating_point len iter
    clone to type_as
"""
_MOVES = frozenset(f"{_CUTS} {_TURNS} {_ASKS}".split())
"""What moves numbers, or asks for a shape."""

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


class CellTrace(TorchFunctionMode):
    """A run of one step.

    Attributes:
        arithmetic: computes with the values.
        behind: how many axes are behind that of the features: 2 of images.
    """

    def __init__(self, values: Values, behind: int) -> None:
        """Begin with values that are there already, such as the states."""
        super().__init__()
        self.arithmetic, self.behind = Arithmetic(values), behind

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Read one call."""
        call = Call(func, args, kwargs or {})
        if not any(map(_is_numbered, tensors((args, kwargs)))):
            return call.run()
        if call.name in _MOVES:
            result = call.run()
            # `out[:, 0] = h` changes an argument.
            if any(_is_rounded(item) for item in tensors((result, args))):
                raise refused(f"whose `{call.name}` changes how precise numbers are")
            return result
        reader = _READERS.get(call.name)
        if reader is None:
            raise refused(f"which calls `{call.name}`, for which equations have no operation")
        found = reader(self, call)
        # The result on numbers of columns is meaningless: PyTorch is run for its shape, and for changes in place.
        return self.fill(call.run(), found) if isinstance(found, Features) else found

    def numbered(self, parts: tuple[int, ...], shape: tuple[int, ...]) -> torch.Tensor:
        """A tensor of values side by side, in its shape."""
        return self.fill(torch.empty(shape, dtype=torch.float64), Features(parts, ()))

    def fill(self, out: torch.Tensor, found: Features) -> torch.Tensor:
        """Overwrite a result with the numbers of the columns that it has."""
        axis = out.ndim - 1 - self.behind
        shape = [size for at, size in enumerate(out.shape) if at != axis]
        places = np.arange(int(np.prod(shape)), dtype=np.int64).reshape(*shape, 1)
        columns = self.arithmetic.values.columns(found.parts)
        if columns.max() >= _APART:
            raise refused("which is too large to be read")
        whole = np.moveaxis(_VALUES + columns + _APART * places, -1, axis)
        if whole.shape != tuple(out.shape):
            raise refused("which combines values of different shapes")
        return out.copy_(torch.from_numpy(whole.astype(np.float64)))

    def read(self, value: Any) -> Any:
        """What a tensor holds: features, weights, or a number."""
        if not isinstance(value, torch.Tensor):
            return value
        numbers = value.detach().double().numpy()
        if not numbers.size or not (numbers >= _VALUES).any():
            return _number(numbers)
        if (numbers >= WEIGHTS).all():
            return Weights(numbers.astype(np.int64) - WEIGHTS)
        if (numbers < _VALUES).any() or (numbers >= WEIGHTS).any():
            raise refused("which fills in numbers, or puts weights beside values")
        return self._features(numbers.astype(np.int64) - _VALUES)

    def _features(self, numbers: Numbers) -> Features:
        axis = numbers.ndim - 1 - self.behind
        flat = np.moveaxis(numbers, axis, -1)
        flat = flat.reshape(-1, flat.shape[-1])
        columns = flat[0] % _APART
        # All samples and places have the columns of the first: else something other than features was moved.
        if not np.array_equal(flat, columns + _APART * np.arange(len(flat))[:, None]):
            raise refused("which moves something other than features")
        return Features(self.arithmetic.values.gathered(columns), ())

    def vector(self, value: Any) -> Any:
        """The same, of weights that stand for themselves: a factor for each channel, (channels, 1, 1)."""
        found = self.read(value)
        if (
            not isinstance(found, Weights)
            or not self.behind
            or found.numbers.ndim < 1 + self.behind
        ):
            return found
        if any(size != 1 for size in found.numbers.shape[-self.behind :]):
            raise refused("which has weights for each place of an image")
        return Weights(found.numbers.reshape(-1))


def _is_numbered(tensor: torch.Tensor) -> bool:
    return tensor.is_floating_point() and bool((tensor >= _VALUES).any())


def _is_rounded(tensor: torch.Tensor) -> bool:
    return tensor.dtype != torch.float64 and _is_numbered(tensor)


def _number(numbers: NDArray[Any]) -> float:
    if not numbers.size or (numbers != numbers.flat[0]).any():
        raise refused("which computes with numbers of its own")
    return float(numbers.flat[0])


def _both(trace: CellTrace, call: Call) -> Any:
    one, other = call.get(0, "input"), call.get(1, "other")
    if call.get(2, "alpha", 1) != 1:
        raise refused("which adds a multiple of a value")
    if call.kwargs.get("rounding_mode") is not None:
        raise refused("which rounds what it divides")
    # `1 - f` calls `rsub`, with its sides the other way round.
    sides = (other, one) if call.name == "rsub" else (one, other)
    return trace.arithmetic.both(_SIGNS[call.name], *map(trace.vector, sides))


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


def _detached(trace: CellTrace, call: Call) -> Any:
    raise refused("which cuts off gradients by `detach`, as no cell of equations does", WITHOUT)


_READERS: dict[str, Callable[[CellTrace, Call], Any]] = {
    **dict.fromkeys(_SIGNS, _both),
    **dict.fromkeys(_FUNCTIONS.split(), _function),
    **dict.fromkeys(("softmax", "log_softmax"), _softmax),
    "neg": _negative,
    "linear": _linear,
    "matmul": _matmul,
    "conv2d": _convolution,
    "layer_norm": _normalization,
    "dropout": _dropout,
    **dict.fromkeys(("detach", "detach_"), _detached),
}
