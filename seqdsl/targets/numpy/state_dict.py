"""named arrays of weights → PyTorch's ``state_dict``, without PyTorch: what a generated numpy module is given.

The named arrays are laid out as Keras has them (see `seqdsl.runtime.named_weights`); what this adapter writes is
compared with what PyTorch itself keeps by the tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.layers import Role, layer_def
from seqdsl.runtime.named_weights import ROW
from seqdsl.targets.numpy.weights import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from seqdsl.layers import LayerDef
    from seqdsl.runtime.named_weights import Array, LayerWeights

    Named = Iterator[tuple[str, Array]]


def state_dict(layers: Sequence[LayerWeights], arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The arrays of ``layers`` under PyTorch's names, in PyTorch's layouts."""
    found: dict[str, Array] = {}
    for layer in layers:
        parts = {part: np.asarray(arrays[name]) for part, name in layer.names()}
        place, _, row = (layer.row or layer.name).partition(ROW)
        definition = layer_def(layer.kind)
        convert = _KINDS.get(layer.kind)
        named = _plain(parts, definition) if convert is None else convert(parts, row or "0")
        found |= {f"{place}.{name}": array for name, array in named}
        if definition.has_statistics:
            found[f"{place}.num_batches_tracked"] = np.asarray(0)
    return found


def _plain(parts: Mapping[str, Array], definition: LayerDef) -> Named:
    for part, array in parts.items():
        role = definition.weight(part).role
        yield NAMES[role], array.T if role is Role.KERNEL else array


def _cell(order: Sequence[int]) -> Callable[[Mapping[str, Array], str], Named]:
    """A recurrent layer; PyTorch has its gates one below the other, from the places ``order`` of ours."""

    def convert(parts: Mapping[str, Array], row: str) -> Named:
        for part, array in parts.items():
            way, _, what = part.rpartition("/")
            end = f"_l{row}{'_reverse' * (way == 'backward')}"
            if what == "bias":
                # One of ours is two of PyTorch's, whose sum counts; a GRU's are two rows of one array.
                both = array if array.ndim == 2 else np.stack([array, np.zeros_like(array)])
                for side, bias in zip(("ih", "hh"), both, strict=True):
                    yield f"bias_{side}{end}", _reordered(bias, order)
            else:
                side = "hh" if what == "recurrent_kernel" else "ih"
                yield f"weight_{side}{end}", _reordered(array.T, order)

    return convert


def _reordered(array: Array, order: Sequence[int]) -> Array:
    gates = np.split(array, len(order))
    return np.concatenate([gates[place] for place in order])


def _attention(parts: Mapping[str, Array], row: str) -> Named:
    """Projections of queries, keys and values: one array if all read equally many features."""
    thirds = [parts[f"{what}/kernel"].T for what in ("query", "key", "value")]
    if len({third.shape for third in thirds}) == 1:
        yield "in_proj_weight", np.concatenate(thirds)
    else:
        yield from zip((f"{part}_proj_weight" for part in "qkv"), thirds, strict=True)
    biases = [parts[f"{what}/bias"] for what in ("query", "key", "value")]
    yield "in_proj_bias", np.concatenate(biases)
    yield "out_proj.weight", parts["output/kernel"].T
    yield "out_proj.bias", parts["output/bias"]


_KINDS = {
    # Keras has the gates of an LSTM as PyTorch does; of a GRU the update gate comes first.
    "lstm": _cell((0, 1, 2, 3)),
    "gru": _cell((1, 0, 2)),
    "rnn": _cell((0,)),
    "attention": _attention,
}
