"""operations on each step by itself → nodes: dense layers, tables, normalizations, dropout, functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from seqdsl.importers.torch import weighted
from seqdsl.importers.torch.axes import features_axis
from seqdsl.importers.torch.grids import inner_axes, of_channels, read_grids, same_grids
from seqdsl.importers.torch.labels import CONSTANT
from seqdsl.importers.torch.nodes import EachStep, Refused
from seqdsl.lowering.foreign_values import activation_of
from seqdsl.runtime.scattered_weights import Held, scattered

if TYPE_CHECKING:
    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.nodes import Node
    from seqdsl.importers.torch.taken import Taken
    from seqdsl.importers.torch.trace import Trace

EPSILON = 1e-5
"""Where a normalization says nothing else."""


def linear(trace: Trace, call: Call) -> Any:
    """``F.linear(x, weight, bias)``."""
    value, weight, bias = call.get(0, "input"), call.get(1, "weight"), call.get(2, "bias")
    layer, tied = _matrix(trace, weight, bias)
    units, has_bias = weight.shape[0], None if bias is not None else False
    if not tied:
        gives = (units, call.run())
        at = (trace.read(value), -1)
        made = of_channels(
            trace, call, at, "dense", gives=gives, layer=layer, _0=units, bias=has_bias
        )
        if made is not None:
            return made
    taken = trace.take(value, in_any_order=not tied)
    return trace.stepwise(
        call,
        taken,
        "dense",
        layer=layer,
        _0=None if tied else units,
        tied=tied or None,
        bias=has_bias,
    )


def _matrix(trace: Trace, weight: torch.Tensor, bias: torch.Tensor | None) -> tuple[str, str]:
    """The layer of a matrix, and the path of an embedding that it belongs to; empty: it is its own."""
    holder = trace.weights.holder(weight)
    if holder is None:
        raise Refused("its matrix is not a parameter of the model")
    # A layer of PyTorch has both, unless somebody put the matrix of another in its place.
    own, held = "" if bias is None else trace.weights.layer(bias), trace.weights.layer(weight)
    if isinstance(holder, nn.Embedding):
        # self.out.weight = self.embedding.weight: the layer of the bias is its own
        return own or f"{held}.tied", held
    if bias is not None and own != held:
        raise Refused("its matrix and its bias are of two layers")
    if trace.weights.is_bare(weight):
        named = {"kernel": Held(trace.weights.path(weight), is_turned=True)}
        if bias is not None:
            named["bias"] = Held(trace.weights.path(bias))
        return scattered(named), ""
    return held, ""


def embedding(trace: Trace, call: Call) -> Any:
    """``F.embedding(ids, weight)``, or of the numbers of steps: a code of each position."""
    ids, weight = call.get(0, "input"), call.get(1, "weight")
    layer = trace.weights.layer(weight)
    if call.get(3, "max_norm") is not None:
        raise Refused("`max_norm` changes the table while it is read")
    if ids.is_floating_point():
        # PyTorch raises the error that it has for this.
        return call.run()
    places = trace.read(ids)
    is_known = bool((places < 0).all())
    is_start = is_known and _is_start(trace, ids)
    if not is_start and (is_known or (places == CONSTANT).any()):
        return _positions(trace, call, ids, layer)
    out, node = _looked_up(trace, call, ids, weight)
    node.notes["vocabulary"] = weight.shape[0]
    if call.get(2, "padding_idx") is not None:
        node.notes["padding_idx"] = call.get(2, "padding_idx")
    return out


def _looked_up(
    trace: Trace, call: Call, ids: torch.Tensor, weight: torch.Tensor
) -> tuple[torch.Tensor, Node]:
    """The rows of a table for ids that are read, of steps or of the places of each step."""
    layer, width = trace.weights.layer(weight), weight.shape[1]
    places = trace.read(ids)
    out: torch.Tensor = torch.empty((*ids.shape, width), dtype=weight.dtype)
    if trace.nodes.have_grids(places):
        # Of the ids (batch, words, characters) each is a place of one feature.
        at = (places[..., None], -1)
        made = of_channels(trace, call, at, "embedding", gives=(width, out), layer=layer, _0=width)
        if made is None:
            raise Refused("it reads some of the ids of a step")
        node = trace.nodes.all[-1]
    else:
        taken = trace.take(ids, None)
        rows = EachStep(taken.rows)
        node = trace.node("embedding", taken.order.shape, width, rows, layer=layer, _0=width)
        trace.fill(out, node, taken.order)
    return out, node


def _is_start(trace: Trace, ids: torch.Tensor) -> bool:
    """Whether ids that the model names are one for each sample, with which a loop begins.

    Raises:
        Refused: they are others than 0.
    """
    if ids.numel() != trace.batch or ids.shape[0] != trace.batch:
        return False
    if bool((ids != 0).any()):
        raise Refused(
            f"it begins with the id {int(ids.reshape(-1)[0])}, which is a number of the code",
            "let the first ids be an input of the model; the id 0 is read as it is",
        )
    return True


def _positions(trace: Trace, call: Call, ids: torch.Tensor, layer: str) -> Any:
    """The rows of a table by number: 0, 1, 2, ... for the steps of each sample."""
    weight = call.get(1, "weight")
    out: torch.Tensor = call.run()
    # embedding(torch.arange(steps)): numbers that are in the model, and no input
    number = ids.reshape(-1).cpu().numpy()
    trace.read(weight)
    # A weight of its own whose rows are picked: what reads them sees which.
    values = weight.detach()[torch.from_numpy(np.array(number))]
    out.copy_(values.reshape(out.shape))
    del layer
    return out


def layer_norm(trace: Trace, call: Call) -> Any:
    """``F.layer_norm`` over the features."""
    value, shape = call.get(0, "input"), call.get(1, "normalized_shape")
    weight, epsilon = call.get(2, "weight"), call.get(4, "eps", EPSILON)
    # Over steps and features together it is not in the language.
    if len(shape) != 1:
        raise Refused("it normalizes over more than the features")
    if weight is None or call.get(3, "bias") is None:
        raise Refused("it has no weights of its own, or no bias", "let it have both")
    arguments: dict[str, Any] = {
        "layer": trace.weights.layer(weight),
        "epsilon": _other(epsilon, EPSILON),
    }
    made = of_channels(trace, call, (trace.read(value), -1), "layernorm", **arguments)
    if made is not None:
        return made
    taken = trace.take(value, in_any_order=True)
    return trace.stepwise(call, taken, "layernorm", **arguments)


def batch_norm(trace: Trace, call: Call) -> Any:
    """``F.batch_norm``, whose features are on axis 1."""
    mean, weight = call.get(1, "running_mean"), call.get(3, "weight")
    if mean is None or weight is None:
        raise Refused("it keeps no statistics, or has no weights of its own")
    momentum, epsilon = call.get(6, "momentum", 0.1), call.get(7, "eps", EPSILON)
    if momentum is None:
        raise Refused("its momentum changes with each batch")
    value = call.get(0, "input")
    arguments: dict[str, Any] = {
        "layer": trace.weights.layer(weight),
        "epsilon": _other(epsilon, EPSILON),
        # The language has Keras's, of which PyTorch's is the rest to 1.
        "momentum": _other(round(1 - momentum, 12), 0.9),
    }
    made = of_channels(trace, call, (trace.read(value), 1), "batchnorm", **arguments)
    if made is not None:
        return made
    return trace.stepwise(call, trace.take(value, 1, in_any_order=True), "batchnorm", **arguments)


def _other(value: float, usual: float) -> float | None:
    return None if value == usual else value


def dropout(trace: Trace, call: Call) -> Any:
    """``F.dropout``: nothing happens outside of training, but it is a layer."""
    rate = call.get(1, "p", 0.5)
    value = call.get(0, "input")
    if rate == 0:
        return value
    if trace.is_part(trace.read(value)):
        return weighted.dropped(trace, call, value, rate)
    if call.name != "dropout":
        raise Refused(
            "it drops whole features of all steps or places, and not single ones",
            "drop single ones, with `nn.Dropout`",
        )
    return by_itself(trace, call, value, "dropout", _0=rate)


def by_itself(
    trace: Trace, call: Call, value: torch.Tensor, word: str, **arguments: Any
) -> torch.Tensor:
    """Read an operation that computes each number by itself, wherever it is."""
    ids = trace.read(value)
    inner = inner_axes(trace, ids)
    if inner:
        return same_grids(trace, call, (read_grids(trace, ids, inner),), word, **arguments)
    return trace.stepwise(call, anywhere(trace, value), word, **arguments)


def anywhere(trace: Trace, value: torch.Tensor) -> Taken:
    """A tensor whose features may be on any axis."""
    axis = features_axis(trace.nodes, trace.read(value), trace.batch)
    return trace.take(value, axis, in_any_order=True)


def function(trace: Trace, call: Call) -> Any:
    """An activation, as a function or behind a module."""
    value = call.get(0, "input")
    if not bool((trace.read(value) >= 0).any()):
        return NotImplemented
    word = activation_of(call.name)
    wrong = parameters(call, word)
    if wrong:
        raise Refused(wrong)
    return by_itself(trace, call, value, "activation", _0=word)


_USUAL: dict[str, tuple[int, str, object]] = {
    "gelu": (1, "approximate", "none"),
    "elu": (1, "alpha", 1.0),
    "leaky_relu": (1, "negative_slope", 0.01),
    "softplus": (1, "beta", 1.0),
}
"""What changes a function, its place, and the value that the language has."""


def parameters(call: Call, word: str) -> str:
    """How a call's parameters differ from those of the language's function; empty: they do not."""
    place, name, usual = _USUAL.get(word, (0, "", None))
    value = call.get(place, name, usual) if name else usual
    return "" if value == usual else f"`{name}={value}` is not in the language; it is {usual}"


def softmax(trace: Trace, call: Call) -> Any:
    """A softmax over the features; over anything else it is a part of an attention."""
    from seqdsl.importers.torch.scores import weights

    value, dim = call.get(0, "input"), call.get(1, "dim")
    ids = trace.read(value)
    if not bool((ids >= 0).any()):
        return NotImplemented
    # As PyTorch chooses it, and warns.
    if dim is None:
        dim = 0 if value.ndim in (0, 1, 3) else 1
    axis = features_axis(trace.nodes, ids, trace.batch)
    if axis == dim % value.ndim and not trace.is_part(ids):
        return trace.stepwise(call, trace.take(value, axis), "activation", _0=call.name)
    # Its numbers are logarithms, which no attention sums values by.
    if call.name == "log_softmax" and not trace.is_part(ids):
        return trace.stepwise(call, trace.take(value, dim), "activation", _0=call.name)
    return weights(trace, call, value, dim)
