"""Models that take and give the states of LSTMs, rewritten small from guides and bug reports."""

from __future__ import annotations

import keras
from keras import layers

from tests.importers.keras_attention_models import MODELS, REFUSED
from tests.importers.keras_models import model, refused

__all__ = ["MODELS", "REFUSED"]


@model(
    """
    x: input(3)
    run = lstm(4) x[7] *--*
    y = dense(2) run[7]
    -> y
    """
)
def cut_anywhere() -> keras.Model:
    """coremltools 698, keras-onnx 114: a step of a model that goes on where the call before has ended."""
    x = keras.Input((None, 3), name="x")
    given = [keras.Input((4,), name=name) for name in ("h_in", "c_in")]
    y, h, c = layers.LSTM(4, return_sequences=True, return_state=True, name="run")(
        x, initial_state=given
    )
    return keras.Model([x, *given], [layers.Dense(2, name="y")(y), h, c])


@model(
    """
    x: input(3)
    first = lstm(4) x[5] *--*
    second = lstm(2) first[5] *--*
    -> second
    """
)
def states_of_two() -> keras.Model:
    x = keras.Input((5, 3), name="x")
    first_in = [keras.Input((4,), name=name) for name in ("h_1", "c_1")]
    second_in = [keras.Input((2,), name=name) for name in ("h_2", "c_2")]
    y, *first = layers.LSTM(4, return_sequences=True, return_state=True, name="first")(
        x, initial_state=first_in
    )
    y, *second = layers.LSTM(2, return_sequences=True, return_state=True, name="second")(
        y, initial_state=second_in
    )
    return keras.Model([x, *first_in, *second_in], [y, *first, *second])


@model(
    """
    x: input(3)
    run = lstm(4) x[5] --*
    y = dense(2) run[5]
    -> y
    """
)
def state_given_alone() -> keras.Model:
    x = keras.Input((5, 3), name="x")
    y, h, c = layers.LSTM(4, return_sequences=True, return_state=True, name="run")(x)
    return keras.Model(x, [layers.Dense(2, name="y")(y), h, c])


@refused("model")
def states_before_outputs() -> keras.Model:
    x = keras.Input((5, 3), name="x")
    y, h, c = layers.LSTM(4, return_sequences=True, return_state=True, name="run")(x)
    return keras.Model(x, [h, c, y], name="model")


@refused("model")
def states_without_an_output() -> keras.Model:
    """The encoder of Keras's guide to translation, as a model of its own."""
    x = keras.Input((5, 3), name="x")
    _, h, c = layers.LSTM(4, return_state=True, name="run")(x)
    return keras.Model(x, [h, c], name="model")


@refused("model")
def memory_without_its_output() -> keras.Model:
    x = keras.Input((5, 3), name="x")
    y, _, c = layers.LSTM(4, return_sequences=True, return_state=True, name="run")(x)
    return keras.Model(x, [y, c], name="model")


@refused("y")
def memory_as_a_value() -> keras.Model:
    x = keras.Input((5, 3), name="x")
    _, _, c = layers.LSTM(4, return_state=True, name="run")(x)
    return keras.Model(x, layers.Dense(2, name="y")(c))
