"""Keras layer → its settings: what changes its numbers and is in no array of weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keras import layers as keras_layers

from seqdsl.layers import is_recurrent
from seqdsl.targets.keras.weights import by_name

if TYPE_CHECKING:
    from seqdsl.runtime.named_weights import LayerWeights, Value
    from seqdsl.runtime.settings import Settings

_CLASSES: dict[str, type] = {
    "lstm": keras_layers.LSTMCell,
    "gru": keras_layers.GRUCell,
    "rnn": keras_layers.SimpleRNNCell,
    "dense": keras_layers.Dense,
    "conv": keras_layers.Conv1D,
    "conv2d": keras_layers.Conv2D,
    "attention": keras_layers.MultiHeadAttention,
    "layernorm": keras_layers.LayerNormalization,
    "batchnorm": keras_layers.BatchNormalization,
}
_ATTRIBUTES = {
    "epsilon": "epsilon",
    "momentum": "momentum",
    "reset_after": "reset_after",
    "heads": "num_heads",
    "key width": "key_dim",
    "key": "key_dim",
}
_WORDS = {"silu": "swish"}
_SLOPE = 0.01
"""Of `leaky_relu` in a picture."""


def settings(model: Any, layer: LayerWeights) -> Settings:
    """What changes the numbers of a layer in its place; nothing if it is another layer."""
    found: Any = by_name(model).get(layer.name if layer.place is None else layer.place)
    outer = {}
    # Bidirectional(LSTM): merge_mode is its own, everything else is the cell's of the forward LSTM.
    if is_recurrent(layer.kind):
        if hasattr(found, "forward_layer"):
            outer = {"merge_mode": getattr(found, "merge_mode", None)}
            found = found.forward_layer
        found = getattr(found, "cell", None)
    expected = _CLASSES.get(layer.kind)
    # A layer that stands in no table has its settings under Keras's names; none of the others is one.
    if isinstance(found, expected or tuple(_CLASSES.values())) is (expected is None):
        return {}
    names = [name for name, _ in layer.settings if name not in outer]
    if expected is None:
        names = [name for name in names if hasattr(found, _ATTRIBUTES.get(name, name))]
    return {**outer, **{name: _value(found, name) for name in names}}


def _word(function: Any) -> str:
    """What the language calls an activation."""
    # A layer may be an activation, too.
    slope = getattr(function, "negative_slope", None)
    word = "leaky_relu" if slope is not None else getattr(function, "__name__", "")
    if word == "leaky_relu" and slope != _SLOPE:
        # The function of that name has the slope 0.2.
        return f"leaky_relu({0.2 if slope is None else slope:g})"
    return _WORDS.get(word, word)


def _value(layer: Any, name: str) -> Value:
    if name not in _ATTRIBUTES:
        return _word(getattr(layer, name, None))
    value: Value = getattr(layer, _ATTRIBUTES[name], None)
    return value
