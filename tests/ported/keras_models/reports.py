"""Keras models of reports against other converters, beside those of `tests.importers.keras_models`."""

from __future__ import annotations

import keras
from keras import layers

from tests.ported.catalog import KERAS


@KERAS.ported()
def plain_rows() -> keras.Model:
    """onnx2torch #136: an LSTM and a GRU, no more."""
    return keras.Sequential(
        [
            keras.Input((None, 3), name="x"),
            layers.LSTM(5, return_sequences=True, name="lstm"),
            layers.GRU(4, name="gru"),
        ],
        name="plain_rows",
    )


@KERAS.ported()
def lstm_states_in_and_out() -> keras.Model:
    """coremltools #698: both states of an LSTM as inputs and as outputs."""
    x = keras.Input((4, 3), name="x")
    h, c = keras.Input((5,), name="h"), keras.Input((5,), name="c")
    y, *after = layers.LSTM(5, return_state=True, name="run")(x, initial_state=[h, c])
    return keras.Model([x, h, c], [layers.Dense(2, name="y")(y), *after])


@KERAS.ported()
def masked_both_ways() -> keras.Model:
    """tensorflow-onnx #1871: padding anywhere, read in both directions."""
    words = keras.Input((None,), dtype="int32", name="words")
    x = layers.Embedding(9, 4, mask_zero=True, name="table")(words)
    x = layers.Bidirectional(layers.LSTM(3), name="run")(x)
    return keras.Model(words, layers.Dense(1, name="y")(x))
