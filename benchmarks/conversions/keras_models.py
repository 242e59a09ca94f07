"""The standard topologies as people write them in Keras: sizes are small, weights random.

``steps`` is a number, or None for any length.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import layers


def one_to_one(_steps: int | None) -> Any:
    """No steps at all."""
    x = keras.Input((4,), name="x")
    return keras.Model(
        x, layers.Dense(3, activation="softmax")(layers.Dense(8, activation="relu")(x))
    )


def one_to_many(_steps: int | None) -> Any:
    """A vector, repeated."""
    x = keras.Input((4,), name="x")
    y = layers.LSTM(8, return_sequences=True)(layers.RepeatVector(5)(x))
    return keras.Model(x, layers.Dense(3)(y))


def many_to_one(steps: int | None) -> Any:
    """The last step."""
    x = keras.Input((steps, 4), name="x")
    return keras.Model(x, layers.Dense(3)(layers.LSTM(8)(x)))


def many_to_many(steps: int | None) -> Any:
    """Each step."""
    x = keras.Input((steps, 4), name="x")
    return keras.Model(x, layers.Dense(3)(layers.LSTM(8, return_sequences=True)(x)))


def last_steps(steps: int | None) -> Any:
    """The last three steps."""
    x = keras.Input((steps, 4), name="x")
    return keras.Model(x, layers.Dense(3)(layers.LSTM(8, return_sequences=True)(x)[:, -3:]))


def padded_steps(steps: int | None) -> Any:
    """Three steps, and three that read nothing."""
    x = keras.Input((steps, 4), name="x")
    y = layers.LSTM(8, return_sequences=True)(layers.ZeroPadding1D((0, 3))(x))
    return keras.Model(x, layers.Dense(3)(y))


def encoder_decoder(steps: int | None) -> Any:
    """The end of one row is what another reads at each step."""
    x = keras.Input((steps, 4), name="x")
    y = layers.RepeatVector(5)(layers.LSTM(8)(x))
    return keras.Model(x, layers.Dense(3)(layers.LSTM(8, return_sequences=True)(y)))


def translation(steps: int | None) -> Any:
    """The state of one row begins another; ids on both sides."""
    source = keras.Input((steps,), dtype="int32", name="source")
    target = keras.Input((steps and steps - 1,), dtype="int32", name="target")
    _, h, c = layers.LSTM(8, return_state=True)(layers.Embedding(20, 4)(source))
    y = layers.Embedding(21, 4)(target)
    y = layers.LSTM(8, return_sequences=True)(y, initial_state=[h, c])
    return keras.Model([source, target], layers.Dense(21)(y))


def stacked(steps: int | None) -> Any:
    """Two rows."""
    x = keras.Input((steps, 4), name="x")
    y = layers.LSTM(8, return_sequences=True)(x)
    return keras.Model(x, layers.Dense(3)(layers.LSTM(8)(y)))


def bidirectional(steps: int | None) -> Any:
    """Both directions."""
    x = keras.Input((steps, 4), name="x")
    y = layers.Bidirectional(layers.LSTM(8, return_sequences=True))(x)
    return keras.Model(x, layers.Dense(3)(y))


def gru(steps: int | None) -> Any:
    """Another cell."""
    x = keras.Input((steps, 4), name="x")
    return keras.Model(x, layers.Dense(3)(layers.GRU(8)(x)))


def masked(steps: int | None) -> Any:
    """Words with padding, which is not read."""
    words = keras.Input((steps,), dtype="int32", name="words")
    x = layers.Embedding(20, 4, mask_zero=True)(words)
    return keras.Model(words, layers.Dense(3)(layers.LSTM(8)(x)))
