"""sizes → Keras models by hand: grids in steps, blocks of blocks."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers


def frames(n: int, units: int) -> keras.Model:
    each = [
        layers.Conv2D(8, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
    ]
    rows = [layers.TimeDistributed(layer) for layer in each]
    head = layers.Dense(10, activation="softmax")
    return keras.Sequential([keras.Input((n, 16, 16, 3)), *rows, layers.LSTM(units), head])


def _block(x: Any, width: int) -> Any:
    # The same constant as PyTorch's: the frameworks differ.
    read = layers.LayerNormalization(epsilon=1e-5)(x)
    attention = layers.MultiHeadAttention(2, width // 2)
    x = layers.add([attention(read, read, use_causal_mask=True), x])
    read = layers.LayerNormalization(epsilon=1e-5)(x)
    read = layers.Dense(width)(layers.Dense(4 * width, activation="gelu")(read))
    return layers.add([read, x])


def block_stack(n: int, width: int) -> keras.Model:
    inputs = keras.Input((n, width))
    found = _block(_block(inputs, width), width)
    return keras.Model(inputs, layers.Dense(10)(found))
