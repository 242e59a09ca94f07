"""decoders and forecasters whose outputs become inputs, as people write them in Keras: own words, small sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
from keras import layers, ops

if TYPE_CHECKING:
    from collections.abc import Callable


def forecaster() -> keras.Model:
    """Layers that are shared by all turns, from the last known step on."""
    x = keras.Input((5, 3), name="x")
    _, *state = layers.LSTM(6, return_state=True, name="past")(x)
    future = layers.LSTM(6, return_sequences=True, return_state=True, name="future")
    head = layers.Dense(3, name="head")
    y, steps = x[:, -1:], []
    for _ in range(4):
        value, *state = future(y, initial_state=state)
        y = head(value)
        steps.append(y)
    return keras.Model(x, layers.Concatenate(axis=1)(steps), name="forecaster")


def warmed_up() -> keras.Model:
    """The same layer reads what is known, then what it gave (as the time series tutorial has it)."""
    x = keras.Input((4, 2), name="x")
    lstm = layers.LSTM(5, return_state=True, name="lstm")
    head = layers.Dense(2, name="head")
    value, *state = lstm(x)
    steps = [head(value)]
    for _ in range(3):
        value, *state = lstm(ops.expand_dims(steps[-1], 1), initial_state=state)
        steps.append(head(value))
    return keras.Model(x, ops.stack(steps, axis=1), name="warmed_up")


def attending() -> keras.Model:
    """Each turn asks the encoder with the state before."""
    x = keras.Input((5, 3), name="x")
    first = keras.Input((2,), name="first")
    memory, state = layers.GRU(6, return_sequences=True, return_state=True, name="encoder")(x)
    decoder = layers.GRU(6, return_state=True, name="decoder")
    attend, head = layers.Attention(name="attend"), layers.Dense(2, name="head")
    y, steps = layers.Reshape((1, 2))(first), []
    for _ in range(3):
        context = attend([ops.expand_dims(state, 1), memory])
        value, state = decoder(layers.Concatenate()([context, y]), initial_state=state)
        y = layers.Reshape((1, 2))(head(value))
        steps.append(y)
    return keras.Model([x, first], layers.Concatenate(axis=1)(steps), name="attending")


class Cells(keras.Model):
    """A loop over a cell in a class of one's own, which begins with zeros."""

    def __init__(self) -> None:
        super().__init__(name="cells")
        self.encoder = layers.GRU(6, name="encoder")
        self.cell = layers.GRUCell(6, name="cell")
        self.head = layers.Dense(2, name="head")

    def call(self, x: Any) -> Any:
        state = self.encoder(x)
        y = ops.zeros_like(x[:, 0, :2])
        steps = []
        for _ in range(4):
            value, (state,) = self.cell(y, [state])
            y = self.head(value)
            steps.append(y)
        return ops.stack(steps, axis=1)


def cells() -> keras.Model:
    """The same, called once."""
    model = Cells()
    model(ops.zeros((2, 5, 3)))
    return model


@keras.saving.register_keras_serializable(package="keras_feedback")
class Jordan(layers.Layer):
    """A loop by ``ops.scan``: the output is what is kept."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.hidden = layers.Dense(7, activation="tanh", name="hidden")
        self.out = layers.Dense(2, activation="sigmoid", name="out")

    def build(self, shape: Any) -> None:
        self.hidden.build((None, shape[-1] + 2))
        self.out.build((None, 7))

    def call(self, x: Any) -> Any:
        def step(before: Any, now: Any) -> tuple[Any, Any]:
            y = self.out(self.hidden(ops.concatenate([now, before], axis=-1)))
            return y, y

        _, steps = ops.scan(step, ops.zeros((ops.shape(x)[0], 2)), ops.swapaxes(x, 0, 1))
        return ops.swapaxes(steps, 0, 1)

    def compute_output_spec(self, x: Any) -> Any:
        return keras.KerasTensor((*x.shape[:2], 2))


def jordan() -> keras.Model:
    """The layer in a model."""
    x = keras.Input((4, 3), name="x")
    return keras.Model(x, Jordan(name="jordan")(x), name="jordan_network")


def greedy() -> keras.Model:
    """The most probable word is read in the next turn; the first ones are an input."""
    x = keras.Input((5, 3), name="x")
    first = keras.Input((), dtype="int32", name="first")
    _, *state = layers.LSTM(6, return_state=True, name="encoder")(x)
    words = layers.Embedding(9, 4, name="words")
    decoder = layers.LSTM(6, return_state=True, name="decoder")
    head = layers.Dense(9, name="head")
    ids, steps = first, []
    for _ in range(3):
        value, *state = decoder(ops.expand_dims(words(ids), 1), initial_state=state)
        steps.append(head(value))
        ids = ops.argmax(steps[-1], axis=-1)
    return keras.Model([x, first], ops.stack(steps, axis=1), name="greedy")


MODELS: dict[str, Callable[[], keras.Model]] = {
    "forecaster": forecaster,
    "warmed_up": warmed_up,
    "attending": attending,
    "cells": cells,
    "jordan": jordan,
    "greedy": greedy,
}
