"""kind → what a layer takes and which weights it has: what text, JSON, verifier and builder know of layers.

Recurrent layers stand in no table: what they take and hold follows from the equations of their cell.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seqdsl.ir.cell import Cell
    from seqdsl.ir.nodes import Layer, Shape

    Weights = dict[str, Shape]

ACTIVATIONS = (
    "linear", "relu", "tanh", "sigmoid", "softmax", "log_softmax", "gelu", "elu", "selu", "softplus", "swish",
)  # fmt: skip


BARE = ("input", "tokens", "output")
"""What a node may be that has no layer."""


class Argument(Enum):
    """What the value of a layer's argument is."""

    SIZE = "a size"
    INTEGER = "a whole number"
    FLAG = "true or false"
    NUMBER = "a number, or a parameter that is one"
    ACTIVATION = "an activation"
    PADDING = "same or causal"


@record(frozen=True)
class LayerType:
    """What a layer of one kind takes.

    Attributes:
        arguments: what its author may set; not set, a layer has `None` for it.
        inferred: what is inferred of the place where it is applied; a layer has it or has it not.
        required: the arguments that have to be set.
    """

    arguments: Mapping[str, Argument]
    inferred: Mapping[str, Argument]
    required: frozenset[str] = frozenset()

    def of(self, name: str) -> Argument | None:
        """What the value of an argument is; ``None`` if there is no such argument."""
        return self.arguments.get(name) or self.inferred.get(name)


_NONE = LayerType({}, {})
_EPSILON = {"epsilon": Argument.NUMBER}
_AFFINE = {"activation": Argument.ACTIVATION, "bias": Argument.FLAG}
_STEPS = dict.fromkeys(("kernel", "dilation"), Argument.SIZE)

LAYERS: dict[str, LayerType] = {
    **dict.fromkeys(("add", "multiply", "mean", "max", "concat", "split"), _NONE),
    "dense": LayerType({"units": Argument.SIZE, **_AFFINE}, {}, frozenset({"units"})),
    "conv": LayerType(
        {"filters": Argument.SIZE, **_STEPS, **_AFFINE, "padding": Argument.PADDING},
        # A dense layer over windows is a convolution, which has units.
        {"units": Argument.SIZE, "stride": Argument.INTEGER},
        frozenset({"kernel", "dilation", "stride"}),
    ),
    "embedding": LayerType(
        {"features": Argument.SIZE, "mask": Argument.FLAG},
        {"vocabulary": Argument.SIZE},
        frozenset({"features", "vocabulary"}),
    ),
    "attention": LayerType(
        {"heads": Argument.SIZE, "causal": Argument.FLAG},
        {"memory": Argument.SIZE},
        frozenset({"memory"}),
    ),
    "dropout": LayerType({"rate": Argument.NUMBER}, {}, frozenset({"rate"})),
    "activation": LayerType(
        {"activation": Argument.ACTIVATION}, {}, frozenset({"activation"})
    ),
    "layernorm": LayerType(_EPSILON, {}),
    "batchnorm": LayerType({**_EPSILON, "momentum": Argument.NUMBER}, {}),
}  # fmt: skip

_SCANNED = {"bidirectional": Argument.FLAG, "layers": Argument.INTEGER}


def layer_type(kind: str, cells: Mapping[str, Cell]) -> LayerType | None:
    """What a layer takes; ``None`` if there is no such layer.

    Args:
        kind: the layer's kind.
        cells: the cells that a recurrent layer may run, by name.
    """
    if kind not in cells:
        return LAYERS.get(kind)
    parameters = cells[kind].parameters
    required = frozenset(item.name for item in parameters if item.default is None)
    arguments = {item.name: _argument(item.default) for item in parameters}
    return LayerType(arguments, _SCANNED, required | {"bidirectional"})


def _argument(default: bool | float | str | None) -> Argument:
    if default is None:
        return Argument.SIZE
    if isinstance(default, bool):
        return Argument.FLAG
    return Argument.ACTIVATION if isinstance(default, str) else Argument.NUMBER


def layer_weights(layer: Layer, cells: Mapping[str, Cell]) -> Weights:
    """The shapes of a layer's weights by name; both directions of a bidirectional layer have their own.

    Raises:
        CellError: the equations of its cell do not fit together.
    """
    if cell := cells.get(layer.kind):
        found = cell.weights(layer.width, layer.arguments)
        if not layer.arguments.get("bidirectional"):
            return found
        # Each direction has weights of its own.
        ways = ("forward", "backward")
        return {f"{way}/{name}": shape for way in ways for name, shape in found.items()}
    rule = _WEIGHTS.get(layer.kind)
    return {} if rule is None else rule(layer)


def _dense(layer: Layer) -> Weights:
    return {"kernel": (layer.width, layer.units), **_bias(layer)}


def _conv(layer: Layer) -> Weights:
    return {"kernel": (layer.size("kernel"), layer.width, layer.units), **_bias(layer)}


def _bias(layer: Layer) -> Weights:
    return {} if layer.arguments.get("bias") is False else {"bias": (layer.units,)}


def _embedding(layer: Layer) -> Weights:
    return {"embeddings": (layer.width, layer.units)}


def _attention(layer: Layer) -> Weights:
    """Multi-head attention (Vaswani et al. 2017): projections of queries, keys, values and the result."""
    if layer.arguments.get("heads") is None:
        return {}
    width, memory = layer.width, layer.size("memory")
    # query and output keep the query's width, key and value come from the memory.
    read = {"query": width, "key": memory, "value": memory, "output": width}
    found: Weights = {}
    for name, features in read.items():
        found |= {f"{name}/kernel": (features, width), f"{name}/bias": (width,)}
    return found


def _normalization(*names: str) -> Callable[[Layer], Weights]:
    return lambda layer: dict.fromkeys(names, (layer.width,))


_WEIGHTS: dict[str, Callable[[Layer], Weights]] = {
    "dense": _dense,
    "conv": _conv,
    "embedding": _embedding,
    "attention": _attention,
    "layernorm": _normalization("gamma", "beta"),
    # The last two are statistics, which are kept and not trained.
    "batchnorm": _normalization("gamma", "beta", "moving_mean", "moving_variance"),
}
