"""the calls of a cell → its values: what moves columns is run on their numbers, what computes has a table."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.cells.arithmetic import Arithmetic, Features, Weights, refused
from seqdsl.importers.keras import moving
from seqdsl.importers.keras.cell_trace import SAMPLES, STEPS
from seqdsl.importers.keras.network import Constant, Ref
from seqdsl.importers.keras.stepwise import FUNCTIONS
from seqdsl.importers.keras.values import leaves, replaced
from seqdsl.importers.keras.written import activation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from seqdsl.importers.cells.values import Values
    from seqdsl.importers.keras.cell_weights import CellWeights
    from seqdsl.importers.keras.network import Call, Network

    Numbers = NDArray[np.int64]

SIGNS = {
    "Add": "+",
    "Subtract": "-",
    "Multiply": "*",
    "Divide": "/",
    "TrueDivide": "/",
    "Maximum": "max",
    "Minimum": "min",
}

_FUNCTIONS = {
    **FUNCTIONS,
    # `keras.activations.relu` is an operation of its own.
    "ReLU": "relu",
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
    "Gelu": "gelu",
}
"""Operations that are activations, with the arguments that they have here."""

_USUAL: dict[str, dict[str, Any]] = {
    "ReLU": {"negative_slope": 0.0, "max_value": None, "threshold": 0.0},
    "Softmax": {"axis": -1},
    "LogSoftmax": {"axis": -1},
    "Gelu": {"approximate": False},
}


class CellReader(Arithmetic):
    """Reads the calls of one cell.

    Attributes:
        weights: the variables that were read.
        known: what the tensors of the calls read last hold.
    """

    def __init__(self, values: Values, weights: CellWeights) -> None:
        """Begin with values that are there already, such as the states."""
        super().__init__(values)
        self.weights = weights
        self.known: dict[Ref, Any] = {}

    def read(self, network: Network, given: Sequence[Any]) -> list[Any]:
        """What a network gives.

        Args:
            network: the calls.
            given: its inputs.

        Raises:
            NoCell: equations have no operation for a call.
        """
        known: dict[Ref, Any] = dict(zip(leaves(network.inputs), given, strict=True))
        self.known = known

        def filled(leaf: Any) -> Any:
            return known[leaf] if isinstance(leaf, Ref) else leaf

        for call in network.calls:
            made = self._call(
                call, replaced(list(call.args), filled), replaced(dict(call.kwargs), filled)
            )
            for part, item in enumerate(leaves(made)):
                known[Ref(call.of.name, call.number, part)] = item
        return [filled(item) for item in leaves(network.outputs)]

    def _call(self, call: Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
        kind = call.of.kind
        found = leaves([args, kwargs])
        tensors = [item for item in found if isinstance(item, Features | Weights)]
        if kind in moving.OPERATIONS - {"Cast"} or kind == "Concatenate":
            _check_alike(tensors, found)
            return self._moved(call, args, kwargs, tensors)
        if kind in SIGNS:
            # A layer of Keras's takes a list, an operation two arguments.
            return reduce(lambda one, other: self.both(SIGNS[kind], one, other), leaves(args))
        read = _READERS.get(kind)
        if read is None or (call.of.is_own and call.of.live is not None):
            raise refused(f"which calls `{kind}`, for which equations have no operation")
        return read(self, call, tensors, {**kwargs, **call.of.config})

    def _moved(
        self, call: Call, args: list[Any], kwargs: dict[str, Any], tensors: list[Any]
    ) -> Any:
        """What an operation makes of numbers of columns, or of weights."""
        is_operation = ".ops" in call.of.module
        config = dict(call.of.config)
        run = moving.operation(call.of.kind, config) if is_operation else call.of.live
        apart = self.values.count
        given = [self._numbered(item, apart) for item in tensors]
        left = iter(given)
        # The numbers in place of the tensors, and all else as it is.
        arguments, named = replaced(
            [args, kwargs],
            lambda leaf: next(left) if isinstance(leaf, Features | Weights) else leaf,
        )
        wanted = {name: item for name, item in named.items() if item is not None}
        try:
            results = run(*arguments, **wanted)
        # Whatever Keras raises where a layer or an operation does not take numbers of this kind.
        except Exception as problem:
            raise refused(f"whose `{call.of.kind}` cannot be applied") from problem
        is_values = isinstance(tensors[0], Features)
        return replaced(
            results, lambda item: self._unnumbered(np.asarray(item), apart, is_values=is_values)
        )

    def _numbered(self, item: Features | Weights, apart: int) -> Numbers:
        if isinstance(item, Weights):
            return item.numbers
        places = np.arange(np.prod(item.lead), dtype=np.int64).reshape(*item.lead, 1)
        # Each sample and step has numbers of its own: it shows where they are mixed.
        return self.values.columns(item.parts) + apart * places

    def _unnumbered(self, numbers: Numbers, apart: int, *, is_values: bool) -> Features | Weights:
        if not numbers.all():
            raise refused("which fills in numbers")
        if not is_values:
            return Weights(numbers.astype(np.int64))
        # What the first sample, and step, has is what all have: else it is no movement of features alone.
        flat = numbers.reshape(-1, numbers.shape[-1])
        if not np.array_equal(flat, flat[0] + apart * np.arange(len(flat))[:, None]):
            raise refused("which moves something other than features")
        return Features(self.values.gathered(flat[0]), numbers.shape[:-1])


def _check_alike(tensors: list[Any], arguments: list[Any]) -> None:
    if len({type(item) for item in tensors}) != 1:
        raise refused("which puts weights beside values")
    if any(isinstance(item, Constant) for item in arguments):
        raise refused("which puts numbers of its own beside values")


def _cast(reader: CellReader, call: Call, tensors: list[Any], config: dict[str, Any]) -> Any:
    return tensors[0]


def _negative(reader: CellReader, call: Call, tensors: list[Any], config: dict[str, Any]) -> Any:
    return reader.both("-", 0, tensors[0])


def _function(reader: CellReader, call: Call, tensors: list[Any], config: dict[str, Any]) -> Any:
    kind = call.of.kind
    for name, usual in _USUAL.get(kind, {}).items():
        if config.get(name, usual) != usual:
            raise refused(f"whose `{kind}` has `{name}={config[name]}`")
    return reader.applied(_FUNCTIONS[kind], tensors[0])


def _matmul(reader: CellReader, call: Call, tensors: list[Any], config: dict[str, Any]) -> Any:
    if len(tensors) != 2:
        raise refused("which multiplies values by numbers of its own")
    return reader.product(*tensors)


def _dense(reader: CellReader, call: Call, tensors: list[Any], config: dict[str, Any]) -> Any:
    live = call.of.live
    made = reader.product(tensors[0], Weights(reader.weights.numbers(live.kernel)))
    if live.use_bias:
        made = reader.both("+", made, Weights(reader.weights.numbers(live.bias)))
    return reader.applied(activation(config["activation"]), made)


def _windows(reader: CellReader, call: Call, tensors: list[Any], config: dict[str, Any]) -> Any:
    """``ops.conv(x, kernel, padding="same")``."""
    if len(tensors) != 2 or not isinstance(tensors[1], Weights):
        raise refused("whose kernel is computed")
    return _product_of_windows(reader, tensors[0], tensors[1], config)


def _product_of_windows(
    reader: CellReader, value: Any, kernel: Weights, config: dict[str, Any]
) -> Features:
    """The product of a kernel with the windows of images, which keep their size."""
    ones = {*np.atleast_1d(config.get("strides", 1)), *np.atleast_1d(config["dilation_rate"])}
    height, width = kernel.numbers.shape[:2]
    is_same = str(config.get("padding")).lower() == "same" and height == width
    is_last = config.get("data_format") in (None, "channels_last")
    if kernel.numbers.ndim != 4 or ones != {1} or not (is_same and is_last):
        raise refused("whose windows are not square, or do not keep the size of its images")
    return reader.product(value, kernel)


def _convolution(reader: CellReader, call: Call, tensors: list[Any], config: dict[str, Any]) -> Any:
    """A ``Conv2D``."""
    live = call.of.live
    if live.groups != 1:
        raise refused("whose windows are of groups of features")
    kernel = Weights(reader.weights.numbers(live.kernel))
    made = _product_of_windows(reader, tensors[0], kernel, config)
    if live.use_bias:
        made = reader.both("+", made, Weights(reader.weights.numbers(live.bias)))
    return reader.applied(activation(config["activation"]), made)


def _activation(reader: CellReader, call: Call, tensors: list[Any], config: dict[str, Any]) -> Any:
    return reader.applied(activation(config["activation"]), tensors[0])


def _normalization(
    reader: CellReader, call: Call, tensors: list[Any], config: dict[str, Any]
) -> Any:
    live = call.of.live
    if live.gamma is None or live.beta is None:
        raise refused("whose normalization has no scale or no shift")
    scale, shift = (Weights(reader.weights.numbers(item)) for item in (live.gamma, live.beta))
    return reader.normal(tensors[0], scale, shift, live.epsilon)


def _normalized(reader: CellReader, call: Call, tensors: list[Any], config: dict[str, Any]) -> Any:
    if len(tensors) != 3 or config.get("axis", -1) != -1 or config.get("rms_scaling"):
        raise refused("whose normalization is of another kind")
    value, scale, shift = tensors
    return reader.normal(value, scale, shift, config.get("epsilon", 1e-3))


_READERS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(_FUNCTIONS, _function),
    "Cast": _cast,
    "Negative": _negative,
    "Matmul": _matmul,
    "Dot": _matmul,
    "Dense": _dense,
    "Conv": _windows,
    "Conv2D": _convolution,
    "Activation": _activation,
    "LayerNormalization": _normalization,
    "LayerNorm": _normalized,
}

LEAD, EACH = (SAMPLES, STEPS), (SAMPLES,)
"""The axes before the features, of all steps and of one; images have places behind them."""
