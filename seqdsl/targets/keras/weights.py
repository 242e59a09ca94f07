"""Keras model ⇄ named arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.layers import Family, family_of
from seqdsl.runtime.bare_weights import BARE, bare_binding
from seqdsl.runtime.named_weights import trainable
from seqdsl.runtime.parted_weights import PartOf, part_binding, parts_in
from seqdsl.runtime.scattered_weights import held_apart
from seqdsl.runtime.weight_binding import Binding, NoSuchWeights, same
from seqdsl.targets.keras.large import assign, numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from seqdsl.runtime.named_weights import Array, LayerWeights
    from seqdsl.runtime.scattered_weights import Held


def bindings(model: Any, layers: Sequence[LayerWeights]) -> list[Binding]:
    """What holds each array of ``layers``; a layer is found by its name.

    Raises:
        NoSuchWeights: the model lacks a layer, or its layer another weight.
    """
    known = by_name(model) | bare(model)
    found = []
    for item in layers:
        place = item.name if item.place is None else item.place
        layer, parts = parts_in(place)
        if parts:
            found += list(_parted(known.get(layer), item, parts))
            continue
        apart = held_apart(place)
        if apart:
            found += list(_apart(known, item, apart))
            continue
        held = known.get(place)
        if held is None and place.startswith(BARE):
            # One weight of a layer: *score.kernel
            layer, _, attribute = place.removeprefix(BARE).rpartition(".")
            held = getattr(known.get(layer), attribute, None)
        if held is None:
            raise NoSuchWeights(f"the model has no layer `{place}`")
        if place.startswith(BARE):
            found.append(bare_binding(held, item))
        else:
            found += list(_layer(held, item))
    return found


def by_name(model: Any) -> dict[str, Any]:
    """The layers of a model by their names, by their paths and by their places."""
    known = _places(model)
    # `lstm_h` and `#2 lstm_h`: of two layers of one name, only their places tell them apart, or the models that they
    # are in: `sentence.lstm_h`.
    named = {layer.name: layer for layer in known.values()}
    inner = dict(_directions(model)) | dict(_cells(model))
    return named | dict(_all_layers(model)) | inner | known


def _directions(model: Any) -> Iterator[tuple[str, Any]]:
    """The two rows of each bidirectional layer: `run.forward_layer`, `run.backward_layer`."""
    for path, layer in _all_layers(model):
        for part in ("forward_layer", "backward_layer"):
            if hasattr(layer, part):
                yield f"{path}.{part}", getattr(layer, part)


def _cells(model: Any) -> Iterator[tuple[str, Any]]:
    """The cells of each layer that runs several: `run.cells_0`, `run.cells_1`."""
    for path, layer in _all_layers(model):
        cells = getattr(getattr(layer, "cell", None), "cells", ())
        yield from ((f"{path}.cells_{number}", cell) for number, cell in enumerate(cells))


def places(model: Any) -> list[str]:
    """Where a model may keep the weights of a layer: its layers by number, as names may stand twice."""
    return [*_places(model), *bare(model)]


def _places(model: Any) -> dict[str, Any]:
    found = enumerate(_all_layers(model))
    return {f"#{number} {layer.name}": layer for number, (_, layer) in found}


def _all_layers(model: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """All layers, each with its path: the names of the models that it is in, and its own."""
    for layer in model.layers:
        # TimeDistributed(Conv2D(8, 3), name="conv2d_c"): what is in a wrapper is found by the wrapper's name, too.
        inner = layer
        while _is_wrapper(inner):
            inner = inner.layer
        yield f"{path}{layer.name}", inner
        if hasattr(inner, "layers"):
            yield from _all_layers(inner, f"{path}{inner.name}.")
            continue
        for own in _own_layers(inner):
            yield f"{path}{own.name}", own
            # A loop's layer may have models: head_y.dense_h
            yield from _all_layers(own, f"{path}{own.name}.") if hasattr(own, "layers") else ()


def _is_wrapper(layer: Any) -> bool:
    """Whether a layer is a wrapper such as `TimeDistributed`; a bidirectional one is a layer of its own kind."""
    return getattr(layer, "layer", None) is not None and not hasattr(layer, "backward_layer")


def _own_layers(layer: Any) -> Iterator[Any]:
    """The layers that a custom layer has: of Keras's own layers those within are parts of one."""
    if not _is_of_keras(layer) or hasattr(layer, "layers"):
        # There is no public name for them. A model in a custom layer is one of its parts.
        for inner in layer._flatten_layers(include_self=False, recursive=False):
            yield inner
            yield from _own_layers(inner)


def bare(model: Any) -> dict[str, Any]:
    """The variables that custom layers, or the model of a class of theirs, hold themselves."""
    # self.add_weight((8,), name="start")    *0 start
    own = [layer for layer in (model, *_places(model).values()) if not _is_of_keras(layer)]
    held = [item for layer in own for item in _held(layer)]
    return {f"{BARE}{number} {item.name}": item for number, item in enumerate(held)}


def _held(layer: Any) -> list[Any]:
    """The variables of a layer that are of none of the layers within it."""
    inner = layer._flatten_layers(include_self=False, recursive=False)
    others = {id(item) for one in inner for item in one.weights}
    return [item for item in layer.weights if id(item) not in others]


def _is_of_keras(layer: Any) -> bool:
    return type(layer).__module__.startswith("keras.")


def fits(model: Any, layer: LayerWeights) -> bool:
    """Whether a model has room for a layer in its place."""
    try:
        for binding in bindings(model, [layer]):
            shape = dict(zip((name for _, name in layer.names()), layer.shapes, strict=True))
            value = np.zeros(shape[binding.name][1])
            if value.size != np.prod(binding.tensor.shape):
                return False
            if binding.put(value).shape != tuple(binding.tensor.shape):
                return False
    except NoSuchWeights:
        return False
    return True


def _layer(layer: Any, item: LayerWeights) -> Iterator[Binding]:
    for (part, shape), (_, name) in zip(item.shapes, item.names(), strict=True):
        # forward/kernel     layer.forward_layer.cell.kernel
        # kernel             layer.cell.kernel, or layer.kernel of what does not recur
        # query/kernel       layer._query_dense.kernel: Keras gives the parts of attention no public name
        way, _, what = part.rpartition("/")
        owner, attribute = layer, what
        if family_of(item.kind) is Family.SCAN:
            owner = getattr(layer, f"{way}_layer", None) if way else layer
            # A custom loop calls a cell that no layer has.
            owner = getattr(owner, "cell", owner)
        elif family_of(item.kind) is Family.ATTENTION:
            owner = _part(layer, way)
        tensor = getattr(owner, attribute, None)
        if tensor is None and family_of(item.kind) is Family.ATTENTION:
            tensor = _vector(owner, part)
        if tensor is None:
            raise NoSuchWeights(f"nothing holds `{name}`")
        has_heads = family_of(item.kind) is Family.ATTENTION
        put = _reshaped(tuple(tensor.shape)) if has_heads else same
        take = _reshaped(shape) if has_heads else same
        yield Binding(name, tensor, put, take)


def _parted(
    layer: Any, item: LayerWeights, parts: Mapping[str, tuple[int, PartOf]]
) -> Iterator[Binding]:
    """The arrays of a cell of the user's own, each a part of one of its layer's variables."""
    held = [] if layer is None else layer.weights
    for (part, shape), (_, name) in zip(item.shapes, item.names(), strict=True):
        number, where = parts.get(part, (len(held), None))
        if number >= len(held) or where is None:
            raise NoSuchWeights(f"nothing holds `{name}`")
        yield part_binding(name, held[number], shape, where)


def _apart(
    known: Mapping[str, Any], item: LayerWeights, apart: Mapping[str, Held]
) -> Iterator[Binding]:
    """The arrays of an attention whose parts are layers of the user's own."""
    for (part, shape), (_, name) in zip(item.shapes, item.names(), strict=True):
        path, _, attribute = apart[part].path.rpartition(".") if part in apart else ("", "", "")
        layer = known.get(path)
        if layer is None:
            # "#5" of "#5 dense"
            layer = next((one for word, one in known.items() if word.startswith(f"{path} ")), None)
        tensor = getattr(layer, attribute, None) if path else None
        if tensor is None:
            raise NoSuchWeights(f"nothing holds `{name}`")
        yield Binding(name, tensor, _reshaped(tuple(tensor.shape)), _reshaped(shape))


def _vector(layer: Any, part: str) -> Any:
    """The vector of additive scores that are written by hand: ``Dense(1)(ops.tanh(query + keys))``."""
    kernel = getattr(layer, "kernel", None) if part == "scale" else None
    return kernel if kernel is not None and tuple(kernel.shape[1:]) == (1,) else None


def _part(layer: Any, name: str) -> Any:
    """What holds a part of an attention's weights; ``None`` if it has no such part.

    ::

        MultiHeadAttention                    query  _query_dense
        BahdanauAttention, of the module      query  query
                                              scale  attention.scale
        AdditiveAttention                     scale  scale
    """
    if not name:
        return getattr(layer, "attention", layer)
    return getattr(layer, f"_{name}_dense", None) or getattr(layer, name, None)


def _reshaped(shape: tuple[int, ...]) -> Callable[[Array], Array]:
    # The heads have an axis of their own in Keras.
    return lambda array: np.reshape(array, shape)


def write(model: Any, layers: Sequence[LayerWeights], arrays: Mapping[str, Array]) -> None:
    """Give a model the weights of ``arrays``."""
    for binding in bindings(model, layers):
        value = arrays[binding.name]
        shape = tuple(binding.tensor.shape)
        is_other = not binding.is_part and value.size != np.prod(shape)
        if is_other or binding.put(value).shape != shape:
            raise NoSuchWeights(f"`{binding.name}` should be {value.shape}, it is {shape}")
        assign(binding.tensor, binding.put(value))


def read(model: Any, layers: Sequence[LayerWeights], *, copied: bool = True) -> dict[str, Array]:
    """The weights of a model."""
    return {
        binding.name: _taken(binding, numbers(binding.tensor, copied=copied))
        for binding in bindings(model, layers)
    }


def untrained(model: Any, layers: Sequence[LayerWeights]) -> dict[str, int]:
    """None: Keras trains all of a table."""
    return {}


def train_padding(model: Any) -> None:
    """Nothing to do: Keras trains all of a table."""


def frozen(model: Any, layers: Sequence[LayerWeights]) -> list[str]:
    """The arrays of layers with ``trainable=False``."""
    learned = set(trainable(layers))
    return [
        binding.name
        for binding in bindings(model, layers)
        if binding.name in learned and not binding.tensor.trainable
    ]


def _taken(binding: Binding, value: Array) -> Array:
    assert binding.take
    return binding.take(value)


def named(
    model: Any, layers: Sequence[LayerWeights], values: Mapping[int, Array]
) -> dict[str, Array]:
    """Values of a model's variables, by the variable's ``id``, as named arrays."""
    return {
        binding.name: _taken(binding, values[id(binding.tensor)])
        for binding in bindings(model, layers)
        if id(binding.tensor) in values
    }
