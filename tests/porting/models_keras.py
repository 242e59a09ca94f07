"""Keras models as people have them; imported by a worker, from the folder of the tests."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers


def classifier() -> Any:
    words = keras.Input((None,), dtype="int32", name="words")
    embedded = layers.Embedding(9, 4, mask_zero=True)(words)
    state = layers.Bidirectional(layers.LSTM(3))(embedded)
    return keras.Model(words, layers.Dense(2, activation="softmax", name="label")(state))
