"""Attention that is written by hand, as tutorials and guides have it, rewritten small."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from tests.importers.keras_models import MODELS, REFUSED, model, refused

__all__ = ["MODELS", "REFUSED"]

# Pooling: one number for each step, their softmax, the sum of steps by it.


@model(
    """
    x: input(3)
    run = lstm(4) x[7]
    score = learned(4)
    context = attention score.0 & of run[7]
    y = dense(2) context.0
    -> y
    """
)
def pooled_by_dot() -> keras.Model:
    x = keras.Input((None, 3), name="x")
    run = layers.LSTM(4, return_sequences=True, name="run")(x)
    weights = layers.Softmax(axis=1)(layers.Dense(1, name="score")(run))
    context = layers.Flatten()(layers.Dot(axes=1, name="context")([run, weights]))
    return keras.Model(x, layers.Dense(2, name="y")(context))


@model(
    """
    x: input(3)
    run = lstm(4) x[5]
    score = dense(1, tanh) run[5]
    weights = activation(softmax) score.0+score.1+score.2+score.3+score.4
    split = split weights.0*5
    weighted = multiply run[5] & split[5]
    sum = add of weighted[5]
    y = dense(2) sum.0
    -> y
    """
)
def pooled_by_a_tanh() -> keras.Model:
    """As many tutorials have it: scores are repeated for each feature, and a Lambda takes the sum."""
    x = keras.Input((5, 3), name="x")
    run = layers.LSTM(4, return_sequences=True, name="run")(x)
    scores = layers.Flatten()(layers.Dense(1, activation="tanh", name="score")(run))
    weights = layers.Activation("softmax", name="weights")(scores)
    weights = layers.Permute([2, 1])(layers.RepeatVector(4)(weights))
    weighted = layers.Multiply(name="weighted")([run, weights])
    context = layers.Lambda(lambda item: ops.sum(item, axis=-2), name="context")(weighted)
    return keras.Model(x, layers.Dense(2, name="y")(context))


class Pooling(layers.Layer):
    """Yang et al. 2016: scores of a layer of their own, which forgets what is padding."""

    def __init__(self, width: int, **options: Any) -> None:
        super().__init__(**options)
        self.project = layers.Dense(width, activation="tanh", name="project")
        self.score = layers.Dense(1, use_bias=False, name="score")

    def call(self, steps: Any) -> Any:
        weights = ops.softmax(self.score(self.project(steps)), axis=1)
        return ops.sum(weights * steps, axis=1)


@model(
    """
    words: tokens(20)
    table = embedding(4) words[7]
    run = gru(3) both table[7]
    project = dense(5, tanh) run[7]
    score = learned(5)
    attention = attention score.0 & of run[7] & of project[7]
    y = dense(2) attention.0
    -> y
    """
)
def pooled_by_a_layer() -> keras.Model:
    words = keras.Input((None,), dtype="int32", name="words")
    table = layers.Embedding(20, 4, name="table")(words)
    run = layers.Bidirectional(layers.GRU(3, return_sequences=True), name="run")(table)
    return keras.Model(words, layers.Dense(2, name="y")(Pooling(5, name="pool")(run)))


@model(
    """
    words: tokens(20, mask=0)
    table = embedding(4) words[6]
    score = learned(4)
    attention = attention score.0 & of table[6]
    y = dense(2) attention.0
    -> y
    """
)
def pooled_where_valid() -> keras.Model:
    words = keras.Input((6,), dtype="int32", name="words")
    table = layers.Embedding(20, 4, name="table")(words)
    scores = ops.squeeze(layers.Dense(1, name="score")(table), axis=-1)
    weights = ops.softmax(ops.where(ops.not_equal(words, 0), scores, -1e9))
    context = ops.sum(table * ops.expand_dims(weights, -1), axis=1)
    return keras.Model(words, layers.Dense(2, name="y")(context))


# Additive attention (Bahdanau et al. 2014).


class Bahdanau(layers.Layer):
    """The attention of TensorFlow's translation guides."""

    def __init__(self, units: int, **options: Any) -> None:
        super().__init__(**options)
        self.first = layers.Dense(units, name="first")
        self.second = layers.Dense(units, name="second")
        self.vector = layers.Dense(1, name="vector")

    def call(self, query: Any, values: Any) -> Any:
        query = ops.expand_dims(query, 1)
        score = self.vector(ops.tanh(self.first(query) + self.second(values)))
        weights = ops.softmax(score, axis=1)
        return ops.sum(weights * values, axis=1), weights


@model(
    """
    x: input(3)
    run = gru(4) x[7]
    second = dense(5) run[7]
    first = dense(5) run.6
    vector = attention(score=additive) first.0 & of run[7] & of second[7]
    y = dense(2) vector.0+run.6
    -> y
    """
)
def asked_by_the_state() -> keras.Model:
    x = keras.Input((None, 3), name="x")
    run, state = layers.GRU(4, return_sequences=True, return_state=True, name="run")(x)
    context, _ = Bahdanau(5, name="attend")(state, run)
    return keras.Model(x, layers.Dense(2, name="y")(layers.Concatenate()([context, state])))


@model(
    """
    source: input(3)
    target: input(2)
    decoder = lstm(5) target[3]
    encoder = lstm(4) source[4]
    asked = dense(6) decoder[3]
    given = dense(6) encoder[4]
    vector = attention(score=additive) asked[3] & of encoder[4] & of given[4]
    y = dense(2) vector[3]+decoder[3]
    -> y
    """
)
def asked_at_each_step() -> keras.Model:
    source, target = keras.Input((4, 3), name="source"), keras.Input((3, 2), name="target")
    memory = layers.LSTM(4, return_sequences=True, name="encoder")(source)
    states = layers.LSTM(5, return_sequences=True, name="decoder")(target)
    asked = layers.Dense(6, name="asked")(states)[:, :, None]
    given = layers.Dense(6, name="given")(memory)[:, None]
    scores = layers.Dense(1, name="vector")(layers.Activation("tanh")(asked + given))
    weights = ops.softmax(scores, axis=2)
    context = ops.sum(weights * memory[:, None], axis=2)
    both = layers.Concatenate()([context, states])
    return keras.Model([source, target], layers.Dense(2, name="y")(both))


# Dot products (Luong et al. 2015, Vaswani et al. 2017).


@model(
    """
    source: input(3)
    target: input(2)
    decoder = lstm(4) target[9]
    encoder = lstm(4) source[7]
    context = attention decoder[9] & of encoder[7]
    y = dense(2, tanh) context[9]+decoder[9]
    -> y
    """
)
def asked_by_dot_products() -> keras.Model:
    source, target = keras.Input((None, 3), name="source"), keras.Input((None, 2), name="target")
    memory = layers.LSTM(4, return_sequences=True, name="encoder")(source)
    states = layers.LSTM(4, return_sequences=True, name="decoder")(target)
    scores = layers.Dot(axes=[2, 2])([states, memory])
    weights = layers.Activation("softmax")(scores)
    context = layers.Dot(axes=[2, 1], name="context")([weights, memory])
    both = layers.Concatenate()([context, states])
    return keras.Model([source, target], layers.Dense(2, activation="tanh", name="y")(both))


@model(
    """
    x: input(3)
    key = dense(4) x[5]
    query = dense(4) x[5]
    value = dense(4) x[5]
    attention = attention(scale=true, dropout=0.1) query[5] & of value[5] & of key[5]
    y = gru(2) attention[5]
    y_1 = output y.4
    -> y_1
    """
)
def asks_itself() -> keras.Model:
    x = keras.Input((5, 3), name="x")
    query, key, value = (layers.Dense(4, name=name)(x) for name in ("query", "key", "value"))
    scores = ops.matmul(query, ops.transpose(key, (0, 2, 1))) / ops.sqrt(4.0)
    weights = layers.Dropout(0.1)(ops.softmax(scores, axis=-1))
    return keras.Model(x, layers.GRU(2, name="y")(ops.matmul(weights, value)))


@model(
    """
    x: input(3)
    y: input(3)
    attention = attention y[4] & of x[5]
    out = dense(2) attention[4]
    -> out
    """
)
def by_einsum() -> keras.Model:
    x, y = keras.Input((5, 3), name="x"), keras.Input((4, 3), name="y")
    weights = ops.softmax(ops.einsum("bkf,bqf->bqk", x, y))
    read = ops.einsum("bqk,bkf->bqf", weights, x)
    return keras.Model([x, y], layers.Dense(2, name="out")(read))


# Weights of the layer's own, as tutorials on custom layers have them.


class OwnWeights(layers.Layer):
    """Scores by a matrix, a bias and a vector that the layer holds itself."""

    def build(self, shape: Any) -> None:
        self.matrix = self.add_weight((shape[-1], 5), name="matrix")
        self.bias = self.add_weight((5,), initializer="zeros", name="bias")
        self.vector = self.add_weight((5,), name="vector")

    def call(self, steps: Any) -> Any:
        hidden = ops.tanh(ops.matmul(steps, self.matrix) + self.bias)
        weights = ops.softmax(ops.dot(hidden, self.vector), axis=1)
        return ops.sum(steps * ops.expand_dims(weights, -1), axis=1)


@model(
    """
    x: input(3)
    run = lstm(4) x[7]
    bias = learned(5)
    matrix = dense(5, bias=false) run[7]
    vector = attention(score=additive) bias.0 & of run[7] & of matrix[7]
    y = dense(2) vector.0
    -> y
    """
)
def pooled_by_own_weights() -> keras.Model:
    x = keras.Input((None, 3), name="x")
    run = layers.LSTM(4, return_sequences=True, name="run")(x)
    return keras.Model(x, layers.Dense(2, name="y")(OwnWeights(name="pool")(run)))


class OwnPlaces(layers.Layer):
    """A table of positions, and a matrix, that the layer holds itself."""

    def build(self, shape: Any) -> None:
        self.places = self.add_weight((shape[-2], shape[-1]), name="places")
        self.matrix = self.add_weight((shape[-1], 2), name="matrix")

    def call(self, steps: Any) -> Any:
        return ops.tensordot(steps + self.places, self.matrix, axes=1)


@model(
    """
    x: input(3)
    places = position(3)
    add = add x[5] & places[5]
    matrix = dense(2, bias=false) add[5]
    y = gru(4) matrix[5]
    y_1 = output y.4
    -> y_1
    """
)
def own_places() -> keras.Model:
    x = keras.Input((5, 3), name="x")
    return keras.Model(x, layers.GRU(4, name="y")(OwnPlaces(name="own")(x)))


# What no row of a picture is.


@refused("model")
def weights_as_a_result() -> keras.Model:
    x = keras.Input((5, 3), name="x")
    scores = layers.Dot(axes=[2, 2])([x, x])
    weights = layers.Softmax()(scores)
    return keras.Model(x, [layers.Dot(axes=[2, 1])([weights, x]), weights], name="model")


@refused("weights")
def scores_of_a_free_length() -> keras.Model:
    x = keras.Input((None, 3), name="x")
    weights = layers.Softmax(axis=1, name="weights")(layers.Dense(1, activation="tanh")(x))
    return keras.Model(x, ops.sum(x * weights, axis=1))


@refused("half")
def scaled_by_something_else() -> keras.Model:
    x = keras.Input((5, 4), name="x")
    weights = layers.Softmax()(layers.Dot(axes=[2, 2])([x, x]) / 7.0)
    return keras.Model(x, layers.Dot(axes=[2, 1], name="half")([weights, x]))
