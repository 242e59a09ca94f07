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


@model(
    """
    left: tokens(20)
    right: tokens(20)
    encoder = encoder of left[7]
    encoder' = encoder of right[9]
    y = dense(1, sigmoid) encoder.0+encoder'.0
    -> y
    """
)
def two_texts_and_one_encoder() -> keras.Model:
    """Mueller and Thyagarajan 2016, with a dense layer: a model of a sequence that gives a vector, applied twice."""
    encoder = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(20, 4, name="table"),
            layers.LSTM(5, name="run"),
        ],
        name="encoder",
    )
    left, right = (keras.Input((None,), dtype="int32", name=name) for name in ("left", "right"))
    both = layers.Concatenate()([encoder(left), encoder(right)])
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid", name="y")(both))


@model(
    """
    x: input(4)
    block = block of x[6]
    block' = block of block[6]
    y = dense(2) block'.5
    -> y
    """
)
def one_block_twice() -> keras.Model:
    """A residual block with one set of weights: a model of a sequence that gives a sequence."""
    read = keras.Input((6, 4))
    window = layers.Conv1D(4, 3, padding="same", activation="relu", name="window")(read)
    block = keras.Model(read, layers.Add(name="sum")([read, window]), name="block")
    x = keras.Input((6, 4), name="x")
    return keras.Model(x, layers.Dense(2, name="y")(block(block(x))[:, -1]))


@model(
    """
    x: input(3)
    run = lstm(4) x[5]
    head = head run.4
    head' = head head.0
    y = dense(1) head'.0
    -> y
    """
)
def one_head_twice() -> keras.Model:
    """A model of a vector."""
    head = keras.Sequential(
        [keras.Input((4,)), layers.Dense(6, "relu", name="wide"), layers.Dense(4, name="back")],
        name="head",
    )
    x = keras.Input((5, 3), name="x")
    return keras.Model(x, layers.Dense(1, name="y")(head(head(layers.LSTM(4, name="run")(x)))))
