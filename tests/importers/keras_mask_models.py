"""Masks of attention, lengths of samples, and matrices that are used twice, rewritten small from guides."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from tests.importers.keras_models import model, refused
from tests.importers.keras_state_models import MODELS, REFUSED

__all__ = ["MODELS", "REFUSED"]


class Causal(layers.Layer):
    """A block of keras.io's small GPT, which makes its mask for each sample."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.attend = layers.MultiHeadAttention(2, 3, name="attend")
        self.norm = layers.LayerNormalization(epsilon=1e-6, name="norm")

    def call(self, x: Any) -> Any:
        samples, steps, _ = ops.shape(x)
        mask = ops.arange(steps)[:, None] >= ops.arange(steps)[None]
        mask = ops.tile(ops.reshape(mask, (1, steps, steps)), (samples, 1, 1))
        return self.norm(x + self.attend(x, x, attention_mask=mask))


@model(
    """
    words: tokens(20)
    table = embedding(6) words[5]
    attend = attention(heads=2, causal=true) table[5] & of table[5]
    add = add table[5] & attend[5]
    norm = layernorm(epsilon=1e-06) add[5]
    y = dense(3) norm[5]
    -> y
    """
)
def causal_by_a_mask() -> keras.Model:
    words = keras.Input((5,), dtype="int32", name="words")
    table = layers.Embedding(20, 6, name="table")(words)
    return keras.Model(words, layers.Dense(3, name="y")(Causal(name="block")(table)))


@model(
    """
    words: tokens(20, mask=0)
    table = embedding(4) words[6]
    read = attention(heads=2, key=3) table[6] & of table[6]
    y = dense(3) read[6]
    -> y
    """
)
def padding_by_a_mask() -> keras.Model:
    words = keras.Input((6,), dtype="int32", name="words")
    table = layers.Embedding(20, 4, name="table")(words)
    valid = ops.not_equal(words, 0)[:, None]
    read = layers.MultiHeadAttention(2, 3, name="read")(table, table, attention_mask=valid)
    return keras.Model(words, layers.Dense(3, name="y")(read))


@model(
    """
    words: tokens(20, mask=0)
    table = embedding(4) words[6]
    read = attention(heads=2, causal=true, key=3) table[6] & of table[6]
    y = dense(3) read[6]
    -> y
    """
)
def padding_and_causal_by_a_mask() -> keras.Model:
    words = keras.Input((6,), dtype="int32", name="words")
    table = layers.Embedding(20, 4, name="table")(words)
    valid = ops.cast(ops.not_equal(words, 0), "int32")[:, None]
    mask = ops.minimum(valid, np.tri(6, dtype="int32"))
    read = layers.MultiHeadAttention(2, 3, name="read")(table, table, attention_mask=mask)
    return keras.Model(words, layers.Dense(3, name="y")(read))


@refused("read")
def a_window_by_a_mask() -> keras.Model:
    x = keras.Input((6, 4), name="x")
    near = np.abs(np.arange(6)[:, None] - np.arange(6)) < 2
    read = layers.MultiHeadAttention(2, 3, name="read")(x, x, attention_mask=near)
    return keras.Model(x, layers.Dense(3, name="y")(read))


# Lengths as an input.


@model(
    """
    x: input(3, lengths=true)
    run = lstm(4) x[6]
    y = dense(2) run.5
    -> y
    """
)
def lengths_as_an_input() -> keras.Model:
    x = keras.Input((6, 3), name="x")
    lengths = keras.Input((), dtype="int32", name="lengths")
    mask = ops.less(np.arange(6), ops.expand_dims(lengths, 1))
    run = layers.LSTM(4, name="run")(x, mask=mask)
    return keras.Model([x, lengths], layers.Dense(2, name="y")(run))


@model(
    """
    one: input(3, lengths=true)
    two: input(3, lengths=true)
    run = gru(4) one[5]
    run' = gru(4) two[4]
    add = add run.4 & run'.3
    y = dense(2) add.0
    -> y
    """
)
def lengths_of_two() -> keras.Model:
    one, two = keras.Input((5, 3), name="one"), keras.Input((4, 3), name="two")
    counts = [keras.Input((), dtype="int32", name=f"{name}_count") for name in ("one", "two")]
    run = layers.GRU(4, name="run")
    ends = [
        run(item, mask=ops.greater(count[:, None], np.arange(item.shape[1])))
        for item, count in zip((one, two), counts, strict=True)
    ]
    return keras.Model([one, two, *counts], layers.Dense(2, name="y")(layers.Add()(ends)))


@refused("x_lengths")
def lengths_before_the_input() -> keras.Model:
    x = keras.Input((6, 3), name="x")
    lengths = keras.Input((), dtype="int32", name="x_lengths")
    mask = ops.less(np.arange(6), ops.expand_dims(lengths, 1))
    return keras.Model([lengths, x], layers.LSTM(4, name="run")(x, mask=mask), name="model")


# A matrix that is used twice.


class Tied(layers.Layer):
    """The scores of words by the table in which they were looked up."""

    def __init__(self, table: Any, **options: Any) -> None:
        super().__init__(**options)
        self.table = table

    def build(self, shape: Any) -> None:
        self.bias = self.add_weight((self.table.input_dim,), name="bias")

    def call(self, x: Any) -> Any:
        scores = ops.matmul(x, ops.transpose(self.table.embeddings))
        return ops.softmax(scores + self.bias)


@model(
    """
    words: tokens(20)
    table = embedding(4) words[7]
    run = gru(4) table[7]
    next = dense(activation=softmax, tied=table) run[7]
    -> next
    """
)
def tied() -> keras.Model:
    words = keras.Input((None,), dtype="int32", name="words")
    table = layers.Embedding(20, 4, name="table")
    run = layers.GRU(4, return_sequences=True, name="run")(table(words))
    return keras.Model(words, Tied(table, name="next")(run))


class PartOfAMatrix(layers.Layer):
    """Multiplies by a part of a matrix of its own."""

    def build(self, shape: Any) -> None:
        self.matrix = self.add_weight((shape[-1], 4), name="matrix")

    def call(self, x: Any) -> Any:
        return ops.matmul(x, self.matrix[:, :2])


@refused("own.matmul#3")
def a_part_of_a_matrix() -> keras.Model:
    x = keras.Input((6, 4), name="x")
    return keras.Model(x, layers.GRU(2, name="y")(PartOfAMatrix(name="own")(x)))
