"""Keras model that is called operation by operation → the same in a graph for any lengths, where they may differ.

``fit`` and ``export`` make such a graph. `TimeDistributed` of Keras 3.14 and 3.15 transposes its input, and asks for
the number of steps of what it was given before, which are the samples:

    (2 samples, 5 steps, 4 features)    eagerly (2, 5, 3)    in the graph (2, 2, 3)

Only a model that has this layer is tried: to trace every model would take as long as to call it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from seqdsl.targets.keras.tracing import called, tensors_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.runtime.adapter import Array, Declared


def results_at_any_length(
    model: Any, arrays: Sequence[Array], shapes: Sequence[Declared]
) -> list[Array] | None:
    """The results in a graph for any lengths; nothing where these are no others.

    Args:
        model: the model.
        arrays: its arguments.
        shapes: their shapes without the batch; ``None`` for a free length.
    """
    if keras.backend.backend() != "tensorflow" or not _is_at_risk(model, shapes):
        return None
    import tensorflow as tf

    tensors = tensors_of(model, arrays)
    signature = [
        tf.TensorSpec((None, *shape), tensor.dtype)
        for shape, tensor in zip(shapes, tensors, strict=True)
    ]
    graph = tf.function(
        lambda given: called(model, given), input_signature=[signature], autograph=False
    )
    return [keras.ops.convert_to_numpy(item) for item in graph(tensors)]


def _is_at_risk(model: Any, shapes: Sequence[Declared]) -> bool:
    return any(None in shape for shape in shapes) and any(
        isinstance(layer, keras.layers.TimeDistributed) for layer in model._flatten_layers()
    )
