"""Code that Keras refuses, one function for each kind of message; prints what it says as JSON.

Run in a process of its own: `python tests/diagnosis/raise_keras.py`.
"""

from __future__ import annotations

import json
import os
import traceback
import warnings
from collections.abc import Callable

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
from keras import layers, losses

CASES: dict[str, Callable[[], object]] = {}


def case(name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    def add(function: Callable[[], object]) -> Callable[[], object]:
        CASES[name] = function
        return function

    return add


def ones(*shape: int) -> np.ndarray:
    return np.ones(shape, "float32")


def model(*shape: int | None) -> keras.Model:
    x = keras.Input(shape, name="x")
    return keras.Model(x, layers.LSTM(8)(x), name="functional")


@case("keras-stacked-on-last")
def _() -> object:
    x = layers.LSTM(32, name="lstm")(keras.Input((20, 4)))
    return layers.LSTM(32, name="lstm_1")(x)


@case("keras-repeat-vector")
def _() -> object:
    x = layers.LSTM(32, return_sequences=True)(keras.Input((20, 4)))
    return layers.RepeatVector(5, name="repeat_vector")(x)


@case("keras-ids-with-axis")
def _() -> object:
    x = layers.Embedding(1000, 32)(keras.Input((20, 1)))
    return layers.LSTM(32, name="lstm")(x)


@case("keras-grids")
def _() -> object:
    return layers.LSTM(32, name="lstm")(keras.Input((20, 12, 3)))


@case("keras-vector-for-steps")
def _() -> object:
    return layers.LSTM(32, name="lstm")(keras.Input((20,)))


@case("keras-all-steps-for-vector")
def _() -> object:
    x = keras.Input((4,), name="x")
    return keras.Model(x, layers.Dense(2)(x), name="functional")(ones(2, 3, 4))


@case("keras-time-distributed")
def _() -> object:
    return layers.TimeDistributed(layers.Dense(2))(layers.LSTM(32)(keras.Input((20, 4))))


@case("keras-concatenate-ranks")
def _() -> object:
    return layers.Concatenate()([keras.Input((3, 4)), keras.Input((5,))])


@case("keras-concatenate-steps")
def _() -> object:
    return layers.Concatenate()([keras.Input((3, 4)), keras.Input((2, 5))])


@case("keras-add-widths")
def _() -> object:
    x = keras.Input((3, 4))
    return layers.Add()([x, layers.LSTM(32, return_sequences=True)(x)])


@case("keras-window-too-long")
def _() -> object:
    return layers.Conv1D(32, 3)(keras.Input((2, 4)))


@case("keras-attention-value")
def _() -> object:
    return layers.MultiHeadAttention(2, 16)(keras.Input((3, 32)))


@case("keras-other-features")
def _() -> object:
    return model(20, 4)(ones(2, 20, 5))


@case("keras-other-steps")
def _() -> object:
    return model(20, 4)(ones(2, 25, 4))


@case("keras-no-features-axis")
def _() -> object:
    return model(20, 4)(ones(2, 20))


@case("keras-dense-axis")
def _() -> object:
    layer = layers.Dense(2, name="dense")
    layer(ones(2, 4))
    return layer(ones(2, 5))


@case("keras-matrix-sizes")
def _() -> object:
    layer = layers.LSTM(32)
    layer(ones(2, 3, 4))
    return layer(ones(2, 3, 5))


def with_state(units: int) -> keras.Model:
    x, z = keras.Input((3, 4)), keras.Input((3, 5))
    _, *state = layers.LSTM(units, return_state=True)(x)
    return keras.Model([x, z], layers.LSTM(32)(z, initial_state=state))


@case("keras-state-width")
def _() -> object:
    return with_state(16)([ones(2, 3, 4), ones(2, 3, 5)])


@case("keras-dimensions")
def _() -> object:
    network = with_state(16)
    network.compile(loss="mse")
    return network.fit([ones(2, 3, 4), ones(2, 3, 5)], ones(2, 32), verbose=0)


@case("keras-one-state-of-two")
def _() -> object:
    return layers.LSTM(32)(ones(2, 3, 4), initial_state=[ones(2, 32)])


@case("keras-states-of-both-directions")
def _() -> object:
    encoder = layers.Bidirectional(layers.LSTM(32, return_state=True))
    _, *states = encoder(ones(2, 3, 4))
    return layers.LSTM(32)(ones(2, 3, 4), initial_state=states)


@case("keras-list-of-states")
def _() -> object:
    return layers.Dense(2, name="dense")(layers.LSTM(32, return_state=True)(keras.Input((3, 4))))


@case("keras-number-of-inputs")
def _() -> object:
    x, z = keras.Input((3, 4), name="x"), keras.Input((5,), name="z")
    y = layers.Concatenate()([layers.LSTM(32)(x), z])
    return keras.Model([x, z], y, name="functional")(ones(2, 3, 4))


@case("keras-stateful-batch")
def _() -> object:
    return layers.LSTM(32, stateful=True)(keras.Input((3, 4)))


@case("keras-stateful-other-batch")
def _() -> object:
    layer = layers.LSTM(32, stateful=True)
    layer(ones(2, 3, 4))
    return layer(ones(3, 3, 4))


@case("keras-id-too-large")
def _() -> object:
    return layers.Embedding(10, 32)(np.array([[1, 2, 10]]))


@case("keras-mask-destroyed")
def _() -> object:
    x = layers.Embedding(1000, 32, mask_zero=True)(keras.Input((3,)))
    return layers.Flatten(name="flatten")(x)


@case("keras-cardinality")
def _() -> object:
    trained = model(3, 4)
    trained.compile(loss="mse")
    return trained.fit(ones(6, 3, 4), ones(5, 8), verbose=0)


@case("ragged-array")
def _() -> object:
    return np.array([[1, 2, 3], [4, 5]])


@case("keras-reshape")
def _() -> object:
    return layers.Reshape((3, 2))(keras.Input((7,)))


@case("keras-weights")
def _() -> object:
    layer = layers.LSTM(32, name="lstm")
    layer(ones(2, 3, 4))
    return layer.set_weights([ones(5, 128), ones(32, 128), ones(128)])


CATEGORICAL, SPARSE = losses.CategoricalCrossentropy(), losses.SparseCategoricalCrossentropy()
# What a model of these shapes gives to its loss in `fit`: target, output.
COMPARED: dict[str, tuple[losses.Loss, tuple[int, ...], tuple[int, ...]]] = {
    "keras-target-has-steps": (CATEGORICAL, (3, 2), (2,)),
    "keras-ids-for-steps": (CATEGORICAL, (3,), (3, 2)),
    "keras-output-has-steps": (CATEGORICAL, (2,), (3, 2)),
    "keras-sparse-rank": (SPARSE, (3,), (2,)),
    "keras-sparse-one-label": (SPARSE, (), (3, 2)),
    "keras-target-other-steps": (CATEGORICAL, (2, 1), (6, 1)),
    "keras-loss-classes": (CATEGORICAL, (1,), (10,)),
}


def trained(loss: losses.Loss, target: tuple[int, ...], output: tuple[int, ...]) -> object:
    x = keras.Input(output)
    network = keras.Model(x, layers.Dense(output[-1])(x))
    network.compile(loss=loss)
    return network.fit(ones(4, *output), ones(4, *target), verbose=0)


for _name, _arguments in COMPARED.items():
    CASES[_name] = lambda arguments=_arguments: trained(*arguments)


@case("keras-loss-sizes")
def _() -> object:
    return losses.MeanSquaredError()(ones(2, 5, 1), ones(2, 3, 1))


def said(function: Callable[[], object]) -> str:
    """The traceback of a call, and what it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            function()
        except Exception:
            return traceback.format_exc()
    return "\n".join(f"{item.category.__name__}: {item.message}" for item in caught)


if __name__ == "__main__":
    print(json.dumps({name: said(function) for name, function in CASES.items()}))
