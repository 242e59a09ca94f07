"""a user's live model → a copy in another precision, which may be run and changed: the model stays as it is."""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from seqdsl.runtime.adapter import DOUBLE, SINGLE, any_threads, never_nested, samples_first
from seqdsl.targets.keras.large import assign, numbers, undrawn
from seqdsl.targets.keras.precision import compute_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.runtime.named_weights import LayerWeights


def copy(model: Any, precision: str) -> Any:
    """A copy of a functional or sequential model; a subclassed one raises `ValueError`, and so does a single layer."""
    with undrawn():
        copied = keras.models.clone_model(
            model,
            input_tensors=_inputs(model, precision),
            clone_function=lambda layer: _copied(layer, precision),
        )
    # Layers within custom ones are numbered anew: `embedding_1` would be `embedding_5` in the copy.
    for one, other in zip(model._flatten_layers(), copied._flatten_layers(), strict=True):
        other.name = one.name
    # One by one: `get_weights` holds all of them once more.
    for one, other in zip(model.weights, copied.weights, strict=True):
        assign(other, numbers(one, copied=False))
    return copied


def _inputs(model: Any, precision: str) -> Any:
    """The inputs of a copy; a clone's own round what they are given to the original's precision.

    A layer normalization of an input in single precision computes in single, whatever its own is.
    """
    inputs = getattr(model, "_inputs_struct", None)
    if inputs is None:
        return None

    def made(tensor: Any) -> Any:
        dtype = precision if _is_float(tensor.dtype) else tensor.dtype
        return keras.Input(batch_shape=tensor.shape, dtype=dtype, name=tensor.name)

    return keras.tree.map_structure(made, inputs)


def _copied(layer: Any, precision: str) -> Any:
    """A layer, or an operation, made anew of its own configuration."""
    kind = type(layer)
    if kind is keras.layers.Lambda:
        # Its configuration would be the function's code as text, which Keras refuses to run; the function is at hand.
        return kind(
            layer.function,
            layer._output_shape,
            layer.mask,
            layer.arguments,
            name=layer.name,
            dtype=precision,
        )
    config = layer.get_config()
    with keras.saving.custom_object_scope(_displaced(layer)):
        return kind.from_config(_in_precision(config, precision))


def _displaced(layer: Any) -> dict[str, Any]:
    """The classes of layers within by the names under which Keras has others by now.

    `MinimalCell` may be the user's class, and then that of the module that is generated from its picture.
    """
    within = layer._flatten_layers(include_self=False) if isinstance(layer, keras.Layer) else ()
    own = {keras.saving.get_registered_name(type(item)): type(item) for item in within}
    known = {name: keras.saving.get_registered_object(name) for name in own}
    return {name: kind for name, kind in own.items() if known[name] not in (None, kind)}


def _in_precision(value: Any, precision: str) -> Any:
    """A configuration whose floats are of a precision and whose weights are trained, in layers within layers, too.

    ::

        {"dtype": "float32"}                                                            an operation, or an input
        {"dtype": {"class_name": "DTypePolicy", "config": {"name": "float32"}, ...}}    a layer
    """
    if isinstance(value, dict):
        return {key: _setting(key, item, precision) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_in_precision(item, precision) for item in value)
    return value


def _setting(key: str, value: Any, precision: str) -> Any:
    if key == "dtype" and _is_float(value):
        return precision
    # What was frozen has gradients to be compared all the same.
    return True if key == "trainable" else _in_precision(value, precision)


def _is_float(dtype: Any) -> bool:
    if isinstance(dtype, dict):
        policy = dtype.get("config")
        dtype = policy.get("name") if isinstance(policy, dict) else None
    return dtype in (SINGLE, DOUBLE)


@contextmanager
def aside() -> Iterator[None]:
    """Layers are made in double precision; random numbers of Python and numpy are put back, which seed Keras's own."""
    before, states = keras.config.floatx(), (random.getstate(), np.random.get_state())
    # Once a layer has been made, the type of the next ones is kept for itself.
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(compute_in(DOUBLE))
    try:
        yield
    finally:
        compute_in(before)
        keras.config.set_dtype_policy(policy)
        random.setstate(states[0])
        np.random.set_state(states[1])


arrange, flatten, threads_for = samples_first, never_nested, any_threads


def merged(model: Any, layers: Sequence[LayerWeights]) -> list[str]:
    """None: Keras has one weight for each array."""
    return []


def spared(layers: Sequence[LayerWeights]) -> int:
    """None, for the same reason."""
    return 0
