"""PyTorch module ⇄ named arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from seqdsl.layers import Family, Gate, Role, layer_def
from seqdsl.runtime.named_weights import ROW
from seqdsl.runtime.weight_binding import (
    Binding,
    NoSuchWeights,
    same,
    transposed,
    zeros,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from seqdsl.runtime.named_weights import Array, LayerWeights

    Change = Callable[[Array], Array]


def bindings(model: Any, layers: Sequence[LayerWeights]) -> list[Binding]:
    """What holds each array of ``layers``; a layer is the attribute of its name.

    Raises:
        NoSuchWeights: the module lacks a layer, or its layer another weight.
    """
    return [binding for layer in layers for binding in _layer(model, layer)]


def _layer(model: Any, layer: LayerWeights) -> Iterator[Binding]:
    module, depth = find(model, layer)
    definition = layer_def(layer.kind)
    if definition.family is Family.SCAN:
        yield from _cells(module, layer, _suffix(module, depth))
    elif definition.family is Family.ATTENTION:
        yield from _attention(module, layer)
    else:
        for part, name in layer.names():
            attribute, change = _PLAIN[definition.weight(part).role]
            yield Binding(name, _get(module, attribute, name), change, change)


def find(model: Any, layer: LayerWeights) -> tuple[Any, str]:
    """The module of a layer, and the number of the layer's row in it if it is one of several.

    Raises:
        NoSuchWeights: there is none of its name.
    """
    where = (layer.row or layer.name) if layer.place is None else layer.place
    place, _, depth = where.partition(ROW)
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
    return found


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


_PLAIN: dict[Role, tuple[str, Callable[[Array], Array]]] = {
    # (kernel, features, filters) is (filters, features, kernel) in PyTorch.
    Role.KERNEL: ("weight", transposed),
    Role.BIAS: ("bias", same),
    Role.TABLE: ("weight", same),
    Role.SCALE: ("weight", same),
    Role.SHIFT: ("bias", same),
    Role.MEAN: ("running_mean", same),
    Role.VARIANCE: ("running_var", same),
}
"""The attribute that holds a weight, and how."""

_ORDER = (
    Gate.INPUT,
    Gate.FORGET,
    Gate.RESET,
    Gate.UPDATE,
    Gate.CANDIDATE,
    Gate.OUTPUT,
)
"""The order of gates in a cell: i, f, g, o of an LSTM, r, z, n of a GRU."""


def _get(module: Any, attribute: str, name: str) -> Any:
    found = getattr(module, attribute, None)
    if found is None:
        raise NoSuchWeights(f"nothing holds `{name}`: there is no `{attribute}`")
    return found


def _cells(module: Any, layer: LayerWeights, suffix: str) -> Iterator[Binding]:
    definition = layer_def(layer.kind)
    put, take = _reordered(definition.gates)
    for part, name in layer.names():
        # backward/kernel      weight_ih_l0_reverse, (gates * units, features): the transpose of what Keras has
        # recurrent_kernel     weight_hh_l0
        # bias                 bias_ih_l0 and bias_hh_l0
        way = part.rpartition("/")[0]
        end = f"{suffix}_reverse" if way == "backward" else suffix
        weight = definition.weight(part)
        if weight.role is Role.BIAS:
            ih, hh = (_get(module, f"bias_{side}{end}", name) for side in ("ih", "hh"))
            hold = _both if len(weight.shape) > 1 else _sum
            yield from hold(name, ih, hh, put, take)
            continue
        side = "hh" if weight.role is Role.RECURRENT_KERNEL else "ih"
        tensor = _get(module, f"weight_{side}{end}", name)
        yield Binding(name, tensor, lambda a: put(a.T), lambda a: take(a).T)


def _reordered(gates: Sequence[Gate]) -> tuple[Change, Change]:
    """Functions that bring a cell's gates, on the first axis, into PyTorch's order, and back."""
    # z, r, n of a GRU become r, z, n: 1 0 2, which is its own inverse.
    there = sorted(range(len(gates)), key=lambda place: _ORDER.index(gates[place]))
    back = [there.index(place) for place in range(len(gates))]

    def change(order: Sequence[int]) -> Change:
        # As they are for an LSTM: then nothing is copied.
        if list(order) == sorted(order):
            return same
        return lambda array: np.concatenate([np.split(array, len(order))[k] for k in order])

    return change(there), change(back)


def _sum(name: str, ih: Any, hh: Any, put: Change, take: Change) -> Iterator[Binding]:
    """Two biases whose sum counts: the first takes all."""
    yield Binding(name, ih, put, take)
    yield Binding(name, hh, zeros, None)


def _both(name: str, ih: Any, hh: Any, put: Change, take: Change) -> Iterator[Binding]:
    """Two biases that are not added up, a GRU's, which are two rows of one array."""
    yield Binding(name, ih, lambda a: put(a[0]), lambda a: np.stack([take(a), a * 0]))
    yield Binding(name, hh, lambda a: put(a[1]), lambda a: np.stack([a * 0, take(a)]))


def _attention(module: Any, layer: LayerWeights) -> Iterator[Binding]:
    if not isinstance(module, nn.MultiheadAttention):
        raise NoSuchWeights(f"nothing holds `{layer.name}`")
    # (3 * features, features): query, key and value one below the other. `None` if the memory has another width:
    # then each has a matrix of its own, but the three biases are still one array.
    whole: Any = module.in_proj_weight
    for part, name in layer.names():
        what, _, array = part.partition("/")
        if what == "output":
            attribute = {"kernel": "weight", "bias": "bias"}[array]
            change = transposed if array == "kernel" else same
            yield Binding(name, _get(module.out_proj, attribute, name), change, change)
        elif array == "kernel":
            third = {"query": "q", "key": "k", "value": "v"}[what]
            yield (
                Binding(name, _get(module, f"{third}_proj_weight", name), transposed, transposed)
                if whole is None
                else _third(name, whole, what, transposed)
            )
        else:
            yield _third(name, _get(module, "in_proj_bias", name), what, same)


def _third(name: str, tensor: Any, what: str, change: Callable[[Array], Array]) -> Binding:
    """A third of what holds the projections of queries, keys and values."""
    number, rows = ("query", "key", "value").index(what), len(tensor) // 3
    part = slice(number * rows, (number + 1) * rows)
    # The part of a variable shares its memory: what is written to it is written there.
    return Binding(name, _Part(tensor, part), change, change)


class _Part:
    """Some rows of a variable, as if they were one."""

    def __init__(self, tensor: Any, rows: slice) -> None:
        self.tensor, self.rows = tensor, rows

    @property
    def shape(self) -> torch.Size:
        return self.tensor.data[self.rows].shape  # type: ignore[no-any-return]

    @property
    def data(self) -> Any:
        return self.tensor.data[self.rows]

    @property
    def grad(self) -> Any:
        return None if self.tensor.grad is None else self.tensor.grad[self.rows]


def write(model: Any, layers: Sequence[LayerWeights], arrays: Mapping[str, Array]) -> None:
    """Give a module the weights of ``arrays``."""
    for binding in bindings(model, layers):
        value = binding.put(arrays[binding.name])
        if tuple(binding.tensor.shape) != value.shape:
            shape = tuple(binding.tensor.shape)
            raise NoSuchWeights(f"`{binding.name}` should be {value.shape}, it is {shape}")
        binding.tensor.data.copy_(torch.from_numpy(np.ascontiguousarray(value)))


def read(model: Any, layers: Sequence[LayerWeights]) -> dict[str, Array]:
    """The weights of a module."""
    found: dict[str, Array] = {}
    for binding in bindings(model, layers):
        # A copy: `numpy()` shares the memory of the weights, which the next step of training changes.
        value = np.array(binding.tensor.data.numpy())
        # Biases whose sum counts: both have a part.
        array = value if binding.take is None else binding.take(value)
        found[binding.name] = found[binding.name] + array if binding.name in found else array
    return found


def gradients(model: Any, layers: Sequence[LayerWeights]) -> dict[str, Array]:
    """The gradients of a module's weights, after a backward pass; nothing where there is none."""
    found: dict[str, Array] = {}
    for binding in bindings(model, layers):
        if binding.take is None or getattr(binding.tensor, "grad", None) is None:
            continue
        array = binding.take(np.asarray(binding.tensor.grad.numpy()))
        found[binding.name] = found[binding.name] + array if binding.name in found else array
    return found
