"""model specification → the layers that have weights, each with the names and shapes of its arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.model.chains import batch_chains
from seqdsl.model.stacks import rows_of, stack_rows
from seqdsl.runtime.named_weights import GATES, ROW, LayerWeights
from seqdsl.runtime.settings import settings_of

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import ModelSpec
    from seqdsl.runtime.named_weights import Shape


def layer_weights(spec: ModelSpec) -> tuple[LayerWeights, ...]:
    """The layers of a model that have weights, at its parameters' defaults."""
    rows = _stacked(spec)
    found = (
        LayerWeights(
            item.name,
            item.kind,
            _shapes(item, spec),
            row=rows.get(item.name, ""),
            settings=settings_of(item, spec),
        )
        for item in spec.layers
    )
    return tuple(item for item in found if item.shapes)


def _stacked(spec: ModelSpec) -> dict[str, str]:
    """Where the layers of stacks are kept: the stack's name, and the row's number in it."""
    stacks = (block for block in stack_rows(batch_chains(spec)).blocks if block.layer)
    return {
        name: f"{block.layer.name}{ROW}{row}"
        for block in stacks
        if block.layer
        for row, name in enumerate(rows_of(block))
    }


def _shapes(layer: Layer, spec: ModelSpec) -> tuple[tuple[str, Shape], ...]:
    # Of `lstm(4)` over 3 features: kernel (3, 16), recurrent_kernel (4, 16), bias (16,); of `conv(8, kernel=5)`
    # over them: kernel (5, 3, 8), bias (8,). A bidirectional row has each array twice, by direction.
    env = spec.defaults
    width, units = layer.width.value(env), layer.units.value(env)
    if layer.kind in GATES:
        parts = _cell(layer, width, units)
        ways = ("forward/", "backward/") if layer.arguments.get("bidirectional") else ("",)
        return tuple((way + name, shape) for way in ways for name, shape in parts)
    bias = () if layer.arguments.get("bias") is False else (("bias", (units,)),)
    if layer.kind == "dense":
        return (("kernel", (width, units)), *bias)
    if layer.kind == "conv":
        return (("kernel", (layer.size("kernel").value(env), width, units)), *bias)
    if layer.kind == "embedding":
        return (("embeddings", (width, units)),)
    if layer.kind == "attention" and layer.arguments.get("heads") is not None:
        return _attention(width, layer.size("memory").value(env))
    normal = tuple((name, (width,)) for name in ("gamma", "beta"))
    kept = tuple((name, (width,)) for name in ("moving_mean", "moving_variance"))
    return {"layernorm": normal, "batchnorm": normal + kept}.get(layer.kind, ())


def _cell(layer: Layer, width: int, units: int) -> tuple[tuple[str, Shape], ...]:
    gates = GATES[layer.kind] * units
    # The reset gate stands between the two biases of a GRU, so it has both.
    bias = (2, gates) if layer.kind == "gru" else (gates,)
    found = (("kernel", (width, gates)), ("recurrent_kernel", (units, gates)))
    return found if layer.arguments.get("bias") is False else (*found, ("bias", bias))


def _attention(query: int, memory: int) -> tuple[tuple[str, Shape], ...]:
    wide = {"query": query, "key": memory, "value": memory, "output": query}
    return tuple(
        pair
        for name, width in wide.items()
        for pair in ((f"{name}/kernel", (width, query)), (f"{name}/bias", (query,)))
    )
