"""Models that apply a model of sequences to each of their steps, rewritten small from guides."""

from __future__ import annotations

import keras
from keras import layers

from tests.importers.keras_mask_models import MODELS, REFUSED
from tests.importers.keras_models import model

__all__ = ["MODELS", "REFUSED"]


@model(
    """
    document: tokens(20, 5)
    sentences = sentence document[7]
    reader = lstm(4) sentences[7]
    y = dense(2) reader.6
    -> y
    """
)
def sentences_of_a_document() -> keras.Model:
    """Yang et al. 2016, without attention: more sentences than would be drawn one by one."""
    encoder = keras.Sequential(
        [
            keras.Input((5,), dtype="int32", name="words"),
            layers.Embedding(20, 4, name="table"),
            layers.Bidirectional(layers.GRU(3), name="run"),
            layers.Dense(4, activation="tanh", name="meaning"),
        ],
        name="sentence",
    )
    words = keras.Input((None, 5), dtype="int32", name="document")
    sentences = layers.TimeDistributed(encoder, name="sentences")(words)
    run = layers.LSTM(4, name="reader")(sentences)
    return keras.Model(words, layers.Dense(2, name="y")(run))


@model(
    """
    one: input(6, 2)
    two: input(6, 2)
    each = tower one[20]
    each' = tower two[20]
    run = lstm(4) each[20]
    run' = lstm(4) each'[20]
    y = dense(2) run.19+run'.19
    -> y
    """
)
def windows_of_a_signal() -> keras.Model:
    """A CNN over windows of a series, and an LSTM over the windows: one tower for two signals."""
    tower = keras.Sequential(
        [
            keras.Input((6, 2), name="window"),
            layers.Conv1D(3, 3, activation="relu", name="conv"),
            layers.GlobalMaxPooling1D(name="top"),
        ],
        name="tower",
    )
    one, two = (keras.Input((20, 6, 2), name=name) for name in ("one", "two"))
    each = layers.TimeDistributed(tower, name="each")
    run = layers.LSTM(4, name="run")
    both = layers.Concatenate()([run(each(one)), run(each(two))])
    return keras.Model([one, two], layers.Dense(2, name="y")(both))
