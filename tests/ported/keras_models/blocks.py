"""Custom layers, as guides have them, which several models of the catalog are made of."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops


class TokensAndPlaces(layers.Layer):
    """Ids and their places, each with a table; the sum of both."""

    def __init__(self, most: int, vocabulary: int, width: int, **options: Any) -> None:
        super().__init__(**options)
        self.tokens = layers.Embedding(vocabulary, width)
        self.places = layers.Embedding(most, width)

    def call(self, ids: keras.KerasTensor) -> keras.KerasTensor:
        places = ops.arange(0, ops.shape(ids)[-1], 1)
        return self.tokens(ids) + self.places(places)


class EncoderBlock(layers.Layer):
    """Attention to itself, two dense layers, and sums around both, which are normalized behind them."""

    def __init__(
        self, width: int, heads: int, inner: int, *, causal: bool = False, **options: Any
    ) -> None:
        super().__init__(**options)
        self.attention = layers.MultiHeadAttention(heads, width // heads)
        self.inner = layers.Dense(inner, activation="relu")
        self.outer = layers.Dense(width)
        self.norms = [layers.LayerNormalization(epsilon=1e-6) for _ in range(2)]
        self.dropout = layers.Dropout(0.1)
        self.causal = causal

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        read = self.attention(x, x, use_causal_mask=self.causal)
        x = self.norms[0](x + self.dropout(read))
        return self.norms[1](x + self.outer(self.inner(x)))


class DecoderBlock(layers.Layer):
    """Attention to itself, then to what an encoder gives."""

    def __init__(self, width: int, heads: int, inner: int, **options: Any) -> None:
        super().__init__(**options)
        self.own = layers.MultiHeadAttention(heads, width)
        self.cross = layers.MultiHeadAttention(heads, width)
        self.dense = keras.Sequential([layers.Dense(inner, activation="relu"), layers.Dense(width)])
        self.norms = [layers.LayerNormalization() for _ in range(3)]
        self.add = layers.Add()

    def call(self, x: keras.KerasTensor, memory: keras.KerasTensor) -> keras.KerasTensor:
        own = self.own(query=x, value=x, key=x, use_causal_mask=True)
        x = self.norms[0](self.add([x, own]))
        read = self.cross(query=x, value=memory, key=memory)
        x = self.norms[1](self.add([x, read]))
        return self.norms[2](self.add([x, self.dense(x)]))


def pre_norm_block(x: keras.KerasTensor, heads: int, inner: int) -> keras.KerasTensor:
    """Normalized first, then read: a function, not a class."""
    width = x.shape[-1]
    read = layers.LayerNormalization(epsilon=1e-6)(x)
    read = layers.MultiHeadAttention(heads, key_dim=3, dropout=0.1)(read, read)
    x = x + layers.Dropout(0.1)(read)
    read = layers.LayerNormalization(epsilon=1e-6)(x)
    read = layers.Conv1D(inner, kernel_size=1, activation="relu")(read)
    read = layers.Dropout(0.1)(read)
    return x + layers.Conv1D(width, kernel_size=1)(read)
