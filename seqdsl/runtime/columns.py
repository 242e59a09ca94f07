"""order of the features that a user's layer reads → a binding between its weights and those of the picture.

A flattened image has its channels first in PyTorch, and last in pictures and Keras::

    column of `nn.Linear`       0    1    2    3    4    5      two channels of three places
    place and channel           0,0  1,0  2,0  0,1  1,1  2,1
    columns                     0    3    1    4    2    5      what the picture has as 0,0  0,1  1,0  1,1  2,0  2,1
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.layers import layer_def
from seqdsl.layers._parts import IN

if TYPE_CHECKING:
    from seqdsl.runtime.named_weights import Array, LayerWeights
    from seqdsl.runtime.weight_binding import Binding


def in_columns(binding: Binding, layer: LayerWeights, part: str) -> Binding:
    """A binding whose array has the order of a layer's input features in the picture, not in the model.

    Args:
        binding: what holds an array, in the order of the model.
        layer: its layer.
        part: the array's name within the layer.
    """
    shape = layer_def(layer.kind).weight(part).shape
    # A bias has no input features.
    if not layer.columns or IN not in shape:
        return binding
    axis, columns = shape.index(IN), np.asarray(layer.columns)
    back, given, kept = np.argsort(columns), binding.put, binding.take

    def put(array: Array) -> Array:
        return given(np.take(array, back, axis))

    def take(array: Array) -> Array:
        assert kept is not None
        return np.take(kept(array), columns, axis)

    return replace(binding, put=put, take=None if kept is None else take)
