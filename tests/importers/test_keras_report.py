"""What a report says of a Keras model: lines of source, and what acts in training alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from seqdsl.importers.keras.read import read_keras
from seqdsl.importers.keras.refusals import said

HERE = Path(__file__)


def _line(words: str) -> str:
    """The one line of this file that ends with a comment."""
    (number,) = [
        number
        for number, line in enumerate(HERE.read_text("utf-8").split("\n"), 1)
        if line.endswith(f"# {words}")
    ]
    return f"{HERE}:{number}"


class Outer(layers.Layer):
    """Calls operations and layers that are not in the language."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.up = layers.Conv1DTranspose(3, 2, name="up")

    def call(self, x: Any) -> Any:
        x = self.up(x)  # a layer is called
        return ops.cumprod(x, axis=1)  # an operation is called


class Broken(layers.Layer):
    """Asks for numbers where there are none."""

    def build(self, shape: Any) -> None:
        self.scale = self.add_weight((3,), name="scale")

    def compute_output_shape(self, shape: Any) -> Any:
        return shape

    def call(self, x: Any) -> Any:
        if isinstance(x, keras.KerasTensor) and x.shape[0] is not None:
            raise ValueError("no numbers")  # it is raised
        return x * self.scale


class Cell(layers.Layer):
    """A custom cell."""

    state_size = 4

    def call(self, x: Any, states: Any) -> Any:  # the cell is called
        return states[0] + ops.sum(x, axis=-1, keepdims=True), [states[0]]


def _lines(*parts: layers.Layer) -> dict[str, str]:
    found = read_keras(keras.Sequential([keras.Input((6, 3), name="x"), *parts]))
    return {item.name.partition("#")[0]: item.line for item in found.unread}


def test_lines_of_what_a_layer_calls() -> None:
    assert _lines(Outer(name="outer")) == {
        "outer.up": _line("a layer is called"),
        "outer.cumprod": _line("an operation is called"),
    }


def test_the_line_that_raises() -> None:
    assert _lines(Broken(name="broken")) == {"broken": _line("it is raised")}


def test_the_line_of_a_function_and_of_a_cell() -> None:
    function = layers.Lambda(lambda x: ops.sort(x, axis=1), name="sorted")  # a function
    assert _lines(function, layers.RNN(Cell(), name="run")) == {
        "sorted": _line("a function"),
        "run": _line("the cell is called"),
    }


def test_a_layer_of_a_functional_model_has_no_line() -> None:
    assert _lines(layers.Conv1DTranspose(3, 2, name="up")) == {"up": ""}


def test_what_acts_in_training_alone_is_named() -> None:
    run = layers.LSTM(
        3, kernel_regularizer="l2", recurrent_constraint=keras.constraints.MaxNorm(2), name="run"
    )
    both = layers.Bidirectional(
        layers.GRU(3, bias_regularizer="l1", return_sequences=True), name="both"
    )
    each = layers.TimeDistributed(layers.Dense(2, activity_regularizer="l2"), name="each")
    x = keras.Input((6, 3), name="x")
    found = read_keras(keras.Model(x, run(each(both(x)))))
    assert found.wirings is not None
    told = {(item.where, item.what.split("`")[1]) for item in found.differences}
    assert told == {
        ("run", "kernel_regularizer=L2"),
        ("run", "recurrent_constraint=MaxNorm"),
        ("both", "bias_regularizer=L1"),
        ("each", "activity_regularizer=L2"),
    }
    assert not any(item.numbers for item in found.differences)


def _tagger(*, whole: bool) -> keras.Model:
    """Words beside what windows over their letters give: by one model, or without one, flattened at last."""
    words = keras.Input((None,), dtype="int32", name="words")
    x = letters = keras.Input((None, 4), dtype="int32", name="letters")
    steps = [layers.Embedding(9, 3), layers.Conv1D(2, 3, padding="same")]
    for step in [keras.Sequential([*steps, layers.Flatten()])] if whole else steps:
        x = layers.TimeDistributed(step)(x)
    x = x if whole else layers.Reshape((-1, 8))(x)
    return keras.Model([words, letters], layers.concatenate([layers.Embedding(9, 3)(words), x]))


def test_windows_over_letters_layer_by_layer() -> None:
    """Not that words and letters are to be equally long is the reason; and what is told to do makes it readable."""
    (fault,) = read_keras(_tagger(whole=False)).unread
    assert "TimeDistributed" in fault.kind and "keras.Sequential" in fault.way
    assert read_keras(_tagger(whole=True)).wirings is not None


def _difference() -> keras.Model:
    left, right = keras.Input((3,)), keras.Input((3,))
    return keras.Model([left, right], ops.abs(layers.Add()([left, right])))


def _scaled() -> keras.Model:
    ids = keras.Input((3,), dtype="int32")
    return keras.Model(ids, layers.Dense(2)(layers.Embedding(5, 4)(ids) * 2.0))


def _of_video(layer: layers.Layer) -> keras.Model:
    video = keras.Input((2, 4, 4, 1))
    return keras.Model(video, layer(video))


class _Named(keras.Model):
    """Takes its inputs by name."""

    def call(self, inputs: dict[str, Any]) -> Any:
        return inputs["left"] + inputs["right"]


def _called_by_name() -> keras.Model:
    model = _Named()
    model({"left": np.ones((2, 3)), "right": np.ones((2, 3))})
    return model


class _Foreign(layers.Layer):
    """Calls a function of the backend, and not of Keras."""

    def call(self, x: Any) -> Any:
        return tf.nn.softmax(x)


def _of_backend() -> keras.Model:
    x = keras.Input((3,))
    return keras.Model(x, _Foreign()(x))


def test_what_to_do_is_told() -> None:
    for model, way in (
        (_called_by_name(), "take a list"),
        (_of_backend(), "keras.ops"),
        (_difference(), "Concatenate"),
        (_scaled(), "leave out the number"),
        (_of_video(layers.Conv3D(2, 3, padding="same")), "TimeDistributed(Conv2D)"),
        (_of_video(layers.ConvLSTM2D(2, 3, padding="same", activation="relu")), "'tanh'"),
    ):
        (fault,) = read_keras(model).unread
        assert way in fault.way


def _of_image(layer: layers.Layer) -> keras.Model:
    image = keras.Input((4, 4, 1))
    return keras.Model(image, layer(image))


def _of_steps(function: Callable[[Any], Any]) -> keras.Model:
    x = keras.Input((4, 3))
    return keras.Model(x, function(layers.GRU(2, return_sequences=True)(x)))


def _of_pair(function: Callable[[Any], Any]) -> keras.Model:
    pair = [keras.Input((3,)), keras.Input((3,))]
    return keras.Model(pair, function([layers.Dense(2)(item) for item in pair]))


def _state_of(make: Callable[[Any, Any], list[Any]]) -> keras.Model:
    x = keras.Input((3, 2))
    _, h, c = layers.LSTM(2, return_state=True)(x)
    return keras.Model(x, layers.LSTM(2)(x, initial_state=make(h, c)))


def _weighted(h: Any, *, with_weights: bool) -> Any:
    weights = ops.softmax(layers.Dense(1)(h), axis=1)
    whole = ops.sum(weights * h, axis=1)
    return [whole, weights] if with_weights else whole


ONES = layers.Dense(1, use_bias=False)
FOLLOWED: dict[str, tuple[keras.Model, str, keras.Model]] = {
    "kernel": (
        _of_image(layers.Conv2D(2, (1, 3), padding="same")),
        "kernel_size=3: with zeros around",
        _of_image(layers.Conv2D(2, 3, padding="same")),
    ),
    "gaps": (
        _of_image(layers.Conv2D(2, 2, dilation_rate=2)),
        "kernel_size=3: with zeros between",
        _of_image(layers.Conv2D(2, 3)),
    ),
    "tiles": (
        _of_image(layers.MaxPooling2D((2, 1))),
        "pool_size=2",
        _of_image(layers.MaxPooling2D(2)),
    ),
    "cosine": (
        _of_pair(layers.Dot(1, normalize=True)),
        "give both vectors",
        _of_pair(lambda pair: pair),
    ),
    "dot": (
        _of_pair(layers.Dot(1)),
        "use Multiply, and above it Dense(1, use_bias=False)",
        _of_pair(lambda pair: ONES(layers.Multiply()(pair))),
    ),
    "exp": (
        _of_steps(ops.exp),
        "use softplus",
        _of_steps(ops.softplus),
    ),
    "negative": (
        _of_steps(ops.negative),
        "use a Dense without a bias",
        _of_steps(layers.Dense(2, use_bias=False)),
    ),
    "sum": (
        _of_steps(lambda h: ops.sum(h, axis=-1, keepdims=True)),
        "Dense(1, use_bias=False) whose weights are all 1,",
        _of_steps(ONES),
    ),
    "memory": (
        _state_of(lambda h, c: [layers.Dense(2)(h), c]),
        "compute both from `h`",
        _state_of(lambda h, _: [layers.Dense(2)(h), layers.Dense(2)(h)]),
    ),
    "weights": (
        _of_steps(lambda h: _weighted(h, with_weights=True)),
        "the sum of values by the weights alone",
        _of_steps(lambda h: _weighted(h, with_weights=False)),
    ),
}
"""A model that is refused, what to do, and the model after that."""


@pytest.mark.parametrize("name", FOLLOWED)
def test_what_to_do_makes_a_model_readable(name: str) -> None:
    refused, way, followed = FOLLOWED[name]
    (fault,) = read_keras(refused).unread
    assert way in fault.way
    assert read_keras(followed).wirings is not None


@pytest.mark.parametrize("word", ["softmax", "log_softmax"])
def test_a_softmax_of_the_scores_themselves_is_a_vector_of_all(word: str) -> None:
    """No attention sums values by it, so the scores are a row, with weights of its own."""
    function = {"softmax": ops.softmax, "log_softmax": ops.log_softmax}[word]
    reading = read_keras(_of_steps(lambda h: function(layers.Dense(1, name="score")(h), axis=1)))
    assert reading.wirings is not None and reading.places["score"] == "score"
    calls = [block.call for block in reading.wirings.at[0].blocks]
    assert f"activation({word})" in calls and "learned(2)" not in calls


def test_what_keras_says_of_an_error_within() -> None:
    within = "Exception encountered when calling Deep.call().\n\n\x1b[1mtuple index out of range\x1b[0m\n\nArguments"
    assert said(ValueError(within)) == "tuple index out of range"
    around = f"Could not automatically infer the shape of 'deep'.\n\nError encountered:\n\n{within}"
    assert said(ValueError(around)) == "tuple index out of range"
    assert said(ValueError()) == "ValueError"


def test_each_of_many_inputs_may_be_found_out_to_hold_ids() -> None:
    table = layers.Embedding(5, 2)
    given = [keras.Input((1,)) for _ in range(52)]
    reading = read_keras(keras.Model(given, layers.Add()([table(item) for item in given])))
    assert reading.wirings is not None
    assert [block.call for block in reading.wirings.at[0].blocks].count("tokens(5)") == 52


def _document(table: layers.Layer) -> keras.Sequential:
    words = layers.TimeDistributed(layers.LSTM(3, name="letter_run"))
    given = keras.Input((4, 6), dtype="int32")
    return keras.Sequential([given, table, words, layers.GRU(2)], name="document")


def _pictures(inputs: Any, outputs: Any) -> tuple[str, ...]:
    reading = read_keras(keras.Model(inputs, outputs))
    assert reading.wirings is not None
    return tuple(text.split()[1] for text in reading.wirings.called)


def test_layers_over_each_step_are_one_picture_wherever_they_are_called() -> None:
    document = _document(layers.Embedding(30, 4))
    one, other = (keras.Input((4, 6), dtype="int32", name=name) for name in ("one", "other"))
    assert _pictures([one, other], [document(one), document(other)]) == ("each_letter_run",)


@pytest.mark.parametrize("first", [False, True])
def test_layers_over_each_step_stay_layers_where_one_is_applied_elsewhere(first: bool) -> None:
    table = layers.Embedding(30, 4)
    one, other = keras.Input((4, 6), dtype="int32"), keras.Input((5,), dtype="int32")
    words, run = layers.GRU(2)(table(other)), _document(table)(one)
    assert _pictures([one, other], [words, run] if first else [run, words]) == ()
