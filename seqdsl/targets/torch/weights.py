"""PyTorch module ⇄ named arrays."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from seqdsl.layers import Family, layer_def
from seqdsl.runtime.bare_weights import BARE, bare_binding
from seqdsl.runtime.columns import in_columns
from seqdsl.runtime.named_weights import ROW
from seqdsl.runtime.scattered_weights import apart_binding, held_apart
from seqdsl.runtime.weight_binding import Binding, NoSuchWeights
from seqdsl.targets.torch.parts import Joined, Part
from seqdsl.targets.torch.state_dict import Projections, attribute_path
from seqdsl.targets.torch.state_dict import places as places_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.runtime.named_weights import Array, LayerWeights
    from seqdsl.runtime.scattered_weights import Held
    from seqdsl.targets.torch.state_dict import Place


def bindings(model: Any, layers: Sequence[LayerWeights]) -> list[Binding]:
    """What holds each array of ``layers``; a layer is the attribute of its name.

    Raises:
        NoSuchWeights: the module lacks a layer, or its layer another weight.
    """
    return [binding for layer in layers for binding in _layer(model, layer)]


def _layer(model: Any, layer: LayerWeights) -> Iterator[Binding]:
    apart = held_apart(layer.place)
    if apart:
        yield from (in_columns(item, layer, part) for part, item in _apart(model, layer, apart))
        return
    module, depth = find(model, layer)
    if isinstance(module, nn.Parameter):
        yield bare_binding(module, layer)
        return
    definition = layer_def(layer.kind)
    if isinstance(module, nn.Linear) and definition.family is Family.ATTENTION:
        yield _vector(module, layer)
        return
    projections = _projections(module)
    if definition.family is Family.ATTENTION and not _has_vector(module, layer):
        raise NoSuchWeights(f"nothing holds `{layer.name}`")
    for (part, name), (_, shape) in zip(layer.names(), layer.shapes, strict=True):
        end = _suffix(module, depth)
        for place in places_of(definition, part, shape, end, projections=projections):
            yield in_columns(_binding(module, name, place), layer, part)


def _apart(
    model: Any, layer: LayerWeights, apart: Mapping[str, Held]
) -> Iterator[tuple[str, Binding]]:
    """The arrays of a layer whose weights are kept apart, each with its name within the layer."""
    for (part, name), (_, shape) in zip(layer.names(), layer.shapes, strict=True):
        held = apart.get(part)
        if held is None:
            raise NoSuchWeights(f"nothing holds `{name}`")
        tensor = _held(model, held)
        if held.beside:
            tensor = Joined([tensor, *(_held(model, item) for item in held.beside)], held.axis)
        yield part, apart_binding(name, tensor, shape, held)


def _held(model: Any, held: Held) -> Any:
    tensor = model.get_parameter(held.path)
    places = [slice(*item) for item in (held.rows, held.columns) if item is not None]
    return Part(tensor, *places) if places else tensor


# self.score = nn.Linear(8, 1), above the tanh of a query and a key: its one row is the vector of an additive attention
def _vector(module: nn.Linear, layer: LayerWeights) -> Binding:
    if [part for part, _ in layer.shapes] != ["scale"] or module.out_features != 1:
        raise NoSuchWeights(f"nothing holds `{layer.name}`")
    (name,) = (name for _, name in layer.names())
    return Binding(
        name, module.weight, lambda array: array.reshape(1, -1), lambda array: array.reshape(-1)
    )


def _projections(module: Any) -> Projections:
    """How a module keeps what it projects with, if it is an attention."""
    if not isinstance(module, nn.MultiheadAttention):
        return Projections.OWN
    packed: Any = module.in_proj_weight
    return Projections.SEPARATE if packed is None else Projections.PACKED


def _has_vector(module: Any, layer: LayerWeights) -> bool:
    """Whether a module has a vector for its scores if, and only if, the layer has one."""
    # Without it, `BahdanauAttention` would have room for the projections of dot products.
    return hasattr(module, "score") == any(part == "scale" for part, _ in layer.shapes)


def find(model: Any, layer: LayerWeights) -> tuple[Any, str]:
    """The module of a layer, or its bare weight, and the number of the layer's row in it if it is one of several.

    Raises:
        NoSuchWeights: there is none of its name.
    """
    where = (layer.row or layer.name) if layer.place is None else layer.place
    if held_apart(layer.place):
        raise NoSuchWeights(f"no module holds all of `{layer.name}`")
    if layer.place is not None and where.startswith(BARE):
        return model.get_parameter(where.removeprefix(BARE)), ""
    place, _, depth = where.partition(ROW)
    if layer.place is None:
        place = attribute_path(place)
    try:
        return model.get_submodule(place), depth
    except AttributeError as problem:
        raise NoSuchWeights(f"the module has no attribute `{place}`") from problem


def _suffix(module: Any, depth: str) -> str:
    """How the names of a recurrent module's weights end; those of a single cell do not."""
    return "" if isinstance(module, nn.RNNCellBase) else f"_l{depth or 0}"


def places(model: Any) -> list[str]:
    """Where a module may keep the weights of a layer; the rows of a stacked one by number."""
    found: list[str] = []
    inside: tuple[str, ...] = ()
    for name, module in model.named_modules():
        if name.startswith(inside):
            continue
        if isinstance(module, nn.MultiheadAttention):
            # The name of the model itself is empty, and all others are inside it.
            inside = (*inside, f"{name}." if name else "")
        rows = module.num_layers if isinstance(module, nn.RNNBase) else 1
        found += [name, *(f"{name}{ROW}{row}" for row in range(1, rows))]
    return found + [f"{BARE}{name}" for name in _bare(model)]


def _bare(model: Any) -> Iterator[str]:
    """The weights that custom modules hold themselves: `start`, `encoder.start`, `tokens.0`."""
    for path, module in model.named_modules():
        is_list = isinstance(module, nn.ParameterList | nn.ParameterDict)
        if is_list or not type(module).__module__.startswith("torch."):
            yield from (name for name, _ in module.named_parameters(path, recurse=False))


def fits(model: Any, layer: LayerWeights) -> bool:
    """Whether a module has room for a layer in its place."""
    shapes = {
        name: shape for (_, name), (_, shape) in zip(layer.names(), layer.shapes, strict=True)
    }
    try:
        return all(
            binding.put(np.zeros(shapes[binding.name])).shape == tuple(binding.tensor.shape)
            for binding in bindings(model, [layer])
        )
    except NoSuchWeights:
        return False


def _get(module: Any, path: str, name: str) -> Any:
    """The tensor at a path of a module, such as ``out_proj.weight``.

    Raises:
        NoSuchWeights: the module lacks it.
    """
    found = module
    for attribute in path.split("."):
        found = getattr(found, attribute, None)
    if found is None:
        raise NoSuchWeights(f"nothing holds `{name}`: there is no `{path}`")
    return found


def _binding(module: Any, name: str, place: Place) -> Binding:
    tensor = _get(module, place.tensor, name)
    if place.third is not None:
        rows = len(tensor) // 3
        # The part of a variable shares its memory: what is written to it is written there.
        tensor = Part(tensor, slice(place.third * rows, (place.third + 1) * rows))
    return Binding(name, tensor, place.put, None if place.is_zero else place.take)


def write(model: Any, layers: Sequence[LayerWeights], arrays: Mapping[str, Array]) -> None:
    """Give a module the weights of ``arrays``."""
    for binding in bindings(model, layers):
        value = binding.put(arrays[binding.name])
        if tuple(binding.tensor.shape) != value.shape:
            shape = tuple(binding.tensor.shape)
            raise NoSuchWeights(f"`{binding.name}` should be {value.shape}, it is {shape}")
        binding.tensor.data.copy_(torch.from_numpy(np.ascontiguousarray(value)))


def read(model: Any, layers: Sequence[LayerWeights], *, copied: bool = True) -> dict[str, Array]:
    """The weights of a module."""
    found: dict[str, Array] = {}
    for binding in bindings(model, layers):
        # A copy: `numpy()` shares the memory of the weights, which the next step of training changes.
        held = np.asarray(binding.tensor.data.numpy())
        value = held.copy() if copied else held
        # Biases whose sum counts: both have a part.
        array = value if binding.take is None else binding.take(value)
        found[binding.name] = found[binding.name] + array if binding.name in found else array
    return found


def merged(model: Any, layers: Sequence[LayerWeights]) -> list[str]:
    """The arrays that are sums: of a cell's two biases, where the one that generated modules leave at zero is not."""
    return [
        binding.name
        for binding in bindings(model, layers)
        if binding.take is None and bool(binding.tensor.detach().any())
    ]


def spared(layers: Sequence[LayerWeights]) -> int:
    """The second biases of PyTorch's own cells: one that is written by hand has one bias, which is in its place."""
    return sum(
        prod(shape)
        for layer in layers
        if held_apart(layer.place)
        for part, shape in layer.shapes
        if any(item.is_zero for item in places_of(layer_def(layer.kind), part, shape))
    )


def frozen(model: Any, layers: Sequence[LayerWeights]) -> list[str]:
    """The arrays whose parameters have ``requires_grad=False``."""
    held = (
        (item.name, getattr(item.tensor, "tensor", item.tensor)) for item in bindings(model, layers)
    )
    # Statistics are buffers.
    names = (
        name for name, item in held if isinstance(item, nn.Parameter) and not item.requires_grad
    )
    return list(dict.fromkeys(names))


def untrained(model: Any, layers: Sequence[LayerWeights]) -> dict[str, int]:
    """The rows of tables of embeddings that get no gradient: that of ``padding_idx``."""
    kept = {
        id(item.weight): item.padding_idx
        for item in model.modules()
        if isinstance(item, nn.Embedding) and item.padding_idx is not None
    }
    return {
        item.name: kept[id(item.tensor)]
        for item in bindings(model, layers)
        if id(item.tensor) in kept
    }


def train_padding(model: Any) -> None:
    """Let the vectors of ``padding_idx`` get gradients; what an embedding computes stays the same."""
    for item in model.modules():
        if isinstance(item, nn.Embedding):
            item.padding_idx = None
